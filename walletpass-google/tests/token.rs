//! Assertions, read by a JWT library that had no hand in making them, and answers of every kind to them.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Value, json};
use support::ISSUER;
use walletpass_core::port::{self, HttpClient, HttpError, SigningError, SigningKey, Timer};
use walletpass_google::{Account, Client, Error, TokenError};
use walletpass_testkit::ServiceAccount;

/// Answers every request for a token with one body, and keeps what was sent.
#[derive(Clone, Debug)]
struct Stub {
    answer: String,
    sent: Arc<Mutex<Vec<String>>>,
}

#[async_trait]
impl HttpClient for Stub {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, HttpError> {
        let is_token = request.uri().path() == "/token";
        self.sent.lock().unwrap().push(String::from_utf8_lossy(request.body()).into_owned());
        let body = if is_token { self.answer.clone() } else { json!({ "issuerId": "1" }).to_string() };
        Ok(http::Response::new(body.into()))
    }
}

#[derive(Debug)]
struct NoWait;

#[async_trait]
impl Timer for NoWait {
    async fn sleep(&self, _: Duration) {}
}

fn client(account: Account, answer: &str) -> (Client, Stub) {
    let stub = Stub { answer: answer.to_owned(), sent: Arc::default() };
    (Client::new(account, Arc::new(stub.clone()), Arc::new(NoWait)), stub)
}

fn account(service: &ServiceAccount) -> Account {
    let now: DateTime<Utc> = "2027-01-01T00:00:00Z".parse().unwrap();
    let account = Account::from_json(service.json().expose().as_bytes(), ISSUER.parse().unwrap()).unwrap();
    account.with_clock(Arc::new(now))
}

#[tokio::test]
async fn the_assertion_is_exact() {
    let service = ServiceAccount::new();
    let (client, stub) =
        client(account(&service), &json!({ "access_token": "ya29.x", "expires_in": 3599 }).to_string());
    client.issuer().await.unwrap();
    let sent = stub.sent.lock().unwrap().clone();
    let assertion = sent[0].strip_prefix("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=");
    let assertion = assertion.unwrap();

    let header = decode_header(assertion).unwrap();
    assert_eq!((header.alg, header.kid.as_deref()), (Algorithm::RS256, Some(ServiceAccount::KEY_ID)));
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_audience(&["https://oauth2.googleapis.com/token"]);
    validation.validate_exp = false; // it is of the year 2027
    let key = DecodingKey::from_rsa_pem(service.public_key_pem().as_bytes()).unwrap();
    let claims: Value = decode(assertion, &key, &validation).unwrap().claims;
    assert_eq!(
        claims,
        json!({
            "iss": ServiceAccount::EMAIL,
            "scope": "https://www.googleapis.com/auth/wallet_object.issuer",
            "aud": "https://oauth2.googleapis.com/token",
            "iat": 1_798_761_600,
            "exp": 1_798_765_200,
        })
    );
}

#[tokio::test]
async fn an_answer_that_is_no_token_is_no_panic() {
    let service = ServiceAccount::new();
    for answer in [
        "",
        "null",
        "[]",
        "<html>",
        r#"{"access_token":""}"#,
        r#"{"access_token":7}"#,
        r#"{"access_token":"a\nb"}"#,
        r#"{"token":"x"}"#,
    ] {
        let (client, stub) = client(account(&service), answer);
        let error = client.issuer().await.unwrap_err();
        assert!(matches!(error, Error::Token(TokenError::Unavailable { .. })), "{answer}: {error}");
        assert_eq!(stub.sent.lock().unwrap().len(), 5, "{answer}");
    }
    for answer in [
        r#"{"access_token":"x"}"#,
        r#"{"access_token":"x","expires_in":"3600"}"#,
        r#"{"access_token":"x","expires_in":-1}"#,
        r#"{"access_token":"x","expires_in":1e300}"#,
        r#"{"access_token":"x","expires_in":99999999999999999}"#,
    ] {
        client(account(&service), answer).0.issuer().await.unwrap_or_else(|error| panic!("{answer}: {error}"));
    }
}

#[tokio::test]
async fn a_key_that_fails_or_panics_is_an_error() {
    #[derive(Debug)]
    struct Remote(bool);
    impl SigningKey for Remote {
        fn algorithm(&self) -> port::Algorithm {
            port::Algorithm::RsaSha256
        }
        fn sign(&self, _: &[u8]) -> Result<Vec<u8>, SigningError> {
            if self.0 { panic!("the HSM is on fire") } else { Err(SigningError::new("the KMS is away")) }
        }
    }
    for panics in [false, true] {
        let account = Account::from_signing_key("a@b.example", ISSUER.parse().unwrap(), Arc::new(Remote(panics)));
        let error = client(account.unwrap(), "").0.issuer().await.unwrap_err();
        assert!(matches!(error, Error::Token(TokenError::Signing(_))), "{error}");
    }
}

#[test]
fn nothing_but_the_client_that_ships_needs_a_runtime() {
    /// Wakes the thread that waits.
    struct Unpark(std::thread::Thread);
    impl std::task::Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let service = ServiceAccount::new();
    let (client, _) = client(account(&service), &json!({ "access_token": "ya29.x" }).to_string());
    let waker = Arc::new(Unpark(std::thread::current())).into();
    let mut context = std::task::Context::from_waker(&waker);
    let mut issuer = std::pin::pin!(client.issuer());
    let issuer = loop {
        match issuer.as_mut().poll(&mut context) {
            std::task::Poll::Ready(issuer) => break issuer,
            std::task::Poll::Pending => std::thread::park(),
        }
    };
    assert_eq!(issuer.unwrap().int("issuerId"), Some(1));
}

#[test]
fn futures_may_move_between_threads() {
    fn check<T: Send>(_: &T) {}
    let service = ServiceAccount::new();
    let (client, _) = client(account(&service), "");
    check(&client.issuer());
    check(&client.batch(&[]));
}
