//! The change of a template, on its way to the passes that were made from it.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use walletpass_core::{PassTypeId, Serial};
use walletpass_webservice::PassKey;
use walletpass_webservice::store::{
    Cursor, DocumentKey, NewDocument, NewPass, Page, PassQuery, StoreError, StoredPass, Write,
};

use super::{Pattern, as_json};
use crate::issuer::change::TRIES;
use crate::issuer::outbox::{End, Errand, GOOGLE, WAKE, told};
use crate::issuer::record::{self, Origin, Record};
use crate::issuer::{Error, Issuer, google_only, trace};

/// Takes a template to its passes; the kind of document that holds a template, too.
pub(in crate::issuer) const TEMPLATE: &str = "template";

/// How far a revision of a template has come to its passes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TemplateJob {
    /// The revision.
    pub revision: u64,
    /// How many passes say what it says, other than where they say something themselves.
    pub reached: u64,
    /// How many passes stay as they were, since one of the wallets would refuse what would become of them.
    pub failed: u64,
    /// The first 100 of those.
    pub failures: Vec<TemplateFailure>,
    /// Whether all passes were visited.
    pub finished: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cursor: Option<String>,
}

/// A pass that could not follow its template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TemplateFailure {
    /// Its pass type.
    pub pass_type: PassTypeId,
    /// Its serial number.
    pub serial: Serial,
    /// Why not. Change the template or the pass, and it follows.
    pub reason: String,
}

/// What is to be done about one pass.
struct Step {
    writes: Vec<Write>,
    failure: Option<String>,
}

impl Issuer {
    /// Tells how far the present revision of a template has come to its passes.
    ///
    /// # Errors
    ///
    /// [`Error::NoTemplate`], [`Error::Store`].
    pub async fn template_job(&self, name: &str) -> Result<TemplateJob, Error> {
        let revision = self.template(name).await?.revision;
        Ok(self.job(name, revision).await?.0)
    }

    /// Takes a template to some pages of its passes.
    pub(in crate::issuer) async fn reach_passes(&self, name: &str) -> Result<End, Error> {
        for _ in 0..PAGES {
            // Read anew each time, for it may have been changed since.
            let Some(pattern) = self.pattern(name).await? else { return Ok(End::Done(Vec::new())) };
            let (job, expected) = self.job(name, pattern.revision).await?;
            if job.finished {
                return Ok(End::Done(Vec::new()));
            }
            self.reach_page(&pattern, job, expected).await?;
        }
        Ok(End::Done(vec![self.task_of_template(TEMPLATE, name)]))
    }

    /// Takes a template to a page of its passes, and writes down how far that is, in one commit.
    async fn reach_page(&self, pattern: &Pattern, mut job: TemplateJob, expected: Option<u64>) -> Result<(), Error> {
        let query = PassQuery {
            template: Some(pattern.name.clone()),
            cursor: job.cursor.take().map(Cursor::new),
            limit: PAGE,
            ..PassQuery::new(self.inner.tenant.clone())
        };
        let Page { items, next } = self.inner.store.passes(&query).await?;
        job.finished = next.is_none();
        job.cursor = next.map(|cursor| cursor.as_str().to_owned());
        let (before, mut writes) = (job.clone(), Vec::new());
        for stored in &items {
            let step = self.step(pattern, stored).await?;
            job.note(&stored.pass.key, step.failure);
            writes.extend(step.writes);
        }
        trace::followed(&pattern.name, &job, items.len());
        writes.push(self.put_job(&pattern.name, &job, expected));
        match self.inner.store.commit(writes).await {
            Err(StoreError::Conflict { .. }) => {}
            outcome => return Ok(outcome.map(drop)?),
        }
        // Somebody changed one of them meanwhile: one by one then.
        let mut job = before;
        for stored in &items {
            let failure = self.follow(pattern, &stored.pass.key).await?;
            job.note(&stored.pass.key, failure);
        }
        match self.inner.store.commit(vec![self.put_job(&pattern.name, &job, expected)]).await {
            // Another process is at it, or was.
            Err(StoreError::Conflict { .. }) => Ok(()),
            outcome => Ok(outcome.map(drop)?),
        }
    }

    /// Brings one pass to a revision of its template; says why that cannot be, if so.
    pub(in crate::issuer) async fn follow(&self, pattern: &Pattern, key: &PassKey) -> Result<Option<String>, Error> {
        for _ in 0..TRIES {
            let Some(stored) = self.inner.store.pass(key).await? else { return Ok(None) };
            let Step { writes, failure } = self.step(pattern, &stored).await?;
            match self.inner.store.commit(writes).await {
                Ok(_) => return Ok(failure),
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Some(Error::Contended { serial: key.serial.clone() }.to_string()))
    }

    async fn step(&self, pattern: &Pattern, stored: &StoredPass) -> Result<Step, Error> {
        let key = &stored.pass.key;
        let has_apple = self.inner.apple.contains_key(&key.pass_type);
        if !has_apple && key.pass_type != google_only() {
            // Another process can judge it.
            return Err(Error::UnknownPassType { pass_type: key.pass_type.clone() });
        }
        let record = match Record::read(stored) {
            Ok(record) => record,
            Err(error) => return Ok(Step { writes: Vec::new(), failure: Some(told(&error)) }),
        };
        let (pass, judged) = match self.rebase(&record, &key.pass_type, pattern).await {
            Ok(Some(rebased)) => rebased,
            Ok(None) => return Ok(Step { writes: Vec::new(), failure: None }),
            Err(error @ (Error::NoWallet | Error::Store(_))) => return Err(error),
            Err(error) => return Ok(Step { writes: self.leave_class(stored, record), failure: Some(told(&error)) }),
        };
        let is_same = as_json(&pass) == as_json(&record.pass);
        let is_same_object = match (&self.inner.google, &judged.card) {
            (Some(google), Some(card)) => self.object_of(google, &record).as_ref() == Some(&card.object),
            _ => true,
        };
        let mut writes = Vec::new();
        if !(is_same && is_same_object) {
            let (state, at) = (pass.state, self.inner.clock.now());
            let origin = record.origin.map(|origin| Origin {
                revision: pattern.revision,
                class: judged.class.clone(),
                ..origin
            });
            let body = Record { pass, origin, ..record }.body();
            let pass = NewPass { body, state, at, ..stored.pass.clone() };
            writes.push(Write::UpdatePass { pass, expected: stored.tag });
        }
        if !is_same {
            writes.push(self.event("updated", key, Bytes::new()));
            if has_apple {
                writes.push(self.task(WAKE, key, Errand::about(key)));
            }
        }
        if !is_same_object {
            writes.push(self.task(GOOGLE, key, Errand::about(key)));
        }
        Ok(Step { writes, failure: None })
    }

    /// Takes the object of a pass that cannot follow out of the class, which says something else now.
    fn leave_class(&self, stored: &StoredPass, record: Record) -> Vec<Write> {
        let Some(origin) = record.origin.filter(|origin| origin.class.is_some()) else { return Vec::new() };
        let key = &stored.pass.key;
        let body = Record { origin: Some(Origin { class: None, ..origin }), ..record }.body();
        let pass = NewPass { body, ..stored.pass.clone() };
        vec![Write::UpdatePass { pass, expected: stored.tag }, self.task(GOOGLE, key, Errand::about(key))]
    }

    /// Gives how far a revision is, and the revision of the document that says so.
    async fn job(&self, name: &str, revision: u64) -> Result<(TemplateJob, Option<u64>), Error> {
        let fresh = || TemplateJob { revision, ..TemplateJob::default() };
        let Some(document) = self.inner.store.document(&self.job_key(name)).await? else { return Ok((fresh(), None)) };
        let job = serde_json::from_slice::<TemplateJob>(&document.body).ok();
        Ok((job.filter(|job| job.revision == revision).unwrap_or_else(fresh), Some(document.revision)))
    }

    fn put_job(&self, name: &str, job: &TemplateJob, expected: Option<u64>) -> Write {
        let body = Bytes::from(record::written(job));
        let document = NewDocument { key: self.job_key(name), body, at: self.inner.clock.now() };
        Write::PutDocument { document, expected }
    }

    pub(super) fn job_key(&self, name: &str) -> DocumentKey {
        let name = format!("{TEMPLATE}/{name}");
        DocumentKey { tenant: self.inner.tenant.clone(), kind: "job".to_owned(), name }
    }
}

impl TemplateJob {
    fn note(&mut self, key: &PassKey, failure: Option<String>) {
        let Some(reason) = failure else {
            self.reached += 1;
            return;
        };
        self.failed += 1;
        if self.failures.len() < FAILURES {
            let PassKey { pass_type, serial, .. } = key.clone();
            self.failures.push(TemplateFailure { pass_type, serial, reason });
        }
    }
}

/// How many passes are in one commit: each makes up to four writes, and a store takes a thousand.
const PAGE: usize = 100;
/// How many pages an errand does: some seconds' worth, so that other errands of the process do not wait long for it.
const PAGES: usize = 10;
/// How many failures are kept.
const FAILURES: usize = 100;
