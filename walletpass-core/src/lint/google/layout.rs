//! The layout of the card: whether what it refers to is there.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::fields::{self, Kind, Schema};
use super::{Sheet, Side, Vertical, rules};
use crate::lint::findings::Findings;
use crate::lint::nearest;
use crate::lint::path::Path;
use crate::lint::quote::shorten;

/// The list whose elements a path names by id.
const MODULES: &str = "textModulesData";

/// Judges `classTemplateInfo`, and whether a generic pass has a front.
pub(super) fn judge(sheet: &Sheet<'_>, findings: &mut Findings) {
    let layout = Layout { sheet, class: modules(sheet.class), object: modules(sheet.object) };
    if let Some(info) = sheet.class.get("classTemplateInfo") {
        let parent = Path::ROOT.key("class");
        layout.search(info, &parent.key("classTemplateInfo"), 0, findings);
    }
    judge_front(sheet, findings);
    for side in [Side::Class, Side::Object] {
        judge_ids(sheet.half(side), side, findings);
    }
}

/// Finds ids that two text modules share: a reference reaches one of them only.
fn judge_ids(half: &Map<String, Value>, side: Side, findings: &mut Findings) {
    let Some(list) = half.get(MODULES).and_then(Value::as_array) else { return };
    let (mut seen, root) = (HashSet::with_capacity(list.len()), Path::ROOT.key(side.name()));
    let parent = root.key(MODULES);
    for (index, module) in list.iter().enumerate() {
        let Some(id) = module.get("id").and_then(Value::as_str) else { continue };
        if !seen.insert(id) {
            findings.add(&rules::TEXT_MODULE_TWICE, &parent.index(index).key("id"), || {
                (format!("\"{}\" is the id of another text module already", shorten(id)), "give each its own key")
            });
        }
    }
}

/// Tells whether a card row names a text module.
fn judge_front(sheet: &Sheet<'_>, findings: &mut Findings) {
    let side =
        |side: Side| sheet.half(side).get(MODULES).and_then(Value::as_array).is_some_and(|list| !list.is_empty());
    let Some(side) = [Side::Object, Side::Class].into_iter().find(|half| side(*half)) else { return };
    let rows = sheet.class.get("classTemplateInfo").and_then(|info| info.get("cardTemplateOverride"));
    let rows = rows.and_then(|card| card.get("cardRowTemplateInfos")).and_then(Value::as_array);
    let named = rows.into_iter().flatten().any(|row| names_module(row, 0));
    if sheet.vertical == Vertical::Generic && !named {
        let parent = Path::ROOT.key(side.name());
        findings.add(&rules::CARD_ROW, &parent.key(MODULES), || {
            (
                "no card row of the class names a text module, so none is on the front",
                "add a row to `classTemplateInfo.cardTemplateOverride` with the path object.textModulesData['id']",
            )
        });
    }
}

/// Deeper than any reference in the schema of a layout.
const DEEPEST: usize = 10;

fn names_module(value: &Value, depth: usize) -> bool {
    match value {
        Value::Array(list) if depth < DEEPEST => list.iter().any(|value| names_module(value, depth + 1)),
        Value::Object(object) if depth < DEEPEST => object.iter().any(|(key, value)| match value.as_str() {
            Some(path) => key == "fieldPath" && path.contains(MODULES),
            None => names_module(value, depth + 1),
        }),
        _ => false,
    }
}

/// The ids of the text modules of one half.
fn modules(half: &Map<String, Value>) -> HashSet<&str> {
    let list = half.get(MODULES).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(|module| module.get("id")?.as_str()).collect()
}

struct Layout<'s> {
    sheet: &'s Sheet<'s>,
    class: HashSet<&'s str>,
    object: HashSet<&'s str>,
}

impl Layout<'_> {
    /// Finds the lists of references, wherever in the layout they are.
    fn search(&self, value: &Value, path: &Path<'_>, depth: usize, findings: &mut Findings) {
        match value {
            Value::Array(list) if depth < DEEPEST => {
                for (index, value) in list.iter().enumerate() {
                    self.search(value, &path.index(index), depth + 1, findings);
                }
            }
            Value::Object(object) if depth < DEEPEST => {
                for (key, value) in object {
                    match (key.as_str(), value) {
                        ("predefinedItem", Value::String(_)) if self.sheet.vertical != Vertical::Flight => {
                            findings.add(&rules::PREDEFINED_ITEM, &path.key(key), || {
                                ("only flights have predefined items", "name fields in `firstValue`")
                            });
                        }
                        ("fields", Value::Array(references)) => {
                            self.judge_references(references, &path.key(key), findings)
                        }
                        _ => self.search(value, &path.key(key), depth + 1, findings),
                    }
                }
            }
            _ => {}
        }
    }

    /// Judges a list of references, of which Wallet shows the first that is not empty.
    fn judge_references(&self, references: &[Value], path: &Path<'_>, findings: &mut Findings) {
        let mut empty = 0;
        for (index, reference) in references.iter().enumerate() {
            let Some(text) = reference.get("fieldPath").and_then(Value::as_str) else { continue };
            match self.resolve(text) {
                Ok(Target::Date) => judge_format(reference, true, &path.index(index), findings),
                Ok(Target::Other) => judge_format(reference, false, &path.index(index), findings),
                Ok(Target::Nothing) => empty += 1,
                Err(lost) => findings.add(&rules::FIELD_PATH, &path.index(index).key("fieldPath"), || {
                    (format!("\"{}\" leads nowhere", shorten(text)), lost.mend())
                }),
            }
        }
        if empty > 0 && empty == references.len() {
            findings.add(&rules::TEXT_MODULE, path, || {
                let first =
                    references.iter().find_map(|reference| reference.get("fieldPath")?.as_str()).unwrap_or_default();
                (
                    format!("there is no text module for \"{}\", so the item is empty", shorten(first)),
                    "add a text module of that id where the path looks for it",
                )
            });
        }
    }

    /// Follows a path. The error says what to write.
    fn resolve<'p>(&self, path: &'p str) -> Result<Target, Lost<'p>> {
        let (half, mut rest) = path.split_once('.').unwrap_or((path, ""));
        let (side, modules) = match half {
            "class" => (Side::Class, &self.class),
            "object" => (Side::Object, &self.object),
            _ => return Err(Lost::Start),
        };
        let mut schema = fields::schema(self.sheet.schema(side));
        let (mut first, mut target) = (true, Target::Other);
        while !rest.is_empty() || first {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            let Some(fields) = schema else { return Err(Lost::Beyond(name)) };
            let Some(field) = fields.get(name) else { return Err(Lost::Unknown(name, fields)) };
            let (id, after) = bracket(after)?;
            if first && name == MODULES {
                let Some(id) = id else { return Err(Lost::Module(half)) };
                if !modules.contains(id) {
                    return Ok(Target::Nothing);
                }
            }
            let is_date = field.date.is_some() || field.kind == Kind::Schema("DateTime");
            target = if is_date { Target::Date } else { Target::Other };
            schema = field.schema();
            rest = match after.strip_prefix('.') {
                Some("") => return Err(Lost::Dot),
                Some(after) => after,
                None if after.is_empty() => after,
                None => return Err(Lost::Tail),
            };
            first = false;
        }
        Ok(target)
    }
}

/// What a path leads to.
#[derive(Debug, PartialEq)]
enum Target {
    Date,
    /// A text module that is not there.
    Nothing,
    Other,
}

/// Judges whether a reference says how a date is written, and only of a date.
fn judge_format(reference: &Value, is_date: bool, path: &Path<'_>, findings: &mut Findings) {
    let format = reference.get("dateFormat").is_some_and(|format| !format.is_null());
    if format != is_date {
        findings.add(&rules::DATE_FORMAT, &path.key("dateFormat"), || {
            if is_date {
                ("a date without a format is printed as it stands in the data", "add one, `DATE_TIME` for instance")
            } else {
                ("the reference has the format of a date and leads to none", "leave it out")
            }
        });
    }
}

/// Where a path leads nowhere. What to write is worked out only when it is told.
enum Lost<'p> {
    /// The path goes on after a text or a number.
    Beyond(&'p str),
    Bracket,
    Dot,
    /// The text modules of this half are named, and none of them.
    Module(&'p str),
    Start,
    Tail,
    Unknown(&'p str, &'static Schema),
}

impl Lost<'_> {
    fn mend(&self) -> String {
        match self {
            Self::Beyond(name) => format!("end the path before `{}`", shorten(name)),
            Self::Bracket => "close the bracket".to_owned(),
            Self::Dot => "leave the dot at the end out".to_owned(),
            Self::Module(half) => format!("name the module, {half}.{MODULES}['id']"),
            Self::Start => "begin the path with `object.` or `class.`".to_owned(),
            Self::Tail => "put a dot after the bracket".to_owned(),
            Self::Unknown(name, fields) => match nearest::nearest(name, fields.names()) {
                Some(near) => format!("write `{near}`"),
                None => "name a field that the class or the object has".to_owned(),
            },
        }
    }
}

/// Splits `['id'].rest` or `["id"].rest` or `[0].rest`; without a bracket there is no id.
fn bracket(text: &str) -> Result<(Option<&str>, &str), Lost<'_>> {
    let Some(inner) = text.strip_prefix('[') else { return Ok((None, text)) };
    let Some((id, after)) = inner.split_once(']') else { return Err(Lost::Bracket) };
    let id = ['\'', '"'].iter().find_map(|quote| id.strip_prefix(*quote)?.strip_suffix(*quote)).unwrap_or(id);
    Ok((Some(id), after))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_are_followed_along_the_table() {
        let class = json!({ "textModulesData": [{ "id": "c" }] });
        let object = json!({ "textModulesData": [{ "id": "o" }] });
        let (class, object) = (class.as_object().unwrap(), object.as_object().unwrap());
        let sheet = Sheet { vertical: Vertical::EventTicket, class, object };
        let layout = Layout { sheet: &sheet, class: modules(class), object: modules(object) };
        for good in [
            "object.textModulesData['o']",
            "object.textModulesData[\"o\"].body",
            "class.textModulesData['c']",
            "object.seatInfo.gate",
            "class.venue.name.defaultValue.value",
            "object.linksModuleData.uris['site'].description",
        ] {
            assert_eq!(layout.resolve(good).ok(), Some(Target::Other), "{good}");
        }
        for date in ["class.dateTime.start", "object.validTimeInterval.end", "object.validTimeInterval.end.date"] {
            assert_eq!(layout.resolve(date).ok(), Some(Target::Date), "{date}");
        }
        for empty in ["object.textModulesData['c']", "class.textModulesData['o'].header"] {
            assert_eq!(layout.resolve(empty).ok(), Some(Target::Nothing), "{empty}");
        }
        for (bad, mend) in [
            ("", "begin the path with `object.` or `class.`"),
            ("seatInfo.gate", "begin the path with `object.` or `class.`"),
            ("object.seatInfo.gaet", "write `gate`"),
            ("class.dateTime.start.year", "end the path before `year`"),
            ("object.textModulesData", "name the module, object.textModulesData['id']"),
            ("object.textModulesData['o'", "close the bracket"),
            ("object.textModulesData['o']header", "put a dot after the bracket"),
            ("object.seatInfo.", "leave the dot at the end out"),
        ] {
            assert_eq!(layout.resolve(bad).err().map(|lost| lost.mend()).as_deref(), Some(mend), "{bad}");
        }
        assert!(layout.resolve("object").is_err() && layout.resolve("object.").is_err());
    }
}
