//! Holds a JSON value against the key tables: types, enums, dates, colours, missing and unknown keys.
//!
//! Nulls are another file's affair ([`nulls`](super::nulls)) and are passed over here.

use std::sync::OnceLock;

use serde_json::{Map, Value};

use super::{color, convert, links, rules};
use crate::lint::date::{Stamp, mended};
use crate::lint::findings::Findings;
use crate::lint::nearest;
use crate::lint::path::Path;
use crate::lint::quote::{class_of, describe, shorten};
use crate::lint::{Fix, Rule};
use crate::model::id::check_beacon;
use crate::model::money::Currency;
use crate::model::zone::TimeZone;

/// The keys of one kind of object.
pub(super) struct Table {
    /// What the object is, with its article.
    pub(super) noun: &'static str,
    /// The rule that a value of the wrong type breaks.
    pub(super) class: Rule,
    /// The rule that a missing key breaks.
    pub(super) missing: Rule,
    /// The keys.
    pub(super) keys: &'static [Key],
    /// The same keys in another order.
    pub(super) index: Index,
}

impl Table {
    /// Finds a key.
    fn get(&self, name: &str) -> Option<&'static Key> {
        let keys = self.index.0.get_or_init(|| {
            let mut keys: Vec<_> = self.keys.iter().map(|key| (key.name, key)).collect();
            keys.sort_unstable_by_key(|(name, _)| (name.len(), *name));
            keys
        });
        let at = keys.binary_search_by_key(&(name.len(), name), |(name, _)| (name.len(), name)).ok()?;
        keys.get(at).map(|(_, key)| *key)
    }
}

/// The keys of a table in the order of the lengths of their names, by which most are told apart, and then of the names; made when
/// the first is looked up.
pub(super) struct Index(OnceLock<Vec<(&'static str, &'static Key)>>);

impl Index {
    /// Makes one that is not filled yet.
    pub(super) const fn new() -> Self {
        Self(OnceLock::new())
    }
}

/// One key.
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) required: bool,
}

/// Makes a key that must be there.
pub(super) const fn required(name: &'static str, shape: Shape) -> Key {
    Key { name, shape, required: true }
}

/// Makes a key that may be there.
pub(super) const fn optional(name: &'static str, shape: Shape) -> Key {
    Key { name, shape, required: false }
}

/// What a key holds.
pub(super) enum Shape {
    /// Anything: sources disagree.
    Any,
    /// A text that does not hold this word, since the layout adds it.
    Bare(&'static str),
    /// A boolean.
    Bool,
    /// A colour in a string.
    Color,
    /// A currency code in a string.
    Currency,
    /// A date-time with its offset, in a string.
    Date,
    /// A number of metres above 0.
    Distance,
    /// A mailbox in a string.
    Email,
    /// An object with any keys.
    Free,
    /// A number from -90 to 90.
    Latitude,
    /// An absolute URL in a string.
    Link,
    /// An array of one shape.
    List(&'static Shape),
    /// A number from -180 to 180.
    Longitude,
    /// An object with the keys of a table.
    Map(&'static Table),
    /// A number.
    Number,
    /// One of these strings.
    OneOf(&'static [&'static str]),
    /// A telephone number in a string.
    Phone,
    /// An integer from 0 to 65535.
    Port,
    /// A string or a number.
    Scalar,
    /// A string that no finding repeats.
    Secret,
    /// An App Store identifier, an integer.
    StoreId,
    /// A string.
    Text,
    /// A UUID in a string.
    Uuid,
    /// An IANA time zone in a string.
    Zone,
}

impl Shape {
    const fn expected(&self) -> &'static str {
        match self {
            Self::Any => "a value",
            Self::Bool => "a boolean, `true` or `false` without quotes",
            Self::Color => "a colour in a string, \"rgb(0, 71, 187)\"",
            Self::Currency => "a currency code in a string, \"EUR\"",
            Self::Date => "a date in a string, \"2027-03-05T06:30:00+01:00\"",
            Self::Distance => "a number of metres above 0, without quotes",
            Self::Free | Self::Map(_) => "an object",
            Self::Latitude => "a number from -90 to 90, without quotes",
            Self::List(_) => "an array",
            Self::Longitude => "a number from -180 to 180, without quotes",
            Self::Number => "a number, without quotes",
            Self::Bare(_) | Self::Email | Self::Link | Self::OneOf(_) | Self::Phone | Self::Secret | Self::Text => {
                "a string"
            }
            Self::Port => "an integer from 0 to 65535, without quotes",
            Self::Scalar => "a string or a number",
            Self::StoreId => "an integer, without quotes",
            Self::Uuid => "a UUID in a string",
            Self::Zone => "a time zone in a string, \"Europe/Lisbon\"",
        }
    }
}

/// Judges an object by its table.
pub(super) fn judge(table: &'static Table, object: &Map<String, Value>, place: &Path<'_>, findings: &mut Findings) {
    for key in table.keys.iter().filter(|key| key.required && !object.contains_key(key.name)) {
        findings.add(&table.missing, &place.key(key.name), || {
            (format!("{} has no `{}`", table.noun, key.name), format!("add `{}`, {}", key.name, key.shape.expected()))
        });
    }
    for (name, value) in object {
        let path = place.key(name);
        match table.get(name) {
            Some(key) => judge_value(&key.shape, table, value, &path, findings),
            None => findings.add_fixable(&rules::UNKNOWN_KEY, &path, || {
                let cause = format!("{} has no key `{}`, so Wallet ignores it", table.noun, shorten(name));
                let names = || table.keys.iter().map(|key| key.name);
                let certain = nearest::certain(name, names());
                let Some(near) = certain.or_else(|| nearest::nearest(name, names())) else {
                    return (cause, "leave it out, or keep your own data in `userInfo`".to_owned(), None);
                };
                let fix = certain.filter(|near| !object.contains_key(*near) && is_good(near, table, value));
                (cause, format!("write `{near}`"), fix.map(|near| Fix::rename(&path, &place.key(near))))
            }),
        }
    }
}

/// Tells whether a value has no error as that of another key.
fn is_good(name: &str, table: &'static Table, value: &Value) -> bool {
    let Some(key) = table.get(name) else { return false };
    let mut findings = Findings::default();
    judge_value(&key.shape, table, value, &Path::ROOT, &mut findings);
    !findings.has_errors()
}

fn judge_value(shape: &'static Shape, table: &'static Table, value: &Value, path: &Path<'_>, findings: &mut Findings) {
    match (shape, value) {
        (_, Value::Null)
        | (Shape::Any, _)
        | (Shape::Bool, Value::Bool(_))
        | (Shape::Free, Value::Object(_))
        | (Shape::Number, Value::Number(_))
        | (Shape::Scalar, Value::String(_) | Value::Number(_))
        | (Shape::Secret | Shape::Text, Value::String(_)) => {}
        (Shape::List(shape), Value::Array(list)) => {
            for (index, value) in list.iter().enumerate() {
                judge_value(shape, table, value, &path.index(index), findings);
            }
        }
        (Shape::Map(table), Value::Object(object)) => judge(table, object, path, findings),
        (Shape::Map(table), _) => refuse(&table.class, shape, value, path, findings),
        (Shape::Bare(word), Value::String(text)) => judge_bare(word, text, path, findings),
        (Shape::Email, Value::String(text)) => links::judge_email(text, path, findings),
        (Shape::Link, Value::String(text)) => links::judge(text, path, findings),
        (Shape::Phone, Value::String(text)) => links::judge_phone(text, path, findings),
        (Shape::Zone, Value::String(text)) => judge_zone(text, path, findings),
        (Shape::Color, Value::String(text)) => color::judge(text, path, findings),
        (Shape::Currency, Value::String(text)) => judge_currency(text, path, findings),
        (Shape::Date, Value::String(text)) => judge_date(text, path, findings),
        // The usual wrong type of a date is seconds since 1970, and then the form is what to talk about.
        (Shape::Date, Value::Number(_)) => refuse(&rules::DATE_FORM, shape, value, path, findings),
        (Shape::OneOf(names), Value::String(text)) => judge_enum(names, text, path, findings),
        (Shape::Uuid, Value::String(text)) if check_beacon(text) => {}
        (Shape::Latitude, Value::Number(number)) => {
            if !number.as_f64().is_some_and(|degrees| (-90.0..=90.0).contains(&degrees)) {
                refuse(&rules::LOCATION, shape, value, path, findings);
            }
        }
        (Shape::Longitude, Value::Number(number)) => {
            if !number.as_f64().is_some_and(|degrees| (-180.0..=180.0).contains(&degrees)) {
                refuse(&rules::LOCATION, shape, value, path, findings);
            }
        }
        (Shape::Distance, _) => {
            if !value.as_f64().is_some_and(|metres| metres > 0.0) {
                refuse(&rules::MAX_DISTANCE, shape, value, path, findings);
            }
        }
        (Shape::Port, Value::Number(number)) if number.as_u64().is_some_and(|port| port <= 65_535) => {}
        (Shape::StoreId, _) => {
            if !value.is_u64() {
                refuse(&rules::STORE_IDENTIFIER, shape, value, path, findings);
            }
        }
        (Shape::Secret, _) => findings.add(&table.class, path, || {
            (format!("expected {}, found {}", shape.expected(), class_of(value)), format!("write {}", shape.expected()))
        }),
        _ => refuse(&table.class, shape, value, path, findings),
    }
}

fn judge_date(text: &str, path: &Path<'_>, findings: &mut Findings) {
    match Stamp::parse(text).filter(|stamp| stamp.offset.is_some()) {
        None => findings.add_fixable(&rules::DATE_FORM, path, || {
            (
                format!("\"{}\" is not a date that Wallet reads", shorten(text)),
                "write date, time and offset, 2027-03-05T06:30:00+01:00, or Z for the offset",
                mended(text).map(|date| Fix::replace(path, date)),
            )
        }),
        Some(stamp) => judge_fraction(&stamp, text, path, findings),
    }
}

/// Judges what is a date for its fractions of a second.
pub(super) fn judge_fraction(stamp: &Stamp, text: &str, path: &Path<'_>, findings: &mut Findings) {
    if stamp.fraction {
        findings.add_fixable(&rules::DATE_FRACTION, path, || {
            (
                format!("\"{}\" has fractions of a second, which some systems refuse", shorten(text)),
                "write whole seconds",
                mended(text).map(|date| Fix::replace(path, date)),
            )
        });
    }
}

fn judge_currency(text: &str, path: &Path<'_>, findings: &mut Findings) {
    if text.parse::<Currency>().is_err() {
        findings.add_fixable(&rules::CURRENCY, path, || {
            let capitals = Some(text.to_ascii_uppercase()).filter(|text| text.parse::<Currency>().is_ok());
            (
                format!("\"{}\" is no currency of ISO 4217", shorten(text)),
                "write the code of three capitals, `EUR` for instance",
                capitals.map(|code| Fix::replace(path, code)),
            )
        });
    }
}

/// Judges a tag to which Wallet adds the word itself.
fn judge_bare(word: &str, text: &str, path: &Path<'_>, findings: &mut Findings) {
    let letters = |part: &str| part.trim_matches(|letter: char| !letter.is_alphabetic()).eq_ignore_ascii_case(word);
    if text.len() > word.len() && text.split_whitespace().any(letters) {
        findings.add(&rules::SEMANTIC_WORD, path, || {
            (
                format!("Wallet writes the word \"{word}\" itself before \"{}\"", shorten(text)),
                format!("leave the word \"{word}\" out"),
            )
        });
    }
}

fn judge_zone(text: &str, path: &Path<'_>, findings: &mut Findings) {
    if text.parse::<TimeZone>().is_err() {
        findings.add(&rules::TIME_ZONE, path, || {
            (
                format!("\"{}\" is no time zone of the IANA database", shorten(text)),
                "write its name by continent and city, `Europe/Lisbon`",
            )
        });
    }
}

fn judge_enum(names: &'static [&'static str], text: &str, path: &Path<'_>, findings: &mut Findings) {
    if !names.contains(&text) {
        findings.add_fixable(&rules::UNKNOWN_ENUM, path, || {
            (
                format!("\"{}\" is not a value that Wallet knows here", shorten(text)),
                nearest::advise(text, names.iter().copied()),
                nearest::certain(text, names.iter().copied()).map(|name| Fix::replace(path, name)),
            )
        });
    }
}

fn refuse(rule: &Rule, shape: &Shape, value: &Value, path: &Path<'_>, findings: &mut Findings) {
    findings.add_fixable(rule, path, || {
        (
            format!("expected {}, found {}", shape.expected(), describe(value)),
            format!("write {}", shape.expected()),
            convert::convert(shape, value).map(|value| Fix::replace(path, value)),
        )
    });
}
