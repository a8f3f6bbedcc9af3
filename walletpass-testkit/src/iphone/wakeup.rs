//! What a phone did when it was woken.

use serde_json::Value;

use super::{Complaint, Fault};

/// What a phone did when it was woken, polled or refreshed.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Wakeup {
    /// The pass type that it was about.
    pub pass_type: String,
    /// The serial numbers that the server listed.
    pub listed: Vec<String>,
    /// The passes that were replaced by a new version.
    pub updated: Vec<String>,
    /// The passes for which the server answered 304.
    pub not_modified: Vec<String>,
    /// The passes that came whole and were unchanged.
    pub unchanged: Vec<String>,
    /// The passes that could not be had. The phone asks for them again when it is woken next, except for those that came and were
    /// refused.
    pub failed: Vec<String>,
    /// What is new in each pass of [`updated`](Wakeup::updated).
    pub changes: Vec<PassChange>,
    /// What the server did wrong.
    pub complaints: Vec<Complaint>,
}

/// What is new in a pass.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PassChange {
    /// Its serial number.
    pub serial: String,
    /// The fields whose value differs. A field that is new or gone is none of them.
    pub fields: Vec<FieldChange>,
    /// What the phone shows for it.
    pub shown: Shown,
}

/// A field whose value differs.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FieldChange {
    /// Its key.
    pub key: String,
    /// The value before, as it stood in `pass.json`.
    pub old: Value,
    /// The value now.
    pub new: Value,
    /// Its change message with the new value in it; a field without one is silent.
    pub message: Option<String>,
}

/// What a phone shows when a pass changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shown {
    /// This text on the lock screen.
    Message(String),
    /// Nothing: no changed field has a change message.
    Nothing,
    /// One notice in Wallet's own words, because several fields with a change message changed at once.
    Several,
}

impl Wakeup {
    pub(super) fn new(pass_type: &str) -> Self {
        Self { pass_type: pass_type.to_owned(), ..Self::default() }
    }

    /// Gives the change messages that appeared on the lock screen.
    pub fn messages(&self) -> Vec<&str> {
        let shown = self.changes.iter().map(|change| &change.shown);
        shown.filter_map(|shown| if let Shown::Message(text) = shown { Some(text.as_str()) } else { None }).collect()
    }

    /// Gives the kinds of what the server did wrong, in the order in which it was noticed.
    pub fn faults(&self) -> Vec<Fault> {
        self.complaints.iter().map(|complaint| complaint.fault).collect()
    }
}
