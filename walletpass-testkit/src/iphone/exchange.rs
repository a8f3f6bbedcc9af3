//! A request goes out, and what comes back is judged as far as every answer is.

use std::error::Error;

use bytes::Bytes;
use http::Response;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderName, LOCATION};

use super::Iphone;
use super::complaint::{Complaint, Fault, shown};
use super::wire::Ask;

impl Iphone {
    /// Sends a request and complains when nothing comes back.
    pub(super) async fn exchange(&mut self, ask: &Ask) -> Option<Response<Bytes>> {
        let request = ask.request(|uri| self.routes.get(uri.authority()?.as_str()).cloned());
        let answer = match request {
            Ok(request) => self.client.send(request).await,
            Err(error) => Err(error),
        };
        match answer {
            Ok(answer) => {
                let encoding = header(&answer, &CONTENT_ENCODING).filter(|encoding| *encoding != "identity");
                if let Some(encoding) = encoding.map(shown) {
                    self.complain(
                        Fault::ContentEncoding,
                        &ask.told(),
                        format!("the answer is encoded as `{encoding}`, which was not asked for"),
                        "switch compression off for these routes, also in proxies",
                    );
                }
                Some(answer)
            }
            Err(error) => {
                let causes = std::iter::successors(error.source(), |error| (*error).source());
                let causes: Vec<String> = causes.map(ToString::to_string).collect();
                self.complain(
                    Fault::NoAnswer,
                    &ask.told(),
                    causes.join(": "),
                    "see that the server listens and answers",
                );
                None
            }
        }
    }

    /// Complains of a status, and gives the words in which a phone logs it.
    pub(super) fn unexpected(
        &mut self,
        ask: &Ask,
        answer: &Response<Bytes>,
        has_token: bool,
        expected: &str,
    ) -> String {
        let status = answer.status().as_u16();
        let (fault, cause, mend) = match status {
            401 if has_token => (
                Fault::Unauthorized,
                "401 for the `authenticationToken` of the pass".to_owned(),
                "store the pass before anybody gets it; find it by its type and its serial number, percent-decoded once, and compare what follows `ApplePass `",
            ),
            401 => (
                Fault::Unauthorized,
                "401 for a request that carries no `Authorization`".to_owned(),
                "ask for no token here: phones send none",
            ),
            300..=399 if status != 304 => {
                let to = header(answer, &LOCATION).map(shown).unwrap_or_default();
                (
                    Fault::Redirect,
                    format!("{status} to `{to}`"),
                    "answer where `webServiceURL` points: that phones follow is not documented",
                )
            }
            _ => {
                let mend = match status {
                    404 | 405 => {
                        "see that `webServiceURL` leads to where the routes are, without the `/v1`, and that this one is there"
                    }
                    500..=599 => "look for the cause in the log of the server",
                    _ => "answer with a status that Apple documents for this request",
                };
                (Fault::Status, format!("status {status}, and {expected} was hoped for"), mend)
            }
        };
        self.complain(fault, &ask.told(), cause, mend);
        if status == 401 && has_token {
            return "Authentication failure".to_owned();
        }
        format!("Unexpected response code {status}")
    }

    /// Complains, without the names and tokens that are nobody's business, should a server or a client repeat them.
    pub(super) fn complain(&mut self, fault: Fault, request: &str, cause: impl Into<String>, mend: &'static str) {
        let mut cause = cause.into().replace(&self.device, "{device}");
        for service in self.entries.values().filter_map(|entry| entry.service.as_ref()) {
            let token = service.token.expose();
            if !token.is_empty() && cause.contains(token.as_str()) {
                cause = cause.replace(token.as_str(), "{authenticationToken}");
            }
        }
        self.complaints.push(Complaint::new(fault, request, cause, mend));
    }

    /// Complains when the content type of an answer is another.
    pub(super) fn expect_content_type(&mut self, ask: &Ask, answer: &Response<Bytes>, expected: &'static str) {
        let given = header(answer, &CONTENT_TYPE).unwrap_or_default();
        let kind = given.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case(expected) {
            let given = if given.is_empty() { "there is none".to_owned() } else { format!("it is `{}`", shown(given)) };
            let cause = format!("`Content-Type` is to be `{expected}`, and {given}");
            self.complain(Fault::ContentType, &ask.told(), cause, "send the content type that Apple documents");
        }
    }
}

/// Gives a header as text.
pub(super) fn header<'a>(answer: &'a Response<Bytes>, name: &HeaderName) -> Option<&'a str> {
    answer.headers().get(name).map(|value| value.to_str().unwrap_or("\u{fffd}"))
}
