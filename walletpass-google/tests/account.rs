//! Key files that are broken, each in its own way.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use openssl::pkey::PKey;
use openssl::rsa::Rsa;
use serde_json::{Value, json};
use walletpass_core::port::{Algorithm, SigningError, SigningKey};
use walletpass_google::{Account, AccountError};
use walletpass_testkit::ServiceAccount;

fn key_file() -> Value {
    serde_json::from_str(ServiceAccount::new().json().expose()).unwrap()
}

fn read(file: &Value) -> Result<Account, AccountError> {
    Account::from_json(file.to_string().as_bytes(), "3388000000000000001".parse().unwrap())
}

fn with(mut file: Value, key: &str, value: Value) -> Value {
    file[key] = value;
    file
}

#[test]
fn a_key_file_is_read_and_shows_no_key() {
    let file = key_file();
    let account = read(&file).unwrap();
    assert_eq!(account.email(), ServiceAccount::EMAIL);
    let shown = format!("{account:?}");
    assert!(!shown.contains("PRIVATE") && !shown.contains(&file["private_key"].as_str().unwrap()[40..60]), "{shown}");
}

#[test]
fn line_breaks_lost_to_an_environment_variable_are_mended() {
    let file = key_file();
    let escaped = file["private_key"].as_str().unwrap().replace('\n', "\\n");
    assert!(read(&with(file, "private_key", escaped.into())).is_ok());
}

#[test]
fn a_key_that_google_does_not_take_is_refused() {
    #[derive(Debug)]
    struct Elliptic;
    impl SigningKey for Elliptic {
        fn algorithm(&self) -> Algorithm {
            Algorithm::EcdsaP256Sha256
        }
        fn sign(&self, _: &[u8]) -> Result<Vec<u8>, SigningError> {
            Ok(Vec::new())
        }
    }
    let issuer = "3388000000000000001".parse().unwrap();
    let error = Account::from_signing_key("a@b.example", issuer, Arc::new(Elliptic)).unwrap_err();
    assert!(matches!(error, AccountError::KeyKind { .. }), "{error}");
}

#[test]
fn each_broken_file_has_its_own_message() {
    let small = PKey::from_rsa(Rsa::generate(1024).unwrap()).unwrap().private_key_to_pem_pkcs8().unwrap();
    let pem = key_file()["private_key"].as_str().unwrap().to_owned();
    let key = |pem: &str| with(key_file(), "private_key", pem.into());
    let cases = [
        (json!([]), "JSON, but no object"),
        (json!({ "installed": {} }), "an OAuth client file"),
        (with(key_file(), "type", "authorized_user".into()), "a user's own credentials"),
        (with(key_file(), "type", "external_account".into()), "a workload identity"),
        (json!({ "keys": [] }), "a set of public keys"),
        (json!({ "a": 1 }), "another JSON file"),
        (with(key_file(), "client_email", " ".into()), "has no `client_email`"),
        (with(key_file(), "private_key", 123.into()), "has no `private_key`"),
        (key("AIzaSy"), "no `-----BEGIN` line"),
        (key(&pem[..200]), "no `-----END` line"),
        (key(&pem.replace('\n', " ")), "line breaks are gone"),
        (key(&pem.replacen("MII", "!!!", 1)), "base64 is damaged"),
        (key("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"), "not the private half"),
        (key(&String::from_utf8_lossy(&small)), "RSA of 1024 bits"),
    ];
    let mut messages = Vec::new();
    for (file, part) in cases {
        let message = read(&file).unwrap_err().to_string();
        assert!(message.contains(part), "{part}: {message}");
        assert!(!message.contains(&pem[100..120]), "{message}");
        messages.push(message);
    }
    let count = messages.len();
    messages.sort();
    messages.dedup();
    assert_eq!(messages.len(), count);

    for (bytes, part) in
        [(&b""[..], "empty"), (b"\xEF\xBB\xBF{}", "byte order mark"), (b"{ \"a\": \"\n\" }", "line breaks")]
    {
        let error = Account::from_json(bytes, "3388000000000000001".parse().unwrap()).unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
    }
    let path = Account::from_json(b"/etc/key.json", "3388000000000000001".parse().unwrap()).unwrap_err();
    assert!(path.to_string().contains("not its path"), "{path}");
}
