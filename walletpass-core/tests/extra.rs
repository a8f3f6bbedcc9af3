//! Raw JSON that stands over facts is told, and what is wrong with it is found where it is written.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use walletpass_core::{Pass, projection};

fn findings(extra: Value) -> Vec<String> {
    let json = json!({
        "serial": "1", "organization": "Acme", "extra": extra, "dates": { "expires": "2040-01-01T00:00:00Z" },
        "kind": { "giftCard": { "number": "6035", "balance": { "amount": "10.00", "currency": "EUR" } } },
        "art": { "icon": "icon.png" },
    });
    let pass = Pass::from_json(json.to_string().as_bytes()).unwrap();
    let now = "2027-01-01T00:00:00Z".parse().unwrap();
    let apple = projection::apple(&pass, &"pass.com.acme.club".parse().unwrap(), &"A1B2C3D4E5".parse().unwrap(), now);
    let google = projection::google(&pass, now);
    apple.report.join(google.report).findings.iter().map(ToString::to_string).collect()
}

#[test]
fn raw_json_over_a_fact_is_told() {
    assert_eq!(
        findings(
            json!({ "apple": { "expirationDate": "2041-01-01T00:00:00Z" }, "googleObject": { "cardNumber": "1" } })
        ),
        [
            "warning [pass-raw-over-fact] extra.apple.expirationDate: the raw JSON stands over `dates.expires`, and a change \
             of that does not show there; leave it out, or keep it in step",
            "warning [pass-raw-over-fact] extra.googleObject.cardNumber: the raw JSON stands over `kind.giftCard.number`, and \
             a change of that does not show there; leave it out, or keep it in step",
        ]
    );
    let same_or_more = json!({ "apple": { "expirationDate": "2040-01-01T00:00:00+00:00", "maxDistance": 50 } });
    assert_eq!(findings(same_or_more), [""; 0]);
}

#[test]
fn what_is_wrong_with_raw_json_is_found_where_it_is_written() {
    let found = findings(json!({ "apple": { "locations": [{ "latitude": 99, "longitude": 0 }] } }));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("locations[0].latitude (`extra.apple.locations[0].latitude` of the pass)"), "{found:?}");
}
