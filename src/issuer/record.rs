//! A pass as the issuer keeps it.

use bytes::Bytes;
use openssl::sha::sha256;
use serde::{Deserialize, Serialize};
use walletpass_core::Pass;
use walletpass_webservice::store::{Digest, StoredPass};

use super::Error;
use super::notify::Posted;
use super::template::{Difference, as_json};

/// The body of a stored pass.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Record {
    /// What it says; pictures are named by their digests.
    pub(super) pass: Pass,
    /// The digest of what it said when it was created: who creates that again repeats himself.
    pub(super) first: String,
    /// The last message to its holders, which only Apple shows as a part of the pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) posted: Option<Posted>,
    /// The digest of the token that was signed when its holder signed up: a phone that did not hear the answer comes with it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) signed_up: Option<String>,
    /// The template it was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) origin: Option<Origin>,
}

/// How a pass follows a template.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Origin {
    pub(super) template: String,
    /// The revision that the pass was last written by.
    pub(super) revision: u64,
    /// What the pass says itself.
    pub(super) overrides: Difference,
    /// The class at Google that it shares with other passes of the template, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) class: Option<String>,
}

impl Record {
    /// Reads a record.
    pub(super) fn read(stored: &StoredPass) -> Result<Self, Error> {
        let serial = || stored.pass.key.serial.clone();
        serde_json::from_slice(&stored.pass.body).map_err(|source| Error::Stored { serial: serial(), source })
    }

    /// Writes the record down; equal records give equal bytes.
    pub(super) fn body(&self) -> Bytes {
        written(self).into()
    }
}

impl Origin {
    /// Writes down what became of a pass: that it says itself from now on.
    pub(super) fn after(self, before: &Pass, pass: &Pass, class: Option<String>) -> Self {
        let said = Difference::between(&as_json(before), &as_json(pass));
        Self { overrides: self.overrides.then(said), class, ..self }
    }
}

/// Tells what passes are created with apart.
pub(super) fn digest(content: &impl Serialize) -> String {
    Digest(sha256(&written(content))).to_string()
}

/// Writes what has no key that is not text, so that nothing can fail.
pub(super) fn written(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}
