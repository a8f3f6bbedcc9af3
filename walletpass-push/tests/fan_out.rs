//! Fan-outs, by a clock that waits for nobody.
#![allow(clippy::unwrap_used, reason = "of tests")]

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use chrono::TimeDelta;
use walletpass_core::PassTypeId;
use walletpass_core::port::Clock;
use walletpass_push::{FanOut, Gone, Later, Misconfiguration, Outcome, Push, Recorder, Trouble};
use walletpass_testkit::{ApnsAnswer, ManualTime};

mod office;

use self::office::{Office, topic};

/// Answers by the first letter of a token, and counts.
#[derive(Debug, Default)]
struct Moody {
    under_way: AtomicUsize,
    most: AtomicUsize,
    asked: AtomicUsize,
}

#[async_trait]
impl Push for Moody {
    async fn wake(&self, topic: &PassTypeId, token: &str) -> Outcome {
        let under_way = self.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(under_way, Ordering::SeqCst);
        self.asked.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        self.under_way.fetch_sub(1, Ordering::SeqCst);
        Recorder::new().wake(topic, token).await
    }
}

fn at_once(push: Arc<dyn Push>) -> (FanOut, ManualTime) {
    let time = ManualTime::at("2027-01-01T00:00:00Z".parse().unwrap());
    (FanOut::new(push).with_time(Arc::new(time.clone()), Arc::new(time.clone())), time)
}

#[tokio::test]
async fn no_more_are_under_way_than_asked_for() {
    let moody = Arc::new(Moody::default());
    let (fan_out, _) = at_once(moody.clone());
    let tally = fan_out.with_in_flight(7).wake_all(&topic(), (0..5_000).map(office::token), |_, _| {}).await;
    assert_eq!(tally.delivered, 5_000);
    assert_eq!((moody.most.load(Ordering::SeqCst), moody.asked.load(Ordering::SeqCst)), (7, 5_000));
}

/// What waits for another try holds nobody up, and no more wait than asked for.
#[tokio::test]
async fn trouble_is_tried_again_after_growing_pauses() {
    let office = Office::open();
    for number in 0..20 {
        office.apns.answer(&office::token(number), ApnsAnswer::refusal(503, "ServiceUnavailable"));
    }
    office.apns.answer_once(&office::token(30), ApnsAnswer::refusal(500, "InternalServerError"));
    let (fan_out, time) = at_once(Arc::new(office.client()));
    let begun = time.now();
    let mut told = BTreeMap::new();
    let fan_out = fan_out.with_tries(4).with_waiting(5).with_in_flight(3);
    let tally = fan_out
        .wake_all(&topic(), (0..40).map(office::token), |token, outcome| {
            assert!(told.insert(token, (outcome, time.now() - begun)).is_none(), "told once");
        })
        .await;
    assert_eq!((tally.delivered, tally.later), (20, 20));
    assert_eq!(office.apns.count(), 20 * 4 + 20 + 1);
    let (outcome, after) = &told[&office::token(0)];
    assert_eq!(outcome.to_string(), "not taken, push again: APNs answered 503 ServiceUnavailable");
    // One second, two and four; up to half as much again spreads them.
    assert!(*after >= TimeDelta::seconds(7), "{after}");
    assert!(time.slept() < TimeDelta::seconds(120), "{}", time.slept());
}

#[tokio::test]
async fn a_moment_far_away_is_for_the_caller_to_keep() {
    let office = Office::open();
    office.apns.answer(&office::token(1), ApnsAnswer::refusal(429, "TooManyRequests").retry_after(3_600));
    let (fan_out, time) = at_once(Arc::new(office.client()));
    let mut outcomes = Vec::new();
    fan_out.wake_all(&topic(), [office::token(1)], |_, outcome| outcomes.push(outcome)).await;
    let [Outcome::Later(later)] = outcomes.as_slice() else { panic!("{outcomes:?}") };
    assert_eq!((later.after, time.slept()), (Some(Duration::from_secs(3_600)), TimeDelta::zero()));
}

/// A million refusals would tell Apple that we are an attack.
#[tokio::test]
async fn a_refusal_of_the_connection_stops_the_rest() {
    let office = Office::open();
    office.apns.answer(&office::token(10), ApnsAnswer::refusal(403, "InvalidProviderToken"));
    let (fan_out, _) = at_once(Arc::new(office.client()));
    let mut reasons = BTreeMap::new();
    let tally = fan_out
        .with_in_flight(1)
        .wake_all(&topic(), (0..10_000).map(office::token), |_, outcome| {
            if let Outcome::Misconfigured(fault) = outcome {
                *reasons.entry(fault.reason).or_insert(0) += 1;
            }
        })
        .await;
    assert_eq!((tally.delivered, tally.misconfigured, office.apns.count()), (10, 9_990, 11));
    let expected =
        [("InvalidProviderToken".to_owned(), 1), ("not sent after 403 InvalidProviderToken".to_owned(), 9_989)];
    assert_eq!(reasons, BTreeMap::from(expected));
}

/// A trouble with one pass type's tokens (400) stops nobody.
#[tokio::test]
async fn a_refusal_of_one_token_stops_nobody() {
    let office = Office::open();
    office.apns.answer(&office::token(0), ApnsAnswer::refusal(400, "DeviceTokenNotForTopic"));
    let (fan_out, _) = at_once(Arc::new(office.client()));
    let tally = fan_out.wake_all(&topic(), (0..50).map(office::token), |_, _| {}).await;
    assert_eq!((tally.delivered, tally.misconfigured), (49, 1));
}

#[tokio::test]
async fn pages_are_asked_for_one_after_the_other() {
    let (fan_out, _) = at_once(Arc::new(Recorder::new()));
    let asked = Cell::new(0);
    let page = async || {
        asked.set(asked.get() + 1);
        match asked.get() {
            1 => Ok(vec!["aa".to_owned(), "no token".to_owned()]),
            2 => Ok(vec!["bb".to_owned()]),
            _ => Err("the database is gone"),
        }
    };
    let (topic, mut gone) = (topic(), 0);
    let tally =
        fan_out.wake_pages(&topic, page, |_, outcome| gone += u32::from(outcome == Outcome::Gone(Gone::Malformed)));
    assert_eq!((tally.await.unwrap_err(), asked.get(), gone), ("the database is gone", 3, 1));

    let mut pages = vec![vec![], vec!["aa"]];
    let page = async || Ok::<_, ()>(pages.pop().unwrap_or_default());
    assert_eq!(fan_out.wake_pages(&topic, page, |_, _| {}).await.unwrap().delivered, 1);
}

/// A host spawns it.
#[tokio::test]
async fn it_runs_in_a_task_of_its_own() {
    let recorder = Recorder::new();
    let (fan_out, _) = at_once(Arc::new(recorder.clone()));
    let mut pages = vec![vec![office::token(1)]];
    let task = async move {
        let page = async move || Ok::<_, ()>(pages.pop().unwrap_or_default());
        let mut told = Vec::new();
        fan_out.wake_pages(&topic(), page, |token, outcome| told.push((token, outcome))).await.map(|_| told)
    };
    assert_eq!(tokio::spawn(task).await.unwrap().unwrap().len(), 1);
    assert_eq!(recorder.asked(), 1);
}

/// The next page comes when the first push has ended, as from a queue that fills slowly.
#[tokio::test]
async fn pushes_go_on_while_a_page_is_fetched() {
    let (fan_out, _) = at_once(Arc::new(Recorder::new()));
    let (told, asked) = (tokio::sync::Notify::new(), Cell::new(0));
    let page = async || {
        asked.set(asked.get() + 1);
        match asked.get() {
            1 => return Ok::<_, ()>(vec!["aa"]),
            2 => told.notified().await,
            _ => {}
        }
        Ok(vec![])
    };
    let topic = topic();
    let tally = fan_out.wake_pages(&topic, page, |_, _| told.notify_one());
    let tally = tokio::time::timeout(Duration::from_secs(20), tally).await.expect("the first page is pushed");
    assert_eq!((tally.unwrap().delivered, asked.get()), (1, 2));
}

#[tokio::test]
async fn no_limit_is_a_limit_too() {
    for (in_flight, waiting) in [(usize::MAX, 1), (1, usize::MAX), (usize::MAX, usize::MAX)] {
        let (fan_out, _) = at_once(Arc::new(Recorder::new()));
        let fan_out = fan_out.with_in_flight(in_flight).with_waiting(waiting);
        let tally = fan_out.wake_all(&topic(), (0..2_500).map(office::token), |_, _| {}).await;
        assert_eq!(tally.delivered, 2_500);
    }
}

/// What waits for another try is told at once that there will be none.
#[tokio::test]
async fn a_stop_waits_for_nothing() {
    let recorder = Recorder::new();
    recorder.answer("aa", Outcome::Later(Later::new(Trouble::Silence).with_after(Duration::from_secs(50))));
    recorder.answer("bb", Outcome::Misconfigured(Misconfiguration::new("BadCertificate", "renew it").with_status(403)));
    let (fan_out, time) = at_once(Arc::new(recorder.clone()));
    let mut told = Vec::new();
    let fan_out = fan_out.with_in_flight(1);
    let tally = fan_out.wake_all(&topic(), ["aa", "bb", "cc"], |token, _| told.push(token)).await;
    assert_eq!((tally.misconfigured, recorder.asked(), time.slept()), (3, 2, TimeDelta::zero()));
    assert_eq!(told, ["bb", "aa", "cc"]);
}

/// Sets the clock back at the second push.
#[derive(Debug)]
struct Backwards(ManualTime, Recorder);

#[async_trait]
impl Push for Backwards {
    async fn wake(&self, topic: &PassTypeId, token: &str) -> Outcome {
        if self.1.asked() == 1 {
            self.0.advance(TimeDelta::hours(-5));
        }
        self.1.wake(topic, token).await
    }
}

#[tokio::test]
async fn a_clock_that_is_set_back_holds_nobody_up() {
    let time = ManualTime::at("2027-01-01T00:00:00Z".parse().unwrap());
    let recorder = Recorder::new();
    recorder.answer("aa", Outcome::Later(Later::new(Trouble::ConnectionLost)));
    let fan_out = FanOut::new(Arc::new(Backwards(time.clone(), recorder.clone())));
    let fan_out = fan_out.with_time(Arc::new(time.clone()), Arc::new(time.clone())).with_in_flight(1);
    let tally = fan_out.wake_all(&topic(), ["aa", "bb"], |_, _| {}).await;
    assert_eq!((tally.delivered, tally.later, recorder.asked()), (1, 1, 6));
    assert!(time.slept() < TimeDelta::minutes(3), "{}", time.slept());
}
