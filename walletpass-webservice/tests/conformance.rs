//! The store in memory keeps the contract.

use std::sync::Arc;

use walletpass_webservice::conformance_tests;
use walletpass_webservice::store::MemoryStore;

conformance_tests!(Arc::new(MemoryStore::new()));

mod assets {
    use super::*;

    conformance_tests!(assets: Arc::new(MemoryStore::new()));
}

/// All cases may share one store, at the same time.
mod shared {
    use std::sync::LazyLock;

    use super::*;

    static STORE: LazyLock<Arc<MemoryStore>> = LazyLock::new(|| Arc::new(MemoryStore::new()));

    conformance_tests!(STORE.clone());
}
