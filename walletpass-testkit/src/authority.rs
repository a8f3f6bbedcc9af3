//! A throw-away certificate authority in the likeness of Apple's, and the credentials that it issues.
#![expect(clippy::expect_used, reason = "a test tool: what fails here fails the test")]

use std::fmt;
use std::net::IpAddr;

use chrono::{DateTime, Utc};
use openssl::asn1::{Asn1Object, Asn1OctetString, Asn1Time};
use openssl::bn::{BigNum, MsbOption};
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkcs12::Pkcs12;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::stack::Stack;
use openssl::symm::Cipher;
use openssl::x509::extension::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAlternativeName, SubjectKeyIdentifier,
};
use openssl::x509::{X509, X509Builder, X509Extension, X509Name};
use walletpass_apple::Identity;
use walletpass_core::Secret;

/// A root and an intermediate certificate with their keys, made afresh.
///
/// The root stands for "Apple Root CA", the intermediate for "Worldwide Developer Relations". Both are valid from 2020 to the
/// end of 2049; the certificates that are issued are valid from 2025 to the end of 2044, unless [`Leaf`] says otherwise. No clock is
/// read.
///
/// Every method panics when OpenSSL fails, which it does on illegal names only.
pub struct Authority {
    root: Issuer,
    intermediate: Issuer,
}

struct Issuer {
    certificate: X509,
    key: PKey<Private>,
}

impl Authority {
    /// Makes the two certificates with new RSA-2048 keys, which takes some tenths of a second.
    #[expect(clippy::new_without_default, reason = "two new keys are no default value")]
    pub fn new() -> Self {
        Self::named("Testkit Worldwide Developer Relations Certification Authority", "G4")
    }

    /// Makes the two certificates, the intermediate with a common name and generation (OU) of its own.
    pub fn named(common_name: &str, generation: &str) -> Self {
        let root = root();
        let intermediate = intermediate(&root, common_name, generation);
        Self { root, intermediate }
    }

    /// Gives the root certificate as PEM.
    pub fn root_pem(&self) -> String {
        pem(&self.root.certificate)
    }

    /// Gives the intermediate certificate as PEM.
    pub fn intermediate_pem(&self) -> String {
        pem(&self.intermediate.certificate)
    }

    /// Gives the intermediate certificate as DER.
    pub fn intermediate_der(&self) -> Vec<u8> {
        self.intermediate.certificate.to_der().expect("a certificate has a DER form")
    }

    /// Issues a certificate as Apple would, with a new RSA key.
    pub fn issue(&self, pass_type: &str, team: &str) -> Credentials {
        self.issue_leaf(&Leaf::new(pass_type, team))
    }

    /// Issues a certificate of any kind, broken ones included.
    pub fn issue_leaf(&self, leaf: &Leaf) -> Credentials {
        let key = new_key(leaf.key);
        let mut builder = builder(&subject_of(leaf), &key, leaf.not_before, leaf.not_after);
        builder.set_issuer_name(self.intermediate.certificate.subject_name()).expect("a name fits");
        for extension in leaf_extensions(leaf) {
            builder.append_extension(extension).expect("an extension fits");
        }
        append_key_ids(&mut builder, Some(&self.intermediate.certificate));
        builder.sign(&self.intermediate.key, MessageDigest::sha256()).expect("a new key signs");
        Credentials {
            certificate: builder.build(),
            key,
            intermediate: self.intermediate.certificate.clone(),
            passphrase: Secret::from(PASSPHRASE),
        }
    }

    /// Issues a certificate for a server, with a new RSA key: names are host names, or addresses as `127.0.0.1`.
    pub fn issue_server(&self, names: &[&str]) -> Credentials {
        let key = new_key(KeyKind::Rsa);
        let common_name = names.first().copied().unwrap_or_default();
        let mut builder = builder(&name(&[(Nid::COMMONNAME, common_name)]), &key, year(2025), year(2045));
        builder.set_issuer_name(self.root.certificate.subject_name()).expect("a name fits");
        let mut subject = SubjectAlternativeName::new();
        for name in names {
            match name.parse::<IpAddr>() {
                Ok(_) => subject.ip(name),
                Err(_) => subject.dns(name),
            };
        }
        let subject = subject.build(&builder.x509v3_context(Some(&self.root.certificate), None));
        let usage = ExtendedKeyUsage::new().server_auth().build();
        for extension in [BasicConstraints::new().critical().build(), usage, subject] {
            builder.append_extension(extension.expect("an extension can be encoded")).expect("an extension fits");
        }
        append_key_ids(&mut builder, Some(&self.root.certificate));
        builder.sign(&self.root.key, MessageDigest::sha256()).expect("a new key signs");
        Credentials {
            certificate: builder.build(),
            key,
            intermediate: self.root.certificate.clone(),
            passphrase: Secret::from(PASSPHRASE),
        }
    }

    /// Issues credentials as [`issue`](Authority::issue) does, and loads them.
    pub fn identity(&self, pass_type: &str, team: &str) -> Identity {
        self.issue(pass_type, team).identity()
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

/// What a certificate is to say.
///
/// ```
/// # use walletpass_testkit::{Authority, KeyKind, Leaf};
/// let leaf = Leaf { nfc: true, key: KeyKind::Ec, ..Leaf::new("pass.org.example.library", "A1B2C3D4E5") };
/// assert!(Authority::new().issue_leaf(&leaf).identity().nfc());
/// ```
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "tests change single fields with `..Leaf::new(…)`")]
pub struct Leaf {
    /// The pass type, in the common name and, unless they say otherwise, in subject and marker.
    pub pass_type: String,
    /// The team, in the subject (OU).
    pub team: String,
    /// The whole common name, if it is not that of a pass certificate.
    pub common_name: Option<String>,
    /// Whether the common name permits NFC.
    pub nfc: bool,
    /// Its first instant.
    pub not_before: DateTime<Utc>,
    /// Its last instant.
    pub not_after: DateTime<Utc>,
    /// What kind of key it is for.
    pub key: KeyKind,
    /// The pass type in the subject (UID), or none.
    pub uid: Option<String>,
    /// The pass type in Apple's marker extension, or none: a certificate of another kind.
    pub marker: Option<String>,
    /// Whether its extended key usage names the signing of passes.
    pub pass_usage: bool,
}

impl Leaf {
    /// Describes a certificate as Apple issues it.
    pub fn new(pass_type: &str, team: &str) -> Self {
        Self {
            pass_type: pass_type.to_owned(),
            team: team.to_owned(),
            common_name: None,
            nfc: false,
            not_before: year(2025),
            not_after: year(2045),
            key: KeyKind::Rsa,
            uid: Some(pass_type.to_owned()),
            marker: Some(pass_type.to_owned()),
            pass_usage: true,
        }
    }
}

/// Kinds of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyKind {
    /// EC on P-256.
    Ec,
    /// RSA of 2048 bits, as Keychain Access makes it.
    Rsa,
    /// RSA of 1024 bits, which is too weak.
    RsaWeak,
}

/// A certificate with its key, in all the forms in which people have them.
///
/// `Debug` shows nothing of the key.
pub struct Credentials {
    certificate: X509,
    key: PKey<Private>,
    intermediate: X509,
    passphrase: Secret<String>,
}

impl Credentials {
    /// Gives the certificate as PEM.
    pub fn certificate_pem(&self) -> String {
        pem(&self.certificate)
    }

    /// Gives the certificate as DER, the form in which Apple offers it for download.
    pub fn certificate_der(&self) -> Vec<u8> {
        self.certificate.to_der().expect("a certificate has a DER form")
    }

    /// Gives the key as PEM: PKCS #8, not encrypted.
    pub fn key_pem(&self) -> Secret<String> {
        secret(self.key.private_key_to_pem_pkcs8().expect("a key has a PEM form"))
    }

    /// Gives the key as PEM in the older form of its kind, PKCS #1 or SEC 1, not encrypted.
    pub fn key_pem_traditional(&self) -> Secret<String> {
        let pem = match (self.key.rsa(), self.key.ec_key()) {
            (Ok(rsa), _) => rsa.private_key_to_pem(),
            (_, Ok(ec)) => ec.private_key_to_pem(),
            (Err(error), _) => Err(error),
        };
        secret(pem.expect("an RSA or EC key has an older PEM form"))
    }

    /// Gives the key as PEM: PKCS #8, encrypted with the [`passphrase`](Credentials::passphrase).
    pub fn key_pem_encrypted(&self) -> Secret<String> {
        let passphrase = self.passphrase.expose().as_bytes();
        let pem = self.key.private_key_to_pem_pkcs8_passphrase(Cipher::aes_256_cbc(), passphrase);
        secret(pem.expect("a key has a PEM form"))
    }

    /// Gives a P12 with certificate, key and intermediate.
    pub fn p12(&self) -> Vec<u8> {
        self.p12_of(true)
    }

    /// Gives a P12 with certificate and key only.
    pub fn p12_without_intermediate(&self) -> Vec<u8> {
        self.p12_of(false)
    }

    /// Gives the passphrase of P12 and encrypted key: `correct horse`.
    pub fn passphrase(&self) -> &Secret<String> {
        &self.passphrase
    }

    /// Loads them.
    pub fn identity(&self) -> Identity {
        let intermediate = pem(&self.intermediate);
        let key = self.key_pem();
        Identity::from_pem(self.certificate_pem().as_bytes(), key.expose().as_bytes(), None, &[intermediate.as_bytes()])
            .expect("the credentials are in order")
    }

    fn p12_of(&self, with_intermediate: bool) -> Vec<u8> {
        let mut builder = Pkcs12::builder();
        builder.name("Pass Type ID").pkey(&self.key).cert(&self.certificate);
        if with_intermediate {
            let mut chain = Stack::new().expect("a list can be made");
            chain.push(self.intermediate.clone()).expect("a list takes a certificate");
            builder.ca(chain);
        }
        let p12 = builder.build2(self.passphrase.expose()).and_then(|p12| p12.to_der());
        p12.expect("credentials have a P12 form")
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("subject", &self.certificate.subject_name()).finish_non_exhaustive()
    }
}

fn root() -> Issuer {
    let key = new_key(KeyKind::Rsa);
    let name = name(&[(Nid::COMMONNAME, "Testkit Root CA")]);
    let mut builder = builder(&name, &key, year(2020), year(2050));
    builder.set_issuer_name(&name).expect("a name fits");
    append_ca(&mut builder, BasicConstraints::new().critical().ca());
    append_key_ids(&mut builder, None);
    builder.sign(&key, MessageDigest::sha256()).expect("a new key signs");
    Issuer { certificate: builder.build(), key }
}

fn intermediate(root: &Issuer, common_name: &str, generation: &str) -> Issuer {
    let key = new_key(KeyKind::Rsa);
    let name = name(&[(Nid::COMMONNAME, common_name), (Nid::ORGANIZATIONALUNITNAME, generation)]);
    let mut builder = builder(&name, &key, year(2020), year(2050));
    builder.set_issuer_name(root.certificate.subject_name()).expect("a name fits");
    append_ca(&mut builder, BasicConstraints::new().critical().ca().pathlen(0));
    append_key_ids(&mut builder, Some(&root.certificate));
    builder.sign(&root.key, MessageDigest::sha256()).expect("a new key signs");
    Issuer { certificate: builder.build(), key }
}

/// Begins a certificate with what all have in common.
fn builder(
    subject: &X509Name,
    key: &PKey<Private>,
    not_before: DateTime<Utc>,
    not_after: DateTime<Utc>,
) -> X509Builder {
    let time = |at: DateTime<Utc>| Asn1Time::from_unix(at.timestamp()).expect("a date has an ASN.1 form");
    let mut serial = BigNum::new().expect("a number can be made");
    serial.rand(127, MsbOption::ONE, false).expect("there is randomness");
    let serial = serial.to_asn1_integer().expect("a number has an ASN.1 form");

    let mut builder = X509::builder().expect("a certificate can be made");
    builder.set_version(2).expect("version 3 fits");
    builder.set_serial_number(&serial).expect("a serial number fits");
    builder.set_subject_name(subject).expect("a name fits");
    builder.set_pubkey(key).expect("a key fits");
    builder.set_not_before(&time(not_before)).expect("a date fits");
    builder.set_not_after(&time(not_after)).expect("a date fits");
    builder
}

fn append_ca(builder: &mut X509Builder, constraints: &BasicConstraints) {
    let usage = KeyUsage::new().critical().key_cert_sign().crl_sign().build();
    builder.append_extension(constraints.build().expect("constraints can be encoded")).expect("an extension fits");
    builder.append_extension(usage.expect("a usage can be encoded")).expect("an extension fits");
}

/// Adds the key identifiers of the subject and, unless it signs itself, of the issuer.
fn append_key_ids(builder: &mut X509Builder, issuer: Option<&X509>) {
    let context = builder.x509v3_context(issuer.map(|issuer| &**issuer), None);
    let subject = SubjectKeyIdentifier::new().build(&context).expect("a key id can be encoded");
    let authority =
        issuer.map(|_| AuthorityKeyIdentifier::new().keyid(true).build(&context).expect("a key id can be encoded"));
    for extension in std::iter::once(subject).chain(authority) {
        builder.append_extension(extension).expect("an extension fits");
    }
}

fn leaf_extensions(leaf: &Leaf) -> Vec<X509Extension> {
    let mut usage = ExtendedKeyUsage::new();
    usage.client_auth();
    if leaf.pass_usage {
        usage.other("1.2.840.113635.100.4.14");
    }
    let mut extensions = vec![
        BasicConstraints::new().critical().build(),
        KeyUsage::new().critical().digital_signature().build(),
        usage.build(),
    ];
    if let Some(marker) = &leaf.marker {
        // A DER UTF8String; a pass type has at most 127 characters here, so its length is one byte.
        let length = u8::try_from(marker.len()).ok().filter(|length| *length < 0x80).expect("a marker is short");
        let value = [&[0x0c, length], marker.as_bytes()].concat();
        let value = Asn1OctetString::new_from_bytes(&value).expect("bytes have an ASN.1 form");
        let oid = Asn1Object::from_str("1.2.840.113635.100.6.1.16").expect("an object identifier");
        extensions.push(X509Extension::new_from_der(&oid, false, &value));
    }
    extensions.into_iter().map(|extension| extension.expect("an extension can be encoded")).collect()
}

fn subject_of(leaf: &Leaf) -> X509Name {
    let kind = if leaf.nfc { "Pass Type ID with NFC" } else { "Pass Type ID" };
    let common_name = leaf.common_name.clone().unwrap_or_else(|| format!("{kind}: {}", leaf.pass_type));
    let mut entries: Vec<(Nid, &str)> = Vec::new();
    entries.extend(leaf.uid.as_deref().map(|uid| (Nid::USERID, uid)));
    entries.push((Nid::COMMONNAME, &common_name));
    entries.push((Nid::ORGANIZATIONALUNITNAME, &leaf.team));
    name(&entries)
}

/// Makes a name, with organization and country at its end as Apple writes them.
fn name(entries: &[(Nid, &str)]) -> X509Name {
    let mut builder = X509Name::builder().expect("a name can be made");
    for (nid, value) in entries.iter().chain(&[(Nid::ORGANIZATIONNAME, "Testkit"), (Nid::COUNTRYNAME, "US")]) {
        builder.append_entry_by_nid(*nid, value).expect("the value of a name is legal");
    }
    builder.build()
}

fn new_key(kind: KeyKind) -> PKey<Private> {
    let key = match kind {
        KeyKind::Rsa => Rsa::generate(2048).and_then(PKey::from_rsa),
        KeyKind::RsaWeak => Rsa::generate(1024).and_then(PKey::from_rsa),
        KeyKind::Ec => EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)
            .and_then(|group| EcKey::generate(&group))
            .and_then(PKey::from_ec_key),
    };
    key.expect("a key can be made")
}

fn pem(certificate: &X509) -> String {
    let pem = certificate.to_pem().expect("a certificate has a PEM form");
    String::from_utf8(pem).expect("PEM is text")
}

fn secret(pem: Vec<u8>) -> Secret<String> {
    Secret::new(String::from_utf8(pem).expect("PEM is text"))
}

/// Gives the first instant of a year.
fn year(year: i32) -> DateTime<Utc> {
    let date = chrono::NaiveDate::from_ymd_opt(year, 1, 1).expect("a year begins");
    date.and_time(chrono::NaiveTime::MIN).and_utc()
}

const PASSPHRASE: &str = "correct horse";
