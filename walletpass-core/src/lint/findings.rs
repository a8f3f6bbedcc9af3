//! The list of findings under way, with its bound.

use super::path::Path;
use super::{Finding, Rule, Severity};

/// The most findings that are told one by one.
const MOST: usize = 200;

/// Collects what a check finds, at most [`MOST`] of it.
///
/// When it is full an error takes the place of a warning, so a pass with errors never looks like one that has only
/// warnings.
#[derive(Default)]
pub(super) struct Findings {
    kept: Vec<Finding>,
    warnings: usize,
    left_out: usize,
}

impl Findings {
    /// Records a breach of `rule` at `path`. `tell` makes cause and mend, and is not called when there is no more room.
    pub(super) fn add<C, M>(&mut self, rule: &Rule, path: &Path<'_>, tell: impl FnOnce() -> (C, M))
    where
        C: Into<String>,
        M: Into<String>,
    {
        if self.kept.len() >= MOST && !self.make_room(rule.severity) {
            return;
        }
        let (cause, mend) = tell();
        self.warnings += usize::from(rule.severity == Severity::Warning);
        self.kept.push(rule.finding(path.to_string(), cause, mend));
    }

    /// Hands the list over, and says under the rule `too_many` when it was cut.
    pub(super) fn finish(mut self, too_many: &Rule) -> Vec<Finding> {
        if self.left_out > 0 {
            let cause = format!("{} more findings are left out", self.left_out);
            self.kept.push(too_many.finding("", cause, "mend the ones listed and lint again"));
        }
        self.kept
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
