//! Writes of registrations.

use chrono::{DateTime, Utc};
use rusqlite::params;
use walletpass_core::PassTypeId;

use super::db::Db;
use super::failure::Failure;
use super::row::parsed;
use crate::store::{Event, StoreError, Written};
use crate::{DeviceId, PassKey, PushToken, Tenant};

impl Db {
    pub(super) fn register(
        &self,
        device: &DeviceId,
        key: &PassKey,
        push_token: &PushToken,
        at: DateTime<Utc>,
    ) -> Result<Written, Failure> {
        let Some(pass) = self.kept(key)? else { return Err(StoreError::pass_conflict(key, None).into()) };
        let params = params![pass.pass_type, device.as_str(), push_token.as_str(), at.timestamp_micros()];
        let device: i64 = self.expect_one(PUT_DEVICE, params, |row| row.get(0))?;
        let is_new = self.run(ADD_REGISTRATION, params![device, pass.id])? > 0;
        if is_new && pass.was_updated {
            let tag = self.next_tag(pass.pass_type)?;
            self.run(TAG_REGISTRATION, params![device, pass.id, tag])?;
        }
        if is_new {
            self.append_of_registration(Event::INSTALLED, key, at)?;
        }
        Ok(Written::Registered { is_new })
    }

    pub(super) fn unregister(&self, device: &DeviceId, key: &PassKey, at: DateTime<Utc>) -> Result<Written, Failure> {
        let Some(pass) = self.kept(key)? else { return Ok(Written::Removed { registrations: 0 }) };
        let params = params![pass.pass_type, device.as_str()];
        let device: Option<i64> = self.one(DEVICE, params, |row| row.get(0))?;
        let registrations = device.map_or(Ok(0), |device| self.remove_registration(device, pass.id, key, at))?;
        Ok(Written::Removed { registrations })
    }

    /// Ends all registrations of a pass.
    pub(super) fn unregister_all(&self, pass: i64, key: &PassKey, at: DateTime<Utc>) -> Result<(), Failure> {
        let devices: Vec<i64> = self.all(HOLDERS, params![pass], |row| row.get(0))?;
        devices.into_iter().try_for_each(|device| self.remove_registration(device, pass, key, at).map(drop))
    }

    pub(super) fn forget(
        &self,
        tenant: &Tenant,
        pass_type: &PassTypeId,
        push_token: &PushToken,
        until: DateTime<Utc>,
        at: DateTime<Utc>,
    ) -> Result<Written, Failure> {
        let params = params![tenant.as_str(), pass_type.as_str(), push_token.as_str(), until.timestamp_micros()];
        let devices: Vec<i64> = self.all(DEVICES_OF_TOKEN, params, |row| row.get(0))?;
        let mut registrations = 0;
        for device in devices {
            for (pass, serial) in self.all(HELD, params![device], |row| Ok((row.get(0)?, parsed(row, 1)?)))? {
                let key = PassKey { tenant: tenant.clone(), pass_type: pass_type.clone(), serial };
                registrations += self.remove_registration(device, pass, &key, at)?;
            }
        }
        Ok(Written::Removed { registrations })
    }

    /// Gives how many there were: one or none.
    fn remove_registration(&self, device: i64, pass: i64, key: &PassKey, at: DateTime<Utc>) -> Result<u64, Failure> {
        let count = self.run(REMOVE_REGISTRATION, params![device, pass])?;
        if count > 0 {
            self.append_of_registration(Event::REMOVED, key, at)?;
            self.run(REMOVE_IDLE_DEVICE, params![device])?;
        }
        Ok(count as u64)
    }
}

const PUT_DEVICE: &str = "INSERT INTO devices (pass_type, device, push_token, registered) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (pass_type, device) DO UPDATE SET push_token = excluded.push_token, registered = excluded.registered
    RETURNING id";
const ADD_REGISTRATION: &str =
    "INSERT INTO registrations (device, pass, tag) VALUES (?1, ?2, 0) ON CONFLICT (device, pass) DO NOTHING";
const TAG_REGISTRATION: &str = "UPDATE registrations SET tag = ?3 WHERE device = ?1 AND pass = ?2";
const DEVICE: &str = "SELECT id FROM devices WHERE pass_type = ?1 AND device = ?2";
const HOLDERS: &str = "SELECT device FROM registrations WHERE pass = ?1 ORDER BY number";
const DEVICES_OF_TOKEN: &str = "SELECT d.id FROM tenants n
    JOIN pass_types t ON t.tenant = n.id AND t.pass_type = ?2
    JOIN devices d ON d.pass_type = t.id AND d.push_token = ?3
    WHERE n.name = ?1 AND d.registered <= ?4 ORDER BY d.id";
const HELD: &str = "SELECT p.id, p.serial FROM registrations r CROSS JOIN passes p ON p.id = r.pass
    WHERE r.device = ?1 ORDER BY r.number";
const REMOVE_REGISTRATION: &str = "DELETE FROM registrations WHERE device = ?1 AND pass = ?2";
const REMOVE_IDLE_DEVICE: &str =
    "DELETE FROM devices WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM registrations WHERE device = ?1)";
