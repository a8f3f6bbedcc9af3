//! A store in a PostgreSQL database.

mod commit;
mod connect;
mod failure;
mod read;
mod tls;
mod value;

use std::fmt;
use std::future::Future;
use std::time::Duration;

use async_trait::async_trait;
use deadpool_postgres::{Client, Pool};

use self::failure::Failure;
use super::{
    Asset, Assets, Changes, Claim, DeviceKey, Digest, Document, DocumentKey, DocumentQuery, Event, EventQuery, Page,
    PassQuery, Registration, RegistrationQuery, Store, StoreError, StoredPass, Tag, Task, TaskQuery, Write, Written,
};
use crate::PassKey;

/// Keeps everything in a schema of a PostgreSQL database, version 14 or later: the store for any number of nodes.
///
/// Clones share a pool of connections; one that broke is replaced. It needs a tokio runtime with time and I/O. A commit takes one round trip,
/// whatever it consists of. Commits that write passes of the same pass type, or events of the same tenant, are done one after the other, as their
/// numbers must become visible in their order. A page of a list ends after 16 MiB of bodies.
///
/// How safe an acknowledged commit is the server says: with `synchronous_commit = off` a crash of the server takes the last ones away, and with a standby
/// that follows later its promotion does; then tags are given again, and devices that saw them miss changes.
///
/// # Address
///
/// `postgres://user:password@host:5432/database?sslmode=verify-full`, or `host=… user=… dbname=…`. `sslmode` is one of
///
/// | sslmode | what it does |
/// |---|---|
/// | `disable` | does not encrypt |
/// | `prefer` | encrypts if the server can, whoever it is; the default |
/// | `require` | encrypts, or does not connect; whoever it is |
/// | `verify-full` | encrypts, and makes sure that the server has a certificate for the host of the address. Over any network that is not yours alone take this one. |
///
/// A PgBouncer that pools by transactions cannot stand between: the store prepares statements, and pools itself.
///
/// ```no_run
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use walletpass_webservice::store::PostgresStore;
///
/// let store = PostgresStore::connect("postgres://issuer@db.example.com/passes?sslmode=verify-full").await?;
/// # Ok(())
/// # }
/// ```
/// <https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING>
#[derive(Clone)]
pub struct PostgresStore {
    pool: Pool,
}

/// How a [`PostgresStore`] connects.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PostgresOptions {
    /// How many connections there are at most, at least 1; 16. Further calls wait. All nodes together must stay below `max_connections` of the server.
    pub pool_size: usize,
    /// Whom to trust apart from those whom the machine trusts: X.509 certificates as DER. For `sslmode=verify-full` only.
    pub root_certificates: Vec<Vec<u8>>,
    /// The schema that the tables are in, made if it is not there: 1 to 63 of `a–z 0–9 _`; `walletpass`.
    pub schema: String,
    /// How long a call waits for a connection, how long the server works on a statement, and (on Linux) how long the machine of the server may leave
    /// unacknowledged what was sent; 30 seconds each. Then it is [`StoreError::Unavailable`]. A call that is dropped sooner is done whole or not at all.
    pub timeout: Duration,
}

impl PostgresStore {
    /// Connects with the default options.
    ///
    /// # Errors
    ///
    /// As [`PostgresOptions::connect`].
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        PostgresOptions::default().connect(url).await
    }

    /// Reads once, and once more if the connection turns out to be gone.
    async fn read<T, F>(&self, read: impl Fn(Client) -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, Failure>>,
    {
        match self.noticing(read(self.client().await?).await) {
            Err(failure) if failure.is_of_broken_connection() => read(self.client().await?).await,
            done => done,
        }
        .map_err(Failure::into_error)
    }

    /// Does something again that the server took back so that another could go on.
    async fn change<T, F>(&self, change: impl Fn(Client) -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, Failure>>,
    {
        let mut attempt = 1;
        loop {
            match self.noticing(change(self.client().await?).await) {
                Err(failure) if attempt < MOST_ATTEMPTS && failure.is_worth_another_attempt() => attempt += 1,
                done => return done.map_err(Failure::into_error),
            }
        }
    }

    /// Lets all idle connections go when one turns out to be broken, so that the next call meets a new one.
    fn noticing<T>(&self, done: Result<T, Failure>) -> Result<T, Failure> {
        if done.as_ref().is_err_and(Failure::is_of_broken_connection) {
            self.pool.retain(|_, _| false);
        }
        done
    }

    async fn client(&self) -> Result<Client, StoreError> {
        self.pool.get().await.map_err(|error| Failure::from(error).into_error())
    }
}

impl PostgresOptions {
    /// Sets how many connections there are at most.
    pub fn pool_size(mut self, pool_size: usize) -> Self {
        self.pool_size = pool_size;
        self
    }

    /// Adds a certificate to those that are trusted: X.509 as DER.
    pub fn root_certificate(mut self, der: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(der.into());
        self
    }

    /// Sets the schema that the tables are in.
    pub fn schema(mut self, schema: impl Into<String>) -> Self {
        self.schema = schema.into();
        self
    }

    /// Sets how long a call waits for a connection, for a statement, and for the machine of the server.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Connects, and makes the tables or brings older ones up to date. Several nodes may do so at the same time.
    ///
    /// # Errors
    ///
    /// [`StoreError::Invalid`] for an address, a user or a database that will not do, for rights that are missing, and for tables that a newer version made;
    /// [`StoreError::Unavailable`] when no server answers.
    pub async fn connect(self, url: &str) -> Result<PostgresStore, StoreError> {
        let pool = connect::connect(url, &self).await.map_err(Failure::into_open_error)?;
        Ok(PostgresStore { pool })
    }
}

impl Default for PostgresOptions {
    fn default() -> Self {
        Self {
            pool_size: 16,
            root_certificates: Vec::new(),
            schema: "walletpass".to_owned(),
            timeout: Duration::from_secs(30),
        }
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").finish_non_exhaustive()
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn commit(&self, writes: Vec<Write>) -> Result<Vec<Written>, StoreError> {
        writes.iter().try_for_each(Write::check)?;
        if writes.is_empty() {
            return Ok(Vec::new());
        }
        let writes = &writes;
        self.change(|client| async move { commit::commit(&client, writes).await }).await
    }

    async fn pass(&self, key: &PassKey) -> Result<Option<StoredPass>, StoreError> {
        self.read(|client| async move { read::pass(&client, key).await }).await
    }

    async fn passes(&self, query: &PassQuery) -> Result<Page<StoredPass>, StoreError> {
        query.check()?;
        let place = query.place()?;
        let place = place.as_ref();
        self.read(|client| async move { read::passes(&client, query, place).await }).await
    }

    async fn document(&self, key: &DocumentKey) -> Result<Option<Document>, StoreError> {
        key.check()?;
        self.read(|client| async move { read::document(&client, key).await }).await
    }

    async fn documents(&self, query: &DocumentQuery) -> Result<Page<Document>, StoreError> {
        query.check()?;
        let place = query.place()?;
        let place = place.as_deref();
        self.read(|client| async move { read::documents(&client, query, place).await }).await
    }

    async fn registrations(&self, query: &RegistrationQuery) -> Result<Page<Registration>, StoreError> {
        query.check()?;
        let place = query.place()?;
        self.read(|client| async move { read::registrations(&client, query, place).await }).await
    }

    async fn changed_since(&self, device: &DeviceKey, since: Option<Tag>) -> Result<Option<Changes>, StoreError> {
        self.read(|client| async move { read::changed_since(&client, device, since).await }).await
    }

    async fn claim(&self, claim: &Claim) -> Result<Vec<Task>, StoreError> {
        claim.check()?;
        self.change(|client| async move { read::claim(&client, claim).await }).await
    }

    async fn tasks(&self, query: &TaskQuery) -> Result<Page<Task>, StoreError> {
        query.check()?;
        let place = query.place()?;
        self.read(|client| async move { read::tasks(&client, query, place).await }).await
    }

    async fn events(&self, query: &EventQuery) -> Result<Page<Event>, StoreError> {
        query.check()?;
        let place = query.place()?;
        self.read(|client| async move { read::events(&client, query, place).await }).await
    }
}

#[async_trait]
impl Assets for PostgresStore {
    async fn put(&self, digest: Digest, asset: Asset) -> Result<(), StoreError> {
        asset.check()?;
        let asset = &asset;
        self.change(|client| async move { read::put_asset(&client, digest, asset).await }).await
    }

    async fn get(&self, digest: Digest) -> Result<Option<Asset>, StoreError> {
        self.read(|client| async move { read::asset(&client, digest).await }).await
    }
}

/// How often a commit is begun that the server takes back.
const MOST_ATTEMPTS: usize = 5;
