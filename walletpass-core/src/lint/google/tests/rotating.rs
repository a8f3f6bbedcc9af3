//! Cases of the rotating barcode.

use serde_json::{Value, json};

use super::super::Vertical::{Loyalty, Transit};
use super::super::rules;
use super::{Case, object};
use crate::model::extra::merge;

/// The key of RFC 6238.
const KEY: &str = "3132333435363738393031323334353637383930";

pub(super) fn cases() -> Vec<Case> {
    let rotating = |patch: Value| {
        let mut barcode = json!({
            "type": "QR_CODE",
            "valuePattern": "4711-{totp_value_0}-{totp_timestamp_seconds}",
            "totpDetails": {
                "periodMillis": "30000",
                "algorithm": "TOTP_SHA1",
                "parameters": [{ "key": KEY, "valueLength": 8 }],
            },
        });
        merge(barcode.as_object_mut().unwrap(), patch.as_object().unwrap());
        object(json!({ "rotatingBarcode": barcode }))
    };
    let parameters = |list: Value| rotating(json!({ "totpDetails": { "parameters": list } }));
    let values = json!({ "periodMillis": 1000, "startDateTime": "2027-03-05T06:30:00Z", "values": ["a", "b"] });
    let made = json!({ "totpDetails": null, "initialRotatingBarcodeValues": values });
    let mut made_here = rotating(json!({ "initialRotatingBarcodeValues": values }));
    made_here["object"]["rotatingBarcode"]["valuePattern"] = "{totp_value_0}".into();
    vec![
        (
            rules::ROTATING_BARCODE,
            Loyalty,
            rotating(json!({ "type": "AZTEC" })),
            rotating(json!({ "type": "PDF_417" })),
            "object.rotatingBarcode.type",
        ),
        (rules::ROTATING_BARCODE, Loyalty, rotating(json!({ "type": null })), json!({}), "object.rotatingBarcode.type"),
        (
            rules::ROTATING_BARCODE,
            Loyalty,
            rotating(json!({ "totpDetails": null })),
            rotating(json!({})),
            "object.rotatingBarcode.totpDetails",
        ),
        (rules::ROTATING_BARCODE, Loyalty, made_here, json!({}), "object.rotatingBarcode.initialRotatingBarcodeValues"),
        (
            rules::ROTATING_BARCODE,
            Transit,
            rotating(json!({ "totpDetails": { "periodMillis": 0 } })),
            rotating(made),
            "object.rotatingBarcode.totpDetails.periodMillis",
        ),
        (
            rules::ROTATING_BARCODE,
            Loyalty,
            rotating(json!({ "totpDetails": { "periodMillis": null } })),
            rotating(json!({ "totpDetails": { "periodMillis": 1 } })),
            "object.rotatingBarcode.totpDetails.periodMillis",
        ),
        (
            rules::ROTATING_BARCODE,
            Loyalty,
            rotating(json!({ "valuePattern": "{totp_value_0}{totp_value_1}" })),
            rotating(json!({ "valuePattern": "{totp_value_0}{totp_value_0}" })),
            "object.rotatingBarcode.valuePattern",
        ),
        (
            rules::ROTATING_BARCODE,
            Loyalty,
            parameters(json!([])),
            json!({}),
            "object.rotatingBarcode.totpDetails.parameters",
        ),
        (
            rules::ROTATING_BARCODE,
            Loyalty,
            parameters(json!([{ "key": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "valueLength": 8 }])),
            parameters(json!([{ "key": KEY.to_lowercase(), "valueLength": 6 }])),
            "object.rotatingBarcode.totpDetails.parameters[0].key",
        ),
        (
            rules::ROTATING_BARCODE,
            Loyalty,
            parameters(json!([{ "key": KEY, "valueLength": 5 }])),
            parameters(json!([{ "key": KEY, "valueLength": 10 }])),
            "object.rotatingBarcode.totpDetails.parameters[0].valueLength",
        ),
        (
            rules::ROTATING_KEY,
            Loyalty,
            parameters(json!([{ "key": "00".repeat(15), "valueLength": 8 }])),
            parameters(json!([{ "key": "00".repeat(16), "valueLength": 8 }])),
            "object.rotatingBarcode.totpDetails.parameters[0].key",
        ),
        (
            rules::ROTATING_STILL,
            Loyalty,
            rotating(json!({ "valuePattern": "4711-{totp_timestamp_seconds}" })),
            json!({}),
            "object.rotatingBarcode.valuePattern",
        ),
    ]
}
