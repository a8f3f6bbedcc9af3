//! Cases of the style schemes and of what only new systems know: actions, NFC, links.

use serde_json::{Value, json};

use super::super::*;
use super::{Case, NFC_KEY, field, findings, good};
use crate::model::extra::merge;

/// A patch that makes a poster ticket of an event ticket.
fn poster(extra: Value) -> Value {
    let mut patch = json!({
        "barcodes": null,
        "preferredStyleSchemes": ["posterEventTicket", "eventTicket"],
        "nfc": { "message": "m", "encryptionPublicKey": NFC_KEY, "requiresAuthentication": false },
        "semantics": { "eventName": "Concert", "venueName": "Hall", "venueRegionName": "Berlin", "venueRoom": "Main" },
    });
    merge(patch.as_object_mut().unwrap(), extra.as_object().unwrap());
    patch
}

/// A patch that makes a semantic boarding pass of a boarding pass.
fn semantic(extra: Value) -> Value {
    let mut patch = json!({
        "preferredStyleSchemes": ["semanticBoardingPass", "boardingPass"],
        "boardingPass": { "transitType": "PKTransitTypeAir" },
        "semantics": {
            "airlineCode": "XB", "flightNumber": 1, "passengerName": { "givenName": "Ada" },
            "departureAirportCode": "OPO", "departureCityName": "Porto", "departureLocationTimeZone": "Europe/Lisbon",
            "destinationAirportCode": "ZRH", "destinationCityName": "Zürich", "destinationAirportTimeZone": "Europe/Zurich",
            "originalArrivalDate": "2027-03-05T09:30Z", "originalBoardingDate": "2027-03-05T06:00Z",
            "originalDepartureDate": "2027-03-05T06:30Z",
        },
    });
    merge(patch.as_object_mut().unwrap(), extra.as_object().unwrap());
    patch
}

pub(super) fn cases() -> Vec<Case> {
    [of_schemes(), of_upcoming(), of_actions(), of_values()].concat()
}

#[rustfmt::skip]
fn of_schemes() -> Vec<Case> {
    let tags = |extra: Value| poster(json!({ "semantics": extra }));
    let flight = |extra: Value| semantic(json!({ "semantics": extra }));
    let schemes = |list: Value| json!({ "preferredStyleSchemes": list });
    let mut cases = vec![
        (rules::STYLE_SCHEME, "coupon", schemes(json!(["coupon"])), schemes(json!([])), "preferredStyleSchemes"),
        (rules::STYLE_SCHEME, "eventTicket", schemes(json!(["posterTicket", "eventTicket"])), schemes(json!(["eventTicket"])), "preferredStyleSchemes[0]"),
        (rules::STYLE_SCHEME, "eventTicket", schemes(json!(["semanticBoardingPass", "eventTicket"])), poster(json!({})), "preferredStyleSchemes[0]"),
        (rules::STYLE_SCHEME, "eventTicket", poster(schemes(json!(["posterEventTicket"]))), poster(json!({})), "preferredStyleSchemes"),
        (rules::STYLE_SCHEME, "eventTicket", poster(schemes(json!(["eventTicket", "posterEventTicket"]))), json!({}), "preferredStyleSchemes"),
        (rules::STYLE_SCHEME, "boardingPass", schemes(json!(["boardingpass"])), semantic(json!({})), "preferredStyleSchemes[0]"),
        (rules::POSTER_TICKET, "eventTicket", poster(json!({ "nfc": null })), poster(json!({})), "nfc"),
        (rules::POSTER_TICKET, "eventTicket", poster(json!({ "nfc": { "requiresAuthentication": null } })), poster(json!({ "nfc": { "requiresAuthentication": false } })), "nfc.requiresAuthentication"),
        (rules::POSTER_TICKET, "eventTicket", tags(json!({ "eventType": "PKEventTypeLivePerformance", "performerNames": [""] })),
            tags(json!({ "eventType": "PKEventTypeLivePerformance", "performerNames": ["", "A"] })), "semantics.performerNames"),
        (rules::SEMANTIC_BOARDING, "boardingPass", semantic(json!({ "semantics": { "passengerName": { "givenName": null } } })), semantic(json!({})), "semantics.passengerName"),
        (rules::POSTER_TICKET, "eventTicket", tags(json!({ "eventType": "PKEventTypeSports", "homeTeamAbbreviation": "A" })),
            tags(json!({ "eventType": "PKEventTypeSports", "homeTeamAbbreviation": "A", "awayTeamAbbreviation": "B" })), "semantics.awayTeamAbbreviation"),
        (rules::POSTER_TICKET, "eventTicket", tags(json!({ "eventType": "PKEventTypeLivePerformance" })),
            tags(json!({ "eventType": "PKEventTypeLivePerformance", "performerNames": ["A"] })), "semantics.performerNames"),
        (rules::POSTER_TICKET, "eventTicket", tags(json!({ "venueRoom": " " })),
            poster(json!({ "semantics": { "venueRoom": null }, "eventTicket": { "headerFields": [field(json!({ "semantics": { "venueRoom": "1" } }))] } })), "semantics.venueRoom"),
        (rules::POSTER_BARCODE, "eventTicket", poster(json!({ "barcodes": good("coupon")["barcodes"] })), poster(json!({ "barcodes": [] })), "barcodes"),
        (rules::SEMANTIC_BOARDING, "boardingPass", semantic(json!({ "boardingPass": { "transitType": "PKTransitTypeTrain" } })), semantic(json!({})), "boardingPass.transitType"),
        (rules::SEMANTIC_BOARDING, "boardingPass", flight(json!({ "departureLocationTimeZone": null })),
            flight(json!({ "departureLocationTimeZone": null, "departureAirportTimeZone": "Europe/Lisbon" })), "semantics.departureLocationTimeZone"),
        (rules::POSTER_ALONE, "posterGeneric", json!({ "generic": null }), json!({ "generic": null, "coupon": {} }), "posterGeneric"),
        (rules::SCHEME_KEY, "eventTicket", json!({ "parkingInformationURL": "https://acme.com" }), poster(json!({ "parkingInformationURL": "https://acme.com" })), "parkingInformationURL"),
        (rules::SCHEME_KEY, "coupon", json!({ "useAutomaticColors": true }), json!({}), "useAutomaticColors"),
        (rules::SCHEME_KEY, "boardingPass", json!({ "upgradeURL": "https://acme.com" }), semantic(json!({ "upgradeURL": "https://acme.com" })), "upgradeURL"),
        (rules::SCHEME_KEY, "boardingPass", json!({ "orderFoodURL": "https://acme.com" }), semantic(json!({ "orderFoodURL": "https://acme.com" })), "orderFoodURL"),
        (rules::SCHEME_KEY, "generic", json!({ "suppressHeaderDarkening": true }), json!({ "posterGeneric": {}, "suppressHeaderDarkening": true }), "suppressHeaderDarkening"),
        // The classic groups of a semantic pass are judged like any.
        (rules::FIELD_INCOMPLETE, "boardingPass", semantic(json!({ "boardingPass": { "headerFields": [{ "key": "k" }] } })), semantic(json!({})), "boardingPass.headerFields[0].value"),
    ];
    for (tag, path) in [("eventName", "semantics.eventName"), ("venueName", "semantics.venueName"), ("venueRegionName", "semantics.venueRegionName")] {
        cases.push((rules::POSTER_TICKET, "eventTicket", tags(json!({ tag: null })), poster(json!({})), path));
    }
    for (tag, path) in [
        ("airlineCode", "semantics.airlineCode"), ("flightNumber", "semantics.flightNumber"), ("passengerName", "semantics.passengerName"),
        ("originalBoardingDate", "semantics.originalBoardingDate"), ("destinationCityName", "semantics.destinationCityName"),
    ] {
        cases.push((rules::SEMANTIC_BOARDING, "boardingPass", flight(json!({ tag: null })), semantic(json!({})), path));
    }
    cases
}

#[rustfmt::skip]
fn of_upcoming() -> Vec<Case> {
    let entry = |extra: Value| {
        let mut entry = json!({
            "identifier": "a", "name": "Round 1", "type": "event", "dateInformation": { "date": "2027-03-05T20:00Z" },
            "images": { "venueMap": { "URLs": [{ "SHA256": "0123456789abcdefABCDEF".repeat(3)[..64], "URL": "https://acme.com/m.png", "scale": 2, "size": 2_097_152 }] } },
        });
        merge(entry.as_object_mut().unwrap(), extra.as_object().unwrap());
        entry
    };
    let one = |extra: Value| poster(json!({ "upcomingPassInformation": [entry(extra)] }));
    let file = |extra: Value| {
        let mut file = entry(json!({}))["images"]["venueMap"]["URLs"][0].take();
        merge(file.as_object_mut().unwrap(), extra.as_object().unwrap());
        one(json!({ "images": { "venueMap": { "URLs": [file] } } }))
    };
    let many = |ids: [&str; 2]| poster(json!({ "upcomingPassInformation": ids.map(|id| entry(json!({ "identifier": id }))) }));
    vec![
        (rules::UPCOMING_EVENT, "eventTicket", many(["a", "a"]), many(["a", "b"]), "upcomingPassInformation[1].identifier"),
        (rules::UPCOMING_EVENT, "eventTicket", one(json!({ "dateInformation": { "date": null } })), one(json!({ "dateInformation": { "date": null, "isUndetermined": true } })), "upcomingPassInformation[0].dateInformation.date"),
        (rules::UPCOMING_EVENT, "eventTicket", file(json!({ "SHA256": "abc" })), one(json!({ "dateInformation": null })), "upcomingPassInformation[0].images.venueMap.URLs[0].SHA256"),
        (rules::UPCOMING_EVENT, "eventTicket", file(json!({ "URL": "http://acme.com/m.png" })), file(json!({ "scale": null })), "upcomingPassInformation[0].images.venueMap.URLs[0].URL"),
        (rules::UPCOMING_EVENT, "eventTicket", file(json!({ "size": 2_097_153 })), file(json!({ "size": 0 })), "upcomingPassInformation[0].images.venueMap.URLs[0].size"),
        (rules::UPCOMING_EVENT, "eventTicket", file(json!({ "scale": 4 })), file(json!({ "scale": 3 })), "upcomingPassInformation[0].images.venueMap.URLs[0].scale"),
        (rules::SCHEME_KEY, "eventTicket", json!({ "upcomingPassInformation": [entry(json!({}))] }), one(json!({})), "upcomingPassInformation"),
    ]
}

#[rustfmt::skip]
fn of_actions() -> Vec<Case> {
    let shop = |id: &str| json!({ "identifier": id, "type": "shop", "url": "https://acme.com" });
    let actions = |ids: &[&str]| json!({ "featuredActions": ids.iter().map(|id| shop(id)).collect::<Value>() });
    let action = |action: Value| json!({ "featuredActions": [action] });
    let place = |extra: Value| { let mut place = json!({ "identifier": "a", "type": "place", "placeIdentifier": "I1" }); merge(place.as_object_mut().unwrap(), extra.as_object().unwrap()); action(place) };
    vec![
        (rules::FEATURED_ACTION, "coupon", actions(&["a", "b", "c"]), actions(&["a", "b"]), "featuredActions"),
        (rules::FEATURED_ACTION, "coupon", actions(&["a", "a"]), json!({}), "featuredActions[1].identifier"),
        (rules::FEATURED_ACTION, "coupon", place(json!({ "placeIdentifier": null })), place(json!({})), "featuredActions[0].placeIdentifier"),
        (rules::FEATURED_ACTION, "coupon", place(json!({ "url": "https://acme.com" })), json!({}), "featuredActions[0].url"),
        (rules::FEATURED_ACTION, "coupon", action(json!({ "identifier": "a", "type": "order" })), json!({}), "featuredActions[0].url"),
        (rules::FEATURED_ACTION, "coupon", action(json!({ "identifier": "a", "type": "order", "url": "acme.com" })), json!({}), "featuredActions[0].url"),
        (rules::FEATURED_ACTION, "coupon", action(json!({ "identifier": "a", "type": "call", "url": "https://acme.com" })), action(json!({ "identifier": "a", "type": "call", "url": "tel:+4930" })), "featuredActions[0].url"),
        (rules::FEATURED_ACTION, "coupon", action(json!({ "type": "shop", "url": "https://acme.com" })), json!({}), "featuredActions[0].identifier"),
        (rules::UNKNOWN_ENUM, "coupon", action(json!({ "identifier": "a", "type": "buy", "url": "https://acme.com" })), json!({}), "featuredActions[0].type"),
        (rules::FEATURED_ACTION, "eventTicket", poster(actions(&["a"])), poster(actions(&[])), "featuredActions"),
    ]
}

#[rustfmt::skip]
fn of_values() -> Vec<Case> {
    let nfc = |extra: Value| {
        let mut nfc = json!({ "message": "m", "encryptionPublicKey": NFC_KEY });
        merge(nfc.as_object_mut().unwrap(), extra.as_object().unwrap());
        json!({ "nfc": nfc })
    };
    let guide = |key: &str, value: &str| poster(json!({ key: value }));
    let tag = |name: &str, value: &str| json!({ "semantics": { name: value } });
    vec![
        (rules::NFC_MESSAGE, "coupon", nfc(json!({ "message": "ü".repeat(33) })), nfc(json!({ "message": "ü".repeat(32) })), "nfc.message"),
        (rules::NFC_MESSAGE, "coupon", nfc(json!({ "message": "" })), nfc(json!({})), "nfc.message"),
        (rules::NFC_KEY, "coupon", nfc(json!({ "encryptionPublicKey": format!("{NFC_KEY}\n") })), nfc(json!({})), "nfc.encryptionPublicKey"),
        (rules::NFC_SHARING, "coupon", nfc(json!({ "requiresAuthentication": true })),
            json!({ "nfc": { "message": "m", "encryptionPublicKey": NFC_KEY, "requiresAuthentication": true }, "sharingProhibited": true }), "sharingProhibited"),
        (rules::LINK, "eventTicket", guide("sellURL", "www.acme.com"), guide("sellURL", "https://www.acme.com"), "sellURL"),
        (rules::LINK, "eventTicket", guide("contactVenueWebsite", "acme.com:443/x"), guide("contactVenueWebsite", "http://acme.com"), "contactVenueWebsite"),
        (rules::LINK, "coupon", json!({ "appLaunchURL": "open", "associatedStoreIdentifiers": [1] }), json!({ "appLaunchURL": "acme://open", "associatedStoreIdentifiers": [1] }), "appLaunchURL"),
        (rules::CONTACT, "eventTicket", guide("contactVenueEmail", "mailto:a@acme.com"), guide("contactVenueEmail", "a@acme.com"), "contactVenueEmail"),
        (rules::CONTACT, "boardingPass", semantic(json!({ "transitProviderPhoneNumber": "call us" })), semantic(json!({ "transitProviderPhoneNumber": "+49 30 12345" })), "transitProviderPhoneNumber"),
        (rules::TIME_ZONE, "boardingPass", tag("departureLocationTimeZone", "Europe/Porto"), tag("departureLocationTimeZone", "Europe/Lisbon"), "semantics.departureLocationTimeZone"),
        (rules::TIME_ZONE, "eventTicket", json!({ "semantics": { "eventStartDateInfo": { "timeZone": "+01:00" } } }), json!({ "semantics": { "eventStartDateInfo": { "timeZone": "UTC" } } }), "semantics.eventStartDateInfo.timeZone"),
        (rules::SEMANTIC_WORD, "boardingPass", tag("departureGate", "Gate A12"), tag("departureGate", "A12"), "semantics.departureGate"),
        (rules::SEMANTIC_WORD, "boardingPass", tag("destinationTerminal", "TERMINAL: 2"), tag("destinationTerminal", "Gateway"), "semantics.destinationTerminal"),
        (rules::SEMANTIC_WORD, "boardingPass", tag("departurePlatform", "platform 9 3/4"), tag("departurePlatform", "9 3/4"), "semantics.departurePlatform"),
        (rules::SEMANTIC_WORD, "boardingPass", tag("boardingZone", "Zone 1"), tag("boardingZone", "1"), "semantics.boardingZone"),
    ]
}

#[test]
fn a_poster_ticket_that_lacks_everything_says_each_thing() {
    let found = findings("eventTicket", &json!({ "preferredStyleSchemes": ["posterEventTicket", "eventTicket"] }));
    let paths: Vec<_> = found.iter().map(|finding| finding.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "semantics.eventName",
            "semantics.venueName",
            "semantics.venueRegionName",
            "semantics.venueRoom",
            "nfc",
            "barcodes"
        ]
    );
    let found = findings("boardingPass", &json!({ "preferredStyleSchemes": ["semanticBoardingPass", "boardingPass"] }));
    assert_eq!(found.len(), 13, "twelve tags and the transit type");
}

#[test]
fn an_update_keeps_its_identity() {
    let old = good("coupon");
    let changed = |patch: Value| {
        let mut new = old.clone();
        merge(new.as_object_mut().unwrap(), patch.as_object().unwrap());
        let found = check_update(old.as_object().unwrap(), new.as_object().unwrap());
        found.into_iter().map(|finding| (finding.rule, finding.path, finding.cause)).collect::<Vec<_>>()
    };
    assert_eq!(changed(json!({ "description": "Other", "voided": true })), []);
    for (patch, rule, path) in [
        (json!({ "serialNumber": "8" }), rules::UPDATE_IDENTITY, "serialNumber"),
        (json!({ "passTypeIdentifier": null }), rules::UPDATE_IDENTITY, "passTypeIdentifier"),
        (json!({ "authenticationToken": "fedcba9876543210" }), rules::UPDATE_TOKEN, "authenticationToken"),
        (json!({ "authenticationToken": null }), rules::UPDATE_TOKEN, "authenticationToken"),
        (json!({ "webServiceURL": "https://acme.com" }), rules::UPDATE_WEB_SERVICE, "webServiceURL"),
    ] {
        let found = changed(patch);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].0, found[0].1.as_str()), (rule.id, path));
        assert!(!found[0].2.contains("cdef") && !found[0].2.contains("dcba"), "no token");
    }
    let first = json!({ "passTypeIdentifier": "pass.com.acme.club", "serialNumber": "7" });
    assert_eq!(check_update(first.as_object().unwrap(), old.as_object().unwrap()), [], "a pass may get a web service");
}
