//! A fresh store of each kind.

use std::path::PathBuf;
use std::sync::Arc;

use walletpass_webservice::store::{MemoryStore, SqliteStore, Store};

pub(crate) fn memory() -> Arc<dyn Store> {
    Arc::new(MemoryStore::new())
}

pub(crate) fn sqlite(folder: &Folder) -> Arc<dyn Store> {
    Arc::new(SqliteStore::open(folder.0.join("passes.db")).unwrap())
}

/// A folder of its own, gone when the test is over.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(test: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("dialogue-{test}-{}", std::process::id()));
        // What an earlier process of the same number left.
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
