//! Cases of fields, values, dates, places, layout and barcodes.

use serde_json::{Value, json};

use super::super::Vertical::{EventTicket, Flight, Generic, GiftCard, Loyalty, Offer};
use super::super::rules;
use super::{Case, ISSUER, both, class, object, rows, text};

pub(super) fn cases() -> Vec<Case> {
    let barcode = |kind: &str, value: &str| json!({ "object": { "barcode": { "type": kind, "value": value } } });
    let places =
        |count: usize| json!({ "merchantLocations": vec![json!({ "latitude": 90, "longitude": -180 }); count] });
    let interval = |start: &str, end: &str| {
        object(json!({ "validTimeInterval": { "start": { "date": start }, "end": { "date": end } } }))
    };
    let linked = |ids: Value| object(json!({ "linkedObjectIds": ids }));
    let row = |paths: &[&str]| {
        let fields: Value = paths.iter().map(|path| json!({ "fieldPath": path })).collect();
        rows(json!([{ "oneItem": { "item": { "firstValue": { "fields": fields } } } }]))
    };
    let module = |id: &str| json!({ "textModulesData": [{ "id": id, "header": "Points", "body": "12" }] });
    vec![
        (
            rules::UNKNOWN_KEY,
            Flight,
            class(json!({ "flightHeader": { "airlineCode": "LX" } })),
            class(json!({ "flightHeader": { "operatingFlightNumber": "4" } })),
            "class.flightHeader.airlineCode",
        ),
        (
            rules::UNKNOWN_KEY,
            Loyalty,
            object(json!({ "hexBackgroundColor": "#fff" })),
            class(json!({ "hexBackgroundColor": "#fff" })),
            "object.hexBackgroundColor",
        ),
        (rules::UNKNOWN_KEY, Generic, class(json!({ "issuerName": "Acme" })), json!({}), "class.issuerName"),
        (
            rules::PLATFORM_SET,
            Loyalty,
            object(json!({ "hasUsers": true })),
            object(json!({ "hasUsers": null })),
            "object.hasUsers",
        ),
        (rules::PLATFORM_SET, Loyalty, object(json!({ "hasLinkedDevice": true })), json!({}), "object.hasLinkedDevice"),
        (rules::PLATFORM_SET, Loyalty, class(json!({ "kind": "walletobjects#loyaltyClass" })), json!({}), "class.kind"),
        (
            rules::DEPRECATED,
            Loyalty,
            class(json!({ "wordMark": { "sourceUri": { "uri": "https://img.example/a.png" } } })),
            class(json!({ "heroImage": { "sourceUri": { "uri": "https://img.example/a.png" } } })),
            "class.wordMark",
        ),
        (
            rules::DEPRECATED,
            Loyalty,
            object(json!({ "state": "active" })),
            object(json!({ "state": "EXPIRED" })),
            "object.state",
        ),
        (rules::UNKNOWN_ENUM, Loyalty, object(json!({ "state": "Active" })), json!({}), "object.state"),
        (
            rules::JSON_TYPE,
            Loyalty,
            object(json!({ "loyaltyPoints": { "balance": { "int": "1" } } })),
            object(json!({ "loyaltyPoints": { "balance": { "double": 1 } } })),
            "object.loyaltyPoints.balance.int",
        ),
        (
            rules::JSON_TYPE,
            Loyalty,
            object(json!({ "groupingInfo": { "sortIndex": 1.5 } })),
            object(json!({ "groupingInfo": { "sortIndex": -1 } })),
            "object.groupingInfo.sortIndex",
        ),
        (
            rules::JSON_TYPE,
            GiftCard,
            object(json!({ "balance": { "micros": "1.5", "currencyCode": "EUR" } })),
            object(json!({ "balance": { "micros": "-1500000", "currencyCode": "EUR" } })),
            "object.balance.micros",
        ),
        (
            rules::JSON_TYPE,
            Loyalty,
            object(json!({ "textModulesData": {} })),
            object(json!({ "textModulesData": [] })),
            "object.textModulesData",
        ),
        (
            rules::JSON_TYPE,
            Offer,
            class(json!({ "finePrint": text("small") })),
            class(json!({ "finePrint": "small" })),
            "class.finePrint",
        ),
        (
            rules::JSON_TYPE,
            EventTicket,
            class(json!({ "finePrint": "small" })),
            class(json!({ "finePrint": text("small") })),
            "class.finePrint",
        ),
        (
            rules::DATE_OFFSET,
            Flight,
            class(json!({ "localBoardingDateTime": "2027-03-05T06:00:00Z" })),
            class(json!({ "localBoardingDateTime": "2027-03-05T06:00:00.000" })),
            "class.localBoardingDateTime",
        ),
        (
            rules::DATE_OFFSET,
            GiftCard,
            object(json!({ "balanceUpdateTime": { "date": "2027-03-05T06:00:00" } })),
            object(json!({ "balanceUpdateTime": { "date": "2027-03-05T06:00:00Z" } })),
            "object.balanceUpdateTime.date",
        ),
        (
            rules::DATE_FORM,
            EventTicket,
            class(json!({ "dateTime": { "start": "5 March 2027" } })),
            class(json!({ "dateTime": { "start": "2027-03-05T20:00", "end": "2027-03-05T23:00+01:00" } })),
            "class.dateTime.start",
        ),
        (
            rules::INTERVAL_OFFSET,
            Loyalty,
            interval("2027-03-05T20:00:00Z", "2027-03-06T20:00:00"),
            interval("2027-03-05T20:00:00Z", "2027-03-06T20:00:00+01:00"),
            "object.validTimeInterval",
        ),
        (
            rules::COLOR,
            Loyalty,
            class(json!({ "hexBackgroundColor": "rgb(0, 0, 0)" })),
            class(json!({ "hexBackgroundColor": "#0047bB" })),
            "class.hexBackgroundColor",
        ),
        (
            rules::MERCHANT_LOCATION,
            GiftCard,
            object(places(11)),
            both(places(10), places(10)),
            "object.merchantLocations",
        ),
        (
            rules::MERCHANT_LOCATION,
            Loyalty,
            class(json!({ "merchantLocations": [{ "latitude": 90.1, "longitude": 0 }] })),
            json!({}),
            "class.merchantLocations[0].latitude",
        ),
        (
            rules::LEGACY_LOCATIONS,
            Offer,
            object(json!({ "locations": [{ "latitude": 1, "longitude": 2 }] })),
            object(json!({ "merchantLocations": [{ "latitude": 1, "longitude": 2 }] })),
            "object.locations",
        ),
        (
            rules::TEXT_MODULE_ID,
            Loyalty,
            object(module("a.b")),
            object(module("a_b-9")),
            "object.textModulesData[0].id",
        ),
        (
            rules::TEXT_MODULE_TWICE,
            Loyalty,
            object(json!({ "textModulesData": [{ "id": "a", "body": "1" }, { "id": "a", "body": "2" }] })),
            object(json!({ "textModulesData": [{ "id": "a", "body": "1" }, { "id": "b", "body": "2" }] })),
            "object.textModulesData[1].id",
        ),
        (
            rules::FIELD_PATH,
            EventTicket,
            class(row(&["object.seatInfo.gait"])),
            class(row(&["object.seatInfo.gate"])),
            "class.classTemplateInfo.cardTemplateOverride.cardRowTemplateInfos[0].oneItem.item.firstValue.fields[0].fieldPath",
        ),
        (
            rules::DATE_FORMAT,
            EventTicket,
            class(row(&["class.dateTime.start"])),
            class(rows(json!([{ "oneItem": { "item": { "firstValue": { "fields": [
                { "fieldPath": "class.dateTime.start", "dateFormat": "DATE_TIME" },
                { "fieldPath": "class.eventName" },
            ] } } } }]))),
            "class.classTemplateInfo.cardTemplateOverride.cardRowTemplateInfos[0].oneItem.item.firstValue.fields[0].dateFormat",
        ),
        (
            rules::TEXT_MODULE,
            Loyalty,
            both(row(&["object.textModulesData['points']"]), module("tier")),
            both(row(&["object.textModulesData['points']", "object.textModulesData['tier']"]), module("tier")),
            "class.classTemplateInfo.cardTemplateOverride.cardRowTemplateInfos[0].oneItem.item.firstValue.fields",
        ),
        (
            rules::CARD_ROW,
            Generic,
            object(module("points")),
            both(row(&["object.textModulesData['points']"]), module("points")),
            "object.textModulesData",
        ),
        (
            rules::BARCODE_VALUE,
            Loyalty,
            barcode("EAN_13", "4006381333932"),
            barcode("EAN_13", "4006381333931"),
            "object.barcode.value",
        ),
        (
            rules::BARCODE_VALUE,
            Loyalty,
            barcode("UPC_A", "0360002914X"),
            barcode("QR_CODE", "ü €"),
            "object.barcode.value",
        ),
        (
            rules::TEXT_ONLY,
            Loyalty,
            object(json!({ "barcode": { "type": "TEXT_ONLY", "value": "1", "alternateText": "one" } })),
            object(json!({ "barcode": { "type": "QR_CODE", "value": "1", "alternateText": "one" } })),
            "object.barcode.alternateText",
        ),
        (
            rules::SMART_TAP_VALUE,
            Loyalty,
            both(
                json!({ "enableSmartTap": true, "redemptionIssuers": ["1"] }),
                json!({ "smartTapRedemptionValue": "ü" }),
            ),
            both(
                json!({ "enableSmartTap": true, "redemptionIssuers": ["1"] }),
                json!({ "smartTapRedemptionValue": "u" }),
            ),
            "object.smartTapRedemptionValue",
        ),
        (
            rules::SMART_TAP,
            Loyalty,
            class(json!({ "enableSmartTap": true, "redemptionIssuers": ["1"] })),
            both(json!({ "enableSmartTap": true, "redemptionIssuers": ["1"] }), json!({ "accountId": "7" })),
            "object.smartTapRedemptionValue",
        ),
        (
            rules::LINKED_OBJECT,
            Loyalty,
            linked(json!([format!("{ISSUER}.o")])),
            linked(json!([format!("{ISSUER}.other")])),
            "object.linkedObjectIds[0]",
        ),
        (
            rules::LINKED_OBJECT,
            Loyalty,
            linked(json!(["3388000000000000002.x"])),
            json!({}),
            "object.linkedObjectIds[0]",
        ),
        (
            rules::LINKED_OBJECT,
            Loyalty,
            linked((0..51).map(|at| format!("{ISSUER}.{at}")).collect()),
            linked((0..50).map(|at| format!("{ISSUER}.{at}")).collect()),
            "object.linkedObjectIds",
        ),
        (
            rules::INTERVAL_ORDER,
            Loyalty,
            interval("2027-03-06T01:00:00+02:00", "2027-03-05T22:59:59Z"),
            interval("2027-03-06T01:00:00+02:00", "2027-03-05T23:00:00Z"),
            "object.validTimeInterval",
        ),
        (
            rules::INTERVAL_ORDER,
            EventTicket,
            class(json!({ "dateTime": { "start": "2027-03-05T20:00", "end": "2027-03-05T19:00" } })),
            class(json!({ "dateTime": { "start": "2027-03-05T20:00", "end": "2027-03-05T19:00Z" } })),
            "class.dateTime",
        ),
        (
            rules::REMINDER,
            Generic,
            both(
                json!({}),
                json!({
                    "notifications": { "expiryNotification": { "enableNotification": true } },
                    "validTimeInterval": { "start": { "date": "2027-03-05T20:00:00Z" } },
                }),
            ),
            object(json!({
                "notifications": {
                    "expiryNotification": { "enableNotification": false },
                    "upcomingNotification": { "enableNotification": true },
                },
                "validTimeInterval": { "start": { "date": "2027-03-05T20:00:00Z" } },
            })),
            "object.notifications.expiryNotification",
        ),
        (
            rules::BARCODE_HIDDEN,
            GiftCard,
            both(json!({ "allowBarcodeRedemption": null }), json!({ "barcode": { "type": "QR_CODE", "value": "1" } })),
            object(json!({ "barcode": { "type": "QR_CODE", "value": "1" } })),
            "class.allowBarcodeRedemption",
        ),
        (
            rules::RENDER_ENCODING,
            Loyalty,
            object(json!({ "barcode": { "type": "AZTEC", "value": "1", "renderEncoding": "UTF_8" } })),
            object(json!({ "barcode": { "type": "QR_CODE", "value": "1", "renderEncoding": "UTF_8" } })),
            "object.barcode.renderEncoding",
        ),
        (
            rules::MESSAGE_TYPE,
            Loyalty,
            class(json!({ "messages": [{ "header": "h", "body": "b", "messageType": "EXPIRATION_NOTIFICATION" }] })),
            class(json!({ "messages": [{ "header": "h", "body": "b", "messageType": "TEXT_AND_NOTIFY" }] })),
            "class.messages[0].messageType",
        ),
        (
            rules::PREDEFINED_ITEM,
            Loyalty,
            class(rows(json!([{ "oneItem": { "item": { "predefinedItem": FLYER } } }]))),
            json!({}),
            "class.classTemplateInfo.cardTemplateOverride.cardRowTemplateInfos[0].oneItem.item.predefinedItem",
        ),
        // Advice
        (
            rules::TEXT_LENGTH,
            Loyalty,
            class(json!({ "programName": "Club der anonymen Ä" .repeat(2) })),
            class(json!({ "programName": "ÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄ" })),
            "class.programName",
        ),
        (
            rules::TEXT_LENGTH,
            Loyalty,
            class(json!({ "localizedProgramName": text("A very long name of a club") })),
            class(json!({ "localizedProgramName": text("A club") })),
            "class.localizedProgramName",
        ),
        (
            rules::LIST_LENGTH,
            Loyalty,
            object(json!({ "messages": vec![json!({ "header": "h", "body": "b" }); 11] })),
            object(json!({ "messages": vec![json!({ "header": "h", "body": "b" }); 10] })),
            "object.messages",
        ),
    ]
}

const FLYER: &str = "FREQUENT_FLYER_PROGRAM_NAME_AND_NUMBER";
