//! Who issues: throw-away credentials for both wallets, and a Google that answers at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use walletpass::apple::Identity;
use walletpass::chrono::{DateTime, TimeDelta, Utc};
use walletpass::google::Client;
use walletpass::model::port::{Clock, HttpClient, HttpError, SystemClock, Timer};
use walletpass_benches::{Credentials, Linkers, Signers};
use walletpass_testkit::Authority;

/// The credentials of all issuers of a run.
#[derive(Debug)]
pub(crate) struct Firm {
    pub(crate) authority: Authority,
    pub(crate) identity: Identity,
    pub(crate) google: Client,
    /// A key for the base line.
    pub(crate) signers: Signers,
}

impl Firm {
    pub(crate) fn new() -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let signers = Signers::new(&Credentials::rsa(), &clock);
        let leaps = Leaps::default();
        let time: Arc<dyn Clock> = Arc::new(leaps.clone());
        let account = Linkers::new(&signers.bare, &time).account;
        let authority = Authority::new();
        let identity = authority.identity(PASS_TYPE, "A1B2C3D4E5");
        Self { authority, identity, google: Client::new(account, Arc::new(Echo), Arc::new(leaps)), signers }
    }
}

/// A Google in this process: it gives tokens, gives back what is written, and has nothing to be read.
#[derive(Debug)]
struct Echo;

#[async_trait]
impl HttpClient for Echo {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        if request.method() == Method::GET {
            let mut missing = Response::new(Bytes::from_static(b"{}"));
            *missing.status_mut() = StatusCode::NOT_FOUND;
            return Ok(missing);
        }
        let is_token = request.uri().path().ends_with("/token");
        Ok(Response::new(if is_token { Bytes::from_static(TOKEN) } else { request.into_body() }))
    }
}

/// A time that leaps to where somebody sleeps. So the requests a second that Google grants bound nothing here, and what is measured is what they cost.
#[derive(Clone, Debug, Default)]
struct Leaps(Arc<AtomicI64>);

impl Clock for Leaps {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + TimeDelta::nanoseconds(self.0.load(Ordering::Relaxed))
    }
}

#[async_trait]
impl Timer for Leaps {
    async fn sleep(&self, span: Duration) {
        self.0.fetch_add(i64::try_from(span.as_nanos()).unwrap_or_default(), Ordering::Relaxed);
    }
}

pub(crate) const PASS_TYPE: &str = "pass.org.walletpass.benches";
const TOKEN: &[u8] = br#"{"access_token":"ya29.bench","expires_in":3600,"token_type":"Bearer"}"#;
