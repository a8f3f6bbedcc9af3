//! Requests that are not served, and why.

use std::borrow::Cow;
use std::sync::Arc;

use http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::json;

use super::Body;
use super::answer::answer;
use crate::RefusedId;
use crate::device::DeviceError;

/// Why a request is not served; one for each thing that the sender can do about it.
#[derive(Debug)]
pub(super) enum Refusal {
    BadBody(String),
    BadEncoding,
    BadName(RefusedId),
    BrokenOff,
    MethodNotAllowed(&'static str),
    NotFound,
    Service(DeviceError),
    TooLarge,
    Unauthorized,
}

/// Stands in the extensions of an answer of 500 or 503, which itself tells the device nothing: for the host's log.
///
/// ```
/// # use walletpass_webservice::{Body, Failure};
/// fn watch(answer: &http::Response<Body>) {
///     if let Some(failure) = answer.extensions().get::<Failure>() {
///         eprintln!("{}: {:?}", failure.error(), std::error::Error::source(failure.error()));
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Failure(Arc<DeviceError>);

impl Failure {
    /// Gives what went wrong.
    pub fn error(&self) -> &DeviceError {
        &self.0
    }
}

impl From<DeviceError> for Refusal {
    fn from(error: DeviceError) -> Self {
        match error {
            DeviceError::UnknownPass => Self::Unauthorized,
            error => Self::Service(error),
        }
    }
}

impl Refusal {
    pub(super) fn into_response(self) -> Response<Body> {
        let (status, code, message): (_, _, Cow<'static, str>) = match &self {
            Self::BadBody(message) => (StatusCode::BAD_REQUEST, "bad-body", message.clone().into()),
            Self::BadEncoding => (
                StatusCode::BAD_REQUEST,
                "bad-encoding",
                "the address is not percent-encoded UTF-8: write each other byte as `%` and two hexadecimal digits".into(),
            ),
            Self::BadName(refused) => (StatusCode::BAD_REQUEST, "bad-name", refused.to_string().into()),
            Self::BrokenOff => {
                (StatusCode::BAD_REQUEST, "broken-off", "the body ended before it was complete: send it again".into())
            }
            Self::MethodNotAllowed(allowed) => (
                StatusCode::METHOD_NOT_ALLOWED,
                "method-not-allowed",
                format!("nothing is done here by that method: use one of {allowed}").into(),
            ),
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "not-found",
                "there is nothing here: let `webServiceURL` lead to where the device API is mounted, without the `/v1`".into(),
            ),
            Self::Service(DeviceError::Refused { message }) => {
                (StatusCode::BAD_REQUEST, "refused", message.clone().into())
            }
            Self::Service(DeviceError::Unavailable { .. }) => {
                (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "the server cannot answer now: try again later".into())
            }
            Self::Service(_) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "failed",
                "something is wrong with the server: ask whoever runs it to look at this answer's `Failure`".into(),
            ),
            Self::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "too-large",
                "the body has more than 65,536 bytes: send less, log lines in several requests".into(),
            ),
            // One text for all, so that nobody learns which passes exist.
            Self::Unauthorized => (
                StatusCode::UNAUTHORIZED,
                "unauthorized",
                "no pass of this name has this token: send one header `Authorization: ApplePass` with the `authenticationToken` of this very pass".into(),
            ),
        };
        let text = json!({ "error": { "code": code, "message": message } }).to_string();
        let mut response = answer(status, text.into_bytes());
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some((name, value)) = self.header() {
            headers.insert(name, value);
        }
        if let Self::Service(error @ (DeviceError::Failed { .. } | DeviceError::Unavailable { .. })) = self {
            response.extensions_mut().insert(Failure(Arc::new(error)));
        }
        response
    }

    /// Gives the header that goes with some statuses.
    fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        match self {
            Self::MethodNotAllowed(allowed) => Some((ALLOW, HeaderValue::from_static(allowed))),
            Self::Service(DeviceError::Unavailable { retry_after: Some(after), .. }) => {
                let seconds = after.as_secs() + u64::from(after.subsec_nanos() > 0 && after.as_secs() < u64::MAX);
                Some((RETRY_AFTER, seconds.into()))
            }
            Self::Unauthorized => Some((WWW_AUTHENTICATE, HeaderValue::from_static("ApplePass"))),
            _ => None,
        }
    }
}
