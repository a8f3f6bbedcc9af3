//! The list of findings under way, with its bound, and names as findings repeat them.

use std::borrow::Cow;

use walletpass_core::lint::{Bounded, Finding, Rule, quoted};

use super::rules;

/// The most findings of one package that are told one by one, those of the lint not counted.
const MOST: usize = 200;
/// The most characters of a name that a finding repeats.
const LONGEST: usize = 100;

/// Collects what is found in one archive, at most [`MOST`] of it.
pub(super) struct Findings(Bounded);

impl Default for Findings {
    fn default() -> Self {
        Self(Bounded::new(MOST))
    }
}

impl Findings {
    /// Records a breach of `rule` at a file.
    pub(super) fn add(&mut self, rule: &Rule, path: &str, cause: impl Into<String>, mend: impl Into<String>) {
        self.push(rule.finding(shown(path), cause, mend));
    }

    /// Records a breach as [`add`](Self::add) does. `tell` makes cause and mend, and is not called when there is no more room.
    pub(super) fn add_with(&mut self, rule: &Rule, path: &str, tell: impl FnOnce() -> (String, &'static str)) {
        if self.0.has_room(rule.severity) {
            let (cause, mend) = tell();
            self.0.keep(rule.finding(shown(path), cause, mend));
        }
    }

    /// Records a finding.
    pub(super) fn push(&mut self, finding: Finding) {
        self.0.push(finding);
    }

    /// Hands the list over, and says when it was cut.
    pub(super) fn finish(self) -> Vec<Finding> {
        self.0.finish(&rules::TOO_MANY, "mend the ones listed and inspect again")
    }
}

/// Cuts a foreign text for a message and blanks its control characters.
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    quoted(text, LONGEST)
}

#[cfg(test)]
mod tests {
    use walletpass_core::lint::Severity;

    use super::*;

    #[test]
    fn the_list_is_bounded_and_says_so() {
        let mut findings = Findings::default();
        for _ in 0..=MOST {
            findings.add(&rules::MANIFEST_UNLISTED, "a\nb", "cause", "mend");
        }
        let list = findings.finish();
        assert_eq!((list.len(), list[0].path.as_str()), (MOST + 1, "a b"));
        assert_eq!(list[MOST].cause, "1 more findings are left out");
    }

    #[test]
    fn an_error_takes_the_place_of_a_warning() {
        let mut findings = Findings::default();
        for _ in 0..=MOST {
            findings.add(&rules::BUNDLE_MEMBER, "", "cause", "mend");
        }
        findings.add(&rules::BUNDLE_PASS, "", "cause", "mend");
        findings.add_with(&rules::BUNDLE_COUNT, "", || ("cause".to_owned(), "mend"));
        findings.add_with(&rules::BUNDLE_MEMBER, "", || panic!("there is no room"));
        let list = findings.finish();
        let errors: Vec<&str> = list.iter().filter(|it| it.severity == Severity::Error).map(|it| it.rule).collect();
        assert_eq!(
            (list.len(), errors.as_slice()),
            (MOST + 1, [rules::BUNDLE_PASS.id, rules::BUNDLE_COUNT.id].as_slice())
        );
        assert_eq!(list[MOST].cause, "4 more findings are left out");
    }

    #[test]
    fn names_are_cut() {
        assert_eq!(shown("icon.png"), "icon.png");
        assert_eq!(shown(&"ü".repeat(300)).chars().count(), LONGEST + 1);
    }
}
