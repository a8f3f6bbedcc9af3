//! Judges a finished `pass.json`.
//!
//! [`parse`] reads the bytes as strictly as the phone does, [`check`] judges what they say, [`fix`] mends what is certain,
//! [`check_files`] judges the pictures and translations beside it, [`check_update`] the step from one version to the next. None
//! knows anything of the pass model, so they judge raw extra JSON and the packages of others too. [`RULES`] lists what
//! they may find; the signature is judged elsewhere.
//!
//! A new key is one line in a key table; a new rule is one line in the rule table and a check in the file that owns
//! its subject.

mod actions;
mod barcodes;
mod color;
mod convert;
mod document;
mod fields;
mod files;
mod keys;
mod lengths;
mod links;
mod markup;
mod members;
mod mend;
mod network;
mod nfc;
mod nulls;
mod relevance;
mod rules;
mod schemes;
mod seen;
mod semantics;
mod shape;
mod strict;
mod strings;
mod upcoming;
mod update;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::Finding;
use super::findings::Findings;
use super::path::Path;

use members::Members;

pub use files::{Files, Gallery, check_files};
pub(crate) use keys::GROUPS;
pub use rules::RULES;
pub(crate) use strict::unique_keys;
pub use strings::{StringsError, parse_strings};
pub use update::check_update;

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
#[expect(clippy::result_large_err, reason = "a pass is read once, and a finding is what the caller shows")]
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
    judge(pass, now, &mut findings);
    findings.finish(&rules::TOO_MANY)
}

/// Mends what can be mended with certainty, and says what that was, in the order in which it was done.
///
/// It applies the [`Fix`](super::Fix) of each finding, judges again, and ends when there is nothing more to fix: what [`check`] then
/// finds is for a human. A pass that nothing is to fix in stays as it is. No content is guessed, so a name that is surely
/// misspelt is corrected, and one that may be another is not. Names are corrected before anything else: what seemed to have no
/// place may have one then. A corrected name may bring to light a mistake that the phone would have ignored with it.
///
/// At most 10,000 findings are looked at in a round, and there are at most 16 rounds.
///
/// ```
/// use serde_json::json;
/// use walletpass_core::lint::apple;
///
/// let mut pass = json!({ "storeCard": { "headerFields": { "key": "points", "lable": "Points", "value": 120 } } });
/// let fixed = apple::fix(pass.as_object_mut().unwrap(), "2027-01-01T00:00:00Z".parse().unwrap());
///
/// let paths: Vec<&str> = fixed.iter().map(|finding| finding.path.as_str()).collect();
/// assert_eq!(paths, ["storeCard.headerFields", "storeCard.headerFields[0].lable"]);
/// assert_eq!(pass, json!({ "storeCard": { "headerFields": [{ "key": "points", "label": "Points", "value": 120 }] } }));
/// ```
///
/// RFC 6902.
pub fn fix(pass: &mut Map<String, Value>, now: DateTime<Utc>) -> Vec<Finding> {
    mend::fix(pass, now)
}

fn judge(pass: &Map<String, Value>, now: DateTime<Utc>, findings: &mut Findings) {
    nulls::judge(pass, findings);
    shape::judge(&keys::PASS, pass, &Path::ROOT, findings);
    let pass = &Members::of(pass);
    let styles = keys::styles(pass);
    document::judge(pass, &styles, findings);
    fields::judge(pass, &styles, findings);
    barcodes::judge(pass, findings);
    color::judge_contrast(pass, findings);
    relevance::judge(pass, now, findings);
    network::judge(pass, findings);
    nfc::judge(pass, findings);
    actions::judge(pass, findings);
    schemes::judge(pass, &styles, findings);
    upcoming::judge(pass, findings);
    lengths::judge(pass, &styles, findings);
}

#[cfg(test)]
mod tests;
