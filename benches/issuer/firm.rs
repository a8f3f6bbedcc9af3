//! Who issues: throw-away credentials for both wallets, and a Google that answers at once.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use walletpass::apple::Identity;
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
        let account = Linkers::new(&signers.bare, &clock).account;
        let authority = Authority::new();
        let identity = authority.identity(PASS_TYPE, "A1B2C3D4E5");
        Self { authority, identity, google: Client::new(account, Arc::new(Echo), Arc::new(Impatient)), signers }
    }
}

/// A Google in this process: it gives tokens, and gives back what is written.
#[derive(Debug)]
struct Echo;

#[async_trait]
impl HttpClient for Echo {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let is_token = request.uri().path().ends_with("/token");
        Ok(Response::new(if is_token { Bytes::from_static(TOKEN) } else { request.into_body() }))
    }
}

/// Waits for nothing. So the 20 requests a second that Google grants bound nothing here, and what is measured is what they cost.
#[derive(Debug)]
struct Impatient;

#[async_trait]
impl Timer for Impatient {
    async fn sleep(&self, _: Duration) {}
}

pub(crate) const PASS_TYPE: &str = "pass.org.walletpass.benches";
const TOKEN: &[u8] = br#"{"access_token":"ya29.bench","expires_in":3600,"token_type":"Bearer"}"#;
