//! Credentials in shapes in which people have them and the testkit does not make them.

use openssl::nid::Nid;
use openssl::pkcs12::Pkcs12;
use openssl::pkey::PKey;
use openssl::stack::Stack;
use openssl::x509::{X509, X509NameBuilder, X509ReqBuilder};
use walletpass_testkit::{Credentials, KeyKind, Leaf};

use super::{PASS_TYPE, TEAM, authority};

pub fn x509(credentials: &Credentials) -> X509 {
    X509::from_der(&credentials.certificate_der()).unwrap()
}

pub fn pkey(credentials: &Credentials) -> PKey<openssl::pkey::Private> {
    PKey::private_key_from_pem(credentials.key_pem().expose().as_bytes()).unwrap()
}

/// A P12 with another passphrase.
pub fn export(credentials: &Credentials, passphrase: &str) -> Vec<u8> {
    let mut chain = Stack::new().unwrap();
    chain.push(X509::from_der(&authority().intermediate_der()).unwrap()).unwrap();
    let mut builder = Pkcs12::builder();
    builder.pkey(&pkey(credentials)).cert(&x509(credentials)).ca(chain);
    builder.build2(passphrase).unwrap().to_der().unwrap()
}

pub fn without_intermediate() -> Vec<u8> {
    let credentials = authority().issue_leaf(&Leaf { key: KeyKind::Ec, ..Leaf::new(PASS_TYPE, TEAM) });
    let mut builder = Pkcs12::builder();
    builder.pkey(&pkey(&credentials)).cert(&x509(&credentials));
    builder.build2("x").unwrap().to_der().unwrap()
}

pub fn key_only(credentials: &Credentials) -> Vec<u8> {
    let mut builder = Pkcs12::builder();
    builder.pkey(&pkey(credentials));
    builder.build2("x").unwrap().to_der().unwrap()
}

pub fn certificate_only(credentials: &Credentials) -> Vec<u8> {
    let mut builder = Pkcs12::builder();
    builder.cert(&x509(credentials));
    builder.build2("x").unwrap().to_der().unwrap()
}

/// A certificate signing request, as it is uploaded to Apple.
pub fn request(credentials: &Credentials) -> Vec<u8> {
    let key = pkey(credentials);
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_nid(Nid::COMMONNAME, "Ada Example").unwrap();
    let mut builder = X509ReqBuilder::new().unwrap();
    builder.set_subject_name(&name.build()).unwrap();
    builder.set_pubkey(&key).unwrap();
    builder.sign(&key, openssl::hash::MessageDigest::sha256()).unwrap();
    builder.build().to_pem().unwrap()
}

/// Cuts the MAC off a P12, which is the last of its three parts.
pub fn without_mac(p12: &[u8]) -> Vec<u8> {
    let header = 4; // 30 82 and two bytes of length
    assert_eq!(p12[..2], [0x30, 0x82]);
    let content = &p12[header + 3..]; // after the version, 02 01 03
    assert_eq!(content[..2], [0x30, 0x82]);
    let length = 4 + usize::from(u16::from_be_bytes([content[2], content[3]]));
    let body = &p12[header..header + 3 + length];
    [&[0x30, 0x82], &u16::try_from(body.len()).unwrap().to_be_bytes()[..], body].concat()
}

/// A P12 without a bag, and without a MAC.
pub fn empty_p12() -> Vec<u8> {
    b"\x30\x16\x02\x01\x03\x30\x11\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\xa0\x04\x04\x02\x30\x00".to_vec()
}

/// Names another cipher in the place of AES-256.
pub fn foreign_cipher(p12: &[u8]) -> Vec<u8> {
    const AES_256: &[u8] = b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2a";
    let mut p12 = p12.to_vec();
    let at = p12.windows(AES_256.len()).position(|window| window == AES_256).unwrap();
    p12[at + AES_256.len() - 1] = 0x7a;
    p12
}

/// Gives the outermost value an indefinite length.
pub fn in_ber(p12: &[u8]) -> Vec<u8> {
    [&[0x30, 0x80], &p12[4..], &[0, 0]].concat()
}
