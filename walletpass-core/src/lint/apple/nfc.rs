//! The payload for contactless readers, and its key.
//!
//! <https://developer.apple.com/documentation/walletpasses/pass/nfc-data.dictionary>

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::members::Members;
use super::rules;
use crate::lint::Fix;
use crate::lint::findings::Findings;
use crate::lint::path::Path;
use crate::model::nfc::{UNCOMPRESSED, compressed, is_compressed};

/// The most bytes of a message; Wallet cuts what is longer.
const MOST: usize = 64;

/// The longest key that is looked into, in characters: one of RSA with 16,384 bits is shorter.
const LONGEST_KEY: usize = 4_096;

/// Judges the message, the key, and whether a pass that asks for Face ID can be passed on.
pub(super) fn judge(pass: &Members<'_>, findings: &mut Findings) {
    let Some(Value::Object(nfc)) = pass.get("nfc") else { return };
    let path = Path::ROOT.key("nfc");
    if let Some(Value::String(message)) = nfc.get("message")
        && !(1..=MOST).contains(&message.len())
    {
        findings.add(&rules::NFC_MESSAGE, &path.key("message"), || {
            (format!("the message has {} bytes in UTF-8", message.len()), "write 1 to 64 bytes")
        });
    }
    if let Some(Value::String(key)) = nfc.get("encryptionPublicKey") {
        judge_key(key, &path.key("encryptionPublicKey"), findings);
    }
    let shared = pass.get("sharingProhibited") != Some(&Value::Bool(true));
    if nfc.get("requiresAuthentication") == Some(&Value::Bool(true)) && shared {
        findings.add(&rules::NFC_SHARING, &Path::ROOT.key("sharingProhibited"), || {
            (
                "the pass asks for Face ID at the reader, and anybody may pass it on",
                "write `sharingProhibited` as `true`",
            )
        });
    }
}

/// No finding repeats the key: it may be the private one.
fn judge_key(text: &str, path: &Path<'_>, findings: &mut Findings) {
    const MEND: &str =
        "write the base64 of `openssl ec -pubin -in key.pem -pubout -conv_form compressed`, without the PEM lines";
    let der = STANDARD.decode(text).ok().filter(|_| text.len() <= LONGEST_KEY);
    if der.as_deref().is_some_and(is_compressed) {
        return;
    }
    findings.add_fixable(&rules::NFC_KEY, path, || {
        let bare = bare(text);
        let decoded = der.or_else(|| STANDARD.decode(&bare).ok());
        let good = decoded.as_deref().and_then(compressed).filter(|_| !text.contains("PRIVATE"));
        let fix = good.map(|der| Fix::replace(path, STANDARD.encode(der)));
        let (cause, mend) = match decoded.as_deref() {
            _ if text.len() > LONGEST_KEY => ("the key is far longer than one of P-256", MEND),
            _ if text.contains("PRIVATE KEY") => (
                "this is a private key, which has no place in a pass",
                "make a new pair, keep its private key at the readers, and write the public one",
            ),
            _ if text.contains("-----") => ("the key has its PEM lines", MEND),
            None => ("the key is not base64", MEND),
            Some(der) => fault(der, MEND),
        };
        (cause, mend, fix)
    });
}

/// Leaves out the PEM lines and the line breaks.
fn bare(text: &str) -> String {
    let text = text.get(..LONGEST_KEY).unwrap_or(text);
    text.lines().filter(|line| !line.contains("-----")).flat_map(|line| line.split_ascii_whitespace()).collect()
}

/// Says what a key is that Wallet does not take.
fn fault(der: &[u8], mend: &'static str) -> (&'static str, &'static str) {
    let has = |part: &[u8]| der.windows(part.len()).any(|window| window == part);
    let curve = |oid: &[u8]| has(oid);
    let private = "this is a private key, which has no place in a pass";
    let anew = "make a new pair, keep its private key at the readers, and write the public one";
    if der.is_empty() {
        ("the key is empty", mend)
    } else if is_compressed(der) {
        ("the base64 of the key is broken by blanks or lines", "write it in one line")
    } else if has(b"\x02\x01\x01\x04\x20") {
        (private, anew)
    } else if der.starts_with(&UNCOMPRESSED) {
        ("the point of the key is not compressed", mend)
    } else if has(b"\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01") {
        (
            "this is a key of RSA",
            "make one of the curve P-256: `openssl ecparam -name prime256v1 -genkey -noout -out key.pem`",
        )
    } else if curve(b"\x2A\x86\x48\xCE\x3D\x03\x01\x07") {
        ("the key is of P-256 and not in the form of 59 bytes", mend)
    } else if has(b"\x2A\x86\x48\xCE\x3D\x02\x01") {
        (
            "the key is of another curve than P-256, or spells its curve out",
            "make one of the curve P-256: `openssl ecparam -name prime256v1 -genkey -noout -out key.pem`",
        )
    } else if matches!((der.len(), der.first()), (33, Some(2 | 3)) | (65, Some(4))) {
        ("this is the bare point of a key", mend)
    } else {
        ("this is no public key", mend)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Keys that OpenSSL wrote, the first three of one pair.
    const GOOD: &str = "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgADS0ekR0ZV2bAMiGwAVl37pWPkf14tbnyKjMVJvQ0cQSk=";
    const WHOLE: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAES0ekR0ZV2bAMiGwAVl37pWPkf14tbnyKjMVJvQ0cQSndmJt1/RfOuStygKa/kNY/c7l+ZXHJ1WyW5YaOzbAySQ==";
    const PRIVATE: &str = "MHcCAQEEICpY1+T4+A0CH2prViIVenHEkEYDZgUfrRJlRvR7Rn52oAoGCCqGSM49AwEHoUQDQgAES0ekR0ZV2bAMiGwAVl37pWPkf14tbnyKjMVJvQ0cQSndmJt1/RfOuStygKa/kNY/c7l+ZXHJ1WyW5YaOzbAySQ==";
    const PKCS8: &str = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgKljX5Pj4DQIfamtWIhV6ccSQRgNmBR+tEmVG9HtGfnahRANCAARLR6RHRlXZsAyIbABWXfulY+R/Xi1ufIqMxUm9DRxBKd2Ym3X9F865K3KApr+Q1j9zuX5lccnVbJblho7NsDJJ";
    const P384: &str =
        "MEYwEAYHKoZIzj0CAQYFK4EEACIDMgAC5dbzs1wIIlGRyN/hHFDcNGhijzP2unlN0pCXrpxr2oQlLz1L0HVGqTZBhjKNI3UK";
    const RSA: &str = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC+Y3oxd2NEbLm+vYbObpt7CxzCeeee8SpDyLzssikJBpxpA4n5Upsh5ItY9Ab4sJ1ZO4eU+Bv2hfWWNyRp5Bcv2PWYSK/CoK1OLnypcZD5vPq/VBU6W6ow2zmDxguxjH8n2auYEiW0YtAk8IzBs9ZT9Nm1OTJCaANKTW66p3imMwIDAQAB";

    fn told(key: &str) -> Option<crate::lint::Finding> {
        let mut findings = Findings::default();
        judge_key(key, &Path::ROOT, &mut findings);
        findings.finish(&rules::TOO_MANY).pop()
    }

    #[test]
    fn each_mistake_has_its_cause() {
        assert_eq!(told(GOOD), None);
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n{}\n-----END PUBLIC KEY-----\n", &WHOLE[..64], &WHOLE[64..]);
        let (head, tail) = GOOD.split_at(40);
        for (key, cause, fixed) in [
            (WHOLE, "the point of the key is not compressed", true),
            (pem.as_str(), "the key has its PEM lines", true),
            (&format!("{head}\n{tail}\n"), "the base64 of the key is broken by blanks or lines", true),
            (PRIVATE, "this is a private key, which has no place in a pass", false),
            (PKCS8, "this is a private key, which has no place in a pass", false),
            (
                &format!("-----BEGIN EC PRIVATE KEY-----\n{PRIVATE}\n-----END EC PRIVATE KEY-----"),
                "this is a private key, which has no place in a pass",
                false,
            ),
            (P384, "the key is of another curve than P-256, or spells its curve out", false),
            (RSA, "this is a key of RSA", false),
            ("A0tHpEdGVdmwDIhsAFZd+6Vj5H9eLW58iozFSb0NHEEp", "this is the bare point of a key", false),
            ("?", "the key is not base64", false),
            ("", "the key is empty", false),
            ("MDkw", "this is no public key", false),
            (&"A".repeat(5_000), "the key is far longer than one of P-256", false),
        ] {
            let finding = told(key).unwrap();
            assert_eq!((finding.cause.as_str(), finding.fix.is_some()), (cause, fixed), "{key}");
            assert!(
                !format!("{finding:?}").contains("KljX5P") && !format!("{finding:?}").contains("ICpY1"),
                "no private key"
            );
            if let Some(fix) = finding.fix {
                let mut pass = json!(key);
                assert!(fix.apply(&mut pass));
                assert_eq!(pass, GOOD, "OpenSSL compresses it to the same");
            }
        }
    }
}
