//! What a doctor notes when it examines credentials: check by check, with what is wrong and how to mend it.
//!
//! Each wallet has a doctor of its own, which knows the parts there are to look at; the note has one form.

use std::fmt;

use serde::Serialize;

use crate::lint::{Finding, Rule, Severity};

/// One check of one part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Check<P> {
    /// What was looked at.
    pub what: P,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What came of a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "camelCase")]
#[non_exhaustive]
pub enum Outcome {
    /// Passes cannot be issued, or the wallet would refuse them.
    Failed(Finding),
    /// It is in order.
    Passed {
        /// What was found.
        detail: String,
    },
    /// It could not be looked at, or there was no need.
    Skipped {
        /// What stood in the way.
        why: String,
    },
    /// It works, but is odd or will soon fail.
    Warned(Finding),
}

impl<P> Check<P> {
    /// Notes that a part is in order.
    pub fn passed(what: P, detail: impl Into<String>) -> Self {
        Self { what, outcome: Outcome::Passed { detail: detail.into() } }
    }

    /// Notes that a part was not looked at.
    pub fn skipped(what: P, why: impl Into<String>) -> Self {
        Self { what, outcome: Outcome::Skipped { why: why.into() } }
    }

    /// Notes a breach of a rule: a failure or a warning, as the rule says.
    pub fn found(what: P, rule: &Rule, path: &str, cause: impl Into<String>, mend: impl Into<String>) -> Self {
        let finding = rule.finding(path, cause, mend);
        let outcome = match finding.severity {
            Severity::Error => Outcome::Failed(finding),
            Severity::Warning => Outcome::Warned(finding),
        };
        Self { what, outcome }
    }

    /// Says whether the part failed.
    pub fn has_failed(&self) -> bool {
        matches!(self.outcome, Outcome::Failed(_))
    }

    /// Gives what failed or was warned of.
    pub fn finding(&self) -> Option<&Finding> {
        match &self.outcome {
            Outcome::Failed(finding) | Outcome::Warned(finding) => Some(finding),
            Outcome::Passed { .. } | Outcome::Skipped { .. } => None,
        }
    }
}

/// Writes a note of a line or two for each check, and the verdict; what was skipped for one reason shares a line.
///
/// # Errors
///
/// Those of the formatter.
pub fn write_note<P: fmt::Display>(checks: &[Check<P>], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut rest = checks.iter().peekable();
    while let Some(Check { what, outcome }) = rest.next() {
        match outcome {
            Outcome::Failed(finding) => write_finding(f, "FAIL", what, finding)?,
            Outcome::Passed { detail } => writeln!(f, "  ok  {what}: {detail}")?,
            Outcome::Skipped { why } => {
                write!(f, "  --  not looked at: {what}")?;
                let same =
                    |check: &&Check<P>| matches!(&check.outcome, Outcome::Skipped { why: other } if other == why);
                while let Some(Check { what, .. }) = rest.next_if(same) {
                    write!(f, ", {what}")?;
                }
                writeln!(f, " ({why})")?;
            }
            Outcome::Warned(finding) => write_finding(f, "WARN", what, finding)?,
        }
    }
    let failed = checks.iter().filter(|check| check.has_failed()).count();
    let warned = checks.iter().filter(|check| matches!(check.outcome, Outcome::Warned(_))).count();
    match (failed, warned) {
        (0, 0) => f.write_str("healthy"),
        (0, 1) => f.write_str("healthy, with a warning"),
        (0, _) => write!(f, "healthy, with {warned} warnings"),
        (1, _) => f.write_str("not healthy: 1 check failed"),
        (_, _) => write!(f, "not healthy: {failed} checks failed"),
    }
}

fn write_finding(f: &mut fmt::Formatter<'_>, mark: &str, what: impl fmt::Display, finding: &Finding) -> fmt::Result {
    writeln!(f, "{mark}  {what}: {}\n      {} [{}]", finding.cause, finding.mend, finding.rule)
}
