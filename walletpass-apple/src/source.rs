//! The source folder of a pass that someone else made.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::{Map, Value};
use walletpass_core::lint;
use walletpass_core::lint::{Finding, Rule};
use walletpass_core::projection::Report;

use crate::inspect;
use crate::{Error, Identity};

/// A source folder that has been judged and fits the identity that is to sign it.
pub(crate) struct Source {
    /// What `pass.json` says.
    pub(crate) pass: Map<String, Value>,
    /// `pass.json`, as it was given unless something had to be filled in.
    pub(crate) pass_json: Bytes,
    /// The pictures.
    pub(crate) pictures: BTreeMap<String, Bytes>,
    /// Everything else but `pass.json`.
    pub(crate) others: BTreeMap<String, Bytes>,
    /// The warnings.
    pub(crate) report: Report,
}

impl Source {
    /// Reads and judges the files.
    pub(crate) fn read(mut files: BTreeMap<String, Bytes>, identity: &Identity) -> Result<Self, Error> {
        files.remove("manifest.json");
        files.remove("signature");
        let given = match files.get(PASS_JSON) {
            Some(given) => given.clone(),
            None => return Err(refused(vec![inspect::missing_pass_json(files.keys())])),
        };
        let mut pass = lint::apple::parse(&given).map_err(|finding| refused(vec![finding]))?;
        let pass_json = filled(given, &mut pass, identity);
        files.insert(PASS_JSON.to_owned(), pass_json.clone());

        let mut findings = lint::apple::check(&pass, identity.now());
        let views = files.iter().map(|(name, data)| (name.as_str(), data.as_ref())).collect();
        findings.extend(lint::apple::check_files(&pass, &views));
        findings.extend(files.iter().filter_map(|(name, data)| judge_stray(name, data)));
        let report = report(findings);
        if report.has_errors() {
            return Err(Error::Refused { report: Box::new(report) });
        }
        files.remove(PASS_JSON);
        let (pictures, others) = files.into_iter().partition(|(name, _)| name.ends_with(".png"));
        Ok(Self { pass, pass_json, pictures, others, report })
    }
}

/// Judges a file that has no place in a pass: whoever gets the pass gets the file.
fn judge_stray(name: &str, data: &[u8]) -> Option<Finding> {
    let file = name.rsplit('/').next().unwrap_or(name);
    let ends = |ends: &[&str]| ends.iter().any(|end| file.to_ascii_lowercase().ends_with(end));
    let is_hidden = name.split('/').any(|part| part.starts_with('.') && part.len() > 1);
    let holds_key = data.windows(PRIVATE_KEY.len()).any(|window| window == PRIVATE_KEY);
    let out = "move it out of the folder";
    if holds_key || ends(&[".p12", ".pfx", ".key"]) {
        Some(SECRET.finding(name, "the file is a private key, or holds one", out))
    } else if is_hidden || ends(&[".pkpass", ".pkpasses"]) {
        Some(PRIVATE.finding(name, "the file is no part of a pass", out))
    } else if ends(&[".png", ".pdf", ".strings", ".json"]) {
        None
    } else {
        Some(STRAY.finding(name, "Wallet does not read this file, and everybody who has the pass can", out))
    }
}

/// Adds the identifiers that are absent, at the beginning of the object; every other byte stays as it is.
fn filled(given: Bytes, pass: &mut Map<String, Value>, identity: &Identity) -> Bytes {
    let own = [("passTypeIdentifier", identity.pass_type().as_str()), ("teamIdentifier", identity.team().as_str())];
    let was_empty = pass.is_empty();
    let mut added = String::new();
    for (key, value) in own {
        if pass.contains_key(key) {
            continue;
        }
        added.push_str(&format!("\"{key}\":{},", Value::from(value)));
        pass.insert(key.to_owned(), value.into());
    }
    if was_empty {
        added.pop();
    }
    // The document was parsed: it begins with a brace, after blanks at most.
    let brace = given.iter().position(|byte| *byte == b'{').filter(|_| !added.is_empty());
    match brace.and_then(|at| given.split_at_checked(at + 1)) {
        Some((head, tail)) => [head, added.as_bytes(), tail].concat().into(),
        None => given,
    }
}

fn refused(findings: Vec<Finding>) -> Error {
    Error::Refused { report: Box::new(report(findings)) }
}

fn report(findings: Vec<Finding>) -> Report {
    let mut report = Report::default();
    report.findings = findings;
    report
}

/// Lists what is found in a source folder beside what the lint finds.
pub const RULES: &[Rule] = &[PRIVATE, SECRET, STRAY];

const PRIVATE: Rule =
    Rule::error("apple-source-private", "a source folder holds no hidden files and no finished passes")
        .because("They would go to everybody who has the pass.");
const SECRET: Rule = Rule::error("apple-source-secret", "a source folder holds no private key")
    .because("The key would go to everybody who has the pass, and with it the right to sign passes in your name.");
const STRAY: Rule = Rule::warning("apple-source-stray", "a source folder holds what Wallet reads, and nothing else")
    .because("Wallet passes the file over; it makes the pass larger, and whoever has the pass can read it.");

/// How the head of a private key ends, whatever its kind.
const PRIVATE_KEY: &[u8] = b"PRIVATE KEY-----";
const PASS_JSON: &str = "pass.json";
