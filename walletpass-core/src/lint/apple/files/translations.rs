//! The translations, against each other and against the texts of the pass.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::{Map, Value};

use super::{Files, Gallery, list_few, rules};
use crate::lint::apple::fields::is_change_message;
use crate::lint::apple::strings::{self, StringsError};
use crate::lint::findings::Findings;
use crate::lint::path::Path;
use crate::lint::quote::shorten;

/// As deep as `serde_json` parses: what was built deeper by hand is not followed.
const DEEPEST: usize = 128;

/// Judges the language folders of a package.
pub(super) fn judge(pass: &Map<String, Value>, gallery: &Gallery, files: &Files<'_>, findings: &mut Findings) {
    let mut tables = BTreeMap::new();
    for (name, bytes) in files.iter().filter(|(name, _)| is_table(name)) {
        if let Some(table) = read(name, bytes, findings) {
            tables.insert(*name, table);
        }
    }
    if !tables.is_empty() {
        let mut texts = Texts::default();
        pass.iter().for_each(|(key, value)| texts.gather(key, value, 0));
        let form = files.get("personalization.json").and_then(|form| serde_json::from_slice(form).ok());
        texts.gather("", form.as_ref().unwrap_or(&Value::Null), 0);
        judge_tables(&tables, &texts, findings);
    }
    judge_pictures(gallery, files, findings);
}

fn is_table(name: &str) -> bool {
    name.split_once('/').is_some_and(|(folder, file)| folder.ends_with(".lproj") && file == "pass.strings")
}

/// Reads one file, and tells of what breaks it and of what it says twice.
fn read(name: &str, bytes: &[u8], findings: &mut Findings) -> Option<BTreeMap<String, String>> {
    let path = Path::file(name);
    let entries = match strings::entries(bytes) {
        Ok(entries) => entries,
        Err(error) => {
            findings.add(&rules::STRINGS_SYNTAX, &path, || match &error {
                StringsError::Encoding => {
                    (error_cause(&error), "save it as UTF-16 with a byte order mark, or as UTF-8")
                }
                StringsError::Unexpected { .. } => {
                    (error_cause(&error), "write \"key\" = \"value\"; with straight quotes")
                }
            });
            return None;
        }
    };
    let (mut table, mut twice) = (BTreeMap::new(), BTreeSet::new());
    for (key, value) in entries {
        if table.contains_key(&key) {
            twice.insert(key.clone());
        }
        table.insert(key, value);
    }
    if !twice.is_empty() {
        findings.add(&rules::STRINGS_TWICE, &path, || {
            (
                format!(
                    "there is more than one translation of {}",
                    list_few(twice.iter().map(String::as_str), twice.len())
                ),
                "keep one of each",
            )
        });
    }
    Some(table)
}

fn error_cause(error: &StringsError) -> String {
    match error {
        StringsError::Encoding => "the file is neither UTF-8 nor UTF-16".to_owned(),
        StringsError::Unexpected { line, expected, found } => {
            format!("line {line}: expected {expected}, found {found}")
        }
    }
}

/// The texts of a pass: any string in it may be one that is translated.
#[derive(Default)]
struct Texts<'p> {
    all: HashSet<&'p str>,
    change_messages: BTreeSet<&'p str>,
}

impl<'p> Texts<'p> {
    fn gather(&mut self, key: &str, value: &'p Value, depth: usize) {
        match value {
            Value::String(_) if matches!(key, "key" | "authenticationToken") => {} // Never shown.
            Value::String(text) => {
                self.all.insert(text);
                if key == "changeMessage" {
                    self.change_messages.insert(text);
                }
            }
            Value::Array(list) if depth < DEEPEST => list.iter().for_each(|value| self.gather("", value, depth + 1)),
            Value::Object(object) if depth < DEEPEST => {
                object.iter().for_each(|(key, value)| self.gather(key, value, depth + 1));
            }
            _ => {}
        }
    }
}

fn judge_tables(tables: &BTreeMap<&str, BTreeMap<String, String>>, texts: &Texts<'_>, findings: &mut Findings) {
    let keys: BTreeSet<&str> = tables.values().flat_map(BTreeMap::keys).map(String::as_str).collect();
    for (name, table) in tables {
        let path = Path::file(name);
        if table.len() < keys.len() {
            // Found as far as they are told: a hostile package has many.
            let missing = keys.iter().copied().filter(|key| !table.contains_key(*key));
            findings.add(&rules::STRINGS_KEYS, &path, || {
                let cause = format!(
                    "other languages translate {}, and this one does not",
                    list_few(missing, keys.len() - table.len())
                );
                (cause, "give every language the same keys")
            });
        }
        let unused: Vec<&str> = table.keys().map(String::as_str).filter(|key| !texts.all.contains(key)).collect();
        if !unused.is_empty() {
            findings.add(&rules::STRINGS_UNUSED, &path, || {
                let cause = format!(
                    "no text of pass.json is {}, letter for letter",
                    list_few(unused.iter().copied(), unused.len())
                );
                (cause, "write the text of pass.json as the key, or leave the translation out")
            });
        }
        for message in &texts.change_messages {
            let Some(translation) = table.get(*message).filter(|translation| !is_change_message(translation)) else {
                continue;
            };
            findings.add(&rules::CHANGE_MESSAGE, &path, || {
                (
                    format!("the translation \"{}\" does not have `%@` once and no other `%`", shorten(translation)),
                    "put one `%@` where the new value goes, and write `%%` for a percent sign",
                )
            });
        }
    }
}

/// Judges whether every language that has pictures or texts has the same pictures, apart from those that are not shown anyway
/// because the root has them.
fn judge_pictures(gallery: &Gallery, files: &Files<'_>, findings: &mut Findings) {
    let localized = || gallery.hung().iter().filter(|hung| !hung.folder.is_empty());
    let shown = || localized().filter(|hung| gallery.at_root(hung.slot.name).is_none());
    if shown().next().is_none() {
        return;
    }
    let of_others = files.keys().filter_map(|name| name.split_once('/')).map(|(folder, _)| folder);
    let folders = gallery.folders().chain(of_others.filter(|folder| folder.ends_with(".lproj")));
    let mut folders: BTreeMap<&str, BTreeSet<&str>> = folders.map(|folder| (folder, BTreeSet::new())).collect();
    for hung in shown() {
        let files = hung.names().filter_map(|name| name.split_once('/')).map(|(_, file)| file);
        folders.entry(&hung.folder).or_default().extend(files);
    }
    let all: BTreeSet<&str> = folders.values().flatten().copied().collect();
    for (folder, pictures) in folders.iter().filter(|(_, pictures)| pictures.len() < all.len()) {
        let missing: Vec<&str> = all.difference(pictures).copied().collect();
        findings.add(&rules::PICTURE_LANGUAGES, &Path::file(folder), || {
            let cause = format!(
                "other languages have {}, and this one has not",
                list_few(missing.iter().copied(), missing.len())
            );
            (cause, "give every language the same pictures in the same sizes")
        });
    }
}
