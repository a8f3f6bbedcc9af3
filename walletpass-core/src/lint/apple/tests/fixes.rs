//! What is mended, what is left alone, and what holds of any JSON.

use proptest::prelude::*;
use serde_json::json;

use super::super::*;
use super::{NFC_KEY, back, cases, field, findings, good, header};
use crate::model::extra::merge;

fn now() -> DateTime<Utc> {
    "2027-01-01T00:00:00Z".parse().unwrap()
}

/// Fixes a good pass with a patch in it.
fn fixed(style: &str, patch: &Value) -> (Value, Vec<Finding>) {
    let mut pass = good(style);
    merge(pass.as_object_mut().unwrap(), patch.as_object().unwrap());
    let fixed = fix(pass.as_object_mut().unwrap(), now());
    (pass, fixed)
}

#[test]
fn what_is_certain_is_mended() {
    for (style, patch, path, mended) in [
        ("coupon", json!({ "formatVersion": "1" }), "/formatVersion", json!(1)),
        ("coupon", json!({ "serialNumber": 4711 }), "/serialNumber", json!("4711")),
        ("coupon", json!({ "voided": "true" }), "/voided", json!(true)),
        ("coupon", json!({ "maxDistance": "100" }), "/maxDistance", json!(100)),
        (
            "coupon",
            json!({ "expirationDate": "2028-01-01T00:00+0000" }),
            "/expirationDate",
            json!("2028-01-01T00:00+00:00"),
        ),
        (
            "coupon",
            json!({ "expirationDate": "2028-01-01T00:00-7:00" }),
            "/expirationDate",
            json!("2028-01-01T00:00-07:00"),
        ),
        (
            "coupon",
            json!({ "expirationDate": "2028-01-01T00:00:00.5Z" }),
            "/expirationDate",
            json!("2028-01-01T00:00:00Z"),
        ),
        ("coupon", json!({ "backgroundColor": "Black" }), "/backgroundColor", json!("rgb(0, 0, 0)")),
        ("coupon", json!({ "backgroundColor": "rgb(1-2-3)" }), "/backgroundColor", json!("rgb(1, 2, 3)")),
        ("coupon", json!({ "associatedStoreIdentifiers": ["4711"] }), "/associatedStoreIdentifiers/0", json!(4711)),
        ("coupon", json!({ "associatedStoreIdentifiers": "4711" }), "/associatedStoreIdentifiers", json!([4711])),
        (
            "coupon",
            json!({ "locations": { "latitude": "1.5", "longitude": 2 } }),
            "/locations",
            json!([{ "latitude": 1.5, "longitude": 2 }]),
        ),
        ("coupon", json!({ "sharingProhibite": true }), "/sharingProhibited", json!(true)),
        ("coupon", json!({ "logotext": "Acme" }), "/logoText", json!("Acme")),
        ("coupon", json!({ "webServiceURL": "https://acme.com/w/v1/" }), "/webServiceURL", json!("https://acme.com/w")),
        (
            "boardingPass",
            json!({ "boardingPass": { "transitType": "PKTransitTypeTrian" } }),
            "/boardingPass/transitType",
            json!("PKTransitTypeTrain"),
        ),
        (
            "storeCard",
            header(json!({ "textAlignment": "PKTextAligmentCenter" })),
            "/storeCard/headerFields/0/textAlignment",
            json!("PKTextAlignmentCenter"),
        ),
        (
            "storeCard",
            back(json!({ "value": "2027-03-05T06:30+0000", "timeStyle": "PKDateStyleShort" })),
            "/storeCard/backFields/0",
            json!({ "key": "k", "value": "2027-03-05T06:30+00:00", "dateStyle": "PKDateStyleNone", "timeStyle": "PKDateStyleShort" }),
        ),
        (
            "storeCard",
            back(
                json!({ "value": "12.50", "currencyCode": "eur", "numberStyle": "PKNumberStyleDecimal", "textAlignment": "PKTextAlignmentLeft" }),
            ),
            "/storeCard/backFields/0",
            json!({ "key": "k", "value": 12.5, "currencyCode": "EUR" }),
        ),
        (
            "storeCard",
            header(json!({ "row": 1, "dataDetectorTypes": ["PKDataDetectorTypeLink"], "attributedValue": "a & b" })),
            "/storeCard/headerFields/0",
            json!({ "key": "k", "value": "v", "attributedValue": "a &amp; b" }),
        ),
        (
            "eventTicket",
            json!({ "relevantDates": { "date": "2027-03-05T06:30+0100" } }),
            "/relevantDates",
            json!([{ "date": "2027-03-05T06:30+01:00", "relevantDate": "2027-03-05T06:30+01:00" }]),
        ),
        (
            "eventTicket",
            json!({ "preferredStyleSchemes": ["eventticket"] }),
            "/preferredStyleSchemes",
            json!(["eventTicket"]),
        ),
        (
            "coupon",
            json!({ "nfc": { "message": "m", "encryptionPublicKey": format!("-----BEGIN PUBLIC KEY-----\n{NFC_KEY}\n-----END PUBLIC KEY-----\n") } }),
            "/nfc/encryptionPublicKey",
            json!(NFC_KEY),
        ),
        (
            "coupon",
            json!({ "barcodes": null, "barcode": { "format": "PKBarcodeFormatQR", "message": "1", "messageEncoding": "utf-8" } }),
            "/barcodes",
            json!([{ "format": "PKBarcodeFormatQR", "message": "1", "messageEncoding": "utf-8" }]),
        ),
        (
            "coupon",
            json!({ "barcodes": { "format": "PKBarcodeFormatqr", "message": "5 €" } }),
            "/barcodes",
            json!([{ "format": "PKBarcodeFormatQR", "message": "5 €", "messageEncoding": "utf-8" }]),
        ),
    ] {
        let (pass, told) = fixed(style, &patch);
        assert_eq!(pass.pointer(path), Some(&mended), "{patch} {told:?}");
        assert!(!told.is_empty() && told.iter().all(|finding| finding.fix.is_some()));
        assert_eq!(check(pass.as_object().unwrap(), now()), [], "{patch}");
    }
}

#[test]
fn a_code_of_a_newer_format_moves_to_the_list() {
    let code = json!({ "format": "PKBarcodeFormatCode128", "message": "1", "messageEncoding": "utf-8" });
    let (pass, told) = fixed("coupon", &json!({ "barcodes": null, "barcode": code }));
    assert_eq!((pass.get("barcode"), &pass["barcodes"]), (None, &json!([code])), "{told:?}");

    // What is appended is the scheme that older systems know.
    let (pass, _) = fixed("eventTicket", &json!({ "preferredStyleSchemes": ["posterEventTicket"] }));
    assert_eq!(pass["preferredStyleSchemes"], json!(["posterEventTicket", "eventTicket"]));
}

/// What a wrong name hides is put right before anything is left out or copied.
#[test]
fn names_are_mended_first() {
    let mut pass = good("eventTicket");
    let style = pass.as_object_mut().unwrap().remove("eventTicket").unwrap();
    pass["eventticket"] = style;
    pass["groupingIdentifier"] = json!("g1");
    fix(pass.as_object_mut().unwrap(), now());
    assert_eq!((&pass["groupingIdentifier"], pass.get("eventticket")), (&json!("g1"), None));
    assert_eq!(check(pass.as_object().unwrap(), now()), []);

    let code = |message: &str| json!({ "format": "PKBarcodeFormatQR", "message": message, "messageEncoding": "utf-8" });
    for (name, list, mended) in [
        ("barCodes", json!([code("NEW")]), Some(json!([code("NEW")]))),
        // A list with a mistake in it has no certain name, and is not covered by the old code either.
        ("barCodes", json!([{ "format": 1, "message": "NEW" }]), None),
    ] {
        let (pass, _) = fixed("coupon", &json!({ "barcodes": null, "barcode": code("OLD"), name: list }));
        assert_eq!(pass.get("barcodes"), mended.as_ref());
        assert_eq!(pass["barcode"], code("OLD"));
    }
}

/// Where two mends are as likely, none is made.
#[test]
fn nothing_is_guessed() {
    for (style, patch) in [
        ("coupon", json!({ "coupon": { "transitType": "PKTransitTypeAir" } })),
        ("coupon", json!({ "barcodes": [null] })),
        (
            "coupon",
            json!({ "coupon": { "backFields": [{ "key": "k", "value": 1, "currencyCode": "points", "numberStyle": "PKNumberStyleDecimal" }] } }),
        ),
        ("coupon", json!({ "beacons": { "AuthenticationTokens": "x" }, "locations": { "passWord": "y" } })),
    ] {
        let (pass, told) = fixed(style, &patch);
        assert_eq!(told, [], "{patch}");
        assert!(!check(pass.as_object().unwrap(), now()).is_empty(), "{patch}");
    }
}

#[test]
fn what_has_no_place_is_removed() {
    let (pass, _) = fixed("coupon", &json!({ "groupingIdentifier": "g" }));
    assert_eq!(pass.get("groupingIdentifier"), None);
    assert_eq!(check(pass.as_object().unwrap(), now()), []);
    let mut pass = good("coupon");
    pass["userInfo"] = json!({ "a": [null, 1, null, { "b": null, "c": [null, null] }], "d": null });
    assert_eq!(fix(pass.as_object_mut().unwrap(), now()).len(), 2, "an element that is left out would move the others");
    assert_eq!(pass["userInfo"], json!({ "a": [null, 1, null, { "c": [null, null] }] }));
}

/// Each of these is wrong in a way that only its author can mend.
#[test]
fn what_is_not_certain_is_left() {
    for patch in [
        json!({ "expirationDate": "2028-01-01T00:00:00" }),
        json!({ "expirationDate": 1_900_000_000 }),
        json!({ "backgroundColor": "rgb(1, 2, 300)" }),
        json!({ "webServiceURL": "http://acme.com" }),
        json!({ "authenticationToken": 1_234_567_890_123_456_u64 }),
        json!({ "voideds": "soon" }),
        json!({ "color": "#fff" }),
        json!({ "logoText": "Acme", "logotext": "Other" }),
        json!({ "semantics": { "wifiAccess": { "ssid": "guest", "password": "p" } } }),
        json!({ "coupon": [] }),
        json!({ "formatVersion": 2 }),
    ] {
        let (pass, told) = fixed("coupon", &patch);
        assert_eq!(told, [], "{patch}");
        assert!(!check(pass.as_object().unwrap(), now()).is_empty(), "{patch}");
    }
}

#[test]
fn no_fix_repeats_a_secret() {
    let wifi = json!({ "ssid": "guest", "password": "hunter2" });
    for patch in [
        json!({ "semantics": { "wifiAccess": wifi } }),
        json!({ "storeCard": { "headerFields": field(json!({ "semantics": { "wifiAccess": [wifi] } })) } }),
        json!({ "authenticationToken": null, "authenticationTokn": "hunter2hunter2hunter2" }),
        json!({ "nfc": { "message": "m", "encryptionPublicKey": "-----BEGIN PRIVATE KEY-----hunter2" } }),
    ] {
        let found = findings("storeCard", &patch);
        assert!(!found.is_empty() && !format!("{found:?}").contains("hunter2"), "{found:?}");
    }
}

#[test]
fn rules_say_whether_they_are_fixable() {
    let fixable = |id: &str| RULES.iter().find(|rule| rule.id == id).unwrap().fixable;
    let mut seen = std::collections::BTreeSet::from([rules::NULL_VALUE.id]);
    for (rule, style, fires, ..) in cases() {
        for finding in findings(style, &fires).iter().filter(|finding| finding.fix.is_some()) {
            assert!(fixable(finding.rule), "{} {fires}", rule.id);
            seen.insert(rule.id);
        }
    }
    for rule in RULES.iter().filter(|rule| rule.fixable) {
        assert!(seen.contains(rule.id), "no case of {} has a fix", rule.id);
    }
}

#[test]
fn a_pass_with_many_faults_is_mended_whole() {
    let mut pass = good("storeCard");
    pass["storeCard"]["backFields"] =
        (0..1_000).map(|at| json!({ "key": at, "value": null, "lable": "x", "more": [null, null] })).collect();
    fix(pass.as_object_mut().unwrap(), now());
    let field = &pass["storeCard"]["backFields"][999];
    assert_eq!(field, &json!({ "key": "999", "label": "x", "more": [null, null] }));
}

/// Any JSON whose keys and values are often those of a pass, and often nearly.
fn json_like_a_pass() -> impl Strategy<Value = Value> {
    const WORDS: &[&str] = &[
        "formatVersion",
        "formatversion",
        "voided",
        "storeCard",
        "coupon",
        "eventTicket",
        "boardingPass",
        "posterGeneric",
        "headerFields",
        "headerField",
        "backFields",
        "primaryFields",
        "auxiliaryFields",
        "key",
        "value",
        "valeu",
        "label",
        "lable",
        "labell",
        "Label",
        "dateStyle",
        "timeStyle",
        "currencyCode",
        "numberStyle",
        "textAlignment",
        "textAligment",
        "dataDetectorTypes",
        "row",
        "attributedValue",
        "barcode",
        "barcodes",
        "Barcodes",
        "format",
        "message",
        "messageEncoding",
        "relevantDates",
        "relevantDate",
        "date",
        "dates",
        "startDate",
        "locations",
        "location",
        "latitude",
        "longitude",
        "semantics",
        "wifiAccess",
        "ssid",
        "password",
        "seats",
        "flightNumber",
        "artistIDs",
        "balance",
        "amount",
        "associatedStoreIdentifiers",
        "webServiceURL",
        "webServiceUrl",
        "authenticationToken",
        "groupingIdentifier",
        "transitType",
        "preferredStyleSchemes",
        "backgroundColor",
        "backgroundColour",
        "userInfo",
        "expirationDate",
        "nfc",
        "encryptionPublicKey",
        "upcomingPassInformation",
        "images",
        "URLs",
        "urls",
        "URL",
        "venueMap",
        "featuredActions",
        "identifier",
        "type",
        "a/b",
        "~",
        "0",
        "1",
        "-",
        "",
    ];
    const TEXTS: &[&str] = &[
        "",
        "1",
        "true",
        "12.50",
        "2027-03-05T06:30+0100",
        "2027-03-05T06:30:00.000Z",
        "2027-03-05",
        "EUR",
        "eur",
        "red",
        "rgb(1-2-3)",
        "PKBarcodeFormatQR",
        "PKBarcodeFormatqr",
        "PKBarcodeFormatCode128",
        "PKDateStyleShort",
        "PKTransitTypeAi",
        "posterEventTicket",
        "eventTicket",
        "https://a.example/v1",
        "https://a.example/v1/v1",
        "a & b",
        "<a href='x?a&b'>c</a>",
        "&&;",
        "席 🎫",
        "utf-8",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        prop_oneof![Just(0), Just(1), any::<i64>()].prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        proptest::sample::select(TEXTS).prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    let key = prop_oneof![9 => proptest::sample::select(WORDS).prop_map(str::to_owned), 1 => "\\PC{0,8}"];
    let map = move |value: BoxedStrategy<Value>| {
        proptest::collection::btree_map(key.clone(), value, 0..8)
            .prop_map(|map| Value::Object(map.into_iter().collect()))
    };
    let nested = leaf.prop_recursive(5, 120, 8, {
        let map = map.clone();
        move |value| prop_oneof![2 => map(value.clone().boxed()), 1 => proptest::collection::vec(value, 0..5).prop_map(Value::from)]
    });
    map(nested.boxed())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// A fixed pass has nothing left to fix, fixing it again changes nothing, and nothing panics on the way.
    #[test]
    fn any_json_is_mended_once(json in json_like_a_pass(), style in proptest::sample::select(&keys::STYLES[..])) {
        for mut pass in [json.clone(), { let mut pass = good(style); merge(pass.as_object_mut().unwrap(), json.as_object().unwrap()); pass }] {
            let told = fix(pass.as_object_mut().unwrap(), now());
            let left: Vec<_> = check(pass.as_object().unwrap(), now()).into_iter().filter(|finding| finding.fix.is_some()).collect();
            prop_assert_eq!(&left, &[], "told {:?}", told);
            let once = pass.clone();
            prop_assert_eq!(fix(pass.as_object_mut().unwrap(), now()), []);
            prop_assert_eq!(&pass, &once);
        }
    }
}
