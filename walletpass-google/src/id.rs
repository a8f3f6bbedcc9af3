//! Ids of classes and objects: `issuer.suffix`, where the suffix may hold `A–Z a–z 0–9 . _ -`.
//!
//! An id can never be freed or renamed, so ids follow from content alone: the same pass has the same ids on every machine.
//! <https://developers.google.com/wallet/reference/rest/v1/loyaltyobject>

use openssl::sha::Sha256;
use serde_json::{Map, Value, json};
use walletpass_core::lint::google::Vertical;
use walletpass_core::{IssuerId, Serial};

use crate::sorted::written;

/// Gives the id of the object for a serial number.
///
/// Serial numbers that Google allows stay readable, others are hashed. The vertical stands in front, since ids are unique
/// over all objects of an issuer, and a hash is marked, so that no serial number can be written that looks like one.
pub(crate) fn object_id(issuer: &IssuerId, vertical: Vertical, serial: &Serial) -> String {
    let (name, serial) = (vertical.name(), serial.as_str());
    let is_legal = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    if name.len() + 1 + serial.len() <= MAX_SUFFIX && serial.bytes().all(is_legal) {
        return [issuer.as_str(), ".", name, ".", serial].concat();
    }
    let mut hash = Sha256::new();
    hash.update(serial.as_bytes());
    // 200 bits.
    format!("{issuer}.{name}_h.{}", base32(&hash.finish(), 40))
}

/// Gives the id of the class with this content: equal content has one id, whatever made it.
///
/// For a flight, what stays counts alone: airline, number, day of departure, origin and destination. Gate, times and status
/// are on the class too, and a new gate must reach those who hold the flight, rather than make a second class.
pub(crate) fn class_id(issuer: &IssuerId, vertical: Vertical, class: &Map<String, Value>) -> String {
    let flight = (vertical == Vertical::Flight).then(|| identity_of_flight(class)).flatten();
    let mut hash = Sha256::new();
    hash.update(&written(flight.as_ref().unwrap_or(class)));
    // 100 bits: two classes of an issuer will not meet.
    [issuer.as_str(), ".", vertical.name(), ".", &base32(&hash.finish(), 20)].concat()
}

/// Gives what makes a flight this one, if all of it is known.
fn identity_of_flight(class: &Map<String, Value>) -> Option<Map<String, Value>> {
    let (header, carrier) = (class.get("flightHeader")?, class.get("flightHeader")?.get("carrier")?);
    let one_of = |holder: &Value, keys: [&str; 2]| keys.iter().find_map(|key| holder.get(*key).cloned());
    let departure = class.get("localScheduledDepartureDateTime")?.as_str()?;
    let airport = |key: &str| one_of(class.get(key)?, ["airportIataCode", "airportNameOverride"]);
    let identity = json!({
        "airline": one_of(carrier, ["carrierIataCode", "carrierIcaoCode"])?,
        "number": header.get("flightNumber")?,
        "day": departure.split_once('T')?.0,
        "from": airport("origin")?,
        "to": airport("destination")?,
    });
    identity.as_object().cloned()
}

/// Writes bytes in base 32 (RFC 4648 section 6), in lower case, without padding, and the first `most` digits of it.
fn base32(bytes: &[u8], most: usize) -> String {
    const ALPHABET: [char; 32] = [
        'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v',
        'w', 'x', 'y', 'z', '2', '3', '4', '5', '6', '7',
    ];
    let digits = (bytes.len() * 8).div_ceil(5);
    let byte = |index: usize| bytes.get(index).copied().map_or(0, usize::from);
    // The five bits of a digit lie in two bytes.
    let digit = |digit: usize| {
        let (index, offset) = (digit * 5 / 8, digit * 5 % 8);
        ((byte(index) << 8 | byte(index + 1)) >> (11 - offset)) & 31
    };
    (0..digits.min(most)).filter_map(|index| ALPHABET.get(digit(index))).collect()
}

/// The longest suffix; Google states no limit, and its other ids have this one.
const MAX_SUFFIX: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    fn issuer() -> IssuerId {
        "3388000000000000001".parse().unwrap()
    }

    #[test]
    fn base32_agrees_with_the_rfc() {
        for (bytes, text) in [("", ""), ("f", "my"), ("fo", "mzxq"), ("foo", "mzxw6"), ("foobar", "mzxw6ytboi")] {
            assert_eq!(base32(bytes.as_bytes(), 16), text);
        }
    }

    #[test]
    fn different_serials_have_different_legal_ids() {
        let serials = ["a.b", "a_b", "a b", "a/b", "a@b", "ä", "a", "h.mzxw6", "_h.mzxw6"];
        let hashed = object_id(&issuer(), Vertical::Loyalty, &"a b".parse().unwrap());
        let imitation = hashed.strip_prefix("3388000000000000001.loyalty").unwrap();
        let mut ids: Vec<String> = serials
            .iter()
            .chain([&imitation, &"x".repeat(57).as_str(), &"x".repeat(58).as_str()])
            .map(|serial| object_id(&issuer(), Vertical::Loyalty, &serial.parse().unwrap()))
            .collect();
        for id in &ids {
            let suffix = id.strip_prefix("3388000000000000001.").unwrap();
            assert!(suffix.len() <= MAX_SUFFIX, "{id}");
            assert!(suffix.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)), "{id}");
        }
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), serials.len() + 3);
    }

    #[test]
    fn classes_of_equal_content_share_an_id() {
        let class = |json: &str| serde_json::from_str::<Map<String, Value>>(json).unwrap();
        let id = |json| class_id(&issuer(), Vertical::Offer, &class(json));
        assert_eq!(id(r#"{ "a": 1, "b": 2 }"#), id(r#"{ "b": 2, "a": 1 }"#));
        assert_ne!(id(r#"{ "a": 1 }"#), id(r#"{ "a": 2 }"#));
        assert_eq!(id("{}"), "3388000000000000001.offer.iqjw7i2vwntyuekgvulp");
    }

    #[test]
    fn a_flight_is_the_same_at_another_gate_and_another_on_another_day() {
        let id = |gate: &str, departure: &str, number: &str| {
            let class = json!({
                "flightHeader": { "carrier": { "carrierIataCode": "XB" }, "flightNumber": number },
                "localScheduledDepartureDateTime": departure, "issuerName": gate,
                "origin": { "airportIataCode": "OPO", "gate": gate }, "destination": { "airportIataCode": "ZRH" },
            });
            class_id(&issuer(), Vertical::Flight, class.as_object().unwrap())
        };
        let flight = id("14", "2027-03-05T06:30:00", "123");
        assert_eq!(flight, id("B4", "2027-03-05T07:10:00", "123"));
        assert_ne!(flight, id("14", "2027-03-06T06:30:00", "123"));
        assert_ne!(flight, id("14", "2027-03-05T06:30:00", "124"));
        // Where a part of it is missing, all content counts.
        assert_ne!(id("14", "", "123"), id("B4", "", "123"));
    }
}
