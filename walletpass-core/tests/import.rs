//! Passes of other generators, and the twelve of our own, read back into the model. Golden files in `golden/`;
//! accept a change with `INSTA_UPDATE=always cargo test -p walletpass-core --test import`.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "import/contact.rs"]
mod contact;
#[path = "import/damage.rs"]
mod damage;
#[path = "import/languages.rs"]
mod languages;
#[path = "import/packages.rs"]
mod packages;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use walletpass_core::import::{self, Fate, ImportError};
use walletpass_core::{Kind, Locale, Pass, Role, Slot, projection};

use crate::packages::{all_packages, apple, carried, own_packages, package, packages};

#[test]
fn golden_files_hold() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("golden");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for package in packages() {
            let imported = package.import().unwrap();
            let mut json = serde_json::to_value(&imported.pass).unwrap();
            shorten_pictures(&mut json);
            let notes: String = imported.notes.iter().map(|note| format!("- [{:?}] {note}\n", note.fate)).collect();
            let shown = format!("{}\n\n{notes}", serde_json::to_string_pretty(&json).unwrap());
            insta::assert_snapshot!(format!("import-{}", package.name), shown);
        }
    });
}

fn shorten_pictures(json: &mut Value) {
    match json {
        Value::String(text) if text.starts_with("data:image/png") => *text = "(a PNG)".to_owned(),
        Value::Array(items) => items.iter_mut().for_each(shorten_pictures),
        Value::Object(members) => members.values_mut().for_each(shorten_pictures),
        _ => {}
    }
}

/// The heart of it: what was imported draws the original again.
#[test]
fn an_imported_pass_draws_the_original() {
    for package in packages() {
        let imported = package.import().unwrap();
        let mut expected = carried(&package.pass);
        if package.name == "concert" {
            // Its texts are named by artificial keys, whose place the texts take.
            let strings = walletpass_core::lint::apple::parse_strings(&package.files["en.lproj/pass.strings"]).unwrap();
            let mut text = Value::from(expected).to_string();
            for (key, words) in strings {
                text = text.replace(&format!("\"{key}\""), &Value::from(words).to_string());
            }
            expected = serde_json::from_str(&text).unwrap();
        }
        assert_eq!(Value::from(carried(&apple(&imported.pass).pass)), Value::from(expected), "{}", package.name);
    }
}

/// What an imported pass draws, imported again, draws the same, translations included.
#[test]
fn a_second_import_changes_nothing() {
    for original in all_packages() {
        let once = original.import().unwrap();
        let sheet = apple(&once.pass);
        let twice = package(&original.name, &sheet).import().unwrap();
        let again = apple(&twice.pass);
        assert_eq!(Value::from(again.pass), Value::from(sheet.pass), "{}", original.name);
        assert_eq!(again.strings, sheet.strings, "{}", original.name);
        assert_eq!(again.personalization, sheet.personalization, "{}", original.name);
        assert_eq!(again.localized_art.keys().collect::<Vec<_>>(), sheet.localized_art.keys().collect::<Vec<_>>());
        assert_eq!(twice.pass.kind.name(), once.pass.kind.name());
    }
}

/// A pass of our own comes back as the same facts, and needs no raw JSON but what it had.
#[test]
fn our_own_passes_come_back() {
    for (pass, package) in own_packages() {
        let name = &package.name;
        let imported = package.import().unwrap();
        assert_eq!(Value::from(carried(&apple(&imported.pass).pass)), Value::from(carried(&package.pass)), "{name}");
        let (before, after) = (serde_json::to_value(&pass).unwrap(), serde_json::to_value(&imported.pass).unwrap());
        let mut differences = Vec::new();
        differ(String::new(), &before, &after, &mut differences);
        let legitimate = |path: &str| {
            NOT_SAID.contains(&path)
                // A package has bytes of pictures and no addresses.
                || path.starts_with("art.") || path.ends_with(".logo") || path.contains(".logo.")
                || SAID_OTHERWISE.contains(&(name.as_str(), path))
                // A translation that is the text itself says nothing.
                || path == "kind.loyalty.tier.de"
        };
        let in_languages = |pass: &Pass| -> Vec<(Slot, Vec<Locale>)> {
            let translated = pass.art.iter().filter(|(_, picture)| !picture.localized.is_empty());
            translated.map(|(slot, picture)| (slot, picture.localized.keys().cloned().collect())).collect()
        };
        assert_eq!(in_languages(&imported.pass), in_languages(&pass), "{name}");
        differences.retain(|path| !legitimate(path));
        assert_eq!(differences, Vec::<String>::new(), "{name}: {after:#}");
        assert_eq!(imported.pass.extra.apple.is_empty(), name != "loyalty", "{name}: {:?}", imported.pass.extra.apple);
        assert_eq!(apple(&imported.pass).strings, apple(&pass).strings, "{name}");
    }
}

/// What Apple never shows, and so no package says; and the colours of texts, which the projection chooses where we do not.
const NOT_SAID: [&str; 12] = [
    "colors.foreground",
    "colors.label",
    "dates.reminders",
    "dates.validFrom",
    "details",
    "extra.googleClass",
    "extra.googleObject",
    "kind.generic.purpose",
    "linked",
    "protection",
    "rotatingBarcode",
    "smartTap",
];

/// What is said in another way on Apple, by the fixture in which it is.
const SAID_OTHERWISE: [(&str, &str); 28] = [
    ("coupon", "dates.expires"),           // brought forward, since it is expired
    ("coupon", "kind.coupon.channel"),     // Google only
    ("coupon", "kind.coupon.shortTitle"),  // Google only
    ("coupon", "organization"),            // has the translation of the provider, which is the same text
    ("coupon", "state"),                   // expired is shown as void
    ("flight", "organization"),            // as above, of the carrier
    ("generic", "dates.expires"),          // days are a date
    ("gift-card", "organization"),         // as above, of the merchant
    ("loyalty", "barcode.caption"),        // Apple does not translate it
    ("loyalty", "dates.expires"),          // days are a date
    ("loyalty", "group"),                  // Apple does not group cards
    ("loyalty", "kind.loyalty.program"),   // a logo text of its own stands in its place
    ("loyalty", "logoText"),               // and is read as the programme
    ("loyalty", "state"),                  // redeemed is shown as void
    ("poster-card", "extra"),              // ties to the old issuer
    ("poster-ticket", "kind.event.genre"), // has the translation of the sport, which is the same text
    ("poster-ticket", "kind.event.upcoming[0].venue.entrance"), // as above, of the entrance
    ("poster-ticket", "kind.event.upcoming[0].venue.name"), // as above, of the organization
    ("poster-ticket", "kind.event.upcoming[0].venue.region"), // as above, of the region
    ("poster-ticket", "kind.event.upcoming[1].allDay"), // a whole day of no date
    ("poster-ticket", "kind.event.venue.name"), // has the translation of the organization
    ("poster-ticket-without-region", "colors.footer"), // a poster ticket alone has a foot
    ("poster-ticket-without-region", "kind.event.genre"), // as above
    ("poster-ticket-without-region", "kind.event.upcoming"), // a poster ticket alone lists further events
    ("poster-ticket-without-region", "kind.event.venue.name"), // as above
    ("semantic-flight", "organization"),   // has the translation of the carrier
    ("transit", "organization"),           // as above, of the operator
    ("transit", "kind.transit.trip"),      // Google only
];

fn differ(path: String, before: &Value, after: &Value, differences: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            let keys: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
            for key in keys {
                let dot = if path.is_empty() { "" } else { "." };
                let null = Value::Null;
                let (before, after) = (before.get(key).unwrap_or(&null), after.get(key).unwrap_or(&null));
                differ(format!("{path}{dot}{key}"), before, after, differences);
            }
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            for (index, (before, after)) in before.iter().zip(after).enumerate() {
                differ(format!("{path}[{index}]"), before, after, differences);
            }
        }
        (before, after) if before != after => differences.push(path),
        _ => {}
    }
}

/// The style and what the pass shows choose the kind.
#[test]
fn each_original_becomes_the_kind_that_it_is() {
    let kinds: Vec<String> = packages()
        .iter()
        .map(|package| format!("{} {}", package.name, package.import().unwrap().pass.kind.name()))
        .collect();
    let expected = [
        "actions generic",
        "airline-thin generic",
        "airline flight",
        "cinema event",
        "concert event",
        "coupon coupon",
        "german loyalty",
        "gift giftCard",
        "membership generic",
        "old generic",
        "points loyalty",
        "poster event",
        "train transit",
    ];
    assert_eq!(kinds, expected);
}

/// An imported pass goes to Google; what is missing is what no Apple pass has, and the notes say how to mend it.
#[test]
fn an_imported_pass_is_a_google_pass() {
    for package in all_packages() {
        let imported = package.import().unwrap();
        let sheet = projection::google(&imported.pass, "2027-01-01T00:00:00Z".parse().unwrap());
        let issuer = "3388000000000000001".parse().unwrap();
        let sheet = sheet.identify(&issuer, "3388000000000000001.c", "3388000000000000001.o");
        let errors: Vec<_> = sheet.report.errors().filter(|finding| finding.rule != "google-logo-not-public").collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", package.name);
        if sheet.report.has_errors() {
            let told = imported.notes.iter().flat_map(|note| &note.remarks);
            assert!(told.clone().any(|remark| remark.contains("demands the public address")), "{}", package.name);
        }
    }
}

const CLASSIC: [&str; 5] = ["boardingPass", "coupon", "eventTicket", "generic", "storeCard"];

/// Every key, field, picture and language of the original became something that is told.
#[test]
fn everything_is_accounted_for() {
    for package in all_packages() {
        let imported = package.import().unwrap();
        let fates: BTreeMap<&str, Fate> = imported.notes.iter().map(|note| (note.path.as_str(), note.fate)).collect();
        let mut parts: Vec<String> = package.pass.keys().filter(|key| *key != "semantics").cloned().collect();
        parts.extend(package.files.keys().cloned());
        let has_classic = CLASSIC.iter().any(|style| package.pass.contains_key(*style));
        for (style, body) in
            package.pass.iter().filter(|(_, body)| body.get("headerFields").or(body.get("primaryFields")).is_some())
        {
            if style == "posterGeneric" && has_classic {
                continue; // the second style, as a whole
            }
            for (group, fields) in body.as_object().unwrap() {
                let count = fields.as_array().map_or(0, Vec::len);
                parts.extend((0..count).map(|index| format!("{style}.{group}[{index}]")));
            }
        }
        let tags = package.pass.get("semantics").and_then(Value::as_object).into_iter().flatten();
        parts.extend(tags.map(|(tag, _)| format!("semantics.{tag}")));
        for part in parts {
            let fate = fates.get(part.as_str());
            assert!(fate.is_some_and(|fate| *fate != Fate::Remark), "{}: {part}: {fate:?}", package.name);
        }
        for note in &imported.notes {
            match note.fate {
                Fate::Fact => assert!(!note.facts.is_empty(), "{}: {note:?}", package.name),
                _ => assert!(!note.remarks.is_empty(), "{}: {note:?}", package.name),
            }
        }
    }
}

/// A fact that a note names is there.
#[test]
fn every_fact_is_real() {
    for package in all_packages() {
        let imported = package.import().unwrap();
        let json = serde_json::to_value(&imported.pass).unwrap();
        for fact in imported.notes.iter().flat_map(|note| &note.facts) {
            let is_default =
                matches!(fact.as_ref(), "sharing" | "state" | "language" | "description" | "dates.relevant");
            let is_there = fact.split(['.', '[']).try_fold(&json, |json, step| match step.strip_suffix(']') {
                Some(index) => json.get(index.parse::<usize>().ok()?),
                None => json.get(step),
            });
            let is_told = is_there.is_some() || is_default || fact.starts_with("the translations into");
            assert!(is_told, "{}: {fact}", package.name);
        }
    }
}

/// What belongs to the old issuer and what is secret stays out of everything that is shown.
#[test]
fn secrets_stay_where_they_are() {
    for package in packages() {
        let imported = package.import().unwrap();
        let notes = serde_json::to_string(&imported.notes).unwrap();
        let json = serde_json::to_string(&imported.pass).unwrap();
        for secret in ["0f9a3c77b2e14d5f8a6b", "passes.nordluft.example"] {
            assert!(!notes.contains(secret) && !json.contains(secret), "{}", package.name);
        }
        assert!(
            !notes.contains("9137") && !format!("{imported:?} {:?}", imported.pass).contains("9137"),
            "{}",
            package.name
        );
    }
}

/// What stands in raw JSON does not follow its fact; a pass that is redrawn does.
#[test]
fn a_redrawn_pass_shows_later_changes() {
    let package = packages().into_iter().find(|package| package.name == "points").unwrap();
    let imported = package.import().unwrap();
    let points = |mut pass: Pass| {
        let Kind::Loyalty(card) = &mut pass.kind else { panic!() };
        card.points = Some(7.into());
        apple(&pass).pass["storeCard"]["headerFields"][0]["value"].clone()
    };
    assert_eq!(points(imported.pass.clone()), 1240);
    assert_eq!(points(imported.redrawn()), 7);
    assert!(imported.notes.iter().any(|note| note.to_string().contains("a later change of kind.loyalty.points")));
    let kept = imported.redrawn().extra.apple;
    assert!(kept.is_empty() && imported.redrawn().nfc.is_some(), "{kept:?}");
    assert_eq!(imported.redrawn().wording[&Role::Points].on_change.as_ref().unwrap().default, "You have %@ points");
}

#[test]
fn what_is_no_pass_is_refused() {
    let none = BTreeMap::new();
    let read = |json: Value| import::apple(json.as_object().unwrap(), &none);
    let coupon = |serial: Value| read(json!({ "serialNumber": serial, "coupon": {} }));
    assert!(coupon(json!("1")).is_ok());
    assert_eq!(coupon(json!(1)).unwrap_err(), ImportError::NoSerial);
    assert_eq!(read(json!({ "coupon": {} })).unwrap_err(), ImportError::NoSerial);
    assert!(matches!(coupon(json!("a\nb")).unwrap_err(), ImportError::Serial(_)));
    for style in [json!({}), json!({ "coupon": 1 }), json!({ "paymentCard": {} })] {
        let mut pass = style.as_object().unwrap().clone();
        pass.insert("serialNumber".to_owned(), "1".into());
        assert_eq!(import::apple(&pass, &none).unwrap_err(), ImportError::Style);
    }
    let long = coupon(json!("x".repeat(1_000_000))).unwrap_err();
    assert!(long.to_string().len() < 200 && format!("{long:?}").len() < 500);
}

/// A bare pass of every style, without a picture or a name, is a pass too.
#[test]
fn bare_passes_are_read() {
    for style in ["boardingPass", "coupon", "eventTicket", "generic", "posterGeneric", "storeCard"] {
        let pass = json!({ "serialNumber": "1", style: {} });
        let pass = pass.as_object().unwrap();
        let imported = import::apple(pass, &BTreeMap::new()).unwrap();
        assert_eq!(Value::from(carried(&apple(&imported.pass).pass)), Value::from(carried(pass)), "{style}");
    }
}

/// Large packages are read within bounds: of a group 500 fields, of languages 200.
#[test]
fn hostile_packages_are_bounded() {
    let field =
        |index: usize| json!({ "key": format!("points{index}"), "label": "Points", "value": format!("text {index}") });
    let fields: Vec<Value> = (0..100_000).map(field).collect();
    let pass = json!({
        "serialNumber": "1", "organizationName": "A", "description": "B",
        "storeCard": { "headerFields": fields, "backFields": [1, null, "x", []] },
        "locations": vec![json!({ "latitude": 1.5, "longitude": 2.5, "relevantText": "text 1" }); 50_000],
        "relevantDates": vec![json!({ "date": "2027-01-01T00:00:00Z" }); 50_000],
        "barcodes": vec![json!({ "format": "PKBarcodeFormatQR", "message": "1", "messageEncoding": "utf-8" }); 50_000],
        "userInfo": { "long": "x".repeat(4_000_000) },
    });
    let letters = || (b'a'..=b'z').map(char::from);
    let tags = letters().flat_map(|a| letters().flat_map(move |b| letters().map(move |c| format!("{a}{b}{c}"))));
    let table: String = (0..600).map(|index| format!("\"text {index}\" = \"x{index}\";")).collect();
    let names: Vec<String> = tags.take(10_000).map(|tag| format!("{tag}.lproj/pass.strings")).collect();
    let mut files: BTreeMap<&str, &[u8]> = names.iter().map(|name| (name.as_str(), table.as_bytes())).collect();
    files.insert("icon.png", b"no picture");
    let pass = pass.as_object().unwrap();
    let imported = import::apple(pass, &files).unwrap();
    assert_eq!(imported.pass.places.len(), 10);
    assert!(imported.pass.fields.header.len() <= 500 && imported.pass.dates.relevant.len() <= 500);
    let sheet = apple(&imported.pass);
    assert!(sheet.strings.len() <= 200);
    assert_eq!(carried(&sheet.pass)["userInfo"], pass["userInfo"]);
    assert_eq!(
        sheet.pass["storeCard"],
        carried(pass)["storeCard"]
            .clone()
            .as_object()
            .map(|style| {
                let mut style = style.clone();
                for field in style["headerFields"].as_array_mut().unwrap() {
                    let base = imported.pass.language.as_str();
                    let index: usize = field["value"].as_str().unwrap()[5..].parse().unwrap();
                    assert_eq!(base, "aaa");
                    if index < 600 {
                        field["value"] = format!("x{index}").into();
                    }
                }
                Value::from(style)
            })
            .unwrap()
    );
}

/// Laid out anew, a pass has no mistakes but those in raw keys, and no wording without its value.
#[test]
fn a_redrawn_pass_is_without_mistakes() {
    for package in all_packages() {
        let imported = package.import().unwrap();
        let redrawn = apple(&imported.redrawn()).report;
        let errors: Vec<(&str, &str)> = redrawn.errors().map(|finding| (finding.rule, finding.path.as_str())).collect();
        let expected = if package.name == "coupon" { vec![("apple-date-form", "relevantDate")] } else { Vec::new() };
        assert_eq!(errors, expected, "{}", package.name);
        let unused = redrawn.findings.iter().find(|finding| finding.rule == "pass-unused-wording");
        assert_eq!(unused, None, "{}", package.name);
    }
}
