//! Judges the certificate of the signer against the pass and the clock.

use chrono::{DateTime, TimeDelta, Utc};

use super::findings::{Findings, shown};
use super::manifest::SIGNATURE;
use super::rules;
use super::signature::Circumstances;
use crate::certificate::Certificate;
use crate::key;

/// What a package says that its certificate must confirm.
#[derive(Clone, Copy, Default)]
pub(super) struct Claims<'a> {
    /// `passTypeIdentifier`.
    pub(super) pass_type: Option<&'a str>,
    /// `teamIdentifier`.
    pub(super) team: Option<&'a str>,
    /// What in the package asks for an NFC certificate.
    pub(super) nfc: Option<&'static str>,
}

/// Judges the certificate of the signer, but not who issued it.
pub(super) fn judge(
    leaf: &Certificate,
    signed_at: Option<DateTime<Utc>>,
    circumstances: &Circumstances<'_>,
    findings: &mut Findings,
) {
    judge_time(leaf, signed_at, circumstances.now, findings);
    if let Err(error) = leaf.public_key().map_err(crate::Error::unreadable).and_then(|key| key::algorithm_of(&key)) {
        let mend = "make a new key, RSA of 2048 bits, and have a certificate issued for it";
        findings.add(&rules::CERTIFICATE_KEY, SIGNATURE, error.to_string(), mend);
    }
    if let Some(lacks) = leaf.missing_mark().unwrap_or(Some("form of a certificate")) {
        let cause =
            format!("the certificate \"{}\" is no pass certificate, for it lacks the {lacks}", leaf.subject_name());
        let mend = "sign with the certificate of your Pass Type ID, not one for push, apps or orders";
        findings.add(&rules::CERTIFICATE_KIND, SIGNATURE, cause, mend);
        // What it says of pass type and team means something else.
        return;
    }
    judge_names(leaf, &circumstances.claims, findings);
    if let Some(what) = circumstances.claims.nfc
        && !leaf.permits_nfc()
    {
        let cause = format!("the package has {what}, and \"{}\" is no NFC certificate", leaf.subject_name());
        let mend = "ask Apple for an NFC certificate (developer.apple.com/contact/passkit), or leave it out";
        findings.add(&rules::NFC_CERTIFICATE, "", cause, mend);
    }
}

fn judge_time(leaf: &Certificate, signed_at: Option<DateTime<Utc>>, now: DateTime<Utc>, findings: &mut Findings) {
    let Ok(validity) = leaf.validity() else { return };
    let end = validity.not_after;
    if now < validity.not_before {
        let cause = format!("the certificate is valid from {} on", validity.not_before);
        findings.add(&rules::CERTIFICATE_NOT_YET_VALID, SIGNATURE, cause, "wait, or set the clock right");
    } else if now > end {
        // One that was signed too late has its finding.
        if signed_at.is_none_or(|at| at <= end) {
            let after = if signed_at.is_some() { ", after it signed this" } else { "" };
            let cause = format!("the certificate expired on {end}{after}");
            let mend = "renew it in Apple's developer portal, for the same Pass Type ID, to update these passes";
            findings.add(&rules::CERTIFICATE_EXPIRED, SIGNATURE, cause, mend);
        }
    } else if now > end - SOON {
        let cause = format!("the certificate expires on {end}");
        findings.add(&rules::CERTIFICATE_EXPIRES_SOON, SIGNATURE, cause, "renew it in Apple's developer portal now");
    }
}

fn judge_names(leaf: &Certificate, claims: &Claims<'_>, findings: &mut Findings) {
    let [pass_type, marker, team] = [leaf.named_pass_type(), leaf.marker(), leaf.unit()];
    let quoted = |text: &Option<String>| match text {
        Some(text) => format!("\"{}\"", shown(text)),
        None => "nothing".to_owned(),
    };
    if pass_type != marker {
        let cause = format!("its subject is for {}, its marker for {}", quoted(&pass_type), quoted(&marker));
        findings.add(&rules::MARKER_MISMATCH, SIGNATURE, cause, "have a new certificate issued");
    }
    if let Some(claimed) = claims.pass_type
        && pass_type.as_deref() != Some(claimed)
    {
        let cause = format!("pass.json says \"{}\", the certificate is for {}", shown(claimed), quoted(&pass_type));
        let mend =
            "write the pass type of the certificate into pass.json, or sign with the certificate of that pass type";
        findings.add(&rules::PASS_TYPE_MISMATCH, "passTypeIdentifier", cause, mend);
    }
    if let Some(claimed) = claims.team
        && team.as_deref() != Some(claimed)
    {
        let cause = format!("pass.json says \"{}\", the certificate belongs to {}", shown(claimed), quoted(&team));
        let mend = "write the team of the certificate into pass.json";
        findings.add(&rules::TEAM_MISMATCH, "teamIdentifier", cause, mend);
    }
}

/// How long before the end a warning comes.
const SOON: TimeDelta = TimeDelta::days(30);
