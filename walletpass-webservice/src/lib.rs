//! The dialogue of Apple Wallet with its server, over any HTTP framework and any database.
//!
//! # Map
//!
//! | where | what |
//! |---|---|
//! | [`store`] | the storage trait, what it stores, and the stores that ship |

mod id;
pub mod store;

pub use id::{DeviceId, PassKey, PushToken, RefusedId, Tenant};
