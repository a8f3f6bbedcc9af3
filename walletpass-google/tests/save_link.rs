//! Save links, read by a JWT library that had no hand in making them.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Value, json};
use walletpass_core::{Barcode, Field, GiftCard, Loyalty, Pass, Picture, Text};
use walletpass_google::{Account, Error, SaveLink};
use walletpass_testkit::ServiceAccount;

const ISSUER: &str = "3388000000000000001";

fn account(service: &ServiceAccount) -> Account {
    let now: DateTime<Utc> = "2027-01-01T00:00:00Z".parse().unwrap();
    let account = Account::from_json(service.json().expose().as_bytes(), ISSUER.parse().unwrap()).unwrap();
    account.with_clock(Arc::new(now))
}

fn loyalty() -> Pass {
    let logo = Picture::new(serde_json::from_value::<Picture>(json!("https://img.example/bean.png")).unwrap().source);
    let card = Loyalty::new("Bean Club", logo).points(2_450).tier("Gold").holder("Ada Example");
    Pass::new("member-4711".parse().unwrap(), "Bean & Co", card).barcode(Barcode::qr("4711"))
}

fn claims(link: &SaveLink, service: &ServiceAccount) -> Value {
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_audience(&["google"]);
    validation.set_issuer(&[ServiceAccount::EMAIL]);
    validation.required_spec_claims.clear(); // a save link does not expire
    validation.validate_exp = false;
    let key = DecodingKey::from_rsa_pem(service.public_key_pem().as_bytes()).unwrap();
    decode(link.token(), &key, &validation).unwrap().claims
}

#[test]
fn the_claims_are_exact() {
    let service = ServiceAccount::new();
    let link = account(&service).save_link(&loyalty()).unwrap();
    let header = decode_header(link.token()).unwrap();
    assert_eq!((header.alg, header.typ.as_deref()), (Algorithm::RS256, Some("JWT")));

    let mut claims = claims(&link, &service);
    let payload = claims["payload"].take();
    assert_eq!(
        claims,
        json!({ "iss": ServiceAccount::EMAIL, "aud": "google", "typ": "savetowallet", "iat": 1_798_761_600, "payload": null })
    );
    let (class, object) = (&payload["loyaltyClasses"][0], &payload["loyaltyObjects"][0]);
    assert_eq!(payload.as_object().unwrap().len(), 2);
    assert_eq!(object["id"], format!("{ISSUER}.loyalty.member-4711"));
    assert_eq!(object["classId"], class["id"]);
    assert_eq!(object["loyaltyPoints"]["balance"], json!({ "int": 2450 }));
    assert_eq!(class["reviewStatus"], "UNDER_REVIEW");
    assert_eq!(link.url(), format!("https://pay.google.com/gp/v/save/{}", link.token()));
}

#[test]
fn equal_input_gives_an_equal_link() {
    let service = ServiceAccount::new();
    let account = account(&service);
    assert_eq!(account.save_link(&loyalty()).unwrap(), account.save_link(&loyalty()).unwrap());
}

#[test]
fn passes_of_one_design_share_a_class() {
    let service = ServiceAccount::new();
    let account = account(&service);
    let (one, mut other) = (loyalty(), loyalty());
    other.serial = "member-4712".parse().unwrap();
    let (one, other) = (account.card(&one).unwrap(), account.card(&other).unwrap());
    assert_eq!(one.class, other.class);
    assert_ne!(one.object["id"], other.object["id"]);
    let brown = account.card(&loyalty().background("#4b2e1e".parse().unwrap())).unwrap();
    assert_ne!(one.class["id"], brown.class["id"]);
}

#[test]
fn a_link_too_long_is_an_error_that_carries_the_link() {
    let service = ServiceAccount::new();
    let long = Field::new("story".parse().unwrap(), "Story", "coffee ".repeat(70));
    let error = account(&service).save_link(&loyalty().back_field(long)).unwrap_err();
    assert!(error.to_string().contains("beyond 1800"), "{error}");
    let Error::LinkTooLong(link) = error else { panic!("{error}") };
    assert!(link.token().len() > SaveLink::MAX_TOKEN);
    assert_eq!(claims(&link, &service)["aud"], "google");
}

#[test]
fn a_pass_that_google_would_refuse_makes_no_link() {
    let service = ServiceAccount::new();
    let card = Loyalty::new("Bean Club", Picture::file("logo.png"));
    let error = account(&service).save_link(&Pass::new("1".parse().unwrap(), "Bean & Co", card)).unwrap_err();
    let Error::Refused(report) = &error else { panic!("{error}") };
    assert!(report.errors().any(|finding| finding.rule == "google-logo-not-public"), "{report:?}");
    assert!(error.to_string().contains("`Picture::hosted_at`"), "{error}");
}

#[test]
fn texts_and_serials_of_any_script_arrive() {
    let service = ServiceAccount::new();
    let merchant = Text::new("Papierlaterne").translated("ja".parse().unwrap(), "紙提灯");
    let pass = Pass::new("席/4711 ü".parse().unwrap(), "紙", GiftCard::new("6035").merchant(merchant));
    let link = account(&service).save_link(&pass).unwrap();
    let payload = &claims(&link, &service)["payload"];
    assert_eq!(payload["giftCardClasses"][0]["localizedMerchantName"]["translatedValues"][0]["value"], "紙提灯");
    assert!(payload["giftCardObjects"][0]["id"].as_str().unwrap().starts_with(&format!("{ISSUER}.giftCard_h.")));
}

#[test]
fn an_id_of_the_callers_own_stays() {
    let service = ServiceAccount::new();
    let mut pass = loyalty();
    pass.extra.google_class.insert("id".to_owned(), format!("{ISSUER}.club").into());
    let card = account(&service).card(&pass).unwrap();
    assert_eq!((&card.class["id"], &card.object["classId"]), (&json!(format!("{ISSUER}.club")), &card.class["id"]));
}

#[test]
fn a_card_is_signed_by_an_account_of_its_issuer() {
    let service = ServiceAccount::new();
    let card = account(&service).card(&loyalty()).unwrap();
    let other = Account::from_json(service.json().expose().as_bytes(), "3388000000000000002".parse().unwrap()).unwrap();
    let error = card.save_link(&other).unwrap_err();
    assert!(matches!(error, Error::IssuerMismatch { .. }), "{error}");
}

#[test]
fn raw_json_takes_no_other_pass_id() {
    let mut pass = loyalty();
    pass.extra.google_object.insert("id".to_owned(), format!("{ISSUER}.other").into());
    let error = account(&ServiceAccount::new()).card(&pass).unwrap_err();
    assert!(error.to_string().contains("pass-extra-identity"), "{error}");
}

#[test]
fn debug_shows_no_pin() {
    let pass = Pass::new("1".parse().unwrap(), "A", GiftCard::new("6035").pin("2718"));
    let card = account(&ServiceAccount::new()).card(&pass).unwrap();
    assert!(!format!("{card:?} {pass:?}").contains("2718"));
}
