//! What Google says when it refuses, and the numbers and words of its answers, all of them hostile until read.
//!
//! <https://developers.google.com/wallet/generic/resources/error-codes>

use std::time::Duration;

use http::StatusCode;
use serde_json::Value;

/// A refusal as Google words it. Everything is optional and bounded.
#[derive(Debug, Default)]
pub(crate) struct Refusal {
    pub(crate) message: String,
    /// `permissionDenied`, `SERVICE_DISABLED`: the words of all generations together, folded.
    reasons: Vec<String>,
    field: Option<String>,
    activate: Option<String>,
    pub(crate) retry_after: Option<Duration>,
}

impl Refusal {
    /// Reads the body of a refusal; `secrets` are taken out of its words.
    pub(crate) fn read(status: StatusCode, body: &[u8], secrets: &[&str]) -> Self {
        let json: Value = serde_json::from_slice(body).unwrap_or_default();
        let Some(error) = json.get("error") else {
            return Self { message: format!("status {}", status.as_u16()), ..Self::default() };
        };
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(|text| shown(text, secrets));
        let message = text(error.get("message")).filter(|message| !message.is_empty());
        let message = message.unwrap_or_else(|| format!("status {}", status.as_u16()));
        let list = |key| error.get(key).and_then(Value::as_array).into_iter().flatten().take(MOST_DETAILS);
        let reasons = std::iter::once(error.get("status"))
            .chain(list("errors").map(|error| error.get("reason")))
            .chain(list("details").map(|detail| detail.get("reason")))
            .flatten()
            .filter_map(Value::as_str)
            .map(fold)
            .collect();
        let violation = || {
            let violations = list("details").filter_map(|detail| detail.get("fieldViolations")?.as_array()).flatten();
            violations.take(1).find_map(|violation| text(violation.get("field"))).filter(|field| !field.is_empty())
        };
        let location = || list("errors").find_map(|error| text(error.get("location")));
        let field = violation().or_else(|| field_in(&message)).or_else(location);
        let link = list("details").find_map(|detail| text(detail.get("metadata")?.get("activationUrl")));
        let activate = link.into_iter().chain(message.split_whitespace().map(str::to_owned)).find_map(console_link);
        let retry_after = list("details").find_map(|detail| seconds(detail.get("retryDelay")?.as_str()?));
        Self { message, reasons, field, activate, retry_after }
    }

    /// Says whether the refusal is for too many requests.
    pub(crate) fn is_quota(&self) -> bool {
        let message = self.message.to_ascii_lowercase();
        self.has(&[
            "ratelimitexceeded",
            "userratelimitexceeded",
            "quotaexceeded",
            "dailylimitexceeded",
            "resourceexhausted",
        ]) || (message.contains("quota") && !message.contains("quota project"))
            || message.contains("rate limit")
    }

    /// Says whether it is the notifying messages of the pass that are too many, rather than requests.
    pub(crate) fn is_of_notices(&self) -> bool {
        let message = self.message.to_ascii_lowercase();
        message.contains("notification") || (message.contains("quotaexceeded") && !message.contains("rate"))
    }

    pub(crate) fn is_disabled(&self) -> bool {
        self.has(&["accessnotconfigured", "servicedisabled"]) || self.message.contains("has not been used in project")
    }

    pub(crate) fn is_of_class(&self) -> bool {
        self.has(&["classnotfound", "issuerclassnotfound"]) || fold(&self.message).starts_with("classnotfound")
    }

    /// Gives where to enable the API.
    pub(crate) fn activate(&mut self) -> String {
        self.activate
            .take()
            .unwrap_or_else(|| "https://console.cloud.google.com/apis/library/walletobjects.googleapis.com".to_owned())
    }

    pub(crate) fn field(&mut self) -> Option<String> {
        self.field.take()
    }

    fn has(&self, reasons: &[&str]) -> bool {
        self.reasons.iter().any(|reason| reasons.contains(&reason.as_str()))
    }
}

/// Folds a word of an enum, so that `UNDER_REVIEW`, `underReview` and `under_review` are one.
///
/// Writes take the first spelling, reads come back in the second. No two words of an enum of Google's meet this way.
pub(crate) fn fold(word: &str) -> String {
    let letters = word.chars().filter(|c| *c != '_').take(MOST_WORD);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

/// Reads an integer of 64 bits, which comes as a text or as a number.
pub(crate) fn int(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// Bounds a foreign text, takes secrets and control characters out of it, and leaves one line.
///
/// Secrets are those given, and whatever looks like an access token of Google's or like a JWT: a save link is one, and whoever
/// has it has the card.
pub(crate) fn shown(text: &str, secrets: &[&str]) -> String {
    let is_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let mut text = text;
    if let Some(start) = text.get(..text.floor_char_boundary(MOST_READ)).filter(|start| start.len() < text.len()) {
        // No secret is cut in half.
        text = start.trim_end_matches(is_token);
    }
    let mut text = text.to_owned();
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        text = text.replace(secret, "…");
    }
    let mut plain = String::new();
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let word = rest.find(|c| !is_token(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at_checked(word).unwrap_or((rest, ""));
        plain.push_str(if word.starts_with("ya29.") || word.starts_with("eyJ") { "…" } else { word });
        let between = after.find(is_token).unwrap_or(after.len());
        let (between, after) = after.split_at_checked(between).unwrap_or((after, ""));
        plain.extend(between.chars().map(|c| if c.is_control() { ' ' } else { c }));
        rest = after;
    }
    let mut shown: String = plain.chars().take(MOST_SHOWN).collect();
    if plain.chars().nth(MOST_SHOWN).is_some() {
        shown.push('…');
    }
    shown.trim().to_owned()
}

/// Finds the field that a message names: `Unknown name "airlineCode" at 'flight_header'`, `Invalid value at 'state'`.
fn field_in(message: &str) -> Option<String> {
    let between = |start: &str, end: char| {
        let (_, rest) = message.split_once(start)?;
        let (name, _) = rest.split_once(end)?;
        (!name.is_empty()).then(|| name.to_owned())
    };
    let (name, place) = (between("Unknown name \"", '"'), between(" at '", '\''));
    match (place, name) {
        (Some(place), Some(name)) => Some(format!("{place}.{name}")),
        (place, name) => place.or(name),
    }
}

/// Takes an address only if it is one of Google's consoles: the reader is asked to open it.
fn console_link(word: String) -> Option<String> {
    let link = word.trim_end_matches(['.', ',', ')']);
    let known = ["https://console.cloud.google.com/", "https://console.developers.google.com/"];
    known.iter().any(|console| link.starts_with(console)).then(|| link.to_owned())
}

/// Reads a duration as JSON writes it: `3.5s`.
fn seconds(text: &str) -> Option<Duration> {
    Duration::try_from_secs_f64(text.strip_suffix('s')?.parse().ok()?).ok()
}

/// The longest text of Google's that is told, in characters.
const MOST_SHOWN: usize = 500;
/// How much of a foreign text is looked at, in bytes.
const MOST_READ: usize = 16 * 1024;
/// The longest word of an enum that is compared.
const MOST_WORD: usize = 100;
const MOST_DETAILS: usize = 16;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: &Value) -> Refusal {
        Refusal::read(StatusCode::BAD_REQUEST, body.to_string().as_bytes(), &["ya29.secret"])
    }

    #[test]
    fn any_json_and_any_bytes_are_read() {
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        for body in ["", "null", "[]", "{", "\u{0}", r#"{"error":null}"#, r#"{"error":[[]]}"#, &deep] {
            assert!(!Refusal::read(StatusCode::FORBIDDEN, body.as_bytes(), &[]).message.is_empty());
        }
        let odd = read(
            &json!({ "error": { "message": 7, "status": {}, "errors": [1, {}], "details": [[], { "fieldViolations": 1 }] } }),
        );
        assert_eq!(odd.message, "status 400");
    }

    #[test]
    fn the_field_is_found_in_every_generation() {
        for (body, field) in [
            (
                json!({ "message": "Unknown name \"airlineCode\" at 'flightHeader': Cannot find field." }),
                "flightHeader.airlineCode",
            ),
            (json!({ "message": "Invalid value at 'state' (type.googleapis.com/State), \"X\"" }), "state"),
            (
                json!({ "message": "bad", "details": [{}, { "fieldViolations": [{ "field": "barcode.type" }] }] }),
                "barcode.type",
            ),
            (json!({ "message": "bad", "errors": [{ "location": "id" }] }), "id"),
        ] {
            assert_eq!(read(&json!({ "error": body })).field().as_deref(), Some(field));
        }
    }

    #[test]
    fn no_secret_no_control_character_and_no_novel_is_told() {
        let refusal = read(&json!({ "error": { "message": format!("a\u{1b}[31m ya29.secret {}", "x".repeat(9999)) } }));
        assert!(refusal.message.starts_with("a [31m … xxx") && refusal.message.chars().count() <= 501, "{refusal:?}");
    }

    #[test]
    fn a_quota_is_told_from_a_quota_project() {
        let is_quota = |message: &str| read(&json!({ "error": { "message": message } })).is_quota();
        assert!(is_quota("Quota exceeded for quota metric 'Requests'") && is_quota("Rate Limit Exceeded"));
        assert!(!is_quota("The API requires a quota project, which is not set by default."));
    }

    #[test]
    fn what_looks_like_a_token_is_not_told() {
        let told = shown("cannot verify \"eyJhbGciOiJSUzI1NiJ9.eyJh.c2ln\" with Bearer ya29.a0-x_y, ünd: eye", &[]);
        assert_eq!(told, "cannot verify \"…\" with Bearer …, ünd: eye");
    }

    #[test]
    fn only_googles_consoles_are_linked() {
        let link = |url: &str| {
            read(&json!({ "error": { "message": format!("enable it by visiting {url} then retry") } })).activate()
        };
        assert_eq!(
            link("https://console.developers.google.com/apis/x."),
            "https://console.developers.google.com/apis/x"
        );
        assert!(link("https://console.evil.example/").starts_with("https://console.cloud.google.com/apis/library/"));
    }

    #[test]
    fn numbers_and_words_come_in_two_ways() {
        assert_eq!((int(&json!("42")), int(&json!(42)), int(&json!("x"))), (Some(42), Some(42), None));
        assert_eq!(fold("UNDER_REVIEW"), fold("underReview"));
        assert_eq!(seconds("3.5s"), Some(Duration::from_millis(3500)));
        assert_eq!(seconds("-1s").or(seconds("1e99s")).or(seconds("NaNs")), None);
    }
}
