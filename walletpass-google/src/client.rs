//! Google's REST API, as far as issuers need it.

mod batch;
mod budget;
mod diagnose;
mod exchange;
mod issuer;
mod message;
mod put;
mod rest;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use url::Url;
use walletpass_core::port::{Entropy, HttpClient, Timer};

use crate::account::{Account, is_safe};
use crate::entropy::LocalEntropy;
use crate::error::AccountError;
use crate::notices::{MemoryNotices, NoticeStore};
use crate::token::Tokens;

use self::budget::Budget;

pub use self::batch::BatchItem;
pub use self::message::{Delivery, Sent};
pub use self::put::{Put, Written};
pub use self::rest::{Page, PageToken};

/// Writes and reads classes and objects at Google.
///
/// One client serves all tasks of a process; clones share everything. It asks for an access token when it needs one, sends 15
/// requests a second on average ([`with_rate`](Client::with_rate)), and repeats what failed for a passing reason: five tries, with a
/// wait between them that chance picks from nothing to half a second, and from twice that each time; and never before the moment that
/// Google names. A moment that Google names holds for all calls of the client: they wait for it, or fail at once with
/// [`Error::Quota`](crate::Error::Quota) when it is more than 30 seconds away. What is repeated ends as if it were done once: a patch
/// writes the same again, an insert that finds itself made is compared, and a message is looked for first.
///
/// Nothing can be deleted at Google, and ids are never free again: a pass ends by [`expire`](Client::expire),
/// [`complete`](Client::complete) or [`deactivate`](Client::deactivate).
///
/// ```no_run
/// # async fn issue(account: walletpass_google::Account, pass: walletpass_core::Pass) -> Result<(), Box<dyn std::error::Error>> {
/// use walletpass_google::{Client, Message};
///
/// let client = Client::over_https(account)?;
/// let link = client.save_link(&pass).await?; // class and object exist now, so the link is short
///
/// let card = client.account().card(&pass)?;
/// client.change(&card).await?; // later: every phone that holds the pass shows what changed
/// client.add_message(&card, &Message::new("2027-03-sale", "Sale", "All beans at half price").notifying()).await?;
/// client.complete(&card).await?;
/// # Ok(())
/// # }
/// ```
///
/// <https://developers.google.com/wallet/reference/rest>
#[derive(Clone)]
pub struct Client {
    account: Account,
    http: Arc<dyn HttpClient>,
    timer: Arc<dyn Timer>,
    entropy: Arc<dyn Entropy>,
    base: Arc<str>,
    tokens: Arc<Tokens>,
    budget: Arc<Budget>,
    notices: Arc<dyn NoticeStore>,
    /// The classes that this client has written, by id. Locked for moments only.
    classes: Arc<Mutex<HashMap<String, Arc<ClassWrite>>>>,
}

/// The digest of what was written last into a class, if that is known. Locked while it is being written.
type ClassWrite = async_lock::Mutex<Option<[u8; 32]>>;

impl Client {
    /// The most requests a second that Google takes.
    pub const MAX_RATE: u32 = 20;

    /// Takes the account to work for, and the way to Google: a host's own, or [`Http`](crate::Http) and
    /// [`TokioTimer`](crate::TokioTimer) as [`over_https`](Client::over_https) does.
    pub fn new(account: Account, http: Arc<dyn HttpClient>, timer: Arc<dyn Timer>) -> Self {
        Self {
            tokens: Arc::new(Tokens::new(account.clone(), Arc::clone(&http))),
            account,
            http,
            timer,
            entropy: Arc::new(LocalEntropy),
            base: BASE.into(),
            budget: Arc::new(Budget::new(RATE)),
            notices: Arc::new(MemoryNotices::new()),
            classes: Arc::default(),
        }
    }

    /// Takes the account to work for, and makes a way to Google of its own: feature `reqwest`, on a tokio runtime.
    ///
    /// # Errors
    ///
    /// Those of [`Http::new`](crate::Http::new).
    #[cfg(feature = "reqwest")]
    pub fn over_https(account: Account) -> Result<Self, walletpass_core::port::HttpError> {
        Ok(Self::new(account, Arc::new(crate::Http::new()?), Arc::new(crate::TokioTimer)))
    }

    /// Sets how many requests a second are sent on average, 1 to [`MAX_RATE`](Client::MAX_RATE); others are taken for the
    /// nearest of these. The budget is shared by clones only, so several processes divide what Google grants.
    ///
    /// A batch counts as many as it has items: whether Google counts it as one is not documented.
    pub fn with_rate(mut self, per_second: u32) -> Self {
        self.budget = Arc::new(Budget::new(per_second.clamp(1, Self::MAX_RATE)));
        self
    }

    /// Sets the record of messages that notified, one that several processes share for instance.
    pub fn with_notices(mut self, notices: Arc<dyn NoticeStore>) -> Self {
        self.notices = notices;
        self
    }

    /// Sets the source of chance, which spreads the retries.
    pub fn with_entropy(mut self, entropy: Arc<dyn Entropy>) -> Self {
        self.entropy = entropy;
        self
    }

    /// Sets where the API is, for tests against a fake Google: `http://127.0.0.1:8080`.
    ///
    /// # Errors
    ///
    /// [`AccountError::Address`] when it is neither `https` nor on this machine: access tokens are sent there.
    pub fn with_base(mut self, base: &Url) -> Result<Self, AccountError> {
        if !is_safe(base) {
            return Err(AccountError::Address { what: "base" });
        }
        self.base = base.as_str().trim_end_matches('/').into();
        Ok(self)
    }

    /// Says how long a call that came now would wait for its turn, as the [rate](Client::with_rate) is spent or Google asked for a pause.
    pub fn backlog(&self) -> std::time::Duration {
        self.budget.backlog(self.account.clock())
    }

    /// Gives the account.
    pub fn account(&self) -> &Account {
        &self.account
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { account, base, budget, .. } = self;
        let mut shown = f.debug_struct("Client");
        shown.field("account", account).field("base", base).field("budget", budget).finish_non_exhaustive()
    }
}

const BASE: &str = "https://walletobjects.googleapis.com";

/// The requests a second that a client sends unless told otherwise: others may work for the issuer too.
const RATE: u32 = 15;
