//! The dialogue of Apple Wallet with its server, over any HTTP framework and any database.
//!
//! # Map
//!
//! | where | what |
//! |---|---|
//! | [`DeviceApi`] | HTTP: routes, tokens, dates, limits, errors; a table of what it answers |
//! | [`device`] | the trait behind it, for a host with tables of its own, and what a device asks and is told |
//! | [`StoredPasses`] | that trait over a store; [`PassHost`] is what it leaves to the host |
//! | [`store`] | the storage trait, what it stores, and the stores that ship |

mod api;
pub mod device;
mod id;
pub mod store;
mod stored;

pub use api::{Body, DeviceApi, Failure};
pub use id::{DeviceId, PassKey, PushToken, RefusedId, Tenant};
pub use stored::{PassHost, StoredPasses};
