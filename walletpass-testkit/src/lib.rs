//! Tools for testing programs that issue passes with `walletpass`.
//!
//! [`Authority`] is a throw-away certificate authority in the likeness of Apple's, made at run time, so that no test needs a
//! secret:
//!
//! ```
//! use walletpass_testkit::Authority;
//!
//! let identity = Authority::new().identity("pass.org.example.library", "A1B2C3D4E5");
//! assert_eq!(identity.team().as_str(), "A1B2C3D4E5");
//! ```
//!
//! [`ServiceAccount`] is a Google service account that Google never heard of, with a key file like a real one.
//!
//! [`CallbackAuthority`] signs what Google tells of saved and deleted passes, and [`KeyServer`] answers with its keys.
//!
//! It is made for tests, so whatever fails inside panics.

mod authority;
mod callback;
mod service_account;

pub use authority::{Authority, Credentials, KeyKind, Leaf};
pub use callback::{CallbackAuthority, CallbackDraft, KeyServer};
pub use service_account::ServiceAccount;
