//! The featured actions of iOS 27.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::members::Members;
use super::{links, rules, schemes};
use crate::lint::findings::Findings;
use crate::lint::path::Path;
use crate::lint::quote::shorten;

/// The most featured actions.
const MOST: usize = 2;

/// Judges the actions, and whether the pass can have any.
pub(super) fn judge(pass: &Members<'_>, findings: &mut Findings) {
    let Some(Value::Array(actions)) = pass.get("featuredActions") else { return };
    let path = Path::ROOT.key("featuredActions");
    if actions.len() > MOST {
        findings.add(&rules::FEATURED_ACTION, &path, || {
            (format!("there are {} featured actions", actions.len()), "keep two")
        });
    }
    let scheme = ["posterEventTicket", "semanticBoardingPass"].into_iter().find(|name| schemes::has_scheme(pass, name));
    if let Some(scheme) = scheme.filter(|_| !actions.is_empty()) {
        findings.add(&rules::FEATURED_ACTION, &path, || {
            (format!("the scheme {scheme} has no featured actions"), "leave them out, or the scheme")
        });
    }
    let mut seen = HashSet::new();
    for (index, action) in actions.iter().enumerate() {
        let (Value::Object(action), path) = (action, path.index(index)) else { continue };
        if let Some(Value::String(identifier)) = action.get("identifier")
            && !seen.insert(identifier)
        {
            findings.add(&rules::FEATURED_ACTION, &path.key("identifier"), || {
                (format!("another action has the identifier \"{}\" too", shorten(identifier)), "give each its own")
            });
        }
        judge_action(action, &path, findings);
    }
}

fn judge_action(action: &Map<String, Value>, path: &Path<'_>, findings: &mut Findings) {
    let Some(Value::String(kind)) = action.get("type") else { return };
    let (wanted, unwanted) = if kind == "place" { ("placeIdentifier", Some("url")) } else { ("url", None) };
    if !action.contains_key(wanted) {
        findings.add(&rules::FEATURED_ACTION, &path.key(wanted), || {
            (format!("an action of type \"{}\" has no `{wanted}`", shorten(kind)), format!("add `{wanted}`"))
        });
    }
    if let Some(unwanted) = unwanted.filter(|key| action.contains_key(*key)) {
        return findings.add(&rules::FEATURED_ACTION, &path.key(unwanted), || {
            (format!("an action of type \"place\" has a `{unwanted}`"), "leave it out: the place is enough")
        });
    }
    let Some(Value::String(text)) = action.get("url") else { return };
    let path = path.key("url");
    match links::absolute(text) {
        None => findings.add(&rules::FEATURED_ACTION, &path, || {
            (format!("\"{}\" is no absolute URL", shorten(text)), "write it in full, https://example.com/page")
        }),
        Some(url) if kind == "call" && url.scheme() != "tel" => findings.add(&rules::FEATURED_ACTION, &path, || {
            (
                format!("an action of type \"call\" leads to \"{}\"", shorten(text)),
                "write a URL such as tel:+4930123456",
            )
        }),
        Some(_) => {}
    }
}
