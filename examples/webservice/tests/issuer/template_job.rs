//! The change of a template on its way to many passes.

use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::json;
use walletpass::Issuer;
use walletpass::issuer::Held;
use walletpass_webservice::store::{Assets, MemoryStore, PassQuery, SqliteStore, Store};

use crate::mortal::Mortal;
use crate::stage::{Stage, Wallets};
use crate::stores::{Folder, over_each_store};
use crate::templates::{asked, club, points, serial, settle, with};

over_each_store!(a_later_template_overtakes_the_job);

/// The job of the first change is interrupted by the second.
async fn a_later_template_overtakes_the_job(stage: Stage) {
    let issuer = &stage.issuer;
    issuer.put_template("club", &club()).await.unwrap();
    settle(issuer, "club").await;
    create_many(issuer, 1_250).await;
    for name in ["One", "Two"] {
        issuer.put_template("club", &with(club(), json!({ "organization": name }))).await.unwrap();
        while issuer.template_job("club").await.unwrap().reached == 0 {
            issuer.run_due(100).await.unwrap();
        }
        let job = issuer.template_job("club").await.unwrap();
        assert!(!job.finished && job.reached == 1_000, "{job:?}");
    }
    issuer.put_template("club", &with(club(), json!({ "organization": "Three" }))).await.unwrap();
    let job = settle(issuer, "club").await;
    assert_eq!((job.reached, job.failed, &*job.failures), (1_250, 0, &[][..]));
    for held in all(issuer).await {
        assert_eq!(held.pass.organization.default, "Three");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_job_goes_on_in_memory() {
    an_interrupted_job_goes_on(Arc::new(MemoryStore::new()), 10_000).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_job_goes_on_in_sqlite() {
    let folder = Folder::new("interrupted_job");
    an_interrupted_job_goes_on(Arc::new(SqliteStore::open(folder.path("passes.db")).unwrap()), 10_000).await;
}

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_job_goes_on_in_postgres() {
    an_interrupted_job_goes_on(crate::stores::postgres().await, 1_000).await;
}

/// Killed again and again between and within its errands: each pass is written once for each revision all the same.
async fn an_interrupted_job_goes_on<S: Store + Assets + 'static>(store: Arc<S>, passes: usize) {
    let store = Mortal::new(store);
    let stage = Stage::open(Arc::clone(&store)).await;
    let issuer = &stage.issuer;
    issuer.put_template("club", &club()).await.unwrap();
    settle(issuer, "club").await;
    create_many(issuer, passes).await;
    let first = all(issuer).await.iter().map(|held| held.version.0).max().unwrap();
    let requests = stage.google.requests().len();

    issuer.put_template("club", &with(club(), json!({ "organization": "Beans" }))).await.unwrap();
    for commits in [1, 2, 5] {
        let one_that_dies = stage.another_issuer(Arc::clone(&store), Wallets::Both);
        store.killed_after(commits, settle(&one_that_dies, "club")).await;
        // The lease of whoever died runs out.
        stage.time.advance(TimeDelta::minutes(3));
    }
    let job = settle(issuer, "club").await;
    assert_eq!((job.reached, job.failed), (passes as u64, 0));
    let held = all(issuer).await;
    assert_eq!(held.len(), passes);
    assert!(held.iter().all(|held| held.pass.organization.default == "Beans"));
    let mut versions: Vec<_> = held.iter().map(|held| held.version.0).collect();
    versions.sort_unstable();
    let last = first + passes as u64;
    assert_eq!((versions[0], versions[passes - 1]), (first + 1, last), "no pass was written twice");
    // One that was under way when its process was killed may come again; but there are none for the passes.
    let written: Vec<_> = asked(&stage, requests)
        .into_iter()
        .filter(|asked| asked.contains(" loyalty") && !asked.starts_with("GET"))
        .collect();
    assert!(
        (1..=4).contains(&written.len()) && written.iter().all(|asked| asked == "PATCH loyaltyClass"),
        "{written:?}"
    );
}

/// Reads all passes.
async fn all(issuer: &Issuer) -> Vec<Held> {
    let (mut query, mut all) = (PassQuery { limit: 1_000, ..PassQuery::new(Default::default()) }, Vec::new());
    loop {
        let page = issuer.passes(query.clone()).await.unwrap();
        all.extend(page.passes);
        query.cursor = page.next;
        if query.cursor.is_none() {
            return all;
        }
    }
}

/// Creates passes, on all processors.
async fn create_many(issuer: &Issuer, passes: usize) {
    let batches: Vec<_> = (0..4)
        .map(|batch| {
            let issuer = issuer.clone();
            tokio::spawn(async move {
                for number in (batch..passes).step_by(4) {
                    let serial = serial(&format!("m{number:05}"));
                    issuer.create_from("club", serial, &points(number as i64)).await.unwrap();
                }
            })
        })
        .collect();
    for batch in batches {
        batch.await.unwrap();
    }
}
