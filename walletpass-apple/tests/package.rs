//! The package and its archive, read back by others.
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

use support::{PASS_TYPE, TEAM, at, authority, identity, noon, package, pass, picture, plain_artwork, unzip};
use walletpass_apple::{Error, Package, Pkpass};
use walletpass_core::{Extra, Slot};
use walletpass_testkit::Leaf;

#[test]
fn equal_input_gives_equal_bytes() {
    let identity = identity();
    let pass = pass().picture(Slot::Logo, picture(320, 100));
    let [first, second] = [(); 2].map(|()| Package::new(&pass, &identity).unwrap());
    let signed = identity.sign(&first).unwrap().to_vec();
    assert_eq!(identity.sign(&first).unwrap().to_vec(), signed, "the same package twice");
    assert_eq!(identity.sign(&second).unwrap().to_vec(), signed, "the same pass twice");
    let later = identity.with_clock(Arc::new(at("2026-05-04T12:00:01Z")));
    assert_ne!(later.sign(&first).unwrap().to_vec(), signed, "another second");
}

#[test]
fn the_manifest_covers_every_file() {
    let identity = identity();
    let pass = pass().picture(Slot::Logo, picture(320, 100)).picture(Slot::Thumbnail, picture(90, 90));
    let mut files = unzip(&identity.sign(&Package::new(&pass, &identity).unwrap()).unwrap());
    files.remove("signature").unwrap();
    let manifest = files.remove("manifest.json").unwrap();
    let manifest: BTreeMap<String, String> = serde_json::from_slice(&manifest).unwrap();
    let digest = |data: &Vec<u8>| openssl::sha::sha1(data).iter().map(|byte| format!("{byte:02x}")).collect();
    let expected: BTreeMap<String, String> = files.iter().map(|(name, data)| (name.clone(), digest(data))).collect();
    assert_eq!(manifest, expected);
    for name in ["pass.json", "icon.png", "logo@2x.png", "thumbnail.png", "de.lproj/pass.strings"] {
        assert!(files.contains_key(name), "{name}: {:?}", files.keys());
    }
}

#[test]
fn pass_json_is_compact_sorted_and_stored_as_it_is() {
    let identity = identity();
    let package = package(&identity);
    let files = unzip(&identity.sign(&package).unwrap());
    assert_eq!(package.pass_json(), &files["pass.json"]);
    assert_eq!(package.manifest(), &files["manifest.json"]);
    let value: serde_json::Value = serde_json::from_slice(package.pass_json()).unwrap();
    assert_eq!(value.to_string().as_bytes(), package.pass_json());
    assert_eq!(value["passTypeIdentifier"], PASS_TYPE);
    assert_eq!(value["teamIdentifier"], TEAM);
}

#[test]
fn translations_are_utf16_with_a_byte_order_mark() {
    let identity = identity();
    let files = unzip(&identity.sign(&package(&identity)).unwrap());
    let bytes = &files["de.lproj/pass.strings"];
    let units: Vec<u16> = bytes.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    let text = String::from_utf16(&units).unwrap();
    assert!(text.starts_with('\u{feff}'), "{text}");
    assert!(text.contains("\"Reader's card\" = \"Leseausweis \\\"L\\\"\";\n"), "{text}");
}

#[test]
fn passes_share_their_pictures() {
    let identity = identity();
    let package = package(&identity);
    let [first, second] = [(); 2].map(|()| identity.sign(&package).unwrap());
    let picture_chunk = |pkpass: &Pkpass| pkpass.chunks()[0].as_ptr();
    assert_eq!(picture_chunk(&first), picture_chunk(&second));
    let (_, icon) = plain_artwork().files().next().unwrap();
    assert!(first.chunks()[0].as_ptr_range().contains(&icon.as_ptr()));
}

#[test]
fn a_rope_is_its_bytes() {
    let identity = identity();
    let pkpass = identity.sign(&package(&identity)).unwrap();
    let mut written = Vec::new();
    pkpass.write_to(&mut written).unwrap();
    assert_eq!(written, pkpass.to_vec());
    assert_eq!(written.len(), pkpass.len());
    assert_eq!(format!("{pkpass:?}"), format!("Pkpass({} bytes)", written.len()));
    assert_eq!(Pkpass::FILE_EXTENSION, "pkpass");
}

#[test]
fn another_identity_may_not_sign() {
    let identity = identity();
    let others = [("pass.org.example.other", TEAM), (PASS_TYPE, "Z9Z9Z9Z9Z9")];
    for (pass_type, team) in others {
        let other = authority().identity(pass_type, team).with_clock(Arc::new(noon()));
        let error = other.sign(&package(&identity)).unwrap_err();
        assert!(matches!(error, Error::IdentityMismatch { .. }), "{error}");
        let message = error.to_string();
        assert!([PASS_TYPE, TEAM, pass_type, team].iter().all(|part| message.contains(part)), "{message}");
    }
}

#[test]
fn nfc_takes_a_certificate_for_it() {
    let plain = identity();
    let nfc = authority().issue_leaf(&Leaf { nfc: true, ..Leaf::new(PASS_TYPE, TEAM) }).identity();
    let mut extra = Extra::default();
    extra.apple.insert("nfc".to_owned(), serde_json::json!({ "message": "4711", "encryptionPublicKey": NFC_KEY }));
    let package = Package::with_artwork(&pass().extra(extra), &plain, plain_artwork()).unwrap();
    assert!(matches!(plain.sign(&package), Err(Error::NfcNotPermitted)));
    nfc.with_clock(Arc::new(noon())).sign(&package).unwrap();
}

#[test]
fn debug_shows_no_token() {
    let mut extra = Extra::default();
    extra.apple.insert("webServiceURL".to_owned(), "https://pass.acme.com/".into());
    extra.apple.insert("authenticationToken".to_owned(), "a-token-nobody-may-see".into());
    let package = Package::with_artwork(&pass().extra(extra), &identity(), plain_artwork()).unwrap();
    assert!(!format!("{package:?}").contains("a-token") && !format!("{package:?}").contains("97, 45, 116"));
}

#[test]
fn what_a_phone_would_refuse_is_refused() {
    let identity = identity();
    let mut extra = Extra::default();
    extra.apple.insert("maxDistance".to_owned(), "near".into());
    let pass = pass().extra(extra);
    for error in [
        Package::new(&pass, &identity).unwrap_err(),
        Package::with_artwork(&pass, &identity, plain_artwork()).unwrap_err(),
    ] {
        assert!(error.to_string().contains("maxDistance"), "{error}");
        let Error::Refused { report } = error else { panic!("{error}") };
        assert!(report.has_errors());
    }
}

/// A P-256 public key with a compressed point, as base64 of its SubjectPublicKeyInfo.
const NFC_KEY: &str = "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgACv8eXqPLLIzQR9nLNOTIsVWGcfSrTPLxTtdnDrKmSBzE=";
