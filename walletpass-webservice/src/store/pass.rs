//! A pass as it is stored.

use std::fmt;
use std::str::FromStr;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use walletpass_core::{PassTypeId, Secret, State};

use super::Cursor;
use crate::{PassKey, Tenant};

/// The number that a pass gets with each write: its version, and by it a device learns what changed.
///
/// On the wire it is the decimal text; a device brings back what it was given.
/// <https://developer.apple.com/documentation/walletpasses/get-the-list-of-updatable-passes>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_structs, reason = "a number")]
pub struct Tag(pub u64);

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Tag {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// What a host writes of a pass.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "stores of others read it")]
pub struct NewPass {
    /// Which pass.
    pub key: PassKey,
    /// What it says, opaque to the store: usually the JSON form of the pass.
    pub body: Bytes,
    /// What a device shows to fetch it: `authenticationToken`. 1 to 512 bytes without control characters.
    pub token: Secret<String>,
    /// The template that it was made from: 1 to 256 bytes without control characters.
    pub template: Option<String>,
    /// Where it stands in its life.
    pub state: State,
    /// The present instant.
    pub at: DateTime<Utc>,
}

/// A pass as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "stores of others make it")]
pub struct StoredPass {
    /// What was last written; its `at` is the time of that.
    pub pass: NewPass,
    /// The number of the last write.
    pub tag: Tag,
    /// When it was created: the `at` of the first write.
    pub created: DateTime<Utc>,
    /// `Last-Modified`: whole seconds, and later with each write by a second at least, so that no two versions have the same. It
    /// is the `at` of the write without its fraction, or a second after the one before, whichever is later. Of a pass that is created the one
    /// before is the latest of the passes of its pass type that were deleted: it may have been the same pass, and a device may still have that.
    pub modified: DateTime<Utc>,
}

impl fmt::Debug for NewPass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("NewPass");
        shown.field("key", &self.key).field("bytes", &self.body.len()).field("template", &self.template);
        shown.field("state", &self.state).field("at", &self.at).finish_non_exhaustive()
    }
}

/// Which passes to list; all conditions must hold.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "stores of others read it")]
pub struct PassQuery {
    /// Whose passes.
    pub tenant: Tenant,
    /// Of which pass type. Without it pass types come one after the other, in the order of their bytes.
    pub pass_type: Option<PassTypeId>,
    /// Made from which template.
    pub template: Option<String>,
    /// In which state.
    pub state: Option<State>,
    /// Last written at this time or later.
    pub updated_from: Option<DateTime<Utc>>,
    /// Last written before this time.
    pub updated_until: Option<DateTime<Utc>>,
    /// Those created last first, in the reverse of the whole order.
    pub newest_first: bool,
    /// Where to go on.
    pub cursor: Option<Cursor>,
    /// How many at most, at least 1.
    pub limit: usize,
}

impl PassQuery {
    /// Lists all passes of a tenant, 100 at a time.
    pub fn new(tenant: Tenant) -> Self {
        Self {
            tenant,
            pass_type: None,
            template: None,
            state: None,
            updated_from: None,
            updated_until: None,
            newest_first: false,
            cursor: None,
            limit: 100,
        }
    }
}
