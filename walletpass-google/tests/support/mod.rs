//! A client of a fake Google, by a time that waits for nobody.

#![allow(dead_code, clippy::unwrap_used, reason = "each test takes what it needs, and fails by panicking")]

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use walletpass_core::port::{Clock, HttpClient, HttpError};
use walletpass_core::{Barcode, Loyalty, Pass, Picture};
use walletpass_google::{Account, Card, Client, Http};
use walletpass_testkit::{FakeGoogle, ManualTime};

pub(crate) const ISSUER: &str = FakeGoogle::ISSUER;

/// A fake Google, a client of it, and their time.
pub(crate) struct Scene {
    pub(crate) google: FakeGoogle,
    pub(crate) client: Client,
    pub(crate) time: ManualTime,
}

impl Scene {
    pub(crate) fn new() -> Self {
        let time = ManualTime::at("2027-01-01T00:00:00Z".parse().unwrap());
        let google = FakeGoogle::start_at(time.clone());
        let client = Self::client_over(&google, &time, Http::new().unwrap());
        Self { google, client, time }
    }

    /// Makes another client, as another process would have.
    pub(crate) fn another_client(&self) -> Client {
        Self::client_over(&self.google, &self.time, Http::new().unwrap())
    }

    pub(crate) fn account(&self) -> Account {
        account(&self.google, &self.time)
    }

    pub(crate) fn card(&self, pass: &Pass) -> Card {
        self.account().card(pass).unwrap()
    }

    pub(crate) fn client_over(google: &FakeGoogle, time: &ManualTime, http: impl HttpClient + 'static) -> Client {
        Client::new(account(google, time), Arc::new(http), Arc::new(time.clone())).with_base(&google.url()).unwrap()
    }
}

pub(crate) fn account(google: &FakeGoogle, time: &ManualTime) -> Account {
    let account = Account::from_json(google.key_file().expose().as_bytes(), ISSUER.parse().unwrap()).unwrap();
    account.with_clock(Arc::new(time.clone()))
}

pub(crate) fn loyalty() -> Pass {
    loyalty_of("member-4711", 2_450)
}

pub(crate) fn loyalty_of(serial: &str, points: i32) -> Pass {
    let logo: Picture = serde_json::from_value(json!("https://img.example/bean.png")).unwrap();
    let card = Loyalty::new("Bean Club", logo).points(i64::from(points)).tier("Gold").holder("Ada Example");
    Pass::new(serial.parse().unwrap(), "Bean & Co", card).barcode(Barcode::qr("4711"))
}

pub(crate) fn flight() -> Pass {
    serde_json::from_str(include_str!("../../../examples/passes/flight.json")).unwrap()
}

pub(crate) fn map(json: Value) -> Map<String, Value> {
    serde_json::from_value(json).unwrap()
}

/// Answers by itself and at once, and notes when each request but those for a token left.
pub(crate) struct Canned {
    pub(crate) clock: ManualTime,
    pub(crate) left: Arc<Mutex<Vec<DateTime<Utc>>>>,
    /// How long a token takes.
    pub(crate) token_takes: chrono::TimeDelta,
    /// What the first request is answered with, in place of success: a status, and when to come back.
    pub(crate) first: Mutex<Option<(u16, &'static str)>>,
}

impl Canned {
    pub(crate) fn new(time: &ManualTime) -> Self {
        Self {
            clock: time.clone(),
            left: Arc::default(),
            token_takes: chrono::TimeDelta::zero(),
            first: Mutex::new(None),
        }
    }
}

impl std::fmt::Debug for Canned {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Canned(…)")
    }
}

#[async_trait]
impl HttpClient for Canned {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, HttpError> {
        if request.uri().path() == "/token" {
            self.clock.advance(self.token_takes);
            return Ok(http::Response::new(Bytes::from_static(br#"{ "access_token": "ya29.x", "expires_in": 3600 }"#)));
        }
        self.left.lock().unwrap().push(self.clock.now());
        let mut answer = http::Response::new(Bytes::from_static(b"{}"));
        if let Some((status, after)) = self.first.lock().unwrap().take() {
            *answer.status_mut() = http::StatusCode::from_u16(status).unwrap();
            answer.headers_mut().insert("retry-after", after.parse().unwrap());
        }
        Ok(answer)
    }
}

/// Sends on, and notes when each request left.
#[derive(Clone, Debug)]
pub(crate) struct Watched {
    pub(crate) inner: Http,
    pub(crate) clock: ManualTime,
    pub(crate) left: Arc<Mutex<Vec<DateTime<Utc>>>>,
}

#[async_trait]
impl HttpClient for Watched {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, HttpError> {
        if request.uri().path() != "/token" {
            self.left.lock().unwrap().push(self.clock.now());
        }
        self.inner.send(request).await
    }
}
