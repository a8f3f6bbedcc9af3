//! A mend that a program can make.

use json_patch::jsonptr::PointerBuf;
use json_patch::{
    AddOperation, MoveOperation, PatchOperation, RemoveOperation, ReplaceOperation, patch as apply_operations,
};
use serde::Serialize;
use serde_json::Value;

use super::path::Path;

/// The mend of a [`Finding`](super::Finding) as a JSON Patch.
///
/// There only where the mend is certain and loses nothing that a wallet would read. Serialises as the patch itself, so that any tool
/// applies it to the judged JSON:
///
/// ```
/// use serde_json::json;
/// use walletpass_core::lint::apple;
///
/// let pass = json!({ "expirationDate": "2027-03-05T06:30+0100" });
/// let now = "2027-01-01T00:00:00Z".parse().unwrap();
/// let findings = apple::check(pass.as_object().unwrap(), now);
/// let fix = findings.into_iter().find_map(|finding| finding.fix).unwrap();
///
/// let patch = json!([{ "op": "replace", "path": "/expirationDate", "value": "2027-03-05T06:30+01:00" }]);
/// assert_eq!(serde_json::to_value(fix).unwrap(), patch);
/// ```
///
/// Each fix fits the JSON as it was judged: after one is applied, judge again before the next, or leave that to
/// [`apple::fix`](super::apple::fix). RFC 6902.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
#[non_exhaustive]
pub struct Fix {
    /// What to do, in order.
    pub operations: Vec<Operation>,
}

/// One operation of a JSON Patch. Its paths are JSON Pointers: `/storeCard/headerFields/0/label`.
///
/// RFC 6902 section 4, RFC 6901.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "op", rename_all = "camelCase")]
#[non_exhaustive]
pub enum Operation {
    /// Adds a member to an object, or an element to an array before the one at the path.
    Add {
        /// Where.
        path: String,
        /// What.
        value: Value,
    },
    /// Moves a value: a key gets another name.
    Move {
        /// Where it is.
        from: String,
        /// Where it belongs.
        path: String,
    },
    /// Removes a value.
    Remove {
        /// Where it is.
        path: String,
    },
    /// Puts another value in the place of one.
    Replace {
        /// Where.
        path: String,
        /// What stands there instead.
        value: Value,
    },
}

impl Operation {
    /// Gives each path that the operation changes.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        let (path, from) = match self {
            Self::Add { path, .. } | Self::Remove { path } | Self::Replace { path, .. } => (path, None),
            Self::Move { from, path } => (path, Some(from)),
        };
        std::iter::once(path.as_str()).chain(from.map(String::as_str))
    }

    fn to_patch(&self) -> Option<PatchOperation> {
        let pointer = |path: &str| PointerBuf::parse(path).ok();
        Some(match self {
            Self::Add { path, value } => {
                PatchOperation::Add(AddOperation { path: pointer(path)?, value: value.clone() })
            }
            Self::Move { from, path } => {
                PatchOperation::Move(MoveOperation { from: pointer(from)?, path: pointer(path)? })
            }
            Self::Remove { path } => PatchOperation::Remove(RemoveOperation { path: pointer(path)? }),
            Self::Replace { path, value } => {
                PatchOperation::Replace(ReplaceOperation { path: pointer(path)?, value: value.clone() })
            }
        })
    }
}

impl Fix {
    /// Adds a value at a path.
    pub(super) fn add(path: &Path<'_>, value: impl Into<Value>) -> Self {
        Operation::Add { path: path.pointer(), value: value.into() }.into()
    }

    /// Appends a value to the array at a path.
    pub(super) fn append(path: &Path<'_>, value: impl Into<Value>) -> Self {
        Operation::Add { path: format!("{}/-", path.pointer()), value: value.into() }.into()
    }

    /// Moves the value at a path to another.
    pub(super) fn rename(from: &Path<'_>, to: &Path<'_>) -> Self {
        Operation::Move { from: from.pointer(), path: to.pointer() }.into()
    }

    /// Removes the value at a path.
    pub(super) fn remove(path: &Path<'_>) -> Self {
        Operation::Remove { path: path.pointer() }.into()
    }

    /// Puts another value at a path.
    pub(super) fn replace(path: &Path<'_>, value: impl Into<Value>) -> Self {
        Operation::Replace { path: path.pointer(), value: value.into() }.into()
    }

    /// Does another fix after this one.
    pub(super) fn then(mut self, next: Self) -> Self {
        self.operations.extend(next.operations);
        self
    }

    /// Applies the fix, or leaves the document as it is and says so.
    pub(super) fn apply(&self, document: &mut Value) -> bool {
        let operations: Option<Vec<_>> = self.operations.iter().map(Operation::to_patch).collect();
        operations.is_some_and(|operations| apply_operations(document, &operations).is_ok())
    }
}

impl From<Operation> for Fix {
    fn from(operation: Operation) -> Self {
        Self { operations: vec![operation] }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_fix_is_written_as_a_patch_and_read_back_by_another_program() {
        let (old, new) = (Path::ROOT.key("a/b~"), Path::ROOT.key("c"));
        for (fix, patch, result) in [
            (Fix::add(&new, 1), json!([{ "op": "add", "path": "/c", "value": 1 }]), json!({ "a/b~": [0], "c": 1 })),
            (
                Fix::append(&old, 1),
                json!([{ "op": "add", "path": "/a~1b~0/-", "value": 1 }]),
                json!({ "a/b~": [0, 1] }),
            ),
            (Fix::rename(&old, &new), json!([{ "op": "move", "from": "/a~1b~0", "path": "/c" }]), json!({ "c": [0] })),
            (Fix::remove(&old.index(0)), json!([{ "op": "remove", "path": "/a~1b~0/0" }]), json!({ "a/b~": [] })),
            (Fix::replace(&old, 1), json!([{ "op": "replace", "path": "/a~1b~0", "value": 1 }]), json!({ "a/b~": 1 })),
        ] {
            let mut document = json!({ "a/b~": [0] });
            assert_eq!(serde_json::to_value(&fix).unwrap(), patch);
            let read: json_patch::Patch = serde_json::from_value(patch).unwrap();
            assert!(fix.apply(&mut document));
            assert_eq!(document, result);
            let mut document = json!({ "a/b~": [0] });
            apply_operations(&mut document, &read).unwrap();
            assert_eq!(document, result);
        }
    }

    #[test]
    fn a_fix_that_does_not_fit_changes_nothing() {
        let mut document = json!({});
        assert!(!Fix::remove(&Path::ROOT.key("a")).apply(&mut document));
        assert_eq!(document, json!({}));
    }
}
