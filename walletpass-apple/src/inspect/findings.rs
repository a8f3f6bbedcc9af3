//! The list of findings under way, with its bound, and names as findings repeat them.

use std::borrow::Cow;

use walletpass_core::lint::{Finding, Rule, Severity};

use super::rules;

/// The most findings of one package that are told one by one, those of the lint not counted.
const MOST: usize = 200;
/// The most characters of a name that a finding repeats.
const LONGEST: usize = 100;

/// Collects what is found in one archive, at most [`MOST`] of it.
///
/// When it is full an error takes the place of a warning, so an archive with errors never looks like one that has only warnings.
#[derive(Default)]
pub(super) struct Findings {
    kept: Vec<Finding>,
    warnings: usize,
    left_out: usize,
}

impl Findings {
    /// Records a breach of `rule` at a file.
    pub(super) fn add(&mut self, rule: &Rule, path: &str, cause: impl Into<String>, mend: impl Into<String>) {
        self.push(rule.finding(shown(path), cause, mend));
    }

    /// Records a breach as [`add`](Self::add) does. `tell` makes cause and mend, and is not called when there is no more room.
    pub(super) fn add_with(&mut self, rule: &Rule, path: &str, tell: impl FnOnce() -> (String, &'static str)) {
        if self.has_room(rule.severity) {
            let (cause, mend) = tell();
            self.keep(rule.finding(shown(path), cause, mend));
        }
    }

    /// Records a finding.
    pub(super) fn push(&mut self, finding: Finding) {
        if self.has_room(finding.severity) {
            self.keep(finding);
        }
    }

    fn keep(&mut self, finding: Finding) {
        self.warnings += usize::from(finding.severity == Severity::Warning);
        self.kept.push(finding);
    }

    /// Says whether one more has a place, and makes it for an error; counts what has none.
    fn has_room(&mut self, severity: Severity) -> bool {
        if self.kept.len() < MOST {
            return true;
        }
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

    /// Hands the list over, and says when it was cut.
    pub(super) fn finish(mut self) -> Vec<Finding> {
        if self.left_out > 0 {
            let cause = format!("{} more findings are left out", self.left_out);
            self.kept.push(rules::TOO_MANY.finding("", cause, "mend the ones listed and inspect again"));
        }
        self.kept
    }
}

/// Cuts a foreign text for a message and blanks its control characters.
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    let cut = text.char_indices().nth(LONGEST);
    if cut.is_none() && !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let blanked = text.chars().take(LONGEST).map(|letter| if letter.is_control() { ' ' } else { letter });
    Cow::Owned(blanked.chain(cut.map(|_| '…')).collect())
}

#[cfg(test)]
mod tests {
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
