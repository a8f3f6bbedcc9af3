//! Archives and signatures as other programs make them.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use chrono::{DateTime, Utc};
use openssl::asn1::{Asn1Object, Asn1OctetString, Asn1Time};
use openssl::bn::BigNum;
use openssl::cms::{CMSOptions, CmsContentInfo};
use openssl::hash::{MessageDigest, hash};
use openssl::nid::Nid;
use openssl::pkcs7::{Pkcs7, Pkcs7Flags};
use openssl::pkey::{PKey, Private};
use openssl::stack::Stack;
use openssl::x509::extension::{AuthorityKeyIdentifier, ExtendedKeyUsage, SubjectKeyIdentifier};
use openssl::x509::{X509, X509Extension};
use walletpass_testkit::Credentials;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Writes a manifest.
pub fn manifest_of(files: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let digest = |data: &[u8]| openssl::sha::sha1(data).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let entries: BTreeMap<&str, String> = files.iter().map(|(name, data)| (name.as_str(), digest(data))).collect();
    serde_json::to_vec(&entries).unwrap()
}

/// Packs files as `zip -r` does.
pub fn zip_of(files: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    pack(files, Packing::Deflated)
}

#[derive(Clone, Copy, Debug)]
pub enum Packing {
    Deflated,
    Stored,
    /// With sizes behind the data, as programs write that pack into a pipe.
    Streamed,
    /// With sizes of 64 bits.
    Zip64,
}

pub fn pack(files: &BTreeMap<String, Vec<u8>>, packing: Packing) -> Vec<u8> {
    let method =
        if matches!(packing, Packing::Stored) { CompressionMethod::Stored } else { CompressionMethod::Deflated };
    let options = SimpleFileOptions::default().compression_method(method);
    let options = options.large_file(matches!(packing, Packing::Zip64));
    if matches!(packing, Packing::Streamed) {
        let mut writer = ZipWriter::new_stream(Vec::new());
        for (name, data) in files {
            writer.start_file(name.as_str(), options).unwrap();
            writer.write_all(data).unwrap();
        }
        return writer.finish().unwrap().into_inner();
    }
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_directory("de.lproj", options).unwrap();
    for (name, data) in files {
        writer.start_file(name.as_str(), options).unwrap();
        writer.write_all(data).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// OpenSSL as a signer, as the scripts and libraries of others use it, and a writer by hand for what OpenSSL cannot be brought to do.
pub struct Signer {
    certificate: X509,
    key: PKey<Private>,
    others: Vec<X509>,
    options: CMSOptions,
    digest: MessageDigest,
}

impl Signer {
    pub fn of(credentials: &Credentials) -> Self {
        let key = PKey::private_key_from_pem(credentials.key_pem().expose().as_bytes()).unwrap();
        Self::new(X509::from_der(&credentials.certificate_der()).unwrap(), key)
    }

    pub fn new(certificate: X509, key: PKey<Private>) -> Self {
        Self {
            certificate,
            key,
            others: Vec::new(),
            options: CMSOptions::BINARY | CMSOptions::DETACHED,
            digest: MessageDigest::sha256(),
        }
    }

    /// A certificate like that of `victim`, but issued with the key of `holder`.
    pub fn forged(holder: &Credentials, victim: &Credentials) -> Self {
        let issuer = Self::of(holder);
        let mut signer = Self::of(victim);
        let mut builder = X509::builder().unwrap();
        builder.set_version(2).unwrap();
        builder.set_serial_number(&BigNum::from_u32(7).unwrap().to_asn1_integer().unwrap()).unwrap();
        builder.set_subject_name(signer.certificate.subject_name()).unwrap();
        builder.set_issuer_name(issuer.certificate.subject_name()).unwrap();
        builder.set_pubkey(&signer.key).unwrap();
        builder.set_not_before(&Asn1Time::from_str("20250101000000Z").unwrap()).unwrap();
        builder.set_not_after(&Asn1Time::from_str("20450101000000Z").unwrap()).unwrap();
        let usage = ExtendedKeyUsage::new().other("1.2.840.113635.100.4.14").build().unwrap();
        builder.append_extension(usage).unwrap();
        let pass_type = signer.certificate.subject_name().entries_by_nid(Nid::USERID).next().unwrap();
        let marker = [&[0x0c, pass_type.data().len() as u8], pass_type.data().as_slice()].concat();
        let oid = Asn1Object::from_str("1.2.840.113635.100.6.1.16").unwrap();
        let marker = Asn1OctetString::new_from_bytes(&marker).unwrap();
        builder.append_extension(X509Extension::new_from_der(&oid, false, &marker).unwrap()).unwrap();
        let context = builder.x509v3_context(Some(&issuer.certificate), None);
        let subject = SubjectKeyIdentifier::new().build(&context).unwrap();
        let authority = AuthorityKeyIdentifier::new().keyid(true).build(&context).unwrap();
        builder.append_extension(subject).unwrap();
        builder.append_extension(authority).unwrap();
        builder.sign(&issuer.key, MessageDigest::sha256()).unwrap();
        signer.certificate = builder.build();
        signer
    }

    pub fn with(mut self, certificate: Vec<u8>) -> Self {
        self.others.push(X509::from_der(&certificate).unwrap());
        self
    }

    pub fn digest(mut self, digest: MessageDigest) -> Self {
        self.digest = digest;
        self
    }

    pub fn by_key_id(self) -> Self {
        self.option(CMSOptions::USE_KEYID)
    }

    pub fn without_capabilities(self) -> Self {
        self.option(CMSOptions::NOSMIMECAP)
    }

    pub fn without_attributes(self) -> Self {
        self.option(CMSOptions::NOATTR)
    }

    pub fn without_certificates(mut self) -> Self {
        self.others.clear();
        self.option(CMSOptions::CMS_NOCERTS)
    }

    pub fn attached(mut self) -> Self {
        self.options.remove(CMSOptions::DETACHED);
        self
    }

    pub fn text_mode(mut self) -> Self {
        self.options.remove(CMSOptions::BINARY);
        self
    }

    fn option(mut self, option: CMSOptions) -> Self {
        self.options |= option;
        self
    }

    fn stack(&self) -> Stack<X509> {
        let mut stack = Stack::new().unwrap();
        self.others.iter().for_each(|other| stack.push(other.clone()).unwrap());
        stack
    }

    /// Signs as `openssl cms -sign` does.
    pub fn sign(&self, content: &[u8]) -> Vec<u8> {
        let stack = self.stack();
        let cms =
            CmsContentInfo::sign(Some(&self.certificate), Some(&self.key), Some(&stack), Some(content), self.options);
        cms.unwrap().to_der().unwrap()
    }

    /// Signs as `openssl smime -sign` does.
    pub fn sign_pkcs7(&self, content: &[u8]) -> Vec<u8> {
        let options = Pkcs7Flags::BINARY | Pkcs7Flags::DETACHED;
        Pkcs7::sign(&self.certificate, &self.key, &self.stack(), content, options).unwrap().to_der().unwrap()
    }

    /// Signs by hand at a given time, with the attributes in an order that is not DER's.
    pub fn sign_at(&self, content: &[u8], at: DateTime<Utc>) -> Vec<u8> {
        self.by_hand(content, Some(at), 1)
    }

    /// Signs by hand without a signing time.
    pub fn sign_timeless(&self, content: &[u8]) -> Vec<u8> {
        self.by_hand(content, None, 1)
    }

    /// Signs by hand, twice.
    pub fn sign_twice(&self, content: &[u8], at: DateTime<Utc>) -> Vec<u8> {
        self.by_hand(content, Some(at), 2)
    }

    fn by_hand(&self, content: &[u8], at: Option<DateTime<Utc>>, signers: usize) -> Vec<u8> {
        let oid = |text: &str| der(6, &[Asn1Object::from_str(text).unwrap().as_slice()]);
        let algorithm = |text: &str| der(0x30, &[&oid(text), &[5, 0]]);
        let attribute = |text: &str, value: Vec<u8>| der(0x30, &[&oid(text), &der(0x31, &[&value])]);
        let digest_oid = match self.digest.type_() {
            Nid::SHA1 => "1.3.14.3.2.26",
            Nid::SHA384 => "2.16.840.1.101.3.4.2.2",
            Nid::SHA512 => "2.16.840.1.101.3.4.2.3",
            _ => "2.16.840.1.101.3.4.2.1",
        };
        let data = "1.2.840.113549.1.7.1";
        let digest = hash(self.digest, content).unwrap();
        // DER would have the shortest first.
        let mut attributes = vec![attribute("1.2.840.113549.1.9.4", der(4, &[&digest]))];
        attributes.extend(at.map(|at| {
            let (tag, form) = if at < "2050-01-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap() {
                (0x17, "%y%m%d%H%M%SZ")
            } else {
                (0x18, "%Y%m%d%H%M%SZ")
            };
            attribute("1.2.840.113549.1.9.5", der(tag, &[at.format(form).to_string().as_bytes()]))
        }));
        attributes.push(attribute("1.2.840.113549.1.9.3", oid(data)));
        let attributes = attributes.concat();

        let mut signer = openssl::sign::Signer::new(self.digest, &self.key).unwrap();
        let signature = signer.sign_oneshot_to_vec(&der(0x31, &[&attributes])).unwrap();
        let issuer = self.certificate.issuer_name().to_der().unwrap();
        let mut serial = self.certificate.serial_number().to_bn().unwrap().to_vec();
        if serial[0] & 0x80 != 0 {
            serial.insert(0, 0);
        }
        let signer = der(
            0x30,
            &[
                &[2, 1, 1],
                &der(0x30, &[&issuer, &der(2, &[&serial])]),
                &algorithm(digest_oid),
                &der(0xa0, &[&attributes]),
                &algorithm("1.2.840.113549.1.1.1"),
                &der(4, &[&signature]),
            ],
        );
        let mut certificates = self.certificate.to_der().unwrap();
        self.others.iter().for_each(|other| certificates.extend(other.to_der().unwrap()));
        let signed_data = der(
            0x30,
            &[
                &[2, 1, 1],
                &der(0x31, &[&algorithm(digest_oid)]),
                &der(0x30, &[&oid(data)]),
                &der(0xa0, &[&certificates]),
                &der(0x31, &[&signer.repeat(signers)]),
            ],
        );
        der(0x30, &[&oid("1.2.840.113549.1.7.2"), &der(0xa0, &[&signed_data])])
    }
}

/// Writes a detached signature again as Bouncy Castle does, whose outer values have no length; another content may be put in.
pub fn rewrapped(signature: &[u8], content: Option<&[u8]>) -> Vec<u8> {
    let wrap = |tag: u8, content: &[u8]| [&[tag, 0x80], content, &[0, 0]].concat();
    let info = values(values(signature)[0].1);
    let data = values(values(info[1].1)[0].1);
    let mut inner = Vec::new();
    for (index, (whole, value)) in data.into_iter().enumerate() {
        match (index, content) {
            // In pieces, as a stream is written.
            (2, Some(content)) => {
                let (first, second) = content.split_at(content.len() / 2);
                let pieces = wrap(0x24, &[der(4, &[first]), der(4, &[second])].concat());
                inner.extend(wrap(0x30, &[value, &wrap(0xa0, &pieces)].concat()));
            }
            (2, None) => inner.extend(wrap(0x30, value)),
            (3, _) => inner.extend(wrap(0xa0, value)),
            _ => inner.extend(whole),
        }
    }
    wrap(0x30, &[info[0].0, &wrap(0xa0, &wrap(0x30, &inner))].concat())
}

/// Takes DER apart: each value whole, and its content.
fn values(mut der: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut values = Vec::new();
    while !der.is_empty() {
        let (header, length) = match der[1] {
            short @ 0..0x80 => (2, usize::from(short)),
            long => {
                let end = 2 + usize::from(long & 0x7f);
                (end, der[2..end].iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)))
            }
        };
        values.push((&der[..header + length], &der[header..header + length]));
        der = &der[header + length..];
    }
    values
}

fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = match content.len() {
        short @ 0..0x80 => vec![short as u8],
        long => {
            let bytes: Vec<u8> = long.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
            [&[0x80 | bytes.len() as u8], bytes.as_slice()].concat()
        }
    };
    [&[tag], length.as_slice(), &content].concat()
}
