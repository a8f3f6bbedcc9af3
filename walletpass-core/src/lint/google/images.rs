//! Pictures, which Google's servers fetch from the issuer's.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde_json::{Map, Value};
use url::{Host, Url};

use super::rules;
use super::shape::is_set;
use crate::lint::findings::Findings;
use crate::lint::path::Path;
use crate::lint::quote::shorten;

/// Judges one image: where it comes from, and whether Google can get there.
pub(super) fn judge(image: &Map<String, Value>, path: &Path<'_>, findings: &mut Findings) {
    let (public, private) = (is_set(image, "sourceUri"), is_set(image, "privateImageId"));
    if public == private {
        findings.add(&rules::IMAGE_SOURCE, path, || {
            let cause = if public {
                "the image has both a `sourceUri` and a `privateImageId`"
            } else {
                "the image has no source"
            };
            (cause, "give it exactly one of `sourceUri` and `privateImageId`")
        });
    }
    // An image module of the object; the path is written out only for a private image.
    if private && !public && !path.to_string().starts_with("object.imageModulesData[") {
        findings.add(&rules::PRIVATE_IMAGE, &path.key("privateImageId"), || {
            (
                "a private image is shown in the `imageModulesData` of an object only",
                "move it there, or give a `sourceUri`",
            )
        });
    }
    let Some(Value::Object(source)) = image.get("sourceUri") else { return };
    let path = path.key("sourceUri");
    match source.get("uri") {
        Some(Value::String(uri)) => judge_url(uri, &path.key("uri"), findings),
        None | Some(Value::Null) => {
            findings.add(&rules::IMAGE_SOURCE, &path, || ("the `sourceUri` has no `uri`", "add the URL of the image"))
        }
        Some(_) => {} // The type is reported already.
    }
}

fn judge_url(text: &str, path: &Path<'_>, findings: &mut Findings) {
    // A user name or password would be repeated, so a URL with an @ is not shown.
    let shown = || if text.contains('@') { "the URL".to_owned() } else { format!("\"{}\"", shorten(text)) };
    let url = if text.contains(char::is_whitespace) { None } else { Url::parse(text).ok() };
    let (url, host) = match url.as_ref().and_then(|url| Some((url, url.host()?))) {
        Some((url, host)) if matches!(url.scheme(), "http" | "https") => (url, host),
        _ => {
            return findings.add(&rules::IMAGE_URL, path, || {
                (format!("{} is no absolute https URL", shown()), "write it in full, https://img.example.com/logo.png")
            });
        }
    };
    if !url.username().is_empty() || url.password().is_some() {
        findings.add(&rules::IMAGE_URL, path, || {
            ("the URL carries a user name or password", "serve the image without, or as a private image")
        });
    }
    if !is_public(&host) {
        findings.add(&rules::IMAGE_HOST, path, || {
            (format!("{} is on a host that Google cannot reach", shown()), "put the image on a public host")
        });
    } else if url.scheme() == "http" {
        findings.add(&rules::IMAGE_HTTP, path, || (format!("{} is not https", shown()), "serve the image over https"));
    }
}

/// Says whether Google's servers can reach a host.
pub(super) fn is_public(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            let last = name.rsplit('.').next().unwrap_or_default();
            name.contains('.') && !matches!(last, "internal" | "invalid" | "lan" | "local" | "localhost")
        }
        Host::Ipv4(address) => is_public_v4(*address),
        Host::Ipv6(address) => match address.to_ipv4_mapped().map(IpAddr::V4).unwrap_or(IpAddr::V6(*address)) {
            IpAddr::V4(address) => is_public_v4(address),
            IpAddr::V6(address) => is_public_v6(address),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    let shared = first == 100 && (64..128).contains(&second);
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_multicast()
        || first == 0
        || shared)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    !(address.is_loopback()
        || address.is_unspecified()
        || address.is_unique_local()
        || address.is_unicast_link_local()
        || address.is_multicast())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(host: &str) -> bool {
        is_public(&Url::parse(&format!("https://{host}/")).unwrap().host().unwrap())
    }

    #[test]
    fn hosts_that_google_reaches() {
        for host in
            ["img.example", "cdn.acme.com:8443", "203.0.113.7", "100.128.0.1", "[2606:4700::1]", "localhost.example"]
        {
            assert!(public(host), "{host}");
        }
    }

    #[test]
    fn hosts_that_google_does_not_reach() {
        for host in [
            "localhost",
            "localhost.",
            "app.localhost",
            "printer.local",
            "intranet",
            "127.0.0.1",
            "2130706433",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "[::1]",
            "[fd00::1]",
            "[fe80::1]",
            "[::ffff:10.0.0.1]",
        ] {
            assert!(!public(host), "{host}");
        }
    }
}
