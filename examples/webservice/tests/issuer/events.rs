//! Scans, messages, and what is told of all that happened.

use chrono::TimeDelta;
use serde_json::{Value, json};
use walletpass::issuer::{
    Change, Error, EventsQuery, GoogleOutcome, Happened, MessageOutcome, Notice, Scan, ScanAction, Scanned, Verdict,
    What,
};
use walletpass::model::port::Clock;
use walletpass::model::projection::Wallet;
use walletpass::model::{Field, Serial};
use walletpass::{Expiry, Issuer, State, Text};

use crate::stage::{PASS_TYPE, Stage, card, set_points};
use crate::stores::over_each_store;

over_each_store!(
    a_scan_redeems_once,
    of_racing_scanners_one_lets_in,
    a_scan_judges_state_and_dates,
    a_scan_extends_and_never_shortens,
    what_happened_is_read_back,
    a_message_reaches_both_wallets,
    the_same_message_again_is_shown_again,
    a_pass_shows_messages_where_it_wants_them,
    the_fourth_message_of_a_day_is_silent,
    messages_wait_for_google_and_none_is_lost_or_sent_twice,
    a_message_that_nobody_can_read_is_refused,
);

async fn a_scan_redeems_once(mut stage: Stage) {
    let serial = stage.hold("a", 100).await;
    let issuer = stage.issuer.clone();
    let version = issuer.pass(&serial).await.unwrap().version;
    let Scanned { verdict, change, .. } = issuer.scan(&serial, &Scan::look()).await.unwrap();
    assert_eq!(
        (verdict, change, issuer.pass(&serial).await.unwrap().version),
        (Verdict::Valid, Change::Unchanged, version)
    );

    let first = issuer.scan(&serial, &Scan::redeem().at("Gate 3")).await.unwrap();
    assert_eq!((first.verdict, first.pass.state), (Verdict::Valid, State::Redeemed));
    let Change::Changed { notified: 1, google: GoogleOutcome::Done, .. } = first.change else {
        panic!("{:?}", first.change)
    };
    let second = issuer.scan(&serial, &Scan::redeem().at("Gate 4")).await.unwrap();
    assert_eq!((second.verdict, second.change), (Verdict::Redeemed, Change::Unchanged));
    stage.wake_phone().await;
    assert_eq!(stage.phone.pass(PASS_TYPE, "a").json()["voided"], true);
    assert_eq!(stage.object("a")["state"], "COMPLETED");

    let scanned = |action, place: Option<&str>, verdict| {
        let scan = match action {
            ScanAction::Look => Scan::look(),
            _ => Scan::redeem(),
        };
        What::Scanned { scan: place.map_or(scan.clone(), |place| scan.at(place)), verdict }
    };
    assert_eq!(
        told(&issuer, &serial).await[2..],
        [
            scanned(ScanAction::Look, None, Verdict::Valid),
            What::Redeemed,
            scanned(ScanAction::Redeem, Some("Gate 3"), Verdict::Valid),
            scanned(ScanAction::Redeem, Some("Gate 4"), Verdict::Redeemed),
        ]
    );
    let unknown = issuer.scan(&"b".parse().unwrap(), &Scan::redeem()).await.unwrap_err();
    assert!(matches!(unknown, Error::NotFound { .. }), "{unknown}");
    let error = issuer.scan(&serial, &Scan::look().at("x".repeat(201))).await.unwrap_err();
    assert_eq!(error.to_string(), "the place of a scan has 201 characters: write 1 to 200");
}

async fn of_racing_scanners_one_lets_in(stage: Stage) {
    let serial = stage.issuer.create(&card("a", 0)).await.unwrap().serial;
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let (issuer, serial) = (stage.issuer.clone(), serial.clone());
            tokio::spawn(async move { issuer.scan(&serial, &Scan::redeem()).await.unwrap().verdict })
        })
        .collect();
    let mut valid = 0;
    for task in tasks {
        valid += usize::from(task.await.unwrap() == Verdict::Valid);
    }
    assert_eq!(valid, 1);
    let told = told(&stage.issuer, &serial).await;
    assert_eq!(told.iter().filter(|what| **what == What::Redeemed).count(), 1);
    assert_eq!(told.iter().filter(|what| matches!(what, What::Scanned { .. })).count(), 8);
}

async fn a_scan_judges_state_and_dates(stage: Stage) {
    let now = stage.time.now();
    let expires = (now + TimeDelta::days(2)).fixed_offset();
    let pass = card("a", 0).valid_from((now + TimeDelta::days(1)).fixed_offset()).expires(Expiry::At(expires));
    let serial = stage.issuer.create(&pass).await.unwrap().serial;
    for (days, verdict) in [(0, Verdict::NotYet), (1, Verdict::Valid), (1, Verdict::Expired)] {
        stage.time.advance(TimeDelta::days(days));
        let scanned = stage.issuer.scan(&serial, &Scan::extend(30)).await.unwrap();
        assert_eq!(scanned.verdict, verdict);
        if verdict == Verdict::Valid {
            // As before, so that it can expire.
            stage.issuer.extend(&serial, expires).await.unwrap();
        } else {
            assert_eq!(scanned.change, Change::Unchanged, "a pass that is refused is not extended");
        }
    }
    let serial = stage.issuer.create(&card("b", 0)).await.unwrap().serial;
    for (state, verdict) in [
        (State::Voided, Verdict::Voided),
        (State::Expired, Verdict::Expired),
        (State::Redeemed, Verdict::Redeemed),
        (State::Active, Verdict::Valid),
    ] {
        stage.issuer.update(&serial, |pass| pass.state = state).await.unwrap();
        assert_eq!(stage.issuer.scan(&serial, &Scan::redeem()).await.unwrap().verdict, verdict);
    }
}

async fn a_scan_extends_and_never_shortens(stage: Stage) {
    let issuer = &stage.issuer;
    let lisbon = stage.time.now().with_timezone(&chrono::FixedOffset::east_opt(3_600).unwrap());
    let pass = card("a", 0).expires(Expiry::At(lisbon + TimeDelta::days(10)));
    let serial = issuer.create(&pass).await.unwrap().serial;
    for (days, left) in [(30, 30), (5, 30), (30, 30), (3_650, 3_650)] {
        let scanned = issuer.scan(&serial, &Scan::extend(days)).await.unwrap();
        assert_eq!(scanned.pass.dates.expires, Some(Expiry::At(lisbon + TimeDelta::days(left))));
    }
    let told = told(issuer, &serial).await;
    assert_eq!(told.iter().filter(|what| **what == What::Extended).count(), 2);
    for days in [0, 3_651] {
        let error = issuer.scan(&serial, &Scan::extend(days)).await.unwrap_err();
        assert!(matches!(error, Error::Expiry(_)), "{error}");
    }
    let endless = issuer.create(&card("b", 0)).await.unwrap().serial;
    let scanned = issuer.scan(&endless, &Scan::extend(30)).await.unwrap();
    assert_eq!(
        (scanned.verdict, scanned.change, scanned.pass.dates.expires),
        (Verdict::Valid, Change::Unchanged, None)
    );
}

async fn what_happened_is_read_back(mut stage: Stage) {
    let serial = stage.hold("a", 1).await;
    let issuer = stage.issuer.clone();
    issuer.update(&serial, |pass| set_points(pass, 2)).await.unwrap();
    issuer.void(&serial).await.unwrap();
    issuer.reinstate(&serial).await.unwrap();
    issuer.extend(&serial, (stage.time.now() + TimeDelta::days(9)).fixed_offset()).await.unwrap();
    issuer.redeem(&serial).await.unwrap();
    issuer.expire(&serial).await.unwrap();
    stage.phone.remove(PASS_TYPE, "a").await;
    issuer.create(&card("b", 1)).await.unwrap();
    issuer.delete(&serial).await.unwrap();
    let expected = [
        What::Created,
        What::Installed { wallet: Wallet::Apple },
        What::Updated,
        What::Voided,
        What::Reinstated,
        What::Extended,
        What::Redeemed,
        What::Expired,
        What::Removed { wallet: Wallet::Apple },
        What::Deleted,
    ];
    assert_eq!(told(&issuer, &serial).await, expected);

    let (mut all, mut after) = (Vec::<Happened>::new(), None);
    loop {
        let list = issuer.events(EventsQuery { after, limit: 3, ..EventsQuery::default() }).await.unwrap();
        assert!(list.events.len() <= 3);
        all.extend(list.events);
        after = list.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(all.len(), expected.len() + 1);
    assert!(all.windows(2).all(|pair| pair[0].id < pair[1].id));
    let created = issuer.pass(&"b".parse().unwrap()).await.unwrap().created;
    let of_b = all.iter().find(|event| event.serial.as_ref().is_some_and(|serial| serial.as_str() == "b")).unwrap();
    assert_eq!((of_b.what.clone(), of_b.at), (What::Created, created));
    assert_eq!(of_b.pass_type.as_ref().unwrap().as_str(), PASS_TYPE);

    assert_eq!(issuer.prune_events(all[4].id).await.unwrap(), 5);
    let rest = issuer.events(EventsQuery::default()).await.unwrap();
    assert_eq!((rest.events, rest.next), (all[5..].to_vec(), None));
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
    assert_eq!((&message["body"], stage.google.notices(&object_id(&stage, "a"))), (&json!("Half price today"), 1));

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
    assert_eq!((messages(&stage, "a").len(), stage.google.notices(&object_id(&stage, "a"))), (5, 4));
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

async fn told(issuer: &Issuer, serial: &Serial) -> Vec<What> {
    let query = EventsQuery { serial: Some(serial.clone()), ..EventsQuery::default() };
    issuer.events(query).await.unwrap().events.into_iter().map(|event| event.what).collect()
}

fn object_id(stage: &Stage, serial: &str) -> String {
    stage.object(serial)["id"].as_str().unwrap().to_owned()
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
