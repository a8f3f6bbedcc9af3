//! Judges a finished `pass.json`.
//!
//! [`parse`] reads the bytes as strictly as the phone does, [`check`] judges what they say. Both know nothing of the
//! pass model, so they judge raw extra JSON and the packages of others too. [`RULES`] lists what they may find;
//! images, signature and package are judged elsewhere.
//!
//! A new key is one line in a key table; a new rule is one line in the rule table and a check in the file that owns
//! its subject.

mod barcodes;
mod color;
mod document;
mod fields;
mod files;
mod keys;
mod markup;
mod network;
mod nulls;
mod relevance;
mod rules;
mod semantics;
mod shape;
mod strict;
mod strings;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::Finding;
use super::findings::Findings;
use super::path::Path;

pub use files::{Files, check_files};
pub use rules::RULES;
pub(crate) use strict::unique_keys;
pub use strings::{StringsError, parse_strings};

/// Reads a `pass.json`, as strictly as Wallet does.
///
/// It must be one JSON object in UTF-8, without byte order mark, comments, trailing commas, `NaN`, control characters
/// in strings, or the same key twice in one object. Objects and arrays may be nested 127 deep.
///
/// # Errors
///
/// A finding of the rule `apple-strict-json` or `apple-duplicate-key`, whose cause says line and column.
///
/// See <https://developer.apple.com/documentation/walletpasses/pass>.
pub fn parse(pass_json: &[u8]) -> Result<Map<String, Value>, Finding> {
    strict::parse(pass_json)
}

/// Judges a pass, as it was parsed or as it is about to be written.
///
/// Dates are compared with `now`. An empty list means that Wallet is not known to refuse or ignore anything in the
/// pass. The list holds at most 200 findings and then one that says how many are left out; errors are kept before
/// warnings. The order is by subject, and equal for equal input. No finding repeats the authentication token.
///
/// ```
/// use serde_json::json;
/// use walletpass_core::lint::apple;
///
/// let pass = json!({
///     "formatVersion": 1,
///     "passTypeIdentifier": "pass.com.acme.club",
///     "serialNumber": "4711",
///     "teamIdentifier": "A1B2C3D4E5",
///     "organizationName": "Acme",
///     "description": "Club card",
///     "storeCard": { "headerFields": [{ "key": "points", "lable": "Points", "value": 120 }] }
/// });
/// let findings = apple::check(pass.as_object().unwrap(), "2027-01-01T00:00:00Z".parse().unwrap());
///
/// assert_eq!(findings.len(), 1);
/// assert_eq!(findings[0].rule, "apple-unknown-key");
/// assert_eq!(findings[0].path, "storeCard.headerFields[0].lable");
/// assert_eq!(findings[0].mend, "write `label`");
/// ```
///
/// See <https://developer.apple.com/documentation/walletpasses/pass>.
pub fn check(pass: &Map<String, Value>, now: DateTime<Utc>) -> Vec<Finding> {
    let mut findings = Findings::default();
    nulls::judge(pass, &mut findings);
    shape::judge(&keys::PASS, pass, &Path::ROOT, &mut findings);
    document::judge(pass, &mut findings);
    fields::judge(pass, &mut findings);
    barcodes::judge(pass, &mut findings);
    color::judge_contrast(pass, &mut findings);
    relevance::judge(pass, now, &mut findings);
    network::judge(pass, &mut findings);
    findings.finish(&rules::TOO_MANY)
}

#[cfg(test)]
mod tests;
