//! Where a pass stands in its life, and who may pass it on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where a pass stands in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum State {
    /// In use.
    #[default]
    Active,
    /// Over: its time has passed.
    Expired,
    /// Used up. Apple knows no such state and shows it as void.
    Redeemed,
    /// Withdrawn.
    Voided,
}

impl State {
    pub(crate) fn is_active(&self) -> bool {
        matches!(self, Self::Active)
    }
}

/// Whether a holder may hand the pass on.
///
/// Apple hides its Share button, Google binds the pass to one account. Neither is a lock: a barcode can be photographed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Sharing {
    /// Anyone may hold a copy.
    Allowed,
    /// One person, on all of his devices.
    Prohibited,
}
