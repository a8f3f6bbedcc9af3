//! Loading credentials: what people have, and what goes wrong with it.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod support;

use std::collections::BTreeSet;
use std::error::Error as _;
use std::sync::Arc;

use support::chain::{INTERMEDIATE, Keys, LEAF, Spec};
use support::{PASS_TYPE, TEAM, at, authority, noon, package};
use walletpass_apple::{Error, Identity};
use walletpass_core::Secret;
use walletpass_testkit::{Authority, KeyKind, Leaf};

#[test]
fn a_p12_loads_with_and_without_its_intermediate() {
    let credentials = authority().issue(PASS_TYPE, TEAM);
    let identity = Identity::from_p12(&credentials.p12(), credentials.passphrase(), &[]).unwrap();
    assert_eq!((identity.pass_type().as_str(), identity.team().as_str()), (PASS_TYPE, TEAM));
    assert!(!identity.nfc());
    assert_eq!(identity.expires(), at("2045-01-01T00:00:00Z"));
    assert_eq!(identity.intermediate_expires(), at("2050-01-01T00:00:00Z"));

    let bare = credentials.p12_without_intermediate();
    let error = Identity::from_p12(&bare, credentials.passphrase(), &[]).unwrap_err();
    assert!(matches!(error, Error::IntermediateMissing { .. }), "{error}");
    for intermediate in [authority().intermediate_der(), authority().intermediate_pem().into_bytes()] {
        Identity::from_p12(&bare, credentials.passphrase(), &[&intermediate]).unwrap();
    }
}

#[test]
fn of_several_intermediates_one_that_is_valid_is_taken() {
    let keys = Keys::new();
    let leaf = keys.certificate(2, 1, &LEAF).to_pem().unwrap();
    let key = keys.0[2].private_key_to_pem_pkcs8().unwrap();
    let [old, older, sound] = [(2010, 2020), (2005, 2015), (2020, 2050)]
        .map(|years| keys.certificate(1, 0, &Spec { years, ..INTERMEDIATE }).to_pem().unwrap());
    let load = |given: &[&[u8]]| Identity::from_pem(&leaf, &key, None, given);
    for given in [[&old, &sound], [&sound, &old]] {
        let identity = load(&given.map(Vec::as_slice)).unwrap();
        assert_eq!(identity.intermediate_expires(), at("2050-01-01T00:00:00Z"));
    }
    let identity = load(&[&older, &old]).unwrap().with_clock(Arc::new(noon()));
    assert_eq!(identity.intermediate_expires(), at("2020-01-01T00:00:00Z"));
    let error = identity.sign(&package(&identity)).unwrap_err().to_string();
    assert!(
        error.contains("intermediate certificate expired") && error.contains("download the current one"),
        "{error}"
    );
    // Of the same key, and no authority, or of another name.
    for spec in [Spec { is_authority: false, ..INTERMEDIATE }, Spec { subject: "Somebody Else", ..INTERMEDIATE }] {
        let error = load(&[&keys.certificate(1, 0, &spec).to_pem().unwrap()]).unwrap_err();
        assert!(matches!(error, Error::IntermediateMissing { .. }), "{error}");
    }
}

#[test]
fn a_p12_as_keychain_exports_it_loads() {
    let p12 = include_bytes!("fixtures/keychain.p12");
    let identity = Identity::from_p12(p12, &Secret::from("keychain"), &[]).unwrap();
    assert_eq!(identity.pass_type().as_str(), "pass.org.example.fixture");
}

#[test]
fn pem_loads_in_all_its_forms() {
    for key in [KeyKind::Rsa, KeyKind::Ec] {
        let credentials = authority().issue_leaf(&Leaf { key, ..Leaf::new(PASS_TYPE, TEAM) });
        let (certificate, intermediate) = (credentials.certificate_pem(), authority().intermediate_pem());
        let bags = format!("Bag Attributes\n    friendlyName: Pass Type ID\nsubject=/UID=x\n{certificate}");
        let chain = format!("{intermediate}Bag Attributes: none\n{bags}");
        let load = |certificate: &[u8], key: Secret<String>, passphrase, intermediates: &[&[u8]]| {
            Identity::from_pem(certificate, key.expose().as_bytes(), passphrase, intermediates).unwrap()
        };
        let given: &[&[u8]] = &[intermediate.as_bytes()];
        load(&credentials.certificate_der(), credentials.key_pem(), None, given);
        load(bags.as_bytes(), credentials.key_pem_traditional(), None, given);
        load(chain.as_bytes(), credentials.key_pem_encrypted(), Some(credentials.passphrase()), &[]);
        // One file with everything, given twice.
        let all = format!("{}{chain}", credentials.key_pem().expose());
        load(all.as_bytes(), Secret::new(all.clone()), None, &[]);
    }
}

#[test]
fn of_a_renewed_certificate_the_last_counts() {
    let nfc = authority().issue_leaf(&Leaf { nfc: true, ..Leaf::new(PASS_TYPE, TEAM) });
    let other = authority().issue(PASS_TYPE, TEAM);
    let both = format!("{}{}{}", other.certificate_pem(), nfc.certificate_pem(), authority().intermediate_pem());
    let identity = Identity::from_pem(both.as_bytes(), nfc.key_pem().expose().as_bytes(), None, &[]).unwrap();
    assert!(identity.nfc());
}

#[test]
fn the_intermediate_is_chosen_by_key_and_signature() {
    let credentials = authority().issue(PASS_TYPE, TEAM);
    let stranger = Authority::new();
    let p12 = credentials.p12_without_intermediate();
    let (wrong, right) = (stranger.intermediate_der(), authority().intermediate_der());
    Identity::from_p12(&p12, credentials.passphrase(), &[&wrong, &right]).unwrap();
    // The wrong one does no harm where the P12 holds the right one.
    Identity::from_p12(&credentials.p12(), credentials.passphrase(), &[&wrong]).unwrap();
}

#[test]
fn each_broken_set_has_its_own_message() {
    let authority = authority();
    let good = authority.issue(PASS_TYPE, TEAM);
    let (p12, passphrase) = (good.p12(), good.passphrase());
    let intermediate = authority.intermediate_der();
    let leaf = || Leaf::new(PASS_TYPE, TEAM);
    let load = |leaf: Leaf| {
        let credentials = authority.issue_leaf(&leaf);
        Identity::from_p12(&credentials.p12(), credentials.passphrase(), &[])
    };
    let pem = |certificate: &str, key: &str, passphrase| {
        Identity::from_pem(certificate.as_bytes(), key.as_bytes(), passphrase, &[&intermediate])
    };
    let sign_at = |identity: Identity, now: &str| {
        let identity = identity.with_clock(Arc::new(at(now)));
        identity.sign(&package(&identity)).map(|_| identity)
    };
    let (certificate, key) = (good.certificate_pem(), good.key_pem());
    let other_key = authority.issue(PASS_TYPE, TEAM).key_pem();
    let stranger = Authority::new().intermediate_der();
    let wrong = Secret::from("wrong");

    let cases: [(&str, &str, Result<Identity, Error>); 20] = [
        ("wrong passphrase of a P12", "passphrase is wrong", Identity::from_p12(&p12, &wrong, &[])),
        ("not a P12", "not a P12", Identity::from_p12(certificate.as_bytes(), passphrase, &[])),
        ("cut-off P12", "not a P12", Identity::from_p12(&p12[..p12.len() / 2], passphrase, &[])),
        ("no key in the P12", "no private key, only", Identity::from_p12(&without_key(), &Secret::from("x"), &[])),
        ("no key in the PEM", "no private key in the PEM", pem(&certificate, &certificate, None)),
        ("key of another certificate", "does not belong", pem(&certificate, other_key.expose(), None)),
        ("wrong kind of certificate", "marker extension", load(Leaf { marker: None, ..leaf() })),
        ("wrong usage", "key usage", load(Leaf { pass_usage: false, ..leaf() })),
        ("missing UID", "(UID)", load(Leaf { uid: None, ..leaf() })),
        ("illegal UID", "(UID)", load(Leaf { uid: Some("com.example".into()), ..leaf() })),
        ("illegal OU", "(OU)", load(Leaf { team: "Engineering".into(), ..leaf() })),
        ("marker of another pass type", "contradicts", load(Leaf { marker: Some("pass.b".into()), ..leaf() })),
        ("weak key", "1024 bits", load(Leaf { key: KeyKind::RsaWeak, ..leaf() })),
        (
            "wrong intermediate",
            "apple.com/certificateauthority",
            Identity::from_p12(&good.p12_without_intermediate(), passphrase, &[&stranger]),
        ),
        ("garbage as intermediate", "certificate number 2", Identity::from_p12(&p12, passphrase, &[&stranger, b"x"])),
        ("expired leaf", "expired on 2045-01-01", sign_at(good.identity(), "2045-01-01T00:00:01Z")),
        ("leaf of tomorrow", "valid from 2025-01-01", sign_at(good.identity(), "2024-12-31T23:59:59Z")),
        ("PEM garbage", "neither PEM nor DER", pem("-----BEGIN CERTIFICATE-----\n!\n", key.expose(), None)),
        (
            "encrypted key, no passphrase",
            "give its passphrase",
            pem(&certificate, good.key_pem_encrypted().expose(), None),
        ),
        (
            "encrypted key, wrong passphrase",
            "passphrase is wrong",
            pem(&certificate, good.key_pem_encrypted().expose(), Some(&wrong)),
        ),
    ];
    let mut messages = BTreeSet::new();
    for (case, hint, result) in cases {
        let error = result.map(|_| ()).expect_err(case);
        let message = error.to_string();
        assert!(message.contains(hint), "{case}: {message}");
        let all = format!("{message} {error:?} {:?}", error.source().map(ToString::to_string));
        for secret in ["correct horse", "PRIVATE KEY-----\n", &key.expose()[60..120]] {
            assert!(!all.contains(secret), "{case}: {all}");
        }
        messages.insert(message);
    }
    // A damaged P12 reads like none, a wrong passphrase is one whatever it opens, and so is a UID.
    assert_eq!(messages.len(), 20 - 3);
}

#[test]
fn damaged_credentials_are_refused_without_a_panic() {
    let credentials = authority().issue_leaf(&Leaf { key: KeyKind::Ec, ..Leaf::new(PASS_TYPE, TEAM) });
    let (key, intermediate) = (credentials.key_pem(), authority().intermediate_der());
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let mut damaged = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        for _ in 0..=random(3) {
            let index = random(bytes.len());
            bytes[index] = random(256) as u8;
        }
        bytes
    };
    let der = credentials.certificate_der();
    let marker = der.windows(2).rposition(|pair| pair == [0x0c, PASS_TYPE.len() as u8]).unwrap();
    for tag in 0..=u8::MAX {
        // Every type that the value of the marker could be of.
        let mut certificate = der.clone();
        certificate[marker] = tag;
        let _ = Identity::from_pem(&certificate, key.expose().as_bytes(), None, &[&intermediate]);
    }
    for _ in 0..2_000 {
        let _ = Identity::from_pem(&damaged(&der), key.expose().as_bytes(), None, &[&damaged(&intermediate)]);
    }
    for _ in 0..100 {
        let _ = Identity::from_pem(&der, &damaged(key.expose().as_bytes()), None, &[&intermediate]);
        let _ = Identity::from_p12(&damaged(&credentials.p12()), credentials.passphrase(), &[]);
    }
}

#[test]
fn an_intermediate_ends_before_its_leaf() {
    let leaf = Leaf { not_after: at("2060-01-01T00:00:00Z"), ..Leaf::new(PASS_TYPE, TEAM) };
    let identity = authority().issue_leaf(&leaf).identity().with_clock(Arc::new(at("2055-01-01T00:00:00Z")));
    let error = identity.sign(&package(&identity)).unwrap_err();
    assert!(error.to_string().starts_with("the intermediate certificate expired on 2050-01-01"), "{error}");
}

#[test]
fn nothing_shows_the_key() {
    let credentials = authority().issue(PASS_TYPE, TEAM);
    let identity = credentials.identity().with_clock(Arc::new(noon()));
    let shown = format!("{identity:?} {credentials:?} {:?} {:?}", authority(), package(&identity));
    assert!(shown.contains(PASS_TYPE), "{shown}");
    assert!(!shown.contains("PRIVATE") && !shown.contains("correct horse"), "{shown}");
    let pem = credentials.key_pem();
    let secret = openssl::rsa::Rsa::private_key_from_pem(pem.expose().as_bytes()).unwrap();
    for part in [secret.d(), secret.p().unwrap(), secret.q().unwrap()] {
        let bytes = part.to_vec();
        let hex = part.to_hex_str().unwrap().to_string();
        assert!(!shown.contains(&hex[..16]) && !shown.contains(&hex.to_lowercase()[..16]));
        assert!(!shown.contains(&format!("{:?}", &bytes[..8]).trim_matches(['[', ']']).to_owned()));
    }
}

/// A P12 with a certificate only.
fn without_key() -> Vec<u8> {
    let certificate = authority().issue(PASS_TYPE, TEAM).certificate_der();
    let mut store = p12_keystore::KeyStore::new();
    let entry = p12_keystore::Certificate::from_der(&certificate).unwrap();
    store.add_entry("pass", p12_keystore::KeyStoreEntry::Certificate(entry));
    store.writer("x").write().unwrap()
}

#[test]
fn a_certificate_is_no_p12() {
    let certificate = authority().issue_leaf(&Leaf::new(PASS_TYPE, TEAM)).certificate_der();
    let error = Identity::from_p12(&certificate, &Secret::from(""), &[]).unwrap_err();
    assert!(matches!(error, Error::KeyMissing), "{error}");
}

#[test]
fn line_breaks_lost_to_an_environment_variable_are_mended() {
    let good = authority().issue_leaf(&Leaf::new(PASS_TYPE, TEAM));
    let escaped = |pem: &[u8]| String::from_utf8(pem.to_vec()).unwrap().replace('\n', "\\n").into_bytes();
    let intermediate = authority().intermediate_der();
    let (certificate, key) = (good.certificate_pem(), good.key_pem());
    Identity::from_pem(&escaped(certificate.as_ref()), &escaped(key.expose().as_ref()), None, &[&intermediate])
        .unwrap();
}
