//! A store with one bug.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use walletpass_webservice::store::*;
use walletpass_webservice::{DeviceId, PassKey, PushToken, Tenant};

/// What is wrong with the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bug {
    None,
    // commits
    AtMostFiveHundred,
    CommitsEmptyAsError,
    CommitsInHalves,
    CommitsWithoutRollback,
    DoesEqualWritesOnce,
    ReversesWrites,
    // passes
    ChecksBeforeItLocks,
    CreatedMoves,
    DeletesAnyTag,
    FoldsCase,
    TrimsSpaces,
    ComposesUnicode,
    ForgetsTheTemplate,
    IgnoresPassTypes,
    IgnoresTheState,
    ListsByTag,
    ModifiedForgetsDeletions,
    ModifiedIsAt,
    UpdatesAnyTag,
    UpsertsOnCreate,
    UpsertsOnUpdate,
    // tags
    ListsByTagsOfPasses,
    ListsTheNewestOnly,
    ListsNothingAhead,
    RepeatsTags,
    SequenceForEvents,
    SequenceForTags,
    SignedTags,
    TagIsNow,
    TagsFromZero,
    // registrations
    DeletionKeepsRegistrations,
    EveryRegistrationIsNew,
    ForgetsAnyTime,
    ForgetsFoldingCase,
    ForgetsBeforeUntilOnly,
    KeepsTheFirstToken,
    NeverUnregisters,
    NoEventsOfRegistrations,
    RegistersNothing,
    TokenPerRegistration,
    UnregistersStrictly,
    // documents
    CreatedOfDocumentMoves,
    DocumentsFoldCase,
    PutsAnyRevision,
    RevisionsRestart,
    // tasks
    BuryingForgets,
    ClaimsAllTenants,
    ClaimsAnyKey,
    ClaimsBeyondTheLimit,
    ClaimsEarly,
    ClaimsKeysBehindLeases,
    ClaimsKeysByPrefix,
    ClaimsKeysEarly,
    ClaimsKeysOfAllTenants,
    ClaimsKeysOfOneKind,
    ClaimsKeysOnce,
    ClaimsNewestFirst,
    DiscardsAnyDeadTask,
    DiscardsAnything,
    DiscardsNothing,
    DropsTheTaskBehind,
    EndsLeasesByTime,
    ForgetsTheError,
    GivesTasksTwice,
    IdsAreSmall,
    KeepsTheFirstTask,
    LeasesNothing,
    LeasesNeverEnd,
    NoFence,
    RenewsInPlace,
    RetriesBesideAnother,
    RetryingForgets,
    RevivesAnything,
    RevivesBesideAnother,
    RevivesInPlace,
    SignedIds,
    // events
    EventsOfAnyPass,
    EventsFromAfterOn,
    EventIdsRestart,
    PruneKeepsThoseOfPasses,
    PrunesAllTenants,
    PrunesBeforeTheId,
    PrunesWithoutEnd,
    TellsOfPrunesTooMuch,
    // pages
    CachesReads,
    LimitAndOne,
    LimitIsSigned,
    NextIsForgotten,
    PagesByOffset,
    TakesAnyCursor,
    // tenants
    DefaultTenantIsAll,
    DocumentsOfAllTenants,
    // values
    CutsBodies,
    KeepsMilliseconds,
    NamesAreShort,
    TakesAnything,
    // assets
    DigestsAreShort,
    MediaTypesAreFree,
    OverwritesAssets,
    PutsOnce,
}

/// What a bug has to remember.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) aliases: BTreeMap<u64, u64>,
    pub(crate) assets: BTreeMap<Digest, Asset>,
    pub(crate) bases: BTreeMap<DocumentKey, u64>,
    pub(crate) cache: BTreeMap<PassKey, StoredPass>,
    pub(crate) claimed: Vec<Task>,
    pub(crate) commits: usize,
    pub(crate) deleted: BTreeSet<PassKey>,
    pub(crate) event_bases: BTreeMap<Tenant, u64>,
    pub(crate) event_tenants: BTreeSet<Tenant>,
    pub(crate) ghosts: BTreeMap<PassKey, Vec<Write>>,
    pub(crate) hidden_events: BTreeSet<(Tenant, u64)>,
    pub(crate) hidden_passes: BTreeSet<PassKey>,
    pub(crate) kept_events: Vec<Event>,
    pub(crate) now: DateTime<Utc>,
    pub(crate) tokens: BTreeMap<(PassKey, DeviceId), PushToken>,
}

#[derive(Debug)]
pub(crate) struct Planted {
    pub(crate) inner: MemoryStore,
    pub(crate) bug: Bug,
    memory: Hidden,
    /// Held while something is committed and hidden, or read and left out.
    pub(crate) gate: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Hidden(Mutex<Memory>);

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

impl Planted {
    pub(crate) fn new(bug: Bug) -> Self {
        Self { inner: MemoryStore::new(), bug, memory: Hidden::default(), gate: tokio::sync::Mutex::default() }
    }

    pub(crate) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.0.lock().unwrap()
    }

    /// What a key becomes in the hands of the bug.
    pub(crate) fn bent(&self, key: &PassKey) -> PassKey {
        let mut key = key.clone();
        let text = key.serial.as_str();
        let serial = match self.bug {
            Bug::FoldsCase => text.to_lowercase(),
            Bug::TrimsSpaces if !text.trim_end().is_empty() => text.trim_end().to_owned(),
            Bug::ComposesUnicode => text.replace("a\u{301}", "á"),
            _ => text.to_owned(),
        };
        key.serial = serial.parse().unwrap();
        if self.bug == Bug::IgnoresPassTypes {
            key.pass_type = "pass.com.example.club".parse().unwrap();
        }
        key
    }
}

pub(crate) fn unavailable() -> StoreError {
    StoreError::Unavailable { source: "out of range for a bigint".into() }
}

#[async_trait]
impl Store for Planted {
    async fn commit(&self, writes: Vec<Write>) -> Result<Vec<Written>, StoreError> {
        self.bent_commit(writes).await
    }

    async fn pass(&self, key: &PassKey) -> Result<Option<StoredPass>, StoreError> {
        self.bent_pass(key).await
    }

    async fn passes(&self, query: &PassQuery) -> Result<Page<StoredPass>, StoreError> {
        self.bent_passes(query).await
    }

    async fn document(&self, key: &DocumentKey) -> Result<Option<Document>, StoreError> {
        self.bent_document(key).await
    }

    async fn documents(&self, query: &DocumentQuery) -> Result<Page<Document>, StoreError> {
        self.bent_documents(query).await
    }

    async fn registrations(&self, query: &RegistrationQuery) -> Result<Page<Registration>, StoreError> {
        self.bent_registrations(query).await
    }

    async fn changed_since(&self, device: &DeviceKey, since: Option<Tag>) -> Result<Option<Changes>, StoreError> {
        self.bent_changes(device, since).await
    }

    async fn claim(&self, claim: &Claim) -> Result<Vec<Task>, StoreError> {
        self.bent_claim(claim).await
    }

    async fn tasks(&self, query: &TaskQuery) -> Result<Page<Task>, StoreError> {
        self.bent_tasks(query).await
    }

    async fn events(&self, query: &EventQuery) -> Result<Page<Event>, StoreError> {
        self.bent_events(query).await
    }
}

#[async_trait]
impl Assets for Planted {
    async fn put(&self, digest: Digest, asset: Asset) -> Result<(), StoreError> {
        let mut memory = self.memory();
        match self.bug {
            Bug::OverwritesAssets => drop(memory.assets.insert(digest, asset)),
            Bug::PutsOnce if memory.assets.contains_key(&digest) => return Err(unavailable()),
            Bug::MediaTypesAreFree => drop(memory.assets.entry(digest).or_insert(asset)),
            _ => {
                asset.check()?;
                memory.assets.entry(self.short(digest)).or_insert(asset);
            }
        }
        Ok(())
    }

    async fn get(&self, digest: Digest) -> Result<Option<Asset>, StoreError> {
        Ok(self.memory().assets.get(&self.short(digest)).cloned())
    }
}

impl Planted {
    fn short(&self, mut digest: Digest) -> Digest {
        if self.bug == Bug::DigestsAreShort {
            digest.0[16..].fill(0);
        }
        digest
    }
}
