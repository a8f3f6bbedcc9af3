//! Answers that no Google would give: an error or an odd value, never a panic, and never an endless wait.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::json;
use support::{ISSUER, loyalty};
use walletpass_core::lint::google::Vertical;
use walletpass_core::port::{HttpClient, HttpError, Timer};
use walletpass_google::{Account, BatchItem, Client, Collection, Message};
use walletpass_testkit::ServiceAccount;

/// Gives tokens, and else one answer to everything.
#[derive(Debug)]
struct Hostile {
    status: u16,
    headers: &'static [(&'static str, &'static str)],
    body: Bytes,
}

#[async_trait]
impl HttpClient for Hostile {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, HttpError> {
        if request.uri().path() == "/token" {
            let token = json!({ "access_token": "ya29.0123456789", "expires_in": 3600 });
            return Ok(http::Response::new(token.to_string().into()));
        }
        let mut response = http::Response::builder().status(self.status);
        for (name, value) in self.headers {
            response = response.header(*name, *value);
        }
        Ok(response.body(self.body.clone()).unwrap())
    }
}

/// Adds up what was slept.
#[derive(Debug, Default)]
struct Slept(Mutex<Duration>);

#[async_trait]
impl Timer for Slept {
    async fn sleep(&self, duration: Duration) {
        *self.0.lock().unwrap() += duration;
    }
}

fn bodies() -> Vec<Bytes> {
    let mut bodies: Vec<Bytes> = [
        "",
        "null",
        "[]",
        "7",
        "\"x\"",
        "{}",
        "{",
        "\u{0}",
        r#"{"error":null}"#,
        r#"{"error":{"code":"x","message":[],"errors":{},"details":[[],7,{"metadata":{"activationUrl":7}}]}}"#,
        r#"{"error":{"message":"Unknown name \" at ' ya29.0123456789 eyJhbGciOi.x.y","details":[{"retryDelay":"1e308s"}]}}"#,
        r#"{"resources":[1,null,{"id":7}],"pagination":{"nextPageToken":"&maxResults=9"}}"#,
        r#"{"resource":[],"permissions":[7,{"emailAddress":7}],"privateImageId":{},"saveUri":[]}"#,
        r#"{"id":"../..","state":7,"messages":[7,{"id":7}],"hasUsers":"yes"}"#,
        "--b\r\nContent-ID: <response-item-99999999999999999999>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{}\r\n--b--",
        "--b\r\nContent-ID: <response-item-0>\r\n\r\nHTTP/1.1 000\r\n\r\n--b\r\nContent-ID: item-0\r\n\r\n\r\n\r\n--b",
    ]
    .into_iter()
    .map(Bytes::from)
    .collect();
    bodies.push("[".repeat(10_000).into());
    bodies.push(Bytes::from_static(b"\xFF\xFE{\"error\":\xC3\x28}"));
    bodies.push(format!(r#"{{"error":{{"message":"{}"}}}}"#, "é".repeat(20_000)).into());
    bodies
}

#[tokio::test]
async fn no_answer_brings_the_client_down() {
    let headers: [&[_]; 3] = [
        &[("content-type", "multipart/mixed; boundary=b"), ("date", "yesterday"), ("retry-after", "-7")],
        &[("retry-after", "99999999999999999999999"), ("content-type", "multipart/mixed; boundary=\"\"")],
        &[("retry-after", "Fri, 31 Dec 9999 23:59:59 GMT"), ("date", "Mon, 01 Jan 0001 00:00:00 GMT")],
    ];
    let service = ServiceAccount::new();
    let account = Account::from_json(service.json().expose().as_bytes(), ISSUER.parse().unwrap()).unwrap();
    let card = account.card(&loyalty()).unwrap();
    let link = card.save_link(&account).unwrap();
    let (objects, id) = (Collection::objects(Vertical::Loyalty), card.object["id"].as_str().unwrap());
    let item = BatchItem::insert(objects, card.object.clone());
    let message = Message::new("m", "A", "B").notifying_if_possible().maybe_sent();
    for headers in headers {
        for (status, body) in [200, 302, 400, 401, 403, 404, 409, 429, 503]
            .into_iter()
            .flat_map(|status| bodies().into_iter().map(move |body| (status, body)))
        {
            let slept = Arc::new(Slept::default());
            let http = Arc::new(Hostile { status, headers, body });
            let client = Client::new(account.clone(), http, slept.clone());
            let mut told = String::new();
            told += &format!("{:?}", client.put(&card).await.err());
            told += &format!("{:?}", client.replace(&card).await.err());
            told += &format!("{:?}", client.get(objects, id).await.map(|it| (it.state(), it.has_message("m"))).err());
            told += &format!("{:?}", client.list_objects(Vertical::Loyalty, id, None).await.err());
            told += &format!("{:?}", client.add_message(&card, &message).await.err());
            told += &format!("{:?}", client.batch(&[item.clone(), item.clone()]).await);
            told += &format!("{:?}", client.validate_link(&link).await.err());
            told += &format!("{:?}", client.insert_link(&link).await.err());
            told += &format!("{:?}", client.upload_image(&b"\x89PNG"[..]).await.err());
            told += &format!("{:?}", client.issuers().await.err());
            told += &client.diagnose().await.to_string();
            assert!(!told.contains("ya29") && !told.contains("eyJ") && told.len() < 20_000, "{status}: {told}");
            assert!(*slept.0.lock().unwrap() < Duration::from_secs(600), "{status} {headers:?}");
        }
    }
}
