//! A club that issues cards to both wallets. [`host`] is made to be copied; [`settings`] are what it is configured with, and
//! [`fakes`] stand in for everybody else.

pub mod fakes;
pub mod host;
pub mod settings;

/// Why an example ends.
pub type Failed = Box<dyn std::error::Error + Send + Sync>;
