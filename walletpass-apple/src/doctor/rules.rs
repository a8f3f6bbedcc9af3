//! The catalogue of what the doctor finds in credentials.

use walletpass_core::lint::Rule;

/// Lists every rule that a [`Diagnosis`](super::Diagnosis) knows.
///
/// An error is what keeps the credentials from signing now; a warning is what is odd, or soon will be an error.
pub const RULES: &[Rule] = &[
    ALGORITHM,
    CERTIFICATE,
    CONTAINER,
    ENCRYPTION,
    EXPIRED,
    EXPIRES_SOON,
    INTERMEDIATE,
    INTERMEDIATE_UNUSED,
    KEY,
    KEY_MISMATCH,
    KIND,
    NOT_YET_VALID,
    PASS_TYPE,
    PASSPHRASE,
    TEAM,
    TEST_ROOT,
];

pub(super) const ALGORITHM: Rule =
    Rule::error("apple-credential-algorithm", "the key is RSA of at least 2048 bits, or EC on P-256")
        .because("An iPhone rejects the signature.");
pub(super) const CERTIFICATE: Rule =
    Rule::error("apple-credential-certificate", "the credentials hold a certificate that can be read")
        .because("Without the certificate there is no pass type and nothing to sign with.");
pub(super) const CONTAINER: Rule =
    Rule::error("apple-credential-container", "what is given as a P12, PEM or DER file is one, and is whole")
        .because("Nothing in it can be used.");
pub(super) const ENCRYPTION: Rule =
    Rule::error("apple-credential-encryption", "a P12 is encrypted and encoded in a way that can be read")
        .because("Nothing in it can be used.");
pub(super) const EXPIRED: Rule = Rule::error(
    "apple-credential-expired",
    "the pass certificate and its intermediate are within their validity",
)
.because(
    "An iPhone refuses new passes signed with it (device log: \"[leaf TemporalValidity]\"), and updates stop; installed passes \
     keep working.",
);
pub(super) const EXPIRES_SOON: Rule =
    Rule::warning("apple-credential-expires-soon", "the pass certificate is valid for 30 days more")
        .because("When it has expired, nothing new can be signed and no update be sent.");
pub(super) const INTERMEDIATE: Rule = Rule::error(
    "apple-credential-intermediate",
    "the intermediate certificate that issued the pass certificate is at hand",
)
.because(
    "An iPhone cannot verify the chain: \"The passTypeIdentifier or teamIdentifier provided may not match your certificate, or \
     the certificate trust chain could not be verified.\"",
);
pub(super) const INTERMEDIATE_UNUSED: Rule =
    Rule::warning("apple-credential-intermediate-unused", "the intermediate that is given issued the pass certificate")
        .because("It does no harm: another that fits is used in its place.");
pub(super) const KEY: Rule = Rule::error("apple-credential-key", "the credentials hold a private key that can be read")
    .because("A certificate alone cannot sign.");
pub(super) const KEY_MISMATCH: Rule =
    Rule::error("apple-credential-key-mismatch", "the private key belongs to the certificate")
        .because("A signature made with another key does not verify, and an iPhone shows nothing.");
pub(super) const KIND: Rule =
    Rule::error("apple-credential-kind", "the certificate is a pass certificate, and no other kind that Apple issues")
        .because("An iPhone refuses the pass (device log: \"[leaf LeafMarkerOid]\").");
pub(super) const NOT_YET_VALID: Rule =
    Rule::error("apple-credential-not-yet-valid", "the validity of pass certificate and intermediate has begun")
        .because("An iPhone refuses the pass; most often the clock of this machine is wrong.");
pub(super) const PASS_TYPE: Rule = Rule::error(
    "apple-credential-pass-type",
    "subject and marker of the certificate name one pass type",
)
.because(
    "An iPhone refuses the pass: \"The passTypeIdentifier or teamIdentifier provided may not match your certificate\".",
);
pub(super) const PASSPHRASE: Rule =
    Rule::error("apple-credential-passphrase", "the passphrase opens the P12 or the private key")
        .because("Neither key nor certificate can be read.");
pub(super) const TEAM: Rule = Rule::error("apple-credential-team", "the subject of the certificate names the team")
    .because(
        "An iPhone refuses the pass: \"The passTypeIdentifier or teamIdentifier provided may not match your certificate\".",
    );
pub(super) const TEST_ROOT: Rule =
    Rule::warning("apple-credential-test-root", "the intermediate certificate was issued by Apple's root")
        .because("An iPhone trusts Apple's root alone, and shows nothing of what these credentials sign.");
