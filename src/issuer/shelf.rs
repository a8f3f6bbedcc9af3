//! What is kept in memory because it was used of late.

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use lru::LruCache;
use openssl::sha::sha256;
use walletpass_apple::{Artwork, Pkpass};
use walletpass_webservice::store::Digest;

/// What an issuer and its clones remember. All of it can be made again.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelf {
    /// Prepared pictures, by what is in them: preparing them takes as long as some hundred signatures.
    pub(super) artworks: Recent<String, Artwork, 64>,
    /// Signed packages, by the digest of what was signed; together they are no longer than [`MOST_OF_PACKAGES`], shared pictures counted for each.
    pub(super) packages: Recent<Digest, Pkpass, 1024>,
    /// The digests of pictures that passes came with.
    pub(super) digests: Digests,
    /// Pictures that the store has.
    pub(super) stored: Recent<Digest, (), 10_000>,
}

/// The digests of pictures, by where they lie in memory: the passes of a host share the pictures of their design, and digesting them takes longer than all
/// else of creating a pass.
#[derive(Clone, Debug, Default)]
pub(super) struct Digests(Recent<(usize, usize), (Bytes, Digest), 32>);

impl Digests {
    /// Gives the digest of a picture.
    pub(super) fn of(&self, picture: &Bytes) -> Digest {
        let place = (picture.as_ptr().addr(), picture.len());
        if let Some((_, digest)) = self.0.get(&place) {
            return digest;
        }
        let digest = Digest(sha256(picture));
        if picture.len() <= MOST_HELD {
            // As long as it is held here nothing else lies there.
            self.0.put(place, (picture.clone(), digest));
        }
        digest
    }
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

impl<const MOST: usize> Recent<Digest, Pkpass, MOST> {
    /// Keeps a package, and gives up the oldest ones where they become too many bytes together.
    pub(super) fn keep(&self, content: Digest, pkpass: Pkpass) {
        let mut kept = self.lock();
        kept.put(content, pkpass);
        while kept.iter().map(|(_, pkpass)| pkpass.len()).sum::<usize>() > MOST_OF_PACKAGES {
            kept.pop_lru();
        }
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

/// The longest picture, in bytes, that is held for its digest.
const MOST_HELD: usize = 1024 * 1024;
/// In bytes.
const MOST_OF_PACKAGES: usize = 128 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_of_what_lies_there() {
        let digests = Digests::default();
        let (one, all) = (Bytes::from_static(b"bean"), Bytes::from_static(b"beans"));
        for _ in 0..2 {
            for picture in [&one, &all, &all.slice(..4), &Bytes::copy_from_slice(&one)] {
                assert_eq!(digests.of(picture), Digest(sha256(picture)));
            }
        }
        // Where a picture lay that was let go, another may lie: none is let go that is known by its place.
        for number in 0..200_u32 {
            let picture = Bytes::copy_from_slice(&number.to_be_bytes());
            assert_eq!(digests.of(&picture), Digest(sha256(&picture)), "{number}");
        }
    }
}
