//! What must not change between two versions of a pass.

use serde_json::{Map, Value};

use super::rules;
use crate::lint::Finding;
use crate::lint::findings::Findings;
use crate::lint::path::Path;
use crate::lint::quote::describe;

/// Judges whether a pass that a phone holds can become another version of itself.
///
/// The phone knows a pass by its type and serial number, and asks for the new version where the old one says, with the token of the
/// old one. [`check`](super::check) judges the new version in itself. No finding repeats a token.
///
/// ```
/// use serde_json::json;
/// use walletpass_core::lint::apple::check_update;
///
/// let old = json!({ "passTypeIdentifier": "pass.com.acme.club", "serialNumber": "7" });
/// let new = json!({ "passTypeIdentifier": "pass.com.acme.club", "serialNumber": "8" });
/// let findings = check_update(old.as_object().unwrap(), new.as_object().unwrap());
///
/// assert_eq!(findings[0].rule, "apple-update-identity");
/// assert_eq!(findings[0].path, "serialNumber");
/// ```
///
/// <https://developer.apple.com/documentation/walletpasses/adding-a-web-service-to-update-passes>
pub fn check_update(old: &Map<String, Value>, new: &Map<String, Value>) -> Vec<Finding> {
    let mut findings = Findings::default();
    for key in ["passTypeIdentifier", "serialNumber"] {
        if old.get(key) != new.get(key) {
            findings.add(&rules::UPDATE_IDENTITY, &Path::ROOT.key(key), || {
                let [was, is] = [old, new].map(|pass| pass.get(key).map_or("absent".to_owned(), describe));
                (
                    format!("it was {was} and is {is}, so this is another pass"),
                    "write the one of the pass that is on the phone",
                )
            });
        }
    }
    let token = |pass: &Map<String, Value>| pass.get("authenticationToken").cloned();
    if token(old).is_some() && token(old) != token(new) {
        findings.add(&rules::UPDATE_TOKEN, &Path::ROOT.key("authenticationToken"), || {
            ("the token is not the one that the phone has", "write the token of the pass that is on the phone")
        });
    }
    let key = "webServiceURL";
    if old.contains_key(key) && old.get(key) != new.get(key) {
        findings.add(&rules::UPDATE_WEB_SERVICE, &Path::ROOT.key(key), || {
            (
                "the web service moves, and phones that do not fetch this version ask at the old place",
                "keep the old place running, or write the old URL",
            )
        });
    }
    findings.finish(&rules::TOO_MANY)
}
