//! Answers of the statuses that devices know.

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, LAST_MODIFIED};
use http::{HeaderValue, Response, StatusCode};
use serde_json::json;

use super::Body;
use super::date::http_date;
use crate::device::{Changed, Fetch, Latest, PassFile};

/// Makes an answer that nobody keeps: passes belong to their holder, and a list or a status of yesterday would hide a change.
pub(super) fn answer(status: StatusCode, body: impl Into<Bytes>) -> Response<Body> {
    with_body(status, Body::from(body.into()))
}

/// Answers which passes changed.
pub(super) fn changed(changed: Option<Changed>) -> Response<Body> {
    let Some(Changed { serials, last_updated }) = changed.filter(|changed| !changed.serials.is_empty()) else {
        return answer(StatusCode::NO_CONTENT, Bytes::new());
    };
    let serials = serials.iter().map(|serial| serial.as_str()).collect::<Vec<_>>();
    let text = json!({ "lastUpdated": last_updated, "serialNumbers": serials }).to_string();
    typed(answer(StatusCode::OK, text), "application/json")
}

/// Answers what a pass is now, or that the device has it.
pub(super) fn latest(latest: Latest, request: &Fetch) -> Response<Body> {
    let (file, last_modified) = match latest {
        Latest::Modified { file, last_modified } => (Some(file), last_modified),
        Latest::NotModified { last_modified } => (None, last_modified),
    };
    // A date has whole seconds. A service that does not compare them gets it done. Only the very date counts: one of a time before
    // the data were restored from a backup may be later, and stands for another version.
    let is_new = request.if_modified_since.is_none_or(|since| since.timestamp() != last_modified.timestamp());
    let mut response = match file.filter(|_| is_new) {
        Some(file) => typed(with_body(StatusCode::OK, Body::from(file)), PassFile::CONTENT_TYPE),
        None => answer(StatusCode::NOT_MODIFIED, Bytes::new()),
    };
    response.headers_mut().insert(LAST_MODIFIED, http_date(last_modified));
    response
}

/// Answers the signature of a personalization token.
pub(super) fn signature(signature: Bytes) -> Response<Body> {
    typed(answer(StatusCode::OK, signature), "application/octet-stream")
}

fn with_body(status: StatusCode, body: Body) -> Response<Body> {
    let length = body.len();
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // These two have no body by definition, and must not count one.
    if status != StatusCode::NO_CONTENT && status != StatusCode::NOT_MODIFIED {
        response.headers_mut().insert(CONTENT_LENGTH, length.into());
    }
    response
}

fn typed(mut response: Response<Body>, content_type: &'static str) -> Response<Body> {
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
