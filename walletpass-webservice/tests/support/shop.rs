//! A host that keeps its passes in a store.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use walletpass_core::{PassTypeId, Serial};
use walletpass_webservice::device::{DeviceError, Log, PassFile, SignUp};
use walletpass_webservice::store::{MemoryStore, NewPass, RegistrationQuery, Store, StoredPass, Write};
use walletpass_webservice::{PassHost, PassKey, StoredPasses, Tenant};

use super::{Tables, at_once};

#[derive(Clone, Debug, Default)]
pub(crate) struct Shop {
    pub(crate) store: MemoryStore,
    tenant: Tenant,
    logs: Arc<Mutex<Vec<Log>>>,
}

impl Shop {
    pub(crate) fn passes(&self) -> StoredPasses {
        let clock = "2026-11-21T12:00:00Z".parse::<DateTime<Utc>>().unwrap();
        let passes = StoredPasses::new(Arc::new(self.store.clone()), Arc::new(self.clone()));
        passes.with_tenant(self.tenant.clone()).with_clock(Arc::new(clock))
    }

    /// The same store, for somebody else.
    pub(crate) fn of(&self, tenant: &str) -> Self {
        Self { tenant: tenant.parse().unwrap(), ..self.clone() }
    }

    pub(crate) fn key(&self, pass_type: &PassTypeId, serial: &Serial) -> PassKey {
        PassKey { tenant: self.tenant.clone(), pass_type: pass_type.clone(), serial: serial.clone() }
    }

    pub(crate) fn stored(&self, pass_type: &PassTypeId, serial: &Serial) -> Option<StoredPass> {
        at_once(self.store.pass(&self.key(pass_type, serial))).unwrap()
    }
}

impl Tables for Shop {
    fn put(&self, pass_type: &PassTypeId, serial: &Serial, token: &str, content: &str, at: &str) {
        let pass = NewPass {
            key: self.key(pass_type, serial),
            body: content.to_owned().into(),
            token: token.into(),
            template: None,
            state: Default::default(),
            at: at.parse().unwrap(),
        };
        let write = match self.stored(pass_type, serial) {
            Some(stored) => Write::UpdatePass { pass, expected: stored.tag },
            None => Write::CreatePass(pass),
        };
        at_once(self.store.commit(vec![write])).unwrap();
    }

    fn push_token(&self, device: &str, pass_type: &PassTypeId) -> Option<String> {
        let pass = self.key(pass_type, &"4711".parse().unwrap());
        let query = RegistrationQuery { pass, cursor: None, limit: 100 };
        let page = at_once(self.store.registrations(&query)).unwrap();
        let found = page.items.into_iter().find(|registration| registration.device.as_str() == device);
        found.map(|registration| registration.push_token.as_str().to_owned())
    }

    fn logs(&self) -> Vec<Log> {
        self.logs.lock().unwrap().clone()
    }
}

#[async_trait]
impl PassHost for Shop {
    async fn print(&self, pass: StoredPass) -> Result<PassFile, DeviceError> {
        Ok(PassFile::new([Bytes::from_static(b"PK:"), pass.pass.body]))
    }

    async fn personalize(&self, _: StoredPass, request: SignUp) -> Result<Bytes, DeviceError> {
        Ok(request.token.as_str().to_owned().into())
    }

    async fn log(&self, log: Log) -> Result<(), DeviceError> {
        self.logs.lock().unwrap().push(log);
        Ok(())
    }
}
