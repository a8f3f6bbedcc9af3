//! Which callbacks were taken before, by whichever node.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use openssl::sha::sha256;
use walletpass_google::{NonceError, NonceStore};
use walletpass_webservice::Tenant;
use walletpass_webservice::store::{Digest, DocumentKey, DocumentQuery, NewDocument, Store, StoreError, Write};

use super::shelf::Recent;

/// Keeps a document for each nonce. Its name begins with its end, so that the first ones are those to forget.
///
/// They belong to no tenant: Google never gives one twice.
#[derive(Debug)]
pub(super) struct GoogleNonces {
    store: Arc<dyn Store>,
    /// The names of those that this node looked at of late.
    looked_at: Recent<String, String, 10_000>,
}

impl GoogleNonces {
    pub(super) fn new(store: Arc<dyn Store>) -> Self {
        Self { store, looked_at: Recent::default() }
    }

    /// Gives the write that takes a callback which was just verified; it is a conflict if another node took it.
    pub(super) fn taken(&self, nonce: &str, now: DateTime<Utc>) -> Option<Write> {
        let key = key(self.looked_at.get(&nonce.to_owned())?);
        Some(Write::PutDocument { document: NewDocument { key, body: Bytes::new(), at: now }, expected: None })
    }

    /// Forgets a few that have ended: more than one, so that they never become more and more.
    async fn prune(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        let query =
            DocumentQuery { tenant: Tenant::default(), kind: KIND.to_owned(), cursor: None, limit: MOST_PRUNED };
        let end = name(now - GRACE, "");
        let ended = self.store.documents(&query).await?.items.into_iter().filter(|document| document.key.name < end);
        let writes: Vec<_> =
            ended.map(|document| Write::DeleteDocument { key: document.key, expected: document.revision }).collect();
        if !writes.is_empty() {
            self.store.commit(writes).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl NonceStore for GoogleNonces {
    /// Only looks: the nonce is written in one commit with what its callback causes, so that neither is there without the other. Of two
    /// nodes that look at the same time the second one's commit is a conflict.
    async fn claim(&self, nonce: &str, now: DateTime<Utc>, until: DateTime<Utc>) -> Result<bool, NonceError> {
        let name = name(until, &Digest(sha256(nonce.as_bytes())).to_string());
        if self.store.document(&key(name.clone())).await.map_err(NonceError::new)?.is_some() {
            return Ok(false);
        }
        self.looked_at.put(nonce.to_owned(), name);
        // Another node may be at it, and the next callback comes by here too.
        if let Err(error) = self.prune(now).await {
            tracing::debug!(error = &error as &dyn std::error::Error, "old nonces stay for now");
        }
        Ok(true)
    }

    async fn release(&self, _: &str) -> Result<(), NonceError> {
        Ok(()) // nothing was written
    }
}

fn key(name: String) -> DocumentKey {
    DocumentKey { tenant: Tenant::default(), kind: KIND.to_owned(), name }
}

/// Names a nonce so that those that end first come first.
fn name(until: DateTime<Utc>, digest: &str) -> String {
    format!("{:015}-{digest}", until.timestamp_millis().max(0))
}

/// The kind of document.
const KIND: &str = "google-nonce";
const MOST_PRUNED: usize = 8;
/// The clock of another node may be late, and a callback not have ended there.
const GRACE: TimeDelta = TimeDelta::hours(1);

#[cfg(test)]
mod tests {
    use walletpass_webservice::store::MemoryStore;

    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::minutes(minute)
    }

    #[tokio::test]
    async fn a_nonce_is_new_once_on_all_nodes() {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let (one, other) = (GoogleNonces::new(Arc::clone(&store)), GoogleNonces::new(store));
        // Whoever looked and came no further has taken nothing.
        assert!(one.claim("a", at(0), at(10)).await.unwrap());
        assert!(other.claim("a", at(1), at(10)).await.unwrap());
        one.store.commit(vec![one.taken("a", at(2)).unwrap()]).await.unwrap();
        assert!(!other.claim("a", at(3), at(10)).await.unwrap());
        let error = one.store.commit(vec![other.taken("a", at(3)).unwrap()]).await.unwrap_err();
        assert!(matches!(error, StoreError::Conflict { .. }), "{error}");
        assert!(one.taken("unknown", at(3)).is_none());
    }

    #[tokio::test]
    async fn those_that_ended_are_forgotten() {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let nonces = GoogleNonces::new(Arc::clone(&store));
        for minute in 0..200 {
            let nonce = minute.to_string();
            assert!(nonces.claim(&nonce, at(minute), at(minute + 10)).await.unwrap());
            store.commit(vec![nonces.taken(&nonce, at(minute)).unwrap()]).await.unwrap();
        }
        let query = DocumentQuery { tenant: Tenant::default(), kind: KIND.to_owned(), cursor: None, limit: 1_000 };
        let kept = store.documents(&query).await.unwrap().items.len();
        assert_eq!(kept, 71, "ten minutes, an hour more, and the one of that very minute");
    }
}
