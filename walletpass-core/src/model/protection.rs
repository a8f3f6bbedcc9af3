//! What makes a pass harder to copy or to read over a shoulder.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What makes a pass harder to copy or to read over a shoulder; Google only.
///
/// None of it is a lock. What makes a copy worthless is a [`RotatingBarcode`](crate::RotatingBarcode).
/// <https://developers.google.com/wallet/reference/rest/v1/PassConstraints>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    expecting = "an object with `screenshots`, `shimmer` and `unlock`"
)]
#[non_exhaustive]
pub struct Protection {
    /// Whether the screen may be pictured while it shows the pass; older versions of Google Wallet do not ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screenshots: Option<bool>,
    /// Whether the front shimmers like foil when the phone is moved, which a picture of it does not. For all passes of the class.
    #[serde(default, skip_serializing_if = "is_false")]
    pub shimmer: bool,
    /// Whether the holder unlocks the phone before he sees the pass. For all passes of the class.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unlock: bool,
}

impl Protection {
    /// Says whether the screen may be pictured.
    pub fn screenshots(mut self, may: bool) -> Self {
        self.screenshots = Some(may);
        self
    }

    /// Makes the front shimmer.
    pub fn shimmer(mut self) -> Self {
        self.shimmer = true;
        self
    }

    /// Asks the holder to unlock the phone first.
    pub fn unlock(mut self) -> Self {
        self.unlock = true;
        self
    }
}

fn is_false(value: &bool) -> bool {
    !value
}
