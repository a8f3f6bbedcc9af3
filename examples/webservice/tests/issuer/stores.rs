//! Each test over each store.

use std::path::PathBuf;

/// Runs async functions that take a [`Stage`](crate::stage::Stage), each as a test over each store.
macro_rules! over_each_store {
    ($($test:ident),+ $(,)?) => {
        mod memory {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                let store = std::sync::Arc::new(walletpass_webservice::store::MemoryStore::new());
                super::$test(crate::stage::Stage::open(store).await).await;
            })+
        }

        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                let folder = crate::stores::Folder::new(stringify!($test));
                let store = walletpass_webservice::store::SqliteStore::open(folder.path("passes.db")).unwrap();
                super::$test(crate::stage::Stage::open(std::sync::Arc::new(store)).await).await;
            })+
        }

        #[cfg(feature = "postgres")]
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                super::$test(crate::stage::Stage::open(crate::stores::postgres().await).await).await;
            })+
        }
    };
}

pub(crate) use over_each_store;

/// Runs async functions that take two handles of a store, each as a test over each store. Those of the databases share no connection, as
/// those of two processes.
macro_rules! over_two_handles {
    ($($test:ident),+ $(,)?) => {
        mod memory {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                let store = std::sync::Arc::new(walletpass_webservice::store::MemoryStore::new());
                super::$test(std::sync::Arc::clone(&store), store).await;
            })+
        }

        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                let folder = crate::stores::Folder::new(concat!(module_path!(), stringify!($test)));
                let open = || walletpass_webservice::store::SqliteStore::open(folder.path("passes.db")).unwrap();
                super::$test(std::sync::Arc::new(open()), std::sync::Arc::new(open())).await;
            })+
        }

        #[cfg(feature = "postgres")]
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                let schema = crate::stores::new_schema();
                let (one, other) = (crate::stores::postgres_in(&schema).await, crate::stores::postgres_in(&schema).await);
                super::$test(one, other).await;
            })+
        }
    };
}

pub(crate) use over_two_handles;

#[cfg(feature = "postgres")]
pub(crate) async fn postgres() -> std::sync::Arc<walletpass_webservice::store::PostgresStore> {
    postgres_in(&new_schema()).await
}

/// Gives a name that no other test has. The schema stays: the server is made for tests too.
#[cfg(feature = "postgres")]
pub(crate) fn new_schema() -> String {
    let mut random = [0; 8];
    openssl::rand::rand_bytes(&mut random).unwrap();
    format!("issuer_{:016x}", u64::from_ne_bytes(random))
}

#[cfg(feature = "postgres")]
pub(crate) async fn postgres_in(schema: &str) -> std::sync::Arc<walletpass_webservice::store::PostgresStore> {
    #[expect(clippy::disallowed_methods, clippy::expect_used, reason = "a test without its server fails")]
    let url = std::env::var("WALLETPASS_POSTGRES_URL").expect(
        "these tests want a PostgreSQL server: export WALLETPASS_POSTGRES_URL=$(.ci/postgres start /tmp/walletpass-postgres), \
         and afterwards .ci/postgres stop /tmp/walletpass-postgres",
    );
    let options = walletpass_webservice::store::PostgresOptions::default().schema(schema).pool_size(4);
    std::sync::Arc::new(options.connect(&url).await.unwrap())
}

/// A folder of its own, gone when the test is over.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(test: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!(
            "issuer-{}-{}",
            test.replace("::", "-"),
            std::process::id()
        ));
        // What an earlier process of the same number left.
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    /// Gives the path of a file in it.
    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.0.join(file)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
