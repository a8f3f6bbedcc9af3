//! How reads differ from writes: old words, integers as texts, and what Google sets itself.

use serde_json::{Map, Value, json};

use super::schema::{self, Field};
use super::world::{Entry, World};

/// Gives a class or an object as it is read.
pub(super) fn read(world: &World, id: &str, entry: &Entry) -> Value {
    let Entry { collection, json } = entry;
    let name = schema::of_collection(collection).unwrap_or_default();
    let mut json = respelled(json, name);
    json.insert("kind".to_owned(), format!("walletobjects#{collection}").into());
    if collection.ends_with("Object") {
        json.insert("hasUsers".to_owned(), world.saved.contains(id).into());
        json.entry("state").or_insert_with(|| "active".into());
    } else {
        json.insert("version".to_owned(), "1".into());
    }
    Value::Object(json)
}

fn respelled(json: &Map<String, Value>, name: &str) -> Map<String, Value> {
    let field = |key: &str| schema::field(name, key);
    json.iter()
        .map(|(key, value)| (key.clone(), field(key).map_or_else(|| value.clone(), |field| respell(value, &field))))
        .collect()
}

fn respell(value: &Value, field: &Field) -> Value {
    match (field.kind, value) {
        (_, Value::Array(values)) if field.is_list => values.iter().map(|value| respell(value, field)).collect(),
        ("enum", Value::String(word)) => json!(field.alias(word).unwrap_or(word)),
        ("int64 (JSON string)", Value::Number(number)) => json!(number.to_string()),
        (schema, Value::Object(json)) => Value::Object(respelled(json, schema)),
        _ => value.clone(),
    }
}
