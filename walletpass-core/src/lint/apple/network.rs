//! Where a pass leads: the web service, the app, the featured actions.

use serde_json::{Map, Value};
use url::Url;

use super::rules;
use crate::lint::Fix;
use crate::lint::findings::Findings;
use crate::lint::path::Path;
use crate::lint::quote::shorten;

/// The fewest characters of an authentication token.
const SHORTEST_TOKEN: usize = 16;

/// The most featured actions.
const MOST_ACTIONS: usize = 2;

/// Judges the keys that lead out of the pass.
pub(super) fn judge(pass: &Map<String, Value>, findings: &mut Findings) {
    judge_web_service(pass, findings);
    judge_token(pass, findings);
    let apps = pass.get("associatedStoreIdentifiers").and_then(Value::as_array);
    if pass.contains_key("appLaunchURL") && apps.is_none_or(Vec::is_empty) {
        findings.add(&rules::APP_LAUNCH_URL, &Path::ROOT.key("appLaunchURL"), || {
            (
                "Wallet does not know which app takes this URL",
                "add the App Store identifier of the app to `associatedStoreIdentifiers`",
            )
        });
    }
    judge_actions(pass, findings);
}

fn judge_web_service(pass: &Map<String, Value>, findings: &mut Findings) {
    let Some(Value::String(text)) = pass.get("webServiceURL") else { return };
    let path = Path::ROOT.key("webServiceURL");
    // The parser is lenient: it drops blanks at the ends and escapes them elsewhere.
    let url = if text.contains(char::is_whitespace) { None } else { Url::parse(text).ok() };
    match url {
        Some(url) if url.scheme() == "https" && url.host().is_some() => {
            if url.path().trim_end_matches('/').ends_with("/v1") {
                findings.add_fixable(&rules::WEB_SERVICE_VERSION, &path, || {
                    let base = text.trim_end_matches('/').strip_suffix("/v1");
                    (
                        "Wallet appends `/v1/…` itself, so it would ask for `/v1/v1/…`",
                        "leave the `/v1` off",
                        base.map(|base| Fix::replace(&path, base)),
                    )
                });
            }
        }
        _ => findings.add(&rules::WEB_SERVICE_URL, &path, || {
            (
                format!("\"{}\" is no absolute https URL", shorten(text)),
                "write it in full, https://passes.example.com/wallet",
            )
        }),
    }
}

fn judge_token(pass: &Map<String, Value>, findings: &mut Findings) {
    let path = Path::ROOT.key("authenticationToken");
    let web_service = pass.contains_key("webServiceURL");
    match pass.get("authenticationToken") {
        // The token is a secret: no finding repeats it.
        Some(Value::String(token)) if token.chars().count() < SHORTEST_TOKEN => {
            findings.add(&rules::AUTHENTICATION_TOKEN, &path, || {
                (
                    format!("the token has {} characters", token.chars().count()),
                    "draw a random one of 16 characters or more for each pass",
                )
            });
        }
        Some(_) if !web_service => findings.add(&rules::UNUSED_TOKEN, &path, || {
            ("the token is for a web service, and the pass has none", "add `webServiceURL`, or leave the token out")
        }),
        None if web_service => findings.add(&rules::AUTHENTICATION_TOKEN, &path, || {
            ("the web service has no token", "add a random `authenticationToken` of 16 characters or more")
        }),
        _ => {}
    }
}

fn judge_actions(pass: &Map<String, Value>, findings: &mut Findings) {
    let Some(Value::Array(actions)) = pass.get("featuredActions") else { return };
    let path = Path::ROOT.key("featuredActions");
    if actions.len() > MOST_ACTIONS {
        findings.add(&rules::FEATURED_ACTION, &path, || {
            (format!("there are {} featured actions", actions.len()), "keep two")
        });
    }
    let schemes = pass.get("preferredStyleSchemes").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let scheme = schemes.iter().find_map(|scheme| {
        scheme.as_str().filter(|scheme| matches!(*scheme, "posterEventTicket" | "semanticBoardingPass"))
    });
    if let Some(scheme) = scheme
        && !actions.is_empty()
    {
        findings.add(&rules::FEATURED_ACTION, &path, || {
            (format!("the scheme {scheme} has no featured actions"), "leave them out, or the scheme")
        });
    }
    for (index, action) in actions.iter().enumerate() {
        let (Some(kind), path) = (action.get("type").and_then(Value::as_str), path.index(index)) else { continue };
        let has = |key: &str| action.get(key).is_some();
        let (wanted, unwanted) = if kind == "place" { ("placeIdentifier", Some("url")) } else { ("url", None) };
        if !has(wanted) {
            findings.add(&rules::FEATURED_ACTION, &path.key(wanted), || {
                (format!("an action of type \"{}\" has no `{wanted}`", shorten(kind)), format!("add `{wanted}`"))
            });
        }
        if let Some(unwanted) = unwanted.filter(|key| has(key)) {
            findings.add(&rules::FEATURED_ACTION, &path.key(unwanted), || {
                (format!("an action of type \"place\" has a `{unwanted}`"), "leave it out: the place is enough")
            });
        }
    }
}
