//! Each verb on each wallet: what the phone shows, what Google has, what it took, and what is kept.

use std::sync::Arc;

use serde_json::{Value, json};
use walletpass::issuer::{Change, Error, GoogleOutcome};
use walletpass::model::port::Clock;
use walletpass::{Issuer, State};
use walletpass_testkit::Seen;
use walletpass_webservice::PassKey;
use walletpass_webservice::store::{Assets, Event, EventQuery, Store};

use crate::stage::{PASS_TYPE, Stage, Wallets, card, set_points};
use crate::stores::over_two_handles;

over_two_handles!(every_verb_with_both_wallets, every_verb_with_apple_alone, every_verb_with_google_alone);

/// What a verb causes to a card with 101 points.
struct Row {
    verb: &'static str,
    /// The points on the phone, whether they are crossed out, and until when they count.
    phone: (&'static str, bool, Option<&'static str>),
    /// State and balance at Google, and until when they count.
    google: (&'static str, i64, Option<&'static str>),
    /// What Google is asked.
    asked: &'static [&'static str],
    /// How many pushes there are, to the one device.
    pushes: u64,
    state: State,
    events: &'static [&'static str],
}

const ROWS: [Row; 9] = [
    Row {
        verb: "update",
        phone: ("102", false, None),
        google: ("ACTIVE", 102, None),
        asked: &["PATCH object"],
        pushes: 1,
        state: State::Active,
        events: &["updated"],
    },
    // The holder goes, and what is gone a patch would leave at Google.
    Row {
        verb: "replace",
        phone: ("103", false, None),
        google: ("ACTIVE", 103, None),
        asked: &["GET object", "PUT object"],
        pushes: 1,
        state: State::Active,
        events: &["updated"],
    },
    Row {
        verb: "merge",
        phone: ("104", false, None),
        google: ("ACTIVE", 104, None),
        asked: &["GET object", "PUT object"],
        pushes: 1,
        state: State::Active,
        events: &["updated"],
    },
    Row {
        verb: "void",
        phone: ("101", true, None),
        google: ("INACTIVE", 101, None),
        asked: &["PATCH object"],
        pushes: 1,
        state: State::Voided,
        events: &["voided"],
    },
    Row {
        verb: "reinstate",
        phone: ("101", false, None),
        google: ("ACTIVE", 101, None),
        asked: &["PATCH object"],
        pushes: 1,
        state: State::Active,
        events: &["reinstated"],
    },
    Row {
        verb: "redeem",
        phone: ("101", true, None),
        google: ("COMPLETED", 101, None),
        asked: &["PATCH object"],
        pushes: 1,
        state: State::Redeemed,
        events: &["redeemed"],
    },
    Row {
        verb: "expire",
        phone: ("101", true, Some("2027-01-01T00:00:00+00:00")),
        google: ("EXPIRED", 101, None),
        asked: &["PATCH object"],
        pushes: 1,
        state: State::Expired,
        events: &["expired"],
    },
    Row {
        verb: "extend",
        phone: ("101", false, Some("2028-02-03T04:05:06+00:00")),
        google: ("ACTIVE", 101, Some("2028-02-03T04:05:06+00:00")),
        asked: &["PATCH object"],
        pushes: 1,
        state: State::Active,
        events: &["extended"],
    },
    // Apple has no way to take a pass from a phone.
    Row {
        verb: "delete",
        phone: ("101", false, None),
        google: ("INACTIVE", 101, None),
        asked: &["PATCH object"],
        pushes: 0,
        state: State::Active,
        events: &["deleted", "removed"],
    },
];

async fn every_verb_with_both_wallets<S: Store + Assets + 'static>(store: Arc<S>, other: Arc<S>) {
    every_verb(Wallets::Both, store, &*other).await;
}

async fn every_verb_with_apple_alone<S: Store + Assets + 'static>(store: Arc<S>, other: Arc<S>) {
    every_verb(Wallets::Apple, store, &*other).await;
}

async fn every_verb_with_google_alone<S: Store + Assets + 'static>(store: Arc<S>, other: Arc<S>) {
    every_verb(Wallets::Google, store, &*other).await;
}

async fn every_verb<S: Store + Assets + 'static>(wallets: Wallets, store: Arc<S>, other: &dyn Store) {
    let mut stage = Stage::open_for(store, wallets).await;
    for row in &ROWS {
        let before = prepare(&mut stage, wallets, row, other).await;
        let (asked, pushes) = (stage.google.requests().len(), stage.apns.count());
        let change = run(&stage.issuer, row.verb).await;
        let asked: Vec<_> = stage.google.requests().drain(asked..).map(|seen| kind_of(&seen)).collect();
        let context = format!("{} with {wallets:?}", row.verb);
        match wallets {
            Wallets::Apple => assert_eq!(asked, Vec::<String>::new(), "{context}"),
            Wallets::Both | Wallets::Google => {
                assert_eq!(asked, row.asked, "{context}");
                google_has(&stage, row, &context);
            }
        }
        let own_pushes = if wallets == Wallets::Google { 0 } else { row.pushes };
        assert_eq!(stage.apns.count() - pushes, own_pushes, "{context}");
        let at_google = if wallets == Wallets::Apple { GoogleOutcome::Unused } else { GoogleOutcome::Done };
        match change {
            Some(Change::Changed { version, notified, waiting, google, .. }) => {
                assert_eq!((version.0, notified, waiting, google), (before + 1, own_pushes, 0, at_google), "{context}");
            }
            Some(other) => panic!("{context}: {other:?}"),
            None => {}
        }
        if wallets != Wallets::Google {
            phone_shows(&mut stage, row, &context).await;
        }
        let stored = other.pass(&key(wallets, row.verb)).await.unwrap();
        match row.verb {
            "delete" => assert!(stored.is_none()),
            _ => {
                let stored = stored.unwrap();
                assert_eq!((stored.tag.0, stored.pass.state), (before + 1, row.state), "{context}");
                let held = stage.issuer.pass(&row.verb.parse().unwrap()).await.unwrap();
                assert_eq!((held.version, held.pass.state), (stored.tag, row.state), "{context}");
            }
        }
        assert_eq!(stage.issuer.run_due(100).await.unwrap().len(), 0, "{context}: nothing is left");
        events_are(wallets, row, other, &context).await;
    }
    assert_eq!(stage.phone.complaints(), []);
    assert!(stage.issuer.dead(None).await.unwrap().items.is_empty());
}

/// Makes a card with 101 points that Google knows and a phone holds, and gives its version.
async fn prepare(stage: &mut Stage, wallets: Wallets, row: &Row, other: &dyn Store) -> u64 {
    let (asked, pushes) = (stage.google.requests().len(), stage.apns.count());
    let issued = stage.issuer.create(&card(row.verb, 100)).await.unwrap();
    // Creating costs nothing but the commit.
    assert_eq!((stage.google.requests().len(), stage.apns.count()), (asked, pushes));
    assert_eq!(
        (issued.apple.is_some(), issued.kinds.apple),
        match wallets {
            Wallets::Google => (false, None),
            _ => (true, Some("storeCard")),
        }
    );
    assert_eq!(
        (issued.google.is_some(), issued.kinds.google),
        match wallets {
            Wallets::Apple => (false, None),
            _ => (true, Some("loyalty")),
        }
    );
    assert_eq!((issued.is_new, issued.at_google, issued.created), (true, GoogleOutcome::Unused, stage.time.now()));
    if wallets != Wallets::Google {
        stage.phone.add(&stage.issuer.pkpass(&issued.serial).await.unwrap().to_vec()).await.unwrap();
    }
    stage.issuer.update(&issued.serial, |pass| set_points(pass, 101)).await.unwrap();
    if row.verb == "reinstate" {
        stage.issuer.void(&issued.serial).await.unwrap();
    }
    if wallets != Wallets::Google {
        stage.wake_phone().await;
    }
    other.pass(&key(wallets, row.verb)).await.unwrap().unwrap().tag.0
}

async fn run(issuer: &Issuer, verb: &str) -> Option<Change> {
    let serial = verb.parse().unwrap();
    let change = match verb {
        "update" => issuer.update(&serial, |pass| set_points(pass, 102)).await,
        "replace" => {
            let mut json = serde_json::to_value(card(verb, 103)).unwrap();
            json["kind"]["loyalty"].as_object_mut().unwrap().remove("holder");
            issuer.replace(&walletpass::Pass::from_json(json.to_string().as_bytes()).unwrap()).await
        }
        "merge" => {
            let patch = json!({ "kind": { "loyalty": { "points": 104, "holder": null } } });
            issuer.merge(&serial, &patch).await
        }
        "void" => issuer.void(&serial).await,
        "reinstate" => issuer.reinstate(&serial).await,
        "redeem" => issuer.redeem(&serial).await,
        "expire" => issuer.expire(&serial).await,
        "extend" => issuer.extend(&serial, "2028-02-03T04:05:06Z".parse().unwrap()).await,
        _ => {
            issuer.delete(&serial).await.unwrap();
            assert!(matches!(issuer.pass(&serial).await, Err(Error::NotFound { .. })));
            return None;
        }
    };
    Some(change.unwrap())
}

async fn phone_shows(stage: &mut Stage, row: &Row, context: &str) {
    if row.pushes > 0 {
        let wakeup = stage.wake_phone().await;
        assert_eq!(wakeup.updated, [row.verb], "{context}");
    }
    let pass = stage.phone.pass(PASS_TYPE, row.verb);
    let voided = pass.json().get("voided") == Some(&json!(true));
    let until = pass.json().get("expirationDate").and_then(Value::as_str);
    let (points, is_voided, expires) = row.phone;
    assert_eq!((&*pass.visible("points").unwrap().value, voided), (points, is_voided), "{context}");
    // To the minute: calls of Google take seconds of this time.
    let minute = |date: Option<&str>| date.map(|date| date[..16].to_owned());
    assert_eq!(minute(until), minute(expires), "{context}");
    let has_holder = pass.visible_fields().iter().any(|field| field.value == "Ada Example");
    assert_eq!(has_holder, !matches!(row.verb, "merge" | "replace"), "{context}");
}

fn google_has(stage: &Stage, row: &Row, context: &str) {
    let object = stage.object(row.verb);
    let until = object["validTimeInterval"]["end"]["date"].as_str();
    let balance = object["loyaltyPoints"]["balance"]["int"].as_i64().unwrap();
    assert_eq!((object["state"].as_str().unwrap(), balance, until), row.google, "{context}");
    let has_holder = object.get("accountName").is_some();
    assert_eq!(has_holder, !matches!(row.verb, "merge" | "replace"), "{context}: {object}");
}

async fn events_are(wallets: Wallets, row: &Row, other: &dyn Store, context: &str) {
    let key = key(wallets, row.verb);
    let query = EventQuery { tenant: key.tenant.clone(), pass: Some(key), after: None, cursor: None, limit: 100 };
    let events = other.events(&query).await.unwrap().items;
    let kinds: Vec<_> = events.iter().map(|event| event.event.kind.as_str()).collect();
    let mut expected = vec!["created", Event::INSTALLED, "updated"];
    if row.verb == "reinstate" {
        expected.push("voided");
    }
    expected.extend(row.events);
    if wallets == Wallets::Google {
        expected.retain(|kind| ![Event::INSTALLED, Event::REMOVED].contains(kind));
    }
    let sorted = |mut kinds: Vec<&'static str>| {
        kinds.sort_unstable();
        kinds
    };
    let (mut kinds, expected) = (kinds, sorted(expected));
    kinds.sort_unstable();
    assert_eq!(kinds, expected, "{context}");
}

/// Says which method was used on what: `PATCH object`.
fn kind_of(seen: &Seen) -> String {
    let level = match &*seen.path {
        path if path.contains("Object") => "object",
        path if path.contains("Class") => "class",
        path => path,
    };
    format!("{} {level}", seen.method)
}

fn key(wallets: Wallets, serial: &str) -> PassKey {
    let pass_type = if wallets == Wallets::Google { "pass.google.only" } else { PASS_TYPE };
    PassKey { tenant: Default::default(), pass_type: pass_type.parse().unwrap(), serial: serial.parse().unwrap() }
}
