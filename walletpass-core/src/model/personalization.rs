//! The form by which a holder signs up for a rewards card.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::text::Text;

/// The form that an iPhone shows when a rewards card is added: the holder signs up, and the card becomes his; Apple only.
///
/// It needs [`Nfc`](crate::Nfc) and so an NFC certificate, the picture `personalizationLogo`, and a web service that answers
/// the form. The card that follows it has no such form any more.
/// <https://developer.apple.com/documentation/walletpasses/personalize>
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object with `description` and `fields`")]
#[non_exhaustive]
pub struct Personalization {
    /// What the holder signs up for.
    pub description: Text,
    /// What he is asked for, at least one.
    #[schemars(length(min = 1))]
    pub fields: Vec<PersonalField>,
    /// Terms and conditions to agree to; HTML is shown as such.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<Text>,
}

impl Personalization {
    /// Says what the holder signs up for and what he is asked for.
    pub fn new(description: impl Into<Text>, fields: impl IntoIterator<Item = PersonalField>) -> Self {
        Self { description: description.into(), fields: fields.into_iter().collect(), terms: None }
    }

    /// Gives terms and conditions to agree to.
    pub fn terms(mut self, terms: impl Into<Text>) -> Self {
        self.terms = Some(terms.into());
        self
    }
}

/// What a holder is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum PersonalField {
    /// His mail address.
    EmailAddress,
    /// His name.
    Name,
    /// His telephone number.
    PhoneNumber,
    /// His postal code.
    PostalCode,
}
