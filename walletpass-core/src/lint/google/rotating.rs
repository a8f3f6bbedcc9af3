//! The barcode that changes by itself.

use serde_json::{Map, Value};

use super::shape::is_set;
use super::{Sheet, Vertical, rules};
use crate::lint::findings::Findings;
use crate::lint::path::Path;
use crate::lint::quote::shorten;

/// Judges the rotating barcode of the object. No finding repeats a key.
pub(super) fn judge(sheet: &Sheet<'_>, findings: &mut Findings) {
    let Some(Value::Object(barcode)) = sheet.object.get("rotatingBarcode") else { return };
    let root = Path::ROOT.key("object");
    let path = root.key("rotatingBarcode");
    let mut refuse = |path: &Path<'_>, cause: String, mend: &'static str| {
        findings.add(&rules::ROTATING_BARCODE, path, || (cause, mend));
    };
    let kind = barcode.get("type").and_then(Value::as_str).unwrap_or_default();
    // Older spellings, `qrCode`, are the same but for case and underscores.
    if !["QRCODE", "PDF417"].iter().any(|name| same(kind, name)) {
        let cause =
            if kind.is_empty() { "it has no `type`".to_owned() } else { format!("{} does not rotate", shorten(kind)) };
        refuse(&path.key("type"), cause, "write `QR_CODE` or `PDF_417`");
    }
    let values = is_set(barcode, "initialRotatingBarcodeValues");
    if values && sheet.vertical != Vertical::Transit {
        let cause = "values that the issuer makes himself are for transit only".to_owned();
        refuse(
            &path.key("initialRotatingBarcodeValues"),
            cause,
            "write `totpDetails`, from which the phone makes them",
        );
    }
    let details = path.key("totpDetails");
    match barcode.get("totpDetails") {
        Some(Value::Object(totp)) => judge_totp(barcode, totp, &path, &details, findings),
        None | Some(Value::Null) if !values => {
            refuse(&details, "nothing says how the codes are made".to_owned(), "add `totpDetails`");
        }
        _ => {}
    }
}

fn judge_totp(
    barcode: &Map<String, Value>,
    totp: &Map<String, Value>,
    path: &Path<'_>,
    details: &Path<'_>,
    findings: &mut Findings,
) {
    let mut refuse = |path: &Path<'_>, cause: String, mend: &'static str| {
        findings.add(&rules::ROTATING_BARCODE, path, || (cause, mend));
    };
    // A wrong type is reported already.
    let period = match totp.get("periodMillis") {
        None | Some(Value::Null) => Some(0),
        Some(Value::String(period)) => period.parse().ok(),
        Some(period) => period.as_i64(),
    };
    if period.is_some_and(|period| period <= 0) {
        let cause = "the period is missing or not above 0".to_owned();
        refuse(&details.key("periodMillis"), cause, "write the milliseconds for which a code is good, \"30000\"");
    }
    let list = totp.get("parameters").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let parameters = details.key("parameters");
    if list.is_empty() {
        refuse(&parameters, "there is no key".to_owned(), "add one with `key` and `valueLength`");
    }
    for (index, parameter) in list.iter().enumerate() {
        let at = parameters.index(index);
        if !parameter.get("valueLength").and_then(Value::as_i64).is_some_and(|length| (6..=10).contains(&length)) {
            let cause = "a code has 6 to 10 digits".to_owned();
            refuse(&at.key("valueLength"), cause, "write a number from 6 to 8, the common lengths");
        }
        let key = parameter.get("key").and_then(Value::as_str).unwrap_or_default();
        if key.is_empty() || key.len() % 2 != 0 || !key.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            let cause = "the key is not written in pairs of hexadecimal digits".to_owned();
            refuse(&at.key("key"), cause, "write its bytes in Base16, not in Base32 as authenticator apps take it");
        }
    }
    let pattern = barcode.get("valuePattern").and_then(Value::as_str).unwrap_or_default();
    let at = path.key("valuePattern");
    let mut named = 0;
    for index in pattern.split("{totp_value_").skip(1) {
        let index = index.split_once('}').and_then(|(index, _)| index.parse::<usize>().ok());
        if index.is_none_or(|index| index >= list.len()) && !list.is_empty() {
            let cause = "the pattern names a code for which there is no key".to_owned();
            refuse(&at, cause, "number the codes from 0, `{totp_value_0}`, one for each of `parameters`");
        }
        named += 1;
    }
    if named == 0 {
        findings.add(&rules::ROTATING_STILL, &at, || {
            ("the pattern names no code, so what is scanned proves nothing", "put `{totp_value_0}` into it")
        });
    }
    for (index, parameter) in list.iter().enumerate() {
        let length = parameter.get("key").and_then(Value::as_str).map_or(0, str::len);
        if (2..32).contains(&length) && length.is_multiple_of(2) {
            findings.add(&rules::ROTATING_KEY, &parameters.index(index).key("key"), || {
                (format!("the key has {} bytes, which can be guessed", length / 2), "make one of 20 random bytes")
            });
        }
    }
}

/// Says whether two names are the same but for case and underscores.
fn same(name: &str, folded: &str) -> bool {
    let letters = name.chars().take(32).filter(|letter| *letter != '_').map(|letter| letter.to_ascii_uppercase());
    letters.eq(folded.chars())
}
