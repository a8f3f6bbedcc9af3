//! The dialogue of Apple Wallet with its server, over any HTTP framework and any database.
//!
//! A pass that names a `webServiceURL` and an `authenticationToken` lets an iPhone register for it, ask what changed, and fetch it anew.
//! [`DeviceApi`] answers, for a host that keeps its passes in a [`Store`](store::Store):
//!
//! ```
//! use std::sync::Arc;
//!
//! use bytes::Bytes;
//! use walletpass_webservice::device::{DeviceError, Log, PassFile, SignUp};
//! use walletpass_webservice::store::{MemoryStore, NewPass, Store, StoredPass, Write};
//! use walletpass_webservice::{DeviceApi, PassHost, PassKey, StoredPasses, Tenant};
//!
//! #[derive(Debug)]
//! struct Club; // keeps the `Identity` that signs
//!
//! #[async_trait::async_trait]
//! impl PassHost for Club {
//!     async fn print(&self, stored: StoredPass) -> Result<PassFile, DeviceError> {
//!         let body = stored.pass.body; // make a pass of it and sign that: `PassFile::new(pkpass.chunks().iter().cloned())`
//!         Ok(PassFile::from(body))
//!     }
//!
//!     async fn personalize(&self, _: StoredPass, _: SignUp) -> Result<Bytes, DeviceError> {
//!         Err(DeviceError::Refused { message: "this pass has no form: use it as it is".to_owned() })
//!     }
//!
//!     async fn log(&self, log: Log) -> Result<(), DeviceError> {
//!         for line in log.lines {
//!             eprintln!("{}: {}", line.what, line.complaint.mend());
//!         }
//!         Ok(())
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let store = Arc::new(MemoryStore::new());
//! let api = DeviceApi::new(Arc::new(StoredPasses::new(store.clone(), Arc::new(Club))));
//! // With axum: `Router::new().nest_service("/wallet", api)`. With anything else:
//! let request = http::Request::get("/v1/passes/pass.com.acme.club/4711").header("authorization", "ApplePass vxwxd7J8AlNNFPS8k0a0");
//! let request = request.body(String::new())?;
//! assert_eq!(api.handle(request.clone()).await.status(), 401, "there is no such pass yet");
//!
//! let key = PassKey { tenant: Tenant::default(), pass_type: "pass.com.acme.club".parse()?, serial: "4711".parse()? };
//! let at = "2026-11-21T10:00:00Z".parse()?; // now, by the host's clock
//! let token = "vxwxd7J8AlNNFPS8k0a0".into(); // its `authenticationToken`, random for each pass
//! let pass = NewPass { key, body: "…".into(), token, template: None, state: Default::default(), at };
//! store.commit(vec![Write::CreatePass(pass)]).await?;
//!
//! let answer = api.handle(request).await;
//! assert_eq!(answer.status(), 200);
//! assert_eq!(answer.headers()["last-modified"], "Sat, 21 Nov 2026 10:00:00 GMT");
//! # Ok(())
//! # }
//! ```
//!
//! A host with tables of its own implements [`DeviceService`](device::DeviceService) instead, which knows nothing of stores. After a change
//! it wakes the devices that registered, by their push tokens.
//!
//! # Map
//!
//! | where | what |
//! |---|---|
//! | [`DeviceApi`] | HTTP: routes, tokens, dates, limits, errors; a table of what it answers |
//! | [`device`] | the trait behind it, for a host with tables of its own, and what a device asks and is told |
//! | [`StoredPasses`] | that trait over a store; [`PassHost`] is what it leaves to the host |
//! | [`store`] | the storage trait, what it stores, and the stores that ship: `MemoryStore`, `SqliteStore` (feature `sqlite`) and `PostgresStore` (feature `postgres`) |
//! | `conformance` | the tests of a store's contract, for your own store (feature `conformance`) |

mod api;
#[cfg(feature = "conformance")]
#[expect(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]
pub mod conformance;
pub mod device;
mod id;
pub mod store;
mod stored;

pub use api::{Body, DeviceApi, Failure};
pub use id::{DeviceId, PassKey, PushToken, RefusedId, Tenant};
pub use stored::{PassHost, StoredPasses};
