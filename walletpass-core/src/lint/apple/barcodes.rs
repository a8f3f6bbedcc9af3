//! The codes of a pass, and whether a scanner can get their message out again.

use serde_json::{Map, Value};

use super::keys::{BARCODE_FORMATS, SQUARE_FORMATS};
use super::members::Members;
use super::rules;
use crate::lint::Fix;
use crate::lint::findings::Findings;
use crate::lint::nearest;
use crate::lint::path::Path;
use crate::lint::quote::shorten;
use crate::lint::symbology::{has_check_digit, is_codabar, is_code_39, is_digits};

/// Judges `barcodes` and the old `barcode`.
pub(super) fn judge(pass: &Members<'_>, findings: &mut Findings) {
    let path = Path::ROOT.key("barcode");
    if let Some(barcode) = pass.get("barcode").and_then(Value::as_object) {
        judge_barcode(barcode, &path, findings);
        if !pass.contains_key("barcodes") {
            // It may be that the list is there, under a name that nobody can mend for certain.
            let misspelt = |key: &String| key != "barcode" && nearest::nearest(key, ["barcodes"]).is_some();
            judge_alone(barcode, !pass.keys().any(misspelt), &path, findings);
        }
    }
    let path = Path::ROOT.key("barcodes");
    let Some(Value::Array(barcodes)) = pass.get("barcodes") else { return };
    for (index, barcode) in barcodes.iter().enumerate() {
        if let Value::Object(barcode) = barcode {
            judge_barcode(barcode, &path.index(index), findings);
        }
    }
    let square = |barcode: &Value| {
        barcode.get("format").and_then(Value::as_str).is_some_and(|format| SQUARE_FORMATS.contains(&format))
    };
    if !barcodes.is_empty() && !barcodes.iter().chain(pass.get("barcode")).any(square) {
        findings.add(&rules::BARCODE_FALLBACK, &path, || {
            (
                "the watch and older systems draw none of these codes",
                "add a QR, PDF417 or Aztec code after them, with the same message",
            )
        });
    }
}

/// Judges a `barcode` that has no `barcodes` beside it.
fn judge_alone(barcode: &Map<String, Value>, is_certain: bool, path: &Path<'_>, findings: &mut Findings) {
    findings.add_fixable(&rules::BARCODE_PAIR, path, || {
        let list = Path::ROOT.key("barcodes");
        let newer = barcode.get("format").and_then(Value::as_str).is_some_and(is_newer);
        let fix = match newer {
            // The old key knows three formats only.
            true => Fix::add(&list, Value::Array(Vec::new())).then(Fix::rename(path, &list.index(0))),
            false => Fix::add(&list, vec![Value::Object(barcode.clone())]),
        };
        let mend = if newer { "move it to `barcodes`, a list" } else { "write it in `barcodes`, a list, too" };
        ("`barcode` was replaced by `barcodes` in iOS 9", mend, is_certain.then_some(fix))
    });
}

fn is_newer(format: &str) -> bool {
    BARCODE_FORMATS.contains(&format) && !SQUARE_FORMATS.contains(&format)
}

fn judge_barcode(barcode: &Map<String, Value>, path: &Path<'_>, findings: &mut Findings) {
    let message = barcode.get("message").and_then(Value::as_str);
    if let Some("") = message {
        findings.add(&rules::BARCODE_INCOMPLETE, &path.key("message"), || {
            ("the message is empty", "write what the scanner is to read")
        });
    }
    let message = message.filter(|message| !message.is_empty());
    judge_encoding(barcode, message, path, findings);
    let Some((message, format)) = message.zip(barcode.get("format").and_then(Value::as_str)) else { return };
    if let Some(mend) = fault(format, message) {
        findings.add(&rules::BARCODE_MESSAGE, &path.key("message"), || {
            (format!("\"{}\" cannot be drawn as {format}", shorten(message)), mend)
        });
    }
}

fn judge_encoding(barcode: &Map<String, Value>, message: Option<&str>, path: &Path<'_>, findings: &mut Findings) {
    const MEND: &str = "write `iso-8859-1`, or `utf-8` if the message has other letters";
    let key = path.key("messageEncoding");
    let name = match barcode.get("messageEncoding") {
        None => {
            return findings.add_fixable(&rules::BARCODE_ENCODING, &key, || {
                let fitting = |message: &str| {
                    if message.chars().all(|c| Charset::Latin1.has(c)) { "iso-8859-1" } else { "utf-8" }
                };
                let fix = message.map(|message| Fix::add(&key, fitting(message)));
                ("a barcode has no `messageEncoding`", MEND, fix)
            });
        }
        Some(Value::String(name)) => name,
        Some(_) => return, // The type is reported already.
    };
    match Charset::named(name) {
        None => findings.add(&rules::BARCODE_ENCODING, &key, || {
            (format!("\"{}\" is no charset that Wallet knows", shorten(name)), MEND)
        }),
        Some(charset) => {
            if let Some(letter) = message.and_then(|message| message.chars().find(|letter| !charset.has(*letter))) {
                findings.add(&rules::BARCODE_ENCODING, &path.key("message"), || {
                    (
                        format!("the message holds {letter:?}, which {} cannot write", shorten(name)),
                        "write `utf-8` as the `messageEncoding`, if the scanner reads it",
                    )
                });
            }
        }
    }
}

/// A charset, as far as its letters go.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Charset {
    Ascii,
    Latin1,
    /// One with a table that we do not carry: its letters are taken on trust.
    Other,
    Unicode,
}

impl Charset {
    /// Finds a charset by a name or alias that IANA registered.
    fn named(name: &str) -> Option<Self> {
        const ASCII: [&str; 5] = ["us-ascii", "ascii", "ansi_x3.4-1968", "iso646-us", "csascii"];
        const LATIN_1: [&str; 7] = ["iso-8859-1", "iso_8859-1", "iso8859-1", "latin1", "l1", "cp819", "csisolatin1"];
        const UNICODE: [&str; 6] = ["utf-8", "utf8", "csutf8", "utf-16", "utf-16be", "utf-16le"];
        const OTHER: [&str; 14] = [
            "big5",
            "euc-jp",
            "euc-kr",
            "gb18030",
            "gb2312",
            "gbk",
            "iso-2022-jp",
            "iso-2022-kr",
            "koi8-r",
            "koi8-u",
            "macintosh",
            "shift_jis",
            "utf-32",
            "windows-31j",
        ];
        let is = |known: &&str| known.eq_ignore_ascii_case(name);
        if UNICODE.iter().any(is) {
            Some(Self::Unicode)
        } else if LATIN_1.iter().any(is) {
            Some(Self::Latin1)
        } else if ASCII.iter().any(is) {
            Some(Self::Ascii)
        } else {
            let part = |prefix: &str| {
                name.get(..prefix.len())
                    .filter(|start| start.eq_ignore_ascii_case(prefix))
                    .and(name.get(prefix.len()..))
            };
            let latin =
                part("iso-8859-").and_then(|part| part.parse().ok()).is_some_and(|part: u8| (2..=16).contains(&part));
            let windows = part("windows-")
                .and_then(|page| page.parse().ok())
                .is_some_and(|page: u16| (1250..=1258).contains(&page));
            (latin || windows || OTHER.iter().any(is)).then_some(Self::Other)
        }
    }

    const fn has(self, letter: char) -> bool {
        match self {
            Self::Ascii => letter.is_ascii(),
            Self::Latin1 => (letter as u32) < 0x100,
            Self::Other | Self::Unicode => true,
        }
    }
}

/// What to write instead, when the format cannot say the message.
fn fault(format: &str, message: &str) -> Option<&'static str> {
    let (fits, mend) = match format {
        "PKBarcodeFormatEAN13" => (
            is_digits(message) && (message.len() == 12 || (message.len() == 13 && has_check_digit(message))),
            "write 12 digits, or 13 of which the last is the right check digit",
        ),
        "PKBarcodeFormatCode39" => (is_code_39(message), "write digits, capitals, space and `-.$/+%` only"),
        "PKBarcodeFormatCodabar" => {
            (is_codabar(message), "write digits and `-$:/.+` only, between two letters A to D or none")
        }
        "PKBarcodeFormatI2of5" => {
            (is_digits(message) && message.len().is_multiple_of(2), "write an even number of digits")
        }
        "PKBarcodeFormatCode128" => (message.is_ascii(), "write ASCII characters only"),
        _ => return None,
    };
    (!fits).then_some(mend)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charsets_go_by_many_names() {
        assert_eq!(Charset::named("ISO-8859-1"), Some(Charset::Latin1));
        assert_eq!(Charset::named("UTF-8"), Some(Charset::Unicode));
        assert_eq!(Charset::named("utf-16le"), Some(Charset::Unicode));
        assert_eq!(Charset::named("us-ascii"), Some(Charset::Ascii));
        assert_eq!(Charset::named("Shift_JIS"), Some(Charset::Other));
        assert_eq!(Charset::named("iso-8859-15"), Some(Charset::Other));
        assert_eq!(Charset::named("windows-1252"), Some(Charset::Other));
        for bad in ["", "latin", "utf-9", "iso-8859-17", "iso-8859-", "windows-125", "ümläut-1252"] {
            assert_eq!(Charset::named(bad), None, "{bad}");
        }
    }

    #[test]
    fn letters_of_a_charset() {
        assert!(Charset::Latin1.has('ü') && !Charset::Latin1.has('€'));
        assert!(Charset::Ascii.has('u') && !Charset::Ascii.has('ü'));
        assert!(Charset::Unicode.has('€'));
    }

    #[test]
    fn messages_of_a_format() {
        for (format, good, bad) in [
            ("PKBarcodeFormatEAN13", "4006381333931", "4006381333932"),
            ("PKBarcodeFormatEAN13", "400638133393", "40063813339"),
            ("PKBarcodeFormatCode39", "ABC-12", "abc"),
            ("PKBarcodeFormatCodabar", "A123B", "A123"),
            ("PKBarcodeFormatI2of5", "1234", "123"),
            ("PKBarcodeFormatCode128", "Abc~", "Abcü"),
        ] {
            assert_eq!(fault(format, good), None, "{format} {good}");
            assert!(fault(format, bad).is_some(), "{format} {bad}");
        }
        assert_eq!(fault("PKBarcodeFormatQR", "ü€"), None);
    }
}
