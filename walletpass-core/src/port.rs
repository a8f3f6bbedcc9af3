//! What the crate family asks of the outside world: the time, a private key, chance, HTTP, and to be woken later.
//!
//! Each seam is a small object-safe trait; an implementation is a value that the host passes in. This file is the only one
//! that reads the clock, which `clippy.toml` enforces.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
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

/// Gives random bytes.
///
/// # Contract
///
/// The bytes cannot be predicted: identifiers, tokens and keys are made of them.
pub trait Entropy: fmt::Debug + Send + Sync {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// Sends HTTP requests.
///
/// # Contract
///
/// - One call is one exchange: redirects are not followed, failures not retried, and an answer of any status is a success.
/// - An answer whose body is longer than [`MAX_BODY`] bytes is an error, and no more than that is kept in memory.
/// - It gives up by itself after some seconds; ten suit Google.
/// - It may be called from many tasks at once. Dropping the future ends the exchange.
/// - Neither `Debug` nor an error shows the headers or the body of a request, which hold tokens.
#[async_trait]
pub trait HttpClient: fmt::Debug + Send + Sync {
    /// Sends a request and reads the whole answer.
    ///
    /// # Errors
    ///
    /// [`HttpError`] when there is no answer: no connection, no time, too long a body.
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, HttpError>;
}

/// Sleeps between tries, on whichever runtime the host has.
///
/// # Contract
///
/// - The future ends no sooner than `duration` after it was first polled, and blocks no thread meanwhile.
/// - The [`Clock`] beside it moves on by as much, or callers wait again.
/// - Many may sleep at once. Dropping the future ends the sleep.
#[async_trait]
pub trait Timer: fmt::Debug + Send + Sync {
    /// Sleeps for a while.
    async fn sleep(&self, duration: Duration);
}

/// The longest body that an answer over HTTP may have, in bytes: 16 MB.
pub const MAX_BODY: usize = 16 * 1024 * 1024;

/// Says that an [`HttpClient`] got no answer; the cause is its source.
#[derive(Debug, thiserror::Error)]
#[error("no answer over HTTP; see the cause, and try again")]
pub struct HttpError(#[source] Box<dyn Error + Send + Sync>);

impl HttpError {
    /// Wraps the cause.
    pub fn new(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(cause.into())
    }
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
