//! A private key in memory.

use std::error::Error as StdError;
use std::fmt;

use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{HasPublic, Id, PKey, PKeyRef, Private};
use openssl::sign::{Signer, Verifier};
use walletpass_core::Secret;
use walletpass_core::port::{Algorithm, SigningError, SigningKey};
use x509_parser::asn1_rs::{Any, FromDer, Tag};

use crate::{Error, pem, rounds};

/// A private key in the memory of this process.
pub(crate) struct LocalKey {
    key: PKey<Private>,
    algorithm: Algorithm,
}

impl LocalKey {
    /// Reads PKCS #8 (RFC 5958), as a P12 holds it.
    pub(crate) fn from_pkcs8(der: &[u8]) -> Result<Self, Error> {
        Self::new(PKey::private_key_from_pkcs8(der).map_err(|source| Error::KeyUnreadable { source: source.into() })?)
    }

    /// Reads PKCS #8, PKCS #1 or SEC 1 as PEM, encrypted or not.
    pub(crate) fn from_pem(pem: &[u8], passphrase: Option<&Secret<String>>) -> Result<Self, Error> {
        // OpenSSL asks on the terminal when it gets no passphrase at all, so an empty one stands for none. One with a zero byte
        // cannot be handed to C.
        let given = passphrase.map_or("", |secret| secret.expose());
        if given.contains('\0') {
            return Err(Error::PassphraseWrong);
        }
        let mended = pem::mended(pem);
        let pem = mended.as_ref().map_or(pem, |mended| mended.expose().as_bytes());
        let count = rounds_of(pem)?;
        if count > rounds::MOST {
            return Err(Error::KeyTooSlow { rounds: count });
        }
        match PKey::private_key_from_pem_passphrase(pem, given.as_bytes()) {
            Ok(key) => Self::new(key),
            Err(_) if is_encrypted(pem) && passphrase.is_none() => Err(Error::PassphraseMissing),
            Err(_) if is_encrypted(pem) => Err(Error::PassphraseWrong),
            Err(source) => Err(Error::KeyUnreadable { source: source.into() }),
        }
    }

    /// Says whether the key is the other half of `public`.
    pub(crate) fn belongs_to<T: HasPublic>(&self, public: &PKeyRef<T>) -> bool {
        self.key.public_eq(public)
    }

    fn new(key: PKey<Private>) -> Result<Self, Error> {
        let algorithm = algorithm_of(&key)?;
        Ok(Self { key, algorithm })
    }
}

impl SigningKey for LocalKey {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        Signer::new(MessageDigest::sha256(), &self.key)
            .and_then(|mut signer| signer.sign_oneshot_to_vec(message))
            .map_err(SigningError::new)
    }
}

impl fmt::Debug for LocalKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalKey").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

/// Names the algorithm that a key signs with, or refuses a key that Apple Wallet does not take.
pub(crate) fn algorithm_of<T: HasPublic>(key: &PKeyRef<T>) -> Result<Algorithm, Error> {
    let unfit = |found: String| Err(Error::KeyUnfit { found });
    match key.id() {
        Id::RSA if key.bits() >= 2048 => Ok(Algorithm::RsaSha256),
        Id::RSA => unfit(format!("RSA of {} bits", key.bits())),
        Id::EC => match key.ec_key().ok().and_then(|ec| ec.group().curve_name()) {
            Some(Nid::X9_62_PRIME256V1) => Ok(Algorithm::EcdsaP256Sha256),
            Some(curve) => unfit(format!("EC on {}", curve.short_name().unwrap_or("another curve"))),
            None => unfit("EC on a curve without a name".to_owned()),
        },
        _ => unfit("neither RSA nor EC".to_owned()),
    }
}

/// Says whether `signature` over `message` was made with the other half of `public`.
pub(crate) fn verifies<T: HasPublic>(public: &PKeyRef<T>, message: &[u8], signature: &[u8]) -> bool {
    Verifier::new(MessageDigest::sha256(), public)
        .and_then(|mut verifier| verifier.verify_oneshot(signature, message))
        .unwrap_or(false)
}

/// Counts how often the passphrase is hashed for the encrypted PKCS #8 in a PEM. OpenSSL does whatever number stands there, two
/// thousand million rounds too, which takes it a quarter of an hour.
pub(crate) fn rounds_of(pem: &[u8]) -> Result<u64, Error> {
    let mended = pem::mended(pem);
    let text = String::from_utf8_lossy(mended.as_ref().map_or(pem, |mended| mended.expose().as_bytes()));
    let rounds_of_block = |block: &str| -> Result<u64, Cause> {
        let base64: String = block.split('-').next().unwrap_or_default().split_whitespace().collect();
        let der = openssl::base64::decode_block(&base64)?;
        // EncryptedPrivateKeyInfo (RFC 5958): the algorithm, then the key.
        let (_, info) = Any::from_der(&der)?;
        let (_, algorithm) = Any::from_der(info.data)?;
        rounds_in(algorithm.data, DEEPEST)
    };
    let mut all = 0u64;
    for block in text.split(ENCRYPTED_PKCS8).skip(1) {
        all = all.saturating_add(rounds_of_block(block).map_err(|source| Error::KeyUnreadable { source })?);
    }
    Ok(all)
}

/// Finds the most that the parameters of an encryption ask for. Of PBES1 and PBKDF2 (RFC 8018) they are salt and rounds, of scrypt (RFC 7914)
/// salt and three numbers whose product is the work; each unit costs about the same.
fn rounds_in(mut der: &[u8], deepest: u8) -> Result<u64, Cause> {
    let (mut is_salted, mut numbers, mut most) = (false, Vec::new(), 0);
    while !der.is_empty() {
        let (rest, element) = Any::from_der(der)?;
        match element.tag() {
            Tag::OctetString => is_salted = true,
            Tag::Integer => numbers.push(element.as_u64().unwrap_or(u64::MAX)),
            Tag::Sequence if deepest == 0 => return Err("its encryption is nested too deep".into()),
            Tag::Sequence => most = most.max(rounds_in(element.data, deepest - 1)?),
            _ => {}
        }
        der = rest;
    }
    let own = match numbers.as_slice() {
        _ if !is_salted => 0,
        [cost, block, parallel, ..] => cost.saturating_mul(*block).saturating_mul(*parallel),
        [rounds, ..] => *rounds,
        [] => 0,
    };
    Ok(most.max(own))
}

/// Says whether the PEM holds an encrypted key: PKCS #8 says so in its label, the older forms in a header (RFC 1421).
pub(crate) fn is_encrypted(pem: &[u8]) -> bool {
    pem.windows(9).any(|window| window == b"ENCRYPTED")
}

type Cause = Box<dyn StdError + Send + Sync>;

const ENCRYPTED_PKCS8: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----";

const DEEPEST: u8 = 8;

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes a short element of DER.
    fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let content = parts.concat();
        let length = u8::try_from(content.len()).unwrap();
        [&[tag, length], &*content].concat()
    }

    /// Writes an encrypted key, PBES2 with AES-256, whose passphrase is hashed by `function` with a salt and `numbers`.
    fn encrypted(function: &str, numbers: &[u32]) -> String {
        let oid = |name: &str| element(6, &[openssl::asn1::Asn1Object::from_str(name).unwrap().as_slice()]);
        let number = |number: &u32| {
            let bytes = [&[0], &number.to_be_bytes()[..]].concat();
            let padding = bytes.windows(2).take_while(|pair| pair[0] == 0 && pair[1] < 0x80).count();
            element(2, &[&bytes[padding..]])
        };
        let numbers: Vec<u8> = numbers.iter().flat_map(number).collect();
        let hashing = element(0x30, &[&oid(function), &element(0x30, &[&element(4, &[b"saltsalt"]), &numbers])]);
        let cipher = element(0x30, &[&oid("2.16.840.1.101.3.4.1.42"), &element(4, &[&[7; 16]])]);
        let algorithm = element(0x30, &[&oid("1.2.840.113549.1.5.13"), &element(0x30, &[&hashing, &cipher])]);
        let der = element(0x30, &[&algorithm, &element(4, &[&[0; 16]])]);
        let base64 = openssl::base64::encode_block(&der);
        format!("{ENCRYPTED_PKCS8}\n{base64}\n-----END ENCRYPTED PRIVATE KEY-----\n")
    }

    #[test]
    fn a_passphrase_that_takes_minutes_is_refused_at_once() {
        const PBKDF2: &str = "1.2.840.113549.1.5.12";
        const SCRYPT: &str = "1.3.6.1.4.1.11591.4.11";
        let load = |pem: &str| LocalKey::from_pem(pem.as_bytes(), Some(&Secret::from("x"))).unwrap_err();
        for (function, numbers, expected) in [
            (PBKDF2, &[i32::MAX as u32][..], i32::MAX as u64),
            (PBKDF2, &[5_000_001, 32], 5_000_001),
            (SCRYPT, &[16_384, 8, 32_768], 1 << 32),
        ] {
            let error = load(&encrypted(function, numbers));
            assert!(matches!(error, Error::KeyTooSlow { rounds } if rounds == expected), "{error}");
        }
        let pair = [encrypted(PBKDF2, &[3_000_000]), encrypted(PBKDF2, &[3_000_000])].concat();
        assert!(matches!(load(&pair), Error::KeyTooSlow { rounds: 6_000_000 }));
        for (function, numbers) in [(PBKDF2, &[2_048, 32][..]), (SCRYPT, &[16_384, 8, 1])] {
            let error = load(&encrypted(function, numbers));
            assert!(matches!(error, Error::PassphraseWrong), "{error}");
        }
        // BER that OpenSSL would read all the same.
        let indefinite = format!("{ENCRYPTED_PKCS8}\nMIAwADAAAAA=\n-----END ENCRYPTED PRIVATE KEY-----\n");
        assert!(matches!(load(&indefinite), Error::KeyUnreadable { .. }));
    }
}
