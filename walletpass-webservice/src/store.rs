//! Where passes, registrations, tasks and events are kept.
//!
//! [`Store`] is written for whoever implements it over a database of his own. Everything that changes goes through
//! [`commit`](Store::commit), all or nothing; everything else reads.
//!
//! # A store of your own
//!
//! Begin with its tests: `conformance_tests!` (feature `conformance`) over a store whose methods do nothing yet. Each case that fails
//! names the sentence of the contract that does not hold. Then, in this order:
//!
//! 1. [`Write::CreatePass`], [`Write::UpdatePass`], [`Write::DeletePass`] and [`pass`](Store::pass): all writes of a commit in one transaction, and
//!    a row that counts the tags of each tenant and pass type, locked until the commit is done. The cases `commits`, `passes`, `tags` judge it.
//! 2. [`Write::Register`], [`Write::Unregister`], [`registrations`](Store::registrations) and [`changed_since`](Store::changed_since): now phones can be
//!    served.
//! 3. Documents and events; then tasks and their leases, the hardest part: read [`claim`](Store::claim) twice.
//!
//! Where several processes share the data, give the cases that race two handles of different connections. To add something to a store that
//! is there (encryption, a log, counting), wrap it: `examples/webservice/custom_store.rs` in the repository does, in some 200 lines.

mod asset;
mod check;
mod cursor;
mod document;
mod error;
mod event;
mod instant;
mod memory;
mod page;
mod pass;
#[cfg(feature = "postgres")]
mod postgres;
mod registration;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod state;
mod task;
mod write;

use std::fmt;

use async_trait::async_trait;

pub use asset::{Asset, Assets, Digest};
pub use document::{Document, DocumentKey, DocumentQuery, NewDocument};
pub use error::StoreError;
pub use event::{Event, EventQuery, NewEvent};
pub use memory::MemoryStore;
pub use page::{Cursor, Page};
pub use pass::{NewPass, PassQuery, StoredPass, Tag};
#[cfg(feature = "postgres")]
pub use postgres::{PostgresOptions, PostgresStore};
pub use registration::{Changes, DeviceKey, Registration, RegistrationQuery};
#[cfg(feature = "sqlite")]
pub use sqlite::{Durability, SqliteOptions, SqliteStore};
pub use task::{Claim, Lease, NewTask, Task, TaskQuery, TaskStatus};
pub use write::{Write, Written};

/// Keeps passes and what belongs to them. Any number of processes may work on the same data at the same time.
///
/// # Contract
///
/// **Commits.** The writes of one [`commit`](Store::commit) happen in their order, all or none, also when the process is
/// killed in the middle. When it returns `Ok`, they survive a crash of the process. Each write sees those before it. Of two
/// commits that expect the same tag of the same pass or document exactly one succeeds. After an `Err` nothing of the commit is there;
/// only after [`StoreError::Unavailable`] it may be there whole, as the answer was lost. A commit of no writes does nothing. 1,000 writes
/// and bodies of 1 MiB are taken by every store.
///
/// **Tags.** Each write of a pass gives it the next number of a counter that is kept for each tenant and pass type and begins with 1. The number
/// is taken in such a way that tags become visible in their order: whoever has read tag 9 will never see a tag below 10 appear
/// afterwards. (A sequence of PostgreSQL does not do that; a counter row that stays locked until the commit does.) Numbers
/// may be skipped, and are never given twice, also not to a pass that was deleted and created again. The ids of events obey the
/// same rule, with a counter for each tenant, also when events are pruned. (Whoever locks the counters that a commit needs in one order has no deadlock.)
///
/// **Dates.** No two versions of a pass have the same [`modified`](StoredPass::modified), also not one that was deleted and created again: each is later than
/// all before. So the latest of those that were deleted is kept, for each tenant and pass type (beside the counter), and whatever is created
/// is later. When a clock that ran ahead is set back, what is created after a deletion stays ahead as what is updated does; devices only give back
/// what they were given.
///
/// **Reads.** Each sees all commits that returned before it began, and never half of one. A page walk, from no cursor to no next one,
/// gives each item that was there all the time and matched all the time exactly once, however many others come and go meanwhile,
/// and none twice. What is pruned or discarded meanwhile it may give or miss.
/// A page has at most [`limit`](PassQuery::limit) items and may have fewer; only an absent `next` ends the walk. A cursor that this store did not
/// give for such a query is [`StoreError::Invalid`].
///
/// **Tenants.** No call for one tenant reads or changes anything of another.
///
/// **Time.** A store does not read the clock: every instant comes with the call. It keeps whole microseconds, and cuts off
/// what is finer.
///
/// **Sense.** What a call brings is as its documentation says, or the call is [`StoreError::Invalid`]: lengths, limits, instants between
/// the years 1970 and 9999, no control characters in names. Text is compared byte by byte: neither case nor spaces at the end nor
/// Unicode forms are made equal. Tags, revisions and ids are compared as the whole `u64` that they are, even those that no store gave.
///
/// **Size.** Every lookup is indexed: none may read through all passes, registrations, tasks or events.
///
/// The feature `conformance` has a test for each of these sentences.
#[async_trait]
pub trait Store: fmt::Debug + Send + Sync {
    /// Does all of the writes, or none; gives for each what became of it, in their order.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] when a write expects what is not so, [`StoreError::LeaseLost`] for a lease that is void,
    /// [`StoreError::Invalid`], [`StoreError::Unavailable`], [`StoreError::Corrupt`].
    async fn commit(&self, writes: Vec<Write>) -> Result<Vec<Written>, StoreError>;

    /// Gives a pass.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`], [`StoreError::Corrupt`].
    async fn pass(&self, key: &crate::PassKey) -> Result<Option<StoredPass>, StoreError>;

    /// Lists passes in the order of their creation within a pass type.
    ///
    /// # Errors
    ///
    /// [`StoreError::Invalid`], [`StoreError::Unavailable`], [`StoreError::Corrupt`].
    async fn passes(&self, query: &PassQuery) -> Result<Page<StoredPass>, StoreError>;

    /// Gives a document.
    ///
    /// # Errors
    ///
    /// [`StoreError::Invalid`], [`StoreError::Unavailable`], [`StoreError::Corrupt`].
    async fn document(&self, key: &DocumentKey) -> Result<Option<Document>, StoreError>;

    /// Lists documents of one kind in the order of their names, by bytes.
    ///
    /// # Errors
    ///
    /// [`StoreError::Invalid`], [`StoreError::Unavailable`], [`StoreError::Corrupt`].
    async fn documents(&self, query: &DocumentQuery) -> Result<Page<Document>, StoreError>;

    /// Lists the devices that hold a pass, in whatever order.
    ///
    /// # Errors
    ///
    /// [`StoreError::Invalid`], [`StoreError::Unavailable`], [`StoreError::Corrupt`].
    async fn registrations(&self, query: &RegistrationQuery) -> Result<Page<Registration>, StoreError>;

    /// Says which of the passes that a device registered have a tag above `since`; without it, and with one that the
    /// counter has not reached yet (it came from another store), all of them.
    ///
    /// A pass that was updated may have been downloaded before that and be registered after it, by a device that knows a later tag
    /// already. So a new registration of a pass that was ever updated takes a tag too, the next of the counter, and counts for that
    /// device as the tag of the pass does, whichever is higher.
    ///
    /// Gives nothing when there is none. The tag that comes along is the highest among those, never a later one: the device will
    /// bring it back as `since`.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`], [`StoreError::Corrupt`].
    async fn changed_since(&self, device: &DeviceKey, since: Option<Tag>) -> Result<Option<Changes>, StoreError>;

    /// Leases tasks that are due, those that are due longest first; of equals those enqueued first. While others claim it may give fewer than there are.
    ///
    /// Given are those that were leased and whose lease has run out, and those that wait, unless one of the same tenant, kind and key is leased,
    /// however long ago: so what is done for one key is done one after the other, in the order in which it was enqueued, and no task is
    /// given to two. Each lease counts as one more attempt, and voids the leases of the task before it.
    ///
    /// With a [`key`](Claim::key) the same holds for the tasks of this key, whatever else is due: whoever has just committed a task can lease it at once.
    ///
    /// # Errors
    ///
    /// [`StoreError::Invalid`], [`StoreError::Unavailable`], [`StoreError::Corrupt`].
    async fn claim(&self, claim: &Claim) -> Result<Vec<Task>, StoreError>;

    /// Lists tasks in the order in which they were enqueued.
    ///
    /// # Errors
    ///
    /// [`StoreError::Invalid`], [`StoreError::Unavailable`], [`StoreError::Corrupt`].
    async fn tasks(&self, query: &TaskQuery) -> Result<Page<Task>, StoreError>;

    /// Lists events in the order of their ids.
    ///
    /// # Errors
    ///
    /// [`StoreError::Invalid`], [`StoreError::Unavailable`], [`StoreError::Corrupt`].
    async fn events(&self, query: &EventQuery) -> Result<Page<Event>, StoreError>;
}
