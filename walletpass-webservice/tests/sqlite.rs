//! The stores in SQLite keep the contract: in memory, in a file, and through two handles on one file.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "sqlite/folder.rs"]
mod folder;

mod memory {
    use std::sync::Arc;

    use walletpass_webservice::conformance_tests;
    use walletpass_webservice::store::SqliteStore;

    conformance_tests!(Arc::new(SqliteStore::in_memory().unwrap()));

    mod assets {
        use super::*;

        conformance_tests!(assets: Arc::new(SqliteStore::in_memory().unwrap()));
    }
}

/// The first handle of a case is another each time, so that cases share one file, through many handles.
mod file {
    use std::sync::{Arc, LazyLock};

    use walletpass_webservice::conformance_tests;
    use walletpass_webservice::store::SqliteStore;

    use crate::folder::Folder;

    static FOLDER: LazyLock<Folder> = LazyLock::new(|| Folder::new("conformance"));

    conformance_tests!(Arc::new(SqliteStore::open(FOLDER.path("passes.db")).unwrap()));

    mod assets {
        use super::*;

        conformance_tests!(assets: Arc::new(SqliteStore::open(FOLDER.path("assets.db")).unwrap()));
    }
}

/// Whatever races, races through two handles that know nothing of each other.
mod handles {
    use std::sync::Arc;

    use walletpass_webservice::conformance::{self, documents, leases, paging, passes, tags};
    use walletpass_webservice::store::{SqliteStore, Store};

    use crate::folder::Folder;

    macro_rules! racing {
        ($($module:ident::$case:ident)*) => {
            $(#[test]
            fn $case() {
                let folder = Folder::new(stringify!($case));
                let open = || -> Arc<dyn Store> { Arc::new(SqliteStore::open(folder.path("passes.db")).unwrap()) };
                conformance::run($module::$case(&[open(), open()]));
            })*
        };
    }

    racing! {
        documents::of_racing_documents_one_wins
        leases::of_racing_claims_each_gets_its_own
        paging::reads_see_what_was_committed
        paging::reads_never_see_half_a_commit
        passes::of_racing_updates_one_wins
        passes::of_racing_creations_one_wins
        tags::tags_become_visible_in_order
        tags::events_become_visible_in_order
    }
}
