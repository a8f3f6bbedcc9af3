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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
