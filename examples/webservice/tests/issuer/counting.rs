//! What an issuer asks of its store, counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use serde_json::json;
use walletpass::issuer::Change;
use walletpass_webservice::store::{Assets, Store, Write};

use crate::stage::{Stage, Wallets, card, set_points};
use crate::stores::over_two_handles;
use crate::watched::{Call, Watch, Watched};

over_two_handles!(no_change_costs_one_look, a_change_costs_three_commits_and_no_picture);

/// Where nothing changes, one pass is read, and that is all: no commit, no picture, no claim, no push, no request.
async fn no_change_costs_one_look<S: Store + Assets + 'static>(store: Arc<S>, _: Arc<S>) {
    let counts = Arc::new(Watched::new(store, Counting::default()));
    let mut stage = Stage::open(Arc::clone(&counts)).await;
    let serial = stage.hold("a", 100).await;
    stage.issuer.update(&serial, |pass| set_points(pass, 101)).await.unwrap();
    let voided = stage.hold("b", 100).await;
    stage.issuer.void(&voided).await.unwrap();
    counts.watch.take();
    // A process that has just been started has nothing in memory that would spare it a look.
    for issuer in [stage.issuer.clone(), stage.another_issuer(Arc::clone(&counts), Wallets::Both)] {
        let around = (stage.apns.count(), stage.google.requests().len());
        let changes = [
            issuer.update(&serial, |pass| set_points(pass, 101)).await,
            issuer.replace(&card("a", 101)).await,
            issuer.merge(&serial, &json!({ "kind": { "loyalty": { "points": 101 } } })).await,
            issuer.merge(&serial, &json!({})).await,
            issuer.reinstate(&serial).await,
            issuer.void(&voided).await,
        ];
        assert_eq!(counts.watch.take(), Counts { reads: changes.len(), ..Counts::default() });
        assert_eq!((stage.apns.count(), stage.google.requests().len()), around);
        for change in changes {
            assert!(matches!(change.unwrap(), Change::Unchanged));
        }
    }
}

/// One commit is the change, one the end of each delivery; the picture is there.
async fn a_change_costs_three_commits_and_no_picture<S: Store + Assets + 'static>(store: Arc<S>, _: Arc<S>) {
    let counts = Arc::new(Watched::new(store, Counting::default()));
    let mut stage = Stage::open(Arc::clone(&counts)).await;
    let serial = stage.hold("a", 100).await;
    counts.watch.take();
    for points in 101..105 {
        stage.issuer.update(&serial, |pass| set_points(pass, points)).await.unwrap();
        let Counts { commits, puts, claims, .. } = counts.watch.take();
        assert_eq!((commits, puts, claims), (3, 0, 1));
    }
    // Somebody else's picture is looked up once, and never written.
    stage.issuer.create(&card("b", 1)).await.unwrap();
    let Counts { commits, puts, claims, .. } = counts.watch.take();
    assert_eq!((commits, puts, claims), (1, 0, 0));
}

/// Counts the calls of a store.
#[derive(Default)]
struct Counting {
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

impl Counting {
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

#[async_trait]
impl Watch for Counting {
    async fn before(&self, _: &[Write]) {
        self.commits.fetch_add(1, Ordering::SeqCst);
    }

    fn after(&self, _: &[Write]) {}

    fn called(&self, call: Call) {
        let count = match call {
            Call::Claim => &self.claims,
            Call::Put => &self.puts,
            Call::Read => &self.reads,
        };
        count.fetch_add(1, Ordering::SeqCst);
    }
}
