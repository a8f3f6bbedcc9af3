//! Addresses that a pass leads to: links, mailboxes, telephones.

use url::Url;

use super::rules;
use crate::lint::findings::Findings;
use crate::lint::path::Path;
use crate::lint::quote::shorten;

/// Reads an absolute URL: of the web, a telephone, a mailbox or an app.
pub(super) fn absolute(text: &str) -> Option<Url> {
    // The parser is lenient with blanks, and takes the host of `example.com:8080` for a scheme.
    let (scheme, rest) = text.split_once(':')?;
    let url = Url::parse(text).ok().filter(|_| !text.contains(char::is_whitespace))?;
    let needs_slashes = scheme.contains('.') || matches!(url.scheme(), "http" | "https");
    (!needs_slashes || rest.starts_with("//")).then_some(url)
}

/// Judges a key that holds a link.
pub(super) fn judge(text: &str, path: &Path<'_>, findings: &mut Findings) {
    if absolute(text).is_none() {
        findings.add(&rules::LINK, path, || {
            (
                format!("\"{}\" is no absolute URL", shorten(text)),
                "write it in full: https://example.com/page, tel:+4912345, mailto:you@example.com",
            )
        });
    }
}

/// Judges a key that holds a mailbox.
pub(super) fn judge_email(text: &str, path: &Path<'_>, findings: &mut Findings) {
    let good = text.split_once('@').is_some_and(|(name, host)| {
        let plain = |part: &str| !part.contains(|c: char| c.is_whitespace() || "@:<>,;".contains(c));
        let labels = host.split('.').filter(|label| !label.is_empty()).count();
        plain(name) && plain(host) && !name.is_empty() && labels == host.split('.').count() && labels > 1
    });
    if !good {
        findings.add(&rules::CONTACT, path, || {
            (format!("\"{}\" is no mailbox", shorten(text)), "write the bare address, you@example.com")
        });
    }
}

/// Judges a key that holds a telephone number.
pub(super) fn judge_phone(text: &str, path: &Path<'_>, findings: &mut Findings) {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let marks = |letter: char| letter.is_ascii_digit() || "+ -()./\u{a0}#*,;".contains(letter);
    if !(3..=20).contains(&digits) || !text.chars().all(marks) {
        findings.add(&rules::CONTACT, path, || {
            (format!("\"{}\" is no telephone number", shorten(text)), "write the bare number, +49 30 1234567")
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links() {
        for text in [
            "https://a.example",
            "http://a.example/x?y#z",
            "tel:+4930",
            "mailto:a@b.example",
            "acme:",
            "acme://open",
            "com.acme.app://open",
        ] {
            assert!(absolute(text).is_some(), "{text}");
        }
        for text in [
            "",
            "www.a.example",
            "a.example:8080/x",
            "com.acme.app:open",
            "/page",
            "https:a.example",
            "https://a b.example",
            "https://",
            "page",
        ] {
            assert!(absolute(text).is_none(), "{text}");
        }
    }

    #[test]
    fn contacts() {
        let count = |judge: fn(&str, &Path<'_>, &mut Findings), text: &str| {
            let mut findings = Findings::default();
            judge(text, &Path::ROOT, &mut findings);
            findings.finish(&rules::TOO_MANY).len()
        };
        for good in ["a@b.example", "a.b+c@d-e.co.uk", "jörg@müller.example"] {
            assert_eq!(count(judge_email, good), 0, "{good}");
        }
        for bad in ["", "a", "a@b", "@b.example", "a@.example", "a@b@c.example", "mailto:a@b.example", "a b@c.example"]
        {
            assert_eq!(count(judge_email, bad), 1, "{bad}");
        }
        for good in ["112", "+49 30 1234567", "(555) 010-0199", "0800/123"] {
            assert_eq!(count(judge_phone, good), 0, "{good}");
        }
        for bad in ["", "tel:112", "call us", "12", "123456789012345678901"] {
            assert_eq!(count(judge_phone, bad), 1, "{bad}");
        }
    }
}
