//! Writes of registrations.

use chrono::{DateTime, Utc};
use walletpass_core::PassTypeId;

use super::session::{Device, Held, Numbered, Session};
use crate::store::instant::cut;
use crate::store::{DeviceKey, Event, StoreError, Tag, Written};
use crate::{DeviceId, PassKey, PushToken, Tenant};

impl Session<'_> {
    pub(super) fn register(
        &mut self,
        device: DeviceId,
        pass: PassKey,
        push_token: PushToken,
        at: DateTime<Utc>,
    ) -> Result<Written, StoreError> {
        let found = self.tables.passes.get(&pass);
        let Some(was_updated) = found.map(|found| found.pass.tag.0 > found.created) else {
            return Err(StoreError::pass_conflict(&pass, None));
        };
        let owner = owner(&pass, &device);
        self.put_device(&owner, push_token, cut(at));
        let is_new = !self.tables.registrations.contains_key(&(pass.clone(), device.clone()));
        if is_new {
            let number = self.next(|tables| &mut tables.last_numbers, Numbered::Registration);
            self.append_of_registration(Event::INSTALLED, &pass, at);
            let tag = if was_updated { self.next_tag(&pass) } else { Tag(0) };
            let held = Held { serial: pass.serial.clone(), tag };
            self.put(|tables| &mut tables.registrations_of_device, (owner, number), held);
            self.put(|tables| &mut tables.registrations_of_pass, (pass.clone(), number), device.clone());
            self.put(|tables| &mut tables.registrations, (pass, device), number);
        }
        Ok(Written::Registered { is_new })
    }

    /// Says whether there was such a registration.
    pub(super) fn unregister(&mut self, pass: &PassKey, device: &DeviceId, at: DateTime<Utc>) -> bool {
        let registration = (pass.clone(), device.clone());
        let Some(number) = self.take(|tables| &mut tables.registrations, &registration) else { return false };
        let owner = owner(pass, device);
        self.take(|tables| &mut tables.registrations_of_device, &(owner.clone(), number));
        self.take(|tables| &mut tables.registrations_of_pass, &(pass.clone(), number));
        self.append_of_registration(Event::REMOVED, pass, at);
        let mut left = self.tables.registrations_of_device.range((owner.clone(), 0)..=(owner.clone(), u64::MAX));
        if left.next().is_none() {
            self.take_device(&owner);
        }
        true
    }

    pub(super) fn forget(
        &mut self,
        tenant: Tenant,
        pass_type: PassTypeId,
        token: PushToken,
        until: DateTime<Utc>,
        at: DateTime<Utc>,
    ) -> Written {
        let first = (tenant.clone(), pass_type.clone(), token.clone(), 0);
        let last = (tenant.clone(), pass_type.clone(), token, u64::MAX);
        let devices: Vec<DeviceId> =
            self.tables.devices_by_token.range(first..=last).map(|(_, device)| device.clone()).collect();
        let mut registrations = 0;
        for device in devices {
            let owner = DeviceKey { tenant: tenant.clone(), pass_type: pass_type.clone(), device };
            if self.tables.devices.get(&owner).is_none_or(|device| device.registered > cut(until)) {
                continue;
            }
            let held = self.tables.registrations_of_device.range((owner.clone(), 0)..=(owner.clone(), u64::MAX));
            let serials: Vec<_> = held.map(|(_, held)| held.serial.clone()).collect();
            for serial in serials {
                let pass = PassKey { tenant: tenant.clone(), pass_type: pass_type.clone(), serial };
                registrations += u64::from(self.unregister(&pass, &owner.device, at));
            }
        }
        Written::Removed { registrations }
    }

    fn put_device(&mut self, key: &DeviceKey, push_token: PushToken, registered: DateTime<Utc>) {
        let number = match self.take_device(key) {
            Some(before) => before.number,
            None => self.next(|tables| &mut tables.last_numbers, Numbered::Device),
        };
        let place = (key.tenant.clone(), key.pass_type.clone(), push_token.clone(), number);
        self.put(|tables| &mut tables.devices_by_token, place, key.device.clone());
        self.put(|tables| &mut tables.devices, key.clone(), Device { number, push_token, registered });
    }

    fn take_device(&mut self, key: &DeviceKey) -> Option<Device> {
        let device = self.take(|tables| &mut tables.devices, key)?;
        let place = (key.tenant.clone(), key.pass_type.clone(), device.push_token.clone(), device.number);
        self.take(|tables| &mut tables.devices_by_token, &place);
        Some(device)
    }
}

fn owner(pass: &PassKey, device: &DeviceId) -> DeviceKey {
    DeviceKey { tenant: pass.tenant.clone(), pass_type: pass.pass_type.clone(), device: device.clone() }
}
