//! Times as the JSON form writes them.

use chrono::{DateTime, FixedOffset, NaiveDateTime};
use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// Reads an instant: a time with its offset.
pub(crate) fn parse_instant(text: &str) -> Result<DateTime<FixedOffset>, TimeError> {
    DateTime::parse_from_rfc3339(text).map_err(|_| TimeError::Instant(shortened(text)))
}

/// Says that a text is not the time that is wanted there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeError {
    /// No instant.
    #[error("{0:?} is no instant: write day, time and offset, as in \"2027-05-01T09:15:00+01:00\"")]
    Instant(String),
    /// No time of the clock on the wall.
    #[error(
        "{0:?} is no time of the clock on the wall: write day and time without an offset, as in \"2027-05-01T09:15:00\" (the \
         time zone of the airport tells the rest)"
    )]
    WallClock(String),
}

pub(crate) fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<FixedOffset>, D::Error> {
    parse_instant(&String::deserialize(deserializer)?).map_err(D::Error::custom)
}

pub(crate) fn instant_option<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<DateTime<FixedOffset>>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| parse_instant(&text)).transpose().map_err(D::Error::custom)
}

pub(crate) fn wall_clock<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDateTime, D::Error> {
    parse_wall_clock(&String::deserialize(deserializer)?).map_err(D::Error::custom)
}

pub(crate) fn wall_clock_option<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDateTime>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| parse_wall_clock(&text)).transpose().map_err(D::Error::custom)
}

fn parse_wall_clock(text: &str) -> Result<NaiveDateTime, TimeError> {
    text.parse().map_err(|_| TimeError::WallClock(shortened(text)))
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}
