//! What a file looks like, when it is not what it was given as.

use std::fmt;

use openssl::pkey::PKey;
use openssl::x509::X509Req;
use x509_parser::asn1_rs::{Any, FromDer, Tag};

use crate::certificate::Certificate;
use crate::pem;

/// What a file looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Looks {
    /// Base64 of something, without the lines of PEM.
    Base64(Box<Looks>),
    /// PKCS #12 in BER with indefinite lengths, or anything else so encoded.
    Ber,
    /// A certificate in DER.
    Certificate,
    /// DER that says it is longer than the file.
    Cut {
        /// What it should have.
        bytes: usize,
        /// What it has.
        found: usize,
    },
    /// Nothing.
    Empty,
    /// PEM whose lines are broken.
    Flat,
    /// A private key in DER, encrypted (PKCS #8).
    EncryptedKey,
    /// JSON, a web page or an archive, by its name.
    Foreign(&'static str),
    /// PKCS #12 in DER, with a MAC or not.
    P12 {
        /// Whether it is authenticated, so that a wrong passphrase is told from damage.
        mac: bool,
    },
    /// PEM, by the labels of its blocks.
    Pem(Vec<String>),
    /// A private key in DER.
    PrivateKey,
    /// A public key in DER.
    PublicKey,
    /// A certificate signing request in DER.
    Request,
    /// Binary that was read as text and written again.
    Retyped,
    /// None of these.
    Unknown,
}

impl Looks {
    /// Looks at a file.
    pub(super) fn of(bytes: &[u8]) -> Self {
        if let Some(text) = pem::mended(bytes) {
            return Self::once(text.expose().as_bytes());
        }
        match decoded(bytes) {
            Some(inner) => Self::Base64(Box::new(Self::once(&inner))),
            None => Self::once(bytes),
        }
    }

    /// Says whether a PEM has a block whose label ends so.
    pub(super) fn has_block(&self, label: &str) -> bool {
        matches!(self, Self::Pem(labels) if labels.iter().any(|found| found.ends_with(label)))
    }

    fn once(bytes: &[u8]) -> Self {
        let labels = labels(bytes);
        if !labels.is_empty() {
            return Self::Pem(labels);
        }
        let trimmed = bytes.trim_ascii_start();
        match trimmed {
            [] => Self::Empty,
            _ if bytes.windows(BEGIN.len()).any(|window| window == BEGIN) => Self::Flat,
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Self::Foreign("text in UTF-16"),
            [b'{' | b'[', ..] => Self::Foreign("JSON"),
            [b'<', ..] => Self::Foreign("a web page or XML"),
            [b'P', b'K', 3, 4, ..] => Self::Foreign("a zip archive, as a .pkpass is"),
            [0x30, 0x80, ..] => Self::Ber,
            [0x30, ..] => Self::of_der(bytes),
            _ => Self::Unknown,
        }
    }

    fn of_der(der: &[u8]) -> Self {
        if der.windows(3).filter(|window| window == &REPLACEMENT).nth(3).is_some() {
            return Self::Retyped;
        }
        if let Some(bytes) = claimed(der).filter(|bytes| *bytes > der.len()) {
            return Self::Cut { bytes, found: der.len() };
        }
        if Certificate::from_der(der).is_ok() {
            Self::Certificate
        } else if let Some(mac) = mac_of_p12(der) {
            Self::P12 { mac }
        } else if X509Req::from_der(der).is_ok() {
            Self::Request
        } else if PKey::private_key_from_der(der).is_ok() {
            Self::PrivateKey
        } else if is_encrypted_key(der) {
            Self::EncryptedKey
        } else if PKey::public_key_from_der(der).is_ok() {
            Self::PublicKey
        } else {
            Self::Unknown
        }
    }
}

impl fmt::Display for Looks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Base64(inner) => write!(f, "base64 of {inner}"),
            Self::Ber => f.write_str("BER with indefinite lengths"),
            Self::Certificate => f.write_str("a certificate in DER, the .cer that Apple issues"),
            Self::Cut { bytes, found } => write!(f, "a file that was cut off: it has {found} bytes of {bytes}"),
            Self::Empty => f.write_str("empty"),
            Self::EncryptedKey => f.write_str("an encrypted private key in DER"),
            Self::Flat => {
                f.write_str("PEM whose lines are broken: \"-----BEGIN …-----\" must stand on a line of its own, with nothing before it")
            }
            Self::Foreign(name) => f.write_str(name),
            Self::P12 { .. } => f.write_str("a P12"),
            Self::Pem(labels) => write!(f, "PEM with {}", labels.join(", ")),
            Self::PrivateKey => f.write_str("a private key in DER"),
            Self::PublicKey => f.write_str("a public key in DER"),
            Self::Request => f.write_str("a certificate signing request in DER"),
            Self::Retyped => f.write_str("binary that was read as text and written again, which destroys it"),
            Self::Unknown => f.write_str("neither PEM nor DER, or is damaged"),
        }
    }
}

/// Decodes base64 that is not in PEM: people put a P12 into an environment variable that way.
pub(super) fn decoded(bytes: &[u8]) -> Option<Vec<u8>> {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    if bytes.len() < 64 || !bytes.iter().all(|byte| plain(byte) || byte.is_ascii_whitespace()) {
        return None;
    }
    let text: String = bytes.iter().filter(|byte| plain(byte)).map(|byte| char::from(*byte)).collect();
    openssl::base64::decode_block(&text).ok()
}

/// Gives the labels of the blocks of a PEM, at most eight and none that is odd.
fn labels(bytes: &[u8]) -> Vec<String> {
    let lines = bytes.split(|byte| matches!(byte, b'\n' | b'\r')).filter_map(|line| {
        let label = line.trim_ascii().strip_prefix(BEGIN)?.strip_suffix(DASHES)?;
        let sane =
            label.len() <= 40 && label.iter().all(|byte| byte.is_ascii_uppercase() || b" 0123456789".contains(byte));
        str::from_utf8(label).ok().filter(|_| sane).map(str::to_owned)
    });
    lines.take(8).collect()
}

/// Reads how many bytes the outermost DER value says it has, header included.
fn claimed(der: &[u8]) -> Option<usize> {
    let (first, rest) = der.get(1..)?.split_first()?;
    if *first < 0x80 {
        return Some(2 + usize::from(*first));
    }
    let count = usize::from(first & 0x7f);
    let length = rest.get(..count).filter(|_| (1..=4).contains(&count))?;
    Some(length.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)) + 2 + count)
}

/// Says whether a P12 has a MAC, or that it is no P12: version 3, the content, perhaps the MAC (RFC 7292, section 4).
fn mac_of_p12(der: &[u8]) -> Option<bool> {
    let (_, outer) = Any::from_der(der).ok()?;
    let rest = outer.data.strip_prefix(&[0x02, 0x01, 0x03])?;
    let (rest, content) = Any::from_der(rest).ok()?;
    (content.header.is_constructed()).then_some(!rest.is_empty())
}

/// Says whether it is an EncryptedPrivateKeyInfo (RFC 5958): an algorithm, one of those that take a passphrase, and the key.
fn is_encrypted_key(der: &[u8]) -> bool {
    let read = || {
        let (_, outer) = Any::from_der(der).ok()?;
        let (rest, algorithm) = Any::from_der(outer.data).ok()?;
        let (rest, key) = Any::from_der(rest).ok()?;
        let takes_passphrase = PASSPHRASE_ALGORITHMS.iter().any(|oid| algorithm.data.starts_with(oid));
        Some(rest.is_empty() && key.tag() == Tag::OctetString && takes_passphrase)
    };
    read().unwrap_or(false)
}

/// How the algorithms of PKCS #5 and PKCS #12 begin, 1.2.840.113549.1.5.x and 1.2.840.113549.1.12.1.x.
const PASSPHRASE_ALGORITHMS: [&[u8]; 2] =
    [b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05", b"\x06\x0a\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01"];
const BEGIN: &[u8] = b"-----BEGIN ";
const DASHES: &[u8] = b"-----";

/// What stands in UTF-8 for a byte that was no text.
const REPLACEMENT: &[u8] = &[0xef, 0xbf, 0xbd];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_their_looks() {
        let shown = |bytes: &[u8]| Looks::of(bytes).to_string();
        assert_eq!(shown(b" \n"), "empty");
        assert_eq!(shown(b"{\"a\": 1}"), "JSON");
        assert_eq!(shown(b"<!DOCTYPE html>"), "a web page or XML");
        assert_eq!(shown(b"PK\x03\x04"), "a zip archive, as a .pkpass is");
        assert_eq!(shown(&[0x30, 0x80, 0x02]), "BER with indefinite lengths");
        assert_eq!(shown(&[0x30, 0x82, 0x01, 0x00, 0x02]), "a file that was cut off: it has 5 bytes of 260");
        assert_eq!(shown(b"-----BEGIN X-----\\n-----END X-----"), "PEM with X");
        assert!(shown(b"-----BEGIN X----- MIIB -----END X-----").starts_with("PEM whose lines are broken"));
        let key = PKey::from_rsa(openssl::rsa::Rsa::generate(2048).unwrap()).unwrap();
        let der = key.private_key_to_pkcs8_passphrase(openssl::symm::Cipher::aes_256_cbc(), b"x").unwrap();
        assert_eq!(shown(&der), "an encrypted private key in DER");
        assert_eq!(shown(&[0xff; 70]), "neither PEM nor DER, or is damaged");
        assert_eq!(shown("QUFB".repeat(20).as_bytes()), "base64 of neither PEM nor DER, or is damaged");
    }
}
