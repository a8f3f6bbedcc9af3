//! Google Wallet passes: a service account, classes and objects, links that save them, and a client that changes them.
//!
//! ```
//! use walletpass_core::{GiftCard, Pass};
//! use walletpass_google::Account;
//!
//! # let account_json = walletpass_testkit::ServiceAccount::new().json();
//! // The key file from the Google Cloud console, and the issuer id from the Google Pay & Wallet console.
//! let account = Account::from_json(account_json.expose().as_bytes(), "3388000000000000001".parse()?)?;
//!
//! let pass = Pass::new("card-1".parse()?, "Paper Lantern", GiftCard::new("6035 1234 5678"));
//! let link = account.save_link(&pass)?;
//! assert!(link.url().starts_with("https://pay.google.com/gp/v/save/"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Map
//!
//! | where | what |
//! |---|---|
//! | [`Account`] | who issues: the service account that signs and the issuer it signs for |
//! | [`Card`] | a pass as Google gets it: class and object with their ids, judged |
//! | [`SaveLink`] | the link that saves a card to a phone |
//! | [`Client`] | Google's REST API: cards are put, changed, ended, messages sent |
//! | [`doctor`] | [`Diagnosis`]: what is wrong with a key file, an issuer, a machine, and how to mend it |
//! | [`Message`], [`NoticeStore`] | what holders are told, and how often |
//! | [`verify_rotating`] | checks a rotating barcode at the door |
//! | [`Callbacks`] | verifies what Google tells of saved and deleted passes |
//!
//! # Features
//!
//! `reqwest`, on by default, brings [`Http`], [`TokioTimer`] and [`Client::over_https`]. A host that has an HTTP client of its own
//! implements [`HttpClient`](walletpass_core::port::HttpClient) and [`Timer`](walletpass_core::port::Timer) and turns it off; nothing
//! else here needs a runtime. `vendored` builds OpenSSL from source.
//!
//! # The button
//!
//! Google asks that the link stand behind its own "Add to Google Wallet" button, unchanged and in the reader's language:
//! <https://developers.google.com/wallet/generic/resources/brand-guidelines>. The artwork is Google's and is not part of
//! this crate.

mod account;
mod answer;
mod callback;
mod card;
mod client;
mod collection;
pub mod doctor;
mod entropy;
mod error;
#[cfg(feature = "reqwest")]
mod http;
mod id;
mod jwt;
mod key;
mod link;
mod message;
mod notices;
mod resource;
mod rotating;
mod sorted;
mod token;

pub use account::Account;
pub use callback::{Callback, CallbackError, CallbackEvent, Callbacks, MemoryNonces, NonceError, NonceStore, Refusal};
pub use card::Card;
pub use client::{BatchItem, Client, Delivery, Page, PageToken, Put, Sent, Written};
pub use collection::{Collection, Level};
pub use doctor::Diagnosis;
pub use error::{AccountError, Error};
#[cfg(feature = "reqwest")]
pub use http::{Http, TokioTimer};
pub use link::{Inserted, SaveLink};
pub use message::{Message, WhenSpent};
pub use notices::{MemoryNotices, Notice, NoticeStore};
pub use resource::{ObjectState, Resource, ReviewStatus};
pub use rotating::{RotatingError, Rotation, rotating_message, verify_rotating};
pub use token::TokenError;
