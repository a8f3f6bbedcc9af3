//! All that the fake knows, and the way of a request through it.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};
use walletpass_core::port::Clock;

use super::Seen;
use super::{FakeGoogle, batch, jwt, rest, token};
use crate::service_account::ServiceAccount;

/// All that the fake knows.
pub(super) struct World {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) account: ServiceAccount,
    pub(super) token_uri: String,
    pub(super) tokens: HashMap<String, DateTime<Utc>>,
    pub(super) tokens_given: usize,
    /// Classes and objects by id, which is unique over all.
    pub(super) entries: BTreeMap<String, Entry>,
    pub(super) saved: BTreeSet<String>,
    pub(super) notices: HashMap<String, Vec<DateTime<Utc>>>,
    pub(super) pictures: usize,
    pub(super) faults: VecDeque<Fault>,
    pub(super) token_faults: VecDeque<u16>,
    /// How many answers are to be lost.
    pub(super) lost: usize,
    /// Whose answers are kept back: a method and the beginning of a path.
    pub(super) held: Option<(String, String)>,
    pub(super) is_down: bool,
    pub(super) is_invited: bool,
    pub(super) is_enabled: bool,
    pub(super) role: String,
    pub(super) log: Vec<Seen>,
}

/// A class or an object, as it was written.
pub(super) struct Entry {
    /// `loyaltyObject` for instance.
    pub(super) collection: String,
    pub(super) json: Map<String, Value>,
}

/// A failure that was ordered.
#[derive(Clone)]
pub(super) struct Fault {
    pub(super) status: u16,
    pub(super) retry_after: Option<String>,
    pub(super) reason: Option<String>,
}

/// A request, once its body is read.
pub(super) struct Ask {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: HashMap<String, String>,
    pub(super) authorization: String,
    pub(super) content_type: String,
    pub(super) body: Bytes,
}

/// What is answered.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) content_type: String,
    pub(super) body: Bytes,
    pub(super) retry_after: Option<String>,
    /// Whether the connection breaks instead.
    pub(super) is_lost: bool,
}

impl Reply {
    pub(super) fn json(status: u16, json: &Value) -> Self {
        let (content_type, body) = ("application/json; charset=UTF-8".to_owned(), json.to_string().into());
        Self { status, content_type, body, retry_after: None, is_lost: false }
    }

    /// Refuses as Google does, in the older shape and the newer at once.
    pub(super) fn refusal(status: u16, reason: &str, message: &str) -> Self {
        let name = match status {
            400 => "INVALID_ARGUMENT",
            401 => "UNAUTHENTICATED",
            403 => "PERMISSION_DENIED",
            404 => "NOT_FOUND",
            409 => "ALREADY_EXISTS",
            429 => "RESOURCE_EXHAUSTED",
            503 => "UNAVAILABLE",
            _ => "INTERNAL",
        };
        let errors = json!([{ "message": message, "domain": "walletobjects", "reason": reason }]);
        Self::json(
            status,
            &json!({ "error": { "code": status, "message": message, "errors": errors, "status": name } }),
        )
    }
}

impl World {
    pub(super) fn new(clock: Arc<dyn Clock>, account: ServiceAccount) -> Self {
        Self {
            clock,
            account,
            token_uri: String::new(),
            tokens: HashMap::new(),
            tokens_given: 0,
            entries: BTreeMap::new(),
            saved: BTreeSet::new(),
            notices: HashMap::new(),
            pictures: 0,
            faults: VecDeque::new(),
            token_faults: VecDeque::new(),
            lost: 0,
            held: None,
            is_down: false,
            is_invited: true,
            is_enabled: true,
            role: "writer".to_owned(),
            log: Vec::new(),
        }
    }

    /// Answers a request, and keeps it in the log.
    pub(super) fn answer(&mut self, ask: &Ask) -> Reply {
        let at = self.log.len();
        self.note(ask, false);
        let mut reply = if ask.path == "/token" { token::answer(self, ask) } else { self.api(ask) };
        if ask.path != "/token" && self.lost > 0 {
            self.lost -= 1;
            reply.is_lost = true;
        }
        if let Some(seen) = self.log.get_mut(at) {
            seen.status = if reply.is_lost { 0 } else { reply.status };
        }
        reply
    }

    /// Answers a part of a batch, and keeps it in the log.
    pub(super) fn answer_part(&mut self, ask: &Ask) -> Reply {
        let at = self.log.len();
        self.note(ask, true);
        let reply = self.fail().unwrap_or_else(|| rest::answer(self, ask));
        if let Some(seen) = self.log.get_mut(at) {
            seen.status = reply.status;
        }
        reply
    }

    fn api(&mut self, ask: &Ask) -> Reply {
        if ask.path != "/batch"
            && let Some(reply) = self.fail()
        {
            return reply;
        }
        let now = self.clock.now();
        let token = ask.authorization.strip_prefix("Bearer ").unwrap_or_default();
        if self.tokens.get(token).is_none_or(|end| *end <= now) {
            return Reply::refusal(401, "authError", "Request had invalid authentication credentials.");
        }
        if !self.is_enabled {
            return Reply::refusal(
                403,
                "accessNotConfigured",
                "Google Wallet API has not been used in project 1234 before or it is disabled. Enable it by visiting \
                 https://console.developers.google.com/apis/api/walletobjects.googleapis.com/overview?project=1234 then retry.",
            );
        }
        if !self.is_invited {
            return denied();
        }
        match ask.path.as_str() {
            "/batch" => batch::answer(self, ask),
            "/walletobjects/v1/jwt" => jwt::insert(self, ask),
            "/walletobjects/v1/jwt/validate" => jwt::validate(self, ask),
            _ => rest::answer(self, ask),
        }
    }

    /// Says whether the answer is kept back.
    pub(super) fn holds(&self, ask: &Ask) -> bool {
        let held = self.held.as_ref();
        held.is_some_and(|(method, path)| ask.method == *method && ask.path.starts_with(path))
    }

    fn fail(&mut self) -> Option<Reply> {
        if self.is_down {
            return Some(Reply::refusal(503, "backendError", "told to be down"));
        }
        let Fault { status, retry_after, reason } = self.faults.pop_front()?;
        let mut reply = Reply::refusal(status, reason.as_deref().unwrap_or("backendError"), "told to fail");
        reply.retry_after = retry_after;
        Some(reply)
    }

    fn note(&mut self, ask: &Ask, in_batch: bool) {
        let mut path = ask.path.clone();
        let mut query: Vec<String> = ask.query.iter().map(|(key, value)| format!("{key}={value}")).collect();
        query.sort();
        if !query.is_empty() {
            path = format!("{path}?{}", query.join("&"));
        }
        let json = serde_json::from_slice(&ask.body).unwrap_or_default();
        let seen = Seen { at: self.clock.now(), method: ask.method.clone(), path, status: 0, json, in_batch };
        self.log.push(seen);
    }

    /// Records a notice, unless there were three in 24 hours.
    pub(super) fn notify(&mut self, id: &str) -> Result<(), Reply> {
        let now = self.clock.now();
        let notices = self.notices.entry(id.to_owned()).or_default();
        if notices.iter().filter(|time| now - **time < TimeDelta::hours(24)).count() >= 3 {
            return Err(Reply::refusal(
                429,
                "quotaExceeded",
                "QuotaExceededException: too many notifications for this pass; use TEXT instead of TEXT_AND_NOTIFY.",
            ));
        }
        notices.push(now);
        Ok(())
    }
}

pub(super) fn denied() -> Reply {
    Reply::refusal(403, "permissionDenied", "Service account email address did not have edit access on the issuer.")
}

/// Says whether an id is one of the issuer's, well formed.
pub(super) fn judge_id(id: &str) -> Result<(), Reply> {
    let invalid =
        |what: &str| Reply::refusal(400, "invalidResourceId", &format!("Invalid resource ID: {what} at 'id'"));
    let Some((issuer, suffix)) = id.split_once('.') else { return Err(invalid("no issuer id")) };
    if !suffix.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-')) || suffix.is_empty() {
        return Err(invalid("illegal suffix"));
    }
    if issuer.is_empty() || !issuer.bytes().all(|b| b.is_ascii_digit()) {
        return Err(invalid("the issuer id is no number"));
    }
    if issuer != FakeGoogle::ISSUER { Err(denied()) } else { Ok(()) }
}
