//! The stores that are measured, filled.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;

use walletpass_benches::Folder;
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
}

impl Subject {
    /// Makes and fills every store for every size.
    ///
    /// A database at the address keeps what is filled into it, for a tenant of this run. It has no more than the most passes.
    pub(crate) async fn all(sizes: &[u64], folder: &Folder, postgres: Option<(&str, u64)>) -> Vec<Self> {
        let mut subjects = Vec::new();
        for &passes in sizes {
            subjects.push(Self::fill("MemoryStore", Arc::new(MemoryStore::new()), passes).await);
            let path = folder.path(&format!("{passes}.db"));
            let store = SqliteStore::open(&path).expect("the folder can be written");
            let sqlite = Self::fill("SqliteStore", Arc::new(store), passes).await;
            let lax = SqliteOptions::default().durability(Durability::Process).open(&path);
            let lax =
                Self::beside(&sqlite, "SqliteStore, `Durability::Process`", lax.expect("it is open already")).await;
            subjects.extend([sqlite, lax]);
            if let Some((address, most)) = postgres
                && passes <= most
            {
                let store =
                    postgres_store(address).await.expect("WALLETPASS_POSTGRES_URL is the address of a database");
                subjects.push(Self::fill("PostgresStore", store, passes).await);
            }
        }
        subjects
    }

    async fn fill(store: &'static str, handle: Arc<dyn Store>, passes: u64) -> Self {
        let tenant = format!("benches-{}-{passes}", std::process::id()).parse().expect("a tenant");
        let shop = Shop::fill(handle, tenant, passes).await;
        let address = wire::serve(shop.api.clone()).await;
        Self { store, passes, shop: Arc::new(shop), address, asks: &Ask::ALL }
    }

    /// Another handle on what is stored, by which it is only written.
    async fn beside(other: &Self, store: &'static str, handle: SqliteStore) -> Self {
        let shop = other.shop.beside(Arc::new(handle));
        let address = wire::serve(shop.api.clone()).await;
        Self { store, passes: other.passes, shop: Arc::new(shop), address, asks: &[Ask::Register] }
    }
}

#[cfg(feature = "postgres")]
async fn postgres_store(address: &str) -> Result<Arc<dyn Store>, Box<dyn Error>> {
    let options = walletpass_webservice::store::PostgresOptions::default().schema("walletpass_benches");
    Ok(Arc::new(options.connect(address).await?))
}

#[cfg(not(feature = "postgres"))]
async fn postgres_store(_: &str) -> Result<Arc<dyn Store>, Box<dyn Error>> {
    Err("this bench was built without the feature postgres: say --features postgres".into())
}
