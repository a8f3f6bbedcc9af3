//! Bodies of requests: read within a limit, then parsed.

use std::fmt;
use std::future::poll_fn;
use std::pin::pin;

use bytes::Buf;
use http::HeaderMap;
use http::header::CONTENT_LENGTH;
use http_body::Body;
use serde::de::{DeserializeOwned, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::error::Category;

use super::DeviceApi;
use super::refusal::Refusal;
use crate::device::{Holder, Log, LogLine};

/// The body of a registration.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Registration {
    pub(super) push_token: String,
}

/// The body of a sign-up.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SignedUp {
    pub(super) personalization_token: String,
    #[serde(rename = "requiredPersonalizationInfo", default)]
    pub(super) holder: Option<Holder>,
}

/// The body of log lines.
#[derive(Deserialize)]
pub(super) struct Logged {
    #[serde(deserialize_with = "log")]
    pub(super) logs: Log,
}

/// Reads a body whole, and no more than is allowed of it, whatever its header says.
pub(super) async fn read<B: Body>(headers: &HeaderMap, body: B) -> Result<Vec<u8>, Refusal> {
    let promised = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if promised.unwrap_or_default().max(body.size_hint().lower()) > LIMIT as u64 {
        return Err(Refusal::TooLarge);
    }
    let mut body = pin!(body);
    let mut bytes = Vec::new();
    while let Some(frame) = poll_fn(|context| body.as_mut().poll_frame(context)).await {
        let Ok(mut data) = frame.map_err(|_| Refusal::BrokenOff)?.into_data() else { continue };
        if data.remaining() > LIMIT - bytes.len() {
            return Err(Refusal::TooLarge);
        }
        while data.has_remaining() {
            let chunk = data.chunk();
            bytes.extend_from_slice(chunk);
            data.advance(chunk.len());
        }
    }
    Ok(bytes)
}

/// Parses a body, whatever its content type: Apple does not say which one its devices send.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8], form: &'static str) -> Result<T, Refusal> {
    serde_json::from_slice(bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        // The words of the parser may quote what was sent, which may be a push token.
        let what = match error.classify() {
            Category::Data => "has another form",
            Category::Eof => "ends too soon",
            Category::Io | Category::Syntax => "is no JSON in UTF-8",
        };
        Refusal::BadBody(format!("the body {what}, at line {line}, column {column}: send {form}"))
    })
}

/// Keeps the first lines, and counts what is not kept without building it up.
fn log<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Log, D::Error> {
    struct Lines;

    impl<'de> Visitor<'de> for Lines {
        type Value = Log;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of texts")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Log, A::Error> {
            let mut log = Log::default();
            while log.lines.len() < Log::MAX_LINES {
                match entries.next_element::<Value>()? {
                    Some(Value::String(text)) => log.lines.push(LogLine::parse(&text)),
                    Some(_) => log.dropped += 1,
                    None => return Ok(log),
                }
            }
            while entries.next_element::<IgnoredAny>()?.is_some() {
                log.dropped += 1;
            }
            Ok(log)
        }
    }

    deserializer.deserialize_seq(Lines)
}

const LIMIT: usize = DeviceApi::<()>::MAX_BODY;
