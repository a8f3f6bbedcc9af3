//! The service account that signs, and the issuer it signs for.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;
use url::Url;
use walletpass_core::port::{Algorithm, Clock, SigningKey, SystemClock};
use walletpass_core::{IssuerId, Pass};
use zeroize::Zeroizing;

use crate::card::Card;
use crate::error::{AccountError, Error};
use crate::jwt;
use crate::key::LocalKey;
use crate::link::SaveLink;

/// A service account and the issuer for which it makes passes.
///
/// The account must be a user of the issuer: in the Google Pay & Wallet console, under Users, invite its e-mail address as
/// a developer. <https://developers.google.com/wallet/generic/getting-started/auth/rest>
#[derive(Clone)]
pub struct Account {
    email: String,
    issuer: IssuerId,
    key: Arc<dyn SigningKey>,
    /// The header of every token, in base64url.
    header: String,
    token_uri: Url,
    origins: Vec<String>,
    clock: Arc<dyn Clock>,
}

impl Account {
    /// Reads the JSON key file of a service account.
    ///
    /// Line breaks of the key that became a literal `\n` on the way through an environment variable are mended.
    ///
    /// # Errors
    ///
    /// [`AccountError`], a variant for each thing that is known to go wrong with key files.
    pub fn from_json(json: &[u8], issuer: IssuerId) -> Result<Self, AccountError> {
        let file: Value = serde_json::from_slice(json).map_err(|error| AccountError::NotJson {
            line: error.line(),
            column: error.column(),
            mend: mend_of(json),
        })?;
        let found = kind_of(&file);
        let text = |key| file.get(key).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
        let email = text("client_email").map(str::to_owned);
        let pem = text("private_key").map(|pem| Zeroizing::new(pem.replace("\\n", "\n")));
        let key_id = text("private_key_id").map(str::to_owned);
        let token_uri = text("token_uri").map(Url::parse);
        wipe(file);
        if let Some(found) = found {
            return Err(AccountError::WrongKind { found });
        }
        let email = email.ok_or(AccountError::Missing { part: "client_email" })?;
        let pem = pem.ok_or(AccountError::Missing { part: "private_key" })?;
        let mut account = Self::from_signing_key(email, issuer, Arc::new(LocalKey::from_pem(&pem)?))?;
        if let Some(id) = key_id {
            account = account.with_key_id(&id);
        }
        match token_uri {
            Some(Ok(uri)) => account.with_token_uri(uri),
            Some(Err(_)) => Err(AccountError::Address { what: "token_uri" }),
            None => Ok(account),
        }
    }

    /// Takes the account's e-mail address and a key that lives elsewhere, in a KMS for instance.
    ///
    /// # Errors
    ///
    /// [`AccountError::KeyKind`] when it is no RSA key.
    pub fn from_signing_key(
        email: impl Into<String>,
        issuer: IssuerId,
        key: Arc<dyn SigningKey>,
    ) -> Result<Self, AccountError> {
        match key.algorithm() {
            Algorithm::RsaSha256 => Ok(Self {
                email: email.into(),
                issuer,
                key,
                header: jwt::header(None),
                token_uri: Url::parse(TOKEN_URI).map_err(|_| AccountError::Address { what: "token_uri" })?,
                origins: Vec::new(),
                clock: Arc::new(SystemClock),
            }),
            other => Err(AccountError::KeyKind { found: format!("for {other:?}") }),
        }
    }

    /// Names the key in tokens, so that Google need not try all keys of the account; a key file brings this itself.
    ///
    /// The id is left out of a link that it would make longer than [`SaveLink::MAX_TOKEN`].
    pub fn with_key_id(mut self, id: &str) -> Self {
        self.header = jwt::header(Some(id));
        self
    }

    /// Sets where access tokens are asked for. A key file brings this itself; without it, it is Google's.
    ///
    /// # Errors
    ///
    /// [`AccountError::Address`] when it is neither `https` nor on this machine: what is sent there is as good as a password
    /// for an hour.
    pub fn with_token_uri(mut self, uri: Url) -> Result<Self, AccountError> {
        if !is_safe(&uri) {
            return Err(AccountError::Address { what: "token_uri" });
        }
        self.token_uri = uri;
        Ok(self)
    }

    /// Adds a web site on which Google's JavaScript button may show the links. A plain link needs none.
    ///
    /// Scheme, host and port count, the rest of the address does not.
    /// <https://developers.google.com/wallet/generic/web/javascript-button>
    ///
    /// # Errors
    ///
    /// [`AccountError::Address`] when it is no address of a web site.
    pub fn with_origin(mut self, site: &Url) -> Result<Self, AccountError> {
        let origin = site.origin();
        if !origin.is_tuple() || !matches!(site.scheme(), "http" | "https") {
            return Err(AccountError::Address { what: "origin" });
        }
        self.origins.push(origin.ascii_serialization());
        Ok(self)
    }

    /// Sets the clock that stamps links and tokens.
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Gives the e-mail address of the account, the one to invite to the issuer.
    pub fn email(&self) -> &str {
        &self.email
    }

    /// Gives the issuer.
    pub fn issuer(&self) -> &IssuerId {
        &self.issuer
    }

    /// Draws a pass as Google gets it, and judges it.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] with the report when Google would refuse the pass.
    pub fn card(&self, pass: &Pass) -> Result<Card, Error> {
        Card::draw(pass, &self.issuer, self.clock.now())
    }

    /// Makes the link that saves a pass to a phone. Class and object travel inside it, so nothing need exist at Google.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] when Google would refuse the pass, [`Error::LinkTooLong`] when the token is longer than
    /// [`SaveLink::MAX_TOKEN`] characters, [`Error::Signing`] when the key cannot sign.
    pub fn save_link(&self, pass: &Pass) -> Result<SaveLink, Error> {
        self.card(pass)?.save_link(self)
    }

    pub(crate) fn key(&self) -> &Arc<dyn SigningKey> {
        &self.key
    }

    pub(crate) fn header(&self) -> &str {
        &self.header
    }

    pub(crate) fn token_uri(&self) -> &Url {
        &self.token_uri
    }

    pub(crate) fn origins(&self) -> &[String] {
        &self.origins
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { email, issuer, token_uri, origins, clock, .. } = self;
        f.debug_struct("Account")
            .field("email", email)
            .field("issuer", issuer)
            .field("token_uri", &token_uri.as_str())
            .field("origins", origins)
            .field("clock", clock)
            .finish_non_exhaustive()
    }
}

/// Says whether tokens may be sent to an address: over TLS, or to this machine, where a fake Google may stand.
pub(crate) fn is_safe(url: &Url) -> bool {
    match (url.scheme(), url.host()) {
        ("https", Some(_)) => true,
        ("http", Some(url::Host::Ipv4(address))) => address.is_loopback(),
        ("http", Some(url::Host::Ipv6(address))) => address.is_loopback(),
        ("http", Some(url::Host::Domain(name))) => name == "localhost",
        _ => false,
    }
}

/// Guesses what became of a key file that is no JSON.
pub(crate) fn mend_of(bytes: &[u8]) -> &'static str {
    match bytes {
        [] => "it is empty",
        [0xEF, 0xBB, 0xBF, ..] => "it begins with a byte order mark: save it as UTF-8 without one",
        [b'{', ..] => {
            "it was changed on the way, perhaps the `\\n` in its key became line breaks: pass it on as Google gave it"
        }
        [0x30, ..] => "it is binary, a P12 perhaps: the JSON key of the service account is wanted",
        _ => "pass the file's content, not its path",
    }
}

/// Says what a JSON file is when it is not the key file of a service account.
pub(crate) fn kind_of(file: &Value) -> Option<&'static str> {
    let Value::Object(file) = file else { return Some("JSON, but no object") };
    match file.get("type").and_then(Value::as_str) {
        Some("service_account") => None,
        Some("authorized_user") => Some("a user's own credentials (gcloud application-default)"),
        Some("external_account" | "external_account_authorized_user") => Some("a workload identity configuration"),
        Some("impersonated_service_account") => Some("an impersonation of a service account, which has no key"),
        Some(_) => Some("a credentials file of another type"),
        None if file.contains_key("installed") || file.contains_key("web") => Some("an OAuth client file"),
        None if file.contains_key("keys") => Some("a set of public keys"),
        None if file.contains_key("private_key") || file.contains_key("client_email") => None,
        None => Some("another JSON file"),
    }
}

/// Clears the texts of a parsed key file before its memory goes back.
pub(crate) fn wipe(value: Value) {
    match value {
        Value::String(text) => drop(Zeroizing::new(text)),
        Value::Array(items) => items.into_iter().for_each(wipe),
        Value::Object(members) => members.into_iter().for_each(|(_, member)| wipe(member)),
        _ => {}
    }
}

pub(crate) const TOKEN_URI: &str = "https://oauth2.googleapis.com/token";
