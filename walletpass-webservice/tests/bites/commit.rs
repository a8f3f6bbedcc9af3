//! Commits gone wrong.

use bytes::Bytes;
use walletpass_webservice::Tenant;
use walletpass_webservice::store::*;

use crate::planted::{Bug, Planted, unavailable};

impl Planted {
    pub(crate) async fn bent_commit(&self, mut writes: Vec<Write>) -> Result<Vec<Written>, StoreError> {
        let count = writes.len();
        match self.bug {
            Bug::AtMostFiveHundred => writes.truncate(500),
            Bug::CommitsEmptyAsError if writes.is_empty() => return Err(unavailable()),
            Bug::CommitsInHalves if count > 2 => {
                let rest = writes.split_off(count / 2);
                let mut written = self.inner.commit(writes).await?;
                for _ in 0..30 {
                    tokio::task::yield_now().await;
                }
                written.extend(self.inner.commit(rest).await?);
                return Ok(written);
            }
            Bug::CommitsWithoutRollback => {
                let mut written = Vec::new();
                for write in writes {
                    written.extend(self.inner.commit(vec![write]).await?);
                }
                return Ok(written);
            }
            Bug::DoesEqualWritesOnce => writes.dedup(),
            Bug::ReversesWrites => {
                writes.reverse();
                let mut written = self.inner.commit(writes).await?;
                written.reverse();
                return Ok(written);
            }
            _ => {}
        }
        let mut bent = Vec::new();
        for write in writes {
            if matches!(self.bug, Bug::ChecksBeforeItLocks) {
                tokio::task::yield_now().await;
            }
            bent.extend(self.bent_write(write).await?);
        }
        let gate = self.gate.lock().await;
        let hides = matches!(self.bug, Bug::SequenceForTags | Bug::SequenceForEvents);
        let last_event = self.hide_before(&bent);
        let result = self.inner.commit(bent.clone()).await;
        if hides && result.is_ok() {
            self.hide_after(last_event.as_ref()).await;
            drop(gate);
            for _ in 0..30 {
                tokio::task::yield_now().await;
            }
            let mut memory = self.memory();
            memory.hidden_passes.clear();
            memory.hidden_events.clear();
        } else {
            drop(gate);
        }
        match (result, self.bug) {
            (Err(StoreError::Invalid { .. }), Bug::TakesAnything) => Ok(vec![Written::Done; count]),
            (Ok(written), _) => Ok(self.after(bent, written, count).await),
            (Err(error), _) => Err(error),
        }
    }

    /// Every third commit hides what it writes for a while, as one does that took its number early and commits late.
    fn hide_before(&self, writes: &[Write]) -> Option<Tenant> {
        let mut memory = self.memory();
        memory.commits += 1;
        if !memory.commits.is_multiple_of(3) {
            return None;
        }
        if self.bug == Bug::SequenceForTags {
            memory.hidden_passes.extend(writes.iter().filter_map(|write| match write {
                Write::UpdatePass { pass, .. } => Some(pass.key.clone()),
                _ => None,
            }));
        }
        writes.iter().find_map(|write| match write {
            Write::AppendEvent(event) => Some(event.tenant.clone()),
            _ => None,
        })
    }

    async fn hide_after(&self, tenant: Option<&Tenant>) {
        if let (Some(tenant), Bug::SequenceForEvents) = (tenant, self.bug) {
            let query = EventQuery { tenant: tenant.clone(), pass: None, after: None, cursor: None, limit: 1000 };
            let last = self.inner.events(&query).await.unwrap().items.last().map(|event| event.id);
            self.memory().hidden_events.extend(last.map(|last| (tenant.clone(), last)));
        }
    }

    async fn tag_of(&self, key: &walletpass_webservice::PassKey) -> Option<Tag> {
        self.inner.pass(key).await.unwrap().map(|stored| stored.tag)
    }

    pub(crate) async fn all_tasks(&self, tenant: &Tenant) -> Vec<Task> {
        let query = TaskQuery { tenant: tenant.clone(), dead_only: false, cursor: None, limit: 1000 };
        self.inner.tasks(&query).await.unwrap().items
    }

    /// What the bug makes of one write: none, one, or several.
    async fn bent_write(&self, write: Write) -> Result<Vec<Write>, StoreError> {
        Ok(vec![match (write, self.bug) {
            (Write::CreatePass(mut pass), bug) => {
                pass.key = self.bent(&pass.key);
                self.cut(&mut pass.body);
                let found = self.tag_of(&pass.key).await;
                match (bug, found) {
                    (Bug::UpsertsOnCreate, Some(expected)) => Write::UpdatePass { pass, expected },
                    (Bug::ChecksBeforeItLocks, None) => {
                        tokio::task::yield_now().await;
                        match self.tag_of(&pass.key).await {
                            Some(expected) => Write::UpdatePass { pass, expected },
                            None => Write::CreatePass(pass),
                        }
                    }
                    _ => Write::CreatePass(pass),
                }
            }
            (Write::UpdatePass { mut pass, expected }, bug) => {
                pass.key = self.bent(&pass.key);
                self.cut(&mut pass.body);
                let found = self.tag_of(&pass.key).await;
                if bug == Bug::ForgetsTheTemplate {
                    pass.template = None;
                }
                match (bug, found) {
                    (Bug::UpdatesAnyTag, Some(found)) => Write::UpdatePass { pass, expected: found },
                    (Bug::UpsertsOnUpdate, None) => Write::CreatePass(pass),
                    (Bug::ChecksBeforeItLocks, Some(found)) if found == expected => {
                        tokio::task::yield_now().await;
                        let expected = self.tag_of(&pass.key).await.unwrap_or(expected);
                        Write::UpdatePass { pass, expected }
                    }
                    _ => Write::UpdatePass { pass, expected },
                }
            }
            (Write::DeletePass { key, expected, at }, bug) => {
                let key = self.bent(&key);
                self.memory().deleted.insert(key.clone());
                if bug == Bug::DeletionKeepsRegistrations {
                    let query = RegistrationQuery { pass: key.clone(), cursor: None, limit: 100 };
                    let held = self.inner.registrations(&query).await.unwrap().items.into_iter();
                    let (pass, at) = (key.clone(), at);
                    let ghosts = held.map(|found| Write::Register {
                        device: found.device,
                        pass: pass.clone(),
                        push_token: found.push_token,
                        at,
                    });
                    self.memory().ghosts.insert(key.clone(), ghosts.collect());
                }
                let expected = match (bug, self.tag_of(&key).await) {
                    (Bug::DeletesAnyTag, Some(found)) => found,
                    _ => expected,
                };
                Write::DeletePass { key, expected, at }
            }
            (Write::Register { device, pass, push_token, at }, bug) => {
                let pass = self.bent(&pass);
                let query = RegistrationQuery { pass: pass.clone(), cursor: None, limit: 1000 };
                let held = self.inner.registrations(&query).await.unwrap().items;
                let known = held.into_iter().find(|found| found.device == device);
                let first = known.map(|known| known.push_token);
                self.memory().tokens.insert((pass.clone(), device.clone()), push_token.clone());
                match (bug, first) {
                    (Bug::KeepsTheFirstToken, Some(push_token)) => Write::Register { device, pass, push_token, at },
                    (Bug::RegistersNothing, _) if self.tag_of(&pass).await.is_none() => {
                        Write::Unregister { device, pass, at }
                    }
                    _ => Write::Register { device, pass, push_token, at },
                }
            }
            (Write::Unregister { device, pass, at }, bug) => {
                let pass = self.bent(&pass);
                let query = RegistrationQuery { pass: pass.clone(), cursor: None, limit: 1000 };
                let held = self.inner.registrations(&query).await.unwrap().items;
                let is_known = held.iter().any(|found| found.device == device);
                match bug {
                    Bug::NeverUnregisters => {
                        let device = "nobody".parse().unwrap();
                        Write::Unregister { device, pass, at }
                    }
                    Bug::UnregistersStrictly if !is_known => {
                        return Err(StoreError::Conflict { what: "registration".to_owned(), found: None });
                    }
                    _ => Write::Unregister { device, pass, at },
                }
            }
            (Write::ForgetToken { tenant, pass_type, push_token, mut until, at }, bug) => {
                match bug {
                    Bug::ForgetsAnyTime => until = "9999-01-01T00:00:00Z".parse().unwrap(),
                    Bug::ForgetsBeforeUntilOnly => until -= chrono::TimeDelta::microseconds(1),
                    _ => {}
                }
                let forget = |push_token| {
                    let (tenant, pass_type) = (tenant.clone(), pass_type.clone());
                    Write::ForgetToken { tenant, pass_type, push_token, until, at }
                };
                if bug == Bug::ForgetsFoldingCase {
                    return Ok(vec![forget(push_token.as_str().to_uppercase().parse().unwrap())]);
                }
                forget(push_token)
            }
            (Write::PutDocument { mut document, mut expected }, bug) => {
                self.cut(&mut document.body);
                if bug == Bug::DocumentsOfAllTenants {
                    document.key.tenant = Tenant::default();
                }
                let found = self.inner.document(&document.key).await.unwrap_or(None).map(|found| found.revision);
                match bug {
                    Bug::PutsAnyRevision => expected = found,
                    Bug::ChecksBeforeItLocks if found == expected => {
                        tokio::task::yield_now().await;
                        let found = self.inner.document(&document.key).await.unwrap_or(None);
                        expected = found.map(|found| found.revision);
                    }
                    Bug::RevisionsRestart => {
                        let base = self.memory().bases.get(&document.key).copied().unwrap_or(0);
                        expected = expected.map(|expected| expected.saturating_add(base));
                    }
                    _ => {}
                }
                Write::PutDocument { document, expected }
            }
            (Write::DeleteDocument { mut key, expected }, bug) => {
                let base = self.memory().bases.get(&key).copied().filter(|_| bug == Bug::RevisionsRestart);
                if bug == Bug::DocumentsOfAllTenants {
                    key.tenant = Tenant::default();
                }
                Write::DeleteDocument { key, expected: expected.saturating_add(base.unwrap_or(0)) }
            }
            (write, _) => return self.bent_task(write).await,
        }])
    }

    async fn bent_task(&self, write: Write) -> Result<Vec<Write>, StoreError> {
        Ok(vec![match (write, self.bug) {
            (Write::EnqueueTask(mut task), bug) => {
                self.cut(&mut task.body);
                let same = |found: &&Task| (&found.task.kind, &found.task.key) == (&task.kind, &task.key);
                let all = self.all_tasks(&task.tenant).await;
                let is_leased = all.iter().filter(same).any(|found| matches!(found.status, TaskStatus::Leased(_)));
                let is_waiting = all.iter().filter(same).any(|found| found.status == TaskStatus::Waiting);
                match bug {
                    Bug::DropsTheTaskBehind if is_leased => return Ok(vec![]),
                    Bug::NamesAreShort if task.key.len() > 255 => return Err(unavailable()),
                    Bug::KeepsTheFirstTask if is_waiting => return Ok(vec![]),
                    _ => Write::EnqueueTask(task),
                }
            }
            (Write::FinishTask(lease), _) => Write::FinishTask(self.bent_lease(lease).await?),
            (Write::RetryTask { lease, due, error }, bug) => {
                let lease = self.bent_lease(lease).await?;
                match bug {
                    Bug::RetryingForgets => Write::FinishTask(lease),
                    Bug::RetriesBesideAnother => {
                        // The one that is put back takes the place of the one that waits.
                        let found = self.memory().claimed.iter().find(|task| task.id == lease.task).cloned();
                        let again = found.map(|task| Write::EnqueueTask(NewTask { due, ..task.task }));
                        return Ok([Write::FinishTask(lease)].into_iter().chain(again).collect());
                    }
                    _ => Write::RetryTask { lease, due, error },
                }
            }
            (Write::BuryTask { lease, error }, bug) => {
                let lease = self.bent_lease(lease).await?;
                match bug {
                    Bug::BuryingForgets => Write::FinishTask(lease),
                    _ => Write::BuryTask { lease, error },
                }
            }
            (Write::DiscardTask { tenant, task }, bug) => {
                let found = self.all_tasks(&tenant).await.into_iter().find(|found| found.id == task);
                let is_dead = found.is_some_and(|found| found.status == TaskStatus::Dead);
                match bug {
                    Bug::DiscardsAnything if !is_dead => return Ok(vec![]),
                    Bug::DiscardsNothing if is_dead => return Ok(vec![]),
                    Bug::DiscardsAnyDeadTask if !is_dead => {
                        // Another tenant's task is no less dead.
                        let found = self.memory().claimed.iter().find(|found| found.id == task).cloned();
                        Write::DiscardTask { tenant: found.map_or(tenant, |found| found.task.tenant), task }
                    }
                    _ => Write::DiscardTask { tenant, task },
                }
            }
            (Write::ReviveTask { tenant, task, due }, bug) => {
                let found = self.all_tasks(&tenant).await.into_iter().find(|found| found.id == task);
                let is_dead = found.as_ref().is_some_and(|found| found.status == TaskStatus::Dead);
                match bug {
                    Bug::RevivesAnything if !is_dead => return Ok(vec![]),
                    Bug::RevivesBesideAnother if is_dead => {
                        let again = found.map(|found| Write::EnqueueTask(NewTask { due, ..found.task }));
                        return Ok([Write::ReviveTask { tenant, task, due }].into_iter().chain(again).collect());
                    }
                    Bug::SignedIds if task > i64::MAX as u64 => return Err(unavailable()),
                    _ => Write::ReviveTask { tenant, task, due },
                }
            }
            (Write::PruneEvents { tenant, through }, bug) => {
                let query = EventQuery { tenant: tenant.clone(), pass: None, after: None, cursor: None, limit: 1000 };
                let found = self.inner.events(&query).await.unwrap().items;
                match bug {
                    Bug::EventIdsRestart if found.last().is_some_and(|last| last.id <= through) => {
                        let base = found.last().map_or(0, |last| last.id);
                        self.memory().event_bases.insert(tenant.clone(), base);
                    }
                    Bug::PruneKeepsThoseOfPasses => {
                        let gone = found.into_iter().filter(|event| event.id <= through);
                        self.memory().kept_events.extend(gone);
                    }
                    Bug::PrunesAllTenants => {
                        let tenants = self.memory().event_tenants.clone();
                        let prune = |tenant| Write::PruneEvents { tenant, through };
                        self.inner.commit(tenants.into_iter().map(prune).collect()).await.unwrap();
                    }
                    _ => {}
                }
                let through = if bug == Bug::PrunesBeforeTheId { through.saturating_sub(1) } else { through };
                Write::PruneEvents { tenant, through }
            }
            (Write::AppendEvent(mut event), _) => {
                self.memory().event_tenants.insert(event.tenant.clone());
                self.cut(&mut event.body);
                event.pass = event.pass.map(|pass| self.bent(&pass));
                Write::AppendEvent(event)
            }
            (write, _) => write,
        }])
    }

    async fn bent_lease(&self, lease: Lease) -> Result<Lease, StoreError> {
        let memory = self.memory();
        let claimed = memory.claimed.iter().rev();
        match self.bug {
            Bug::NoFence => {
                let attempt = claimed.filter(|task| task.id == lease.task).map(|task| task.attempts).max();
                Ok(Lease { attempt: attempt.unwrap_or(lease.attempt), ..lease })
            }
            Bug::EndsLeasesByTime => {
                let last = claimed.into_iter().find(|task| task.id == lease.task).map(|task| task.status);
                match last {
                    Some(TaskStatus::Leased(until)) if until <= memory.now => {
                        Err(StoreError::LeaseLost { task: lease.task })
                    }
                    _ => Ok(lease),
                }
            }
            Bug::RenewsInPlace | Bug::RevivesInPlace => {
                let newest = memory.aliases.iter().filter(|(_, old)| **old == lease.task).map(|(new, _)| *new).max();
                Ok(Lease { task: newest.unwrap_or(lease.task), ..lease })
            }
            Bug::SignedIds if lease.task > i64::MAX as u64 => Err(unavailable()),
            _ => Ok(lease),
        }
    }

    fn cut(&self, body: &mut Bytes) {
        if self.bug == Bug::CutsBodies {
            body.truncate(65_535);
        }
    }

    /// What the bug makes of what became of the writes, and what it does afterwards.
    async fn after(&self, writes: Vec<Write>, mut written: Vec<Written>, count: usize) -> Vec<Written> {
        for (write, written) in writes.iter().zip(&mut written) {
            match (write, self.bug) {
                (Write::CreatePass(pass), Bug::RepeatsTags) if self.memory().deleted.contains(&pass.key) => {
                    *written = Written::Pass(Tag(1));
                }
                (Write::CreatePass(_), Bug::TagsFromZero) => {
                    if let Written::Pass(tag) = written {
                        tag.0 -= 1;
                    }
                }
                (Write::CreatePass(pass), Bug::DeletionKeepsRegistrations) => {
                    let ghosts = self.memory().ghosts.remove(&pass.key).unwrap_or_default();
                    self.inner.commit(ghosts).await.unwrap();
                }
                (Write::Register { .. }, Bug::EveryRegistrationIsNew) => {
                    *written = Written::Registered { is_new: true };
                }
                (prune @ Write::PruneEvents { .. }, Bug::PrunesWithoutEnd) => {
                    let more = self.inner.commit(vec![prune.clone()]).await.unwrap();
                    if let (Written::Pruned { events }, [Written::Pruned { events: more }]) = (written, &more[..]) {
                        *events += more;
                    }
                }
                (Write::PruneEvents { .. }, Bug::TellsOfPrunesTooMuch) => {
                    *written = Written::Pruned { events: Write::MOST_PRUNED };
                }
                (Write::Unregister { .. }, Bug::RegistersNothing) => *written = Written::Registered { is_new: true },
                (Write::PutDocument { document, expected: None }, Bug::RevisionsRestart) => {
                    let found = self.inner.document(&document.key).await.unwrap();
                    let base = found.map(|found| found.revision - 1);
                    self.memory().bases.extend(base.map(|base| (document.key.clone(), base)));
                }
                (Write::EnqueueTask(task), Bug::RenewsInPlace) => {
                    // The number of the newest task of the key, and of the first one.
                    let all = self.all_tasks(&task.tenant).await;
                    let new = all.iter().rev().find(|found| found.task == *task).map(|found| found.id);
                    let mut memory = self.memory();
                    let old = memory.claimed.iter().find(|old| old.task.key == task.key).map(|old| old.id);
                    memory.aliases.extend(new.zip(old));
                }
                (Write::ReviveTask { tenant, task, .. }, Bug::RevivesInPlace) => {
                    let new = self.all_tasks(tenant).await.last().map(|found| found.id);
                    self.memory().aliases.extend(new.map(|new| (new, *task)));
                }
                _ => {}
            }
        }
        // What a bug left out looks as if it was done.
        written.resize(count, Written::Done);
        written
    }
}
