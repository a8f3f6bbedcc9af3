//! The form that a holder filled in: Apple's personalization.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;
use walletpass_core::{PassTypeId, Serial};

use crate::RefusedId;

/// Sends the form that an iPhone showed for a rewards card.
/// <https://developer.apple.com/documentation/walletpasses/return-a-personalized-pass>
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "services read it, and their tests make it")]
pub struct SignUp {
    /// The pass type of the pass.
    pub pass_type: PassTypeId,
    /// The serial number of the pass.
    pub serial: Serial,
    /// What is to be signed.
    pub token: PersonalizationToken,
    /// Who signed up.
    pub holder: Holder,
}

/// The text that an iPhone wants signed: Apple's `personalizationToken`.
///
/// 1 to 1,024 visible ASCII characters without any of `" < > [ \ ] { }`. Apple says no more than that it is a unique string. The
/// limits matter, as the server signs it with the certificate that signs passes, and asks for no authentication: were braces let
/// through, anybody could have the manifest of a forged pass signed. Debug does not show it.
/// <https://developer.apple.com/documentation/walletpasses/return-a-personalized-pass>
#[derive(Clone, PartialEq, Eq)]
pub struct PersonalizationToken(String);

/// Who signed up: what the form asked for, as it was typed.
///
/// The texts are of any length that fits in the request. Debug shows which are there, not what they say.
/// <https://developer.apple.com/documentation/walletpasses/personalize>
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Holder {
    /// The whole name, in the order of its language.
    pub full_name: Option<String>,
    /// The given name.
    pub given_name: Option<String>,
    /// The family name.
    pub family_name: Option<String>,
    /// The mail address.
    pub email_address: Option<String>,
    /// The telephone number.
    pub phone_number: Option<String>,
    /// The postal code.
    pub postal_code: Option<String>,
    /// The country of the postal code, in two letters.
    #[serde(rename = "ISOCountryCode")]
    pub country_code: Option<String>,
}

impl PersonalizationToken {
    /// Gives the text, whose UTF-8 bytes are to be signed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PersonalizationToken {
    type Err = RefusedId;

    fn from_str(text: &str) -> Result<Self, RefusedId> {
        let is_legal = |byte: u8| byte.is_ascii_graphic() && !b"\"<>[\\]{}".contains(&byte);
        match (1..=1024).contains(&text.len()) && text.bytes().all(is_legal) {
            true => Ok(Self(text.to_owned())),
            false => Err(RefusedId {
                what: "personalization token",
                mend: "1 to 1,024 visible ASCII characters, no quotation marks, brackets, braces or backslashes",
            }),
        }
    }
}

impl fmt::Debug for PersonalizationToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonalizationToken(…)")
    }
}

impl fmt::Debug for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = [
            ("full_name", &self.full_name),
            ("given_name", &self.given_name),
            ("family_name", &self.family_name),
            ("email_address", &self.email_address),
            ("phone_number", &self.phone_number),
            ("postal_code", &self.postal_code),
            ("country_code", &self.country_code),
        ];
        f.write_str("Holder")?;
        f.debug_set().entries(fields.into_iter().filter(|(_, value)| value.is_some()).map(|(name, _)| name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_could_be_a_manifest_is_signed() {
        for text in ["BASE64+/=", "4A7F-00:11_22.33~", &"x".repeat(1024)] {
            assert!(text.parse::<PersonalizationToken>().is_ok(), "{text}");
        }
        let manifest = r#"{"pass.json":"da39a3ee5e6b4b0d3255bfef95601890afd80709"}"#;
        for text in ["", manifest, "a b", "a\n", "ä", "<a>", "[1]", "\\u007b", &"x".repeat(1025)] {
            assert!(text.parse::<PersonalizationToken>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_holder_is_not_shown() {
        let holder: Holder =
            serde_json::from_str(r#"{"fullName":"Ada","ISOCountryCode":"GB","postalCode":null}"#).unwrap();
        assert_eq!(format!("{holder:?}"), r#"Holder{"full_name", "country_code"}"#);
    }
}
