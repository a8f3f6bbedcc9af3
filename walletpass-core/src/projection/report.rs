//! Where each fact landed, what was lost, and what the lint found.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use crate::lint::{Finding, Severity};
use crate::projection::look::Look;

/// Tells what became of a pass on the way to the wallets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// What is wrong, errors and warnings.
    pub findings: Vec<Finding>,
    /// Where each fact landed on each wallet, or why it was lost.
    pub placements: Vec<Placement>,
    /// The newer looks of Apple Wallet that the pass has or nearly has, and which fact is missing for which.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub looks: Vec<Look>,
}

impl Report {
    /// Says whether something stops the pass from working.
    pub fn has_errors(&self) -> bool {
        self.errors().next().is_some()
    }

    /// Walks the findings that stop the pass from working.
    pub fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity == Severity::Error)
    }

    /// Lists the errors for a message to people, a line each; of very many the first twenty.
    pub fn error_lines(&self) -> String {
        let lines = self.errors().take(MAX_LINES).map(|finding| format!("\n  {finding}"));
        let more = self.errors().count().saturating_sub(MAX_LINES);
        lines.chain((more > 0).then(|| format!("\n  and {more} more"))).collect()
    }

    /// Walks the facts that a wallet does not show at all.
    pub fn lost(&self) -> impl Iterator<Item = &Placement> {
        self.placements.iter().filter(|placement| placement.is_lost())
    }

    /// Joins the report of the other wallet.
    pub fn join(mut self, other: Self) -> Self {
        self.findings.extend(other.findings);
        self.placements.extend(other.placements);
        self.looks.extend(other.looks);
        self
    }

    /// Writes the placements as a Markdown table, a row per fact and a column per wallet.
    pub fn table(&self) -> String {
        let mut facts: Vec<&str> = self.placements.iter().map(|placement| placement.fact.as_ref()).collect();
        facts.sort_unstable();
        facts.dedup();
        let cell = |fact: &str, wallet| {
            let placement = self.placements.iter().find(|p| p.fact == fact && p.wallet == wallet);
            placement.map(ToString::to_string).unwrap_or_default()
        };
        let mut table = "| fact | Apple Wallet | Google Wallet |\n|---|---|---|\n".to_owned();
        for fact in facts {
            table.push_str(&format!("| {fact} | {} | {} |\n", cell(fact, Wallet::Apple), cell(fact, Wallet::Google)));
        }
        table
    }

    pub(super) fn place(
        &mut self,
        wallet: Wallet,
        fact: impl Into<Cow<'static, str>>,
        at: impl Into<Cow<'static, str>>,
    ) {
        let (placement, at) = (self.entry(wallet, fact.into()), at.into());
        if !placement.at.contains(&at) {
            push(&mut placement.at, at);
        }
    }

    pub(super) fn note(
        &mut self,
        wallet: Wallet,
        fact: impl Into<Cow<'static, str>>,
        note: impl Into<Cow<'static, str>>,
    ) {
        let (placement, note) = (self.entry(wallet, fact.into()), note.into());
        if !placement.notes.contains(&note) {
            push(&mut placement.notes, note);
        }
    }

    /// Adds a finding, once however often it is made.
    pub(super) fn find(&mut self, finding: Finding) {
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    /// Adds what the lint found on a wallet, with the fact of the pass behind each finding: raw JSON where that set the path.
    pub(super) fn judged(&mut self, wallet: Wallet, findings: Vec<Finding>, raw: &[String]) {
        for mut finding in findings {
            finding.fact = if raw.iter().any(|path| is_within(&finding.path, path)) {
                Some(format!("extra.{}.{}", wallet.name(), finding.path))
            } else {
                self.fact_at(wallet, &finding.path).map(ToString::to_string)
            };
            self.findings.push(finding);
        }
    }

    /// Finds the fact that stands at a path or around it.
    fn fact_at(&self, wallet: Wallet, path: &str) -> Option<&str> {
        let placements = self.placements.iter().filter(|placement| placement.wallet == wallet);
        let places =
            placements.flat_map(|placement| placement.at.iter().map(|at| (at.as_ref(), placement.fact.as_ref())));
        places.filter(|(at, _)| is_within(path, at)).max_by_key(|(at, _)| at.len()).map(|(_, fact)| fact)
    }

    /// Says that raw JSON has changed what stands at `path`, for every fact that was placed there, and gives these.
    pub(super) fn overridden(&mut self, wallet: Wallet, path: &str, by: &str) -> Vec<String> {
        let mut facts = Vec::new();
        for placement in self.placements.iter_mut().filter(|placement| placement.wallet == wallet) {
            if placement.at.iter().any(|at| is_within(at, path) || is_within(path, at)) {
                placement.notes.push(format!("changed by `{by}`").into());
                facts.push(placement.fact.to_string());
            }
        }
        facts
    }

    /// Says that the fields which stand at the keys stand at the values too, with all that is in them.
    pub(super) fn also_at(&mut self, wallet: Wallet, copies: &BTreeMap<String, String>) {
        for placement in self.placements.iter_mut().filter(|placement| placement.wallet == wallet) {
            let copy = |at: &Cow<'static, str>| {
                let (field, inside) = at.split_at_checked(at.find(']')? + 1)?;
                copies.get(field).map(|to| Cow::Owned(format!("{to}{inside}")))
            };
            let copies: Vec<Cow<'static, str>> = placement.at.iter().filter_map(copy).collect();
            placement.at.extend(copies);
        }
    }

    fn entry(&mut self, wallet: Wallet, fact: Cow<'static, str>) -> &mut Placement {
        let known = self.placements.iter().position(|p| p.wallet == wallet && p.fact == fact);
        let index = known.unwrap_or_else(|| {
            self.placements.push(Placement { wallet, fact, at: Vec::new(), notes: Vec::new() });
            self.placements.len() - 1
        });
        #[expect(clippy::indexing_slicing, reason = "the index was found or made in the line above")]
        &mut self.placements[index]
    }
}

/// Adds a text to a list that is one text long nearly always, and so has room for no more.
fn push(texts: &mut Vec<Cow<'static, str>>, text: Cow<'static, str>) {
    if texts.is_empty() {
        texts.reserve_exact(1);
    }
    texts.push(text);
}

/// Says whether `path` is `outer` or leads into it.
fn is_within(path: &str, outer: &str) -> bool {
    path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// Where one fact landed on one wallet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Placement {
    /// The wallet.
    pub wallet: Wallet,
    /// The fact, as a path into the JSON form of the pass: `kind.loyalty.points`.
    pub fact: Cow<'static, str>,
    /// Where it landed, as paths into what the wallet gets: `storeCard.headerFields[0]`, `object.loyaltyPoints`. Empty: lost.
    pub at: Vec<Cow<'static, str>>,
    /// Why it was lost, or what changed on the way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Cow<'static, str>>,
}

impl Placement {
    /// Says whether the wallet does not show the fact at all.
    pub fn is_lost(&self) -> bool {
        self.at.is_empty()
    }

    /// Adds what changed on the way.
    pub(super) fn note(&mut self, what: &'static str) {
        push(&mut self.notes, what.into());
    }
}

impl fmt::Display for Placement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (at, notes) = (self.at.join(", "), self.notes.join("; "));
        match (at.as_str(), notes.as_str()) {
            ("", notes) => write!(f, "lost: {notes}"),
            (at, "") => f.write_str(at),
            (at, notes) => write!(f, "{at} ({notes})"),
        }
    }
}

/// The two wallets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::exhaustive_enums, reason = "a third wallet would change every room of the house")]
pub enum Wallet {
    /// Apple Wallet.
    Apple,
    /// Google Wallet.
    Google,
}

impl Wallet {
    fn name(self) -> &'static str {
        match self {
            Self::Apple => "apple",
            Self::Google => "google",
        }
    }
}

/// The most errors that a message lists.
const MAX_LINES: usize = 20;
