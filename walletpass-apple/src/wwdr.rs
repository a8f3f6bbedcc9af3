//! Apple's intermediate certificate, "Worldwide Developer Relations".

use chrono::{DateTime, Utc};

use crate::Error;
use crate::certificate::{Certificate, best_at};

/// Finds the intermediate that issued `leaf`: of those `given` by the caller, of those `found` beside the leaf and the one that
/// Apple publishes for passes, the first that fits and is valid `now`, or else the one that ends last.
///
/// Apple has issued pass certificates from G4 since January 2022. Which one it is follows from the leaf and never from the
/// calendar: the issuer's name and key id must be those that the leaf names, and the leaf's signature must verify under it. The
/// calendar only chooses between two certificates of one key.
pub(crate) fn intermediate_of(
    leaf: &Certificate,
    given: &[Certificate],
    found: &[Certificate],
    now: DateTime<Utc>,
) -> Result<(Certificate, Origin), Error> {
    let bundled = bundled();
    let given = given.iter().map(|certificate| (certificate, Origin::Given));
    let found = found.iter().map(|certificate| (certificate, Origin::Beside));
    let candidates = given.chain(found).chain(bundled.iter().map(|certificate| (certificate, Origin::Bundled)));
    let fitting = candidates.filter(|(candidate, _)| candidate.is_authority() && leaf.was_issued_by(candidate));
    best_at(fitting, now, |(candidate, _)| candidate)
        .map(|(certificate, origin)| (certificate.clone(), origin))
        .ok_or_else(|| Error::IntermediateMissing {
            issuer: leaf.issuer_name(),
            key_id: leaf.issuer_key_id().unwrap_or_default(),
        })
}

/// Where an intermediate came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// It was in the file of the leaf.
    Beside,
    /// It is the one that is built in.
    Bundled,
    /// The caller gave it.
    Given,
}

/// Gives the intermediate that is built in.
pub(crate) fn bundled() -> Option<Certificate> {
    Certificate::from_der(G4).ok()
}

/// Reads the intermediates that the caller gives, each DER or PEM, a PEM with one certificate or several.
pub(crate) fn read(intermediates: &[&[u8]]) -> Result<Vec<Certificate>, Error> {
    let mut certificates = Vec::new();
    for (index, bytes) in intermediates.iter().enumerate() {
        certificates.extend(read_one(index, bytes)?);
    }
    Ok(certificates)
}

/// Reads one input of intermediates, at its place among them.
pub(crate) fn read_one(index: usize, bytes: &[u8]) -> Result<Vec<Certificate>, Error> {
    Certificate::read_all(bytes).map_err(|source| Error::IntermediateUnreadable { number: index + 1, source })
}

/// Apple Worldwide Developer Relations Certification Authority, G4, valid until 10 December 2030.
/// <https://www.apple.com/certificateauthority/AppleWWDRCAG4.cer>
const G4: &[u8] = include_bytes!("../data/AppleWWDRCAG4.cer");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_certificate_is_g4() {
        let g4 = Certificate::from_der(G4).unwrap();
        assert_eq!(g4.key_id().as_deref(), Some("5BD9FA1DE79A1A0BA399762250863E91C85B77A8"));
        assert_eq!(g4.validity().unwrap().not_after.to_rfc3339(), "2030-12-10T00:00:00+00:00");
    }
}
