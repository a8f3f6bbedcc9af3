//! The newer looks, many languages and the sign-up form as packages: every file there, signed, and verified by OpenSSL.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod support;

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use support::{authority, noon, png, unzip, verify};
use walletpass_apple::{Error, Identity, Package};
use walletpass_core::{Locale, Pass};
use walletpass_testkit::Leaf;

/// Reads one of the fixtures of `walletpass-core`, with pictures large enough for every slot.
fn pass(name: &str) -> Pass {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../walletpass-core/tests/passes").join(name);
    let mut pass = Pass::from_json(&std::fs::read(path.with_extension("json")).unwrap()).unwrap();
    let picture = png(1400, 1400);
    pass.load_pictures(|_| Ok(Cursor::new(picture.clone()))).unwrap();
    pass
}

fn identity() -> Identity {
    let leaf = Leaf { nfc: true, ..Leaf::new(support::PASS_TYPE, support::TEAM) };
    authority().issue_leaf(&leaf).identity().with_clock(Arc::new(noon()))
}

/// Signs a pass, lets OpenSSL verify it, and gives its files.
fn issued(name: &str) -> BTreeMap<String, Vec<u8>> {
    let identity = identity();
    let package = Package::new(&pass(name), &identity).unwrap_or_else(|error| panic!("{name}: {error}"));
    let pkpass = identity.sign(&package).unwrap();
    let files = unzip(&pkpass);
    verify(&files["signature"], &files["manifest.json"], noon()).unwrap();
    files
}

fn json(files: &BTreeMap<String, Vec<u8>>) -> Value {
    serde_json::from_slice(&files["pass.json"]).unwrap()
}

#[test]
fn a_poster_ticket_has_its_pictures_and_the_classic_look_behind_it() {
    let files = issued("poster-ticket");
    for slot in ["artwork", "primaryLogo", "secondaryLogo"] {
        for scale in ["", "@2x", "@3x"] {
            assert!(files.contains_key(&format!("{slot}{scale}.png")), "{slot}{scale}: {:?}", files.keys());
        }
    }
    assert!(files.contains_key("venueMap.png"));
    assert_eq!(json(&files)["preferredStyleSchemes"], serde_json::json!(["posterEventTicket", "eventTicket"]));
}

#[test]
fn a_ticket_that_misses_one_fact_is_issued_and_says_which() {
    let package = Package::new(&pass("poster-ticket-without-region"), &identity()).unwrap();
    let looks: Vec<String> = package.report().looks.iter().map(ToString::to_string).collect();
    assert_eq!(
        looks,
        [
            "no posterEventTicket (iOS 18), which misses `kind.event.venue.region` (name the city or region)",
            "posterGeneric from iOS 27 on, the classic look before"
        ]
    );
    let files = issued("poster-ticket-without-region");
    assert!(json(&files).get("preferredStyleSchemes").is_none());
    assert!(json(&files)["posterGeneric"].is_object() && json(&files)["eventTicket"].is_object());
}

#[test]
fn a_semantic_boarding_pass_has_the_classic_fields_too() {
    let files = issued("semantic-flight");
    assert!(files.contains_key("primaryLogo@2x.png"));
    let json = json(&files);
    assert_eq!(json["preferredStyleSchemes"], serde_json::json!(["semanticBoardingPass", "boardingPass"]));
    assert_eq!(json["boardingPass"]["primaryFields"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_poster_card_has_its_form_and_its_artwork_by_language() {
    let files = issued("poster-card");
    let form: Value = serde_json::from_slice(&files["personalization.json"]).unwrap();
    assert_eq!(form["requiredPersonalizationFields"][1], "PKPassPersonalizationFieldEmailAddress");
    assert!(files.contains_key("personalizationLogo@3x.png"));
    // A picture at the root would hide those of the languages.
    let artwork: Vec<&str> = files.keys().map(String::as_str).filter(|name| name.contains("artwork")).collect();
    assert_eq!(
        artwork,
        [
            "de.lproj/artwork.png",
            "de.lproj/artwork@2x.png",
            "de.lproj/artwork@3x.png",
            "en.lproj/artwork.png",
            "en.lproj/artwork@2x.png",
            "en.lproj/artwork@3x.png"
        ]
    );
    let plain = authority().identity(support::PASS_TYPE, support::TEAM).with_clock(Arc::new(noon()));
    let package = Package::new(&pass("poster-card"), &plain).unwrap();
    assert!(matches!(plain.sign(&package), Err(Error::NfcNotPermitted)));
    assert!(matches!(plain.sign_personalization_token(&"t".parse().unwrap()), Err(Error::NfcNotPermitted)));
}

#[test]
fn the_token_of_a_form_is_signed_as_a_manifest_is() {
    let token = "0F7B-token-of-the-phone";
    let answer = identity().sign_personalization_token(&token.parse().unwrap()).unwrap();
    verify(&answer, token.as_bytes(), noon()).unwrap();
    assert!(verify(&answer, b"another token", noon()).is_err());
}

#[test]
fn every_language_has_every_text_and_every_picture() {
    let files = issued("four-languages");
    for locale in ["ar", "de", "en", "ja"] {
        let strings = &files[&format!("{locale}.lproj/pass.strings")];
        let table = walletpass_core::lint::apple::parse_strings(strings).unwrap();
        assert_eq!(table.len(), 7, "{locale}");
        assert!(table["You now have %@ points"].contains("%@"));
        assert!(files.contains_key(&format!("{locale}.lproj/strip@3x.png")));
    }
    assert!(!files.contains_key("strip.png"));
    let pass = pass("four-languages");
    let strip = pass.art.get(walletpass_core::Slot::Strip).unwrap();
    assert_eq!(strip.localized.keys().map(Locale::as_str).collect::<Vec<_>>(), ["ar", "ja"]);
}
