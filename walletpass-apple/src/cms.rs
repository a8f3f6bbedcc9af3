//! The signature of a package: a detached CMS SignedData (RFC 5652), written as DER.
//!
//! Written here rather than with OpenSSL's CMS because that takes the time from the system, needs the key in the process and
//! costs a tenth of the signature; what OpenSSL thinks of the result is in the tests.

use chrono::{DateTime, Datelike, Timelike, Utc};
use openssl::sha::Sha256;
use walletpass_core::port::{Algorithm, SigningKey};

use crate::Error;
use crate::certificate::Certificate;

/// The parts of a signature that are the same for every package of an identity, encoded once.
pub(crate) struct Envelope {
    /// Version, digest algorithms, content type and certificates of the SignedData.
    head: Vec<u8>,
    /// Version, signer and digest algorithm of the SignerInfo.
    signer: Vec<u8>,
    /// The signature algorithm of the SignerInfo.
    algorithm: &'static [u8],
}

impl Envelope {
    /// Encodes what is known before there is anything to sign.
    pub(crate) fn new(leaf: &Certificate, intermediate: &Certificate, algorithm: Algorithm) -> Result<Self, Error> {
        let (issuer, serial) = leaf.issuer_and_serial()?;
        // DER wants a SET OF in the order of its encodings.
        let mut certificates = [leaf.der(), intermediate.der()];
        certificates.sort_unstable();
        let head =
            [VERSION_1.to_vec(), der(SET, &[SHA_256]), der(SEQUENCE, &[OID_DATA]), der(CONTEXT_0, &certificates)];
        let signer = [VERSION_1.to_vec(), der(SEQUENCE, &[issuer, &der(INTEGER, &[serial])]), SHA_256.to_vec()];
        let algorithm = match algorithm {
            Algorithm::RsaSha256 => RSA_ENCRYPTION,
            Algorithm::EcdsaP256Sha256 => ECDSA_WITH_SHA_256,
            other => return Err(Error::KeyUnfit { found: format!("for {other:?}") }),
        };
        Ok(Self { head: head.concat(), signer: signer.concat(), algorithm })
    }

    /// Signs `content`, without enclosing it.
    pub(crate) fn sign(&self, content: &[u8], now: DateTime<Utc>, key: &dyn SigningKey) -> Result<Signed<'_>, Error> {
        let attributes = attributes(content, now);
        let signature = key.sign(&attributes)?;
        Ok(Signed { envelope: self, attributes, signature })
    }
}

/// A signature that is made and not yet written.
pub(crate) struct Signed<'e> {
    envelope: &'e Envelope,
    attributes: Vec<u8>,
    signature: Vec<u8>,
}

impl Signed<'_> {
    /// Counts the bytes.
    pub(crate) fn size(&self) -> usize {
        size(self.content_size())
    }

    /// Gives the bytes.
    pub(crate) fn to_vec(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.size());
        self.write(&mut out);
        out
    }

    /// Writes the headers and parts from the outside inwards.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        let Self { envelope: Envelope { head, signer, algorithm }, attributes, signature } = self;
        header(out, SEQUENCE, self.content_size());
        out.extend_from_slice(OID_SIGNED_DATA);
        header(out, CONTEXT_0, size(self.signed_data_size()));
        header(out, SEQUENCE, self.signed_data_size());
        out.extend_from_slice(head);
        header(out, SET, size(self.signer_info_size()));
        header(out, SEQUENCE, self.signer_info_size());
        out.extend_from_slice(signer);
        // What is signed is the SET OF; what is stored has the tag [0] in its place (RFC 5652, section 5.4).
        out.push(CONTEXT_0);
        out.extend_from_slice(attributes.get(1..).unwrap_or_default());
        out.extend_from_slice(algorithm);
        header(out, OCTET_STRING, signature.len());
        out.extend_from_slice(signature);
    }

    fn content_size(&self) -> usize {
        OID_SIGNED_DATA.len() + size(size(self.signed_data_size()))
    }

    fn signed_data_size(&self) -> usize {
        self.envelope.head.len() + size(size(self.signer_info_size()))
    }

    fn signer_info_size(&self) -> usize {
        let Envelope { signer, algorithm, .. } = self.envelope;
        signer.len() + self.attributes.len() + algorithm.len() + size(self.signature.len())
    }
}

/// Encodes the signed attributes, in the order that DER wants of a SET OF: that of their encodings, here of their lengths.
///
/// iOS refuses a signature without a signing time.
fn attributes(content: &[u8], now: DateTime<Utc>) -> Vec<u8> {
    // The function `sha256` looks the algorithm up each time, which takes longer than to digest a manifest.
    let mut hash = Sha256::new();
    hash.update(content);
    let digest = der(OCTET_STRING, &[&hash.finish()]);
    let time = time(now);
    let attributes = [(OID_CONTENT_TYPE, OID_DATA), (OID_SIGNING_TIME, &time), (OID_MESSAGE_DIGEST, &digest)];
    let content_sizes = attributes.map(|(oid, value)| oid.len() + size(value.len()));
    let all = content_sizes.iter().map(|content| size(*content)).sum();

    let mut out = Vec::with_capacity(size(all));
    header(&mut out, SET, all);
    for ((oid, value), content) in attributes.into_iter().zip(content_sizes) {
        header(&mut out, SEQUENCE, content);
        out.extend_from_slice(oid);
        header(&mut out, SET, value.len());
        out.extend_from_slice(value);
    }
    out
}

/// Encodes a time: UTCTime from 1950 to 2049, GeneralizedTime outside (RFC 5652, section 11.3).
fn time(now: DateTime<Utc>) -> Vec<u8> {
    let (tag, year) = match now.year() {
        year @ 1950..2050 => (UTC_TIME, format!("{:02}", year % 100)),
        year => (GENERALIZED_TIME, format!("{year:04}")),
    };
    let mut digits = year.into_bytes();
    for number in [now.month(), now.day(), now.hour(), now.minute(), now.second()] {
        digits.extend([number / 10, number % 10].map(|digit| b'0' + digit as u8));
    }
    digits.push(b'Z');
    der(tag, &[&digits])
}

/// Encodes one value of the given parts.
fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length = parts.iter().map(|part| part.len()).sum();
    let mut out = Vec::with_capacity(size(length));
    header(&mut out, tag, length);
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}

/// Writes tag and length (X.690, section 8.1.3).
fn header(out: &mut Vec<u8>, tag: u8, length: usize) {
    out.push(tag);
    let bytes = length.to_be_bytes();
    let digits = bytes.get(length.leading_zeros() as usize / 8..).unwrap_or(&[]);
    match digits {
        [] => out.push(0),
        [short @ 0..0x80] => out.push(*short),
        long => {
            out.push(0x80 | long.len() as u8);
            out.extend_from_slice(long);
        }
    }
}

/// Gives the size of a value with its tag and length.
fn size(length: usize) -> usize {
    let digits = size_of::<usize>() - length.leading_zeros() as usize / 8;
    1 + if length < 0x80 { 1 } else { 1 + digits } + length
}

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const CONTEXT_0: u8 = 0xa0;

/// INTEGER 1: the version of a SignedData over id-data, and of a SignerInfo that names its certificate by issuer and serial.
const VERSION_1: &[u8] = &[0x02, 0x01, 0x01];
/// 1.2.840.113549.1.7.1, id-data.
const OID_DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
/// 1.2.840.113549.1.7.2, id-signedData.
const OID_SIGNED_DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
/// 1.2.840.113549.1.9.3, id-contentType.
const OID_CONTENT_TYPE: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03";
/// 1.2.840.113549.1.9.4, id-messageDigest.
const OID_MESSAGE_DIGEST: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04";
/// 1.2.840.113549.1.9.5, id-signingTime.
const OID_SIGNING_TIME: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x05";
/// The algorithm identifier of SHA-256, 2.16.840.1.101.3.4.2.1, without parameters (RFC 5754, section 2).
const SHA_256: &[u8] = b"\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01";
/// The algorithm identifier of RSASSA-PKCS1-v1_5, 1.2.840.113549.1.1.1, with NULL (RFC 3370, section 3.2).
const RSA_ENCRYPTION: &[u8] = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
/// The algorithm identifier of ECDSA with SHA-256, 1.2.840.10045.4.3.2, without parameters (RFC 5758, section 3.2).
const ECDSA_WITH_SHA_256: &[u8] = b"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_take_the_short_form_where_they_fit() {
        for length in [0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x1_0000] {
            let mut out = Vec::new();
            header(&mut out, SEQUENCE, length);
            assert_eq!(out.len() + length, size(length), "{length}");
        }
        assert_eq!(der(OCTET_STRING, &[]), [4, 0]);
        assert_eq!(der(OCTET_STRING, &[&[0; 0x7f]])[..2], [4, 0x7f]);
        assert_eq!(der(OCTET_STRING, &[&[0; 0x80]])[..3], [4, 0x81, 0x80]);
        assert_eq!(der(OCTET_STRING, &[&[0; 0x100]])[..4], [4, 0x82, 1, 0]);
    }

    #[test]
    fn times_change_their_form_in_2050() {
        let at = |text: &str| time(text.parse().unwrap());
        assert_eq!(at("2049-12-31T23:59:59Z"), b"\x17\x0d491231235959Z");
        assert_eq!(at("2050-01-01T00:00:00Z"), b"\x18\x0f20500101000000Z");
        assert_eq!(at("1999-02-03T04:05:06.789Z"), b"\x17\x0d990203040506Z");
    }

    #[test]
    fn attributes_are_sorted_as_a_set() {
        for now in ["2026-01-02T03:04:05Z", "2051-01-02T03:04:05Z"] {
            let attributes = attributes(b"{}", now.parse().unwrap());
            assert_eq!(attributes[..2], [SET, u8::try_from(attributes.len() - 2).unwrap()]);
            let (mut rest, mut last) = (&attributes[2..], &b""[..]);
            for _ in 0..3 {
                let (one, others) = rest.split_at(2 + usize::from(rest[1]));
                assert!(last < one);
                (last, rest) = (one, others);
            }
            assert!(rest.is_empty());
        }
    }
}
