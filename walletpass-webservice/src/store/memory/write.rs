//! Writes of passes, documents and events.

use chrono::{DateTime, Utc};

use super::session::{CreatedPass, Numbered, Session};
use crate::store::instant::cut;
use crate::store::{
    Document, DocumentKey, Event, NewDocument, NewEvent, NewPass, StoreError, StoredPass, Tag, Write, Written,
};
use crate::{DeviceId, PassKey, Tenant};

impl Session<'_> {
    pub(super) fn write(&mut self, write: Write) -> Result<Written, StoreError> {
        match write {
            Write::AppendEvent(event) => Ok(self.append(event)),
            Write::BuryTask { lease, error } => self.bury(lease, error),
            Write::CreatePass(pass) => self.create(pass),
            Write::DeleteDocument { key, expected } => self.delete_document(&key, expected),
            Write::DeletePass { key, expected, at } => self.delete_pass(&key, expected, at),
            Write::DiscardTask { tenant, task } => self.discard(tenant, task),
            Write::EnqueueTask(task) => Ok(self.enqueue(task)),
            Write::FinishTask(lease) => self.finish(lease),
            Write::ForgetToken { tenant, pass_type, push_token, until, at } => {
                Ok(self.forget(tenant, pass_type, push_token, until, at))
            }
            Write::PruneEvents { tenant, through } => Ok(self.prune(&tenant, through)),
            Write::PutDocument { document, expected } => self.put_document(document, expected),
            Write::Register { device, pass, push_token, at } => self.register(device, pass, push_token, at),
            Write::RetryTask { lease, due, error } => self.retry(lease, due, error),
            Write::ReviveTask { tenant, task, due } => self.revive(tenant, task, due),
            Write::Unregister { device, pass, at } => {
                Ok(Written::Removed { registrations: self.unregister(&pass, &device, at).into() })
            }
            Write::UpdatePass { pass, expected } => self.update(pass, expected),
        }
    }

    pub(super) fn append(&mut self, event: NewEvent) -> Written {
        let tenant = event.tenant.clone();
        let id = self.next(|tables| &mut tables.last_events, tenant.clone());
        if let Some(pass) = &event.pass {
            self.put(|tables| &mut tables.events_of_pass, (pass.clone(), id), ());
        }
        let event = Event { id, event: NewEvent { at: cut(event.at), ..event } };
        self.put(|tables| &mut tables.events, (tenant, id), event);
        Written::Done
    }

    fn prune(&mut self, tenant: &Tenant, through: u64) -> Written {
        let key = |id| (tenant.clone(), id);
        let most = usize::try_from(Write::MOST_PRUNED).unwrap_or(usize::MAX);
        let ids: Vec<u64> =
            self.tables.events.range(key(0)..=key(through)).map(|((_, id), _)| *id).take(most).collect();
        for id in &ids {
            if let Some(Event { event: NewEvent { pass: Some(pass), .. }, .. }) =
                self.take(|tables| &mut tables.events, &key(*id))
            {
                self.take(|tables| &mut tables.events_of_pass, &(pass, *id));
            }
        }
        Written::Pruned { events: ids.len() as u64 }
    }

    /// Appends what a store says by itself of a registration.
    pub(super) fn append_of_registration(&mut self, kind: &str, pass: &PassKey, at: DateTime<Utc>) {
        let (tenant, pass) = (pass.tenant.clone(), Some(pass.clone()));
        self.append(NewEvent { tenant, kind: kind.to_owned(), pass, at, body: Default::default() });
    }

    fn create(&mut self, pass: NewPass) -> Result<Written, StoreError> {
        if let Some(found) = self.tables.passes.get(&pass.key) {
            return Err(StoreError::pass_conflict(&pass.key, Some(found.pass.tag.0)));
        }
        let tag = self.next_tag(&pass.key);
        let PassKey { tenant, pass_type, serial } = pass.key.clone();
        let deleted = self.tables.deleted_modified.get(&(tenant.clone(), pass_type.clone())).copied();
        self.put(|tables| &mut tables.passes_by_creation, (tenant, pass_type, tag.0), serial);
        let pass = NewPass { at: cut(pass.at), ..pass };
        let (created, modified) = (pass.at, StoredPass::modified_at(pass.at, deleted));
        let pass = StoredPass { pass, tag, created, modified };
        self.put(|tables| &mut tables.passes, pass.pass.key.clone(), CreatedPass { pass, created: tag.0 });
        Ok(Written::Pass(tag))
    }

    fn update(&mut self, pass: NewPass, expected: Tag) -> Result<Written, StoreError> {
        let before = self.expect_pass(&pass.key, expected)?;
        let tag = self.next_tag(&pass.key);
        let pass = NewPass { at: cut(pass.at), ..pass };
        let modified = StoredPass::modified_at(pass.at, Some(before.pass.modified));
        let pass = StoredPass { pass, tag, created: before.pass.created, modified };
        self.put(|tables| &mut tables.passes, pass.pass.key.clone(), CreatedPass { pass, ..before });
        Ok(Written::Pass(tag))
    }

    fn delete_pass(&mut self, key: &PassKey, expected: Tag, at: DateTime<Utc>) -> Result<Written, StoreError> {
        let before = self.expect_pass(key, expected)?;
        let holders = self.tables.registrations_of_pass.range((key.clone(), 0)..=(key.clone(), u64::MAX));
        let holders: Vec<DeviceId> = holders.map(|(_, device)| device.clone()).collect();
        for device in &holders {
            self.unregister(key, device, at);
        }
        let place = (key.tenant.clone(), key.pass_type.clone(), before.created);
        self.take(|tables| &mut tables.passes_by_creation, &place);
        self.take(|tables| &mut tables.passes, key);
        let pass_type = (key.tenant.clone(), key.pass_type.clone());
        let modified = before.pass.modified;
        let latest = self.tables.deleted_modified.get(&pass_type).map_or(modified, |latest| modified.max(*latest));
        self.put(|tables| &mut tables.deleted_modified, pass_type, latest);
        Ok(Written::Done)
    }

    fn expect_pass(&self, key: &PassKey, expected: Tag) -> Result<CreatedPass, StoreError> {
        match self.tables.passes.get(key) {
            Some(found) if found.pass.tag == expected => Ok(found.clone()),
            found => Err(StoreError::pass_conflict(key, found.map(|found| found.pass.tag.0))),
        }
    }

    pub(super) fn next_tag(&mut self, key: &PassKey) -> Tag {
        Tag(self.next(|tables| &mut tables.last_tags, (key.tenant.clone(), Some(key.pass_type.clone()))))
    }

    fn put_document(&mut self, document: NewDocument, expected: Option<u64>) -> Result<Written, StoreError> {
        let NewDocument { key, body, at } = document;
        let before = self.tables.documents.get(&key);
        if before.map(|before| before.revision) != expected {
            return Err(StoreError::document_conflict(&key, before.map(|before| before.revision)));
        }
        let updated = cut(at);
        let created = before.map_or(updated, |before| before.created);
        let revision = self.next(|tables| &mut tables.last_numbers, Numbered::Revision);
        let document = Document { key: key.clone(), revision, body, created, updated };
        self.put(|tables| &mut tables.documents, key, document);
        Ok(Written::Done)
    }

    fn delete_document(&mut self, key: &DocumentKey, expected: u64) -> Result<Written, StoreError> {
        match self.tables.documents.get(key).map(|document| document.revision) {
            Some(found) if found == expected => {
                self.take(|tables| &mut tables.documents, key);
                Ok(Written::Done)
            }
            found => Err(StoreError::document_conflict(key, found)),
        }
    }
}
