//! What is kept in memory because it was used of late.

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lru::LruCache;
use walletpass_apple::{Artwork, Pkpass};
use walletpass_webservice::store::Digest;

/// What an issuer and its clones remember. All of it can be made again.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelf {
    /// Prepared pictures, by what is in them: preparing them takes as long as some hundred signatures.
    pub(super) artworks: Recent<String, Artwork, 64>,
    /// Signed packages, by the digest of what was signed. Their pictures are those of the artworks.
    pub(super) packages: Recent<Digest, Pkpass, 1024>,
    /// Pictures that the store has.
    pub(super) stored: Recent<Digest, (), 10_000>,
}

/// The values that were used last, at most so many; clones share them.
pub(super) struct Recent<K, V, const MOST: usize>(Arc<Mutex<LruCache<K, V>>>);

impl<K: std::hash::Hash + Eq, V: Clone, const MOST: usize> Recent<K, V, MOST> {
    pub(super) fn get(&self, key: &K) -> Option<V> {
        self.lock().get(key).cloned()
    }

    pub(super) fn put(&self, key: K, value: V) {
        self.lock().put(key, value);
    }
}

impl<K, V, const MOST: usize> Recent<K, V, MOST> {
    fn lock(&self) -> MutexGuard<'_, LruCache<K, V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: std::hash::Hash + Eq, V, const MOST: usize> Default for Recent<K, V, MOST> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(LruCache::new(NonZeroUsize::new(MOST).unwrap_or(NonZeroUsize::MIN)))))
    }
}

impl<K, V, const MOST: usize> Clone for Recent<K, V, MOST> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K, V, const MOST: usize> fmt::Debug for Recent<K, V, MOST> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recent({MOST})")
    }
}
