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
    if is_plain(text) {
        return;
    }
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
            name.rsplit_once('.').is_some_and(|(_, last)| !is_private(last))
        }
        Host::Ipv4(address) => is_public_v4(*address),
        Host::Ipv6(address) => match address.to_ipv4_mapped().map(IpAddr::V4).unwrap_or(IpAddr::V6(*address)) {
            IpAddr::V4(address) => is_public_v4(address),
            IpAddr::V6(address) => is_public_v6(address),
        },
    }
}

/// Says of most good URLs that they are https on a public host, by their text alone. Of the others parsing tells.
///
/// A host of names in lower case, none of them encoded and the last no number, is what parsing makes of it.
pub(super) fn is_plain(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://") else { return false };
    let (host, path) = rest.split_at(rest.bytes().position(|byte| byte == b'/').unwrap_or(rest.len()));
    let Some((names, last)) = host.rsplit_once('.') else { return false };
    let is_name = |name: &str| {
        !name.is_empty()
            && !name.starts_with("xn--")
            && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
    };
    last.starts_with(|letter: char| letter.is_ascii_lowercase())
        && is_name(last)
        && !is_private(last)
        && names.split('.').all(is_name)
        && path.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_private(last: &str) -> bool {
    matches!(last, "internal" | "invalid" | "lan" | "local" | "localhost")
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
    fn a_plain_url_is_one_that_parsing_finds_good() {
        for plain in ["https://img.example", "https://a-1.img.example/", "https://1.example/a?b=c#d@e:%zz|\\[\"^"] {
            assert!(is_plain(plain), "{plain}");
        }
        for odd in [
            "",
            "http://img.example",
            "HTTPS://img.example",
            "https:/img.example",
            "https:///img.example",
            "https://Img.example",
            "https://img",
            "https://img.example.",
            "https://img..example",
            "https://.example",
            "https://img.example:8443",
            "https://a:b@img.example",
            "https://img.example?a",
            "https://img.example\\a",
            "https://img.example/ä",
            "https://img.example/a b",
            "https://img.example/a\n",
            "https://bücher.example",
            "https://xn--a.example",
            "https://192.168.1.1",
            "https://img.0x7f",
            "https://img.1",
            "https://[::1]",
            "https://printer.local",
        ] {
            assert!(!is_plain(odd), "{odd}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_plain_parses_to_the_same_host(text in "https://[a-z0-9.-]{1,12}[a-z]{0,3}(/[!-~]{0,12})?") {
            if is_plain(&text) {
                let url = Url::parse(&text).unwrap();
                assert!(matches!(url.host(), Some(host @ Host::Domain(_)) if is_public(&host)));
                assert!(url.username().is_empty() && url.password().is_none() && url.scheme() == "https");
            }
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
