//! The example passes, issued: packages are byte-equal for an equal clock, links fit, and the report says where everything
//! went. Accept a change of the golden files with `INSTA_UPDATE=always cargo test --test examples`.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use walletpass::apple::{Identity, Package};
use walletpass::google::{Account, SaveLink};
use walletpass::{Pass, Secret};
use walletpass_testkit::{Authority, Credentials, ServiceAccount};

fn examples() -> Vec<(String, Pass)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/passes");
    let entries = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|e| e == "json")).collect();
    paths.sort();
    assert_eq!(paths.len(), 7, "one example for each kind");
    let read = |path: PathBuf| {
        let mut pass = Pass::from_json(&fs::read(&path).unwrap()).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        pass.load_pictures(|file| fs::File::open(folder.join(file))).unwrap();
        (path.file_stem().unwrap().to_str().unwrap().to_owned(), pass)
    };
    paths.into_iter().map(read).collect()
}

fn clock() -> Arc<DateTime<Utc>> {
    Arc::new("2027-01-01T00:00:00Z".parse().unwrap())
}

fn identity(credentials: &Credentials) -> Identity {
    Identity::from_p12(&credentials.p12(), credentials.passphrase(), &[]).unwrap().with_clock(clock())
}

fn account(json: &Secret<String>) -> Account {
    let account = Account::from_json(json.expose().as_bytes(), "3388000000000000001".parse().unwrap()).unwrap();
    account.with_clock(clock())
}

#[test]
fn two_runs_with_the_same_clock_give_equal_bytes() {
    let credentials = Authority::new().issue("pass.org.walletpass.tests", "A1B2C3D4E5");
    let service = ServiceAccount::new().json();
    let run = || {
        let (identity, account) = (identity(&credentials), account(&service));
        let issue = |(name, pass): (String, Pass)| {
            let package = Package::new(&pass, &identity).unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, identity.sign(&package).unwrap().to_vec(), account.save_link(&pass).unwrap().url())
        };
        examples().into_iter().map(issue).collect::<Vec<_>>()
    };
    assert_eq!(run(), run());
}

#[test]
fn links_fit_and_no_example_has_a_finding() {
    let identity = identity(&Authority::new().issue("pass.org.walletpass.tests", "A1B2C3D4E5"));
    let account = account(&ServiceAccount::new().json());
    for (name, pass) in examples() {
        let link = account.save_link(&pass).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(link.token().len() <= SaveLink::MAX_TOKEN);
        let report = Package::new(&pass, &identity).unwrap().report().clone().join(account.card(&pass).unwrap().report);
        assert!(report.findings.is_empty(), "{name}: {:#?}", report.findings);
    }
}

/// What is in `tests/golden`: what each wallet gets of each example, and the table of where each fact landed.
#[test]
fn golden_files_hold() {
    let identity = identity(&Authority::new().issue("pass.org.walletpass.tests", "A1B2C3D4E5"));
    let account = account(&ServiceAccount::new().json());
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("golden");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for (name, pass) in examples() {
            let (package, card) = (Package::new(&pass, &identity).unwrap(), account.card(&pass).unwrap());
            let pass_json: Value = serde_json::from_slice(package.pass_json()).unwrap();
            let pretty = |value: &Value| serde_json::to_string_pretty(value).unwrap();
            insta::assert_snapshot!(format!("{name}.apple"), pretty(&pass_json));
            insta::assert_snapshot!(
                format!("{name}.google"),
                pretty(&json!({ "class": card.class, "object": card.object }))
            );
            insta::assert_snapshot!(format!("{name}.report"), package.report().clone().join(card.report).table());
        }
    });
}
