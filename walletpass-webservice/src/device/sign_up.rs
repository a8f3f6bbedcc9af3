//! The form that a holder filled in: Apple's personalization.

use std::fmt;

use serde::Deserialize;
use walletpass_core::{PassTypeId, PersonalizationToken, Serial};

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
    fn a_holder_is_not_shown() {
        let holder: Holder =
            serde_json::from_str(r#"{"fullName":"Ada","ISOCountryCode":"GB","postalCode":null}"#).unwrap();
        assert_eq!(format!("{holder:?}"), r#"Holder{"full_name", "country_code"}"#);
    }
}
