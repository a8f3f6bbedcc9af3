//! The original while it is being read: its fields, which of them became facts, and its semantic tags.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use crate::import::account::Account;
use crate::import::languages::Languages;
use crate::import::words;
use crate::lint::apple::GROUPS;
use crate::model::role::{Role, Wording};
use crate::model::text::Text;

/// The styles, in the order in which the first that is there counts.
pub(super) const STYLES: [&str; 6] = ["boardingPass", "coupon", "eventTicket", "storeCard", "generic", "posterGeneric"];

/// The most fields of a group that are read; the projection draws no more.
const MOST_FIELDS: usize = 500;

/// The original while it is being read.
#[derive(Clone, Debug)]
pub(super) struct Original<'a> {
    /// Its `pass.json`.
    pub(super) root: &'a Map<String, Json>,
    /// Its style.
    pub(super) style: &'static str,
    /// The styles beside it, of which nothing became yet.
    pub(super) other_styles: Vec<&'static str>,
    /// What stands under the style.
    pub(super) body: &'a Map<String, Json>,
    /// Its texts.
    pub(super) languages: &'a Languages,
    /// Its fields by group and order.
    pub(super) fields: Vec<FieldIn<'a>>,
    /// What became of everything.
    pub(super) account: Account,
    /// The labels and messages of fields that became facts.
    pub(super) wording: BTreeMap<Role, Wording>,
    /// The roles that the imported pass shows.
    pub(super) roles: BTreeSet<Role>,
}

/// A field of the original.
#[derive(Clone, Debug)]
pub(super) struct FieldIn<'a> {
    /// Its group.
    pub(super) group: &'static str,
    /// Its JSON.
    pub(super) json: &'a Map<String, Json>,
    /// Whether something became of it.
    pub(super) is_taken: bool,
    index: usize,
    key: String,
    label: String,
}

impl FieldIn<'_> {
    /// Gives its key as it is written.
    pub(super) fn key(&self) -> &str {
        self.json.get("key").and_then(Json::as_str).unwrap_or_default()
    }

    /// Gives its label as it is written, where there is one to see.
    pub(super) fn label(&self) -> Option<&str> {
        self.json.get("label").and_then(Json::as_str).filter(|label| !label.is_empty())
    }

    /// Gives its path.
    pub(super) fn path(&self, style: &str) -> String {
        format!("{style}.{}[{}]", self.group, self.index)
    }

    /// Says whether its key or label says one of some words.
    pub(super) fn says(&self, words: &[&str]) -> bool {
        words.contains(&self.key.as_str()) || words.contains(&self.label.as_str())
    }

    /// Says whether its label is one of some words.
    pub(super) fn says_in_label(&self, words: &[&str]) -> bool {
        words.contains(&self.label.as_str())
    }

    /// Says whether its label only names the role.
    pub(super) fn is_labelled_by_role(&self, role: Role) -> bool {
        self.label.is_empty()
            || self.label == words::plain(role.label())
            || words::of(role).contains(&self.label.as_str())
    }
}

impl<'a> Original<'a> {
    /// Looks the original through. `None` where it has no style.
    pub(super) fn new(root: &'a Map<String, Json>, languages: &'a Languages, account: Account) -> Option<Self> {
        let mut styles = STYLES.into_iter().filter_map(|style| Some((style, root.get(style)?.as_object()?)));
        let (style, body) = styles.next()?;
        let mut original = Self {
            root,
            style,
            other_styles: styles.map(|(style, _)| style).collect(),
            body,
            languages,
            fields: Vec::new(),
            account,
            wording: BTreeMap::new(),
            roles: BTreeSet::new(),
        };
        original.account.fact(style, "kind");
        for group in GROUPS {
            original.group(group);
        }
        Some(original)
    }

    fn group(&mut self, group: &'static str) {
        let path = format!("{}.{group}", self.style);
        let Some(list) = self.body.get(group) else { return };
        let Json::Array(list) = list else {
            return self.account.raw(path, "it is not an array of fields: write it as one");
        };
        if list.len() > MOST_FIELDS {
            let rest = list.len() - MOST_FIELDS;
            self.account.raw(path.clone(), format!("its last {rest} fields, since {MOST_FIELDS} are read"));
        }
        for (index, field) in list.iter().take(MOST_FIELDS).enumerate() {
            let Json::Object(json) = field else {
                self.account
                    .raw(format!("{path}[{index}]"), "it is not a field: write an object with `key` and `value`");
                continue;
            };
            let word = |key| json.get(key).and_then(Json::as_str).unwrap_or_default();
            let (key, label) = (words::plain(word("key")), words::plain(self.languages.in_base(word("label"))));
            self.fields.push(FieldIn { group, json, is_taken: false, index, key, label });
        }
    }

    /// Reads a fact from a semantic tag.
    pub(super) fn tag<T>(
        &mut self,
        tag: &str,
        fact: &'static str,
        read: impl Fn(&'a Json, &Languages) -> Option<T>,
    ) -> Option<T> {
        let semantics = self.root.get("semantics").and_then(Json::as_object)?;
        let found = read(semantics.get(tag)?, self.languages);
        if found.is_some() {
            self.account.fact(format!("semantics.{tag}"), fact);
        }
        found
    }

    /// Reads a fact from the first entry of a semantic tag that is an array of objects.
    pub(super) fn entry_tag(&mut self, tag: &str, key: &str, fact: &'static str) -> Option<Text> {
        let entry = |json: &Json, languages: &Languages| {
            let text = json.get(0)?.get(key)?.as_str().filter(|text| !text.is_empty())?;
            Some(languages.text(text))
        };
        let found = self.tag(tag, fact, entry);
        let entries = self.root.get("semantics").and_then(|semantics| semantics.get(tag)).and_then(Json::as_array);
        if found.is_some() && entries.is_some_and(|entries| entries.len() > 1) {
            self.account
                .remark(format!("semantics.{tag}"), "its first entry alone; the others are kept as raw JSON for Apple");
        }
        found
    }

    /// Reads a fact from the first field that says to be of a role and can be read so.
    pub(super) fn field<T>(
        &mut self,
        role: Role,
        fact: &'static str,
        read: impl Fn(&Map<String, Json>, &Languages) -> Option<T>,
    ) -> Option<T> {
        let (at, found) = self.candidates(role).into_iter().find_map(|at| {
            let field = self.fields.get(at)?;
            Some((at, read(field.json, self.languages)?))
        })?;
        self.take(at, role, fact);
        self.word(at, role);
        Some(found)
    }

    /// Reads a fact from its tag or its field; both are accounted for, and the tag counts.
    pub(super) fn either<T: PartialEq>(
        &mut self,
        tag: Option<T>,
        role: Role,
        fact: &'static str,
        read: impl Fn(&Map<String, Json>, &Languages) -> Option<T>,
    ) -> Option<T> {
        let field = self.field(role, fact, read);
        if tag.is_some() {
            self.roles.insert(role);
            if field.is_some() && tag != field {
                self.account
                    .remark("semantics", format!("its tag for {fact} says something else than the field, and counts"));
            }
        }
        tag.or(field)
    }

    /// Lists the fields that say to be of a role, the surest first.
    pub(super) fn candidates(&self, role: Role) -> Vec<usize> {
        let (own, words) = (words::plain(role.key()), words::of(role));
        let label = words::plain(role.label());
        let rank = |field: &FieldIn<'_>| {
            if field.key() == role.key() {
                Some(0)
            } else if field.key == own || words.contains(&field.key.as_str()) {
                Some(1)
            } else if !field.label.is_empty() && (field.label == label || words.contains(&field.label.as_str())) {
                Some(2)
            } else {
                None
            }
        };
        let mut ranked: Vec<(u8, usize)> =
            self.untaken().filter_map(|at| Some((rank(self.fields.get(at)?)?, at))).collect();
        ranked.sort_unstable();
        ranked.into_iter().map(|(_, at)| at).collect()
    }

    /// Lists the fields of a group of which nothing became yet.
    pub(super) fn free_in(&self, group: &str) -> Vec<usize> {
        self.untaken().filter(|at| self.fields.get(*at).is_some_and(|field| field.group == group)).collect()
    }

    /// Finds the field with a key, as it is written.
    pub(super) fn keyed(&self, key: &str) -> Option<usize> {
        self.untaken().find(|at| self.fields.get(*at).is_some_and(|field| field.key() == key))
    }

    /// Records that a field became the fact of a role.
    pub(super) fn take(&mut self, at: usize, role: Role, fact: &'static str) {
        self.roles.insert(role);
        self.consume(at, fact);
    }

    /// Records that a field became a fact.
    pub(super) fn consume(&mut self, at: usize, fact: impl Into<std::borrow::Cow<'static, str>>) {
        let Some(field) = self.fields.get_mut(at) else { return };
        field.is_taken = true;
        let path = field.path(self.style);
        self.account.fact(path, fact);
    }

    /// Keeps label and change message of a field for its role.
    pub(super) fn word(&mut self, at: usize, role: Role) {
        let Some(field) = self.fields.get(at) else { return };
        let label = field.label().map(|label| self.languages.text(label));
        if let Some(label) = label.filter(|label| *label != Text::new(role.label())) {
            self.wording.entry(role).or_default().label = Some(label);
        }
        self.word_change(at, role);
    }

    /// Keeps the change message of a field for its role.
    pub(super) fn word_change(&mut self, at: usize, role: Role) {
        let message = self.fields.get(at).and_then(|field| field.json.get("changeMessage")).and_then(Json::as_str);
        if let Some(message) = message {
            self.wording.entry(role).or_default().on_change = Some(self.languages.text(message));
        }
    }

    /// Reads a text at the root.
    pub(super) fn root_text(&self, key: &str) -> Option<Text> {
        let text = self.root.get(key).and_then(Json::as_str).filter(|text| !text.is_empty())?;
        Some(self.languages.text(text))
    }

    /// Walks the fields of the five classic groups of which nothing became yet.
    fn untaken(&self) -> impl Iterator<Item = usize> {
        let classic = |group: &str| !matches!(group, "additionalInfoFields" | "footerFields");
        self.fields
            .iter()
            .enumerate()
            .filter(move |(_, field)| !field.is_taken && classic(field.group))
            .map(|(at, _)| at)
    }
}
