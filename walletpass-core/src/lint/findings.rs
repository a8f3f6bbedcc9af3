//! The list of findings under way, with its bound.

use super::path::Path;
use super::{Finding, Fix, Rule, Severity};

/// The most findings that are told one by one.
const MOST: usize = 200;

/// The most findings that are looked at for a fix at a time.
const MOST_FIXES: usize = 10_000;

/// Collects what a check finds, at most [`MOST`] of it.
///
/// When it is full an error takes the place of a warning, so a pass with errors never looks like one that has only
/// warnings.
#[derive(Default)]
pub(super) struct Findings {
    kept: Vec<Finding>,
    warnings: usize,
    left_out: usize,
    /// Whether findings without a fix are passed over, and the bound is [`MOST_FIXES`].
    fixable_only: bool,
}

impl Findings {
    /// Makes a list of what can be fixed, in which nothing else has a place.
    pub(super) fn fixable() -> Self {
        Self { fixable_only: true, ..Self::default() }
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
            self.left_out += 1;
            return;
        }
        self.warnings += usize::from(rule.severity == Severity::Warning);
        self.kept.push(Finding { fix, ..rule.finding(path.to_string(), cause, mend) });
    }

    /// Takes in what was found in another file of the package, whose fixes are not for this one.
    pub(super) fn take_in(&mut self, inside: Self, file: &str) {
        for finding in inside.kept {
            if self.has_room(finding.severity) && !self.fixable_only {
                self.warnings += usize::from(finding.severity == Severity::Warning);
                self.kept.push(Finding { path: format!("{file}: {}", finding.path), fix: None, ..finding });
            }
        }
    }

    /// Says whether an error was recorded.
    pub(super) fn has_errors(&self) -> bool {
        self.kept.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Hands over what can be fixed.
    pub(super) fn into_fixable(self) -> Vec<Finding> {
        self.kept
    }

    /// Hands the list over, and says under the rule `too_many` when it was cut.
    pub(super) fn finish(mut self, too_many: &Rule) -> Vec<Finding> {
        if self.left_out > 0 {
            let cause = format!("{} more findings are left out", self.left_out);
            self.kept.push(too_many.finding("", cause, "mend the ones listed and lint again"));
        }
        self.kept
    }

    fn has_room(&mut self, severity: Severity) -> bool {
        match self.fixable_only {
            true => self.kept.len() + self.left_out < MOST_FIXES,
            false => self.kept.len() < MOST || self.make_room(severity),
        }
    }

    fn make_room(&mut self, severity: Severity) -> bool {
        self.left_out += 1;
        if severity == Severity::Warning || self.warnings == 0 {
            return false;
        }
        let Some(at) = self.kept.iter().rposition(|finding| finding.severity == Severity::Warning) else {
            return false;
        };
        self.kept.remove(at);
        self.warnings -= 1;
        true
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
