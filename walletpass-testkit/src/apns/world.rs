//! What the fake knows, and how it judges a push.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use http::{HeaderMap, Method, header};
use walletpass_core::port::Clock;

use super::FakeApns;
use super::answer::{ApnsAnswer, Shape};
use super::provider::ProviderKey;

/// A push that the fake has seen.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SeenPush {
    /// The last part of the path.
    pub token: String,
    /// `POST` for instance.
    pub method: Method,
    /// The whole path.
    pub path: String,
    /// The headers, without those that HTTP/2 writes with a colon. `Debug` shows no provider token.
    pub headers: HeaderMap,
    /// The payload.
    pub body: Vec<u8>,
    /// On which connection it came, counted from 1.
    pub connection: u64,
    /// The pass type of the client's certificate (UID of its subject), if it showed one.
    pub certificate: Option<String>,
    /// What was answered; 0 where there was no answer.
    pub status: u16,
}

pub(super) struct World {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) provider: ProviderKey,
    pub(super) always: HashMap<String, ApnsAnswer>,
    pub(super) once: HashMap<String, VecDeque<ApnsAnswer>>,
    pub(super) go_away_at: Option<u64>,
    pub(super) pushes: Vec<SeenPush>,
    pub(super) count: u64,
    pub(super) connections: u64,
}

impl World {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            provider: ProviderKey::new(),
            always: HashMap::new(),
            once: HashMap::new(),
            go_away_at: None,
            pushes: Vec::new(),
            count: 0,
            connections: 0,
        }
    }

    /// Judges a push and writes it down; says also whether the connection is to end.
    pub(super) fn take(&mut self, mut push: SeenPush) -> (ApnsAnswer, bool) {
        let answer = match self.judge(&push) {
            Ok(()) => self.planned(&push.token),
            Err((status, reason)) => ApnsAnswer::refusal(status, reason),
        };
        push.status =
            if matches!(answer.shape, Shape::Cut | Shape::Reset(_) | Shape::Silence) { 0 } else { answer.status };
        let goes = self.go_away_at.take_if(|at| *at <= self.count).is_some();
        self.count += 1;
        if self.pushes.len() < FakeApns::MOST_KEPT {
            self.pushes.push(push);
        }
        (answer, goes)
    }

    fn planned(&mut self, token: &str) -> ApnsAnswer {
        let once = self.once.get_mut(token).and_then(VecDeque::pop_front);
        once.or_else(|| self.always.get(token).cloned()).unwrap_or_else(ApnsAnswer::delivered)
    }

    /// Gives status and reason of a refusal.
    /// <https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns>
    fn judge(&self, push: &SeenPush) -> Result<(), (u16, &'static str)> {
        let text = |name: &str| push.headers.get(name).and_then(|value| value.to_str().ok());
        let is_hex = !push.token.is_empty()
            && push.token.len().is_multiple_of(2)
            && push.token.bytes().all(|byte| byte.is_ascii_hexdigit());
        if push.method != Method::POST {
            return Err((405, "MethodNotAllowed"));
        }
        if push.path != format!("/3/device/{}", push.token) {
            return Err((404, "BadPath"));
        }
        match (&push.certificate, text(header::AUTHORIZATION.as_str())) {
            (None, None) => return Err((403, "MissingProviderToken")),
            (None, Some(token)) => self.provider.judge(token, self.clock.now()).map_err(|reason| (403, reason))?,
            (Some(_), _) => {}
        }
        match (&push.certificate, text("apns-topic")) {
            (None, None) => return Err((400, "MissingTopic")),
            (Some(own), Some(topic)) if own != topic => return Err((400, "TopicDisallowed")),
            _ => {}
        }
        match (text("apns-push-type"), text("apns-priority")) {
            (Some("background"), Some("10")) => return Err((400, "BadPriority")),
            (_, None | Some("1" | "5" | "10")) => {}
            _ => return Err((400, "BadPriority")),
        }
        if text("apns-id").is_some_and(|id| !is_uuid(id)) {
            return Err((400, "BadMessageId"));
        }
        match push.body.len() {
            0 => return Err((400, "PayloadEmpty")),
            4097.. => return Err((413, "PayloadTooLarge")),
            _ => {}
        }
        if is_hex { Ok(()) } else { Err((400, "BadDeviceToken")) }
    }
}

fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}
