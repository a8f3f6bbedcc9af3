//! One exchange with the API: budget, token, retries, and what the answer means.

use std::time::Duration;

use bytes::Bytes;
use chrono::TimeDelta;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use http::{Method, Request, StatusCode};
use serde_json::{Map, Value};

use super::Client;
use crate::answer::Refusal;
use crate::collection::{Collection, Level};
use crate::error::Error;
use crate::token::{Token, TokenError, date};

/// What is asked of the API.
pub(super) struct Call {
    pub(super) method: Method,
    /// The path from the base on, with its query.
    pub(super) path: String,
    pub(super) body: Bytes,
    pub(super) content_type: String,
    /// What the budget counts it for.
    pub(super) cost: u32,
    /// What it is about, to say so in an error.
    pub(super) subject: Subject,
}

/// What a call is about.
#[derive(Clone, Default)]
pub(super) struct Subject {
    pub(super) id: String,
    pub(super) collection: Option<Collection>,
    /// Whether it makes something new, so that what is missing can only be the class.
    pub(super) is_insert: bool,
    /// Whether it notifies holders, which has a quota of its own.
    pub(super) notifies: bool,
}

/// What came, when it was a success.
pub(super) struct Answer {
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// How often a call was tried.
#[derive(Default)]
pub(super) struct Tries {
    count: u32,
    refreshed: bool,
    /// The token that the last try carried.
    pub(super) token: Option<Token>,
    /// Whether an earlier try may have been carried out, though no answer said so.
    pub(super) unsure: bool,
}

/// What came of a try.
pub(super) enum Step {
    /// Try once more, after this wait.
    Again(Duration),
    Done(Answer),
}

impl Call {
    /// Asks for something.
    pub(super) fn get(path: String, subject: Subject) -> Self {
        Self::new(Method::GET, path, Bytes::new(), subject)
    }

    /// Sends JSON.
    pub(super) fn json(method: Method, path: String, json: &Value, subject: Subject) -> Self {
        Self::new(method, path, json.to_string().into(), subject)
    }

    fn new(method: Method, path: String, body: Bytes, subject: Subject) -> Self {
        Self { method, path, body, content_type: "application/json".to_owned(), cost: 1, subject }
    }
}

impl Answer {
    /// Reads the body as a JSON object.
    pub(super) fn object(&self) -> Result<Map<String, Value>, Error> {
        serde_json::from_slice(&self.body).map_err(|_| unavailable("an answer that is no JSON object", None))
    }
}

impl Client {
    /// Calls until there is an answer or no sense in another try. The call must be harmless twice.
    pub(super) async fn exchange(&self, call: &Call, tries: &mut Tries) -> Result<Answer, Error> {
        loop {
            match self.attempt(call, tries).await? {
                Step::Again(wait) => self.timer.sleep(wait).await,
                Step::Done(answer) => return Ok(answer),
            }
        }
    }

    /// Calls and reads the object that answers.
    pub(super) async fn object(&self, call: &Call) -> Result<Map<String, Value>, Error> {
        self.exchange(call, &mut Tries::default()).await?.object()
    }

    /// Calls once.
    pub(super) async fn attempt(&self, call: &Call, tries: &mut Tries) -> Result<Step, Error> {
        let token = match self.turn(call.cost).await {
            Ok(token) => token,
            Err(Error::Token(error @ TokenError::Unavailable { .. })) => {
                return self.again(tries, None, || error.into());
            }
            Err(error) => return Err(error),
        };
        tries.token = Some(token.clone());
        let answer = match self.http.send(self.request(call, &token)?).await {
            Ok(answer) => answer,
            Err(error) => {
                tries.unsure = true;
                let what = "no connection, or no answer in time".to_owned();
                return self.again(tries, None, || Error::Unavailable { what, retry_after: None, cause: Some(error) });
            }
        };
        let (parts, body) = answer.into_parts();
        if parts.status.is_success() {
            return Ok(Step::Done(Answer { headers: parts.headers, body }));
        }
        if parts.status == StatusCode::UNAUTHORIZED {
            if std::mem::replace(&mut tries.refreshed, true) {
                return Err(self.rejected());
            }
            self.tokens.forget(&token).await;
            return Ok(Step::Again(Duration::ZERO));
        }
        let refusal = Refusal::read(parts.status, &body, &[token.bearer()]);
        let retry_after = self.retry_after(&parts.headers).or(refusal.retry_after);
        match self.refused(parts.status, refusal, retry_after, &call.subject) {
            error @ (Error::Quota { .. } | Error::Unavailable { .. }) => {
                tries.unsure |= matches!(error, Error::Unavailable { .. });
                // Google has had enough of all, not of this call.
                if let Some(pause) = retry_after {
                    self.budget.pause(self.account.clock(), pause);
                }
                self.again(tries, retry_after, || error)
            }
            error => Err(error),
        }
    }

    /// Waits until requests of this cost may leave, and gives the token that they carry.
    async fn turn(&self, cost: u32) -> Result<Token, Error> {
        // The token comes first: else all whose slots pass while a slow token server thinks would leave at once.
        let token = self.tokens.token().await?;
        self.slot(cost).await?;
        if token.is_good_at(self.account.now()) {
            return Ok(token);
        }
        // The wait outlived it.
        let token = self.tokens.token().await?;
        self.slot(cost).await?;
        Ok(token)
    }

    /// Books a slot of the budget and waits for it, anew when Google asked for a pause meanwhile.
    async fn slot(&self, cost: u32) -> Result<(), Error> {
        loop {
            let pause = self.budget.paused(self.account.clock());
            if pause > MOST_WAIT {
                return Err(Error::Quota { retry_after: Some(pause) });
            }
            let wait = self.budget.book(self.account.clock(), cost);
            if wait.is_zero() {
                return Ok(());
            }
            self.timer.sleep(wait).await;
            if self.budget.paused(self.account.clock()).is_zero() {
                return Ok(());
            }
        }
    }

    /// Says what a refusal means for the caller.
    pub(super) fn refused(
        &self,
        status: StatusCode,
        mut refusal: Refusal,
        retry_after: Option<Duration>,
        subject: &Subject,
    ) -> Error {
        let id = subject.id.clone();
        let is_quota =
            status == StatusCode::TOO_MANY_REQUESTS || (status == StatusCode::FORBIDDEN && refusal.is_quota());
        match status {
            _ if is_quota && subject.notifies && refusal.is_of_notices() => Error::NoticesSpent { id, until: None },
            _ if is_quota => Error::Quota { retry_after },
            StatusCode::UNAUTHORIZED => self.rejected(),
            StatusCode::FORBIDDEN if refusal.is_disabled() => Error::ApiDisabled { activate: refusal.activate() },
            StatusCode::FORBIDDEN => Error::AccessDenied {
                invite: self.account.email().to_owned(),
                issuer: self.account.issuer().clone(),
                message: refusal.message,
            },
            StatusCode::NOT_FOUND
                if subject.collection.is_none_or(|it| it.level == Level::Object)
                    && (subject.is_insert || refusal.is_of_class()) =>
            {
                Error::ClassNotFound { message: refusal.message }
            }
            StatusCode::NOT_FOUND => Error::NotFound { id },
            StatusCode::CONFLICT => Error::Exists { id },
            StatusCode::REQUEST_TIMEOUT => unavailable("status 408", retry_after),
            status if status.is_client_error() => Error::Invalid { field: refusal.field(), message: refusal.message },
            status => unavailable(&format!("status {}", status.as_u16()), retry_after),
        }
    }

    fn rejected(&self) -> Error {
        TokenError::Rejected { email: self.account.email().to_owned() }.into()
    }

    /// Says how long to wait before the next try, or gives the error if there should be none.
    fn again(
        &self,
        tries: &mut Tries,
        retry_after: Option<Duration>,
        error: impl FnOnce() -> Error,
    ) -> Result<Step, Error> {
        tries.count += 1;
        let retry_after = retry_after.unwrap_or_default();
        if tries.count >= MOST_TRIES || retry_after > MOST_WAIT {
            return Err(error());
        }
        Ok(Step::Again(retry_after.max(self.jitter(tries.count))))
    }

    /// Chooses a wait between nothing and half a second, doubled each time: all who were refused together do not come back
    /// together.
    pub(super) fn jitter(&self, tries: u32) -> Duration {
        let most = BASE_WAIT.saturating_mul(1 << tries.saturating_sub(1).min(10)).min(MOST_WAIT);
        let mut chance = [0; 4];
        self.entropy.fill(&mut chance);
        most.mul_f64(f64::from(u32::from_be_bytes(chance)) / f64::from(u32::MAX))
    }

    /// Reads when to come back: seconds, or a date (RFC 9110 section 10.2.3).
    fn retry_after(&self, headers: &HeaderMap) -> Option<Duration> {
        let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
        match text.parse() {
            Ok(seconds) => Some(Duration::from_secs(seconds)),
            Err(_) => {
                let after = date(headers, &RETRY_AFTER)? - self.account.now();
                Some(after.max(TimeDelta::zero()).to_std().unwrap_or_default())
            }
        }
    }

    fn request(&self, call: &Call, token: &Token) -> Result<Request<Bytes>, Error> {
        let mut request = Request::builder()
            .method(call.method.clone())
            .uri(format!("{}{}", self.base, call.path))
            .header(AUTHORIZATION, token.authorization.clone());
        if !call.body.is_empty() {
            request = request.header(CONTENT_TYPE, &call.content_type);
        }
        request
            .body(call.body.clone())
            .map_err(|_| Error::Invalid { field: None, message: "the address is not one of HTTP".to_owned() })
    }
}

pub(super) fn unavailable(what: &str, retry_after: Option<Duration>) -> Error {
    Error::Unavailable { what: what.to_owned(), retry_after, cause: None }
}

pub(super) const MOST_TRIES: u32 = 5;
const BASE_WAIT: Duration = Duration::from_millis(500);
/// The longest wait between two tries. Where Google asks for more, the caller decides.
pub(super) const MOST_WAIT: Duration = Duration::from_secs(30);
