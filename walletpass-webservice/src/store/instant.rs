//! The times that a store keeps.

use chrono::{DateTime, TimeDelta, Utc};

use super::StoredPass;

impl StoredPass {
    /// Gives the time for [`modified`](Self::modified): `at` without its fraction, or a second after that of the write before, whichever is later.
    /// A creation takes the latest of the passes of the pass type that were deleted for the write before.
    pub fn modified_at(at: DateTime<Utc>, before: Option<DateTime<Utc>>) -> DateTime<Utc> {
        // The micros first: chrono writes a leap second as a fraction above one.
        let seconds = at.timestamp_micros().div_euclid(1_000_000);
        let whole = DateTime::from_timestamp(seconds, 0).unwrap_or(at);
        let next = before.and_then(|before| before.checked_add_signed(TimeDelta::seconds(1)));
        next.map_or(whole, |next| next.max(whole))
    }
}

/// Cuts off what is finer than a microsecond.
pub(crate) fn cut(at: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(at.timestamp_micros()).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modified_rises_by_a_second_at_least() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        for (written, before, modified) in [
            ("2026-11-21T10:00:00.999999999Z", None, "2026-11-21T10:00:00Z"),
            ("2026-11-21T10:00:00.5Z", Some("2026-11-21T10:00:00Z"), "2026-11-21T10:00:01Z"),
            ("2026-11-21T10:00:05Z", Some("2026-11-21T10:00:00Z"), "2026-11-21T10:00:05Z"),
            ("2026-11-21T09:00:00Z", Some("2026-11-21T10:00:00Z"), "2026-11-21T10:00:01Z"),
            ("2016-12-31T23:59:60.5Z", None, "2017-01-01T00:00:00Z"),
        ] {
            assert_eq!(StoredPass::modified_at(at(written), before.map(at)), at(modified), "{written}");
        }
    }

    #[test]
    fn microseconds_are_kept() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert_eq!(cut(at("2026-11-21T10:00:00.123456789Z")), at("2026-11-21T10:00:00.123456Z"));
    }
}
