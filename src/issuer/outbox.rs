//! What is still to be done after a commit.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use walletpass_core::{Pass, Serial};
use walletpass_webservice::PassKey;
use walletpass_webservice::store::{NewEvent, NewTask, Write};

use super::Issuer;

/// Wakes the devices that hold a pass.
pub(super) const WAKE: &str = "wake";
/// Brings the object at Google to what the pass says.
pub(super) const GOOGLE: &str = "google";

/// What a task says beside its key.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Errand {
    /// The devices that are left; none at all means all that hold the pass.
    pub(super) tokens: Vec<String>,
    /// How often devices were tried in vain.
    pub(super) tries: u32,
    /// The last words of a pass that is gone.
    pub(super) pass: Option<Pass>,
}

impl Issuer {
    pub(super) fn task(&self, kind: &str, key: &PassKey, errand: &Errand) -> Write {
        Write::EnqueueTask(NewTask {
            tenant: key.tenant.clone(),
            kind: kind.to_owned(),
            key: format!("{}/{}", key.pass_type.as_str(), key.serial.as_str()),
            body: serde_json::to_vec(errand).unwrap_or_default().into(),
            due: self.inner.clock.now(),
        })
    }

    pub(super) fn event(&self, kind: &str, key: &PassKey, body: Bytes) -> Write {
        let (tenant, pass, at) = (key.tenant.clone(), Some(key.clone()), self.inner.clock.now());
        Write::AppendEvent(NewEvent { tenant, kind: kind.to_owned(), pass, at, body })
    }

    /// Names the pass that a task is about.
    pub(super) fn key_of_task(&self, task: &NewTask) -> Option<PassKey> {
        let (pass_type, serial) = task.key.split_once('/')?;
        let serial: Serial = serial.parse().ok()?;
        Some(PassKey { tenant: task.tenant.clone(), pass_type: pass_type.parse().ok()?, serial })
    }
}
