//! Whatever else an issuer keeps under a name: templates, jobs, receivers of webhooks.

use std::fmt;

use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::Cursor;
use crate::Tenant;

/// Names a document.
///
/// Neither part has control characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_structs, reason = "a key does not grow")]
pub struct DocumentKey {
    /// Whose document it is.
    pub tenant: Tenant,
    /// What it is: "template". 1 to 64 bytes.
    pub kind: String,
    /// Its name among those of its kind: 1 to 256 bytes.
    pub name: String,
}

/// What a host writes of a document.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "stores of others read it")]
pub struct NewDocument {
    /// Its name.
    pub key: DocumentKey,
    /// The content, opaque to the store.
    pub body: Bytes,
    /// The present instant.
    pub at: DateTime<Utc>,
}

/// A document as it is stored.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "stores of others make it")]
pub struct Document {
    /// Its name.
    pub key: DocumentKey,
    /// Rises with each write of the key, from 1; what [`Write::PutDocument`](super::Write::PutDocument) expects. Never given twice for one
    /// key, also not after a deletion. Numbers may be skipped.
    pub revision: u64,
    /// The content, opaque to the store.
    pub body: Bytes,
    /// When it was first written.
    pub created: DateTime<Utc>,
    /// When it was last written.
    pub updated: DateTime<Utc>,
}

/// Shows the size of the body, not the body: it may hold a key.
impl fmt::Debug for NewDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("NewDocument");
        shown.field("key", &self.key).field("bytes", &self.body.len()).field("at", &self.at).finish()
    }
}

/// Shows the size of the body, not the body: it may hold a key.
impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Document");
        shown.field("key", &self.key).field("revision", &self.revision).field("bytes", &self.body.len()).finish()
    }
}

/// Which documents to list.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "stores of others read it")]
pub struct DocumentQuery {
    /// Whose documents.
    pub tenant: Tenant,
    /// Of which kind.
    pub kind: String,
    /// Where to go on.
    pub cursor: Option<Cursor>,
    /// How many at most, at least 1.
    pub limit: usize,
}
