//! Processes that are killed between the commit of a change and the end of its delivery, and what another makes of what they left.

use std::collections::BTreeMap;
use std::process::Child;
use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::{Value, json};
use walletpass::model::port::Clock;
use walletpass_testkit::{ApnsAnswer, Iphone};
use walletpass_webservice::store::{Assets, Store, TaskQuery};

use crate::child::{self, AFTER_COMMIT, BEFORE_GOOGLE_ENDS, BEFORE_WAKING_ENDS, SERIALS};
use crate::outage::writes_of;
use crate::stage::{PASS_TYPE, Stage, Wallets, card, object_id, points_of, set_points};

/// Runs async functions that take the place of a database and a way to open it, each as a test over each database.
macro_rules! over_each_database {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                let folder = crate::stores::Folder::new(concat!(module_path!(), "-", stringify!($test)));
                let path = folder.path("passes.db");
                let open = async || {
                    std::sync::Arc::new(walletpass_webservice::store::SqliteStore::open(&path).unwrap())
                };
                super::$test(serde_json::json!({ "sqlite": path }), open).await;
            })+
        }

        #[cfg(feature = "postgres")]
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                let schema = crate::stores::new_schema();
                let open = async || crate::stores::postgres_in(&schema).await;
                super::$test(serde_json::json!({ "postgres": schema }), open).await;
            })+
        }
    };
}

over_each_database!(
    killed_between_commit_and_delivery,
    killed_while_google_answers,
    killed_while_apns_answers,
    killed_before_the_end_of_google_is_written,
    killed_before_the_end_of_waking_is_written,
    killed_and_changed_back,
    killed_between_class_and_object,
    killed_twenty_times_at_random,
);

/// The third change is committed, and nobody was told: they are told once each.
async fn killed_between_commit_and_delivery<S: Store + Assets + 'static>(place: Value, open: impl AsyncFn() -> Arc<S>) {
    let mut scene = Scene::set(place, open).await;
    scene.ends_itself(AFTER_COMMIT, 3);
    assert_eq!(scene.news(), News { pushes: [2, 2], writes: [1, 1, 0, 0, 0] });
    scene.recover().await;
    assert_eq!(scene.news(), News { pushes: [3, 3], writes: [1, 1, 1, 0, 0] });
    assert_eq!(scene.settled().await, [102, 102, 102, 101, 101]);
}

/// Google has done what was asked, and its answer comes to nobody: it is not asked for that again.
async fn killed_while_google_answers<S: Store + Assets + 'static>(place: Value, open: impl AsyncFn() -> Arc<S>) {
    let mut scene = Scene::set(place, open).await;
    let object = object_id("card-3");
    scene.stage.google.hold("PATCH", &format!("/walletobjects/v1/loyaltyObject/{object}"));
    let mut process = scene.start(json!({}));
    scene.until(&mut process, async |scene| scene.news().writes[2] == 1 && scene.tasks().await == ["google"]).await;
    process.kill().unwrap();
    child::acknowledged(&mut process);
    scene.stage.google.release();
    scene.recover().await;
    assert_eq!(scene.news(), News { pushes: [3, 3], writes: [1, 1, 1, 0, 0] });
    assert_eq!(scene.settled().await, [102, 102, 102, 101, 101]);
}

/// One device of two has its push, that of the other is under way: nobody can know, so this page is pushed once more and no other.
async fn killed_while_apns_answers<S: Store + Assets + 'static>(place: Value, open: impl AsyncFn() -> Arc<S>) {
    let mut scene = Scene::set(place, open).await;
    let token = scene.other.push_token(PASS_TYPE).unwrap().to_owned();
    for answer in [ApnsAnswer::delivered(), ApnsAnswer::delivered(), ApnsAnswer::silence()] {
        scene.stage.apns.answer_once(&token, answer);
    }
    let mut process = scene.start(json!({}));
    scene.until(&mut process, async |scene| scene.news().pushes == [3, 3] && scene.tasks().await == ["wake"]).await;
    process.kill().unwrap();
    child::acknowledged(&mut process);
    scene.recover().await;
    assert_eq!(scene.news(), News { pushes: [4, 4], writes: [1, 1, 1, 0, 0] });
    assert_eq!(scene.settled().await, [102, 102, 102, 101, 101]);
}

/// Google has answered, and nobody wrote that down: whoever comes next looks first.
async fn killed_before_the_end_of_google_is_written<S: Store + Assets + 'static>(
    place: Value,
    open: impl AsyncFn() -> Arc<S>,
) {
    let mut scene = Scene::set(place, open).await;
    scene.ends_itself(BEFORE_GOOGLE_ENDS, 3);
    let news = News { pushes: [3, 3], writes: [1, 1, 1, 0, 0] };
    assert_eq!(scene.news(), news);
    scene.recover().await;
    assert_eq!(scene.news(), news);
    assert_eq!(scene.settled().await, [102, 102, 102, 101, 101]);
}

/// Both devices were pushed, and nobody wrote that down: this page is pushed once more and no other.
async fn killed_before_the_end_of_waking_is_written<S: Store + Assets + 'static>(
    place: Value,
    open: impl AsyncFn() -> Arc<S>,
) {
    let mut scene = Scene::set(place, open).await;
    scene.ends_itself(BEFORE_WAKING_ENDS, 3);
    assert_eq!(scene.news(), News { pushes: [3, 3], writes: [1, 1, 1, 0, 0] });
    scene.recover().await;
    assert_eq!(scene.news(), News { pushes: [4, 4], writes: [1, 1, 1, 0, 0] });
    assert_eq!(scene.settled().await, [102, 102, 102, 101, 101]);
}

/// What nobody wrote down is undone by a later change, which says what was written down last.
async fn killed_and_changed_back<S: Store + Assets + 'static>(place: Value, open: impl AsyncFn() -> Arc<S>) {
    let mut scene = Scene::set(place, open).await;
    scene.ends_itself(BEFORE_GOOGLE_ENDS, 3);
    assert_eq!(scene.stage.object("card-3")["loyaltyPoints"]["balance"]["int"], 102);
    scene.stage.issuer.update(&"card-3".parse().unwrap(), |pass| set_points(pass, 101)).await.unwrap();
    scene.recover().await;
    assert_eq!(scene.stage.object("card-3")["loyaltyPoints"]["balance"]["int"], 101);
    assert_eq!(scene.stage.phone.pass(PASS_TYPE, "card-3").visible("points").unwrap().value, "101");
    assert_eq!(scene.tasks().await, [""; 0]);
}

/// The first card of a class makes the class before its object; the class is not written once more.
async fn killed_between_class_and_object<S: Store + Assets + 'static>(place: Value, open: impl AsyncFn() -> Arc<S>) {
    let mut scene = Scene::set(place, open).await;
    let (serial, classes) = ("card-3".parse().unwrap(), "/walletobjects/v1/loyaltyClass");
    scene.stage.google.hold("POST", classes);
    let rename = "{ \"organization\": \"Bean & Daughters\" }".parse::<Value>().unwrap();
    let count =
        |scene: &Scene<S, _>| scene.stage.google.count("POST", classes) + scene.stage.google.count("PATCH", classes);
    let before = count(&scene);
    {
        let work = scene.stage.issuer.merge(&serial, &rename);
        tokio::select! {
            biased;
            () = async { while count(&scene) == before { tokio::task::yield_now().await; } } => {}
            _ = work => panic!("Google answered"),
        }
    }
    scene.stage.google.release();
    scene.recover().await;
    assert_eq!(count(&scene), before + 1);
    assert_eq!(scene.stage.class_of("card-3")["issuerName"], "Bean & Daughters");
    assert_eq!(scene.tasks().await, [""; 0]);
}

/// Whenever it happens, what was acknowledged is kept, and in the end all show what is kept.
async fn killed_twenty_times_at_random<S: Store + Assets + 'static>(place: Value, open: impl AsyncFn() -> Arc<S>) {
    let mut scene = Scene::set(place, open).await;
    let mut random = [0; 20];
    openssl::rand::rand_bytes(&mut random).unwrap();
    let mut points = vec![101; SERIALS.len()];
    for moment in random {
        let before = scene.news();
        let goal = before.traffic() + 1 + usize::from(moment % 24);
        let mut process = scene.start(json!({}));
        scene.until(&mut process, async |scene| scene.news().traffic() >= goal).await;
        process.kill().unwrap();
        let acknowledged = child::acknowledged(&mut process);
        // A phone looks when it is woken, and only then.
        scene.react().await;
        scene.recover().await;
        let settled = scene.settled().await;
        for (serial, acknowledged) in acknowledged {
            let at = SERIALS.iter().position(|own| *own == serial).unwrap();
            assert!(settled[at] >= acknowledged, "{serial} lost a change: {random:?}");
        }
        let changes: i64 = settled.iter().zip(&points).map(|(now, before)| now - before).sum();
        let pushes = scene.news().pushes[0] - before.pushes[0];
        // One process changes one card at a time, so one page was under way at most.
        let most = usize::try_from(changes).unwrap() + 1;
        assert!(pushes <= most, "{pushes} pushes to a device for {changes} changes: {random:?}");
        points = settled;
    }
}

/// Two phones with five cards each that Google knows, and a database in which others work.
struct Scene<S, O> {
    stage: Stage,
    other: Iphone,
    store: Arc<S>,
    open: O,
    spec: Value,
    base: News,
    /// How many pushes the phones have reacted to.
    noticed: [usize; 2],
}

/// What APNs and Google have got since the scene was set: for each phone, and for each card.
#[derive(Clone, Debug, Default, PartialEq)]
struct News {
    pushes: [usize; 2],
    writes: [usize; 5],
}

impl News {
    fn traffic(&self) -> usize {
        self.pushes.iter().chain(&self.writes).sum()
    }
}

impl<S: Store + Assets + 'static, O: AsyncFn() -> Arc<S>> Scene<S, O> {
    async fn set(place: Value, open: O) -> Self {
        let store = open().await;
        let mut stage = Stage::open(Arc::clone(&store)).await;
        let mut other = stage.another_phone();
        for serial in SERIALS {
            let serial = stage.issuer.create(&card(serial, 100)).await.unwrap().serial;
            let package = stage.issuer.pkpass(&serial).await.unwrap().to_vec();
            stage.phone.add(&package).await.unwrap();
            other.add(&package).await.unwrap();
            stage.issuer.update(&serial, |pass| set_points(pass, 101)).await.unwrap();
        }
        let mut spec = child::spec_of(&stage);
        spec.as_object_mut().unwrap().extend(place.as_object().unwrap().clone());
        let (base, noticed) = (News::default(), [0, 0]);
        let mut scene = Self { stage, other, store, open, spec, base, noticed };
        scene.react().await;
        scene.settled().await;
        scene.base = scene.news();
        scene
    }

    fn news(&self) -> News {
        let pushes = self.stage.apns.pushes();
        let pushes = [&self.stage.phone, &self.other].map(|phone| {
            let token = phone.push_token(PASS_TYPE).unwrap();
            pushes.iter().filter(|push| push.token == token).count()
        });
        let writes = writes_of(&self.stage.google);
        let writes = SERIALS.map(|serial| writes.get(&object_id(serial)).map_or(0, Vec::len));
        let base = &self.base;
        News {
            pushes: std::array::from_fn(|at| pushes[at] - base.pushes[at]),
            writes: std::array::from_fn(|at| writes[at] - base.writes[at]),
        }
    }

    fn start(&self, more: Value) -> Child {
        let mut spec = self.spec.clone();
        spec["now"] = json!(self.stage.time.now());
        spec.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        child::start(&spec)
    }

    /// Runs a process that ends itself.
    fn ends_itself(&self, place: &str, at: u64) {
        child::acknowledged(&mut self.start(json!({ "end": place, "at": at })));
    }

    /// Waits until something is so, which a process brings about.
    async fn until(&self, process: &mut Child, is_so: impl AsyncFn(&Self) -> bool) {
        while !is_so(self).await {
            assert!(process.try_wait().unwrap().is_none(), "it ended before it was killed");
            tokio::task::yield_now().await;
        }
    }

    /// Gives the kinds of the errands that are not done.
    async fn tasks(&self) -> Vec<String> {
        let query = TaskQuery { tenant: Default::default(), dead_only: false, cursor: None, limit: 100 };
        self.store.tasks(&query).await.unwrap().items.into_iter().map(|task| task.task.kind).collect()
    }

    /// Does what is left, in a process that knows nothing else, when those that are gone have been given their time.
    async fn recover(&mut self) {
        self.stage.time.advance(TimeDelta::minutes(3));
        let issuer = self.stage.another_issuer((self.open)().await, Wallets::Both);
        while !issuer.run_due(100).await.unwrap().is_empty() {}
        self.react().await;
    }

    /// Does on the phones what the pushes cause that came since the last time.
    async fn react(&mut self) {
        let pushes = self.stage.apns.pushes();
        for (phone, noticed) in [&mut self.stage.phone, &mut self.other].into_iter().zip(&mut self.noticed) {
            let token = phone.push_token(PASS_TYPE).unwrap().to_owned();
            let count = pushes.iter().filter(|push| push.token == token).count();
            if count > *noticed {
                phone.push(PASS_TYPE, &token).await.unwrap();
            }
            *noticed = count;
        }
    }

    /// Sees to it that nothing is left to be done, and that all show what is kept: the points of each card.
    async fn settled(&self) -> Vec<i64> {
        assert_eq!(self.tasks().await, [""; 0]);
        let written: BTreeMap<_, _> = writes_of(&self.stage.google);
        let mut kept = Vec::new();
        for serial in SERIALS {
            let points = points_of(&self.stage.issuer.pass(&serial.parse().unwrap()).await.unwrap().pass);
            for phone in [&self.stage.phone, &self.other] {
                let shown = phone.pass(PASS_TYPE, serial).visible("points").unwrap().value;
                assert_eq!(shown, points.to_string(), "{serial} on a phone");
                assert_eq!(phone.complaints(), []);
            }
            assert_eq!(self.stage.object(serial)["loyaltyPoints"]["balance"]["int"], points, "{serial} at Google");
            let balances: Vec<_> = written[&object_id(serial)].iter().map(|(_, balance)| *balance).collect();
            assert!(balances.is_sorted_by(|a, b| a < b), "{serial} was written twice, or went back: {balances:?}");
            kept.push(points);
        }
        kept
    }
}
