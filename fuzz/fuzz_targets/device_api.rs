//! Any dialogue is answered, by a status that the device API documents, and tells nobody what he may not know.
//!
//! An input is text: requests divided by lines of `---`, each a line `METHOD PATH`, lines `name: value`, an empty line, a body. All of
//! one input go to one server, so that what one registers the next one lists.
#![no_main]

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderName, HeaderValue, Method, Request, Uri};
use http_body_util::{BodyExt, Full};
use libfuzzer_sys::fuzz_target;
use walletpass_webservice::device::{DeviceError, Log, PassFile, SignUp};
use walletpass_webservice::store::{MemoryStore, NewPass, Store, StoredPass, Write};
use walletpass_webservice::{DeviceApi, Failure, PassHost, PassKey, StoredPasses, Tenant};

fuzz_target!(|bytes: &[u8]| {
    let api = server();
    let mut refused = None;
    for text in
        bytes.split_inclusive(|byte| *byte == b'\n').collect::<Vec<_>>().split(|line| *line == b"---\n").take(20)
    {
        let Some(request) = request(&text.concat()) else { continue };
        let is_head = request.method() == Method::HEAD;
        let (head, body) = ready(api.handle(request)).into_parts();
        let body = ready(body.collect()).expect("a body of bytes never fails").to_bytes();
        let status = head.status.as_u16();

        assert!([200, 201, 204, 304, 400, 401, 404, 405, 413].contains(&status), "{status}");
        assert!(head.extensions.get::<Failure>().is_none(), "nothing here fails");
        assert_eq!(head.headers["cache-control"], "no-store");
        assert_eq!(head.headers.contains_key("last-modified"), is_pass(&head.headers) || status == 304);
        assert!(!body.windows(TOKEN.len()).any(|window| window == TOKEN.as_bytes()), "the token is not told");
        let length = head.headers.get("content-length").map(|length| length.to_str().expect("a number").to_owned());
        assert_eq!(length.is_none(), matches!(status, 204 | 304));
        if !is_head {
            assert_eq!(length.unwrap_or_else(|| "0".to_owned()), body.len().to_string());
            if status >= 400 {
                let error: serde_json::Value = serde_json::from_slice(&body).expect("an error is JSON");
                assert!(error["error"]["code"].is_string() && error["error"]["message"].is_string());
            }
            if status == 401 {
                let all = (head.headers, body);
                assert_eq!(refused.get_or_insert_with(|| all.clone()), &all, "one 401 for all");
            }
        }
    }
});

/// Makes a server that has two passes of one type.
fn server() -> DeviceApi<StoredPasses> {
    let store = MemoryStore::new();
    let at: DateTime<Utc> = DateTime::from_timestamp(1_795_255_200, 0).expect("a date");
    for serial in ["4711", "a/b"] {
        let pass_type = "pass.com.acme.club".parse().expect("a pass type");
        let key = PassKey { tenant: Tenant::default(), pass_type, serial: serial.parse().expect("a serial") };
        let pass =
            NewPass { key, body: "PK".into(), token: TOKEN.into(), template: None, state: Default::default(), at };
        ready(store.commit(vec![Write::CreatePass(pass)])).expect("a new pass");
    }
    let passes = StoredPasses::new(Arc::new(store), Arc::new(Club)).with_clock(Arc::new(at));
    DeviceApi::new(Arc::new(passes))
}

/// Reads a request; nothing if no HTTP server would have handed it on.
fn request(text: &[u8]) -> Option<Request<Full<Bytes>>> {
    let end = text.windows(2).position(|window| window == b"\n\n");
    let (head, body) = end.map_or((text, &b""[..]), |end| (&text[..end], &text[end + 2..]));
    let mut lines = head.split(|byte| *byte == b'\n');
    let first = lines.next()?;
    let space = first.iter().position(|byte| *byte == b' ')?;
    let mut request = Request::new(Full::from(body.to_vec()));
    *request.method_mut() = Method::from_bytes(&first[..space]).ok()?;
    *request.uri_mut() = Uri::try_from(&first[space + 1..]).ok()?;
    for line in lines.filter(|line| !line.is_empty()) {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).ok()?;
        request.headers_mut().try_append(HeaderName::from_bytes(&line[..colon]).ok()?, value).ok()?;
    }
    Some(request)
}

fn is_pass(headers: &http::HeaderMap) -> bool {
    headers.get("content-type").is_some_and(|kind| kind == "application/vnd.apple.pkpass")
}

#[derive(Debug)]
struct Club;

#[async_trait]
impl PassHost for Club {
    async fn print(&self, stored: StoredPass) -> Result<PassFile, DeviceError> {
        Ok(PassFile::from(stored.pass.body))
    }

    async fn personalize(&self, _: StoredPass, request: SignUp) -> Result<Bytes, DeviceError> {
        match request.holder.full_name {
            Some(_) => Ok("signature".into()),
            None => Err(DeviceError::Refused { message: "the form asks for a name: fill it in".to_owned() }),
        }
    }

    async fn log(&self, log: Log) -> Result<(), DeviceError> {
        for line in log.lines {
            assert!(!line.text.contains(char::is_control), "a log line stays one line");
            let _ = (line.to_owned(), line.complaint.mend());
        }
        Ok(())
    }
}

/// Takes the outcome of a future that waits for nothing.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => outcome,
        Poll::Pending => panic!("nothing here waits"),
    }
}

const TOKEN: &str = "vxwxd7J8AlNNFPS8k0a0";
