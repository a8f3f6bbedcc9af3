//! Each rule fires once and stays silent once. The cases are in the files beside, by subject.

mod fields;
mod files;
mod fixes;
mod places;
mod schemes;
mod structure;

use std::collections::BTreeSet;

use serde_json::json;

use super::*;
use crate::lint::Rule;
use crate::model::extra::merge;

/// A public key that OpenSSL wrote.
const NFC_KEY: &str = "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgADS0ekR0ZV2bAMiGwAVl37pWPkf14tbnyKjMVJvQ0cQSk=";

/// A pass of each style that nothing is wrong with.
fn good(style: &str) -> Value {
    let mut pass = json!({
        "formatVersion": 1,
        "passTypeIdentifier": "pass.com.acme.club",
        "serialNumber": "7",
        "teamIdentifier": "A1B2C3D4E5",
        "organizationName": "Acme",
        "description": "Club card",
        "backgroundColor": "rgb(0, 71, 187)",
        "foregroundColor": "#ffffff",
        "labelColor": "#eee",
        "barcodes": [{ "format": "PKBarcodeFormatQR", "message": "4711", "messageEncoding": "iso-8859-1", "altText": "4711" }],
        "locations": [{ "latitude": 52.5, "longitude": 13.4, "relevantText": "Near you" }],
        "webServiceURL": "https://wallet.acme.com/passes",
        "authenticationToken": "0123456789abcdef",
        "userInfo": { "anything": ["goes", { "here": 1 }] },
        "semantics": { "totalPrice": { "amount": "12.50", "currencyCode": "EUR" }, "silenceRequested": true },
        "voided": false,
    });
    pass[style] = json!({
        "headerFields": [{ "key": "points", "label": "Points", "value": 120, "changeMessage": "You have %@ points, 5 %% more" }],
        "primaryFields": [{ "key": "name", "value": "" }],
        "backFields": [
            { "key": "until", "value": "2027-12-31T23:59:00+01:00", "dateStyle": "PKDateStyleShort", "timeStyle": "PKDateStyleNone" },
            { "key": "balance", "value": 12.5, "currencyCode": "EUR" },
            { "key": "link", "value": "acme.com", "attributedValue": "<a href='https://acme.com'>acme</a>",
              "dataDetectorTypes": ["PKDataDetectorTypeLink"] },
        ],
    });
    if style == "posterGeneric" {
        pass["generic"] = json!({});
    }
    if style == "boardingPass" {
        pass[style]["transitType"] = json!("PKTransitTypeTrain");
    }
    pass
}

fn findings(style: &str, patch: &Value) -> Vec<Finding> {
    let mut pass = good(style);
    merge(pass.as_object_mut().unwrap(), patch.as_object().unwrap());
    check(pass.as_object().unwrap(), "2027-01-01T00:00:00Z".parse().unwrap())
}

/// Rule, style, a patch that breaks the rule and no other, a patch that nearly does, and where the finding is.
type Case = (Rule, &'static str, Value, Value, &'static str);

fn cases() -> Vec<Case> {
    [structure::cases(), fields::cases(), places::cases(), schemes::cases()].concat()
}

/// A patch that puts a field with these keys on the front.
fn header(extra: Value) -> Value {
    json!({ "storeCard": { "headerFields": [field(extra)] } })
}

/// A patch that puts a field with these keys on the back.
fn back(extra: Value) -> Value {
    json!({ "storeCard": { "backFields": [field(extra)] } })
}

fn field(extra: Value) -> Value {
    let mut field = json!({ "key": "k", "value": "v" });
    merge(field.as_object_mut().unwrap(), extra.as_object().unwrap());
    field
}

#[test]
fn good_passes_are_silent() {
    for style in keys::STYLES {
        assert_eq!(findings(style, &json!({})), [], "{style}");
    }
}

#[test]
fn each_rule_fires_and_its_near_miss_does_not() {
    for (rule, style, fires, silent, path) in cases() {
        let found = findings(style, &fires);
        assert_eq!(found.len(), 1, "{} {fires} {found:?}", rule.id);
        assert_eq!(
            (found[0].rule, found[0].severity, found[0].path.as_str()),
            (rule.id, rule.severity, path),
            "{fires}"
        );
        assert_eq!(findings(style, &silent), [], "{} {silent}", rule.id);
    }
}

#[test]
fn the_table_lists_what_is_fired() {
    // These are broken by what a merge patch cannot say, and have tests of their own here and in `strict`.
    let apart = [
        rules::NULL_VALUE,
        rules::TOO_MANY,
        rules::STRICT_JSON,
        rules::DUPLICATE_KEY,
        rules::UPDATE_IDENTITY,
        rules::UPDATE_TOKEN,
        rules::UPDATE_WEB_SERVICE,
    ];
    let fired: BTreeSet<&str> =
        cases().iter().map(|case| case.0.id).chain(apart.map(|rule| rule.id)).chain(files::fired()).collect();
    let listed: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(fired, listed);
    assert_eq!(listed.len(), RULES.len(), "each id once");
    assert!(listed.iter().all(|id| id.starts_with("apple-")));
    for rule in RULES {
        assert!(rule.effect.ends_with('.') && rule.effect.starts_with(char::is_uppercase), "{}", rule.id);
    }
}

#[test]
fn nulls_are_found_at_any_depth() {
    let mut pass = good("coupon");
    pass["voided"] = Value::Null;
    pass["userInfo"] = json!({ "a": [1, null] });
    let found = check(pass.as_object().unwrap(), DateTime::UNIX_EPOCH);
    let places: Vec<_> = found.iter().map(|finding| (finding.rule, finding.path.as_str())).collect();
    assert_eq!(places, [("apple-null-value", "userInfo.a[1]"), ("apple-null-value", "voided")]);
}

#[test]
fn secrets_are_not_repeated() {
    let found = findings("coupon", &json!({ "authenticationToken": 987_654_321_u64 }));
    assert!(!format!("{found:?}").contains("98765"), "{found:?}");
    let found = findings("coupon", &json!({ "authenticationToken": "hunter2" }));
    assert!(!format!("{found:?}").contains("hunter2"), "{found:?}");
}

#[test]
fn hostile_passes_are_bounded() {
    let mut pass = good("storeCard");
    pass["storeCard"]["backFields"] = (0..10_000).map(|_| json!({ "lable": null, "ke\u{7}y": [] })).collect();
    let found = check(pass.as_object().unwrap(), DateTime::UNIX_EPOCH);
    assert_eq!((found.len(), found[200].rule), (201, "apple-too-many-findings"));

    let mut deep = Value::Null;
    for _ in 0..1_000 {
        deep = Value::Array(vec![deep]);
    }
    let mut pass = good("storeCard");
    pass["userInfo"]["deep"] = deep;
    assert_eq!(check(pass.as_object().unwrap(), DateTime::UNIX_EPOCH), []);
}

/// What other validators complain about, and phones do not.
#[test]
fn false_alarms_of_other_validators_are_silent() {
    let hex = json!({ "backgroundColor": "#000", "foregroundColor": "#FFFFFF", "labelColor": "rgb(255,255,255)" });
    for patch in [
        json!({ "serialNumber": "1" }),
        hex,
        json!({ "semantics": {}, "storeCard": { "headerFields": [] } }),
        json!({ "barcodes": null }),
        json!({ "logoText": null, "locations": [], "beacons": [], "associatedStoreIdentifiers": [] }),
        json!({ "formatVersion": 1.0 }),
        json!({ "webServiceURL": "https://acme.com:8443/passes/", "authenticationToken": "0123456789abcdef" }),
        json!({ "userInfo": { "anything": { "at": ["all"] } } }),
        json!({ "storeCard": { "headerFields": [{ "key": "k", "value": "", "label": "" }] } }),
    ] {
        assert_eq!(findings("storeCard", &patch), [], "{patch}");
        let mut pass = good("storeCard");
        merge(pass.as_object_mut().unwrap(), patch.as_object().unwrap());
        assert_eq!(fix(pass.as_object_mut().unwrap(), DateTime::UNIX_EPOCH), [], "{patch}");
    }
    // A token without a web service is said to install, so it is no error.
    let found = findings("storeCard", &json!({ "webServiceURL": null }));
    assert!(found.iter().all(|finding| finding.severity == crate::lint::Severity::Warning), "{found:?}");
}

#[test]
fn findings_read_as_one_sentence_and_name_what_to_write() {
    for (_, style, fires, ..) in cases() {
        for finding in findings(style, &fires) {
            assert!(!finding.cause.ends_with('.') && !finding.mend.ends_with('.'), "{finding}");
            assert!(!finding.cause.contains('\n') && finding.cause.chars().count() < 200, "{finding}");
            assert!(finding.mend.starts_with(char::is_lowercase), "{finding}");
        }
    }
    let found =
        findings("storeCard", &json!({ "storeCard": { "headerFields": [{ "key": "k", "value": 1, "lable": "x" }] } }));
    assert_eq!(
        found[0].to_string(),
        "warning [apple-unknown-key] storeCard.headerFields[0].lable: a field has no key `lable`, so Wallet ignores it; write `label`"
    );
}
