//! What can go wrong with a store, by what the caller does next.

use std::error::Error;

use super::DocumentKey;
use crate::PassKey;

/// Why a store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Something else is there than the write expects; nothing was written. Read it again, and decide anew.
    #[error("{what} is not what the write expects, {found}; read it again and decide anew", found = shown(found))]
    Conflict {
        /// The pass, document or task: `pass pass.com.acme.club member-4711`, `dead task 17`.
        what: String,
        /// The tag or revision that is there; none when there is no such thing, and for a task.
        found: Option<u64>,
    },
    /// What was read from the store makes no sense. Someone else wrote it, or it is damaged.
    #[error("{what} in the store cannot be read; restore it from a backup")]
    Corrupt {
        /// What was to be read.
        what: String,
        /// Why it could not.
        #[source]
        source: Option<Box<dyn Error + Send + Sync>>,
    },
    /// The call makes no sense, and will not the next time.
    #[error("{what}: {mend}")]
    Invalid {
        /// What is wrong with it.
        what: String,
        /// What to do instead.
        mend: &'static str,
    },
    /// The lease is void: it ran out and another worker has the task or had it, or the task was finished, put back or given up with this
    /// lease before. Nothing was written. Leave the task alone.
    #[error("the lease on task {task} is void, another worker has it or it is done; leave it alone")]
    LeaseLost {
        /// The id of the task.
        task: u64,
    },
    /// The store did not answer. Try again later; whether a commit was done must be read.
    #[error("the store did not answer; try again later")]
    Unavailable {
        /// Why.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
}

/// The conflicts in the words of every store that ships.
impl StoreError {
    pub(crate) fn pass_conflict(key: &PassKey, found: Option<u64>) -> Self {
        Self::Conflict { what: format!("pass {} {}", key.pass_type.as_str(), key.serial.as_str()), found }
    }

    pub(crate) fn document_conflict(key: &DocumentKey, found: Option<u64>) -> Self {
        Self::Conflict { what: format!("document {} {}", key.kind, key.name), found }
    }

    pub(crate) fn dead_task_conflict(task: u64) -> Self {
        Self::Conflict { what: format!("dead task {task}"), found: None }
    }
}

fn shown(found: &Option<u64>) -> String {
    found.map_or("there is none".to_owned(), |found| format!("it is at {found}"))
}
