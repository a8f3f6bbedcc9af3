//! The signature, judged by OpenSSL.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod support;

use std::sync::Arc;

use support::{PASS_TYPE, TEAM, at, authority, identity, noon, package, unzip, verify};
use walletpass_apple::Identity;
use walletpass_core::port::{Algorithm, SigningError, SigningKey};
use walletpass_testkit::{Credentials, KeyKind, Leaf};

#[test]
fn openssl_verifies_signatures_of_rsa_and_ec_keys() {
    for key in [KeyKind::Rsa, KeyKind::Ec] {
        let leaf = Leaf { key, ..Leaf::new(PASS_TYPE, TEAM) };
        let identity = authority().issue_leaf(&leaf).identity().with_clock(Arc::new(noon()));
        let files = unzip(&identity.sign(&package(&identity)).unwrap());
        let (signature, manifest) = (&files["signature"], &files["manifest.json"]);
        verify(signature, manifest, noon()).unwrap_or_else(|error| panic!("{key:?}: {error}"));
        assert_eq!(package(&identity).manifest(), manifest);
    }
}

#[test]
fn any_change_of_the_manifest_breaks_the_signature() {
    let identity = identity();
    let files = unzip(&identity.sign(&package(&identity)).unwrap());
    let (signature, manifest) = (&files["signature"], &files["manifest.json"]);
    for index in [0, manifest.len() / 2, manifest.len() - 1] {
        let mut changed = manifest.clone();
        changed[index] ^= 1;
        verify(signature, &changed, noon()).unwrap_err();
    }
    let mut longer = manifest.clone();
    longer.push(b'\n');
    verify(signature, &longer, noon()).unwrap_err();
}

#[test]
fn signatures_are_der_and_say_when_they_were_made() {
    let now = at("2049-12-31T23:59:59Z");
    let leaf = Leaf { not_after: at("2060-01-01T00:00:00Z"), ..Leaf::new(PASS_TYPE, TEAM) };
    let identity = authority().issue_leaf(&leaf).identity().with_clock(Arc::new(now));
    let signature = unzip(&identity.sign(&package(&identity)).unwrap())["signature"].clone();
    verify(&signature, package(&identity).manifest(), now).unwrap();
    // OpenSSL writes DER, so what it read was DER if it writes the same.
    let read = openssl::cms::CmsContentInfo::from_der(&signature).unwrap();
    assert_eq!(read.to_der().unwrap(), signature);
    let signing_time = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x05\x31\x0f\x17\x0d491231235959Z";
    assert!(signature.windows(signing_time.len()).any(|window| window == signing_time));
}

#[test]
fn a_key_elsewhere_signs_too() {
    let credentials = authority().issue(PASS_TYPE, TEAM);
    let key = Arc::new(Elsewhere::of(&credentials));
    let intermediate = authority().intermediate_der();
    let identity = Identity::from_signing_key(&credentials.certificate_der(), key, &[&intermediate]).unwrap();
    let identity = identity.with_clock(Arc::new(noon()));
    let files = unzip(&identity.sign(&package(&identity)).unwrap());
    verify(&files["signature"], &files["manifest.json"], noon()).unwrap();

    let other = authority().issue(PASS_TYPE, TEAM);
    let stranger = Arc::new(Elsewhere::of(&other));
    let error = Identity::from_signing_key(&credentials.certificate_der(), stranger, &[&intermediate]).unwrap_err();
    assert!(matches!(error, walletpass_apple::Error::KeyMismatch { .. }), "{error}");
}

#[test]
fn a_key_out_of_reach_is_told_with_its_cause() {
    let credentials = authority().issue(PASS_TYPE, TEAM);
    let error = Identity::from_signing_key(&credentials.certificate_der(), Arc::new(OutOfReach), &[]).unwrap_err();
    assert!(matches!(error, walletpass_apple::Error::Signing(_)), "{error}");
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "connection refused");
}

/// A key as a KMS would offer it: by its signatures only.
struct Elsewhere(openssl::pkey::PKey<openssl::pkey::Private>);

impl Elsewhere {
    fn of(credentials: &Credentials) -> Self {
        let pem = credentials.key_pem();
        Self(openssl::pkey::PKey::private_key_from_pem(pem.expose().as_bytes()).unwrap())
    }
}

impl SigningKey for Elsewhere {
    fn algorithm(&self) -> Algorithm {
        Algorithm::RsaSha256
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        let mut signer = openssl::sign::Signer::new(openssl::hash::MessageDigest::sha256(), &self.0).unwrap();
        signer.sign_oneshot_to_vec(message).map_err(SigningError::new)
    }
}

impl std::fmt::Debug for Elsewhere {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Elsewhere")
    }
}

#[derive(Debug)]
struct OutOfReach;

impl SigningKey for OutOfReach {
    fn algorithm(&self) -> Algorithm {
        Algorithm::RsaSha256
    }

    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, SigningError> {
        Err(SigningError::new("connection refused"))
    }
}
