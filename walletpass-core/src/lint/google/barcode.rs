//! The code of a pass, and whether a scanner can get its value out again.

use serde_json::{Map, Value};

use super::rules;
use super::shape::is_set;
use crate::lint::findings::Findings;
use crate::lint::path::Path;
use crate::lint::quote::shorten;
use crate::lint::symbology::{has_check_digit, is_codabar, is_digits};

/// Judges one barcode.
pub(super) fn judge(barcode: &Map<String, Value>, path: &Path<'_>, findings: &mut Findings) {
    let Some(Value::String(kind)) = barcode.get("type") else { return };
    // Older spellings, `qrCode`, are the same but for case and underscores.
    let name: String =
        kind.chars().take(32).filter(|letter| *letter != '_').map(|letter| letter.to_ascii_uppercase()).collect();
    if name == "TEXTONLY" && is_set(barcode, "alternateText") {
        findings.add(&rules::TEXT_ONLY, &path.key("alternateText"), || {
            ("a barcode of type TEXT_ONLY shows its value and has no `alternateText`", "leave it out")
        });
    }
    if name != "QRCODE" && barcode.get("renderEncoding").and_then(Value::as_str) == Some("UTF_8") {
        findings.add(&rules::RENDER_ENCODING, &path.key("renderEncoding"), || {
            (
                format!("a barcode of type {} has no `renderEncoding`", shorten(kind)),
                "leave it out: it is for QR codes only",
            )
        });
    }
    // Without a value Wallet shows the text below alone, or takes the account id.
    let value = barcode.get("value").and_then(Value::as_str).filter(|value| !value.is_empty());
    let Some(value) = value else { return };
    if let Some(mend) = fault(&name, value) {
        findings.add(&rules::BARCODE_VALUE, &path.key("value"), || {
            (format!("\"{}\" cannot be drawn as {}", shorten(value), shorten(kind)), mend)
        });
    }
}

/// What to write instead, when the type cannot say the value.
fn fault(kind: &str, value: &str) -> Option<&'static str> {
    let numeric = |short: usize, long: usize| {
        is_digits(value) && (value.len() == short || (value.len() == long && has_check_digit(value)))
    };
    let (fits, mend) = match kind {
        "EAN8" => (numeric(7, 8), "write 7 digits, or 8 of which the last is the right check digit"),
        "EAN13" => (numeric(12, 13), "write 12 digits, or 13 of which the last is the right check digit"),
        "UPCA" => (numeric(11, 12), "write 11 digits, or 12 of which the last is the right check digit"),
        "ITF14" => (is_digits(value) && value.len() == 14, "write 14 digits"),
        "CODABAR" => (is_codabar(value), "write digits and `-$:/.+` only, between two letters A to D or none"),
        "CODE39" | "CODE128" => (value.is_ascii(), "write ASCII characters only"),
        _ => return None,
    };
    (!fits).then_some(mend)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_a_type() {
        for (kind, good, bad) in [
            ("EAN8", "96385074", "96385075"),
            ("EAN8", "9638507", "963850"),
            ("EAN13", "4006381333931", "4006381333932"),
            ("UPCA", "036000291452", "03600029145x"),
            ("UPCA", "03600029145", "0360002914"),
            ("ITF14", "10012345678902", "1001234567890"),
            ("CODABAR", "A123B", "A123"),
            ("CODE39", "abc", "ä"),
            ("CODE128", "abc~", "ä"),
        ] {
            assert_eq!(fault(kind, good), None, "{kind} {good}");
            assert!(fault(kind, bad).is_some(), "{kind} {bad}");
        }
        assert_eq!(fault("QRCODE", "ü€"), None);
    }
}
