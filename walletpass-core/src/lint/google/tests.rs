//! Each rule fires once and stays silent once. The cases are in the files beside, by subject.

mod addresses;
mod rotating;
mod structure;
mod values;

use std::collections::BTreeSet;

use serde_json::json;

use super::*;
use crate::lint::{Rule, Severity};
use crate::model::extra::merge;

const ISSUER: &str = "3388000000000000001";

/// A class and an object with exactly the required fields.
fn minimal(vertical: Vertical) -> Value {
    let logo = json!({ "sourceUri": { "uri": "https://img.example/l.png" } });
    let mut pass = json!({
        "class": { "id": format!("{ISSUER}.c"), "issuerName": "Example", "reviewStatus": "UNDER_REVIEW" },
        "object": { "id": format!("{ISSUER}.o"), "classId": format!("{ISSUER}.c"), "state": "ACTIVE" },
    });
    let more = match vertical {
        Vertical::EventTicket => json!({ "class": { "eventName": text("Gala") } }),
        Vertical::Flight => json!({
            "class": {
                "localScheduledDepartureDateTime": "2027-03-05T06:30:00",
                "flightHeader": { "carrier": { "carrierIataCode": "LX" }, "flightNumber": "123" },
                "origin": { "airportIataCode": "ZRH" },
                "destination": { "airportIataCode": "LIS" },
            },
            "object": { "passengerName": "Ana Example", "reservationInfo": { "confirmationCode": "ABC123" } },
        }),
        Vertical::Generic => json!({
            "class": { "issuerName": null, "reviewStatus": null },
            "object": { "state": null, "cardTitle": text("Example"), "header": text("Library card") },
        }),
        Vertical::GiftCard => {
            json!({ "class": { "allowBarcodeRedemption": true }, "object": { "cardNumber": "0000 1111" } })
        }
        Vertical::Loyalty => json!({ "class": { "programName": "Club", "programLogo": logo } }),
        Vertical::Offer => {
            json!({ "class": { "provider": "Example", "title": "20 % off", "redemptionChannel": "BOTH" } })
        }
        Vertical::Transit => json!({
            "class": { "transitType": "RAIL", "logo": logo },
            "object": { "tripType": "ONE_WAY", "ticketLeg": {
                "originName": text("Porto"), "originStationCode": "OPO", "destinationName": text("Lisboa"),
                "departureDateTime": "2027-03-05T06:30:00+00:00",
            } },
        }),
    };
    merge(pass.as_object_mut().unwrap(), more.as_object().unwrap());
    pass
}

fn findings(vertical: Vertical, patch: &Value) -> Vec<Finding> {
    let mut pass = minimal(vertical);
    merge(pass.as_object_mut().unwrap(), patch.as_object().unwrap());
    check(vertical, pass["class"].as_object().unwrap(), pass["object"].as_object().unwrap(), Some(ISSUER))
}

/// Rule, vertical, a patch that breaks the rule and no other, a patch that nearly does, and where the finding is.
type Case = (Rule, Vertical, Value, Value, &'static str);

fn cases() -> Vec<Case> {
    [addresses::cases(), rotating::cases(), structure::cases(), values::cases()].concat()
}

fn class(patch: Value) -> Value {
    json!({ "class": patch })
}

fn object(patch: Value) -> Value {
    json!({ "object": patch })
}

fn both(class: Value, object: Value) -> Value {
    json!({ "class": class, "object": object })
}

fn text(text: &str) -> Value {
    json!({ "defaultValue": { "language": "en", "value": text } })
}

/// A patch of the class with these card rows.
fn rows(rows: Value) -> Value {
    json!({ "classTemplateInfo": { "cardTemplateOverride": { "cardRowTemplateInfos": rows } } })
}

#[test]
fn minimal_passes_are_silent() {
    for vertical in Vertical::ALL {
        assert_eq!(findings(vertical, &json!({})), [], "{vertical:?}");
    }
}

#[test]
fn each_rule_fires_and_its_near_miss_does_not() {
    for (rule, vertical, fires, silent, path) in cases() {
        let found = findings(vertical, &fires);
        assert_eq!(found.len(), 1, "{} {fires} {found:?}", rule.id);
        assert_eq!(
            (found[0].rule, found[0].severity, found[0].path.as_str()),
            (rule.id, rule.severity, path),
            "{fires}"
        );
        assert_eq!(findings(vertical, &silent), [], "{} {silent}", rule.id);
    }
}

#[test]
fn the_table_lists_what_is_fired() {
    let fired: BTreeSet<&str> = cases().iter().map(|case| case.0.id).chain([rules::TOO_MANY.id]).collect();
    let listed: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(fired, listed);
    assert_eq!(listed.len(), RULES.len(), "each id once");
    assert!(listed.iter().all(|id| id.starts_with("google-")));
}

#[test]
fn every_rule_says_what_google_does() {
    for rule in RULES {
        assert!(rule.effect.ends_with('.') && rule.effect.starts_with(char::is_uppercase), "{}", rule.id);
        assert!(!rule.title.ends_with('.'), "{}", rule.id);
    }
}

#[test]
fn every_required_field_of_the_reference_is_required() {
    for vertical in Vertical::ALL {
        let pass = minimal(vertical);
        for (side, field) in ["class", "object"]
            .into_iter()
            .flat_map(|side| pass[side].as_object().unwrap().keys().map(move |key| (side, key)))
        {
            let found = findings(vertical, &json!({ side: { field: null } }));
            // The two fields of the fixtures that are not required.
            let optional = matches!(field.as_str(), "allowBarcodeRedemption" | "ticketLeg");
            assert_eq!(found.is_empty(), optional, "{vertical:?} {side}.{field} {found:?}");
        }
    }
}

#[test]
fn a_misplaced_field_is_sent_to_where_it_belongs() {
    let found = findings(Vertical::Loyalty, &json!({ "object": { "hexBackgroundColor": "#fff" } }));
    assert_eq!(found[0].mend, "move it to the class, which has it");
    let found = findings(Vertical::Generic, &json!({ "class": { "hexBackgroundColor": "#fff" } }));
    assert_eq!(found[0].mend, "move it to the object, which has it");
    let found = findings(Vertical::Generic, &json!({ "object": { "subHeader": {} } }));
    assert_eq!(found[0].mend, "write `subheader`");
}

#[test]
fn the_issuer_is_optional_and_judged_itself() {
    let pass = minimal(Vertical::Loyalty);
    let (class, object) = (pass["class"].as_object().unwrap(), pass["object"].as_object().unwrap());
    assert_eq!(check(Vertical::Loyalty, class, object, None), []);
    let found = check(Vertical::Loyalty, class, object, Some("BCR2DN4T"));
    assert_eq!(found.iter().map(|finding| finding.rule).collect::<Vec<_>>(), ["google-issuer-id"]);
}

#[test]
fn a_transit_partner_may_report_the_linked_device() {
    assert_eq!(findings(Vertical::Transit, &json!({ "object": { "hasLinkedDevice": true } })), []);
}

#[test]
fn secrets_are_not_repeated() {
    let patch =
        json!({ "object": { "pin": 98_765, "heroImage": { "sourceUri": { "uri": "ftp://me:98765@img.example" } } } });
    let found = findings(Vertical::GiftCard, &patch);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(!format!("{found:?}").contains("98765"), "{found:?}");

    let parameters = json!([{ "key": "98765", "valueLength": 5 }, { "key": 98_765, "valueLength": 6 }]);
    let totp = json!({ "periodMillis": "1000", "parameters": parameters });
    let barcode = json!({ "type": "QR_CODE", "valuePattern": "{totp_value_2}", "totpDetails": totp });
    let hash = json!({ "restrictToEmailSha256": "98765" });
    let patch = json!({ "object": { "rotatingBarcode": barcode, "saveRestrictions": hash } });
    let found = findings(Vertical::GiftCard, &patch);
    assert!(found.len() > 4, "{found:?}");
    assert!(!format!("{found:?}").contains("98765"), "{found:?}");
}

#[test]
fn hostile_passes_are_bounded() {
    let junk: Value = (0..10_000).map(|_| json!({ "id": "a.b", "bdoy": 1, "header": 5 })).collect();
    let found = findings(Vertical::Loyalty, &json!({ "object": { "textModulesData": junk } }));
    assert_eq!((found.len(), found[200].rule), (201, "google-too-many-findings"));
    assert!(found[..200].iter().all(|finding| finding.severity == Severity::Error));

    let mut deep = Value::Null;
    for _ in 0..1_000 {
        deep = Value::Array(vec![deep]);
    }
    let mut pass = minimal(Vertical::Loyalty);
    pass["class"]["classTemplateInfo"] = deep.clone();
    pass["class"]["textModulesData"] = deep;
    let found = check(Vertical::Loyalty, pass["class"].as_object().unwrap(), pass["object"].as_object().unwrap(), None);
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn findings_read_as_one_sentence_and_name_what_to_write() {
    for (_, vertical, fires, ..) in cases() {
        for finding in findings(vertical, &fires) {
            assert!(!finding.cause.ends_with('.') && !finding.mend.ends_with('.'), "{finding}");
            assert!(!finding.cause.contains('\n') && finding.cause.chars().count() < 200, "{finding}");
            assert!(finding.mend.starts_with(char::is_lowercase), "{finding}");
        }
    }
}

#[test]
fn names_follow_google_spelling() {
    for vertical in Vertical::ALL {
        let name = vertical.name();
        let schema = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
        assert_eq!(vertical.class_schema(), format!("{schema}Class"));
        assert_eq!(vertical.object_schema(), format!("{schema}Object"));
        assert_eq!(vertical.class_array(), format!("{name}Classes"));
        assert_eq!(vertical.object_array(), format!("{name}Objects"));
        let resources = fields::schema("Resources").unwrap();
        assert!(resources.get(vertical.class_array()).is_some() && resources.get(vertical.object_array()).is_some());
    }
}
