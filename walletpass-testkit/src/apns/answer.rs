//! What the fake says to a push.

use chrono::{DateTime, Utc};
use serde_json::json;

/// An answer of APNs, a wrong one or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApnsAnswer {
    pub(super) status: u16,
    pub(super) reason: String,
    pub(super) timestamp: Option<DateTime<Utc>>,
    pub(super) retry_after: Option<u64>,
    pub(super) shape: Shape,
}

/// How an answer comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// The connection is cut.
    Cut,
    /// As JSON that never ends.
    Endless,
    /// As APNs writes it.
    Plain,
    /// As these bytes.
    Raw(Vec<u8>),
    /// The stream is reset with this code.
    Reset(u32),
    /// Never.
    Silence,
}

impl ApnsAnswer {
    /// Takes the push.
    pub fn delivered() -> Self {
        Self::refusal(200, "")
    }

    /// Refuses with a status and Apple's reason: 410 and `Unregistered`.
    pub fn refusal(status: u16, reason: &str) -> Self {
        Self { status, reason: reason.to_owned(), timestamp: None, retry_after: None, shape: Shape::Plain }
    }

    /// Takes the push, and cuts the connection instead of answering.
    pub fn cut() -> Self {
        Self { shape: Shape::Cut, ..Self::delivered() }
    }

    /// Takes the push and says nothing.
    pub fn silence() -> Self {
        Self { shape: Shape::Silence, ..Self::delivered() }
    }

    /// Resets the stream of the push with a code of HTTP/2 (RFC 9113, section 7), and goes on with the connection: 7 refuses it untouched.
    pub fn reset(code: u32) -> Self {
        Self { shape: Shape::Reset(code), ..Self::delivered() }
    }

    /// Answers with a status and a body that begins as JSON and never ends.
    pub fn endless(status: u16) -> Self {
        Self { shape: Shape::Endless, ..Self::refusal(status, "") }
    }

    /// Answers with these bytes as the body.
    pub fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.shape = Shape::Raw(body.into());
        self
    }

    /// Says since when the token is dead.
    pub fn since(mut self, timestamp: DateTime<Utc>) -> Self {
        self.timestamp = Some(timestamp);
        self
    }

    /// Says after how many seconds to come back.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Writes the body.
    pub(super) fn body(&self) -> Vec<u8> {
        match (&self.shape, self.timestamp) {
            (Shape::Raw(body), _) => body.clone(),
            (_, _) if self.status == 200 => Vec::new(),
            (_, Some(at)) => {
                json!({ "reason": self.reason, "timestamp": at.timestamp_millis() }).to_string().into_bytes()
            }
            (_, None) => json!({ "reason": self.reason }).to_string().into_bytes(),
        }
    }
}
