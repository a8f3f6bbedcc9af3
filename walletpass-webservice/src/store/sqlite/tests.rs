//! What can be seen from inside only: how statements are looked up, and threads and disks that fail.

use std::collections::BTreeSet;
use std::sync::Mutex;

use futures_channel::oneshot;
use rusqlite::StatementStatus::RePrepare;

use super::*;
use crate::conformance;
use crate::store::NewEvent;

/// Every statement that a test of this process has run.
static STATEMENTS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

pub(super) fn remember(sql: &str) {
    let mut statements = STATEMENTS.lock().unwrap();
    if !statements.contains(sql) {
        statements.insert(sql.to_owned());
    }
}

/// Runs cases of the suite that touch every statement, and asks SQLite of each how it finds its rows.
#[test]
fn no_statement_reads_through_a_table() {
    let store = SqliteStore::in_memory().unwrap();
    conformance::run(async {
        use conformance::*;
        commits::each_write_sees_those_before(&store).await;
        documents::documents_expect_their_revision(&store).await;
        documents::documents_are_listed_by_name(&store).await;
        events::events_are_pruned(&store).await;
        events::events_of_a_pass(&store).await;
        leases::a_void_lease_does_nothing(&store).await;
        passes::passes_are_listed_as_asked(&store).await;
        registrations::a_deletion_ends_registrations(&store).await;
        registrations::forgetting_a_token_respects_the_time(&store).await;
        registrations::unregistering_twice_is_no_error(&store).await;
        tags::a_late_registration_is_listed(&store).await;
        tags::changes_since_a_tag(&store).await;
        tasks::a_claim_is_of_one_key_or_all(&store).await;
        tasks::a_claim_is_of_one_tenant_or_all(&store).await;
        tasks::a_dead_task_is_discarded(&store).await;
        tasks::a_dead_task_is_revived(&store).await;
        tasks::a_retried_task_gives_way(&store).await;
        assets::an_asset_stays(&store).await;
        // What the cases do within a tenant and a kind, over all of them; and the other directions.
        let (now, until) = ("2026-11-21T10:00:00Z".parse().unwrap(), "2026-11-21T10:01:00Z".parse().unwrap());
        store.claim(&Claim { tenant: None, kinds: Vec::new(), key: None, now, until, limit: 1 }).await.unwrap();
        let dead = TaskQuery { tenant: Default::default(), dead_only: true, cursor: None, limit: 1 };
        store.tasks(&dead).await.unwrap();
        let tenant: crate::Tenant = "suite.passes_are_listed_as_asked".parse().unwrap();
        let template = Some("t".to_owned());
        let newest = PassQuery { template, newest_first: true, ..PassQuery::new(tenant) };
        store.passes(&newest).await.unwrap();
        // Each was run with many values, and compiled for the first of them only.
        let count = |db: &Db| {
            let again = |sql: &String| db.connection().prepare_cached(sql).unwrap().get_status(RePrepare);
            Ok(STATEMENTS.lock().unwrap().iter().map(again).sum::<i32>())
        };
        assert_eq!(store.read(count).await.unwrap(), 0);
    });
    let statements = STATEMENTS.lock().unwrap().clone();
    let is_control =
        |sql: &str| ["BEGIN", "COMMIT", "ROLLBACK", "RELEASE", "SAVEPOINT"].iter().any(|word| sql.starts_with(word));
    let statements: Vec<_> = statements.into_iter().filter(|sql| !is_control(sql)).collect();
    // Each of the sources has its statements at its end: none may be left out.
    let sources = [
        include_str!("pass.rs"),
        include_str!("read.rs"),
        include_str!("registration.rs"),
        include_str!("task.rs"),
        include_str!("write.rs"),
    ];
    let declared: usize = sources.iter().map(|source| source.matches(": &str =").count()).sum();
    // `TENANT` is declared twice.
    assert_eq!(statements.len(), declared - 1, "a statement was not run: let a case run it");
    let db = file::open_memory().unwrap_or_else(|failure| panic!("{failure:?}"));
    for sql in statements {
        let mut plan = db.connection().prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let nulls = vec![rusqlite::types::Null; plan.parameter_count()];
        let steps = plan.query_map(rusqlite::params_from_iter(nulls), |row| row.get(3)).unwrap();
        for step in steps.collect::<Result<Vec<String>, _>>().unwrap() {
            assert!(!step.contains("SCAN") || step == "SCAN CONSTANT ROW", "{sql}\n{step}");
            // The passes of one device are put in order; nothing else is.
            let is_sorted = step.contains("TEMP B-TREE");
            assert!(
                !is_sorted
                    || sql.contains("ORDER BY max(p.tag, r.tag)")
                    || sql.contains("ORDER BY d.id")
                    || sql.contains("ORDER BY r.number"),
                "{sql}\n{step}"
            );
        }
    }
}

/// A file of its own, gone when the test is over.
struct File(std::path::PathBuf);

impl File {
    fn new(name: &str) -> Self {
        let file = Self(std::env::temp_dir().join(format!("walletpass-{name}-{}.db", std::process::id())));
        file.remove();
        file
    }

    fn remove(&self) {
        for end in ["", "-wal", "-shm"] {
            let mut path = self.0.clone().into_os_string();
            path.push(end);
            let _ = std::fs::remove_file(path);
        }
    }
}

impl Drop for File {
    fn drop(&mut self) {
        self.remove();
    }
}

fn event(kind: &str, bytes: usize) -> Write {
    Write::AppendEvent(NewEvent {
        tenant: Default::default(),
        kind: kind.to_owned(),
        pass: None,
        at: "2026-11-21T10:00:00Z".parse().unwrap(),
        body: vec![7; bytes].into(),
    })
}

/// Puts jobs into the queue of the thread that writes, which is held meanwhile, so that they come into one group.
async fn push_together(store: &SqliteStore, jobs: impl IntoIterator<Item = Job>) {
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let (held, holds) = Job::read(move |_| Ok(wait.recv().is_ok()));
    for job in std::iter::once(held).chain(jobs) {
        assert!(store.threads.writing.push(job).await.is_ok());
    }
    go.send(()).unwrap();
    holds.await.unwrap().unwrap();
}

async fn events(store: &SqliteStore) -> Vec<String> {
    let query = EventQuery { tenant: Default::default(), pass: None, after: None, cursor: None, limit: 1000 };
    store.events(&query).await.unwrap().items.into_iter().map(|event| event.event.kind).collect()
}

#[test]
fn a_full_disk_is_said_and_passes_by() {
    let store = SqliteStore::in_memory().unwrap();
    conformance::run(async {
        let pages = |most: i64| {
            store.change(1, move |db| {
                let now: i64 = db.connection().pragma_query_value(None, "page_count", |row| row.get(0))?;
                let set = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
                Ok(db.connection().pragma_update_and_check(None, "max_page_count", now + most, set).map(drop)?)
            })
        };
        store.commit(vec![event("before", 10)]).await.unwrap();
        pages(20).await.unwrap();
        let error = store.commit(vec![event("half", 10), event("big", 1 << 20)]).await.unwrap_err();
        assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert_eq!(source, "the disk is full; make room");
        assert_eq!(events(&store).await, ["before"]);
        pages(10_000).await.unwrap();
        store.commit(vec![event("after", 1 << 20)]).await.unwrap();
        assert_eq!(events(&store).await, ["before", "after"]);
    });
}

#[test]
fn commits_that_wait_together_share_a_transaction() {
    let store = SqliteStore::in_memory().unwrap();
    conformance::run(async {
        // The first of a transaction has no savepoint, and what is large begins one of its own.
        let names = ["no", "a", "b", "no", "large", "c"];
        let commits = names.map(|name| {
            let writes = vec![event(name, 1)];
            Job::change(if name == "large" { 1000 } else { 1 }, move |db| {
                let ids: Result<Vec<_>, _> = writes.into_iter().map(|write| db.write(write)).collect();
                match name {
                    "no" => Err(StoreError::dead_task_conflict(7).into()),
                    _ => ids,
                }
            })
        });
        let (jobs, promises): (Vec<_>, Vec<_>) = commits.into_iter().unzip();
        push_together(&store, jobs).await;
        for (name, promise) in names.into_iter().zip(promises) {
            let answer = promise.await.unwrap();
            assert_eq!(matches!(answer, Err(StoreError::Conflict { .. })), name == "no", "{answer:?}");
        }
        assert_eq!(events(&store).await, ["a", "b", "large", "c"]);
    });
}

#[test]
fn none_of_a_group_is_acknowledged_before_its_end() {
    let store = SqliteStore::in_memory().unwrap();
    conformance::run(async {
        let (first, mut first_answer) = Job::change(1, |db| db.write(event("first", 1)));
        let is_unanswered = move |_: &Db| Ok(first_answer.try_recv().unwrap().is_none());
        let (last, last_answer) = Job::change(1, is_unanswered);
        push_together(&store, [first, last]).await;
        assert!(last_answer.await.unwrap().unwrap());
    });
}

#[test]
fn a_lost_transaction_acknowledges_nothing() {
    let store = SqliteStore::in_memory().unwrap();
    conformance::run(async {
        store.commit(vec![event("before", 1)]).await.unwrap();
        let (first, first_answer) = Job::change(1, |db| db.write(event("first", 1)));
        // What a full disk may do in the middle.
        let (breaks, breaks_answer) = Job::change(1, |db| db.control("ROLLBACK"));
        let (last, last_answer) = Job::change(1, |db| db.write(event("last", 1)));
        push_together(&store, [first, breaks, last]).await;
        assert!(matches!(first_answer.await.unwrap(), Err(StoreError::Unavailable { .. })));
        assert!(matches!(breaks_answer.await.unwrap(), Err(StoreError::Unavailable { .. })));
        assert!(last_answer.await.unwrap().is_ok());
        assert_eq!(events(&store).await, ["before", "last"]);
    });
}

#[test]
fn when_the_end_of_a_transaction_fails_none_of_its_commits_is_acknowledged() {
    let store = SqliteStore::in_memory().unwrap();
    conformance::run(async {
        store.commit(vec![event("before", 1)]).await.unwrap();
        let (first, first_answer) = Job::change(1, |db| db.write(event("first", 1)));
        // A registration of no device, which SQLite is told to see at the end only.
        let sql = "PRAGMA defer_foreign_keys = ON; INSERT INTO registrations (device, pass, tag) VALUES (7, 7, 0)";
        let (breaks, breaks_answer) = Job::change(1, move |db| Ok(db.connection().execute_batch(sql)?));
        let (no, no_answer) = Job::change(1, |_| Err::<(), _>(StoreError::dead_task_conflict(7).into()));
        let (last, last_answer) = Job::change(1, |db| db.write(event("last", 1)));
        push_together(&store, [first, breaks, no, last]).await;
        assert!(matches!(first_answer.await.unwrap(), Err(StoreError::Unavailable { .. })));
        assert!(matches!(breaks_answer.await.unwrap(), Err(StoreError::Unavailable { .. })));
        // What it conflicted with may have been written by one of the others.
        assert!(matches!(no_answer.await.unwrap(), Err(StoreError::Unavailable { .. })));
        assert!(matches!(last_answer.await.unwrap(), Err(StoreError::Unavailable { .. })));
        store.commit(vec![event("after", 1)]).await.unwrap();
        assert_eq!(events(&store).await, ["before", "after"]);
    });
}

#[test]
fn all_that_wait_for_a_locked_database_are_told_together() {
    let file = File::new("locked");
    let store = SqliteOptions::default().busy_timeout(Duration::from_millis(50)).open(&file.0).unwrap();
    let other = rusqlite::Connection::open(&file.0).unwrap();
    conformance::run(async {
        let (first, first_answer) = Job::change(1, |db| db.write(event("first", 1)));
        let (second, second_answer) = Job::change(1, |db| db.write(event("second", 1)));
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        push_together(&store, [first, second]).await;
        assert!(matches!(first_answer.await.unwrap(), Err(StoreError::Unavailable { .. })));
        // Would it begin to wait now, it would be done.
        other.execute_batch("COMMIT").unwrap();
        assert!(matches!(second_answer.await.unwrap(), Err(StoreError::Unavailable { .. })));
        store.commit(vec![event("after", 1)]).await.unwrap();
        assert_eq!(events(&store).await, ["after"]);
    });
}

#[test]
fn a_panic_ends_the_call_and_not_the_store() {
    let store = SqliteStore::in_memory().unwrap();
    conformance::run(async {
        let write = store
            .change(1, |db| {
                db.write(event("half", 1))?;
                if true {
                    panic!("on purpose");
                }
                Ok(())
            })
            .await;
        assert!(matches!(write, Err(StoreError::Unavailable { .. })));
        let read = store.read::<()>(|_| panic!("on purpose")).await;
        assert!(matches!(read, Err(StoreError::Unavailable { .. })));
        store.commit(vec![event("after", 1)]).await.unwrap();
        assert_eq!(events(&store).await, ["after"]);
    });
}

#[test]
fn a_dead_thread_is_no_hang() {
    let store = SqliteStore::in_memory().unwrap();
    conformance::run(async {
        // A job whose panic nothing catches.
        let dies = Job::Read(Box::new(|_| panic!("on purpose")));
        let (behind, promise) = Job::change(1, |_| Ok(()));
        assert!(store.threads.writing.push(dies).await.is_ok());
        let pushed = store.threads.writing.push(behind).await;
        assert!(pushed.is_err() || matches!(promise.await, Err(oneshot::Canceled)));
        let error = store.commit(vec![event("late", 1)]).await.unwrap_err();
        assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
    });
}

#[test]
fn the_last_handle_ends_the_threads() {
    let file = File::new("ended");
    let store = SqliteStore::open(&file.0).unwrap();
    let handles = std::mem::take(&mut *store.threads.handles.lock().unwrap());
    let other = store.clone();
    drop(store);
    conformance::run(async { other.commit(vec![event("a", 1)]).await.map(drop).unwrap() });
    drop(other);
    assert_eq!(handles.len(), 5, "one writes, four read");
    for handle in handles {
        handle.join().unwrap();
    }
}

#[test]
fn what_cannot_be_read_is_corrupt() {
    let store = SqliteStore::in_memory().unwrap();
    conformance::run(async {
        store.commit(vec![event("a", 1)]).await.unwrap();
        let sql = "UPDATE events SET at = 9223372036854775807";
        store.change(1, move |db| Ok(db.connection().execute_batch(sql)?)).await.unwrap();
        let query = EventQuery { tenant: Default::default(), pass: None, after: None, cursor: None, limit: 1 };
        let error = store.events(&query).await.unwrap_err();
        assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}");
    });
}
