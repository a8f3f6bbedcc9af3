//! Values, as columns hold them.

use std::error::Error;
use std::str::FromStr;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use rusqlite::Row;
use rusqlite::types::Type;
use walletpass_core::State;

use crate::store::state::state_of;

/// Reads a text that has a form.
pub(super) fn parsed<T: FromStr<Err: Error + Send + Sync + 'static>>(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    text.parse().map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error)))
}

/// Reads a number that is never negative.
pub(super) fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, number))
}

/// Reads an instant.
pub(super) fn instant(row: &Row<'_>, column: usize) -> rusqlite::Result<DateTime<Utc>> {
    let micros: i64 = row.get(column)?;
    DateTime::from_timestamp_micros(micros).ok_or(rusqlite::Error::IntegralValueOutOfRange(column, micros))
}

/// Reads a body.
pub(super) fn body(row: &Row<'_>, column: usize) -> rusqlite::Result<Bytes> {
    row.get::<_, Vec<u8>>(column).map(Bytes::from)
}

/// Reads the state of a pass.
pub(super) fn state(row: &Row<'_>, column: usize) -> rusqlite::Result<State> {
    let known = state_of(row.get_ref(column)?.as_str()?);
    known.ok_or_else(|| rusqlite::Error::InvalidColumnType(column, "state".to_owned(), Type::Text))
}

/// Makes a number one that SQLite holds. What is beyond no store gave, and nothing compares equal to it.
pub(super) fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
