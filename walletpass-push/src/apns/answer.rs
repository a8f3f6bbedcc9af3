//! What APNs answers, and what that means.

use std::time::Duration;

use chrono::DateTime;
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;

use crate::{Gone, Later, Misconfiguration, Outcome, Trouble};

/// Draws the outcome from a whole answer. Reasons that Apple adds one day follow their status.
///
/// <https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns>
pub(crate) fn outcome(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Outcome {
    if status == StatusCode::OK {
        let id = headers.get("apns-id").and_then(|id| id.to_str().ok());
        return Outcome::Delivered { id: id.map(Into::into) };
    }
    // An answer that is no JSON has a status all the same.
    let Told { reason, timestamp } = serde_json::from_slice(body).unwrap_or_default();
    let reason: String = reason.chars().filter(|letter| !letter.is_control()).take(MOST_OF_REASON).collect();
    match (status.as_u16(), reason.as_str()) {
        (400, "BadDeviceToken") => Outcome::Gone(Gone::BadDeviceToken),
        (410, _) => Outcome::Gone(Gone::Unregistered { since: timestamp.and_then(DateTime::from_timestamp_millis) }),
        // The connection was silent for too long: nothing that anybody could mend.
        (status @ (429 | 500..), _) | (status @ 400, "IdleTimeout") => {
            Outcome::Later(Later { cause: Trouble::Answer { status, reason }, after: retry_after(headers) })
        }
        (status, _) => {
            let mend = mend(status, &reason);
            Outcome::Misconfigured(Misconfiguration { status: Some(status), reason, mend })
        }
    }
}

/// Says whether APNs wants another provider token.
pub(super) fn wants_new_token(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Misconfigured(Misconfiguration { status: Some(403), reason, .. }) if reason == "ExpiredProviderToken")
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Told {
    reason: String,
    /// Milliseconds since 1970.
    timestamp: Option<i64>,
}

fn mend(status: u16, reason: &str) -> &'static str {
    match (status, reason) {
        (400, "BadTopic" | "DeviceTokenNotForTopic" | "MissingTopic" | "TopicDisallowed") => {
            "the topic must be the pass type identifier under which the device registered, and the certificate of that type"
        }
        (403, "BadCertificate" | "BadCertificateEnvironment") => {
            "push with the Pass Type ID certificate of this pass type, valid and not revoked"
        }
        (403, "ExpiredProviderToken") => "set the clock of the machine: APNs takes a provider token for an hour",
        (403, _) => "compare key id, team id and .p8 file with developer.apple.com, or push with the pass certificate",
        (404 | 405, _) => "the server does not know APNs' path: is the address that of APNs?",
        (413, _) => "APNs finds the payload too large, though it is empty: is the address that of APNs?",
        (400..500, _) => "look the reason up in Apple's table of APNs answers; nothing was delivered",
        _ => "this is no answer of APNs: is there a proxy in between?",
    }
}

/// Reads the seconds of `Retry-After` (RFC 9110, section 10.2.3), a day at most.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds: u64 = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds.min(DAY)))
}

const DAY: u64 = 86_400;

/// Of a reason no more letters than this are kept; Apple's longest has 28.
const MOST_OF_REASON: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome_of(status: u16, body: &str) -> Outcome {
        outcome(StatusCode::from_u16(status).unwrap(), &HeaderMap::new(), body.as_bytes())
    }

    #[test]
    fn every_documented_answer_has_its_outcome() {
        for reason in [
            "BadCollapseId",
            "BadExpirationDate",
            "BadMessageId",
            "BadPriority",
            "BadTopic",
            "DeviceTokenNotForTopic",
            "DuplicateHeaders",
            "InvalidPushType",
            "MissingDeviceToken",
            "MissingTopic",
            "PayloadEmpty",
            "TopicDisallowed",
        ] {
            assert_misconfigured(400, reason);
        }
        for reason in [
            "BadCertificate",
            "BadCertificateEnvironment",
            "ExpiredProviderToken",
            "Forbidden",
            "InvalidProviderToken",
            "MissingProviderToken",
            "UnrelatedKeyIdInToken",
            "BadEnvironmentKeyIdInToken",
        ] {
            assert_misconfigured(403, reason);
        }
        assert_misconfigured(404, "BadPath");
        assert_misconfigured(405, "MethodNotAllowed");
        assert_misconfigured(413, "PayloadTooLarge");
        assert_eq!(outcome_of(200, ""), Outcome::Delivered { id: None });
        assert_eq!(outcome_of(400, r#"{"reason":"BadDeviceToken"}"#), Outcome::Gone(Gone::BadDeviceToken));
        for reason in ["Unregistered", "ExpiredToken"] {
            let since = DateTime::from_timestamp_millis(1_893_456_000_123);
            let body = format!(r#"{{"reason":"{reason}","timestamp":1893456000123}}"#);
            assert_eq!(outcome_of(410, &body), Outcome::Gone(Gone::Unregistered { since }));
        }
        for (status, reason) in [
            (400, "IdleTimeout"),
            (429, "TooManyProviderTokenUpdates"),
            (429, "TooManyRequests"),
            (500, "InternalServerError"),
            (503, "ServiceUnavailable"),
            (503, "Shutdown"),
        ] {
            assert_later(status, reason);
        }
    }

    #[test]
    fn what_apple_has_not_invented_yet_follows_its_status() {
        assert_misconfigured(400, "TokenTooYoung");
        assert_misconfigured(403, "MoonPhase");
        assert_misconfigured(451, "Unavailable");
        assert_misconfigured(302, "");
        assert_misconfigured(204, "");
        assert_later(429, "Tired");
        assert_later(507, "Full");
        assert_eq!(outcome_of(410, r#"{"reason":"MovedAway"}"#), Outcome::Gone(Gone::Unregistered { since: None }));
    }

    #[test]
    fn answers_that_are_no_json_keep_their_status() {
        for body in ["", "<html>", "[]", "null", "{\"reason\":7}", "\u{0}", "{\"timestamp\":\"soon\"}"] {
            assert_eq!(outcome_of(410, body), Outcome::Gone(Gone::Unregistered { since: None }), "{body:?}");
            assert!(matches!(outcome_of(503, body), Outcome::Later(_)), "{body:?}");
            assert!(matches!(outcome_of(400, body), Outcome::Misconfigured(_)), "{body:?}");
        }
        let far = r#"{"reason":"Unregistered","timestamp":9223372036854775807}"#;
        assert_eq!(outcome_of(410, far), Outcome::Gone(Gone::Unregistered { since: None }));
    }

    #[test]
    fn long_reasons_are_cut_and_carry_no_line_ends() {
        let body = format!(r#"{{"reason":"a\n{}"}}"#, "b".repeat(1000));
        let Outcome::Misconfigured(Misconfiguration { reason, .. }) = outcome_of(400, &body) else { panic!() };
        assert_eq!(reason.len(), MOST_OF_REASON);
        assert!(!reason.contains('\n'));
    }

    #[test]
    fn a_moment_that_is_named_is_kept() {
        for (value, expected) in
            [("7", Some(7)), (" 7 ", Some(7)), ("999999999", Some(DAY)), ("soon", None), ("-1", None)]
        {
            let headers = HeaderMap::from_iter([(header::RETRY_AFTER, value.parse().unwrap())]);
            let Outcome::Later(later) = outcome(StatusCode::TOO_MANY_REQUESTS, &headers, b"") else { panic!() };
            assert_eq!(later.after, expected.map(Duration::from_secs), "{value:?}");
        }
    }

    fn assert_misconfigured(status: u16, reason: &str) {
        let body = format!(r#"{{"reason":"{reason}"}}"#);
        let Outcome::Misconfigured(found) = outcome_of(status, &body) else { panic!("{status} {reason}") };
        assert_eq!((found.status, found.reason.as_str()), (Some(status), reason));
    }

    fn assert_later(status: u16, reason: &str) {
        let cause = Trouble::Answer { status, reason: reason.to_owned() };
        let body = format!(r#"{{"reason":"{reason}"}}"#);
        assert_eq!(outcome_of(status, &body), Outcome::Later(Later { cause, after: None }));
    }
}
