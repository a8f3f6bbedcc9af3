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
//! [`FakeApns`] is an Apple Push Notification service on loopback: HTTP/2 over TLS, in Apple's words, and in trouble when told to.
//!
//! # Test your own stack
//!
//! A phone needs the authority that signs, and the address where your server listens: be it axum, something behind a proxy, or not in Rust
//! at all. What lies between is yours, and no phone tells you what is wrong with it. This one does:
//!
//! ```
//! use walletpass_testkit::{Authority, Iphone};
//!
//! # mod library {
//! #     use std::sync::Arc;
//! #
//! #     use bytes::Bytes;
//! #     use hyper::server::conn::http1;
//! #     use hyper::service::service_fn;
//! #     use hyper_util::rt::TokioIo;
//! #     use walletpass_apple::{Identity, Package};
//! #     use walletpass_core::port::{Clock, SystemClock};
//! #     use walletpass_core::{Field, Generic, Pass};
//! #     use walletpass_webservice::device::{DeviceError, Log, PassFile, SignUp};
//! #     use walletpass_webservice::store::{MemoryStore, NewPass, RegistrationQuery, Store, StoredPass, Write};
//! #     use walletpass_webservice::{DeviceApi, PassHost, PassKey, StoredPasses, Tenant};
//! #
//! #     #[derive(Clone, Debug)]
//! #     pub struct Library(pub MemoryStore, pub Arc<Identity>);
//! #
//! #     impl Library {
//! #         pub async fn serve(identity: Identity) -> (Self, url::Url) {
//! #             let library = Self(MemoryStore::new(), Arc::new(identity));
//! #             let service = StoredPasses::new(Arc::new(library.0.clone()), Arc::new(library.clone()));
//! #             let api = DeviceApi::new(Arc::new(service)).at("/wallet");
//! #             let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
//! #             let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
//! #             tokio::spawn(async move {
//! #                 while let Ok((stream, _)) = listener.accept().await {
//! #                     let api = api.clone();
//! #                     let answer = service_fn(move |request| {
//! #                         let api = api.clone();
//! #                         async move { Ok::<_, std::convert::Infallible>(api.handle(request).await) }
//! #                     });
//! #                     tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
//! #                 }
//! #             });
//! #             (library, url)
//! #         }
//! #
//! #         fn key(&self, serial: &str) -> PassKey {
//! #             PassKey { tenant: Tenant::default(), pass_type: self.1.pass_type().clone(), serial: serial.parse().unwrap() }
//! #         }
//! #
//! #         pub async fn lend(&self, serial: &str, books: i64) -> Vec<u8> {
//! #             let field = Field::new("books".parse().unwrap(), "Books", books).on_change("You have %@ books");
//! #             let mut pass = Pass::new(serial.parse().unwrap(), "Town Library", Generic::new("Reader's card"));
//! #             pass.extra.apple.insert("webServiceURL".to_owned(), "https://library.example.org/wallet".into());
//! #             pass.extra.apple.insert("authenticationToken".to_owned(), "vxwxd7J8AlNNFPS8k0a0".into());
//! #             let package = Package::new(&pass.header_field(field), &self.1).unwrap();
//! #             let file = self.1.sign(&package).unwrap().to_vec();
//! #             let (key, token) = (self.key(serial), "vxwxd7J8AlNNFPS8k0a0".into());
//! #             let before = self.0.pass(&key).await.unwrap();
//! #             let body = Bytes::from(file.clone());
//! #             let pass = NewPass { key, body, token, template: None, state: Default::default(), at: SystemClock.now() };
//! #             let write = match before {
//! #                 Some(before) => Write::UpdatePass { pass, expected: before.tag },
//! #                 None => Write::CreatePass(pass),
//! #             };
//! #             self.0.commit(vec![write]).await.unwrap();
//! #             file
//! #         }
//! #
//! #         pub async fn push_tokens(&self, serial: &str) -> Vec<String> {
//! #             let query = RegistrationQuery { pass: self.key(serial), cursor: None, limit: 100 };
//! #             let page = self.0.registrations(&query).await.unwrap();
//! #             page.items.into_iter().map(|registration| registration.push_token.as_str().to_owned()).collect()
//! #         }
//! #     }
//! #
//! #     #[async_trait::async_trait]
//! #     impl PassHost for Library {
//! #         async fn print(&self, pass: StoredPass) -> Result<PassFile, DeviceError> {
//! #             Ok(PassFile::from(pass.pass.body))
//! #         }
//! #
//! #         async fn personalize(&self, _: StoredPass, _: SignUp) -> Result<Bytes, DeviceError> {
//! #             Err(DeviceError::UnknownPass)
//! #         }
//! #
//! #         async fn log(&self, _: Log) -> Result<(), DeviceError> {
//! #             Ok(())
//! #         }
//! #     }
//! # }
//! # use library::Library;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! const PASS_TYPE: &str = "pass.org.example.library";
//! let authority = Authority::new();
//! let identity = authority.identity(PASS_TYPE, "A1B2C3D4E5");
//!
//! // Yours: `server` is where it listens on loopback, and its passes say https://library.example.org/wallet, as they do in earnest.
//! let (library, server) = Library::serve(identity).await;
//! let card: Vec<u8> = library.lend("reader-4711", 2).await; // the signed package
//!
//! let mut phone = Iphone::new(&authority).reached_at("library.example.org", &server);
//! phone.add(&card).await?; // refused with reasons, or kept and registered
//! assert_eq!(library.push_tokens("reader-4711").await, [phone.push_token(PASS_TYPE).unwrap()]);
//!
//! library.lend("reader-4711", 3).await;
//! let wakeup = phone.wake(PASS_TYPE).await; // what your push would cause
//! assert_eq!(wakeup.messages(), ["You have 3 books"]); // on the lock screen
//! assert_eq!(phone.pass(PASS_TYPE, "reader-4711").field("books"), 3);
//! assert_eq!(phone.refresh(PASS_TYPE, "reader-4711").await.not_modified, ["reader-4711"]);
//!
//! phone.audit().await; // what no phone notices: lost updates, passes without protection
//! phone.remove(PASS_TYPE, "reader-4711").await;
//! assert_eq!(phone.complaints(), []); // each says what was asked, what was wrong, and how to mend it
//! # Ok(())
//! # }
//! ```
//!
//! It is made for tests, so whatever fails inside panics.

mod apns;
mod authority;
mod callback;
mod google;
mod iphone;
mod service_account;
mod time;

pub use apns::{ApnsAnswer, FakeApns, ProviderKey, SeenPush};
pub use authority::{Authority, Credentials, KeyKind, Leaf};
pub use callback::{CallbackAuthority, CallbackDraft, KeyServer};
pub use google::{FakeGoogle, Seen};
pub use iphone::{
    Applicant, Complaint, Fault, FieldChange, HeldPass, Iphone, PassChange, Refused, Shown, VisibleField, Wakeup,
};
pub use service_account::ServiceAccount;
pub use time::ManualTime;
