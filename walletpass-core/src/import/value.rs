//! Values of `pass.json` as typed ones.

use chrono::{DateTime, FixedOffset, Timelike};
use serde_json::{Map, Value as Json};
use url::Url;

use crate::import::languages::Languages;
use crate::model::money::Money;
use crate::model::person::PersonName;
use crate::model::place::Place;
use crate::model::text::Text;
use crate::model::value::{DateStyle, DateValue, Value, ZoneRule};

/// Reads an instant as passes in the wild write it, with seconds or without.
pub(super) fn instant(json: &Json) -> Option<DateTime<FixedOffset>> {
    let text = json.as_str().filter(|text| text.len() <= 40 && text.contains('T'))?;
    let exact = DateTime::parse_from_rfc3339(text).ok();
    let numeric = || text.strip_suffix('Z').map_or_else(|| text.to_owned(), |local| format!("{local}+00:00"));
    let at = exact.or_else(|| DateTime::parse_from_str(&numeric(), "%Y-%m-%dT%H:%M%:z").ok())?;
    at.with_nanosecond(0)
}

/// Reads the value of a field by its styles.
pub(super) fn value(field: &Map<String, Json>, languages: &Languages) -> Option<Value> {
    let shown = field.get("value")?;
    let style = |key| field.get(key).and_then(Json::as_str);
    match shown {
        Json::String(text) => Some(date(field, shown).unwrap_or_else(|| Value::Text(languages.text(text)))),
        Json::Number(number) => {
            let money = style("currencyCode").and_then(|code| Money::parse(&number.to_string(), code).ok());
            let percent = || number.as_f64().filter(|_| style("numberStyle") == Some("PKNumberStylePercent"));
            money
                .map(Value::Money)
                .or_else(|| percent().map(Value::Percent))
                .or_else(|| number.as_i64().map(Value::Integer))
                .or_else(|| number.as_f64().map(Value::Decimal))
        }
        _ => None,
    }
}

/// Reads the value of a field as words.
pub(super) fn text(field: &Map<String, Json>, languages: &Languages) -> Option<Text> {
    match value(field, languages)? {
        Value::Text(text) => Some(text).filter(|text| !text.default.is_empty()),
        Value::Integer(number) => Some(Text::new(number.to_string())),
        _ => None,
    }
}

/// Reads the value of a field as words without translations.
pub(super) fn plain(field: &Map<String, Json>, languages: &Languages) -> Option<String> {
    text(field, languages).map(|text| text.default)
}

/// Reads the value of a field as an amount of money.
pub(super) fn money(field: &Map<String, Json>, languages: &Languages) -> Option<Money> {
    match value(field, languages)? {
        Value::Money(money) => Some(money),
        _ => None,
    }
}

/// Reads the value of a field as an instant, styled or not.
pub(super) fn moment(field: &Map<String, Json>, _: &Languages) -> Option<DateTime<FixedOffset>> {
    instant(field.get("value")?)
}

/// Reads a tag that is a text.
pub(super) fn tag_text(json: &Json, languages: &Languages) -> Option<Text> {
    json.as_str().filter(|text| !text.is_empty()).map(|text| languages.text(text))
}

/// Reads a tag that is a text without translations.
pub(super) fn tag_plain(json: &Json, languages: &Languages) -> Option<String> {
    tag_text(json, languages).map(|text| text.default)
}

/// Reads a tag that is an instant.
pub(super) fn tag_instant(json: &Json, _: &Languages) -> Option<DateTime<FixedOffset>> {
    instant(json)
}

/// Reads a tag that is an amount of money, which is a text there.
pub(super) fn tag_money(json: &Json, _: &Languages) -> Option<Money> {
    let amount = match json.get("amount")? {
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        _ => return None,
    };
    Money::parse(&amount, json.get("currencyCode")?.as_str()?).ok()
}

/// Reads a point on the map.
pub(super) fn place(json: &Json) -> Option<Place> {
    Place::new(json.get("latitude")?.as_f64()?, json.get("longitude")?.as_f64()?).ok()
}

/// Reads the name of a person in its parts.
pub(super) fn person(json: &Json, _: &Languages) -> Option<PersonName> {
    let part = |key| json.get(key).and_then(Json::as_str).filter(|part: &&str| !part.is_empty());
    match (part("givenName"), part("familyName")) {
        (Some(given), Some(family)) => Some(PersonName::parts(given, family)),
        (Some(name), None) | (None, Some(name)) => Some(name.into()),
        (None, None) => None,
    }
}

/// Reads an address to which both wallets go.
pub(super) fn link(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|url| SCHEMES.contains(&url.scheme()))
}

fn date(field: &Map<String, Json>, shown: &Json) -> Option<Value> {
    let style = |key| field.get(key).and_then(Json::as_str).and_then(date_style);
    let (day, time) = (style("dateStyle"), style("timeStyle"));
    if day.is_none() && time.is_none() {
        return None;
    }
    let is_set = |key| field.get(key) == Some(&Json::Bool(true));
    let zone = if is_set("ignoresTimeZone") { ZoneRule::Written } else { ZoneRule::Device };
    let (style, time) = (day.unwrap_or(DateStyle::None), time.unwrap_or(DateStyle::None));
    Some(Value::Date(DateValue { at: instant(shown)?, style, time, relative: is_set("isRelative"), zone }))
}

fn date_style(name: &str) -> Option<DateStyle> {
    Some(match name {
        "PKDateStyleNone" => DateStyle::None,
        "PKDateStyleShort" => DateStyle::Short,
        "PKDateStyleMedium" => DateStyle::Medium,
        "PKDateStyleLong" => DateStyle::Long,
        "PKDateStyleFull" => DateStyle::Full,
        _ => return None,
    })
}

/// What a link may begin with.
const SCHEMES: [&str; 6] = ["https", "http", "tel", "mailto", "sms", "geo"];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn instants_are_read_as_they_are_written_in_the_wild() {
        for (text, read) in [
            ("2027-03-05T20:00:00+01:00", Some("2027-03-05T20:00:00+01:00")),
            ("2027-03-05T20:00+01:00", Some("2027-03-05T20:00:00+01:00")),
            ("2027-03-05T20:00Z", Some("2027-03-05T20:00:00+00:00")),
            ("2027-03-05T20:00:00.123Z", Some("2027-03-05T20:00:00+00:00")),
            ("2027-03-05", None),
            ("5.3.2027 20:00", None),
        ] {
            assert_eq!(instant(&json!(text)).map(|at| at.to_rfc3339()).as_deref(), read, "{text}");
        }
    }
}
