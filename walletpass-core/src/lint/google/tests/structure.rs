//! Cases of identifiers, images, and fields that need or exclude each other.

use serde_json::json;

use super::super::Vertical::{EventTicket, Flight, Generic, GiftCard, Loyalty, Offer, Transit};
use super::super::rules;
use super::{Case, ISSUER, both, class, object, rows, text};

pub(super) fn cases() -> Vec<Case> {
    let image = |uri: &str| json!({ "object": { "heroImage": { "sourceUri": { "uri": uri } } } });
    vec![
        (
            rules::ISSUER_ID,
            Loyalty,
            object(json!({ "id": "BCR2DN4T.o" })),
            object(json!({ "id": format!("{ISSUER}.lib.edutap.eu") })),
            "object.id",
        ),
        (rules::ID_PREFIX, Loyalty, object(json!({ "id": "member7" })), json!({}), "object.id"),
        (rules::ID_PREFIX, Loyalty, object(json!({ "id": "3388000000000000002.o" })), json!({}), "object.id"),
        (
            rules::ID_SUFFIX,
            Loyalty,
            object(json!({ "id": format!("{ISSUER}.a@b") })),
            object(json!({ "id": format!("{ISSUER}.A-b_9.") })),
            "object.id",
        ),
        (rules::ID_SUFFIX, Loyalty, object(json!({ "id": format!("{ISSUER}.") })), json!({}), "object.id"),
        (
            rules::CLASS_ID,
            Loyalty,
            object(json!({ "classId": format!("{ISSUER}.C") })),
            both(json!({ "id": format!("{ISSUER}.C") }), json!({ "classId": format!("{ISSUER}.C") })),
            "object.classId",
        ),
        (
            rules::DRAFT_CLASS,
            Loyalty,
            class(json!({ "reviewStatus": "DRAFT" })),
            class(json!({ "reviewStatus": "UNDER_REVIEW" })),
            "class.reviewStatus",
        ),
        (rules::REVIEW_STATUS, Loyalty, class(json!({ "reviewStatus": "APPROVED" })), json!({}), "class.reviewStatus"),
        (
            rules::IMAGE_HTTP,
            Loyalty,
            image("http://img.example/a.png"),
            image("https://img.example/a.png"),
            "object.heroImage.sourceUri.uri",
        ),
        (
            rules::IMAGE_HOST,
            Loyalty,
            image("https://192.168.0.2/a.png"),
            image("https://192.169.0.2/a.png"),
            "object.heroImage.sourceUri.uri",
        ),
        (rules::IMAGE_HOST, Loyalty, image("http://localhost:8080/a.png"), json!({}), "object.heroImage.sourceUri.uri"),
        (
            rules::IMAGE_URL,
            Loyalty,
            image("/a.png"),
            image("https://img.example/@a.png"),
            "object.heroImage.sourceUri.uri",
        ),
        (
            rules::IMAGE_URL,
            Loyalty,
            image("https://me:pw@img.example/a.png"),
            json!({}),
            "object.heroImage.sourceUri.uri",
        ),
        (
            rules::IMAGE_SOURCE,
            Loyalty,
            object(
                json!({ "heroImage": { "sourceUri": { "uri": "https://img.example/a.png" }, "privateImageId": "1" } }),
            ),
            object(json!({ "imageModulesData": [{ "id": "i", "mainImage": { "privateImageId": "1" } }] })),
            "object.heroImage",
        ),
        (rules::IMAGE_SOURCE, Loyalty, object(json!({ "heroImage": {} })), json!({}), "object.heroImage"),
        (
            rules::IMAGE_SOURCE,
            Loyalty,
            object(json!({ "heroImage": { "sourceUri": {} } })),
            json!({}),
            "object.heroImage.sourceUri",
        ),
        (
            rules::PRIVATE_IMAGE,
            Loyalty,
            object(json!({ "heroImage": { "privateImageId": "1" } })),
            object(json!({ "imageModulesData": [{ "id": "i", "mainImage": { "privateImageId": "1" } }] })),
            "object.heroImage.privateImageId",
        ),
        (
            rules::PRIVATE_IMAGE,
            Loyalty,
            class(json!({ "imageModulesData": [{ "id": "i", "mainImage": { "privateImageId": "1" } }] })),
            json!({}),
            "class.imageModulesData[0].mainImage.privateImageId",
        ),
        (
            rules::BY_ARRANGEMENT,
            Loyalty,
            class(json!({ "multipleDevicesAndHoldersAllowedStatus": "ONE_USER_ONE_DEVICE" })),
            class(json!({ "multipleDevicesAndHoldersAllowedStatus": "ONE_USER_ALL_DEVICES" })),
            "class.multipleDevicesAndHoldersAllowedStatus",
        ),
        (
            rules::BY_ARRANGEMENT,
            Loyalty,
            object(json!({ "saveRestrictions": { "restrictToEmailSha256": "0123456789abcdef".repeat(4) } })),
            json!({}),
            "object.saveRestrictions",
        ),
        (
            rules::EMAIL_HASH,
            Loyalty,
            object(json!({ "saveRestrictions": { "restrictToEmailSha256": "0123456789ABCDEF".repeat(4) } })),
            json!({}),
            "object.saveRestrictions.restrictToEmailSha256",
        ),
        // 17, 40 and the conditions
        (rules::REQUIRED_FIELD, GiftCard, object(json!({ "cardNumber": null })), json!({}), "object.cardNumber"),
        (
            rules::REQUIRED_FIELD,
            GiftCard,
            object(json!({ "cardNumber": " " })),
            object(json!({ "cardNumber": "0" })),
            "object.cardNumber",
        ),
        (
            rules::REQUIRED_FIELD,
            Generic,
            object(json!({ "header": text("") })),
            object(json!({ "header": text(".") })),
            "object.header",
        ),
        (
            rules::REQUIRED_FIELD,
            EventTicket,
            class(json!({ "venue": { "name": text("Hall") } })),
            class(json!({ "venue": { "name": text("Hall"), "address": text("1 Road\nTown") } })),
            "class.venue.address",
        ),
        (
            rules::REQUIRED_FIELD,
            Loyalty,
            object(json!({ "loyaltyPoints": { "label": "Points" } })),
            object(json!({ "loyaltyPoints": { "label": "Points", "balance": { "int": 0 } } })),
            "object.loyaltyPoints.balance",
        ),
        (
            rules::REQUIRED_FIELD,
            Flight,
            object(json!({ "reservationInfo": { "frequentFlyerInfo": {} } })),
            object(json!({ "reservationInfo": { "frequentFlyerInfo": { "frequentFlyerNumber": "1" } } })),
            "object.reservationInfo.frequentFlyerInfo.frequentFlyerNumber",
        ),
        (
            rules::REQUIRED_FIELD,
            Transit,
            object(json!({ "ticketLeg": { "departureDateTime": null } })),
            object(json!({
                "ticketLeg": { "departureDateTime": null },
                "validTimeInterval": { "end": { "date": "2027-03-05T06:30:00" } },
            })),
            "object.ticketLeg.departureDateTime",
        ),
        (
            rules::REQUIRED_FIELD,
            Transit,
            object(json!({ "ticketLeg": { "originStationCode": null, "destinationStationCode": "LIS" } })),
            object(json!({ "ticketLeg": { "originStationCode": null } })),
            "object.ticketLeg.originStationCode",
        ),
        (
            rules::REQUIRED_FIELD,
            Transit,
            object(json!({ "ticketLeg": { "originName": null } })),
            object(json!({ "ticketLeg": { "originName": null, "destinationName": null } })),
            "object.ticketLeg.originName",
        ),
        (
            rules::REQUIRED_FIELD,
            Transit,
            class(json!({ "activationOptions": { "activationUrl": "https://acme.example" } })),
            both(
                json!({ "activationOptions": { "activationUrl": "https://acme.example" } }),
                json!({ "activationStatus": { "state": "NOT_ACTIVATED" } }),
            ),
            "object.activationStatus",
        ),
        (
            rules::REQUIRED_FIELD,
            Offer,
            object(json!({ "valueAddedModuleData": [{ "header": text("More") }] })),
            object(json!({ "valueAddedModuleData": [{ "header": text("More"), "uri": "https://acme.example" }] })),
            "object.valueAddedModuleData[0].uri",
        ),
        (
            rules::REQUIRED_FIELD,
            Offer,
            object(
                json!({ "appLinkData": { "webAppLinkInfo": { "appTarget": { "targetUri": { "uri": "https://acme.example" } } } } }),
            ),
            object(json!({ "appLinkData": { "webAppLinkInfo": { "appTarget": {
                "targetUri": { "uri": "https://acme.example", "description": "Shop" } } } } })),
            "object.appLinkData.webAppLinkInfo.appTarget.targetUri.description",
        ),
        (
            rules::REQUIRED_FIELD,
            EventTicket,
            class(rows(json!([{ "oneItem": { "item": { "secondValue": { "fields": [] } } } }]))),
            class(rows(
                json!([{ "oneItem": { "item": { "firstValue": { "fields": [] }, "secondValue": { "fields": [] } } } }]),
            )),
            "class.classTemplateInfo.cardTemplateOverride.cardRowTemplateInfos[0].oneItem.item.firstValue",
        ),
        (
            rules::ONE_OF,
            Loyalty,
            object(json!({ "loyaltyPoints": { "balance": { "int": 1, "string": "1" } } })),
            object(
                json!({ "loyaltyPoints": { "balance": { "money": { "micros": "1000000", "currencyCode": "EUR" } } } }),
            ),
            "object.loyaltyPoints.balance",
        ),
        (
            rules::ONE_OF,
            EventTicket,
            class(json!({ "gateLabel": "DOOR", "customGateLabel": text("Tor") })),
            class(json!({ "gateLabel": "DOOR", "customRowLabel": text("Reihe") })),
            "class",
        ),
        (
            rules::ONE_OF,
            Flight,
            class(json!({ "flightHeader": { "carrier": { "carrierIcaoCode": "SWR" } } })),
            class(json!({ "flightHeader": { "carrier": { "carrierIataCode": null, "carrierIcaoCode": "SWR" } } })),
            "class.flightHeader.carrier",
        ),
        (
            rules::ONE_OF,
            EventTicket,
            class(rows(json!([{}]))),
            class(rows(json!([]))),
            "class.classTemplateInfo.cardTemplateOverride.cardRowTemplateInfos[0]",
        ),
        (
            rules::FLIGHT_CODE,
            Flight,
            class(json!({ "flightHeader": { "flightNumber": "LX123" } })),
            class(json!({ "flightHeader": { "flightNumber": "0123" } })),
            "class.flightHeader.flightNumber",
        ),
        (
            rules::FLIGHT_CODE,
            Flight,
            class(json!({ "origin": { "airportIataCode": "LSZH" } })),
            class(json!({ "origin": { "airportIataCode": "BSL" } })),
            "class.origin.airportIataCode",
        ),
        (
            rules::FLIGHT_CODE,
            Flight,
            class(json!({ "flightHeader": { "carrier": { "carrierIataCode": "SWR" } } })),
            class(json!({ "flightHeader": { "carrier": { "carrierIataCode": "U2" } } })),
            "class.flightHeader.carrier.carrierIataCode",
        ),
    ]
}
