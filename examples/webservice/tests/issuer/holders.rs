//! What holders do: they save and delete passes with Google, and sign up for cards with Apple.

use std::sync::Arc;

use serde_json::json;
use walletpass::issuer::{EventsQuery, What};
use walletpass::model::port::Clock;
use walletpass::model::projection::Wallet;
use walletpass::model::{Nfc, PersonalField, Personalization};
use walletpass::{Issuer, Pass, Picture, Slot, google};
use walletpass_testkit::{Applicant, CallbackAuthority, FakeGoogle, KeyServer};
use walletpass_webservice::device::Holder;
use walletpass_webservice::store::MemoryStore;

use crate::mortal::Mortal;
use crate::stage::{PASS_TYPE, Stage, card, object_id, points_of, set_points};
use crate::stores::over_each_store;

over_each_store!(
    google_tells_of_saves_and_deletions,
    a_callback_is_taken_once_by_all_nodes,
    what_is_no_callback_is_refused,
    a_host_may_have_callbacks_sent_elsewhere,
    a_holder_signs_up,
    a_sign_up_happens_once,
    a_sign_up_may_be_refused,
    a_pass_of_a_template_stays_its_holders_own,
);

const CALLBACK: &str = "/wallet/google/callback";

async fn google_tells_of_saves_and_deletions(mut stage: Stage) {
    let authority = listen(&mut stage, None).await;
    let serial = stage.issuer.create(&card("a", 1)).await.unwrap().serial;
    stage.issuer.update(&serial, |pass| set_points(pass, 2)).await.unwrap();
    assert_eq!(stage.class_of("a")["callbackOptions"]["url"], "https://beans.example/wallet/google/callback");

    let object = object_id("a");
    for (event, object, status) in
        [("save", &object, 200), ("del", &object, 200), ("save", &format!("{}.other", FakeGoogle::ISSUER), 200)]
    {
        assert_eq!(stage.send("POST", CALLBACK, told(&stage, &authority, event, object)).await, (status, Vec::new()));
    }
    assert_eq!(
        happened(&stage.issuer).await[2..],
        [What::Installed { wallet: Wallet::Google }, What::Removed { wallet: Wallet::Google }]
    );
    let list = stage.issuer.events(EventsQuery { serial: Some(serial), ..EventsQuery::default() }).await.unwrap();
    assert_eq!(list.events.len(), 4);
}

async fn a_callback_is_taken_once_by_all_nodes(mut stage: Stage) {
    let authority = listen(&mut stage, None).await;
    stage.issuer.create(&card("a", 1)).await.unwrap();
    stage.issuer.update(&"a".parse().unwrap(), |pass| set_points(pass, 2)).await.unwrap();
    let object = object_id("a");
    let body = told(&stage, &authority, "save", &object);
    for _ in 0..2 {
        assert_eq!(stage.send("POST", CALLBACK, body.clone()).await.0, 200);
    }
    listen(&mut stage, Some(authority)).await;
    assert_eq!(stage.send("POST", CALLBACK, body).await.0, 200);
    let installed = |what: &&What| matches!(what, What::Installed { .. });
    assert_eq!(happened(&stage.issuer).await.iter().filter(installed).count(), 1);
}

async fn what_is_no_callback_is_refused(mut stage: Stage) {
    assert_eq!(stage.send("POST", CALLBACK, b"{}".to_vec()).await.0, 404, "nobody listens yet");
    let authority = listen(&mut stage, None).await;
    let forged = authority.callback(FakeGoogle::ISSUER, stage.time.now()).recipient("3388000000000000002").body();
    for (method, body, status) in [
        ("POST", b"{}".to_vec(), 400),
        ("POST", forged, 400),
        ("POST", vec![b'x'; google::Callbacks::MAX_BODY + 1], 413),
        ("GET", Vec::new(), 405),
    ] {
        assert_eq!(stage.send(method, CALLBACK, body).await.0, status, "{method}");
    }
    let keys = Arc::new(KeyServer::new(&authority));
    keys.fail();
    let callbacks = google::Callbacks::new(FakeGoogle::ISSUER.parse().unwrap(), keys);
    stage.go_on_with(stage.issuer.clone().callbacks(callbacks.with_clock(Arc::new(stage.time.clone())))).await;
    assert_eq!(stage.send("POST", CALLBACK, told(&stage, &authority, "save", "a")).await.0, 503);
    assert_eq!(happened(&stage.issuer).await, []);
}

async fn a_host_may_have_callbacks_sent_elsewhere(mut stage: Stage) {
    listen(&mut stage, None).await;
    let mut pass = card("a", 1);
    pass.extra.google_class.insert("callbackOptions".to_owned(), json!({ "url": "https://elsewhere.example/google" }));
    stage.issuer.create(&pass).await.unwrap();
    stage.issuer.update(&pass.serial, |pass| set_points(pass, 2)).await.unwrap();
    assert_eq!(stage.class_of("a")["callbackOptions"]["url"], "https://elsewhere.example/google");
}

/// What cannot be recorded is asked for again, and taken then.
#[tokio::test(flavor = "multi_thread")]
async fn a_callback_that_the_store_does_not_take_is_not_lost() {
    let store = Mortal::new(Arc::new(MemoryStore::new()));
    let mut stage = Stage::open(Arc::clone(&store)).await;
    let authority = listen(&mut stage, None).await;
    stage.issuer.create(&card("a", 1)).await.unwrap();
    stage.issuer.update(&"a".parse().unwrap(), |pass| set_points(pass, 2)).await.unwrap();
    let object = object_id("a");
    let body = told(&stage, &authority, "save", &object);
    store.fill(true);
    assert_eq!(stage.send("POST", CALLBACK, body.clone()).await.0, 503);
    store.fill(false);
    assert_eq!(stage.send("POST", CALLBACK, body).await.0, 200);
    assert_eq!(happened(&stage.issuer).await[2..], [What::Installed { wallet: Wallet::Google }]);
}

async fn a_holder_signs_up(mut stage: Stage) {
    stage.go_on_with(stage.issuer.clone().sign_up(welcome)).await;
    let serial = stage.issuer.create(&form("a")).await.unwrap().serial;
    stage.phone.add(&stage.issuer.pkpass(&serial).await.unwrap().to_vec()).await.unwrap();
    let ada = Applicant {
        given_name: "Grace".to_owned(),
        family_name: "Example".to_owned(),
        full_name: "Grace Example".to_owned(),
        ..Applicant::default()
    };
    let wakeup = stage.phone.personalize(PASS_TYPE, "a", &ada).await;
    assert_eq!((wakeup.updated, wakeup.complaints), (vec!["a".to_owned()], vec![]));
    let shown = stage.phone.pass(PASS_TYPE, "a").visible_fields();
    assert!(shown.iter().any(|field| field.value == "Grace Example"), "{shown:?}");
    let pass = stage.issuer.pass(&serial).await.unwrap().pass;
    assert_eq!((points_of(&pass), pass.personalization, pass.art.get(Slot::PersonalizationLogo)), (10, None, None));
    let told = happened(&stage.issuer).await;
    assert!(told.contains(&What::SignedUp), "{told:?}");
    assert_eq!(stage.phone.complaints(), []);
}

async fn a_sign_up_happens_once(mut stage: Stage) {
    stage.go_on_with(stage.issuer.clone().sign_up(welcome)).await;
    stage.issuer.create(&form("a")).await.unwrap();
    let target = format!("/wallet/v1/passes/{PASS_TYPE}/a/personalize");
    for (token, status) in [("one", 200), ("one", 200), ("two", 400)] {
        let answer = stage.send("POST", &target, filled_in(token, "Ada")).await;
        assert_eq!(answer.0, status, "{token}");
    }
    let signed_up = |what: &&What| **what == What::SignedUp;
    assert_eq!(happened(&stage.issuer).await.iter().filter(signed_up).count(), 1);
    let unknown = stage.send("POST", &target.replace("/a/", "/b/"), filled_in("one", "Ada")).await;
    assert_eq!(unknown.0, 401);
}

async fn a_sign_up_may_be_refused(mut stage: Stage) {
    stage.issuer.create(&form("a")).await.unwrap();
    let target = format!("/wallet/v1/passes/{PASS_TYPE}/a/personalize");
    assert_eq!(stage.send("POST", &target, filled_in("one", "Ada")).await.0, 400, "nobody signs up here");
    stage.go_on_with(stage.issuer.clone().sign_up(welcome)).await;
    let before = stage.issuer.pass(&"a".parse().unwrap()).await.unwrap();
    let (status, body) = stage.send("POST", &target, filled_in("one", "")).await;
    let body = String::from_utf8(body).unwrap();
    assert!(status == 400 && body.contains("write your name"), "{body}");
    let after = stage.issuer.pass(&"a".parse().unwrap()).await.unwrap();
    assert_eq!((before.version, before.pass), (after.version, after.pass));
    assert_eq!(stage.send("POST", &target, filled_in("one", "Ada")).await.0, 200);
}

/// Neither does the form come back with the next revision of the template, nor goes what the holder wrote; and the class of the template has
/// the address for callbacks.
async fn a_pass_of_a_template_stays_its_holders_own(mut stage: Stage) {
    stage.go_on_with(stage.issuer.clone().sign_up(welcome)).await;
    listen(&mut stage, None).await;
    let mut template = serde_json::to_value(form("any")).unwrap();
    template.as_object_mut().unwrap().remove("serial");
    stage.issuer.put_template("club", &template).await.unwrap();
    let serial = stage.issuer.create_from("club", Some("a".parse().unwrap()), &json!({})).await.unwrap().serial;
    let target = format!("/wallet/v1/passes/{PASS_TYPE}/a/personalize");
    assert_eq!(stage.send("POST", &target, filled_in("one", "Grace Example")).await.0, 200);
    template["organization"] = json!("Beans");
    stage.issuer.put_template("club", &template).await.unwrap();
    while !stage.issuer.run_due(100).await.unwrap().is_empty() {}
    stage.issuer.update(&serial, |pass| set_points(pass, 11)).await.unwrap();
    let pass = stage.issuer.pass(&serial).await.unwrap().pass;
    assert_eq!((pass.organization.default.as_str(), &pass.personalization), ("Beans", &None));
    assert!(serde_json::to_string(&pass.kind).unwrap().contains("Grace Example"));
    assert!(stage.object("a")["classId"].as_str().unwrap().ends_with("template.club"));
    assert_eq!(stage.class_of("a")["callbackOptions"]["url"], "https://beans.example/wallet/google/callback");
}

/// Goes on with an issuer that listens to Google.
async fn listen(stage: &mut Stage, authority: Option<CallbackAuthority>) -> CallbackAuthority {
    let authority = authority.unwrap_or_else(CallbackAuthority::new);
    let keys = Arc::new(KeyServer::new(&authority));
    let callbacks = google::Callbacks::new(FakeGoogle::ISSUER.parse().unwrap(), keys);
    let callbacks = callbacks.with_clock(Arc::new(stage.time.clone()));
    stage.go_on_with(stage.issuer.clone().callbacks(callbacks)).await;
    authority
}

fn told(stage: &Stage, authority: &CallbackAuthority, event: &str, object: &str) -> Vec<u8> {
    let draft = authority.callback(FakeGoogle::ISSUER, stage.time.now());
    draft.member("eventType", event).member("objectId", object).body()
}

async fn happened(issuer: &Issuer) -> Vec<What> {
    let events = issuer.events(EventsQuery::default()).await.unwrap().events;
    events.into_iter().map(|event| event.what).collect()
}

/// Makes a card that asks its holder to sign up.
fn form(serial: &str) -> Pass {
    let key = "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgACbZx51XdHVV3dUJQGmARCF9STSkZtI0L2HNBxkkBV3xc=";
    let logo = Picture::png(include_bytes!("../../../passes/art/loyalty-icon.png").as_slice()).unwrap();
    card(serial, 0)
        .nfc(Nfc::new("4711", key.parse().unwrap()))
        .picture(Slot::PersonalizationLogo, logo)
        .personalization(Personalization::new("Join the Bean Club", [PersonalField::Name]))
}

fn welcome(pass: &mut Pass, holder: &Holder) -> Result<(), String> {
    let Some(name) = holder.full_name.as_ref().filter(|name| !name.is_empty()) else {
        return Err("write your name".to_owned());
    };
    set_points(pass, 10);
    let walletpass::model::Kind::Loyalty(card) = &mut pass.kind else { return Err("no card".to_owned()) };
    card.holder = Some(name.clone());
    Ok(())
}

fn filled_in(token: &str, name: &str) -> Vec<u8> {
    json!({ "personalizationToken": token, "requiredPersonalizationInfo": { "fullName": name } }).to_string().into()
}
