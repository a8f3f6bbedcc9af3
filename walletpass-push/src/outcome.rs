//! What became of a push.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};
use walletpass_core::PassTypeId;

/// Says what became of a push, by what the caller does next.
///
/// <https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// APNs took the push. It does not say whether the device ever saw it.
    Delivered {
        /// APNs' name for this push (`apns-id`), which Apple asks for when a push is looked into.
        id: Option<Box<str>>,
    },
    /// The token is dead, and so are its registrations: delete them.
    Gone(Gone),
    /// Nothing is wrong with the token; push again later.
    Later(Later),
    /// Something is wrong on this side: wake somebody who can mend it, keep the registrations, and push again afterwards.
    Misconfigured(Misconfiguration),
}

/// Says why a token is dead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Gone {
    /// APNs does not know the token (400 `BadDeviceToken`): it is not of the production environment, the only one for passes.
    BadDeviceToken,
    /// The token is no even number of hexadecimal digits, 2 to 512; nothing was sent.
    Malformed,
    /// The token was valid and is no longer (410).
    Unregistered {
        /// When APNs last saw that, if it said so. A registration that is younger than this stays: the device came back.
        since: Option<DateTime<Utc>>,
    },
}

/// Says why a push must be repeated, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Later {
    /// Why it was not taken.
    pub cause: Trouble,
    /// How long to wait at least, if APNs said so.
    pub after: Option<Duration>,
}

/// Says what passing trouble there was.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trouble {
    /// APNs refused for now, or has a fault of its own.
    Answer {
        /// The status: 429, one of 500 and more, or 400 with `IdleTimeout`.
        status: u16,
        /// Apple's reason: `TooManyRequests`, `ServiceUnavailable`. Empty when it gave none.
        reason: String,
    },
    /// The connection ended, or APNs reset the push, before the answer came, several times over. The push may have been taken.
    ConnectionLost,
    /// No answer came in time. The push may have been taken.
    Silence,
    /// There was no connection: no network, no address, no TLS. Nothing was sent.
    Unreachable {
        /// What the system said.
        cause: String,
    },
}

/// Says what is wrong on this side.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Misconfiguration {
    /// The status of the answer; none when nothing was sent.
    pub status: Option<u16>,
    /// Apple's reason, or ours when nothing was sent. Empty when the answer gave none.
    pub reason: String,
    /// What to do about it.
    pub mend: &'static str,
}

impl Later {
    /// Takes why the push was not taken; there is no moment to wait for.
    pub fn new(cause: Trouble) -> Self {
        Self { cause, after: None }
    }

    /// Sets how long to wait at least.
    pub fn with_after(mut self, after: Duration) -> Self {
        self.after = Some(after);
        self
    }
}

impl Misconfiguration {
    /// Takes a reason, and what to do about it, of a push that was not sent.
    pub fn new(reason: impl Into<String>, mend: &'static str) -> Self {
        Self { status: None, reason: reason.into(), mend }
    }

    /// Sets the status of the answer.
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }
}

impl Outcome {
    /// Says whether APNs took the push.
    pub fn is_delivered(&self) -> bool {
        matches!(self, Self::Delivered { .. })
    }

    pub(crate) fn later(cause: Trouble) -> Self {
        Self::Later(Later::new(cause))
    }

    pub(crate) fn of_another_topic(own: &PassTypeId) -> Self {
        let reason = format!("the certificate is for {}", own.as_str());
        Self::unsent(reason, "push with the certificate of the pass type that is the topic")
    }

    pub(crate) fn unsent(reason: impl Into<String>, mend: &'static str) -> Self {
        Self::Misconfigured(Misconfiguration::new(reason, mend))
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delivered { .. } => f.write_str("delivered"),
            Self::Gone(gone) => gone.fmt(f),
            Self::Later(Later { cause, after: None }) => write!(f, "not taken, push again: {cause}"),
            Self::Later(Later { cause, after: Some(after) }) => {
                write!(f, "not taken, push again in {} s: {cause}", after.as_secs())
            }
            Self::Misconfigured(misconfiguration) => misconfiguration.fmt(f),
        }
    }
}

impl fmt::Display for Gone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadDeviceToken => f.write_str("gone: APNs does not know the token; delete its registrations"),
            Self::Malformed => {
                f.write_str("gone: the token is no even number of hexadecimal digits; delete its registrations")
            }
            Self::Unregistered { since: Some(since) } => {
                write!(f, "gone: the token is dead since {since}; delete its registrations that are older")
            }
            Self::Unregistered { since: None } => f.write_str("gone: the token is dead; delete its registrations"),
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answer { status, reason } if reason.is_empty() => write!(f, "APNs answered {status}"),
            Self::Answer { status, reason } => write!(f, "APNs answered {status} {reason}"),
            Self::ConnectionLost => f.write_str("the connection ended before the answer came"),
            Self::Silence => f.write_str("no answer came in time"),
            Self::Unreachable { cause } => write!(f, "no connection: {cause}"),
        }
    }
}

impl fmt::Display for Misconfiguration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.status, self.reason.as_str()) {
            (None, reason) => write!(f, "not sent, {reason}: {}", self.mend),
            (Some(status), "") => write!(f, "APNs answered {status}: {}", self.mend),
            (Some(status), reason) => write!(f, "APNs answered {status} {reason}: {}", self.mend),
        }
    }
}
