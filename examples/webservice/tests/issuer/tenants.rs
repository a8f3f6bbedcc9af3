//! Two issuers over one store, with the same pass type and the same serial numbers.

use std::sync::Arc;

use chrono::TimeDelta;
use walletpass::Issuer;
use walletpass::issuer::{Change, Error};
use walletpass_webservice::store::{Assets, EventQuery, PassQuery, Store, TaskQuery};

use crate::stage::{PASS_TYPE, Stage, Wallets, card, points_of, serve, set_points};
use crate::stores::over_two_handles;

over_two_handles!(no_tenant_sees_what_another_has);

async fn no_tenant_sees_what_another_has<S: Store + Assets + 'static>(store: Arc<S>, other: Arc<S>) {
    let mut stage = Stage::open_for(Arc::clone(&store), Wallets::Apple).await;
    // Another company, on another node, with another phone. Both push through one APNs, so its count tells who wakes whom.
    let theirs = stage.another_issuer(Arc::clone(&other), Wallets::Apple).tenant("teas".parse().unwrap());
    let ours = stage.issuer.clone();
    let mut their_phone = stage.phone_at(&serve(&theirs).await);

    let serial = stage.hold("a", 1).await;
    assert!(matches!(theirs.pass(&serial).await, Err(Error::NotFound { .. })));
    assert!(matches!(theirs.update(&serial, |_| ()).await, Err(Error::NotFound { .. })));
    assert!(matches!(theirs.delete(&serial).await, Err(Error::NotFound { .. })));
    let their_card = theirs.create(&card("a", 100)).await.unwrap();
    assert!(their_card.is_new, "the serial number is free there");
    their_phone.add(&theirs.pkpass(&serial).await.unwrap().to_vec()).await.unwrap();
    ours.create(&card("b", 2)).await.unwrap();

    let listed = async |issuer: &Issuer| {
        let query = PassQuery::new("beans".parse().unwrap()); // whatever it says
        let passes = issuer.passes(query).await.unwrap().passes;
        passes.iter().map(|held| (held.pass.serial.as_str().to_owned(), points_of(&held.pass))).collect::<Vec<_>>()
    };
    assert_eq!(listed(&ours).await, [("a".to_owned(), 1), ("b".to_owned(), 2)]);
    assert_eq!(listed(&theirs).await, [("a".to_owned(), 100)]);

    // A change wakes the phone of the tenant alone, and does not move the versions of the other.
    let (our_token, their_token) =
        (stage.phone.push_token(PASS_TYPE).unwrap().to_owned(), their_phone.push_token(PASS_TYPE).unwrap().to_owned());
    let before = theirs.pass(&serial).await.unwrap().version;
    ours.update(&serial, |pass| set_points(pass, 3)).await.unwrap();
    assert_eq!(stage.apns.pushes().iter().map(|push| &push.token).collect::<Vec<_>>(), [&our_token]);
    assert_eq!(theirs.pass(&serial).await.unwrap().version, before);
    theirs.update(&serial, |pass| set_points(pass, 101)).await.unwrap();
    assert_eq!(stage.apns.pushes().iter().map(|push| &push.token).collect::<Vec<_>>(), [&our_token, &their_token]);
    stage.wake_phone().await;
    their_phone.push(PASS_TYPE, &their_token).await.unwrap();
    let shown = |phone: &walletpass_testkit::Iphone| phone.pass(PASS_TYPE, "a").visible("points").unwrap().value;
    assert_eq!((shown(&stage.phone), shown(&their_phone)), ("3".to_owned(), "101".to_owned()));

    // Who knows the token of a pass of one tenant has no pass of the other, under the same name.
    let address = ours.create(&card("b", 2)).await.unwrap().apple.unwrap();
    assert_eq!(stage.status(&address).await, 200);
    let there = their_card.apple.unwrap();
    assert_eq!(stage.status(&there).await, 404);

    // What waits for one is not done by the other.
    stage.apns.answer_once(&our_token, walletpass_testkit::ApnsAnswer::refusal(503, "ServiceUnavailable"));
    let change = ours.update(&serial, |pass| set_points(pass, 4)).await.unwrap();
    assert!(matches!(change, Change::Changed { waiting: 1, .. }), "{change:?}");
    stage.time.advance(TimeDelta::hours(1));
    assert_eq!(theirs.run_due(100).await.unwrap().len(), 0);
    let waiting = async |tenant: &str| {
        let tenant = if tenant.is_empty() { Default::default() } else { tenant.parse().unwrap() };
        store.tasks(&TaskQuery { tenant, dead_only: false, cursor: None, limit: 10 }).await.unwrap().items.len()
    };
    assert_eq!((waiting("").await, waiting("teas").await), (1, 0));
    assert_eq!(ours.run_due(100).await.unwrap().len(), 1);

    // Nor is what one gave up shown to the other, or sent again by it.
    let our_events = EventQuery { tenant: Default::default(), pass: None, after: None, cursor: None, limit: 100 };
    let their_events = EventQuery { tenant: "teas".parse().unwrap(), ..our_events.clone() };
    let (ours_seen, theirs_seen) =
        (store.events(&our_events).await.unwrap().items.len(), store.events(&their_events).await.unwrap().items.len());
    assert_eq!(
        (ours_seen, theirs_seen),
        (5, 3),
        "created twice, installed, updated twice; created, installed, updated"
    );
    theirs.delete(&serial).await.unwrap();
    assert_eq!(points_of(&ours.pass(&serial).await.unwrap().pass), 4);
    assert_eq!((stage.phone.complaints(), their_phone.complaints()), (&[][..], &[][..]));
}
