//! What holds of every pass, however strange.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use serde_json::{Value, json};
use walletpass_core::{Pass, projection};

/// Texts that are hard on somebody: markup, other scripts, directives, very long ones.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z0-9 .,%@&<>'\"\\\\/\n-]{0,40}",
        "\\PC{0,40}",
        Just("%@ %d".to_owned()),
        Just("x".repeat(3000)),
        Just("席 ünïcödé 🎫".to_owned()),
    ]
}

fn facts() -> impl Strategy<Value = Value> {
    let date =
        prop_oneof![Just("2027-03-05T20:00:00+01:00"), Just("0001-01-01T00:00:00Z"), Just("9999-12-31T23:59:59-23:59")];
    let money = (any::<i32>(), 0..1_000_000u32)
        .prop_map(|(a, b)| json!({ "amount": format!("{a}.{b:06}"), "currency": "JPY" }));
    let value = prop_oneof![
        text().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e300..1e300f64).prop_map(Value::from),
        money.clone().prop_map(|money| json!({ "money": money })),
    ];
    let picture = || prop_oneof![Just("https://img.example/a.png"), Just("http://localhost/a.png")];
    prop_oneof![
        (text(), picture(), value.clone(), proptest::option::of(value), text()).prop_map(
            |(program, logo, points, more, holder)| {
                json!({ "loyalty": {
                    "program": program, "logo": logo, "points": points, "secondaryPoints": more, "tier": holder, "holder": holder,
                }})
            }
        ),
        (text(), text(), text()).prop_map(|(title, code, details)| {
            json!({ "coupon": { "title": { "default": title, "de": code }, "code": code, "details": details } })
        }),
        (text(), date.clone(), text()).prop_map(|(name, start, row)| {
            json!({ "event": { "name": name, "start": start, "doors": start, "venue": { "name": name }, "seat": { "row": row } } })
        }),
        (text(), text(), proptest::collection::vec(text(), 0..3), any::<bool>()).prop_map(|(name, room, others, sports)| {
            let event = |name: &String| json!({ "id": "e", "name": name, "venue": { "name": name }, "details": [{ "key": "k", "value": name }] });
            let team = json!({ "name": name, "abbreviation": room });
            json!({ "event": {
                "name": { "default": name, "de": room }, "category": if sports { "sports" } else { "livePerformance" },
                "venue": { "name": { "default": name, "de": name }, "region": room, "room": room },
                "performers": others, "game": if sports { json!({ "home": team, "away": team }) } else { json!(null) },
                "guide": { "email": "mailto:a@b.example", "sell": "https://a.example/<'&" },
                "upcoming": others.iter().map(event).collect::<Vec<_>>(),
            }})
        }),
        (text(), text()).prop_map(|(title, holder)| json!({ "generic": { "title": title, "holder": holder } })),
        (text(), money, date.clone()).prop_map(|(number, balance, at)| {
            json!({ "giftCard": { "number": number, "balance": balance, "balanceAsOf": at } })
        }),
        (text(), picture(), date, text()).prop_map(|(name, logo, at, code)| {
            json!({ "transit": {
                "mode": "tram", "operator": name, "logo": logo, "trip": "oneWay",
                "from": { "name": name, "code": code }, "to": { "name": name }, "departs": at,
            }})
        }),
        (text(), zone(), local_time(), text()).prop_map(|(name, zone, departs, seat)| {
            json!({ "flight": {
                "carrier": { "code": "XB", "name": name }, "number": "1", "from": { "code": "OPO", "timeZone": zone },
                "to": { "code": "ZRH" }, "departs": departs, "passenger": name, "seat": seat,
            }})
        }),
    ]
}

fn zone() -> impl Strategy<Value = Option<&'static str>> {
    proptest::option::of(prop_oneof![Just("Europe/Lisbon"), Just("America/New_York"), Just("Pacific/Apia")])
}

/// Times of the clock on the wall, at the ends of the calendar and in the hours that clocks skip or show twice too.
fn local_time() -> impl Strategy<Value = String> {
    prop_oneof![
        (1990..2060i32, 1..13u32, 1..29u32, 0..24u32, 0..60u32)
            .prop_map(|(y, mo, d, h, mi)| format!("{y:04}-{mo:02}-{d:02}T{h:02}:{mi:02}:00")),
        Just("2027-03-28T01:30:00".to_owned()),
        Just("2027-10-31T01:30:00".to_owned()),
        Just("+262142-12-31T23:59:59".to_owned()),
        Just("-262143-01-01T00:00:00".to_owned()),
    ]
}

/// Raw JSON over keys that matter.
fn extra() -> impl Strategy<Value = Value> {
    let key =
        prop_oneof![Just("serialNumber"), Just("storeCard"), Just("barcodes"), Just("id"), Just("state"), Just("x")];
    let value = prop_oneof![Just(json!(null)), Just(json!("x")), Just(json!([1])), Just(json!({ "a": null, "b": {} }))];
    let map = proptest::collection::hash_map(key.prop_map(str::to_owned), value, 0..3);
    (map.clone(), map.clone(), map)
        .prop_map(|(apple, class, object)| json!({ "apple": apple, "googleClass": class, "googleObject": object }))
}

fn pass() -> impl Strategy<Value = Value> {
    let format =
        prop_oneof![Just("qr"), Just("pdf417"), Just("code128"), Just("ean13"), Just("i2of5"), Just("codabar")];
    let field = (0..3u8, text(), text())
        .prop_map(|(key, label, value)| json!({ "key": format!("k{key}"), "label": label, "value": value }));
    let fields = proptest::collection::vec(field, 0..12);
    (facts(), text(), format, text(), fields, any::<bool>(), extra(), any::<bool>()).prop_map(
        |(kind, organization, format, message, fields, voided, extra, poster)| {
            let mut pass = json!({
                "serial": "席/4711 ü",
                "organization": organization,
                "kind": kind,
                "barcode": { "format": format, "message": message },
                "fields": { "header": fields, "secondary": fields, "back": fields, "additional": fields },
                "links": [{ "url": "https://a.example/?a='<b>&c", "text": organization }],
                "terms": message,
                "rotatingBarcode": {
                    "format": "qr", "pattern": message, "periodMillis": 0,
                    "keys": [{ "key": "00".repeat(16), "digits": 255 }], "caption": message,
                },
                "smartTap": { "redemptionIssuers": [], "value": message },
                "details": ["k0", "holder", "k0", "points", "x"],
                "linked": ["3388000000000000001.a"],
                "extra": extra,
                "state": if voided { "voided" } else { "expired" },
            });
            if poster {
                let members = pass.as_object_mut().unwrap();
                members.remove("barcode");
                members.insert("nfc".to_owned(), json!({ "message": message, "publicKey": NFC_KEY }));
                members.insert(
                    "art".to_owned(),
                    json!({ "artwork": { "source": "a.png", "localized": { "de": "b.png" } } }),
                );
                members.insert("personalization".to_owned(), json!({ "description": message, "fields": ["name"] }));
                members
                    .insert("actions".to_owned(), json!([{ "id": "a", "purpose": "call", "to": { "url": "tel:1" } }]));
            }
            pass
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any pass is drawn and judged on both wallets without a panic, twice to the same result, and survives its JSON form.
    /// One without errors keeps the limits that the wallets state.
    #[test]
    fn any_pass_projects(json in pass()) {
        let pass = Pass::from_json(json.to_string().as_bytes()).unwrap();
        let again = Pass::from_json(&serde_json::to_vec(&pass).unwrap()).unwrap();
        prop_assert_eq!(&again, &pass);

        let (pass_type, team) = ("pass.org.walletpass.test".parse().unwrap(), "A1B2C3D4E5".parse().unwrap());
        let now = "2027-01-01T00:00:00Z".parse().unwrap();
        let apple = projection::apple(&pass, &pass_type, &team, now);
        prop_assert_eq!(&apple, &projection::apple(&again, &pass_type, &team, now));
        let bare = projection::apple_without_art(&pass, &pass_type, &team, now);
        prop_assert_eq!((&bare.pass, &bare.strings, &bare.report), (&apple.pass, &apple.strings, &apple.report));
        prop_assert!(bare.art.iter().next().is_none());
        // Raw JSON never makes another pass of this one.
        prop_assert_eq!(&apple.pass["serialNumber"], "席/4711 ü");
        if !apple.report.has_errors() {
            let json = Value::from(apple.pass.clone()).to_string();
            prop_assert!(serde_json::from_str::<Value>(&json).is_ok());
            for message in apple.pass.get("barcodes").and_then(Value::as_array).into_iter().flatten() {
                prop_assert!(message["message"].as_str().is_some_and(|message| !message.is_empty()));
            }
        }

        let issuer = "3388000000000000001".parse().unwrap();
        let ids = ("3388000000000000001.c", "3388000000000000001.o");
        let google = projection::google(&pass, now).identify(&issuer, ids.0, ids.1);
        prop_assert_eq!(&google, &projection::google(&again, now).identify(&issuer, ids.0, ids.1));
        if let Some(rows) = google.class.get("classTemplateInfo").and_then(|t| t.pointer("/cardTemplateOverride/cardRowTemplateInfos")) {
            prop_assert!(rows.as_array().is_some_and(|rows| (1..=3).contains(&rows.len())));
        }
        prop_assert_eq!(&google.object["id"], ids.1);
        prop_assert!(apple.report.findings.len() < 250 && google.report.findings.len() < 250);
    }

    /// Reading never panics, whatever the bytes.
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200), cut in 0..500usize) {
        let _ = Pass::from_json(&bytes);
        let good = r##"{"serial":"1","organization":"A","kind":{"generic":{"title":"B"}},"colors":{"background":"#123456"}}"##;
        if let Some(start) = good.get(..cut) {
            prop_assert!(Pass::from_json(start.as_bytes()).is_err() || start.len() == good.len());
        }
    }

    /// A colour, currency amount, language tag or time zone is read or refused, and what is read reads back the same.
    #[test]
    fn leaf_values_read_back(text in "\\PC{0,20}") {
        if let Ok(color) = text.parse::<walletpass_core::Color>() {
            prop_assert_eq!(color.to_string().parse(), Ok(color));
            prop_assert_eq!(color.hex().parse(), Ok(color));
        }
        if let Ok(locale) = text.parse::<walletpass_core::Locale>() {
            prop_assert_eq!(locale.as_str(), &text);
        }
        if let Ok(money) = walletpass_core::Money::parse(&text, "EUR") {
            prop_assert_eq!(walletpass_core::Money::parse(&money.amount(), "EUR"), Ok(money));
        }
    }
}

/// A small JSON text that asks for much is refused, not drawn.
#[test]
fn what_would_take_gigabytes_is_refused() {
    let (pass_type, team) = ("pass.org.walletpass.test".parse().unwrap(), "A1B2C3D4E5".parse().unwrap());
    let now = "2027-01-01T00:00:00Z".parse().unwrap();
    let languages = (b'a'..=b'z').flat_map(|a| (b'a'..=b'z').map(move |b| [a, b].map(char::from).iter().collect()));
    let translations: serde_json::Map<String, Value> = languages.map(|tag: String| (tag, "x".into())).collect();
    let label = |index: usize| {
        let mut label =
            if index == 0 { translations.clone() } else { json!({ "de": "x" }).as_object().unwrap().clone() };
        label.insert("default".to_owned(), format!("t{index}").into());
        label
    };
    for (count, rule) in [(499, "apple-too-many-translations"), (20_000, "pass-too-many")] {
        let field = |index| json!({ "key": format!("k{index}"), "label": label(index), "value": index });
        let json = json!({
            "serial": "1", "organization": "A", "kind": { "generic": { "title": "B" } },
            "fields": { "back": (0..count).map(field).collect::<Vec<_>>() },
        });
        let pass = Pass::from_json(json.to_string().as_bytes()).unwrap();
        let sheet = projection::apple(&pass, &pass_type, &team, now);
        assert!(
            sheet.report.errors().any(|finding| finding.rule == rule),
            "{count}: {:?}",
            sheet.report.findings.first()
        );
        assert!(sheet.strings.values().map(|table| table.len()).sum::<usize>() < 100_000);
    }
}

/// The public key of some reader.
const NFC_KEY: &str = "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgACbZx51XdHVV3dUJQGmARCF9STSkZtI0L2HNBxkkBV3xc=";
