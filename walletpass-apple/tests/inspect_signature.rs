//! Signatures read back, those of other programs and broken ones.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod support;

use openssl::hash::MessageDigest;
use support::foreign::rewrapped;
use support::inspected::{files, inspect, inspect_at_signing, one, only, only_of_foreign, rules, seal, signer};
use support::{noon, verify};

#[test]
fn signatures_of_others_are_read() {
    let mut files = files();
    let manifest = files["manifest.json"].clone();
    let signed = [
        signer().sign(&manifest),
        signer().by_key_id().sign(&manifest),
        signer().without_capabilities().sign(&manifest),
        signer().sign_pkcs7(&manifest),
        signer().digest(MessageDigest::sha1()).sign_at(&manifest, noon()),
        signer().digest(MessageDigest::sha384()).sign_at(&manifest, noon()),
        signer().digest(MessageDigest::sha512()).sign_at(&manifest, noon()),
    ];
    for (index, signature) in signed.into_iter().enumerate() {
        files.insert("signature".to_owned(), signature);
        let inspection = inspect_at_signing(&files);
        assert_eq!(rules(&inspection), [""; 0], "{index}");
        assert!(inspection.passes[0].signature.as_ref().unwrap().verifies);
    }
}

#[test]
fn what_follows_the_signature_breaks_it() {
    let finding = only("apple-manifest-changed", |files| {
        let manifest: serde_json::Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
        files.insert("manifest.json".to_owned(), serde_json::to_vec_pretty(&manifest).unwrap());
    });
    assert!(finding.cause.contains("not the one that was signed"), "{finding}");
    let finding = only("apple-manifest-changed", |files| {
        files.get_mut("manifest.json").unwrap().push(b'\n');
    });
    assert!(finding.cause.contains("without its last line end"), "{finding}");
    // Text mode signs CRLF where the file has LF.
    let mut files = files();
    files.remove("signature");
    let manifest: serde_json::Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
    let manifest = serde_json::to_vec_pretty(&manifest).unwrap();
    files.insert("signature".to_owned(), signer().text_mode().sign(&manifest));
    files.insert("manifest.json".to_owned(), manifest);
    let finding = one("apple-manifest-changed", inspect_at_signing(&files));
    assert!(finding.cause.contains("CRLF"), "{finding}");
}

#[test]
fn signatures_that_are_none_are_told() {
    let der = files()["signature"].clone();
    let pem = openssl::pkcs7::Pkcs7::from_der(&der).unwrap().to_pem().unwrap();
    let base64 = openssl::base64::encode_block(&der).into_bytes();
    let mut longer = der.clone();
    longer.push(b'\n');
    let mut indefinite = der.clone();
    indefinite[1] = 0x80;
    let plain = openssl::pkcs7::Pkcs7::from_pem(&pem).unwrap();
    assert!(plain.type_().is_some());
    let cases: [(&str, Vec<u8>, &str); 8] = [
        ("apple-signature-missing", Vec::new(), "empty"),
        ("apple-signature-encoding", pem, "PEM"),
        ("apple-signature-encoding", base64, "base64"),
        ("apple-signature-encoding", b"MIME-Version: 1.0\n\n".to_vec(), "S/MIME"),
        ("apple-signature-form", longer, "1 bytes follow"),
        ("apple-signature-form", indefinite, "no CMS"),
        ("apple-signature-form", b"{}".to_vec(), "no CMS"),
        ("apple-signature-form", der[..der.len() / 2].to_vec(), "no CMS"),
    ];
    for (rule, signature, word) in cases {
        let finding = only(rule, |files| {
            files.insert("signature".to_owned(), signature);
        });
        assert!(finding.cause.contains(word), "{finding}");
    }
    only("apple-signature-missing", |files| {
        files.remove("signature");
    });
}

#[test]
fn the_form_of_a_signature_is_judged() {
    only_of_foreign("apple-signature-attached", &signer().attached());
    let finding = only_of_foreign("apple-signer-missing", &signer().without_certificates());
    assert!(finding.cause.contains("no certificate"), "{finding}");
    let mut files = files();
    seal(&mut files, &signer().without_attributes());
    let inspection = inspect(&files);
    assert!(inspection.passes[0].signature.as_ref().unwrap().verifies);
    one("apple-signature-attributes", inspection);
    let mut changed = files.clone();
    changed.get_mut("manifest.json").unwrap().push(b'\n');
    assert_eq!(rules(&inspect(&changed)), ["apple-signature-attributes", "apple-signature-invalid"]);
}

#[test]
fn values_without_a_length_are_read() {
    let mut files = files();
    let manifest = files["manifest.json"].clone();
    let signature = rewrapped(&signer().sign_at(&manifest, noon()), None);
    assert_eq!(signature[..2], [0x30, 0x80]);
    verify(&signature, &manifest, noon()).unwrap();
    files.insert("signature".to_owned(), signature);
    let inspection = inspect(&files);
    assert_eq!(rules(&inspection), [""; 0]);
    assert!(inspection.passes[0].signature.as_ref().unwrap().verifies);
}

#[test]
fn a_content_that_is_held_must_be_the_manifest() {
    let mut files = files();
    let manifest = files["manifest.json"].clone();
    let signature = signer().sign_at(&manifest, noon());
    files.insert("signature".to_owned(), rewrapped(&signature, Some(&manifest)));
    one("apple-signature-attached", inspect(&files));
    files.insert("signature".to_owned(), rewrapped(&signature, Some(b"{}")));
    let inspection = inspect(&files);
    assert_eq!(rules(&inspection), ["apple-signature-attached", "apple-manifest-changed"]);
    assert!(!inspection.passes[0].signature.as_ref().unwrap().verifies);
}

#[test]
fn two_signers_are_one_too_many() {
    let mut files = files();
    let manifest = files["manifest.json"].clone();
    files.insert("signature".to_owned(), signer().sign_twice(&manifest, noon()));
    one("apple-signature-signers", inspect_at_signing(&files));
}

#[test]
fn signatures_must_verify() {
    let finding = only("apple-signature-invalid", |files| {
        let signature = files.get_mut("signature").unwrap();
        *signature.last_mut().unwrap() ^= 1;
    });
    assert!(finding.cause.contains("Pass Type ID: pass.com.acme.library"), "{finding}");
    // The digest in the signed attributes is changed along with the manifest: the attributes are what is signed.
    let mut files = files();
    let old = openssl::sha::sha256(&files["manifest.json"]);
    let manifest = files.get_mut("manifest.json").unwrap();
    manifest.push(b' ');
    let new = openssl::sha::sha256(manifest);
    let signature = files.get_mut("signature").unwrap();
    let at = signature.windows(32).position(|window| window == old).unwrap();
    signature[at..at + 32].copy_from_slice(&new);
    let inspection = inspect(&files);
    assert!(!inspection.passes[0].signature.as_ref().unwrap().verifies);
    one("apple-signature-invalid", inspection);
}

#[test]
fn attributes_are_hashed_as_they_are_encoded() {
    let mut files = files();
    let signature = signer().sign_at(&files["manifest.json"], noon());
    files.insert("signature".to_owned(), signature);
    assert_eq!(rules(&inspect(&files)), [""; 0]);
    let signature = signer().sign_timeless(&files["manifest.json"]);
    files.insert("signature".to_owned(), signature);
    one("apple-signing-time-missing", inspect(&files));
}

#[test]
fn algorithms_are_judged() {
    let der = files()["signature"].clone();
    let replaced = |from: &[u8], to: &[u8]| {
        let mut der = der.clone();
        let at = der.windows(from.len()).rposition(|window| window == from).unwrap();
        der[at..at + to.len()].copy_from_slice(to);
        der
    };
    // rsaEncryption becomes an unknown one, then sha1WithRSAEncryption.
    for (last, word) in [(0x63, "not taken"), (0x05, "SHA-1")] {
        let rsa = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
        let mut other = rsa.to_vec();
        *other.last_mut().unwrap() = last;
        let finding = only("apple-signature-algorithm", |files| {
            files.insert("signature".to_owned(), replaced(rsa, &other));
        });
        assert!(finding.cause.contains(word), "{finding}");
    }
    // SHA-256 becomes SHA-224.
    let sha256 = b"\x60\x86\x48\x01\x65\x03\x04\x02\x01";
    let finding = only("apple-signature-algorithm", |files| {
        files.insert("signature".to_owned(), replaced(sha256, b"\x60\x86\x48\x01\x65\x03\x04\x02\x04"));
    });
    assert!(finding.cause.contains("digest"), "{finding}");
}
