//! A connection, and the short ways to ask it.

use rusqlite::config::DbConfig;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Params, Row};

use super::failure::Failure;

/// A connection to the database.
pub(super) struct Db {
    connection: Connection,
}

impl Db {
    pub(super) fn new(connection: Connection) -> Result<Self, Failure> {
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        // Or SQLite compiles a statement anew for each value that is bound, in case another plan fits it better.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        Ok(Self { connection })
    }

    /// Runs a statement; gives how many rows it changed.
    pub(super) fn run(&self, sql: &str, params: impl Params) -> Result<usize, Failure> {
        Ok(self.statement(sql)?.execute(params)?)
    }

    /// Gives the first row.
    pub(super) fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Failure> {
        Ok(self.statement(sql)?.query_row(params, read).optional()?)
    }

    /// Gives all rows.
    pub(super) fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Failure> {
        Ok(self.statement(sql)?.query_map(params, read)?.collect::<Result<_, _>>()?)
    }

    /// Hands the rows to `take`, until it says that it has enough.
    pub(super) fn each(
        &self,
        sql: &str,
        params: impl Params,
        mut take: impl FnMut(&Row<'_>) -> Result<Next, Failure>,
    ) -> Result<Next, Failure> {
        let mut statement = self.statement(sql)?;
        let mut rows = statement.query(params)?;
        while let Some(row) = rows.next()? {
            if take(row)? == Next::Stop {
                return Ok(Next::Stop);
            }
        }
        Ok(Next::Row)
    }

    /// Runs what begins and ends transactions.
    pub(super) fn control(&self, sql: &str) -> Result<(), Failure> {
        self.run(sql, ()).map(drop)
    }

    /// Says whether a transaction is open. A full disk may end one.
    pub(super) fn is_in_transaction(&self) -> bool {
        !self.connection.is_autocommit()
    }

    /// Reads in one snapshot, so that no read sees half of a commit.
    pub(super) fn snapshot<T>(&self, read: impl FnOnce(&Self) -> Result<T, Failure>) -> Result<T, Failure> {
        self.control("BEGIN")?;
        let _snapshot = Snapshot(self);
        read(self)
    }

    fn statement(&self, sql: &str) -> rusqlite::Result<CachedStatement<'_>> {
        #[cfg(test)]
        super::tests::remember(sql);
        self.connection.prepare_cached(sql)
    }

    #[cfg(test)]
    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }
}

/// Lets a snapshot go, also when a read panics.
struct Snapshot<'a>(&'a Db);

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        // There is nothing to be written. If it fails, the next BEGIN says so.
        drop(self.0.control("COMMIT"));
    }
}

/// Whether to go on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Row,
    Stop,
}

/// All that there are, so that none is compiled twice.
const STATEMENTS: usize = 128;
