//! What a Google reader gets of a pass.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::id::IssuerId;

/// What a reader gets of a pass by Google's Smart Tap; Google only. Apple's counterpart is [`Nfc`](crate::Nfc), and a pass may
/// have both.
///
/// The readers are enrolled with redemption issuers, whose ids Google gives along with their keys.
/// <https://developers.google.com/wallet/smart-tap>
///
/// ```
/// # use walletpass_core::{GiftCard, Pass, SmartTap};
/// let tap = SmartTap::new(["3388000000000000001".parse()?]).value("4711");
/// let pass = Pass::new("1".parse()?, "Paper Lantern", GiftCard::new("6035 1234")).smart_tap(tap);
/// # Ok::<(), walletpass_core::IdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object with `redemptionIssuers`")]
#[non_exhaustive]
pub struct SmartTap {
    /// The issuers whose readers take the pass, at least one.
    #[schemars(length(min = 1))]
    pub redemption_issuers: Vec<IssuerId>,
    /// What the reader gets, in ASCII. Absent: the message of the pass's [`Nfc`](crate::Nfc), or, on a loyalty card without
    /// that, its barcode or member number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl SmartTap {
    /// Names the issuers whose readers take the pass.
    pub fn new(redemption_issuers: impl IntoIterator<Item = IssuerId>) -> Self {
        Self { redemption_issuers: redemption_issuers.into_iter().collect(), value: None }
    }

    /// Says what the reader gets.
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }
}
