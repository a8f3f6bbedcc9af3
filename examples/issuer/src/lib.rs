//! A club that issues cards to both wallets. [`host`] is made to be copied; [`settings`] are what it is configured with, and
//! [`fakes`] stand in for everybody else.

pub mod fakes;
pub mod host;
pub mod settings;

use std::error::Error;

/// Why an example ends.
pub type Failed = Box<dyn Error + Send + Sync>;

/// Writes an error with its causes: an error of walletpass says what to do, and leaves what happened to its source.
pub fn with_causes(error: &Failed) -> String {
    let causes = std::iter::successors(error.source(), |cause| (*cause).source());
    causes.fold(error.to_string(), |told, cause| format!("{told}: {cause}"))
}
