//! What the tests write.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use walletpass_webservice::store::{DeviceKey, DocumentKey, NewDocument, NewEvent, NewPass, NewTask, Write};
use walletpass_webservice::{PassKey, Tenant};

pub(crate) const CLUB: &str = "pass.com.example.club";

pub(crate) fn key(serial: &str) -> PassKey {
    PassKey { tenant: Tenant::default(), pass_type: CLUB.parse().unwrap(), serial: serial.parse().unwrap() }
}

pub(crate) fn pass(serial: &str, body: impl Into<Bytes>) -> NewPass {
    let token = "vxwxd7J8AlNNFPS8k0a0FfUFtq0ewzFdc".into();
    let template = Some("gold".to_owned());
    NewPass { key: key(serial), body: body.into(), token, template, state: Default::default(), at: at(0) }
}

pub(crate) fn device(name: &str) -> DeviceKey {
    DeviceKey { tenant: Tenant::default(), pass_type: CLUB.parse().unwrap(), device: name.parse().unwrap() }
}

pub(crate) fn registering(name: &str, serial: &str) -> Write {
    let (device, push_token) = (name.parse().unwrap(), "00ff".parse().unwrap());
    Write::Register { device, pass: key(serial), push_token, at: at(0) }
}

pub(crate) fn waking(serial: &str) -> Write {
    let (tenant, kind, key) = (Tenant::default(), "wake".to_owned(), serial.to_owned());
    Write::EnqueueTask(NewTask { tenant, kind, key, body: Bytes::new(), due: at(0) })
}

pub(crate) fn event(body: impl Into<Bytes>) -> Write {
    let (tenant, kind) = (Tenant::default(), "done".to_owned());
    Write::AppendEvent(NewEvent { tenant, kind, pass: None, at: at(0), body: body.into() })
}

pub(crate) fn document_key(name: &str) -> DocumentKey {
    DocumentKey { tenant: Tenant::default(), kind: "note".to_owned(), name: name.to_owned() }
}

pub(crate) fn putting(name: &str, body: impl Into<Bytes>, expected: Option<u64>) -> Write {
    let document = NewDocument { key: document_key(name), body: body.into(), at: at(0) };
    Write::PutDocument { document, expected }
}

/// Gives an instant so many seconds into the test.
pub(crate) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_255_200 + seconds, 0).unwrap()
}
