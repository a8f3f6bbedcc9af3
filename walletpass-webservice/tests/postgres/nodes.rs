//! Two nodes over one database: while both change passes and do what is to be done, a device misses nothing and no task is done twice.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use walletpass_webservice::conformance::run;
use walletpass_webservice::store::{Claim, PostgresStore, Store, StoreError, Tag, Write};

use crate::scratch::Scratch;
use crate::shop::{at, device, document_key, event, key, pass, putting, registering, waking};

#[test]
fn two_nodes_miss_nothing_and_do_nothing_twice() {
    run(async {
        let scratch = Scratch::new("nodes").await;
        let store = scratch.store().await;
        for number in 0..PASSES {
            let serial = number.to_string();
            store.commit(vec![Write::CreatePass(pass(&serial, "{}")), registering("phone", &serial)]).await.unwrap();
        }
        let other = child("nodes::another_node", &scratch).stdout(Stdio::piped()).spawn().unwrap();
        let own = tokio::spawn({
            let store = store.clone();
            async move { work(&store).await }
        });
        let other = tokio::task::spawn_blocking(|| other.wait_with_output().unwrap());

        // The device knows what it fetched, and fetches only what it is told of.
        let mut known: BTreeMap<String, Tag> = BTreeMap::new();
        let (mut since, mut polls) = (None, 0);
        loop {
            // Asked before the list is read, so that the last list is of after the last update.
            let is_over = own.is_finished() && other.is_finished();
            if let Some(changes) = store.changed_since(&device("phone"), since).await.unwrap() {
                for serial in &changes.serials {
                    let stored = store.pass(&key(serial.as_str())).await.unwrap().unwrap();
                    known.insert(serial.as_str().to_owned(), stored.tag);
                }
                assert!(since < Some(changes.tag), "the list went back from {since:?} to {}", changes.tag);
                since = Some(changes.tag);
            }
            polls += 1;
            if is_over {
                break;
            }
        }
        for number in 0..PASSES {
            let serial = number.to_string();
            let stored = store.pass(&key(&serial)).await.unwrap().unwrap();
            assert_eq!(known.get(&serial), Some(&stored.tag), "the device was not told of pass {serial}");
        }

        let (mut done, other) = (own.await.unwrap(), other.await.unwrap());
        assert!(other.status.success(), "{}", String::from_utf8_lossy(&other.stdout));
        let lines = String::from_utf8(other.stdout).unwrap();
        let theirs: Vec<u64> = lines.lines().filter_map(|line| line.strip_prefix("task ")?.parse().ok()).collect();
        assert!(!done.is_empty() && !theirs.is_empty() && polls > 2, "{} {} {polls}", done.len(), theirs.len());
        done.extend(theirs);
        let all = done.len();
        assert_eq!(BTreeSet::from_iter(done).len(), all, "a task was given twice");
        drop(store);
        scratch.remove().await;
    });
}

#[test]
#[ignore = "the second node of another test"]
fn another_node() {
    run(async {
        let store = Scratch::known(&crate::scratch::url(), "nodes").store().await;
        let lines: String = work(&store).await.into_iter().map(|task| format!("\ntask {task}\n")).collect();
        use std::io::Write as _;
        std::io::stdout().write_all(lines.as_bytes()).unwrap();
    });
}

/// Does half of the updates, and tasks meanwhile; gives the ids of those.
async fn work(store: &PostgresStore) -> Vec<u64> {
    let left = Arc::new(AtomicU64::new(UPDATES / 2));
    let updaters = (0..6).map(|updater| {
        let (store, left) = (store.clone(), left.clone());
        tokio::spawn(async move {
            let mut number = updater + u64::from(std::process::id());
            while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok() {
                number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                update(&store, &((number >> 33) % PASSES).to_string()).await;
            }
        })
    });
    let updaters: Vec<_> = updaters.collect();
    let workers = (0..2).map(|_| {
        let (store, left) = (store.clone(), left.clone());
        tokio::spawn(async move {
            let mut done = Vec::new();
            loop {
                let is_over = left.load(Ordering::Relaxed) == 0;
                let claim = Claim { tenant: None, kinds: Vec::new(), now: at(1), until: at(1000), limit: 10 };
                let tasks = store.claim(&claim).await.unwrap();
                if tasks.is_empty() && is_over {
                    return done;
                }
                for task in tasks {
                    // Whoever did the same at the same time would find this note, or take it away.
                    let note = format!("busy {}", task.task.key);
                    store.commit(vec![putting(&note, "", None)]).await.expect("one key is in the work of one");
                    let revision = store.document(&document_key(&note)).await.unwrap().unwrap().revision;
                    let clear = Write::DeleteDocument { key: document_key(&note), expected: revision };
                    store.commit(vec![Write::FinishTask(task.lease()), clear, event("")]).await.unwrap();
                    done.push(task.id);
                }
            }
        })
    });
    let workers: Vec<_> = workers.collect();
    for updater in updaters {
        updater.await.unwrap();
    }
    let mut done = Vec::new();
    for worker in workers {
        done.extend(worker.await.unwrap());
    }
    done
}

/// Changes a pass, whatever others do.
async fn update(store: &PostgresStore, serial: &str) {
    let mut expected = store.pass(&key(serial)).await.unwrap().unwrap().tag;
    loop {
        let writes = vec![Write::UpdatePass { pass: pass(serial, "{}"), expected }, waking(serial)];
        match store.commit(writes).await {
            Ok(_) => return,
            Err(StoreError::Conflict { found: Some(found), .. }) => expected = Tag(found),
            Err(error) => panic!("{error:?}"),
        }
    }
}

/// Makes a process of one of the tests here.
pub(crate) fn child(test: &str, scratch: &Scratch) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--ignored", "--nocapture"]).env("WALLETPASS_POSTGRES_URL", &scratch.url);
    command
}

const PASSES: u64 = 100;
const UPDATES: u64 = 10_000;
