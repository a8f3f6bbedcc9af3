//! Reads.

use std::ops::Bound;

use walletpass_core::PassTypeId;

use super::session::{CreatedPass, Held, Tables};
use crate::PassKey;
use crate::store::cursor::PAGE;
use crate::store::instant::cut;
use crate::store::{
    Changes, Cursor, DeviceKey, Document, DocumentKey, DocumentQuery, Event, EventQuery, Page, PassQuery, Registration,
    RegistrationQuery, StoredPass, Tag, Task, TaskQuery,
};

impl Tables {
    pub(super) fn pass(&self, key: &PassKey) -> Option<StoredPass> {
        self.passes.get(key).map(|found| found.pass.clone())
    }

    pub(super) fn passes(&self, query: &PassQuery, place: Option<(PassTypeId, u64)>) -> Page<StoredPass> {
        let mut kept = self.kept_passes(query, place);
        let mut page = Page { items: Vec::new(), next: None };
        let mut last = None;
        // A page ends after so many passes too that do not match, so that no call reads through all of them.
        for found in kept.by_ref().take(MOST_READ) {
            last = Some((&found.pass.pass.key.pass_type, found.created));
            if is_wanted(query, &found.pass) {
                page.items.push(found.pass.clone());
            }
            if page.items.len() == query.limit.min(PAGE) {
                break;
            }
        }
        if kept.next().is_some() {
            page.next = last.map(|(pass_type, created)| query.cursor_after(pass_type, created));
        }
        page
    }

    /// Gives the passes of a query's tenant and pass type after a place, in its order.
    fn kept_passes<'a>(
        &'a self,
        query: &'a PassQuery,
        place: Option<(PassTypeId, u64)>,
    ) -> Box<dyn Iterator<Item = &'a CreatedPass> + 'a> {
        let mut pass_types: Vec<&PassTypeId> = Vec::new();
        match &query.pass_type {
            Some(pass_type) => pass_types.push(pass_type),
            // The counters know every pass type of a tenant.
            None => {
                let every = self.last_tags.range((query.tenant.clone(), None)..).map(|(key, _)| key);
                let own = every.take_while(|(tenant, _)| *tenant == query.tenant);
                pass_types.extend(own.filter_map(|(_, pass_type)| pass_type.as_ref()));
            }
        }
        if query.newest_first {
            pass_types.reverse();
        }
        let is_reverse = query.newest_first;
        let kept = pass_types.into_iter().flat_map(move |pass_type| {
            let all = (0, u64::MAX);
            let (from, to) = match &place {
                None => all,
                Some((at, created)) if at == pass_type && is_reverse => (0, created.saturating_sub(1)),
                Some((at, created)) if at == pass_type => (created.saturating_add(1), u64::MAX),
                Some((at, _)) if (pass_type > at) != is_reverse => all,
                Some(_) => (0, 0), // Numbers begin with 1.
            };
            let key = |number: u64| (query.tenant.clone(), pass_type.clone(), number);
            let range = (Bound::Included(key(from)), Bound::Included(key(to.max(from))));
            let range = self.passes_by_creation.range(range);
            let serials: Box<dyn Iterator<Item = _>> = if is_reverse {
                Box::new(range.rev().map(|(_, serial)| serial))
            } else {
                Box::new(range.map(|(_, serial)| serial))
            };
            serials.filter_map(move |serial| {
                let (tenant, pass_type, serial) = (query.tenant.clone(), pass_type.clone(), serial.clone());
                self.passes.get(&PassKey { tenant, pass_type, serial })
            })
        });
        Box::new(kept)
    }

    pub(super) fn document(&self, key: &DocumentKey) -> Option<Document> {
        self.documents.get(key).cloned()
    }

    pub(super) fn documents(&self, query: &DocumentQuery, place: Option<String>) -> Page<Document> {
        let key = |name| DocumentKey { tenant: query.tenant.clone(), kind: query.kind.clone(), name };
        // No document has an empty name, so all of its kind are after it.
        let after = Bound::Excluded(key(place.unwrap_or_default()));
        let found = self.documents.range((after, Bound::Unbounded)).map(|(_, document)| document);
        let found = found.take_while(|document| document.key.tenant == query.tenant && document.key.kind == query.kind);
        page(found.cloned(), query.limit, |document| query.cursor_after(&document.key.name))
    }

    pub(super) fn registrations(&self, query: &RegistrationQuery, place: Option<u64>) -> Page<Registration> {
        let key = |number| (query.pass.clone(), number);
        let range = (Bound::Excluded(key(place.unwrap_or(0))), Bound::Included(key(u64::MAX)));
        if place == Some(u64::MAX) {
            return Page { items: Vec::new(), next: None };
        }
        let found = self.registrations_of_pass.range(range).filter_map(|((_, number), device)| {
            let (tenant, pass_type) = (query.pass.tenant.clone(), query.pass.pass_type.clone());
            let known = self.devices.get(&DeviceKey { tenant, pass_type, device: device.clone() })?;
            let (device, push_token) = (device.clone(), known.push_token.clone());
            Some((*number, Registration { device, push_token, registered: known.registered }))
        });
        let Page { items, next } = page(found, query.limit, |(number, _)| query.cursor_after(*number));
        Page { items: items.into_iter().map(|(_, registration)| registration).collect(), next }
    }

    pub(super) fn changed_since(&self, device: &DeviceKey, since: Option<Tag>) -> Option<Changes> {
        let counter = self.last_tags.get(&(device.tenant.clone(), Some(device.pass_type.clone()))).copied();
        let since = since.filter(|since| since.0 <= counter.unwrap_or(0)).unwrap_or(Tag(0));
        let held = self.registrations_of_device.range((device.clone(), 0)..=(device.clone(), u64::MAX));
        let mut changed: Vec<_> = held
            .filter_map(|(_, Held { serial, tag })| {
                let (tenant, pass_type) = (device.tenant.clone(), device.pass_type.clone());
                let found = self.passes.get(&PassKey { tenant, pass_type, serial: serial.clone() })?;
                let tag = found.pass.tag.max(*tag);
                (tag > since).then(|| (tag, serial.clone()))
            })
            .collect();
        changed.sort();
        let tag = changed.last()?.0;
        Some(Changes { serials: changed.into_iter().map(|(_, serial)| serial).collect(), tag })
    }

    pub(super) fn tasks(&self, query: &TaskQuery, place: Option<u64>) -> Page<Task> {
        let key = |id| (query.tenant.clone(), id);
        let from = key(place.map_or(0, |place| place.saturating_add(1)));
        let cursor = |task: &Task| query.cursor_after(task.id);
        match query.dead_only {
            true => {
                let dead = self.dead_tasks.range(from..=key(u64::MAX));
                page(dead.filter_map(|(place, ())| self.tasks.get(place).cloned()), query.limit, cursor)
            }
            false => page(self.tasks.range(from..=key(u64::MAX)).map(|(_, task)| task.clone()), query.limit, cursor),
        }
    }

    pub(super) fn events(&self, query: &EventQuery, place: Option<u64>) -> Page<Event> {
        let key = |id| (query.tenant.clone(), id);
        let from = place.map_or(0, |place| place.saturating_add(1));
        let cursor = |event: &Event| query.cursor_after(event.id);
        match &query.pass {
            Some(pass) => {
                let ids = self.events_of_pass.range((pass.clone(), from)..=(pass.clone(), u64::MAX));
                page(ids.filter_map(|((_, id), ())| self.events.get(&key(*id)).cloned()), query.limit, cursor)
            }
            None => {
                let events = self.events.range(key(from)..=key(u64::MAX)).map(|(_, event)| event.clone());
                page(events, query.limit, cursor)
            }
        }
    }
}

/// Makes a page of the first of what was found, with a cursor when there is more.
fn page<T>(mut found: impl Iterator<Item = T>, limit: usize, cursor: impl Fn(&T) -> Cursor) -> Page<T> {
    let items: Vec<T> = found.by_ref().take(limit.min(PAGE)).collect();
    let next = found.next().and_then(|_| items.last().map(cursor));
    Page { items, next }
}

fn is_wanted(query: &PassQuery, found: &StoredPass) -> bool {
    query.template.as_ref().is_none_or(|template| found.pass.template.as_ref() == Some(template))
        && query.state.is_none_or(|state| state == found.pass.state)
        && query.updated_from.is_none_or(|from| found.pass.at >= cut(from))
        && query.updated_until.is_none_or(|until| found.pass.at < cut(until))
}

const MOST_READ: usize = 4096;
