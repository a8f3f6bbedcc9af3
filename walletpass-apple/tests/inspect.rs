//! Packages read back: sound ones are silent, and each break of files and manifest is told by its rule alone.
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

use support::foreign::manifest_of;
use support::inspected::{files, inspect, inspect_at_signing, inspector, one, only, rules, seal, signer};
use support::{PASS_TYPE, TEAM, authority, noon, package};
use walletpass_testkit::{KeyKind, Leaf};

#[test]
fn our_packages_are_sound() {
    for kind in [KeyKind::Rsa, KeyKind::Ec] {
        let leaf = Leaf { key: kind, ..Leaf::new(PASS_TYPE, TEAM) };
        let identity = authority().issue_leaf(&leaf).identity().with_clock(Arc::new(noon()));
        let archive = identity.sign(&package(&identity)).unwrap().to_vec();
        let inspection = inspector().inspect(&archive).unwrap();
        assert_eq!(rules(&inspection), [""; 0]);
        assert!(!inspection.is_bundle && !inspection.has_errors());
        let pass = &inspection.passes[0];
        let signature = pass.signature.as_ref().unwrap();
        assert!(signature.verifies && signature.is_trusted);
        assert_eq!(signature.signed_at, Some(noon()));
        assert_eq!(signature.digest, Some("SHA-256"));
        assert_eq!(signature.authorities.last().map(String::as_str), Some("Testkit Root CA"));
        let signer = signature.signer.as_ref().unwrap();
        assert_eq!((signer.pass_type.as_deref(), signer.team.as_deref()), (Some(PASS_TYPE), Some(TEAM)));
        assert_eq!(pass.summary.serial.as_deref(), Some("reader-4711"));
        assert_eq!(pass.summary.languages, ["de", "en"]);
        assert_eq!(pass.summary.pictures.len(), 3);
        assert_eq!(pass.summary.pictures[0].pixels, Some((38, 38)));
        assert_eq!(pass.pass_json.as_ref().unwrap()["organizationName"], "Town Library");
    }
}

#[test]
fn files_and_manifest_must_agree() {
    let finding = only("apple-manifest-unlisted", |files| {
        files.insert("notes.txt".to_owned(), b"draft".to_vec());
    });
    assert_eq!(finding.path, "notes.txt");
    let files = with_manifest(|files| {
        let mut manifest: serde_json::Value = serde_json::from_slice(&manifest_of(files)).unwrap();
        manifest["gone.txt"] = "0".repeat(40).into();
        manifest.to_string().into_bytes()
    });
    let finding = one("apple-manifest-orphan", inspect_at_signing(&files));
    assert_eq!(finding.path, "gone.txt");
    let finding = only("apple-manifest-hash", |files| {
        files.get_mut("icon.png").unwrap().push(0);
    });
    assert_eq!(finding.path, "icon.png");
    only("apple-manifest-missing", |files| {
        files.remove("manifest.json");
    });
    let finding = only("apple-manifest-hash", |files| {
        let strings = files.get_mut("de.lproj/pass.strings").unwrap();
        let text: Vec<u16> = strings.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        *strings = String::from_utf16(&text).unwrap().into_bytes();
    });
    assert_eq!(finding.path, "de.lproj/pass.strings");
}

fn with_manifest(manifest: impl FnOnce(&BTreeMap<String, Vec<u8>>) -> Vec<u8>) -> BTreeMap<String, Vec<u8>> {
    let mut files = files();
    files.remove("signature");
    files.remove("manifest.json");
    let manifest = manifest(&files);
    files.insert("signature".to_owned(), signer().sign(&manifest));
    files.insert("manifest.json".to_owned(), manifest);
    files
}

type Files = BTreeMap<String, Vec<u8>>;
type Digest = Box<dyn Fn(&[u8]) -> String>;

#[test]
fn odd_hashes_are_recognised() {
    use openssl::hash::{MessageDigest, hash};
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let sha1 = |data: &[u8]| hash(MessageDigest::sha1(), data).unwrap();
    let cases: [(Digest, &str); 5] = [
        (Box::new(move |data| hex(&hash(MessageDigest::sha256(), data).unwrap())), "SHA-256"),
        (Box::new(move |data| hex(&sha1(data)).to_uppercase()), "capitals"),
        (Box::new(move |data| openssl::base64::encode_block(&sha1(data))), "base64"),
        (Box::new(move |data| hex(&sha1(&[data, b"\n"].concat()))), "with a line end more"),
        (Box::new(move |_| "0".repeat(40)), "0000"),
    ];
    for (digest, word) in cases {
        let files = with_manifest(|files| {
            let mut manifest: serde_json::Value = serde_json::from_slice(&manifest_of(files)).unwrap();
            manifest["icon.png"] = digest(&files["icon.png"]).into();
            manifest.to_string().into_bytes()
        });
        let finding = one("apple-manifest-hash", inspect_at_signing(&files));
        assert!(finding.cause.contains(word), "{finding}");
    }
}

#[test]
fn a_manifest_is_an_object_of_strings() {
    let bad: [fn(&Files) -> Vec<u8>; 3] = [
        |files| [manifest_of(files).as_slice(), b","].concat(),
        |_| b"[]".to_vec(),
        |files| {
            let text = String::from_utf8(manifest_of(files)).unwrap();
            text.replacen('{', "{\"icon.png\":\"x\",", 1).into_bytes()
        },
    ];
    for manifest in bad {
        let finding = one("apple-manifest-json", inspect_at_signing(&with_manifest(manifest)));
        assert!(!finding.cause.contains("pass.json"), "{finding}");
    }
    let files = with_manifest(|files| {
        let mut manifest: serde_json::Value = serde_json::from_slice(&manifest_of(files)).unwrap();
        manifest["icon.png"] = 17.into();
        manifest.to_string().into_bytes()
    });
    let finding = one("apple-manifest-json", inspect_at_signing(&files));
    assert!(finding.cause.contains("icon.png"), "{finding}");
    let files = with_manifest(|files| {
        let mut manifest: serde_json::Value = serde_json::from_slice(&manifest_of(files)).unwrap();
        manifest["gone.png"] = 7.into();
        manifest["manifest.json"] = "0".into();
        manifest.to_string().into_bytes()
    });
    let found = rules(&inspect_at_signing(&files));
    assert_eq!(found, ["apple-manifest-json", "apple-manifest-orphan", "apple-manifest-orphan"]);
}

#[test]
fn a_manifest_of_orphans_takes_no_quadratic_work() {
    let files = with_manifest(|files| {
        let mut manifest: serde_json::Value = serde_json::from_slice(&manifest_of(files)).unwrap();
        manifest["ICON.PNG"] = "0".into();
        for number in 0..40_000 {
            manifest[format!("orphan-{number}")] = "0".into();
        }
        manifest.to_string().into_bytes()
    });
    let mut files = files;
    for number in 0..1_500 {
        files.insert(format!("unlisted-{number}-{}", "x".repeat(200)), Vec::new());
    }
    // Comparing each with each would take minutes.
    let inspection = inspect(&files);
    assert_eq!(rules(&inspection).last(), Some(&"apple-package-too-many-findings"));
    let near = with_manifest(|files| {
        String::from_utf8(manifest_of(files)).unwrap().replace("icon.png", "Icon.PNG").into_bytes()
    });
    let inspection = inspect_at_signing(&near);
    let finding = inspection.all_findings().find(|finding| finding.rule == "apple-manifest-orphan").unwrap();
    assert!(finding.cause.contains("`icon.png` instead"), "{finding}");
}

#[test]
fn a_package_without_pass_json_is_told() {
    let sealed = |rename: fn(&str) -> Option<String>| {
        let old = files();
        let mut files: BTreeMap<String, Vec<u8>> =
            old.into_iter().filter_map(|(name, data)| Some((rename(&name)?, data))).collect();
        seal(&mut files, &signer());
        inspect_at_signing(&files)
    };
    one("apple-pass-json-missing", sealed(|name| (name != "pass.json").then(|| name.to_owned())));
    let finding = one("apple-pass-json-missing", sealed(|name| Some(name.replace("pass.json", "Pass.json"))));
    assert!(finding.cause.contains("`Pass.json`"), "{finding}");
    // A folder around it all, with what macOS packs beside it.
    let mut files: BTreeMap<String, Vec<u8>> =
        files().into_iter().map(|(name, data)| (format!("card.pass/{name}"), data)).collect();
    let inspection = inspect(&files);
    assert_eq!(inspection.passes[0].summary.serial.as_deref(), Some("reader-4711"));
    let finding = one("apple-pass-json-missing", inspection);
    assert!(finding.cause.contains("`card.pass/`"), "{finding}");
    files.insert("__MACOSX/card.pass/._icon.png".to_owned(), b"x".to_vec());
    assert_eq!(rules(&inspect(&files))[..2], ["apple-pass-json-missing", "apple-manifest-unlisted"]);
}

#[test]
fn the_lint_speaks_too() {
    let mut files = files();
    let pass = String::from_utf8(files["pass.json"].clone()).unwrap();
    files.insert("pass.json".to_owned(), pass.replacen('{', "{\"maxDistance\":\"near\",", 1).into_bytes());
    seal(&mut files, &signer());
    assert_eq!(rules(&inspect_at_signing(&files)), ["apple-max-distance"]);
    files.insert("pass.json".to_owned(), pass.replacen('{', "{,", 1).into_bytes());
    seal(&mut files, &signer());
    let inspection = inspect_at_signing(&files);
    assert_eq!(rules(&inspection), ["apple-strict-json"]);
    assert!(inspection.passes[0].pass_json.is_none());
}

#[test]
fn debug_shows_no_secret() {
    let mut files = files();
    let pass = String::from_utf8(files["pass.json"].clone()).unwrap();
    let more = r#"{"webServiceURL":"https://pass.acme.com/","authenticationToken":"a-token-nobody-may-see","#;
    files.insert("pass.json".to_owned(), pass.replacen('{', more, 1).into_bytes());
    seal(&mut files, &signer());
    let inspection = inspect_at_signing(&files);
    assert_eq!(rules(&inspection), [""; 0]);
    assert_eq!(inspection.passes[0].pass_json.as_ref().unwrap()["authenticationToken"], "a-token-nobody-may-see");
    assert!(!format!("{inspection:?}").contains("a-token"));
}
