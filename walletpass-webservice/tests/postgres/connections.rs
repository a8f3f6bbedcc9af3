//! Connecting, and what happens to connections.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use walletpass_webservice::conformance::run;
use walletpass_webservice::store::{PostgresOptions, Store, StoreError, Write, Written};

use crate::scratch::{Scratch, url};
use crate::shop::{event, key, pass};

#[test]
fn nodes_that_start_at_once_make_the_tables_once() {
    run(async {
        let scratch = Arc::new(Scratch::new("start").await);
        let starts = (0..12).map(|_| {
            let scratch = scratch.clone();
            tokio::spawn(async move { drop(scratch.store().await) })
        });
        for start in starts.collect::<Vec<_>>() {
            start.await.unwrap();
        }
        let versions = scratch.client().await.query("SELECT version FROM migrations", &[]).await.unwrap();
        assert_eq!(versions.len(), 1);
        Arc::into_inner(scratch).unwrap().remove().await;
    });
}

#[test]
fn newer_tables_are_refused() {
    run(async {
        let scratch = Scratch::new("newer").await;
        drop(scratch.store().await);
        scratch.client().await.execute("INSERT INTO migrations VALUES (999)", &[]).await.unwrap();
        let error = scratch.options().connect(&scratch.url).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "tables of version 999, where this program knows 1: run the newer program that made them, or restore a backup from before"
        );
        scratch.remove().await;
    });
}

#[test]
fn what_cannot_be_reached_is_said() {
    run(async {
        let secret = "hunter2-do-not-show";
        for (address, is_invalid) in [
            ("postgres://a@[", true),
            ("mysql://a@b/c", true),
            ("postgres://a@b/c?sslmode=verify-ca", true),
            ("postgres://a@b/c?sslmode=verify-full&sslmode=disable", true),
            (&*format!("postgres://walletpass:{secret}@127.0.0.1:1/c"), false),
            (&*format!("postgres://walletpass:{secret}@127.0.0.1:x/c"), true),
        ] {
            let error = PostgresOptions::default().connect(address).await.unwrap_err();
            assert_eq!(matches!(error, StoreError::Invalid { .. }), is_invalid, "{address}: {error:?}");
            assert!(!format!("{error} {error:?}").contains(secret), "{error:?}");
        }
        let (server, _) = url().rsplit_once('/').map(|(server, rest)| (server.to_owned(), rest.to_owned())).unwrap();
        let missing = PostgresOptions::default().connect(&format!("{server}/walletpass_nowhere")).await;
        assert!(matches!(missing, Err(StoreError::Invalid { .. })), "{missing:?}");
        // The server of these tests speaks no TLS.
        let plain = PostgresOptions::default().connect(&format!("{}?sslmode=require", url())).await;
        assert!(matches!(plain, Err(StoreError::Unavailable { .. })), "{plain:?}");
        let roots = PostgresOptions::default().root_certificate([0]).connect(&url()).await;
        assert!(matches!(roots, Err(StoreError::Invalid { .. })), "{roots:?}");
    });
}

#[test]
fn calls_wait_for_the_pool() {
    run(async {
        let scratch = Scratch::new("pool").await;
        let store = scratch.options().pool_size(4).connect(&scratch.url).await.unwrap();
        let calls = (0..54).map(|call| {
            let store = store.clone();
            tokio::spawn(async move {
                for round in 0..10 {
                    let serial = format!("{call}-{round}");
                    store.commit(vec![Write::CreatePass(pass(&serial, "{}")), event("e")]).await.unwrap();
                    assert!(store.pass(&key(&serial)).await.unwrap().is_some());
                }
            })
        });
        for call in calls.collect::<Vec<_>>() {
            call.await.unwrap();
        }
        drop(store);
        scratch.remove().await;
    });
}

#[test]
fn a_connection_that_broke_is_replaced() {
    run(async {
        let scratch = Scratch::new("broken").await;
        let store = scratch.options().pool_size(2).connect(&scratch.address()).await.unwrap();
        let client = scratch.client().await;
        for round in 0..20 {
            let serial = round.to_string();
            let write = || store.commit(vec![Write::CreatePass(pass(&serial, "{}"))]);
            let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1";
            client.query(end, &[&scratch.schema]).await.unwrap();
            // The read finds a connection that works; the commit may meet one that broke, and must then be looked for.
            assert!(store.pass(&key(&serial)).await.unwrap().is_none());
            match write().await {
                Ok(written) => assert!(matches!(written[..], [Written::Pass(_)])),
                Err(StoreError::Unavailable { .. }) => {}
                Err(error) => panic!("{error:?}"),
            }
        }
        drop(store);
        scratch.remove().await;
    });
}

#[test]
fn statements_that_are_cancelled_leave_no_half_commit() {
    run(async {
        let scratch = Scratch::new("cancelled").await;
        let store = scratch.store().await;
        let client = scratch.client().await;
        let mut writers = JoinSet::new();
        for writer in 0..4 {
            let store = store.clone();
            writers.spawn(async move {
                let mut cancelled = 0;
                for round in 0..1000 {
                    let serials = [format!("{writer}-{round}-a"), format!("{writer}-{round}-b")];
                    let writes = serials.iter().map(|serial| Write::CreatePass(pass(serial, "{}"))).collect();
                    match store.commit(writes).await {
                        Ok(_) => {}
                        Err(StoreError::Unavailable { .. }) => cancelled += 1,
                        Err(error) => panic!("{error:?}"),
                    }
                }
                cancelled
            });
        }
        let cancel = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = $1";
        let cancel = client.prepare(cancel).await.unwrap();
        let mut cancelled = 0;
        while !writers.is_empty() {
            client.query(&cancel, &[&scratch.schema]).await.unwrap();
            while let Some(writer) = writers.try_join_next() {
                cancelled += writer.unwrap();
            }
        }
        assert!(cancelled > 100, "only {cancelled} commits were cancelled");
        let halves =
            "SELECT count(*) FROM (SELECT FROM passes GROUP BY left(serial, -2) HAVING count(*) <> 2) AS halves";
        let halves: i64 = client.query_one(halves, &[]).await.unwrap().get(0);
        assert_eq!(halves, 0, "{cancelled} commits were cancelled");
        // No connection is left in a failed transaction.
        for _ in 0..100 {
            store.pass(&key("0-0-a")).await.unwrap();
        }
        drop(store);
        scratch.remove().await;
    });
}

#[test]
fn a_call_that_is_given_up_leaves_no_half_commit() {
    run(async {
        let scratch = Scratch::new("given_up").await;
        let store = scratch.options().pool_size(1).connect(&scratch.url).await.unwrap();
        for round in 0..50_u64 {
            let serials = [format!("{round}-a"), format!("{round}-b")];
            let writes = serials.iter().map(|serial| Write::CreatePass(pass(serial, "{}"))).collect();
            let given_up = tokio::time::timeout(Duration::from_micros(round * 40), store.commit(writes)).await;
            let [first, second] = [store.pass(&key(&serials[0])).await, store.pass(&key(&serials[1])).await];
            assert_eq!(first.unwrap().is_some(), second.unwrap().is_some(), "{given_up:?}");
        }
        drop(store);
        scratch.remove().await;
    });
}
