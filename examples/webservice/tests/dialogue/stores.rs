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

/// A schema of its own, which stays: the server is made for tests too.
#[cfg(feature = "postgres")]
pub(crate) async fn postgres() -> Arc<dyn Store> {
    #[expect(clippy::disallowed_methods, clippy::expect_used, reason = "a test without its server fails")]
    let url = std::env::var("WALLETPASS_POSTGRES_URL").expect(
        "these tests want a PostgreSQL server: export WALLETPASS_POSTGRES_URL=$(.ci/postgres start /tmp/walletpass-postgres), \
         and afterwards .ci/postgres stop /tmp/walletpass-postgres",
    );
    let mut random = [0; 8];
    openssl::rand::rand_bytes(&mut random).unwrap();
    let schema = format!("dialogue_{:016x}", u64::from_ne_bytes(random));
    let options = walletpass_webservice::store::PostgresOptions::default().schema(schema).pool_size(4);
    Arc::new(options.connect(&url).await.unwrap())
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
