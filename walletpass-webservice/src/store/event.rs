//! What happened.

use std::fmt;

use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::Cursor;
use crate::{PassKey, Tenant};

/// Something that happened, to be appended.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "stores of others read it")]
pub struct NewEvent {
    /// To whom.
    pub tenant: Tenant,
    /// What: `installed`. 1 to 64 bytes without control characters.
    pub kind: String,
    /// To which pass; of the same tenant.
    pub pass: Option<PassKey>,
    /// When.
    pub at: DateTime<Utc>,
    /// The rest, opaque to the store.
    pub body: Bytes,
}

/// Something that happened, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "stores of others make it")]
pub struct Event {
    /// Rises from event to event of a tenant, from 1, and becomes visible in its order. Not given again when the event is pruned.
    pub id: u64,
    /// What happened.
    pub event: NewEvent,
}

impl Event {
    /// The kind of event that the store appends by itself when a device registers a pass anew; its body is empty.
    pub const INSTALLED: &'static str = "installed";
    /// The kind of event that the store appends by itself when a registration goes; its body is empty.
    pub const REMOVED: &'static str = "removed";
}

impl fmt::Debug for NewEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("NewEvent");
        shown.field("kind", &self.kind).field("pass", &self.pass).field("at", &self.at).finish_non_exhaustive()
    }
}

/// Which events to list.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "stores of others read it")]
pub struct EventQuery {
    /// Whose events.
    pub tenant: Tenant,
    /// Those of one pass only, of the same tenant; also of one that is gone.
    pub pass: Option<PassKey>,
    /// Those with a higher id than this; the way to go on where an earlier walk ended, also when that event was pruned.
    pub after: Option<u64>,
    /// Where to go on within a walk.
    pub cursor: Option<Cursor>,
    /// How many at most, at least 1.
    pub limit: usize,
}
