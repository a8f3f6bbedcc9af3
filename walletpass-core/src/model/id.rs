//! Identifiers, parsed once and legal for ever.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// Tells one pass from every other of its issuer: Apple's `serialNumber`, and the root of Google's object id.
///
/// 1 to 128 bytes of text without control characters. On a phone a pass with the serial number of another replaces it,
/// so make it unique and hard to guess.
/// <https://developer.apple.com/documentation/walletpasses/pass>
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Serial(String);

/// The reverse-DNS name that Apple registered for a kind of pass: `pass.com.example.loyalty`.
/// <https://developer.apple.com/documentation/walletpasses/pass>
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PassTypeId(String);

/// The ten characters A–Z and 0–9 by which Apple knows a developer team.
/// <https://developer.apple.com/documentation/walletpasses/pass>
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TeamId(String);

/// The number by which Google knows an issuer: 10 to 20 digits, as the Google Pay & Wallet console shows it.
/// <https://developers.google.com/wallet/generic/getting-started/issuer-onboarding>
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IssuerId(String);

/// The id of a pass at Google: the issuer id, a dot, and 1 or more of `A–Z a–z 0–9 . _ -`, at most 128 bytes in all.
/// <https://developers.google.com/wallet/reference/rest/v1/genericobject>
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ObjectId(String);

/// The key of a field that the caller places himself: 1 to 64 of `A–Z a–z 0–9 _ -`, unique in its pass.
///
/// It cannot begin with `_`, as the keys of links and addresses do that the library adds, nor be that of a
/// [`Role`](crate::Role) which the pass shows.
///
/// Google's text modules allow no more (a dot would end a field path), Apple's field keys take it as it is.
/// <https://developer.apple.com/documentation/walletpasses/passfieldcontent>
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FieldKey(String);

/// The proximity UUID of Bluetooth beacons: `F8F589E9-C07E-58D9-FB13-EA50F9F2B9CB`.
/// <https://developer.apple.com/documentation/walletpasses/pass/beacons-data.dictionary>
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BeaconId(String);

/// A SHA-256 digest in 64 hexadecimal digits.
/// FIPS 180-4.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sha256(String);

/// An airport by its IATA code: `OPO`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AirportCode(String);

/// A carrier by its IATA code of two characters (`LX`) or its ICAO code of three letters (`SWR`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CarrierCode(String);

impl CarrierCode {
    /// Says whether it is an IATA code rather than an ICAO code.
    pub fn is_iata(&self) -> bool {
        self.0.len() == 2
    }
}

/// The number of a flight without its carrier: 1 to 4 digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FlightNumber(String);

/// Says why an identifier was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not {what}: {rule}")]
pub struct IdError {
    text: String,
    what: &'static str,
    rule: &'static str,
}

fn check_serial(text: &str) -> bool {
    (1..=128).contains(&text.len()) && !text.chars().any(char::is_control)
}

fn check_pass_type(text: &str) -> bool {
    text.len() <= 255
        && text.strip_prefix("pass.").is_some_and(|rest| {
            rest.split('.').all(|label| {
                !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            })
        })
}

fn check_team(text: &str) -> bool {
    text.len() == 10 && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

fn check_issuer(text: &str) -> bool {
    (10..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

fn check_object(text: &str) -> bool {
    text.len() <= 128
        && text.split_once('.').is_some_and(|(issuer, suffix)| {
            check_issuer(issuer)
                && !suffix.is_empty()
                && suffix.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
        })
}

fn check_field_key(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && !text.starts_with('_')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

pub(crate) fn check_beacon(text: &str) -> bool {
    let mut groups = text.split('-');
    [8, 4, 4, 4, 12].into_iter().all(|count| {
        groups.next().is_some_and(|group| group.len() == count && group.bytes().all(|byte| byte.is_ascii_hexdigit()))
    }) && groups.next().is_none()
}

fn check_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn check_airport(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase())
}

fn check_carrier(text: &str) -> bool {
    match text.len() {
        2 => text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()),
        3 => text.bytes().all(|b| b.is_ascii_uppercase()),
        _ => false,
    }
}

fn check_flight_number(text: &str) -> bool {
    (1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

macro_rules! identifier {
    ($name:ident, $check:ident, $what:literal, $rule:literal) => {
        impl $name {
            /// Gives the identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::try_from(text.to_owned())
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                if $check(&text) {
                    return Ok(Self(text));
                }
                Err(IdError { text: shortened(text), what: $what, rule: $rule })
            }
        }

        impl TryFrom<&str> for $name {
            type Error = IdError;

            fn try_from(text: &str) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "description": concat!($what, ": ", $rule) })
            }
        }
    };
}

identifier!(
    Serial,
    check_serial,
    "a serial number",
    "use 1 to 128 bytes without line breaks or other control characters"
);
identifier!(
    PassTypeId,
    check_pass_type,
    "a pass type identifier",
    "write it as registered with Apple, `pass.` and a reverse-DNS name"
);
identifier!(TeamId, check_team, "an Apple team id", "it has ten characters A-Z and 0-9");
identifier!(
    IssuerId,
    check_issuer,
    "a Google issuer id",
    "it is the number of 10 to 20 digits in the Google Pay & Wallet console, not the merchant id and not the account code"
);
identifier!(
    ObjectId,
    check_object,
    "the id of a pass at Google",
    "write the issuer id, a dot, and letters, digits, `.`, `_` and `-`, such as 3388000000000000001.loyalty.4711"
);
identifier!(
    BeaconId,
    check_beacon,
    "a beacon",
    "write its UUID with hyphens, such as F8F589E9-C07E-58D9-FB13-EA50F9F2B9CB"
);
identifier!(Sha256, check_sha256, "a SHA-256 digest", "write its 64 hexadecimal digits, as `sha256sum` does");
identifier!(AirportCode, check_airport, "an airport", "write its IATA code, three capitals such as OPO");
identifier!(
    CarrierCode,
    check_carrier,
    "a carrier",
    "write its IATA code of two characters (LX) or its ICAO code of three letters (SWR), in capitals"
);
identifier!(FlightNumber, check_flight_number, "a flight number", "write 1 to 4 digits, without the carrier");
identifier!(FieldKey, check_field_key, "a field key", "use 1 to 64 of A-Z a-z 0-9 _ -, the first no _");

fn shortened(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(60) {
        text.truncate(end);
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serials_take_any_script_but_no_control_characters() {
        for good in ["4711", "a/b c", "席-12", &"x".repeat(128)] {
            assert_eq!(Serial::try_from(good).unwrap().as_str(), good);
        }
        for bad in ["", "a\nb", "a\0", &"x".repeat(129)] {
            assert!(Serial::try_from(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn beacons() {
        for good in ["F8F589E9-C07E-58D9-FB13-EA50F9F2B9CB", "f8f589e9-c07e-58d9-fb13-ea50f9f2b9cb"] {
            assert!(BeaconId::try_from(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "F8F589E9C07E58D9FB13EA50F9F2B9CB",
            "F8F589E9-C07E-58D9-FB13-EA50F9F2B9C",
            "F8F589E9-C07E-58D9-FB13-EA50F9F2B9CB-",
        ] {
            assert!(BeaconId::try_from(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn errors_name_the_rule_and_stay_short() {
        let error = Serial::try_from("x".repeat(1_000_000)).unwrap_err().to_string();
        assert!(error.len() < 250, "{error}");
        assert!("BCR2DN4T".parse::<IssuerId>().unwrap_err().to_string().contains("digits"));
    }

    #[test]
    fn pass_types_begin_with_pass() {
        assert!(PassTypeId::try_from("pass.com.example").is_ok());
        for bad in ["com.example", "pass.", "pass.a..b", "userpass.com.apple.wallet.x"] {
            assert!(PassTypeId::try_from(bad).is_err(), "{bad}");
        }
    }
}
