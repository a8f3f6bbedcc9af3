//! What the lint can find, as data.

use serde::Serialize;

use super::{Finding, Severity};

/// One rule of the lint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Rule {
    /// The stable id, `apple-date-form` for instance. Never changes its meaning.
    pub id: &'static str,
    /// What a finding of this rule does to the pass: each rule has one severity.
    pub severity: Severity,
    /// One sentence that says what the rule refuses or advises against.
    pub title: &'static str,
    /// What the wallet does with a pass that breaks the rule, in a sentence or two; empty where the title says it all.
    pub effect: &'static str,
    /// Whether findings of this rule may carry a [`Fix`](super::Fix).
    pub fixable: bool,
}

impl Rule {
    /// Makes a rule whose breach stops issuing.
    pub const fn error(id: &'static str, title: &'static str) -> Self {
        Self { id, severity: Severity::Error, title, effect: "", fixable: false }
    }

    /// Makes a rule whose breach rides along in the report.
    pub const fn warning(id: &'static str, title: &'static str) -> Self {
        Self { id, severity: Severity::Warning, title, effect: "", fixable: false }
    }

    /// Says what the wallet does with a pass that breaks the rule.
    pub const fn because(mut self, effect: &'static str) -> Self {
        self.effect = effect;
        self
    }

    /// Says that a program can mend some breaches of the rule.
    pub const fn fixable(mut self) -> Self {
        self.fixable = true;
        self
    }

    /// Records a breach of this rule at a path.
    pub fn finding(&self, path: impl Into<String>, cause: impl Into<String>, mend: impl Into<String>) -> Finding {
        Finding {
            rule: self.id,
            severity: self.severity,
            path: path.into(),
            fact: None,
            cause: cause.into(),
            mend: mend.into(),
            fix: None,
        }
    }
}

/// Defines one constant a rule and the table of them all, so that no rule can be left out of the table.
macro_rules! rules {
    ($(#[$table:meta])* pub const RULES; $($(#[doc = $row:literal])* $name:ident = $severity:ident($id:literal, $title:literal $(, $effect:literal $(, $flag:ident)?)?);)*) => {
        $($(#[doc = $row])* pub(super) const $name: Rule = Rule::$severity($id, $title)$(.because($effect)$(.$flag())?)?;)*
        $(#[$table])*
        pub const RULES: &[Rule] = &[$($name),*];
    };
}

pub(crate) use rules;
