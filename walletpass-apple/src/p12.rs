//! Opens a P12 (PKCS #12, RFC 7292).

use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error as P12Error;
use walletpass_core::Secret;

use crate::Error;
use crate::certificate::Certificate;
use crate::key::LocalKey;

/// What a P12 holds, in the order of the file; which certificate belongs to which key is not said there in a way to rely on.
pub(crate) struct P12 {
    /// The private keys, at least one.
    pub(crate) keys: Vec<LocalKey>,
    /// The certificates, at least one.
    pub(crate) certificates: Vec<Certificate>,
}

impl P12 {
    /// Decrypts and reads a P12.
    pub(crate) fn open(der: &[u8], passphrase: &Secret<String>) -> Result<Self, Error> {
        let Pkcs12Archive { keys, certs, .. } =
            Pkcs12Archive::from_pkcs12(der, passphrase.expose()).map_err(|error| match error {
                P12Error::MacError(_) | P12Error::UnpadError | P12Error::Pkcs5Error(_) => Error::PassphraseWrong,
                P12Error::InvalidParameters
                | P12Error::UnsupportedEncryptionScheme
                | P12Error::UnsupportedMacAlgorithm => Error::P12Unsupported { source: error.into() },
                // What the developer portal gives is a certificate alone.
                _ if Certificate::from_der(der).is_ok() => Error::KeyMissing,
                other => Error::P12Unreadable { source: other.into() },
            })?;
        if keys.is_empty() {
            return Err(Error::KeyMissing);
        }
        if certs.is_empty() {
            return Err(Error::CertificateMissing);
        }
        let unreadable = |source| Error::CertificateUnreadable { source };
        Ok(Self {
            keys: keys.iter().map(|bag| LocalKey::from_pkcs8(bag.key.as_der())).collect::<Result<_, _>>()?,
            certificates: certs
                .iter()
                .map(|bag| Certificate::from_der(bag.cert.as_der()))
                .collect::<Result<_, _>>()
                .map_err(unreadable)?,
        })
    }
}
