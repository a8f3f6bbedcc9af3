//! What a commit consists of.

use chrono::{DateTime, Utc};
use walletpass_core::PassTypeId;

use super::{DocumentKey, Lease, NewDocument, NewEvent, NewPass, NewTask, Tag};
use crate::{DeviceId, PassKey, PushToken, Tenant};

/// One write of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a store must do every one of them")]
pub enum Write {
    /// Appends an event.
    AppendEvent(NewEvent),
    /// Gives a task up; it stays to be looked at. A waiting task of the same key is not touched.
    BuryTask {
        /// The right to do so.
        lease: Lease,
        /// Why: at most 1,024 bytes, without U+0000.
        error: String,
    },
    /// Adds a pass; one that is there already is a conflict, also if it is equal. Gives [`Written::Pass`].
    CreatePass(NewPass),
    /// Removes a document.
    DeleteDocument {
        /// Which one.
        key: DocumentKey,
        /// The revision that it must have.
        expected: u64,
    },
    /// Removes a pass with its registrations; for each of these an event [`removed`](super::Event::REMOVED) at `at` is appended.
    /// Its events stay.
    DeletePass {
        /// Which one.
        key: PassKey,
        /// The tag that it must have.
        expected: Tag,
        /// The present instant.
        at: DateTime<Utc>,
    },
    /// Removes a dead task. One that is not there or not dead is a conflict.
    DiscardTask {
        /// Whose task.
        tenant: Tenant,
        /// Its id.
        task: u64,
    },
    /// Enqueues a task, or renews the one that waits for the same key.
    EnqueueTask(NewTask),
    /// Removes a task that is done.
    FinishTask(Lease),
    /// Removes every registration with a push token that Apple calls gone, unless its device registered after that.
    /// For each an event [`removed`](super::Event::REMOVED) at `at` is appended. Gives [`Written::Removed`].
    ForgetToken {
        /// Whose pass type it is.
        tenant: Tenant,
        /// The pass type.
        pass_type: PassTypeId,
        /// The token.
        push_token: PushToken,
        /// When Apple saw it last gone: registrations up to this time go.
        until: DateTime<Utc>,
        /// The present instant.
        at: DateTime<Utc>,
    },
    /// Removes events, those with the lowest ids first, at most [`MOST_PRUNED`](Self::MOST_PRUNED): commit another until one gives fewer.
    /// Their ids are not given again. Gives [`Written::Pruned`].
    PruneEvents {
        /// Whose events.
        tenant: Tenant,
        /// The last id to go, whether there is such an event or not.
        through: u64,
    },
    /// Writes a document.
    PutDocument {
        /// What it says from now on.
        document: NewDocument,
        /// The revision that it must have; none when there must be none yet.
        expected: Option<u64>,
    },
    /// Registers a device for a pass, with the token for all its passes of this pass type. If it is new an event
    /// [`installed`](super::Event::INSTALLED) at `at` is appended, and if the pass was ever updated the
    /// registration takes a tag ([`changed_since`](super::Store::changed_since)). A pass that is not there is a conflict. Gives [`Written::Registered`].
    Register {
        /// The device.
        device: DeviceId,
        /// The pass.
        pass: PassKey,
        /// Where to wake the device.
        push_token: PushToken,
        /// The present instant.
        at: DateTime<Utc>,
    },
    /// Puts a task back, for another attempt. If another of the same key waits by now, that one takes its place and this one goes.
    RetryTask {
        /// The right to do so.
        lease: Lease,
        /// When.
        due: DateTime<Utc>,
        /// What went wrong: at most 1,024 bytes, without U+0000.
        error: String,
    },
    /// Makes a dead task wait again, with a new id and no attempts, so that leases from before mean nothing; its error stays. If another of the
    /// same key waits, that one takes its place and this one goes. One that is not there or not dead is a conflict.
    ReviveTask {
        /// Whose task.
        tenant: Tenant,
        /// Its id.
        task: u64,
        /// When it is due.
        due: DateTime<Utc>,
    },
    /// Ends a registration; it is no error if there is none. If there was one an event [`removed`](super::Event::REMOVED) at `at`
    /// is appended. Gives [`Written::Removed`].
    Unregister {
        /// The device.
        device: DeviceId,
        /// The pass.
        pass: PassKey,
        /// The present instant.
        at: DateTime<Utc>,
    },
    /// Changes a pass. Gives [`Written::Pass`].
    UpdatePass {
        /// What it says from now on.
        pass: NewPass,
        /// The tag that it must have.
        expected: Tag,
    },
}

impl Write {
    /// How many events one [`PruneEvents`](Self::PruneEvents) removes at most, so that others do not wait long for its commit.
    pub const MOST_PRUNED: u64 = 10_000;
}

/// What became of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "stores of others make it")]
pub enum Written {
    /// It was done: what gives nothing else.
    Done,
    /// The pass was created or changed, and has this tag.
    Pass(Tag),
    /// Events were removed.
    Pruned {
        /// How many. Fewer than [`Write::MOST_PRUNED`] when none is left of those that were to go.
        events: u64,
    },
    /// The device was registered; whether that is new.
    Registered {
        /// Whether it was not registered for this pass before.
        is_new: bool,
    },
    /// Registrations were removed.
    Removed {
        /// How many.
        registrations: u64,
    },
}
