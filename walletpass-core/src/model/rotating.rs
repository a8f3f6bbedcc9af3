//! The barcode that changes by itself.

use std::borrow::Cow;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize, Serializer};

use crate::model::text::Text;
use crate::secret::Secret;

/// A barcode that the phone makes anew every few seconds, so that a picture of it is soon worth nothing; Google only.
///
/// The phone puts one-time codes (TOTP with HMAC-SHA-1, RFC 6238) into a pattern:
///
/// | in the pattern | in the code |
/// |---|---|
/// | `{totp_value_0}` | the code of the first key, `{totp_value_1}` that of the second, and so on |
/// | `{totp_timestamp_seconds}` | when the code was made, in seconds since 1970 |
/// | `{totp_timestamp_millis}` | the same in milliseconds |
///
/// A scanner checks it with `verify_rotating` of `walletpass-google`. Give the pass a [`Barcode`](crate::Barcode) too: Apple
/// and older systems show that one.
///
/// ```
/// # use walletpass_core::{RotatingBarcode, TotpKey};
/// let key: TotpKey = "3132333435363738393031323334353637383930".parse()?;
/// let barcode = RotatingBarcode::qr("4711-{totp_value_0}", 30_000, key);
/// assert!(format!("{barcode:?}").contains("Secret(…)"));
/// # Ok::<(), walletpass_core::TotpKeyError>(())
/// ```
/// <https://developers.google.com/wallet/generic/rest/v1/RotatingBarcode>
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    expecting = "an object with `format`, `pattern`, `periodMillis` and `keys`"
)]
#[non_exhaustive]
pub struct RotatingBarcode {
    /// The symbology.
    pub format: RotatingSymbology,
    /// What is encoded, with the places for the codes.
    pub pattern: String,
    /// For how long a code is good, in milliseconds; 0 is an error of the lint.
    pub period_millis: u32,
    /// The keys of the codes, in the order of their numbers.
    pub keys: Vec<RotatingKey>,
    /// The text below the code. It stays as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<Text>,
}

impl RotatingBarcode {
    /// Makes a rotating QR code with one key and codes of eight digits.
    pub fn qr(pattern: impl Into<String>, period_millis: u32, key: TotpKey) -> Self {
        Self::new(RotatingSymbology::Qr, pattern, period_millis, [RotatingKey::new(key, 8)])
    }

    /// Makes a rotating barcode.
    pub fn new(
        format: RotatingSymbology,
        pattern: impl Into<String>,
        period_millis: u32,
        keys: impl IntoIterator<Item = RotatingKey>,
    ) -> Self {
        Self { format, pattern: pattern.into(), period_millis, keys: keys.into_iter().collect(), caption: None }
    }

    /// Puts a text below the code.
    pub fn caption(mut self, caption: impl Into<Text>) -> Self {
        self.caption = Some(caption.into());
        self
    }
}

/// The symbologies that rotate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum RotatingSymbology {
    /// PDF417, ISO/IEC 15438.
    Pdf417,
    /// QR code, ISO/IEC 18004.
    Qr,
}

/// A key of a rotating barcode, and how long its codes are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object with `key` and `digits`")]
#[non_exhaustive]
pub struct RotatingKey {
    /// The key.
    pub key: TotpKey,
    /// The digits of a code, 6 to 8 by custom; fewer, and more than 10, are errors of the lint.
    pub digits: u8,
}

impl RotatingKey {
    /// Joins a key and the length of its codes, 6 to 8 digits.
    pub fn new(key: TotpKey, digits: u8) -> Self {
        Self { key, digits }
    }
}

/// The secret from which one-time codes are made: 16 to 64 bytes. Make one of random bytes for each pass.
///
/// In JSON and for Google it is written in hexadecimal digits, not in Base32 as authenticator apps take it.
/// RFC 4226 section 4.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TotpKey(Secret<Vec<u8>>);

impl TotpKey {
    /// Takes the bytes of a key.
    ///
    /// # Errors
    ///
    /// [`TotpKeyError::Length`] when they are fewer than 16 or more than 64.
    pub fn new(bytes: Vec<u8>) -> Result<Self, TotpKeyError> {
        let bytes = Secret::new(bytes);
        match bytes.expose().len() {
            16..=64 => Ok(Self(bytes)),
            length => Err(TotpKeyError::Length { length }),
        }
    }

    /// Gives the bytes.
    pub fn bytes(&self) -> &Secret<Vec<u8>> {
        &self.0
    }

    /// Writes the key in hexadecimal digits.
    pub fn hex(&self) -> Secret<String> {
        Secret::new(self.0.expose().iter().map(|byte| format!("{byte:02X}")).collect())
    }
}

/// Says why a text is no key of one-time codes. The text itself is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TotpKeyError {
    /// It is not written in hexadecimal digits.
    #[error("the key of a rotating barcode is written in pairs of hexadecimal digits, not in Base32 or Base64")]
    Hex,
    /// It is too short to be safe, or longer than any use.
    #[error("the key of a rotating barcode has {length} bytes: give 16 to 64 random ones, 20 for instance")]
    Length {
        /// Its length in bytes.
        length: usize,
    },
}

impl FromStr for TotpKey {
    type Err = TotpKeyError;

    fn from_str(text: &str) -> Result<Self, TotpKeyError> {
        let digit = |digit: &u8| char::from(*digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let pair = |pair: &[u8]| match pair {
            [high, low] => Some(digit(high)? * 16 + digit(low)?),
            _ => None,
        };
        Self::new(text.as_bytes().chunks(2).map(pair).collect::<Option<_>>().ok_or(TotpKeyError::Hex)?)
    }
}

impl Serialize for TotpKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.hex().expose())
    }
}

impl<'de> Deserialize<'de> for TotpKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Secret::new(String::deserialize(deserializer)?);
        text.expose().parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for TotpKey {
    fn schema_name() -> Cow<'static, str> {
        "TotpKey".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^([0-9A-Fa-f]{2}){16,64}$",
            "description": "The secret of one-time codes, 16 to 64 bytes in hexadecimal digits.",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_and_never_shown() {
        let key: TotpKey = "000102030405060708090a0B0C0d0e0f".parse().unwrap();
        assert_eq!(key.bytes().expose(), &(0..16).collect::<Vec<u8>>());
        assert_eq!(serde_json::to_string(&key).unwrap(), r#""000102030405060708090A0B0C0D0E0F""#);
        assert_eq!(format!("{key:?}"), "TotpKey(Secret(…))");
        for (text, error) in [
            ("", TotpKeyError::Length { length: 0 }),
            ("00", TotpKeyError::Length { length: 1 }),
            (&"00".repeat(65), TotpKeyError::Length { length: 65 }),
            (&"0".repeat(33), TotpKeyError::Hex),
            ("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", TotpKeyError::Hex),
            (&"é".repeat(16), TotpKeyError::Hex),
            (&"+1".repeat(16), TotpKeyError::Hex),
        ] {
            assert_eq!(text.parse::<TotpKey>().unwrap_err(), error, "{text}");
        }
        let error = serde_json::from_str::<TotpKey>(r#""hunter2""#).unwrap_err().to_string();
        assert!(!error.contains("hunter2"), "{error}");
    }
}
