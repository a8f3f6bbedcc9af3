//! The dialogue of Apple Wallet with its server, over any HTTP framework and any database.
//!
//! # Map
//!
//! | where | what |
//! |---|---|
//! | [`store`] | the storage trait, what it stores, and the stores that ship |
//! | `conformance` | the tests of a store's contract, for your own store (feature `conformance`) |

#[cfg(feature = "conformance")]
#[expect(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]
pub mod conformance;
mod id;
pub mod store;

pub use id::{DeviceId, PassKey, PushToken, RefusedId, Tenant};
