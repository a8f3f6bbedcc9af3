//! The list of findings under way, with its bound.

use super::path::Path;
use super::{Bounded, Finding, Fix, Rule, Severity};

/// The most findings that are told one by one.
const MOST: usize = 200;

/// The most findings that are looked at for a fix at a time.
const MOST_FIXES: usize = 10_000;

/// Collects what a check finds, at most [`MOST`] of it.
pub(super) struct Findings {
    list: Bounded,
    /// Whether findings without a fix are passed over, and the bound is [`MOST_FIXES`].
    fixable_only: bool,
    /// How many were passed over for that.
    passed_over: usize,
}

impl Default for Findings {
    fn default() -> Self {
        Self { list: Bounded::new(MOST), fixable_only: false, passed_over: 0 }
    }
}

impl Findings {
    /// Makes a list of what can be fixed, in which nothing else has a place.
    pub(super) fn fixable() -> Self {
        Self { list: Bounded::new(MOST_FIXES), fixable_only: true, passed_over: 0 }
    }

    /// Records a breach of `rule` at `path`. `tell` makes cause and mend, and is not called when there is no more room.
    pub(super) fn add<C, M>(&mut self, rule: &Rule, path: &Path<'_>, tell: impl FnOnce() -> (C, M))
    where
        C: Into<String>,
        M: Into<String>,
    {
        if !self.fixable_only {
            self.add_fixable(rule, path, || {
                let (cause, mend) = tell();
                (cause, mend, None)
            });
        }
    }

    /// Records a breach as [`add`](Self::add) does, with the fix if there is one.
    pub(super) fn add_fixable<C, M>(&mut self, rule: &Rule, path: &Path<'_>, tell: impl FnOnce() -> (C, M, Option<Fix>))
    where
        C: Into<String>,
        M: Into<String>,
    {
        if !self.has_room(rule.severity) {
            return;
        }
        let (cause, mend, fix) = tell();
        if self.fixable_only && fix.is_none() {
            self.passed_over += 1;
            return;
        }
        self.list.keep(Finding { fix, ..rule.finding(path.to_string(), cause, mend) });
    }

    /// Takes in what was found in another file of the package, whose fixes are not for this one.
    pub(super) fn take_in(&mut self, inside: Self, file: &str) {
        for finding in inside.list.into_kept() {
            if !self.fixable_only {
                self.list.push(Finding { path: format!("{file}: {}", finding.path), fix: None, ..finding });
            }
        }
    }

    /// Says whether nothing was recorded.
    pub(super) fn is_empty(&self) -> bool {
        self.list.kept().is_empty()
    }

    /// Says whether an error was recorded.
    pub(super) fn has_errors(&self) -> bool {
        self.list.kept().iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Hands over what can be fixed.
    pub(super) fn into_fixable(self) -> Vec<Finding> {
        self.list.into_kept()
    }

    /// Hands the list over, and says under the rule `too_many` when it was cut.
    pub(super) fn finish(self, too_many: &Rule) -> Vec<Finding> {
        self.list.finish(too_many, "mend the ones listed and lint again")
    }

    fn has_room(&mut self, severity: Severity) -> bool {
        match self.fixable_only {
            true => self.list.kept().len() + self.passed_over < MOST_FIXES,
            false => self.list.has_room(severity),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BAD: Rule = Rule::error("bad", "bad");
    const UGLY: Rule = Rule::warning("ugly", "ugly");
    const TOO_MANY: Rule = Rule::warning("too-many", "too many");

    #[test]
    fn the_list_is_bounded_and_says_so() {
        let mut findings = Findings::default();
        for _ in 0..1_000 {
            findings.add(&UGLY, &Path::ROOT, || ("cause", "mend"));
        }
        findings.add(&BAD, &Path::ROOT, || ("cause", "mend"));
        let list = findings.finish(&TOO_MANY);
        assert_eq!(list.len(), MOST + 1);
        assert_eq!(list.iter().filter(|finding| finding.rule == "bad").count(), 1, "an error outranks a warning");
        assert_eq!(list.last().map(|finding| finding.cause.as_str()), Some("801 more findings are left out"));
    }

    #[test]
    fn nothing_is_made_when_there_is_no_room() {
        let mut findings = Findings::default();
        for _ in 0..MOST {
            findings.add(&BAD, &Path::ROOT, || ("cause", "mend"));
        }
        findings.add(&BAD, &Path::ROOT, || -> (String, String) { unreachable!("the list is full") });
        assert_eq!(findings.finish(&TOO_MANY).len(), MOST + 1);
    }
}
