//! Says what is wrong with a key file and an issuer, check by check, and how to mend it.
//!
//! Loading an [`Account`](crate::Account) stops at the first error. A [`Diagnosis`] reads the same bytes with the same code and goes
//! on as far as it can; [`Client::diagnose`](crate::Client::diagnose) asks Google for the rest.
//!
//! ```
//! use walletpass_google::Diagnosis;
//!
//! let diagnosis = Diagnosis::of_key_file(br#"{ "installed": { "client_id": "1" } }"#, "BCR2DN4T7XY3");
//! assert!(!diagnosis.is_healthy());
//! let rules: Vec<_> = diagnosis.findings().map(|finding| finding.rule).collect();
//! assert_eq!(rules, ["google-credential-key-file", "google-credential-issuer"]);
//! ```

mod offline;
pub(crate) mod rules;

use std::fmt;

use serde::Serialize;
use walletpass_core::IssuerId;
use walletpass_core::checkup;
use walletpass_core::lint::{Finding, Rule};

pub use rules::RULES;
pub use walletpass_core::checkup::Outcome;

/// What is right and wrong with an account, and whose it is.
///
/// `Display` reads like a doctor's note, one check in a line or two. Neither it nor the serde form holds a key or a token.
/// <https://developers.google.com/wallet/generic/getting-started/auth/rest>
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Diagnosis {
    /// Every check, in the order in which issuing goes.
    pub checks: Vec<Check>,
    /// The e-mail address of the account, if it can be read: the one to invite to the issuer.
    pub email: Option<String>,
    /// The issuer, if it is well formed.
    pub issuer: Option<IssuerId>,
}

/// One check of one part.
pub type Check = checkup::Check<Part>;

/// A part of what issuing needs, in the order in which it is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Part {
    /// The file: JSON, and the key file of a service account.
    KeyFile,
    /// The e-mail address of the account.
    Email,
    /// The private key.
    PrivateKey,
    /// Where access tokens come from.
    TokenUri,
    /// The issuer id as such.
    IssuerId,
    /// Whether everything together loads as an [`Account`](crate::Account).
    Account,
    /// Whether Google gives an access token for the key.
    Token,
    /// Whether this machine and Google agree on the time.
    Clock,
    /// Whether the Wallet API is enabled in the Cloud project.
    Api,
    /// Whether the account may read the issuer.
    Access,
    /// Whether it may write, too.
    Role,
    /// Whether Google would take a link that the account signs.
    DryRun,
}

impl Diagnosis {
    /// Examines a key file as [`Account::from_json`](crate::Account::from_json) loads it, and the issuer id as it was typed. Asks
    /// nobody.
    pub fn of_key_file(json: &[u8], issuer: &str) -> Self {
        offline::examine(json, issuer)
    }

    /// Says whether nothing failed. Warnings are allowed.
    pub fn is_healthy(&self) -> bool {
        !self.checks.iter().any(Check::has_failed)
    }

    /// Gives what failed and what was warned of, in the order of the checks.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.checks.iter().filter_map(Check::finding)
    }

    pub(crate) fn new() -> Self {
        Self { checks: Vec::new(), email: None, issuer: None }
    }

    pub(crate) fn passed(&mut self, what: Part, detail: impl Into<String>) {
        self.checks.push(Check::passed(what, detail));
    }

    pub(crate) fn skipped(&mut self, what: Part, why: impl Into<String>) {
        self.checks.push(Check::skipped(what, why));
    }

    /// Records a breach of a rule: a failure or a warning, as the rule says.
    pub(crate) fn found(
        &mut self,
        what: Part,
        rule: &Rule,
        path: &str,
        cause: impl Into<String>,
        mend: impl Into<String>,
    ) {
        self.checks.push(Check::found(what, rule, path, cause, mend));
    }
}

/// A note of a line or two for each check; what was skipped for one reason shares a line.
impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        checkup::write_note(&self.checks, f)
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::KeyFile => "key file",
            Self::Email => "e-mail address",
            Self::PrivateKey => "private key",
            Self::TokenUri => "token server",
            Self::IssuerId => "issuer id",
            Self::Account => "account",
            Self::Token => "access token",
            Self::Clock => "clock",
            Self::Api => "Wallet API",
            Self::Access => "access to the issuer",
            Self::Role => "role",
            Self::DryRun => "dry run",
        })
    }
}
