//! Each rule of the projection fires once and stays silent once.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use walletpass_core::{Pass, projection};

/// Gives the rules that a pass breaks, those of the lint apart.
fn found(patch: &Value) -> BTreeSet<&'static str> {
    let mut json = json!({
        "serial": "1", "organization": "Acme", "art": { "icon": "icon.png" },
        "kind": { "generic": { "title": "Card" } },
    });
    let members = json.as_object_mut().unwrap();
    for (key, value) in patch.as_object().unwrap() {
        members.insert(key.clone(), value.clone());
    }
    let pass = Pass::from_json(json.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error}: {json}"));
    let now = "2027-01-01T00:00:00Z".parse().unwrap();
    let apple = projection::apple(&pass, &"pass.com.acme.club".parse().unwrap(), &"A1B2C3D4E5".parse().unwrap(), now);
    let mut google = projection::google(&pass, now);
    if patch.get("serial").is_some() {
        google = google.notify();
    }
    let own = |rule: &&str| projection::RULES.iter().any(|known| known.id == *rule);
    let findings = apple.report.join(google.report).findings;
    findings.iter().map(|finding| finding.rule).filter(own).collect()
}

fn flight(zone: Value) -> Value {
    let airport = |code: &str| {
        let mut airport = Map::from_iter([("code".to_owned(), json!(code))]);
        airport.extend((!zone.is_null()).then(|| ("timeZone".to_owned(), zone.clone())));
        airport
    };
    json!({ "kind": { "flight": {
        "carrier": { "code": "XB" }, "number": "1", "from": airport("OPO"), "to": airport("LIS"),
        "departs": "2027-03-05T06:30:00", "arrives": "2027-03-05T07:30:00", "passenger": "Ada Example",
    } } })
}

fn loyalty(logo: Value) -> Value {
    json!({ "kind": { "loyalty": { "program": "Club", "logo": logo } } })
}

fn labels(count: usize) -> Value {
    let label = |index: usize| json!({ "default": "same", "de": format!("anders {index}") });
    let field = |index| json!({ "key": format!("k{index}"), "label": label(index), "value": "x" });
    json!({ "fields": { "back": (0..count).map(field).collect::<Vec<_>>() } })
}

fn pictures(languages: usize) -> Value {
    let letters = || (b'a'..=b'z').map(char::from);
    let tags = letters().flat_map(|a| letters().map(move |b| format!("{a}{b}")));
    let localized: Map<String, Value> = tags.take(languages).map(|tag| (tag, json!("b.png"))).collect();
    let picture = json!({ "source": "a.png", "localized": localized });
    json!({ "art": { "icon": "icon.png", "logo": picture } })
}

fn rotating(with_barcode: bool) -> Value {
    let mut pass = json!({ "rotatingBarcode": {
        "format": "qr", "pattern": "1-{totp_value_0}", "periodMillis": 30_000,
        "keys": [{ "key": "3132333435363738393031323334353637383930", "digits": 8 }],
    } });
    if with_barcode {
        pass["barcode"] = json!({ "format": "qr", "message": "1" });
    }
    pass
}

#[test]
fn each_rule_fires_once_and_stays_silent_once() {
    let relevant =
        |count: usize| json!({ "dates": { "relevant": vec![json!({ "start": "2027-03-05T06:30:00Z" }); count] } });
    let link = |url: &str| json!({ "links": [{ "url": url, "text": "Us" }] });
    let cases = [
        ("apple-flight-time-zone", flight(Value::Null), flight(json!("Europe/Lisbon"))),
        (
            "apple-picture-by-address",
            json!({ "art": { "icon": "icon.png", "logo": "https://img.example/l.png" } }),
            json!({ "art": { "icon": "icon.png", "logo": "logo.png" } }),
        ),
        ("apple-plain-icon", json!({ "art": {} }), json!({})),
        ("apple-rotating-only", rotating(false), rotating(true)),
        ("apple-too-many-translations", pictures(501), pictures(20)),
        ("apple-translation-conflict", labels(30), labels(20)),
        (
            "google-logo-not-public",
            loyalty(json!("logo.png")),
            loyalty(json!({ "source": "logo.png", "url": "https://img.example/l.png" })),
        ),
        (
            "google-no-notice",
            json!({ "serial": "2" }),
            json!({ "serial": "2", "kind": { "coupon": { "title": "2 for 1" } } }),
        ),
        ("google-unknown-detail", json!({ "details": ["nothing"] }), json!({ "details": [] })),
        ("pass-extra-identity", json!({ "extra": { "apple": { "serialNumber": "2" } } }), json!({})),
        ("pass-link-scheme", link("javascript:alert(1)"), link("https://acme.example")),
        (
            "pass-raw-over-fact",
            json!({ "extra": { "apple": { "organizationName": "Other" } } }),
            json!({ "extra": { "apple": { "organizationName": "Acme", "maxDistance": 50 } } }),
        ),
        ("pass-too-many", relevant(501), relevant(500)),
        (
            "pass-unused-wording",
            json!({ "wording": { "gate": { "label": "Door" } } }),
            json!({ "wording": { "title": { "label": "Card" } } }),
        ),
    ];
    for (rule, fires, silent) in &cases {
        assert!(found(fires).contains(rule), "{rule}: {:?}", found(fires));
        assert!(!found(silent).contains(rule), "{rule} fires without cause");
    }
    let fired: BTreeSet<&str> = cases.iter().map(|(rule, ..)| *rule).collect();
    assert_eq!(fired, projection::RULES.iter().map(|rule| rule.id).collect());
}
