//! Bringing the object at Google to what a pass says.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use openssl::sha::sha256;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio::time::timeout;
use walletpass_core::{Pass, PassTypeId, Serial};
use walletpass_google::{Card, Client, Error as GoogleError};
use walletpass_webservice::store::{Digest, DocumentKey, NewDocument, StoreError, Task, Write};
use walletpass_webservice::{PassKey, Tenant};

use super::change::TRIES;
use super::outbox::{End, Errand, GOOGLE, LONGEST_PAUSE, Outcome, pause, told};
use super::record::{self, Record};
use super::template::Pattern;
use super::write::{Before, write};
use super::{Error, Issuer};

/// How a call to Google went.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GoogleOutcome {
    /// The object is as the pass is.
    Done,
    /// Google would not have it, and will not the next time; the errand is among the [`dead`](Issuer::dead).
    Refused(String),
    /// There was nothing to do: the issuer has no Google client, or the save link says all that Google must know.
    Unused,
    /// It is tried again later, or done by another process at this moment.
    Waiting(String),
}

/// Issuing for Google.
#[derive(Clone)]
pub(super) struct Google {
    pub(super) client: Client,
    pub(super) rest: Arc<Rest>,
}

/// When to ask Google again after it did not answer, so that changes do not wait for it one after the other meanwhile.
#[derive(Debug, Default)]
pub(super) struct Rest(Mutex<Failures>);

#[derive(Debug, Default)]
struct Failures {
    /// How many there were one after the other; those that were under way together are one.
    count: u32,
    /// Until when Google is left alone.
    until: Option<DateTime<Utc>>,
    /// The reason of the last one.
    why: String,
}

impl Rest {
    /// Says whether Google has not answered since it last did not.
    fn is_trial(&self) -> bool {
        self.failures().until.is_some()
    }

    fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.failures().until.is_none_or(|until| until <= now)
    }

    fn begin(&self, now: DateTime<Utc>, why: &str) {
        let mut failures = self.failures();
        if failures.until.is_none_or(|until| until <= now) {
            failures.count = failures.count.saturating_add(1);
            failures.until = Some(now + pause(failures.count).min(LONGEST_REST));
            why.clone_into(&mut failures.why);
        }
    }

    pub(super) fn end(&self) {
        *self.failures() = Failures::default();
    }

    fn failures(&self) -> MutexGuard<'_, Failures> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What an issuer remembers of an object at Google, in a document named by its id.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Shadow {
    /// Whose pass it is: tenants with one Google account have one set of ids.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    tenant: String,
    pub(super) pass_type: PassTypeId,
    pub(super) serial: Serial,
    /// What was written last; nothing if the object was never written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    written: Option<Written>,
    /// Whether something else may have been written since, as Google did not say.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_unsure: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Written {
    object: Map<String, Value>,
    /// The digest of the class, or the id of one that passes of a template share.
    class: String,
}

impl Shadow {
    pub(super) fn of(key: &PassKey) -> Self {
        let (tenant, pass_type) = (key.tenant.as_str().to_owned(), key.pass_type.clone());
        Self { tenant, pass_type, serial: key.serial.clone(), written: None, is_unsure: false }
    }

    /// Says whether the object is at Google.
    pub(super) fn is_written(&self) -> bool {
        self.written.is_some()
    }

    pub(super) fn is_of(&self, key: &PassKey) -> bool {
        self.tenant == key.tenant.as_str() && self.pass_type == key.pass_type && self.serial == key.serial
    }
}

impl Google {
    /// Says what to do with an errand that failed; what another attempt may mend gives Google a rest.
    pub(super) fn failed(&self, error: &GoogleError, attempts: u32, now: DateTime<Utc>) -> (End, GoogleOutcome) {
        let why = told(error);
        if is_final(error) {
            return (End::Dead(why.clone()), GoogleOutcome::Refused(why));
        }
        self.rest.begin(now, &why);
        let named = match error {
            GoogleError::Quota { retry_after, .. } | GoogleError::Unavailable { retry_after, .. } => *retry_after,
            _ => None,
        };
        let named = named.and_then(|after| TimeDelta::from_std(after).ok());
        let after = named.unwrap_or_else(|| pause(attempts));
        (End::Later { after, why: why.clone() }, GoogleOutcome::Waiting(why))
    }
}

impl Issuer {
    /// Draws a pass for Google.
    pub(super) fn card(&self, google: &Google, pass: &Pass) -> Result<Card, Error> {
        let account = google.client.account();
        if self.inner.callbacks.is_none() {
            return Ok(account.card(pass)?);
        }
        let mut pass = pass.clone();
        self.name_callback(&mut pass);
        Ok(account.card(&pass)?)
    }

    /// Draws a pass for Google, in the class of its template if it has the same; gives the id of that too.
    pub(super) fn card_of(
        &self,
        google: &Google,
        pass: &Pass,
        pattern: Option<&Pattern>,
    ) -> Result<(Card, Option<String>), Error> {
        let mut card = self.card(google, pass)?;
        let class = pattern.and_then(|pattern| pattern.share_class(&mut card));
        Ok((card, class))
    }

    /// Draws what Google shows of a pass from now on, by the present revision of its template.
    pub(super) async fn drawn(
        &self,
        google: &Google,
        record: &Record,
        pass_type: &PassTypeId,
    ) -> Result<(Card, Option<String>), Error> {
        let pattern = self.pattern_of(record).await?;
        let (pass, _) = self.rebased(record, pass_type, pattern.as_ref()).await?;
        self.card_of(google, &pass, pattern.as_ref())
    }

    /// Gives the object of a pass as it was drawn when that was written.
    pub(super) fn object_of(&self, google: &Google, record: &Record) -> Option<Map<String, Value>> {
        let mut object = self.card(google, &record.pass).ok()?.object;
        if let Some(class) = record.origin.as_ref().and_then(|origin| origin.class.as_deref()) {
            object.insert("classId".to_owned(), class.into());
        }
        Some(object)
    }

    /// Says whether Google did not answer of late, and is given time.
    pub(super) fn google_rests(&self) -> bool {
        self.inner.google.as_ref().is_some_and(|google| !google.rest.is_over(self.inner.clock.now()))
    }

    /// Says whether Google did not answer of late, so that one errand is enough to learn whether it does again.
    pub(super) fn google_is_on_trial(&self) -> bool {
        self.inner.google.as_ref().is_some_and(|google| google.rest.is_trial())
    }

    /// Says whether a change must not wait for Google now, which answers so many requests a second or none at all.
    pub(super) fn google_is_busy(&self) -> bool {
        let backlog = self.inner.google.as_ref().map(|google| google.client.backlog());
        self.google_is_on_trial() || backlog.is_some_and(|backlog| backlog > PATIENCE)
    }

    /// Finds what became of the errand to Google that a change caused.
    pub(super) fn google_outcome(&self, outcomes: Vec<Outcome>) -> GoogleOutcome {
        let Some(google) = &self.inner.google else { return GoogleOutcome::Unused };
        let found = outcomes.into_iter().find_map(|outcome| match outcome {
            Outcome::Google(outcome) => Some(outcome),
            _ => None,
        });
        found.unwrap_or_else(|| match &*google.rest.failures().why {
            "" => GoogleOutcome::Waiting("Google is busy, or an earlier errand of the pass is not done yet".to_owned()),
            why => GoogleOutcome::Waiting(format!("Google is given time, as this went wrong before: {why}")),
        })
    }

    pub(super) async fn put_at_google(
        &self,
        errand: Errand,
        task: &Task,
        is_inline: bool,
    ) -> Result<(End, Option<Outcome>), Error> {
        let Some(google) = &self.inner.google else {
            let why = "the issuer has no Google client: add it with `Issuer::google`".to_owned();
            return Ok((End::Later { after: LONGEST_PAUSE, why }, None));
        };
        let Errand { pass_type, serial, last, .. } = errand;
        let key = self.key_of(&pass_type, &serial);
        let mut is_gone = false;
        let record = match (last, self.inner.store.pass(&key).await?) {
            (_, Some(stored)) => Record::read(&stored)?,
            (Some(last), None) => {
                is_gone = true;
                *last
            }
            (None, None) => return Ok((End::Done(Vec::new()), None)),
        };
        let (card, class) = match self.drawn(google, &record, &key.pass_type).await {
            Ok(drawn) => drawn,
            Err(error @ Error::Store(_)) => return Err(error),
            Err(error) => return Ok(refused(told(&error))),
        };
        let (shadow, revision) = self.shadow(&card).await?.unwrap_or((Shadow::of(&key), 0));
        let shares_class = class.is_some();
        let class = class.unwrap_or_else(|| digest_of(&card.class));
        let target = Written { object: card.object.clone(), class };
        // An earlier attempt may have written what the pass said then.
        let is_unsure = shadow.is_unsure || task.attempts > 1;
        if !is_unsure && shadow.written.as_ref() == Some(&target) {
            return Ok((End::Done(Vec::new()), Some(Outcome::Google(GoogleOutcome::Done))));
        }
        let before = shadow.written.as_ref();
        let has_class = shares_class || before.is_some_and(|before| before.class == target.class);
        let before = Before { object: before.map(|before| &before.object), has_class, is_unsure };
        let expected = Some(revision).filter(|revision| *revision > 0);
        let writing = write(&google.client, &card, before);
        let written = match is_inline {
            true => timeout(LONGEST_CALL, writing).await.unwrap_or_else(|_| Err(no_answer())),
            false => writing.await,
        };
        match written {
            Ok(()) => {
                google.rest.end();
                // Of a pass that is gone nothing is kept but whose the object was.
                let written = Some(target).filter(|_| !is_gone);
                let keep = self.put_shadow(&card, &Shadow { written, is_unsure: is_gone, ..shadow }, expected);
                Ok((End::Done(vec![keep]), Some(Outcome::Google(GoogleOutcome::Done))))
            }
            Err(error) => {
                if (matches!(error, GoogleError::Unavailable { .. }) || !has_class) && !shadow.is_unsure {
                    // Not in the commit that ends the attempt: a later errand may take the place of this one.
                    let unsure = self.put_shadow(&card, &Shadow { is_unsure: true, ..shadow }, expected);
                    match self.inner.store.commit(vec![unsure]).await {
                        Ok(_) | Err(StoreError::Conflict { .. }) => {}
                        Err(error) => return Err(error.into()),
                    }
                }
                let (end, outcome) = google.failed(&error, task.attempts, self.inner.clock.now());
                Ok((end, Some(Outcome::Google(outcome))))
            }
        }
    }

    /// Has an object written anew: an attempt that took longer than its lease may have overwritten what a later one wrote.
    pub(super) async fn rewrite_at_google(&self, key: &PassKey) -> Result<(), Error> {
        let (Some(google), Some(stored)) = (&self.inner.google, self.inner.store.pass(key).await?) else {
            return Ok(());
        };
        let (card, _) = match self.drawn(google, &Record::read(&stored)?, &key.pass_type).await {
            Ok(drawn) => drawn,
            Err(error @ Error::Store(_)) => return Err(error),
            // Nothing was written of it then.
            Err(_) => return Ok(()),
        };
        for _ in 0..TRIES {
            let mut writes = vec![self.task(GOOGLE, key, Errand::about(key))];
            if let Some((shadow, revision)) = self.shadow(&card).await? {
                writes.push(self.put_shadow(&card, &Shadow { is_unsure: true, ..shadow }, Some(revision)));
            }
            match self.inner.store.commit(writes).await {
                // The later one ended just now.
                Err(StoreError::Conflict { .. }) => {}
                outcome => return outcome.map(drop).map_err(Error::from),
            }
        }
        Ok(())
    }

    /// Gives what is remembered of the object of a card, and the revision of that.
    pub(super) async fn shadow(&self, card: &Card) -> Result<Option<(Shadow, u64)>, Error> {
        self.shadow_of(id_of(&card.object)).await
    }

    /// Gives what is remembered of an object by its id.
    pub(super) async fn shadow_of(&self, object: &str) -> Result<Option<(Shadow, u64)>, Error> {
        let Some(document) = self.inner.store.document(&self.shadow_key(object)).await? else { return Ok(None) };
        // What cannot be read is written anew.
        Ok(serde_json::from_slice(&document.body).ok().map(|shadow| (shadow, document.revision)))
    }

    pub(super) fn put_shadow(&self, card: &Card, shadow: &Shadow, expected: Option<u64>) -> Write {
        let body = Bytes::from(record::written(shadow));
        let document = NewDocument { key: self.shadow_key(id_of(&card.object)), body, at: self.inner.clock.now() };
        Write::PutDocument { document, expected }
    }

    fn shadow_key(&self, object: &str) -> DocumentKey {
        DocumentKey { tenant: Tenant::default(), kind: SHADOW.to_owned(), name: object.to_owned() }
    }
}

fn is_final(error: &GoogleError) -> bool {
    matches!(
        error,
        GoogleError::Invalid { .. }
            | GoogleError::IssuerMismatch { .. }
            | GoogleError::LinkTooLong(_)
            | GoogleError::Refused(_)
    )
}

fn no_answer() -> GoogleError {
    let what = format!("no answer in {} seconds", LONGEST_CALL.as_secs());
    GoogleError::Unavailable { what, retry_after: None, cause: None }
}

fn refused(why: String) -> (End, Option<Outcome>) {
    (End::Dead(why.clone()), Some(Outcome::Google(GoogleOutcome::Refused(why))))
}

pub(super) fn id_of(json: &Map<String, Value>) -> &str {
    json.get("id").and_then(Value::as_str).unwrap_or_default()
}

fn digest_of(class: &Map<String, Value>) -> String {
    Digest(sha256(&record::written(class))).to_string()
}

/// The kind of document that holds a [`Shadow`].
const SHADOW: &str = "google-object";
/// How long a change waits for Google's answer, at most; then its errand is left to the worker.
const LONGEST_CALL: Duration = Duration::from_secs(5);
const LONGEST_REST: TimeDelta = TimeDelta::minutes(1);
/// How long a change waits for its turn at Google, at most; then its errand is left to the worker.
const PATIENCE: Duration = Duration::from_millis(250);
