//! The web service of the README, compiled and opened.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "the README needs less of it")]
#[path = "dialogue/stores.rs"]
mod stores;

// README.md begins here.
use std::sync::Arc;

use axum::Router;
use walletpass_webservice::store::SqliteStore;
use walletpass_webservice::{DeviceApi, PassHost, StoredPasses};

fn router(file: &str, club: Arc<dyn PassHost>) -> Result<Router, Box<dyn std::error::Error>> {
    let store = SqliteStore::open(file)?; // or a MemoryStore, a PostgresStore, a store of yours
    let passes = StoredPasses::new(Arc::new(store), club); // `club` signs the pass that a phone asks for
    Ok(Router::new().nest_service("/wallet", DeviceApi::new(Arc::new(passes))))
}
// README.md ends here.

#[test]
fn the_web_service_of_the_readme_opens() {
    let folder = stores::Folder::new("readme");
    let club = walletpass_examples::Club::open(stores::memory()).unwrap();
    assert!(router(folder.path("passes.db").to_str().unwrap(), club).unwrap().has_routes());
}

#[test]
fn it_is_the_web_service_of_the_readme() {
    let here = include_str!("readme.rs");
    let program =
        here.split("// README.md begins here.\n").nth(1).unwrap().split("// README.md ends here.").next().unwrap();
    assert!(include_str!("../../../README.md").contains(program.trim()), "README.md and tests/readme.rs differ");
}
