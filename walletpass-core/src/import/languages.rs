//! The languages of the original.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use crate::import::account::{Account, shorten};
use crate::import::original::STYLES;
use crate::lint::apple::GROUPS;
use crate::lint::apple::{Files, parse_strings};
use crate::model::text::{Locale, LocaleError, Text, WORD_JOINER};
use crate::projection::Strings;

/// The texts of the original in all of its languages.
#[derive(Debug)]
pub(super) struct Languages {
    /// The language of the pass.
    pub(super) base: Locale,
    /// Languages whose texts are those of the pass. Their folder still keeps a phone from taking another one.
    silent: BTreeSet<Locale>,
    /// The text that keeps them.
    anchor: String,
    tables: BTreeMap<Locale, Table>,
}

/// The texts of one `pass.strings` that `pass.json` uses.
#[derive(Debug)]
struct Table {
    file: String,
    texts: BTreeMap<String, String>,
}

impl Languages {
    /// Reads each `pass.strings` and finds the language of the pass.
    ///
    /// A language whose translations are the texts themselves is that of the pass; failing that it is English where there is
    /// any, then the first.
    pub(super) fn read(
        pass: &Map<String, Json>,
        form: Option<&Map<String, Json>>,
        files: &Files<'_>,
        account: &mut Account,
    ) -> Self {
        let mut used = BTreeSet::new();
        each_text(&mut pass.clone(), &mut |text| {
            used.insert(text.clone());
        });
        let of_form = FORM.iter().filter_map(|key| form?.get(*key)?.as_str());
        used.extend(of_form.map(str::to_owned));
        let mut tables = BTreeMap::new();
        for (name, bytes) in files {
            let Some((folder, "pass.strings")) = name.split_once(".lproj/") else { continue };
            let path = shorten(name);
            let Some(locale) = locale(folder, &path, account) else { continue };
            if tables.contains_key(&locale) {
                account.dropped(path, format!("there is another folder for {locale}: join the two"));
                continue;
            }
            if tables.len() >= MOST_LANGUAGES {
                account.dropped(path, format!("at most {MOST_LANGUAGES} languages are read: leave some out"));
                continue;
            }
            match parse_strings(bytes) {
                Err(error) => account.dropped(path, error.to_string()),
                Ok(mut texts) => {
                    let all = texts.len();
                    texts.retain(|key, _| used.contains(key));
                    if texts.len() < all {
                        let idle = all - texts.len();
                        account.remark(
                            path.clone(),
                            format!("{idle} of its texts stand nowhere in pass.json and are left out"),
                        );
                    }
                    tables.insert(locale, Table { file: path, texts });
                }
            }
        }
        let base = base(&tables);
        if tables.is_empty() {
            account.remark(
                "",
                "the original does not say its language, taken as `en`: set `language` if its texts are in another",
            );
        }
        let anchor = pass.get("organizationName").and_then(Json::as_str).unwrap_or_default().to_owned();
        let mut languages = Self { base, silent: BTreeSet::new(), anchor, tables };
        languages.limit(account);
        languages.find_silent();
        languages
    }

    /// Gives a text of `pass.json` with its translations.
    pub(super) fn text(&self, key: &str) -> Text {
        let default = self.in_base(key);
        let mut text = Text::new(default);
        for (locale, Table { texts, .. }) in &self.tables {
            let Some(words) = texts.get(key).filter(|_| *locale != self.base) else { continue };
            // A region speaks as its language does where it says nothing else.
            let of_language = locale.as_str().split_once('-').and_then(|(language, _)| language.parse::<Locale>().ok());
            let table =
                of_language.filter(|language| *language != self.base).and_then(|language| self.tables.get(&language));
            let fallback = table.and_then(|table| table.texts.get(key)).map_or(default, String::as_str);
            if words != fallback {
                text = text.translated(locale.clone(), words.as_str());
            }
        }
        if key == self.anchor && !key.is_empty() {
            for locale in &self.silent {
                text = text.translated(locale.clone(), default);
            }
        }
        text
    }

    /// Puts the text itself where `pass.json` names it by an artificial key.
    pub(super) fn resolve(&self, pass: &mut Map<String, Json>) {
        each_text(pass, &mut |text| {
            let words = self.in_base(text);
            if words != seen(text) {
                *text = words.to_owned();
            }
        });
    }

    /// Accounts for each language, now that it is known which texts the imported pass translates.
    pub(super) fn settle(&self, carried: &Strings, account: &mut Account) {
        let known: BTreeSet<&String> = carried.values().flat_map(BTreeMap::keys).collect();
        let carries = |text: &str| known.contains(&text.to_owned());
        for (locale, Table { file, texts }) in &self.tables {
            let is_artificial = |key: &&String| *locale == self.base && self.in_base(key) != seen(key);
            if texts.keys().any(|key| is_artificial(&key)) {
                account.remark(
                    file.clone(),
                    "its keys are not its texts: the texts themselves stand in the imported pass",
                );
            }
            if *locale == self.base {
                account.fact(file.clone(), "language");
                continue;
            }
            let lost: Vec<&String> = texts
                .iter()
                .filter(|(key, words)| self.in_base(key) != *words && !carries(self.in_base(key)))
                .map(|(key, _)| key)
                .collect();
            if let Some(first) = lost.first() {
                let count = lost.len();
                let what = format!(
                    "{count} of its texts, the first {:?}, stand in raw JSON alone, which is not translated: make them facts or fields",
                    shorten(first)
                );
                account.remark(file.clone(), what);
            }
            if carried.contains_key(locale) {
                account.fact(file.clone(), format!("the translations into {locale}"));
            } else {
                account.dropped(file.clone(), "it says nothing that the language of the pass does not say");
            }
        }
    }

    /// Gives the languages for which there is a folder with texts.
    pub(super) fn locales(&self) -> impl Iterator<Item = &Locale> {
        self.tables.keys()
    }

    /// Finds the languages that say what the language of the pass says, and a text to keep them: the first that reads the
    /// same everywhere, else the name of the organization.
    fn find_silent(&mut self) {
        let says_the_same = |key: &String, words: &String| self.in_base(key) == words;
        let others = self.tables.iter().filter(|(locale, _)| **locale != self.base);
        let is_silent = |locale: &Locale, table: &Table| {
            let speaks_as_its_language = locale.base().is_some_and(|language| self.tables.contains_key(&language));
            !speaks_as_its_language
                && !table.texts.is_empty()
                && table.texts.iter().all(|(key, words)| says_the_same(key, words))
        };
        let silent: BTreeSet<Locale> =
            others.filter(|(locale, table)| is_silent(locale, table)).map(|(locale, _)| locale.clone()).collect();
        let everywhere = |key: &&String| {
            self.tables.values().all(|table| table.texts.get(*key).is_some_and(|words| says_the_same(key, words)))
        };
        let texts = self.tables.get(&self.base).map(|table| table.texts.keys()).into_iter().flatten();
        if !silent.is_empty()
            && let Some(anchor) = texts.into_iter().find(everywhere).cloned()
        {
            self.anchor = anchor;
        }
        self.silent = silent;
    }

    /// Leaves languages out until every text in every language can be written.
    fn limit(&mut self, account: &mut Account) {
        let keys: BTreeSet<&String> = self.tables.values().flat_map(|table| table.texts.keys()).collect();
        let most = (MOST_TRANSLATIONS / keys.len().max(1)).saturating_sub(1).max(1);
        while self.tables.len() > most {
            let Some(last) = self.tables.keys().rev().find(|locale| **locale != self.base).cloned() else { return };
            if let Some(table) = self.tables.remove(&last) {
                account
                    .dropped(table.file, format!("texts times languages exceed {MOST_TRANSLATIONS}: leave some out"));
            }
        }
    }

    /// Gives a text of `pass.json` in the language of the pass.
    pub(super) fn in_base<'a>(&'a self, key: &'a str) -> &'a str {
        let words = self.tables.get(&self.base).and_then(|table| table.texts.get(key));
        words.filter(|words| !words.is_empty()).map_or(key, String::as_str)
    }
}

fn base(tables: &BTreeMap<Locale, Table>) -> Locale {
    let english = || tables.keys().find(|locale| locale.as_str().split('-').next() == Some("en"));
    let says_its_keys =
        |table: &Table| !table.texts.is_empty() && table.texts.iter().all(|(key, words)| seen(key) == words);
    let mut sayers = tables.iter().filter(|(_, table)| says_its_keys(table)).map(|(locale, _)| locale);
    let first = sayers.next();
    let sayer = sayers.chain(first).find(|locale| Some(*locale) == english()).or(first);
    sayer.or_else(english).or_else(|| tables.keys().next()).cloned().unwrap_or_else(Locale::english)
}

/// Reads the name of a folder, mended where that can only mean one thing.
pub(super) fn locale(folder: &str, path: &str, account: &mut Account) -> Option<Locale> {
    match folder.parse::<Locale>() {
        Ok(locale) => Some(locale),
        Err(LocaleError::Spelling { canonical, .. }) => {
            account.remark(path, format!("read as {canonical}: phones do not find the folder under its own name"));
            canonical.parse().ok()
        }
        Err(error) => {
            account.dropped(path, error.to_string());
            None
        }
    }
}

/// Visits each text of `pass.json` that is looked up in `pass.strings`.
fn each_text(pass: &mut Map<String, Json>, visit: &mut dyn FnMut(&mut String)) {
    at(pass, &["organizationName", "description", "logoText", "eventLogoText"], visit);
    for key in ["locations", "beacons"] {
        for point in objects(pass.get_mut(key)) {
            at(point, &["relevantText"], visit);
        }
    }
    for style in STYLES {
        let Some(Json::Object(body)) = pass.get_mut(style) else { continue };
        for group in GROUPS {
            for field in objects(body.get_mut(group)) {
                at(field, &["attributedValue", "changeMessage", "label", "value"], visit);
            }
        }
    }
    for event in objects(pass.get_mut("upcomingPassInformation")) {
        at(event, &["name"], visit);
        for field in objects(event.get_mut("backFields")) {
            at(field, &["attributedValue", "changeMessage", "label", "value"], visit);
        }
        each_tag(event.get_mut("semantics"), visit);
    }
    each_tag(pass.get_mut("semantics"), visit);
}

fn each_tag(semantics: Option<&mut Json>, visit: &mut dyn FnMut(&mut String)) {
    let Some(Json::Object(semantics)) = semantics else { return };
    for (tag, value) in semantics {
        let is_plain = tag == "eventType" || tag.ends_with("Date") || tag.ends_with("TimeZone");
        match value {
            Json::String(text) if !is_plain => visit(text),
            Json::Array(texts) if tag == "performerNames" => {
                for text in texts {
                    if let Json::String(text) = text {
                        visit(text);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Gives what is to be seen of a text: one that has two translations ends in characters without width the second time.
fn seen(text: &str) -> &str {
    text.trim_end_matches(WORD_JOINER)
}

fn at(holder: &mut Map<String, Json>, keys: &[&str], visit: &mut dyn FnMut(&mut String)) {
    for key in keys {
        if let Some(Json::String(text)) = holder.get_mut(*key) {
            visit(text);
        }
    }
}

fn objects(list: Option<&mut Json>) -> impl Iterator<Item = &mut Map<String, Json>> {
    list.and_then(Json::as_array_mut).into_iter().flatten().filter_map(Json::as_object_mut)
}

/// The texts of `personalization.json`.
const FORM: [&str; 2] = ["description", "termsAndConditions"];

/// The most languages that are read.
const MOST_LANGUAGES: usize = 200;

/// The most texts times languages; the projection writes no more.
const MOST_TRANSLATIONS: usize = 100_000;
