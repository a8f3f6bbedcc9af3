//! A class or an object as Google gives it back.

use std::fmt;

use serde_json::{Map, Value};

use crate::answer::{fold, int};

/// A class or an object as Google gives it back: its JSON, kept whole, and readers for what programs ask of it.
///
/// Reads differ from writes: enums come back in an older spelling (`underReview`), integers of 64 bits as texts, and fields
/// are there that only Google sets. The readers take either form.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Resource {
    /// Everything that Google sent, unknown keys and words too.
    pub json: Map<String, Value>,
}

impl Resource {
    /// Takes JSON that came another way, from a batch for instance.
    pub fn new(json: Map<String, Value>) -> Self {
        Self { json }
    }

    /// Gives its id, `issuer.suffix`; empty if there is none.
    pub fn id(&self) -> &str {
        self.text("id").unwrap_or_default()
    }

    /// Gives the id of the class of an object.
    pub fn class_id(&self) -> Option<&str> {
        self.text("classId")
    }

    /// Gives the state of an object.
    pub fn state(&self) -> Option<ObjectState> {
        let word = self.text("state")?;
        Some(match fold(word).as_str() {
            "active" => ObjectState::Active,
            "completed" => ObjectState::Completed,
            "expired" => ObjectState::Expired,
            "inactive" => ObjectState::Inactive,
            _ => ObjectState::Other(word.to_owned()),
        })
    }

    /// Gives the review status of a class.
    pub fn review_status(&self) -> Option<ReviewStatus> {
        let word = self.text("reviewStatus")?;
        Some(match fold(word).as_str() {
            "approved" => ReviewStatus::Approved,
            "draft" => ReviewStatus::Draft,
            "rejected" => ReviewStatus::Rejected,
            "underreview" => ReviewStatus::UnderReview,
            _ => ReviewStatus::Other(word.to_owned()),
        })
    }

    /// Says whether anybody holds the object. It is the one sign besides callbacks that a message reaches someone.
    pub fn has_users(&self) -> Option<bool> {
        self.json.get("hasUsers").and_then(Value::as_bool)
    }

    /// Says whether a message of this id is on it.
    pub fn has_message(&self, id: &str) -> bool {
        self.messages().any(|message| message.get("id").and_then(Value::as_str) == Some(id))
    }

    /// Gives its messages as they are.
    pub fn messages(&self) -> impl Iterator<Item = &Map<String, Value>> {
        self.json.get("messages").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
    }

    /// Reads an integer of 64 bits, which comes as a text or as a number.
    pub fn int(&self, key: &str) -> Option<i64> {
        self.json.get(key).and_then(int)
    }

    /// Says whether the word at a key is this one, in either spelling: `is("genericType", "GENERIC_OTHER")`.
    pub fn is(&self, key: &str, word: &str) -> bool {
        self.text(key).is_some_and(|found| fold(found) == fold(word))
    }

    /// Says whether all of what was written is in it, in the spelling of reads. What reads do not show, and what Google sets itself, is not compared.
    pub fn holds(&self, written: &Map<String, Value>) -> bool {
        let compared = written.iter().filter(|(key, _)| !UNREAD.contains(&key.as_str()));
        compared.into_iter().all(|(key, value)| holds(self.json.get(key), value))
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.json.get(key).and_then(Value::as_str)
    }
}

/// Shows the id alone: an object may hold a PIN.
impl fmt::Debug for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Resource({})", self.id())
    }
}

/// Where an object stands in its life, as Google sees it.
///
/// <https://developers.google.com/wallet/reference/rest/v1/State>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ObjectState {
    /// In use.
    Active,
    /// Its life is over: a redeemed coupon, a visited event.
    Completed,
    /// Its time has passed.
    Expired,
    /// Withdrawn: it lies among the expired ones.
    Inactive,
    /// A word that is new here.
    Other(String),
}

impl ObjectState {
    /// Gives the word that is written.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Active => "ACTIVE",
            Self::Completed => "COMPLETED",
            Self::Expired => "EXPIRED",
            Self::Inactive => "INACTIVE",
            Self::Other(word) => word,
        }
    }
}

/// What Google thinks of a class.
///
/// <https://developers.google.com/wallet/reference/rest/v1/ReviewStatus>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReviewStatus {
    /// Good for use; Google sets this at once.
    Approved,
    /// Not offered for review: it can have no objects.
    Draft,
    /// A word that is new here.
    Other(String),
    /// Refused.
    Rejected,
    /// Offered for review, as every write does.
    UnderReview,
}

fn holds(read: Option<&Value>, written: &Value) -> bool {
    match (read, written) {
        // Google leaves out what is empty.
        (None, Value::Null) => true,
        (None, Value::Array(written)) => written.is_empty(),
        (None, Value::Object(written)) => written.is_empty(),
        (None, _) => false,
        (Some(Value::Object(read)), Value::Object(written)) => {
            written.iter().all(|(key, value)| holds(read.get(key), value))
        }
        (Some(Value::Array(read)), Value::Array(written)) => {
            read.len() == written.len() && read.iter().zip(written).all(|(read, written)| holds(Some(read), written))
        }
        (Some(Value::String(read)), Value::String(written)) => {
            let is_word = written.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
            read == written || (is_word && written.len() <= LONGEST_WORD && fold(read) == fold(written))
        }
        (Some(read @ Value::Number(_)), Value::Number(_)) => read.as_f64() == written.as_f64(),
        (Some(read @ Value::String(_)), Value::Number(_)) | (Some(read @ Value::Number(_)), Value::String(_)) => {
            int(read).is_some() && int(read) == int(written)
        }
        (Some(read), written) => read == written,
    }
}

/// What reads do not show as it was written.
const UNREAD: [&str; 2] = ["notifyPreference", "reviewStatus"];
/// The longest word of an enum that is compared.
const LONGEST_WORD: usize = 60;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_written_is_found_in_what_is_read() {
        let read = Resource::new(serde_json::from_value(json!({
            "id": "1.a", "state": "active", "version": "7", "barcode": { "type": "qrCode", "value": "ab" }, "hasUsers": false,
            "modules": [{ "header": "A", "kind": "x" }], "at": 1.0, "reviewStatus": "approved",
        })).unwrap());
        let holds = |json: Value| read.holds(&serde_json::from_value(json).unwrap());
        assert!(holds(
            json!({ "id": "1.a", "state": "ACTIVE", "version": 7, "barcode": { "type": "QR_CODE", "value": "ab" } })
        ));
        assert!(holds(
            json!({ "reviewStatus": "UNDER_REVIEW", "messages": [], "modules": [{ "header": "A" }], "at": 1 })
        ));
        for other in [
            json!({ "state": "EXPIRED" }),
            json!({ "barcode": { "value": "ac" } }),
            json!({ "modules": [] }),
            json!({ "modules": [{ "header": "B" }] }),
            json!({ "version": 8 }),
            json!({ "title": "new" }),
        ] {
            assert!(!holds(other.clone()), "{other}");
        }
    }

    #[test]
    fn either_spelling_is_read_and_the_unknown_is_kept() {
        let resource = |json: Value| Resource::new(serde_json::from_value(json).unwrap());
        for state in ["ACTIVE", "active"] {
            assert_eq!(resource(json!({ "state": state })).state(), Some(ObjectState::Active));
        }
        for status in ["UNDER_REVIEW", "underReview"] {
            assert_eq!(resource(json!({ "reviewStatus": status })).review_status(), Some(ReviewStatus::UnderReview));
        }
        let odd =
            resource(json!({ "state": "FROZEN", "version": "7", "new": { "a": 1 }, "pin": "2718", "messages": 3 }));
        assert_eq!(odd.state(), Some(ObjectState::Other("FROZEN".to_owned())));
        assert_eq!((odd.int("version"), &odd.json["new"]["a"]), (Some(7), &json!(1)));
        assert!(odd.is("state", "frozen") && !odd.has_message("x") && odd.has_users().is_none());
        assert_eq!(format!("{odd:?}"), "Resource()");
    }
}
