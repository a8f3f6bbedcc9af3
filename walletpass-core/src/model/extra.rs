//! What only one wallet knows, as raw JSON.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Raw JSON merged last into what each wallet gets (RFC 7396: objects merge, everything else replaces, `null` removes).
///
/// It is judged by the lint like the rest, so a typo is still caught, and a key newer than this library needs no new release.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Extra {
    /// Merged into `pass.json`.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub apple: Map<String, Value>,
    /// Merged into the Google class.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub google_class: Map<String, Value>,
    /// Merged into the Google object.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub google_object: Map<String, Value>,
}

impl Extra {
    /// Says whether nothing is to be merged.
    pub fn is_empty(&self) -> bool {
        let Self { apple, google_class, google_object } = self;
        apple.is_empty() && google_class.is_empty() && google_object.is_empty()
    }
}

/// Merges `patch` into `target` by RFC 7396.
pub(crate) fn merge(target: &mut Map<String, Value>, patch: &Map<String, Value>) {
    for (key, value) in patch {
        match value {
            Value::Null => {
                target.remove(key);
            }
            Value::Object(inner) => {
                let entry = target.entry(key.clone()).or_insert_with(|| Value::Object(Map::new()));
                if !entry.is_object() {
                    *entry = Value::Object(Map::new());
                }
                if let Value::Object(into) = entry {
                    merge(into, inner);
                }
            }
            other => {
                target.insert(key.clone(), other.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The table of RFC 7396, appendix A, where the target is an object.
    #[test]
    fn merges_as_the_specification_shows() {
        for (target, patch, result) in [
            (json!({"a":"b"}), json!({"a":"c"}), json!({"a":"c"})),
            (json!({"a":"b"}), json!({"b":"c"}), json!({"a":"b","b":"c"})),
            (json!({"a":"b"}), json!({"a":null}), json!({})),
            (json!({"a":["b"]}), json!({"a":"c"}), json!({"a":"c"})),
            (json!({"a":"c"}), json!({"a":["b"]}), json!({"a":["b"]})),
            (json!({"a":{"b":"c"}}), json!({"a":{"b":"d","c":null}}), json!({"a":{"b":"d"}})),
            (json!({"a":[{"b":"c"}]}), json!({"a":[1]}), json!({"a":[1]})),
            (json!({}), json!({"a":{"bb":{"ccc":null}}}), json!({"a":{"bb":{}}})),
        ] {
            let mut merged = target.as_object().unwrap().clone();
            merge(&mut merged, patch.as_object().unwrap());
            assert_eq!(Value::Object(merged), result, "{target} + {patch}");
        }
    }
}
