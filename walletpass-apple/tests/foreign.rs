//! Packages of other generators, as `foreign/README.md` describes them: inspected, and imported so that they become passes of ours.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use walletpass_apple::inspect::{Inspection, Inspector, Roots};
use walletpass_core::lint::Severity;
use walletpass_core::{import, projection};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign")
}

fn inspect(file: &str) -> Inspection {
    let now: DateTime<Utc> = "2026-12-01T00:00:00Z".parse().unwrap();
    let roots = Roots::none().with(&fs::read(folder().join("root.pem")).unwrap()).unwrap();
    let inspector = Inspector::new().roots(roots).clock(Arc::new(now));
    inspector.inspect(&fs::read(folder().join(file)).unwrap()).unwrap()
}

/// What is wrong with each, known from other programs, and nothing more.
#[test]
fn each_has_the_errors_that_it_is_known_for() {
    let known: [(&str, &[&str], &[&str]); 10] = [
        ("applepassgenerator", &["apple-text-alignment"], &["apple-change-message"]),
        ("applepassgenerator-reloaded", &[], &[]),
        ("django-walletpass", &[], &["apple-barcode-pair", "apple-date-style-pair"]),
        (
            "edutap",
            &[],
            &["apple-date-style-pair", "apple-scheme-key", "apple-signature-attached", "apple-unknown-key"],
        ),
        ("pass-js", &["apple-intermediate-wrong"], &[]),
        ("passes", &[], &["apple-date-style-pair"]),
        ("passkit-generator", &["apple-barcode-message"], &["apple-date-fraction"]),
        ("passosh", &["apple-null-value"], &["apple-change-message"]),
        ("py-pkpass", &[], &["apple-change-message"]),
        ("wallet-py3k", &[], &["apple-barcode-pair", "apple-change-message"]),
    ];
    for (name, errors, warnings) in known {
        let inspection = inspect(&format!("{name}.pkpass"));
        let found = |severity| {
            // What is so in all of them: the invented pass type, and icons of two scales.
            let rules = inspection.all_findings().filter(|finding| finding.severity == severity);
            let rules = rules.map(|finding| finding.rule);
            let mut rules: Vec<&str> =
                rules.filter(|rule| !["apple-placeholder", "apple-icon-scale"].contains(rule)).collect();
            rules.sort_unstable();
            rules.dedup();
            rules
        };
        assert_eq!(found(Severity::Error), errors, "{name}");
        assert_eq!(found(Severity::Warning), warnings, "{name}");
        let signature = inspection.passes[0].signature.as_ref().unwrap();
        assert!(signature.verifies, "{name}");
        assert_eq!(signature.is_trusted, name != "pass-js", "{name}");
    }
}

#[test]
fn a_bundle_of_others_is_opened() {
    let inspection = inspect("passkit-generator.pkpasses");
    assert!(inspection.is_bundle && inspection.findings.is_empty());
    let serials: Vec<_> = inspection.passes.iter().map(|pass| pass.summary.serial.as_deref()).collect();
    assert_eq!(serials, [Some("4712"), Some("4713")]);
}

/// An Apple pass that another generator made becomes a pass of ours, and so a Google pass: all that Google misses is the
/// public address of a picture.
#[test]
fn each_becomes_a_pass_for_both_wallets() {
    let mut count = 0;
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some(stem) = name.strip_suffix(".pkpass") else { continue };
        let pass = inspect(&name).passes.remove(0);
        let files = pass.files.iter().map(|(name, data)| (name.as_str(), data.as_ref())).collect();
        let imported = import::apple(&pass.pass_json.unwrap(), &files).unwrap();
        assert_eq!(imported.pass.serial.as_str(), "4711", "{stem}");
        let sheet = projection::google(&imported.pass, "2026-12-01T00:00:00Z".parse().unwrap());
        let issuer = "3388000000000000001".parse().unwrap();
        let sheet = sheet.identify(&issuer, "3388000000000000001.c", "3388000000000000001.o");
        let errors: Vec<&str> = sheet.report.errors().map(|finding| finding.rule).collect();
        assert!(errors.iter().all(|rule| *rule == "google-logo-not-public"), "{stem}: {errors:?}");
        count += 1;
    }
    assert_eq!(count, 10);
}
