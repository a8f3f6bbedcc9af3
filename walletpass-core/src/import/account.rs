//! The account of what became of each part of the original.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use crate::lint;

/// Tells what became of one part of the original.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Note {
    /// The part: a path into `pass.json` (`storeCard.headerFields[0]`), a file of the package (`icon@2x.png`), or empty for the
    /// pass as a whole.
    pub path: String,
    /// What became of it.
    pub fate: Fate,
    /// The facts that it became, as paths into the JSON form of the pass: `kind.loyalty.points`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Cow<'static, str>>,
    /// Why, what changed on the way, and what to do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Cow<'static, str>>,
    /// Whether raw JSON stands over the facts, so that a later change of them does not show on Apple; a remark says which.
    #[serde(skip_serializing_if = "is_false")]
    pub is_frozen: bool,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, fate, facts, remarks, is_frozen: _ } = self;
        let path = if path.is_empty() { "the pass" } else { path };
        let fate = match fate {
            Fate::Dropped => "dropped".to_owned(),
            Fate::Fact => facts.join(", "),
            Fate::Raw => "raw".to_owned(),
            Fate::Remark => String::new(),
        };
        let told: Vec<&str> = [fate.as_str()]
            .into_iter()
            .chain(remarks.iter().map(Cow::as_ref))
            .filter(|part| !part.is_empty())
            .collect();
        write!(f, "{path}: {}", told.join("; "))
    }
}

/// What became of a part of the original.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Fate {
    /// It is in the imported pass no more; a remark says why.
    Dropped,
    /// It is a fact of the pass, for both wallets.
    Fact,
    /// It is kept as raw JSON for Apple and does not reach Google.
    Raw,
    /// Nothing became of it; something is to be said about it.
    Remark,
}

/// The notes while they are being made, one for each path.
#[derive(Clone, Debug, Default)]
pub(super) struct Account {
    notes: BTreeMap<String, Note>,
}

impl Account {
    /// Records that a part became a fact.
    pub(super) fn fact(&mut self, path: impl Into<String>, fact: impl Into<Cow<'static, str>>) {
        let (note, fact) = (self.entry(path.into(), Fate::Fact), fact.into());
        if !note.facts.contains(&fact) {
            note.facts.push(fact);
        }
    }

    /// Records that a part is kept as raw JSON.
    pub(super) fn raw(&mut self, path: impl Into<String>, why: impl Into<Cow<'static, str>>) {
        let path = path.into();
        self.entry(path.clone(), Fate::Raw);
        self.remark(path, why);
    }

    /// Records that a part is gone.
    pub(super) fn dropped(&mut self, path: impl Into<String>, why: impl Into<Cow<'static, str>>) {
        let path = path.into();
        self.entry(path.clone(), Fate::Dropped);
        self.remark(path, why);
    }

    /// Says something about a part.
    pub(super) fn remark(&mut self, path: impl Into<String>, what: impl Into<Cow<'static, str>>) {
        let path = path.into();
        let what = what.into();
        let fresh = || Note {
            path: path.clone(),
            fate: Fate::Remark,
            facts: Vec::new(),
            remarks: Vec::new(),
            is_frozen: false,
        };
        let note = self.notes.entry(path.clone()).or_insert_with(fresh);
        if !note.remarks.contains(&what) && note.remarks.len() < MOST_REMARKS {
            note.remarks.push(what);
        }
    }

    /// Says that raw JSON keeps a part as it was, over the facts that became of it.
    pub(super) fn freeze(&mut self, path: &str, what: String) {
        self.remark(path, what);
        if let Some(note) = self.notes.get_mut(path) {
            note.is_frozen = true;
        }
    }

    /// Says whether something became of a part.
    pub(super) fn settles(&self, path: &str) -> bool {
        self.notes.get(path).is_some_and(|note| note.fate != Fate::Remark)
    }

    /// Walks the facts of a part and of what is inside of it.
    pub(super) fn facts_within<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a str> {
        let notes = self.notes.range(path.to_owned()..).take_while(move |(at, _)| at.starts_with(path));
        let inside = notes.filter(move |(at, _)| {
            at.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        });
        inside.flat_map(|(_, note)| note.facts.iter().map(Cow::as_ref))
    }

    /// Says that what became one fact is another now.
    pub(super) fn rename(&mut self, from: &str, to: &'static str) {
        for fact in self.notes.values_mut().flat_map(|note| &mut note.facts).filter(|fact| *fact == from) {
            *fact = to.into();
        }
    }

    /// Says something about each part that became a fact.
    pub(super) fn remark_fact(&mut self, fact: &str, what: &str) {
        for note in self.notes.values_mut().filter(|note| note.facts.iter().any(|known| known == fact)) {
            note.remarks.push(what.to_owned().into());
        }
    }

    /// Gives the notes by path.
    pub(super) fn finish(self) -> Vec<Note> {
        self.notes.into_values().collect()
    }

    fn entry(&mut self, path: String, fate: Fate) -> &mut Note {
        let fresh = || Note { path: path.clone(), fate, facts: Vec::new(), remarks: Vec::new(), is_frozen: false };
        let note = self.notes.entry(path.clone()).or_insert_with(fresh);
        if note.fate == Fate::Remark || fate == Fate::Fact {
            note.fate = fate;
        }
        note
    }
}

/// Cuts a name of somebody else's choice to what a note can show on its line.
pub(super) fn shorten(text: &str) -> String {
    lint::shorten(text).into_owned()
}

fn is_false(value: &bool) -> bool {
    !value
}

/// The most remarks on one part.
const MOST_REMARKS: usize = 20;
