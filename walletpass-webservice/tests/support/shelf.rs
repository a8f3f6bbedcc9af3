//! A host with tables of its own, as small as can be.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use walletpass_core::{PassTypeId, Secret, Serial};
use walletpass_webservice::device::{
    Changed, DeviceError, DeviceService, Fetch, Latest, ListChanged, Log, PassFile, Register, Registered, SignUp,
    Unregister,
};
use walletpass_webservice::{DeviceId, PushToken};

use super::Tables;

#[derive(Debug, Default)]
pub(crate) struct Shelf(Mutex<Rows>);

#[derive(Debug, Default)]
struct Rows {
    counter: u64,
    passes: BTreeMap<(PassTypeId, Serial), Row>,
    registrations: BTreeSet<(DeviceId, PassTypeId, Serial)>,
    push_tokens: BTreeMap<(DeviceId, PassTypeId), PushToken>,
    logs: Vec<Log>,
    broken: Option<&'static str>,
}

#[derive(Debug)]
struct Row {
    token: String,
    content: String,
    tag: u64,
    modified: DateTime<Utc>,
}

impl Shelf {
    /// Fails from now on, in the given way.
    pub(crate) fn fail(&self, way: &'static str) {
        self.0.lock().unwrap().broken = Some(way);
    }

    fn tables(&self) -> Result<std::sync::MutexGuard<'_, Rows>, DeviceError> {
        let tables = self.0.lock().unwrap();
        match tables.broken {
            Some("busy") => Err(DeviceError::Unavailable {
                retry_after: Some(std::time::Duration::from_millis(1500)),
                source: "password=2718".into(),
            }),
            Some(way) => Err(DeviceError::failed(way)),
            None => Ok(tables),
        }
    }
}

impl Tables for Shelf {
    fn put(&self, pass_type: &PassTypeId, serial: &Serial, token: &str, content: &str, at: &str) {
        let mut tables = self.0.lock().unwrap();
        tables.counter += 1;
        let row = Row {
            token: token.to_owned(),
            content: content.to_owned(),
            tag: tables.counter,
            modified: at.parse().unwrap(),
        };
        tables.passes.insert((pass_type.clone(), serial.clone()), row);
    }

    fn push_token(&self, device: &str, pass_type: &PassTypeId) -> Option<String> {
        let key = (device.parse().unwrap(), pass_type.clone());
        self.0.lock().unwrap().push_tokens.get(&key).map(|token| token.as_str().to_owned())
    }

    fn logs(&self) -> Vec<Log> {
        self.0.lock().unwrap().logs.clone()
    }
}

#[async_trait]
impl DeviceService for Shelf {
    async fn authentication_token(
        &self,
        pass_type: &PassTypeId,
        serial: &Serial,
    ) -> Result<Option<Secret<String>>, DeviceError> {
        let tables = self.tables()?;
        let row = tables.passes.get(&(pass_type.clone(), serial.clone()));
        Ok(row.map(|row| Secret::from(row.token.as_str())))
    }

    async fn register(&self, request: Register) -> Result<Registered, DeviceError> {
        let Register { device, pass_type, serial, push_token } = request;
        let mut tables = self.tables()?;
        tables.push_tokens.insert((device.clone(), pass_type.clone()), push_token);
        let is_new = tables.registrations.insert((device, pass_type, serial));
        Ok(if is_new { Registered::New } else { Registered::Known })
    }

    async fn unregister(&self, request: Unregister) -> Result<(), DeviceError> {
        let mut tables = self.tables()?;
        tables.registrations.remove(&(request.device, request.pass_type, request.serial));
        Ok(())
    }

    async fn changed(&self, request: ListChanged) -> Result<Option<Changed>, DeviceError> {
        let tables = self.tables()?;
        let since = request.since.and_then(|since| since.parse::<u64>().ok()).filter(|since| *since <= tables.counter);
        let mut found = tables
            .registrations
            .iter()
            .filter(|(device, pass_type, _)| (device, pass_type) == (&request.device, &request.pass_type))
            .filter_map(|(_, pass_type, serial)| {
                Some((tables.passes.get(&(pass_type.clone(), serial.clone()))?.tag, serial.clone()))
            })
            .filter(|(tag, _)| since.is_none_or(|since| *tag > since))
            .collect::<Vec<_>>();
        found.sort();
        Ok(found.last().map(|(tag, _)| tag.to_string()).map(|last_updated| Changed {
            serials: found.into_iter().map(|(_, serial)| serial).collect(),
            last_updated,
        }))
    }

    async fn latest(&self, request: Fetch) -> Result<Latest, DeviceError> {
        let tables = self.tables()?;
        let row = tables.passes.get(&(request.pass_type, request.serial)).ok_or(DeviceError::UnknownPass)?;
        let file = PassFile::new([Bytes::from_static(b"PK:"), Bytes::from(row.content.clone())]);
        Ok(Latest::Modified { file, last_modified: row.modified })
    }

    async fn log(&self, log: Log) -> Result<(), DeviceError> {
        self.tables()?.logs.push(log);
        Ok(())
    }

    async fn personalize(&self, request: SignUp) -> Result<Bytes, DeviceError> {
        let tables = self.tables()?;
        tables.passes.get(&(request.pass_type, request.serial)).ok_or(DeviceError::UnknownPass)?;
        match request.holder.full_name {
            Some(name) => Ok(format!("signature of {} for {name}", request.token.as_str()).into()),
            None => Err(DeviceError::Refused { message: "the form asks for a name: fill it in".to_owned() }),
        }
    }
}
