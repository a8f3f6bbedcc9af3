//! The translations of a pass on Apple Wallet.

use std::collections::{BTreeMap, BTreeSet};

use super::AppleDrawing;
use crate::model::text::{Locale, Text, WORD_JOINER};
use crate::projection::report::Report;
use crate::projection::rules;

/// Translations for `xx.lproj/pass.strings`: by language, from the text in `pass.json` to its translation.
///
/// Every language has the same keys, and the language of the pass is among them, so that a phone never falls back to a
/// language its holder does not read while the default would do.
pub type Strings = BTreeMap<Locale, BTreeMap<String, String>>;

impl AppleDrawing<'_> {
    /// Writes a text as it stands in `pass.json` and keeps its translations.
    ///
    /// The phone looks a translation up by the text itself and shows that where it finds none, so the text is the key. Where
    /// one text has two translations, the second key ends in a character that nobody sees.
    pub(in crate::projection) fn text(&mut self, text: &Text) -> String {
        let mut key = text.default.clone();
        let is_taken = |key: &str, strings: &Strings| {
            let known = |(locale, translation): (&Locale, &String)| {
                strings.get(locale).and_then(|table| table.get(key)).is_some_and(|known| known != translation)
            };
            text.translations.iter().any(known)
        };
        for variant in 0.. {
            if !is_taken(&key, &self.strings) {
                break;
            }
            if variant == MOST_VARIANTS {
                let cause =
                    format!("the text {:?} has more than {MOST_VARIANTS} translations into one language", text.default);
                self.report.find(rules::TRANSLATION_CONFLICT.finding("", cause, "word some of them differently"));
                break;
            }
            key.push(WORD_JOINER);
        }
        for (locale, translation) in &text.translations {
            self.strings.entry(locale.clone()).or_default().insert(key.clone(), translation.clone());
        }
        key
    }
}

/// Gives every language the same keys: the base language's words where the regional one has none, else the default.
///
/// The languages that have pictures of their own are among them.
pub(super) fn complete<'l>(
    strings: &mut Strings,
    pictured: impl Iterator<Item = &'l Locale>,
    language: &'l Locale,
    report: &mut Report,
) {
    let keys: BTreeSet<String> = strings.values().flat_map(BTreeMap::keys).cloned().collect();
    if keys.is_empty() {
        return;
    }
    for locale in pictured.chain([language]) {
        strings.entry(locale.clone()).or_default();
    }
    let count = keys.len().saturating_mul(strings.len());
    if count > MOST {
        // Every language gets every text, so a small pass could ask for gigabytes.
        let cause = format!("{} texts in {} languages make {count} translations", keys.len(), strings.len());
        let mend = format!("keep texts times languages below {MOST}");
        report.findings.push(rules::TOO_MANY_TRANSLATIONS.finding("", cause, mend));
        return;
    }
    let given = strings.clone();
    for (locale, table) in strings {
        let of_base = locale.base().and_then(|base| given.get(&base));
        for key in &keys {
            let own = || key.trim_end_matches(WORD_JOINER).to_owned();
            table
                .entry(key.clone())
                .or_insert_with(|| of_base.and_then(|base| base.get(key)).cloned().unwrap_or_else(own));
        }
    }
}

/// The most translations into one language that a text has.
const MOST_VARIANTS: usize = 20;

/// The most translations of a package, over all languages.
const MOST: usize = 100_000;
