//! The HTTP of a phone.

use async_trait::async_trait;
use bytes::Bytes;
use http::header::{
    ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue, IF_MODIFIED_SINCE, USER_AGENT,
};
use http::uri::PathAndQuery;
use http::{Method, Request, Response, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;
use walletpass_core::Secret;
use walletpass_core::port::{HttpClient, HttpError, MAX_BODY};

/// A request of a phone under way.
#[derive(Clone)]
pub(super) struct Ask {
    method: Method,
    base: String,
    path: String,
    /// The path as it is shown, without the name of the device.
    told: String,
    token: Option<Secret<String>>,
    since: Option<String>,
    body: Option<Value>,
}

impl Ask {
    /// Asks at the `webServiceURL` of a pass for the path of these parts.
    pub(super) fn new(method: Method, base: &str, parts: &[&str]) -> Self {
        let path: String = parts.iter().map(|part| format!("/{}", encoded(part))).collect();
        let told = path.clone();
        Self { method, base: base.to_owned(), path, told, token: None, since: None, body: None }
    }

    /// Does not show the name of the device.
    pub(super) fn hiding(mut self, device: &str) -> Self {
        self.told = self.told.replace(&encoded(device), "{device}");
        self
    }

    /// Asks for the headers only.
    pub(super) fn without_body(mut self) -> Self {
        self.method = Method::HEAD;
        self
    }

    pub(super) fn with_tag(mut self, tag: Option<&str>) -> Self {
        if let Some(tag) = tag {
            let query = format!("?passesUpdatedSince={}", encoded(tag));
            self.path.push_str(&query);
            self.told.push_str(&query);
        }
        self
    }

    pub(super) fn with_token(mut self, token: &Secret<String>) -> Self {
        self.token = Some(token.clone());
        self
    }

    pub(super) fn with_date(mut self, date: Option<&str>) -> Self {
        self.since = date.map(str::to_owned);
        self
    }

    pub(super) fn with_body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// Gives the method and the path, as complaints show it.
    pub(super) fn told(&self) -> String {
        format!("{} {}", self.method, self.told)
    }

    /// Makes the request, whose authority may be replaced.
    pub(super) fn request(&self, route: impl Fn(&Uri) -> Option<Uri>) -> Result<Request<Bytes>, HttpError> {
        // As the device joins them: one trailing slash is stripped.
        let base = self.base.strip_suffix('/').unwrap_or(&self.base);
        let uri = format!("{base}{}", self.path).parse::<Uri>().map_err(HttpError::new)?;
        let host = uri.authority().map(|authority| HeaderValue::from_str(authority.as_str()));
        let mut parts = uri.clone().into_parts();
        if let Some(route) = route(&uri) {
            parts.scheme = route.scheme().cloned();
            parts.authority = route.authority().cloned();
        }
        let uri = Uri::from_parts(parts).map_err(HttpError::new)?;
        let body = self.body.as_ref().map(|body| Bytes::from(body.to_string()));
        let mut request = Request::new(body.clone().unwrap_or_default());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = uri;
        let headers = request.headers_mut();
        if let Some(host) = host {
            headers.insert(HOST, host.map_err(HttpError::new)?);
        }
        headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("en-us"));
        if body.is_some() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if let Some(token) = &self.token {
            let mut value = HeaderValue::from_str(&format!("ApplePass {}", token.expose())).map_err(HttpError::new)?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        if let Some(since) = &self.since {
            headers.insert(IF_MODIFIED_SINCE, HeaderValue::from_str(since).map_err(HttpError::new)?);
        }
        Ok(request)
    }
}

/// Speaks HTTP/1.1 without TLS, on a connection for each request.
#[derive(Debug)]
pub(super) struct Plain;

#[async_trait]
impl HttpClient for Plain {
    async fn send(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let uri = request.uri().clone();
        if uri.scheme_str() != Some("http") {
            return Err(HttpError::new(
                "the phone speaks no TLS of its own: say by `reached_at` where the server listens, or bring a client by `with_client`",
            ));
        }
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
        let stream = TcpStream::connect((host, uri.port_u16().unwrap_or(80))).await.map_err(HttpError::new)?;
        let _ = stream.set_nodelay(true);
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(HttpError::new)?;
        tokio::spawn(connection);
        let path = uri.path_and_query().cloned().unwrap_or(PathAndQuery::from_static("/"));
        *request.uri_mut() = Uri::from(path);
        let (head, body) = sender.send_request(request.map(Full::new)).await.map_err(HttpError::new)?.into_parts();
        let body = Limited::new(body, MAX_BODY).collect().await.map_err(HttpError::new)?.to_bytes();
        Ok(Response::from_parts(head, body))
    }
}

/// Percent-encodes a part of a path or the value of a query: all but what RFC 3986 calls unreserved.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
        encoded
    })
}

/// The look of a phone's `User-Agent`. No source of Apple's gives it.
const AGENT: &str = "passd/1.0 CFNetwork/3826.400.120 Darwin/24.3.0";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_joined_as_a_phone_joins_them() {
        for (base, expected) in [
            ("https://acme.com", "https://acme.com/v1/passes/pass.x/a%2Fb%20%C3%A4"),
            ("https://acme.com/", "https://acme.com/v1/passes/pass.x/a%2Fb%20%C3%A4"),
            ("https://acme.com/wallet//", "https://acme.com/wallet//v1/passes/pass.x/a%2Fb%20%C3%A4"),
        ] {
            let ask = Ask::new(Method::GET, base, &["v1", "passes", "pass.x", "a/b ä"]);
            assert_eq!(ask.request(|_| None).unwrap().uri(), expected);
        }
        let ask =
            Ask::new(Method::GET, "https://acme.com", &["v1", "devices", "d1"]).hiding("d1").with_tag(Some("1 +&"));
        assert_eq!(ask.told(), "GET /v1/devices/{device}?passesUpdatedSince=1%20%2B%26");
        let request = ask.request(|_| Some(Uri::from_static("http://127.0.0.1:80"))).unwrap();
        assert_eq!(request.uri(), "http://127.0.0.1:80/v1/devices/d1?passesUpdatedSince=1%20%2B%26");
        assert_eq!(request.headers()["host"], "acme.com");
    }
}
