//! The stores that are measured, filled.

use std::error::Error;
use std::sync::Arc;

use walletpass_benches::Folder;
use walletpass_webservice::Tenant;
use walletpass_webservice::store::{Assets, Durability, MemoryStore, SqliteOptions, SqliteStore, Store};

use crate::desk::{Ask, Desk, Wallets};
use crate::firm::Firm;
use crate::journey::Journey;

/// A store with so many passes, and what is measured of it.
#[derive(Debug)]
pub(crate) struct Subject {
    pub(crate) store: &'static str,
    pub(crate) passes: u64,
    pub(crate) desk: Arc<Desk>,
    pub(crate) asks: &'static [Ask],
    /// To the phone; of the smallest size only, as the size is measured by the rest.
    pub(crate) journey: Option<Journey>,
}

impl Subject {
    /// Makes and fills every store for every size.
    ///
    /// A database at the address keeps what is filled into it, for a tenant of this run. It has no more than the most passes.
    pub(crate) async fn all(firm: &Firm, sizes: &[u64], folder: &Folder, postgres: Option<(&str, u64)>) -> Vec<Self> {
        let mut subjects = Vec::new();
        for (index, &passes) in sizes.iter().enumerate() {
            let is_first = index == 0;
            let store = Arc::new(MemoryStore::new());
            subjects.push(Self::fill(firm, "MemoryStore", store, passes, is_first).await);
            let path = folder.path(&format!("{passes}.db"));
            let store = SqliteStore::open(&path).expect("the folder can be written");
            let sqlite = Self::fill(firm, "SqliteStore", Arc::new(store), passes, is_first).await;
            let lax = SqliteOptions::default().durability(Durability::Process).open(&path);
            let desk = sqlite.desk.beside(firm, Arc::new(lax.expect("it is open already")));
            let lax = Self {
                store: "SqliteStore, `Durability::Process`",
                passes,
                desk: Arc::new(desk),
                asks: &WRITES_OF_APPLE,
                journey: None,
            };
            subjects.extend([sqlite, lax]);
            if let Some((address, most)) = postgres
                && passes <= most
            {
                let subject = over_postgres(firm, address, passes, is_first).await;
                subjects.push(subject.expect("WALLETPASS_POSTGRES_URL is the address of a database"));
            }
        }
        subjects
    }

    async fn fill<S: Store + Assets + 'static>(
        firm: &Firm,
        name: &'static str,
        store: Arc<S>,
        passes: u64,
        is_first: bool,
    ) -> Self {
        let tenant: Tenant = format!("benches-{}-{passes}", std::process::id()).parse().expect("a tenant");
        let journey = match is_first {
            true => Some(Journey::open(firm, Arc::clone(&store), tenant.clone()).await),
            false => None,
        };
        let desk = Arc::new(Desk::fill(firm, store, tenant, passes).await);
        Self { store: name, passes, desk, asks: &ALL, journey }
    }
}

#[cfg(feature = "postgres")]
async fn over_postgres(firm: &Firm, address: &str, passes: u64, is_first: bool) -> Result<Subject, Box<dyn Error>> {
    let options = walletpass_webservice::store::PostgresOptions::default().schema("walletpass_benches_issuer");
    let store = Arc::new(options.connect(address).await?);
    Ok(Subject::fill(firm, "PostgresStore", store, passes, is_first).await)
}

#[cfg(not(feature = "postgres"))]
async fn over_postgres(_: &Firm, _: &str, _: u64, _: bool) -> Result<Subject, Box<dyn Error>> {
    Err("this bench was built without the feature postgres: say --features postgres".into())
}

const ALL: [Ask; 7] = [
    Ask::Create(Wallets::Apple),
    Ask::Create(Wallets::Both),
    Ask::Update(Wallets::Apple),
    Ask::Update(Wallets::Both),
    Ask::Keep(Wallets::Apple),
    Ask::Keep(Wallets::Both),
    Ask::Bare,
];

/// Where only the waiting for the disk differs.
const WRITES_OF_APPLE: [Ask; 3] = [Ask::Create(Wallets::Apple), Ask::Update(Wallets::Apple), Ask::Bare];
