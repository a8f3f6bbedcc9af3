//! What goes wrong on the way to Google, and what comes of it.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use support::{Canned, ISSUER, Scene, Watched, loyalty, loyalty_of, map};
use walletpass_core::lint::google::Vertical;
use walletpass_google::{Client, Collection, Error, Http, TokenError, TokioTimer, Written};
use walletpass_testkit::{FakeGoogle, ServiceAccount};

const CLASSES: Collection = Collection::classes(Vertical::Offer);
const OBJECTS: Collection = Collection::objects(Vertical::Offer);

fn class() -> serde_json::Map<String, Value> {
    map(json!({
        "id": format!("{ISSUER}.o"), "issuerName": "Acme", "provider": "Acme", "title": "20 % off", "redemptionChannel": "BOTH",
    }))
}

fn object() -> serde_json::Map<String, Value> {
    map(json!({ "id": format!("{ISSUER}.o-1"), "classId": format!("{ISSUER}.o"), "state": "ACTIVE" }))
}

fn with(mut map: serde_json::Map<String, Value>, key: &str, value: Value) -> serde_json::Map<String, Value> {
    map.insert(key.to_owned(), value);
    map
}

#[tokio::test]
async fn a_token_that_expires_on_the_way_is_renewed_once() {
    let Scene { google, client, time } = &Scene::new();
    client.insert(CLASSES, &class()).await.unwrap();
    google.expire_tokens();
    client.insert(OBJECTS, &object()).await.unwrap();
    assert_eq!(google.tokens_given(), 2);
    // By its own clock the client is in time: a minute before the end it asks again.
    time.advance(TimeDelta::seconds(3600 - 61));
    client.get(OBJECTS, &format!("{ISSUER}.o-1")).await.unwrap();
    assert_eq!(google.tokens_given(), 2);
    time.advance(TimeDelta::seconds(2));
    client.get(OBJECTS, &format!("{ISSUER}.o-1")).await.unwrap();
    assert_eq!(google.tokens_given(), 3);
    assert_eq!(google.requests().iter().filter(|seen| seen.status == 401).count(), 1);
}

#[tokio::test]
async fn a_token_that_is_refused_again_is_an_error() {
    let Scene { google, client, .. } = &Scene::new();
    google.fail_next(401, 2);
    let error = client.issuer().await.unwrap_err();
    assert!(matches!(error, Error::Token(TokenError::Rejected { .. })), "{error}");
    assert_eq!(google.tokens_given(), 2);
}

#[tokio::test]
async fn many_callers_ask_for_one_token() {
    let scene = Scene::new();
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let client = scene.client.clone();
            tokio::spawn(async move { client.issuer().await.map(|_| ()) })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!((scene.google.tokens_given(), scene.google.count("POST", "/token")), (1, 1));
}

#[tokio::test]
async fn each_way_to_get_no_token_has_its_own_error() {
    let Scene { google, time, .. } = &Scene::new();
    let issuer = || ISSUER.parse().unwrap();
    let over = |account: walletpass_google::Account| {
        let account = account.with_clock(Arc::new(time.clone()));
        Client::new(account, Arc::new(Http::new().unwrap()), Arc::new(time.clone())).with_base(&google.url()).unwrap()
    };
    let file = |file: &str| walletpass_google::Account::from_json(file.as_bytes(), issuer()).unwrap();
    let token_uri = format!("{}token", google.url());

    let stranger = ServiceAccount::new().json_with(&token_uri);
    let error = over(file(stranger.expose())).issuer().await.unwrap_err();
    assert!(matches!(error, Error::Token(TokenError::KeyRejected { .. })), "{error}");

    let renamed = google.key_file().expose().replace(ServiceAccount::EMAIL, "gone@b.example");
    let error = over(file(&renamed)).issuer().await.unwrap_err();
    assert!(
        matches!(&error, Error::Token(TokenError::AccountUnknown { email }) if email == "gone@b.example"),
        "{error}"
    );

    let late: DateTime<Utc> = "2027-01-01T02:00:00Z".parse().unwrap();
    let skewed = file(google.key_file().expose()).with_clock(Arc::new(late));
    let skewed =
        Client::new(skewed, Arc::new(Http::new().unwrap()), Arc::new(TokioTimer)).with_base(&google.url()).unwrap();
    let error = skewed.issuer().await.unwrap_err();
    let Error::Token(TokenError::ClockSkew { ours, theirs }) = error else { panic!("{error}") };
    assert_eq!((ours - theirs.unwrap()).num_minutes(), 120);

    google.fail_next_tokens(503, 4);
    over(file(google.key_file().expose())).issuer().await.unwrap();
    google.fail_next_tokens(503, 5);
    let error = over(file(google.key_file().expose())).issuer().await.unwrap_err();
    assert!(matches!(error, Error::Token(TokenError::Unavailable { .. })), "{error}");

    google.fail_next_tokens(400, 1);
    let error = over(file(google.key_file().expose())).issuer().await.unwrap_err();
    assert!(matches!(&error, Error::Token(TokenError::Refused { code, .. }) if code == "told_to_fail"), "{error}");
}

#[tokio::test]
async fn each_refusal_has_its_own_error() {
    let Scene { google, client, .. } = &Scene::new();
    let error = client.insert(OBJECTS, &object()).await.unwrap_err();
    assert!(matches!(error, Error::ClassNotFound { .. }), "{error}");
    client.insert(CLASSES, &class()).await.unwrap();
    let error = client.insert(CLASSES, &class()).await.unwrap_err();
    assert!(matches!(&error, Error::Exists { id } if id.ends_with(".o")), "{error}");
    let error = client.get(OBJECTS, &format!("{ISSUER}.o-1")).await.unwrap_err();
    assert!(matches!(&error, Error::NotFound { id } if id.ends_with(".o-1")), "{error}");
    let error = client.patch(CLASSES, &format!("{ISSUER}.p"), &map(json!({}))).await.unwrap_err();
    assert!(matches!(&error, Error::NotFound { id } if id.ends_with(".p")), "{error}");
    let error = client.list_objects(Vertical::Offer, &format!("{ISSUER}.p"), None).await.unwrap_err();
    assert!(matches!(error, Error::ClassNotFound { .. }), "{error}");

    for (json, named) in [
        (with(object(), "airlineCode", json!("LX")), "airlineCode"),
        (with(object(), "title", json!("on the wrong level")), "title"),
        (with(object(), "state", json!("ALIVE")), "state"),
        (with(object(), "barcode", json!({ "type": "QR_CODE", "colour": "red" })), "barcode.colour"),
        (
            with(object(), "merchantLocations", vec![json!({ "latitude": 1, "longitude": 1 }); 11].into()),
            "merchantLocations",
        ),
        (with(object(), "heroImage", json!({})), "heroImage"),
    ] {
        let error = client.insert(OBJECTS, &json).await.unwrap_err();
        assert!(matches!(&error, Error::Invalid { field: Some(field), .. } if field == named), "{named}: {error}");
    }
    for id in ["", "o", ".o", "3388000000000000001.", "BCR2DN.o", "3388000000000000001.a/../b", "3388000000000000001.ä"]
    {
        let seen = google.requests().len();
        let error = client.get(OBJECTS, id).await.unwrap_err();
        assert!(matches!(&error, Error::Invalid { field: Some(field), .. } if field == "id"), "{error}");
        assert_eq!(google.requests().len(), seen);
    }

    google.set_invited(false);
    let error = client.issuer().await.unwrap_err();
    assert!(matches!(&error, Error::AccessDenied { invite, .. } if invite == ServiceAccount::EMAIL), "{error}");
    let told = error.to_string();
    assert!(told.contains(ServiceAccount::EMAIL) && told.contains(ISSUER) && told.contains("Users"), "{told}");
    google.set_invited(true);
    google.set_api_enabled(false);
    let error = client.issuer().await.unwrap_err();
    assert!(matches!(&error, Error::ApiDisabled { activate } if activate.ends_with("project=1234")), "{error}");
    google.set_api_enabled(true);

    for (status, tries) in [(429, 5), (500, 5), (502, 5), (503, 5), (504, 5), (418, 1)] {
        google.fail_next(status, 5);
        let seen = google.requests().len();
        let error = client.issuer().await.unwrap_err();
        match status {
            429 => assert!(matches!(error, Error::Quota { .. }), "{error}"),
            418 => assert!(matches!(error, Error::Invalid { .. }), "{error}"),
            _ => assert!(matches!(error, Error::Unavailable { .. }), "{error}"),
        }
        assert_eq!(google.requests().len() - seen, tries, "{status}");
        // What is left of the failures.
        while client.issuer().await.is_err() {}
    }
    google.fail_next_for(403, "rateLimitExceeded", 1);
    client.issuer().await.unwrap();
}

#[tokio::test]
async fn no_error_and_no_debug_tells_a_token() {
    let Scene { google, client, .. } = &Scene::new();
    client.issuer().await.unwrap();
    google.fail_next(418, 1);
    let error = client.issuer().await.unwrap_err();
    let told = format!("{error} {error:?} {client:?}");
    assert!(!told.contains("ya29") && !told.contains("PRIVATE"), "{told}");
}

#[tokio::test]
async fn a_storm_of_429_passes() {
    let scene = Scene::new();
    let started = scene.time.slept();
    scene.google.fail_next_until(429, "3", 20);
    let tasks: Vec<_> = (0..10)
        .map(|number| {
            let (client, card) = (scene.client.clone(), scene.card(&loyalty_of(&format!("member-{number}"), number)));
            tokio::spawn(async move { client.put(&card).await.map(|_| ()) })
        })
        .collect();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    // Twenty refusals among ten tasks: nobody needs more than five tries.
    assert!(outcomes.iter().filter(|outcome| outcome.is_ok()).count() >= 6, "{outcomes:?}");
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Ok(()) | Err(Error::Quota { .. }))), "{outcomes:?}");
    assert!(scene.time.slept() - started >= TimeDelta::seconds(3));
}

#[tokio::test]
async fn retry_after_is_honoured_as_seconds_and_as_a_date_and_not_beyond_patience() {
    let Scene { google, client, time } = &Scene::new();
    client.issuer().await.unwrap();
    for (after, seconds) in [("7", 7), ("Fri, 01 Jan 2027 00:00:30 GMT", 23)] {
        let before = time.slept();
        google.fail_next_until(503, after, 1);
        client.issuer().await.unwrap();
        assert_eq!((time.slept() - before).num_seconds(), seconds, "{after}");
    }
    google.fail_next_until(429, "3600", 1);
    let error = client.issuer().await.unwrap_err();
    assert!(
        matches!(error, Error::Quota { retry_after: Some(after) } if after == Duration::from_secs(3600)),
        "{error}"
    );
}

#[tokio::test]
async fn waits_double_and_chance_spreads_them() {
    #[derive(Debug)]
    struct Always(u8);
    impl walletpass_core::port::Entropy for Always {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }
    let Scene { google, client, time } = &Scene::new();
    client.issuer().await.unwrap();
    for (chance, millis) in [(0x00, 0), (0x80, 3_764), (0xFF, 7_500)] {
        time.advance(TimeDelta::seconds(5)); // the budget is full again
        let before = time.slept();
        google.fail_next(503, 5);
        client.clone().with_entropy(Arc::new(Always(chance))).issuer().await.unwrap_err();
        assert_eq!((time.slept() - before).num_milliseconds(), millis, "{chance}");
    }
}

#[tokio::test]
async fn what_was_done_though_no_answer_came_is_not_done_twice() {
    let Scene { google, client, .. } = &Scene::new();
    client.insert(CLASSES, &class()).await.unwrap();
    google.lose_next_answers(1);
    let (written, resource) = client.upsert(OBJECTS, &object()).await.unwrap();
    // Whose it is cannot be told, so it is written once more, which changes nothing.
    assert_eq!((written, resource.id()), (Written::Updated, format!("{ISSUER}.o-1").as_str()));
    // A conflict that is not our own stays one.
    google.fail_next(429, 1);
    let error = client.insert(OBJECTS, &object()).await.unwrap_err();
    assert!(matches!(error, Error::Exists { .. }), "{error}");
    // One that may be our own is judged by what is there.
    google.fail_next(503, 1);
    client.insert(OBJECTS, &object()).await.unwrap();
    google.fail_next(503, 1);
    let error = client.insert(OBJECTS, &with(object(), "state", json!("EXPIRED"))).await.unwrap_err();
    assert!(matches!(error, Error::Exists { .. }), "{error}");
}

#[tokio::test]
async fn a_conflict_after_an_unsure_try_loses_nothing() {
    let scene = Scene::new();
    let points = |points: i32| scene.card(&loyalty_of("member-1", points));
    let stored = || scene.google.resource("loyaltyObject", &format!("{ISSUER}.loyalty.member-1")).unwrap();
    scene.client.put(&points(1)).await.unwrap();
    scene.google.fail_next(503, 1);
    assert_eq!(scene.client.put(&points(2)).await.unwrap().object, Written::Updated);
    assert_eq!(stored()["loyaltyPoints"]["balance"]["int"], 2);

    // The class too, by a client that has not written it yet.
    let mut card = points(3);
    card.class.insert("programName".to_owned(), "Bean Society".into());
    scene.google.fail_next(503, 1);
    assert!(scene.another_client().put(&card).await.unwrap().class_written);
    let class = scene.google.resource("loyaltyClass", card.class["id"].as_str().unwrap()).unwrap();
    assert_eq!(
        (&class["programName"], &stored()["loyaltyPoints"]["balance"]["int"]),
        (&json!("Bean Society"), &json!(3))
    );
}

#[tokio::test]
async fn a_thousand_cards_leave_within_the_budget() {
    let scene = Scene::new();
    let watched =
        Watched { inner: Http::new().unwrap(), clock: scene.time.clone(), left: Arc::new(Mutex::new(Vec::new())) };
    let client = Scene::client_over(&scene.google, &scene.time, watched.clone());
    let before = scene.time.slept();
    let tasks: Vec<_> = (0..1_000)
        .map(|number| {
            let (client, card) = (client.clone(), scene.card(&loyalty_of(&format!("member-{number}"), number)));
            tokio::spawn(async move { client.put(&card).await.unwrap().object })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), Written::Created);
    }
    let mut left = watched.left.lock().unwrap().clone();
    left.sort();
    assert_eq!(left.len(), 1_001);
    let mut most = 0;
    for (index, start) in left.iter().enumerate() {
        most = most.max(left[index..].iter().take_while(|time| **time < *start + TimeDelta::seconds(1)).count());
    }
    assert!(most <= 20, "{most} in a second");
    // 1,001 requests at 15 a second: 66.4 seconds after the first few.
    let slept = (scene.time.slept() - before).as_seconds_f64();
    assert!((66.0..67.0).contains(&slept), "{slept}");
}

/// Asks for the issuer so many times at once.
async fn ask_at_once(client: &Client, count: usize) -> Vec<Result<(), Error>> {
    let ask = |client: Client| tokio::spawn(async move { client.issuer().await.map(|_| ()) });
    let tasks: Vec<_> = (0..count).map(|_| ask(client.clone())).collect();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    outcomes
}

#[tokio::test]
async fn a_slow_token_server_makes_no_burst() {
    let Scene { google, time, .. } = &Scene::new();
    let mut canned = Canned::new(time);
    canned.token_takes = TimeDelta::seconds(8);
    let left = Arc::clone(&canned.left);
    let client = Scene::client_over(google, time, canned);
    assert!(ask_at_once(&client, 100).await.iter().all(Result::is_ok));
    let left = left.lock().unwrap().clone();
    let within = left.iter().filter(|at| **at < left[0] + TimeDelta::seconds(1)).count();
    assert!(left.len() == 100 && within <= 20, "{within} in the first second");
}

#[tokio::test]
async fn a_pause_holds_for_those_too_who_are_booked_already() {
    for status in [429, 503] {
        let Scene { google, time, .. } = &Scene::new();
        let canned = Canned::new(time);
        *canned.first.lock().unwrap() = Some((status, "20"));
        let left = Arc::clone(&canned.left);
        let client = Scene::client_over(google, time, canned).with_rate(1);
        // A rate of one a second lets twenty go at once, and books the others behind.
        assert!(ask_at_once(&client, 60).await.iter().all(Result::is_ok));
        let left = left.lock().unwrap().clone();
        let late: Vec<_> = left.iter().filter(|at| **at > left[0]).collect();
        assert!(late.len() >= 40 && late.iter().all(|at| **at >= left[0] + TimeDelta::seconds(20)), "{left:?}");
        let again = left.iter().skip(1).filter(|at| **at == left[0] + TimeDelta::seconds(20)).count();
        assert!(again <= 20, "{again} at the end of the pause");
    }
}

#[tokio::test]
async fn a_long_pause_holds_for_all_and_keeps_nobody_waiting() {
    let Scene { google, time, .. } = &Scene::new();
    let canned = Canned::new(time);
    *canned.first.lock().unwrap() = Some((429, "3600"));
    let left = Arc::clone(&canned.left);
    let client = Scene::client_over(google, time, canned);
    let is_told = |outcome: Result<(), Error>, after| {
        assert!(matches!(outcome, Err(Error::Quota { retry_after: Some(told) }) if told == Duration::from_secs(after)));
    };
    is_told(client.issuer().await.map(|_| ()), 3600);
    time.advance(TimeDelta::seconds(1800));
    is_told(client.issuer().await.map(|_| ()), 1800);
    assert_eq!(left.lock().unwrap().len(), 1);
    time.advance(TimeDelta::seconds(1790));
    client.issuer().await.unwrap();
    assert_eq!(time.slept(), TimeDelta::seconds(10));
}

#[tokio::test]
async fn tokens_go_to_safe_addresses_only() {
    let google = FakeGoogle::start();
    let file = google.key_file().expose().replace(&google.url().to_string(), "http://tokens.example/");
    let error = walletpass_google::Account::from_json(file.as_bytes(), ISSUER.parse().unwrap()).unwrap_err();
    assert!(error.to_string().contains("`token_uri`"), "{error}");
    let account =
        walletpass_google::Account::from_json(google.key_file().expose().as_bytes(), ISSUER.parse().unwrap()).unwrap();
    let client = Client::new(account, Arc::new(Http::new().unwrap()), Arc::new(TokioTimer));
    assert!(client.with_base(&"http://api.example".parse().unwrap()).is_err());
    let _ = loyalty();
}
