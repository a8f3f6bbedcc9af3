//! Walks from the certificate of the signer up to a root.

use chrono::{DateTime, Utc};

use super::Roots;
use super::findings::Findings;
use super::manifest::SIGNATURE;
use super::rules;
use crate::certificate::{Certificate, best_at};
use crate::wwdr;

/// Where the walk has led.
pub(super) struct Chain {
    /// The names of the authorities, from the issuer of the signer's certificate upwards.
    pub(super) authorities: Vec<String>,
    /// Whether the last of them is a root that is trusted.
    pub(super) is_trusted: bool,
}

/// Judges who issued a certificate, and who issued that one, with what the signature carries; valid at the moment of signing.
pub(super) fn judge(
    leaf: &Certificate,
    carried: &[Certificate],
    roots: &Roots,
    moment: DateTime<Utc>,
    findings: &mut Findings,
) -> Chain {
    let mut chain = Chain { authorities: Vec::new(), is_trusted: false };
    let mut current = leaf.clone();
    let mut is_late = false;
    for depth in 0..DEEPEST {
        let issued_current = |other: &&Certificate| is_authority(other, depth) && current.was_issued_by(other);
        judge_extensions(&current, findings);
        if roots.iter().any(|root| root.der() == current.der()) {
            chain.is_trusted = true;
            return chain;
        }
        if let Some(root) = best_at(roots.iter().filter(issued_current), moment, |root| root) {
            chain.authorities.push(root.subject_name());
            // An intermediate that is trusted here is not at hand on the phone.
            if depth == 0 && !root.is_self_issued() && carried.iter().all(|other| other.der() != root.der()) {
                tell_missing(leaf, carried, findings);
            }
            chain.is_trusted = is_valid(root, moment);
            // Where what it issued has expired too, that is told already.
            if !chain.is_trusted && !is_late {
                let cause = format!("the root \"{}\" was not valid at {moment}", root.subject_name());
                findings.add(
                    &rules::ROOT_UNTRUSTED,
                    SIGNATURE,
                    cause,
                    "sign with certificates of a root that is valid",
                );
            }
            return chain;
        }
        if current.is_self_issued() {
            break;
        }
        let next = best_at(carried.iter().filter(issued_current), moment, |next| next).cloned();
        let next = match next {
            Some(next) => next,
            None if depth == 0 => {
                tell_missing(leaf, carried, findings);
                // The one that is built in stands in, so that the rest can be judged.
                match wwdr::bundled().filter(|bundled| issued_current(&bundled)) {
                    Some(bundled) => bundled,
                    None => return chain,
                }
            }
            None => break,
        };
        if !is_valid(&next, moment) {
            is_late = true;
            let cause = format!("\"{}\" was not valid at {moment}", next.described());
            findings.add(&rules::INTERMEDIATE_EXPIRED, SIGNATURE, cause, G4);
        }
        chain.authorities.push(next.subject_name());
        current = next;
    }
    let end = if current.is_self_issued() { current.subject_name() } else { current.issuer_name() };
    let cause = format!("the certificates lead to \"{end}\", which is not trusted");
    let mend = "sign with a certificate that Apple issued; trust another root only if it is your own, in a test";
    findings.add(&rules::ROOT_UNTRUSTED, SIGNATURE, cause, mend);
    chain
}

fn is_valid(certificate: &Certificate, moment: DateTime<Utc>) -> bool {
    certificate.validity().is_ok_and(|validity| validity.holds(moment))
}

/// Tells of an extension that whoever does not know it must refuse.
fn judge_extensions(certificate: &Certificate, findings: &mut Findings) {
    if let Some(extension) = certificate.unknown_critical_extension() {
        let cause =
            format!("\"{}\" has the critical extension {extension}, which is not known", certificate.described());
        let mend = "sign with a certificate that Apple issued, which has none of other makers";
        findings.add(&rules::CERTIFICATE_EXTENSION, SIGNATURE, cause, mend);
    }
}

/// Says whether a certificate may issue others, with so many authorities below it.
fn is_authority(certificate: &Certificate, below: u32) -> bool {
    certificate.is_authority() && certificate.path_length().is_none_or(|most| below <= most)
}

/// Tells that the intermediate is not there, and what is there in its place.
fn tell_missing(leaf: &Certificate, carried: &[Certificate], findings: &mut Findings) {
    let (issuer, key_id) = (leaf.issuer_name(), leaf.issuer_key_id());
    let wanted = match &key_id {
        Some(id) => format!("the certificate was issued by \"{issuer}\" with the key {id}"),
        None => format!("the certificate was issued by \"{issuer}\""),
    };
    let others: Vec<&Certificate> = carried.iter().filter(|other| other.der() != leaf.der()).collect();
    let [first, ..] = others.as_slice() else {
        let cause = format!("{wanted}, and the signature carries no intermediate");
        findings.add(&rules::INTERMEDIATE_MISSING, SIGNATURE, cause, G4);
        return;
    };
    let what = if key_id.is_some() && first.key_id() == key_id {
        if first.is_authority() {
            format!("the signature carries \"{}\" of that key id, whose key did not sign it", first.described())
        } else {
            format!("the signature carries \"{}\", which is no certificate authority", first.described())
        }
    } else {
        let names: Vec<String> = others.iter().take(4).map(|other| format!("\"{}\"", other.described())).collect();
        format!("the signature carries {} instead", names.join(" and "))
    };
    findings.add(&rules::INTERMEDIATE_WRONG, SIGNATURE, format!("{wanted}, but {what}"), G4);
}

/// The longest way up; Apple's has two steps.
const DEEPEST: u32 = 8;
const G4: &str = "put the Worldwide Developer Relations certificate that issued yours into the signature: G4 for passes since \
                  2022, https://www.apple.com/certificateauthority/";
