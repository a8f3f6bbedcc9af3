//! What Google tells the issuer: that a holder saved a pass, or deleted it.

mod error;
mod flight;
mod keys;
mod nonce;
mod sealed;

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use walletpass_core::IssuerId;
use walletpass_core::port::{Clock, HttpClient, SystemClock};

pub use self::error::{CallbackError, Refusal};
use self::keys::RootKeys;
pub use self::nonce::{MemoryNonces, NonceError, NonceStore};
use self::sealed::Sealed;

/// Verifies what Google posts to the address in `callbackOptions.url` of a class.
///
/// It believes nothing but a signature by Google's keys (ECv2SigningOnly), made for this issuer, within its time, and seen
/// for the first time. One value serves a whole program: it keeps Google's keys as long as Google says, asks for them at
/// most once in [`KEY_INTERVAL`](Callbacks::KEY_INTERVAL) seconds whatever is posted, and many calls wait for one answer.
///
/// ```
/// use std::sync::Arc;
///
/// use walletpass_google::{CallbackError, CallbackEvent, Callbacks};
/// # use walletpass_testkit::{CallbackAuthority, KeyServer};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// # let google = CallbackAuthority::new();
/// # let now = "2027-01-01T00:00:00Z".parse::<chrono::DateTime<chrono::Utc>>()?;
/// # let http = Arc::new(KeyServer::new(&google));
/// # let body = google.callback("3388000000000000001", now).body();
/// # let answer = |status: u16| status;
/// let callbacks = Callbacks::new("3388000000000000001".parse()?, http); // one for the program
/// # let callbacks = callbacks.with_clock(Arc::new(now));
///
/// match callbacks.verify(&body).await {
///     Ok(callback) if callback.event == CallbackEvent::Deleted => println!("{} is gone", callback.object_id),
///     Ok(callback) => println!("{} is on a phone", callback.object_id),
///     Err(error @ CallbackError::Refused(_)) => eprintln!("somebody tried: {error}"),
///     Err(error) => println!("{error}; answer with {}", error.status()),
/// }
/// # Ok(())
/// # }
/// # // Nothing here waits for a network, so the future is done when it is first looked at.
/// # let context = &mut std::task::Context::from_waker(std::task::Waker::noop());
/// # assert!(matches!(std::future::Future::poll(std::pin::pin!(example()), context), std::task::Poll::Ready(Ok(()))));
/// ```
///
/// The address comes to Google with the class: `Extra::google_class` with `{ "callbackOptions": { "url": "https://…" } }`.
/// It is open to all, so put no other check before it. Google's caller comes as `Googlebot`, and the `robots.txt`
/// of the host must let it in. Answer 200 at once and work afterwards; answer errors by [`CallbackError::status`]. Events may
/// come twice and out of order, and when one of several holders deletes a pass the others still have it: read `hasUsers` of
/// the object to be sure. Callbacks of generic private passes, which name an `externalPassId`, are refused.
/// <https://developers.google.com/wallet/generic/use-cases/use-callbacks-for-saves-and-deletions>
pub struct Callbacks {
    issuer: IssuerId,
    clock: Arc<dyn Clock>,
    keys: RootKeys,
    nonces: Arc<dyn NonceStore>,
}

impl Callbacks {
    /// The longest body that is read, in bytes. Google's have about 1,000.
    pub const MAX_BODY: usize = 64 * 1024;

    /// The least time between two requests for Google's keys, in seconds.
    pub const KEY_INTERVAL: i64 = 60;

    /// Verifies callbacks for an issuer, fetching Google's keys through `http`.
    ///
    /// Nonces are kept in memory: with more than one process, or to know them after a restart, give a store of your own by
    /// [`with_nonces`](Callbacks::with_nonces).
    pub fn new(issuer: IssuerId, http: Arc<dyn HttpClient>) -> Self {
        let keys = RootKeys::new(http, http::Uri::from_static(KEYS));
        Self { issuer, clock: Arc::new(SystemClock), keys, nonces: Arc::new(MemoryNonces::default()) }
    }

    /// Sets the clock by which callbacks and keys expire.
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Sets the store that remembers callbacks.
    pub fn with_nonces(mut self, nonces: Arc<dyn NonceStore>) -> Self {
        self.nonces = nonces;
        self
    }

    /// Fetches the keys from elsewhere, for tests: whoever answers there is believed.
    pub fn with_keys_at(mut self, address: http::Uri) -> Self {
        self.keys.set_address(address);
        self
    }

    /// Gives the issuer for which callbacks are believed.
    pub fn issuer(&self) -> &IssuerId {
        &self.issuer
    }

    /// Verifies the body of a callback, as it came over the wire, and remembers it.
    ///
    /// # Errors
    ///
    /// [`CallbackError::Refused`] for what Google did not sign for this issuer, or not for now; [`CallbackError::Replayed`] for
    /// what was verified before; [`CallbackError::Unavailable`] when Google's keys or the nonces cannot be had, and when a key is
    /// unknown that may be new, less than [`KEY_INTERVAL`](Callbacks::KEY_INTERVAL) seconds after they were asked for: Google
    /// comes again later.
    pub async fn verify(&self, body: &[u8]) -> Result<Callback, CallbackError> {
        let sealed = Sealed::parse(body)?;
        let keys = self.keys.current(&*self.clock).await?;
        if !keys.iter_at(self.clock.now()).any(|key| sealed.has_key_signed_by(key)) {
            // Google may have begun to sign with a new key. Whoever sends rubbish comes this far too, hence the interval.
            let newer = self.keys.newer_than(&keys, &*self.clock).await?;
            if !newer.iter_at(self.clock.now()).any(|key| sealed.has_key_signed_by(key)) {
                return Err(Refusal::KeyForged.into());
            }
        }
        let now = self.clock.now();
        let callback = sealed.open(&self.issuer, now)?;
        if self.nonces.claim(&callback.nonce, now, callback.expires).await? {
            Ok(callback)
        } else {
            Err(CallbackError::Replayed)
        }
    }

    /// Forgets a verified callback, so that it is taken again when Google repeats it: call it when the work that followed
    /// failed, and answer with a 5xx status.
    ///
    /// # Errors
    ///
    /// [`CallbackError::Unavailable`] when the nonces cannot be had.
    pub async fn release(&self, callback: &Callback) -> Result<(), CallbackError> {
        Ok(self.nonces.release(&callback.nonce).await?)
    }
}

impl fmt::Debug for Callbacks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { issuer, clock, keys: _, nonces } = self;
        let mut shown = f.debug_struct("Callbacks");
        shown.field("issuer", issuer).field("clock", clock).field("nonces", nonces).finish_non_exhaustive()
    }
}

/// What Google told, verified.
/// <https://developers.google.com/wallet/generic/use-cases/use-callbacks-for-saves-and-deletions>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Callback {
    /// The class of the pass, an id of the issuer.
    pub class_id: String,
    /// The pass, an id of the issuer.
    pub object_id: String,
    /// What the holder did.
    pub event: CallbackEvent,
    /// When the message ends; after that it is refused.
    pub expires: DateTime<Utc>,
    /// Tells this message from every other: Google repeats a message with its nonce.
    pub nonce: String,
}

/// What a holder did with a pass.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CallbackEvent {
    /// A holder deleted it (`del`).
    Deleted,
    /// A holder saved it (`save`).
    Saved,
    /// Something that Google has added since, in Google's word.
    Unknown(String),
}

/// Where Google publishes its keys.
const KEYS: &str = "https://pay.google.com/gp/m/issuer/keys";
