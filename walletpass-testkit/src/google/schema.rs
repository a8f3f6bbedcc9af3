//! What Google's discovery document allows: every key by name, every value by type.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::world::Reply;

/// A field of a schema.
pub(super) struct Field {
    /// The type of it, or of its elements.
    pub(super) kind: &'static str,
    pub(super) is_list: bool,
    entry: &'static Value,
}

impl Field {
    fn new(entry: &'static Value) -> Option<Self> {
        let kind = entry.get("type")?.as_str()?;
        let (kind, is_list) = kind.strip_suffix("[]").map_or((kind, false), |kind| (kind, true));
        Some(Self { kind, is_list, entry })
    }

    fn is(&self, flag: &str) -> bool {
        self.entry.get(flag) == Some(&Value::Bool(true))
    }

    /// Gives the word of an enum as the document has it now, for one in any spelling.
    fn word(&self, word: &str) -> Option<&'static str> {
        let words = self.entry.get("enum").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let alias = || self.entry.get("legacy_aliases")?.get(word)?.as_str();
        words.into_iter().find(|known| *known == word).or_else(alias)
    }

    /// Gives the older spelling of a word, if it has one.
    pub(super) fn alias(&self, word: &str) -> Option<&'static str> {
        let aliases = self.entry.get("legacy_aliases").and_then(Value::as_object)?;
        aliases.iter().find(|(_, current)| current.as_str() == Some(word)).map(|(alias, _)| alias.as_str())
    }
}

/// Finds a field.
pub(super) fn field(schema: &str, key: &str) -> Option<Field> {
    Field::new(schemas().get(schema)?.get(key)?)
}

/// Names the schema of a collection: `LoyaltyObject`, if there is such a one.
pub(super) fn of_collection(collection: &str) -> Option<&'static str> {
    let is_one = collection.ends_with("Class") || collection.ends_with("Object");
    let mut letters = collection.chars();
    let name = format!("{}{}", letters.next()?.to_ascii_uppercase(), letters.as_str());
    let (name, schema) = schemas().get_key_value(&name)?;
    (is_one && schema.get("id").is_some()).then_some(name.as_str())
}

/// Judges an object of a schema; `whole` demands the required fields.
pub(super) fn judge(json: &Map<String, Value>, schema: &str, path: &str, whole: bool) -> Result<(), Reply> {
    for (key, value) in json {
        let Some(field) = field(schema, key) else {
            let place = if path.is_empty() { String::new() } else { format!(" at '{path}'") };
            return Err(invalid(&format!(
                "Invalid JSON payload received. Unknown name \"{key}\"{place}: Cannot find field."
            )));
        };
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        judge_field(value, &field, &path)?;
        let limit = if key == "merchantLocations" { 10 } else { usize::MAX };
        if value.as_array().is_some_and(|list| list.len() > limit) {
            return Err(invalid(&format!("Too many values at '{path}': at most {limit} are allowed.")));
        }
    }
    let fields = schemas().get(schema).and_then(Value::as_object).into_iter().flatten();
    for (key, field) in fields.filter_map(|(key, entry)| Some((key, Field::new(entry)?))) {
        if whole && field.is("required") && !json.contains_key(key) && !(path.is_empty() && key == "state") {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            return Err(invalid(&format!("Missing required value at '{path}'.")));
        }
    }
    let sources = ["sourceUri", "privateImageId"].iter().filter(|key| json.contains_key(**key)).count();
    if schema == "Image" && sources != 1 {
        return Err(invalid(&format!("Exactly one of sourceUri and privateImageId is expected at '{path}'.")));
    }
    Ok(())
}

fn judge_field(value: &Value, field: &Field, path: &str) -> Result<(), Reply> {
    if field.is_list {
        let Value::Array(values) = value else { return Err(wrong(path, "a list")) };
        return values
            .iter()
            .enumerate()
            .try_for_each(|(index, value)| judge_value(value, field, &format!("{path}[{index}]")));
    }
    judge_value(value, field, path)
}

fn judge_value(value: &Value, field: &Field, path: &str) -> Result<(), Reply> {
    let is_right = match (field.kind, value) {
        ("boolean", Value::Bool(_)) | ("double", Value::Number(_)) | ("string", Value::String(_)) => true,
        ("enum", Value::String(word)) => field.word(word).is_some(),
        ("int32", Value::Number(number)) => number.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        ("int64 (JSON string)", Value::Number(number)) => number.as_i64().is_some(),
        ("int64 (JSON string)", Value::String(text)) => text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok(),
        (schema, Value::Object(json)) if schemas().get(schema).is_some() => return judge(json, schema, path, true),
        _ => false,
    };
    if is_right { Ok(()) } else { Err(wrong(path, field.kind)) }
}

fn wrong(path: &str, wanted: &str) -> Reply {
    invalid(&format!("Invalid value at '{path}' ({wanted} expected)."))
}

fn invalid(message: &str) -> Reply {
    Reply::refusal(400, "invalid", message)
}

fn schemas() -> &'static Map<String, Value> {
    static SCHEMAS: LazyLock<Map<String, Value>> = LazyLock::new(|| {
        let document = include_str!("../../../walletpass-core/data/google-fields.json");
        let mut document: Map<String, Value> = serde_json::from_str(document).unwrap_or_default();
        match document.remove("schemas") {
            Some(Value::Object(schemas)) => schemas,
            _ => Map::new(),
        }
    });
    &SCHEMAS
}
