//! Apple Wallet passes, issued in-process: from a [`Pass`](walletpass_core::Pass) to the signed `.pkpass` that an iPhone takes.
//!
//! Three values do it. An [`Identity`] is the pass certificate with its key, read once. A [`Package`] is what is to be signed:
//! `pass.json`, the pictures, the translations and the manifest over them. [`Identity::sign`] turns a package into a [`Pkpass`].
//! Everything is synchronous and stays in memory; no file, network or environment variable is read.
//!
//! ```
//! use walletpass_apple::{Identity, Package, Pkpass};
//! use walletpass_core::{Generic, Pass};
//!
//! # // A throw-away certificate authority stands in for Apple; in production these come from the developer portal.
//! # let credentials = walletpass_testkit::Authority::new().issue("pass.org.example.library", "A1B2C3D4E5");
//! # let (p12, passphrase) = (credentials.p12(), credentials.passphrase());
//! let identity = Identity::from_p12(&p12, passphrase, &[])?;
//!
//! let pass = Pass::new("reader-4711".parse()?, "Town Library", Generic::new("Reader's card"));
//! let package = Package::new(&pass, &identity)?;
//! let pkpass = identity.sign(&package)?;
//!
//! let mut file = Vec::new();
//! pkpass.write_to(&mut file)?;
//! assert_eq!(file.len(), pkpass.len());
//! assert_eq!(Pkpass::CONTENT_TYPE, "application/vnd.apple.pkpass");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! To issue many passes with the same pictures, prepare these once:
//! [`Package::with_artwork`] shares an [`Artwork`] by reference, and so do the finished packages.
//!
//! # Map
//!
//! | file | what it holds |
//! |---|---|
//! | `identity.rs` | [`Identity`]: loading, checks, signing |
//! | `certificate.rs`, `wwdr.rs`, `p12.rs`, `key.rs`, `pem.rs` | what it is made of: X.509, Apple's intermediate, PKCS #12, the private key |
//! | `doctor.rs` | [`Diagnosis`]: what is wrong with credentials, and how to mend it |
//! | `cms.rs` | the detached signature, written as DER |
//! | `package.rs`, `source.rs`, `strings.rs`, `manifest.rs` | [`Package`]: `pass.json`, `pass.strings`, `manifest.json` |
//! | `artwork.rs`, `picture.rs` | [`Artwork`]: every picture at its sizes |
//! | `archive.rs`, `pkpass.rs`, `bundle.rs` | the zip archive, [`Pkpass`], [`Bundle`] |
//! | `inspect/` | [`inspect`]: reads packages back, whoever made them |
//! | `error.rs` | [`Error`] |
//!
//! Apple's own account of it all: <https://developer.apple.com/documentation/walletpasses/building-a-pass>

mod archive;
mod artwork;
mod bundle;
mod certificate;
mod cms;
pub mod doctor;
mod error;
mod identity;
pub mod inspect;
mod key;
mod manifest;
mod p12;
mod package;
mod pem;
mod picture;
mod pkpass;
mod rounds;
mod source;
mod strings;
mod wwdr;

pub use artwork::{Artwork, RULES as ARTWORK_RULES};
pub use bundle::Bundle;
pub use doctor::Diagnosis;
pub use error::Error;
pub use identity::Identity;
pub use package::Package;
pub use pkpass::Pkpass;
pub use source::RULES as SOURCE_RULES;
