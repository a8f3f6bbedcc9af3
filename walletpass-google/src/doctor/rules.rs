//! The catalogue of what the doctor finds.

use walletpass_core::lint::Rule;

/// Lists every rule that a [`Diagnosis`](super::Diagnosis) knows.
///
/// An error is what keeps passes from being issued now; a warning is what is odd, or soon will be an error.
pub const RULES: &[Rule] = &[
    ACCESS,
    API,
    CLOCK,
    DRY_RUN,
    EMAIL,
    FOREIGN_EMAIL,
    ISSUER,
    KEY,
    KEY_FILE,
    REACH,
    ROLE,
    TOKEN,
    TOKEN_URI,
    UNLISTED,
];

pub(crate) const ACCESS: Rule = Rule::error("google-access", "the service account is a user of the issuer")
    .because("Google refuses every request with 403, and links save nothing. Roles in the Cloud project do not help.");
pub(crate) const API: Rule =
    Rule::error("google-api-disabled", "the Google Wallet API is enabled in the Cloud project of the service account")
        .because("Google refuses every request with 403.");
pub(crate) const CLOCK: Rule =
    Rule::warning("google-clock", "the clock of this machine is within a minute of Google's")
        .because("Google refuses assertions from another time, so there is no access token.");
pub(crate) const DRY_RUN: Rule = Rule::error("google-dry-run", "Google would take a link that the account signs");
pub(crate) const EMAIL: Rule = Rule::error("google-credential-email", "the key file names the service account")
    .because("Nobody knows who signs, so Google refuses everything.");
pub(crate) const FOREIGN_EMAIL: Rule =
    Rule::warning("google-credential-email-form", "the e-mail address is one of a service account");
pub(crate) const ISSUER: Rule =
    Rule::error("google-credential-issuer", "the issuer id is the number that the Google Pay & Wallet Console shows")
        .because("Ids that do not begin with it are refused, or belong to somebody else.");
pub(crate) const KEY: Rule =
    Rule::error("google-credential-key", "the private key is whole, and RSA of 2048 bits or more")
        .because("Nothing can be signed.");
pub(crate) const KEY_FILE: Rule =
    Rule::error("google-credential-key-file", "the key file is the JSON key of a service account, as Google gave it")
        .because("Nothing in it can be used.");
pub(crate) const REACH: Rule = Rule::error("google-unreachable", "Google answers");
pub(crate) const ROLE: Rule = Rule::error("google-role", "the service account may write for the issuer")
    .because("It can read classes and objects, and make none.");
pub(crate) const TOKEN: Rule = Rule::error("google-token", "Google gives an access token for the key")
    .because("Without it the API takes nothing. Save links may work all the same.");
pub(crate) const TOKEN_URI: Rule =
    Rule::error("google-credential-token-uri", "access tokens come over TLS, or from this machine");
pub(crate) const UNLISTED: Rule =
    Rule::warning("google-role-unlisted", "the service account is listed among the users of the issuer");
