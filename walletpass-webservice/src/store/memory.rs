//! A store in memory, for tests and for toys.

mod claim;
mod read;
mod registration;
mod session;
mod task;
mod write;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use self::session::{Session, Tables};
use super::{
    Asset, Assets, Changes, Claim, DeviceKey, Digest, Document, DocumentKey, DocumentQuery, Event, EventQuery, Page,
    PassQuery, Registration, RegistrationQuery, Store, StoreError, StoredPass, Tag, Task, TaskQuery, Write, Written,
};
use crate::PassKey;

/// Keeps everything in memory: **nothing survives the process**. For tests, and for toys of one process.
///
/// Clones share what they keep. It holds one lock for as long as a call works, and never waits for anything else.
///
/// ```
/// # use walletpass_webservice::store::{MemoryStore, Store, Write, Written, NewPass, Tag};
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// # let pass = NewPass {
/// #     key: walletpass_webservice::PassKey {
/// #         tenant: Default::default(),
/// #         pass_type: "pass.com.acme.club".parse()?,
/// #         serial: "member-4711".parse()?,
/// #     },
/// #     body: "{}".into(),
/// #     token: "vxwxd7J8AlNNFPS8k0a0FfUFtq0ewzFdc".into(),
/// #     template: None,
/// #     state: Default::default(),
/// #     at: "2026-11-21T10:00:00Z".parse()?,
/// # };
/// let store = MemoryStore::new();
/// let written = store.commit(vec![Write::CreatePass(pass.clone())]).await?;
/// assert_eq!(written, [Written::Pass(Tag(1))]);
/// assert_eq!(store.pass(&pass.key).await?.map(|stored| stored.tag), Some(Tag(1)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct MemoryStore {
    tables: Arc<Mutex<Tables>>,
    assets: Arc<Mutex<BTreeMap<Digest, Asset>>>,
}

impl MemoryStore {
    /// Makes an empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        lock(&self.tables)
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").finish_non_exhaustive()
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn commit(&self, writes: Vec<Write>) -> Result<Vec<Written>, StoreError> {
        writes.iter().try_for_each(Write::check)?;
        let mut tables = self.tables();
        let mut session = Session::new(&mut tables);
        let written: Result<_, _> = writes.into_iter().map(|write| session.write(write)).collect();
        if written.is_err() {
            session.roll_back();
        }
        written
    }

    async fn pass(&self, key: &PassKey) -> Result<Option<StoredPass>, StoreError> {
        Ok(self.tables().pass(key))
    }

    async fn passes(&self, query: &PassQuery) -> Result<Page<StoredPass>, StoreError> {
        query.check()?;
        let place = query.place()?;
        Ok(self.tables().passes(query, place))
    }

    async fn document(&self, key: &DocumentKey) -> Result<Option<Document>, StoreError> {
        key.check()?;
        Ok(self.tables().document(key))
    }

    async fn documents(&self, query: &DocumentQuery) -> Result<Page<Document>, StoreError> {
        query.check()?;
        let place = query.place()?;
        Ok(self.tables().documents(query, place))
    }

    async fn registrations(&self, query: &RegistrationQuery) -> Result<Page<Registration>, StoreError> {
        query.check()?;
        let place = query.place()?;
        Ok(self.tables().registrations(query, place))
    }

    async fn changed_since(&self, device: &DeviceKey, since: Option<Tag>) -> Result<Option<Changes>, StoreError> {
        Ok(self.tables().changed_since(device, since))
    }

    async fn claim(&self, claim: &Claim) -> Result<Vec<Task>, StoreError> {
        claim.check()?;
        Ok(Session::new(&mut self.tables()).claim(claim))
    }

    async fn tasks(&self, query: &TaskQuery) -> Result<Page<Task>, StoreError> {
        query.check()?;
        let place = query.place()?;
        Ok(self.tables().tasks(query, place))
    }

    async fn events(&self, query: &EventQuery) -> Result<Page<Event>, StoreError> {
        query.check()?;
        let place = query.place()?;
        Ok(self.tables().events(query, place))
    }
}

#[async_trait]
impl Assets for MemoryStore {
    async fn put(&self, digest: Digest, asset: Asset) -> Result<(), StoreError> {
        asset.check()?;
        lock(&self.assets).entry(digest).or_insert(asset);
        Ok(())
    }

    async fn get(&self, digest: Digest) -> Result<Option<Asset>, StoreError> {
        Ok(lock(&self.assets).get(&digest).cloned())
    }
}

/// Nothing panics while the lock is held, so a poisoned one holds whole data too.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
