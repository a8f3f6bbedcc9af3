//! The catalogue of the package rules.

use walletpass_core::lint::Rule;

/// Defines one constant a rule and the table of them all, so that no rule can be left out of the table.
macro_rules! rules {
    ($(#[$table:meta])* pub const RULES; $($name:ident = $severity:ident($id:literal, $title:literal, $effect:literal);)*) => {
        $(pub(crate) const $name: Rule = Rule::$severity($id, $title).because($effect);)*
        $(#[$table])*
        pub const RULES: &[Rule] = &[$($name),*];
    };
}

rules! {
    /// Lists every rule of the package: archive, manifest, signature, certificates and bundle.
    ///
    /// What `pass.json` and the files beside it may break is listed in [`lint::apple::RULES`](walletpass_core::lint::apple::RULES).
    /// The severities combine Apple's documentation, Apple's own library and field reports; they are not the result of a
    /// device test.
    pub const RULES;
    ARCHIVE_COMPRESSION = error("apple-archive-compression", "a member is stored or deflated", "iOS cannot unpack any other method, and the pass does not open.");
    ARCHIVE_DAMAGED = error("apple-archive-damaged", "the archive and its members are whole", "The pass does not open; the device log may say \"PKZipArchiver: Unrecognized archive format\".");
    ARCHIVE_DUPLICATE = error("apple-archive-duplicate", "a name stands in the archive once", "Readers take the first or the last of them, and the manifest fits one at most.");
    ARCHIVE_ENCRYPTED = error("apple-archive-encrypted", "no member is encrypted", "Wallet has no passphrase to ask for, and the pass does not open.");
    ARCHIVE_JUNK = warning("apple-archive-junk", "nothing stands before or behind the archive", "Lenient readers skip the foreign bytes, strict ones refuse the archive.");
    ARCHIVE_NAME = error("apple-archive-name", "the names of members are UTF-8", "The name read on the phone is another one than in the manifest, so a file has \"No entry in manifest\".");
    ARCHIVE_SYMLINK = error("apple-archive-symlink", "no member is a symbolic link", "The file is not there on the phone, only the text of the link.");
    BUNDLE_COUNT = error("apple-bundle-count", "a bundle has at most 10 passes", "iOS does not open a bundle of more passes.");
    BUNDLE_DUPLICATE = error("apple-bundle-duplicate", "each pass of a bundle is another pass", "The same pass type and serial number are one pass: the later one replaces the earlier.");
    BUNDLE_MEMBER = warning("apple-bundle-member", "a bundle holds packages `*.pkpass` at its root and nothing else", "What is no package, or lies in a folder, is not added.");
    BUNDLE_PASS = error("apple-bundle-pass", "each package of a bundle is an archive", "The pass is not added.");
    BUNDLE_SIZE = error("apple-bundle-size", "a bundle has at most 150 MB", "iOS does not open a larger bundle.");
    CERTIFICATE_EXPIRED = warning("apple-certificate-expired", "the pass certificate is valid still", "Installed passes keep working and this file still installs, but no update can be signed and no push sent until the certificate is renewed.");
    CERTIFICATE_EXPIRES_SOON = warning("apple-certificate-expires-soon", "the pass certificate is valid for 30 days more", "After its last day nothing can be signed or updated.");
    CERTIFICATE_EXTENSION = error("apple-certificate-extension", "no certificate has a critical extension that is not known", "Who does not know a critical extension must refuse the certificate, so the device log says that \"the certificate trust chain could not be verified\".");
    CERTIFICATE_KEY = error("apple-certificate-key", "the key of the certificate is RSA of at least 2048 bits, or EC on P-256", "iOS does not trust weaker keys.");
    CERTIFICATE_KIND = error("apple-certificate-kind", "the signer is a pass certificate", "The device log says \"[leaf LeafMarkerOid]\", and Wallet refuses the pass.");
    CERTIFICATE_NOT_YET_VALID = error("apple-certificate-not-yet-valid", "the pass certificate is valid already", "The device log says \"[leaf TemporalValidity]\", and Wallet refuses the pass.");
    INTERMEDIATE_EXPIRED = error("apple-intermediate-expired", "the intermediate was valid when the pass was signed", "The device log says that \"the certificate trust chain could not be verified\", and Wallet refuses the pass.");
    INTERMEDIATE_MISSING = error("apple-intermediate-missing", "the signature carries the intermediate that issued the certificate", "The device log says that \"the certificate trust chain could not be verified\", and Wallet refuses the pass.");
    INTERMEDIATE_WRONG = error("apple-intermediate-wrong", "the intermediate in the signature is the one that issued the certificate", "The device log says that \"the certificate trust chain could not be verified\", and Wallet refuses the pass.");
    MANIFEST_CHANGED = error("apple-manifest-changed", "the manifest is, byte for byte, the one that was signed", "The signature does not fit the manifest, and Wallet refuses the pass.");
    MANIFEST_HASH = error("apple-manifest-hash", "the manifest has the SHA-1 of each file in lower-case hexadecimal", "The file counts as tampered with, and Wallet refuses the pass.");
    MANIFEST_JSON = error("apple-manifest-json", "manifest.json is one object of strings, in strict JSON", "Wallet cannot read it and refuses the pass.");
    MANIFEST_MISSING = error("apple-manifest-missing", "a package has a manifest.json", "Wallet refuses the pass.");
    MANIFEST_ORPHAN = error("apple-manifest-orphan", "every entry of the manifest is a file of the package, and neither the manifest nor the signature", "Wallet misses the file and refuses the pass.");
    MANIFEST_UNLISTED = error("apple-manifest-unlisted", "every file of the package is in the manifest", "The device log says \"No entry in manifest for file\", and Wallet refuses the pass.");
    MARKER_MISMATCH = error("apple-marker-mismatch", "subject and marker extension of the certificate name the same pass type", "The device log says \"The passTypeIdentifier or teamIdentifier provided may not match your certificate\", and Wallet refuses the pass.");
    NFC_CERTIFICATE = error("apple-nfc-certificate", "a pass with `nfc` or personalization.json is signed with an NFC certificate", "The device log says \"Passes with an NFC dictionary or a Personalization JSON file must be signed with an enhanced Passbook certificate\", and Wallet refuses the pass.");
    PASS_JSON_MISSING = error("apple-pass-json-missing", "pass.json lies at the root of the package", "Wallet finds no pass, and the device log says \"No entry in manifest for file\" where all lies in a folder.");
    PASS_TYPE_MISMATCH = error("apple-pass-type-mismatch", "`passTypeIdentifier` is the one that the certificate was issued for", "The device log says \"The passTypeIdentifier or teamIdentifier provided may not match your certificate\", and Wallet refuses the pass.");
    ROOT_UNTRUSTED = error("apple-root-untrusted", "the certificates lead to a root that is trusted", "The device log says that \"the certificate trust chain could not be verified\", and Wallet refuses the pass.");
    SIGNATURE_ALGORITHM = error("apple-signature-algorithm", "digest and signature are RSA PKCS #1 v1.5 or ECDSA with SHA-1 or SHA-2", "Wallet cannot verify anything else and refuses the pass.");
    SIGNATURE_ATTACHED = warning("apple-signature-attached", "the signature does not hold the manifest", "Apple asks for a detached signature; attached ones have been seen to work and are not to be relied on.");
    SIGNATURE_ATTRIBUTES = error("apple-signature-attributes", "the signature has signed attributes, with content type and message digest", "Without them there is no signing time, and the device log says \"Signature must contain a signing date\".");
    SIGNATURE_ENCODING = error("apple-signature-encoding", "the signature is DER, not text", "Wallet cannot read the signature and refuses the pass.");
    SIGNATURE_FORM = error("apple-signature-form", "the signature is a CMS SignedData", "The device log has a CMS verification error, and Wallet refuses the pass.");
    SIGNATURE_INVALID = error("apple-signature-invalid", "the signature verifies under the key of its certificate", "The device log says \"RSA signature verification failed, no match\", and Wallet refuses the pass.");
    SIGNATURE_MISSING = error("apple-signature-missing", "a package has a signature that is not empty", "The device log has the CMS verification error -26275, and Wallet refuses the pass.");
    SIGNATURE_SIGNERS = warning("apple-signature-signers", "the signature has one signer", "Which of them Wallet looks at is not known.");
    SIGNER_MISSING = error("apple-signer-missing", "the signature carries the certificate of its signer", "Wallet cannot tell who signed and refuses the pass.");
    SIGNING_TIME = error("apple-signing-time", "the signing time lies in the past, while the certificate was valid", "The device log says \"[leaf TemporalValidity]\", and Wallet refuses the pass.");
    SIGNING_TIME_MISSING = error("apple-signing-time-missing", "the signature says when it was made", "The device log says \"Signature must contain a signing date\", and Wallet refuses the pass.");
    TEAM_MISMATCH = error("apple-team-mismatch", "`teamIdentifier` is the team that the certificate was issued to", "The device log says \"The passTypeIdentifier or teamIdentifier provided may not match your certificate\", and Wallet refuses the pass.");
    TOO_MANY = warning("apple-package-too-many-findings", "the list of findings is cut at 200", "What is left out shows when the ones listed are mended.");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_sorted() {
        let ids: Vec<&str> = RULES.iter().map(|rule| rule.id).filter(|id| *id != TOO_MANY.id).collect();
        assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
        let others = walletpass_core::lint::apple::RULES;
        assert!(RULES.iter().all(|rule| others.iter().all(|other| other.id != rule.id)));
        assert!(RULES.iter().all(|rule| !rule.effect.is_empty()));
    }
}
