//! Save links, read by a JWT library that had no hand in making them.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Value, json};
use walletpass_core::port::{self, SigningError, SigningKey};
use walletpass_core::{Barcode, Field, Generic, GiftCard, Loyalty, Pass, Picture, Text};
use walletpass_google::{Account, Card, Error, Inserted, SaveLink};
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
    assert_eq!(header.kid.as_deref(), Some(ServiceAccount::KEY_ID));

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

/// The one signature is that of the link that fits: no other link of a card is signed to find out.
#[tokio::test]
async fn a_link_carries_what_fits() {
    let service = ServiceAccount::new();
    let key = Arc::new(Counting(AtomicUsize::new(0)));
    let counted = || Account::from_signing_key(ServiceAccount::EMAIL, ISSUER.parse().unwrap(), key.clone()).unwrap();
    for (story, needs, signatures) in [("short", Inserted::Nothing, 1), (&"coffee ".repeat(70), Inserted::Object, 2)] {
        let pass = loyalty().back_field(Field::new("story".parse().unwrap(), "Story", story));
        let account = account(&service);
        let card = account.card(&pass).unwrap();
        let link = card.fitting_link(&account).await.unwrap();
        assert_eq!((link.needs(), &link), (needs, &card.save_link_given(&account, needs).unwrap()));
        card.fitting_link(&counted()).await.unwrap();
        assert_eq!(key.0.load(Ordering::Relaxed), signatures, "{needs:?}");
    }
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

#[test]
fn a_link_carries_what_does_not_exist_yet() {
    let service = ServiceAccount::new();
    let account = account(&service);
    let card = account.card(&loyalty()).unwrap();
    let arrays = |inserted| {
        let link = card.save_link_given(&account, inserted).unwrap();
        assert_eq!(link.needs(), inserted);
        claims(&link, &service)["payload"].clone()
    };
    let object = Value::Object(card.object.clone());
    assert_eq!(arrays(Inserted::Class), json!({ "loyaltyObjects": [object] }));
    let name = json!({ "id": card.object["id"], "classId": card.object["classId"] });
    assert_eq!(arrays(Inserted::Object), json!({ "loyaltyObjects": [name] }));
    assert_eq!(arrays(Inserted::Nothing)["loyaltyClasses"], json!([card.class]));
}

#[test]
fn the_sites_of_a_button_are_named_by_scheme_host_and_port() {
    let service = ServiceAccount::new();
    let mut account = account(&service);
    for site in ["https://shop.example/cards?id=1", "https://shop.example:8443", "http://localhost:3000/"] {
        account = account.with_origin(&site.parse().unwrap()).unwrap();
    }
    let link = account.save_link(&loyalty()).unwrap();
    assert_eq!(
        claims(&link, &service)["origins"],
        json!(["https://shop.example", "https://shop.example:8443", "http://localhost:3000"])
    );
    let error = account.with_origin(&"mailto:a@b.example".parse().unwrap()).unwrap_err();
    assert!(error.to_string().contains("`origin`"), "{error}");
}

/// A key that counts what it signs.
#[derive(Debug)]
struct Counting(AtomicUsize);

impl SigningKey for Counting {
    fn algorithm(&self) -> port::Algorithm {
        Dummy.algorithm()
    }
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Dummy.sign(message)
    }
}

/// A key whose signature is as long as one of RSA with 2048 bits.
#[derive(Debug)]
struct Dummy;

impl SigningKey for Dummy {
    fn algorithm(&self) -> port::Algorithm {
        port::Algorithm::RsaSha256
    }
    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, SigningError> {
        Ok(vec![0; 256])
    }
}

/// The lengths that were measured in the field for an e-mail address of 59 characters. There, the fixed part has 587 characters;
/// ours has 560 for the claims that are documented, so every row is 27 shorter. What each part adds is equal; the last three rows depend on texts that the field did not keep, so ours are of the same kind only.
#[test]
fn links_have_the_lengths_of_the_field() {
    let now: DateTime<Utc> = "2027-01-01T00:00:00Z".parse().unwrap();
    let email = format!("{}@project-123456.iam.gserviceaccount.com", "i".repeat(20));
    assert_eq!(email.len(), 59);
    let account = || {
        let account = Account::from_signing_key(email.as_str(), ISSUER.parse().unwrap(), Arc::new(Dummy)).unwrap();
        account.with_clock(Arc::new(now))
    };
    let length = |card: &Card, account: &Account, inserted| {
        card.save_link_given(account, inserted).unwrap_or_else(|error| panic!("{error}")).token().len()
    };

    let mut card = account().card(&loyalty()).unwrap();
    card.object.insert("id".to_owned(), format!("{ISSUER}.{}", "o".repeat(17)).into());
    card.object.insert("classId".to_owned(), format!("{ISSUER}.{}", "c".repeat(9)).into());
    let token = card.save_link_given(&account(), Inserted::Object).unwrap();
    let claims = token.token().split('.').nth(1).unwrap();
    let mut claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    claims["payload"] = json!({});
    let fixed = token.token().split('.').next().unwrap().len() + 342 + 2;
    assert_eq!(fixed + URL_SAFE_NO_PAD.encode(claims.to_string()).len(), 587 - 27);

    let skinny = length(&card, &account(), Inserted::Object);
    assert_eq!(skinny, 730 - 27);
    assert_eq!(length(&card, &account().with_key_id(&"k".repeat(40)), Inserted::Object), 796 - 27);
    let origin = "https://app.example.com".parse().unwrap();
    // A character of rounding: base64 carries three bytes in four characters.
    assert_eq!(length(&card, &account().with_origin(&origin).unwrap(), Inserted::Object), 780 - 27 + 1);
    card.object.remove("classId");
    assert_eq!(length(&card, &account(), Inserted::Object), 674 - 27);

    let picture = |url: &str| serde_json::from_value::<Picture>(json!(url)).unwrap();
    let mut pass = Pass::new(
        "4711".parse().unwrap(),
        "Bean & Co",
        Loyalty::new("Bean Club", picture("https://i.example/a.png")).points(2_450),
    );
    pass.barcode = Some(Barcode::qr("4711"));
    let card = account().card(&pass).unwrap();
    let (object, both) = (length(&card, &account(), Inserted::Class), length(&card, &account(), Inserted::Nothing));
    let field = |key: &str| Field::new(key.parse().unwrap(), "Opening", "From eight to eight");
    let generic = Pass::new("4711".parse().unwrap(), "Town Library", Generic::new("Reader's card"));
    let generic = generic.back_field(field("a")).back_field(field("b"));
    let generic = length(&account().card(&generic).unwrap(), &account(), Inserted::Nothing);
    for (ours, theirs) in [(object, 1008), (both, 1436), (generic, 1560)] {
        assert!((theirs * 85 / 100..=theirs).contains(&ours), "{ours} and {theirs}");
    }
}
