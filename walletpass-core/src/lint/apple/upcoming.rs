//! The later events of a season ticket, `upcomingPassInformation`.
//!
//! <https://developer.apple.com/documentation/walletpasses/upcomingpassinformationentry>

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::members::Members;
use super::{links, rules};
use crate::lint::findings::Findings;
use crate::lint::path::Path;
use crate::lint::quote::shorten;

/// The largest picture that is fetched, in bytes.
const LARGEST: u64 = 2 * 1024 * 1024;

/// Judges each entry, and whether their identifiers are told apart.
pub(super) fn judge(pass: &Members<'_>, findings: &mut Findings) {
    let Some(Value::Array(entries)) = pass.get("upcomingPassInformation") else { return };
    let list = Path::ROOT.key("upcomingPassInformation");
    let mut seen = HashSet::new();
    for (index, entry) in entries.iter().enumerate() {
        let (Value::Object(entry), path) = (entry, list.index(index)) else { continue };
        if let Some(Value::String(identifier)) = entry.get("identifier")
            && !seen.insert(identifier)
        {
            findings.add(&rules::UPCOMING_EVENT, &path.key("identifier"), || {
                (format!("another entry has the identifier \"{}\" too", shorten(identifier)), "give each its own")
            });
        }
        if let Some(Value::Object(date)) = entry.get("dateInformation") {
            let open = ["isUndetermined", "isUnannounced"].iter().any(|key| date.get(*key) == Some(&Value::Bool(true)));
            let place = path.key("dateInformation");
            if !open && !date.contains_key("date") {
                findings.add(&rules::UPCOMING_EVENT, &place.key("date"), || {
                    ("the date information has no date", "add `date`, or `isUndetermined` if none is set yet")
                });
            }
        }
        let images = path.key("images");
        for (name, image) in entry.get("images").and_then(Value::as_object).into_iter().flatten() {
            let (place, files) = (images.key(name), image.get("URLs").and_then(Value::as_array));
            let urls = place.key("URLs");
            for (index, file) in files.into_iter().flatten().enumerate() {
                if let Value::Object(file) = file {
                    judge_file(file, &urls.index(index), findings);
                }
            }
        }
    }
}

fn judge_file(file: &Map<String, Value>, path: &Path<'_>, findings: &mut Findings) {
    let mut tell = |key: &str, cause: String, mend: &str| {
        findings.add(&rules::UPCOMING_EVENT, &path.key(key), || (cause, mend));
    };
    if let Some(Value::String(hash)) = file.get("SHA256")
        && !(hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
    {
        let cause = format!("\"{}\" is no SHA-256 in hexadecimal", shorten(hash));
        tell("SHA256", cause, "write the 64 digits of `shasum -a 256` of the picture");
    }
    if let Some(Value::String(url)) = file.get("URL")
        && links::absolute(url).is_none_or(|url| url.scheme() != "https")
    {
        tell("URL", format!("\"{}\" is no absolute https URL", shorten(url)), "write it in full, https://…");
    }
    if let Some(Value::Number(size)) = file.get("size")
        && size.as_u64().is_none_or(|size| size > LARGEST)
    {
        let cause = format!("{} is no size that is fetched", shorten(&size.to_string()));
        tell("size", cause, "write the bytes of the picture, at most 2,097,152");
    }
    if let Some(Value::Number(scale)) = file.get("scale")
        && !scale.as_f64().is_some_and(|scale| [1.0, 2.0, 3.0].contains(&scale))
    {
        tell("scale", format!("there is no scale {}", shorten(&scale.to_string())), "write 1, 2 or 3");
    }
}
