//! Which callbacks were verified before.

use std::collections::{BTreeSet, HashMap};
use std::error::Error;
use std::fmt;
use std::sync::Mutex;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::flight::lock;

/// Remembers the nonces of verified callbacks, so that each is taken once.
///
/// # Contract
///
/// - [`claim`](NonceStore::claim) is atomic: of many callers with one nonce, on whatever machines share the store, one gets
///   `true`. A table with the nonce as its primary key and `INSERT … ON CONFLICT DO NOTHING` does that.
/// - A nonce is remembered until its `until`, and may be forgotten then: the message is refused as expired.
/// - Nonces come from messages that Google signed; they are at most 128 bytes long.
#[async_trait]
pub trait NonceStore: fmt::Debug + Send + Sync {
    /// Remembers a nonce until an instant. Says whether it was new; `now` is the time by the clock of the caller.
    ///
    /// # Errors
    ///
    /// [`NonceError`] when the store cannot be reached. Nothing is remembered then.
    async fn claim(&self, nonce: &str, now: DateTime<Utc>, until: DateTime<Utc>) -> Result<bool, NonceError>;

    /// Forgets a nonce, so that it is new once more. One that is not known is forgotten already.
    ///
    /// # Errors
    ///
    /// [`NonceError`] when the store cannot be reached.
    async fn release(&self, nonce: &str) -> Result<(), NonceError>;
}

/// Says that a [`NonceStore`] could not be reached; the cause is its source.
#[derive(Debug, thiserror::Error)]
#[error("the store of nonces cannot be reached; see the cause, and try again")]
pub struct NonceError(#[source] Box<dyn Error + Send + Sync>);

impl NonceError {
    /// Wraps the cause.
    pub fn new(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}

/// Remembers nonces in memory, for one process.
///
/// When it is full it forgets the one that ends first. Only what Google signed for the issuer gets in, so nobody else can fill it.
#[derive(Debug)]
pub struct MemoryNonces {
    most: usize,
    kept: Mutex<Kept>,
}

impl MemoryNonces {
    /// The most nonces that are kept unless another number is given; about 20 MB.
    pub const MOST: usize = 100_000;

    /// Keeps at most so many nonces; at least one.
    pub fn with_capacity(most: usize) -> Self {
        Self { most: most.max(1), kept: Mutex::default() }
    }
}

impl Default for MemoryNonces {
    fn default() -> Self {
        Self::with_capacity(Self::MOST)
    }
}

#[async_trait]
impl NonceStore for MemoryNonces {
    async fn claim(&self, nonce: &str, now: DateTime<Utc>, until: DateTime<Utc>) -> Result<bool, NonceError> {
        Ok(lock(&self.kept).claim(nonce, now, until, self.most))
    }

    async fn release(&self, nonce: &str) -> Result<(), NonceError> {
        lock(&self.kept).release(nonce);
        Ok(())
    }
}

#[derive(Debug, Default)]
struct Kept {
    ends: HashMap<String, DateTime<Utc>>,
    by_end: BTreeSet<(DateTime<Utc>, String)>,
}

impl Kept {
    fn claim(&mut self, nonce: &str, now: DateTime<Utc>, until: DateTime<Utc>, most: usize) -> bool {
        while self.by_end.first().is_some_and(|(end, _)| *end <= now) {
            self.forget_first();
        }
        if self.ends.contains_key(nonce) {
            return false;
        }
        if self.ends.len() >= most {
            self.forget_first();
        }
        self.ends.insert(nonce.to_owned(), until);
        self.by_end.insert((until, nonce.to_owned()));
        true
    }

    fn release(&mut self, nonce: &str) {
        if let Some(end) = self.ends.remove(nonce) {
            self.by_end.remove(&(end, nonce.to_owned()));
        }
    }

    fn forget_first(&mut self) {
        if let Some((_, nonce)) = self.by_end.pop_first() {
            self.ends.remove(&nonce);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    #[test]
    fn a_nonce_is_new_once_and_after_its_end() {
        let mut kept = Kept::default();
        assert!(kept.claim("a", at(0), at(10), 9) && !kept.claim("a", at(9), at(10), 9));
        assert!(kept.claim("a", at(10), at(20), 9), "it has ended");
        kept.release("a");
        kept.release("unknown");
        assert!(kept.claim("a", at(11), at(20), 9));
        assert_eq!((kept.ends.len(), kept.by_end.len()), (1, 1));
    }

    #[test]
    fn the_memory_is_bounded() {
        let mut kept = Kept::default();
        for second in 0..100 {
            assert!(kept.claim(&second.to_string(), at(0), at(100 + second), 10));
        }
        assert_eq!((kept.ends.len(), kept.by_end.len()), (10, 10));
        assert!(
            !kept.claim("99", at(0), at(200), 10) && kept.claim("0", at(0), at(300), 10),
            "the first to end went first"
        );
    }
}
