//! The facts of a coupon.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::model::text::Text;

/// The facts of a coupon.
///
/// Mandatory: the headline; Google also wants to know where it can be redeemed, which is anywhere unless
/// [`channel`](Coupon::channel) says otherwise. <https://developers.google.com/wallet/retail/offers>
///
/// ```
/// # use walletpass_core::{Coupon, RedemptionChannel};
/// let coupon = Coupon::new("20 % off every loaf").channel(RedemptionChannel::InStore).code("LOAF20");
/// assert_eq!(coupon.code.as_deref(), Some("LOAF20"));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Coupon {
    /// The headline: "20 % off every loaf". The same for all holders; Google shows about 60 characters.
    pub title: Text,
    /// A headline of at most 20 characters for narrow places; Google only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short_title: Option<Text>,
    /// Who gives it, where that is not the organization. Google shows about 12 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<Text>,
    /// Where it can be redeemed; Google only.
    #[serde(default)]
    pub channel: RedemptionChannel,
    /// The code to type in a shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What the coupon is about, in full.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Text>,
    /// Where the holder finds help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Url>,
}

impl Coupon {
    /// Makes a coupon of its headline.
    pub fn new(title: impl Into<Text>) -> Self {
        Self {
            title: title.into(),
            short_title: None,
            provider: None,
            channel: RedemptionChannel::default(),
            code: None,
            details: None,
            help: None,
        }
    }

    /// Gives a headline for narrow places.
    pub fn short_title(mut self, title: impl Into<Text>) -> Self {
        self.short_title = Some(title.into());
        self
    }

    /// Says who gives it.
    pub fn provider(mut self, provider: impl Into<Text>) -> Self {
        self.provider = Some(provider.into());
        self
    }

    /// Says where it can be redeemed.
    pub fn channel(mut self, channel: RedemptionChannel) -> Self {
        self.channel = channel;
        self
    }

    /// Gives the code to type.
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// Tells it in full.
    pub fn details(mut self, details: impl Into<Text>) -> Self {
        self.details = Some(details.into());
        self
    }

    /// Says where the holder finds help.
    pub fn help(mut self, url: Url) -> Self {
        self.help = Some(url);
        self
    }
}

/// Where a coupon can be redeemed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum RedemptionChannel {
    /// In shops and online.
    #[default]
    Both,
    /// In shops.
    InStore,
    /// Online.
    Online,
    /// Nowhere: a price that is lower for a time.
    TemporaryPriceReduction,
}
