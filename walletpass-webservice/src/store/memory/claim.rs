//! Leases.

use std::collections::BTreeMap;
use std::ops::Bound;

use chrono::{DateTime, Utc};

use super::session::{Session, Tables, TaskKey, Turn};
use crate::Tenant;
use crate::store::cursor::PAGE;
use crate::store::instant::cut;
use crate::store::{Claim, Task, TaskStatus};

impl Session<'_> {
    pub(super) fn claim(&mut self, claim: &Claim) -> Vec<Task> {
        let (now, until) = (cut(claim.now), cut(claim.until));
        let due = self.tables.claimable(claim, now);
        let mut claimed = Vec::new();
        for (tenant, id) in due.into_values().take(claim.limit.min(PAGE)) {
            if let Some(task) = self.remove(&tenant, id) {
                let task =
                    Task { attempts: task.attempts.saturating_add(1), status: TaskStatus::Leased(until), ..task };
                self.insert(task.clone());
                claimed.push(task);
            }
        }
        claimed
    }
}

impl Tables {
    /// Finds enough tasks to lease, in their order. Of one key it finds one at most: a waiting task is ready only when none is leased.
    fn claimable(&self, claim: &Claim, now: DateTime<Utc>) -> BTreeMap<(DateTime<Utc>, u64), (Tenant, u64)> {
        let mut found = BTreeMap::new();
        for turns in [&self.ready_tasks, &self.leases] {
            for (tenant, kind) in queues(turns, claim) {
                if let Some(key) = &claim.key {
                    let task = self.turn_of_key(&(tenant.clone(), kind, key.clone()), now);
                    found.extend(task.map(|task| ((task.task.due, task.id), (tenant, task.id))));
                    continue;
                }
                let first = (tenant.clone(), kind.clone(), DateTime::<Utc>::MIN_UTC, 0);
                let last = (tenant.clone(), kind, now, u64::MAX);
                for (tenant, _, _, id) in turns.range(first..=last).map(|(turn, ())| turn).take(claim.limit.min(PAGE)) {
                    if let Some(task) = self.tasks.get(&(tenant.clone(), *id)) {
                        found.insert((task.task.due, *id), (tenant.clone(), *id));
                    }
                }
            }
        }
        found
    }

    /// Finds the task of a key whose turn it is: the leased one, even while another waits.
    fn turn_of_key(&self, key: &TaskKey, now: DateTime<Utc>) -> Option<&Task> {
        let id = self.leased_tasks.get(key).or_else(|| self.waiting_tasks.get(key))?;
        let task = self.tasks.get(&(key.0.clone(), *id))?;
        let turn = match task.status {
            TaskStatus::Leased(until) => until,
            TaskStatus::Dead | TaskStatus::Waiting => task.task.due,
        };
        (turn <= now).then_some(task)
    }
}

/// Gives each tenant and kind that has a turn, and that the claim is for, by leaps from one to the next.
fn queues(turns: &BTreeMap<Turn, ()>, claim: &Claim) -> Vec<(Tenant, String)> {
    let mut queues = Vec::new();
    let mut after = match &claim.tenant {
        Some(tenant) => Bound::Included((tenant.clone(), String::new(), DateTime::<Utc>::MIN_UTC, 0)),
        None => Bound::Unbounded,
    };
    while let Some(((tenant, kind, _, _), ())) = turns.range((after, Bound::Unbounded)).next() {
        if claim.tenant.as_ref().is_some_and(|only| only != tenant) {
            break;
        }
        if claim.kinds.is_empty() || claim.kinds.contains(kind) {
            queues.push((tenant.clone(), kind.clone()));
        }
        after = Bound::Excluded((tenant.clone(), kind.clone(), DateTime::<Utc>::MAX_UTC, u64::MAX));
    }
    queues
}
