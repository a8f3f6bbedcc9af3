//! Writes of passes, documents and events.

use chrono::{DateTime, Utc};
use rusqlite::{Row, params};
use walletpass_core::PassTypeId;

use super::db::Db;
use super::failure::Failure;
use super::row::{instant, int, number};
use crate::store::state::state_name;
use crate::store::{DocumentKey, NewDocument, NewEvent, NewPass, StoreError, StoredPass, Tag, Write, Written};
use crate::{PassKey, Tenant};

impl Db {
    /// Does a write; that all or none are done is up to the caller.
    pub(super) fn write(&self, write: Write) -> Result<Written, Failure> {
        match write {
            Write::AppendEvent(event) => self.append(&event).map(|()| Written::Done),
            Write::BuryTask { lease, error } => self.bury(lease, &error),
            Write::CreatePass(pass) => self.create(&pass),
            Write::DeleteDocument { key, expected } => self.delete_document(&key, expected),
            Write::DeletePass { key, expected, at } => self.delete_pass(&key, expected, at),
            Write::DiscardTask { tenant, task } => self.discard(&tenant, task),
            Write::EnqueueTask(task) => self.enqueue(&task),
            Write::FinishTask(lease) => self.finish(lease),
            Write::ForgetToken { tenant, pass_type, push_token, until, at } => {
                self.forget(&tenant, &pass_type, &push_token, until, at)
            }
            Write::PruneEvents { tenant, through } => self.prune(&tenant, through),
            Write::PutDocument { document, expected } => self.put_document(&document, expected),
            Write::Register { device, pass, push_token, at } => self.register(&device, &pass, &push_token, at),
            Write::RetryTask { lease, due, error } => self.retry(lease, due, &error),
            Write::ReviveTask { tenant, task, due } => self.revive(&tenant, task, due),
            Write::Unregister { device, pass, at } => self.unregister(&device, &pass, at),
            Write::UpdatePass { pass, expected } => self.update(&pass, expected),
        }
    }

    fn append(&self, event: &NewEvent) -> Result<(), Failure> {
        let tenant = self.tenant_made(&event.tenant)?;
        let pass_type = event.pass.as_ref().map(|pass| self.pass_type_made(tenant, &pass.pass_type)).transpose()?;
        let serial = event.pass.as_ref().map(|pass| pass.serial.as_str());
        let id: i64 = self.expect_one(NEXT_EVENT, params![tenant], |row| row.get(0))?;
        let at = event.at.timestamp_micros();
        self.run(ADD_EVENT, params![tenant, id, event.kind, pass_type, serial, at, &event.body[..]]).map(drop)
    }

    fn prune(&self, tenant: &Tenant, through: u64) -> Result<Written, Failure> {
        let pruned = self.run(PRUNE_EVENTS, params![tenant.as_str(), int(through), int(Write::MOST_PRUNED)])?;
        Ok(Written::Pruned { events: pruned as u64 })
    }

    /// Appends what a store says by itself of a registration.
    pub(super) fn append_of_registration(&self, kind: &str, pass: &PassKey, at: DateTime<Utc>) -> Result<(), Failure> {
        let (tenant, pass) = (pass.tenant.clone(), Some(pass.clone()));
        self.append(&NewEvent { tenant, kind: kind.to_owned(), pass, at, body: Default::default() })
    }

    fn create(&self, pass: &NewPass) -> Result<Written, Failure> {
        if let Some(found) = self.kept(&pass.key)? {
            return Err(StoreError::pass_conflict(&pass.key, Some(found.tag)).into());
        }
        let tenant = self.tenant_made(&pass.key.tenant)?;
        let pass_type = self.pass_type_made(tenant, &pass.key.pass_type)?;
        let read = |row: &Row<'_>| {
            let deleted = row.get::<_, Option<i64>>(1)?.map(|_| instant(row, 1)).transpose()?;
            Ok((row.get::<_, i64>(0)?, deleted))
        };
        let (tag, deleted) = self.expect_one(NEXT_TAG, params![pass_type], read)?;
        let (at, state) = (pass.at.timestamp_micros(), state_name(pass.state)?);
        let modified = StoredPass::modified_at(pass.at, deleted).timestamp_micros();
        let (serial, token) = (pass.key.serial.as_str(), pass.token.expose());
        let params = params![pass_type, serial, tag, state, pass.template, token, at, modified];
        let id: i64 = self.expect_one(ADD_PASS, params, |row| row.get(0))?;
        self.run(ADD_BODY, params![id, &pass.body[..]])?;
        Ok(Written::Pass(Tag(tag.cast_unsigned())))
    }

    fn update(&self, pass: &NewPass, expected: Tag) -> Result<Written, Failure> {
        let before = self.expect_pass(&pass.key, expected)?;
        let tag = self.next_tag(before.pass_type)?;
        let (at, state) = (pass.at.timestamp_micros(), state_name(pass.state)?);
        let modified = StoredPass::modified_at(pass.at, Some(before.modified)).timestamp_micros();
        self.run(CHANGE_PASS, params![before.id, tag, state, pass.template, pass.token.expose(), at, modified])?;
        self.run(CHANGE_BODY, params![before.id, &pass.body[..]])?;
        Ok(Written::Pass(Tag(tag.cast_unsigned())))
    }

    fn delete_pass(&self, key: &PassKey, expected: Tag, at: DateTime<Utc>) -> Result<Written, Failure> {
        let before = self.expect_pass(key, expected)?;
        self.unregister_all(before.id, key, at)?;
        self.run(DELETE_PASS, params![before.id])?;
        self.run(KEEP_MODIFIED, params![before.pass_type, before.modified.timestamp_micros()])?;
        Ok(Written::Done)
    }

    fn expect_pass(&self, key: &PassKey, expected: Tag) -> Result<Kept, Failure> {
        match self.kept(key)? {
            Some(found) if found.tag == expected.0 => Ok(found),
            found => Err(StoreError::pass_conflict(key, found.map(|found| found.tag)).into()),
        }
    }

    /// Finds a pass that is to be changed.
    pub(super) fn kept(&self, key: &PassKey) -> Result<Option<Kept>, Failure> {
        let params = params![key.tenant.as_str(), key.pass_type.as_str(), key.serial.as_str()];
        self.one(KEPT, params, |row| {
            let (id, pass_type, was_updated) = (row.get(0)?, row.get(1)?, row.get(4)?);
            Ok(Kept { id, pass_type, was_updated, tag: number(row, 2)?, modified: instant(row, 3)? })
        })
    }

    pub(super) fn next_tag(&self, pass_type: i64) -> Result<i64, Failure> {
        self.expect_one(NEXT_TAG, params![pass_type], |row| row.get(0))
    }

    fn put_document(&self, document: &NewDocument, expected: Option<u64>) -> Result<Written, Failure> {
        let NewDocument { key, body, at } = document;
        let found = self.revision(key)?;
        if found != expected {
            return Err(StoreError::document_conflict(key, found).into());
        }
        let tenant = self.tenant_made(&key.tenant)?;
        let revision: i64 = self.expect_one(NEXT_REVISION, params![tenant], |row| row.get(0))?;
        self.run(PUT_DOCUMENT, params![tenant, key.kind, key.name, revision, at.timestamp_micros(), &body[..]])?;
        Ok(Written::Done)
    }

    fn delete_document(&self, key: &DocumentKey, expected: u64) -> Result<Written, Failure> {
        match self.revision(key)? {
            Some(found) if found == expected => {
                self.run(DELETE_DOCUMENT, params![key.tenant.as_str(), key.kind, key.name])?;
                Ok(Written::Done)
            }
            found => Err(StoreError::document_conflict(key, found).into()),
        }
    }

    fn revision(&self, key: &DocumentKey) -> Result<Option<u64>, Failure> {
        self.one(REVISION, params![key.tenant.as_str(), key.kind, key.name], |row| number(row, 0))
    }

    pub(super) fn tenant_made(&self, tenant: &Tenant) -> Result<i64, Failure> {
        match self.one(TENANT, params![tenant.as_str()], |row| row.get(0))? {
            Some(id) => Ok(id),
            None => self.expect_one(ADD_TENANT, params![tenant.as_str()], |row| row.get(0)),
        }
    }

    fn pass_type_made(&self, tenant: i64, pass_type: &PassTypeId) -> Result<i64, Failure> {
        let params = params![tenant, pass_type.as_str()];
        match self.one(PASS_TYPE, params, |row| row.get(0))? {
            Some(id) => Ok(id),
            None => self.expect_one(ADD_PASS_TYPE, params, |row| row.get(0)),
        }
    }

    /// Gives the row that must be there.
    pub(super) fn expect_one<T>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, Failure> {
        self.one(sql, params, read)?.ok_or(Failure::Sqlite(rusqlite::Error::QueryReturnedNoRows))
    }
}

/// A pass that is to be changed.
pub(super) struct Kept {
    pub(super) id: i64,
    pub(super) pass_type: i64,
    pub(super) was_updated: bool,
    tag: u64,
    modified: DateTime<Utc>,
}

const TENANT: &str = "SELECT id FROM tenants WHERE name = ?1";
const ADD_TENANT: &str = "INSERT INTO tenants (name) VALUES (?1) RETURNING id";
const PASS_TYPE: &str = "SELECT id FROM pass_types WHERE tenant = ?1 AND pass_type = ?2";
const ADD_PASS_TYPE: &str = "INSERT INTO pass_types (tenant, pass_type) VALUES (?1, ?2) RETURNING id";
const NEXT_TAG: &str =
    "UPDATE pass_types SET last_tag = last_tag + 1 WHERE id = ?1 RETURNING last_tag, deleted_modified";
const NEXT_EVENT: &str = "UPDATE tenants SET last_event = last_event + 1 WHERE id = ?1 RETURNING last_event";
const NEXT_REVISION: &str =
    "UPDATE tenants SET last_revision = last_revision + 1 WHERE id = ?1 RETURNING last_revision";
const ADD_EVENT: &str = "INSERT INTO events (tenant, id, kind, pass_type, serial, at, body)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
const PRUNE_EVENTS: &str = "DELETE FROM events WHERE rowid IN (SELECT rowid FROM events
    WHERE tenant = (SELECT id FROM tenants WHERE name = ?1) AND id <= ?2 ORDER BY id LIMIT ?3)";
const KEPT: &str = "SELECT p.id, p.pass_type, p.tag, p.modified, p.tag > p.created_tag FROM tenants n
    JOIN pass_types t ON t.tenant = n.id AND t.pass_type = ?2
    JOIN passes p ON p.pass_type = t.id AND p.serial = ?3 WHERE n.name = ?1";
const ADD_PASS: &str = "INSERT INTO passes
    (pass_type, serial, created_tag, tag, state, template, token, written, created, modified)
    VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6, ?7, ?7, ?8) RETURNING id";
const ADD_BODY: &str = "INSERT INTO pass_bodies (pass, body) VALUES (?1, ?2)";
const CHANGE_PASS: &str =
    "UPDATE passes SET tag = ?2, state = ?3, template = ?4, token = ?5, written = ?6, modified = ?7 WHERE id = ?1";
const CHANGE_BODY: &str = "UPDATE pass_bodies SET body = ?2 WHERE pass = ?1";
const DELETE_PASS: &str = "DELETE FROM passes WHERE id = ?1";
const KEEP_MODIFIED: &str =
    "UPDATE pass_types SET deleted_modified = max(?2, coalesce(deleted_modified, ?2)) WHERE id = ?1";
const REVISION: &str = "SELECT revision FROM documents
    WHERE tenant = (SELECT id FROM tenants WHERE name = ?1) AND kind = ?2 AND name = ?3";
const PUT_DOCUMENT: &str = "INSERT INTO documents (tenant, kind, name, revision, created, updated, body)
    VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6) ON CONFLICT (tenant, kind, name)
    DO UPDATE SET revision = excluded.revision, updated = excluded.updated, body = excluded.body";
const DELETE_DOCUMENT: &str = "DELETE FROM documents
    WHERE tenant = (SELECT id FROM tenants WHERE name = ?1) AND kind = ?2 AND name = ?3";
