//! Why a device gets no answer, by what is to be done next.

use std::error::Error;
use std::time::Duration;

use crate::store::StoreError;

/// Says why a device was not served.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeviceError {
    /// Something is wrong on the side of the server, and will be the next time: 500. See the cause.
    ///
    /// The device learns no more than that; the host finds the error in the answer, as a [`Failure`](crate::Failure).
    #[error("the pass could not be served; see the cause")]
    Failed {
        /// What is wrong.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// The device asks for what it cannot have: 400.
    #[error("{message}")]
    Refused {
        /// What is wrong and how to mend it. The device is told, so no secrets.
        message: String,
    },
    /// Something does not answer that would, later: 503. The device comes again by itself.
    ///
    /// The device learns no more than that; the host finds the error in the answer, as a [`Failure`](crate::Failure).
    #[error("what is needed to serve the pass does not answer; try again later")]
    Unavailable {
        /// When to come again; Wallet has times of its own, and is not known to heed it.
        retry_after: Option<Duration>,
        /// What does not answer.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// There is no such pass: 401, as for a wrong token, so that nobody learns which passes exist.
    #[error("there is no such pass")]
    UnknownPass,
}

impl DeviceError {
    /// Wraps what is wrong on the side of the server.
    pub fn failed(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Failed { source: cause.into() }
    }

    /// Wraps what does not answer.
    pub fn unavailable(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Unavailable { retry_after: None, source: cause.into() }
    }
}

/// A store that does not answer is [`Unavailable`](DeviceError::Unavailable), anything else [`Failed`](DeviceError::Failed).
impl From<StoreError> for DeviceError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable { .. } => Self::unavailable(error),
            _ => Self::failed(error),
        }
    }
}
