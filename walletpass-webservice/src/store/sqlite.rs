//! A store in a SQLite file.

mod db;
mod failure;
mod file;
mod pass;
mod queue;
mod read;
mod registration;
mod row;
mod task;
#[cfg(test)]
mod tests;
mod work;
mod write;

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use self::db::Db;
use self::failure::{Failure, Trouble};
use self::queue::Queue;
use self::work::{Job, Promise};
use super::{
    Asset, Assets, Changes, Claim, DeviceKey, Digest, Document, DocumentKey, DocumentQuery, Event, EventQuery, Page,
    PassQuery, Registration, RegistrationQuery, Store, StoreError, StoredPass, Tag, Task, TaskQuery, Write, Written,
};
use crate::PassKey;

/// Keeps everything in one SQLite file: the store for one machine. Several processes of it may work on the file at the same time.
///
/// Clones share what they have. One thread writes, and puts the commits that wait together into one transaction; some threads read.
/// So no call blocks the thread of its caller, in whatever async runtime. The threads end when the last clone is dropped.
///
/// A new file may be read by its owner only: the tokens of the passes are in it. Beside it SQLite keeps two more, `-wal` and `-shm`; whoever copies
/// the file while it is in use copies too little, and takes `VACUUM INTO` or `.backup` instead.
///
/// A call whose future is dropped may be done all the same.
///
/// ```
/// # use walletpass_webservice::store::{SqliteStore, Store, Write, Written, NewPass, Tag};
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// # let pass = NewPass {
/// #     key: walletpass_webservice::PassKey {
/// #         tenant: Default::default(),
/// #         pass_type: "pass.com.acme.club".parse()?,
/// #         serial: "member-4711".parse()?,
/// #     },
/// #     body: "{}".into(),
/// #     token: "vxwxd7J8AlNNFPS8k0a0FfUFtq0ewzFdc".into(),
/// #     template: None,
/// #     state: Default::default(),
/// #     at: "2026-11-21T10:00:00Z".parse()?,
/// # };
/// let store = SqliteStore::in_memory()?; // or SqliteStore::open("passes.db")?
/// let written = store.commit(vec![Write::CreatePass(pass.clone())]).await?;
/// assert_eq!(written, [Written::Pass(Tag(1))]);
/// assert_eq!(store.pass(&pass.key).await?.map(|stored| stored.tag), Some(Tag(1)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
/// <https://sqlite.org/wal.html>
#[derive(Clone)]
pub struct SqliteStore {
    threads: Arc<Threads>,
}

/// How a [`SqliteStore`] is opened.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SqliteOptions {
    /// How long a commit waits at most while another process holds the database; 10 seconds. Then it is [`StoreError::Unavailable`], with
    /// all that wait behind it.
    pub busy_timeout: Duration,
    /// What an acknowledged commit survives.
    pub durability: Durability,
    /// How many threads read, at least 1 and at most 64; 4.
    pub readers: usize,
}

/// What an acknowledged commit survives.
///
/// <https://sqlite.org/pragma.html#pragma_synchronous>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Durability {
    /// A loss of power too: each group of commits waits for the disk. The default, as tags that were given must not be given again: a device that saw
    /// tag 9 before the power went would never learn of what gets tag 9 after it.
    #[default]
    Disk,
    /// A crash of the process, as the contract demands; a loss of power takes the last commits away. Faster by
    /// the wait for the disk, which commits that wait together share.
    Process,
}

impl SqliteStore {
    /// Opens the store in a file, with the default options; makes the file if there is none.
    ///
    /// It reads and writes the disk while the caller waits: call it at the start, not in the middle of async work.
    ///
    /// # Errors
    ///
    /// As [`SqliteOptions::open`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        SqliteOptions::default().open(path)
    }

    /// Makes an empty store in memory, of which **nothing survives the process**: for tests.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] when there is no memory, or no thread can be started.
    pub fn in_memory() -> Result<Self, StoreError> {
        let db = file::open_memory().map_err(Failure::into_open_error)?;
        // A database in memory has one connection; its thread reads as well.
        Threads::start(db, Vec::new())
    }

    async fn change<T: Send + 'static>(
        &self,
        size: usize,
        work: impl FnOnce(&Db) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (job, promise) = Job::change(size, work);
        done(&self.threads.writing, job, promise).await
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Db) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (job, promise) = Job::read(work);
        done(&self.threads.reading, job, promise).await
    }
}

impl SqliteOptions {
    /// Sets how long a commit waits while another process holds the database.
    pub fn busy_timeout(mut self, timeout: Duration) -> Self {
        self.busy_timeout = timeout;
        self
    }

    /// Sets what an acknowledged commit survives.
    pub fn durability(mut self, durability: Durability) -> Self {
        self.durability = durability;
        self
    }

    /// Sets how many threads read.
    pub fn readers(mut self, readers: usize) -> Self {
        self.readers = readers;
        self
    }

    /// Opens the store in a file; makes the file if there is none, and brings older tables up to date.
    ///
    /// It reads and writes the disk while the caller waits.
    ///
    /// # Errors
    ///
    /// [`StoreError::Invalid`] for a file that is no database or that of someone else, one that a newer version made, one that may not be written, a
    /// folder that is not there; [`StoreError::Corrupt`] for a damaged one; [`StoreError::Unavailable`] while another process holds it, and on a full disk.
    pub fn open(self, path: impl AsRef<Path>) -> Result<SqliteStore, StoreError> {
        let open = || {
            let writer = file::open_writer(path.as_ref(), &self)?;
            let readers = (0..self.readers.clamp(1, 64)).map(|_| file::open_reader(path.as_ref(), &self));
            Ok((writer, readers.collect::<Result<Vec<Db>, Failure>>()?))
        };
        let (writer, readers) = open().map_err(|failure: Failure| failure.into_open_error_of(path.as_ref()))?;
        Threads::start(writer, readers)
    }
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self { busy_timeout: Duration::from_secs(10), durability: Durability::default(), readers: 4 }
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").finish_non_exhaustive()
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn commit(&self, writes: Vec<Write>) -> Result<Vec<Written>, StoreError> {
        writes.iter().try_for_each(Write::check)?;
        if writes.is_empty() {
            return Ok(Vec::new());
        }
        let size = writes.iter().map(size).sum();
        self.change(size, move |db| writes.into_iter().map(|write| db.write(write)).collect()).await
    }

    async fn pass(&self, key: &PassKey) -> Result<Option<StoredPass>, StoreError> {
        let key = key.clone();
        self.read(move |db| db.pass(&key)).await
    }

    async fn passes(&self, query: &PassQuery) -> Result<Page<StoredPass>, StoreError> {
        query.check()?;
        let (place, query) = (query.place()?, query.clone());
        self.read(move |db| db.snapshot(|db| db.passes(&query, place))).await
    }

    async fn document(&self, key: &DocumentKey) -> Result<Option<Document>, StoreError> {
        key.check()?;
        let key = key.clone();
        self.read(move |db| db.document(&key)).await
    }

    async fn documents(&self, query: &DocumentQuery) -> Result<Page<Document>, StoreError> {
        query.check()?;
        let (place, query) = (query.place()?, query.clone());
        self.read(move |db| db.documents(&query, place)).await
    }

    async fn registrations(&self, query: &RegistrationQuery) -> Result<Page<Registration>, StoreError> {
        query.check()?;
        let (place, query) = (query.place()?, query.clone());
        self.read(move |db| db.registrations(&query, place)).await
    }

    async fn changed_since(&self, device: &DeviceKey, since: Option<Tag>) -> Result<Option<Changes>, StoreError> {
        let device = device.clone();
        self.read(move |db| db.snapshot(|db| db.changed_since(&device, since))).await
    }

    async fn claim(&self, claim: &Claim) -> Result<Vec<Task>, StoreError> {
        claim.check()?;
        let claim = claim.clone();
        self.change(claim.limit, move |db| db.claim(&claim)).await
    }

    async fn tasks(&self, query: &TaskQuery) -> Result<Page<Task>, StoreError> {
        query.check()?;
        let (place, query) = (query.place()?, query.clone());
        self.read(move |db| db.tasks(&query, place)).await
    }

    async fn events(&self, query: &EventQuery) -> Result<Page<Event>, StoreError> {
        query.check()?;
        let (place, query) = (query.place()?, query.clone());
        self.read(move |db| db.events(&query, place)).await
    }
}

#[async_trait]
impl Assets for SqliteStore {
    async fn put(&self, digest: Digest, asset: Asset) -> Result<(), StoreError> {
        asset.check()?;
        self.change(1, move |db| db.put_asset(digest, &asset)).await
    }

    async fn get(&self, digest: Digest) -> Result<Option<Asset>, StoreError> {
        self.read(move |db| db.asset(digest)).await
    }
}

/// What the clones of a store share.
struct Threads {
    writing: Arc<Queue<Job>>,
    reading: Arc<Queue<Job>>,
    #[cfg(test)]
    handles: std::sync::Mutex<Vec<std::thread::JoinHandle<()>>>,
}

impl Threads {
    /// Starts one thread for each connection.
    fn start(writer: Db, readers: Vec<Db>) -> Result<SqliteStore, StoreError> {
        let writing = Arc::new(Queue::new(MOST_WAITING));
        let reading = if readers.is_empty() { writing.clone() } else { Arc::new(Queue::new(MOST_WAITING)) };
        // Made first, so that those that did start end when one does not.
        let threads = Self {
            writing,
            reading,
            #[cfg(test)]
            handles: Default::default(),
        };
        let mut handles = vec![work::start("walletpass-write", writer, threads.writing.clone())?];
        for reader in readers {
            handles.push(work::start("walletpass-read", reader, threads.reading.clone())?);
        }
        #[cfg(test)]
        threads.handles.lock().unwrap().append(&mut handles);
        Ok(SqliteStore { threads: Arc::new(threads) })
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.writing.close();
        self.reading.close();
    }
}

/// Says how many writes one counts as, when groups are made of them: what prunes touches as many rows as many.
fn size(write: &Write) -> usize {
    match write {
        Write::PruneEvents { .. } => 1000,
        _ => 1,
    }
}

async fn done<T>(jobs: &Queue<Job>, job: Job, promise: Promise<T>) -> Result<T, StoreError> {
    if jobs.push(job).await.is_err() {
        return Err(Trouble::ENDED.unavailable());
    }
    promise.await.unwrap_or_else(|_| Err(Trouble::ENDED.unavailable()))
}

/// How many jobs wait in a queue at most; the callers of more wait outside.
const MOST_WAITING: usize = 1024;
