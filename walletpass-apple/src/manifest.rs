//! The manifest: every file of a package and its digest.

use std::collections::BTreeMap;

use openssl::sha::sha1;
use serde_json::Value;

/// Digests a file for the manifest: SHA-1 in lower-case hexadecimal. Apple takes no other digest here.
/// <https://developer.apple.com/documentation/walletpasses/building-a-pass>
pub(crate) fn digest(data: &[u8]) -> String {
    let digits = sha1(data).into_iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

/// Writes the manifest of the given names and digests.
pub(crate) fn write(digests: &BTreeMap<&str, &str>) -> String {
    let mut out = String::from("{");
    for (name, digest) in digests {
        if out.len() > 1 {
            out.push(',');
        }
        out.push_str(&format!("{}:\"{digest}\"", Value::from(*name)));
    }
    out.push('}');
    out
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
        let digests = BTreeMap::from([("pass.json", "2"), ("icon.png", "1"), ("zh-Hans.lproj/pass.strings", "3")]);
        let expected = r#"{"icon.png":"1","pass.json":"2","zh-Hans.lproj/pass.strings":"3"}"#;
        assert_eq!(write(&digests), expected);
        assert_eq!(write(&BTreeMap::new()), "{}");
    }
}
