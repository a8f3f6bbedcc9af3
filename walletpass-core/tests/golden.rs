//! Each kind with everything it can say, as both wallets get it. Golden files in `golden/`; accept a change with
//! `INSTA_UPDATE=always cargo test -p walletpass-core --test golden`.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use walletpass_core::projection::{self, AppleSheet, GoogleSheet, Wallet};
use walletpass_core::{Locale, Pass, projection::Report};

/// Walks the fixtures by name: each kind with everything.
fn passes() -> Vec<(String, Pass)> {
    let passes = passes_in("tests/passes");
    assert_eq!(passes.len(), 12, "one fixture for each kind, one for each newer look, one for many languages");
    passes
}

/// Walks the fixtures that say no more than they must, each also in two languages.
fn minimal_passes() -> Vec<(String, Pass)> {
    let passes = passes_in("tests/minimal");
    assert_eq!(passes.len(), 14, "two for each kind");
    passes.into_iter().map(|(name, pass)| (format!("minimal-{name}"), pass)).collect()
}

fn passes_in(folder: &str) -> Vec<(String, Pass)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: PathBuf| {
        let mut pass = Pass::from_json(&fs::read(&path).unwrap()).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        pass.load_pictures(|_| Ok(PIXEL)).unwrap();
        (path.file_stem().unwrap().to_str().unwrap().to_owned(), pass)
    };
    paths.into_iter().map(read).collect()
}

fn apple(pass: &Pass) -> AppleSheet {
    let (pass_type, team) = ("pass.org.walletpass.golden".parse().unwrap(), "A1B2C3D4E5".parse().unwrap());
    projection::apple(pass, &pass_type, &team, "2027-01-01T00:00:00Z".parse().unwrap())
}

fn google(pass: &Pass) -> GoogleSheet {
    let sheet = projection::google(pass, "2027-01-01T00:00:00Z".parse().unwrap());
    sheet.identify(&"3388000000000000001".parse().unwrap(), "3388000000000000001.class", "3388000000000000001.object")
}

#[test]
fn a_sheet_without_art_differs_in_its_pictures_only() {
    let (pass_type, team) = ("pass.org.walletpass.golden".parse().unwrap(), "A1B2C3D4E5".parse().unwrap());
    for (name, pass) in passes().into_iter().chain(minimal_passes()) {
        let bare = projection::apple_without_art(&pass, &pass_type, &team, "2027-01-01T00:00:00Z".parse().unwrap());
        let whole = apple(&pass);
        assert_eq!(bare.art.iter().count(), 0, "{name}");
        assert_eq!(
            bare.localized_art.keys().collect::<Vec<_>>(),
            whole.localized_art.keys().collect::<Vec<_>>(),
            "{name}"
        );
        assert_eq!(bare.report, whole.report, "{name}");
        assert!(
            (bare.pass, bare.strings, bare.personalization) == (whole.pass, whole.strings, whole.personalization),
            "{name}"
        );
    }
}

#[test]
fn golden_files_hold() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("golden");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for (name, pass) in passes().into_iter().chain(minimal_passes()) {
            let (apple, google) = (apple(&pass), google(&pass));
            let pretty = |value: &Value| serde_json::to_string_pretty(value).unwrap();
            let mut pass_json = json!({ "pass.json": apple.pass, "strings": apple.strings });
            if let Some(form) = apple.personalization {
                pass_json["personalization.json"] = form.into();
            }
            insta::assert_snapshot!(format!("{name}.apple"), pretty(&pass_json));
            insta::assert_snapshot!(
                format!("{name}.google"),
                pretty(&json!({ "class": google.class, "object": google.object }))
            );
            let report = apple.report.join(google.report);
            let findings: String = report.findings.iter().map(|finding| format!("- {finding}\n")).collect();
            let looks: String = report.looks.iter().map(|look| format!("- {look}\n")).collect();
            insta::assert_snapshot!(format!("{name}.report"), format!("{}\n{looks}{findings}", report.table()));
        }
    });
}

/// The fixtures are what they claim to be: each look is chosen where it is meant, and the one that misses a fact says which.
#[test]
fn looks_are_chosen_by_the_facts() {
    let looks = |name: &str| {
        let (_, pass) = passes().into_iter().find(|(other, _)| other == name).unwrap();
        apple(&pass).report.looks.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(looks("poster-ticket"), ["posterEventTicket from iOS 18 on, the classic look before"]);
    assert_eq!(looks("semantic-flight"), ["semanticBoardingPass from iOS 26 on, the classic look before"]);
    assert_eq!(looks("poster-card"), ["posterGeneric from iOS 27 on, the classic look before"]);
    assert_eq!(
        looks("poster-ticket-without-region"),
        [
            "no posterEventTicket (iOS 18), which misses `kind.event.venue.region` (name the city or region)",
            "posterGeneric from iOS 27 on, the classic look before",
        ]
    );
    assert_eq!(looks("generic"), [""; 0]);
}

#[test]
fn no_fixture_has_errors() {
    for (name, pass) in passes().into_iter().chain(minimal_passes()) {
        let report = apple(&pass).report.join(google(&pass).report);
        let errors: Vec<String> = report.errors().map(ToString::to_string).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    }
}

/// Every value in the JSON form of a pass is accounted for on both wallets: placed, or lost for a stated reason.
#[test]
fn the_report_is_complete() {
    for (name, pass) in passes().into_iter().chain(minimal_passes()) {
        let report = apple(&pass).report.join(google(&pass).report);
        let mut leaves = Vec::new();
        collect(String::new(), &serde_json::to_value(&pass).unwrap(), &mut leaves);
        let least = if name.starts_with("minimal") { 3 } else { 16 };
        assert!(leaves.len() >= least, "{name}: the walk found {} values", leaves.len());
        for leaf in leaves {
            for wallet in [Wallet::Apple, Wallet::Google] {
                if !is_of(wallet, &leaf) || accounts_for(&report, wallet, &leaf) {
                    continue;
                }
                panic!("{name}: {wallet:?} does not say what became of {leaf}\n{}", report.table());
            }
        }
    }
}

/// A placement is no promise: what the report names is there in what the wallet gets.
#[test]
fn every_placement_is_real() {
    let mut checked = 0;
    for (name, pass) in passes() {
        let (apple, google) = (apple(&pass), google(&pass));
        let art = apple.localized_art.values().chain([&apple.art]).flat_map(|art| art.iter());
        let mut files: Vec<String> = art.map(|(slot, _)| format!("{}.png", slot.name())).collect();
        files.extend(apple.personalization.is_some().then(|| "personalization.json".to_owned()));
        let (pass_json, card) = (Value::from(apple.pass), json!({ "class": google.class, "object": google.object }));
        let placements = apple.report.placements.iter().chain(&google.report.placements);
        for (placement, at) in placements.flat_map(|placement| placement.at.iter().map(move |at| (placement, at))) {
            let is_there = match placement.wallet {
                Wallet::Apple => {
                    at == "pass.json" || files.iter().any(|file| file == at) || leads_somewhere(&pass_json, at)
                }
                Wallet::Google => leads_somewhere(&card, at),
            };
            assert!(is_there, "{name}: {} is not at {at} on {:?}", placement.fact, placement.wallet);
            checked += 1;
        }
    }
    assert!(checked > 250, "only {checked} placements were checked");
}

/// Every translation reaches Google's JSON and Apple's strings, or the report says that it does not.
#[test]
fn translations_arrive_or_are_told_of() {
    for (name, pass) in passes().into_iter().chain(minimal_passes()) {
        let (apple, google) = (apple(&pass), google(&pass));
        let strings: String = apple.strings.values().flat_map(|table| table.values()).cloned().collect();
        let mut card = Vec::new();
        texts(&json!([google.class, google.object]), &mut card);
        let mut leaves = Vec::new();
        let json = serde_json::to_value(&pass).unwrap();
        collect(String::new(), &json, &mut leaves);
        for leaf in leaves {
            let (path, tag) = leaf.rsplit_once('.').unwrap_or_default();
            let is_translation = tag != "default" && at(&json, &format!("{path}.default")).is_some();
            if !is_translation || leaf.starts_with("extra") {
                continue;
            }
            assert!(tag.parse::<Locale>().is_ok(), "{leaf}");
            let text = at(&json, &leaf).and_then(Value::as_str).unwrap();
            for (wallet, arrived, report) in [
                (Wallet::Apple, strings.contains(text), &apple.report),
                (Wallet::Google, card.iter().any(|shown| shown.contains(text)), &google.report),
            ] {
                assert!(arrived || is_noted(report, wallet, path), "{name}: {wallet:?} drops {leaf} in silence");
            }
        }
    }
}

#[test]
fn what_is_lost_has_a_reason() {
    for (name, pass) in passes() {
        for lost in apple(&pass).report.join(google(&pass).report).lost() {
            assert!(!lost.notes.is_empty(), "{name}: {} is lost without a reason", lost.fact);
        }
    }
}

/// A walk of its own over Google's field table, apart from the lint: each key exists on its level, is not set by the
/// platform nor deprecated, has the right type, and every enum value is current.
#[test]
fn google_keys_keep_the_contract() {
    let table = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/google-fields.json")).unwrap();
    let table: Value = serde_json::from_slice(&table).unwrap();
    let (mut checked, mut reached) = (0, BTreeSet::new());
    for (name, pass) in passes().into_iter().chain(minimal_passes()) {
        let sheet = google(&pass);
        for (schema, json) in
            [(sheet.vertical.class_schema(), &sheet.class), (sheet.vertical.object_schema(), &sheet.object)]
        {
            checked += keep_contract(&table["schemas"], schema, json, &format!("{name}: {schema}"), &mut reached);
        }
    }
    assert!(checked > 300, "only {checked} keys were checked");
    // The walk reaches what is nested: the seven classes and objects, and every schema that the projection draws.
    let nested: Vec<&str> = reached.iter().map(String::as_str).filter(|name| !is_root(name)).collect();
    assert_eq!(reached.len() - nested.len(), 14);
    assert_eq!(nested, NESTED);
}

fn is_root(schema: &str) -> bool {
    schema.ends_with("Class") || schema.ends_with("Object")
}

fn keep_contract(
    schemas: &Value,
    schema: &str,
    json: &Map<String, Value>,
    at: &str,
    reached: &mut BTreeSet<String>,
) -> usize {
    reached.insert(schema.to_owned());
    let fields = schemas[schema].as_object().unwrap_or_else(|| panic!("{at}: no schema {schema}"));
    for (name, field) in fields.iter().filter(|(_, field)| field["required"] == true) {
        assert!(json.contains_key(name), "{at}: {name} is required: {field}");
    }
    let mut checked = 0;
    for (key, value) in json {
        let at = format!("{at}.{key}");
        let field = fields.get(key).unwrap_or_else(|| panic!("{at}: unknown"));
        assert_eq!(field["output_only"], false, "{at} is set by the platform");
        assert_eq!(field["deprecated"], false, "{at} is deprecated");
        let name = field["type"].as_str().unwrap();
        let values = match name.strip_suffix("[]") {
            Some(_) => value.as_array().unwrap_or_else(|| panic!("{at}: an array is expected")).as_slice(),
            None => std::slice::from_ref(value),
        };
        for value in values {
            checked += 1;
            match name.trim_end_matches("[]") {
                "string" => assert!(value.is_string(), "{at}: {value}"),
                "boolean" => assert!(value.is_boolean(), "{at}: {value}"),
                "int32" => assert!(value.as_i64().is_some_and(|n| i32::try_from(n).is_ok()), "{at}: {value}"),
                "double" => assert!(value.is_number(), "{at}: {value}"),
                "enum" => assert!(field["enum"].as_array().unwrap().contains(value), "{at}: {value}"),
                int64 if int64.starts_with("int64") => {
                    assert!(value.as_str().is_some_and(|text| text.parse::<i64>().is_ok()), "{at}: {value}");
                }
                schema => {
                    let json = value.as_object().unwrap_or_else(|| panic!("{at}: an object is expected"));
                    checked += keep_contract(schemas, schema, json, &at, reached);
                }
            }
        }
    }
    checked
}

fn collect(path: String, value: &Value, leaves: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                let dot = if path.is_empty() { "" } else { "." };
                collect(format!("{path}{dot}{key}"), member, leaves);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(format!("{path}[{index}]"), item, leaves);
            }
        }
        _ => leaves.push(path),
    }
}

fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.values().for_each(|member| texts(member, found)),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::String(text) => found.push(text.clone()),
        _ => {}
    }
}

fn leads_somewhere(json: &Value, path: &str) -> bool {
    at(json, path).is_some()
}

/// Follows a path such as `storeCard.headerFields[0].label`.
fn at<'j>(json: &'j Value, path: &str) -> Option<&'j Value> {
    path.split(['.', '[']).try_fold(json, |json, step| match step.strip_suffix(']') {
        Some(index) => json.get(index.parse::<usize>().ok()?),
        None => json.get(step),
    })
}

fn is_noted(report: &Report, wallet: Wallet, path: &str) -> bool {
    let mut placements = report.placements.iter().filter(|placement| placement.wallet == wallet);
    placements.any(|placement| path.starts_with(placement.fact.as_ref()) && !placement.notes.is_empty())
}

/// Says whether a wallet owes an account of a value: it does, but for the language of the pass, which is no fact of it, and
/// for what is meant for the other wallet.
fn is_of(wallet: Wallet, leaf: &str) -> bool {
    match wallet {
        _ if leaf == "language" => false,
        Wallet::Apple => !leaf.starts_with("extra.google"),
        Wallet::Google => !leaf.starts_with("extra.apple"),
    }
}

fn accounts_for(report: &Report, wallet: Wallet, leaf: &str) -> bool {
    report.placements.iter().filter(|placement| placement.wallet == wallet).any(|placement| {
        let rest = leaf.strip_prefix(placement.fact.as_ref());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    })
}

/// The schemas within classes and objects that the fixtures reach: one that is new belongs here.
const NESTED: &[&str] = &[
    "AirportInfo",
    "Barcode",
    "BoardingAndSeatingInfo",
    "CardRowOneItem",
    "CardRowTemplateInfo",
    "CardRowThreeItems",
    "CardRowTwoItems",
    "CardTemplateOverride",
    "ClassTemplateInfo",
    "DateTime",
    "DetailsItemInfo",
    "DetailsTemplateOverride",
    "EventDateTime",
    "EventReservationInfo",
    "EventSeat",
    "EventVenue",
    "ExpiryNotification",
    "FieldReference",
    "FieldSelector",
    "FlightCarrier",
    "FlightHeader",
    "FrequentFlyerInfo",
    "GroupingInfo",
    "Image",
    "ImageModuleData",
    "ImageUri",
    "LinksModuleData",
    "LocalizedString",
    "LoyaltyPoints",
    "LoyaltyPointsBalance",
    "MerchantLocation",
    "Money",
    "Notifications",
    "PassConstraints",
    "PurchaseDetails",
    "ReservationInfo",
    "RotatingBarcode",
    "RotatingBarcodeTotpDetails",
    "RotatingBarcodeTotpDetailsTotpParameters",
    "SecurityAnimation",
    "TemplateItem",
    "TextModuleData",
    "TicketCost",
    "TicketLeg",
    "TicketRestrictions",
    "TicketSeat",
    "TimeInterval",
    "TranslatedString",
    "UpcomingNotification",
    "Uri",
];

/// A PNG of one transparent pixel.
const PIXEL: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\x0dIDATx\xdac\
    \xfc\xcf\xc0P\x0f\0\x04\x85\x01\x80\x84\xa9\x8c!\0\0\0\0IEND\xaeB`\x82";
