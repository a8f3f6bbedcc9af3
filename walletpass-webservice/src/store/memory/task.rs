//! Writes of tasks.

use chrono::{DateTime, Utc};

use super::session::{Numbered, Session, TaskKey, Turn};
use crate::Tenant;
use crate::store::instant::cut;
use crate::store::{Lease, NewTask, StoreError, Task, TaskStatus, Written};

impl Session<'_> {
    pub(super) fn enqueue(&mut self, task: NewTask) -> Written {
        if let Some(before) = self.tables.waiting_tasks.get(&key(&task)).copied() {
            self.remove(&task.tenant, before);
        }
        self.add(NewTask { due: cut(task.due), ..task }, None);
        Written::Done
    }

    pub(super) fn finish(&mut self, lease: Lease) -> Result<Written, StoreError> {
        self.leased(lease).map(|_| Written::Done)
    }

    pub(super) fn retry(&mut self, lease: Lease, due: DateTime<Utc>, error: String) -> Result<Written, StoreError> {
        let mut task = self.leased(lease)?;
        if !self.tables.waiting_tasks.contains_key(&key(&task.task)) {
            task.task.due = cut(due);
            self.insert(Task { status: TaskStatus::Waiting, error: Some(error), ..task });
        }
        Ok(Written::Done)
    }

    pub(super) fn bury(&mut self, lease: Lease, error: String) -> Result<Written, StoreError> {
        let task = self.leased(lease)?;
        self.insert(Task { status: TaskStatus::Dead, error: Some(error), ..task });
        Ok(Written::Done)
    }

    pub(super) fn discard(&mut self, tenant: Tenant, id: u64) -> Result<Written, StoreError> {
        self.dead(&tenant, id)?;
        self.remove(&tenant, id);
        Ok(Written::Done)
    }

    pub(super) fn revive(&mut self, tenant: Tenant, id: u64, due: DateTime<Utc>) -> Result<Written, StoreError> {
        self.dead(&tenant, id)?;
        if let Some(task) = self.remove(&tenant, id)
            && !self.tables.waiting_tasks.contains_key(&key(&task.task))
        {
            self.add(NewTask { due: cut(due), ..task.task }, task.error);
        }
        Ok(Written::Done)
    }

    /// Makes sure that there is such a dead task.
    fn dead(&self, tenant: &Tenant, id: u64) -> Result<(), StoreError> {
        let is_dead = self.tables.dead_tasks.contains_key(&(tenant.clone(), id));
        if is_dead { Ok(()) } else { Err(StoreError::dead_task_conflict(id)) }
    }

    /// Takes the task of a lease that is good.
    fn leased(&mut self, lease: Lease) -> Result<Task, StoreError> {
        let lost = StoreError::LeaseLost { task: lease.task };
        let Some(tenant) = self.tables.task_tenants.get(&lease.task).cloned() else { return Err(lost) };
        let task = self.tables.tasks.get(&(tenant.clone(), lease.task));
        match task.is_some_and(|task| task.attempts == lease.attempt && matches!(task.status, TaskStatus::Leased(_))) {
            true => self.remove(&tenant, lease.task).ok_or(lost),
            false => Err(lost),
        }
    }

    fn add(&mut self, task: NewTask, error: Option<String>) {
        let id = self.next(|tables| &mut tables.last_numbers, Numbered::Task);
        self.insert(Task { id, task, attempts: 0, status: TaskStatus::Waiting, error });
    }

    /// Puts a task into every table that it belongs into.
    pub(super) fn insert(&mut self, task: Task) {
        let place = (task.task.tenant.clone(), task.id);
        let key = key(&task.task);
        match task.status {
            TaskStatus::Dead => self.put(|tables| &mut tables.dead_tasks, place.clone(), ()),
            TaskStatus::Leased(until) => {
                self.put(|tables| &mut tables.leases, turn(&task, until), ());
                self.put(|tables| &mut tables.leased_tasks, key.clone(), task.id);
                self.block(&key);
            }
            TaskStatus::Waiting => {
                self.put(|tables| &mut tables.waiting_tasks, key.clone(), task.id);
                if !self.tables.leased_tasks.contains_key(&key) {
                    self.put(|tables| &mut tables.ready_tasks, turn(&task, task.task.due), ());
                }
            }
        }
        self.put(|tables| &mut tables.task_tenants, task.id, task.task.tenant.clone());
        self.put(|tables| &mut tables.tasks, place, task);
    }

    /// Takes a task out of every table.
    pub(super) fn remove(&mut self, tenant: &Tenant, id: u64) -> Option<Task> {
        let place = (tenant.clone(), id);
        let task = self.take(|tables| &mut tables.tasks, &place)?;
        self.take(|tables| &mut tables.task_tenants, &id);
        let key = key(&task.task);
        match task.status {
            TaskStatus::Dead => drop(self.take(|tables| &mut tables.dead_tasks, &place)),
            TaskStatus::Leased(until) => {
                self.take(|tables| &mut tables.leases, &turn(&task, until));
                self.take(|tables| &mut tables.leased_tasks, &key);
                if let Some(waiting) = self.waiting_turn(&key) {
                    self.put(|tables| &mut tables.ready_tasks, waiting, ());
                }
            }
            TaskStatus::Waiting => {
                self.take(|tables| &mut tables.waiting_tasks, &key);
                self.take(|tables| &mut tables.ready_tasks, &turn(&task, task.task.due));
            }
        }
        Some(task)
    }

    /// Holds back the task that waits for a key.
    fn block(&mut self, key: &TaskKey) {
        if let Some(waiting) = self.waiting_turn(key) {
            self.take(|tables| &mut tables.ready_tasks, &waiting);
        }
    }

    fn waiting_turn(&self, key: &TaskKey) -> Option<Turn> {
        let id = self.tables.waiting_tasks.get(key)?;
        let task = self.tables.tasks.get(&(key.0.clone(), *id))?;
        Some(turn(task, task.task.due))
    }
}

fn key(task: &NewTask) -> TaskKey {
    (task.tenant.clone(), task.kind.clone(), task.key.clone())
}

fn turn(task: &Task, at: DateTime<Utc>) -> Turn {
    (task.task.tenant.clone(), task.task.kind.clone(), at, task.id)
}
