//! A pass as the issuer keeps it.

use bytes::Bytes;
use openssl::sha::sha256;
use serde::{Deserialize, Serialize};
use walletpass_core::Pass;
use walletpass_webservice::store::{Digest, StoredPass};

use super::Error;
use super::notify::Posted;

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
}

impl Record {
    /// Makes the record of a new pass.
    pub(super) fn new(pass: Pass, first: String) -> Self {
        Self { pass, first, posted: None }
    }

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

/// Tells passes of different content apart.
pub(super) fn digest(pass: &Pass) -> String {
    Digest(sha256(&written(pass))).to_string()
}

/// Writes what has no key that is not text, so that nothing can fail.
pub(super) fn written(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}
