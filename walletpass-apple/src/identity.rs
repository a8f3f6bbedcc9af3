//! Who signs: the pass certificate, its key and Apple's intermediate.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use walletpass_core::port::{Clock, SigningKey, SystemClock};
use walletpass_core::{PassTypeId, PersonalizationToken, Secret, TeamId};

use crate::certificate::{Certificate, PassFacts, Validity};
use crate::cms::Envelope;
use crate::key::{self, LocalKey};
use crate::p12::P12;
use crate::{Error, Package, Pkpass, archive, wwdr};

/// A pass certificate with its private key and the intermediate that issued it; read and checked once, and cheap to clone.
///
/// Apple issues the certificate for one Pass Type ID, and the pass type and the team are read from it, so there is nothing else to
/// configure. That it expires is data ([`expires`](Identity::expires)): loading an expired one is no error, signing with it is.
///
/// The intermediate ("Worldwide Developer Relations") is the first that fits the certificate and is valid: one of those given, one
/// beside the certificate, or Apple's G4, which is built in.
/// <https://developer.apple.com/documentation/walletpasses/building-a-pass>
#[derive(Clone)]
pub struct Identity {
    facts: PassFacts,
    leaf: Validity,
    intermediate: Validity,
    envelope: Arc<Envelope>,
    chain_pem: Arc<str>,
    key: Arc<dyn SigningKey>,
    clock: Arc<dyn Clock>,
}

impl Identity {
    /// Reads a P12 (PKCS #12) as Keychain Access, OpenSSL or Windows export it, AES, 3DES and RC2-40 included.
    ///
    /// The order of the certificates in it does not matter: the one that belongs to the key is taken, and if a renewed
    /// certificate has the same key, the one that ends last. `intermediates` are DER or PEM, and usually empty.
    ///
    /// ```
    /// # use walletpass_apple::Identity;
    /// # use walletpass_core::Secret;
    /// # let credentials = walletpass_testkit::Authority::new().issue("pass.org.example.library", "A1B2C3D4E5");
    /// # let p12 = credentials.p12();
    /// let identity = Identity::from_p12(&p12, &Secret::from("correct horse"), &[])?;
    /// assert_eq!(identity.pass_type().as_str(), "pass.org.example.library");
    /// assert_eq!(identity.team().as_str(), "A1B2C3D4E5");
    /// # Ok::<(), walletpass_apple::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::P12Unreadable`], [`Error::P12Unsupported`], [`Error::P12TooSlow`], [`Error::PassphraseWrong`], [`Error::KeyMissing`],
    /// [`Error::CertificateMissing`] for the file; then those of a certificate that does not fit: [`Error::KeyMismatch`],
    /// [`Error::KeyUnfit`], [`Error::NotPassCertificate`], [`Error::PassType`], [`Error::Team`], [`Error::MarkerMismatch`],
    /// [`Error::IntermediateMissing`] and [`Error::IntermediateUnreadable`]. [`Diagnosis`](crate::Diagnosis) goes on where this
    /// stops, and says more.
    /// <https://developer.apple.com/documentation/walletpasses/building-a-pass>
    pub fn from_p12(p12: &[u8], passphrase: &Secret<String>, intermediates: &[&[u8]]) -> Result<Self, Error> {
        let intermediates = wwdr::read(intermediates)?;
        let P12 { keys, certificates } = P12::open(p12, passphrase)?;
        let (key, leaf) = pair(keys, &certificates)?;
        Self::assemble(leaf, Arc::new(key), &intermediates, &certificates, SystemClock.now())
    }

    /// Reads a certificate (PEM or DER) and its private key (PEM: PKCS #8, PKCS #1 or SEC 1, encrypted or not).
    ///
    /// Text around the PEM blocks, such as "Bag Attributes", does not matter, nor does the order of several certificates: the
    /// one that belongs to the key is taken, the others count as intermediates. One file with both may be given twice.
    /// `intermediates` are DER or PEM, and usually empty.
    ///
    /// # Errors
    ///
    /// [`Error::CertificateUnreadable`], [`Error::KeyUnreadable`], [`Error::KeyTooSlow`], [`Error::PassphraseMissing`] and
    /// [`Error::PassphraseWrong`] for the files; then those of a certificate that does not fit, as with
    /// [`from_p12`](Identity::from_p12).
    /// <https://developer.apple.com/documentation/walletpasses/building-a-pass>
    pub fn from_pem(
        certificate: &[u8],
        key: &[u8],
        passphrase: Option<&Secret<String>>,
        intermediates: &[&[u8]],
    ) -> Result<Self, Error> {
        let intermediates = wwdr::read(intermediates)?;
        let certificates = read_certificates(certificate)?;
        let key = LocalKey::from_pem(key, passphrase)?;
        let (key, leaf) = pair(vec![key], &certificates)?;
        Self::assemble(leaf, Arc::new(key), &intermediates, &certificates, SystemClock.now())
    }

    /// Takes a certificate (PEM or DER) whose private key lives elsewhere, in a KMS or an HSM.
    ///
    /// The key signs a probe here, to see that it belongs to the certificate; so this may block as long as the key does.
    ///
    /// # Errors
    ///
    /// [`Error::CertificateUnreadable`]; [`Error::Signing`] when the key cannot sign; then those of a certificate that does not
    /// fit, as with [`from_p12`](Identity::from_p12).
    /// <https://developer.apple.com/documentation/walletpasses/building-a-pass>
    pub fn from_signing_key(
        certificate: &[u8],
        key: Arc<dyn SigningKey>,
        intermediates: &[&[u8]],
    ) -> Result<Self, Error> {
        let intermediates = wwdr::read(intermediates)?;
        let certificates = read_certificates(certificate)?;
        let signature = key.sign(PROBE)?;
        let fits = |certificate: &&Certificate| {
            certificate.public_key().is_ok_and(|public| {
                key::algorithm_of(&public).is_ok_and(|algorithm| algorithm == key.algorithm())
                    && key::verifies(&public, PROBE, &signature)
            })
        };
        let leaf = certificates.iter().filter(fits).max_by_key(|leaf| rank(leaf)).cloned();
        let leaf = leaf.ok_or_else(|| mismatch(&certificates))?;
        Self::assemble(leaf, key, &intermediates, &certificates, SystemClock.now())
    }

    /// Tells the time by `clock`: signing times, and whether the certificates are valid.
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Gives the pass type that the certificate was issued for.
    pub fn pass_type(&self) -> &PassTypeId {
        &self.facts.pass_type
    }

    /// Gives the team that the certificate was issued to.
    pub fn team(&self) -> &TeamId {
        &self.facts.team
    }

    /// Says whether the certificate may sign passes with an `nfc` key.
    pub fn nfc(&self) -> bool {
        self.facts.nfc
    }

    /// Gives the last instant of the pass certificate. Installed passes outlive it; new ones and updates do not.
    pub fn expires(&self) -> DateTime<Utc> {
        self.leaf.not_after
    }

    /// Gives the last instant of the intermediate certificate.
    pub fn intermediate_expires(&self) -> DateTime<Utc> {
        self.intermediate.not_after
    }

    /// Gives the pass certificate and its intermediate as PEM, in this order: what a client of the push service shows.
    pub fn chain_pem(&self) -> &str {
        &self.chain_pem
    }

    /// Gives the private key as what it can do, which is to sign; the key itself stays where it is.
    pub fn signing_key(&self) -> Arc<dyn SigningKey> {
        Arc::clone(&self.key)
    }

    /// Signs a package: any number of times, from any number of threads.
    ///
    /// With an RSA key the same package at the same second gives the same bytes. A private key in memory takes most of a millisecond;
    /// one elsewhere may block, so async callers run this on a blocking thread.
    /// All else runs slower between two signatures, probably from cold caches: whoever issues many draws some dozens up and then signs
    /// them, which saved a percent or two where it was measured.
    ///
    /// # Errors
    ///
    /// [`Error::Expired`] and [`Error::NotYetValid`] by the clock; [`Error::IdentityMismatch`] and [`Error::NfcNotPermitted`]
    /// for a package that this certificate may not sign; [`Error::Signing`] when the key fails.
    /// <https://developer.apple.com/documentation/walletpasses/building-a-pass>
    pub fn sign(&self, package: &Package) -> Result<Pkpass, Error> {
        let now = self.now();
        self.leaf.check("pass certificate", now)?;
        self.intermediate.check("intermediate certificate", now)?;
        package.check_signer(self)?;
        let signature = self.envelope.sign(package.manifest(), now, &*self.key)?;

        let sections = [package.artwork().section(), package.section()];
        let room = archive::room_to_end(&sections, SIGNATURE, signature.size());
        let mut last = archive::Writer::after(package.section()).with_room(room);
        last.add_written(SIGNATURE, |out| signature.write(out))?;
        let [pictures, own] = sections.map(archive::Section::bytes);
        Ok(Pkpass::new([pictures, own, last.end(&sections)?.into()]))
    }

    /// Signs the token that an iPhone sends with a filled-in sign-up form: the answer to it, as `application/octet-stream`.
    ///
    /// Then the phone fetches the pass anew, which is the holder's own by now and has no form any more.
    ///
    /// # Errors
    ///
    /// [`Error::Expired`] and [`Error::NotYetValid`] by the clock; [`Error::NfcNotPermitted`] for a certificate that may not
    /// sign passes with such a form; [`Error::Signing`] when the key fails.
    /// <https://developer.apple.com/documentation/walletpasses/personalize>
    pub fn sign_personalization_token(&self, token: &PersonalizationToken) -> Result<Vec<u8>, Error> {
        let now = self.now();
        self.leaf.check("pass certificate", now)?;
        self.intermediate.check("intermediate certificate", now)?;
        if !self.nfc() {
            return Err(Error::NfcNotPermitted);
        }
        Ok(self.envelope.sign(token.as_str().as_bytes(), now, &*self.key)?.to_vec())
    }

    /// Gives the present instant by the clock of the identity.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Joins what was read and checks that it fits together.
    pub(crate) fn assemble(
        leaf: Certificate,
        key: Arc<dyn SigningKey>,
        given: &[Certificate],
        found: &[Certificate],
        now: DateTime<Utc>,
    ) -> Result<Self, Error> {
        let facts = leaf.pass_facts()?;
        let (intermediate, _) = wwdr::intermediate_of(&leaf, given, found, now)?;
        Ok(Self {
            leaf: leaf.validity()?,
            intermediate: intermediate.validity()?,
            envelope: Arc::new(Envelope::new(&leaf, &intermediate, facts.algorithm)?),
            chain_pem: [&leaf, &intermediate].map(Certificate::to_pem).concat().into(),
            facts,
            key,
            clock: Arc::new(SystemClock),
        })
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("pass_type", &self.facts.pass_type)
            .field("team", &self.facts.team)
            .field("nfc", &self.facts.nfc)
            .field("expires", &self.leaf.not_after)
            .field("algorithm", &self.facts.algorithm)
            .finish_non_exhaustive()
    }
}

fn read_certificates(bytes: &[u8]) -> Result<Vec<Certificate>, Error> {
    Certificate::read_all(bytes).map_err(|source| Error::CertificateUnreadable { source })
}

/// Finds the key and the certificate that belong together; of several pairs, a pass certificate and the one that ends last.
pub(crate) fn pair(keys: Vec<LocalKey>, certificates: &[Certificate]) -> Result<(LocalKey, Certificate), Error> {
    let mut best: Option<(LocalKey, Certificate)> = None;
    for key in keys {
        let fits = |certificate: &&Certificate| certificate.public_key().is_ok_and(|public| key.belongs_to(&public));
        let Some(candidate) = certificates.iter().filter(fits).max_by_key(|leaf| rank(leaf)) else { continue };
        if best.as_ref().is_none_or(|(_, leaf)| rank(candidate) > rank(leaf)) {
            best = Some((key, candidate.clone()));
        }
    }
    best.ok_or_else(|| mismatch(certificates))
}

/// Finds the certificate that was probably meant to sign, whichever key there is.
pub(crate) fn meant(certificates: &[Certificate]) -> Option<&Certificate> {
    certificates.iter().max_by_key(|certificate| rank(certificate))
}

fn rank(certificate: &Certificate) -> (bool, bool, Option<DateTime<Utc>>) {
    let ends = certificate.validity().ok().map(|validity| validity.not_after);
    (certificate.is_pass(), !certificate.is_authority(), ends)
}

/// Says that no certificate belongs to the key, or why the one that was probably meant cannot be used at all.
fn mismatch(certificates: &[Certificate]) -> Error {
    let meant = meant(certificates);
    let unfit = meant.and_then(|certificate| certificate.algorithm().err());
    unfit
        .filter(|error| matches!(error, Error::KeyUnfit { .. }))
        .unwrap_or_else(|| Error::KeyMismatch { subject: meant.map(Certificate::subject_name).unwrap_or_default() })
}

/// The name of the signature in a package.
const SIGNATURE: &str = "signature";
/// What a remote key signs when it is loaded; no manifest reads like it.
const PROBE: &[u8] = b"walletpass: does this key belong to the certificate?";
