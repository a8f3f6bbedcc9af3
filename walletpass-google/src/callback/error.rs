//! Why a callback was not taken, by what the host answers.

use std::error::Error;

use super::keys::KeysError;
use super::nonce::NonceError;

/// Says why a callback was not taken. Each variant is another answer: [`status`](CallbackError::status).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CallbackError {
    /// It does not come from Google, or not for this issuer, or not for now. Answer 400, and do nothing else.
    #[error("the callback is refused: {0}")]
    Refused(#[from] Refusal),
    /// It was verified before: Google repeats itself, or somebody repeats Google. Answer 200, and do nothing else.
    #[error("the callback was verified before, so there is nothing to do: answer 200")]
    Replayed,
    /// Nothing is known of it, since Google's keys or the nonces cannot be had. Answer 503: Google tries again later.
    #[error("the callback cannot be verified now; see the cause, and answer 503, so that Google tries again")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
}

impl CallbackError {
    /// Gives the HTTP status to answer with: 400, 200 or 503.
    pub fn status(&self) -> u16 {
        match self {
            Self::Refused(_) => 400,
            Self::Replayed => 200,
            Self::Unavailable(_) => 503,
        }
    }
}

impl From<KeysError> for CallbackError {
    fn from(error: KeysError) -> Self {
        Self::Unavailable(Box::new(error))
    }
}

impl From<NonceError> for CallbackError {
    fn from(error: NonceError) -> Self {
        Self::Unavailable(Box::new(error))
    }
}

/// Says what is wrong with a callback that is refused, for the log. Tell the caller nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The message is past its `expTimeMillis`.
    #[error("its message has expired: if this happens often, set the clock of the machine")]
    Expired,
    /// The key that signed the message is past its `keyExpiration`.
    #[error("its signing key has expired: if this happens often, set the clock of the machine")]
    KeyExpired,
    /// No key of Google signed the key that signed the message.
    #[error("its signing key is not signed by Google")]
    KeyForged,
    /// It has not the form of a callback.
    #[error("{0}: callbacks come from Google alone, as JSON; pass the body on unchanged")]
    Malformed(&'static str),
    /// The key did not sign this message for this issuer.
    #[error("its signature does not fit: it was changed, or it is for another issuer than the configured one")]
    MessageForged,
    /// The message is for this issuer, and tells of a pass of another.
    #[error("it tells of a class or object of another issuer than the configured one")]
    OtherIssuer,
    /// It is longer than any callback.
    #[error("it is longer than {max} bytes", max = super::Callbacks::MAX_BODY)]
    TooLong,
}
