//! The certificate with which a client shows itself to APNs: that of the passes.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private, Public};
use openssl::sign::Verifier;
use openssl::x509::X509;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::sign::{CertifiedKey, Signer, SigningKey as TlsKey};
use rustls::{SignatureAlgorithm, SignatureScheme};
use walletpass_core::port::{Algorithm, Clock, SigningKey, SystemClock};
use walletpass_core::{PassTypeId, Secret};

use crate::Error;
use crate::error::Cause;

/// A pass certificate and its private key: the ones that sign the passes.
///
/// APNs takes pushes for the pass type of the certificate only.
/// <https://developer.apple.com/documentation/usernotifications/establishing-a-certificate-based-connection-to-apns>
#[derive(Clone)]
pub struct ClientCertificate {
    pass_type: PassTypeId,
    expires: DateTime<Utc>,
    /// Whether the key knows RSA-PSS or ECDSA, without which there is no TLS 1.3.
    suits_tls13: bool,
    certified: Arc<CertifiedKey>,
}

impl ClientCertificate {
    /// Reads a certificate (PEM or DER; of several, in any order, the one of the key is the pass certificate, and the others go along)
    /// and its private key (PEM: PKCS #8, PKCS #1 or SEC 1, encrypted or not). One file may hold all of it and be given twice.
    ///
    /// # Errors
    ///
    /// [`Error::CertificateUnreadable`], [`Error::KeyUnreadable`], [`Error::KeyMismatch`], [`Error::PassType`] when it is not for
    /// `pass_type`, [`Error::Expired`] and [`Error::NotYetValid`] by the clock of the machine, [`Error::Tls`] for a key that TLS
    /// does not know.
    pub fn from_pem(
        pass_type: &PassTypeId,
        certificate: &[u8],
        key: &[u8],
        passphrase: Option<&Secret<String>>,
    ) -> Result<Self, Error> {
        let key = read_key(key, passphrase)?;
        let chain = leaf_first(read_chain(certificate)?, |public| key.public_eq(public))?;
        let pkcs8 =
            Secret::new(key.private_key_to_pkcs8().map_err(|source| Error::KeyUnreadable { source: source.into() })?);
        let pkcs8 = PrivatePkcs8KeyDer::from(pkcs8.expose().as_slice());
        let key = rustls::crypto::ring::sign::any_supported_type(&pkcs8.into());
        Self::assemble(pass_type, &chain, key.map_err(|source| Error::Tls { source: source.into() })?, true)
    }

    /// Takes a certificate (as [`from_pem`](ClientCertificate::from_pem)) whose private key lives elsewhere: in a KMS, an HSM, or an identity that signs passes.
    ///
    /// ```
    /// # use walletpass_push::{ClientCertificate, Error};
    /// # let identity = walletpass_testkit::Authority::new().identity("pass.org.example.library", "A1B2C3D4E5");
    /// // `identity` signs the passes: a `walletpass_apple::Identity`.
    /// let chain = identity.chain_pem().as_bytes();
    /// let certificate = ClientCertificate::from_signing_key(identity.pass_type(), chain, identity.signing_key())?;
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// The key signs a probe here, and once for each connection, and may block meanwhile. An RSA key that signs with PKCS #1 only
    /// cannot speak TLS 1.3, so connections with it are TLS 1.2, which APNs takes.
    ///
    /// # Errors
    ///
    /// Those of [`from_pem`](ClientCertificate::from_pem), and [`Error::Signing`] when the key cannot sign.
    pub fn from_signing_key(
        pass_type: &PassTypeId,
        certificate: &[u8],
        key: Arc<dyn SigningKey>,
    ) -> Result<Self, Error> {
        let chain = read_chain(certificate)?;
        let signature = key.sign(PROBE)?;
        let chain = leaf_first(chain, |public| {
            let verified = Verifier::new(MessageDigest::sha256(), public)
                .and_then(|mut verifier| verifier.verify_oneshot(&signature, PROBE));
            verified.unwrap_or(false)
        })?;
        let suits_tls13 = key.algorithm() == Algorithm::EcdsaP256Sha256;
        Self::assemble(pass_type, &chain, Arc::new(RemoteKey(key)), suits_tls13)
    }

    /// Gives the pass type that the certificate was issued for.
    pub fn pass_type(&self) -> &PassTypeId {
        &self.pass_type
    }

    /// Gives the last instant of the certificate; no connection can be made after it.
    pub fn expires(&self) -> DateTime<Utc> {
        self.expires
    }

    pub(crate) fn certified(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.certified)
    }

    /// Writes the certificates, that of the key first.
    #[cfg(feature = "a2")]
    pub(crate) fn chain_pem(&self) -> Result<Vec<u8>, Error> {
        let pems = self.certified.cert.iter().map(|der| X509::from_der(der)?.to_pem());
        pems.collect::<Result<Vec<_>, _>>().map(|pems| pems.concat()).map_err(unreadable)
    }

    pub(crate) fn suits_tls13(&self) -> bool {
        self.suits_tls13
    }

    fn assemble(
        pass_type: &PassTypeId,
        chain: &[X509],
        key: Arc<dyn TlsKey>,
        suits_tls13: bool,
    ) -> Result<Self, Error> {
        let leaf = leaf_of(chain)?;
        let found = leaf.subject_name().entries_by_nid(Nid::USERID).next();
        let found = found.and_then(|entry| entry.data().to_string().ok());
        if found.as_deref() != Some(pass_type.as_str()) {
            return Err(Error::PassType { found, wanted: pass_type.as_str().to_owned() });
        }
        let (from, expires) = (instant(leaf.not_before())?, instant(leaf.not_after())?);
        let now = SystemClock.now();
        if now < from {
            return Err(Error::NotYetValid { from });
        }
        if now > expires {
            return Err(Error::Expired { on: expires });
        }
        let ders: Result<Vec<_>, _> = chain.iter().map(|x509| x509.to_der().map(CertificateDer::from)).collect();
        let certified = Arc::new(CertifiedKey::new(ders.map_err(unreadable)?, key));
        Ok(Self { pass_type: pass_type.clone(), expires, suits_tls13, certified })
    }
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pass_type, expires, .. } = self;
        let mut shown = f.debug_struct("ClientCertificate");
        shown.field("pass_type", pass_type).field("expires", expires).finish_non_exhaustive()
    }
}

/// A key that signs as TLS wants it.
#[derive(Clone, Debug)]
struct RemoteKey(Arc<dyn SigningKey>);

impl TlsKey for RemoteKey {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        offered.contains(&self.scheme()).then(|| Box::new(self.clone()) as Box<dyn Signer>)
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        match self.0.algorithm() {
            Algorithm::EcdsaP256Sha256 => SignatureAlgorithm::ECDSA,
            _ => SignatureAlgorithm::RSA,
        }
    }
}

impl Signer for RemoteKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rustls::Error> {
        self.0.sign(message).map_err(|error| rustls::Error::Other(rustls::OtherError(Arc::new(error))))
    }

    fn scheme(&self) -> SignatureScheme {
        match self.0.algorithm() {
            Algorithm::EcdsaP256Sha256 => SignatureScheme::ECDSA_NISTP256_SHA256,
            _ => SignatureScheme::RSA_PKCS1_SHA256,
        }
    }
}

fn read_chain(bytes: &[u8]) -> Result<Vec<X509>, Error> {
    let is_pem = bytes.windows(PEM.len()).any(|window| window == PEM);
    let chain = if is_pem { X509::stack_from_pem(bytes) } else { X509::from_der(bytes).map(|x509| vec![x509]) };
    chain.map_err(unreadable)
}

fn leaf_of(chain: &[X509]) -> Result<&X509, Error> {
    chain.first().ok_or_else(|| Error::CertificateUnreadable { source: "there is none in it".into() })
}

/// Puts the certificate of the key first, as TLS wants it: files have them in any order.
fn leaf_first(mut chain: Vec<X509>, is_its_key: impl Fn(&PKey<Public>) -> bool) -> Result<Vec<X509>, Error> {
    leaf_of(&chain)?;
    let own = chain.iter().position(|x509| x509.public_key().is_ok_and(|public| is_its_key(&public)));
    chain.get_mut(..=own.ok_or(Error::KeyMismatch)?).unwrap_or_default().rotate_right(1);
    Ok(chain)
}

/// Reads a private key. OpenSSL asks on the terminal when it gets no passphrase at all, so an empty one stands for none.
pub(crate) fn read_key(pem: &[u8], passphrase: Option<&Secret<String>>) -> Result<PKey<Private>, Error> {
    let given = passphrase.map_or("", |secret| secret.expose());
    if given.contains('\0') {
        return Err(Error::KeyUnreadable { source: "a passphrase cannot hold a zero byte".into() });
    }
    PKey::private_key_from_pem_passphrase(pem, given.as_bytes())
        .map_err(|source| Error::KeyUnreadable { source: source.into() })
}

fn instant(time: &Asn1TimeRef) -> Result<DateTime<Utc>, Error> {
    let since = Asn1Time::from_unix(0).and_then(|epoch| epoch.diff(time)).map_err(unreadable)?;
    DateTime::from_timestamp(i64::from(since.days) * 86_400 + i64::from(since.secs), 0)
        .ok_or_else(|| Error::CertificateUnreadable { source: "its dates are out of range".into() })
}

fn unreadable(source: ErrorStack) -> Error {
    Error::CertificateUnreadable { source: Cause::from(source) }
}

const PEM: &[u8] = b"-----BEGIN";

/// What a remote key signs when it is loaded.
const PROBE: &[u8] = b"walletpass: does this key belong to the certificate of the connection?";
