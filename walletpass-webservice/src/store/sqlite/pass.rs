//! Passes: one, and lists.

use chrono::{DateTime, Utc};
use rusqlite::{Row, params};
use walletpass_core::{PassTypeId, Secret, State};

use super::db::{Db, Next};
use super::failure::Failure;
use super::read::Sheet;
use super::row::{body, instant, int, number, parsed, state};
use crate::PassKey;
use crate::store::cursor::PAGE;
use crate::store::instant::cut;
use crate::store::{NewPass, Page, PassQuery, StoredPass, Tag};

impl Db {
    pub(super) fn pass(&self, key: &PassKey) -> Result<Option<StoredPass>, Failure> {
        let params = params![key.tenant.as_str(), key.pass_type.as_str(), key.serial.as_str()];
        self.one(PASS, params, |row| Ok(short(row)?.with(key.clone(), body(row, 7)?)))
    }

    /// Wants a snapshot: it asks many times.
    pub(super) fn passes(
        &self,
        query: &PassQuery,
        place: Option<(PassTypeId, u64)>,
    ) -> Result<Page<StoredPass>, Failure> {
        let mut walk = Walk { query, sheet: Sheet::new(query.limit), read: 0, last: None };
        let (mut place, mut is_at_place) = match place {
            Some((pass_type, created)) => (Some(pass_type), Some(created)),
            None => (None, None),
        };
        let mut next = Next::Row;
        while next == Next::Row {
            let Some((id, pass_type)) = self.pass_type_at(query, place.take(), is_at_place.is_some())? else { break };
            next = walk.read_type(self, id, &pass_type, is_at_place.take())?;
            if next == Next::Stop || query.pass_type.is_some() {
                break;
            }
            // The place behind the last of a type, as no pass of the next one may have been looked at.
            walk.last = Some((pass_type.clone(), if query.newest_first { 0 } else { i64::MAX.cast_unsigned() }));
            walk.read += 1;
            if walk.read >= MOST_READ {
                next = Next::Stop;
            }
            place = Some(pass_type);
        }
        let cursor = (next == Next::Stop).then(|| walk.last.map(|(at, created)| query.cursor_after(&at, created)));
        Ok(Page { items: walk.sheet.into_items(), next: cursor.flatten() })
    }

    /// Gives the pass type with that a walk goes on: the one at `place` itself, or the next one after it.
    fn pass_type_at(
        &self,
        query: &PassQuery,
        place: Option<PassTypeId>,
        is_itself: bool,
    ) -> Result<Option<(i64, PassTypeId)>, Failure> {
        let read = |row: &Row<'_>| Ok((row.get(0)?, parsed(row, 1)?));
        let tenant = query.tenant.as_str();
        if let Some(only) = &query.pass_type {
            return self.one(PASS_TYPE, params![tenant, only.as_str()], read);
        }
        if let (Some(place), true) = (&place, is_itself)
            && let Some(found) = self.one(PASS_TYPE, params![tenant, place.as_str()], read)?
        {
            return Ok(Some(found));
        }
        match (place, query.newest_first) {
            (None, false) => self.one(FIRST_PASS_TYPE, params![tenant], read),
            (None, true) => self.one(LAST_PASS_TYPE, params![tenant], read),
            (Some(place), false) => self.one(NEXT_PASS_TYPE, params![tenant, place.as_str()], read),
            (Some(place), true) => self.one(PASS_TYPE_BEFORE, params![tenant, place.as_str()], read),
        }
    }
}

/// A walk over passes, and how far it got.
struct Walk<'a> {
    query: &'a PassQuery,
    sheet: Sheet<StoredPass>,
    read: usize,
    last: Option<(PassTypeId, u64)>,
}

impl Walk<'_> {
    fn read_type(&mut self, db: &Db, id: i64, pass_type: &PassTypeId, after: Option<u64>) -> Result<Next, Failure> {
        let query = self.query;
        let after = after.map_or(if query.newest_first { i64::MAX } else { 0 }, int);
        let take = |row: &Row<'_>| {
            // A page ends after so many passes too that do not match, so that no call reads through all of them.
            if self.sheet.is_full() || self.read >= MOST_READ {
                return Ok(Next::Stop);
            }
            self.read += 1;
            self.last = Some((pass_type.clone(), number(row, 7)?));
            let short = short(row)?;
            if !short.is_wanted(query) {
                return Ok(Next::Row);
            }
            let found = db.one(BODY, params![row.get::<_, i64>(8)?], |row| body(row, 0))?;
            let body = found.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
            let (tenant, serial) = (query.tenant.clone(), parsed(row, 9)?);
            let size = body.len();
            let pass = short.with(PassKey { tenant, pass_type: pass_type.clone(), serial }, body);
            self.sheet.take(|| Ok((pass, size)))
        };
        match (&query.template, query.newest_first) {
            (None, false) => db.each(PASSES, params![id, after], take),
            (None, true) => db.each(PASSES_NEWEST_FIRST, params![id, after], take),
            (Some(template), false) => db.each(PASSES_OF_TEMPLATE, params![id, after, template], take),
            (Some(template), true) => db.each(PASSES_OF_TEMPLATE_NEWEST_FIRST, params![id, after, template], take),
        }
    }
}

/// A pass without its name and its body.
struct Short {
    tag: Tag,
    state: State,
    template: Option<String>,
    token: Secret<String>,
    written: DateTime<Utc>,
    created: DateTime<Utc>,
    modified: DateTime<Utc>,
}

impl Short {
    fn is_wanted(&self, query: &PassQuery) -> bool {
        query.state.is_none_or(|state| state == self.state)
            && query.updated_from.is_none_or(|from| self.written >= cut(from))
            && query.updated_until.is_none_or(|until| self.written < cut(until))
    }

    fn with(self, key: PassKey, body: bytes::Bytes) -> StoredPass {
        let Self { tag, state, template, token, written, created, modified } = self;
        StoredPass { pass: NewPass { key, body, token, template, state, at: written }, tag, created, modified }
    }
}

fn short(row: &Row<'_>) -> rusqlite::Result<Short> {
    let (tag, state, template) = (Tag(number(row, 0)?), state(row, 1)?, row.get(2)?);
    let token = Secret::new(row.get(3)?);
    let (written, created, modified) = (instant(row, 4)?, instant(row, 5)?, instant(row, 6)?);
    Ok(Short { tag, state, template, token, written, created, modified })
}

const PASS: &str = "SELECT p.tag, p.state, p.template, p.token, p.written, p.created, p.modified, b.body
    FROM tenants n
    JOIN pass_types t ON t.tenant = n.id AND t.pass_type = ?2
    JOIN passes p ON p.pass_type = t.id AND p.serial = ?3
    JOIN pass_bodies b ON b.pass = p.id WHERE n.name = ?1";
const BODY: &str = "SELECT body FROM pass_bodies WHERE pass = ?1";
const PASS_TYPE: &str = "SELECT id, pass_type FROM pass_types
    WHERE tenant = (SELECT id FROM tenants WHERE name = ?1) AND pass_type = ?2";
const FIRST_PASS_TYPE: &str = "SELECT id, pass_type FROM pass_types
    WHERE tenant = (SELECT id FROM tenants WHERE name = ?1) ORDER BY pass_type LIMIT 1";
const LAST_PASS_TYPE: &str = "SELECT id, pass_type FROM pass_types
    WHERE tenant = (SELECT id FROM tenants WHERE name = ?1) ORDER BY pass_type DESC LIMIT 1";
const NEXT_PASS_TYPE: &str = "SELECT id, pass_type FROM pass_types
    WHERE tenant = (SELECT id FROM tenants WHERE name = ?1) AND pass_type > ?2 ORDER BY pass_type LIMIT 1";
const PASS_TYPE_BEFORE: &str = "SELECT id, pass_type FROM pass_types
    WHERE tenant = (SELECT id FROM tenants WHERE name = ?1) AND pass_type < ?2 ORDER BY pass_type DESC LIMIT 1";
const PASSES: &str = "SELECT tag, state, template, token, written, created, modified, created_tag, id, serial
    FROM passes WHERE pass_type = ?1 AND created_tag > ?2 ORDER BY created_tag";
const PASSES_NEWEST_FIRST: &str =
    "SELECT tag, state, template, token, written, created, modified, created_tag, id, serial
    FROM passes WHERE pass_type = ?1 AND created_tag < ?2 ORDER BY created_tag DESC";
const PASSES_OF_TEMPLATE: &str =
    "SELECT tag, state, template, token, written, created, modified, created_tag, id, serial
    FROM passes INDEXED BY passes_of_template
    WHERE pass_type = ?1 AND template = ?3 AND created_tag > ?2 ORDER BY created_tag";
const PASSES_OF_TEMPLATE_NEWEST_FIRST: &str =
    "SELECT tag, state, template, token, written, created, modified, created_tag, id, serial
    FROM passes INDEXED BY passes_of_template
    WHERE pass_type = ?1 AND template = ?3 AND created_tag < ?2 ORDER BY created_tag DESC";

/// How many passes a page looks at at most; more than a page has.
const MOST_READ: usize = PAGE * 4;
