//! How values are written where a wallet wants text.

use std::fmt::Write as _;

use chrono::{DateTime, FixedOffset, SecondsFormat};
use serde_json::Value as Json;

use crate::model::color::Color;
use crate::model::value::{DateStyle, DateValue, Value};

/// Writes an instant as both wallets take it, whole seconds with a numeric offset (W3C date and time formats).
pub(super) fn instant(at: &DateTime<FixedOffset>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, false)
}

/// Writes a colour as Apple takes it.
pub(super) fn rgb(color: Color) -> String {
    let mut text = String::with_capacity("rgb(255, 255, 255)".len());
    let _ = write!(text, "{color}");
    text
}

/// Writes the path of an element of a list, whose own path is given in parts: `locations[0]`.
pub(super) fn element<const N: usize>(list: [&str; N], index: usize) -> String {
    let length = list.iter().map(|part| part.len()).sum::<usize>();
    let mut path = String::with_capacity(length + "[999]".len());
    path.extend(list);
    let _ = write!(path, "[{index}]");
    path
}

/// Writes a value as text that reads the same in every language, for a wallet that cannot format it by itself.
pub(super) fn neutral(value: &Value) -> String {
    match value {
        Value::Date(DateValue { at, style, time, .. }) => {
            let format = match (style, time) {
                (DateStyle::None, _) => "%H:%M",
                (_, DateStyle::None) => "%Y-%m-%d",
                _ => "%Y-%m-%d %H:%M",
            };
            at.format(format).to_string()
        }
        Value::Decimal(number) => number.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Money(money) => money.to_string(),
        Value::Percent(fraction) => format!("{} %", (fraction * 1e6).round() / 1e4),
        Value::Text(text) => text.default.clone(),
    }
}

/// Sets a member of a JSON object.
pub(super) fn set(object: &mut Json, key: &str, value: impl Into<Json>) {
    if let Json::Object(members) = object {
        members.insert(key.to_owned(), value.into());
    }
}

/// Says whether every character has a place in ISO-8859-1.
pub(super) fn is_latin1(text: &str) -> bool {
    text.chars().all(|c| u32::from(c) < 256)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_the_same_in_every_language() {
        let at = "2027-03-05T20:00:00+01:00".parse().unwrap();
        for (value, text) in [
            (Value::date(at, DateStyle::Medium, DateStyle::Short), "2027-03-05 20:00"),
            (Value::date(at, DateStyle::Long, DateStyle::None), "2027-03-05"),
            (Value::date(at, DateStyle::None, DateStyle::Short), "20:00"),
            (Value::Percent(0.2), "20 %"),
            (Value::Percent(0.125), "12.5 %"),
            (2450.into(), "2450"),
            (2.5.into(), "2.5"),
        ] {
            assert_eq!(neutral(&value), text);
        }
    }
}
