//! A club that issues cards to both wallets. [`host`] is made to be copied; [`fakes`] stand in for everybody else.

pub mod fakes;
pub mod host;

/// Why an example ends.
pub type Failed = Box<dyn std::error::Error + Send + Sync>;
