//! Which device holds which pass.

use chrono::{DateTime, Utc};
use walletpass_core::{PassTypeId, Serial};

use super::{Cursor, Tag};
use crate::{DeviceId, PassKey, PushToken, Tenant};

/// A device, as the owner of one pass type knows it: its push token is for that pass type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_structs, reason = "a key does not grow")]
pub struct DeviceKey {
    /// Whose pass type it is.
    pub tenant: Tenant,
    /// The pass type.
    pub pass_type: PassTypeId,
    /// The device.
    pub device: DeviceId,
}

/// A device that holds a pass.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "stores of others make it")]
pub struct Registration {
    /// The device.
    pub device: DeviceId,
    /// Where to wake it: the token that it registered last with for any pass of the pass type.
    pub push_token: PushToken,
    /// When it registered last for any pass of the pass type.
    pub registered: DateTime<Utc>,
}

/// The devices of which pass to list.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "stores of others read it")]
pub struct RegistrationQuery {
    /// The pass.
    pub pass: PassKey,
    /// Where to go on.
    pub cursor: Option<Cursor>,
    /// How many at most, at least 1.
    pub limit: usize,
}

/// The passes of a device that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "stores of others make it")]
pub struct Changes {
    /// Their serial numbers, at least one, in the order of their tags.
    pub serials: Vec<Serial>,
    /// The highest of their tags.
    pub tag: Tag,
}
