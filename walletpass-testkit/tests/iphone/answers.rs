//! Answers that no good server gives, one by one, from a client in-process.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, Request, Response};
use walletpass_core::port::{HttpClient, HttpError};
use walletpass_testkit::{Complaint, Fault, Iphone};

use super::issuer::{AUTHORITY, CLUB, card, token};
use super::now;

/// Takes registrations and logs, and answers everything else with this. Without a status it repeats the request in an error.
#[derive(Clone, Debug)]
struct Canned {
    status: Option<u16>,
    headers: Vec<(&'static str, &'static str)>,
    body: &'static str,
}

#[async_trait]
impl HttpClient for Canned {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let path = request.uri().path();
        if request.method() == Method::POST {
            let status = if path.ends_with("/log") { 200 } else { 201 };
            return Response::builder().status(status).body(Bytes::new()).map_err(HttpError::new);
        }
        let Some(status) = self.status else {
            let token = request.headers().get("authorization").map(|value| value.to_str().unwrap());
            return Err(HttpError::new(format!("no route to {} with {token:?}", request.uri())));
        };
        let mut answer = Response::builder().status(status);
        for (name, value) in &self.headers {
            answer = answer.header(*name, value.replace("{path}", path));
        }
        answer.body(Bytes::from_static(self.body.as_bytes())).map_err(HttpError::new)
    }
}

impl Canned {
    fn status(status: u16) -> Self {
        Self { status: Some(status), headers: Vec::new(), body: "" }
    }

    fn list(body: &'static str) -> Self {
        Self { headers: vec![("content-type", "application/json")], body, ..Self::status(200) }
    }

    /// Gives a phone with a card that is answered so from now on.
    async fn phone(self) -> Iphone {
        let mut phone = Iphone::new(&AUTHORITY).with_client(Arc::new(self)).with_clock(Arc::new(now()));
        phone.add(&card(CLUB, "4711", 1)).await.unwrap();
        assert_eq!(phone.complaints(), []);
        phone
    }
}

#[tokio::test]
async fn a_list_has_the_form_of_apple() {
    for (body, causes) in [
        ("", ["the body is no JSON: ``"].as_slice()),
        ("<html>", &["the body is no JSON: `<html>`"]),
        ("[]", &["`serialNumbers` is no array"]),
        (r#"{ "serialNumbers": "4711", "lastUpdated": "1" }"#, &["`serialNumbers` is no array"]),
        (r#"{ "serialNumbers": [4711], "lastUpdated": "1" }"#, &["a serial number is no string"]),
        (r#"{ "serialNumbers": [], "lastUpdated": "1" }"#, &["200 with no serial numbers"]),
        (r#"{ "serialNumbers": ["4711"] }"#, &["`lastUpdated` is no string, or an empty one"]),
        (r#"{ "serialNumbers": ["4711"], "lastUpdated": 1 }"#, &["`lastUpdated` is no string, or an empty one"]),
        (r#"{ "serialNumbers": ["4711", "4711"], "lastUpdated": "1" }"#, &["a serial number is listed twice"]),
    ] {
        let mut phone = Canned::list(body).phone().await;
        let wakeup = phone.wake(CLUB).await;
        let of_lists = wakeup.complaints.iter().filter(|complaint| complaint.fault == Fault::InvalidList);
        let found: Vec<&str> = of_lists.map(|complaint| complaint.cause.as_str()).collect();
        assert_eq!(found, causes, "{body}");
    }
    // The tag that was sent comes back with news.
    let mut phone = Canned::list(r#"{ "serialNumbers": ["4711"], "lastUpdated": "1" }"#).phone().await;
    assert!(!phone.wake(CLUB).await.faults().contains(&Fault::InvalidList));
    assert!(phone.wake(CLUB).await.faults().contains(&Fault::InvalidList));
}

#[tokio::test]
async fn a_status_that_apple_does_not_document_comes_with_its_mend() {
    for (status, mend) in [
        (201, "answer with a status that Apple documents"),
        (403, "answer with a status that Apple documents"),
        (404, "without the `/v1`"),
        (405, "without the `/v1`"),
        (503, "look for the cause in the log of the server"),
    ] {
        let mut phone = Canned::status(status).phone().await;
        for wakeup in [phone.wake(CLUB).await, phone.refresh(CLUB, "4711").await] {
            assert_eq!(wakeup.faults(), [Fault::Status]);
            let complaint = &wakeup.complaints[0];
            assert!(complaint.cause.starts_with(&format!("status {status}, and 200, or ")), "{complaint}");
            assert!(complaint.mend.contains(mend), "{complaint}");
        }
        assert!(phone.log()[0].ends_with(&format!("encountered error: Unexpected response code {status}")));
    }
}

#[tokio::test]
async fn nothing_secret_is_repeated() {
    let nowhere = Canned { status: None, ..Canned::status(0) };
    let elsewhere = Canned { headers: vec![("location", "https://www.acme.com{path}")], ..Canned::status(302) };
    for (client, fault, cause) in [
        (
            nowhere,
            Fault::NoAnswer,
            "no route to https://acme.com/wallet/v1/devices/{device}/registrations/pass.com.acme.club",
        ),
        (
            elsewhere,
            Fault::Redirect,
            "302 to `https://www.acme.com/wallet/v1/devices/{device}/registrations/pass.com.acme.club`",
        ),
    ] {
        let mut phone = client.phone().await;
        let complaints: Vec<Complaint> = [phone.wake(CLUB).await, phone.refresh(CLUB, "4711").await]
            .into_iter()
            .flat_map(|wakeup| wakeup.complaints)
            .collect();
        assert_eq!((complaints.len(), complaints[0].fault), (2, fault));
        assert!(complaints[0].cause.starts_with(cause), "{}", complaints[0]);
        let secrets = [phone.device().to_owned(), token(CLUB, "4711"), phone.push_token(CLUB).unwrap().to_owned()];
        let told = format!("{phone:?} {complaints:?} {:?}", phone.pass(CLUB, "4711"));
        assert!(secrets.iter().all(|secret| !told.contains(secret)), "{told}");
    }
}
