//! The stores that are measured, filled.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use walletpass_benches::Stopwatch;
use walletpass_webservice::store::{Durability, MemoryStore, SqliteOptions, SqliteStore, Store};

use crate::shop::{Ask, Shop};
use crate::wire;

/// A store with so many passes, behind the device API and a server.
#[derive(Debug)]
pub(crate) struct Subject {
    pub(crate) store: &'static str,
    pub(crate) passes: u64,
    pub(crate) shop: Arc<Shop>,
    pub(crate) address: SocketAddr,
    /// What is measured of it.
    pub(crate) asks: &'static [Ask],
    /// How long it took to fill it; none where another one did.
    pub(crate) filled: Option<Duration>,
}

impl Subject {
    /// Makes and fills every store for every size.
    pub(crate) async fn all(sizes: &[u64], folder: &Path) -> Vec<Self> {
        let mut subjects = Vec::new();
        for &passes in sizes {
            subjects.push(Self::fill("MemoryStore", Arc::new(MemoryStore::new()), passes).await);
            let path = folder.join(format!("{passes}.db"));
            let store = SqliteStore::open(&path).expect("the folder can be written");
            let sqlite = Self::fill("SqliteStore", Arc::new(store), passes).await;
            let lax = SqliteOptions::default().durability(Durability::Process).open(&path);
            let lax =
                Self::beside(&sqlite, "SqliteStore, `Durability::Process`", lax.expect("it is open already")).await;
            subjects.extend([sqlite, lax]);
        }
        subjects
    }

    async fn fill(store: &'static str, handle: Arc<dyn Store>, passes: u64) -> Self {
        let stopwatch = Stopwatch::start();
        let tenant = format!("benches-{}-{passes}", std::process::id()).parse().expect("a tenant");
        let shop = Shop::fill(handle, tenant, passes).await;
        let filled = Some(stopwatch.elapsed());
        let address = wire::serve(shop.api.clone()).await;
        Self { store, passes, shop: Arc::new(shop), address, asks: &Ask::ALL, filled }
    }

    /// Another handle on what is stored, by which it is only written.
    async fn beside(other: &Self, store: &'static str, handle: SqliteStore) -> Self {
        let shop = other.shop.beside(Arc::new(handle));
        let address = wire::serve(shop.api.clone()).await;
        Self { store, passes: other.passes, shop: Arc::new(shop), address, asks: &[Ask::Register], filled: None }
    }
}

/// A folder on the disk that is measured, gone at the end.
#[derive(Debug)]
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("device-{}", std::process::id()));
        fs::create_dir_all(&path).expect("cargo made the folder above");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left is in the folder of the build, which `cargo clean` removes.
        let _ = fs::remove_dir_all(&self.0);
    }
}
