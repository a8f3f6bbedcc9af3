//! A phone and a server that makes no mistakes.

use std::sync::Arc;

use chrono::TimeDelta;
use openssl::pkcs7::{Pkcs7, Pkcs7Flags};
use openssl::pkey::PKey;
use openssl::stack::Stack;
use openssl::x509::X509;
use serde_json::json;
use walletpass_apple::{Bundle, Identity};
use walletpass_testkit::{Applicant, Authority, Fault, Iphone, Refused, Shown};

use super::issuer::{AUTHORITY, CLUB, CREDENTIALS, GYM, IDENTITIES, TEAM, card, icon, pass_json, pkpass, sign};
use super::office::{Bug, Office};
use super::{club, now, phone};

#[tokio::test]
async fn a_pass_is_kept_up_to_date() {
    let (office, mut phone) = club(Bug::None).await;
    phone.add(&office.put(CLUB, "4711", 2500)).await.unwrap();
    phone.add(&office.put(CLUB, "a/b ä", 7)).await.unwrap();
    assert_eq!(phone.pass(CLUB, "4711").field("points"), 2500);
    assert_eq!(phone.pass(CLUB, "4711").field("tier"), "Gold");
    assert_eq!(phone.passes().count(), 2);
    assert_eq!(phone.push_token(CLUB).map(str::len), Some(64));

    // The first list has no tag, and names everything.
    let wakeup = phone.wake(CLUB).await;
    assert_eq!((wakeup.listed.len(), wakeup.unchanged.len(), wakeup.updated.len()), (2, 2, 0));
    assert_eq!(phone.wake(CLUB).await.listed, [""; 0]);
    assert_eq!(phone.audit().await, []);

    office.put(CLUB, "4711", 2600);
    let wakeup = phone.wake(CLUB).await;
    assert_eq!(
        (wakeup.listed.as_slice(), wakeup.updated.as_slice()),
        (["4711".to_owned()].as_slice(), ["4711".to_owned()].as_slice())
    );
    assert_eq!(wakeup.messages(), ["You have 2600 points"]);
    let keys: Vec<&str> = wakeup.changes[0].fields.iter().map(|field| field.key.as_str()).collect();
    assert_eq!(keys, ["points", "note"]);
    assert_eq!(phone.pass(CLUB, "4711").visible("note").unwrap().value, "2600 so far");

    // Two updates in one moment, and two fields with a message.
    office.put(CLUB, "4711", 10);
    office.put(CLUB, "a/b ä", 8);
    let push_token = phone.push_token(CLUB).unwrap().to_owned();
    let wakeup = phone.push(CLUB, &push_token).await.unwrap();
    assert_eq!(wakeup.changes[0].shown, Shown::Several);
    assert_eq!(wakeup.messages(), ["You have 8 points"]);
    assert_eq!(phone.refresh(CLUB, "4711").await.not_modified, ["4711"]);
    office.put(CLUB, "4711", 11);
    assert_eq!(phone.refresh(CLUB, "4711").await.updated, ["4711"]);
    // It has it already, and the list may not know.
    assert_eq!(phone.wake(CLUB).await.not_modified, ["4711"]);
    assert_eq!(phone.audit().await, []);

    phone.new_push_token(CLUB).await;
    phone.restore().await;
    let device = phone.device().to_owned();
    let key = (device.clone(), CLUB.to_owned(), "4711".to_owned());
    assert_eq!(office.shelf().registrations.get(&key).map(String::as_str), phone.push_token(CLUB));
    phone.automatic_updates(CLUB, "4711", false).await;
    office.put(CLUB, "4711", 12);
    assert_eq!(phone.wake(CLUB).await.listed, [""; 0]);
    phone.automatic_updates(CLUB, "4711", true).await;
    assert_eq!(phone.poll().await[0].messages(), ["You have 12 points"]);
    phone.remove(CLUB, "a/b ä").await;
    assert_eq!(phone.audit().await, []);
    phone.remove(CLUB, "4711").await;
    assert!(!phone.holds(CLUB, "4711") && office.shelf().registrations.is_empty());
    assert_eq!(phone.audit().await, []);
    assert_eq!((phone.complaints(), phone.log().len()), ([].as_slice(), 0));
    assert!(office.shelf().requests.iter().any(|request| request.ends_with("/a%2Fb%20%C3%A4")));
    assert!(!format!("{phone:?}").contains(&device));
}

#[tokio::test]
async fn two_phones_are_two() {
    let office = Office::open(Bug::None).await;
    let (mut one, mut other) = (phone(&office), phone(&office).with_language("de"));
    let file = office.put(CLUB, "4711", 1);
    // Each may live in a task of its own.
    let copy = file.clone();
    let added = tokio::spawn(async move {
        one.add(&copy).await.unwrap();
        one
    });
    other.add(&file).await.unwrap();
    let mut one = added.await.unwrap();
    assert_ne!((one.device(), one.push_token(CLUB)), (other.device(), other.push_token(CLUB)));
    tokio::join!(one.wake(CLUB), other.wake(CLUB));
    let mut gold = pass_json(CLUB, "4711", 1);
    gold["storeCard"]["secondaryFields"][0]["value"] = json!("Gold");
    let strings: &[u8] = b"\"tier.change\" = \"Sie sind jetzt %@\";\n\"points\" = \"Punkte\";\n\"Tier\" = \"Stufe\";";
    office.shelf().put(CLUB, "4711", sign(CLUB, &gold, &[("de.lproj/pass.strings", strings)]));
    let (first, second) = tokio::join!(one.wake(CLUB), other.wake(CLUB));
    assert_eq!((first.messages(), second.messages()), (vec!["tier.change"], vec!["Sie sind jetzt Gold"]));
    assert_eq!(other.pass(CLUB, "4711").visible("tier").unwrap().label, "Stufe");
    assert_eq!((one.audit().await, other.audit().await), (vec![], vec![]));
    assert_eq!((one.complaints(), other.complaints()), ([].as_slice(), [].as_slice()));
}

#[tokio::test]
async fn what_wallet_would_not_take_is_refused() {
    let (office, mut phone) = club(Bug::None).await;
    assert!(matches!(phone.add(b"<html>").await, Err(Refused::Unreadable(_))));
    let file = office.put(CLUB, "4711", 1);
    let Err(Refused::Findings(findings)) = Iphone::new(&Authority::new()).add(&file).await else {
        panic!("it was taken")
    };
    assert_eq!(findings[0].rule, "apple-root-untrusted");
    let mut cut = file.clone();
    let at = cut.len() / 2;
    cut[at] ^= 1;
    let error = phone.add(&cut).await.unwrap_err().to_string();
    assert!(error.starts_with("Wallet would not take this"), "{error}");
    assert_eq!((phone.passes().count(), office.shelf().requests.len()), (0, 0));
}

#[tokio::test]
async fn a_bundle_is_taken_whole_or_not_at_all() {
    let (office, mut phone) = club(Bug::None).await;
    let of = |identity: &Identity, pass_type, serial| pkpass(identity, &pass_json(pass_type, serial, 1), &[]);
    let (club, gym) = (of(&IDENTITIES[CLUB], CLUB, "4711"), of(&IDENTITIES[GYM], GYM, "4711"));
    let forged = of(&Authority::new().identity(CLUB, TEAM).with_clock(Arc::new(now())), CLUB, "4712");
    let error = phone.add(&Bundle::new([club.clone(), forged]).unwrap().to_vec()).await.unwrap_err().to_string();
    assert!(error.contains("apple-root-untrusted"), "{error}");
    assert_eq!((phone.passes().count(), office.shelf().requests.len()), (0, 0));

    office.shelf().put(CLUB, "4711", club.to_vec());
    office.shelf().put(GYM, "4711", gym.to_vec());
    let bundle = Bundle::new([club.clone(), gym]).unwrap().to_vec();
    phone.add(&bundle).await.unwrap();
    assert!(phone.holds(CLUB, "4711") && phone.holds(GYM, "4711"));
    assert_eq!((office.shelf().registrations.len(), phone.complaints()), (2, [].as_slice()));
    // An update is one pass, not a bundle of one.
    office.shelf().put(CLUB, "4711", Bundle::new([club]).unwrap().to_vec());
    let wakeup = phone.wake(CLUB).await;
    assert_eq!((wakeup.faults(), wakeup.failed.len()), (vec![Fault::InvalidPass], 1));
    assert_eq!(wakeup.complaints[0].cause, "it is a bundle, not a pass");
}

#[tokio::test]
async fn what_comes_is_judged() {
    let (office, mut phone) = club(Bug::None).await;
    phone.add(&office.put(CLUB, "4711", 1)).await.unwrap();
    phone.wake(CLUB).await;
    let mut other = pass_json(CLUB, "4711", 2);
    other["authenticationToken"] = json!("vxwxd7J8AlNNFPS8k0a0");
    for (file, cause) in [
        (card(CLUB, "4712", 2), "`serialNumber` is another than in the pass that Wallet has"),
        (sign(CLUB, &other, &[]), "`authenticationToken` is another than in the pass that Wallet has"),
        (b"<html>".to_vec(), "it is no"),
    ] {
        office.shelf().put(CLUB, "4711", file);
        let wakeup = phone.wake(CLUB).await;
        assert_eq!(wakeup.faults(), [Fault::InvalidPass]);
        let complaint = &wakeup.complaints[0];
        assert!(complaint.cause.contains(cause) || cause == "it is no", "{complaint}");
        assert_eq!(complaint.request, format!("GET /v1/passes/{CLUB}/4711"));
        assert_eq!(
            (wakeup.failed.as_slice(), phone.pass(CLUB, "4711").field("points").as_i64()),
            (["4711".to_owned()].as_slice(), Some(1))
        );
    }
    let logs = office.shelf().logs.clone();
    assert_eq!(logs.len(), 3);
    assert!(logs[0].contains(") encountered error: Received invalid pass data ("), "{}", logs[0]);
    office.put(CLUB, "4711", 3);
    office.shelf().now += TimeDelta::seconds(9);
    assert_eq!(phone.wake(CLUB).await.updated, ["4711"]);
    assert!(!format!("{phone:?}").contains("vxwx"));
}

#[tokio::test]
async fn what_could_not_be_had_is_asked_for_again() {
    let office = Office::open(Bug::None).await;
    let file = office.put(CLUB, "4711", 1);
    let nowhere = "http://127.0.0.1:1".parse().unwrap();
    let mut phone = phone(&office).reached_at("acme.com", &nowhere);
    phone.add(&file).await.unwrap();
    assert_eq!(phone.complaints()[0].fault, Fault::NoAnswer);
    let mut phone = phone.reached_at("acme.com", &office.url);
    assert_eq!(phone.wake(CLUB).await.unchanged, ["4711"]);
    office.put(CLUB, "4711", 2);
    let row = office.shelf().passes.remove(&(CLUB.to_owned(), "4711".to_owned())).unwrap();
    assert_eq!(phone.refresh(CLUB, "4711").await.faults(), [Fault::Unauthorized]);
    office.shelf().passes.insert((CLUB.to_owned(), "4711".to_owned()), row);
    assert_eq!(phone.wake(CLUB).await.updated, ["4711"]);
    let logs = office.shelf().logs.clone();
    assert!(logs[0].ends_with("encountered error: Authentication failure"), "{logs:?}");
}

#[tokio::test]
async fn what_was_pulled_down_may_be_listed_later() {
    let (office, mut phone) = club(Bug::None).await;
    phone.add(&office.put(CLUB, "4711", 1)).await.unwrap();
    phone.wake(CLUB).await;
    office.put(CLUB, "4711", 2);
    assert_eq!(phone.refresh(CLUB, "4711").await.updated, ["4711"]);
    let mut phone = phone.reached_at("acme.com", &"http://127.0.0.1:1".parse().unwrap());
    assert_eq!(phone.wake(CLUB).await.faults(), [Fault::NoAnswer]);
    let mut phone = phone.reached_at("acme.com", &office.url);
    let wakeup = phone.wake(CLUB).await;
    assert_eq!((wakeup.not_modified.len(), wakeup.complaints), (1, vec![]));
}

#[tokio::test]
async fn a_pass_without_a_web_service_is_kept_as_it_is() {
    let office = Office::open(Bug::None).await;
    let mut pass = pass_json(CLUB, "4711", 1);
    pass.as_object_mut().unwrap().remove("webServiceURL");
    pass.as_object_mut().unwrap().remove("authenticationToken");
    let file = sign(CLUB, &pass, &[]);
    let mut phone = phone(&office);
    phone.add(&file).await.unwrap();
    let wakeup = phone.wake(CLUB).await;
    assert_eq!((wakeup.complaints.len(), office.shelf().requests.len()), (0, 0), "it has no web service");
}

#[tokio::test]
async fn a_sign_up_is_verified() {
    fn signed(token: &str) -> Vec<u8> {
        let certificate = X509::from_pem(CREDENTIALS.certificate_pem().as_bytes()).unwrap();
        let key = PKey::private_key_from_pem(CREDENTIALS.key_pem().expose().as_bytes()).unwrap();
        let mut others = Stack::new().unwrap();
        others.push(X509::from_der(&AUTHORITY.intermediate_der()).unwrap()).unwrap();
        let flags = Pkcs7Flags::DETACHED | Pkcs7Flags::BINARY;
        Pkcs7::sign(&certificate, &key, &others, token.as_bytes(), flags).unwrap().to_der().unwrap()
    }
    let (office, mut phone) = club(Bug::None).await;
    let mut pass = pass_json(CLUB, "4711", 1);
    pass["nfc"] = json!({ "message": "4711", "encryptionPublicKey": NFC_KEY });
    let logo = icon();
    let file = sign(CLUB, &pass, &[("personalization.json", FORM.as_bytes()), ("personalizationLogo@2x.png", &logo)]);
    office.shelf().put(CLUB, "4711", file.clone());
    phone.add(&file).await.unwrap();
    phone.refresh(CLUB, "4711").await;
    let ada = Applicant {
        full_name: "Ada Example".to_owned(),
        email_address: "ada@example.org".to_owned(),
        postal_code: "2718".to_owned(),
        ..Applicant::default()
    };
    assert_eq!(format!("{ada:?}"), r#"Applicant{"full_name", "email_address", "postal_code"}"#);

    office.shelf().personalize = Some(|token| signed(&format!("{token}0")));
    assert_eq!(phone.personalize(CLUB, "4711", &ada).await.faults(), [Fault::InvalidSignature]);
    office.shelf().personalize = Some(|token| token.as_bytes().to_vec());
    assert_eq!(phone.personalize(CLUB, "4711", &ada).await.faults(), [Fault::InvalidSignature]);
    office.shelf().personalize = Some(signed);
    assert_eq!(phone.personalize(CLUB, "4711", &ada).await.faults(), [Fault::InvalidPass], "the form is still there");
    office.put(CLUB, "4711", 500);
    let wakeup = phone.personalize(CLUB, "4711", &ada).await;
    assert_eq!((wakeup.faults(), wakeup.updated.len()), (vec![], 1));
    assert_eq!(office.shelf().signed_up, json!({ "fullName": "Ada Example", "emailAddress": "ada@example.org" }));
}

pub(crate) const FORM: &str = r#"{
    "requiredPersonalizationFields": ["PKPassPersonalizationFieldName", "PKPassPersonalizationFieldEmailAddress"],
    "description": "Sign up"
}"#;
pub(crate) const NFC_KEY: &str = "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgACv8eXqPLLIzQR9nLNOTIsVWGcfSrTPLxTtdnDrKmSBzE=";

#[tokio::test]
async fn pass_types_are_apart() {
    let (office, mut phone) = club(Bug::None).await;
    phone.add(&office.put(CLUB, "4711", 1)).await.unwrap();
    phone.add(&office.put(GYM, "4711", 2)).await.unwrap();
    phone.poll().await;
    office.put(GYM, "4711", 3);
    assert_eq!(phone.wake(CLUB).await.listed, [""; 0]);
    assert_eq!(phone.wake(GYM).await.messages(), ["You have 3 points"]);
    assert_eq!((phone.audit().await, phone.complaints()), (vec![], [].as_slice()));
}
