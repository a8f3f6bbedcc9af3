//! Values, as they go to the server and come from it.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use bytes::{Bytes, BytesMut};
use chrono::{DateTime, Utc};
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use walletpass_core::State;

use super::failure::Failure;
use crate::store::StoreError;
use crate::store::instant::cut;
use crate::store::state::state_of;

/// A parameter of a statement.
///
/// Debug does not show it: the driver writes parameters into its log, and some are tokens.
#[derive(Clone, Copy)]
pub(super) enum Value<'a> {
    Bytes(&'a [u8]),
    Number(Option<i64>),
    Text(Option<&'a str>),
    Texts(&'a [&'a str]),
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Bytes(bytes) => bytes.to_sql(ty, out),
            Self::Number(number) => number.to_sql(ty, out),
            Self::Text(text) => text.to_sql(ty, out),
            Self::Texts(texts) => texts.to_sql(ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        [Type::BYTEA, Type::INT8, Type::TEXT, Type::TEXT_ARRAY].contains(ty)
    }

    to_sql_checked!();
}

pub(super) fn text(text: &str) -> Value<'_> {
    Value::Text(Some(text))
}

/// What is beyond an `i64` no store gave; it becomes a number that compares with all given ones as it did.
pub(super) fn number(number: u64) -> Value<'static> {
    Value::Number(Some(i64::try_from(number).unwrap_or(i64::MAX)))
}

pub(super) fn instant(at: DateTime<Utc>) -> Value<'static> {
    Value::Number(Some(cut(at).timestamp_micros()))
}

/// The columns of a row, in their order.
pub(super) struct Columns<'a> {
    row: &'a Row,
    next: usize,
}

impl<'a> Columns<'a> {
    pub(super) fn new(row: &'a Row) -> Self {
        Self { row, next: 0 }
    }

    pub(super) fn take<T: FromSql<'a>>(&mut self) -> Result<T, Failure> {
        let column = self.next;
        self.next += 1;
        Ok(self.row.try_get(column)?)
    }

    /// Takes a text that has a form.
    pub(super) fn parsed<T: FromStr<Err: Error + Send + Sync + 'static>>(&mut self) -> Result<T, Failure> {
        self.take::<&str>()?.parse().map_err(|error: T::Err| corrupt("a name", Some(Box::new(error))))
    }

    /// Takes a number that is never negative.
    pub(super) fn number(&mut self) -> Result<u64, Failure> {
        let number: i64 = self.take()?;
        u64::try_from(number).map_err(|error| corrupt("a number", Some(Box::new(error))))
    }

    pub(super) fn instant(&mut self) -> Result<DateTime<Utc>, Failure> {
        DateTime::from_timestamp_micros(self.take()?).ok_or_else(|| corrupt("an instant", None))
    }

    pub(super) fn body(&mut self) -> Result<Bytes, Failure> {
        self.take::<&[u8]>().map(Bytes::copy_from_slice)
    }

    pub(super) fn state(&mut self) -> Result<State, Failure> {
        state_of(self.take()?).ok_or_else(|| corrupt("the state of a pass", None))
    }
}

pub(super) fn corrupt(what: &str, source: Option<Box<dyn Error + Send + Sync>>) -> Failure {
    Failure::Store(StoreError::Corrupt { what: what.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_not_shown() {
        let values = [text("vxwxd7J8AlNNFPS8k0a0FfUFtq0ewzFdc"), Value::Bytes(b"secret"), number(4711)];
        assert_eq!(format!("{values:?}"), "[…, …, …]");
    }
}
