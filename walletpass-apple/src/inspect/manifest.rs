//! Holds the files of a package against its manifest.

use std::cell::LazyCell;
use std::collections::BTreeMap;

use openssl::base64::encode_block;
use openssl::hash::{MessageDigest, hash};
use serde_json::Value;
use walletpass_core::lint;

use super::findings::{Findings, shown};
use super::rules;
use super::unpack::Unpacked;
use crate::manifest::digest;

/// Judges the manifest of a package, but not whether it was signed.
pub(super) fn judge(unpacked: &Unpacked, findings: &mut Findings) {
    let Unpacked { files, unreadable } = unpacked;
    let Some(manifest) = files.get(MANIFEST) else {
        if !unreadable.contains(MANIFEST) {
            let mend = "list each file with its SHA-1, after everything else is in place";
            findings.add(&rules::MANIFEST_MISSING, MANIFEST, "the package has no manifest.json", mend);
        }
        return;
    };
    let Some(entries) = entries(manifest, findings) else { return };
    let mut left = LARGEST_TEXTS;
    for (name, data) in files.iter().filter(|(name, _)| !is_special(name)) {
        match entries.get(name) {
            None => findings.add(
                &rules::MANIFEST_UNLISTED,
                name,
                "the file is not in the manifest",
                "add it to the manifest before signing, or leave it out of the archive",
            ),
            // That it is no string is told.
            Some(None) => {}
            Some(Some(hash)) => {
                let expected = digest(data);
                if *hash != expected {
                    findings.add_with(&rules::MANIFEST_HASH, name, || mismatch(hash, &expected, data, &mut left));
                }
            }
        }
    }
    // Made once, and only for a manifest with orphans.
    let lower_case = LazyCell::new(|| -> BTreeMap<String, &String> {
        files.keys().map(|file| (file.to_ascii_lowercase(), file)).collect()
    });
    for name in entries.keys() {
        if is_special(name) {
            let cause = format!("the manifest lists `{name}`");
            findings.add(&rules::MANIFEST_ORPHAN, name, cause, "list all files but manifest.json and signature");
        } else if !files.contains_key(name) && !unreadable.contains(name) {
            findings.add_with(&rules::MANIFEST_ORPHAN, name, || {
                let cause = match lower_case.get(&name.to_ascii_lowercase()) {
                    Some(near) => format!("the manifest lists it, and the package has `{}` instead", shown(near)),
                    None => "the manifest lists it, and the package does not have it".to_owned(),
                };
                (cause, "add the file, or make the manifest anew and sign it")
            });
        }
    }
}

/// Reads the entries; what is no text is told, and has no hash.
fn entries(manifest: &[u8], findings: &mut Findings) -> Option<BTreeMap<String, Option<String>>> {
    // The strict reader is that of pass.json, and speaks of it.
    let parsed = lint::apple::parse(manifest).map_err(|finding| {
        let cause = finding.cause.replacen("pass.json", MANIFEST, 1);
        findings.add(&rules::MANIFEST_JSON, MANIFEST, cause, finding.mend);
    });
    let mut entries = BTreeMap::new();
    for (name, value) in parsed.ok()? {
        match value {
            Value::String(hash) => {
                entries.insert(name, Some(hash));
            }
            _ => {
                let cause = format!("the entry `{}` is no string", shown(&name));
                findings.add(
                    &rules::MANIFEST_JSON,
                    MANIFEST,
                    cause,
                    "write file names and their SHA-1, both as strings",
                );
                // It is listed, if badly: one finding is enough.
                entries.insert(name, None);
            }
        }
    }
    Some(entries)
}

/// Tells how a hash came about that is not the one of the file, `expected`; `left` says how many bytes may still be tried with
/// other line ends.
fn mismatch(found: &str, expected: &str, data: &[u8], left: &mut usize) -> (String, &'static str) {
    let is = |other: &str| found.eq_ignore_ascii_case(other);
    if found.is_empty() {
        return ("its entry in the manifest is empty".to_owned(), SHA_1);
    }
    if is(expected) {
        return ("its hash in the manifest is in capitals".to_owned(), SHA_1);
    }
    let other = match found.len() {
        32 => Some(("MD5", MessageDigest::md5())),
        64 => Some(("SHA-256", MessageDigest::sha256())),
        128 => Some(("SHA-512", MessageDigest::sha512())),
        _ => None,
    };
    if let Some((name, kind)) = other
        && hash(kind, data).is_ok_and(|bytes| is(&lower_hex(&bytes)))
    {
        return (format!("its hash in the manifest is {name}, not SHA-1"), SHA_1);
    }
    // 20 bytes, with the padding or without.
    if matches!(found.len(), 27 | 28) {
        let binary = hash(MessageDigest::sha1(), data).map(|bytes| encode_block(&bytes)).unwrap_or_default();
        if found.trim_end_matches('=') == binary.trim_end_matches('=') {
            return ("its hash in the manifest is base64".to_owned(), SHA_1);
        }
    }
    if found.len() == expected.len()
        && let Some(rest) = left.checked_sub(data.len())
    {
        *left = rest;
        if let Some((_, how)) = rewritten(data).into_iter().find(|(other, _)| is(&digest(other))) {
            let mend = "hash the very bytes that go into the archive, and keep git and editors from changing line ends";
            return (format!("its hash in the manifest fits the file {how}"), mend);
        }
    }
    let mend = "make the manifest after all other files are finished, and sign it then";
    (format!("the file has the SHA-1 {expected}, and the manifest says \"{}\"", shown(found)), mend)
}

/// Rewrites data as tools do that take them for text, with words for how.
pub(super) fn rewritten(data: &[u8]) -> Vec<(Vec<u8>, &'static str)> {
    if data.len() > LARGEST_TEXT {
        return Vec::new();
    }
    let mut unix = Vec::with_capacity(data.len());
    for (index, byte) in data.iter().enumerate() {
        if !(*byte == b'\r' && data.get(index + 1) == Some(&b'\n')) {
            unix.push(*byte);
        }
    }
    let mut windows = Vec::with_capacity(unix.len() + 16);
    for byte in &unix {
        if *byte == b'\n' {
            windows.push(b'\r');
        }
        windows.push(*byte);
    }
    let text = [b"Content-Type: text/plain\r\n\r\n".as_slice(), &windows].concat();
    let longer = [data, b"\n"].concat();
    let mut all = vec![
        (windows, "with CRLF for LF"),
        (unix, "with LF for CRLF"),
        (text, "as a text mail"),
        (longer, "with a line end more"),
    ];
    let shorter = data.strip_suffix(b"\r\n").or_else(|| data.strip_suffix(b"\n"));
    all.extend(shorter.map(|shorter| (shorter.to_vec(), "without its last line end")));
    all.retain(|(other, _)| other != data);
    all
}

/// Says whether a file is one of the two that the manifest leaves out.
pub(super) fn is_special(name: &str) -> bool {
    matches!(name, MANIFEST | SIGNATURE)
}

fn lower_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) const MANIFEST: &str = "manifest.json";
pub(super) const SIGNATURE: &str = "signature";
/// The largest file that is tried with other line ends, in bytes.
const LARGEST_TEXT: usize = 1 << 20;
/// The same for all files of a package together.
const LARGEST_TEXTS: usize = LARGEST_TEXT;
const SHA_1: &str = "write the SHA-1 of the file in lower-case hexadecimal";
