//! A host with tables of its own, an HTTP server, and a client.

#![allow(dead_code, unused_imports, reason = "each test needs some of it")]

mod server;
mod shelf;
mod shop;

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use walletpass_core::{PassTypeId, Serial};
use walletpass_webservice::device::{DeviceService, Log};
use walletpass_webservice::{DeviceApi, StoredPasses};

pub(crate) use self::server::Server;
pub(crate) use self::shelf::Shelf;
pub(crate) use self::shop::Shop;

pub(crate) const CLUB: &str = "pass.com.acme.club";
pub(crate) const TOKEN: &str = "token-of-pass-4711";

/// What a test does behind the back of the device API.
pub(crate) trait Tables: Send + Sync {
    /// Writes a pass, be it new or not.
    fn put(&self, pass_type: &PassTypeId, serial: &Serial, token: &str, content: &str, at: &str);

    /// Gives where to wake a device.
    fn push_token(&self, device: &str, pass_type: &PassTypeId) -> Option<String>;

    /// Gives what devices said went wrong.
    fn logs(&self) -> Vec<Log>;
}

/// What was answered, whole.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Gives the `lastUpdated` of a list.
    pub(crate) fn tag(&self) -> String {
        self.json()["lastUpdated"].as_str().unwrap().to_owned()
    }
}

/// Runs a future that waits for nothing.
pub(crate) fn at_once<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits"),
    }
}

/// Answers a request without HTTP.
pub(crate) fn answer<S: DeviceService + ?Sized>(api: &DeviceApi<S>, request: Request<Full<Bytes>>) -> Answer {
    whole(at_once(api.handle(request)))
}

pub(crate) fn whole(response: Response<walletpass_webservice::Body>) -> Answer {
    let (head, body) = response.into_parts();
    let body = at_once(body.collect()).unwrap().to_bytes();
    Answer { status: head.status, headers: head.headers, body }
}

/// A request line, then headers, then after an empty line a body.
pub(crate) fn request(text: &str) -> Request<Full<Bytes>> {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let (method, path) = lines.next().unwrap().split_once(' ').unwrap();
    let mut request = Request::builder().method(method).uri(path);
    for line in lines {
        let (name, value) = line.split_once(": ").unwrap();
        request = request.header(name, value);
    }
    request.body(Full::from(body.to_owned())).unwrap()
}

/// An API over a shelf that holds pass 4711 of the club.
pub(crate) fn club() -> (DeviceApi<Shelf>, Arc<Shelf>) {
    let shelf = Arc::new(Shelf::default());
    shelf.put(&pass_type(CLUB), &serial("4711"), TOKEN, "first", "2026-11-21T10:00:00.7Z");
    (DeviceApi::new(Arc::clone(&shelf)), shelf)
}

/// The same over a store in memory.
pub(crate) fn shop() -> (DeviceApi<StoredPasses>, Arc<Shop>) {
    let shop = Arc::new(Shop::default());
    shop.put(&pass_type(CLUB), &serial("4711"), TOKEN, "first", "2026-11-21T10:00:00.7Z");
    (DeviceApi::new(Arc::new(shop.passes())), shop)
}

pub(crate) fn pass_type(text: &str) -> PassTypeId {
    text.parse().unwrap()
}

pub(crate) fn serial(text: &str) -> Serial {
    text.parse().unwrap()
}
