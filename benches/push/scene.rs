//! What every client is told of the server, and what the process that runs this uses.

use std::fs;

use serde_json::{Value, json};
use url::Url;
use walletpass_testkit::{Authority, FakeApns};

/// A server and the credentials for it.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub(crate) url: Url,
    pub(crate) root: String,
    pub(crate) certificate: String,
    pub(crate) key: String,
}

impl Scene {
    pub(crate) fn new(apns: &FakeApns, authority: &Authority) -> Self {
        let issued = authority.issue(TOPIC, "A1B2C3D4E5");
        Self {
            url: apns.url().clone(),
            root: authority.root_pem(),
            certificate: issued.certificate_pem(),
            key: issued.key_pem().expose().clone(), // throw-away
        }
    }

    pub(crate) fn json(&self) -> Value {
        let Self { url, root, certificate, key } = self;
        let port = url.port();
        json!({ "url": url.as_str(), "port": port, "root": root, "certificate": certificate, "key": key, "topic": TOPIC })
    }

    pub(crate) fn read(json: &Value) -> Option<Self> {
        let text = |name: &str| json.get(name)?.as_str().map(str::to_owned);
        let url = text("url")?.parse().ok()?;
        Some(Self { url, root: text("root")?, certificate: text("certificate")?, key: text("key")? })
    }
}

/// Gives a token for each number, of the length that Apple uses.
pub(crate) fn token(number: u64) -> String {
    format!("{number:064x}")
}

/// Gives the most memory that this process ever held, in KB.
pub(crate) fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
}

pub(crate) const TOPIC: &str = "pass.org.example.library";
