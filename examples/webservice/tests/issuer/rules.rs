//! What holds across verbs: of classes, links, times, names, and passes that come again.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use walletpass::issuer::{Change, Error, GoogleOutcome};
use walletpass::model::Kind;
use walletpass::model::port::Clock;
use walletpass::{Expiry, Generic, Pass, State};

use crate::stage::{Stage, card, object_id, points_of, set_points, told};
use crate::stores::over_each_store;

over_each_store!(
    what_changes_the_class_reaches_google,
    a_long_link_has_its_object_put,
    a_long_link_waits_for_google,
    days_count_from_the_creation,
    a_pass_keeps_kind_and_serial,
    one_object_belongs_to_one_pass,
    created_again_is_as_it_was_or_new,
    what_was_deleted_comes_back_to_google,
    what_a_holder_saved_by_a_link_vanishes_too,
);

/// The object was made by a link, as it was then: what the pass no longer says must go, though the issuer never wrote it.
async fn what_a_holder_saved_by_a_link_vanishes_too(stage: Stage) {
    let issued = stage.issuer.create(&card("a", 1)).await.unwrap();
    stage.client(&stage.google.url()).insert_link(&issued.google.unwrap()).await.unwrap();
    assert!(stage.object("a").get("barcode").is_some());
    stage.issuer.update(&issued.serial, |pass| pass.barcode = None).await.unwrap();
    assert!(stage.object("a").get("barcode").is_none());
}

async fn what_changes_the_class_reaches_google(stage: Stage) {
    let serial = stage.issuer.create(&card("a", 1)).await.unwrap().serial;
    stage.issuer.update(&serial, |pass| set_points(pass, 2)).await.unwrap();
    assert_eq!(stage.class_of("a")["issuerName"], "Bean & Co");
    let change = stage.issuer.update(&serial, |pass| pass.organization = "Bean & Daughters".into()).await.unwrap();
    assert!(matches!(change, Change::Changed { google: GoogleOutcome::Done, .. }), "{change:?}");
    assert_eq!(stage.class_of("a")["issuerName"], "Bean & Daughters");
    assert_eq!(stage.object("a")["loyaltyPoints"]["balance"]["int"], 2);
}

/// What does not fit into a link is put at Google before the link is given away.
async fn a_long_link_has_its_object_put(stage: Stage) {
    let issued = stage.issuer.create(&long("a")).await.unwrap();
    assert_eq!((issued.at_google, issued.google.is_some()), (GoogleOutcome::Done, true));
    let object = stage.object("a");
    assert_eq!((&object["state"], &object["loyaltyPoints"]["balance"]["int"]), (&json!("ACTIVE"), &json!(1)));
    let writes = stage.google.count("POST", OBJECTS);
    let again = stage.issuer.create(&long("a")).await.unwrap();
    assert_eq!((again.is_new, again.at_google), (false, GoogleOutcome::Done));
    assert_eq!(stage.google.count("POST", OBJECTS), writes, "it is there");
}

async fn a_long_link_waits_for_google(stage: Stage) {
    stage.google.set_api_enabled(false);
    let issued = stage.issuer.create(&long("a")).await.unwrap();
    assert!(matches!(issued.at_google, GoogleOutcome::Waiting(_)), "{:?}", issued.at_google);
    stage.google.set_api_enabled(true);
    assert!(stage.google.resource("loyaltyObject", &object_id("a")).is_none());
    stage.time.advance(TimeDelta::minutes(10));
    assert_eq!(told(&stage.issuer.run_due(100).await.unwrap()), ["Google: Done"]);
    assert_eq!(stage.object("a")["state"], "ACTIVE");
    assert_eq!(stage.issuer.create(&long("a")).await.unwrap().at_google, GoogleOutcome::Done);
}

async fn days_count_from_the_creation(stage: Stage) {
    let created = stage.time.now();
    let mut pass = card("a", 1);
    pass.dates.expires = Some(Expiry::days(30).unwrap());
    stage.issuer.create(&pass).await.unwrap();
    let serial = pass.serial.clone();
    let ends = async || -> DateTime<Utc> {
        let held = stage.issuer.pass(&serial).await.unwrap();
        held.pass.dates.expires.unwrap().instant(stage.time.now()).to_utc()
    };
    assert_eq!(ends().await, created + TimeDelta::days(30));
    stage.time.advance(TimeDelta::days(3));
    assert!(!stage.issuer.create(&pass).await.unwrap().is_new);
    assert!(matches!(stage.issuer.replace(&pass).await.unwrap(), Change::Unchanged), "the same days again");
    set_points(&mut pass, 2);
    assert!(matches!(stage.issuer.replace(&pass).await.unwrap(), Change::Changed { .. }));
    assert_eq!(ends().await, created + TimeDelta::days(30));
    let object = stage.object("a");
    assert_eq!(object["validTimeInterval"]["end"]["date"], "2027-01-31T00:00:00+00:00");
    pass.dates.expires = Some(Expiry::days(31).unwrap());
    stage.issuer.replace(&pass).await.unwrap();
    assert_eq!(ends().await, stage.time.now() + TimeDelta::days(31), "other days count from now on");
}

async fn a_pass_keeps_kind_and_serial(stage: Stage) {
    let serial = stage.issuer.create(&card("a", 1)).await.unwrap().serial;
    let other = Pass::new(serial.clone(), "Bean & Co", Generic::new("Reader's card"));
    let error = stage.issuer.replace(&other).await.unwrap_err();
    assert!(matches!(&error, Error::Kind { kind: "loyalty", given: "generic", .. }), "{error}");
    let error = stage.issuer.update(&serial, |pass| pass.serial = "b".parse().unwrap()).await.unwrap_err();
    assert!(matches!(&error, Error::Serial { given, .. } if given.as_str() == "b"), "{error}");
    let held = stage.issuer.pass(&serial).await.unwrap();
    assert!(matches!(held.pass.kind, Kind::Loyalty(_)) && held.version.0 == 1);
}

/// Two pass types number their passes alike, and one Google account has both.
async fn one_object_belongs_to_one_pass(stage: Stage) {
    let tea = stage.authority.identity("pass.org.example.teas", "A1B2C3D4E5").with_clock(Arc::new(stage.time.clone()));
    let push = Arc::new(stage.push_of(&tea));
    let issuer = stage.issuer.clone().apple(tea.clone(), push);
    let teas = issuer.of(tea.pass_type()).unwrap();
    issuer.create(&card("a", 1)).await.unwrap();
    let error = teas.create(&card("a", 1)).await.unwrap_err();
    let Error::ObjectTaken { object, serial } = &error else { panic!("{error}") };
    assert_eq!((object.as_str(), serial.as_str()), (&*object_id("a"), "a"));
    // So it is with another tenant that has the same Google account.
    let error = stage.issuer.clone().tenant("teas".parse().unwrap()).create(&card("a", 2)).await.unwrap_err();
    assert!(matches!(&error, Error::ObjectTaken { .. }), "{error}");
    assert!(matches!(teas.pass(serial).await, Err(Error::NotFound { .. })), "nothing was written");
    let serial = serial.clone();
    teas.create(&card("tea-a", 1)).await.unwrap();
    teas.update(&"tea-a".parse().unwrap(), |pass| set_points(pass, 7)).await.unwrap();
    issuer.update(&serial, |pass| set_points(pass, 8)).await.unwrap();
    let balance = |serial| {
        stage.google.resource("loyaltyObject", &object_id(serial)).unwrap()["loyaltyPoints"]["balance"].clone()
    };
    assert_eq!((balance("tea-a"), balance("a")), (json!({ "int": 7 }), json!({ "int": 8 })));
}

/// Who creates a pass again that has changed since gets the changed one; one that was deleted is created anew.
async fn created_again_is_as_it_was_or_new(stage: Stage) {
    let first = stage.issuer.create(&card("a", 1)).await.unwrap();
    stage.time.advance(TimeDelta::hours(1));
    stage.issuer.update(&first.serial, |pass| set_points(pass, 2)).await.unwrap();
    stage.issuer.void(&first.serial).await.unwrap();
    let again = stage.issuer.create(&card("a", 1)).await.unwrap();
    assert_eq!((again.is_new, again.created, &again.apple), (false, first.created, &first.apple));
    let held = stage.issuer.pass(&first.serial).await.unwrap();
    assert_eq!((points_of(&held.pass), held.pass.state, held.version.0), (2, State::Voided, 3));
    let error = stage.issuer.create(&card("a", 2)).await.unwrap_err();
    assert!(matches!(error, Error::Exists { .. }), "what it says by now is not what it was created with: {error}");

    stage.issuer.delete(&first.serial).await.unwrap();
    let anew = stage.issuer.create(&card("a", 2)).await.unwrap();
    assert!(anew.is_new && anew.created > first.created && anew.apple != first.apple, "with a token of its own");
    assert_eq!(stage.status(&first.apple.unwrap()).await, 404, "the old address is of no use");
    let held = stage.issuer.pass(&first.serial).await.unwrap();
    assert_eq!((points_of(&held.pass), held.pass.state), (2, State::Active));
    assert!(held.version.0 > 3);
}

/// Google frees no id: the object of a deleted pass is there, deactivated, and a link does not change an object that is there.
async fn what_was_deleted_comes_back_to_google(stage: Stage) {
    let serial = stage.issuer.create(&card("a", 1)).await.unwrap().serial;
    stage.issuer.update(&serial, |pass| set_points(pass, 2)).await.unwrap();
    stage.issuer.delete(&serial).await.unwrap();
    assert_eq!(stage.object("a")["state"], "INACTIVE");
    let anew = stage.issuer.create(&card("a", 3)).await.unwrap();
    let object = stage.object("a");
    assert_eq!((&object["state"], &object["loyaltyPoints"]["balance"]["int"]), (&json!("ACTIVE"), &json!(3)));
    assert_eq!(anew.at_google, GoogleOutcome::Done);

    // And if Google does not answer at that moment, it learns the last of it later.
    stage.google.fail_next(503, 5);
    stage.issuer.delete(&serial).await.unwrap();
    let anew = stage.issuer.create(&card("a", 4)).await.unwrap();
    assert!(matches!(anew.at_google, GoogleOutcome::Waiting(_)), "{:?}", anew.at_google);
    stage.time.advance(TimeDelta::minutes(10));
    assert_eq!(told(&stage.issuer.run_due(100).await.unwrap()), ["Google: Done"]);
    let object = stage.object("a");
    assert_eq!((&object["state"], &object["loyaltyPoints"]["balance"]["int"]), (&json!("ACTIVE"), &json!(4)));
}

/// A card that says too much for a link.
fn long(serial: &str) -> Pass {
    let mut pass = card(serial, 1);
    let text = |number: u32| json!({ "id": format!("t{number}"), "header": "Terms", "body": "Beans are not returned. ".repeat(8) });
    pass.extra.google_object.insert("textModulesData".to_owned(), (1..=9).map(text).collect());
    pass
}

const OBJECTS: &str = "/walletobjects/v1/loyaltyObject";
