//! Our client against the `http2` of node.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use chrono::DateTime;
use serde_json::{Map, Value, json};
use walletpass_push::{Apns, FanOut, Gone, Outcome, ProviderToken, Push};
use walletpass_testkit::{Authority, FakeApns, ProviderKey};

use crate::office::{self, TOPIC, topic};
use crate::program::Program;

const TOKEN: &str = "00fc13adff785122b4ad28809a3420982341241421348097878e577c991de8f0";

/// The whole request of a push, as node saw it.
#[tokio::test]
async fn node_sees_what_apple_documents() {
    let mut node = Node::start(json!({}));
    let outcome = node.client().wake(&topic(), TOKEN).await;
    assert_eq!(outcome, Outcome::Delivered { id: Some("EC1BF194-B3B2-424A-89A9-5A918A6E6B5D".into()) });
    let (sessions, seen) = node.seen();
    assert_eq!((sessions, seen.len()), (1, 1));
    assert_eq!(
        seen[0]["headers"],
        json!({
            ":method": "POST",
            ":scheme": "https",
            ":authority": node.url.strip_prefix("https://"),
            ":path": format!("/3/device/{TOKEN}"),
            "apns-topic": TOPIC,
            "apns-push-type": "background",
            "apns-priority": "5",
            "content-length": "2",
        })
    );
    assert_eq!(seen[0]["body"], "{}");
    assert_eq!((&seen[0]["subject"]["UID"], &seen[0]["subject"]["OU"]), (&json!(TOPIC), &json!("A1B2C3D4E5")));
}

#[tokio::test]
async fn refusals_of_node_have_their_outcomes() {
    let refusal = |status: u16, body: Value| json!({ "status": status, "body": body.to_string() });
    let mut node = Node::start(json!({
        "bad0": refusal(400, json!({ "reason": "BadDeviceToken" })),
        "dead": refusal(410, json!({ "reason": "Unregistered", "timestamp": 1_893_456_000_123_i64 })),
        "b1d0": refusal(403, json!({ "reason": "BadCertificate" })),
        "f1f1": refusal(503, json!({ "reason": "Shutdown" })),
        "0bad": { "status": 502, "body": "<html>".repeat(10_000) },
    }));
    let client = node.client();
    let since = DateTime::from_timestamp_millis(1_893_456_000_123);
    assert_eq!(client.wake(&topic(), "bad0").await, Outcome::Gone(Gone::BadDeviceToken));
    assert_eq!(client.wake(&topic(), "dead").await, Outcome::Gone(Gone::Unregistered { since }));
    let outcome = client.wake(&topic(), "b1d0").await;
    assert!(matches!(&outcome, Outcome::Misconfigured(fault) if fault.reason == "BadCertificate"), "{outcome}");
    for token in ["f1f1", "0bad"] {
        let outcome = client.wake(&topic(), token).await;
        assert!(matches!(&outcome, Outcome::Later(_)), "{outcome}");
    }
    let (sessions, seen) = node.seen();
    assert_eq!((sessions, seen.len()), (1, 5));
}

/// Node ends the session three times, each in another way: 200 pushes arrive, and only what was cut off comes twice.
#[tokio::test]
async fn pushes_outlive_the_sessions_of_node() {
    for (end, most_twice) in [("goaway", 0), ("close", 0), ("destroy", 20)] {
        let mut node = Node::start(json!({ office::token(50): { "end": end }, office::token(120): { "end": end } }));
        let fan_out = FanOut::new(Arc::new(node.client())).with_in_flight(20);
        let tally = fan_out.wake_all(&topic(), (0..200).map(office::token), |_, _| {}).await;
        assert_eq!(tally.delivered, 200, "{end}: {tally:?}");
        let (sessions, seen) = node.seen();
        let mut paths: Vec<_> = seen.iter().map(|push| push["headers"][":path"].as_str().unwrap()).collect();
        paths.sort_unstable();
        paths.dedup();
        assert_eq!(paths.len(), 200, "{end}");
        assert!(seen.len() <= 200 + most_twice, "{end}: {} arrived", seen.len());
        assert!((2..=3).contains(&sessions), "{end}: {sessions} sessions");
    }
}

#[tokio::test]
async fn one_session_of_node_carries_many_pushes() {
    let mut node = Node::start(json!({}));
    let fan_out = FanOut::new(Arc::new(node.client()));
    let tally = fan_out.wake_all(&topic(), (0..200).map(office::token), |_, _| {}).await;
    let (sessions, seen) = node.seen();
    assert_eq!((tally.delivered, sessions, seen.len()), (200, 1, 200));
    assert!(seen.iter().all(|push| push["subject"]["UID"] == TOPIC));
}

/// Node misses a certificate by an alert. One of another authority it judges after the handshake and hangs up without a word, so nobody
/// can know what it was.
#[tokio::test]
async fn certificates_that_node_refuses_are_not_taken_for_delivery() {
    let mut node = Node::start(json!({}));
    let stranger = Authority::new();
    let p8 = FakeApns::start(&stranger).provider_key().p8();
    let team = ProviderKey::TEAM.parse().unwrap();
    let token = ProviderToken::from_p8(p8.expose().as_bytes(), ProviderKey::ID, &team).unwrap();
    let outcome = node.aim(Apns::new(token).unwrap()).wake(&topic(), TOKEN).await;
    assert!(outcome.to_string().starts_with("not sent, received fatal alert: CertificateRequired"), "{outcome}");

    let foreign = office::certificate_of(&stranger.issue(TOPIC, "A1B2C3D4E5")).unwrap();
    let outcome = node.aim(Apns::new(foreign).unwrap()).wake(&topic(), TOKEN).await;
    assert!(matches!(&outcome, Outcome::Later(_)), "{outcome}");
    assert!(node.seen().1.is_empty());
}

/// A server in a process of its own, until this is dropped.
struct Node {
    program: Program,
    authority: Authority,
    url: String,
}

impl Node {
    fn start(answers: Value) -> Self {
        let authority = Authority::new();
        let own = authority.issue_server(&["127.0.0.1"]);
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/strangers/apns.mjs");
        let mut program =
            Program::start(Command::new("node").arg(script), "install node: the package nodejs of Debian");
        let port = program.ask(&json!({
            "certificate": own.certificate_pem(),
            "key": own.key_pem().expose(),
            "roots": [authority.root_pem(), authority.intermediate_pem()],
            "answers": answers,
        }));
        let url = format!("https://127.0.0.1:{port}");
        Self { program, authority, url }
    }

    /// Gives a client with a certificate for [`TOPIC`].
    fn client(&self) -> Apns {
        let certificate = office::certificate_of(&self.authority.issue(TOPIC, "A1B2C3D4E5")).unwrap();
        self.aim(Apns::new(certificate).unwrap())
    }

    fn aim(&self, client: Apns) -> Apns {
        let client = client.with_server(&self.url.parse().unwrap()).unwrap();
        client.with_roots(self.authority.root_pem().as_bytes()).unwrap()
    }

    /// Gives the number of sessions and the pushes.
    fn seen(&mut self) -> (u64, Vec<Map<String, Value>>) {
        let told = self.program.ask(&json!("seen"));
        let seen = told["seen"].as_array().unwrap().iter().map(|push| push.as_object().unwrap().clone());
        (told["sessions"].as_u64().unwrap(), seen.collect())
    }
}
