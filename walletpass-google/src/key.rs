//! The private key of a service account, in memory.

use std::fmt;

use openssl::hash::MessageDigest;
use openssl::pkey::{Id, PKey, Private};
use openssl::sign::Signer;
use walletpass_core::port::{Algorithm, SigningError, SigningKey};

use crate::error::AccountError;

/// An RSA key that signs with SHA-256 (RS256, RFC 7518 section 3.3). Parsed once.
pub(crate) struct LocalKey(PKey<Private>);

impl LocalKey {
    /// Reads a PEM private key, PKCS#8 as Google gives it or PKCS#1.
    pub(crate) fn from_pem(pem: &str) -> Result<Self, AccountError> {
        let key = PKey::private_key_from_pem_passphrase(pem.as_bytes(), b"")
            .map_err(|_| AccountError::KeyPem { cause: cause(pem) })?;
        match (key.id(), key.bits()) {
            (Id::RSA, bits) if bits >= 2048 => Ok(Self(key)),
            (Id::RSA, bits) => Err(AccountError::KeyKind { found: format!("RSA of {bits} bits") }),
            _ => Err(AccountError::KeyKind { found: "not an RSA key".to_owned() }),
        }
    }
}

impl SigningKey for LocalKey {
    fn algorithm(&self) -> Algorithm {
        Algorithm::RsaSha256
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        Signer::new(MessageDigest::sha256(), &self.0)
            .and_then(|mut signer| signer.sign_oneshot_to_vec(message))
            .map_err(SigningError::new)
    }
}

impl fmt::Debug for LocalKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LocalKey(…)")
    }
}

fn cause(pem: &str) -> &'static str {
    if !pem.contains("-----BEGIN") {
        "it has no `-----BEGIN` line"
    } else if !pem.contains("-----END") {
        "it is cut off: there is no `-----END` line"
    } else if pem.contains("ENCRYPTED") {
        "it is encrypted; Google gives keys unencrypted"
    } else if pem.contains("PUBLIC KEY") || pem.contains("CERTIFICATE") {
        "it is not the private half"
    } else if !pem.trim().contains('\n') {
        "its line breaks are gone, as when an environment variable was set without quotes"
    } else {
        "its base64 is damaged"
    }
}
