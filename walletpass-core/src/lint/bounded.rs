//! A list of findings with a bound.

use super::{Finding, Rule, Severity};

/// Collects findings up to a bound, so that hostile input makes no endless list.
///
/// When it is full an error takes the place of a warning: what has errors never looks as if it had only warnings.
#[derive(Clone, Debug)]
pub struct Bounded {
    most: usize,
    kept: Vec<Finding>,
    warnings: usize,
    left_out: usize,
}

impl Bounded {
    /// Makes a list of at most so many findings.
    pub fn new(most: usize) -> Self {
        Self { most, kept: Vec::new(), warnings: 0, left_out: 0 }
    }

    /// Says whether one more has a place, and makes it for an error. What has none is counted, and not to be kept.
    pub fn has_room(&mut self, severity: Severity) -> bool {
        if self.kept.len() < self.most {
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

    /// Keeps a finding for which there [is room](Bounded::has_room).
    pub fn keep(&mut self, finding: Finding) {
        self.warnings += usize::from(finding.severity == Severity::Warning);
        self.kept.push(finding);
    }

    /// Keeps a finding if there is room.
    pub fn push(&mut self, finding: Finding) {
        if self.has_room(finding.severity) {
            self.keep(finding);
        }
    }

    /// Gives what is kept.
    pub fn kept(&self) -> &[Finding] {
        &self.kept
    }

    /// Hands the list over as it is.
    pub fn into_kept(self) -> Vec<Finding> {
        self.kept
    }

    /// Hands the list over, and says under the rule `too_many` when it was cut. `mend` says what to do then.
    pub fn finish(mut self, too_many: &Rule, mend: &str) -> Vec<Finding> {
        if self.left_out > 0 {
            let cause = format!("{} more findings are left out", self.left_out);
            self.kept.push(too_many.finding("", cause, mend));
        }
        self.kept
    }
}
