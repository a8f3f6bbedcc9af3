//! What is still to be done: the outbox.

use std::fmt;

use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::Cursor;
use crate::Tenant;

/// Something to be done after a commit.
///
/// While a task waits, another of the same tenant, kind and key takes its place, with an id, a body and a `due` of its own and no attempts yet.
/// One that is leased is left alone, also when the lease has run out, and the later one waits behind it. So of one tenant, kind and key at most one
/// waits and at most one is leased, and any number may be dead.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "stores of others read it")]
pub struct NewTask {
    /// For whom.
    pub tenant: Tenant,
    /// What: "wake". 1 to 64 bytes without control characters.
    pub kind: String,
    /// To what: what is done for one key is done one after the other. 1 to 512 bytes without control characters.
    pub key: String,
    /// The rest, opaque to the store.
    pub body: Bytes,
    /// Not before this time.
    pub due: DateTime<Utc>,
}

/// A task as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "stores of others make it")]
pub struct Task {
    /// Tells it from all others of the store, also those that are gone: no id is given twice. From 1.
    pub id: u64,
    /// What is to be done; `due` is that of the next attempt.
    pub task: NewTask,
    /// How often it was leased.
    pub attempts: u32,
    /// Where it stands.
    pub status: TaskStatus,
    /// What went wrong the last time.
    pub error: Option<String>,
}

/// Where a task stands. A finished one is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "stores of others make it")]
pub enum TaskStatus {
    /// Given up; kept to be looked at and sent again.
    Dead,
    /// In work until the given time; from then on it may be leased again.
    Leased(DateTime<Utc>),
    /// To be done when it is due.
    Waiting,
}

/// The right to finish a task: the id, and the attempt that the right is for.
///
/// It is good as long as the task is leased for this attempt, also when the time has run out and no one else has taken the task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "stores of others read it")]
pub struct Lease {
    /// The id of the task.
    pub task: u64,
    /// The attempt: [`Task::attempts`]. A later one voids the lease.
    pub attempt: u32,
}

impl Task {
    /// Gives the lease that [`claim`](super::Store::claim) gave along with the task.
    pub fn lease(&self) -> Lease {
        Lease { task: self.id, attempt: self.attempts }
    }
}

impl fmt::Debug for NewTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("NewTask");
        shown.field("tenant", &self.tenant).field("kind", &self.kind).field("key", &self.key);
        shown.field("due", &self.due).finish_non_exhaustive()
    }
}

/// Which tasks to lease.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "stores of others read it")]
pub struct Claim {
    /// Those of one tenant only.
    pub tenant: Option<Tenant>,
    /// Those of these kinds only, at most 64; none means all.
    pub kinds: Vec<String>,
    /// Those of this key only; a key is one of a tenant, so `tenant` names it. 1 to 512 bytes without control characters.
    pub key: Option<String>,
    /// The present instant.
    pub now: DateTime<Utc>,
    /// How long the leases last; after `now`.
    pub until: DateTime<Utc>,
    /// How many at most, at least 1.
    pub limit: usize,
}

/// Which tasks to list.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "stores of others read it")]
pub struct TaskQuery {
    /// Whose tasks.
    pub tenant: Tenant,
    /// Those that were given up only.
    pub dead_only: bool,
    /// Where to go on.
    pub cursor: Option<Cursor>,
    /// How many at most, at least 1.
    pub limit: usize,
}
