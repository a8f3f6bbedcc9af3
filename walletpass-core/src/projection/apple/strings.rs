//! The translations of a pass on Apple Wallet.

use std::collections::{BTreeMap, BTreeSet};

use super::AppleDrawing;
use crate::model::text::{Locale, Text};
use crate::projection::report::Report;
use crate::projection::rules;

/// Translations for `xx.lproj/pass.strings`: by language, from the text in `pass.json` to its translation.
///
/// Every language has the same keys, and the language of the pass is among them, so that a phone never falls back to a
/// language its holder does not read while the default would do.
pub type Strings = BTreeMap<Locale, BTreeMap<String, String>>;

impl AppleDrawing<'_> {
    /// Writes a text as it stands in `pass.json` and keeps its translations.
    pub(in crate::projection) fn text(&mut self, text: &Text) -> String {
        for (locale, translation) in &text.translations {
            let known =
                self.strings.entry(locale.clone()).or_default().insert(text.default.clone(), translation.clone());
            if known.is_some_and(|known| known != *translation) {
                self.report.findings.push(rules::TRANSLATION_CONFLICT.finding(
                    "",
                    format!(
                        "the text {:?} has two translations into {locale}, and Wallet looks them up by the text",
                        text.default
                    ),
                    "word the default text differently in one of the two places",
                ));
            }
        }
        text.default.clone()
    }
}

/// Gives every language the same keys: the base language's words where the regional one has none, else the default.
pub(super) fn complete(strings: &mut Strings, language: &Locale, report: &mut Report) {
    let keys: BTreeSet<String> = strings.values().flat_map(BTreeMap::keys).cloned().collect();
    if keys.is_empty() {
        return;
    }
    let count = keys.len().saturating_mul(strings.len() + 1);
    if count > MOST {
        // Every language gets every text, so a small pass could ask for gigabytes.
        let cause = format!("{} texts in {} languages make {count} translations", keys.len(), strings.len());
        let mend = format!("keep texts times languages below {MOST}");
        report.findings.push(rules::TOO_MANY_TRANSLATIONS.finding("", cause, mend));
        return;
    }
    strings.entry(language.clone()).or_default();
    let given = strings.clone();
    for (locale, table) in strings {
        let base = locale.as_str().split('-').next().and_then(|base| base.parse::<Locale>().ok());
        let of_base = base.and_then(|base| given.get(&base));
        for key in &keys {
            table.entry(key.clone()).or_insert_with(|| of_base.and_then(|base| base.get(key)).unwrap_or(key).clone());
        }
    }
}

/// The most translations of a package, over all languages.
const MOST: usize = 100_000;
