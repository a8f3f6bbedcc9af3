//! The facts of a loyalty card.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::picture::Picture;
use crate::model::text::Text;
use crate::model::value::Value;

/// The facts of a loyalty card.
///
/// Mandatory: the programme and its logo, both by Google.
/// <https://developers.google.com/wallet/retail/loyalty-cards>
///
/// ```
/// # use walletpass_core::{Loyalty, Picture};
/// let card = Loyalty::new("Bean Club", Picture::file("logo.png")).points(2_450).tier("Gold").holder("Ada Example");
/// assert_eq!(card.program.default, "Bean Club");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Loyalty {
    /// The name of the programme. Google shows about 20 characters.
    pub program: Text,
    /// The square logo of the programme. Google masks it to a circle and needs it at a public address.
    pub logo: Picture,
    /// The points; money where the programme counts in money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<Value>,
    /// A second count, stamps for instance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secondary_points: Option<Value>,
    /// The tier of the member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<Text>,
    /// The name of the member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
    /// The number of the member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member_number: Option<String>,
}

impl Loyalty {
    /// Makes a card of a programme.
    pub fn new(program: impl Into<Text>, logo: Picture) -> Self {
        Self {
            program: program.into(),
            logo,
            points: None,
            secondary_points: None,
            tier: None,
            holder: None,
            member_number: None,
        }
    }

    /// Counts the points.
    pub fn points(mut self, points: impl Into<Value>) -> Self {
        self.points = Some(points.into());
        self
    }

    /// Counts something else besides: stamps, euros.
    pub fn secondary_points(mut self, points: impl Into<Value>) -> Self {
        self.secondary_points = Some(points.into());
        self
    }

    /// Names the tier of the member.
    pub fn tier(mut self, tier: impl Into<Text>) -> Self {
        self.tier = Some(tier.into());
        self
    }

    /// Names the member.
    pub fn holder(mut self, name: impl Into<String>) -> Self {
        self.holder = Some(name.into());
        self
    }

    /// Gives the number of the member.
    pub fn member_number(mut self, number: impl Into<String>) -> Self {
        self.member_number = Some(number.into());
        self
    }
}
