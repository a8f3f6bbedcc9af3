//! The fake iPhone against servers with and without mistakes.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod answers;
mod bugs;
mod issuer;
mod office;
mod rows;
mod service;
mod shop;
mod wallet;

use chrono::{DateTime, Utc};
use std::sync::Arc;
use walletpass_testkit::Iphone;

use self::issuer::AUTHORITY;
use self::office::{Bug, Office};

/// Makes a phone that finds the server.
fn phone(office: &Office) -> Iphone {
    Iphone::new(&AUTHORITY).reached_at("acme.com", &office.url).with_clock(Arc::new(now()))
}

fn now() -> DateTime<Utc> {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

async fn club(bug: Bug) -> (Office, Iphone) {
    let office = Office::open(bug).await;
    let phone = phone(&office);
    (office, phone)
}
