//! What SQLite complains of, by what the caller does next.

use std::path::Path;
use std::sync::Arc;

use rusqlite::ErrorCode;

use crate::store::StoreError;

/// Why something was not done: the driver's word, or already ours.
///
/// Apart from [`StoreError`], so that no driver is seen in public.
#[derive(Debug)]
pub(super) enum Failure {
    Sqlite(rusqlite::Error),
    Store(StoreError),
}

/// What stands behind [`StoreError::Unavailable`].
#[derive(Clone, Debug, thiserror::Error)]
#[error("{what}")]
pub(super) struct Trouble {
    what: &'static str,
    #[source]
    source: Option<Arc<rusqlite::Error>>,
}

impl Trouble {
    /// The thread that was asked is gone, or the work panicked.
    pub(super) const ENDED: Self = Self { what: "a thread of the store broke off; see what it printed", source: None };

    /// A commit that shared the transaction ended it.
    pub(super) const LOST: Self =
        Self { what: "another commit of the same moment failed, as on a full disk; try again", source: None };

    pub(super) fn new(error: rusqlite::Error) -> Self {
        Self { what: what(&error), source: Some(Arc::new(error)) }
    }

    pub(super) fn unavailable(self) -> StoreError {
        StoreError::Unavailable { source: Box::new(self) }
    }
}

impl Failure {
    /// Gives what a call on an open store says.
    pub(super) fn into_error(self) -> StoreError {
        let error = match self {
            Self::Store(error) => return error,
            Self::Sqlite(error) => error,
        };
        match (&error, error.sqlite_error_code()) {
            (_, Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)) => corrupt("the database file", error),
            (_, Some(ErrorCode::TooBig)) => StoreError::Invalid {
                what: "a body that is larger than SQLite takes".to_owned(),
                mend: "keep bodies below 1 MiB, and pictures with the assets",
            },
            (
                rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
                | rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::QueryReturnedNoRows
                | rusqlite::Error::Utf8Error(..),
                _,
            ) => corrupt("a row", error),
            _ => Trouble::new(error).unavailable(),
        }
    }

    /// Gives what opening a store says: much of it will not be better the next time.
    pub(super) fn into_open_error(self) -> StoreError {
        let code = match &self {
            Self::Sqlite(rusqlite::Error::InvalidPath(_) | rusqlite::Error::NulError(_)) => Some(ErrorCode::CannotOpen),
            Self::Sqlite(error) => error.sqlite_error_code(),
            Self::Store(_) => None,
        };
        let (what, mend) = match code {
            Some(ErrorCode::NotADatabase) => {
                ("a file that is no SQLite database", "give the path of a store, or of a file that is not there yet")
            }
            Some(ErrorCode::CannotOpen) => (
                "a path where no database can be opened",
                "create the folder, and give this process the right to read and write in it",
            ),
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => (
                "a database that may only be read",
                "give this process the right to write to the file and to its folder",
            ),
            _ => return self.into_error(),
        };
        StoreError::Invalid { what: what.to_owned(), mend }
    }

    /// Gives what opening this file says, and names it: a host may have several.
    pub(super) fn into_open_error_of(self, path: &Path) -> StoreError {
        match self.into_open_error() {
            StoreError::Invalid { what, mend } if !path.as_os_str().is_empty() => {
                StoreError::Invalid { what: format!("{} is {what}", path.display()), mend }
            }
            StoreError::Corrupt { what, source } => {
                StoreError::Corrupt { what: format!("{what} ({})", path.display()), source }
            }
            error => error,
        }
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Self::Store(trouble.unavailable())
    }
}

fn corrupt(what: &str, source: rusqlite::Error) -> StoreError {
    StoreError::Corrupt { what: what.to_owned(), source: Some(Box::new(source)) }
}

fn what(error: &rusqlite::Error) -> &'static str {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another process kept the database locked; end it, or wait longer (`SqliteOptions::busy_timeout`)"
        }
        Some(ErrorCode::DiskFull) => "the disk is full; make room",
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            "the database may only be read; give this process the right to write to the file and to its folder"
        }
        Some(ErrorCode::SystemIoFailure) => "the disk cannot be read or written; look at it",
        _ => "SQLite failed",
    }
}
