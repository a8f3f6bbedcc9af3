//! Cases of what surrounds the pass: places, times, semantic tags, the network.

use serde_json::{Value, json};

use super::super::rules;
use super::{Case, back};
use crate::model::extra::merge;

pub(super) fn cases() -> Vec<Case> {
    let places = |count: usize| json!({ "locations": vec![json!({ "latitude": 1, "longitude": 2.5 }); count] });
    let beacons = |count: usize| {
        let beacon = |at: usize| json!({ "proximityUUID": format!("F8F589E9-C07E-58D9-FB13-EA50F9F2B9{at:02}") });
        json!({ "beacons": (0..count).map(beacon).collect::<Value>() })
    };
    let beacon = |extra: Value| {
        let mut beacon = json!({ "proximityUUID": "F8F589E9-C07E-58D9-FB13-EA50F9F2B9CB", "major": 65535, "minor": 0 });
        merge(beacon.as_object_mut().unwrap(), extra.as_object().unwrap());
        json!({ "beacons": [beacon] })
    };
    let relevant = |entry: Value| json!({ "relevantDates": [entry] });
    vec![
        (
            rules::LOCATION,
            "coupon",
            json!({ "locations": [{ "latitude": "52", "longitude": 13 }] }),
            json!({ "locations": [{ "latitude": -90, "longitude": 180, "altitude": 3 }] }),
            "locations[0].latitude",
        ),
        (
            rules::LOCATION,
            "coupon",
            json!({ "locations": [{ "latitude": 91, "longitude": 0 }] }),
            json!({}),
            "locations[0].latitude",
        ),
        (rules::LOCATION, "coupon", json!({ "locations": [{ "latitude": 0 }] }), json!({}), "locations[0].longitude"),
        (rules::LOCATION_COUNT, "coupon", places(11), places(10), "locations"),
        (
            rules::BEACON,
            "coupon",
            beacon(json!({ "proximityUUID": null })),
            beacon(json!({})),
            "beacons[0].proximityUUID",
        ),
        (rules::BEACON, "coupon", beacon(json!({ "major": 65536 })), beacon(json!({ "major": 1 })), "beacons[0].major"),
        (rules::BEACON, "coupon", beacon(json!({ "minor": "7" })), beacon(json!({ "minor": 7 })), "beacons[0].minor"),
        (rules::BEACON_COUNT, "coupon", beacons(11), beacons(10), "beacons"),
        (
            rules::RELEVANCE,
            "coupon",
            json!({ "locations": null, "relevantDate": "2027-03-05T20:00Z" }),
            json!({ "relevantDate": "2027-03-05T20:00Z" }),
            "relevantDate",
        ),
        (
            rules::EXPIRED,
            "coupon",
            json!({ "expirationDate": "2026-12-31T23:59Z" }),
            json!({ "expirationDate": "2027-01-01T00:00Z" }),
            "expirationDate",
        ),
        (
            rules::EXPIRED,
            "coupon",
            json!({ "expirationDate": "2026-12-31T23:59Z", "voided": false }),
            json!({ "expirationDate": "2026-12-31T23:59Z", "voided": true }),
            "expirationDate",
        ),
        (
            rules::EXPIRED,
            "generic",
            json!({ "relevantDate": "2026-12-31T23:59Z" }),
            json!({ "relevantDate": "2027-12-31T23:59Z" }),
            "relevantDate",
        ),
        (
            rules::RELEVANT_INTERVAL,
            "eventTicket",
            relevant(json!({ "startDate": "2027-03-05T20:00Z", "endDate": "2027-03-06T20:01Z" })),
            relevant(json!({ "startDate": "2027-03-05T20:00Z", "endDate": "2027-03-06T20:00Z" })),
            "relevantDates[0].endDate",
        ),
        (
            rules::RELEVANT_INTERVAL,
            "eventTicket",
            relevant(json!({ "startDate": "2027-03-05T20:00Z", "endDate": "2027-03-05T20:00+01:00" })),
            json!({}),
            "relevantDates[0].endDate",
        ),
        (
            rules::RELEVANT_INTERVAL,
            "eventTicket",
            relevant(json!({ "startDate": "2027-03-05T20:00Z" })),
            json!({}),
            "relevantDates[0].endDate",
        ),
        (
            rules::RELEVANT_INTERVAL,
            "eventTicket",
            relevant(json!({ "endDate": "2027-03-05T20:00Z" })),
            json!({}),
            "relevantDates[0].startDate",
        ),
        (
            rules::RELEVANT_INTERVAL,
            "eventTicket",
            relevant(json!({})),
            relevant(json!({ "startDate": "2027-03-05T20:00Z", "endDate": "2027-03-05T22:00Z" })),
            "relevantDates[0]",
        ),
        (
            rules::RELEVANT_DATE_KEY,
            "eventTicket",
            relevant(json!({ "date": "2027-03-05T20:00Z" })),
            relevant(json!({ "date": "2027-03-05T20:00Z", "relevantDate": "2027-03-05T20:00Z" })),
            "relevantDates[0]",
        ),
        (
            rules::RELEVANT_DATE_KEY,
            "eventTicket",
            relevant(json!({ "relevantDate": "2027-03-05T20:00Z" })),
            json!({ "relevantDate": "2027-03-05T20:00Z" }),
            "relevantDates[0]",
        ),
        (
            rules::SEMANTIC_TYPE,
            "eventTicket",
            json!({ "semantics": { "eventStartDateInfo": "2027-03-05T20:00Z" } }),
            json!({ "semantics": { "eventStartDateInfo": { "date": "2027-03-05T20:00Z", "timeZone": "Europe/Berlin" } } }),
            "semantics.eventStartDateInfo",
        ),
        (
            rules::SEMANTIC_TYPE,
            "boardingPass",
            json!({ "semantics": { "flightNumber": "123" } }),
            json!({ "semantics": { "flightNumber": 123 } }),
            "semantics.flightNumber",
        ),
        (
            rules::SEMANTIC_TYPE,
            "storeCard",
            back(json!({ "semantics": { "artistIDs": [4711] } })),
            back(json!({ "semantics": { "artistIDs": ["4711"] } })),
            "storeCard.backFields[0].semantics.artistIDs[0]",
        ),
        (
            rules::SEMANTIC_TYPE,
            "eventTicket",
            json!({ "semantics": { "wifiAccess": [{ "ssid": "guest" }] } }),
            json!({ "semantics": { "wifiAccess": [{ "ssid": "guest", "password": "p" }] } }),
            "semantics.wifiAccess[0].password",
        ),
        (rules::GROUPING, "coupon", json!({ "groupingIdentifier": "g" }), json!({}), "groupingIdentifier"),
        (rules::GROUPING, "generic", json!({ "groupingIdentifier": "g" }), json!({}), "groupingIdentifier"),
        (
            rules::WEB_SERVICE_URL,
            "coupon",
            json!({ "webServiceURL": "http://acme.com" }),
            json!({ "webServiceURL": "https://acme.com:8443" }),
            "webServiceURL",
        ),
        (rules::WEB_SERVICE_URL, "coupon", json!({ "webServiceURL": "/passes" }), json!({}), "webServiceURL"),
        (
            rules::WEB_SERVICE_URL,
            "coupon",
            json!({ "webServiceURL": "https://acme.com/a b" }),
            json!({}),
            "webServiceURL",
        ),
        (
            rules::WEB_SERVICE_VERSION,
            "coupon",
            json!({ "webServiceURL": "https://acme.com/v1/" }),
            json!({ "webServiceURL": "https://acme.com/v1/passes" }),
            "webServiceURL",
        ),
        (
            rules::AUTHENTICATION_TOKEN,
            "coupon",
            json!({ "authenticationToken": "0123456789abcde" }),
            json!({ "authenticationToken": "0123456789abcdef0" }),
            "authenticationToken",
        ),
        (
            rules::AUTHENTICATION_TOKEN,
            "coupon",
            json!({ "authenticationToken": null }),
            json!({ "authenticationToken": null, "webServiceURL": null }),
            "authenticationToken",
        ),
        (rules::UNUSED_TOKEN, "coupon", json!({ "webServiceURL": null }), json!({}), "authenticationToken"),
        (
            rules::APP_LAUNCH_URL,
            "coupon",
            json!({ "appLaunchURL": "acme:" }),
            json!({ "appLaunchURL": "acme:", "associatedStoreIdentifiers": [1] }),
            "appLaunchURL",
        ),
    ]
}
