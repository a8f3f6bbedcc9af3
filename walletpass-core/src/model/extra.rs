//! What only one wallet knows, as raw JSON.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Raw JSON merged last into what each wallet gets (RFC 7396: objects merge, everything else replaces, `null` removes).
///
/// It is judged by the lint like the rest, so a typo is still caught, and a key newer than this library needs no new release.
///
/// The web service of an Apple pass goes here:
///
/// ```
/// # use walletpass_core::{Generic, Pass};
/// # let mut pass = Pass::new("reader-4711".parse()?, "Town Library", Generic::new("Reader's card"));
/// pass.extra.apple.insert("webServiceURL".to_owned(), "https://library.example.org/wallet".into()); // Wallet appends /v1/…
/// pass.extra.apple.insert("authenticationToken".to_owned(), "vxwxd7J8AlNNFPS8k0a0".into()); // random for each pass
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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

/// Shows the keys alone: raw JSON may hold a token or a PIN.
impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { apple, google_class, google_object } = self;
        let keys = |json: &Map<String, Value>| json.keys().cloned().collect::<Vec<_>>();
        f.debug_struct("Extra")
            .field("apple", &keys(apple))
            .field("google_class", &keys(google_class))
            .field("google_object", &keys(google_object))
            .finish()
    }
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

/// Finds the patch that makes `to` of `from`: `merge(from, diff(from, to))` is `to`. `None`: they are equal.
///
/// A patch cannot write `null`, so `to` holds none outside of arrays.
pub(crate) fn diff(from: &Map<String, Value>, to: &Map<String, Value>) -> Option<Map<String, Value>> {
    let mut patch = Map::new();
    for key in from.keys().filter(|key| !to.contains_key(*key)) {
        patch.insert(key.clone(), Value::Null);
    }
    for (key, new) in to {
        match (from.get(key), new) {
            (Some(old), new) if old == new => {}
            (Some(Value::Object(old)), Value::Object(new)) => {
                patch.extend(diff(old, new).map(|inner| (key.clone(), inner.into())));
            }
            (_, new) => {
                patch.insert(key.clone(), new.clone());
            }
        }
    }
    (!patch.is_empty()).then_some(patch)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn object() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::from),
            (0..3i32).prop_map(Value::from),
            Just(json!(1.0)),
            "[ab]?".prop_map(Value::from),
            Just(json!([null, { "a": null }])),
        ];
        let value = leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                members(inner).prop_map(Value::from),
            ]
        });
        members(value).prop_map(Value::from)
    }

    fn members(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Map<String, Value>> {
        proptest::collection::hash_map("[a-c]", value, 0..4).prop_map(|members| members.into_iter().collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

        /// The law of the difference, and that there is none between equals.
        #[test]
        fn a_difference_merged_is_the_other(from in object(), to in object()) {
            let (from, to) = (from.as_object().unwrap(), to.as_object().unwrap());
            let mut merged = from.clone();
            if let Some(patch) = diff(from, to) {
                merge(&mut merged, &patch);
            }
            prop_assert_eq!(&merged, to);
            prop_assert_eq!(diff(to, to), None);
        }
    }

    #[test]
    fn debug_shows_keys_alone() {
        let apple = Map::from_iter([("authenticationToken".to_owned(), "s3cret".into())]);
        let shown = format!("{:?}", Extra { apple, ..Extra::default() });
        assert!(shown.contains("authenticationToken") && !shown.contains("s3cret"), "{shown}");
    }

    #[test]
    fn a_difference_is_small() {
        for (from, to, patch) in [
            (json!({"a":1,"b":{"c":2,"d":3}}), json!({"a":1,"b":{"c":2,"d":4}}), json!({"b":{"d":4}})),
            (json!({"a":1}), json!({}), json!({"a":null})),
            (json!({"a":1}), json!({"a":{}}), json!({"a":{}})),
            (json!({"a":[1]}), json!({"a":[1,2]}), json!({"a":[1,2]})),
        ] {
            assert_eq!(diff(from.as_object().unwrap(), to.as_object().unwrap()), patch.as_object().cloned());
        }
    }

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
