//! Holds a class or an object against the field table: unknown, platform-set and deprecated fields, types, enums,
//! required fields.

use serde_json::{Map, Value};

use super::fields::{Field, Kind, Schema};
use super::{Sheet, Side, Vertical, conditions, dates, fields, limits, rules};
use crate::lint::findings::Findings;
use crate::lint::nearest;
use crate::lint::path::Path;
use crate::lint::quote::{class_of, describe, shorten};

/// The fields whose values no finding repeats.
const SECRETS: [&str; 5] = ["deviceToken", "initialRotatingBarcodeValues", "key", "pin", "smartTapRedemptionValue"];

/// Judges one half of the pass and all that is in it.
pub(super) fn judge_root(sheet: &Sheet<'_>, side: Side, path: &Path<'_>, findings: &mut Findings) {
    if let Some(schema) = fields::schema(sheet.schema(side)) {
        let walk = Walk { sheet, side };
        walk.judge(schema, sheet.half(side), path, true, findings);
    }
}

/// Tells whether a field is there, as far as Google is concerned: null is the same as absent.
pub(super) fn is_set(object: &Map<String, Value>, field: &str) -> bool {
    object.get(field).is_some_and(|value| !value.is_null())
}

/// Reports a field that must be there.
pub(super) fn require(cause: &str, path: &Path<'_>, findings: &mut Findings) {
    findings.add(&rules::REQUIRED_FIELD, path, || (cause, "add it"));
}

struct Walk<'w> {
    sheet: &'w Sheet<'w>,
    side: Side,
}

impl Walk<'_> {
    /// Judges an object by its schema. The schemas have no cycles, so the stack stays small.
    fn judge(
        &self,
        schema: &'static Schema,
        object: &Map<String, Value>,
        path: &Path<'_>,
        root: bool,
        findings: &mut Findings,
    ) {
        let name = schema.name;
        for (key, kind) in &schema.required {
            let value = object.get(*key).filter(|value| !value.is_null());
            if value.is_none_or(|value| is_blank(*kind, value)) {
                findings.add(&rules::REQUIRED_FIELD, &path.key(key), || {
                    (format!("{name} needs `{key}`, which is missing or blank"), format!("give `{key}` a value"))
                });
            }
        }
        for (key, value) in object {
            let path = path.key(key);
            match schema.get(key) {
                None => findings.add(&rules::UNKNOWN_KEY, &path, || {
                    (format!("{name} has no field `{}`", shorten(key)), self.place(key, schema, root))
                }),
                Some(_) if value.is_null() => {}
                Some(field) => self.judge_field(key, field, value, &path, root, findings),
            }
        }
        conditions::judge(schema, object, path, findings);
    }

    /// Says where a field that is not in the schema belongs.
    fn place(&self, key: &str, schema: &'static Schema, root: bool) -> String {
        let other = self.side.other();
        let elsewhere = fields::schema(self.sheet.schema(other)).and_then(|schema| schema.get(key));
        if root && elsewhere.is_some_and(|field| !field.output_only) {
            return format!("move it to the {}, which has it", other.name());
        }
        match nearest::nearest(key, schema.names()) {
            Some(near) => format!("write `{near}`"),
            None => "leave it out".to_owned(),
        }
    }

    fn judge_field(
        &self,
        key: &str,
        field: &'static Field,
        value: &Value,
        path: &Path<'_>,
        root: bool,
        findings: &mut Findings,
    ) {
        if field.output_only {
            // A partner that activates transit tickets reports the linked device itself.
            if !(key == "hasLinkedDevice" && self.sheet.vertical == Vertical::Transit) {
                findings.add(&rules::PLATFORM_SET, path, || (format!("`{key}` is set by Google only"), "leave it out"));
            }
            return;
        }
        if root && key == "locations" {
            findings.add(&rules::LEGACY_LOCATIONS, path, || {
                ("`locations` triggers nothing any more", "write `merchantLocations`, at most 10")
            });
        } else if field.deprecated {
            findings.add(&rules::DEPRECATED, path, || (format!("`{key}` is deprecated"), replacement(key)));
        }
        match value {
            Value::Array(list) if field.list => {
                for (index, value) in list.iter().enumerate() {
                    self.judge_value(key, field, value, &path.index(index), findings);
                }
                limits::judge(field, value, path, findings);
            }
            _ if field.list => refuse(key, "an array", value, path, findings),
            _ => self.judge_value(key, field, value, path, findings),
        }
    }

    fn judge_value(&self, key: &str, field: &'static Field, value: &Value, path: &Path<'_>, findings: &mut Findings) {
        let expected = match (field.kind, value) {
            (Kind::Schema(_), Value::Object(object)) => {
                if let Some(schema) = field.schema() {
                    self.judge(schema, object, path, false, findings);
                }
                return limits::judge(field, value, path, findings);
            }
            (Kind::Text, Value::String(text)) => {
                if let Some(offset) = field.date {
                    dates::judge(text, offset, path, findings);
                }
                return limits::judge(field, value, path, findings);
            }
            (Kind::Enum, Value::String(text)) => return judge_enum(field, text, path, findings),
            (Kind::Boolean, Value::Bool(_)) | (Kind::Double, Value::Number(_)) => return,
            (Kind::Int32, Value::Number(number))
                if number.as_i64().is_some_and(|number| i32::try_from(number).is_ok()) =>
            {
                return;
            }
            (Kind::Int64, Value::Number(number)) if number.is_i64() || number.is_u64() => return,
            (Kind::Int64, Value::String(text)) if text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok() => return,
            (Kind::Schema(_), _) => "an object",
            (Kind::Text | Kind::Enum, _) => "a string",
            (Kind::Boolean, _) => "a boolean, `true` or `false` without quotes",
            (Kind::Double, _) => "a number, without quotes",
            (Kind::Int32, _) => "an integer of 32 bits, without quotes",
            (Kind::Int64, _) => "an integer of 64 bits, in a string or without quotes",
        };
        refuse(key, expected, value, path, findings);
    }
}

/// A required text without letters is as good as missing.
fn is_blank(kind: Kind, value: &Value) -> bool {
    match (kind, value) {
        (Kind::Text, Value::String(text)) => text.trim().is_empty(),
        (Kind::Schema("LocalizedString"), Value::Object(text)) => {
            let text = text.get("defaultValue").and_then(|text| text.get("value"));
            text.is_none_or(|text| text.is_null() || text.as_str().is_some_and(|text| text.trim().is_empty()))
        }
        _ => false,
    }
}

fn judge_enum(field: &'static Field, text: &str, path: &Path<'_>, findings: &mut Findings) {
    if field.values.contains(&text) {
        return;
    }
    match field.aliases.get(text) {
        Some(current) => findings
            .add(&rules::DEPRECATED, path, || (format!("\"{text}\" is an old spelling"), format!("write `{current}`"))),
        None => findings.add(&rules::UNKNOWN_ENUM, path, || {
            let values = field.values.iter().copied().filter(|value| !value.ends_with("_UNSPECIFIED"));
            (format!("\"{}\" is not a value that Google knows here", shorten(text)), nearest::advise(text, values))
        }),
    }
}

fn refuse(key: &str, expected: &str, value: &Value, path: &Path<'_>, findings: &mut Findings) {
    findings.add(&rules::JSON_TYPE, path, || {
        let found = if SECRETS.contains(&key) { class_of(value).to_owned() } else { describe(value) };
        (format!("expected {expected}, found {found}"), format!("write {expected}"))
    });
}

fn replacement(key: &str) -> &'static str {
    match key {
        "allowMultipleUsersPerObject" => "write `multipleDevicesAndHoldersAllowedStatus`",
        "infoModuleData" => "write `textModulesData`",
        "updateRequestUrl" => "write `url`",
        "wordMark" => "write `heroImage` or an `imageModulesData` entry",
        _ => "leave it out",
    }
}
