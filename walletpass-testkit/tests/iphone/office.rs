//! A small server of hyper with a memory, and with one mistake that others made before.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

use crate::issuer::{card, token};

/// What the server gets wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bug {
    None,
    /// Any token opens any pass.
    AnyToken,
    /// 200 for every registration.
    Always200,
    /// The list is compressed, or says so.
    Compressed,
    /// `Last-Modified` is the time of the answer.
    DateOfAnswer,
    /// `Last-Modified` is a number.
    DateIsNumber,
    /// 200 and an empty list.
    EmptyList,
    /// Everything is listed each time.
    ListsAll,
    /// The list demands a token.
    ListWantsToken,
    /// Only what changed last is listed.
    NewestOnly,
    /// A registration is never deleted.
    NeverDeletes,
    /// `If-Modified-Since` is read as a number, so never holds.
    NeverNotModified,
    /// 405 for HEAD.
    NoHead,
    /// 400 for a list of nothing.
    NothingIsBad,
    /// 304, though no date was sent.
    NotModifiedAtOnce,
    /// The tag is a number in JSON.
    NumberTag,
    /// The old push token stays.
    KeepsPushToken,
    /// Packages are sent as any bytes.
    PlainBytes,
    /// Passes are elsewhere.
    Redirects,
    /// Tags count seconds.
    SecondsTag,
    /// Passes are kept by serial number, whatever their type.
    SerialOnly,
    /// The tag is that of the next change.
    TagAhead,
    /// Serial numbers stay percent-encoded.
    Undecoded,
}

pub(crate) struct Row {
    file: Bytes,
    token: String,
    change: u64,
    changed_at: DateTime<Utc>,
    modified: DateTime<Utc>,
}

pub(crate) struct Shelf {
    bug: Bug,
    pub(crate) now: DateTime<Utc>,
    counter: u64,
    pub(crate) passes: BTreeMap<(String, String), Row>,
    pub(crate) registrations: BTreeMap<(String, String, String), String>,
    pub(crate) requests: Vec<String>,
    pub(crate) logs: Vec<String>,
    pub(crate) personalize: Option<fn(&str) -> Vec<u8>>,
    pub(crate) signed_up: Value,
}

#[derive(Clone)]
pub(crate) struct Office {
    pub(crate) url: Url,
    shelf: Arc<Mutex<Shelf>>,
}

impl Office {
    pub(crate) async fn open(bug: Bug) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let shelf = Shelf {
            bug,
            now: "2026-11-21T10:00:00Z".parse().unwrap(),
            counter: 0,
            passes: BTreeMap::new(),
            registrations: BTreeMap::new(),
            requests: Vec::new(),
            logs: Vec::new(),
            personalize: None,
            signed_up: Value::Null,
        };
        let office = Self { url, shelf: Arc::new(Mutex::new(shelf)) };
        let served = office.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let office = served.clone();
                let service = service_fn(move |request| office.clone().answer(request));
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        office
    }

    pub(crate) fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap()
    }

    /// Writes a card.
    pub(crate) fn put(&self, pass_type: &str, serial: &str, points: i64) -> Vec<u8> {
        let file = card(pass_type, serial, points);
        self.shelf().put(pass_type, serial, file.clone());
        file
    }

    async fn answer(self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
        let (head, body) = request.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Ok(self.shelf().answer(&head, &body))
    }
}

impl Shelf {
    pub(crate) fn put(&mut self, pass_type: &str, serial: &str, file: Vec<u8>) {
        self.counter += 1;
        let key = (if self.bug == Bug::SerialOnly { String::new() } else { pass_type.to_owned() }, serial.to_owned());
        // Of two changes in a second the later one is dated a second later.
        let before = self.passes.get(&key).map(|row| row.modified + TimeDelta::seconds(1));
        let row = Row {
            file: file.into(),
            token: token(pass_type, serial),
            change: self.counter,
            changed_at: self.now,
            modified: before.map_or(self.now, |before| before.max(self.now)),
        };
        self.passes.insert(key, row);
    }

    fn answer(&mut self, head: &http::request::Parts, body: &[u8]) -> Response<Full<Bytes>> {
        self.requests.push(format!("{} {}", head.method, head.uri));
        assert!(
            head.headers["host"] == "acme.com" && head.headers["user-agent"].to_str().unwrap().contains("CFNetwork")
        );
        let path = head.uri.path().strip_prefix("/wallet/v1/").unwrap();
        let parts: Vec<String> = path.split('/').map(|part| self.decoded(part)).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let sent = head.headers.get("authorization").map(|value| value.to_str().unwrap().to_owned());
        match (head.method.as_str(), parts.as_slice()) {
            ("POST", ["log"]) => {
                let json: Value = serde_json::from_slice(body).unwrap();
                let lines = json["logs"].as_array().unwrap();
                self.logs.extend(lines.iter().map(|line| line.as_str().unwrap().to_owned()));
                empty(200)
            }
            ("POST", ["devices", device, "registrations", pass_type, serial]) => {
                if !self.is_allowed(pass_type, serial, sent.as_deref()) {
                    return empty(401);
                }
                let json: Value = serde_json::from_slice(body).unwrap();
                let key = ((*device).to_owned(), (*pass_type).to_owned(), (*serial).to_owned());
                let is_new = !self.registrations.contains_key(&key);
                let push_token = json["pushToken"].as_str().unwrap().to_owned();
                if is_new || self.bug != Bug::KeepsPushToken {
                    self.registrations.insert(key, push_token);
                }
                empty(if is_new && self.bug != Bug::Always200 { 201 } else { 200 })
            }
            ("DELETE", ["devices", device, "registrations", pass_type, serial]) => {
                if !self.is_allowed(pass_type, serial, sent.as_deref()) {
                    return empty(401);
                }
                if self.bug != Bug::NeverDeletes {
                    self.registrations.remove(&((*device).to_owned(), (*pass_type).to_owned(), (*serial).to_owned()));
                }
                empty(200)
            }
            ("GET", ["devices", device, "registrations", pass_type]) => {
                let tag = head.uri.query().and_then(|query| query.strip_prefix("passesUpdatedSince="));
                if self.bug == Bug::ListWantsToken && sent.is_none() {
                    return empty(401);
                }
                self.list(device, pass_type, tag)
            }
            ("HEAD", _) if self.bug == Bug::NoHead => empty(405),
            ("GET" | "HEAD", ["passes", pass_type, serial]) => {
                if self.bug == Bug::Redirects {
                    let moved = Response::builder().status(302).header("location", "https://www.acme.com/wallet");
                    return moved.body(Full::default()).unwrap();
                }
                if !self.is_allowed(pass_type, serial, sent.as_deref()) {
                    return empty(401);
                }
                let since = head.headers.get("if-modified-since").map(|value| value.to_str().unwrap());
                self.fetch(pass_type, serial, since)
            }
            ("POST", ["passes", _, _, "personalize"]) => {
                let json: Value = serde_json::from_slice(body).unwrap();
                let signed = self.personalize.unwrap()(json["personalizationToken"].as_str().unwrap());
                self.signed_up = json["requiredPersonalizationInfo"].clone();
                let answer = Response::builder().header("content-type", "application/octet-stream");
                answer.body(Full::from(signed)).unwrap()
            }
            _ => empty(404),
        }
    }

    fn decoded(&self, part: &str) -> String {
        if self.bug == Bug::Undecoded {
            return part.to_owned();
        }
        let query = format!("x={}", part.replace('+', "%2B"));
        url::form_urlencoded::parse(query.as_bytes()).next().unwrap().1.into_owned()
    }

    fn row(&self, pass_type: &str, serial: &str) -> Option<&Row> {
        let pass_type = if self.bug == Bug::SerialOnly { "" } else { pass_type };
        self.passes.get(&(pass_type.to_owned(), serial.to_owned()))
    }

    fn is_allowed(&self, pass_type: &str, serial: &str, sent: Option<&str>) -> bool {
        let row = self.row(pass_type, serial);
        row.is_some_and(|row| self.bug == Bug::AnyToken || sent == Some(&format!("ApplePass {}", row.token)))
    }

    fn list(&self, device: &str, pass_type: &str, tag: Option<&str>) -> Response<Full<Bytes>> {
        let since = tag.map_or(0, |tag| tag.parse::<u64>().unwrap());
        let change = |row: &Row| match self.bug {
            Bug::SecondsTag => u64::try_from(row.changed_at.timestamp()).unwrap(),
            _ => row.change,
        };
        let mut found: Vec<(u64, String)> = self
            .registrations
            .keys()
            .filter(|(known, of, _)| known == device && of == pass_type)
            .filter_map(|(_, of, serial)| Some((change(self.row(of, serial)?), serial.clone())))
            .filter(|(change, _)| *change > since || self.bug == Bug::ListsAll)
            .collect();
        let newest = found.iter().map(|(change, _)| *change).max();
        if self.bug == Bug::NewestOnly {
            found.retain(|(change, _)| Some(*change) == newest);
        }
        let newest = match (self.bug, newest) {
            (Bug::EmptyList, None) => since,
            (Bug::NothingIsBad, None) => return empty(400),
            (_, None) => return empty(204),
            (Bug::TagAhead, Some(_)) => self.counter + 1,
            (Bug::ListsAll, Some(newest)) => newest.max(since + 1),
            (_, Some(newest)) => newest,
        };
        let serials: Vec<&String> = found.iter().map(|(_, serial)| serial).collect();
        let tag = if self.bug == Bug::NumberTag { json!(newest) } else { json!(newest.to_string()) };
        let mut answer = Response::builder().header("content-type", "application/json");
        if self.bug == Bug::Compressed {
            answer = answer.header("content-encoding", "gzip");
        }
        answer.body(Full::from(json!({ "serialNumbers": serials, "lastUpdated": tag }).to_string())).unwrap()
    }

    fn fetch(&self, pass_type: &str, serial: &str, since: Option<&str>) -> Response<Full<Bytes>> {
        let row = self.row(pass_type, serial).unwrap();
        let modified = if self.bug == Bug::DateOfAnswer { self.now } else { row.modified };
        let date = modified.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let is_same = match self.bug {
            Bug::NeverNotModified => false,
            Bug::NotModifiedAtOnce => true,
            Bug::DateOfAnswer => since
                .is_some_and(|since| row.modified.format("%a, %d %b %Y %H:%M:%S GMT").to_string().as_str() <= since),
            _ => since == Some(&date),
        };
        if is_same {
            return empty(304);
        }
        let date = if self.bug == Bug::DateIsNumber { modified.timestamp().to_string() } else { date };
        let kind = match self.bug {
            Bug::PlainBytes => "application/octet-stream",
            _ => "application/vnd.apple.pkpass",
        };
        let answer = Response::builder().header("content-type", kind).header("last-modified", date);
        answer.body(Full::from(row.file.clone())).unwrap()
    }
}

fn empty(status: u16) -> Response<Full<Bytes>> {
    Response::builder().status(status).body(Full::default()).unwrap()
}
