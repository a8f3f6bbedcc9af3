//! Wakes the phones that hold an Apple Wallet pass.
//!
//! A phone that has registered a pass at the device web service gave a push token with it. A push to this token says "something has
//! changed" and nothing else; the phone then asks the web service for what is new.
//!
//! [`Push`] is the seam, [`Apns`] the client of the Apple Push Notification service, [`Recorder`] a double for tests. Each push has an
//! [`Outcome`] by what is to be done next. [`FanOut`] wakes any number of phones, many at a time, and holds few in memory:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::sync::Arc;
//! use walletpass_push::{FanOut, Gone, Outcome, Recorder};
//!
//! let push = Arc::new(Recorder::new()); // an `Apns` in earnest
//! let mut dead = Vec::new();
//! let topic = "pass.org.example.library".parse()?;
//! let fan_out = FanOut::new(push.clone());
//! fan_out.wake_all(&topic, ["c0ffee", "no token"], |token, outcome| {
//!     if let Outcome::Gone(_) = outcome {
//!         dead.push(token);
//!     }
//! }).await;
//! assert_eq!((push.woken().len(), dead), (1, vec!["no token"]));
//! # Ok(())
//! # }
//! ```
//!
//! # Where it differs from `a2`
//!
//! The client speaks HTTP/2 through `h2` and TLS through rustls, both of which reqwest brings along. The crate `a2` cannot be pointed
//! at a server of one's own, pins an older rustls, and drops the reason and the moment of answers that it does not know.

mod apns;
mod certificate;
mod error;
mod fan_out;
mod outcome;
mod provider_token;
mod push;
mod recorder;

#[cfg(fuzzing)]
pub use apns::fuzzed_outcome;
pub use apns::{Apns, Credentials};
pub use certificate::ClientCertificate;
pub use error::Error;
pub use fan_out::{FanOut, Tally};
pub use outcome::{Gone, Later, Misconfiguration, Outcome, Trouble};
pub use provider_token::ProviderToken;
pub use push::Push;
pub use recorder::Recorder;
