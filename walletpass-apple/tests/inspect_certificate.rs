//! Certificates of signatures judged: whose they are, who issued them, and when.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod support;

use std::sync::Arc;

use openssl::x509::X509;
use support::chain::{INTERMEDIATE, Keys, LEAF, ROOT, Spec};
use support::foreign::{Signer, manifest_of, zip_of};
use support::inspected::{files, inspect, inspect_at_signing, inspector, one, only_of_foreign, rules, seal};
use support::{PASS_TYPE, TEAM, at, authority, noon, package, unzip};
use walletpass_apple::inspect::{Inspection, Inspector, Roots};
use walletpass_testkit::{Authority, KeyKind, Leaf};

#[test]
fn a_root_that_is_not_apples_is_told() {
    let inspection = Inspector::new().clock(Arc::new(noon())).inspect(&zip_of(&files())).unwrap();
    let finding = one("apple-root-untrusted", inspection);
    assert!(finding.cause.contains("Testkit Root CA"), "{finding}");
    // Another authority of the same names is not the one that is trusted.
    let other = Authority::new();
    let roots = Roots::apple().with(other.root_pem().as_bytes()).unwrap();
    let inspection = Inspector::new().roots(roots).clock(Arc::new(noon())).inspect(&zip_of(&files())).unwrap();
    assert!(!inspection.passes[0].signature.as_ref().unwrap().is_trusted);
    one("apple-root-untrusted", inspection);
}

fn inspect_signed(leaf: &Leaf, signed: &str, now: &str) -> Inspection {
    let identity = authority().issue_leaf(leaf).identity().with_clock(Arc::new(at(signed)));
    let files = unzip(&identity.sign(&package(&identity)).unwrap());
    inspector().clock(Arc::new(at(now))).inspect(&zip_of(&files)).unwrap()
}

#[test]
fn times_are_judged() {
    let leaf = Leaf {
        not_before: at("2026-01-01T00:00:00Z"),
        not_after: at("2027-01-01T00:00:00Z"),
        ..Leaf::new(PASS_TYPE, TEAM)
    };
    let signed = "2026-05-04T12:00:00Z";
    assert_eq!(rules(&inspect_signed(&leaf, signed, "2026-05-04T11:56:00Z")), [""; 0], "clocks differ");
    assert_eq!(rules(&inspect_signed(&leaf, signed, "2026-12-01T00:00:00Z")), [""; 0]);
    one("apple-signing-time", inspect_signed(&leaf, signed, "2026-05-04T11:54:00Z"));
    one("apple-certificate-expires-soon", inspect_signed(&leaf, signed, "2026-12-02T00:00:01Z"));
    let late = inspect_signed(&leaf, signed, "2027-01-01T00:00:01Z");
    assert!(!late.has_errors());
    one("apple-certificate-expired", late);
}

#[test]
fn certificates_out_of_their_time_are_told() {
    let files = |not_before: &str, not_after: &str| {
        let leaf = Leaf { not_before: at(not_before), not_after: at(not_after), ..Leaf::new(PASS_TYPE, TEAM) };
        let signer = Signer::of(&authority().issue_leaf(&leaf)).with(authority().intermediate_der());
        let mut files = files();
        files.insert("signature".to_owned(), signer.sign_at(&files["manifest.json"], noon()));
        inspect(&files)
    };
    assert_eq!(rules(&files("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")), [""; 0]);
    let finding = one("apple-signing-time", files("2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z"));
    assert!(finding.cause.contains("after the certificate expired"), "{finding}");
    one("apple-certificate-not-yet-valid", files("2026-06-01T00:00:00Z", "2027-01-01T00:00:00Z"));
}

fn signed_by(leaf: &Leaf) -> Inspection {
    let signer = Signer::of(&authority().issue_leaf(leaf)).with(authority().intermediate_der());
    let mut files = files();
    files.insert("signature".to_owned(), signer.sign_at(&files["manifest.json"], noon()));
    inspect(&files)
}

#[test]
fn the_certificate_must_fit_the_pass() {
    let leaf = || Leaf::new(PASS_TYPE, TEAM);
    assert_eq!(rules(&signed_by(&leaf())), [""; 0]);
    let finding = one("apple-pass-type-mismatch", signed_by(&Leaf::new("pass.com.acme.other", TEAM)));
    assert!(finding.cause.contains("pass.com.acme.other") && finding.cause.contains(PASS_TYPE), "{finding}");
    assert_eq!(finding.path, "passTypeIdentifier");
    one("apple-team-mismatch", signed_by(&Leaf::new(PASS_TYPE, "Z9Z9Z9Z9Z9")));
    one("apple-marker-mismatch", signed_by(&Leaf { marker: Some("pass.com.acme.other".to_owned()), ..leaf() }));
    one("apple-certificate-kind", signed_by(&Leaf { marker: None, ..leaf() }));
    one("apple-certificate-kind", signed_by(&Leaf { pass_usage: false, ..leaf() }));
    let finding = one("apple-certificate-key", signed_by(&Leaf { key: KeyKind::RsaWeak, ..leaf() }));
    assert!(finding.cause.contains("1024 bits"), "{finding}");
}

#[test]
fn nfc_takes_an_nfc_certificate() {
    let nfc = Leaf { nfc: true, ..Leaf::new(PASS_TYPE, TEAM) };
    let inspect = |leaf: &Leaf| {
        let mut files = files();
        let pass = String::from_utf8(files["pass.json"].clone()).unwrap();
        let key = r#"{"nfc":{"message":"4711","encryptionPublicKey":"MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgACv8eXqPLLIzQR9nLNOTIsVWGcfSrTPLxTtdnDrKmSBzE="},"#;
        files.insert("pass.json".to_owned(), pass.replacen('{', key, 1).into_bytes());
        let signer = Signer::of(&authority().issue_leaf(leaf)).with(authority().intermediate_der());
        files.remove("manifest.json");
        files.remove("signature");
        let manifest = manifest_of(&files);
        files.insert("signature".to_owned(), signer.sign_at(&manifest, noon()));
        files.insert("manifest.json".to_owned(), manifest);
        inspector().inspect(&zip_of(&files)).unwrap()
    };
    assert_eq!(rules(&inspect(&nfc)), [""; 0]);
    one("apple-nfc-certificate", inspect(&Leaf::new(PASS_TYPE, TEAM)));
}

#[test]
fn the_intermediate_must_be_there_and_fit() {
    let alone = || Signer::of(&authority().issue(PASS_TYPE, TEAM));
    let finding = only_of_foreign("apple-intermediate-missing", &alone());
    assert!(finding.cause.contains("G4") && finding.mend.contains("apple.com"), "{finding}");
    // Of another authority: same name, another key.
    let finding = only_of_foreign("apple-intermediate-wrong", &alone().with(Authority::new().intermediate_der()));
    assert!(finding.cause.contains("instead"), "{finding}");
    // Apple's G4 issued nothing here.
    let g4 = include_bytes!("../data/AppleWWDRCAG4.cer").to_vec();
    only_of_foreign("apple-intermediate-wrong", &alone().with(g4.clone()));
    // What more is carried does no harm.
    let mut files = files();
    let root = openssl::x509::X509::from_pem(authority().root_pem().as_bytes()).unwrap().to_der().unwrap();
    seal(&mut files, &alone().with(g4).with(authority().intermediate_der()).with(root));
    assert_eq!(rules(&inspect_at_signing(&files)), [""; 0]);
}

#[test]
fn a_pass_certificate_is_no_authority() {
    // The holder of one certificate issues another one with it.
    let holder = authority().issue("pass.com.acme.holder", "Z9Z9Z9Z9Z9");
    let forged = Signer::forged(&holder, &authority().issue(PASS_TYPE, TEAM));
    let signer = forged.with(holder.certificate_der()).with(authority().intermediate_der());
    let mut files = files();
    files.insert("signature".to_owned(), signer.sign_at(&files["manifest.json"], noon()));
    let inspection = inspect(&files);
    assert!(!inspection.passes[0].signature.as_ref().unwrap().is_trusted);
    let finding = one("apple-intermediate-wrong", inspection);
    assert!(finding.cause.contains("no certificate authority"), "{finding}");
}

/// Inspects what this leaf signs, with these certificates beside it, under these roots.
fn inspect_chain(keys: &Keys, leaf: &X509, beside: &[&X509], roots: &[&X509]) -> Inspection {
    let signer = Signer::new(leaf.clone(), keys.0[2].clone());
    let signer = beside.iter().fold(signer, |signer, other| signer.with(other.to_der().unwrap()));
    let mut files = files();
    files.insert("signature".to_owned(), signer.sign_at(&files["manifest.json"], noon()));
    let roots = roots.iter().fold(Roots::none(), |roots, root| roots.with(&root.to_der().unwrap()).unwrap());
    inspector().roots(roots).inspect(&zip_of(&files)).unwrap()
}

#[test]
fn chains_are_judged_as_a_verifier_does() {
    let keys = Keys::new();
    let root = keys.certificate(0, 0, &ROOT);
    let intermediate = |spec: &Spec| keys.certificate(1, 0, spec);
    let leaf = |spec: &Spec| keys.certificate(2, 1, spec);
    let [sound, old] = [(2020, 2050), (2010, 2020)].map(|years| intermediate(&Spec { years, ..INTERMEDIATE }));
    let found = |leaf: &X509, beside: &[&X509], root: &[&X509]| {
        let inspection = inspect_chain(&keys, leaf, beside, root);
        let is_trusted = inspection.passes[0].signature.as_ref().unwrap().is_trusted;
        let told: Vec<&str> = rules(&inspection);
        (told, is_trusted)
    };
    let roots = [&root];
    assert_eq!(found(&leaf(&LEAF), &[&sound], &roots), (vec![], true));
    // Of two with one key the one counts that was valid.
    assert_eq!(found(&leaf(&LEAF), &[&old, &sound], &roots), (vec![], true));
    assert_eq!(found(&leaf(&LEAF), &[&sound, &old], &roots), (vec![], true));
    assert_eq!(found(&leaf(&LEAF), &[&old], &roots).0, ["apple-intermediate-expired"]);
    // The key fits, and the name is another.
    let other = intermediate(&Spec { subject: "Somebody Else", ..INTERMEDIATE });
    assert_eq!(found(&leaf(&LEAF), &[&other], &roots), (vec!["apple-intermediate-wrong"], false));
    // Nothing is wrong with one that does not name the key of its issuer.
    let keyless = leaf(&Spec { names_issuer: false, ..LEAF });
    assert_eq!(found(&keyless, &[&sound], &roots), (vec![], true));
    let critical = leaf(&Spec { critical: true, ..LEAF });
    assert_eq!(found(&critical, &[&sound], &roots).0, ["apple-certificate-extension"]);
    let critical = intermediate(&Spec { critical: true, ..INTERMEDIATE });
    assert_eq!(found(&leaf(&LEAF), &[&critical], &roots).0, ["apple-certificate-extension"]);
    let late = keys.certificate(0, 0, &Spec { years: (2000, 2010), ..ROOT });
    assert_eq!(found(&leaf(&LEAF), &[&sound], &[&late]), (vec!["apple-root-untrusted"], false));
    assert_eq!(found(&leaf(&LEAF), &[&sound], &[&late, &root]), (vec![], true));
    // A chain that is given as roots stands in for nothing that the signature must carry.
    let chain = [&root, &sound];
    assert_eq!(found(&leaf(&LEAF), &[], &chain).0, ["apple-intermediate-missing"]);
    assert_eq!(found(&leaf(&LEAF), &[&sound], &chain), (vec![], true));
}

#[test]
fn an_intermediate_out_of_its_time_is_told() {
    let leaf = Leaf { not_after: at("2060-01-01T00:00:00Z"), ..Leaf::new(PASS_TYPE, TEAM) };
    let signer = Signer::of(&authority().issue_leaf(&leaf)).with(authority().intermediate_der());
    let mut files = files();
    let late = at("2050-06-01T00:00:00Z");
    files.insert("signature".to_owned(), signer.sign_at(&files["manifest.json"], late));
    let inspection = inspector().clock(Arc::new(late)).inspect(&zip_of(&files)).unwrap();
    one("apple-intermediate-expired", inspection);
}
