//! A store whose process can be killed at a chosen commit, or whose disk is full.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use async_trait::async_trait;
use tokio::sync::Notify;
use walletpass_webservice::PassKey;
use walletpass_webservice::store::{
    Asset, Assets, Changes, Claim, DeviceKey, Digest, Document, DocumentKey, DocumentQuery, Event, EventQuery, Page,
    PassQuery, Registration, RegistrationQuery, Store, StoreError, StoredPass, Tag, Task, TaskQuery, Write, Written,
};

/// A store, seen from a process that may die.
#[derive(Debug)]
pub(crate) struct Mortal<S> {
    pub(crate) store: Arc<S>,
    /// How many commits are still to be done; negative: as many as it takes.
    left: AtomicI64,
    died: Notify,
    is_full: AtomicBool,
}

impl<S> Mortal<S> {
    pub(crate) fn new(store: Arc<S>) -> Arc<Self> {
        Arc::new(Self { store, left: AtomicI64::new(-1), died: Notify::new(), is_full: AtomicBool::new(false) })
    }

    /// Takes no events while its disk is full.
    pub(crate) fn fill(&self, is_full: bool) {
        self.is_full.store(is_full, Ordering::SeqCst);
    }

    /// Does some work, and drops it when so many commits are done: the answer to the last one is not heard.
    pub(crate) async fn killed_after(&self, commits: i64, work: impl Future) {
        self.left.store(commits, Ordering::SeqCst);
        tokio::select! {
            biased;
            () = self.died.notified() => {}
            _ = work => panic!("nobody died"),
        }
        self.left.store(-1, Ordering::SeqCst);
    }
}

#[async_trait]
impl<S: Store> Store for Mortal<S> {
    async fn commit(&self, writes: Vec<Write>) -> Result<Vec<Written>, StoreError> {
        let is_event = writes.iter().any(|write| matches!(write, Write::AppendEvent(_)));
        if is_event && self.is_full.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable { source: "the disk is full".into() });
        }
        let outcome = self.store.commit(writes).await;
        if self.left.load(Ordering::SeqCst) > 0 && self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.died.notify_one();
            std::future::pending::<()>().await;
        }
        outcome
    }

    async fn pass(&self, key: &PassKey) -> Result<Option<StoredPass>, StoreError> {
        self.store.pass(key).await
    }

    async fn passes(&self, query: &PassQuery) -> Result<Page<StoredPass>, StoreError> {
        self.store.passes(query).await
    }

    async fn document(&self, key: &DocumentKey) -> Result<Option<Document>, StoreError> {
        self.store.document(key).await
    }

    async fn documents(&self, query: &DocumentQuery) -> Result<Page<Document>, StoreError> {
        self.store.documents(query).await
    }

    async fn registrations(&self, query: &RegistrationQuery) -> Result<Page<Registration>, StoreError> {
        self.store.registrations(query).await
    }

    async fn changed_since(&self, device: &DeviceKey, since: Option<Tag>) -> Result<Option<Changes>, StoreError> {
        self.store.changed_since(device, since).await
    }

    async fn claim(&self, claim: &Claim) -> Result<Vec<Task>, StoreError> {
        self.store.claim(claim).await
    }

    async fn tasks(&self, query: &TaskQuery) -> Result<Page<Task>, StoreError> {
        self.store.tasks(query).await
    }

    async fn events(&self, query: &EventQuery) -> Result<Page<Event>, StoreError> {
        self.store.events(query).await
    }
}

#[async_trait]
impl<S: Assets> Assets for Mortal<S> {
    async fn put(&self, digest: Digest, asset: Asset) -> Result<(), StoreError> {
        self.store.put(digest, asset).await
    }

    async fn get(&self, digest: Digest) -> Result<Option<Asset>, StoreError> {
        self.store.get(digest).await
    }
}
