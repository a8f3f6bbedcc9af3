//! When a pass matters and when it ends.

use chrono::{DateTime, Days, FixedOffset, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// When a pass matters and when it ends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Dates {
    /// When the lock screen offers the pass. An event, a trip or a flight adds its own start.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relevant: Vec<Relevance>,
    /// When the pass begins to be valid; Google only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<DateTime<FixedOffset>>,
    /// When it ends. Afterwards both wallets move it to the expired ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Expiry>,
}

impl Dates {
    /// Says whether nothing is set.
    pub fn is_empty(&self) -> bool {
        let Self { relevant, valid_from, expires } = self;
        relevant.is_empty() && valid_from.is_none() && expires.is_none()
    }
}

/// A moment or a stretch of time at which the lock screen offers the pass.
/// <https://developer.apple.com/documentation/walletpasses/pass/relevantdates-data.dictionary>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Relevance {
    /// The moment, or the beginning of the stretch.
    pub start: DateTime<FixedOffset>,
    /// The end of the stretch. It counts for 24 hours at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<DateTime<FixedOffset>>,
}

impl Relevance {
    /// Marks a moment.
    pub fn at(start: DateTime<FixedOffset>) -> Self {
        Self { start, end: None }
    }

    /// Marks a stretch of time.
    pub fn between(start: DateTime<FixedOffset>, end: DateTime<FixedOffset>) -> Self {
        Self { start, end: Some(end) }
    }
}

/// When a pass ends: at a date, or some days after it was issued.
///
/// In JSON a date is a string, a number of days an object: `{ "days": 30, "from": "2027-01-01T00:00:00Z" }`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "ExpiryJson", into = "ExpiryJson")]
#[schemars(with = "ExpiryJson")]
#[non_exhaustive]
pub enum Expiry {
    /// At this instant.
    At(DateTime<FixedOffset>),
    /// So many days after an instant.
    Days {
        /// 1 to 3,650.
        days: u16,
        /// The instant from which they count. Absent, they count from the moment the pass is drawn: fix it when a pass
        /// will be drawn again.
        from: Option<DateTime<FixedOffset>>,
    },
}

impl Expiry {
    /// Ends a pass so many days, 1 to 3,650, after it is issued.
    ///
    /// # Errors
    ///
    /// [`ExpiryError`] for any other number.
    pub fn days(days: u16) -> Result<Self, ExpiryError> {
        if (1..=3650).contains(&days) { Ok(Self::Days { days, from: None }) } else { Err(ExpiryError { days }) }
    }

    /// Gives the instant, counting days from `now` where no other beginning is fixed.
    pub fn instant(self, now: DateTime<Utc>) -> DateTime<FixedOffset> {
        match self {
            Self::At(at) => at,
            Self::Days { days, from } => {
                let from = from.unwrap_or_else(|| now.fixed_offset());
                from.checked_add_days(Days::new(days.into())).unwrap_or(from)
            }
        }
    }
}

impl From<DateTime<FixedOffset>> for Expiry {
    fn from(at: DateTime<FixedOffset>) -> Self {
        Self::At(at)
    }
}

/// Says that a number of days is out of range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a pass cannot expire after {days} days: give 1 to 3650, or a date")]
pub struct ExpiryError {
    days: u16,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "a date such as \"2027-12-31T23:59:00+01:00\" or an object with `days`"
)]
#[schemars(rename = "Expiry")]
enum ExpiryJson {
    /// An instant, RFC 3339.
    At(DateTime<FixedOffset>),
    /// So many days after an instant.
    Days {
        /// 1 to 3650.
        #[schemars(range(min = 1, max = 3650))]
        days: u16,
        /// The instant from which they count; absent, the moment the pass is drawn.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<DateTime<FixedOffset>>,
    },
}

impl TryFrom<ExpiryJson> for Expiry {
    type Error = ExpiryError;

    fn try_from(json: ExpiryJson) -> Result<Self, ExpiryError> {
        match json {
            ExpiryJson::At(at) => Ok(Self::At(at)),
            ExpiryJson::Days { days, from } => match Self::days(days)? {
                Self::Days { days, .. } => Ok(Self::Days { days, from }),
                at => Ok(at),
            },
        }
    }
}

impl From<Expiry> for ExpiryJson {
    fn from(expiry: Expiry) -> Self {
        match expiry {
            Expiry::At(at) => Self::At(at),
            Expiry::Days { days, from } => Self::Days { days, from },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_from_the_fixed_instant_or_from_now() {
        let now: DateTime<Utc> = "2027-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(Expiry::days(30).unwrap().instant(now).to_rfc3339(), "2027-01-31T00:00:00+00:00");
        let fixed: Expiry = serde_json::from_str(r#"{ "days": 1, "from": "2026-06-01T08:00:00+02:00" }"#).unwrap();
        assert_eq!(fixed.instant(now).to_rfc3339(), "2026-06-02T08:00:00+02:00");
    }

    #[test]
    fn bad_expiries_say_what_to_write() {
        for (json, message) in [
            (r#"{ "days": 0 }"#, "1 to 3650"),
            (r#"{ "days": 3651 }"#, "1 to 3650"),
            (r#""2027-12-31""#, "2027-12-31T23:59"),
        ] {
            let error = serde_json::from_str::<Expiry>(json).unwrap_err().to_string();
            assert!(error.contains(message), "{json}: {error}");
        }
    }
}
