//! The list of findings under way, with its bound, and names as findings repeat them.

use std::borrow::Cow;

use walletpass_core::lint::{Finding, Rule};

use super::rules;

/// The most findings of one package that are told one by one, those of the lint not counted.
const MOST: usize = 200;
/// The most characters of a name that a finding repeats.
const LONGEST: usize = 100;

/// Collects what is found in one archive.
#[derive(Default)]
pub(super) struct Findings {
    kept: Vec<Finding>,
    left_out: usize,
}

impl Findings {
    /// Records a breach of `rule` at a file.
    pub(super) fn add(&mut self, rule: &Rule, path: &str, cause: impl Into<String>, mend: impl Into<String>) {
        self.push(rule.finding(shown(path), cause, mend));
    }

    /// Records a finding.
    pub(super) fn push(&mut self, finding: Finding) {
        if self.kept.len() < MOST {
            self.kept.push(finding);
        } else {
            self.left_out += 1;
        }
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
    fn names_are_cut() {
        assert_eq!(shown("icon.png"), "icon.png");
        assert_eq!(shown(&"ü".repeat(300)).chars().count(), LONGEST + 1);
    }
}
