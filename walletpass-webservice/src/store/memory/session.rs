//! The tables, and changes to them that can be taken back.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use walletpass_core::{PassTypeId, Serial};

use crate::store::{DeviceKey, Document, DocumentKey, Event, StoredPass, Tag, Task};
use crate::{DeviceId, PassKey, PushToken, Tenant};

/// Everything there is. Whatever is looked up has a table in the order in which it is looked up.
#[derive(Default)]
pub(super) struct Tables {
    pub(super) passes: BTreeMap<PassKey, CreatedPass>,
    pub(super) passes_by_creation: BTreeMap<(Tenant, PassTypeId, u64), Serial>,
    /// No pass type stands before all of them, so that a range can begin there.
    pub(super) last_tags: BTreeMap<(Tenant, Option<PassTypeId>), u64>,
    /// The latest `modified` of the passes that were deleted.
    pub(super) deleted_modified: BTreeMap<(Tenant, PassTypeId), DateTime<Utc>>,
    pub(super) documents: BTreeMap<DocumentKey, Document>,
    pub(super) devices: BTreeMap<DeviceKey, Device>,
    pub(super) devices_by_token: BTreeMap<(Tenant, PassTypeId, PushToken, u64), DeviceId>,
    pub(super) registrations: BTreeMap<(PassKey, DeviceId), u64>,
    pub(super) registrations_of_device: BTreeMap<(DeviceKey, u64), Held>,
    pub(super) registrations_of_pass: BTreeMap<(PassKey, u64), DeviceId>,
    pub(super) tasks: BTreeMap<(Tenant, u64), Task>,
    pub(super) task_tenants: BTreeMap<u64, Tenant>,
    pub(super) dead_tasks: BTreeMap<(Tenant, u64), ()>,
    pub(super) waiting_tasks: BTreeMap<TaskKey, u64>,
    pub(super) leased_tasks: BTreeMap<TaskKey, u64>,
    /// Waiting tasks that no leased one of the same key stands in the way of, by the time at which they are due.
    pub(super) ready_tasks: BTreeMap<Turn, ()>,
    /// Leased tasks by the end of the lease.
    pub(super) leases: BTreeMap<Turn, ()>,
    pub(super) events: BTreeMap<(Tenant, u64), Event>,
    pub(super) events_of_pass: BTreeMap<(PassKey, u64), ()>,
    pub(super) last_events: BTreeMap<Tenant, u64>,
    pub(super) last_numbers: BTreeMap<Numbered, u64>,
}

/// A pass, and the tag of its first write: its place in lists.
#[derive(Clone)]
pub(super) struct CreatedPass {
    pub(super) pass: StoredPass,
    pub(super) created: u64,
}

/// A pass on a device.
#[derive(Clone)]
pub(super) struct Held {
    pub(super) serial: Serial,
    /// The tag of the registration, 0 if it took none.
    pub(super) tag: Tag,
}

#[derive(Clone)]
pub(super) struct Device {
    pub(super) number: u64,
    pub(super) push_token: PushToken,
    pub(super) registered: DateTime<Utc>,
}

/// Tenant, kind and key.
pub(super) type TaskKey = (Tenant, String, String);

/// Tenant, kind, time and id.
pub(super) type Turn = (Tenant, String, DateTime<Utc>, u64);

/// What is numbered through over all tenants.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Numbered {
    Device,
    Registration,
    Revision,
    Task,
}

/// Changes tables, and remembers how it was.
pub(super) struct Session<'a> {
    pub(super) tables: &'a mut Tables,
    undo: Vec<Undo>,
}

type Undo = Box<dyn FnOnce(&mut Tables)>;

/// One of the tables.
pub(super) type Slot<K, V> = fn(&mut Tables) -> &mut BTreeMap<K, V>;

impl<'a> Session<'a> {
    pub(super) fn new(tables: &'a mut Tables) -> Self {
        Self { tables, undo: Vec::new() }
    }

    pub(super) fn put<K: Clone + Ord + 'static, V: 'static>(&mut self, slot: Slot<K, V>, key: K, value: V) {
        let before = slot(self.tables).insert(key.clone(), value);
        self.undo.push(Box::new(move |tables| {
            match before {
                Some(before) => slot(tables).insert(key, before),
                None => slot(tables).remove(&key),
            };
        }));
    }

    pub(super) fn take<K: Clone + Ord + 'static, V: Clone + 'static>(
        &mut self,
        slot: Slot<K, V>,
        key: &K,
    ) -> Option<V> {
        let before = slot(self.tables).remove(key)?;
        let (key, value) = (key.clone(), before.clone());
        self.undo.push(Box::new(move |tables| {
            slot(tables).insert(key, value);
        }));
        Some(before)
    }

    /// Gives the next number of a table of counters.
    pub(super) fn next<K: Clone + Ord + 'static>(&mut self, slot: Slot<K, u64>, key: K) -> u64 {
        let next = slot(self.tables).get(&key).map_or(1, |last| last.saturating_add(1));
        self.put(slot, key, next);
        next
    }

    /// Makes everything as it was.
    pub(super) fn roll_back(self) {
        let Self { tables, undo } = self;
        undo.into_iter().rev().for_each(|undo| undo(tables));
    }
}
