//! Bluetooth beacons near which a pass shows itself.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::id::BeaconId;
use crate::model::text::Text;

/// A Bluetooth beacon near which an iPhone offers the pass on its lock screen; Apple only.
///
/// A pass has beacons of at most 10 different UUIDs.
/// <https://developer.apple.com/documentation/walletpasses/pass/beacons-data.dictionary>
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "a beacon: an object with `uuid`")]
#[non_exhaustive]
pub struct Beacon {
    /// The proximity UUID, which the beacons of one owner share.
    pub uuid: BeaconId,
    /// Tells the places of one owner apart. Absent: any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub major: Option<u16>,
    /// Tells the beacons of one place apart. Absent: any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minor: Option<u16>,
    /// What the lock screen says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Text>,
}

impl Beacon {
    /// Names the beacons of an owner.
    pub fn new(uuid: BeaconId) -> Self {
        Self { uuid, major: None, minor: None, text: None }
    }

    /// Chooses a place of the owner.
    pub fn major(mut self, major: u16) -> Self {
        self.major = Some(major);
        self
    }

    /// Chooses a beacon of the place.
    pub fn minor(mut self, minor: u16) -> Self {
        self.minor = Some(minor);
        self
    }

    /// Says what the lock screen shows.
    pub fn text(mut self, text: impl Into<Text>) -> Self {
        self.text = Some(text.into());
        self
    }
}
