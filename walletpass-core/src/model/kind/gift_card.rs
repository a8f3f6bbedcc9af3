//! The facts of a gift card.

use std::fmt;

use chrono::{DateTime, FixedOffset};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::money::Money;
use crate::model::text::Text;
use crate::model::time::instant_option;

/// The facts of a gift card.
///
/// Mandatory: its number, by Google. <https://developers.google.com/wallet/retail/gift-cards>
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct GiftCard {
    /// The number of the card.
    pub number: String,
    /// The secret number, shown on the back of an Apple pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<String>,
    /// The amount left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance: Option<Money>,
    /// When the balance was true.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "instant_option")]
    pub balance_as_of: Option<DateTime<FixedOffset>>,
    /// Where it can be spent, when that is not the organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant: Option<Text>,
}

impl GiftCard {
    /// Makes a card of its number.
    pub fn new(number: impl Into<String>) -> Self {
        Self { number: number.into(), pin: None, balance: None, balance_as_of: None, merchant: None }
    }

    /// Gives the secret number.
    pub fn pin(mut self, pin: impl Into<String>) -> Self {
        self.pin = Some(pin.into());
        self
    }

    /// Says how much is left.
    pub fn balance(mut self, balance: Money) -> Self {
        self.balance = Some(balance);
        self
    }

    /// Says when the balance was true.
    pub fn balance_as_of(mut self, at: DateTime<FixedOffset>) -> Self {
        self.balance_as_of = Some(at);
        self
    }

    /// Says where it can be spent.
    pub fn merchant(mut self, merchant: impl Into<Text>) -> Self {
        self.merchant = Some(merchant.into());
        self
    }
}

/// Shows everything but the secret number.
impl fmt::Debug for GiftCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, pin, balance, balance_as_of, merchant } = self;
        f.debug_struct("GiftCard")
            .field("number", number)
            .field("pin", &pin.as_ref().map(|_| "…"))
            .field("balance", balance)
            .field("balance_as_of", balance_as_of)
            .field("merchant", merchant)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_hides_the_pin() {
        let shown = format!("{:?}", GiftCard::new("6035").pin("2718"));
        assert!(shown.contains("6035") && !shown.contains("2718"), "{shown}");
    }
}
