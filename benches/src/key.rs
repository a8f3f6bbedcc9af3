//! The keys: the base line, and one that costs nothing.

use std::fmt;
use std::sync::{Arc, OnceLock};

use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::sign::Signer;
use walletpass::model::port::{Algorithm, SigningError, SigningKey};

/// A key and nothing around it: the base line.
///
/// It signs with the calls that walletpass makes, in the OpenSSL that walletpass is linked with.
pub struct BareKey {
    key: PKey<Private>,
    algorithm: Algorithm,
}

impl BareKey {
    pub(crate) fn from_pem(pem: &str) -> Self {
        let key = PKey::private_key_from_pem(pem.as_bytes()).expect("the key was just made");
        let algorithm = if key.rsa().is_ok() { Algorithm::RsaSha256 } else { Algorithm::EcdsaP256Sha256 };
        Self { key, algorithm }
    }

    /// Signs as many bytes as a package has signed: the attributes of its CMS signature.
    pub fn sign_attributes(&self) -> Vec<u8> {
        self.sign(&[7; 107]).expect("a key in memory signs")
    }
}

impl SigningKey for BareKey {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        Signer::new(MessageDigest::sha256(), &self.key)
            .and_then(|mut signer| signer.sign_oneshot_to_vec(message))
            .map_err(SigningError::new)
    }
}

impl fmt::Debug for BareKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BareKey").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

/// A key that signs once, truly, and gives that signature ever after: what is left is everything but the signature.
///
/// The one true signature is the probe with which an identity is loaded. Those of its packages do not verify.
#[derive(Debug)]
pub struct StoredSignature {
    key: Arc<BareKey>,
    stored: OnceLock<Vec<u8>>,
}

impl StoredSignature {
    /// Takes the key for the one signature.
    pub fn new(key: Arc<BareKey>) -> Self {
        Self { key, stored: OnceLock::new() }
    }
}

impl SigningKey for StoredSignature {
    fn algorithm(&self) -> Algorithm {
        self.key.algorithm()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        if let Some(stored) = self.stored.get() {
            return Ok(stored.clone());
        }
        let signature = self.key.sign(message)?;
        Ok(self.stored.get_or_init(|| signature).clone())
    }
}
