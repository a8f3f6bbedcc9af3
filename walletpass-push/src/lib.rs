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
//! Pushes go to Apple's production environment, the only one for passes. Nothing here has met it: what is known of its answers is
//! Apple's documentation and reports of others, and the tests push to servers on loopback, ours and those of other people.
//!
//! # The crate `a2`
//!
//! Behind the feature `a2` stands a second [`Push`] over the crate of that name, for hosts that have it in their tree anyway. [`Apns`]
//! does not use it, since `a2` 0.10
//!
//! - can be pointed at Apple's two hosts only, so that no test can see what it sends, and trusts compiled-in roots only;
//! - takes TLS from rustls 0.22 with rustls-webpki 0.102, for which advisories are open (RUSTSEC-2026-0049, -0098, -0099, -0104);
//! - drops the reason and the moment of an answer whose reason it does not know: a 410 `ExpiredToken` has no moment then;
//! - reads no `Retry-After`, and bodies of any length;
//! - leaves TCP_NODELAY off, so a push that is sent alone waits for the acknowledgement of the one before;
//! - sends nothing again whose connection ended.

#[cfg(feature = "a2")]
mod a2;
mod apns;
mod certificate;
mod error;
mod fan_out;
mod outcome;
mod provider_token;
mod push;
mod recorder;

#[cfg(feature = "a2")]
pub use a2::A2;
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
