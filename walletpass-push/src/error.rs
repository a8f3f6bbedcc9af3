//! Why a client cannot be built.

use std::error::Error as StdError;

use chrono::{DateTime, Utc};
use walletpass_core::port::SigningError;

/// Says why a client of APNs cannot be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The certificate is neither PEM nor DER.
    #[error(
        "the certificate cannot be read: give the pass certificate as PEM or DER; a P12 is for `Identity::from_p12` of walletpass-apple"
    )]
    CertificateUnreadable {
        /// What the parser said.
        #[source]
        source: Cause,
    },
    /// The certificate has ended.
    #[error("the certificate has expired on {on}: renew it at developer.apple.com, for the same Pass Type ID")]
    Expired {
        /// Its last instant.
        on: DateTime<Utc>,
    },
    /// The private key belongs to another certificate.
    #[error(
        "the private key does not belong to the certificate: export both together, or ask for a certificate with this key"
    )]
    KeyMismatch,
    /// The private key cannot be read: the file is damaged, or the passphrase is wrong or missing.
    #[error("the private key cannot be read: give PKCS #8, PKCS #1 or SEC 1 as PEM, and its passphrase if it has one")]
    KeyUnreadable {
        /// What the parser said.
        #[source]
        source: Cause,
    },
    /// The certificate is not valid yet.
    #[error("the certificate is not valid before {from}: set the clock of the machine, or wait")]
    NotYetValid {
        /// Its first instant.
        from: DateTime<Utc>,
    },
    /// The certificate is of another pass type.
    #[error(
        "the certificate is for {found}, not for {wanted:?}: take that of the pass type to push for, as APNs takes no other",
        found = found.as_ref().map_or("no pass type".to_owned(), |found| format!("{found:?}"))
    )]
    PassType {
        /// The pass type that its subject names (UID), if any.
        found: Option<String>,
        /// The pass type to push for.
        wanted: String,
    },
    /// The key id or team id of a provider token is not ten letters and digits.
    #[error("the {what} {found:?} is not ten capital letters and digits: copy it from developer.apple.com")]
    ProviderId {
        /// Which one.
        what: &'static str,
        /// How what was given begins.
        found: String,
    },
    /// The key of a provider token is not on P-256.
    #[error(
        "the key is not on P-256: take the .p8 file that developer.apple.com gives under Keys, with the service APNs"
    )]
    ProviderKey,
    /// The additional roots cannot be read.
    #[error("the root certificates cannot be read: give one or more certificates as PEM")]
    RootsUnreadable,
    /// The address is none to push to.
    #[error("the address of {found:?} is none of APNs: write https, a host and, if need be, a port, and nothing else")]
    Server {
        /// The host in it; empty when there is none.
        found: String,
    },
    /// The private key could not sign.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// The TLS library refused the certificate, the key or its own settings.
    #[error("TLS cannot be set up with this certificate and key; see the cause")]
    Tls {
        /// What the library said.
        #[source]
        source: Cause,
    },
}

/// What lies beneath an error.
pub(crate) type Cause = Box<dyn StdError + Send + Sync>;
