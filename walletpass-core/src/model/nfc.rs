//! What a contactless reader gets of a pass.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// What a contactless reader gets of a pass; Apple only.
///
/// Apple lets NFC certificates alone sign it: <https://developer.apple.com/contact/passkit/>. Google's counterpart is
/// [`SmartTap`](crate::SmartTap), whose readers get the message too unless it has a value of its own.
/// <https://developer.apple.com/documentation/walletpasses/pass/nfc-data.dictionary>
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object with `message` and `publicKey`")]
#[non_exhaustive]
pub struct Nfc {
    /// What the reader gets, at most 64 bytes; what is longer is cut by the phone.
    pub message: String,
    /// The public key of the readers, for which the phone encrypts.
    pub public_key: NfcKey,
    /// Whether the holder unlocks the phone first. Then the pass is not to be shared either.
    #[serde(default, skip_serializing_if = "is_false")]
    pub requires_authentication: bool,
}

impl Nfc {
    /// Gives the message and the key of the readers.
    pub fn new(message: impl Into<String>, public_key: NfcKey) -> Self {
        Self { message: message.into(), public_key, requires_authentication: false }
    }

    /// Asks the holder to unlock the phone first.
    pub fn requires_authentication(mut self) -> Self {
        self.requires_authentication = true;
        self
    }
}

/// The public key of contactless readers, on the curve P-256.
///
/// Reads PEM and base64, with a compressed point and without; writes the one form that Apple takes, base64 of a
/// SubjectPublicKeyInfo with a compressed point.
///
/// ```
/// # use walletpass_core::NfcKey;
/// let pem = "-----BEGIN PUBLIC KEY-----
/// MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEbZx51XdHVV3dUJQGmARCF9STSkZt
/// I0L2HNBxkkBV3xdwAofml7jhMvGqUIu5ZYx8ghD2pv4gu40d8hmATP3yfA==
/// -----END PUBLIC KEY-----";
/// let key: NfcKey = pem.parse()?;
/// assert_eq!(key.as_str(), "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgACbZx51XdHVV3dUJQGmARCF9STSkZtI0L2HNBxkkBV3xc=");
/// # Ok::<(), walletpass_core::NfcKeyError>(())
/// ```
///
/// RFC 5480; SEC 1, section 2.3.3.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NfcKey(String);

impl NfcKey {
    /// Gives the key as Apple takes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Says why a text is no key for contactless readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NfcKeyError {
    /// It is a public key on another curve, or of another algorithm.
    #[error(
        "the key is not on the curve P-256: make one with `openssl ecparam -name prime256v1 -genkey -noout -out reader.pem`"
    )]
    Curve,
    /// It is a private key.
    #[error(
        "this is a private key, which stays with the readers: give the public one, `openssl ec -in reader.pem -pubout`"
    )]
    Private,
    /// It is no key at all.
    #[error("this is no public key: give what `openssl ec -in reader.pem -pubout -conv_form compressed` writes")]
    Unreadable,
}

impl FromStr for NfcKey {
    type Err = NfcKeyError;

    fn from_str(text: &str) -> Result<Self, NfcKeyError> {
        if text.contains("PRIVATE KEY-----") {
            return Err(NfcKeyError::Private);
        }
        let lines = text.lines().map(str::trim).filter(|line| !line.starts_with("-----"));
        let base64: String = lines.take(MOST_LINES).collect();
        let der = STANDARD.decode(base64).map_err(|_| NfcKeyError::Unreadable)?;
        if let Some(der) = compressed(&der) {
            return Ok(Self(STANDARD.encode(der)));
        }
        let begins = |prefix: &[u8]| der.starts_with(prefix) || prefix.starts_with(&der);
        Err(match der.as_slice() {
            // The curve is right, and the rest of the key is not there.
            _ if begins(&COMPRESSED) || begins(&UNCOMPRESSED) => NfcKeyError::Unreadable,
            // A SEQUENCE that begins with the identifiers of an algorithm: a public key of another kind.
            [0x30, _, 0x30, ..] | [0x30, 0x81, _, 0x30, ..] | [0x30, 0x82, _, _, 0x30, ..] => NfcKeyError::Curve,
            _ => NfcKeyError::Unreadable,
        })
    }
}

impl TryFrom<String> for NfcKey {
    type Error = NfcKeyError;

    fn try_from(text: String) -> Result<Self, NfcKeyError> {
        text.parse()
    }
}

impl From<NfcKey> for String {
    fn from(key: NfcKey) -> Self {
        key.0
    }
}

impl fmt::Display for NfcKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl JsonSchema for NfcKey {
    fn schema_name() -> Cow<'static, str> {
        "NfcKey".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A public key on the curve P-256, as PEM or as base64 of a SubjectPublicKeyInfo.",
        })
    }
}

fn is_false(value: &bool) -> bool {
    !value
}

/// Says whether a key in DER is one of P-256 with a compressed point.
pub(crate) fn is_compressed(der: &[u8]) -> bool {
    der.strip_prefix(&COMPRESSED).is_some_and(|point| point.len() == 33 && matches!(point.first(), Some(2 | 3)))
}

/// Compresses the point of a public key of P-256 in DER: the first half of it stays, and one bit of the other.
pub(crate) fn compressed(der: &[u8]) -> Option<Vec<u8>> {
    if is_compressed(der) {
        return Some(der.to_vec());
    }
    let [4, point @ ..] = der.strip_prefix(&UNCOMPRESSED)? else { return None };
    let (x, y) = point.split_first_chunk::<32>()?;
    let [.., last] = <[u8; 32]>::try_from(y).ok()?;
    Some([COMPRESSED.as_slice(), &[2 + (last & 1)], x].concat())
}

/// A SubjectPublicKeyInfo on P-256 up to its compressed point.
const COMPRESSED: [u8; 26] = [
    0x30, 0x39, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x22, 0x00,
];

/// The same up to a point that is not compressed.
pub(crate) const UNCOMPRESSED: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// The most lines of a PEM that are looked at.
const MOST_LINES: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by OpenSSL: the same key, in both forms.
    const LONG: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEbZx51XdHVV3dUJQGmARCF9STSkZtI0L2HNBxkkBV3xdwAofml7jhMvGqUIu5ZYx8ghD2pv4gu40d8hmATP3yfA==";
    const SHORT: &str = "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgACbZx51XdHVV3dUJQGmARCF9STSkZtI0L2HNBxkkBV3xc=";

    #[test]
    fn both_forms_of_a_point_are_one_key() {
        assert_eq!(LONG.parse::<NfcKey>().unwrap().as_str(), SHORT);
        assert_eq!(SHORT.parse::<NfcKey>().unwrap().as_str(), SHORT);
    }

    #[test]
    fn what_is_no_such_key_is_told_apart() {
        // P-384, by OpenSSL.
        let other = "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEaQ==";
        for (text, error) in [
            ("", NfcKeyError::Unreadable),
            ("not a key", NfcKeyError::Unreadable),
            (&SHORT[..40], NfcKeyError::Unreadable),
            (&SHORT[..16], NfcKeyError::Unreadable),
            (&LONG[..64], NfcKeyError::Unreadable),
            (other, NfcKeyError::Curve),
            ("-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n", NfcKeyError::Private),
        ] {
            assert_eq!(text.parse::<NfcKey>().unwrap_err(), error, "{text}");
        }
    }
}
