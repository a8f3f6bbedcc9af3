//! The file of the store: what is refused, what is locked, and what two processes do to it.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "sqlite/child.rs"]
mod child;
#[path = "sqlite/folder.rs"]
mod folder;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error as _;
use std::io::BufRead;
use std::time::Duration;

use rusqlite::Connection;
use walletpass_webservice::conformance;
use walletpass_webservice::store::{Durability, SqliteOptions, SqliteStore, Store, StoreError, Tag};

use self::child::Child;
use self::folder::Folder;

/// Checks the file with SQLite itself.
fn check(path: &std::path::Path) {
    let connection = Connection::open(path).unwrap();
    let found: String = connection.pragma_query_value(None, "integrity_check", |row| row.get(0)).unwrap();
    assert_eq!(found, "ok");
    let broken = connection.prepare("PRAGMA foreign_key_check").unwrap().exists(()).unwrap();
    assert!(!broken, "a row points to one that is not there");
}

/// Makes one file of a database and its log, whoever has it open.
fn copy(from: &std::path::Path, to: &std::path::Path) {
    Connection::open(from).unwrap().execute("VACUUM INTO ?1", [to.to_str()]).unwrap();
}

#[track_caller]
fn refused(path: std::path::PathBuf, expected: &str) {
    match SqliteStore::open(&path) {
        Err(error @ StoreError::Invalid { .. }) => {
            let expected = if path.as_os_str().is_empty() {
                expected.to_owned()
            } else {
                format!("{} is {expected}", path.display())
            };
            assert_eq!(error.to_string(), expected);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_no_store_is_refused() {
    let folder = Folder::new("refused");
    std::fs::write(folder.path("text"), "no database, and long enough to be looked at: ".repeat(100)).unwrap();
    refused(
        folder.path("text"),
        "a file that is no SQLite database: give the path of a store, or of a file that is not there yet",
    );
    assert!(std::fs::read(folder.path("text")).unwrap().starts_with(b"no database"));

    Connection::open(folder.path("other")).unwrap().execute_batch("CREATE TABLE a (b)").unwrap();
    refused(folder.path("other"), "a database with tables of someone else: give the store a file of its own");
    for path in [folder.path("missing/passes.db"), folder.path("text/passes.db"), folder.path("a\0b")] {
        refused(
            path,
            "a path where no database can be opened: create the folder, and give this process the right to read and write in it",
        );
    }
    refused(folder.path(""), "a folder: give the path of a file in it; the store makes the file");
    for path in ["", ":memory:"] {
        refused(path.into(), "a path that is no file: take `SqliteStore::in_memory()`, or give the path of a file");
    }
}

#[test]
fn a_file_of_a_newer_program_is_refused_and_left_alone() {
    let folder = Folder::new("newer");
    let path = folder.path("passes.db");
    drop(SqliteStore::open(&path).unwrap());
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 7).unwrap();
    let expected = "a database of version 7, where this program knows 1: run the newer program that made it, or restore a backup from before";
    refused(path.clone(), expected);
    let version: i64 =
        Connection::open(&path).unwrap().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, 7);
}

#[test]
fn a_damaged_file_is_corrupt() {
    let folder = Folder::new("damaged");
    let path = folder.path("passes.db");
    drop(SqliteStore::open(folder.path("whole.db")).unwrap());
    copy(&folder.path("whole.db"), &path);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[100..].fill(0xa5);
    std::fs::write(&path, bytes).unwrap();
    let error = SqliteStore::open(&path).unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}");
    assert!(error.to_string().contains("damaged"), "{error} names the file");
}

/// Root may write to whatever it wants, so the file says of itself that it may not be written.
#[test]
fn a_file_that_may_only_be_read_is_refused() {
    let folder = Folder::new("read-only");
    let path = folder.path("passes.db");
    drop(SqliteStore::open(folder.path("whole.db")).unwrap());
    copy(&folder.path("whole.db"), &path);
    // The version of the file format that is needed to write it; SQLite knows up to 2.
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[18] = 3;
    std::fs::write(&path, bytes).unwrap();
    refused(
        path,
        "a database that may only be read: give this process the right to write to the file and to its folder",
    );
}

#[cfg(unix)]
#[test]
fn a_new_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("rights");
    let store = SqliteStore::open(folder.path("passes.db")).unwrap();
    conformance::run(async { store.commit(vec![child::create("a")]).await.map(drop).unwrap() });
    for file in ["passes.db", "passes.db-wal", "passes.db-shm"] {
        let mode = std::fs::metadata(folder.path(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[test]
fn a_locked_database_is_unavailable_and_can_still_be_read() {
    let folder = Folder::new("locked");
    let path = folder.path("passes.db");
    let store = SqliteOptions::default().busy_timeout(Duration::from_millis(1)).readers(1).open(&path).unwrap();
    let other = Connection::open(&path).unwrap();
    conformance::run(async {
        store.commit(vec![child::create("a")]).await.unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let error = store.commit(vec![child::create("b")]).await.unwrap_err();
        assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
        let source = error.source().unwrap().to_string();
        assert!(source.starts_with("another process kept the database locked"), "{source}");
        let pass = store.pass(&child::key("a")).await.unwrap().unwrap();
        assert_eq!(pass.tag, Tag(1));
        other.execute_batch("COMMIT").unwrap();
        store.commit(vec![child::create("b")]).await.unwrap();
    });
}

#[test]
fn what_was_written_is_there_after_the_store_is_opened_again() {
    for durability in [Durability::Disk, Durability::Process] {
        let folder = Folder::new(&format!("again-{durability:?}"));
        let open = || SqliteOptions::default().durability(durability).open(folder.path("passes.db")).unwrap();
        conformance::run(async {
            open().commit(vec![child::create("a")]).await.unwrap();
            let store = open();
            assert_eq!(store.pass(&child::key("a")).await.unwrap().unwrap().tag, Tag(1));
            store.commit(vec![child::create("b")]).await.unwrap();
            assert_eq!(store.pass(&child::key("b")).await.unwrap().unwrap().tag, Tag(2));
        });
        check(&folder.path("passes.db"));
    }
}

#[test]
fn many_open_a_new_file_at_once() {
    let folder = Folder::new("at-once");
    let path = folder.path("passes.db");
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| SqliteStore::open(&path).unwrap())).collect();
        threads.into_iter().for_each(|thread| drop(thread.join().unwrap()));
    });
    check(&path);
}

/// Three processes write to one file; each tag is given once, and all are there.
#[test]
fn several_processes_share_a_file() {
    let folder = Folder::new("processes");
    let path = folder.path("passes.db");
    let mut children: Vec<_> =
        (0..3).map(|number| Child::start("child_that_ends", &path, &format!("p{number}"), Durability::Disk)).collect();
    let mut tags = BTreeSet::new();
    for child in &mut children {
        for (_, tag) in child.acknowledged() {
            assert!(tags.insert(tag), "tag {tag} was given twice");
        }
        child.wait();
    }
    assert_eq!(tags, (1..=3 * child::ROUNDS * child::WORKERS).collect());
    assert_eq!(child::is_whole(&path).len() as u64, 3 * child::ROUNDS * child::WORKERS);
    check(&path);
}

/// A process is killed in the middle of commits, again and again, on the same file.
#[test]
fn after_kill_9_every_acknowledged_commit_is_there_and_no_half_commit() {
    let folder = Folder::new("killed");
    let path = folder.path("passes.db");
    let mut acknowledged = BTreeMap::new();
    for round in 0..8 {
        let durability = if round % 2 == 0 { Durability::Disk } else { Durability::Process };
        let mut child = Child::start("child_that_is_killed", &path, &format!("r{round}"), durability);
        let first: Vec<_> = child.acknowledged().take(60 + 37 * round).collect();
        child.kill();
        // What it had printed and no one had read yet.
        for (serial, tag) in first.into_iter().chain(child.acknowledged()) {
            assert_eq!(acknowledged.insert(serial, tag), None);
        }
        let whole = child::is_whole(&path);
        assert!(acknowledged.keys().all(|serial| whole.contains(serial)));
        let store = SqliteStore::open(&path).unwrap();
        conformance::run(async {
            for (serial, tag) in &acknowledged {
                let found = store.pass(&child::key(serial)).await.unwrap();
                assert_eq!(found.map(|found| found.tag), Some(Tag(*tag)), "{serial} was acknowledged");
            }
        });
        drop(store);
        check(&path);
    }
    let tags: BTreeSet<u64> = acknowledged.values().copied().collect();
    assert_eq!(tags.len(), acknowledged.len(), "no tag was given twice, also not after a kill");
    assert!(acknowledged.len() >= 1500);
}

/// Works until it is done; run by a test, in a process of its own.
#[test]
#[ignore = "run by the test above in a process of its own"]
fn child_that_ends() {
    child::work(child::ROUNDS, lines());
}

/// Works until it is killed; run by a test, in a process of its own.
#[test]
#[ignore = "run by the test above in a process of its own"]
fn child_that_is_killed() {
    child::work(100_000, lines());
}

fn lines() -> impl Iterator<Item = String> {
    std::io::stdin().lock().lines().map(|line| line.unwrap())
}
