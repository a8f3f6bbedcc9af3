//! Messages: each once, and no more notices than Google allows.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::error::Error as StdError;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use support::{Scene, loyalty};
use walletpass_core::Text;
use walletpass_core::lint::google::Vertical;
use walletpass_google::{Collection, Delivery, Error, MemoryNotices, Message, Notice, NoticeStore};

fn message(number: usize) -> Message {
    Message::new(format!("m{number}"), "News", Text::new(format!("Number {number}")))
}

#[tokio::test]
async fn a_fourth_notice_in_a_day_is_refused_or_goes_silently_as_the_caller_likes() {
    let Scene { google, client, time } = &Scene::new();
    let card = client.account().card(&loyalty()).unwrap();
    let id = card.object["id"].as_str().unwrap();
    client.put(&card).await.unwrap();
    for number in 1..=3 {
        let sent = client.add_message(&card, &message(number).notifying()).await.unwrap();
        assert_eq!(sent.delivery, Delivery::Notified);
        time.advance(TimeDelta::hours(1));
    }
    let seen = google.requests().len();
    let error = client.add_message(&card, &message(4).notifying()).await.unwrap_err();
    let Error::NoticesSpent { until, .. } = &error else { panic!("{error}") };
    assert_eq!(until.unwrap().to_rfc3339(), "2027-01-02T00:00:00+00:00");
    assert!(error.to_string().contains("3 times in 24 hours"), "{error}");
    assert_eq!(google.requests().len(), seen);

    let sent = client.add_message(&card, &message(4).notifying_if_possible()).await.unwrap();
    assert_eq!((sent.delivery, google.notices(id)), (Delivery::Silent, 3));
    assert_eq!(sent.resource.messages().count(), 4);
    // A message that does not notify is never refused.
    assert_eq!(client.add_message(&card, &message(5)).await.unwrap().delivery, Delivery::Silent);
    // The class has notices of its own.
    let class = card.class["id"].as_str().unwrap();
    let all = client.add_message_to(Collection::classes(Vertical::Loyalty), class, &message(6).notifying()).await;
    assert_eq!(all.unwrap().delivery, Delivery::Notified);

    time.advance(TimeDelta::hours(21));
    assert_eq!(client.add_message(&card, &message(7).notifying()).await.unwrap().delivery, Delivery::Notified);
}

#[tokio::test]
async fn a_refusal_of_googles_own_is_treated_alike_and_not_repeated() {
    let scene = Scene::new();
    let card = scene.card(&loyalty());
    scene.client.put(&card).await.unwrap();
    for number in 1..=3 {
        scene.client.add_message(&card, &message(number).notifying()).await.unwrap();
    }
    // Another process knows nothing of these three.
    let other = scene.another_client();
    let posts = || scene.google.count("POST", "/walletobjects/v1/loyaltyObject/");
    let before = posts();
    let error = other.add_message(&card, &message(4).notifying()).await.unwrap_err();
    assert!(matches!(error, Error::NoticesSpent { until: None, .. }), "{error}");
    assert_eq!(posts() - before, 1);
    let sent = other.add_message(&card, &message(4).notifying_if_possible()).await.unwrap();
    assert_eq!(sent.delivery, Delivery::Silent);
}

#[tokio::test]
async fn an_answer_that_was_lost_does_not_notify_twice() {
    let Scene { google, client, .. } = &Scene::new();
    let card = client.account().card(&loyalty()).unwrap();
    let id = card.object["id"].as_str().unwrap();
    client.put(&card).await.unwrap();
    google.lose_next_answers(1);
    let sent = client.add_message(&card, &message(1).notifying()).await.unwrap();
    assert_eq!((sent.delivery, google.notices(id)), (Delivery::Already, 1));

    // What never got there is sent after a look.
    google.fail_next(503, 1);
    let sent = client.add_message(&card, &message(2).notifying()).await.unwrap();
    assert_eq!((sent.delivery, google.notices(id)), (Delivery::Notified, 2));

    // Nor does the host's own repetition.
    let sent = client.add_message(&card, &message(2).notifying().maybe_sent()).await.unwrap();
    assert_eq!((sent.delivery, google.notices(id)), (Delivery::Already, 2));
    let sent = client.add_message(&card, &message(3).notifying().maybe_sent()).await.unwrap();
    assert_eq!((sent.delivery, google.notices(id)), (Delivery::Notified, 3));
}

#[tokio::test]
async fn after_an_unsure_try_no_error_says_that_nothing_was_sent() {
    let Scene { google, client, time } = &Scene::new();
    let card = client.account().card(&loyalty()).unwrap();
    client.put(&card).await.unwrap();
    let notifying = |number| message(number).notifying();
    // The look, the second try, and the look after that one: each may be refused for a reason of its own.
    for (number, refusals) in [(1, vec![403]), (2, vec![418]), (3, vec![429; 5])] {
        let before = time.slept();
        google.fail_next(503, 1);
        for refusal in refusals {
            google.fail_next(refusal, 1);
        }
        let error = client.add_message(&card, &notifying(number)).await.unwrap_err();
        assert!(matches!(&error, Error::Unavailable { cause: Some(_), .. }), "{number}: {error}");
        assert!(time.slept() - before >= TimeDelta::seconds(3), "{number}");
    }
    // All three are spent, for all may have arrived.
    let error = client.add_message(&card, &notifying(4)).await.unwrap_err();
    assert!(matches!(error, Error::NoticesSpent { until: Some(_), .. }), "{error}");
}

#[tokio::test]
async fn a_record_that_takes_nothing_back_does_not_hide_why_nothing_was_sent() {
    #[derive(Debug)]
    struct OneWay;
    #[async_trait]
    impl NoticeStore for OneWay {
        async fn take(&self, _: &str, _: DateTime<Utc>) -> Result<Notice, Box<dyn StdError + Send + Sync>> {
            Ok(Notice::Granted)
        }
        async fn put_back(&self, _: &str, _: DateTime<Utc>) -> Result<(), Box<dyn StdError + Send + Sync>> {
            Err("the database is away".into())
        }
    }
    let scene = Scene::new();
    let client = scene.client.clone().with_notices(Arc::new(OneWay));
    let error = client.add_message(&scene.card(&loyalty()), &message(1).notifying()).await.unwrap_err();
    assert!(matches!(error, Error::NotFound { .. }), "{error}");
}

#[tokio::test]
async fn what_was_not_sent_costs_no_notice() {
    let Scene { google, client, .. } = &Scene::new();
    let card = client.account().card(&loyalty()).unwrap();
    for _ in 0..5 {
        let error = client.add_message(&card, &message(1).notifying()).await.unwrap_err();
        assert!(matches!(error, Error::NotFound { .. }), "{error}");
    }
    client.put(&card).await.unwrap();
    for number in 1..=3 {
        client.add_message(&card, &message(number).notifying()).await.unwrap();
    }
    let nameless = client.add_message(&card, &Message::new(" ", "A", "B")).await.unwrap_err();
    assert!(matches!(&nameless, Error::Invalid { field: Some(field), .. } if field == "message.id"), "{nameless}");
    assert_eq!(google.notices(card.object["id"].as_str().unwrap()), 3);
}

#[tokio::test]
async fn a_record_of_the_hosts_own_is_asked_and_its_failure_is_told() {
    #[derive(Debug)]
    struct Broken;
    #[async_trait]
    impl NoticeStore for Broken {
        async fn take(&self, _: &str, _: DateTime<Utc>) -> Result<Notice, Box<dyn StdError + Send + Sync>> {
            Err("the database is away".into())
        }
        async fn put_back(&self, _: &str, _: DateTime<Utc>) -> Result<(), Box<dyn StdError + Send + Sync>> {
            Ok(())
        }
    }
    let Scene { google, client, .. } = &Scene::new();
    let card = client.account().card(&loyalty()).unwrap();
    client.put(&card).await.unwrap();
    let client = client.clone().with_notices(Arc::new(Broken));
    let error = client.add_message(&card, &message(1).notifying()).await.unwrap_err();
    assert!(matches!(error, Error::NoticeStore(_)), "{error}");
    assert_eq!(error.source().unwrap().to_string(), "the database is away");
    assert_eq!(google.notices(card.object["id"].as_str().unwrap()), 0);
}

#[tokio::test]
async fn the_record_in_memory_is_bounded() {
    let (notices, start) = (MemoryNotices::new(), "2027-01-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap());
    for number in 0..100_500 {
        let at = start + TimeDelta::seconds(number);
        assert_eq!(notices.take(&format!("id-{number}"), at).await.unwrap(), Notice::Granted);
    }
    let later = start + TimeDelta::seconds(100_500);
    // Old ones were dropped, the young ones count still.
    for id in ["id-100000", "id-100499"] {
        assert_eq!(notices.take(id, later).await.unwrap(), Notice::Granted);
        assert_eq!(notices.take(id, later).await.unwrap(), Notice::Granted);
        assert!(matches!(notices.take(id, later).await.unwrap(), Notice::Refused { .. }));
    }
    let held = format!("{notices:?}").matches("id-").count();
    assert!(held <= 100_000, "{held}");
}
