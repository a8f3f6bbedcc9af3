//! How often a pass has notified its holders.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

/// Records the messages that notified, so that no pass exceeds Google's three in 24 hours.
///
/// Several processes that send for one issuer share a record, in their database for instance.
///
/// # Contract
///
/// - [`take`](NoticeStore::take) counts those taken for `id` in the 24 hours before `now`, and takes one more if there are fewer than
///   three, as one step: of many calls at once for one id no more than three succeed.
/// - Records older than 24 hours may be dropped at any time, younger ones should not.
#[async_trait]
pub trait NoticeStore: std::fmt::Debug + Send + Sync {
    /// Takes a notice for a class or object, or says when there will be one.
    ///
    /// # Errors
    ///
    /// Whatever keeps the record from being read or written.
    async fn take(&self, id: &str, now: DateTime<Utc>) -> Result<Notice, Box<dyn StdError + Send + Sync>>;

    /// Puts back the notice that was taken at `at`, since nothing was sent. It is no error if there is none.
    ///
    /// # Errors
    ///
    /// Whatever keeps the record from being written.
    async fn put_back(&self, id: &str, at: DateTime<Utc>) -> Result<(), Box<dyn StdError + Send + Sync>>;
}

/// Whether a pass may notify.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "it may or it may not")]
pub enum Notice {
    /// It may, and that is recorded.
    Granted,
    /// It may not before this instant.
    Refused {
        /// When the oldest of its three is 24 hours old.
        until: DateTime<Utc>,
    },
}

/// A record in memory, which ends with the process.
///
/// It holds 100,000 classes and objects at most, some 20 MB. When it is full and nothing in it is old, what is oldest makes room.
#[derive(Debug)]
pub struct MemoryNotices {
    most: usize,
    taken: Mutex<HashMap<String, Vec<DateTime<Utc>>>>,
}

impl MemoryNotices {
    /// Makes an empty record.
    pub fn new() -> Self {
        Self { most: 100_000, taken: Mutex::default() }
    }
}

impl Default for MemoryNotices {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl NoticeStore for MemoryNotices {
    async fn take(&self, id: &str, now: DateTime<Utc>) -> Result<Notice, Box<dyn StdError + Send + Sync>> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.len() >= self.most && !taken.contains_key(id) {
            make_room(&mut taken, self.most, now);
        }
        let times = taken.entry(id.to_owned()).or_default();
        times.retain(|time| now - *time < WINDOW);
        if times.len() >= MOST {
            let oldest = times.iter().min().copied().unwrap_or(now);
            return Ok(Notice::Refused { until: oldest + WINDOW });
        }
        times.push(now);
        Ok(Notice::Granted)
    }

    async fn put_back(&self, id: &str, at: DateTime<Utc>) -> Result<(), Box<dyn StdError + Send + Sync>> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(times) = taken.get_mut(id) {
            if let Some(index) = times.iter().position(|time| *time == at) {
                times.swap_remove(index);
            }
            if times.is_empty() {
                taken.remove(id);
            }
        }
        Ok(())
    }
}

/// Drops what is old, or else the oldest tenth, so that this is not done for each newcomer.
fn make_room(taken: &mut HashMap<String, Vec<DateTime<Utc>>>, most: usize, now: DateTime<Utc>) {
    taken.retain(|_, times| times.iter().any(|time| now - *time < WINDOW));
    if taken.len() < most {
        return;
    }
    let mut ages: Vec<DateTime<Utc>> = taken.values().filter_map(|times| times.iter().max().copied()).collect();
    ages.sort_unstable();
    let Some(limit) = ages.get(ages.len() / 10).copied() else { return };
    taken.retain(|_, times| times.iter().any(|time| *time > limit));
}

/// How many messages of a pass may notify in [`WINDOW`].
/// <https://developers.google.com/wallet/generic/use-cases/trigger-push-notifications>
pub(crate) const MOST: usize = 3;
const WINDOW: TimeDelta = TimeDelta::hours(24);
