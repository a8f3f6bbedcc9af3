//! Identifiers: `issuerId.suffix`.

use serde_json::Value;

use super::{Sheet, rules};
use crate::lint::findings::Findings;
use crate::lint::path::Path;
use crate::lint::quote::shorten;
use crate::lint::symbology::is_digits;

/// The most linked objects.
const MOST_LINKED: usize = 50;

/// Judges the ids of class and object, and those that the object names.
pub(super) fn judge(sheet: &Sheet<'_>, issuer: Option<&str>, findings: &mut Findings) {
    if let Some(issuer) = issuer.filter(|issuer| !is_issuer(issuer)) {
        judge_issuer(issuer, &Path::ROOT, findings);
    }
    // An id cannot have the prefix of an issuer that is none.
    let issuer = issuer.filter(|issuer| is_issuer(issuer));
    let (class, object) = (Path::ROOT.key("class"), Path::ROOT.key("object"));
    let class_id = text(sheet.class.get("id"));
    if let Some(id) = class_id {
        judge_id(id, issuer, &class.key("id"), findings);
    }
    if let Some(id) = text(sheet.object.get("id")) {
        judge_id(id, issuer, &object.key("id"), findings);
    }
    if let (Some(named), Some(id)) = (text(sheet.object.get("classId")), class_id)
        && named != id
    {
        findings.add(&rules::CLASS_ID, &object.key("classId"), || {
            (
                format!("the object names the class \"{}\", and the class is \"{}\"", shorten(named), shorten(id)),
                "write the `id` of the class",
            )
        });
    }
    judge_linked(sheet, &object.key("linkedObjectIds"), findings);
}

fn judge_id(id: &str, issuer: Option<&str>, path: &Path<'_>, findings: &mut Findings) {
    let Some((prefix, suffix)) = id.split_once('.') else {
        return findings.add(&rules::ID_PREFIX, path, || {
            (
                format!("\"{}\" has no issuer id before it", shorten(id)),
                format!("write it as {}.suffix", issuer.unwrap_or("issuerId")),
            )
        });
    };
    if !is_issuer(prefix) {
        judge_issuer(prefix, path, findings);
    } else if let Some(issuer) = issuer.filter(|issuer| *issuer != prefix) {
        findings.add(&rules::ID_PREFIX, path, || {
            (format!("the issuer {prefix} is not the configured one"), format!("begin the id with {issuer}"))
        });
    }
    if suffix.is_empty()
        || !suffix.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
    {
        findings.add(&rules::ID_SUFFIX, path, || {
            (
                format!(
                    "\"{}\" is empty or has other characters than letters, digits, `.`, `_` and `-`",
                    shorten(suffix)
                ),
                "write one that has only these, a hash if need be",
            )
        });
    }
}

fn judge_issuer(issuer: &str, path: &Path<'_>, findings: &mut Findings) {
    findings.add(&rules::ISSUER_ID, path, || {
        (
            format!("\"{}\" is no issuer id", shorten(issuer)),
            "write the number that the Google Pay & Wallet Console shows as issuer id, not the merchant id or the account code",
        )
    });
}

fn judge_linked(sheet: &Sheet<'_>, path: &Path<'_>, findings: &mut Findings) {
    let Some(Value::Array(linked)) = sheet.object.get("linkedObjectIds") else { return };
    if linked.len() > MOST_LINKED {
        findings.add(&rules::LINKED_OBJECT, path, || {
            (format!("there are {} linked objects, and Google takes 50", linked.len()), "keep 50")
        });
    }
    let Some(own) = text(sheet.object.get("id")) else { return };
    let issuer = own.split_once('.').map(|(issuer, _)| issuer);
    for (index, id) in linked.iter().enumerate() {
        let Some(id) = id.as_str() else { continue };
        let path = path.index(index);
        if id == own {
            findings.add(&rules::LINKED_OBJECT, &path, || ("the object is linked to itself", "leave it out"));
        } else if id.split_once('.').map(|(issuer, _)| issuer) != issuer {
            findings.add(&rules::LINKED_OBJECT, &path, || {
                (format!("\"{}\" is not an object of the same issuer", shorten(id)), "link objects of your own only")
            });
        }
    }
}

/// A text that is not blank: a blank one is reported as missing.
fn text(value: Option<&Value>) -> Option<&str> {
    value?.as_str().filter(|text| !text.trim().is_empty())
}

fn is_issuer(text: &str) -> bool {
    (10..=20).contains(&text.len()) && is_digits(text)
}
