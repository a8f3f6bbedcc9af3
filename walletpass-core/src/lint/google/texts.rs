//! Languages, countries and currencies.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::rules;
use super::shape::is_set;
use crate::lint::findings::Findings;
use crate::lint::path::Path;
use crate::lint::quote::shorten;

/// Judges the codes in one object of a schema, and whether its translations have something to fall back to.
pub(super) fn judge(schema: &str, object: &Map<String, Value>, path: &Path<'_>, findings: &mut Findings) {
    let text = |key: &str| object.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let tag = match schema {
        "TranslatedString" => Some("language"),
        "FlightClass" | "TransitClass" => Some("languageOverride"),
        _ => None,
    };
    if let Some((key, tag)) = tag.and_then(|key| Some((key, text(key)?)))
        && !is_language(tag)
    {
        findings.add(&rules::LANGUAGE, &path.key(key), || {
            let mend =
                if tag.contains('_') { "write `-` for `_`, `en-US`" } else { "write a tag of BCP 47, `en` or `en-US`" };
            (format!("\"{}\" is no language tag", shorten(tag)), mend)
        });
    }
    let is_capitals =
        |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_uppercase());
    let code = match schema {
        "Money" => Some(("currencyCode", 3, "write three capitals of ISO 4217, `EUR`")),
        class if class.ends_with("Class") => Some(("countryCode", 2, "write two capitals of ISO 3166, `PT`")),
        _ => None,
    };
    if let Some((key, count, mend)) = code
        && let Some(code) = text(key).filter(|code| !is_capitals(code, count))
    {
        findings.add(&rules::CODE, &path.key(key), || (format!("\"{}\" is no such code", shorten(code)), mend));
    }
    if schema == "LocalizedString" {
        judge_translations(object, path, findings);
    }
}

fn judge_translations(text: &Map<String, Value>, path: &Path<'_>, findings: &mut Findings) {
    let translations = text.get("translatedValues").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if !translations.is_empty() && !is_set(text, "defaultValue") {
        findings.add(&rules::TRANSLATIONS, &path.key("defaultValue"), || {
            ("there are translations, and nothing for the holders of other languages", "add a `defaultValue`")
        });
    }
    let mut seen = HashSet::with_capacity(translations.len());
    for (index, translation) in translations.iter().enumerate() {
        let Some(language) = translation.get("language").and_then(Value::as_str) else { continue };
        if !seen.insert(language.to_ascii_lowercase()) {
            findings.add(&rules::TRANSLATIONS, &path.key("translatedValues").index(index).key("language"), || {
                (format!("there is another translation into {} already", shorten(language)), "keep one of them")
            });
        }
    }
}

/// Says whether a text has the shape of a language tag (BCP 47).
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let is_language = parts.next().is_some_and(|language| {
        (2..=8).contains(&language.len()) && language.bytes().all(|byte| byte.is_ascii_alphabetic())
    });
    is_language
        && tag.len() <= 35
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_tags() {
        for tag in ["en", "en-US", "en-us", "zh-Hant-TW", "es-419", "sl-rozaj-biske"] {
            assert!(is_language(tag), "{tag}");
        }
        for tag in ["", "e", "en_US", "english language", "en-", "-en", "deutsch!", "12"] {
            assert!(!is_language(tag), "{tag}");
        }
    }
}
