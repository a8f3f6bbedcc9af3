//! Passes that a wallet would no longer take.

use std::sync::Arc;

use serde_json::json;
use walletpass::issuer::{Change, Error, Scan, Verdict};
use walletpass::model::port::Clock;
use walletpass_webservice::store::{Assets, Store};

use crate::stage::{Stage, Wallets, card, set_points};
use crate::stores::over_two_handles;

over_two_handles!(what_a_wallet_would_refuse_can_be_ended);

/// A wallet that was added later, or has other rules by now, keeps nobody from ending a pass.
async fn what_a_wallet_would_refuse_can_be_ended<S: Store + Assets + 'static>(store: Arc<S>, other: Arc<S>) {
    let stage = Stage::open_for(store, Wallets::Apple).await;
    let both = stage.another_issuer(other, Wallets::Both);
    let mut odd = card("a", 1);
    odd.extra.google_object.insert("loyaltyPints".to_owned(), json!(7)); // nothing to Apple
    let serial = stage.issuer.create(&odd).await.unwrap().serial;

    let error = both.update(&serial, |pass| set_points(pass, 2)).await.unwrap_err();
    assert!(matches!(&error, Error::Google(_)), "{error}");
    let scanned = both.scan(&serial, &Scan::redeem()).await.unwrap();
    assert_eq!(scanned.verdict, Verdict::Valid);
    for change in
        [both.reinstate(&serial).await, both.extend(&serial, stage.time.now().into()).await, both.void(&serial).await]
    {
        assert!(matches!(change.unwrap(), Change::Changed { .. }));
    }
    assert!(both.dead(None).await.unwrap().items.iter().all(|task| task.task.kind == "google"));
    assert_eq!(both.scan(&serial, &Scan::redeem()).await.unwrap().verdict, Verdict::Voided);
}
