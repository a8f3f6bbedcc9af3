//! What a commit consists of.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use walletpass_core::PassTypeId;

use super::{DocumentKey, Lease, NewEvent, NewPass, NewTask, Tag};
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
        /// Why.
        error: String,
    },
    /// Adds a pass; one that is there already is a conflict, also if it is equal.
    CreatePass(NewPass),
    /// Removes a document.
    DeleteDocument {
        /// Which one.
        key: DocumentKey,
        /// The revision that it must have.
        expected: u64,
    },
    /// Removes a pass with its registrations; for each of these an event [`removed`](super::Event::REMOVED) at `at` is appended.
    DeletePass {
        /// Which one.
        key: PassKey,
        /// The tag that it must have.
        expected: Tag,
        /// The present instant.
        at: DateTime<Utc>,
    },
    /// Enqueues a task, or renews the one that waits for the same key.
    EnqueueTask(NewTask),
    /// Removes a task that is done.
    FinishTask(Lease),
    /// Removes every registration with a push token that Apple calls gone, unless its device registered after that.
    /// For each an event [`removed`](super::Event::REMOVED) at `at` is appended.
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
    /// Writes a document.
    PutDocument {
        /// Which one.
        key: DocumentKey,
        /// The revision that it must have; none when there must be none yet.
        expected: Option<u64>,
        /// The content.
        body: Bytes,
        /// The present instant.
        at: DateTime<Utc>,
    },
    /// Registers a device for a pass, with the token for all its passes of this pass type. If it is new an event
    /// [`installed`](super::Event::INSTALLED) is appended. A pass that is not there is a conflict.
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
        /// What went wrong.
        error: String,
    },
    /// Makes a dead task wait again, with 0 attempts; a waiting one of the same key takes its place. One that is not there or not dead is a conflict.
    ReviveTask {
        /// Whose task.
        tenant: Tenant,
        /// Its id.
        task: u64,
        /// When it is due.
        due: DateTime<Utc>,
    },
    /// Ends a registration; it is no error if there is none. If there was one an event [`removed`](super::Event::REMOVED) is appended.
    Unregister {
        /// The device.
        device: DeviceId,
        /// The pass.
        pass: PassKey,
        /// The present instant.
        at: DateTime<Utc>,
    },
    /// Changes a pass.
    UpdatePass {
        /// What it says from now on.
        pass: NewPass,
        /// The tag that it must have.
        expected: Tag,
    },
}

/// What became of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "stores of others make it")]
pub enum Written {
    /// It was done: a deletion, a document, a task, an event.
    Done,
    /// The pass was created or changed, and has this tag.
    Pass(Tag),
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
