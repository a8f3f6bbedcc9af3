//! Addresses: where links lead, and where Google calls.

use serde_json::{Map, Value};
use url::Url;

use super::{images, rules};
use crate::lint::findings::Findings;
use crate::lint::path::Path;
use crate::lint::quote::shorten;

/// Judges the addresses in one object of a schema that has some. Those of images are judged elsewhere.
pub(super) fn judge(schema: &str, object: &Map<String, Value>, path: &Path<'_>, findings: &mut Findings) {
    let mut with = |key: &str, judge: fn(&str, &Path<'_>, &mut Findings)| {
        if let Some(Value::String(text)) = object.get(key) {
            judge(text, &path.key(key), findings);
        }
    };
    match schema {
        "ActivationOptions" => with("activationUrl", judge_call),
        "CallbackOptions" => with("url", judge_call),
        "Uri" | "ValueAddedModuleData" => with("uri", judge_link),
        _ => {}
    }
}

/// Judges a link for the holder.
fn judge_link(text: &str, path: &Path<'_>, findings: &mut Findings) {
    // `example.com:8080` parses, with a scheme that has a dot.
    if images::is_plain(text) || Url::parse(text).is_ok_and(|url| !url.scheme().contains('.')) {
        return;
    }
    findings.add(&rules::LINK, path, || {
        let mend = if text.starts_with('+') || text.starts_with(|digit: char| digit.is_ascii_digit()) {
            "write `tel:` before a telephone number, `https://` before an address"
        } else if text.contains('@') {
            "write `mailto:` before a mail address"
        } else {
            "write it in full, https://www.example.com/page"
        };
        (format!("\"{}\" has no scheme, so nothing can open it", shorten(text)), mend)
    });
}

/// Judges an address that Google's servers call.
fn judge_call(text: &str, path: &Path<'_>, findings: &mut Findings) {
    if images::is_plain(text) {
        return;
    }
    let url = Url::parse(text).ok();
    let host = url.as_ref().and_then(Url::host);
    let fault = match (&url, host) {
        (Some(url), _) if url.scheme() != "https" => "is not https",
        (Some(url), _) if !url.username().is_empty() || url.password().is_some() => "carries a user name or password",
        (Some(_), Some(host)) if images::is_public(&host) => return,
        (Some(_), Some(_)) => "is on a host that Google cannot reach",
        _ => "is no absolute https URL",
    };
    findings.add(&rules::CALL_ADDRESS, path, || {
        // A user name or password would be repeated, so a URL with an @ is not shown.
        let shown = if text.contains('@') { "the URL".to_owned() } else { format!("\"{}\"", shorten(text)) };
        (format!("{shown} {fault}"), "write an https URL on a public host, https://wallet.example.com/google")
    });
}
