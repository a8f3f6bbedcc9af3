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
//! [`FakeGoogle`] is a Google Wallet on loopback that takes such an account: it speaks real HTTP, refuses what Google refuses, and
//! fails when it is told to. [`ManualTime`] is a clock and a timer that wait for nobody.
//! [`CallbackAuthority`] signs what Google tells of saved and deleted passes, and [`KeyServer`] answers with its keys.
//!
//! [`Iphone`] is a phone with a Wallet: it refuses passes with reasons, keeps them up to date over real HTTP, and complains of what
//! the server does wrong.
//!
//! It is made for tests, so whatever fails inside panics.

mod authority;
mod callback;
mod google;
mod iphone;
mod service_account;
mod time;

pub use authority::{Authority, Credentials, KeyKind, Leaf};
pub use callback::{CallbackAuthority, CallbackDraft, KeyServer};
pub use google::{FakeGoogle, Seen};
pub use iphone::{
    Applicant, Complaint, Fault, FieldChange, HeldPass, Iphone, PassChange, Refused, Shown, VisibleField, Wakeup,
};
pub use service_account::ServiceAccount;
pub use time::ManualTime;
