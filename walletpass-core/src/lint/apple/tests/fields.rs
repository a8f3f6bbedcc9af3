//! Cases of values: dates, numbers, colours, the keys of fields, barcodes.

use serde_json::{Value, json};

use super::super::rules;
use super::{Case, back, field, good, header};
use crate::model::extra::merge;

pub(super) fn cases() -> Vec<Case> {
    let barcode = |extra: Value| {
        let mut barcode = json!({ "format": "PKBarcodeFormatQR", "message": "4711", "messageEncoding": "utf-8" });
        merge(barcode.as_object_mut().unwrap(), extra.as_object().unwrap());
        json!({ "barcodes": [barcode, good("coupon")["barcodes"][0]] })
    };
    vec![
        (
            rules::DATE_FORM,
            "coupon",
            json!({ "expirationDate": "2028-01-01T00:00+0000" }),
            json!({ "expirationDate": "2028-01-01T00:00+00:00" }),
            "expirationDate",
        ),
        (rules::DATE_FORM, "coupon", json!({ "expirationDate": "2028-01-01T00:00:00" }), json!({}), "expirationDate"),
        (rules::DATE_FORM, "coupon", json!({ "expirationDate": 1_900_000_000 }), json!({}), "expirationDate"),
        (
            rules::DATE_FORM,
            "eventTicket",
            json!({ "semantics": { "eventStartDate": "tomorrow" } }),
            json!({ "semantics": { "eventStartDate": "2027-03-05T20:00+01:00" } }),
            "semantics.eventStartDate",
        ),
        (
            rules::DATE_FRACTION,
            "coupon",
            json!({ "expirationDate": "2028-01-01T00:00:00.000Z" }),
            json!({ "expirationDate": "2028-01-01T00:00:00Z" }),
            "expirationDate",
        ),
        (
            rules::DATE_STYLE,
            "storeCard",
            back(json!({ "value": "soon", "dateStyle": "PKDateStyleShort", "timeStyle": "PKDateStyleNone" })),
            back(
                json!({ "value": "2027-01-02T00:00Z", "dateStyle": "PKDateStyleShort", "timeStyle": "PKDateStyleNone" }),
            ),
            "storeCard.backFields[0].value",
        ),
        (
            rules::DATE_STYLE,
            "storeCard",
            back(
                json!({ "value": "2027-01-02T00:00+0000", "dateStyle": "PKDateStyleShort", "timeStyle": "PKDateStyleNone" }),
            ),
            json!({}),
            "storeCard.backFields[0].value",
        ),
        (
            rules::DATE_STYLE_PAIR,
            "storeCard",
            back(json!({ "value": "2027-01-02T00:00Z", "dateStyle": "PKDateStyleShort" })),
            back(json!({ "value": "2027-01-02" })),
            "storeCard.backFields[0].timeStyle",
        ),
        (
            rules::NUMBER_STYLE,
            "storeCard",
            back(json!({ "value": "12.50", "currencyCode": "EUR" })),
            back(json!({ "value": 12.5, "currencyCode": "EUR" })),
            "storeCard.backFields[0].value",
        ),
        (
            rules::NUMBER_STYLE,
            "storeCard",
            back(json!({ "value": "12", "numberStyle": "PKNumberStyleDecimal" })),
            back(json!({ "value": 12, "numberStyle": "PKNumberStyleDecimal" })),
            "storeCard.backFields[0].value",
        ),
        (
            rules::CURRENCY,
            "storeCard",
            back(json!({ "value": 12, "currencyCode": "EURO" })),
            back(json!({ "value": 12, "currencyCode": "CHF" })),
            "storeCard.backFields[0].currencyCode",
        ),
        (
            rules::CURRENCY,
            "storeCard",
            back(json!({ "value": 12, "currencyCode": "EUR", "numberStyle": "PKNumberStyleDecimal" })),
            back(json!({ "value": 12 })),
            "storeCard.backFields[0].numberStyle",
        ),
        (
            rules::UNKNOWN_ENUM,
            "storeCard",
            header(json!({ "textAlignment": "PKTextAligmentCenter" })),
            header(json!({ "textAlignment": "PKTextAlignmentCenter" })),
            "storeCard.headerFields[0].textAlignment",
        ),
        (
            rules::UNKNOWN_ENUM,
            "coupon",
            barcode(json!({ "format": "PKBarcodeFormatITF" })),
            barcode(json!({ "format": "PKBarcodeFormatI2of5" })),
            "barcodes[0].format",
        ),
        (
            rules::UNKNOWN_ENUM,
            "coupon",
            json!({ "barcode": { "format": "PKBarcodeFormatCode128", "message": "1", "messageEncoding": "utf-8" } }),
            json!({ "barcode": { "format": "PKBarcodeFormatAztec", "message": "1", "messageEncoding": "utf-8" } }),
            "barcode.format",
        ),
        (
            rules::UNKNOWN_ENUM,
            "eventTicket",
            json!({ "semantics": { "eventType": "PKEventTypeConcert" } }),
            json!({ "semantics": { "eventType": "PKEventTypeLivePerformance" } }),
            "semantics.eventType",
        ),
        (rules::COLOR, "coupon", json!({ "labelColor": "Black" }), json!({ "labelColor": "#FFF" }), "labelColor"),
        (
            rules::CONTRAST,
            "coupon",
            json!({ "labelColor": "rgb(0, 0, 0)" }),
            json!({ "labelColor": "rgb(200, 200, 200)" }),
            "labelColor",
        ),
        (
            rules::TEXT_ALIGNMENT,
            "storeCard",
            back(json!({ "textAlignment": "PKTextAlignmentLeft" })),
            json!({ "storeCard": { "secondaryFields": [field(json!({ "textAlignment": "PKTextAlignmentLeft" }))] } }),
            "storeCard.backFields[0].textAlignment",
        ),
        (
            rules::DATA_DETECTORS,
            "storeCard",
            header(json!({ "dataDetectorTypes": ["PKDataDetectorTypeLink"] })),
            header(json!({ "dataDetectorTypes": [] })),
            "storeCard.headerFields[0].dataDetectorTypes",
        ),
        (
            rules::UNKNOWN_ENUM,
            "storeCard",
            back(json!({ "dataDetectorTypes": ["PKDataDetectorTypeURL"] })),
            back(json!({ "dataDetectorTypes": ["PKDataDetectorTypeAddress"] })),
            "storeCard.backFields[0].dataDetectorTypes[0]",
        ),
        (
            rules::TEXT_LENGTH,
            "storeCard",
            header(json!({ "label": "Points that you have earned" })),
            header(json!({ "label": "Pünkte: ÄÖÜäöüßÄÖÜäöüßÄÖ" })),
            "storeCard.headerFields[0].label",
        ),
        (
            rules::TEXT_LENGTH,
            "storeCard",
            header(json!({ "value": "2,450 points and a coffee on us" })),
            header(
                json!({ "value": "2027-01-02T00:00:00+01:00", "dateStyle": "PKDateStyleShort", "timeStyle": "PKDateStyleNone" }),
            ),
            "storeCard.headerFields[0].value",
        ),
        (
            rules::TEXT_LENGTH,
            "storeCard",
            json!({ "logoText": "The club of those who drink much coffee, and of others" }),
            back(json!({ "value": "x".repeat(1_000) })),
            "logoText",
        ),
        (rules::ROW, "storeCard", header(json!({ "row": 1 })), json!({}), "storeCard.headerFields[0].row"),
        (
            rules::ROW,
            "eventTicket",
            json!({ "eventTicket": { "auxiliaryFields": [field(json!({ "row": 2 }))] } }),
            json!({ "eventTicket": { "auxiliaryFields": [field(json!({ "row": 1 }))] } }),
            "eventTicket.auxiliaryFields[0].row",
        ),
        (
            rules::CHANGE_MESSAGE,
            "storeCard",
            header(json!({ "changeMessage": "Points changed" })),
            header(json!({ "changeMessage": "Now %@" })),
            "storeCard.headerFields[0].changeMessage",
        ),
        (
            rules::CHANGE_MESSAGE,
            "storeCard",
            header(json!({ "changeMessage": "" })),
            header(json!({})),
            "storeCard.headerFields[0].changeMessage",
        ),
        (
            rules::ATTRIBUTED_VALUE,
            "storeCard",
            back(json!({ "attributedValue": "Tom & Jerry" })),
            back(json!({ "attributedValue": "Tom &amp; Jerry" })),
            "storeCard.backFields[0].attributedValue",
        ),
        (
            rules::BARCODE_ENCODING,
            "coupon",
            barcode(json!({ "messageEncoding": "iso-8859-1", "message": "5 €" })),
            barcode(json!({ "messageEncoding": "iso-8859-1", "message": "Müller" })),
            "barcodes[0].message",
        ),
        (
            rules::BARCODE_ENCODING,
            "coupon",
            barcode(json!({ "messageEncoding": null })),
            barcode(json!({ "messageEncoding": "UTF-8", "message": "5 €" })),
            "barcodes[0].messageEncoding",
        ),
        (
            rules::BARCODE_ENCODING,
            "coupon",
            barcode(json!({ "messageEncoding": "latin-9000" })),
            barcode(json!({ "messageEncoding": "utf-16" })),
            "barcodes[0].messageEncoding",
        ),
        (
            rules::BARCODE_PAIR,
            "coupon",
            json!({ "barcodes": null, "barcode": { "format": "PKBarcodeFormatQR", "message": "1", "messageEncoding": "utf-8" } }),
            json!({ "barcode": { "format": "PKBarcodeFormatQR", "message": "1", "messageEncoding": "utf-8" } }),
            "barcode",
        ),
        (
            rules::BARCODE_INCOMPLETE,
            "coupon",
            barcode(json!({ "message": "" })),
            barcode(json!({ "message": " " })),
            "barcodes[0].message",
        ),
        (
            rules::BARCODE_INCOMPLETE,
            "coupon",
            barcode(json!({ "format": null })),
            barcode(json!({})),
            "barcodes[0].format",
        ),
        (
            rules::BARCODE_FALLBACK,
            "coupon",
            json!({ "barcodes": [{ "format": "PKBarcodeFormatCode128", "message": "1", "messageEncoding": "utf-8" }] }),
            barcode(json!({ "format": "PKBarcodeFormatCode128" })),
            "barcodes",
        ),
        (
            rules::BARCODE_MESSAGE,
            "coupon",
            barcode(json!({ "format": "PKBarcodeFormatEAN13", "message": "4006381333932" })),
            barcode(json!({ "format": "PKBarcodeFormatEAN13", "message": "4006381333931" })),
            "barcodes[0].message",
        ),
    ]
}
