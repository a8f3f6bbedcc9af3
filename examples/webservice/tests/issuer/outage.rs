//! Google does not answer for an hour.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use walletpass::issuer::{Change, GoogleOutcome};
use walletpass::model::port::Clock;
use walletpass_testkit::FakeGoogle;
use walletpass_webservice::store::{Assets, Store, TaskQuery};

use crate::stage::{PASS_TYPE, Stage, Wallets, object_id, points_of, set_points};
use crate::stores::over_two_handles;

over_two_handles!(a_google_that_says_nothing, an_hour_without_google, no_google_at_the_address);

/// Google takes the connection and never answers: a change waits for it some seconds, and the worker sees to it that it is written once.
async fn a_google_that_says_nothing<S: Store + Assets + 'static>(store: Arc<S>, _: Arc<S>) {
    let mut stage = Stage::open(store).await;
    let serial = stage.hold("a", 100).await;
    stage.issuer.update(&serial, |pass| set_points(pass, 101)).await.unwrap();
    let writes = writes_of(&stage.google)[&object_id("a")].len();
    stage.google.hold("PATCH", "/walletobjects/v1/loyaltyObject");
    let changing = stage.issuer.update(&serial, |pass| set_points(pass, 102));
    let change = tokio::time::timeout(Duration::from_secs(9), changing).await.unwrap().unwrap();
    let Change::Changed { notified: 1, google: GoogleOutcome::Waiting(why), .. } = &change else {
        panic!("{change:?}")
    };
    assert!(why.contains("no answer in 5 seconds"), "{why}");
    stage.google.release();
    stage.time.advance(TimeDelta::minutes(1));
    while !stage.issuer.run_due(100).await.unwrap().is_empty() {}
    assert_eq!(stage.object("a")["loyaltyPoints"]["balance"]["int"], 102);
    assert_eq!(writes_of(&stage.google)[&object_id("a")].len(), writes + 1, "it had been written");
}

/// Fifty cards change every twenty minutes, a worker looks every minute; Google knows nothing of it.
async fn an_hour_without_google<S: Store + Assets + 'static>(store: Arc<S>, other: Arc<S>) {
    let mut stage = Stage::open(store).await;
    let serials: Vec<_> = (0..CARDS).map(|card| format!("card-{card:02}")).collect();
    for serial in &serials {
        let serial = stage.hold(serial, 100).await;
        stage.issuer.update(&serial, |pass| set_points(pass, 101)).await.unwrap();
    }
    stage.wake_phone().await;
    let (asked, pushes, began) = (stage.google.requests().len(), stage.apns.count(), stage.time.now());
    stage.google.set_down(true);

    let (mut longest, mut waited) = (TimeDelta::zero(), 0);
    let step = TimeDelta::hours(1) / i32::try_from(ROUNDS * CARDS).unwrap();
    for round in 0..ROUNDS {
        let points = 102 + i64::try_from(round).unwrap();
        for (card, serial) in serials.iter().enumerate() {
            let now = stage.time.now();
            let change = stage.issuer.update(&serial.parse().unwrap(), |pass| set_points(pass, points)).await.unwrap();
            assert!(
                matches!(&change, Change::Changed { notified: 1, waiting: 0, google: GoogleOutcome::Waiting(_), .. }),
                "{change:?}"
            );
            let took = stage.time.now() - now;
            longest = longest.max(took);
            waited += usize::from(took > TimeDelta::zero());
            // The time that clients waited for Google is a part of the hour.
            let next = began + step * i32::try_from(round * CARDS + card + 1).unwrap();
            stage.time.advance((next - stage.time.now()).max(TimeDelta::zero()));
            if card % 3 == 2 {
                stage.issuer.run_due(100).await.unwrap();
            }
        }
        let wakeup = stage.wake_phone().await;
        assert_eq!(wakeup.updated.len(), CARDS, "every card on the phone shows it");
    }
    assert_eq!(stage.apns.count() - pushes, u64::try_from(ROUNDS * CARDS).unwrap());
    let in_vain = stage.google.requests().len() - asked;
    // Once the issuer knows, only its worker looks whether Google is back, every minute, with five tries.
    assert!(waited <= 1 && longest < TimeDelta::seconds(8), "{waited} updates waited for Google, one for {longest}");
    assert!(in_vain <= 350, "{in_vain} requests in vain");

    stage.google.set_down(false);
    let (back, asked) = (stage.time.now(), stage.google.requests().len());
    // Another process catches up, which knows of no outage.
    let issuer = stage.another_issuer(Arc::clone(&other), Wallets::Both);
    while !tasks(&*other).await.is_empty() {
        stage.time.advance(TimeDelta::seconds(1));
        issuer.run_due(100).await.unwrap();
        assert!(stage.time.now() - back < TimeDelta::minutes(15), "it does not catch up: {:?}", tasks(&*other).await);
    }
    for serial in &serials {
        assert_eq!(stage.object(serial)["loyaltyPoints"]["balance"]["int"], 101 + ROUNDS, "{serial}");
    }
    let writes = writes_of(&stage.google);
    for serial in &serials {
        let balances: Vec<_> = writes[&object_id(serial)].iter().map(|(_, balance)| *balance).collect();
        assert!(balances.is_sorted_by(|a, b| a < b), "{serial} went back: {balances:?}");
        assert_eq!(balances.len(), 2, "before, and once after: {balances:?}");
    }
    let requests = stage.google.requests().len() - asked;
    assert!(requests <= 4 * CARDS, "{requests} requests to catch up with {CARDS} cards");
    assert!(stage.issuer.dead(None).await.unwrap().items.is_empty());
    assert_eq!(stage.phone.complaints(), []);
}

/// Whoever is asked does not even take the connection.
async fn no_google_at_the_address<S: Store + Assets + 'static>(store: Arc<S>, other: Arc<S>) {
    let mut stage = Stage::open_for(Arc::clone(&store), Wallets::Both).await;
    let serial = stage.hold("a", 100).await;
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let client = stage.client(&format!("http://{nobody}").parse().unwrap());
    let cut_off = stage.another_issuer(store, Wallets::Apple).google(client);
    for points in 101..111 {
        let change = cut_off.update(&serial, |pass| set_points(pass, points)).await.unwrap();
        assert!(
            matches!(&change, Change::Changed { notified: 1, google: GoogleOutcome::Waiting(_), .. }),
            "{change:?}"
        );
        stage.wake_phone().await;
        assert_eq!(stage.phone.pass(PASS_TYPE, "a").visible("points").unwrap().value, points.to_string());
    }
    let issuer = stage.another_issuer(Arc::clone(&other), Wallets::Both);
    stage.time.advance(TimeDelta::minutes(10));
    while !issuer.run_due(100).await.unwrap().is_empty() {}
    assert_eq!(tasks(&*other).await.len(), 0);
    assert_eq!(points_of(&issuer.pass(&serial).await.unwrap().pass), 110);
    assert_eq!(stage.object("a")["loyaltyPoints"]["balance"]["int"], 110);
}

async fn tasks(store: &dyn Store) -> Vec<String> {
    let query = TaskQuery { tenant: Default::default(), dead_only: false, cursor: None, limit: 1000 };
    let tasks = store.tasks(&query).await.unwrap().items;
    tasks.into_iter().map(|task| format!("{} {} {:?}", task.task.kind, task.task.key, task.error)).collect()
}

/// Gives what was written into each object, in the order in which Google took it: when, and the balance.
pub(crate) fn writes_of(google: &FakeGoogle) -> BTreeMap<String, Vec<(DateTime<Utc>, i64)>> {
    let mut writes = BTreeMap::<_, Vec<_>>::new();
    for seen in google.requests() {
        let is_write = seen.method != "GET" && seen.path.contains("loyaltyObject") && seen.status == 200;
        if let (true, Some(id)) = (is_write, seen.json["id"].as_str().or_else(|| seen.path.rsplit('/').next())) {
            let balance = seen.json["loyaltyPoints"]["balance"]["int"].as_i64().unwrap();
            writes.entry(id.to_owned()).or_default().push((seen.at, balance));
        }
    }
    writes
}

const CARDS: usize = 50;
const ROUNDS: usize = 3;
