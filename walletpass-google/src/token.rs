//! Access tokens: asked for once, kept until shortly before their end.
//!
//! The account vouches for itself by a signed assertion (RFC 7523), and gets a token of an hour for it.
//! <https://developers.google.com/identity/protocols/oauth2/service-account>

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_lock::Mutex;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::header::{CONTENT_TYPE, DATE, HeaderMap};
use http::{HeaderValue, Request};
use serde_json::{Value, json};
use walletpass_core::port::{HttpClient, HttpError, SigningError};

use crate::account::Account;
use crate::answer::{int, shown};
use crate::jwt;

/// Says why there is no access token. It is shared by all who waited for the same one.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// Google does not know the service account: it was deleted, or the e-mail address is not its own.
    #[error(
        "Google knows no service account {email}: it was deleted, or its key file was altered; make a new JSON key in the Google Cloud console under IAM & Admin, Service Accounts"
    )]
    AccountUnknown {
        /// The e-mail address of the account.
        email: String,
    },
    /// The clock of this machine is wrong, so the assertion seems to be of another time.
    #[error("Google does not take the time of this machine, {ours}{}: set its clock by NTP", told(.theirs))]
    ClockSkew {
        /// The time here.
        ours: DateTime<Utc>,
        /// The time at Google, if its answer told.
        theirs: Option<DateTime<Utc>>,
    },
    /// Google does not know the key: it was deleted, or belongs to another account.
    #[error(
        "Google refuses the key of {email}: it was deleted, or belongs to another account; make a new JSON key in the Google Cloud console under IAM & Admin, Service Accounts, Keys"
    )]
    KeyRejected {
        /// The e-mail address of the account.
        email: String,
    },
    /// Google refuses for another reason.
    #[error("Google gives {email} no access token ({code}): {message}")]
    Refused {
        /// The e-mail address of the account.
        email: String,
        /// OAuth's code: `invalid_scope` for instance.
        code: String,
        /// Google's words.
        message: String,
    },
    /// The API refuses a token that Google has just given.
    #[error(
        "the Wallet API refuses the access token that Google has just given {email}: see that the account is not disabled, and that no proxy changes the Authorization header"
    )]
    Rejected {
        /// The e-mail address of the account.
        email: String,
    },
    /// The key could not sign the assertion.
    #[error(transparent)]
    Signing(Arc<SigningError>),
    /// Google's token server does not answer, or not as it should.
    #[error("Google's token server gives no usable answer ({what}): try again")]
    Unavailable {
        /// What came instead.
        what: String,
        /// The cause, if there was no answer at all.
        #[source]
        cause: Option<Arc<HttpError>>,
    },
}

/// The access token of a client.
pub(crate) struct Tokens {
    account: Account,
    http: Arc<dyn HttpClient>,
    /// How many requests for a token have ended.
    ended: AtomicU64,
    /// Locked while a token is asked for: who comes meanwhile waits and takes what came of it.
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    failure: Option<(u64, TokenError)>,
}

/// An access token, ready to be sent.
#[derive(Clone)]
pub(crate) struct Token {
    /// `Bearer …`.
    pub(crate) authorization: HeaderValue,
    until: DateTime<Utc>,
    number: u64,
}

impl Token {
    /// Gives the token alone, as the secret that it is.
    pub(crate) fn bearer(&self) -> &str {
        self.authorization.to_str().unwrap_or_default().trim_start_matches("Bearer ")
    }

    pub(crate) fn is_good_at(&self, now: DateTime<Utc>) -> bool {
        now < self.until
    }
}

impl Tokens {
    pub(crate) fn new(account: Account, http: Arc<dyn HttpClient>) -> Self {
        Self { account, http, ended: AtomicU64::new(0), state: Mutex::default() }
    }

    /// Gives a token that is good for a minute at least.
    pub(crate) async fn token(&self) -> Result<Token, TokenError> {
        let seen = self.ended.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        if let Some(token) = &state.token
            && self.account.now() + MARGIN < token.until
        {
            return Ok(token.clone());
        }
        // Whoever waited while it failed has the answer to his own question.
        if let Some((number, error)) = &state.failure
            && *number > seen
        {
            return Err(error.clone());
        }
        let number = self.ended.load(Ordering::Acquire) + 1;
        let outcome = self.ask(number).await;
        self.ended.store(number, Ordering::Release);
        match &outcome {
            Ok(token) => *state = State { token: Some(token.clone()), failure: None },
            Err(error) => *state = State { token: None, failure: Some((number, error.clone())) },
        }
        outcome
    }

    /// Drops a token that the API refused, unless there is a newer one already.
    pub(crate) async fn forget(&self, refused: &Token) {
        let mut state = self.state.lock().await;
        if state.token.as_ref().is_some_and(|token| token.number == refused.number) {
            state.token = None;
        }
    }

    async fn ask(&self, number: u64) -> Result<Token, TokenError> {
        let asked = self.account.now();
        let uri = self.account.token_uri().as_str();
        let mut claims = json!({
            "iss": self.account.email(),
            "scope": SCOPE,
            "aud": uri,
            "iat": asked.timestamp(),
            "exp": asked.timestamp() + 3600,
        });
        claims.sort_all_objects();
        let assertion =
            jwt::sign_apart(&claims, &self.account).await.map_err(|error| TokenError::Signing(Arc::new(error)))?;
        // A JWT has no character that a form would escape.
        let form = format!("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion={assertion}");
        let request = Request::post(uri)
            .header(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"))
            .body(Bytes::from(form))
            .map_err(|_| unusable("its address is not one of HTTP"))?;
        let answer = self.http.send(request).await.map_err(|error| TokenError::Unavailable {
            what: "no connection, or no answer in time".to_owned(),
            cause: Some(Arc::new(error)),
        })?;
        let json: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        if !answer.status().is_success() {
            return Err(self.refusal(answer.status(), answer.headers(), &json, asked, &assertion));
        }
        let token = json.get("access_token").and_then(Value::as_str).filter(|token| !token.is_empty());
        let token = token.ok_or_else(|| unusable("an answer without a token"))?;
        let mut authorization = HeaderValue::try_from(format!("Bearer {token}"))
            .map_err(|_| unusable("a token that no header can carry"))?;
        authorization.set_sensitive(true);
        // An hour is what Google gives at most; a token without an end is not trusted for long.
        let lifetime = json.get("expires_in").and_then(int).unwrap_or(300).clamp(0, 3600);
        Ok(Token { authorization, until: asked + TimeDelta::seconds(lifetime), number })
    }

    fn refusal(
        &self,
        status: http::StatusCode,
        headers: &HeaderMap,
        json: &Value,
        asked: DateTime<Utc>,
        assertion: &str,
    ) -> TokenError {
        let email = self.account.email().to_owned();
        if status.is_server_error() || status == http::StatusCode::TOO_MANY_REQUESTS {
            return unusable(format!("status {}", status.as_u16()));
        }
        let text = |key: &str| shown(json.get(key).and_then(Value::as_str).unwrap_or_default(), &[assertion]);
        let (code, message) = (text("error"), text("error_description"));
        let lower = message.to_ascii_lowercase();
        if code == "invalid_grant" && (lower.contains("timeframe") || lower.contains("iat and exp")) {
            return TokenError::ClockSkew { ours: asked, theirs: date(headers, &DATE) };
        }
        if code == "invalid_grant" && lower.contains("signature") {
            return TokenError::KeyRejected { email };
        }
        if (code == "invalid_grant" || code == "invalid_client") && lower.contains("not found") {
            return TokenError::AccountUnknown { email };
        }
        let code = if code.is_empty() { format!("status {}", status.as_u16()) } else { code };
        let message = if message.is_empty() { "it gives no reason".to_owned() } else { message };
        TokenError::Refused { email, code, message }
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens(…)")
    }
}

/// Reads a date of HTTP (RFC 9110 section 5.6.7).
pub(crate) fn date(headers: &HeaderMap, name: &http::HeaderName) -> Option<DateTime<Utc>> {
    let text = headers.get(name)?.to_str().ok()?;
    DateTime::parse_from_rfc2822(text).ok().map(|date| date.with_timezone(&Utc))
}

fn unusable(what: impl Into<String>) -> TokenError {
    TokenError::Unavailable { what: what.into(), cause: None }
}

fn told(date: &Option<DateTime<Utc>>) -> String {
    date.map(|date| format!(", for there it is {date}")).unwrap_or_default()
}

/// The one scope of the Wallet API.
pub(crate) const SCOPE: &str = "https://www.googleapis.com/auth/wallet_object.issuer";

/// How long before its end a token is no longer used.
const MARGIN: TimeDelta = TimeDelta::seconds(60);
