//! What the crate family asks of the outside world: the time and a private key.
//!
//! Each seam is a small object-safe trait; an implementation is a value that the host passes in. This file is the only one
//! that reads the clock, which `clippy.toml` enforces.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};

/// Tells the time.
///
/// # Contract
///
/// Two calls may return the same instant, and a clock may be set back; callers must not rely on it moving.
pub trait Clock: fmt::Debug + Send + Sync {
    /// Gives the present instant.
    fn now(&self) -> DateTime<Utc>;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "a unit struct that has nothing to grow")]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the place where the clock is read")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that stands still, for tests and reproducible output.
impl Clock for DateTime<Utc> {
    fn now(&self) -> DateTime<Utc> {
        *self
    }
}

/// Signs with a private key that may live anywhere: in memory, in a KMS, in an HSM.
///
/// # Contract
///
/// - [`sign`](SigningKey::sign) hashes `message` with SHA-256 and returns a complete signature under the algorithm that
///   [`algorithm`](SigningKey::algorithm) names: RSASSA-PKCS1-v1_5 (RFC 8017) for RSA; a DER `ECDSA-Sig-Value` (RFC 3279) for P-256.
/// - The same key answers for the life of the value, and `algorithm` never changes.
/// - It may block, so async callers run it on a blocking thread. It may be called from many threads at once.
/// - Neither `Debug` nor an error shows key material.
pub trait SigningKey: fmt::Debug + Send + Sync {
    /// Names the kind of signature that this key makes.
    fn algorithm(&self) -> Algorithm;

    /// Signs `message`.
    ///
    /// # Errors
    ///
    /// Whatever keeps the key from signing, a KMS that cannot be reached for instance.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningError>;
}

/// A shared key signs as the key does.
impl<K: SigningKey + ?Sized> SigningKey for Arc<K> {
    fn algorithm(&self) -> Algorithm {
        (**self).algorithm()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        (**self).sign(message)
    }
}

/// The signature algorithms that the wallets take, both with SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256. Apple's own tool takes such keys; Google does not.
    EcdsaP256Sha256,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RsaSha256,
}

/// Says that a [`SigningKey`] could not sign; the cause is its source.
#[derive(Debug, thiserror::Error)]
#[error("the private key could not sign; see the cause, and try again if it is a remote key")]
pub struct SigningError(#[source] Box<dyn Error + Send + Sync>);

impl SigningError {
    /// Wraps the cause.
    pub fn new(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}
