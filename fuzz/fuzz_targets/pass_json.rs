//! Any bytes are refused, or are a pass that reads back the same and is drawn on both wallets; the lint judges any JSON.
#![no_main]

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use walletpass_core::lint::{Finding, apple, google};
use walletpass_core::{IssuerId, Pass, PassTypeId, TeamId, projection};

fuzz_target!(|json: &[u8]| {
    if let Ok(pass) = Pass::from_json(json) {
        draw(&pass);
    }
    if let Ok(pass) = apple::parse(json) {
        check_findings(&apple::check(&pass, *NOW));
        let part = |key: &str| pass.get(key).and_then(Value::as_object).unwrap_or(&pass);
        // One of the seven for each input: all of them would make the target seven times slower.
        if let Some(vertical) = google::Vertical::ALL.get(json.len() % google::Vertical::ALL.len()) {
            check_findings(&google::check(*vertical, part("class"), part("object"), Some(ISSUER)));
        }
    }
});

fn draw(pass: &Pass) {
    let json = serde_json::to_vec(pass).expect("a pass has a JSON form");
    let again = Pass::from_json(&json).expect("what was written is read");
    assert_eq!(&again, pass);

    let apple = projection::apple(pass, &PASS_TYPE, &TEAM, *NOW);
    let written = serde_json::to_vec(&apple.pass).expect("a sheet has a JSON form");
    if !apple.report.has_errors() {
        apple::parse(&written).expect("what was drawn is strict JSON");
    }
    check_findings(&apple.report.findings);

    let issuer: IssuerId = ISSUER.parse().expect("an issuer id");
    let google = projection::google(pass, *NOW).identify(&issuer, "3388000000000000001.c", "3388000000000000001.o");
    check_findings(&google.report.findings);
}

/// There are not too many, and each is short enough to be read.
fn check_findings(findings: &[Finding]) {
    assert!(findings.len() < 1_000, "{} findings", findings.len());
    for finding in findings {
        let length = finding.path.len() + finding.cause.len() + finding.mend.len();
        assert!(length < 10_000, "a finding of {length} bytes");
    }
}

static NOW: LazyLock<DateTime<Utc>> = LazyLock::new(|| "2027-01-01T00:00:00Z".parse().expect("a date"));
static PASS_TYPE: LazyLock<PassTypeId> = LazyLock::new(|| "pass.org.example.club".parse().expect("a pass type"));
static TEAM: LazyLock<TeamId> = LazyLock::new(|| "A1B2C3D4E5".parse().expect("a team"));
const ISSUER: &str = "3388000000000000001";
