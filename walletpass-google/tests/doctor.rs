//! Accounts as people have them, broken in the usual ways: each gets a note of its own, and the notes agree with the loading.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use openssl::pkey::PKey;
use openssl::rsa::Rsa;
use serde_json::{Value, json};
use support::{ISSUER, Scene};
use walletpass_core::IssuerId;
use walletpass_google::doctor::{Outcome, Part, RULES};
use walletpass_google::{Account, Client, Diagnosis, Http};
use walletpass_testkit::ServiceAccount;

fn rules(diagnosis: &Diagnosis) -> Vec<&'static str> {
    diagnosis.findings().map(|finding| finding.rule).collect()
}

fn skipped(diagnosis: &Diagnosis) -> usize {
    diagnosis.checks.iter().filter(|check| matches!(check.outcome, Outcome::Skipped { .. })).count()
}

#[test]
fn a_key_file_is_healthy_if_and_only_if_it_loads() {
    let file: Value = serde_json::from_str(ServiceAccount::new().json().expose()).unwrap();
    let with = |key: &str, value: Value| {
        let mut file = file.clone();
        file[key] = value;
        file.to_string()
    };
    let pem = file["private_key"].as_str().unwrap();
    let small = PKey::from_rsa(Rsa::generate(1024).unwrap()).unwrap().private_key_to_pem_pkcs8().unwrap();
    let (nothing, key, issuer) = (vec![], "google-credential-key", "google-credential-issuer");
    for (json, id, expected) in [
        (file.to_string(), ISSUER, nothing.clone()),
        (with("private_key", pem.replace('\n', "\\n").into()), ISSUER, nothing.clone()),
        (with("token_uri", Value::Null), ISSUER, nothing),
        (with("client_email", "a@b.example".into()), ISSUER, vec!["google-credential-email-form"]),
        (with("client_email", "".into()), ISSUER, vec!["google-credential-email"]),
        (with("private_key", "".into()), ISSUER, vec![key]),
        (with("private_key", pem[..300].into()), ISSUER, vec![key]),
        (with("private_key", String::from_utf8_lossy(&small).into()), ISSUER, vec![key]),
        (with("token_uri", "http://tokens.example".into()), ISSUER, vec!["google-credential-token-uri"]),
        (with("token_uri", "no address".into()), ISSUER, vec!["google-credential-token-uri"]),
        (with("type", "authorized_user".into()), ISSUER, vec!["google-credential-key-file"]),
        (json!({ "web": {} }).to_string(), ISSUER, vec!["google-credential-key-file"]),
        ("{".to_owned(), ISSUER, vec!["google-credential-key-file"]),
        (String::new(), ISSUER, vec!["google-credential-key-file"]),
        (file.to_string(), "", vec![issuer]),
        (file.to_string(), " 3388000000000000001\n", vec![issuer]),
        (file.to_string(), "3388000000000000001.club", vec![issuer]),
        (file.to_string(), "BCR2DN4T7XY3", vec![issuer]),
        (file.to_string(), "a@b.example", vec![issuer]),
        (file.to_string(), "17", vec![issuer]),
        (with("client_email", "".into()).replace("BEGIN", "BEGUN"), "17", vec!["google-credential-email", key, issuer]),
    ] {
        let diagnosis = Diagnosis::of_key_file(json.as_bytes(), id);
        assert_eq!(rules(&diagnosis), expected, "{diagnosis}");
        let loads = id.parse::<IssuerId>().is_ok_and(|issuer| Account::from_json(json.as_bytes(), issuer).is_ok());
        assert_eq!(diagnosis.is_healthy(), loads, "{diagnosis}");
        assert!(diagnosis.checks.iter().any(|check| check.what == Part::Account), "{diagnosis}");
        let told = format!("{diagnosis} {diagnosis:?} {}", serde_json::to_string(&diagnosis).unwrap());
        assert!(!told.contains(&pem[60..90]), "{told}");
    }
    // One cause for each way in which the id of an issuer is wrong.
    let causes = ["", " 3388000000000000001", "3388000000000000001.x", "BCR2DN4T", "a@b.example", "17"];
    let causes: BTreeSet<String> = causes
        .iter()
        .map(|id| Diagnosis::of_key_file(file.to_string().as_bytes(), id).findings().next().unwrap().cause.clone())
        .collect();
    assert_eq!(causes.len(), 6, "{causes:?}");
}

#[tokio::test]
async fn a_healthy_account_gets_a_clean_note() {
    let Scene { google, client, .. } = &Scene::new();
    let diagnosis = client.diagnose().await;
    assert_eq!((rules(&diagnosis), skipped(&diagnosis)), (vec![], 0), "{diagnosis}");
    assert_eq!(
        diagnosis.to_string(),
        "  ok  access token: Google gives one for the key\n  \
           ok  clock: 0 s apart from Google's\n  \
           ok  Wallet API: it is enabled\n  \
           ok  access to the issuer: the issuer is \"Paper Lantern\"\n  \
           ok  role: writer\n  \
           ok  dry run: Google would take a link of this account\n\
         healthy"
    );
    assert_eq!(google.count("POST", "/walletobjects/v1/generic"), 0);
}

#[tokio::test]
async fn what_google_refuses_is_named_with_its_mend() {
    let scene = Scene::new();
    let Scene { google, client, time } = &scene;
    google.set_invited(false);
    let diagnosis = client.diagnose().await;
    assert_eq!(rules(&diagnosis), ["google-access"], "{diagnosis}");
    let mend = &diagnosis.findings().next().unwrap().mend;
    assert!(mend.contains(&format!("invite {} as Developer", ServiceAccount::EMAIL)), "{mend}");
    google.set_invited(true);

    google.set_api_enabled(false);
    let diagnosis = client.diagnose().await;
    assert_eq!(rules(&diagnosis), ["google-api-disabled"], "{diagnosis}");
    assert!(diagnosis.to_string().contains("project=1234"), "{diagnosis}");
    google.set_api_enabled(true);

    google.set_role("reader");
    assert_eq!(rules(&client.diagnose().await), ["google-role"]);
    google.set_role("");
    assert_eq!(rules(&client.diagnose().await), ["google-role-unlisted"]);
    google.set_role("writer");

    google.fail_next(503, 5);
    assert_eq!(rules(&client.diagnose().await), ["google-unreachable"]);

    let over = |file: &str, now: &str| {
        let account = Account::from_json(file.as_bytes(), ISSUER.parse().unwrap()).unwrap();
        let account = account.with_clock(Arc::new(now.parse::<DateTime<Utc>>().unwrap()));
        Client::new(account, Arc::new(Http::new().unwrap()), Arc::new(time.clone())).with_base(&google.url()).unwrap()
    };
    let stranger = ServiceAccount::new().json_with(&format!("{}token", google.url()));
    let diagnosis = over(stranger.expose(), "2027-01-01T00:00:00Z").diagnose().await;
    assert_eq!((rules(&diagnosis), skipped(&diagnosis)), (vec!["google-token"], 5), "{diagnosis}");

    let now = google.now();
    let late = over(google.key_file().expose(), &(now + chrono::TimeDelta::seconds(120)).to_rfc3339());
    assert_eq!(rules(&late.diagnose().await), ["google-clock"]);
    let later = over(google.key_file().expose(), &(now + chrono::TimeDelta::hours(2)).to_rfc3339());
    let diagnosis = later.diagnose().await;
    assert!(diagnosis.to_string().contains("set the clock of this machine by NTP"), "{diagnosis}");

    google.fail_next_tokens(500, 1);
    let fresh = over(google.key_file().expose(), &google.now().to_rfc3339());
    assert_eq!(rules(&fresh.diagnose().await), ["google-unreachable"]);
}

#[test]
fn every_rule_has_an_id_of_its_own() {
    let ids: BTreeSet<_> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), RULES.len());
}
