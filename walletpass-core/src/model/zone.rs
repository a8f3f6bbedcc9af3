//! Time zones.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, FixedOffset, NaiveDateTime, Offset, TimeDelta, TimeZone as _};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// A time zone by its IANA name: `Europe/Lisbon`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeZone(chrono_tz::Tz);

impl TimeZone {
    /// Gives the IANA name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// Gives the instant at which a clock in this zone shows `local`.
    ///
    /// An hour that the clock shows twice means its first run; one that it skips is read as if it had not moved yet.
    pub fn instant(self, local: NaiveDateTime) -> DateTime<FixedOffset> {
        match self.0.from_local_datetime(&local).earliest() {
            Some(at) => at.fixed_offset(),
            None => {
                // Either the clock skips this time, or it lies at an end of the calendar, where UTC is as good as any zone.
                let before = local.checked_sub_signed(TimeDelta::hours(3)).unwrap_or(local);
                let offset = self.0.offset_from_utc_datetime(&before).fix();
                let utc = local.checked_sub_offset(offset).map(|utc| DateTime::from_naive_utc_and_offset(utc, offset));
                utc.unwrap_or_else(|| local.and_utc().fixed_offset())
            }
        }
    }
}

/// Says that a name is no time zone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a time zone: write its IANA name, such as Europe/Lisbon")]
pub struct TimeZoneError(String);

impl FromStr for TimeZone {
    type Err = TimeZoneError;

    fn from_str(name: &str) -> Result<Self, TimeZoneError> {
        name.parse().map(Self).map_err(|_| TimeZoneError(name.chars().take(60).collect()))
    }
}

impl TryFrom<String> for TimeZone {
    type Error = TimeZoneError;

    fn try_from(name: String) -> Result<Self, TimeZoneError> {
        name.parse()
    }
}

impl From<TimeZone> for String {
    fn from(zone: TimeZone) -> Self {
        zone.name().to_owned()
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl JsonSchema for TimeZone {
    fn schema_name() -> Cow<'static, str> {
        "TimeZone".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "description": "An IANA time zone: `Europe/Lisbon`." })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_times_become_instants() {
        let zone: TimeZone = "Europe/Lisbon".parse().unwrap();
        for (local, instant) in [
            ("2027-03-05T06:30:00", "2027-03-05T06:30:00+00:00"),
            ("2027-07-05T06:30:00", "2027-07-05T06:30:00+01:00"),
            // Clocks go forward at 01:00 on 28 March 2027: 01:30 is skipped.
            ("2027-03-28T01:30:00", "2027-03-28T01:30:00+00:00"),
            // They go back at 02:00 on 31 October 2027: 01:30 comes twice.
            ("2027-10-31T01:30:00", "2027-10-31T01:30:00+01:00"),
        ] {
            assert_eq!(zone.instant(local.parse().unwrap()).to_rfc3339(), instant);
        }
        for (zone, local) in [("America/New_York", NaiveDateTime::MAX), ("Europe/Zurich", NaiveDateTime::MIN)] {
            zone.parse::<TimeZone>().unwrap().instant(local);
        }
        assert!("Europe/Porto".parse::<TimeZone>().is_err());
    }
}
