//! How often each object has notified its holders, counted for all nodes together.

use std::error::Error as StdError;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use walletpass_google::{Notice, NoticeStore};
use walletpass_webservice::Tenant;
use walletpass_webservice::store::{DocumentKey, NewDocument, Store, StoreError, Write};

use super::record;

/// Keeps the times of the last notices of an object in a document.
///
/// It belongs to no tenant: Google counts by object, whoever the issuer works for.
#[derive(Debug)]
pub(super) struct GoogleNotices(pub(super) Arc<dyn Store>);

type Failure = Box<dyn StdError + Send + Sync>;

impl GoogleNotices {
    /// Changes the times of an object, anew when another node does so at the same time. `change` says what is to be written, if anything, and what
    /// came of it.
    async fn change<T>(
        &self,
        id: &str,
        at: DateTime<Utc>,
        change: impl Fn(Vec<DateTime<Utc>>) -> (Option<Vec<DateTime<Utc>>>, T) + Send + Sync,
    ) -> Result<T, Failure> {
        let key = DocumentKey { tenant: Tenant::default(), kind: KIND.to_owned(), name: id.to_owned() };
        for _ in 0..TRIES {
            let document = self.0.document(&key).await?;
            let (expected, times) = match document {
                Some(document) => (Some(document.revision), serde_json::from_slice(&document.body)?),
                None => (None, Vec::new()),
            };
            let (times, outcome) = change(times);
            let Some(times) = times else { return Ok(outcome) };
            let document = NewDocument { key: key.clone(), body: record::written(&times).into(), at };
            match self.0.commit(vec![Write::PutDocument { document, expected }]).await {
                Ok(_) => return Ok(outcome),
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err("others take notices of the object all the time".into())
    }
}

#[async_trait]
impl NoticeStore for GoogleNotices {
    async fn take(&self, id: &str, now: DateTime<Utc>) -> Result<Notice, Failure> {
        self.change(id, now, |mut times| {
            times.retain(|time| now - *time < WINDOW);
            if times.len() >= MOST {
                let oldest = times.iter().min().copied().unwrap_or(now);
                return (None, Notice::Refused { until: oldest + WINDOW });
            }
            times.push(now);
            (Some(times), Notice::Granted)
        })
        .await
    }

    async fn put_back(&self, id: &str, at: DateTime<Utc>) -> Result<(), Failure> {
        self.change(id, at, |mut times| match times.iter().position(|time| *time == at) {
            Some(index) => {
                times.swap_remove(index);
                (Some(times), ())
            }
            None => (None, ()),
        })
        .await
    }
}

/// The kind of document.
const KIND: &str = "google-notices";
/// How many notices of an object Google allows in [`WINDOW`].
/// <https://developers.google.com/wallet/generic/use-cases/trigger-push-notifications>
const MOST: usize = 3;
const WINDOW: TimeDelta = TimeDelta::hours(24);
/// How often it is tried anew when others change the same times.
const TRIES: u32 = 20;

#[cfg(test)]
mod tests {
    use walletpass_webservice::store::MemoryStore;

    use super::*;

    #[tokio::test]
    async fn of_many_nodes_three_may_notify_in_a_day() {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let now: DateTime<Utc> = "2027-01-01T00:00:00.123456789Z".parse().unwrap();
        let (one, other) = (GoogleNotices(Arc::clone(&store)), GoogleNotices(store));
        for (node, hours) in [(&one, 0), (&other, 1), (&one, 2)] {
            assert_eq!(node.take("3388.a", now + TimeDelta::hours(hours)).await.unwrap(), Notice::Granted);
        }
        let until = now + WINDOW;
        assert_eq!(other.take("3388.a", now + TimeDelta::hours(3)).await.unwrap(), Notice::Refused { until });
        assert_eq!(other.take("3388.b", now).await.unwrap(), Notice::Granted, "another object");
        other.put_back("3388.a", now + TimeDelta::hours(1)).await.unwrap();
        other.put_back("3388.a", now + TimeDelta::hours(1)).await.unwrap();
        assert_eq!(one.take("3388.a", now + TimeDelta::hours(3)).await.unwrap(), Notice::Granted);
        assert!(matches!(one.take("3388.a", now + TimeDelta::hours(3)).await.unwrap(), Notice::Refused { .. }));
        assert_eq!(one.take("3388.a", until).await.unwrap(), Notice::Granted, "the first one is a day old");
    }
}
