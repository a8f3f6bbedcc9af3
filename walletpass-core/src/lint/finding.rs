//! One thing that is wrong, and how to mend it.

use std::fmt;

use serde::Serialize;

use super::Fix;

/// One thing the lint found in a finished pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// The stable id of the rule, `apple-date-form` for instance.
    pub rule: &'static str,
    /// What it does to the pass.
    pub severity: Severity,
    /// Where it is, as a path into the judged JSON: `storeCard.headerFields[0].value`; for what a projection finds, into the
    /// pass. Empty for the whole.
    pub path: String,
    /// The fact of the pass that stands there, as a path into its JSON form, where a projection drew it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fact: Option<String>,
    /// One sentence that says what is wrong.
    pub cause: String,
    /// One sentence that says how to mend it.
    pub mend: String,
    /// The mend as a patch of the judged JSON, where it is certain and loses nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, severity, path, fact, cause, mend, fix: _ } = self;
        write!(f, "{severity} [{rule}] ")?;
        match (path.as_str(), fact) {
            ("", _) => {}
            (path, Some(fact)) => write!(f, "{path} (`{fact}` of the pass): ")?,
            (path, None) => write!(f, "{path}: ")?,
        }
        write!(f, "{cause}; {mend}")
    }
}

/// What a finding does to the pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::exhaustive_enums, reason = "a finding stops issuing or it does not")]
pub enum Severity {
    /// The wallet works, but not as meant: something is ignored, cut or ugly. Rides along in the report.
    Warning,
    /// The wallet would refuse the pass or show nothing. Stops issuing.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}
