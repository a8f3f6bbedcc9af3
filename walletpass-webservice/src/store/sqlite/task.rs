//! Tasks: writes, leases and lists.

use chrono::{DateTime, Utc};
use rusqlite::types::Type;
use rusqlite::{Row, params};

use super::db::Db;
use super::failure::Failure;
use super::read::Sheet;
use super::row::{body, instant, int, number, parsed};
use crate::Tenant;
use crate::store::cursor::PAGE;
use crate::store::{Claim, Lease, NewTask, Page, StoreError, Task, TaskQuery, TaskStatus, Written};

impl Db {
    pub(super) fn enqueue(&self, task: &NewTask) -> Result<Written, Failure> {
        let tenant = self.tenant_made(&task.tenant)?;
        self.run(REMOVE_WAITING, params![tenant, task.kind, task.key])?;
        self.add(tenant, &task.kind, &task.key, task.due, &task.body, None)?;
        Ok(Written::Done)
    }

    pub(super) fn finish(&self, lease: Lease) -> Result<Written, Failure> {
        let leased = self.leased(lease)?;
        self.run(REMOVE, params![leased.id])?;
        self.free(&leased)?;
        Ok(Written::Done)
    }

    pub(super) fn retry(&self, lease: Lease, due: DateTime<Utc>, error: &str) -> Result<Written, Failure> {
        let leased = self.leased(lease)?;
        match self.is_waiting(&leased)? {
            true => self.run(REMOVE, params![leased.id])?,
            false => self.run(PUT_BACK, params![leased.id, due.timestamp_micros(), error])?,
        };
        self.free(&leased)?;
        Ok(Written::Done)
    }

    pub(super) fn bury(&self, lease: Lease, error: &str) -> Result<Written, Failure> {
        let leased = self.leased(lease)?;
        self.run(BURY, params![leased.id, error])?;
        self.free(&leased)?;
        Ok(Written::Done)
    }

    pub(super) fn discard(&self, tenant: &Tenant, task: u64) -> Result<Written, Failure> {
        let removed = match i64::try_from(task) {
            Ok(id) => self.run(DISCARD, params![id, tenant.as_str()])?,
            Err(_) => 0,
        };
        if removed == 0 { Err(StoreError::dead_task_conflict(task).into()) } else { Ok(Written::Done) }
    }

    pub(super) fn revive(&self, tenant: &Tenant, task: u64, due: DateTime<Utc>) -> Result<Written, Failure> {
        let read = |row: &Row<'_>| Ok((place(row)?, row.get::<_, Option<String>>(4)?, body(row, 5)?));
        let found = match i64::try_from(task) {
            Ok(id) => self.one(DEAD, params![id, tenant.as_str()], read)?,
            Err(_) => None,
        };
        let Some((dead, error, body)) = found else { return Err(StoreError::dead_task_conflict(task).into()) };
        self.run(REMOVE, params![dead.id])?;
        if !self.is_waiting(&dead)? {
            self.add(dead.tenant, &dead.kind, &dead.key, due, &body, error)?;
        }
        Ok(Written::Done)
    }

    /// Leases tasks; wants a transaction that writes.
    pub(super) fn claim(&self, claim: &Claim) -> Result<Vec<Task>, Failure> {
        let most = claim.limit.min(PAGE);
        let tenant = match &claim.tenant {
            None => None,
            Some(tenant) => match self.one(TENANT, params![tenant.as_str()], |row| row.get::<_, i64>(0))? {
                None => return Ok(Vec::new()),
                found => found,
            },
        };
        let mut due: Vec<(i64, i64)> = Vec::new();
        for kind in self.kinds_to_claim(claim, tenant)? {
            let (now, count) = (claim.now.timestamp_micros(), most as i64);
            let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
            due.extend(match (tenant, &claim.key) {
                (None, _) => self.all(READY, params![kind, now, count], read)?,
                (Some(tenant), None) => self.all(READY_OF_TENANT, params![kind, now, count, tenant], read)?,
                (Some(tenant), Some(key)) => self.all(READY_OF_KEY, params![kind, now, tenant, key], read)?,
            });
            due.extend(match (tenant, &claim.key) {
                (None, _) => self.all(EXPIRED, params![kind, now, count], read)?,
                (Some(tenant), None) => self.all(EXPIRED_OF_TENANT, params![kind, now, count, tenant], read)?,
                (Some(tenant), Some(key)) => self.all(EXPIRED_OF_KEY, params![kind, now, tenant, key], read)?,
            });
        }
        due.sort_unstable();
        due.truncate(most);
        let until = claim.until.timestamp_micros();
        let lease = |(_, id)| {
            self.run(LEASE, params![id, until])?;
            self.expect_one(TASK, params![id], task)
        };
        due.into_iter().map(lease).collect()
    }

    pub(super) fn tasks(&self, query: &TaskQuery, place: Option<u64>) -> Result<Page<Task>, Failure> {
        let mut sheet = Sheet::new(query.limit);
        let sql = if query.dead_only { DEAD_TASKS } else { TASKS };
        self.each(sql, params![query.tenant.as_str(), int(place.unwrap_or(0))], |row| {
            sheet.take(|| {
                let task = task(row)?;
                let size = task.task.body.len();
                Ok((task, size))
            })
        })?;
        Ok(sheet.page(|task| query.cursor_after(task.id)))
    }

    /// Gives the kinds that a claim is for; when it is for all, by leaps from one to the next.
    fn kinds_to_claim(&self, claim: &Claim, tenant: Option<i64>) -> Result<Vec<String>, Failure> {
        let mut kinds = claim.kinds.clone();
        if kinds.is_empty() {
            let leaps = match tenant {
                None => [NEXT_READY_KIND, NEXT_LEASED_KIND],
                Some(_) => [NEXT_READY_KIND_OF_TENANT, NEXT_LEASED_KIND_OF_TENANT],
            };
            for leap in leaps {
                let mut after = String::new();
                let ask = |after: &str| match tenant {
                    None => self.one(leap, params![after], |row| row.get(0)),
                    Some(tenant) => self.one(leap, params![after, tenant], |row| row.get(0)),
                };
                while let Some(kind) = ask(&after)? {
                    after = kind;
                    kinds.push(after.clone());
                }
            }
        }
        kinds.sort_unstable();
        kinds.dedup();
        Ok(kinds)
    }

    /// Finds the task of a lease that is good.
    fn leased(&self, lease: Lease) -> Result<Place, Failure> {
        let lost = Failure::Store(StoreError::LeaseLost { task: lease.task });
        let Ok(id) = i64::try_from(lease.task) else { return Err(lost) };
        self.one(LEASED, params![id, lease.attempt], place)?.ok_or(lost)
    }

    fn is_waiting(&self, place: &Place) -> Result<bool, Failure> {
        let params = params![place.tenant, place.kind, place.key];
        Ok(self.one(IS_WAITING, params, |_| Ok(()))?.is_some())
    }

    /// Lets the task go on that waited behind a leased one.
    fn free(&self, place: &Place) -> Result<(), Failure> {
        self.run(FREE, params![place.tenant, place.kind, place.key]).map(drop)
    }

    fn add(
        &self,
        tenant: i64,
        kind: &str,
        key: &str,
        due: DateTime<Utc>,
        body: &[u8],
        error: Option<String>,
    ) -> Result<(), Failure> {
        self.run(ADD, params![tenant, kind, key, due.timestamp_micros(), error, body]).map(drop)
    }
}

/// Which task, and in which queue.
struct Place {
    id: i64,
    tenant: i64,
    kind: String,
    key: String,
}

fn place(row: &Row<'_>) -> rusqlite::Result<Place> {
    Ok(Place { id: row.get(0)?, tenant: row.get(1)?, kind: row.get(2)?, key: row.get(3)? })
}

fn task(row: &Row<'_>) -> rusqlite::Result<Task> {
    let status = match row.get::<_, i64>(6)? {
        0 | 1 => TaskStatus::Waiting,
        2 => TaskStatus::Leased(instant(row, 7)?),
        3 => TaskStatus::Dead,
        _ => return Err(rusqlite::Error::InvalidColumnType(6, "status".to_owned(), Type::Integer)),
    };
    let (tenant, due) = (parsed(row, 1)?, instant(row, 4)?);
    let new = NewTask { tenant, kind: row.get(2)?, key: row.get(3)?, body: body(row, 9)?, due };
    Ok(Task { id: number(row, 0)?, task: new, attempts: row.get(5)?, status, error: row.get(8)? })
}

const TENANT: &str = "SELECT id FROM tenants WHERE name = ?1";
const REMOVE_WAITING: &str = "DELETE FROM tasks WHERE tenant = ?1 AND kind = ?2 AND key = ?3 AND status < 2";
const ADD: &str = "INSERT INTO tasks (tenant, kind, key, due, attempts, status, error, body)
    VALUES (?1, ?2, ?3, ?4, 0,
        EXISTS (SELECT 1 FROM tasks WHERE tenant = ?1 AND kind = ?2 AND key = ?3 AND status = 2), ?5, ?6)";
const IS_WAITING: &str = "SELECT 1 FROM tasks WHERE tenant = ?1 AND kind = ?2 AND key = ?3 AND status < 2";
const FREE: &str = "UPDATE tasks SET status = 0 WHERE tenant = ?1 AND kind = ?2 AND key = ?3 AND status < 2";
const LEASED: &str = "SELECT id, tenant, kind, key FROM tasks WHERE id = ?1 AND attempts = ?2 AND status = 2";
const DEAD: &str = "SELECT id, tenant, kind, key, error, body FROM tasks
    WHERE id = ?1 AND status = 3 AND tenant = (SELECT id FROM tenants WHERE name = ?2)";
const DISCARD: &str = "DELETE FROM tasks
    WHERE id = ?1 AND status = 3 AND tenant = (SELECT id FROM tenants WHERE name = ?2)";
const REMOVE: &str = "DELETE FROM tasks WHERE id = ?1";
const PUT_BACK: &str = "UPDATE tasks SET status = 0, due = ?2, error = ?3, until = 0 WHERE id = ?1";
const BURY: &str = "UPDATE tasks SET status = 3, error = ?2, until = 0 WHERE id = ?1";
const LEASE: &str = "UPDATE tasks SET status = 2, attempts = min(attempts + 1, 4294967295), until = ?2 WHERE id = ?1";
const TASK: &str = "SELECT k.id, n.name, k.kind, k.key, k.due, k.attempts, k.status, k.until, k.error, k.body
    FROM tasks k JOIN tenants n ON n.id = k.tenant WHERE k.id = ?1";
const TASKS: &str = "SELECT k.id, n.name, k.kind, k.key, k.due, k.attempts, k.status, k.until, k.error, k.body
    FROM tenants n CROSS JOIN tasks k INDEXED BY tasks_of_tenant ON k.tenant = n.id
    WHERE n.name = ?1 AND k.id > ?2 ORDER BY k.id";
const DEAD_TASKS: &str = "SELECT k.id, n.name, k.kind, k.key, k.due, k.attempts, k.status, k.until, k.error, k.body
    FROM tenants n CROSS JOIN tasks k INDEXED BY dead_tasks ON k.tenant = n.id
    WHERE n.name = ?1 AND k.status = 3 AND k.id > ?2 ORDER BY k.id";
const READY: &str = "SELECT due, id FROM tasks INDEXED BY ready_tasks
    WHERE status = 0 AND kind = ?1 AND due <= ?2 ORDER BY due, id LIMIT ?3";
const READY_OF_TENANT: &str = "SELECT due, id FROM tasks INDEXED BY ready_tasks_of_tenant
    WHERE status = 0 AND tenant = ?4 AND kind = ?1 AND due <= ?2 ORDER BY due, id LIMIT ?3";
const READY_OF_KEY: &str = "SELECT due, id FROM tasks INDEXED BY waiting_tasks
    WHERE status < 2 AND status = 0 AND tenant = ?3 AND kind = ?1 AND key = ?4 AND due <= ?2";
const EXPIRED: &str = "SELECT due, id FROM tasks INDEXED BY leases
    WHERE status = 2 AND kind = ?1 AND until <= ?2 ORDER BY until, id LIMIT ?3";
const EXPIRED_OF_TENANT: &str = "SELECT due, id FROM tasks INDEXED BY leases_of_tenant
    WHERE status = 2 AND tenant = ?4 AND kind = ?1 AND until <= ?2 ORDER BY until, id LIMIT ?3";
const EXPIRED_OF_KEY: &str = "SELECT due, id FROM tasks INDEXED BY leased_tasks
    WHERE status = 2 AND tenant = ?3 AND kind = ?1 AND key = ?4 AND until <= ?2";
const NEXT_READY_KIND: &str = "SELECT kind FROM tasks INDEXED BY ready_tasks
    WHERE status = 0 AND kind > ?1 ORDER BY kind LIMIT 1";
const NEXT_LEASED_KIND: &str = "SELECT kind FROM tasks INDEXED BY leases
    WHERE status = 2 AND kind > ?1 ORDER BY kind LIMIT 1";
const NEXT_READY_KIND_OF_TENANT: &str = "SELECT kind FROM tasks INDEXED BY ready_tasks_of_tenant
    WHERE status = 0 AND tenant = ?2 AND kind > ?1 ORDER BY kind LIMIT 1";
const NEXT_LEASED_KIND_OF_TENANT: &str = "SELECT kind FROM tasks INDEXED BY leases_of_tenant
    WHERE status = 2 AND tenant = ?2 AND kind > ?1 ORDER BY kind LIMIT 1";
