//! The verbs of the issuer, one after the other and at the same time.

use chrono::TimeDelta;
use serde_json::json;
use walletpass::issuer::{Change, Error, GoogleOutcome};
use walletpass::model::port::Clock;
use walletpass::{Loyalty, Pass, Picture, State};
use walletpass_testkit::ApnsAnswer;
use walletpass_webservice::store::PassQuery;

use crate::stage::{self, PASS_TYPE, Stage, card, points, set_points};
use crate::stores::over_each_store;

over_each_store!(
    a_card_from_its_creation_to_its_end,
    the_same_pass_again_is_the_same_pass,
    no_change_costs_nothing,
    a_patch_leaves_what_it_does_not_name,
    of_racing_updates_none_is_lost,
    google_catches_up,
    row_2_a_dead_token_stops_nobody_and_is_forgotten,
    row_14_a_push_that_failed_is_made_up_for_once,
    a_pass_that_was_deleted_can_be_created_again,
    what_a_wallet_would_refuse_is_not_written,
    passes_are_listed_and_read_back,
    pictures_are_hosted,
);

async fn a_card_from_its_creation_to_its_end(mut stage: Stage) {
    let issuer = stage.issuer.clone();
    let issued = issuer.create(&card("member-4711", 2_450)).await.unwrap();
    assert!(issued.is_new && issued.google.is_some());
    let package = stage.download(issued.apple.as_ref().unwrap()).await;
    assert_eq!(package, issuer.pkpass(&issued.serial).await.unwrap().to_vec());
    stage.phone.add(&package).await.unwrap();
    assert_eq!(points(&stage.phone), "2,450");

    let change = issuer.update(&issued.serial, |pass| set_points(pass, 2_500)).await.unwrap();
    let Change::Changed { notified, waiting, google, .. } = change else { panic!("{change:?}") };
    assert_eq!((notified, waiting, google), (1, 0, GoogleOutcome::Done));
    let wakeup = stage.wake_phone().await;
    assert_eq!(wakeup.messages(), ["You now have 2,500 points"]);
    assert_eq!(points(&stage.phone), "2,500");
    let object = stage.object("member-4711");
    assert_eq!(object["loyaltyPoints"]["balance"]["int"], 2_500);

    let verbs = [("redeem", true, "COMPLETED"), ("reinstate", false, "ACTIVE"), ("void", true, "INACTIVE")];
    for (verb, void, state) in verbs {
        let change = match verb {
            "redeem" => issuer.redeem(&issued.serial).await,
            "reinstate" => issuer.reinstate(&issued.serial).await,
            _ => issuer.void(&issued.serial).await,
        };
        assert!(matches!(change.unwrap(), Change::Changed { .. }), "{verb}");
        stage.wake_phone().await;
        let voided = stage.phone.pass(PASS_TYPE, "member-4711").json().get("voided") == Some(&json!(true));
        assert_eq!((voided, stage.object("member-4711")["state"].as_str()), (void, Some(state)), "{verb}");
    }
    assert_eq!(stage.phone.complaints(), []);
    issuer.delete(&issued.serial).await.unwrap();
    assert!(matches!(issuer.pass(&issued.serial).await, Err(Error::NotFound { .. })));
    assert_eq!(stage.object("member-4711")["state"], "INACTIVE");
    assert_eq!(issuer.run_due(100).await.unwrap().len(), 0, "nothing is left to be done");
}

async fn the_same_pass_again_is_the_same_pass(stage: Stage) {
    let first = stage.issuer.create(&card("a", 1)).await.unwrap();
    let again = stage.issuer.create(&card("a", 1)).await.unwrap();
    assert_eq!((first.is_new, again.is_new, first.apple), (true, false, again.apple));
    let error = stage.issuer.create(&card("a", 2)).await.unwrap_err();
    assert!(matches!(&error, Error::Exists { serial } if serial.as_str() == "a"), "{error}");
}

/// What says what it said before is no change: nothing is written, nobody is woken, Google is not asked.
async fn no_change_costs_nothing(mut stage: Stage) {
    let serial = stage.hold("a", 100).await;
    let (version, pushes, requests) =
        (stage.issuer.pass(&serial).await.unwrap().version, stage.apns.count(), stage.google.requests().len());
    let same = card("a", 100);
    for change in [
        stage.issuer.update(&serial, |pass| set_points(pass, 100)).await,
        stage.issuer.replace(&same).await,
        stage.issuer.merge(&serial, &json!({ "kind": { "loyalty": { "points": 100 } } })).await,
        stage.issuer.reinstate(&serial).await,
    ] {
        assert!(matches!(change.unwrap(), Change::Unchanged));
    }
    assert_eq!(stage.issuer.pass(&serial).await.unwrap().version, version);
    assert_eq!((stage.apns.count(), stage.google.requests().len()), (pushes, requests));
}

async fn a_patch_leaves_what_it_does_not_name(stage: Stage) {
    let serial = stage.issuer.create(&card("a", 100)).await.unwrap().serial;
    let patch = json!({ "kind": { "loyalty": { "points": 7, "holder": null } } });
    assert!(matches!(stage.issuer.merge(&serial, &patch).await.unwrap(), Change::Changed { .. }));
    let pass = stage.issuer.pass(&serial).await.unwrap().pass;
    let json = serde_json::to_value(&pass).unwrap();
    assert_eq!((&json["kind"]["loyalty"]["points"], &json["kind"]["loyalty"]["holder"]), (&json!(7), &json!(null)));
    assert_eq!(json["barcode"], serde_json::to_value(card("a", 100)).unwrap()["barcode"]);

    let error = stage.issuer.merge(&serial, &json!({ "knid": 1 })).await.unwrap_err();
    assert!(error.to_string().contains("what was given does not make a pass"), "{error}");
    let error = stage.issuer.merge(&serial, &json!({ "serial": "b" })).await.unwrap_err();
    assert!(matches!(&error, Error::Serial { .. }), "{error}");
}

/// Twenty nodes add a point each, all at the same time.
async fn of_racing_updates_none_is_lost(stage: Stage) {
    let serial = stage.issuer.create(&card("a", 0)).await.unwrap().serial;
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let (issuer, serial) = (stage.issuer.clone(), serial.clone());
            tokio::spawn(async move { issuer.update(&serial, stage::add_point).await })
        })
        .collect();
    for task in tasks {
        assert!(matches!(task.await.unwrap().unwrap(), Change::Changed { .. }));
    }
    while !stage.issuer.run_due(100).await.unwrap().is_empty() {}
    assert_eq!(stage::points_of(&stage.issuer.pass(&serial).await.unwrap().pass), 20);
    assert_eq!(stage.object("a")["loyaltyPoints"]["balance"]["int"], 20);
}

/// Google does not answer: updates go on, phones are woken, and Google has the last version in the end.
async fn google_catches_up(mut stage: Stage) {
    let serial = stage.hold("a", 100).await;
    stage.issuer.update(&serial, |pass| set_points(pass, 101)).await.unwrap();
    stage.google.set_api_enabled(false);
    for points in 102..105 {
        let change = stage.issuer.update(&serial, |pass| set_points(pass, points)).await.unwrap();
        assert!(
            matches!(&change, Change::Changed { notified: 1, google: GoogleOutcome::Waiting(_), .. }),
            "{change:?}"
        );
    }
    assert_eq!(stage.wake_phone().await.messages(), ["You now have 104 points"]);
    assert_eq!(stage.object("a")["loyaltyPoints"]["balance"]["int"], 101);
    stage.google.set_api_enabled(true);
    stage.time.advance(TimeDelta::hours(1));
    let done = stage.issuer.run_due(100).await.unwrap();
    assert_eq!(stage::told(&done), ["Google: Done"]);
    assert_eq!(stage.object("a")["loyaltyPoints"]["balance"]["int"], 104);
}

/// Row 2: one dead token stops no other, and its registration goes.
async fn row_2_a_dead_token_stops_nobody_and_is_forgotten(mut stage: Stage) {
    let serial = stage.hold("a", 100).await;
    let mut other = stage.another_phone();
    other.add(&stage.issuer.pkpass(&serial).await.unwrap().to_vec()).await.unwrap();
    let dead = other.push_token(PASS_TYPE).unwrap().to_owned();
    stage.apns.answer(&dead, ApnsAnswer::refusal(410, "Unregistered").since(stage.time.now() + TimeDelta::seconds(1)));
    let change = stage.issuer.update(&serial, |pass| set_points(pass, 101)).await.unwrap();
    assert!(matches!(change, Change::Changed { notified: 1, waiting: 0, .. }), "{change:?}");
    let change = stage.issuer.update(&serial, |pass| set_points(pass, 102)).await.unwrap();
    assert!(matches!(change, Change::Changed { notified: 1, waiting: 0, .. }), "{change:?}");
    let of_the_dead = stage.apns.pushes().iter().filter(|push| push.token == dead).count();
    assert_eq!(of_the_dead, 1);
}

/// Row 14: what could not be pushed stays in the store, and only those who missed it are woken later.
async fn row_14_a_push_that_failed_is_made_up_for_once(mut stage: Stage) {
    let serial = stage.hold("a", 100).await;
    let mut other = stage.another_phone();
    other.add(&stage.issuer.pkpass(&serial).await.unwrap().to_vec()).await.unwrap();
    let late = other.push_token(PASS_TYPE).unwrap().to_owned();
    stage.apns.answer_once(&late, ApnsAnswer::refusal(503, "ServiceUnavailable"));
    let change = stage.issuer.update(&serial, |pass| set_points(pass, 101)).await.unwrap();
    assert!(matches!(change, Change::Changed { notified: 1, waiting: 1, .. }), "{change:?}");
    assert_eq!(stage.issuer.run_due(100).await.unwrap().len(), 0, "not yet");
    stage.time.advance(TimeDelta::minutes(1));
    assert_eq!(stage::told(&stage.issuer.run_due(100).await.unwrap()), ["woken 1, gone 0, waiting 0"]);
    let woken =
        |token: &str| stage.apns.pushes().iter().filter(|push| push.token == token && push.status == 200).count();
    assert_eq!((woken(&late), woken(stage.phone.push_token(PASS_TYPE).unwrap())), (1, 1));
}

/// Google keeps the object of a pass that is gone, and takes nothing of a link to it: so it is written.
async fn a_pass_that_was_deleted_can_be_created_again(mut stage: Stage) {
    let serial = stage.hold("a", 100).await;
    let before = stage.download(stage.issuer.create(&card("a", 100)).await.unwrap().apple.as_ref().unwrap()).await;
    stage.issuer.delete(&serial).await.unwrap();
    assert_eq!(stage.object("a")["state"], "INACTIVE");
    let again = stage.issuer.create(&card("a", 7)).await.unwrap();
    assert_eq!((again.is_new, again.at_google), (true, GoogleOutcome::Done));
    let object = stage.object("a");
    assert_eq!((&object["state"], &object["loyaltyPoints"]["balance"]["int"]), (&json!("ACTIVE"), &json!(7)));
    let after = stage.download(again.apple.as_ref().unwrap()).await;
    assert_ne!(before, after, "the token of the one that is gone opens nothing");
}

async fn what_a_wallet_would_refuse_is_not_written(stage: Stage) {
    let mut own = card("a", 100);
    own.extra.apple.insert("webServiceURL".to_owned(), json!("https://elsewhere.example"));
    let error = stage.issuer.create(&own).await.unwrap_err();
    assert!(matches!(error, Error::OwnKey { key: "webServiceURL" }), "{error}");
    let mut pass = card("a", 100);
    pass.extra.google_object.insert("loyaltyPints".to_owned(), json!(1));
    let error = stage.issuer.create(&pass).await.unwrap_err();
    assert!(error.to_string().contains("loyaltyPints"), "{error}");
    let unread = Loyalty::new("Bean Club", Picture::file("logo.png"));
    let error = stage.issuer.create(&Pass::new("b".parse().unwrap(), "Bean & Co", unread)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "kind.loyalty.logo: the issuer cannot read logo.png: load files first with `Pass::load_pictures`, and let `Issuer::pictures` fetch addresses"
    );
    assert_eq!(stage.issuer.passes(PassQuery::new(Default::default())).await.unwrap().passes.len(), 0);
}

async fn passes_are_listed_and_read_back(stage: Stage) {
    for serial in ["a", "b", "c"] {
        stage.issuer.create(&card(serial, 1)).await.unwrap();
    }
    stage.issuer.void(&"b".parse().unwrap()).await.unwrap();
    let mut query = PassQuery::new(Default::default());
    query.state = Some(State::Voided);
    let voided = stage.issuer.passes(query).await.unwrap();
    assert_eq!(voided.passes.iter().map(|held| held.pass.serial.as_str()).collect::<Vec<_>>(), ["b"]);
    let held = stage.issuer.pass(&"a".parse().unwrap()).await.unwrap();
    assert_eq!((stage::points_of(&held.pass), held.created), (1, stage.time.now()));
}

/// Google fetches pictures from where the service is mounted, under names that never mean anything else.
async fn pictures_are_hosted(stage: Stage) {
    stage.issuer.create(&card("a", 1)).await.unwrap();
    stage.issuer.update(&"a".parse().unwrap(), |pass| set_points(pass, 2)).await.unwrap();
    let class = stage.class_of("a");
    let logo = class["programLogo"]["sourceUri"]["uri"].as_str().unwrap();
    let bytes = stage.download(&logo.parse().unwrap()).await;
    assert!(bytes.starts_with(b"\x89PNG"));
    let wrong = logo.replace(".png", "0.png").parse().unwrap();
    assert_eq!(stage.status(&wrong).await, 404);
    let download = stage.issuer.create(&card("b", 1)).await.unwrap().apple.unwrap();
    let mut guessed = download.clone();
    guessed.set_query(Some("token=00000000000000000000000000000000"));
    assert_eq!((stage.status(&download).await, stage.status(&guessed).await), (200, 404));
}
