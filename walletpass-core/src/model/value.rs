//! Values that a field shows: text, numbers, money, dates.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, FixedOffset};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error as _, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::model::money::Money;
use crate::model::text::{Locale, Text};
use crate::model::time::instant;

/// What a field shows, typed, so that each wallet formats it for its holder.
///
/// In JSON a string is text, a number is a number, and the rest are objects with one key that names the type:
///
/// ```
/// # use walletpass_core::Value;
/// let value: Value = serde_json::from_str(r#"{ "money": { "amount": "12.50", "currency": "EUR" } }"#)?;
/// assert!(matches!(value, Value::Money(_)));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// An instant.
    Date(DateValue),
    /// A number with decimals.
    Decimal(f64),
    /// A whole number.
    Integer(i64),
    /// An amount of money.
    Money(Money),
    /// A fraction shown as a percentage: 0.2 is 20 %.
    Percent(f64),
    /// Words.
    Text(Text),
}

impl Value {
    /// Shows an instant in the given style, in the zone of the phone.
    pub fn date(at: DateTime<FixedOffset>, style: DateStyle, time: DateStyle) -> Self {
        Self::Date(DateValue { at, style, time, relative: false, zone: ZoneRule::default() })
    }
}

/// An instant and how it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct DateValue {
    /// The instant with its offset, RFC 3339: `2027-03-05T20:00:00+01:00`.
    #[serde(deserialize_with = "instant")]
    pub at: DateTime<FixedOffset>,
    /// How the day is written.
    #[serde(default)]
    pub style: DateStyle,
    /// How the time of day is written.
    #[serde(default)]
    pub time: DateStyle,
    /// Shows the distance from now ("in 3 days") on Apple; Google shows the date itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub relative: bool,
    /// Whose clock it is shown by.
    #[serde(default, skip_serializing_if = "ZoneRule::is_device")]
    pub zone: ZoneRule,
}

/// How much of a date or time is written. The words are the phone's, in its language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum DateStyle {
    /// Nothing.
    None,
    /// Numbers: 5.3.27, 20:00.
    Short,
    /// Abbreviated words: 5 Mar 2027.
    #[default]
    Medium,
    /// Whole words: 5 March 2027.
    Long,
    /// With the day of the week.
    Full,
}

/// Whose clock a date is shown by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum ZoneRule {
    /// The phone's: right for an instant that is the same for everyone.
    #[default]
    Device,
    /// The one written in the date: right for doors, gates and departures.
    Written,
}

impl ZoneRule {
    fn is_device(&self) -> bool {
        matches!(self, Self::Device)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<Text> for Value {
    fn from(text: Text) -> Self {
        Self::Text(text)
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Decimal(number)
    }
}

impl From<Money> for Value {
    fn from(money: Money) -> Self {
        Self::Money(money)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Date(date) => serializer.collect_map([("date", date)]),
            Self::Decimal(number) => serializer.serialize_f64(*number),
            Self::Integer(number) => serializer.serialize_i64(*number),
            Self::Money(money) => serializer.collect_map([("money", money)]),
            Self::Percent(fraction) => serializer.collect_map([("percent", fraction)]),
            Self::Text(text) => text.serialize(serializer),
        }
    }
}

/// Reads by shape, so that an error names the key at fault and not just "no variant matched".
impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ValueVisitor;

        impl<'de> Visitor<'de> for ValueVisitor {
            type Value = Value;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string, a number, or an object with `date`, `money`, `percent` or translations")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Value, E> {
                Ok(text.into())
            }

            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Value, E> {
                Ok(Value::Integer(number))
            }

            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Value, E> {
                i64::try_from(number)
                    .map(Value::Integer)
                    .map_err(|_| E::custom("the number is too large: write it as text"))
            }

            fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Value, E> {
                Ok(Value::Decimal(number))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
                let key: String = map.next_key()?.ok_or_else(|| A::Error::invalid_length(0, &self))?;
                let value = match key.as_str() {
                    "date" => Value::Date(map.next_value()?),
                    "money" => Value::Money(map.next_value()?),
                    "percent" => Value::Percent(map.next_value()?),
                    "default" => return text_from(key, map).map(Value::Text),
                    other if other.parse::<Locale>().is_ok() => return text_from(key, map).map(Value::Text),
                    other => return Err(A::Error::unknown_field(other, &["date", "default", "money", "percent"])),
                };
                match map.next_key::<String>()? {
                    None => Ok(value),
                    Some(second) => {
                        Err(A::Error::custom(format!("a value is of one type, not both `{key}` and `{second}`")))
                    }
                }
            }
        }

        deserializer.deserialize_any(ValueVisitor)
    }
}

impl JsonSchema for Value {
    fn schema_name() -> Cow<'static, str> {
        "Value".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let (date, money, text) = (
            generator.subschema_for::<DateValue>(),
            generator.subschema_for::<Money>(),
            generator.subschema_for::<Text>(),
        );
        let keyed = |key: &str, schema: serde_json::Value| {
            serde_json::json!({
                "type": "object", "properties": { key: schema }, "required": [key], "additionalProperties": false,
            })
        };
        json_schema!({
            "description": "What a field shows: text, a number, a percentage (0.2 is 20 %), money or a date.",
            "anyOf": [
                { "type": "number" },
                keyed("date", date.to_value()),
                keyed("money", money.to_value()),
                keyed("percent", serde_json::json!({ "type": "number" })),
                text,
            ],
        })
    }
}

/// Reads the rest of a map of translations whose first key has been taken.
fn text_from<'de, A: MapAccess<'de>>(first: String, mut map: A) -> Result<Text, A::Error> {
    let mut entries = BTreeMap::from([(first, map.next_value::<String>()?)]);
    while let Some((key, value)) = map.next_entry()? {
        entries.insert(key, value);
    }
    Text::deserialize(entries.into_deserializer())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_survives_a_round_trip() {
        for json in [
            r#""Gold""#,
            r#"{"de":"Gold","default":"Oro"}"#,
            "2450",
            "-3",
            "2.5",
            r#"{"percent":0.2}"#,
            r#"{"money":{"amount":"12.50","currency":"EUR"}}"#,
            r#"{"date":{"at":"2027-03-05T20:00:00+01:00","style":"medium","time":"short","zone":"written"}}"#,
        ] {
            let value: Value = serde_json::from_str(json).unwrap();
            let again: Value = serde_json::from_str(&serde_json::to_string(&value).unwrap()).unwrap();
            assert_eq!(again, value, "{json}");
        }
    }

    #[test]
    fn a_value_of_no_known_type_is_refused() {
        for (json, message) in [
            (r#"{ "mony": 3 }"#, "unknown field `mony`"),
            (r#"{ "percent": 0.2, "money": 3 }"#, "one type"),
            ("{}", "invalid length 0"),
            ("true", "invalid type: boolean"),
            (r#"{ "date": { "at": "2027-03-05" } }"#, "day, time and offset"),
        ] {
            let error = serde_json::from_str::<Value>(json).unwrap_err().to_string();
            assert!(error.contains(message), "{json}: {error}");
        }
    }
}
