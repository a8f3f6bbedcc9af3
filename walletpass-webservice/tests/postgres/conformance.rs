//! The store keeps the contract; whatever races, races through two pools that know nothing of each other.

use std::sync::Arc;

use walletpass_webservice::store::{Assets, Store};
use walletpass_webservice::{conformance, each_conformance_case};

use crate::scratch::Scratch;

macro_rules! one_case {
    ($kind:ident; alone $module:ident::$case:ident) => {
        #[test]
        fn $case() {
            conformance::run(async {
                let scratch = Scratch::new(stringify!($case)).await;
                let store = scratch.store().await;
                conformance::$module::$case(&store).await;
                drop(store);
                scratch.remove().await;
            });
        }
    };
    ($kind:ident; racing $module:ident::$case:ident) => {
        #[test]
        fn $case() {
            conformance::run(async {
                let scratch = Scratch::new(stringify!($case)).await;
                let handles: [Arc<dyn $kind>; 2] = [Arc::new(scratch.store().await), Arc::new(scratch.store().await)];
                conformance::$module::$case(&handles).await;
                drop(handles);
                scratch.remove().await;
            });
        }
    };
}

each_conformance_case!(store: one_case!(Store));
each_conformance_case!(assets: one_case!(Assets));
