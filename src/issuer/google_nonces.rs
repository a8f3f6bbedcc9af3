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
    /// The names of those that this node claimed of late: it is the one that releases them.
    claimed: Recent<String, String, 10_000>,
}

impl GoogleNonces {
    pub(super) fn new(store: Arc<dyn Store>) -> Self {
        Self { store, claimed: Recent::default() }
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
    async fn claim(&self, nonce: &str, now: DateTime<Utc>, until: DateTime<Utc>) -> Result<bool, NonceError> {
        let name = name(until, &Digest(sha256(nonce.as_bytes())).to_string());
        let document = NewDocument { key: key(name.clone()), body: Bytes::new(), at: now };
        match self.store.commit(vec![Write::PutDocument { document, expected: None }]).await {
            Ok(_) => self.claimed.put(nonce.to_owned(), name),
            Err(StoreError::Conflict { .. }) => return Ok(false),
            Err(error) => return Err(NonceError::new(error)),
        }
        // Another node may be at it, and the next callback comes by here too.
        if let Err(error) = self.prune(now).await {
            tracing::debug!(error = &error as &dyn std::error::Error, "old nonces stay for now");
        }
        Ok(true)
    }

    async fn release(&self, nonce: &str) -> Result<(), NonceError> {
        let Some(name) = self.claimed.get(&nonce.to_owned()) else { return Ok(()) };
        let key = key(name);
        let Some(document) = self.store.document(&key).await.map_err(NonceError::new)? else { return Ok(()) };
        match self.store.commit(vec![Write::DeleteDocument { key, expected: document.revision }]).await {
            Ok(_) | Err(StoreError::Conflict { .. }) => Ok(()),
            Err(error) => Err(NonceError::new(error)),
        }
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
        assert!(one.claim("a", at(0), at(10)).await.unwrap());
        assert!(!other.claim("a", at(1), at(10)).await.unwrap());
        one.release("a").await.unwrap();
        one.release("a").await.unwrap();
        one.release("unknown").await.unwrap();
        assert!(other.claim("a", at(2), at(10)).await.unwrap());
    }

    #[tokio::test]
    async fn those_that_ended_are_forgotten() {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let nonces = GoogleNonces::new(Arc::clone(&store));
        for minute in 0..200 {
            assert!(nonces.claim(&minute.to_string(), at(minute), at(minute + 10)).await.unwrap());
        }
        let query = DocumentQuery { tenant: Tenant::default(), kind: KIND.to_owned(), cursor: None, limit: 1_000 };
        let kept = store.documents(&query).await.unwrap().items.len();
        assert_eq!(kept, 71, "ten minutes, an hour more, and the one of that very minute");
    }
}
