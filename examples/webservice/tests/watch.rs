//! What the issuer tells whoever watches it. A program of its own, since who watches is a matter of the whole program.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

#[path = "issuer/stage.rs"]
#[allow(dead_code, reason = "more than this test needs")]
mod stage;

use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use walletpass_testkit::ApnsAnswer;
use walletpass_webservice::store::MemoryStore;

use stage::{PASS_TYPE, Stage, card, set_points};

/// Each step has a span, each outcome a counter, and neither has a secret.
#[tokio::test]
async fn steps_and_counters_are_told_and_no_secret() {
    let told = Told::default();
    let _watching = tracing::subscriber::set_default(told.clone());
    let mut stage = Stage::open(Arc::new(MemoryStore::new())).await;
    let issued = stage.issuer.create(&card("member-4711", 1)).await.unwrap();
    stage.issuer.create(&card("member-4711", 1)).await.unwrap();
    let package = stage.issuer.pkpass(&issued.serial).await.unwrap().to_vec();
    stage.phone.add(&package).await.unwrap();
    let push_token = stage.phone.push_token(PASS_TYPE).unwrap().to_owned();
    stage.apns.answer_once(&push_token, ApnsAnswer::refusal(503, "ServiceUnavailable"));
    stage.google.fail_next(503, 100);
    for points in [2, 2] {
        stage.issuer.update(&issued.serial, |pass| set_points(pass, points)).await.unwrap();
    }
    stage.issuer.pkpass(&issued.serial).await.unwrap();
    stage.issuer.pkpass(&issued.serial).await.unwrap();
    stage.issuer.delete(&issued.serial).await.unwrap();

    let text = told.0.lock().unwrap().clone();
    for step in ["span create", "span change", "span delete", "span package", "span errand"] {
        assert!(text.contains(step), "{step}: {text}");
    }
    for counter in [
        "walletpass_created=1",
        "walletpass_repeated=1",
        "walletpass_changed=1",
        "walletpass_unchanged=1",
        "walletpass_packages_signed=1",
        "walletpass_packages_reused=1",
        "walletpass_pushes_waiting=1",
        "walletpass_errands_retried=1",
        "serial=member-4711",
    ] {
        assert!(text.contains(counter), "{counter}: {text}");
    }
    let link = issued.apple.unwrap();
    let token = link.query_pairs().next().unwrap().1.into_owned();
    let google = issued.google.unwrap();
    for secret in [&token, &push_token, stage.phone.device(), google.token(), "Ada Example", "PRIVATE KEY"] {
        assert!(!text.contains(secret), "{secret} is told");
    }
}

/// Writes down what the crates of the family say, in the order in which they say it.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<String>>);

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let name = field.name().rsplit('.').next().unwrap_or_default();
        let _ = write!(self.0, " {name}={value:?}");
    }
}

impl Subscriber for Told {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("walletpass")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut text = self.0.lock().unwrap();
        let _ = write!(text, "\nspan {}", span.metadata().name());
        span.record(&mut Line(&mut text));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Line(&mut self.0.lock().unwrap()));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut text = self.0.lock().unwrap();
        let _ = write!(text, "\n{}", event.metadata().level());
        event.record(&mut Line(&mut text));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
