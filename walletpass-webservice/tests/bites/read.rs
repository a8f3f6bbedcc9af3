//! Reads and claims gone wrong.

use std::collections::BTreeSet;

use chrono::{DateTime, SubsecRound, Utc};
use walletpass_webservice::store::*;
use walletpass_webservice::{PassKey, Tenant};

use crate::planted::{Bug, Planted, unavailable};

impl Planted {
    pub(crate) async fn bent_pass(&self, key: &PassKey) -> Result<Option<StoredPass>, StoreError> {
        let key = self.bent(key);
        if self.bug == Bug::ChecksBeforeItLocks {
            tokio::task::yield_now().await;
        }
        let found = self.inner.pass(&key).await?.map(|found| self.bent_stored(found));
        let mut memory = self.memory();
        match self.bug {
            Bug::CachesReads => {
                let first = found.map(|found| memory.cache.entry(key).or_insert(found).clone());
                Ok(first)
            }
            _ => Ok(found),
        }
    }

    fn bent_stored(&self, mut stored: StoredPass) -> StoredPass {
        match self.bug {
            Bug::CreatedMoves => stored.created = stored.pass.at,
            Bug::KeepsMilliseconds => stored.pass.at = stored.pass.at.trunc_subsecs(3),
            Bug::ModifiedForgetsDeletions if self.memory().deleted.contains(&stored.pass.key) => {
                stored.modified = stored.pass.at.trunc_subsecs(0);
            }
            Bug::ModifiedIsAt => stored.modified = stored.pass.at.trunc_subsecs(0),
            _ => {}
        }
        stored
    }

    pub(crate) async fn bent_passes(&self, query: &PassQuery) -> Result<Page<StoredPass>, StoreError> {
        let mut query = query.clone();
        match self.bug {
            Bug::IgnoresTheState => query.state = None,
            Bug::LimitAndOne => query.limit = query.limit.saturating_add(1),
            Bug::LimitIsSigned if query.limit > i64::MAX as usize => return Err(unavailable()),
            Bug::DefaultTenantIsAll if query.tenant != Tenant::default() && query.pass_type.is_none() => {
                let own = self.inner.passes(&query).await?;
                if own.items.is_empty() && query.cursor.is_none() {
                    query.tenant = Tenant::default();
                }
            }
            Bug::PagesByOffset => return self.pages_by_offset(query).await,
            _ => {}
        }
        let page = match self.inner.passes(&query).await {
            Err(StoreError::Invalid { .. }) if self.bug == Bug::TakesAnyCursor => {
                self.inner.passes(&PassQuery { cursor: None, ..query }).await?
            }
            page => page?,
        };
        let mut items: Vec<_> = page.items.into_iter().map(|stored| self.bent_stored(stored)).collect();
        if self.bug == Bug::ListsByTag {
            items.sort_by_key(|stored| (stored.pass.key.pass_type.clone(), stored.tag));
        }
        Ok(Page { items, next: page.next.filter(|_| self.bug != Bug::NextIsForgotten) })
    }

    async fn pages_by_offset(&self, query: PassQuery) -> Result<Page<StoredPass>, StoreError> {
        let offset = query.cursor.as_ref().map_or(Ok(0), |cursor| cursor.as_str().parse::<usize>());
        let offset = offset.map_err(|_| StoreError::Invalid { what: "cursor".to_owned(), mend: "none" })?;
        let limit = query.limit;
        let all = self.inner.passes(&PassQuery { cursor: None, limit: 1000, ..query }).await?.items;
        let next = all.len() > offset.saturating_add(limit);
        let items = all.into_iter().skip(offset).take(limit).collect();
        Ok(Page { items, next: next.then(|| Cursor::new((offset + limit).to_string())) })
    }

    pub(crate) async fn bent_document(&self, key: &DocumentKey) -> Result<Option<Document>, StoreError> {
        let mut key = key.clone();
        if self.bug == Bug::DocumentsOfAllTenants {
            key.tenant = Tenant::default();
        }
        Ok(self.inner.document(&key).await?.map(|mut found| {
            match self.bug {
                Bug::CreatedOfDocumentMoves => found.created = found.updated,
                Bug::RevisionsRestart => {
                    found.revision -= self.memory().bases.get(&key).copied().unwrap_or(0);
                }
                _ => {}
            }
            found
        }))
    }

    pub(crate) async fn bent_documents(&self, query: &DocumentQuery) -> Result<Page<Document>, StoreError> {
        if self.bug == Bug::PagesByOffset {
            let offset = query.cursor.as_ref().map_or(0, |cursor| cursor.as_str().parse().unwrap_or(0));
            let all = DocumentQuery { cursor: None, limit: 1000, ..query.clone() };
            let all = self.inner.documents(&all).await?.items;
            let next = all.len() > offset + query.limit;
            let items = all.into_iter().skip(offset).take(query.limit).collect();
            return Ok(Page { items, next: next.then(|| Cursor::new((offset + query.limit).to_string())) });
        }
        let mut page = self.inner.documents(query).await?;
        if self.bug == Bug::DocumentsFoldCase {
            page.items.sort_by_key(|document| document.key.name.to_lowercase());
        }
        Ok(page)
    }

    pub(crate) async fn bent_registrations(&self, query: &RegistrationQuery) -> Result<Page<Registration>, StoreError> {
        let query = RegistrationQuery { pass: self.bent(&query.pass), ..query.clone() };
        if self.bug == Bug::PagesByOffset {
            let offset = query.cursor.as_ref().map_or(0, |cursor| cursor.as_str().parse().unwrap_or(0));
            let all = RegistrationQuery { cursor: None, limit: 1000, ..query.clone() };
            let all = self.inner.registrations(&all).await?.items;
            let next = all.len() > offset + query.limit;
            let items = all.into_iter().skip(offset).take(query.limit).collect();
            return Ok(Page { items, next: next.then(|| Cursor::new((offset + query.limit).to_string())) });
        }
        let mut page = self.inner.registrations(&query).await?;
        for found in &mut page.items {
            if self.bug == Bug::TokenPerRegistration {
                let first = self.memory().tokens.get(&(query.pass.clone(), found.device.clone())).cloned();
                found.push_token = first.unwrap_or(found.push_token.clone());
            }
        }
        Ok(page)
    }

    pub(crate) async fn bent_changes(
        &self,
        device: &DeviceKey,
        since: Option<Tag>,
    ) -> Result<Option<Changes>, StoreError> {
        let gate = self.gate.lock().await;
        let key = self.bent(&PassKey {
            tenant: device.tenant.clone(),
            pass_type: device.pass_type.clone(),
            serial: "x".parse().unwrap(),
        });
        let device = DeviceKey { pass_type: key.pass_type.clone(), ..device.clone() };
        if self.bug == Bug::SignedTags && since.is_some_and(|since| since.0 > i64::MAX as u64) {
            return Err(unavailable());
        }
        let all = self.inner.changed_since(&device, None).await?;
        let highest = all.map_or(Tag(0), |all| all.tag);
        if self.bug == Bug::ListsNothingAhead && since.is_some_and(|since| since > highest) {
            return Ok(None);
        }
        let changes = self.inner.changed_since(&device, since).await?;
        let hidden = self.memory().hidden_passes.clone();
        drop(gate);
        let Some(mut changes) = changes else { return Ok(None) };
        match self.bug {
            Bug::ListsTheNewestOnly => drop(changes.serials.drain(..changes.serials.len() - 1)),
            Bug::ListsByTagsOfPasses => {
                let mut listed = Vec::new();
                for serial in changes.serials {
                    let stored = self.inner.pass(&PassKey { serial: serial.clone(), ..key.clone() }).await?;
                    listed.extend(stored.filter(|stored| Some(stored.tag) > since).map(|stored| (stored.tag, serial)));
                }
                let Some((tag, _)) = listed.iter().max() else { return Ok(None) };
                return Ok(Some(Changes {
                    tag: *tag,
                    serials: listed.into_iter().map(|(_, serial)| serial).collect(),
                }));
            }
            Bug::TagIsNow => changes.tag.0 += 1,
            Bug::SequenceForTags => {
                let mut seen = Vec::new();
                for serial in changes.serials {
                    let key = PassKey { serial: serial.clone(), ..key.clone() };
                    if !hidden.contains(&key) {
                        seen.push((self.inner.pass(&key).await?.map(|stored| stored.tag), serial));
                    }
                }
                let Some((Some(_), _)) = seen.last() else { return Ok(None) };
                // What was not yet there when it looked does not hold the tag back.
                return Ok(Some(Changes { serials: seen.into_iter().map(|(_, serial)| serial).collect(), ..changes }));
            }
            _ => {}
        }
        Ok(Some(changes))
    }

    pub(crate) async fn bent_claim(&self, claim: &Claim) -> Result<Vec<Task>, StoreError> {
        let mut claim = claim.clone();
        match self.bug {
            Bug::ClaimsAllTenants => claim.tenant = None,
            Bug::ClaimsAnyKey => claim.key = None,
            Bug::ClaimsKeysBehindLeases | Bug::ClaimsKeysByPrefix | Bug::ClaimsKeysOfAllTenants
                if claim.key.is_some() =>
            {
                return self.bent_claim_of_a_key(&claim).await;
            }
            Bug::ClaimsKeysEarly if claim.key.is_some() => {
                claim.check()?;
                claim.now += chrono::TimeDelta::seconds(1);
                claim.until += chrono::TimeDelta::seconds(1);
            }
            Bug::ClaimsKeysOfOneKind if claim.key.is_some() => claim.kinds.truncate(1),
            Bug::ClaimsBeyondTheLimit => claim.limit = claim.limit.saturating_mul(2),
            Bug::ClaimsEarly => {
                claim.check()?;
                claim.now += chrono::TimeDelta::seconds(1);
                claim.until += chrono::TimeDelta::seconds(1);
            }
            Bug::LeasesNeverEnd => claim.until = "9999-01-01T00:00:00Z".parse().unwrap(),
            Bug::LimitIsSigned if claim.limit > i64::MAX as usize => return Err(unavailable()),
            Bug::LeasesNothing => {
                claim.check()?;
                let tenant = claim.tenant.clone().unwrap_or_default();
                let due = self.all_tasks(&tenant).await.into_iter().filter(|task| task.task.due <= claim.now);
                let leased = TaskStatus::Leased(claim.until);
                return Ok(due.map(|task| Task { attempts: task.attempts + 1, status: leased, ..task }).collect());
            }
            _ => {}
        }
        let mut claimed = match self.inner.claim(&claim).await {
            Err(StoreError::Invalid { .. }) if self.bug == Bug::TakesAnything => Vec::new(),
            claimed => claimed?,
        };
        let mut memory = self.memory();
        if self.bug == Bug::ClaimsNewestFirst {
            claimed.reverse();
        }
        if self.bug == Bug::ClaimsKeysOnce && claim.key.is_some() {
            claimed.retain(|task| task.attempts == 1);
        }
        if self.bug == Bug::GivesTasksTwice && memory.claimed.len() % 3 == 2 && !claimed.is_empty() {
            claimed.extend(memory.claimed.last().cloned());
        }
        memory.claimed.extend(claimed.iter().cloned());
        memory.now = memory.now.max(claim.now);
        if self.bug == Bug::IdsAreSmall {
            claimed.iter_mut().for_each(|task| task.id = 1);
        }
        drop(memory);
        Ok(claimed.into_iter().map(|task| self.bent_found(task)).collect())
    }

    async fn bent_claim_of_a_key(&self, claim: &Claim) -> Result<Vec<Task>, StoreError> {
        claim.check()?;
        let (tenant, key) = (claim.tenant.clone().unwrap_or_default(), claim.key.clone().unwrap_or_default());
        let all = self.all_tasks(&tenant).await;
        let mut claimed = Vec::new();
        match self.bug {
            Bug::ClaimsKeysByPrefix => {
                let keys: BTreeSet<_> = all.into_iter().map(|task| task.task.key).collect();
                for key in keys.into_iter().filter(|found| found.starts_with(&key)) {
                    claimed.extend(self.inner.claim(&Claim { key: Some(key), ..claim.clone() }).await?);
                }
            }
            Bug::ClaimsKeysOfAllTenants => {
                let tenants = Claim { tenant: None, key: None, ..claim.clone() };
                claimed.extend(self.inner.claim(&tenants).await?.into_iter().filter(|task| task.task.key == key));
            }
            _ => {
                let is_due = |task: &Task| task.status == TaskStatus::Waiting && task.task.due <= claim.now;
                claimed.extend(all.into_iter().filter(|task| task.task.key == key && is_due(task)));
                claimed.extend(self.inner.claim(claim).await?);
            }
        }
        Ok(claimed)
    }

    fn bent_found(&self, mut task: Task) -> Task {
        match self.bug {
            Bug::ForgetsTheError => task.error = None,
            Bug::KeepsMilliseconds => task.task.due = cut(task.task.due),
            Bug::RenewsInPlace | Bug::RevivesInPlace => {
                task.id = self.memory().aliases.get(&task.id).copied().unwrap_or(task.id);
            }
            _ => {}
        }
        task
    }

    pub(crate) async fn bent_tasks(&self, query: &TaskQuery) -> Result<Page<Task>, StoreError> {
        let mut page = self.inner.tasks(query).await?;
        if self.bug == Bug::PagesByOffset && !query.dead_only {
            let offset = query.cursor.as_ref().map_or(0, |cursor| cursor.as_str().parse().unwrap_or(0));
            let all = self.all_tasks(&query.tenant).await;
            let next = all.len() > offset + query.limit;
            page.items = all.into_iter().skip(offset).take(query.limit).collect();
            page.next = next.then(|| Cursor::new((offset + query.limit).to_string()));
        }
        Ok(Page { items: page.items.into_iter().map(|task| self.bent_found(task)).collect(), next: page.next })
    }

    pub(crate) async fn bent_events(&self, query: &EventQuery) -> Result<Page<Event>, StoreError> {
        let mut query = query.clone();
        match self.bug {
            Bug::EventsOfAnyPass => query.pass = None,
            Bug::EventsFromAfterOn => query.after = query.after.and_then(|after| after.checked_sub(1)),
            Bug::SignedTags if query.after.is_some_and(|after| after > i64::MAX as u64) => return Err(unavailable()),
            _ => query.pass = query.pass.map(|pass| self.bent(&pass)),
        }
        if self.bug == Bug::PagesByOffset {
            let offset = query.cursor.as_ref().map_or(0, |cursor| cursor.as_str().parse().unwrap_or(0));
            let all = EventQuery { cursor: None, limit: 1000, ..query.clone() };
            let all = self.inner.events(&all).await?.items;
            let next = all.len() > offset + query.limit;
            let items = all.into_iter().skip(offset).take(query.limit).collect();
            return Ok(Page { items, next: next.then(|| Cursor::new((offset + query.limit).to_string())) });
        }
        let gate = self.gate.lock().await;
        let mut page = self.inner.events(&query).await?;
        if query.pass.is_some() && query.cursor.is_none() {
            let kept = self.memory().kept_events.clone();
            let after = query.after.unwrap_or(0);
            page.items.extend(kept.into_iter().filter(|event| event.event.pass == query.pass && event.id > after));
        }
        if let Some(base) = self.memory().event_bases.get(&query.tenant) {
            page.items.iter_mut().for_each(|event| event.id -= base);
        }
        let hidden = self.memory().hidden_events.clone();
        drop(gate);
        page.items.retain(|event| {
            let is_of_registration = [Event::INSTALLED, Event::REMOVED].contains(&&*event.event.kind);
            let is_silent = self.bug == Bug::NoEventsOfRegistrations && is_of_registration;
            !is_silent && !hidden.contains(&(event.event.tenant.clone(), event.id))
        });
        Ok(page)
    }
}

fn cut(at: DateTime<Utc>) -> DateTime<Utc> {
    at.trunc_subsecs(3)
}
