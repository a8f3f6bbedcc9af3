//! What bytes look like that are no zip archive.

use super::InspectError;

/// Says what was given instead of an archive, and what to do.
pub(super) fn like(bytes: &[u8]) -> InspectError {
    let (found, mend) = told(bytes);
    InspectError::NotArchive { found, mend }
}

fn told(bytes: &[u8]) -> (&'static str, &'static str) {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let begins = |prefix: &[u8]| bytes.starts_with(prefix);
    let tells = |prefix: &[u8]| text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    if bytes.is_empty() {
        return ("empty", "look why nothing was written or received");
    }
    if begins(b"PK\x03\x04") || begins(b"PK\x01\x02") || begins(b"PK\x07\x08") {
        return damage(bytes);
    }
    if begins(b"\x1F\x8B") {
        return ("gzip", "unpack it once; a server that compresses `.pkpass` files must say so in Content-Encoding");
    }
    if begins(b"PK") && has(bytes, b"\xEF\xBF\xBD") {
        return damage(bytes);
    }
    if tells(b"UEsDB") {
        return ("the base64 of one", "decode it first");
    }
    if tells(b"-----BEGIN ") {
        return ("PEM", "give the `.pkpass`, not a certificate or key");
    }
    if tells(b"<!DOCTYPE") || tells(b"<html") || tells(b"<head") || tells(b"<body") {
        return ("an HTML page", "look at it: a server answers with a page like this where the file is missing");
    }
    if tells(b"<?xml") || tells(b"<") {
        return ("XML", "give the `.pkpass`");
    }
    if tells(b"{") || tells(b"[") {
        return ("JSON", "give the `.pkpass`; a `pass.json` alone is judged by `lint::apple`");
    }
    if begins(b"\x89PNG") {
        return ("a PNG picture", "give the `.pkpass`");
    }
    if begins(b"%PDF") {
        return ("a PDF", "give the `.pkpass`");
    }
    if begins(b"7z\xBC\xAF") || begins(b"Rar!") || begins(b"\x04\x22\x4D\x18") || begins(b"\x28\xB5\x2F\xFD") {
        return ("an archive of another kind", "pack it as zip");
    }
    if begins(b"\x30\x82") {
        return ("DER, a certificate, P12 or signature perhaps", "give the `.pkpass`");
    }
    if bytes.iter().all(|byte| *byte == 0) {
        return ("zeros", "look why nothing was written");
    }
    ("of no known kind", "give the bytes of a `.pkpass` or `.pkpasses` file as they are")
}

/// Tells what has happened to bytes that begin like an archive and do not end like one.
fn damage(bytes: &[u8]) -> (&'static str, &'static str) {
    if has(bytes, b"\xEF\xBF\xBD") {
        return ("one that was read as text and written as UTF-8", "read and write it as bytes");
    }
    let breaks = bytes.iter().filter(|byte| **byte == b'\n').count();
    let crlf = bytes.windows(2).filter(|pair| *pair == b"\r\n").count();
    if breaks >= 4 && breaks == crlf {
        return (
            "one whose LF were changed to CRLF on the way",
            "transfer it in binary mode (FTP, git attributes, files opened as text)",
        );
    }
    if has(bytes, b"PK\x05\x06") {
        return (
            "one that was changed on the way, for its directory is not where its end says",
            "transfer it as bytes",
        );
    }
    ("the beginning of one, cut off before its end", "transfer the whole file; look for a size limit or an early close")
}

fn has(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_told() {
        let cut = [b"PK\x03\x04".as_slice(), &[7; 40]].concat();
        let cases: [(&[u8], &str); 14] = [
            (b"", "empty"),
            (b"\x1F\x8B\x08", "gzip"),
            (b"-----BEGIN CERTIFICATE-----", "PEM"),
            (b"{\"formatVersion\": 1}", "JSON"),
            (b"\n <!doctype html><title>404</title>", "an HTML page"),
            (b"<?xml version=\"1.0\"?>", "XML"),
            (b"UEsDBBQAAAAI", "the base64 of one"),
            (b"\x89PNG\r\n\x1A\n", "a PNG picture"),
            (b"%PDF-1.7", "a PDF"),
            (b"7z\xBC\xAF\x27\x1C", "an archive of another kind"),
            (b"\x30\x82\x01\x02", "DER, a certificate, P12 or signature perhaps"),
            (&[0; 9], "zeros"),
            (b"hello", "of no known kind"),
            (&cut, "the beginning of one, cut off before its end"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(told(bytes).0, expected);
        }
        assert!(told(b"PK\x03\x04\xEF\xBF\xBD").0.contains("read as text"));
        assert!(told(b"PK\x03\x04\r\na\r\nb\r\nc\r\n").0.contains("CRLF"));
        assert!(told(b"PK\x03\x04 PK\x05\x06").0.contains("changed on the way"));
    }
}
