//! Values of the wrong JSON type whose meaning is clear all the same.

use serde_json::{Number, Value};

use super::shape::Shape;
use crate::lint::nearest;

/// The longest number in quotes that is read: a double keeps so many digits.
const LONGEST_NUMBER: usize = 16;

/// As deep as `serde_json` parses.
const DEEPEST: usize = 128;

/// The keys whose values no finding repeats.
const SECRETS: [&str; 2] = ["authenticationToken", "password"];

/// Gives the value in the type that its key wants: without quotes, in quotes, or in a list.
pub(super) fn convert(shape: &Shape, value: &Value) -> Option<Value> {
    match (shape, value) {
        (Shape::Bool, Value::String(text)) => match text.trim() {
            word if word.eq_ignore_ascii_case("true") => Some(true.into()),
            word if word.eq_ignore_ascii_case("false") => Some(false.into()),
            _ => None,
        },
        (Shape::Bool, Value::Number(number)) => match number.as_u64() {
            Some(0) => Some(false.into()),
            Some(1) => Some(true.into()),
            _ => None,
        },
        (Shape::Bare(_) | Shape::Text, Value::Number(number)) => {
            let text = number.to_string();
            (!text.contains(['e', 'E'])).then(|| text.into())
        }
        (Shape::List(inner), Value::Object(_) | Value::String(_) | Value::Number(_)) if suits(inner, value) => {
            // What holds a secret is not repeated in a fix.
            (!holds_secret(value, 0)).then(|| Value::Array(vec![value.clone()]))
        }
        (_, Value::String(text)) => number(text).filter(|number| suits(shape, number)),
        _ => None,
    }
}

/// Reads a number that stands in quotes.
pub(super) fn number(text: &str) -> Option<Value> {
    if text.len() > LONGEST_NUMBER {
        return None;
    }
    serde_json::from_str::<Number>(text.trim()).ok().map(Value::Number)
}

/// Tells whether a value is of the type that a shape wants, without looking into it.
fn suits(shape: &Shape, value: &Value) -> bool {
    let within = |most: f64| value.as_f64().is_some_and(|number| (-most..=most).contains(&number));
    match shape {
        Shape::Number => value.is_number(),
        Shape::Latitude => within(90.0),
        Shape::Longitude => within(180.0),
        Shape::Distance => value.as_f64().is_some_and(|metres| metres > 0.0),
        Shape::Port => value.as_u64().is_some_and(|port| port <= 65_535),
        Shape::StoreId => value.is_u64() || value.as_str().and_then(number).is_some_and(|number| number.is_u64()),
        Shape::Map(_) => value.is_object(),
        Shape::OneOf(names) => value.as_str().is_some_and(|name| names.contains(&name)),
        Shape::Bare(_) | Shape::Text => value.is_string(),
        _ => false,
    }
}

/// Tells whether there is a secret anywhere in a value, or whether it is too deep to say.
fn holds_secret(value: &Value, depth: usize) -> bool {
    match value {
        Value::Array(list) => depth > DEEPEST || list.iter().any(|value| holds_secret(value, depth + 1)),
        Value::Object(object) => {
            // However it is spelt: what is close to such a name may well be one.
            let secret = |key: &str| nearest::nearest(key, SECRETS).is_some();
            depth > DEEPEST || object.iter().any(|(key, value)| secret(key) || holds_secret(value, depth + 1))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::lint::apple::rules;
    use crate::lint::apple::shape::{Index, Table};

    static FREE: Table = Table {
        noun: "an object",
        class: rules::JSON_TYPE,
        missing: rules::MISSING_KEY,
        keys: &[],
        index: Index::new(),
    };
    static OBJECT: Shape = Shape::Map(&FREE);

    #[test]
    fn what_is_clear_is_converted() {
        for (shape, value, converted) in [
            (Shape::Bool, json!("true"), json!(true)),
            (Shape::Bool, json!(0), json!(false)),
            (Shape::Number, json!("1"), json!(1)),
            (Shape::Number, json!("-2.50"), json!(-2.5)),
            (Shape::Latitude, json!("52.5"), json!(52.5)),
            (Shape::Port, json!("65535"), json!(65535)),
            (Shape::StoreId, json!("4711"), json!(4711)),
            (Shape::Text, json!(12.5), json!("12.5")),
            (Shape::List(&Shape::StoreId), json!("4711"), json!(["4711"])),
            (Shape::List(&Shape::Text), json!("a"), json!(["a"])),
        ] {
            assert_eq!(convert(&shape, &value), Some(converted), "{value}");
        }
    }

    #[test]
    fn what_is_not_is_left() {
        for (shape, value) in [
            (Shape::Bool, json!("yes")),
            (Shape::Bool, json!(2)),
            (Shape::Number, json!("007")),
            (Shape::Number, json!("12345678901234567")),
            (Shape::Number, json!("NaN")),
            (Shape::Latitude, json!("91")),
            (Shape::Port, json!("-1")),
            (Shape::StoreId, json!("id4711")),
            (Shape::Text, json!(1e300)),
            (Shape::Secret, json!(1234567890123456_u64)),
            (Shape::List(&OBJECT), json!({ "a": [{ "PassWord": "x" }] })),
            (Shape::List(&OBJECT), json!({ "authentication_tokn": "x" })),
            (Shape::List(&Shape::Number), json!("many")),
            (Shape::Free, json!("x")),
        ] {
            assert_eq!(convert(&shape, &value), None, "{value}");
        }
    }
}
