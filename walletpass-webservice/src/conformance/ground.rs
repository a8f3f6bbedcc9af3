//! What cases stand on: a tenant of their own, short ways to write and read, and the words of a failure.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use walletpass_core::{PassTypeId, State};

use crate::store::{
    Changes, Claim, DeviceKey, DocumentKey, DocumentQuery, Event, EventQuery, NewDocument, NewEvent, NewPass, NewTask,
    PassQuery, Registration, RegistrationQuery, Store, StoreError, StoredPass, Tag, Task, TaskQuery, Write, Written,
};
use crate::{DeviceId, PassKey, PushToken, Tenant};

pub(super) const CLUB: &str = "pass.com.example.club";
pub(super) const EVENT: &str = "pass.com.example.event";

/// Fails a case with the sentence that does not hold, what was found, and the way to mend it.
#[track_caller]
pub(super) fn promise(holds: bool, sentence: &str, mend: &str, found: impl Debug) {
    if !holds {
        panic!("the contract says: {sentence}\n   found: {found:?}\n    mend: {mend}");
    }
}

/// Fails a case when a call that must succeed does not.
#[track_caller]
pub(super) fn done<T>(result: Result<T, StoreError>, sentence: &str) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!(
            "the contract says: {sentence}\n   found: the error {error} ({error:?})\n    mend: do this call; it is legal, and nothing stands against it"
        ),
    }
}

/// Fails a case unless a write was a conflict with what is there.
#[track_caller]
pub(super) fn conflict(result: Result<impl Debug, StoreError>, at: Option<u64>, sentence: &str, mend: &str) {
    let holds = matches!(&result, Err(StoreError::Conflict { found, .. }) if *found == at);
    promise(holds, sentence, mend, (result, "instead of a conflict with what is at", at));
}

/// Fails a case unless a lease was void.
#[track_caller]
pub(super) fn lost(result: Result<impl Debug, StoreError>, id: u64, sentence: &str, mend: &str) {
    let holds = matches!(&result, Err(StoreError::LeaseLost { task }) if *task == id);
    promise(holds, sentence, mend, (result, "instead of LeaseLost for task", id));
}

/// Fails a case unless a call was refused.
#[track_caller]
pub(super) fn invalid(result: Result<impl Debug, StoreError>, what: &str) {
    let holds = matches!(&result, Err(StoreError::Invalid { .. }));
    let sentence = format!("what a call brings is as its documentation says, or the call is Invalid ({what})");
    promise(holds, &sentence, "call `check()` of each write and query first, and read cursors with care", result);
}

/// Takes the first of what must be there.
#[track_caller]
pub(super) fn there<T: Debug>(items: impl IntoIterator<Item = T>, sentence: &str) -> T {
    match items.into_iter().next() {
        Some(item) => item,
        None => panic!("the contract says: {sentence}\n   found: nothing\n    mend: give what was written before"),
    }
}

/// Gives an instant so many seconds into the test.
pub(super) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_255_200 + seconds, 0).unwrap()
}

pub(super) fn device(name: &str) -> DeviceId {
    name.parse().unwrap()
}

pub(super) fn token(digits: &str) -> PushToken {
    digits.parse().unwrap()
}

/// Gives one of the handles on the same data, in turn.
pub(super) fn handle(handles: &[Arc<dyn Store>], index: usize) -> Arc<dyn Store> {
    assert!(!handles.is_empty(), "give the suite at least one handle on the store");
    handles[index % handles.len()].clone()
}

/// Keeps writers from being done before a reader has looked.
#[derive(Clone, Default)]
pub(super) struct Pace(Arc<AtomicUsize>);

impl Pace {
    /// Says that the reader has looked once more.
    pub(super) async fn step(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
    }

    /// Lets the reader look once more, if it is about to.
    pub(super) async fn wait(&self) {
        let before = self.0.load(Ordering::SeqCst);
        for _ in 0..10_000 {
            if self.0.load(Ordering::SeqCst) != before {
                break;
            }
            tokio::task::yield_now().await;
        }
    }
}

/// Gives all items of a list, page by page, and checks each page.
macro_rules! walk {
    ($store:expr, $list:ident, $query:expr) => {{
        let mut query = $query;
        let (mut items, mut pages) = (Vec::new(), 0);
        loop {
            let page = $crate::conformance::ground::done($store.$list(&query).await, "a list is read page by page");
            $crate::conformance::ground::promise(
                page.items.len() <= query.limit,
                "a page has at most `limit` items",
                "stop at the limit",
                (page.items.len(), "items at a limit of", query.limit),
            );
            items.extend(page.items);
            pages += 1;
            let mend = "let each page go on after the last item that the page before has looked at";
            $crate::conformance::ground::promise(pages < 20_000, "an absent `next` ends the walk", mend, pages);
            match page.next {
                Some(next) => query.cursor = Some(next),
                None => break items,
            }
        }
    }};
}
pub(super) use walk;

/// One tenant of a store.
pub(super) struct Ground<'a> {
    pub(super) store: &'a dyn Store,
    pub(super) tenant: Tenant,
}

impl<'a> Ground<'a> {
    /// Takes a tenant that is named after the case.
    pub(super) fn new(store: &'a dyn Store, case: &str) -> Self {
        Self { store, tenant: format!("suite.{case}").parse().unwrap() }
    }

    pub(super) fn key(&self, serial: &str) -> PassKey {
        self.key_of(CLUB, serial)
    }

    pub(super) fn key_of(&self, pass_type: &str, serial: &str) -> PassKey {
        let (pass_type, serial) = (pass_type.parse().unwrap(), serial.parse().unwrap());
        PassKey { tenant: self.tenant.clone(), pass_type, serial }
    }

    pub(super) fn pass(&self, serial: &str) -> NewPass {
        new_pass(self.key(serial))
    }

    pub(super) async fn commit(&self, writes: Vec<Write>) -> Vec<Written> {
        let count = writes.len();
        let written = done(self.store.commit(writes).await, "a commit whose writes find what they expect is done");
        let sentence = "a commit gives for each write what became of it, in their order";
        promise(written.len() == count, sentence, "push one `Written` for each write", &written);
        written
    }

    pub(super) async fn one(&self, write: Write) -> Written {
        there(self.commit(vec![write]).await, "a commit gives for each write what became of it")
    }

    /// Creates a pass and gives its tag.
    pub(super) async fn create(&self, serial: &str) -> Tag {
        self.create_pass(self.pass(serial)).await
    }

    pub(super) async fn create_pass(&self, pass: NewPass) -> Tag {
        tag(self.one(Write::CreatePass(pass)).await)
    }

    pub(super) async fn update(&self, serial: &str, expected: Tag) -> Tag {
        tag(self.one(Write::UpdatePass { pass: self.pass(serial), expected }).await)
    }

    pub(super) async fn delete(&self, serial: &str, expected: Tag) {
        let write = Write::DeletePass { key: self.key(serial), expected, at: at(50) };
        promise(
            self.one(write).await == Written::Done,
            "DeletePass gives Done",
            "give `Written::Done`",
            "something else",
        );
    }

    pub(super) async fn stored(&self, serial: &str) -> Option<StoredPass> {
        done(self.store.pass(&self.key(serial)).await, "a pass is read by its key")
    }

    pub(super) async fn tag(&self, serial: &str) -> Option<Tag> {
        self.stored(serial).await.map(|stored| stored.tag)
    }

    pub(super) async fn passes(&self, limit: usize) -> Vec<StoredPass> {
        walk!(self.store, passes, PassQuery { limit, ..PassQuery::new(self.tenant.clone()) })
    }

    pub(super) fn document_key(&self, name: &str) -> DocumentKey {
        DocumentKey { tenant: self.tenant.clone(), kind: "template".to_owned(), name: name.to_owned() }
    }

    pub(super) fn put(&self, name: &str, expected: Option<u64>) -> Write {
        let document = NewDocument { key: self.document_key(name), body: Bytes::from_static(b"{}"), at: at(0) };
        Write::PutDocument { document, expected }
    }

    pub(super) async fn revision(&self, name: &str) -> Option<u64> {
        let document = self.store.document(&self.document_key(name)).await;
        done(document, "a document is read by its key").map(|document| document.revision)
    }

    pub(super) fn documents(&self, limit: usize) -> DocumentQuery {
        DocumentQuery { tenant: self.tenant.clone(), kind: "template".to_owned(), cursor: None, limit }
    }

    pub(super) fn registering(&self, name: &str, serial: &str, digits: &str, seconds: i64) -> Write {
        let pass = self.key(serial);
        Write::Register { device: device(name), pass, push_token: token(digits), at: at(seconds) }
    }

    /// Registers a device and says whether that is new.
    pub(super) async fn register(&self, name: &str, serial: &str, digits: &str, seconds: i64) -> bool {
        match self.one(self.registering(name, serial, digits, seconds)).await {
            Written::Registered { is_new } => is_new,
            other => panic!("the contract says: Register gives Registered\n   found: {other:?}\n    mend: give it"),
        }
    }

    /// Removes a registration and gives how many there were.
    pub(super) async fn unregister(&self, name: &str, serial: &str) -> u64 {
        removed(self.one(Write::Unregister { device: device(name), pass: self.key(serial), at: at(60) }).await)
    }

    /// Forgets a token for the club and gives how many registrations that removed.
    pub(super) async fn forget(&self, digits: &str, until: i64) -> u64 {
        let (tenant, pass_type) = (self.tenant.clone(), CLUB.parse().unwrap());
        let push_token = token(digits);
        removed(self.one(Write::ForgetToken { tenant, pass_type, push_token, until: at(until), at: at(70) }).await)
    }

    pub(super) async fn registrations(&self, serial: &str) -> Vec<Registration> {
        self.registrations_of(self.key(serial), 100).await
    }

    pub(super) async fn registrations_of(&self, pass: PassKey, limit: usize) -> Vec<Registration> {
        walk!(self.store, registrations, RegistrationQuery { pass, cursor: None, limit })
    }

    pub(super) async fn changes(&self, name: &str, since: Option<u64>) -> Option<Changes> {
        self.changes_of(CLUB, name, since).await
    }

    pub(super) async fn changes_of(&self, pass_type: &str, name: &str, since: Option<u64>) -> Option<Changes> {
        let pass_type: PassTypeId = pass_type.parse().unwrap();
        let key = DeviceKey { tenant: self.tenant.clone(), pass_type, device: device(name) };
        done(self.store.changed_since(&key, since.map(Tag)).await, "what changed is read for any device and any tag")
    }

    /// Enqueues a task of the kind "wake" whose body is its key and its due time.
    pub(super) async fn enqueue(&self, key: &str, due: i64) {
        self.one(Write::EnqueueTask(self.task(key, due))).await;
    }

    pub(super) fn task(&self, key: &str, due: i64) -> NewTask {
        let body = Bytes::from(format!("{key} {due}"));
        NewTask { tenant: self.tenant.clone(), kind: "wake".to_owned(), key: key.to_owned(), body, due: at(due) }
    }

    pub(super) fn claiming(&self, now: i64, limit: usize) -> Claim {
        let tenant = Some(self.tenant.clone());
        Claim { tenant, kinds: Vec::new(), key: None, now: at(now), until: at(now + 10), limit }
    }

    /// Leases what is due, for ten seconds.
    pub(super) async fn claim(&self, now: i64) -> Vec<Task> {
        done(self.store.claim(&self.claiming(now, 100)).await, "tasks that are due are leased")
    }

    /// Leases the one task that is due.
    pub(super) async fn claim_one(&self, now: i64) -> Task {
        let mut tasks = self.claim(now).await;
        let sentence = "a claim gives the tasks that are due and not leased";
        promise(
            tasks.len() == 1,
            sentence,
            "give a task as soon as it is due, and no other",
            (&tasks, "at second", now),
        );
        tasks.remove(0)
    }

    pub(super) fn task_query(&self, limit: usize) -> TaskQuery {
        TaskQuery { tenant: self.tenant.clone(), dead_only: false, cursor: None, limit }
    }

    pub(super) async fn tasks(&self) -> Vec<Task> {
        walk!(self.store, tasks, self.task_query(100))
    }

    pub(super) async fn dead_tasks(&self) -> Vec<Task> {
        walk!(self.store, tasks, TaskQuery { dead_only: true, ..self.task_query(100) })
    }

    pub(super) fn event(&self, kind: &str) -> NewEvent {
        let (tenant, kind) = (self.tenant.clone(), kind.to_owned());
        NewEvent { tenant, kind, pass: None, at: at(0), body: Bytes::new() }
    }

    pub(super) fn event_query(&self, limit: usize) -> EventQuery {
        EventQuery { tenant: self.tenant.clone(), pass: None, after: None, cursor: None, limit }
    }

    pub(super) async fn events(&self) -> Vec<Event> {
        walk!(self.store, events, self.event_query(100))
    }

    pub(super) fn pruning(&self, through: u64) -> Write {
        Write::PruneEvents { tenant: self.tenant.clone(), through }
    }

    /// Removes events and gives how many.
    pub(super) async fn prune(&self, through: u64) -> u64 {
        pruned(self.one(self.pruning(through)).await)
    }

    /// Gives the kind of each event and the serial number of its pass.
    pub(super) async fn event_lines(&self) -> Vec<String> {
        let serial = |pass: &PassKey| format!(" {}", pass.serial.as_str());
        let line = |event: Event| event.event.kind + &event.event.pass.as_ref().map(serial).unwrap_or_default();
        self.events().await.into_iter().map(line).collect()
    }
}

pub(super) fn new_pass(key: PassKey) -> NewPass {
    let token = "vxwxd7J8AlNNFPS8k0a0FfUFtq0ewzFdc".into();
    NewPass { key, body: Bytes::from_static(b"{}"), token, template: None, state: State::Active, at: at(0) }
}

#[track_caller]
pub(super) fn tag(written: Written) -> Tag {
    match written {
        Written::Pass(tag) => tag,
        other => panic!("the contract says: a write of a pass gives its tag\n   found: {other:?}\n    mend: give it"),
    }
}

#[track_caller]
fn removed(written: Written) -> u64 {
    match written {
        Written::Removed { registrations } => registrations,
        other => panic!(
            "the contract says: what removes registrations gives how many\n   found: {other:?}\n    mend: give Removed"
        ),
    }
}

#[track_caller]
pub(super) fn pruned(written: Written) -> u64 {
    match written {
        Written::Pruned { events } => events,
        other => panic!("the contract says: PruneEvents gives how many\n   found: {other:?}\n    mend: give Pruned"),
    }
}

pub(super) fn serials(passes: &[StoredPass]) -> Vec<&str> {
    passes.iter().map(|stored| stored.pass.key.serial.as_str()).collect()
}

/// Gives the serial numbers of changes.
pub(super) fn changed(changes: &Option<Changes>) -> Vec<&str> {
    changes.iter().flat_map(|changes| &changes.serials).map(|serial| serial.as_str()).collect()
}

/// Adds so many microseconds.
pub(super) fn micros(at: DateTime<Utc>, micros: i64) -> DateTime<Utc> {
    at + TimeDelta::microseconds(micros)
}
