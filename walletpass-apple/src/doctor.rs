//! Says what is wrong with credentials, part by part, and how to mend it.
//!
//! Loading an [`Identity`](crate::Identity) stops at the first error. A [`Diagnosis`] reads the same bytes with the same
//! code and goes on as far as it can; it looks ahead to the day on which the certificate expires, too. Credentials that are
//! healthy load, and those that do not load are not healthy.
//!
//! ```
//! use walletpass_apple::Diagnosis;
//! use walletpass_core::Secret;
//!
//! # let p12 = walletpass_testkit::Authority::new().issue("pass.org.example.library", "A1B2C3D4E5").p12();
//! let now = "2026-05-04T12:00:00Z".parse()?;
//! let diagnosis = Diagnosis::of_p12(&p12, &Secret::from("correct horse\n"), &[], now);
//!
//! assert!(!diagnosis.is_healthy());
//! let finding = diagnosis.findings().next().unwrap();
//! assert_eq!(finding.rule, "apple-credential-passphrase");
//! assert_eq!(finding.cause, "the passphrase does not open the P12, but it does with the line break at its end cut");
//! assert_eq!(diagnosis.pass_type.unwrap().as_str(), "pass.org.example.library"); // it went on with what opened
//! # Ok::<(), chrono::ParseError>(())
//! ```

mod judge;
mod kind;
mod looks;
mod open;
mod rules;

use std::fmt;

use chrono::{DateTime, Utc};
use serde::Serialize;
use walletpass_core::lint::{Finding, Rule};
use walletpass_core::{PassTypeId, Secret, TeamId};

pub use rules::RULES;

/// What is right and wrong with credentials, and what they are for.
///
/// `Display` reads like a doctor's note, one check in a line or two. Neither it nor the serde form holds a passphrase or key.
/// <https://developer.apple.com/documentation/walletpasses/building-a-pass>
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Diagnosis {
    /// Every check, in the order in which loading goes.
    pub checks: Vec<Check>,
    /// The pass type of the certificate, if it can be read.
    pub pass_type: Option<PassTypeId>,
    /// The team of the certificate, if it can be read.
    pub team: Option<TeamId>,
    /// Whether passes with an `nfc` key may be signed, if there is a pass certificate.
    pub nfc: Option<bool>,
    /// The last instant of the certificate.
    pub expires: Option<DateTime<Utc>>,
    /// The last instant of the intermediate.
    pub intermediate_expires: Option<DateTime<Utc>>,
}

/// One check of one part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Check {
    /// What was looked at.
    pub what: Part,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What came of a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "camelCase")]
#[non_exhaustive]
pub enum Outcome {
    /// The credentials cannot sign, or an iPhone would refuse what they sign.
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

/// A part of credentials, in the order in which it is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Part {
    /// The file: P12, PEM or DER.
    Container,
    /// What the P12 or the key is encrypted with.
    Passphrase,
    /// The private key.
    PrivateKey,
    /// The certificate.
    Certificate,
    /// Whether the key belongs to the certificate.
    Pair,
    /// Which kind of certificate Apple issued.
    Kind,
    /// The pass type, in subject and marker.
    PassType,
    /// The team.
    Team,
    /// Whether it permits NFC; either is in order.
    Nfc,
    /// The algorithm of the key, and its strength.
    Algorithm,
    /// From when until when the certificate is valid.
    Validity,
    /// The certificate that issued it, "Worldwide Developer Relations".
    Intermediate,
    /// Whether everything together loads as an [`Identity`](crate::Identity).
    Identity,
}

impl Diagnosis {
    /// Examines a P12 as [`Identity::from_p12`](crate::Identity::from_p12) loads it, at the instant `now`.
    ///
    /// Where the passphrase is wrong, some likely mistakes are tried (a line break or blanks at its end, quotation marks
    /// around it, none at all), and what opens is examined further, though the diagnosis stays unhealthy.
    ///
    /// ```
    /// # use walletpass_apple::Diagnosis;
    /// # use walletpass_core::Secret;
    /// # let p12 = walletpass_testkit::Authority::new().issue("pass.org.example.library", "A1B2C3D4E5").p12();
    /// let now = "2044-12-24T12:00:00Z".parse()?;
    /// let diagnosis = Diagnosis::of_p12(&p12, &Secret::from("correct horse"), &[], now);
    /// assert!(diagnosis.is_healthy());
    /// assert_eq!(diagnosis.findings().next().unwrap().rule, "apple-credential-expires-soon");
    /// println!("{diagnosis}");
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    ///
    /// <https://developer.apple.com/documentation/walletpasses/building-a-pass>
    pub fn of_p12(p12: &[u8], passphrase: &Secret<String>, intermediates: &[&[u8]], now: DateTime<Utc>) -> Self {
        let mut diagnosis = Self::new();
        let parts = open::p12(p12, passphrase, &mut diagnosis);
        judge::judge(parts, intermediates, now, &mut diagnosis);
        diagnosis
    }

    /// Examines a certificate (PEM or DER) and its private key (PEM) as [`Identity::from_pem`](crate::Identity::from_pem) loads
    /// them, at the instant `now`.
    ///
    /// Without a `key`, for one that lives in a KMS or HSM, the certificate alone is examined.
    ///
    /// ```
    /// # use walletpass_apple::Diagnosis;
    /// let request = b"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n";
    /// let diagnosis = Diagnosis::of_pem(request, None, None, &[], "2026-05-04T12:00:00Z".parse()?);
    /// let finding = diagnosis.findings().next().unwrap();
    /// assert_eq!(finding.cause, "what was given as the certificate is a certificate signing request, not what Apple made of it");
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    ///
    /// <https://developer.apple.com/documentation/walletpasses/building-a-pass>
    pub fn of_pem(
        certificate: &[u8],
        key: Option<&[u8]>,
        passphrase: Option<&Secret<String>>,
        intermediates: &[&[u8]],
        now: DateTime<Utc>,
    ) -> Self {
        let mut diagnosis = Self::new();
        let parts = open::pem(certificate, key, passphrase, &mut diagnosis);
        judge::judge(parts, intermediates, now, &mut diagnosis);
        diagnosis
    }

    /// Says whether nothing failed: passes can be signed now. Warnings are allowed.
    pub fn is_healthy(&self) -> bool {
        !self.checks.iter().any(|check| matches!(check.outcome, Outcome::Failed(_)))
    }

    /// Gives what failed and what was warned of, in the order of the checks.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.checks.iter().filter_map(|check| match &check.outcome {
            Outcome::Failed(finding) | Outcome::Warned(finding) => Some(finding),
            Outcome::Passed { .. } | Outcome::Skipped { .. } => None,
        })
    }

    fn new() -> Self {
        Self { checks: Vec::new(), pass_type: None, team: None, nfc: None, expires: None, intermediate_expires: None }
    }

    fn passed(&mut self, what: Part, detail: impl Into<String>) {
        self.checks.push(Check { what, outcome: Outcome::Passed { detail: detail.into() } });
    }

    fn skipped(&mut self, what: Part, why: impl Into<String>) {
        self.checks.push(Check { what, outcome: Outcome::Skipped { why: why.into() } });
    }

    /// Records a breach of a rule: a failure or a warning, as the rule says.
    fn found(&mut self, what: Part, rule: &Rule, path: &str, cause: impl Into<String>, mend: impl Into<String>) {
        let finding = rule.finding(path, cause, mend);
        let outcome = match finding.severity {
            walletpass_core::lint::Severity::Error => Outcome::Failed(finding),
            walletpass_core::lint::Severity::Warning => Outcome::Warned(finding),
        };
        self.checks.push(Check { what, outcome });
    }

    /// Says whether a check of this part failed.
    fn failed(&self, part: Part) -> bool {
        self.checks.iter().any(|check| check.what == part && matches!(check.outcome, Outcome::Failed(_)))
    }
}

/// A note of a line or two for each check; what was skipped for one reason shares a line.
impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut checks = self.checks.iter().peekable();
        while let Some(Check { what, outcome }) = checks.next() {
            match outcome {
                Outcome::Failed(finding) => note(f, "FAIL", *what, finding)?,
                Outcome::Passed { detail } => writeln!(f, "  ok  {what}: {detail}")?,
                Outcome::Skipped { why } => {
                    write!(f, "  --  not looked at: {what}")?;
                    let same =
                        |check: &&Check| matches!(&check.outcome, Outcome::Skipped { why: other } if other == why);
                    while let Some(Check { what, .. }) = checks.next_if(same) {
                        write!(f, ", {what}")?;
                    }
                    writeln!(f, " ({why})")?;
                }
                Outcome::Warned(finding) => note(f, "WARN", *what, finding)?,
            }
        }
        let failed = self.checks.iter().filter(|check| matches!(check.outcome, Outcome::Failed(_))).count();
        let warned = self.checks.iter().filter(|check| matches!(check.outcome, Outcome::Warned(_))).count();
        match (failed, warned) {
            (0, 0) => f.write_str("healthy"),
            (0, 1) => f.write_str("healthy, with a warning"),
            (0, _) => write!(f, "healthy, with {warned} warnings"),
            (1, _) => f.write_str("not healthy: 1 check failed"),
            (_, _) => write!(f, "not healthy: {failed} checks failed"),
        }
    }
}

fn note(f: &mut fmt::Formatter<'_>, mark: &str, what: Part, finding: &Finding) -> fmt::Result {
    writeln!(f, "{mark}  {what}: {}\n      {} [{}]", finding.cause, finding.mend, finding.rule)
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Container => "container",
            Self::Passphrase => "passphrase",
            Self::PrivateKey => "private key",
            Self::Certificate => "certificate",
            Self::Pair => "key and certificate",
            Self::Kind => "kind of certificate",
            Self::PassType => "pass type",
            Self::Team => "team",
            Self::Nfc => "NFC",
            Self::Algorithm => "algorithm",
            Self::Validity => "validity",
            Self::Intermediate => "intermediate",
            Self::Identity => "identity",
        })
    }
}
