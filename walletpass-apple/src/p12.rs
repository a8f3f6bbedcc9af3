//! Opens a P12 (PKCS #12, RFC 7292).

use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error as P12Error;
use walletpass_core::Secret;

use crate::certificate::Certificate;
use crate::key::LocalKey;
use crate::{Error, rounds};

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
        let Bags { keys, certificates } = Bags::read(der, passphrase)?;
        if keys.is_empty() {
            return Err(Error::KeyMissing);
        }
        if certificates.is_empty() {
            return Err(Error::CertificateMissing);
        }
        Ok(Self {
            keys: keys.into_iter().collect::<Result<_, _>>()?,
            certificates: certificates.into_iter().collect::<Result<_, _>>()?,
        })
    }
}

/// What a P12 holds, each part read for itself.
pub(crate) struct Bags {
    /// The private keys.
    pub(crate) keys: Vec<Result<LocalKey, Error>>,
    /// The certificates.
    pub(crate) certificates: Vec<Result<Certificate, Error>>,
}

impl Bags {
    /// Decrypts a P12 and reads what is in it.
    pub(crate) fn read(der: &[u8], passphrase: &Secret<String>) -> Result<Self, Error> {
        let rounds = rounds::of_p12(der);
        if rounds > rounds::MOST {
            return Err(Error::P12TooSlow { rounds });
        }
        let Pkcs12Archive { keys, certs, .. } =
            Pkcs12Archive::from_pkcs12(der, passphrase.expose()).map_err(|error| match error {
                // Its own error is pasted into a text: what is no failure to decrypt is a cipher that is not there.
                P12Error::Pkcs5Error(text) if text.contains("unsupported") => {
                    Error::P12Unsupported { source: text.into() }
                }
                P12Error::MacError(_) | P12Error::UnpadError | P12Error::Pkcs5Error(_) => Error::PassphraseWrong,
                P12Error::InvalidParameters
                | P12Error::UnsupportedEncryptionScheme
                | P12Error::UnsupportedMacAlgorithm => Error::P12Unsupported { source: error.into() },
                // What the developer portal gives is a certificate alone.
                _ if Certificate::from_der(der).is_ok() => Error::KeyMissing,
                // The type of the DER error is not ours to name; BER is legal for a P12, and OpenSSL converts it.
                P12Error::DerError(source)
                    if ["indefinite length", "unsupported OID"]
                        .iter()
                        .any(|part| source.to_string().contains(part)) =>
                {
                    Error::P12Unsupported { source: source.into() }
                }
                other => Error::P12Unreadable { source: other.into() },
            })?;
        let unreadable = |source| Error::CertificateUnreadable { source };
        let certificate = |der: &[u8]| Certificate::from_der(der).map_err(unreadable);
        Ok(Self {
            keys: keys.iter().map(|bag| LocalKey::from_pkcs8(bag.key.as_der())).collect(),
            certificates: certs.iter().map(|bag| certificate(bag.cert.as_der())).collect(),
        })
    }
}
