//! The fake APNs, used by aioapns.

use std::env;
use std::path::Path;
use std::process::Command;

use chrono::DateTime;
use serde_json::{Value, json};
use walletpass_testkit::{ApnsAnswer, ProviderKey};

use crate::office::{self, Office, TOPIC};
use crate::program::Program;

#[test]
fn aioapns_pushes_with_a_certificate() {
    let office = Office::open();
    let issued = office.authority.issue(TOPIC, "A1B2C3D4E5");
    let both = format!("{}{}", issued.certificate_pem(), issued.key_pem().expose());
    assert_answers(&office, json!({ "pass": both }));
    assert!(office.apns.pushes().iter().all(|push| push.certificate.as_deref() == Some(TOPIC)));
}

#[test]
fn aioapns_pushes_with_a_p8_key() {
    let office = Office::open();
    let p8 = office.apns.provider_key().p8();
    let key = json!({ "p8": p8.expose(), "key_id": ProviderKey::ID, "team_id": ProviderKey::TEAM, "topic": TOPIC });
    assert_answers(&office, key);
    assert!(office.apns.pushes().iter().all(|push| push.certificate.is_none()));
}

/// Pushes to a token that is fine, one that is not known, one that is dead, and fifty more.
fn assert_answers(office: &Office, mut question: Value) {
    let since = DateTime::from_timestamp_millis(1_893_456_000_123).unwrap();
    office.apns.answer("bad0", ApnsAnswer::refusal(400, "BadDeviceToken"));
    office.apns.answer("dead", ApnsAnswer::refusal(410, "Unregistered").since(since));
    let mut tokens = vec!["c0ffee".to_owned(), "bad0".to_owned(), "dead".to_owned()];
    tokens.extend((0..50).map(office::token));
    for (name, value) in [
        ("host", json!("127.0.0.1")),
        ("port", json!(office.apns.url().port())),
        ("roots", json!(office.authority.root_pem())),
        ("tokens", json!(tokens)),
    ] {
        question[name] = value;
    }
    let answers = python().ask(&question);
    let answers = answers.as_array().unwrap();
    assert_eq!(answers[0], json!(["200", null, null]));
    assert_eq!(answers[1], json!(["400", "BadDeviceToken", null]));
    assert_eq!(answers[2], json!(["410", "Unregistered", 1_893_456_000_123_i64]));
    assert!(answers[3..].iter().all(|answer| answer[0] == "200"));
    let pushes = office.apns.pushes();
    assert_eq!(pushes.len(), tokens.len());
    assert!(pushes.iter().all(|push| push.body == b"{}" && push.headers["apns-topic"] == TOPIC));
}

fn python() -> Program {
    let advice = "set WALLETPASS_PYTHON to what `.ci/strangers` prints";
    let python = env::var_os("WALLETPASS_PYTHON").expect(advice);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/strangers/push.py");
    Program::start(Command::new(python).arg("-B").arg(script), advice)
}
