//! Chains of certificates as an authority makes them that makes mistakes.

use openssl::asn1::{Asn1Object, Asn1OctetString, Asn1Time};
use openssl::bn::BigNum;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::x509::extension::ExtendedKeyUsage;
use openssl::x509::{X509, X509Extension, X509NameBuilder};

use super::{PASS_TYPE, TEAM};

/// What a certificate of the chain is to be.
pub struct Spec {
    pub subject: &'static str,
    pub issuer: &'static str,
    pub years: (u32, u32),
    pub is_authority: bool,
    pub names_issuer: bool,
    pub critical: bool,
}

pub const ROOT: Spec = Spec {
    subject: "Root",
    issuer: "Root",
    years: (2020, 2050),
    is_authority: true,
    names_issuer: true,
    critical: false,
};
pub const INTERMEDIATE: Spec = Spec { subject: "WWDR", ..ROOT };
pub const LEAF: Spec = Spec { subject: "Pass Type ID: x", issuer: "WWDR", is_authority: false, ..ROOT };

/// Three keys, for the root, the intermediate and the leaf.
pub struct Keys(pub [PKey<Private>; 3]);

impl Keys {
    pub fn new() -> Self {
        Self([(); 3].map(|()| PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap()))
    }

    /// Makes the certificate of one key, signed with another.
    pub fn certificate(&self, key: usize, by: usize, spec: &Spec) -> X509 {
        let name = |common: &str, is_leaf: bool| {
            let mut name = X509NameBuilder::new().unwrap();
            name.append_entry_by_nid(Nid::COMMONNAME, common).unwrap();
            if is_leaf {
                name.append_entry_by_nid(Nid::USERID, PASS_TYPE).unwrap();
                name.append_entry_by_nid(Nid::ORGANIZATIONALUNITNAME, TEAM).unwrap();
            }
            name.build()
        };
        let mut builder = X509::builder().unwrap();
        let extension = |oid: &str, critical: bool, value: &[u8]| {
            let value = Asn1OctetString::new_from_bytes(value).unwrap();
            X509Extension::new_from_der(&Asn1Object::from_str(oid).unwrap(), critical, &value).unwrap()
        };
        // The digest of the public key, as authorities name keys.
        let id = |key: &PKey<Private>| openssl::sha::sha1(&key.public_key_to_der().unwrap());
        let day = |year: u32| Asn1Time::from_str(&format!("{year}0101000000Z")).unwrap();
        builder.set_version(2).unwrap();
        builder.set_serial_number(&BigNum::from_u32(spec.years.0).unwrap().to_asn1_integer().unwrap()).unwrap();
        builder.set_subject_name(&name(spec.subject, !spec.is_authority)).unwrap();
        builder.set_issuer_name(&name(spec.issuer, false)).unwrap();
        builder.set_pubkey(&self.0[key]).unwrap();
        builder.set_not_before(&day(spec.years.0)).unwrap();
        builder.set_not_after(&day(spec.years.1)).unwrap();
        builder
            .append_extension(extension("2.5.29.14", false, &[&[4, 20], id(&self.0[key]).as_slice()].concat()))
            .unwrap();
        if spec.names_issuer {
            let value = [&[0x30, 22, 0x80, 20], id(&self.0[by]).as_slice()].concat();
            builder.append_extension(extension("2.5.29.35", false, &value)).unwrap();
        }
        if spec.is_authority {
            builder.append_extension(extension("2.5.29.19", true, &[0x30, 3, 1, 1, 0xff])).unwrap();
        } else {
            let marker = [&[0x0c, PASS_TYPE.len() as u8], PASS_TYPE.as_bytes()].concat();
            builder.append_extension(extension("1.2.840.113635.100.6.1.16", true, &marker)).unwrap();
            let usage = ExtendedKeyUsage::new().other("1.2.840.113635.100.4.14").build().unwrap();
            builder.append_extension(usage).unwrap();
        }
        if spec.critical {
            builder.append_extension(extension("1.2.3.4.5", true, &[5, 0])).unwrap();
        }
        builder.sign(&self.0[by], MessageDigest::sha256()).unwrap();
        builder.build()
    }
}
