//! Where a pass leads: the web service and the app.

use serde_json::Value;
use url::Url;

use super::members::Members;
use super::rules;
use crate::lint::Fix;
use crate::lint::findings::Findings;
use crate::lint::path::Path;
use crate::lint::quote::shorten;

/// The fewest characters of an authentication token.
const SHORTEST_TOKEN: usize = 16;

/// Judges the keys that lead out of the pass.
pub(super) fn judge(pass: &Members<'_>, findings: &mut Findings) {
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
}

fn judge_web_service(pass: &Members<'_>, findings: &mut Findings) {
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
        Some(url) if url.scheme() == "http" => findings.add(&rules::WEB_SERVICE_URL, &path, || {
            (
                format!("\"{}\" is http, and phones ask by https only", shorten(text)),
                "write https, and let the server or a proxy before it speak TLS",
            )
        }),
        _ => findings.add(&rules::WEB_SERVICE_URL, &path, || {
            (
                format!("\"{}\" is no absolute https URL", shorten(text)),
                "write it in full, https://passes.example.com/wallet",
            )
        }),
    }
}

fn judge_token(pass: &Members<'_>, findings: &mut Findings) {
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
