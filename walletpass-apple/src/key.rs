//! A private key in memory.

use std::fmt;

use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{HasPublic, Id, PKey, PKeyRef, Private};
use openssl::sign::{Signer, Verifier};
use walletpass_core::Secret;
use walletpass_core::port::{Algorithm, SigningError, SigningKey};

use crate::{Error, pem};

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

/// Says whether the PEM holds an encrypted key: PKCS #8 says so in its label, the older forms in a header (RFC 1421).
fn is_encrypted(pem: &[u8]) -> bool {
    pem.windows(9).any(|window| window == b"ENCRYPTED")
}
