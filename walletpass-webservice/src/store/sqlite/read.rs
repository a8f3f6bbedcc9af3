//! Reads.

use rusqlite::{Row, params};
use walletpass_core::PassTypeId;

use super::db::{Db, Next};
use super::failure::Failure;
use super::row::{body, instant, int, number, parsed};
use crate::PassKey;
use crate::store::cursor::PAGE;
use crate::store::{
    Asset, Changes, Cursor, DeviceKey, Digest, Document, DocumentKey, DocumentQuery, Event, EventQuery, NewEvent, Page,
    Registration, RegistrationQuery, Tag,
};

impl Db {
    pub(super) fn document(&self, key: &DocumentKey) -> Result<Option<Document>, Failure> {
        let read = |row: &Row<'_>| document(row, key.clone());
        self.one(DOCUMENT, params![key.tenant.as_str(), key.kind, key.name], read)
    }

    pub(super) fn documents(&self, query: &DocumentQuery, place: Option<String>) -> Result<Page<Document>, Failure> {
        let mut sheet = Sheet::new(query.limit);
        // No document has an empty name, so all are after it.
        let params = params![query.tenant.as_str(), query.kind, place.unwrap_or_default()];
        self.each(DOCUMENTS, params, |row| {
            sheet.take(|| {
                let key = DocumentKey { tenant: query.tenant.clone(), kind: query.kind.clone(), name: row.get(4)? };
                let document = document(row, key)?;
                let size = document.body.len();
                Ok((document, size))
            })
        })?;
        Ok(sheet.page(|document| query.cursor_after(&document.key.name)))
    }

    pub(super) fn registrations(
        &self,
        query: &RegistrationQuery,
        place: Option<u64>,
    ) -> Result<Page<Registration>, Failure> {
        let pass = &query.pass;
        let mut sheet = Sheet::new(query.limit);
        let after = int(place.unwrap_or(0));
        let params = params![pass.tenant.as_str(), pass.pass_type.as_str(), pass.serial.as_str(), after];
        self.each(REGISTRATIONS, params, |row| {
            sheet.take(|| {
                let (push_token, registered) = (parsed(row, 2)?, instant(row, 3)?);
                Ok(((number(row, 0)?, Registration { device: parsed(row, 1)?, push_token, registered }), 0))
            })
        })?;
        let Page { items, next } = sheet.page(|(number, _)| query.cursor_after(*number));
        Ok(Page { items: items.into_iter().map(|(_, registration)| registration).collect(), next })
    }

    /// Wants a snapshot: it asks twice.
    pub(super) fn changed_since(&self, device: &DeviceKey, since: Option<Tag>) -> Result<Option<Changes>, Failure> {
        let read = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, number(row, 1)?));
        let key = params![device.tenant.as_str(), device.pass_type.as_str(), device.device.as_str()];
        let Some((id, last_tag)) = self.one(DEVICE, key, read)? else { return Ok(None) };
        let since = since.map_or(0, |since| since.0);
        let since = if since <= last_tag { int(since) } else { 0 };
        let changed = self.all(CHANGED, params![id, since], |row| Ok((parsed(row, 0)?, Tag(number(row, 1)?))))?;
        let Some(tag) = changed.last().map(|(_, tag)| *tag) else { return Ok(None) };
        Ok(Some(Changes { serials: changed.into_iter().map(|(serial, _)| serial).collect(), tag }))
    }

    pub(super) fn events(&self, query: &EventQuery, place: Option<u64>) -> Result<Page<Event>, Failure> {
        let mut sheet = Sheet::new(query.limit);
        let after = int(place.unwrap_or(0));
        let take = |row: &Row<'_>| {
            sheet.take(|| {
                let event = event(row, query)?;
                let size = event.event.body.len();
                Ok((event, size))
            })
        };
        let tenant = query.tenant.as_str();
        match &query.pass {
            Some(pass) => {
                let params = params![tenant, after, pass.pass_type.as_str(), pass.serial.as_str()];
                self.each(EVENTS_OF_PASS, params, take)?
            }
            None => self.each(EVENTS, params![tenant, after], take)?,
        };
        Ok(sheet.page(|event| query.cursor_after(event.id)))
    }

    pub(super) fn asset(&self, digest: Digest) -> Result<Option<Asset>, Failure> {
        self.one(ASSET, params![digest.0.as_slice()], |row| Ok(Asset { media_type: row.get(0)?, bytes: body(row, 1)? }))
    }

    pub(super) fn put_asset(&self, digest: Digest, asset: &Asset) -> Result<(), Failure> {
        self.run(PUT_ASSET, params![digest.0.as_slice(), asset.media_type, &asset.bytes[..]]).map(drop)
    }
}

/// The page that is being filled.
pub(super) struct Sheet<T> {
    items: Vec<T>,
    limit: usize,
    bytes: usize,
    has_more: bool,
}

impl<T> Sheet<T> {
    pub(super) fn new(limit: usize) -> Self {
        Self { items: Vec::new(), limit: limit.min(PAGE), bytes: 0, has_more: false }
    }

    pub(super) fn is_full(&self) -> bool {
        self.items.len() >= self.limit || self.bytes >= PAGE_BYTES
    }

    /// Takes an item and the size of its body, or sees that there is more than fits.
    pub(super) fn take(&mut self, read: impl FnOnce() -> rusqlite::Result<(T, usize)>) -> Result<Next, Failure> {
        if self.is_full() {
            self.has_more = true;
            return Ok(Next::Stop);
        }
        let (item, size) = read()?;
        self.items.push(item);
        self.bytes += size;
        Ok(Next::Row)
    }

    pub(super) fn page(self, cursor: impl Fn(&T) -> Cursor) -> Page<T> {
        let next = if self.has_more { self.items.last().map(cursor) } else { None };
        Page { items: self.items, next }
    }

    pub(super) fn into_items(self) -> Vec<T> {
        self.items
    }
}

fn document(row: &Row<'_>, key: DocumentKey) -> rusqlite::Result<Document> {
    let (created, updated) = (instant(row, 1)?, instant(row, 2)?);
    Ok(Document { key, revision: number(row, 0)?, created, updated, body: body(row, 3)? })
}

fn event(row: &Row<'_>, query: &EventQuery) -> rusqlite::Result<Event> {
    let tenant = query.tenant.clone();
    let pass = match row.get_ref(4)?.as_str_or_null()? {
        None => None,
        Some(_) => {
            let pass_type: PassTypeId = parsed(row, 4)?;
            Some(PassKey { tenant: tenant.clone(), pass_type, serial: parsed(row, 5)? })
        }
    };
    let event = NewEvent { tenant, kind: row.get(1)?, pass, at: instant(row, 2)?, body: body(row, 3)? };
    Ok(Event { id: number(row, 0)?, event })
}

const DOCUMENT: &str = "SELECT revision, created, updated, body FROM documents
    WHERE tenant = (SELECT id FROM tenants WHERE name = ?1) AND kind = ?2 AND name = ?3";
const DOCUMENTS: &str = "SELECT revision, created, updated, body, name FROM documents
    WHERE tenant = (SELECT id FROM tenants WHERE name = ?1) AND kind = ?2 AND name > ?3 ORDER BY name";
const REGISTRATIONS: &str = "SELECT r.number, d.device, d.push_token, d.registered
    FROM registrations r JOIN devices d ON d.id = r.device
    WHERE r.pass = (SELECT p.id FROM tenants n
        JOIN pass_types t ON t.tenant = n.id AND t.pass_type = ?2
        JOIN passes p ON p.pass_type = t.id AND p.serial = ?3 WHERE n.name = ?1)
    AND r.number > ?4 ORDER BY r.number";
const DEVICE: &str = "SELECT d.id, t.last_tag FROM tenants n
    JOIN pass_types t ON t.tenant = n.id AND t.pass_type = ?2
    JOIN devices d ON d.pass_type = t.id AND d.device = ?3 WHERE n.name = ?1";
const CHANGED: &str = "SELECT p.serial, max(p.tag, r.tag) FROM registrations r CROSS JOIN passes p ON p.id = r.pass
    WHERE r.device = ?1 AND max(p.tag, r.tag) > ?2 ORDER BY max(p.tag, r.tag)";
const EVENTS: &str = "SELECT e.id, e.kind, e.at, e.body, t.pass_type, e.serial
    FROM events e LEFT JOIN pass_types t ON t.id = e.pass_type
    WHERE e.tenant = (SELECT id FROM tenants WHERE name = ?1) AND e.id > ?2 ORDER BY e.id";
const EVENTS_OF_PASS: &str = "SELECT e.id, e.kind, e.at, e.body, ?3, e.serial
    FROM events e INDEXED BY events_of_pass
    WHERE e.pass_type = (SELECT t.id FROM tenants n JOIN pass_types t ON t.tenant = n.id WHERE n.name = ?1 AND t.pass_type = ?3)
    AND e.serial = ?4 AND e.id > ?2 ORDER BY e.id";
const ASSET: &str = "SELECT media_type, body FROM assets WHERE digest = ?1";
const PUT_ASSET: &str =
    "INSERT INTO assets (digest, media_type, body) VALUES (?1, ?2, ?3) ON CONFLICT (digest) DO NOTHING";

/// How many bytes of bodies end a page before its limit, so that memory has a bound.
const PAGE_BYTES: usize = 8 << 20;
