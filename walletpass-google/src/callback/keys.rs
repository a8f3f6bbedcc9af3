//! Google's root keys: fetched, kept, and fetched anew with measure.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::header::{ACCEPT, AGE, CACHE_CONTROL};
use http::{HeaderMap, Request, Response, StatusCode, Uri};
use openssl::pkey::{PKey, Public};
use serde_json::Value;
use walletpass_core::port::{Clock, HttpClient, HttpError};

use super::Callbacks;
use super::flight::{Flight, lock};
use super::sealed::{PROTOCOL, millis, p256};

/// The root keys, kept as long as Google says.
pub(super) struct RootKeys {
    http: Arc<dyn HttpClient>,
    address: Uri,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    known: Option<Arc<KeySet>>,
    /// How often Google was asked.
    asked: u64,
    /// The request under way or, until the next, the last one.
    fetch: Option<Fetch>,
}

#[derive(Clone)]
struct Fetch {
    begun: DateTime<Utc>,
    flight: Arc<Flight<Outcome>>,
}

type Outcome = Result<Arc<KeySet>, Arc<FetchError>>;

impl RootKeys {
    pub(super) fn new(http: Arc<dyn HttpClient>, address: Uri) -> Self {
        Self { http, address, state: Mutex::default() }
    }

    pub(super) fn set_address(&mut self, address: Uri) {
        self.address = address;
    }

    /// Gives the keys: those that are known while they are fresh, else what Google answers, else those that are known while
    /// one of them lives.
    pub(super) async fn current(&self, clock: &dyn Clock) -> Result<Arc<KeySet>, KeysError> {
        let known = lock(&self.state).known.clone();
        if let Some(keys) = known.filter(|keys| keys.fresh_until > clock.now()) {
            return Ok(keys);
        }
        let cause = match self.fetch(clock.now()).await {
            Some(Ok(keys)) if keys.iter_at(clock.now()).next().is_some() => return Ok(keys),
            Some(Err(cause)) => Some(cause),
            Some(Ok(_)) | None => None,
        };
        let known = lock(&self.state).known.clone();
        known.filter(|keys| keys.iter_at(clock.now()).next().is_some()).ok_or(KeysError { cause })
    }

    /// Gives newer keys than those. Where it is not time yet to ask for them, it cannot be said that there are none, and that
    /// is an error.
    pub(super) async fn newer_than(&self, keys: &Arc<KeySet>, clock: &dyn Clock) -> Result<Arc<KeySet>, KeysError> {
        let is_newer = |other: &Arc<KeySet>| other.number > keys.number;
        if let Some(known) = lock(&self.state).known.clone().filter(is_newer) {
            return Ok(known);
        }
        match self.fetch(clock.now()).await {
            Some(Ok(keys)) => Some(keys).filter(is_newer).ok_or(KeysError { cause: None }),
            Some(Err(cause)) => Err(KeysError { cause: Some(cause) }),
            None => Err(KeysError { cause: None }),
        }
    }

    /// Asks Google, or waits for the answer to a question that was asked a moment ago. `None`: the work panicked.
    async fn fetch(&self, now: DateTime<Utc>) -> Option<Outcome> {
        let fetch = {
            let mut state = lock(&self.state);
            let recent = state.fetch.clone().filter(|fetch| {
                // A clock that was set back is no reason to wait.
                let age = now - fetch.begun;
                age >= TimeDelta::zero() && age < TimeDelta::seconds(Callbacks::KEY_INTERVAL)
            });
            recent.unwrap_or_else(|| {
                state.asked += 1;
                let work = ask(Arc::clone(&self.http), self.address.clone(), now, state.asked);
                state.fetch.insert(Fetch { begun: now, flight: Arc::new(Flight::new(work)) }).clone()
            })
        };
        let outcome = fetch.flight.outcome().await?;
        if let Ok(keys) = &outcome {
            let mut state = lock(&self.state);
            // An answer that was long under way does not replace a newer one.
            if state.known.as_ref().is_none_or(|known| known.number < keys.number) {
                state.known = Some(Arc::clone(keys));
            }
        }
        Some(outcome)
    }
}

/// A set of root keys, as fetched.
#[derive(Debug)]
pub(super) struct KeySet {
    keys: Vec<(PKey<Public>, DateTime<Utc>)>,
    /// Which question of ours it answers: a clock that is set back would tell the newer for the older.
    number: u64,
    fresh_until: DateTime<Utc>,
}

impl KeySet {
    /// Walks the keys that have not expired.
    pub(super) fn iter_at(&self, now: DateTime<Utc>) -> impl Iterator<Item = &PKey<Public>> {
        self.keys.iter().filter(move |(_, expires)| *expires > now).map(|(key, _)| key)
    }

    /// Reads the document. What is no key for callbacks is left alone: Google publishes others beside them.
    fn read(answer: &Response<Bytes>, asked: DateTime<Utc>, number: u64) -> Result<Self, FetchError> {
        if answer.status() != StatusCode::OK {
            return Err(FetchError::Status(answer.status()));
        }
        if answer.body().len() > LONGEST {
            return Err(FetchError::Document("is too long"));
        }
        let document: Value = serde_json::from_slice(answer.body()).map_err(|_| FetchError::Document("is no JSON"))?;
        let entries = document.get("keys").and_then(Value::as_array);
        let entries = entries.ok_or(FetchError::Document("has no `keys`"))?;
        let usable =
            entries.iter().filter(|entry| entry.get("protocolVersion").is_some_and(|version| version == PROTOCOL));
        let keys: Vec<_> = usable
            .filter_map(|entry| Some((entry, millis(entry.get("keyExpiration"))?)))
            .filter(|(_, expires)| *expires > asked)
            .take(MOST_KEYS)
            .filter_map(|(entry, expires)| Some((p256(entry.get("keyValue")?)?, expires)))
            .collect();
        let first_end = keys.iter().map(|(_, expires)| *expires).min();
        let first_end = first_end.ok_or(FetchError::Document("has no key that is good for callbacks now"))?;
        let fresh_until = asked.checked_add_signed(TimeDelta::seconds(fresh_seconds(answer.headers())));
        Ok(Self { keys, number, fresh_until: fresh_until.map_or(first_end, |end| end.min(first_end)) })
    }
}

async fn ask(http: Arc<dyn HttpClient>, address: Uri, asked: DateTime<Utc>, number: u64) -> Outcome {
    let mut request = Request::new(Bytes::new());
    *request.uri_mut() = address;
    request.headers_mut().insert(ACCEPT, http::HeaderValue::from_static("application/json"));
    let answer = http.send(request).await.map_err(FetchError::Http);
    answer.and_then(|answer| KeySet::read(&answer, asked, number)).map(Arc::new).map_err(Arc::new)
}

/// Reads for how many seconds an answer is fresh: `max-age` without `Age` (RFC 9111 section 4.2).
fn fresh_seconds(headers: &HeaderMap) -> i64 {
    let directives = headers.get_all(CACHE_CONTROL).into_iter().filter_map(|value| value.to_str().ok());
    let directives =
        directives.flat_map(|value| value.split(',')).map(|directive| directive.trim().to_ascii_lowercase());
    let (mut age, mut is_kept) = (None, true);
    for directive in directives {
        is_kept &= !matches!(directive.as_str(), "no-store" | "no-cache");
        age = age.or(directive.strip_prefix("max-age=").and_then(|age| age.parse::<i64>().ok()));
    }
    let spent = headers.get(AGE).and_then(|age| age.to_str().ok()?.trim().parse::<i64>().ok()).unwrap_or(0);
    let fresh = age.filter(|_| is_kept).unwrap_or(0).saturating_sub(spent.max(0));
    fresh.clamp(Callbacks::KEY_INTERVAL, MOST_FRESH)
}

/// Says that no key of Google is at hand.
#[derive(Debug, thiserror::Error)]
#[error("Google's keys for callbacks cannot be had")]
pub(super) struct KeysError {
    #[source]
    cause: Option<Arc<FetchError>>,
}

#[derive(Debug, thiserror::Error)]
enum FetchError {
    #[error(
        "the answer of Google's key address {0}; if it stays so, look whether the machine reaches pay.google.com unhindered"
    )]
    Document(&'static str),
    #[error(transparent)]
    Http(HttpError),
    #[error("Google's key address answers {0}")]
    Status(StatusCode),
}

/// The longest document, in bytes. Google's has about 1,000.
const LONGEST: usize = 64 * 1024;

/// The most keys of a document that are read. Google's has two or three.
const MOST_KEYS: usize = 16;

/// The longest time, in seconds, for which a document is fresh whatever it says: a day.
const MOST_FRESH: i64 = 24 * 60 * 60;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn freshness_follows_the_headers() {
        for (cache_control, age, seconds) in [
            (&["max-age=600"][..], None, 600),
            (&["public", "Max-Age=3600, must-revalidate"], Some("600"), 3000),
            (&["max-age=600"], Some("-5"), 600),
            (&["max-age=600"], Some("9999"), 60),
            (&["max-age=9999999999999"], None, 86_400),
            (&["max-age=600, no-store"], None, 60),
            (&["max-age=x"], None, 60),
            (&[], None, 60),
        ] {
            let mut headers = HeaderMap::new();
            for value in cache_control {
                headers.append(CACHE_CONTROL, value.parse().unwrap());
            }
            if let Some(age) = age {
                headers.insert(AGE, age.parse().unwrap());
            }
            assert_eq!(fresh_seconds(&headers), seconds, "{cache_control:?} {age:?}");
        }
    }
}
