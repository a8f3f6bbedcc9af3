//! Whatever is sent is answered, within limits.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::Request;
use http_body::Frame;
use http_body_util::Full;
use proptest::prelude::*;
use support::{CLUB, Shelf, TOKEN, Tables, answer, at_once, club, pass_type, request, serial, whole};
use walletpass_webservice::device::LogLine;
use walletpass_webservice::{DeviceApi, Failure};

const PASS: &str = "/v1/passes/pass.com.acme.club/4711";

fn path() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        Just("v1".to_owned()),
        Just("devices".to_owned()),
        Just("registrations".to_owned()),
        Just("passes".to_owned()),
        Just("log".to_owned()),
        Just("personalize".to_owned()),
        Just(CLUB.to_owned()),
        Just("4711".to_owned()),
        Just("d1f2".to_owned()),
        "(%[0-9A-Fa-f]{2}){0,8}",
        "[!-~&&[^?#]]{0,12}",
    ];
    prop_oneof![
        prop::collection::vec(name.clone(), 0..9).prop_map(|names| format!("/{}", names.join("/"))),
        name.clone().prop_map(|serial| format!("/v1/passes/{CLUB}/{serial}")),
        name.clone().prop_map(|serial| format!("/v1/passes/{CLUB}/{serial}/personalize")),
        (name.clone(), name.clone())
            .prop_map(|(device, serial)| format!("/v1/devices/{device}/registrations/{CLUB}/{serial}")),
        (name.clone(), name)
            .prop_map(|(device, tag)| format!("/v1/devices/{device}/registrations/{CLUB}?passesUpdatedSince={tag}")),
        Just("/v1/log".to_owned()),
    ]
}

fn headers() -> impl Strategy<Value = Vec<(&'static str, Vec<u8>)>> {
    let name = prop_oneof![
        Just("authorization"),
        Just("if-modified-since"),
        Just("if-none-match"),
        Just("content-length"),
        Just("content-type"),
    ];
    let value = prop_oneof![
        Just(format!("ApplePass {TOKEN}").into_bytes()),
        Just(b"Sat, 21 Nov 2026 10:00:00 GMT".to_vec()),
        Just(b"Saturday, 21-Nov-26 10:00:00 GMT".to_vec()),
        Just(b"99999999999999999999".to_vec()),
        "[A-Za-z]{3}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT".prop_map(String::into_bytes),
        prop::collection::vec(0x20..=0xffu8, 0..40)
            .prop_map(|bytes| bytes.into_iter().filter(|byte| *byte != 0x7f).collect()),
    ];
    prop::collection::vec((name, value), 0..4)
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        "[{}\\[\\]\":,a-z0-9\\\\]{0,60}".prop_map(String::into_bytes),
        "[0-9a-fA-F]{0,80}".prop_map(|token| format!("{{\"pushToken\":\"{token}\"}}").into_bytes()),
        prop::collection::vec("\\PC{0,60}", 0..5)
            .prop_map(|logs| serde_json::to_vec(&serde_json::json!({ "logs": logs })).unwrap()),
        "[ -~]{0,40}".prop_map(|token| {
            let info = serde_json::json!({ "fullName": "Ada" });
            let form = serde_json::json!({ "personalizationToken": token, "requiredPersonalizationInfo": info });
            serde_json::to_vec(&form).unwrap()
        }),
        (0..200usize).prop_map(|depth| "[".repeat(depth).into_bytes()),
    ]
}

proptest! {
    #[test]
    fn no_request_fails_by_itself(
        method in prop_oneof!["GET|HEAD|POST|DELETE|PUT|OPTIONS", "[A-Z]{1,8}"],
        path in path(),
        headers in headers(),
        body in body(),
    ) {
        let Ok(uri) = path.parse::<http::Uri>() else { return Ok(()) };
        let mut request = Request::builder().method(method.as_str()).uri(uri);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let given = answer(&club().0, request.body(Full::from(body)).unwrap());
        prop_assert!(given.status.as_u16() < 500, "{given:?}");
        prop_assert!(!String::from_utf8_lossy(&given.body).contains(TOKEN));
        prop_assert_eq!(given.header("cache-control"), "no-store");
        if given.status.is_client_error() && method != "HEAD" {
            prop_assert!(given.json()["error"]["message"].is_string(), "{given:?}");
        }
    }

    #[test]
    fn any_line_is_read(
        line in prop_oneof![
            "\\PC{0,80}",
            "\\[[ -~]{0,30}\\] (Register|Unregister|Get pass|Get serial #s) task \\((for device |pass type )[ -~]{0,60}; with web service url [ -~]{0,9}\\) encountered (error|warning): \\PC{0,20}",
        ],
    ) {
        let read = LogLine::parse(&line);
        prop_assert!(read.text.len() <= LogLine::MAX_BYTES);
        prop_assert!(!read.text.contains(char::is_control));
        prop_assert_eq!(LogLine::parse(&read.text).text, read.text);
    }
}

#[test]
fn every_401_is_the_same() {
    let (api, _) = club();
    let ask = |text: &str| answer(&api, request(text));
    let first = ask(&format!("GET {PASS}"));
    assert_eq!(first.status, 401);
    for authorization in
        ["ApplePass wrong", "AndroidPass token-of-pass-4711", "ApplePass", "ApplePass token-of-pass-471", ""]
    {
        for path in [
            PASS.to_owned(),
            PASS.replace("4711", "4712"),
            PASS.replace("4711", &"x".repeat(200)),
            PASS.replace("4711", "%00"),
            PASS.replace("pass.com", "com"),
        ] {
            assert_eq!(ask(&format!("GET {path}\nAuthorization: {authorization}")), first, "{path}");
            let path = path.replace("/v1/passes/", "/v1/devices/d1f2/registrations/");
            for method in ["POST", "DELETE"] {
                assert_eq!(
                    ask(&format!("{method} {path}\nAuthorization: {authorization}\n\nrubbish")),
                    first,
                    "{path}"
                );
            }
        }
    }
    let twice = format!("GET {PASS}\nAuthorization: ApplePass {TOKEN}\nAuthorization: ApplePass {TOKEN}");
    assert_eq!(ask(&twice), first);
    assert_eq!(ask(&format!("GET {PASS}\nAuthorization: applepass   {TOKEN}")).status, 200);
}

/// A pass whose token is empty lets nobody in, also not one who shows none.
#[test]
fn an_empty_token_opens_nothing() {
    let shelf = std::sync::Arc::new(Shelf::default());
    shelf.put(&pass_type(CLUB), &serial("4711"), "", "first", "2026-11-21T10:00:00Z");
    let api = DeviceApi::new(shelf);
    for authorization in ["ApplePass ", "ApplePass", "ApplePass  x"] {
        assert_eq!(answer(&api, request(&format!("GET {PASS}\nAuthorization: {authorization}"))).status, 401);
    }
}

#[test]
fn of_many_log_lines_the_first_are_kept_and_the_others_counted() {
    let (api, shelf) = club();
    let lines = |count: usize| format!("POST /v1/log\n\n{}", serde_json::json!({ "logs": vec!["x"; count] }));
    assert_eq!(answer(&api, request(&lines(10_000))).status, 200);
    assert_eq!((shelf.logs()[0].lines.len(), shelf.logs()[0].dropped), (1000, 9000));
    let mixed = "POST /v1/log\n\n{\"logs\":[\"a\",1,null,{\"b\":[\"c\"]},\"d\"],\"more\":true}";
    assert_eq!(answer(&api, request(mixed)).status, 200);
    assert_eq!((shelf.logs()[1].lines.len(), shelf.logs()[1].dropped), (2, 3));
    assert_eq!(answer(&api, request(&lines(20_000))).status, 413);
}

/// A body without end, whose header says what it likes.
struct Endless {
    chunk: Bytes,
    read: std::sync::Arc<std::sync::atomic::AtomicUsize>,
}

impl http_body::Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.read.fetch_add(self.chunk.len(), std::sync::atomic::Ordering::Relaxed);
        Poll::Ready(Some(Ok(Frame::data(self.chunk.clone()))))
    }
}

#[test]
fn a_body_is_read_no_further_than_its_limit() {
    let (api, _) = club();
    for (length, most) in [(None, 70_000), (Some("2"), 70_000), (Some("junk"), 70_000), (Some("65537"), 0)] {
        let read = std::sync::Arc::default();
        let body = Endless { chunk: Bytes::from(vec![b' '; 4096]), read: std::sync::Arc::clone(&read) };
        let mut request = Request::post("/v1/log");
        if let Some(length) = length {
            request = request.header("content-length", length);
        }
        let given = whole(at_once(api.handle(request.body(body).unwrap())));
        assert_eq!(given.status, 413);
        assert!(read.load(std::sync::atomic::Ordering::Relaxed) <= most, "{length:?}");
    }
    // Whoever has no token is not read at all.
    let read = std::sync::Arc::default();
    let body = Endless { chunk: Bytes::from(vec![b' '; 4096]), read: std::sync::Arc::clone(&read) };
    let path = PASS.replace("/v1/passes/", "/v1/devices/d1f2/registrations/");
    assert_eq!(at_once(api.handle(Request::post(path).body(body).unwrap())).status(), 401);
    assert_eq!(read.load(std::sync::atomic::Ordering::Relaxed), 0);
}

#[test]
fn a_body_of_exactly_the_limit_is_read() {
    let (api, _) = club();
    let frame = "{\"logs\":[\"\"]}";
    let body = format!("{{\"logs\":[\"{}\"]}}", "x".repeat(DeviceApi::<()>::MAX_BODY - frame.len()));
    assert_eq!(answer(&api, request(&format!("POST /v1/log\n\n{body}"))).status, 200);
    assert_eq!(answer(&api, request(&format!("POST /v1/log\n\n{body} "))).status, 413);
}

#[test]
fn what_a_failure_says_stays_with_the_host() {
    let (api, shelf) = club();
    shelf.fail("password=2718");
    let response = at_once(api.handle(request(&format!("GET {PASS}\nAuthorization: ApplePass {TOKEN}"))));
    let failure = response.extensions().get::<Failure>().unwrap();
    assert_eq!(std::error::Error::source(failure.error()).unwrap().to_string(), "password=2718");
    assert!(!String::from_utf8_lossy(&whole(response).body).contains("2718"));
}
