//! The manifest: every file of a package and its digest.

use std::ops::Range;

use openssl::sha::Sha1;
use serde_json::Value;

/// Digests a file for the manifest: SHA-1 in lower-case hexadecimal. Apple takes no other digest here.
/// <https://developer.apple.com/documentation/walletpasses/building-a-pass>
pub(crate) fn digest(data: &[u8]) -> String {
    // The function `sha1` looks the algorithm up each time, which takes longer than to digest a short file.
    let mut hash = Sha1::new();
    hash.update(data);
    let mut digits = String::with_capacity(40);
    for byte in hash.finish() {
        digits
            .extend([byte >> 4, byte & 0xf].map(|digit| char::from(if digit < 10 { b'0' } else { b'a' - 10 } + digit)));
    }
    digits
}

/// Entries of a manifest that many have in common, written once.
#[derive(Default)]
pub(crate) struct Entries {
    /// Each with the comma that follows it.
    written: String,
    /// The names, and where the entry of each ends.
    ends: Vec<(String, usize)>,
}

impl Entries {
    /// Adds the entry of a file whose name comes after those there are.
    pub(crate) fn push(&mut self, name: &str, data: &[u8]) {
        self.written.push_str(&entry(name, &digest(data)));
        self.ends.push((name.to_owned(), self.written.len()));
    }

    /// Finds where the entries end whose names come before `name`.
    fn end_before(&self, name: &str) -> usize {
        let before = self.ends.partition_point(|(own, _)| own.as_str() < name);
        before.checked_sub(1).and_then(|last| self.ends.get(last)).map_or(0, |(_, end)| *end)
    }
}

/// Writes the manifest of the prepared entries, and of the names and digests of other files.
pub(crate) fn write(out: &mut Vec<u8>, prepared: &Entries, mut others: Vec<(&str, String)>) {
    others.sort_unstable();
    let prepared_part = |part: Range<usize>| prepared.written.get(part).unwrap_or_default().as_bytes();
    let mut at = 0;
    out.push(b'{');
    for (name, digest) in others {
        let end = prepared.end_before(name);
        out.extend_from_slice(prepared_part(at..end));
        out.extend_from_slice(entry(name, &digest).as_bytes());
        at = end;
    }
    out.extend_from_slice(prepared_part(at..prepared.written.len()));
    if out.last() == Some(&b',') {
        out.pop();
    }
    out.push(b'}');
}

fn entry(name: &str, digest: &str) -> String {
    format!("{}:\"{digest}\",", Value::from(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_lower_case_sha1() {
        // FIPS 180, example "abc".
        assert_eq!(digest(b"abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
    }

    #[test]
    fn manifests_are_sorted_json() {
        let written = |prepared: &[&str], others: &[&str]| {
            let mut entries = Entries::default();
            prepared.iter().for_each(|name| entries.push(name, b"abc"));
            let mut out = Vec::new();
            write(&mut out, &entries, others.iter().map(|name| (*name, "1".to_owned())).collect());
            String::from_utf8(out).unwrap().replace(&digest(b"abc"), "0")
        };
        let pictures = ["icon.png", "logo.png", "strip\"1\".png"];
        let others = ["pass.json", "zh-Hans.lproj/pass.strings", "de.lproj/pass.strings", "notes.txt"];
        let expected = concat!(
            r#"{"de.lproj/pass.strings":"1","icon.png":"0","logo.png":"0","notes.txt":"1","pass.json":"1","#,
            r#""strip\"1\".png":"0","zh-Hans.lproj/pass.strings":"1"}"#
        );
        assert_eq!(written(&pictures, &others), expected);
        assert_eq!(written(&["icon.png"], &[]), r#"{"icon.png":"0"}"#);
        assert_eq!(written(&[], &["pass.json"]), r#"{"pass.json":"1"}"#);
        assert_eq!(written(&[], &[]), "{}");
    }
}
