//! When a pass matters and when it ends.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Days, FixedOffset, Utc};
use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::model::time::{TimeError, instant, instant_option, parse_instant};

/// When a pass matters and when it ends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    expecting = "an object with `relevant`, `validFrom`, `expires` and `reminders`"
)]
#[non_exhaustive]
pub struct Dates {
    /// When the lock screen offers the pass. An event, a trip or a flight adds its own start.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relevant: Vec<Relevance>,
    /// When the pass begins to be valid; Google only.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "instant_option")]
    pub valid_from: Option<DateTime<FixedOffset>>,
    /// When it ends. Afterwards both wallets move it to the expired ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Expiry>,
    /// Of what the holder is reminded; Google only.
    #[serde(default, skip_serializing_if = "Reminders::is_empty")]
    pub reminders: Reminders,
}

impl Dates {
    /// Says whether nothing is set.
    pub fn is_empty(&self) -> bool {
        let Self { relevant, valid_from, expires, reminders } = self;
        relevant.is_empty() && valid_from.is_none() && expires.is_none() && reminders.is_empty()
    }
}

/// Of what the holder is reminded, in the words of the wallet; Google only.
///
/// Absent, Google does as it does by itself: it reminds of the end of a coupon and of the beginning of an event or a flight.
/// <https://developers.google.com/wallet/reference/rest/v1/genericobject#notifications>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object with `expiry` and `upcoming`")]
#[non_exhaustive]
pub struct Reminders {
    /// Whether of the end, two days before: of coupons and generic passes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<bool>,
    /// Whether of the beginning, one day before `validFrom` or, without that, the first relevant date: of generic passes. When
    /// both are due, that of the end wins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upcoming: Option<bool>,
}

impl Reminders {
    /// Says whether it is to be reminded of the end.
    pub fn expiry(mut self, is_wanted: bool) -> Self {
        self.expiry = Some(is_wanted);
        self
    }

    /// Says whether it is to be reminded of the beginning.
    pub fn upcoming(mut self, is_wanted: bool) -> Self {
        self.upcoming = Some(is_wanted);
        self
    }

    /// Says whether nothing is set.
    pub fn is_empty(&self) -> bool {
        let Self { expiry, upcoming } = self;
        expiry.is_none() && upcoming.is_none()
    }
}

/// A moment or a stretch of time at which the lock screen offers the pass.
/// <https://developer.apple.com/documentation/walletpasses/pass/relevantdates-data.dictionary>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Relevance {
    /// The moment, or the beginning of the stretch.
    #[serde(deserialize_with = "instant")]
    pub start: DateTime<FixedOffset>,
    /// The end of the stretch. It counts for 24 hours at most.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "instant_option")]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(into = "ExpiryJson")]
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
        Self::of_days(days.into())
    }

    fn of_days(days: i64) -> Result<Self, ExpiryError> {
        match u16::try_from(days) {
            Ok(few @ 1..=3650) => Ok(Self::Days { days: few, from: None }),
            _ => Err(ExpiryError { days }),
        }
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
    days: i64,
}

/// The shape of the JSON form, for writing and for the schema.
#[derive(Serialize, JsonSchema)]
#[serde(untagged, deny_unknown_fields)]
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
        #[serde(skip_serializing_if = "Option::is_none")]
        from: Option<DateTime<FixedOffset>>,
    },
}

/// Reads by shape, so that an error says what is wrong with the one that was meant.
impl<'de> Deserialize<'de> for Expiry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        struct DaysJson {
            days: i64,
            #[serde(default, deserialize_with = "instant_option")]
            from: Option<DateTime<FixedOffset>>,
        }

        struct ExpiryVisitor;

        impl<'de> Visitor<'de> for ExpiryVisitor {
            type Value = Expiry;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an instant such as \"2027-12-31T23:59:00+01:00\" or an object with `days`")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Expiry, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Expiry, A::Error> {
                let DaysJson { days, from } = DaysJson::deserialize(MapAccessDeserializer::new(map))?;
                match Expiry::of_days(days).map_err(A::Error::custom)? {
                    Expiry::Days { days, .. } => Ok(Expiry::Days { days, from }),
                    at @ Expiry::At(_) => Ok(at),
                }
            }
        }

        deserializer.deserialize_any(ExpiryVisitor)
    }
}

impl FromStr for Expiry {
    type Err = TimeError;

    /// Reads an instant.
    fn from_str(text: &str) -> Result<Self, TimeError> {
        parse_instant(text).map(Self::At)
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
            (r#"{ "days": -1 }"#, "1 to 3650"),
            (r#"{ "days": 99999 }"#, "1 to 3650"),
            (r#"{ "day": 3 }"#, "unknown field `day`"),
            (r#""2027-12-31""#, "day, time and offset"),
            ("3", "an object with `days`"),
        ] {
            let error = serde_json::from_str::<Expiry>(json).unwrap_err().to_string();
            assert!(error.contains(message), "{json}: {error}");
        }
    }
}
