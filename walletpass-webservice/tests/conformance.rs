//! The store in memory keeps the contract.

use std::sync::Arc;

use walletpass_webservice::conformance_tests;
use walletpass_webservice::store::MemoryStore;

conformance_tests!(Arc::new(MemoryStore::new()));

mod assets {
    use super::*;

    conformance_tests!(assets: Arc::new(MemoryStore::new()));
}
