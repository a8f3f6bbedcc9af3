//! Two nodes over the same data.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;
use walletpass::issuer::Change;
use walletpass_webservice::store::{Assets, Store};

use crate::stage::{self, Stage, Wallets, points_of};
use crate::stores::over_two_handles;

over_two_handles!(of_two_nodes_none_loses_an_update);

/// Twenty tasks on two nodes add points to one card, as fast as they can.
async fn of_two_nodes_none_loses_an_update<S: Store + Assets + 'static>(store: Arc<S>, other: Arc<S>) {
    let mut stage = Stage::open(store).await;
    let nodes = [stage.issuer.clone(), stage.another_issuer(other, Wallets::Both)];
    let serial = stage.hold("a", 0).await;
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let (node, serial) = (nodes[task % 2].clone(), serial.clone());
            tokio::spawn(async move {
                let mut versions = Vec::new();
                for _ in 0..UPDATES {
                    let change = node.update(&serial, stage::add_point).await.unwrap();
                    let Change::Changed { version, .. } = change else { panic!("{change:?}") };
                    versions.push(version);
                }
                versions
            })
        })
        .collect();
    let mut versions = BTreeSet::new();
    for task in tasks {
        let own = task.await.unwrap();
        assert!(own.is_sorted(), "who updates again has a later version");
        versions.extend(own);
    }
    let total = TASKS * UPDATES;
    assert_eq!(versions.len(), total, "each update has a version of its own");
    let held = stage.issuer.pass(&serial).await.unwrap();
    assert_eq!((points_of(&held.pass), held.version), (total as i64, *versions.last().unwrap()));

    stage.time.advance(TimeDelta::minutes(3));
    while !nodes[1].run_due(100).await.unwrap().is_empty() {}
    assert_eq!(stage.object("a")["loyaltyPoints"]["balance"]["int"], total);
    stage.wake_phone().await;
    assert_eq!(stage.phone.pass(stage::PASS_TYPE, "a").visible("points").unwrap().value, total.to_string());
    assert_eq!(stage.phone.complaints(), []);
}

const TASKS: usize = 20;
const UPDATES: usize = 25;
