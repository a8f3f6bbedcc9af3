//! X.509 certificates: which one issued which, and what a pass certificate says.

use std::cmp::Ordering;
use std::error::Error as StdError;

use chrono::{DateTime, Utc};
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Public};
use openssl::x509::{X509, X509NameRef};
use walletpass_core::port::Algorithm;
use walletpass_core::{PassTypeId, TeamId};
use x509_parser::asn1_rs::{Any, FromDer, Oid, oid};
use x509_parser::certificate::X509Certificate;

use crate::{Error, key, pem};

/// A certificate, in its own encoding and parsed.
#[derive(Clone)]
pub(crate) struct Certificate {
    der: Vec<u8>,
    x509: X509,
}

/// What a pass certificate says of itself, checked for consistency.
#[derive(Clone, Debug)]
pub(crate) struct PassFacts {
    pub(crate) pass_type: PassTypeId,
    pub(crate) team: TeamId,
    pub(crate) nfc: bool,
    pub(crate) algorithm: Algorithm,
}

/// From when until when a certificate is valid.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Validity {
    pub(crate) not_before: DateTime<Utc>,
    pub(crate) not_after: DateTime<Utc>,
}

type Cause = Box<dyn StdError + Send + Sync>;

impl Certificate {
    /// Reads one certificate from DER.
    pub(crate) fn from_der(der: &[u8]) -> Result<Self, Cause> {
        let x509 = X509::from_der(der)?;
        // Both parsers must take it, for each is asked later for what it does best. What follows the certificate is cut off.
        let (rest, _) = X509Certificate::from_der(der)?;
        let der = der.get(..der.len() - rest.len()).unwrap_or(der).to_vec();
        Ok(Self { der, x509 })
    }

    /// Reads DER, or every certificate of a PEM; text around them ("Bag Attributes") and other blocks do not matter.
    pub(crate) fn read_all(bytes: &[u8]) -> Result<Vec<Self>, Cause> {
        if !bytes.windows(PEM.len()).any(|window| window == PEM) {
            return Ok(vec![Self::from_der(bytes)?]);
        }
        let mended = pem::mended(bytes);
        let certificates = X509::stack_from_pem(mended.as_ref().map_or(bytes, |text| text.expose().as_bytes()))?;
        if certificates.is_empty() {
            return Err("the PEM holds no block that begins with \"-----BEGIN CERTIFICATE-----\"".into());
        }
        certificates.iter().map(|x509| Self::from_der(&x509.to_der()?)).collect()
    }

    /// Gives the DER encoding.
    pub(crate) fn der(&self) -> &[u8] {
        &self.der
    }

    /// Gives the PEM encoding (RFC 7468).
    pub(crate) fn to_pem(&self) -> String {
        let base64 = openssl::base64::encode_block(&self.der);
        let lines: Vec<_> = base64.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
    }

    /// Gives the issuer and the serial number as they are encoded in it, which is how a signature names its certificate.
    pub(crate) fn issuer_and_serial(&self) -> Result<(&[u8], &[u8]), Error> {
        let parsed = self.parsed()?;
        Ok((parsed.tbs_certificate.issuer.as_raw(), parsed.tbs_certificate.raw_serial()))
    }

    /// Gives the public key.
    pub(crate) fn public_key(&self) -> Result<PKey<Public>, ErrorStack> {
        self.x509.public_key()
    }

    /// Gives the common name of the subject, for messages.
    pub(crate) fn subject_name(&self) -> String {
        text_of(self.x509.subject_name(), Nid::COMMONNAME).unwrap_or_else(|| NAMELESS.to_owned())
    }

    /// Gives the common name and generation of the issuer, for messages.
    pub(crate) fn issuer_name(&self) -> String {
        described(self.x509.issuer_name())
    }

    /// Gives the common name and generation of the subject, for messages.
    pub(crate) fn described(&self) -> String {
        described(self.x509.subject_name())
    }

    /// Says whether this is its subject key identifier.
    pub(crate) fn has_key_id(&self, id: &[u8]) -> bool {
        self.x509.subject_key_id().is_some_and(|own| own.as_slice() == id)
    }

    /// Gives its subject key identifier in hexadecimal.
    pub(crate) fn key_id(&self) -> Option<String> {
        self.x509.subject_key_id().map(|id| hex(id.as_slice()))
    }

    /// Gives the key identifier of its issuer in hexadecimal.
    pub(crate) fn issuer_key_id(&self) -> Option<String> {
        self.x509.authority_key_id().map(|id| hex(id.as_slice()))
    }

    /// Says whether `issuer` issued it: its name is the one named here, its key id too where both say one, and the signature
    /// verifies (RFC 5280, section 6.1.3).
    pub(crate) fn was_issued_by(&self, issuer: &Self) -> bool {
        // Compared as the RFC asks, so that another string type or case is the same name.
        let named = self.x509.issuer_name().try_cmp(issuer.x509.subject_name()).is_ok_and(Ordering::is_eq);
        let keyed = match (self.issuer_key_id(), issuer.key_id()) {
            (Some(wanted), Some(found)) => wanted == found,
            _ => true,
        };
        named && keyed && issuer.public_key().and_then(|key| self.x509.verify(&key)).unwrap_or(false)
    }

    /// Says whether it names itself as its issuer, as a root does.
    pub(crate) fn is_self_issued(&self) -> bool {
        self.parsed().is_ok_and(|parsed| parsed.subject().as_raw() == parsed.issuer().as_raw())
    }

    /// Says whether it may issue certificates: its basic constraints say so, and its key usage does not speak against it.
    pub(crate) fn is_authority(&self) -> bool {
        self.parsed().is_ok_and(|parsed| {
            let may_sign = !matches!(parsed.key_usage(), Ok(Some(usage)) if !usage.value.key_cert_sign());
            may_sign && matches!(parsed.basic_constraints(), Ok(Some(constraints)) if constraints.value.ca)
        })
    }

    /// Gives how many authorities may stand between it and the certificate of a signer, where it says.
    pub(crate) fn path_length(&self) -> Option<u32> {
        let parsed = self.parsed().ok()?;
        parsed.basic_constraints().ok()??.value.path_len_constraint
    }

    /// Names the first extension that must be understood and is not, nor is one of Apple's own (RFC 5280, section 4.2).
    pub(crate) fn unknown_critical_extension(&self) -> Option<String> {
        let parsed = self.parsed().ok()?;
        let mut unknown = parsed.extensions().iter().filter(|extension| {
            let is_apples = extension.oid.as_bytes().starts_with(APPLES.as_bytes());
            extension.critical && !is_apples && !UNDERSTOOD.contains(&extension.oid)
        });
        unknown.next().map(|extension| extension.oid.to_id_string())
    }

    /// Gives the span of time in which it is valid.
    pub(crate) fn validity(&self) -> Result<Validity, Error> {
        let parsed = self.parsed()?;
        let instant = |seconds| {
            DateTime::from_timestamp(seconds, 0)
                .ok_or_else(|| Error::CertificateUnreadable { source: "its dates are out of range".into() })
        };
        let validity = parsed.validity();
        Ok(Validity {
            not_before: instant(validity.not_before.timestamp())?,
            not_after: instant(validity.not_after.timestamp())?,
        })
    }

    /// Says whether it has the marks of a pass certificate.
    pub(crate) fn is_pass(&self) -> bool {
        matches!(self.missing_mark(), Ok(None))
    }

    /// Says whether it is for a server of the web.
    pub(crate) fn is_for_servers(&self) -> bool {
        let usage = |parsed: &X509Certificate<'_>| {
            parsed.extended_key_usage().ok().flatten().is_some_and(|extension| extension.value.server_auth)
        };
        self.parsed().is_ok_and(|parsed| usage(&parsed))
    }

    /// Gives the pass type that its subject names (UID), whatever the marker says.
    pub(crate) fn named_pass_type(&self) -> Option<String> {
        text_of(self.x509.subject_name(), Nid::USERID)
    }

    /// Gives the organizational unit of its subject: the team of a pass certificate, the generation of an intermediate.
    pub(crate) fn unit(&self) -> Option<String> {
        text_of(self.x509.subject_name(), Nid::ORGANIZATIONALUNITNAME)
    }

    /// Gives the pass type of its marker extension.
    pub(crate) fn marker(&self) -> Option<String> {
        marker_of(&self.parsed().ok()?)
    }

    /// Reads what a pass certificate says, and refuses any other.
    pub(crate) fn pass_facts(&self) -> Result<PassFacts, Error> {
        if let Some(lacks) = self.missing_mark()? {
            return Err(Error::NotPassCertificate { subject: self.subject_name(), lacks });
        }
        Ok(PassFacts {
            pass_type: self.pass_type()?,
            team: self.team()?,
            nfc: self.permits_nfc(),
            algorithm: self.algorithm()?,
        })
    }

    /// Names the first mark of a pass certificate that is absent: Apple's "PassbookCardSigner" policy asks for both.
    pub(crate) fn missing_mark(&self) -> Result<Option<&'static str>, Error> {
        let parsed = self.parsed()?;
        if !matches!(parsed.get_extension_unique(&MARKER), Ok(Some(_))) {
            return Ok(Some("marker extension 1.2.840.113635.100.6.1.16"));
        }
        let usage = parsed.extended_key_usage().ok().flatten();
        let signs_passes = usage.is_some_and(|extension| extension.value.other.contains(&PASS_SIGNING));
        Ok(if signs_passes { None } else { Some("extended key usage 1.2.840.113635.100.4.14") })
    }

    /// Reads the pass type of the subject, which the marker must repeat.
    pub(crate) fn pass_type(&self) -> Result<PassTypeId, Error> {
        let uid = self.named_pass_type().ok_or(Error::PassType { source: None })?;
        let pass_type = PassTypeId::try_from(uid).map_err(|error| Error::PassType { source: Some(error) })?;
        let marker = self.marker();
        if marker.as_deref() != Some(pass_type.as_str()) {
            return Err(Error::MarkerMismatch { pass_type, marker });
        }
        Ok(pass_type)
    }

    /// Reads the team of the subject.
    pub(crate) fn team(&self) -> Result<TeamId, Error> {
        let unit = self.unit().ok_or(Error::Team { source: None })?;
        TeamId::try_from(unit).map_err(|error| Error::Team { source: Some(error) })
    }

    /// Says whether it may sign passes with an `nfc` key.
    pub(crate) fn permits_nfc(&self) -> bool {
        self.subject_name().starts_with(NFC)
    }

    /// Names the algorithm of its key, or refuses a key that Apple Wallet does not take.
    pub(crate) fn algorithm(&self) -> Result<Algorithm, Error> {
        let public = self.public_key().map_err(|source| Error::CertificateUnreadable { source: source.into() })?;
        key::algorithm_of(&public)
    }

    fn parsed(&self) -> Result<X509Certificate<'_>, Error> {
        match X509Certificate::from_der(&self.der) {
            Ok((_, parsed)) => Ok(parsed),
            Err(source) => Err(Error::CertificateUnreadable { source: source.into() }),
        }
    }
}

impl Validity {
    /// Says whether an instant lies within.
    pub(crate) fn holds(&self, at: DateTime<Utc>) -> bool {
        self.not_before <= at && at <= self.not_after
    }

    /// Refuses an instant outside.
    pub(crate) fn check(&self, certificate: &'static str, now: DateTime<Utc>) -> Result<(), Error> {
        if now < self.not_before {
            return Err(Error::NotYetValid { certificate, from: self.not_before });
        }
        if now > self.not_after {
            return Err(Error::Expired { certificate, on: self.not_after });
        }
        Ok(())
    }
}

/// Chooses among several certificates that fit: the first that is valid at an instant, or else the one that ends last.
pub(crate) fn best_at<T>(
    fitting: impl Iterator<Item = T>,
    at: DateTime<Utc>,
    certificate: impl Fn(&T) -> &Certificate,
) -> Option<T> {
    let mut latest: Option<(Option<DateTime<Utc>>, T)> = None;
    for candidate in fitting {
        let validity = certificate(&candidate).validity().ok();
        if validity.is_some_and(|validity| validity.holds(at)) {
            return Some(candidate);
        }
        let end = validity.map(|validity| validity.not_after);
        if latest.as_ref().is_none_or(|(latest, _)| end > *latest) {
            latest = Some((end, candidate));
        }
    }
    latest.map(|(_, candidate)| candidate)
}

/// Reads the pass type out of the marker extension, whose value is one DER string.
fn marker_of(certificate: &X509Certificate<'_>) -> Option<String> {
    let extension = certificate.get_extension_unique(&MARKER).ok()??;
    let (_, value) = Any::from_der(extension.value).ok()?;
    // Not `as_any_str`, which panics on some of the string types.
    Some(str::from_utf8(value.data).ok()?.to_owned())
}

fn text_of(name: &X509NameRef, nid: Nid) -> Option<String> {
    let entry = name.entries_by_nid(nid).next()?;
    entry.data().to_string().ok()
}

/// Gives common name and organizational unit, which is the generation of an intermediate.
fn described(name: &X509NameRef) -> String {
    let common = text_of(name, Nid::COMMONNAME).unwrap_or_else(|| NAMELESS.to_owned());
    [Some(common), text_of(name, Nid::ORGANIZATIONALUNITNAME)].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Writes a key id the way Keychain Access shows it.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

const PEM: &[u8] = b"-----BEGIN ";
const NAMELESS: &str = "(no common name)";

/// How the common name of a certificate begins that may sign passes with `nfc`.
const NFC: &str = "Pass Type ID with NFC";

const MARKER: Oid<'static> = oid!(1.2.840.113635.100.6.1.16);
/// What Apple's own extensions begin with.
const APPLES: Oid<'static> = oid!(1.2.840.113635.100.6);
/// Subject key id, key usage, alternative name, basic constraints, policies, authority key id and extended key usage.
const UNDERSTOOD: [Oid<'static>; 7] = [
    oid!(2.5.29.14),
    oid!(2.5.29.15),
    oid!(2.5.29.17),
    oid!(2.5.29.19),
    oid!(2.5.29.32),
    oid!(2.5.29.35),
    oid!(2.5.29.37),
];
const PASS_SIGNING: Oid<'static> = oid!(1.2.840.113635.100.4.14);
