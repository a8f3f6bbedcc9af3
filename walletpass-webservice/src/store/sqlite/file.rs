//! Opening: the file, its settings, and its tables as this version wants them.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::db::Db;
use super::failure::Failure;
use super::{Durability, SqliteOptions};
use crate::store::StoreError;

/// Opens the connection that writes, and makes the tables or brings them up to date.
pub(super) fn open_writer(path: &Path, options: &SqliteOptions) -> Result<Db, Failure> {
    if path.as_os_str().is_empty() || path.as_os_str() == ":memory:" {
        return Err(invalid("a path that is no file", "take `SqliteStore::in_memory()`, or give the path of a file"));
    }
    if path.is_dir() {
        return Err(invalid("a folder", "give the path of a file in it; the store makes the file"));
    }
    create(path);
    let connection = connect(path, OpenFlags::SQLITE_OPEN_CREATE, options)?;
    check_owner(&connection)?;
    enter_wal(&connection, options.busy_timeout)?;
    let synchronous = match options.durability {
        Durability::Disk => "FULL",
        Durability::Process => "NORMAL",
    };
    connection.pragma_update(None, "synchronous", synchronous)?;
    // On macOS alone a plain fsync does not reach the disk.
    connection.pragma_update(None, "fullfsync", matches!(options.durability, Durability::Disk))?;
    connection.pragma_update(None, "journal_size_limit", MOST_JOURNAL)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT)?;
    connection.pragma_update(None, "cache_size", -WRITER_CACHE)?;
    prepare(connection, options)
}

/// Opens a connection that only reads.
pub(super) fn open_reader(path: &Path, options: &SqliteOptions) -> Result<Db, Failure> {
    let connection = connect(path, OpenFlags::empty(), options)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "cache_size", -READER_CACHE)?;
    Db::new(connection)
}

pub(super) fn open_memory() -> Result<Db, Failure> {
    prepare(Connection::open_in_memory()?, &SqliteOptions::default())
}

fn connect(path: &Path, flags: OpenFlags, options: &SqliteOptions) -> Result<Connection, Failure> {
    // No URI: a name is a name.
    let flags = flags | OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(options.busy_timeout)?;
    Ok(connection)
}

fn prepare(connection: Connection, options: &SqliteOptions) -> Result<Db, Failure> {
    connection.busy_timeout(options.busy_timeout)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    migrate(&connection)?;
    Db::new(connection)
}

/// Makes a new file that no one else may read: the tokens of the passes are in it. SQLite gives its other files the same rights.
///
/// A file that is there is not touched: to open and close it here would end the locks that other stores of this process have on it.
fn create(path: &Path) {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // What is wrong SQLite finds too, and says.
    drop(options.open(path));
}

/// Refuses a database of someone else, before anything in it changes.
fn check_owner(connection: &Connection) -> Result<(), Failure> {
    // Of one moment: another process may just be making its tables.
    let moment = connection.unchecked_transaction()?;
    let owner: i32 = moment.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = moment.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))?;
    moment.finish()?;
    match owner == OWNER || (owner == 0 && tables == 0) {
        true => Ok(()),
        false => Err(invalid("a database with tables of someone else", "give the store a file of its own")),
    }
}

/// Turns the write-ahead log on; while another process does the same SQLite says at once that it is locked.
fn enter_wal(connection: &Connection, timeout: Duration) -> Result<(), Failure> {
    let mut attempts = timeout.as_millis() / PAUSE.as_millis();
    loop {
        let mode: rusqlite::Result<String> =
            connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0));
        match mode {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(_) => {
                return Err(invalid(
                    "a place where SQLite cannot keep a write-ahead log",
                    "put the file on a disk of this machine, not on a network",
                ));
            }
            Err(error) if is_locked(&error) && attempts > 0 => {
                attempts -= 1;
                std::thread::sleep(PAUSE);
            }
            Err(error) => return Err(error.into()),
        }
    }
}

fn is_locked(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// Brings the tables from whatever version to this one, all or nothing; of several processes one does it.
fn migrate(connection: &Connection) -> Result<(), Failure> {
    if version(connection)? == MIGRATIONS.len() {
        return Ok(());
    }
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let done = migrate_within(connection);
    connection.execute_batch(if done.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    done
}

fn migrate_within(connection: &Connection) -> Result<(), Failure> {
    // Another process may have been faster.
    let version = version(connection)?;
    for step in MIGRATIONS.get(version..).unwrap_or_default() {
        connection.execute_batch(step)?;
    }
    connection.pragma_update(None, "application_id", OWNER)?;
    connection.pragma_update(None, "user_version", MIGRATIONS.len() as i64)?;
    Ok(())
}

fn version(connection: &Connection) -> Result<usize, Failure> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match usize::try_from(version) {
        Ok(version) if version <= MIGRATIONS.len() => Ok(version),
        _ => {
            let known = MIGRATIONS.len();
            Err(invalid(
                format!("a database of version {version}, where this program knows {known}"),
                "run the newer program that made it, or restore a backup from before",
            ))
        }
    }
}

fn invalid(what: impl Into<String>, mend: &'static str) -> Failure {
    Failure::Store(StoreError::Invalid { what: what.into(), mend })
}

/// What leads from each version to the next. A step that was released is never changed.
const MIGRATIONS: [&str; 1] = [include_str!("tables.sql")];

/// `WPst`: marks a file as ours.
const OWNER: i32 = 0x5750_7374;

/// To how many bytes the log shrinks after a rush.
const MOST_JOURNAL: i64 = 64 << 20;

/// After how many pages of the log they are put into their places: what commits change again meanwhile is put there once.
const CHECKPOINT: i64 = 8 << 10;

/// How many KiB of the file the connection that writes keeps in memory at most. Names come in no order, so that each commit changes indices
/// all over; what does not fit is read again, and written twice.
const WRITER_CACHE: i64 = 64 << 10;

/// The same for one that reads. SQLite forgets it whenever anyone has written.
const READER_CACHE: i64 = 8 << 10;

/// How long to wait before the next attempt.
const PAUSE: Duration = Duration::from_millis(10);
