//! Templates: what many passes have in common, kept once and changed for all of them.

mod class;
mod difference;
mod job;
mod pattern;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use walletpass_core::{Pass, Serial};
use walletpass_webservice::PassKey;
use walletpass_webservice::store::{
    Cursor, Document, DocumentKey, DocumentQuery, NewDocument, NewTask, Page, PassQuery, StoreError, Task, Write,
};

use super::change::TRIES;
use super::create::{Draft, Issued};
use super::outbox::{End, LONGEST_PAUSE, told};
use super::pictures::Fetched;
use super::record;
use super::{Error, Issuer, trace};

pub(super) use self::class::CLASS;
pub(super) use self::difference::Difference;
pub(super) use self::job::TEMPLATE;
pub use self::job::{TemplateFailure, TemplateJob};
pub(super) use self::pattern::{Pattern, as_json};

/// A template as it is kept.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Template {
    /// Its name.
    pub name: String,
    /// What its passes say, as far as they do not say otherwise: members of the JSON form of a pass. Pictures are named, not there.
    pub pass: Map<String, Value>,
    /// Rises with each change.
    pub revision: u64,
    /// When it was first put.
    pub created: DateTime<Utc>,
    /// When it was last changed.
    pub updated: DateTime<Utc>,
}

impl Issuer {
    /// Keeps a template, or changes it, with all passes that were made from it.
    ///
    /// `pass` is the JSON form of a pass without `serial`, and without what each pass says itself; only `kind` must be there. What is whole but for the
    /// serial number is judged as a pass would be. Passes of such a template share one class at Google, as long as they say nothing else about what
    /// is in it; so one request changes them all there.
    ///
    /// The passes follow by and by: [`run_due`](Issuer::run_due) and [`worker`](Issuer::worker) bring the change to them, and
    /// [`template_job`](Issuer::template_job) tells how far it is. What a pass says itself it keeps. Equal content is no change.
    ///
    /// # Errors
    ///
    /// [`Error::TemplateName`], [`Error::TemplateShape`], [`Error::TemplateSerial`], [`Error::TemplateKind`], [`Error::TemplateContended`],
    /// [`Error::StoredTemplate`]; [`Error::Template`] with the path of what is no part of a
    /// pass; those of [`create`](Issuer::create) for a template that is whole. Nothing is written then.
    #[tracing::instrument(name = "put_template", skip_all, fields(template = name, tenant = self.inner.tenant.as_str()), err)]
    pub async fn put_template(&self, name: &str, pass: &Value) -> Result<Template, Error> {
        judge_name(name)?;
        let (pass, kind) = self.settle_template(name, pass).await?;
        let body = Bytes::from(record::written(&pass));
        let key = self.template_key(name);
        for _ in 0..TRIES {
            let present = self.inner.store.document(&key).await?;
            if let Some(present) = &present {
                let template = self.read_template(present)?;
                if template.pass == pass {
                    return Ok(template);
                }
                let before = kind_of(&template.pass);
                if before != Some(kind) {
                    let kind_before = before.unwrap_or_default().to_owned();
                    return Err(Error::TemplateKind { name: name.to_owned(), kind: kind_before, given: kind });
                }
            }
            let document = NewDocument { key: key.clone(), body: body.clone(), at: self.inner.clock.now() };
            let expected = present.map(|present| present.revision);
            let mut writes = vec![Write::PutDocument { document, expected }, self.task_of_template(TEMPLATE, name)];
            if self.inner.google.is_some() {
                writes.push(self.task_of_template(CLASS, name));
            }
            match self.inner.store.commit(writes).await {
                Ok(_) => return self.template(name).await,
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Error::TemplateContended { name: name.to_owned() })
    }

    /// Gives a template.
    ///
    /// # Errors
    ///
    /// [`Error::NoTemplate`], [`Error::TemplateName`], [`Error::StoredTemplate`], [`Error::Store`].
    pub async fn template(&self, name: &str) -> Result<Template, Error> {
        let document = self.template_document(name).await?;
        self.read_template(&document.ok_or_else(|| Error::NoTemplate { name: name.to_owned() })?)
    }

    /// Lists templates in the order of their names, at most 100; from the beginning, or from where the list before ended.
    ///
    /// # Errors
    ///
    /// [`Error::StoredTemplate`], [`Error::Store`].
    pub async fn templates(&self, cursor: Option<Cursor>) -> Result<Page<Template>, Error> {
        let query = DocumentQuery { tenant: self.inner.tenant.clone(), kind: TEMPLATE.to_owned(), cursor, limit: LIST };
        let Page { items, next } = self.inner.store.documents(&query).await?;
        Ok(Page { items: items.iter().map(|document| self.read_template(document)).collect::<Result<_, _>>()?, next })
    }

    /// Removes a template from which no pass was made. Its class stays at Google, where nothing can be removed.
    ///
    /// # Errors
    ///
    /// [`Error::NoTemplate`], [`Error::TemplateName`], [`Error::TemplateInUse`], [`Error::TemplateContended`] when somebody changed it at the same time, [`Error::Store`].
    pub async fn delete_template(&self, name: &str) -> Result<(), Error> {
        let document =
            self.template_document(name).await?.ok_or_else(|| Error::NoTemplate { name: name.to_owned() })?;
        let tenant = self.inner.tenant.clone();
        let query = PassQuery { template: Some(name.to_owned()), limit: 1, ..PassQuery::new(tenant) };
        if !self.inner.store.passes(&query).await?.items.is_empty() {
            return Err(Error::TemplateInUse { name: name.to_owned() });
        }
        let mut writes = vec![Write::DeleteDocument { key: document.key, expected: document.revision }];
        if let Some(job) = self.inner.store.document(&self.job_key(name)).await? {
            writes.push(Write::DeleteDocument { key: job.key, expected: job.revision });
        }
        match self.inner.store.commit(writes).await {
            Err(StoreError::Conflict { .. }) => Err(Error::TemplateContended { name: name.to_owned() }),
            outcome => Ok(outcome.map(drop)?),
        }
    }

    /// Creates a pass from a template.
    ///
    /// `overrides` is merged over the template (RFC 7396): keys replace, `null` removes, all else is as the template says. What the pass says itself, by this
    /// or by later changes, it keeps when the template changes. The serial number is [made](Issuer::new_serial) if none is given.
    ///
    /// Created again with the same serial number, template and overrides it is the pass that is there.
    ///
    /// # Errors
    ///
    /// [`Error::NoTemplate`], [`Error::TemplateName`], [`Error::StoredTemplate`], [`Error::TemplateSerial`] for a serial number among the overrides, [`Error::Json`] when they leave no pass; those of
    /// [`create`](Issuer::create).
    #[tracing::instrument(name = "create_from", skip_all, fields(template, tenant = self.inner.tenant.as_str()), err)]
    pub async fn create_from(
        &self,
        template: &str,
        serial: Option<Serial>,
        overrides: &Value,
    ) -> Result<Issued, Error> {
        let none = || Error::NoTemplate { name: template.to_owned() };
        let pattern = self.pattern(template).await?.ok_or_else(none)?;
        if overrides.get("serial").is_some() {
            return Err(Error::TemplateSerial);
        }
        let serial = match serial {
            Some(serial) => serial,
            None => self.new_serial()?,
        };
        let mut json = Value::Object(pattern.pass.clone());
        json_patch::merge(&mut json, overrides);
        if let Value::Object(json) = &mut json {
            json.insert("serial".to_owned(), serial.as_str().into());
        }
        let mut pass = Pass::from_json(&record::written(&json))?;
        let brought = self.take_pictures(&mut pass, &mut Fetched::new()).await?;
        let first = record::digest(&(template, overrides));
        let said = overrides.as_object().cloned().unwrap_or_default();
        self.create_drawn(Draft { pass, brought, first, origin: Some((pattern, said)) }).await
    }

    /// Gives a template as passes are made of it; none if it is gone.
    pub(super) async fn pattern(&self, name: &str) -> Result<Option<Pattern>, Error> {
        let document = self.template_document(name).await?;
        document.map(|document| self.read_pattern(name, document.revision, &document.body)).transpose()
    }

    /// Brings a pass that was just made to a revision that was put at the same time; its job may have passed by already.
    pub(super) async fn catch_up(&self, made_from: &Pattern, key: &PassKey) {
        let outcome = match self.pattern(&made_from.name).await {
            Ok(Some(pattern)) if pattern.revision > made_from.revision => self.follow(&pattern, key).await.map(drop),
            outcome => outcome.map(drop),
        };
        if let Err(error) = outcome {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the pass is of an earlier revision of its template"
            );
        }
    }

    /// Runs an errand for a template.
    pub(super) async fn run_for_template(&self, task: &Task) -> Result<(), Error> {
        let name = task.task.key.as_str();
        let is_class = task.task.kind == CLASS;
        let done = match is_class {
            true => self.put_class(task).await,
            false => self.reach_passes(name).await,
        };
        let end = match done {
            Ok(end) => end.at(task.attempts),
            Err(error @ Error::Store(StoreError::Unavailable { .. })) => return Err(error),
            // For a process that has the wallets of all passes.
            Err(error @ (Error::NoWallet | Error::UnknownPassType { .. })) => {
                End::Later { after: LONGEST_PAUSE, why: told(&error) }.at(task.attempts)
            }
            Err(error) => End::Dead(told(&error)),
        };
        trace::errand(task, &end, None);
        match self.inner.store.commit(self.end_of(task, end)).await {
            Err(StoreError::LeaseLost { .. }) if is_class => self.rewrite_class(name).await,
            // Somebody else has it by now, and does it.
            Err(StoreError::LeaseLost { .. }) => Ok(()),
            Err(error @ StoreError::Conflict { .. }) => {
                Ok(self.inner.store.commit(self.once_more(task, &error)).await.map(drop)?)
            }
            outcome => Ok(outcome.map(drop)?),
        }
    }

    async fn template_document(&self, name: &str) -> Result<Option<Document>, Error> {
        judge_name(name)?;
        Ok(self.inner.store.document(&self.template_key(name)).await?)
    }

    fn read_template(&self, document: &Document) -> Result<Template, Error> {
        let Document { key, revision, body, created, updated } = document;
        let name = key.name.clone();
        match serde_json::from_slice(body) {
            Ok(pass) => Ok(Template { name, pass, revision: *revision, created: *created, updated: *updated }),
            Err(source) => Err(Error::StoredTemplate { name, source }),
        }
    }

    fn template_key(&self, name: &str) -> DocumentKey {
        DocumentKey { tenant: self.inner.tenant.clone(), kind: TEMPLATE.to_owned(), name: name.to_owned() }
    }

    /// Makes a task for a template, which says all by its key.
    fn task_of_template(&self, kind: &str, name: &str) -> Write {
        let (tenant, kind, key) = (self.inner.tenant.clone(), kind.to_owned(), name.to_owned());
        let due = self.inner.clock.now();
        Write::EnqueueTask(NewTask { tenant, kind, key, body: Bytes::new(), due })
    }
}

fn judge_name(name: &str) -> Result<(), Error> {
    let is_legal = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    match (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(is_legal) {
        true => Ok(()),
        false => Err(Error::TemplateName { name: name.chars().take(LONGEST_NAME).collect() }),
    }
}

/// Gives the name of the kind of passes that a template is for.
fn kind_of(pass: &Map<String, Value>) -> Option<&str> {
    Some(pass.get("kind")?.as_object()?.keys().next()?.as_str())
}

const LONGEST_NAME: usize = 64;
/// How many templates are listed at once.
const LIST: usize = 100;
