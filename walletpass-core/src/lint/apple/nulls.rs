//! Finds nulls, wherever they are: Wallet has no type for them.

use serde_json::{Map, Value};

use super::rules;
use crate::lint::Fix;
use crate::lint::findings::Findings;
use crate::lint::path::Path;

/// As deep as `serde_json` parses. What was built deeper by hand is not followed, so the stack stays small.
const DEEPEST: usize = 128;

/// Reports each null in the pass.
pub(super) fn judge(pass: &Map<String, Value>, findings: &mut Findings) {
    for (key, value) in pass {
        search(value, &Path::ROOT.key(key), true, 1, findings);
    }
}

/// Searches a value, which is a member of an object or an element of a list: without an element the others are counted otherwise.
fn search(value: &Value, path: &Path<'_>, is_member: bool, depth: usize, findings: &mut Findings) {
    match value {
        Value::Null => findings.add_fixable(&rules::NULL_VALUE, path, || {
            let mend =
                if is_member { "leave the key out" } else { "leave it out of the list, or write what belongs there" };
            ("the value is null", mend, is_member.then(|| Fix::remove(path)))
        }),
        Value::Array(list) if depth < DEEPEST => {
            for (index, value) in list.iter().enumerate() {
                search(value, &path.index(index), false, depth + 1, findings);
            }
        }
        Value::Object(object) if depth < DEEPEST => {
            for (key, value) in object {
                search(value, &path.key(key), true, depth + 1, findings);
            }
        }
        _ => {}
    }
}
