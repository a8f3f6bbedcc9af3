//! A store that counts what is asked of it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use serde_json::json;
use walletpass::issuer::Change;
use walletpass_webservice::PassKey;
use walletpass_webservice::store::{
    Asset, Assets, Changes, Claim, DeviceKey, Digest, Document, DocumentKey, DocumentQuery, Event, EventQuery, Page,
    PassQuery, Registration, RegistrationQuery, Store, StoreError, StoredPass, Tag, Task, TaskQuery, Write, Written,
};

use crate::stage::{Stage, card, set_points};
use crate::stores::over_two_handles;

over_two_handles!(no_change_costs_one_look, a_change_costs_three_commits_and_no_picture);

/// Where nothing changes, one pass is read, and that is all: no commit, no picture, no claim, no push, no request.
async fn no_change_costs_one_look<S: Store + Assets + 'static>(store: Arc<S>, _: Arc<S>) {
    let counts = Arc::new(Counting::new(store));
    let mut stage = Stage::open(Arc::clone(&counts)).await;
    let serial = stage.hold("a", 100).await;
    stage.issuer.update(&serial, |pass| set_points(pass, 101)).await.unwrap();
    let voided = stage.hold("b", 100).await;
    stage.issuer.void(&voided).await.unwrap();
    counts.take();
    // A process that has just been started has nothing in memory that would spare it a look.
    for issuer in [stage.issuer.clone(), stage.another_issuer(Arc::clone(&counts), crate::stage::Wallets::Both)] {
        let around = (stage.apns.count(), stage.google.requests().len());
        let changes = [
            issuer.update(&serial, |pass| set_points(pass, 101)).await,
            issuer.replace(&card("a", 101)).await,
            issuer.merge(&serial, &json!({ "kind": { "loyalty": { "points": 101 } } })).await,
            issuer.merge(&serial, &json!({})).await,
            issuer.reinstate(&serial).await,
            issuer.void(&voided).await,
        ];
        assert_eq!(counts.take(), Counts { reads: changes.len(), ..Counts::default() });
        assert_eq!((stage.apns.count(), stage.google.requests().len()), around);
        for change in changes {
            assert!(matches!(change.unwrap(), Change::Unchanged));
        }
    }
}

/// One commit is the change, one the end of each delivery; the picture is there.
async fn a_change_costs_three_commits_and_no_picture<S: Store + Assets + 'static>(store: Arc<S>, _: Arc<S>) {
    let counts = Arc::new(Counting::new(store));
    let mut stage = Stage::open(Arc::clone(&counts)).await;
    let serial = stage.hold("a", 100).await;
    counts.take();
    for points in 101..105 {
        stage.issuer.update(&serial, |pass| set_points(pass, points)).await.unwrap();
        let Counts { commits, puts, claims, .. } = counts.take();
        assert_eq!((commits, puts, claims), (3, 0, 1));
    }
    // Somebody else's picture is looked up once, and never written.
    stage.issuer.create(&card("b", 1)).await.unwrap();
    let Counts { commits, puts, claims, .. } = counts.take();
    assert_eq!((commits, puts, claims), (1, 0, 0));
}

/// Counts, and hands everything on.
struct Counting<S> {
    inner: Arc<S>,
    commits: AtomicUsize,
    puts: AtomicUsize,
    claims: AtomicUsize,
    reads: AtomicUsize,
}

#[derive(Debug, Default, PartialEq)]
struct Counts {
    commits: usize,
    /// Of pictures.
    puts: usize,
    claims: usize,
    /// Of all kinds, pictures included.
    reads: usize,
}

impl<S> Counting<S> {
    fn new(inner: Arc<S>) -> Self {
        let [commits, puts, claims, reads] = Default::default();
        Self { inner, commits, puts, claims, reads }
    }

    /// Gives the counts since the last time.
    fn take(&self) -> Counts {
        let take = |count: &AtomicUsize| count.swap(0, Ordering::SeqCst);
        Counts {
            commits: take(&self.commits),
            puts: take(&self.puts),
            claims: take(&self.claims),
            reads: take(&self.reads),
        }
    }
}

fn count(count: &AtomicUsize) {
    count.fetch_add(1, Ordering::SeqCst);
}

#[async_trait]
impl<S: Store> Store for Counting<S> {
    async fn commit(&self, writes: Vec<Write>) -> Result<Vec<Written>, StoreError> {
        count(&self.commits);
        self.inner.commit(writes).await
    }

    async fn pass(&self, key: &PassKey) -> Result<Option<StoredPass>, StoreError> {
        count(&self.reads);
        self.inner.pass(key).await
    }

    async fn passes(&self, query: &PassQuery) -> Result<Page<StoredPass>, StoreError> {
        count(&self.reads);
        self.inner.passes(query).await
    }

    async fn document(&self, key: &DocumentKey) -> Result<Option<Document>, StoreError> {
        count(&self.reads);
        self.inner.document(key).await
    }

    async fn documents(&self, query: &DocumentQuery) -> Result<Page<Document>, StoreError> {
        count(&self.reads);
        self.inner.documents(query).await
    }

    async fn registrations(&self, query: &RegistrationQuery) -> Result<Page<Registration>, StoreError> {
        count(&self.reads);
        self.inner.registrations(query).await
    }

    async fn changed_since(&self, device: &DeviceKey, since: Option<Tag>) -> Result<Option<Changes>, StoreError> {
        count(&self.reads);
        self.inner.changed_since(device, since).await
    }

    async fn claim(&self, claim: &Claim) -> Result<Vec<Task>, StoreError> {
        count(&self.claims);
        self.inner.claim(claim).await
    }

    async fn tasks(&self, query: &TaskQuery) -> Result<Page<Task>, StoreError> {
        count(&self.reads);
        self.inner.tasks(query).await
    }

    async fn events(&self, query: &EventQuery) -> Result<Page<Event>, StoreError> {
        count(&self.reads);
        self.inner.events(query).await
    }
}

#[async_trait]
impl<S: Assets> Assets for Counting<S> {
    async fn put(&self, digest: Digest, asset: Asset) -> Result<(), StoreError> {
        count(&self.puts);
        self.inner.put(digest, asset).await
    }

    async fn get(&self, digest: Digest) -> Result<Option<Asset>, StoreError> {
        count(&self.reads);
        self.inner.get(digest).await
    }
}

impl<S: fmt::Debug> fmt::Debug for Counting<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}
