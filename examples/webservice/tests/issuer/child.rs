//! A process of this test that issues until it is killed, or until it ends itself where it should not.

use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use serde_json::{Value, json};
use walletpass::apple::Identity;
use walletpass::push::{Apns, ClientCertificate};
use walletpass::{Issuer, Secret, google};
use walletpass_testkit::{FakeGoogle, ManualTime};
use walletpass_webservice::store::{Assets, SqliteStore, Store, Write};

use crate::stage::{ADDRESS, PASS_TYPE, Stage, add_point, points_of};
use crate::watched::{Call, Watch, Watched};

/// The cards that the process changes, one after the other.
pub(crate) const SERIALS: [&str; 5] = ["card-1", "card-2", "card-3", "card-4", "card-5"];

/// Where the process ends itself.
pub(crate) const AFTER_COMMIT: &str = "after the commit of a change";
pub(crate) const BEFORE_GOOGLE_ENDS: &str = "before the end of an errand to Google is written";
pub(crate) const BEFORE_WAKING_ENDS: &str = "before the end of a waking is written";

/// Says all that a process must know to issue on a stage: everything but where it keeps the passes, and when it ends itself.
pub(crate) fn spec_of(stage: &Stage) -> Value {
    let credentials = stage.authority.issue(PASS_TYPE, "A1B2C3D4E5");
    json!({
        "certificate": credentials.certificate_pem(),
        "key": credentials.key_pem().expose(),
        "intermediate": stage.authority.intermediate_pem(),
        "root": stage.authority.root_pem(),
        "apns": stage.apns.url(),
        "google": stage.google.url(),
        "keyFile": stage.google.key_file().expose(),
    })
}

/// Starts a process.
pub(crate) fn start(spec: &Value) -> Child {
    let mut process = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child::process", "--ignored", "--nocapture"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    process.stdin.take().unwrap().write_all(spec.to_string().as_bytes()).unwrap();
    process
}

/// Waits until a process is gone, and gives the points that its changes were said to have made, by card.
pub(crate) fn acknowledged(process: &mut Child) -> Vec<(String, i64)> {
    let mut said = String::new();
    process.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(!process.wait().unwrap().success(), "it ended before it was killed: {said}");
    let lines = said.split_inclusive('\n').filter_map(|line| line.strip_prefix("updated ")?.strip_suffix('\n'));
    let updates = lines.map(|line| line.split_once(' ').unwrap());
    updates.map(|(serial, points)| (serial.to_owned(), points.parse().unwrap())).collect()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the process that other tests kill"]
async fn process() {
    let mut spec = String::new();
    std::io::stdin().read_to_string(&mut spec).unwrap();
    let spec = serde_json::from_str::<Value>(&spec).unwrap();
    match spec["sqlite"].as_str() {
        Some(path) => work(&spec, Arc::new(SqliteStore::open(path).unwrap())).await,
        #[cfg(feature = "postgres")]
        None => work(&spec, crate::stores::postgres_in(spec["postgres"].as_str().unwrap()).await).await,
        #[cfg(not(feature = "postgres"))]
        None => panic!("no place for passes is given"),
    }
}

async fn work<S: Store + Assets + 'static>(spec: &Value, store: Arc<S>) {
    let doom = Doom {
        place: spec["end"].as_str().unwrap_or_default().to_owned(),
        at: spec["at"].as_u64().unwrap_or_default(),
        commits: AtomicU64::default(),
        wakings: AtomicU64::default(),
        writings: AtomicU64::default(),
    };
    let issuer = issuer(spec, Arc::new(Watched::new(store, doom)));
    for serial in SERIALS.into_iter().cycle() {
        let mut points = 0;
        let add = |pass: &mut walletpass::Pass| {
            add_point(pass);
            points = points_of(pass);
        };
        issuer.update(&serial.parse().unwrap(), add).await.unwrap();
        // In one call, so that no line is torn.
        std::io::stdout().write_all(format!("\nupdated {serial} {points}\n").as_bytes()).unwrap();
    }
}

fn issuer<S: Store + Assets + 'static>(spec: &Value, store: Arc<S>) -> Issuer {
    let text = |key: &str| spec[key].as_str().unwrap();
    let time = ManualTime::at(text("now").parse().unwrap());
    let clock = Arc::new(time.clone());
    let intermediates = [text("intermediate").as_bytes()];
    let identity = Identity::from_pem(text("certificate").as_bytes(), text("key").as_bytes(), None, &intermediates);
    let identity = identity.unwrap().with_clock(clock.clone());
    let chain = identity.chain_pem().as_bytes();
    let certificate = ClientCertificate::from_signing_key(identity.pass_type(), chain, identity.signing_key());
    let push = Apns::new(certificate.unwrap()).unwrap().with_server(&text("apns").parse().unwrap()).unwrap();
    let push = push.with_roots(text("root").as_bytes()).unwrap();

    let key_file = Secret::<String>::from(text("keyFile"));
    let account = google::Account::from_json(key_file.expose().as_bytes(), FakeGoogle::ISSUER.parse().unwrap());
    let account = account.unwrap().with_clock(clock.clone());
    let client = google::Client::new(account, Arc::new(google::Http::new().unwrap()), clock.clone());
    let client = client.with_base(&text("google").parse().unwrap()).unwrap();
    let issuer = Issuer::new(store, ADDRESS.parse().unwrap()).unwrap();
    issuer.apple(identity, Arc::new(push)).google(client).clock(clock)
}

/// Ends the process, without a word and without any cleaning up.
struct Doom {
    place: String,
    /// At the how manieth time.
    at: u64,
    commits: AtomicU64,
    wakings: AtomicU64,
    writings: AtomicU64,
}

#[async_trait]
impl Watch for Doom {
    async fn before(&self, writes: &[Write]) {
        let is_of_google = writes.iter().any(|write| matches!(write, Write::PutDocument { .. }));
        if !writes.iter().any(|write| matches!(write, Write::FinishTask(_))) {
            return;
        }
        let (own, ended, other) = match is_of_google {
            true => (BEFORE_GOOGLE_ENDS, &self.writings, &self.wakings),
            false => (BEFORE_WAKING_ENDS, &self.wakings, &self.writings),
        };
        if self.place == own && ended.load(Ordering::SeqCst) + 1 == self.at {
            // The other errand of the change ends first, so that it is known what was under way.
            while other.load(Ordering::SeqCst) < self.at {
                tokio::task::yield_now().await;
            }
            std::process::abort();
        }
    }

    fn after(&self, writes: &[Write]) {
        for write in writes {
            match write {
                Write::UpdatePass { .. } => {
                    if self.commits.fetch_add(1, Ordering::SeqCst) + 1 == self.at && self.place == AFTER_COMMIT {
                        std::process::abort();
                    }
                }
                Write::FinishTask(_) if writes.iter().any(|write| matches!(write, Write::PutDocument { .. })) => {
                    self.writings.fetch_add(1, Ordering::SeqCst);
                }
                Write::FinishTask(_) => {
                    self.wakings.fetch_add(1, Ordering::SeqCst);
                }
                _ => {}
            }
        }
    }

    fn called(&self, _: Call) {}
}
