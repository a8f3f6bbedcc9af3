//! Many writes in one request.

use std::collections::HashMap;
use std::fmt::Write;
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Method, StatusCode};
use serde_json::{Map, Value};

use super::Client;
use super::exchange::{Answer, Call, MOST_TRIES, MOST_WAIT, Subject, Tries, unavailable};
use super::rest::{id_of, judge_id, offered, path, subject};
use crate::answer::Refusal;
use crate::collection::Collection;
use crate::error::Error;
use crate::resource::Resource;
use crate::token::Token;

/// One write of a batch.
#[derive(Clone)]
pub struct BatchItem {
    method: Method,
    collection: Collection,
    id: Option<String>,
    json: Map<String, Value>,
}

impl BatchItem {
    /// Makes a class or an object.
    pub fn insert(collection: Collection, json: Map<String, Value>) -> Self {
        Self { method: Method::POST, collection, id: None, json }
    }

    /// Changes the fields that are given.
    pub fn patch(collection: Collection, id: impl Into<String>, changes: Map<String, Value>) -> Self {
        Self { method: Method::PATCH, collection, id: Some(id.into()), json: changes }
    }

    fn subject(&self) -> Subject {
        let id = self.id.as_deref().or_else(|| id_of(&self.json).ok()).unwrap_or_default();
        Subject { is_insert: self.method == Method::POST, ..subject(self.collection, id) }
    }

    fn judge(&self) -> Result<(), Error> {
        match &self.id {
            Some(id) => judge_id(id),
            None => id_of(&self.json).map(|_| ()),
        }
    }
}

/// Shows what it is about, not what is in it.
impl std::fmt::Debug for BatchItem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BatchItem({} {} {})", self.method, self.collection, self.subject().id)
    }
}

/// # Many at once
impl Client {
    /// Writes many classes and objects, a hundred in a request, and says of each what became of it, in the order given.
    ///
    /// Items of one request are done in no certain order: put the classes into an earlier batch than their objects. What
    /// fails for a passing reason is repeated, item by item, in five rounds at most; a request without an answer is repeated five
    /// times at most within its round, and its items are in no other then. An insert that was repeated and meets what exists reads it, at
    /// one request more, and has succeeded if that holds what was sent, as [`insert`](Client::insert) does. There is no error
    /// for the whole: an item that got no answer has the error that it would have had alone.
    pub async fn batch(&self, items: &[BatchItem]) -> Vec<Result<Resource, Error>> {
        let mut slots: Vec<Slot> = items.iter().map(Slot::new).collect();
        for round in 1..=MOST_TRIES {
            let mut open: Vec<&mut Slot> = slots.iter_mut().filter(|slot| slot.is_open()).collect();
            let mut wait = Duration::ZERO;
            for part in open.chunks_mut(MOST_ITEMS) {
                self.batch_part(part).await;
                for BatchItem { method, collection, id, .. } in part.iter().map(|slot| slot.item) {
                    if let (&Method::PATCH, Some(id)) = (method, id) {
                        self.forget_class(*collection, id);
                    }
                }
                for slot in part {
                    wait = wait.max(slot.settle(self).await);
                }
            }
            if round == MOST_TRIES || !slots.iter().any(Slot::is_open) {
                break;
            }
            self.timer.sleep(wait.max(self.jitter(round))).await;
        }
        slots.into_iter().map(|slot| slot.outcome.unwrap_or_else(|| Err(missing()))).collect()
    }

    /// Sends a hundred items at most, and notes what became of each.
    async fn batch_part(&self, part: &mut [&mut Slot<'_>]) {
        let mut body = String::new();
        for (index, Slot { item, .. }) in part.iter().enumerate() {
            let (method, path) = (&item.method, path(item.collection, item.id.as_deref()));
            let json = offered(item.collection, &item.json);
            // JSON on one line can have no line of the boundary in it.
            let _ = write!(
                body,
                "--{BOUNDARY}\r\nContent-Type: application/http\r\nContent-ID: <item-{index}>\r\n\r\n{method} {path} HTTP/1.1\r\n\
                 Content-Type: application/json\r\n\r\n{json}\r\n"
            );
        }
        let _ = write!(body, "--{BOUNDARY}--\r\n");
        let call = Call {
            method: Method::POST,
            path: "/batch".to_owned(),
            body: Bytes::from(body),
            content_type: format!("multipart/mixed; boundary={BOUNDARY}"),
            cost: u32::try_from(part.len()).unwrap_or(u32::MAX),
            subject: Subject::default(),
        };
        let mut tries = Tries::default();
        let answer = self.exchange(&call, &mut tries).await;
        let mut answers = answer.as_ref().map(read).unwrap_or_default();
        let bearer = tries.token.as_ref().map(Token::bearer).unwrap_or_default();
        let mut is_refused = false;
        for (index, slot) in part.iter_mut().enumerate() {
            slot.is_unsure |= tries.unsure;
            let is_stale = answers.get(&index).is_some_and(|(status, _)| *status == StatusCode::UNAUTHORIZED);
            slot.is_repeated = is_stale && !slot.is_refreshed;
            slot.is_refreshed |= is_stale;
            is_refused |= slot.is_repeated;
            slot.outcome = Some(match (&answer, answers.remove(&index)) {
                (Ok(_), Some((status, body))) => self.outcome(status, body, slot.item, bearer),
                (Ok(_), None) => Err(missing()),
                (Err(error), _) => {
                    // It was tried often enough already.
                    slot.is_final = true;
                    Err(same(error))
                }
            });
        }
        if let Some(token) = tries.token.filter(|_| is_refused) {
            self.tokens.forget(&token).await;
        }
    }

    fn outcome(&self, status: StatusCode, body: &[u8], item: &BatchItem, bearer: &str) -> Result<Resource, Error> {
        if status.is_success() {
            let json = serde_json::from_slice(body);
            return json.map(Resource::new).map_err(|_| unavailable("an answer that is no JSON object", None));
        }
        let refusal = Refusal::read(status, body, &[bearer]);
        let retry_after = refusal.retry_after;
        Err(self.refused(status, refusal, retry_after, &item.subject()))
    }
}

/// What became of an item so far.
struct Slot<'i> {
    item: &'i BatchItem,
    outcome: Option<Result<Resource, Error>>,
    /// Whether an earlier try may have been carried out, though no answer said so.
    is_unsure: bool,
    /// Whether a try was refused for its token.
    is_refreshed: bool,
    /// Whether another try makes sense with another token.
    is_repeated: bool,
    is_final: bool,
}

impl<'i> Slot<'i> {
    fn new(item: &'i BatchItem) -> Self {
        let outcome = item.judge().err().map(Err);
        Self { item, outcome, is_unsure: false, is_refreshed: false, is_repeated: false, is_final: false }
    }

    /// Says whether another try makes sense.
    fn is_open(&self) -> bool {
        let passing = matches!(self.outcome, None | Some(Err(Error::Quota { .. } | Error::Unavailable { .. })));
        (passing || self.is_repeated) && !self.is_final
    }

    /// Looks at what became of it, and says how long to wait before another try.
    async fn settle(&mut self, client: &Client) -> Duration {
        let wait = match &self.outcome {
            Some(Err(Error::Exists { id })) if self.is_unsure && self.item.method == Method::POST => {
                let found = client.find_own(self.item.collection, id.clone(), &self.item.json).await;
                self.outcome = Some(found);
                None
            }
            Some(Err(Error::Unavailable { retry_after, .. })) => {
                self.is_unsure = true;
                *retry_after
            }
            Some(Err(Error::Quota { retry_after })) => *retry_after,
            _ => None,
        };
        // Where Google asks for more, the caller decides.
        self.is_final |= wait.is_some_and(|wait| wait > MOST_WAIT);
        if self.is_final { Duration::ZERO } else { wait.unwrap_or_default() }
    }
}

/// Gives the error of the whole to an item.
fn same(error: &Error) -> Error {
    match error {
        Error::AccessDenied { invite, issuer, message } => {
            Error::AccessDenied { invite: invite.clone(), issuer: issuer.clone(), message: message.clone() }
        }
        Error::ApiDisabled { activate } => Error::ApiDisabled { activate: activate.clone() },
        Error::Invalid { field, message } => Error::Invalid { field: field.clone(), message: message.clone() },
        Error::Quota { retry_after } => Error::Quota { retry_after: *retry_after },
        Error::Token(error) => Error::Token(error.clone()),
        Error::Unavailable { what, retry_after, .. } => unavailable(what, *retry_after),
        other => unavailable(&other.to_string(), None),
    }
}

fn missing() -> Error {
    unavailable("a batch answered without this item", None)
}

/// Reads the parts of an answer by the index in their `Content-ID`. What cannot be read is left out.
fn read(answer: &Answer) -> HashMap<usize, (StatusCode, &[u8])> {
    let boundary = answer.headers.get(CONTENT_TYPE).and_then(|value| boundary_of(value.to_str().ok()?));
    let Some(boundary) = boundary else { return HashMap::new() };
    let delimiter = format!("--{boundary}");
    let mut parts = HashMap::new();
    parts.extend(split(&answer.body, delimiter.as_bytes()).filter_map(read_part));
    parts
}

/// Reads `<response-item-7>` and the answer in the part: headers, blank line, status line, headers, blank line, JSON.
fn read_part(part: &[u8]) -> Option<(usize, (StatusCode, &[u8]))> {
    let (headers, inner) = cut(part)?;
    let id = headers.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("content-id").then(|| value.trim())
    })?;
    let index = id.trim_matches(['<', '>']).rsplit_once("item-")?.1.parse().ok()?;
    let (head, body) = cut(inner).or_else(|| Some((std::str::from_utf8(inner).ok()?, &[][..])))?;
    let status = head.trim_start().lines().next()?.split_ascii_whitespace().nth(1)?;
    Some((index, (StatusCode::from_bytes(status.as_bytes()).ok()?, body)))
}

/// Cuts at the first blank line.
fn cut(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let bytes = bytes.strip_prefix(b"\r\n").or_else(|| bytes.strip_prefix(b"\n")).unwrap_or(bytes);
    let find = |blank: &[u8]| bytes.windows(blank.len()).position(|window| window == blank).map(|at| (at, blank.len()));
    let (at, length) = find(b"\r\n\r\n").or_else(|| find(b"\n\n"))?;
    let (head, rest) = bytes.split_at_checked(at)?;
    Some((std::str::from_utf8(head).ok()?, rest.get(length..)?))
}

/// Splits at a delimiter.
fn split<'b>(mut bytes: &'b [u8], delimiter: &[u8]) -> impl Iterator<Item = &'b [u8]> {
    std::iter::from_fn(move || {
        if bytes.is_empty() {
            return None;
        }
        let at = bytes.windows(delimiter.len().max(1)).position(|window| window == delimiter);
        let (part, rest) = bytes.split_at_checked(at.unwrap_or(bytes.len()))?;
        bytes = rest.get(delimiter.len()..).unwrap_or_default();
        Some(part)
    })
}

fn boundary_of(content_type: &str) -> Option<&str> {
    let boundary = content_type.split(';').find_map(|part| part.trim().strip_prefix("boundary="))?;
    let boundary = boundary.trim_matches('"');
    (!boundary.is_empty()).then_some(boundary)
}

/// The most items of a request; Google states no number, and takes a thousand elsewhere.
const MOST_ITEMS: usize = 100;
const BOUNDARY: &str = "walletpass-batch";

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;

    fn answer(boundary: &'static str, body: &str) -> Answer {
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, http::HeaderValue::from_static(boundary))]);
        Answer { headers, body: Bytes::copy_from_slice(body.as_bytes()) }
    }

    #[test]
    fn parts_are_told_by_their_id_in_any_order() {
        let body = "--b\r\nContent-Type: application/http\r\nContent-ID: <response-item-1>\r\n\r\nHTTP/1.1 409 Conflict\r\n\
                    Content-Type: application/json\r\n\r\n{\"error\":{}}\r\n--b\ncontent-id: response-item-0\n\nHTTP/1.1 200 OK\n\n{}\n--b--";
        let answer = answer("multipart/mixed; boundary=\"b\"", body);
        let parts = read(&answer);
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[&1].0, StatusCode::CONFLICT);
        assert_eq!((parts[&0].0, parts[&0].1.trim_ascii()), (StatusCode::OK, &b"{}"[..]));
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        for (kind, body) in [
            ("multipart/mixed", "--b"),
            ("multipart/mixed; boundary=", "x"),
            ("multipart/mixed; boundary=b", ""),
            ("multipart/mixed; boundary=b", "--b--b--b"),
            ("multipart/mixed; boundary=b", "--b\r\nContent-ID: <response-item-x>\r\n\r\nHTTP/1.1 200\r\n\r\n{}--b--"),
            ("multipart/mixed; boundary=b", "--b\r\nContent-ID: <response-item-0>\r\n\r\nHTTP/1.1 2000\r\n\r\n{}--b--"),
        ] {
            assert!(read(&answer(kind, body)).is_empty(), "{kind} {body}");
        }
    }
}
