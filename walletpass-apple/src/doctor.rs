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
use walletpass_core::checkup;
use walletpass_core::lint::{Finding, Rule};
use walletpass_core::{PassTypeId, Secret, TeamId};

pub use rules::RULES;
pub use walletpass_core::checkup::Outcome;

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
pub type Check = checkup::Check<Part>;

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
        !self.checks.iter().any(Check::has_failed)
    }

    /// Gives what failed and what was warned of, in the order of the checks.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.checks.iter().filter_map(Check::finding)
    }

    fn new() -> Self {
        Self { checks: Vec::new(), pass_type: None, team: None, nfc: None, expires: None, intermediate_expires: None }
    }

    fn passed(&mut self, what: Part, detail: impl Into<String>) {
        self.checks.push(Check::passed(what, detail));
    }

    fn skipped(&mut self, what: Part, why: impl Into<String>) {
        self.checks.push(Check::skipped(what, why));
    }

    /// Records a breach of a rule: a failure or a warning, as the rule says.
    fn found(&mut self, what: Part, rule: &Rule, path: &str, cause: impl Into<String>, mend: impl Into<String>) {
        self.checks.push(Check::found(what, rule, path, cause, mend));
    }

    /// Says whether a check of this part failed.
    fn failed(&self, part: Part) -> bool {
        self.checks.iter().any(|check| check.what == part && check.has_failed())
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
