//! A pass in the Wallet of a phone.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use bytes::Bytes;
use chrono::FixedOffset;
use serde_json::{Map, Value};
use walletpass_apple::inspect::{Inspected, Summary};
use walletpass_core::lint::apple::parse_strings;

use super::format;
use super::wakeup::{FieldChange, PassChange, Shown};

/// A pass as it is in Wallet now.
///
/// Debug shows its name only, as the rest may be secret.
#[derive(Clone)]
pub struct HeldPass {
    pass_type: String,
    serial: String,
    json: Map<String, Value>,
    files: BTreeMap<String, Bytes>,
    summary: Summary,
    words: BTreeMap<String, String>,
    zone: FixedOffset,
}

/// A field as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct VisibleField {
    /// The group: `headerFields`.
    pub group: &'static str,
    /// Its key.
    pub key: String,
    /// Its label in the language of the phone; empty where it has none.
    pub label: String,
    /// Its value as the phone writes it.
    pub value: String,
}

impl HeldPass {
    /// Takes an inspected pass, if it says what it is.
    pub(super) fn new(inspected: Inspected, language: &str, zone: FixedOffset) -> Option<Self> {
        let json = inspected.pass_json?;
        let (pass_type, serial) = (inspected.summary.pass_type.clone()?, inspected.summary.serial.clone()?);
        let words = inspected.files.get(&format!("{language}.lproj/pass.strings"));
        let words = words.and_then(|bytes| parse_strings(bytes).ok()).unwrap_or_default();
        Some(Self { pass_type, serial, json, files: inspected.files, summary: inspected.summary, words, zone })
    }

    /// Gives its pass type identifier.
    pub fn pass_type(&self) -> &str {
        &self.pass_type
    }

    /// Gives its serial number.
    pub fn serial(&self) -> &str {
        &self.serial
    }

    /// Gives the whole `pass.json`. It holds the token of the pass.
    pub fn json(&self) -> &Map<String, Value> {
        &self.json
    }

    /// Gives the files of the package.
    pub fn files(&self) -> &BTreeMap<String, Bytes> {
        &self.files
    }

    /// Gives what it says in types: style, barcodes, expiry, languages, pictures.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Gives the value of a field as it stands in `pass.json`; null if there is no such field. It compares with numbers and texts:
    /// `assert_eq!(pass.field("points"), 2500)`.
    pub fn field(&self, key: &str) -> &Value {
        let field = raw_fields(&self.json).find(|(_, field)| name_of(field) == key);
        field.and_then(|(_, field)| field.get("value")).unwrap_or(&Value::Null)
    }

    /// Gives a field as it is shown.
    pub fn visible(&self, key: &str) -> Option<VisibleField> {
        self.visible_fields().into_iter().find(|field| field.key == key)
    }

    /// Gives all fields as they are shown, group by group. How many of them have room on the face is not judged.
    ///
    /// Numbers, money and dates are written in American English, dates in the zone of the phone. Relative dates are written out, and
    /// so are numbers that are to be spelt.
    pub fn visible_fields(&self) -> Vec<VisibleField> {
        let mut seen = BTreeSet::new();
        let fields = raw_fields(&self.json).filter(|(_, field)| seen.insert(name_of(field).to_owned()));
        fields
            .map(|(group, field)| VisibleField {
                group,
                key: name_of(field).to_owned(),
                label: self.word(field.get("label").and_then(Value::as_str).unwrap_or_default()).to_owned(),
                value: self.text(field),
            })
            .collect()
    }

    pub(super) fn text_of(&self, key: &str) -> Option<&str> {
        self.json.get(key).and_then(Value::as_str)
    }

    /// Says whether another package has the same files; each is signed at its own time.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let files = |pass: &'_ Self| {
            pass.files
                .iter()
                .filter(|(name, _)| *name != "signature")
                .map(|(n, b)| (n.clone(), b.clone()))
                .collect::<Vec<_>>()
        };
        files(self) == files(other)
    }

    /// Says what is new against the version before.
    pub(super) fn change_since(&self, before: &Self) -> PassChange {
        let mut fields = Vec::new();
        for visible in self.visible_fields() {
            let of = |pass: &Self| {
                raw_fields(&pass.json).find(|(_, field)| name_of(field) == visible.key).map(|found| found.1.clone())
            };
            let (Some(old), Some(new)) = (of(before), of(self)) else { continue };
            if ["value", "attributedValue"].iter().all(|key| old.get(*key) == new.get(*key)) {
                continue;
            }
            let message = new.get("changeMessage").and_then(Value::as_str);
            let message = message.map(|message| filled(self.word(message), &visible.value));
            let value = |field: &Map<String, Value>| field.get("value").cloned().unwrap_or_default();
            fields.push(FieldChange { key: visible.key, old: value(&old), new: value(&new), message });
        }
        let mut messages = fields.iter().filter_map(|field| field.message.as_ref());
        let shown = match (messages.next(), messages.next()) {
            (None, _) => Shown::Nothing,
            (Some(message), None) => Shown::Message(message.clone()),
            (Some(_), Some(_)) => Shown::Several,
        };
        PassChange { serial: self.serial.clone(), fields, shown }
    }

    fn text(&self, field: &Map<String, Value>) -> String {
        if let Some(attributed) = field.get("attributedValue").and_then(Value::as_str) {
            return format::without_tags(self.word(attributed));
        }
        match field.get("value") {
            Some(Value::String(text)) => format::text(field, &Value::from(self.word(text)), self.zone),
            Some(value) => format::text(field, value, self.zone),
            None => String::new(),
        }
    }

    /// Gives a text in the language of the phone.
    fn word<'a>(&'a self, text: &'a str) -> &'a str {
        self.words.get(text).map_or(text, String::as_str)
    }
}

impl fmt::Debug for HeldPass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HeldPass({} {})", self.pass_type, self.serial)
    }
}

/// Gives the fields of all styles. A poster repeats keys of the style beside it, which comes first.
fn raw_fields(json: &Map<String, Value>) -> impl Iterator<Item = (&'static str, &Map<String, Value>)> {
    let styles = STYLES.into_iter().filter_map(|style| json.get(style)?.as_object());
    styles.flat_map(|style| {
        GROUPS.into_iter().flat_map(move |group| {
            let fields = style.get(group).and_then(Value::as_array).into_iter().flatten();
            fields.filter_map(Value::as_object).map(move |field| (group, field))
        })
    })
}

/// Puts a value into a change message, in which `%%` is a percent sign.
fn filled(message: &str, value: &str) -> String {
    let parts: Vec<String> = message.split("%@").map(|part| part.replace("%%", "%")).collect();
    parts.join(value)
}

fn name_of(field: &Map<String, Value>) -> &str {
    field.get("key").and_then(Value::as_str).unwrap_or_default()
}

const STYLES: [&str; 6] = ["boardingPass", "coupon", "eventTicket", "generic", "storeCard", "posterGeneric"];
const GROUPS: [&str; 7] = [
    "headerFields",
    "primaryFields",
    "secondaryFields",
    "auxiliaryFields",
    "footerFields",
    "additionalInfoFields",
    "backFields",
];
