//! How the host knows Apple and Google. In earnest this is your configuration: a `.p12` file, a key file, and no addresses.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use walletpass::apple::Identity;
use walletpass::chrono::{DateTime, Utc};
use walletpass::google::{Account, Client, Http, TokioTimer};
use walletpass::model::port::{Clock, SystemClock};
use walletpass::push::{Apns, ClientCertificate};
use walletpass::url::Url;
use walletpass_testkit::FakeGoogle;

use crate::Failed;

/// The keys and addresses of the [`Fakes`](crate::fakes::Fakes). `Debug` shows nothing of it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Settings {
    pub(crate) certificate: String,
    pub(crate) key: String,
    pub(crate) intermediate: String,
    pub(crate) root: String,
    pub(crate) apns: Url,
    pub(crate) google: Url,
    pub(crate) key_file: String,
    pub(crate) clock: FastClock,
}

impl Settings {
    /// Gives who signs the cards. In earnest: `Identity::from_p12`.
    ///
    /// # Errors
    ///
    /// For a certificate that is none.
    pub fn identity(&self) -> Result<Identity, Failed> {
        let intermediate = self.intermediate.as_bytes();
        Ok(Identity::from_pem(self.certificate.as_bytes(), self.key.as_bytes(), None, &[intermediate])?
            .with_clock(self.clock()))
    }

    /// Gives what wakes the phones. In earnest it needs no server and no roots.
    ///
    /// # Errors
    ///
    /// For a certificate that is none.
    pub fn push(&self) -> Result<Arc<Apns>, Failed> {
        let identity = self.identity()?;
        let chain = identity.chain_pem().as_bytes();
        let certificate = ClientCertificate::from_signing_key(identity.pass_type(), chain, identity.signing_key())?;
        Ok(Arc::new(Apns::new(certificate)?.with_server(&self.apns)?.with_roots(self.root.as_bytes())?))
    }

    /// Gives the client of Google's API. In earnest: `Client::over_https` with an account from your key file.
    ///
    /// # Errors
    ///
    /// For a key file that is none.
    pub fn google_client(&self) -> Result<Client, Failed> {
        let account = Account::from_json(self.key_file.as_bytes(), FakeGoogle::ISSUER.parse()?)?;
        let client = Client::new(account.with_clock(self.clock()), Arc::new(Http::new()?), Arc::new(TokioTimer));
        Ok(client.with_base(&self.google)?)
    }

    /// Gives the clock that all of them go by.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::new(self.clock)
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").finish_non_exhaustive()
    }
}

/// A clock that goes faster than others, in step with those of other processes: what a host would wait minutes for, an example shows
/// in seconds.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct FastClock {
    started: DateTime<Utc>,
    times: i32,
}

impl FastClock {
    /// Starts one that goes so many times as fast.
    pub fn start(times: i32) -> Self {
        Self { started: SystemClock.now(), times }
    }
}

impl Clock for FastClock {
    fn now(&self) -> DateTime<Utc> {
        self.started + (SystemClock.now() - self.started) * self.times
    }
}
