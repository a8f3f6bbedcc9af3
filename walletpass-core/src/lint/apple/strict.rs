//! Strict JSON, with the place of the fault.

use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::rules;
use crate::lint::Finding;
use crate::lint::quote::{class_of, shorten};

/// How the cause of a repeated key begins, by which it is told from the faults of syntax.
const TWICE: &str = "the key ";

/// Reads an object, refusing repeated keys.
#[expect(clippy::result_large_err, reason = "a pass is read once, and a finding is what the caller shows")]
pub(super) fn parse(json: &[u8]) -> Result<Map<String, Value>, Finding> {
    if json.starts_with(b"\xEF\xBB\xBF") {
        let cause = "pass.json begins with a byte order mark, at line 1 column 1";
        return Err(rules::STRICT_JSON.finding("", cause, "save it as UTF-8 without byte order mark"));
    }
    // `Value` keeps the last of equal keys and tells nobody, so the keys are read once before.
    unique_keys(json).map_err(refuse)?;
    match serde_json::from_slice(json).map_err(refuse)? {
        Value::Object(pass) => Ok(pass),
        other => Err(rules::STRICT_JSON.finding(
            "",
            format!("pass.json holds {} at line 1 column 1", class_of(&other)),
            "write one object, from `{` to `}`",
        )),
    }
}

/// Reads any JSON for nothing but its keys, and refuses one that an object has twice. What follows the JSON is not read.
pub(crate) fn unique_keys(json: &[u8]) -> Result<(), serde_json::Error> {
    UniqueKeys.deserialize(&mut serde_json::Deserializer::from_slice(json))
}

fn refuse(error: serde_json::Error) -> Finding {
    let cause = error.to_string();
    if cause.starts_with(TWICE) {
        rules::DUPLICATE_KEY.finding("", cause, "keep one of them")
    } else {
        let cause = format!("pass.json is not strict JSON: {cause}");
        rules::STRICT_JSON.finding("", cause, "write it with a JSON serialiser rather than by hand")
    }
}

/// Reads any JSON for nothing but its keys.
struct UniqueKeys;

impl<'de> DeserializeSeed<'de> for UniqueKeys {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for UniqueKeys {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(UniqueKeys)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let mut seen = HashSet::new();
        while let Some(key) = object.next_key::<String>()? {
            if seen.contains(&key) {
                return Err(A::Error::custom(format_args!("{TWICE}\"{}\" is there twice", shorten(&key))));
            }
            seen.insert(key);
            object.next_value_seed(UniqueKeys)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_finding_says_line_and_column() {
        let finding = parse(b"{\n  \"a\": 1,\n}").unwrap_err();
        assert_eq!((finding.rule, finding.path.as_str()), ("apple-strict-json", ""));
        assert_eq!(finding.cause, "pass.json is not strict JSON: trailing comma at line 3 column 1");

        let finding = parse(b"{\"a\": {\"b\": 1,\n\"b\": 2}}").unwrap_err();
        assert_eq!(finding.rule, "apple-duplicate-key");
        assert!(finding.cause.starts_with("the key \"b\" is there twice at line 2 column "), "{}", finding.cause);
    }

    #[test]
    fn what_is_not_strict_is_refused() {
        for json in [
            "",
            "[]",
            "\u{feff}{}",
            "{\"a\": 1} // note",
            "{\"a\": NaN}",
            "{\"a\": \"\t\"}",
            "{“a”: 1}",
            "{'a': 1}",
            "{\"a\": 01}",
            "{} {}",
        ] {
            assert_eq!(parse(json.as_bytes()).unwrap_err().rule, "apple-strict-json", "{json}");
        }
        assert_eq!(parse(b"{\"a\": \"\xFF\"}").unwrap_err().rule, "apple-strict-json");
        assert_eq!(parse("[".repeat(100_000).as_bytes()).unwrap_err().rule, "apple-strict-json");
        assert_eq!(parse(b"{\"a\": 1, \"\\u0061\": 2}").unwrap_err().rule, "apple-duplicate-key");
    }

    #[test]
    fn what_is_strict_is_read_whole() {
        let pass = parse(" {\"a\": [1, -2, 3.5, true, null, \"ü\\n\"], \"b\": {\"a\": 1}}\n".as_bytes()).unwrap();
        assert_eq!(pass.len(), 2);
        assert_eq!(parse(b"{}").unwrap().len(), 0);
    }
}
