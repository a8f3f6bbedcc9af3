//! Messages to the holders.

use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::{Value, json};
use walletpass::Text;
use walletpass::google::{Collection, Message};
use walletpass::issuer::{Change, Error, MessageOutcome, Notice};
use walletpass::model::Field;
use walletpass::model::lint::google::Vertical;
use walletpass_webservice::store::{Assets, MemoryStore, Store};

use crate::mortal::Mortal;
use crate::stage::{PASS_TYPE, Stage, Wallets, card, object_id, set_points};
use crate::stores::over_each_store;

over_each_store!(
    a_message_reaches_both_wallets,
    the_same_message_again_is_shown_again,
    a_pass_shows_messages_where_it_wants_them,
    the_fourth_message_of_a_day_is_silent,
    messages_wait_for_google_and_none_is_lost_or_sent_twice,
    a_message_that_nobody_can_read_is_refused,
);

mod killed {
    use super::a_process_that_dies_loses_no_message;
    crate::stores::over_two_handles!(a_process_that_dies_loses_no_message);
}

async fn a_message_reaches_both_wallets(mut stage: Stage) {
    let serial = stage.hold("a", 100).await;
    let notice = Notice::new("Half price today").title("Sale");
    let sent = stage.issuer.notify(&serial, &notice).await.unwrap();
    assert_eq!((sent.notified, sent.waiting, sent.google), (1, 0, MessageOutcome::Notified));
    assert_eq!(stage.issuer.pass(&serial).await.unwrap().version, sent.version);
    assert_eq!(stage.wake_phone().await.messages(), ["Half price today"]);
    let field = stage.phone.pass(PASS_TYPE, "a").visible("notice").unwrap();
    assert_eq!((field.label.as_str(), field.value.as_str()), ("Sale", "Half price today"));
    let [message] = &messages(&stage, "a")[..] else { panic!("one message") };
    assert_eq!((&message["id"], &message["header"]), (&json!(sent.id), &json!("Sale")));
    assert_eq!((&message["body"], stage.google.notices(&object_id("a"))), (&json!("Half price today"), 1));

    // The host's own copy of the pass says nothing of it.
    assert_eq!(stage.issuer.replace(&card("a", 100)).await.unwrap(), Change::Unchanged);
    stage.issuer.update(&serial, |pass| set_points(pass, 101)).await.unwrap();
    assert_eq!(stage.wake_phone().await.messages(), ["You now have 101 points"]);
    assert_eq!(stage.phone.pass(PASS_TYPE, "a").visible("notice").unwrap().value, "Half price today");

    stage.time.advance(TimeDelta::hours(1));
    let translated = Text::new("Closed tomorrow").translated("de".parse().unwrap(), "Morgen zu");
    let second = stage.issuer.notify(&serial, &Notice::new(translated)).await.unwrap();
    assert_eq!(stage.wake_phone().await.messages(), ["Closed tomorrow\u{2060}"]);
    assert_eq!(stage.phone.pass(PASS_TYPE, "a").visible("notice").unwrap().label, "Bean & Co");
    let past = stage.issuer.notices(&serial).await.unwrap();
    let said: Vec<_> = past.iter().map(|past| (past.id.as_str(), past.notice.text.default.as_str())).collect();
    assert_eq!(said, [(sent.id.as_str(), "Half price today"), (second.id.as_str(), "Closed tomorrow")]);
    assert!(past[1].at - past[0].at >= TimeDelta::hours(1));
    assert_eq!(stage.phone.complaints(), []);
    assert_eq!(stage.issuer.run_due(100).await.unwrap().len(), 0, "nothing is left to be done");
}

async fn the_same_message_again_is_shown_again(mut stage: Stage) {
    let serial = stage.hold("a", 100).await;
    for text in ["Come in", "Come in", "Come in"].map(|text| Text::new(text).translated("pt".parse().unwrap(), "Entre"))
    {
        stage.issuer.notify(&serial, &Notice::new(text)).await.unwrap();
        let wakeup = stage.wake_phone().await;
        let [message] = wakeup.messages()[..] else { panic!("{wakeup:?}") };
        assert_eq!(message.trim_end_matches('\u{2060}'), "Come in");
    }
    assert_eq!(messages(&stage, "a").len(), 3);
}

async fn a_pass_shows_messages_where_it_wants_them(mut stage: Stage) {
    let field = Field::new("notice".parse().unwrap(), "From the bar", "Nothing yet");
    let pass = card("a", 1).auxiliary_field(field);
    let serial = stage.issuer.create(&pass).await.unwrap().serial;
    stage.phone.add(&stage.issuer.pkpass(&serial).await.unwrap().to_vec()).await.unwrap();
    stage.issuer.notify(&serial, &Notice::new("Last orders")).await.unwrap();
    assert_eq!(stage.wake_phone().await.messages(), ["Last orders"]);
    let json = stage.phone.pass(PASS_TYPE, "a").json().clone();
    let shown = json["storeCard"]["auxiliaryFields"].as_array().unwrap();
    assert!(shown.iter().any(|field| field["label"] == "From the bar" && field["value"] == "Last orders"), "{shown:?}");
    assert_eq!(stage.issuer.pass(&serial).await.unwrap().pass.fields, pass.fields);
}

async fn the_fourth_message_of_a_day_is_silent(stage: Stage) {
    let serial = stage.issuer.create(&card("a", 1)).await.unwrap().serial;
    for (hours, outcome) in [
        (0, MessageOutcome::Notified),
        (1, MessageOutcome::Notified),
        (1, MessageOutcome::Notified),
        (1, MessageOutcome::Silent),
        (22, MessageOutcome::Notified),
    ] {
        stage.time.advance(TimeDelta::hours(hours));
        let sent = stage.issuer.notify(&serial, &Notice::new("Good day")).await.unwrap();
        assert_eq!((sent.notified, sent.google), (0, outcome));
    }
    assert_eq!((messages(&stage, "a").len(), stage.google.notices(&object_id("a"))), (5, 4));
}

/// Google is away, then answers and is not heard: each message is there once in the end, and the object was put before them.
async fn messages_wait_for_google_and_none_is_lost_or_sent_twice(stage: Stage) {
    let serial = stage.issuer.create(&card("a", 1)).await.unwrap().serial;
    stage.google.set_api_enabled(false);
    for text in ["One", "Two"] {
        let sent = stage.issuer.notify(&serial, &Notice::new(text)).await.unwrap();
        assert!(matches!(sent.google, MessageOutcome::Waiting(_)), "{sent:?}");
    }
    stage.google.set_api_enabled(true);
    for _ in 0..4 {
        stage.time.advance(TimeDelta::hours(1));
        stage.issuer.run_due(100).await.unwrap();
    }
    assert_eq!(texts(&stage, "a"), ["One", "Two"]);

    stage.google.lose_next_answers(1);
    let sent = stage.issuer.notify(&serial, &Notice::new("Three")).await.unwrap();
    assert_eq!(sent.google, MessageOutcome::Already);
    assert_eq!(texts(&stage, "a"), ["One", "Three", "Two"]);
    assert_eq!(stage.issuer.run_due(100).await.unwrap().len(), 0, "nothing is left to be done");
    stage.issuer.delete(&serial).await.unwrap();
    let error = stage.issuer.notify(&serial, &Notice::new("Four")).await.unwrap_err();
    assert!(matches!(error, Error::NotFound { .. }), "{error}");
}

async fn a_message_that_nobody_can_read_is_refused(stage: Stage) {
    let serial = stage.issuer.create(&card("a", 1)).await.unwrap().serial;
    for (notice, message) in [
        (Notice::new(""), "the text of a notice has 0 characters: write 1 to 1000"),
        (
            Notice::new(Text::new("x").translated("de".parse().unwrap(), "x".repeat(1_001))),
            "the text of a notice has 1001 characters: write 1 to 1000",
        ),
        (Notice::new("x").title("x".repeat(101)), "the title of a notice has 101 characters: write 1 to 100"),
    ] {
        assert_eq!(stage.issuer.notify(&serial, &notice).await.unwrap_err().to_string(), message);
    }
    assert_eq!(stage.issuer.notices(&serial).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_wallet_alone_has_its_messages() {
    let mut apple = Stage::open_for(Arc::new(MemoryStore::new()), Wallets::Apple).await;
    let serial = apple.hold("a", 1).await;
    let sent = apple.issuer.notify(&serial, &Notice::new("Hello")).await.unwrap();
    assert_eq!((sent.notified, sent.google), (1, MessageOutcome::Unused));
    assert_eq!(apple.wake_phone().await.messages(), ["Hello"]);

    let google = Stage::open_for(Arc::new(MemoryStore::new()), Wallets::Google).await;
    let serial = google.issuer.create(&card("a", 1)).await.unwrap().serial;
    let sent = google.issuer.notify(&serial, &Notice::new("Hello")).await.unwrap();
    assert_eq!((sent.notified, sent.google), (0, MessageOutcome::Notified));
    assert_eq!(texts(&google, "a"), ["Hello"]);
}

/// Wherever it dies, and also when Google has the message and the store does not know: it is there once, and on the phone.
async fn a_process_that_dies_loses_no_message<S: Store + Assets + 'static>(store: Arc<S>, other: Arc<S>) {
    let store = Mortal::new(store);
    let mut stage = Stage::open(Arc::clone(&store)).await;
    for commits in 1..=5 {
        let name = format!("pass-{commits}");
        let serial = stage.issuer.create(&card(&name, 1)).await.unwrap().serial;
        let mut phone = stage.another_phone();
        phone.add(&stage.issuer.pkpass(&serial).await.unwrap().to_vec()).await.unwrap();
        store.killed_after(commits, stage.issuer.notify(&serial, &Notice::new("Hello"))).await;
        if commits == 4 {
            let id = stage.issuer.notices(&serial).await.unwrap()[0].id.clone();
            let message = Message::new(id, "Bean & Co", "Hello").notifying();
            let client = stage.client(&stage.google.url());
            client.add_message_to(Collection::objects(Vertical::Loyalty), &object_id(&name), &message).await.unwrap();
        }
        stage.go_on_with(stage.another_issuer(Arc::clone(&other), Wallets::Both)).await;
        for _ in 0..3 {
            stage.time.advance(TimeDelta::minutes(3));
            while !stage.issuer.run_due(100).await.unwrap().is_empty() {}
        }
        assert_eq!((texts(&stage, &name), stage.google.notices(&object_id(&name))), (vec!["Hello".to_owned()], 1));
        assert_eq!(phone.wake(PASS_TYPE).await.messages(), ["Hello"], "after {commits} commits");
        stage.go_on_with(stage.another_issuer(Arc::clone(&store), Wallets::Both)).await;
    }
}

fn messages(stage: &Stage, serial: &str) -> Vec<Value> {
    stage.object(serial)["messages"].as_array().cloned().unwrap_or_default()
}

fn texts(stage: &Stage, serial: &str) -> Vec<String> {
    let mut texts: Vec<String> =
        messages(stage, serial).iter().map(|message| message["body"].as_str().unwrap().to_owned()).collect();
    texts.sort();
    texts
}
