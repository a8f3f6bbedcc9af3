//! Every route with every status it can have, in readable files: `INSTA_UPDATE=always cargo test -p walletpass-webservice` accepts a change.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use std::fmt::Write;
use std::sync::Arc;

use support::{Answer, Shelf, Tables, answer, club, request};
use walletpass_webservice::{DeviceApi, Failure};

const REGISTRATION: &str = "/v1/devices/d1f2/registrations/pass.com.acme.club/4711";
const LIST: &str = "/v1/devices/d1f2/registrations/pass.com.acme.club";
const PASS: &str = "/v1/passes/pass.com.acme.club/4711";
const PERSONALIZE: &str = "/v1/passes/pass.com.acme.club/4711/personalize";
const TOKEN: &str = "Authorization: ApplePass token-of-pass-4711";

/// A dialogue being written down.
struct Transcript {
    api: DeviceApi<Shelf>,
    shelf: Arc<Shelf>,
    text: String,
}

impl Transcript {
    fn begin() -> Self {
        let (api, shelf) = club();
        Self { api, shelf, text: String::new() }
    }

    fn ask(&mut self, what: &str, text: &str) -> Answer {
        let given = answer(&self.api, request(text));
        let shown =
            text.lines().map(|line| format!("> {}\n", line.chars().take(160).collect::<String>())).collect::<String>();
        write!(self.text, "# {what}\n{shown}< {}\n", given.status).unwrap();
        let headers = given.headers.iter();
        let mut headers =
            headers.map(|(name, value)| format!("< {name}: {}\n", value.to_str().unwrap())).collect::<Vec<_>>();
        headers.sort();
        self.text.extend(headers);
        if !given.body.is_empty() {
            write!(self.text, "<\n< {}\n", String::from_utf8_lossy(&given.body)).unwrap();
        }
        self.text.push('\n');
        given
    }

    fn end(self, name: &str) {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("golden");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, self.text));
    }
}

#[test]
fn register_and_unregister() {
    let mut transcript = Transcript::begin();
    let mut ask = |what: &str, text: String| transcript.ask(what, &text);
    let body = "{\"pushToken\":\"00aa11bb\"}";
    ask("A new registration", format!("POST {REGISTRATION}\n{TOKEN}\nContent-Type: application/json\n\n{body}"));
    ask("A known one", format!("POST {REGISTRATION}\n{TOKEN}\n\n{body}"));
    ask("Without a token", format!("POST {REGISTRATION}\n\n{body}"));
    ask("With a wrong one", format!("POST {REGISTRATION}\nAuthorization: ApplePass token-of-pass-4712\n\n{body}"));
    ask("Without a body", format!("POST {REGISTRATION}\n{TOKEN}"));
    ask("With a body of another form", format!("POST {REGISTRATION}\n{TOKEN}\n\n{{\"pushToken\":2718}}"));
    ask("With half a body", format!("POST {REGISTRATION}\n{TOKEN}\n\n{{\"pushToken\":\"27"));
    ask("With no JSON", format!("POST {REGISTRATION}\n{TOKEN}\n\npushToken=00aa11bb"));
    ask("With a push token that is none", format!("POST {REGISTRATION}\n{TOKEN}\n\n{{\"pushToken\":\"see above\"}}"));
    let long = format!("{{\"pushToken\":\"{}\"}}", "0".repeat(65_536));
    ask("With a body that is too long", format!("POST {REGISTRATION}\n{TOKEN}\n\n{long}"));
    ask("For a device that is none", format!("POST {}\n{TOKEN}\n\n{body}", REGISTRATION.replace("d1f2", "%00")));
    ask("By a method that is none", format!("PUT {REGISTRATION}\n{TOKEN}\n\n{body}"));
    ask("Its end", format!("DELETE {REGISTRATION}\n{TOKEN}"));
    ask("Its end once more", format!("DELETE {REGISTRATION}\n{TOKEN}"));
    ask("Its end without a token", format!("DELETE {REGISTRATION}"));
    transcript.end("registration");
}

#[test]
fn list() {
    let mut transcript = Transcript::begin();
    transcript.ask("Nothing registered", &format!("GET {LIST}"));
    transcript.ask("…", &format!("POST {REGISTRATION}\n{TOKEN}\n\n{{\"pushToken\":\"00aa11bb\"}}"));
    transcript.ask("All", &format!("GET {LIST}"));
    transcript.ask("All, the headers only", &format!("HEAD {LIST}"));
    transcript.ask("What changed since", &format!("GET {LIST}?passesUpdatedSince=0"));
    transcript.ask("Nothing changed since", &format!("GET {LIST}?passesUpdatedSince=1"));
    transcript.ask("A tag of somewhere else", &format!("GET {LIST}?passesUpdatedSince=2016-08-28%2011:57:01"));
    transcript.ask("A tag in a bad encoding", &format!("GET {LIST}?passesUpdatedSince=%9"));
    transcript.ask("A pass type that is none", &format!("GET {}", LIST.replace("pass.com", "com")));
    transcript.ask("By a method that is none", &format!("POST {LIST}"));
    transcript.end("list");
}

#[test]
fn fetch() {
    let mut transcript = Transcript::begin();
    transcript.ask("The pass", &format!("GET {PASS}\n{TOKEN}"));
    transcript.ask("Its headers only", &format!("HEAD {PASS}\n{TOKEN}"));
    let date = "If-Modified-Since: Sat, 21 Nov 2026 10:00:00 GMT";
    transcript.ask("If it changed", &format!("GET {PASS}\n{TOKEN}\n{date}"));
    transcript.ask("If it changed, the headers only", &format!("HEAD {PASS}\n{TOKEN}\n{date}"));
    transcript.ask("If it changed since before", &format!("GET {PASS}\n{TOKEN}\n{}", date.replace("10:", "09:")));
    transcript
        .ask("With an entity tag, which no answer has", &format!("GET {PASS}\n{TOKEN}\n{date}\nIf-None-Match: \"x\""));
    transcript.ask("Without a token", &format!("GET {PASS}"));
    transcript.ask("With Android's scheme", &format!("GET {PASS}\n{}", TOKEN.replace("Apple", "Android")));
    transcript.ask("An unknown one", &format!("GET {}\n{TOKEN}", PASS.replace("4711", "4712")));
    transcript.ask("One that cannot be", &format!("GET {}\n{TOKEN}", PASS.replace("4711", "%00")));
    transcript.ask("One in a bad encoding", &format!("GET {}\n{TOKEN}", PASS.replace("4711", "%ff")));
    transcript.ask("By a method that is none", &format!("DELETE {PASS}\n{TOKEN}"));
    transcript.end("fetch");
}

#[test]
fn personalize() {
    let mut transcript = Transcript::begin();
    let form = "{\"personalizationToken\":\"4A7F==\",\"requiredPersonalizationInfo\":{\"fullName\":\"Ada\",\"ISOCountryCode\":\"GB\"}}";
    transcript.ask("A form", &format!("POST {PERSONALIZE}\n\n{form}"));
    transcript
        .ask("One that the host refuses", &format!("POST {PERSONALIZE}\n\n{}", form.replace("fullName", "givenName")));
    transcript.ask("One without a token", &format!("POST {PERSONALIZE}\n\n{{}}"));
    let manifest = form.replace("4A7F==", "{\\\"pass.json\\\":\\\"da39a3ee\\\"}");
    transcript.ask("One whose token is the manifest of a forged pass", &format!("POST {PERSONALIZE}\n\n{manifest}"));
    transcript.ask("Of an unknown pass", &format!("POST {}\n\n{form}", PERSONALIZE.replace("4711", "4712")));
    transcript.ask("By a method that is none", &format!("GET {PERSONALIZE}"));
    transcript.end("personalize");
}

#[test]
fn log() {
    let mut transcript = Transcript::begin();
    transcript.ask("Lines", "POST /v1/log\n\n{\"logs\":[\"[2016-08-28 11:57:01 -0400] Web service error for pass.com.acme.club (https://acme.com): Unexpected response code 401\",\"b\"]}");
    transcript.ask("No lines", "POST /v1/log\n\n{\"logs\":\"a\"}");
    transcript.ask("By a method that is none", "GET /v1/log");
    let logs = transcript.shelf.logs();
    assert_eq!((logs.len(), logs[0].lines.len(), logs[0].dropped), (1, 2, 0));
    transcript.end("log");
}

#[test]
fn elsewhere() {
    let mut transcript = Transcript::begin();
    transcript.ask("The root", "GET /");
    transcript.ask("Another version", "GET /v2/passes/pass.com.acme.club/4711");
    transcript.ask("A part of a route, the headers only", "HEAD /v1/passes/pass.com.acme.club");
    transcript.end("elsewhere");
}

#[test]
fn trouble() {
    let mut transcript = Transcript::begin();
    transcript.shelf.fail("busy");
    transcript.ask("The database is busy", &format!("GET {PASS}\n{TOKEN}"));
    let seen = support::at_once(transcript.api.handle(request(&format!("GET {LIST}"))));
    assert!(matches!(
        seen.extensions().get::<Failure>().map(Failure::error),
        Some(walletpass_webservice::device::DeviceError::Unavailable { .. })
    ));
    transcript.shelf.fail("password=2718");
    transcript.ask("The database is broken", &format!("GET {PASS}\n{TOKEN}"));
    transcript.ask("A pass that cannot be, as always", &format!("GET {}\n{TOKEN}", PASS.replace("4711", "%00")));
    assert!(!transcript.text.contains("2718"));
    transcript.end("trouble");
}
