//! What PostgreSQL complains of, by what the caller does next.

use std::error::Error;

use deadpool_postgres::{PoolError, TimeoutType};
use tokio_postgres::error::SqlState;

use crate::store::StoreError;

/// Why something was not done: the driver's word, or already ours.
///
/// Apart from [`StoreError`], so that no driver is seen in public.
#[derive(Debug)]
pub(super) enum Failure {
    Driver(tokio_postgres::Error),
    Pool(PoolError),
    Store(StoreError),
}

/// What stands behind [`StoreError::Unavailable`].
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
struct Trouble {
    what: &'static str,
    #[source]
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl Failure {
    /// Gives what a call on an open store says.
    pub(super) fn into_error(self) -> StoreError {
        let no_connection = match self.distrust() {
            Some(_) => "PostgreSQL has a certificate that is not trusted, or no longer",
            None => "there is no connection to PostgreSQL, or it broke",
        };
        let (error, is_of_row) = match self {
            Self::Store(error) => return error,
            Self::Pool(PoolError::Backend(error)) => (error, false),
            Self::Pool(error @ PoolError::Timeout(TimeoutType::Wait)) => return unavailable(TOO_MANY, error),
            Self::Pool(error) => return unavailable("PostgreSQL did not answer in time", error),
            Self::Driver(error) => {
                let is_of_row = error.as_db_error().is_none() && is_of_row(&error);
                (error, is_of_row)
            }
        };
        match error.code().map(SqlState::code) {
            Some("XX001" | "XX002") => corrupt("the database", error),
            Some("54000") => StoreError::Invalid {
                what: "a text or body that is larger than PostgreSQL takes".to_owned(),
                mend: "keep names short, bodies below 1 MiB, and pictures with the assets",
            },
            Some("22021" | "22P05") => StoreError::Invalid {
                what: "text that the database cannot hold".to_owned(),
                mend: "make the database with the encoding UTF8",
            },
            None if is_of_row => corrupt("a row", error),
            Some(code) => unavailable(trouble(code), error),
            None => unavailable(no_connection, error),
        }
    }

    /// Gives what opening a store says: much of it will not be better the next time.
    pub(super) fn into_open_error(self) -> StoreError {
        if let Some(error) = self.distrust() {
            return StoreError::Invalid {
                what: format!("a PostgreSQL server that does not prove who it is ({error})"),
                mend: "add the certificate of its authority to the root certificates, and write the host as its certificate names it",
            };
        }
        let (what, mend) = match self.code() {
            Some("28000" | "28P01") => (
                "a user or password that PostgreSQL refuses",
                "give those of a user who may log in, and look at pg_hba.conf",
            ),
            Some("3D000") => ("a database that is not there", "create it: CREATE DATABASE …"),
            Some("42501") => (
                "a database in which this user may not make what the store needs",
                "grant CREATE on the database, or create the schema and let the user own it",
            ),
            Some("25006") => ("a database that may only be read", "give the address of the primary server"),
            _ => return self.into_error(),
        };
        StoreError::Invalid { what: what.to_owned(), mend }
    }

    /// Says whether the server took a transaction back so that another could go on, and it need only be done again.
    pub(super) fn is_worth_another_attempt(&self) -> bool {
        matches!(self.code(), Some("40001" | "40P01" | "23505"))
    }

    /// Says whether the connection is gone, and with it probably all others that were made before.
    pub(super) fn is_of_broken_connection(&self) -> bool {
        let is_of_network = |error: &tokio_postgres::Error| {
            error.is_closed() || error.source().is_some_and(|source| source.is::<std::io::Error>())
        };
        matches!(self, Self::Driver(error) if is_of_network(error)) || matches!(self.code(), Some("57P01" | "57P02"))
    }

    /// Gives the code and detail of what our own functions say.
    pub(super) fn word(&self) -> Option<(&str, Option<&str>)> {
        match self {
            Self::Driver(error) => error.as_db_error().map(|error| (error.code().code(), error.detail())),
            _ => None,
        }
    }

    /// Gives what is wrong with the certificate of the server, if that is why there is no connection.
    fn distrust(&self) -> Option<&rustls::Error> {
        let (Self::Driver(error) | Self::Pool(PoolError::Backend(error))) = self else { return None };
        let error = error.source()?.downcast_ref::<std::io::Error>()?.get_ref()?.downcast_ref::<rustls::Error>()?;
        matches!(error, rustls::Error::InvalidCertificate(_)).then_some(error)
    }

    fn code(&self) -> Option<&str> {
        match self {
            Self::Driver(error) | Self::Pool(PoolError::Backend(error)) => error.code().map(SqlState::code),
            _ => None,
        }
    }
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Driver(error)
    }
}

impl From<PoolError> for Failure {
    fn from(error: PoolError) -> Self {
        Self::Pool(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// The driver keeps its kinds to itself; a value that it cannot read has a source that is neither the server's word nor the network's.
fn is_of_row(error: &tokio_postgres::Error) -> bool {
    !error.is_closed() && error.source().is_some_and(|source| !source.is::<std::io::Error>())
}

fn corrupt(what: &str, source: tokio_postgres::Error) -> StoreError {
    StoreError::Corrupt { what: what.to_owned(), source: Some(Box::new(source)) }
}

fn unavailable(what: &'static str, source: impl Error + Send + Sync + 'static) -> StoreError {
    StoreError::Unavailable { source: Box::new(Trouble { what, source: Some(Box::new(source)) }) }
}

fn trouble(code: &str) -> &'static str {
    match code {
        "40001" | "40P01" | "23505" => "other commits were faster each time",
        "53300" => "PostgreSQL has too many connections; raise max_connections, or make the pools smaller",
        "53100" => "the disk of PostgreSQL is full; make room",
        "55P03" => {
            "another transaction kept a lock for too long; look for one that is open for long (pg_stat_activity)"
        }
        "57014" => "PostgreSQL took too long and broke off",
        "57P01" | "57P02" | "57P03" => "PostgreSQL is stopping or starting",
        "25006" => "this server may only be read; give the address of the primary one",
        "42P01" | "3F000" | "42883" => {
            "the tables of the store are gone; restore them, or connect anew to make empty ones"
        }
        _ => "PostgreSQL failed",
    }
}

const TOO_MANY: &str = "no connection of the pool became free in time; make the pool larger, or ask less at once";
