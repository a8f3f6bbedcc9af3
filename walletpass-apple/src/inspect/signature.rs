//! Judges the signature of a package: its form, what it signs, and whether it verifies.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use openssl::hash::{MessageDigest, hash};
use openssl::pkey::Id;
use openssl::sign::Verifier;
use x509_parser::asn1_rs::{Oid, oid};

use super::chain;
use super::findings::Findings;
use super::manifest::{SIGNATURE, rewritten};
use super::rules;
use super::signed_data::{DATA, Fault, SignedData, SignerId, SignerInfo};
use super::{Roots, leaf};
use crate::certificate::Certificate;

/// What the signature of a package says, as far as it can be read.
///
/// None of it is to be relied on unless [`verifies`](Signature::verifies) and [`is_trusted`](Signature::is_trusted) hold.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Signature {
    /// When it says that it was made.
    pub signed_at: Option<DateTime<Utc>>,
    /// The digest algorithm: `SHA-256`.
    pub digest: Option<&'static str>,
    /// The certificate of the signer, if the signature carries it.
    pub signer: Option<Signer>,
    /// The common names of the authorities, from the issuer of the signer's certificate up to the root.
    pub authorities: Vec<String>,
    /// Whether it was made over this very manifest, with the key of the signer's certificate.
    pub verifies: bool,
    /// Whether the certificates lead to a root that is trusted.
    pub is_trusted: bool,
}

/// Reads from the signer up to the root.
impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.signer.as_ref().map_or("an unknown signer", |signer| signer.name.as_str());
        write!(f, "signed by {name}")?;
        if let Some(at) = self.signed_at {
            write!(f, " at {at}")?;
        }
        for authority in &self.authorities {
            write!(f, " < {authority}")?;
        }
        Ok(())
    }
}

/// What the certificate of a signer says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Signer {
    /// The common name: `Pass Type ID: pass.com.acme.club`.
    pub name: String,
    /// The pass type that it was issued for (UID).
    pub pass_type: Option<String>,
    /// The team that it was issued to (OU).
    pub team: Option<String>,
    /// Whether it permits passes with `nfc`.
    pub nfc: bool,
    /// Its first instant.
    pub not_before: Option<DateTime<Utc>>,
    /// Its last instant.
    pub not_after: Option<DateTime<Utc>>,
}

/// What the signature is judged by.
pub(super) struct Circumstances<'a> {
    pub(super) roots: &'a Roots,
    pub(super) now: DateTime<Utc>,
    /// What the package says of its issuer.
    pub(super) claims: leaf::Claims<'a>,
}

/// Judges the bytes of a signature over a manifest; without the manifest, which is told elsewhere, only the rest is judged.
pub(super) fn judge(
    bytes: &[u8],
    manifest: Option<&[u8]>,
    circumstances: &Circumstances<'_>,
    findings: &mut Findings,
) -> Option<Signature> {
    let data = read(bytes, findings)?;
    let certificates: Vec<Certificate> =
        data.certificates.iter().filter_map(|der| Certificate::from_der(der).ok()).collect();
    if certificates.len() < data.certificates.len() {
        let cause = "one of its certificates cannot be read";
        findings.add(&rules::SIGNATURE_FORM, SIGNATURE, cause, SIGN_AGAIN);
    }
    if data.content.is_some() {
        let mend = "sign detached (`openssl cms -sign -binary` without `-nodetach`)";
        findings.add(&rules::SIGNATURE_ATTACHED, SIGNATURE, "it holds the content that it signs", mend);
    }
    if data.signers.len() > 1 {
        let cause = format!("it has {} signers", data.signers.len());
        findings.add(&rules::SIGNATURE_SIGNERS, SIGNATURE, cause, "sign once, with the pass certificate");
    }
    let found = data.signers.iter().map(|signer| (signer, certificate_of(signer, &certificates)));
    // Of several the one with a pass certificate is meant.
    let meant = found.max_by_key(|(_, leaf)| (leaf.is_some_and(Certificate::is_pass), leaf.is_some()));
    let Some((signer, leaf)) = meant else {
        let cause = "it holds certificates and no signature";
        findings.add(&rules::SIGNATURE_FORM, SIGNATURE, cause, SIGN_AGAIN);
        return None;
    };

    let signed_at = judge_time(signer, leaf, circumstances.now, findings);
    let digest = digest_of(&signer.digest);
    let covers = manifest.map(|manifest| judge_content(&data, signer, manifest, findings));
    let Some(leaf) = leaf else {
        let cause = match data.certificates.len() {
            0 => "it carries no certificate".to_owned(),
            count => format!("none of its {count} certificates is that of the signer"),
        };
        let mend = "put the pass certificate and its intermediate into the signature (no `-nocerts`)";
        findings.add(&rules::SIGNER_MISSING, SIGNATURE, cause, mend);
        let (authorities, digest) = (Vec::new(), digest.map(|(_, name)| name));
        return Some(Signature { signed_at, digest, signer: None, authorities, verifies: false, is_trusted: false });
    };
    let is_made = judge_signature(signer, leaf, manifest, findings);
    leaf::judge(leaf, signed_at, circumstances, findings);
    let moment = signed_at.unwrap_or(circumstances.now);
    let chain = chain::judge(leaf, &certificates, circumstances.roots, moment, findings);
    let validity = leaf.validity().ok();
    Some(Signature {
        signed_at,
        digest: digest.map(|(_, name)| name),
        signer: Some(Signer {
            name: leaf.subject_name(),
            pass_type: leaf.named_pass_type(),
            team: leaf.unit(),
            nfc: leaf.permits_nfc(),
            not_before: validity.map(|validity| validity.not_before),
            not_after: validity.map(|validity| validity.not_after),
        }),
        authorities: chain.authorities,
        verifies: covers == Some(true) && is_made,
        is_trusted: chain.is_trusted,
    })
}

/// Reads the SignedData, or tells what the bytes are instead.
fn read<'a>(bytes: &'a [u8], findings: &mut Findings) -> Option<SignedData<'a>> {
    let text = bytes.trim_ascii_start();
    let begins =
        |prefix: &str| text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()));
    let encoding = [
        ("-----BEGIN ", "it is PEM"),
        ("MIME-Version:", "it is an S/MIME mail"),
        ("Content-Type:", "it is an S/MIME mail"),
        ("MII", "it is base64"),
    ];
    if let Some((_, cause)) = encoding.into_iter().find(|(prefix, _)| begins(prefix)) {
        findings.add(&rules::SIGNATURE_ENCODING, SIGNATURE, cause, "write it as DER (`-outform DER`)");
        return None;
    }
    let cause = match SignedData::read(bytes) {
        Ok(data) => {
            if data.behind > 0 {
                let cause = format!("{} bytes follow the signature", data.behind);
                findings.add(&rules::SIGNATURE_FORM, SIGNATURE, cause, "write the DER alone, without a line end");
            }
            return Some(data);
        }
        Err(Fault::Indefinite) => {
            let cause = "its signed attributes are BER with indefinite lengths, and DER is what is signed";
            findings.add(&rules::SIGNATURE_FORM, SIGNATURE, cause, "write the signed attributes as DER");
            return None;
        }
        Err(Fault::OtherContent(kind)) => format!("it is not a SignedData but of the type {kind}"),
        Err(Fault::TooMany) => "it has more than 32 certificates or signers".to_owned(),
        Err(Fault::Broken(part)) => format!("it is no CMS, or damaged: its {part} cannot be read"),
    };
    findings.add(&rules::SIGNATURE_FORM, SIGNATURE, cause, SIGN_AGAIN);
    None
}

fn certificate_of<'c>(signer: &SignerInfo<'_>, certificates: &'c [Certificate]) -> Option<&'c Certificate> {
    certificates.iter().find(|certificate| match signer.id {
        SignerId::IssuerAndSerial(issuer, serial) => {
            certificate.issuer_and_serial().is_ok_and(|named| named == (issuer, serial))
        }
        SignerId::KeyId(key) => certificate.has_key_id(key),
    })
}

/// Judges the signing time, and gives it.
fn judge_time(
    signer: &SignerInfo<'_>,
    leaf: Option<&Certificate>,
    now: DateTime<Utc>,
    findings: &mut Findings,
) -> Option<DateTime<Utc>> {
    // That there are no attributes at all is told once.
    let attributes = signer.attributes.as_ref()?;
    if !attributes.has_signing_time() {
        let mend = "sign with the attribute signingTime, 1.2.840.113549.1.9.5";
        findings.add(&rules::SIGNING_TIME_MISSING, SIGNATURE, "it does not say when it was made", mend);
        return None;
    }
    let Some(at) = attributes.signing_time() else {
        let mend = "write it once, as UTCTime with seconds and `Z`, from 2050 as GeneralizedTime";
        findings.add(&rules::SIGNING_TIME, SIGNATURE, "the signing time cannot be read", mend);
        return None;
    };
    let validity = leaf.and_then(|leaf| leaf.validity().ok());
    let cause = if at > now + LEEWAY {
        Some(format!("it was signed at {at}, which is in the future"))
    } else {
        validity.and_then(|validity| {
            if at > validity.not_after {
                Some(format!("it was signed at {at}, after the certificate expired on {}", validity.not_after))
            } else if at < validity.not_before && now >= validity.not_before {
                Some(format!("it was signed at {at}, before the certificate became valid on {}", validity.not_before))
            } else {
                None
            }
        })
    };
    if let Some(cause) = cause {
        let mend = "set the clock of the signing machine right, and sign with a certificate that is valid";
        findings.add(&rules::SIGNING_TIME, SIGNATURE, cause, mend);
    }
    Some(at)
}

/// Judges what the signature covers: the attributes, and the digest of the manifest in them.
fn judge_content(data: &SignedData<'_>, signer: &SignerInfo<'_>, manifest: &[u8], findings: &mut Findings) -> bool {
    if data.content.as_deref().is_some_and(|content| content != manifest) {
        let cause = "the signature holds another content than manifest.json";
        let mend = "sign the manifest.json that goes into the archive, detached";
        findings.add(&rules::MANIFEST_CHANGED, super::manifest::MANIFEST, cause, mend);
        return false;
    }
    let Some(attributes) = &signer.attributes else {
        let mend = "sign with signed attributes (no `-noattr`)";
        findings.add(&rules::SIGNATURE_ATTRIBUTES, SIGNATURE, "it has no signed attributes", mend);
        // What it signs is the manifest itself.
        return true;
    };
    if data.content_type != DATA || attributes.content_type() != Some(DATA) {
        let cause = "its content type is missing or not id-data, 1.2.840.113549.1.7.1";
        findings.add(&rules::SIGNATURE_ATTRIBUTES, SIGNATURE, cause, SIGN_AGAIN);
    }
    let Some(signed) = attributes.message_digest() else {
        let cause = "its signed attributes have no message digest";
        findings.add(&rules::SIGNATURE_ATTRIBUTES, SIGNATURE, cause, SIGN_AGAIN);
        return false;
    };
    let Some((kind, _)) = digest_of(&signer.digest) else { return false };
    let fits = |content: &[u8]| hash(kind, content).is_ok_and(|digest| *digest == *signed);
    if fits(manifest) {
        return true;
    }
    let how = rewritten(manifest).into_iter().find(|(other, _)| fits(other)).map(|(_, how)| how);
    let (cause, mend) = match how {
        Some(how) => (
            format!("what was signed is the manifest {how}"),
            "sign the bytes as they are (`openssl cms -sign -binary`), and write those into the archive",
        ),
        None => (
            "the manifest is not the one that was signed".to_owned(),
            "sign after the last change, and do not write the manifest again (pretty printing, order, line ends)",
        ),
    };
    findings.add(&rules::MANIFEST_CHANGED, super::manifest::MANIFEST, cause, mend);
    false
}

/// Judges whether the signature was made with the key of the certificate.
fn judge_signature(
    signer: &SignerInfo<'_>,
    leaf: &Certificate,
    manifest: Option<&[u8]>,
    findings: &mut Findings,
) -> bool {
    let mut refuse = |cause: String| {
        let mend = "sign with SHA-256 and RSA PKCS #1 v1.5, or with ECDSA on P-256";
        findings.add(&rules::SIGNATURE_ALGORITHM, SIGNATURE, cause, mend);
        false
    };
    let Some((digest, digest_name)) = digest_of(&signer.digest) else {
        return refuse(format!("the digest algorithm {} is not taken", signer.digest));
    };
    let Ok(key) = leaf.public_key() else {
        return refuse("the public key of the certificate cannot be read".to_owned());
    };
    let Some((wanted, named)) = algorithm_of(&signer.algorithm) else {
        return refuse(format!("the signature algorithm {} is not taken", signer.algorithm));
    };
    if key.id() != wanted {
        return refuse("the signature algorithm is not for the key of the certificate".to_owned());
    }
    if let Some(named) = named.filter(|named| *named != digest_name) {
        return refuse(format!("the signature is over {named}, and the digest of the manifest is {digest_name}"));
    }
    let content = match (&signer.attributes, manifest) {
        (Some(attributes), _) => attributes.signed_bytes(),
        (None, Some(manifest)) => manifest.to_vec(),
        (None, None) => return false,
    };
    let verifies = |content: &[u8]| {
        let verifier = Verifier::new(digest, &key);
        verifier.and_then(|mut verifier| verifier.verify_oneshot(signer.signature, content)).unwrap_or(false)
    };
    if verifies(&content) {
        return true;
    }
    let rewritten = signer.attributes.is_none().then(|| rewritten(&content)).into_iter().flatten();
    let cause = match rewritten.into_iter().find(|(other, _)| verifies(other)) {
        Some((_, how)) => format!("what was signed is the manifest {how}"),
        None => format!("it was not made with the key of \"{}\", or changed since", leaf.subject_name()),
    };
    findings.add(&rules::SIGNATURE_INVALID, SIGNATURE, cause, "sign with the key that belongs to the certificate");
    false
}

/// Finds a digest algorithm, and its name.
fn digest_of(algorithm: &Oid<'_>) -> Option<(MessageDigest, &'static str)> {
    let known = [
        (oid!(2.16.840.1.101.3.4.2.1), MessageDigest::sha256(), "SHA-256"),
        (oid!(1.3.14.3.2.26), MessageDigest::sha1(), "SHA-1"),
        (oid!(2.16.840.1.101.3.4.2.2), MessageDigest::sha384(), "SHA-384"),
        (oid!(2.16.840.1.101.3.4.2.3), MessageDigest::sha512(), "SHA-512"),
    ];
    known.into_iter().find(|(oid, ..)| oid == algorithm).map(|(_, digest, name)| (digest, name))
}

/// Finds a signature algorithm: the kind of its key, and the digest where it names one.
fn algorithm_of(algorithm: &Oid<'_>) -> Option<(Id, Option<&'static str>)> {
    let known = [
        (oid!(1.2.840.113549.1.1.1), Id::RSA, None),
        (oid!(1.2.840.113549.1.1.5), Id::RSA, Some("SHA-1")),
        (oid!(1.2.840.113549.1.1.11), Id::RSA, Some("SHA-256")),
        (oid!(1.2.840.113549.1.1.12), Id::RSA, Some("SHA-384")),
        (oid!(1.2.840.113549.1.1.13), Id::RSA, Some("SHA-512")),
        (oid!(1.2.840.10045.2.1), Id::EC, None),
        (oid!(1.2.840.10045.4.1), Id::EC, Some("SHA-1")),
        (oid!(1.2.840.10045.4.3.2), Id::EC, Some("SHA-256")),
        (oid!(1.2.840.10045.4.3.3), Id::EC, Some("SHA-384")),
        (oid!(1.2.840.10045.4.3.4), Id::EC, Some("SHA-512")),
    ];
    known.into_iter().find(|(oid, ..)| oid == algorithm).map(|(_, key, digest)| (key, digest))
}

/// What clocks may differ.
const LEEWAY: TimeDelta = TimeDelta::minutes(5);
const SIGN_AGAIN: &str = "sign manifest.json again, detached, as DER";
