//! A store that somebody watches.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use walletpass_webservice::PassKey;
use walletpass_webservice::store::{
    Asset, Assets, Changes, Claim, DeviceKey, Digest, Document, DocumentKey, DocumentQuery, Event, EventQuery, Page,
    PassQuery, Registration, RegistrationQuery, Store, StoreError, StoredPass, Tag, Task, TaskQuery, Write, Written,
};

/// Sees the calls of a store.
#[async_trait]
pub(crate) trait Watch: Send + Sync {
    /// A commit is to be made.
    async fn before(&self, writes: &[Write]);

    /// A commit was made.
    fn after(&self, writes: &[Write]);

    /// Something else is to be done.
    fn called(&self, call: Call);
}

/// What is called, beside commits.
pub(crate) enum Call {
    Claim,
    /// Of a picture.
    Put,
    /// Of anything.
    Read,
}

/// Hands everything on to a store, and tells it.
pub(crate) struct Watched<S, W> {
    pub(crate) watch: W,
    inner: Arc<S>,
}

impl<S, W> Watched<S, W> {
    pub(crate) fn new(inner: Arc<S>, watch: W) -> Self {
        Self { watch, inner }
    }
}

#[async_trait]
impl<S: Store, W: Watch> Store for Watched<S, W> {
    async fn commit(&self, writes: Vec<Write>) -> Result<Vec<Written>, StoreError> {
        self.watch.before(&writes).await;
        let written = self.inner.commit(writes.clone()).await?;
        self.watch.after(&writes);
        Ok(written)
    }

    async fn pass(&self, key: &PassKey) -> Result<Option<StoredPass>, StoreError> {
        self.watch.called(Call::Read);
        self.inner.pass(key).await
    }

    async fn passes(&self, query: &PassQuery) -> Result<Page<StoredPass>, StoreError> {
        self.watch.called(Call::Read);
        self.inner.passes(query).await
    }

    async fn document(&self, key: &DocumentKey) -> Result<Option<Document>, StoreError> {
        self.watch.called(Call::Read);
        self.inner.document(key).await
    }

    async fn documents(&self, query: &DocumentQuery) -> Result<Page<Document>, StoreError> {
        self.watch.called(Call::Read);
        self.inner.documents(query).await
    }

    async fn registrations(&self, query: &RegistrationQuery) -> Result<Page<Registration>, StoreError> {
        self.watch.called(Call::Read);
        self.inner.registrations(query).await
    }

    async fn changed_since(&self, device: &DeviceKey, since: Option<Tag>) -> Result<Option<Changes>, StoreError> {
        self.watch.called(Call::Read);
        self.inner.changed_since(device, since).await
    }

    async fn claim(&self, claim: &Claim) -> Result<Vec<Task>, StoreError> {
        self.watch.called(Call::Claim);
        self.inner.claim(claim).await
    }

    async fn tasks(&self, query: &TaskQuery) -> Result<Page<Task>, StoreError> {
        self.watch.called(Call::Read);
        self.inner.tasks(query).await
    }

    async fn events(&self, query: &EventQuery) -> Result<Page<Event>, StoreError> {
        self.watch.called(Call::Read);
        self.inner.events(query).await
    }
}

#[async_trait]
impl<S: Assets, W: Watch> Assets for Watched<S, W> {
    async fn put(&self, digest: Digest, asset: Asset) -> Result<(), StoreError> {
        self.watch.called(Call::Put);
        self.inner.put(digest, asset).await
    }

    async fn get(&self, digest: Digest) -> Result<Option<Asset>, StoreError> {
        self.watch.called(Call::Read);
        self.inner.get(digest).await
    }
}

impl<S: fmt::Debug, W> fmt::Debug for Watched<S, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}
