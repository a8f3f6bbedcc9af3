//! Source folders that others made, signed.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod support;

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use support::inspected::{inspector, rules};
use support::{PASS_TYPE, TEAM, authority, identity, noon, plain_artwork, unzip, verify};
use walletpass_apple::{Error, Package};
use walletpass_testkit::Leaf;

/// Laid out as a person would, with what must not change: order, blanks, numbers.
const PASS_JSON: &str = r#"
  {
    "serialNumber" : "reader-4711", "formatVersion" : 1,
    "organizationName": "Town Library", "description": "Reader's card",
    "generic": { "primaryFields": [ { "key": "books", "value": 1.50 } ] }
  }
"#;

fn folder(pass_json: &str) -> BTreeMap<String, Bytes> {
    let icons = plain_artwork().files().map(|(name, bytes)| (name.to_owned(), bytes.clone()));
    let mut files: BTreeMap<String, Bytes> = icons.collect();
    files.insert("pass.json".to_owned(), pass_json.to_owned().into());
    files
}

fn refusal(files: BTreeMap<String, Bytes>) -> String {
    let error = Package::from_files(files, &identity()).unwrap_err();
    assert!(matches!(error, Error::Refused { .. }), "{error}");
    error.to_string()
}

#[test]
fn a_folder_is_signed_as_it_is() {
    let mut files = folder(PASS_JSON);
    files.insert("de.lproj/pass.strings".to_owned(), "\"Reader's card\" = \"Leseausweis\";".into());
    files.insert("de.lproj/logo.png".to_owned(), files["icon.png"].clone());
    files.insert("manifest.json".to_owned(), "stale".into());
    files.insert("signature".to_owned(), "stale".into());
    let identity = identity();
    let package = Package::from_files(files.clone(), &identity).unwrap();
    let pkpass = identity.sign(&package).unwrap();
    let signed = unzip(&pkpass);
    verify(&signed["signature"], &signed["manifest.json"], noon()).unwrap();
    for (name, data) in
        files.iter().filter(|(name, _)| !matches!(name.as_str(), "pass.json" | "manifest.json" | "signature"))
    {
        assert_eq!(&signed[name], data, "{name}");
    }
    assert_eq!(signed.len(), files.len());
    let expected =
        PASS_JSON.replacen('{', &format!("{{\"passTypeIdentifier\":\"{PASS_TYPE}\",\"teamIdentifier\":\"{TEAM}\","), 1);
    assert_eq!(signed["pass.json"], expected.as_bytes());
    let inspection = inspector().inspect(&pkpass.to_vec()).unwrap();
    assert!(!inspection.has_errors(), "{:?}", rules(&inspection));

    // What it says itself stays as it is, to the byte.
    let again = Package::from_files(folder(&expected), &identity).unwrap();
    assert_eq!(again.pass_json(), expected.as_bytes());
}

#[test]
fn a_folder_that_a_phone_would_refuse_is_refused() {
    assert!(refusal(folder(&PASS_JSON.replace("1.50", "null"))).contains("apple-null-value"));
    assert!(refusal(folder(&PASS_JSON.replace("1.50", "1,"))).contains("apple-strict-json"));
    assert!(refusal(folder("{}")).contains("apple-missing-key"));
    let mut files = folder(PASS_JSON);
    let pass_json = files.remove("pass.json").unwrap();
    assert!(refusal(files.clone()).contains("apple-pass-json-missing"));
    files.insert("card.pass/pass.json".to_owned(), pass_json);
    assert!(refusal(files).contains("card.pass/pass.json"));
}

#[test]
fn a_folder_for_another_identity_is_refused() {
    let with = |key: &str, value: &str| folder(&PASS_JSON.replacen('{', &format!("{{\"{key}\":\"{value}\","), 1));
    Package::from_files(with("passTypeIdentifier", PASS_TYPE), &identity()).unwrap();
    Package::from_files(with("teamIdentifier", TEAM), &identity()).unwrap();
    for files in [with("passTypeIdentifier", "pass.com.acme.other"), with("teamIdentifier", "Z9Z9Z9Z9Z9")] {
        let error = Package::from_files(files, &identity()).unwrap_err();
        assert!(matches!(error, Error::IdentityMismatch { .. }), "{error}");
    }
}

#[test]
fn an_nfc_folder_takes_an_nfc_certificate() {
    let nfc = format!("{{\"nfc\":{{\"message\":\"4711\",\"encryptionPublicKey\":\"{NFC_KEY}\"}},");
    let files = folder(&PASS_JSON.replacen('{', &nfc, 1));
    let error = Package::from_files(files.clone(), &identity()).unwrap_err();
    assert!(matches!(error, Error::NfcNotPermitted), "{error}");
    let leaf = Leaf { nfc: true, ..Leaf::new(PASS_TYPE, TEAM) };
    let identity = authority().issue_leaf(&leaf).identity().with_clock(Arc::new(noon()));
    Package::from_files(files, &identity).unwrap();
}

/// A P-256 public key with a compressed point, as base64 of its SubjectPublicKeyInfo.
const NFC_KEY: &str = "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgACv8eXqPLLIzQR9nLNOTIsVWGcfSrTPLxTtdnDrKmSBzE=";

#[test]
fn junk_and_names_that_lead_elsewhere_are_refused() {
    for name in [".DS_Store", "__MACOSX/._icon.png", "../pass.json", "/icon.png"] {
        let mut files = folder(PASS_JSON);
        files.insert(name.to_owned(), Bytes::from_static(b"x"));
        let refusal = refusal(files);
        assert!(refusal.contains(name.rsplit('/').next().unwrap()), "{refusal}");
    }
}

#[test]
fn what_is_nobodys_business_is_not_packed() {
    let credentials = authority().issue(PASS_TYPE, TEAM);
    let key = credentials.key_pem().expose().clone().into_bytes();
    for (name, content, rule) in [
        ("notes.txt", key, "apple-source-secret"),
        ("pass.p12", credentials.p12(), "apple-source-secret"),
        (".git/config", b"[core]".to_vec(), "apple-source-private"),
        ("old.pkpass", b"PK".to_vec(), "apple-source-private"),
    ] {
        let mut files = folder(PASS_JSON);
        files.insert(name.to_owned(), content.into());
        let refusal = refusal(files);
        assert!(refusal.contains(rule) && refusal.contains(name), "{refusal}");
    }
    let mut files = folder(PASS_JSON);
    files.insert("readme.txt".to_owned(), Bytes::from_static(b"x"));
    let package = Package::from_files(files, &identity()).unwrap();
    assert!(package.report().findings.iter().any(|finding| finding.rule == "apple-source-stray"));
    let package = Package::from_files(folder(PASS_JSON), &identity()).unwrap();
    assert!(!package.report().findings.iter().any(|finding| finding.rule.starts_with("apple-source")));
}
