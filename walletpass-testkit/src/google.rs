//! A Google Wallet on loopback.

mod batch;
mod jwt;
mod rest;
mod schema;
mod server;
mod spelling;
mod token;
mod world;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use serde_json::Value;
use tokio::sync::Notify;
use url::Url;
use walletpass_core::Secret;
use walletpass_core::port::{Clock, SystemClock};

use self::server::Server;
use self::world::{Fault, World};
use crate::service_account::ServiceAccount;

/// A Google Wallet that never was: real HTTP on loopback, with a token server, classes and objects of all seven verticals,
/// messages, batches, save links and private pictures.
///
/// It is as strict as Google, and stricter where Google is not known to be:
///
/// - the assertion for a token is verified: signature, account, audience, scope, times; tokens end after an hour;
/// - a field that is not in Google's discovery document, or stands on the wrong level, is refused by name; so are values of
///   another type, words that are none of an enum, missing required fields, and an eleventh merchant location;
/// - a class exists before its objects; it is approved at once, and writing `APPROVED` is refused; ids are never free again;
/// - a fourth notifying message in 24 hours is refused;
/// - reads differ from writes as they do at Google: enums in the old spelling (`underReview`), integers of 64 bits as texts.
///
/// One issuer exists, [`ISSUER`](FakeGoogle::ISSUER), and one [service account](FakeGoogle::key_file), which is invited. A thread serves
/// until the value is dropped.
///
/// ```
/// use walletpass_testkit::FakeGoogle;
///
/// let google = FakeGoogle::start();
/// let key_file = google.key_file(); // give this to the account, and `google.url()` to the client, as its base
/// google.fail_next(503, 2);
/// // … whatever is to survive that …
/// assert_eq!(google.count("POST", "/walletobjects/v1/loyaltyClass"), 0);
/// # let _ = key_file;
/// ```
pub struct FakeGoogle {
    account: ServiceAccount,
    server: Server,
    world: Arc<Mutex<World>>,
    released: Arc<Notify>,
}

/// A request that the fake has seen.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Seen {
    /// When, by the clock of the fake.
    pub at: DateTime<Utc>,
    /// `POST` for instance.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// What was answered; 0 where the answer was lost.
    pub status: u16,
    /// The body, if it was JSON.
    pub json: Value,
    /// Whether it came as part of a batch.
    pub in_batch: bool,
}

impl FakeGoogle {
    /// The one issuer.
    pub const ISSUER: &str = "3388000000000000001";

    /// Starts one by the clock of the machine.
    ///
    /// # Panics
    ///
    /// When there is no free port, or OpenSSL cannot make a key.
    pub fn start() -> Self {
        Self::start_at(SystemClock)
    }

    /// Starts one by another clock.
    ///
    /// # Panics
    ///
    /// When there is no free port, or OpenSSL cannot make a key.
    pub fn start_at(clock: impl Clock + 'static) -> Self {
        let account = ServiceAccount::new();
        let world = Arc::new(Mutex::new(World::new(Arc::new(clock), account.clone())));
        let released = Arc::new(Notify::new());
        let server = Server::start(Arc::clone(&world), Arc::clone(&released));
        world.lock().unwrap_or_else(PoisonError::into_inner).token_uri = format!("{}token", server.url());
        Self { account, server, world, released }
    }

    /// Gives the base of the API.
    pub fn url(&self) -> Url {
        self.server.url().clone()
    }

    /// Gives the one service account that is known here.
    pub fn service_account(&self) -> &ServiceAccount {
        &self.account
    }

    /// Gives the key file of the service account, with the token server here in it.
    ///
    /// # Panics
    ///
    /// When OpenSSL cannot write the key.
    pub fn key_file(&self) -> Secret<String> {
        self.account.json_with(&self.world().token_uri)
    }

    /// Answers the next requests to the API with a status, and does not do what they ask.
    pub fn fail_next(&self, status: u16, times: usize) {
        self.fault(Fault { status, retry_after: None, reason: None }, times);
    }

    /// Answers the next requests to the API with a status, and says in `Retry-After` when to come back: `3`, or a date.
    pub fn fail_next_until(&self, status: u16, retry_after: &str, times: usize) {
        self.fault(Fault { status, retry_after: Some(retry_after.to_owned()), reason: None }, times);
    }

    /// Answers the next requests to the API with a status and Google's word for the reason: `rateLimitExceeded`.
    pub fn fail_next_for(&self, status: u16, reason: &str, times: usize) {
        self.fault(Fault { status, retry_after: None, reason: Some(reason.to_owned()) }, times);
    }

    /// Does what the next requests to the API ask, and breaks the connection instead of answering.
    pub fn lose_next_answers(&self, times: usize) {
        self.world().lost += times;
    }

    /// Does what requests of a method ask whose path begins so, and keeps their answers back until they are
    /// [released](FakeGoogle::release); those of an earlier call are released.
    pub fn hold(&self, method: &str, path: &str) {
        self.world().held = Some((method.to_owned(), path.to_owned()));
        self.released.notify_waiters();
    }

    /// Gives the answers that are kept back, and keeps back no more.
    pub fn release(&self) {
        self.world().held = None;
        self.released.notify_waiters();
    }

    /// Answers every request to the API with 503 from now on, or none any more.
    pub fn set_down(&self, down: bool) {
        self.world().is_down = down;
    }

    /// Answers the next requests for a token with a status.
    pub fn fail_next_tokens(&self, status: u16, times: usize) {
        let mut world = self.world();
        world.token_faults.extend(std::iter::repeat_n(status, times));
    }

    /// Ends all access tokens that were given so far.
    pub fn expire_tokens(&self) {
        self.world().tokens.clear();
    }

    /// Takes the service account off the users of the issuer, or invites it again.
    pub fn set_invited(&self, invited: bool) {
        self.world().is_invited = invited;
    }

    /// Enables or disables the API in the account's Cloud project.
    pub fn set_api_enabled(&self, enabled: bool) {
        self.world().is_enabled = enabled;
    }

    /// Sets the role of the service account in the list of users: `owner`, `reader`, `writer`, or none if empty. Nothing but the
    /// list depends on it.
    pub fn set_role(&self, role: &str) {
        self.world().role = role.to_owned();
    }

    /// Gives the time here.
    pub fn now(&self) -> DateTime<Utc> {
        self.world().clock.now()
    }

    /// Says that somebody saved an object, as its `hasUsers` tells from then on.
    pub fn save(&self, id: &str) {
        self.world().saved.insert(id.to_owned());
    }

    /// Gives a class or an object as it was written: `google.resource("loyaltyObject", id)`.
    pub fn resource(&self, collection: &str, id: &str) -> Option<Value> {
        let world = self.world();
        let entry = world.entries.get(id).filter(|entry| entry.collection == collection)?;
        Some(Value::Object(entry.json.clone()))
    }

    /// Gives how often the holders of an object or a class were notified.
    pub fn notices(&self, id: &str) -> usize {
        self.world().notices.get(id).map_or(0, Vec::len)
    }

    /// Gives the requests so far, for tokens too, from the first to the last.
    pub fn requests(&self) -> Vec<Seen> {
        self.world().log.clone()
    }

    /// Counts the requests of a method whose path begins so.
    pub fn count(&self, method: &str, path: &str) -> usize {
        self.world().log.iter().filter(|seen| seen.method == method && seen.path.starts_with(path)).count()
    }

    /// Counts the access tokens that were given.
    pub fn tokens_given(&self) -> usize {
        self.world().tokens_given
    }

    fn fault(&self, fault: Fault, times: usize) {
        self.world().faults.extend(std::iter::repeat_n(fault, times));
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for FakeGoogle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FakeGoogle({})", self.server.url())
    }
}
