//! Examines what was read: does it fit together, is it of Apple's kind, is it valid.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use walletpass_core::port::{Algorithm, SigningKey};

use super::open::Parts;
use super::{Diagnosis, Part, kind, rules};
use crate::certificate::{Certificate, Validity};
use crate::inspect::Roots;
use crate::key::LocalKey;
use crate::wwdr::{self, Origin};
use crate::{Error, Identity, identity};

/// Examines the parts, and loads them in the end if nothing speaks against it.
pub(super) fn judge(parts: Parts, intermediates: &[&[u8]], now: DateTime<Utc>, into: &mut Diagnosis) {
    let Parts { keys, certificates, remote } = parts;
    let given = read_intermediates(intermediates);
    let Some((key, leaf)) = pair(keys, &certificates, remote, into) else {
        for part in [Part::Pair, Part::Kind, Part::PassType, Part::Team, Part::Nfc, Part::Algorithm, Part::Validity] {
            into.skipped(part, NO_CERTIFICATE);
        }
        judge_unreadable(&given, into);
        into.skipped(Part::Intermediate, NO_CERTIFICATE);
        into.skipped(Part::Identity, NO_CERTIFICATE);
        return;
    };
    judge_pass(&leaf, into);
    judge_algorithm(&leaf, into);
    if let Ok(validity) = leaf.validity() {
        into.expires = Some(validity.not_after);
        judge_validity(Part::Validity, "certificate", "pass certificate", validity, now, into);
    }
    judge_unreadable(&given, into);
    if into.failed(Part::Kind) {
        into.skipped(Part::Intermediate, "a pass certificate has another");
    } else {
        judge_intermediate(&leaf, &given, &certificates, now, into);
    }
    let given: Vec<Certificate> = given.into_iter().flat_map(|read| read.unwrap_or_default()).collect();
    match key {
        _ if !into.is_healthy() => into.skipped(Part::Identity, "mend the above first"),
        None => into.skipped(Part::Identity, NO_KEY),
        Some(key) => judge_identity(leaf, key, &given, &certificates, now, into),
    }
}

/// Finds the certificate to look at, with its key if there is one that belongs to it.
fn pair(
    keys: Vec<LocalKey>,
    certificates: &[Certificate],
    remote: bool,
    into: &mut Diagnosis,
) -> Option<(Option<LocalKey>, Certificate)> {
    let meant = identity::meant(certificates)?.clone();
    if keys.is_empty() {
        into.skipped(Part::Pair, if remote { NO_KEY } else { "there is no key that can be used" });
        return Some((None, meant));
    }
    let kinds: Vec<_> = keys.iter().map(LocalKey::algorithm).collect();
    match identity::pair(keys, certificates) {
        Ok((key, leaf)) => {
            into.passed(Part::Pair, format!("the key belongs to \"{}\"", leaf.subject_name()));
            return Some((Some(key), leaf));
        }
        Err(Error::KeyUnfit { found }) => {
            into.skipped(Part::Pair, format!("the key of the certificate is {found}, which cannot be used"));
        }
        Err(_) => {
            let wanted = meant.algorithm().map(name_of).unwrap_or("another kind");
            let other = if kinds.iter().all(|kind| name_of(*kind) != wanted) {
                format!(" (the certificate is for a key that is {wanted})")
            } else {
                String::new()
            };
            into.found(
                Part::Pair,
                &rules::KEY_MISMATCH,
                "key",
                format!("the private key does not belong to the certificate of \"{}\"{other}", meant.subject_name()),
                "use the key with which its signing request was made (Keychain Access shows it below the certificate), or \
                 issue a new certificate",
            );
        }
    }
    Some((None, meant))
}

/// Judges what Apple wrote into the certificate.
fn judge_pass(leaf: &Certificate, into: &mut Diagnosis) {
    let subject = leaf.subject_name();
    let reissue = "issue a new certificate for your Pass Type ID in Apple's developer portal";
    match leaf.missing_mark() {
        Ok(None) => into.passed(Part::Kind, "a pass certificate (Pass Type ID)"),
        lacks => {
            let (kind, mend) = kind::of(leaf);
            let lacks = lacks.ok().flatten().unwrap_or("marks of a pass certificate");
            let cause =
                format!("the certificate of \"{subject}\" is {kind}, and no pass certificate: it lacks the {lacks}");
            into.found(Part::Kind, &rules::KIND, "certificate", cause, mend);
            for part in [Part::PassType, Part::Team, Part::Nfc] {
                into.skipped(part, "only a pass certificate has it");
            }
            return;
        }
    }
    match leaf.pass_type() {
        Ok(pass_type) => {
            into.passed(Part::PassType, format!("{pass_type}, in subject and marker alike"));
            into.pass_type = Some(pass_type);
        }
        Err(error) => {
            let cause = match error {
                Error::PassType { source: Some(error) } => {
                    format!("the subject names a pass type (UID) that is none: {error}")
                }
                Error::MarkerMismatch { pass_type, marker: Some(marker) } => {
                    format!("the subject is for {pass_type}, the marker extension for {marker:?}")
                }
                Error::MarkerMismatch { pass_type, marker: None } => {
                    format!("the subject is for {pass_type}, the marker extension cannot be read")
                }
                _ => "the subject names no pass type (UID)".to_owned(),
            };
            into.found(Part::PassType, &rules::PASS_TYPE, "certificate", cause, reissue);
        }
    }
    match leaf.team() {
        Ok(team) => {
            into.passed(Part::Team, team.to_string());
            into.team = Some(team);
        }
        Err(error) => {
            let cause = match error {
                Error::Team { source: Some(error) } => format!("the subject names a team (OU) that is none: {error}"),
                _ => "the subject names no team (OU)".to_owned(),
            };
            into.found(Part::Team, &rules::TEAM, "certificate", cause, reissue);
        }
    }
    into.nfc = Some(leaf.permits_nfc());
    let nfc = if leaf.permits_nfc() {
        "permitted: passes may have an `nfc` key"
    } else {
        "not permitted: passes with an `nfc` key need another certificate, for which Apple is asked"
    };
    into.passed(Part::Nfc, nfc);
}

fn judge_algorithm(leaf: &Certificate, into: &mut Diagnosis) {
    match leaf.algorithm() {
        Ok(algorithm) => into.passed(Part::Algorithm, name_of(algorithm)),
        Err(error) => {
            let found = match error {
                Error::KeyUnfit { found } => format!("the key of the certificate is {found}"),
                _ => "the key of the certificate cannot be read".to_owned(),
            };
            into.found(Part::Algorithm, &rules::ALGORITHM, "certificate", found, NEW_KEY);
        }
    }
}

fn judge_validity(
    part: Part,
    path: &str,
    name: &'static str,
    validity: Validity,
    now: DateTime<Utc>,
    into: &mut Diagnosis,
) {
    let renew = if part == Part::Validity {
        "renew it in Apple's developer portal and load the new one; installed passes keep working"
    } else {
        "download its successor from https://www.apple.com/certificateauthority/ and renew the pass certificate"
    };
    let Validity { not_before, not_after } = validity;
    let left = not_after - now;
    match validity.check(name, now) {
        Err(Error::Expired { .. }) => {
            let cause = format!("the {name} expired on {}, {} ago", not_after.date_naive(), days(-left));
            into.found(part, &rules::EXPIRED, path, cause, renew);
        }
        Err(_) => {
            let cause = format!("the {name} is valid from {not_before} on, and now is {now}");
            into.found(part, &rules::NOT_YET_VALID, path, cause, "wait, or set the clock right");
        }
        Ok(()) if left < TimeDelta::days(30) => {
            let cause = format!("the {name} expires on {}, in {}", not_after.date_naive(), days(left));
            into.found(part, &rules::EXPIRES_SOON, path, cause, renew);
        }
        Ok(()) => {
            let (from, to) = (not_before.date_naive(), not_after.date_naive());
            into.passed(part, format!("the {name} is valid from {from} to {to}, {} more", days(left)));
        }
    }
}

/// Reads what is given as intermediates, each for itself.
fn read_intermediates(intermediates: &[&[u8]]) -> Vec<Result<Vec<Certificate>, Error>> {
    intermediates.iter().enumerate().map(|(index, bytes)| wwdr::read_one(index, bytes)).collect()
}

fn judge_unreadable(given: &[Result<Vec<Certificate>, Error>], into: &mut Diagnosis) {
    for (index, _) in given.iter().enumerate().filter(|(_, read)| read.is_err()) {
        let cause = format!("intermediate number {} is no certificate", index + 1);
        let mend = "give it as Apple offers it for download, or leave it out: G4 is built in";
        into.found(Part::Intermediate, &rules::INTERMEDIATE, &path_of(index), cause, mend);
    }
}

fn judge_intermediate(
    leaf: &Certificate,
    given: &[Result<Vec<Certificate>, Error>],
    found: &[Certificate],
    now: DateTime<Utc>,
    into: &mut Diagnosis,
) {
    let read: Vec<Certificate> = given.iter().flatten().flatten().cloned().collect();
    match wwdr::intermediate_of(leaf, &read, found, now) {
        Ok((intermediate, origin)) => {
            let origin = match origin {
                Origin::Beside => "beside the certificate",
                Origin::Bundled => "built in",
                Origin::Given => "given",
            };
            let key = intermediate.key_id().unwrap_or_default();
            let detail = format!("\"{}\" issued it ({origin}; key {key})", intermediate.described());
            into.passed(Part::Intermediate, detail);
            if let Ok(validity) = intermediate.validity() {
                into.intermediate_expires = Some(validity.not_after);
                judge_validity(Part::Intermediate, "intermediate", "intermediate certificate", validity, now, into);
            }
            if !Roots::apple().iter().any(|root| intermediate.was_issued_by(root)) {
                let cause = format!("\"{}\" was not issued by Apple's root", intermediate.described());
                let mend = "use it for tests only; for iPhones, create a certificate in Apple's developer portal";
                into.found(Part::Intermediate, &rules::TEST_ROOT, "intermediate", cause, mend);
            }
            warn_of_unused(leaf, given, into);
        }
        Err(_) => {
            let wanted = leaf.issuer_key_id().unwrap_or_else(|| "that it does not name".to_owned());
            let issuer = leaf.issuer_name();
            let at_hand: Vec<String> =
                read.iter().chain(found).filter(|other| other.der() != leaf.der()).map(told).collect();
            let at_hand = match at_hand.as_slice() {
                [] => "only G4 is at hand, which is built in".to_owned(),
                others => format!("at hand are only {}, and G4, which is built in", others.join("; ")),
            };
            let cause = format!("no intermediate fits: \"{issuer}\" issued it with the key {wanted}, but {at_hand}");
            let mend = if issuer.contains("Apple") && !issuer.contains(", G") {
                "the first generation, which has no number, expired on 7 February 2023: renew the pass certificate in Apple's \
                 developer portal"
            } else if issuer.contains("Apple") {
                "download the Worldwide Developer Relations certificate of that subject key identifier from \
                 https://www.apple.com/certificateauthority/ and give it as an intermediate"
            } else {
                "Apple did not issue this certificate, so an iPhone will not take it: create one in Apple's developer portal; \
                 for tests, give the intermediate of your own authority"
            };
            into.found(Part::Intermediate, &rules::INTERMEDIATE, "intermediate", cause, mend);
        }
    }
}

/// Names the inputs of which nothing issued the certificate.
fn warn_of_unused(leaf: &Certificate, given: &[Result<Vec<Certificate>, Error>], into: &mut Diagnosis) {
    for (index, read) in given.iter().enumerate() {
        let Ok(certificates) = read else { continue };
        if certificates.iter().any(|certificate| certificate.is_authority() && leaf.was_issued_by(certificate)) {
            continue;
        }
        let (number, wanted) = (index + 1, leaf.issuer_key_id().unwrap_or_default());
        let given = certificates.iter().take(4).map(told).collect::<Vec<_>>().join("; ");
        let cause =
            format!("intermediate number {number} did not issue it: it is {given}, but the key {wanted} is needed");
        let mend = "leave it out, for another that is at hand fits";
        into.found(Part::Intermediate, &rules::INTERMEDIATE_UNUSED, &path_of(index), cause, mend);
    }
}

/// Loads what was found to be in order, with the code that [`Identity::from_p12`] uses, so that the two cannot drift apart.
fn judge_identity(
    leaf: Certificate,
    key: LocalKey,
    given: &[Certificate],
    found: &[Certificate],
    now: DateTime<Utc>,
    into: &mut Diagnosis,
) {
    match Identity::assemble(leaf, Arc::new(key), given, found, now) {
        Ok(identity) => {
            let (pass_type, team) = (identity.pass_type(), identity.team());
            into.passed(Part::Identity, format!("signs passes of {pass_type} for team {team}"));
        }
        Err(error) => {
            let mend = "issue a new certificate for your Pass Type ID in Apple's developer portal";
            into.found(Part::Identity, &rules::CERTIFICATE, "certificate", error.to_string(), mend);
        }
    }
}

/// Names an intermediate, its generation and its key.
fn told(certificate: &Certificate) -> String {
    let key = certificate.key_id().unwrap_or_else(|| "without a name".to_owned());
    format!("\"{}\" (key {key})", certificate.described())
}

fn path_of(index: usize) -> String {
    format!("intermediates[{index}]")
}

pub(super) fn name_of(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::EcdsaP256Sha256 => "EC on P-256",
        Algorithm::RsaSha256 => "RSA of 2048 bits or more",
        _ => "another kind",
    }
}

fn days(span: TimeDelta) -> String {
    match span.num_days() {
        0 => "less than a day".to_owned(),
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}

pub(super) const NEW_KEY: &str = "make a new signing request with an RSA key of 2048 bits, as Keychain Access does, and issue a new certificate with it";
pub(super) const NO_KEY: &str = "no private key was given";
const NO_CERTIFICATE: &str = "there is no certificate to look at";
