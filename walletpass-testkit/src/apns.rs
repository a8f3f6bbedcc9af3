//! An Apple Push Notification service on loopback.

mod answer;
mod provider;
mod server;
mod world;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use url::Url;
use walletpass_core::port::{Clock, SystemClock};

use self::server::Server;
use self::world::World;
use crate::Authority;

pub use self::answer::ApnsAnswer;
pub use self::provider::ProviderKey;
pub use self::world::SeenPush;

/// An APNs that wakes nobody: real HTTP/2 over TLS on loopback, which asks for the client's certificate.
///
/// It takes pushes from clients with a pass certificate of its [`Authority`] for the pass type of that certificate, and from clients with a
/// provider token of its [`ProviderKey`]. It is as strict as Apple's documents say, and answers in Apple's words: method and path, topic, push
/// type and priority, the size of the payload, the age of a token. Every token of hexadecimal digits is known to it until it is [told otherwise](FakeApns::answer).
///
/// A thread serves until the value is dropped.
///
/// ```
/// use walletpass_testkit::{ApnsAnswer, Authority, FakeApns};
///
/// let authority = Authority::new();
/// let apns = FakeApns::start(&authority);
/// apns.answer("dead", ApnsAnswer::refusal(410, "Unregistered"));
/// apns.answer_once("beef", ApnsAnswer::refusal(429, "TooManyRequests"));
/// // … whatever pushes to `apns.url()` and trusts `authority.root_pem()`; of walletpass-push an
/// // `Apns::new(certificate)?.with_server(apns.url())?.with_roots(authority.root_pem().as_bytes())?` …
/// assert_eq!(apns.pushes().len(), 0);
/// ```
pub struct FakeApns {
    server: Server,
    world: Arc<Mutex<World>>,
}

impl FakeApns {
    /// Starts one by the clock of the machine.
    ///
    /// # Panics
    ///
    /// When there is no free port, or OpenSSL cannot make a key.
    pub fn start(authority: &Authority) -> Self {
        Self::start_at(authority, SystemClock)
    }

    /// Starts one by another clock, which judges the age of provider tokens.
    ///
    /// # Panics
    ///
    /// When there is no free port, or OpenSSL cannot make a key.
    pub fn start_at(authority: &Authority, clock: impl Clock + 'static) -> Self {
        let world = Arc::new(Mutex::new(World::new(Arc::new(clock))));
        let server = Server::start(authority, Arc::clone(&world));
        Self { server, world }
    }

    /// Gives the address: `https://127.0.0.1:…/`.
    pub fn url(&self) -> &Url {
        self.server.url()
    }

    /// Gives the one key whose provider tokens are taken.
    pub fn provider_key(&self) -> ProviderKey {
        self.world().provider.clone()
    }

    /// Answers every push to `token` so from now on.
    pub fn answer(&self, token: &str, answer: ApnsAnswer) {
        self.world().always.insert(token.to_owned(), answer);
    }

    /// Answers the next push to `token` so. Several wait in their order, and all of them come before what [`answer`](FakeApns::answer) says.
    pub fn answer_once(&self, token: &str, answer: ApnsAnswer) {
        self.world().once.entry(token.to_owned()).or_default().push_back(answer);
    }

    /// Says GOAWAY on the connection of the push that comes after `pushes` more. What the connection has taken by then is answered.
    pub fn go_away_after(&self, pushes: u64) {
        let mut world = self.world();
        world.go_away_at = Some(world.count + pushes);
    }

    /// Cuts all connections, without a word.
    pub fn cut_connections(&self) {
        self.server.cut();
    }

    /// Gives the pushes in the order in which they came, the first [`MOST_KEPT`](FakeApns::MOST_KEPT) of them.
    pub fn pushes(&self) -> Vec<SeenPush> {
        self.world().pushes.clone()
    }

    /// Gives the number of pushes, whatever was answered.
    pub fn count(&self) -> u64 {
        self.world().count
    }

    /// Gives the number of connections that were made, closed ones included.
    pub fn connections(&self) -> u64 {
        self.world().connections
    }

    /// The number of pushes that are kept; later ones are counted only.
    pub const MOST_KEPT: usize = 10_000;

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for FakeApns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeApns")
            .field("url", &self.url().as_str())
            .field("count", &self.count())
            .finish_non_exhaustive()
    }
}
