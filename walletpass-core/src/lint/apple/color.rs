//! Colours, and whether text in them can be read.

use serde_json::Value;

use super::members::Members;
use super::rules;
use crate::lint::Fix;
use crate::lint::findings::Findings;
use crate::lint::path::Path;
use crate::lint::quote::shorten;

/// The lowest contrast for large text that the Web Content Accessibility Guidelines 2.2 allow (1.4.3).
const LOWEST_CONTRAST: f64 = 3.0;

/// Judges the form of one colour. Hex is not documented but works on devices, so it passes.
pub(super) fn judge(text: &str, path: &Path<'_>, findings: &mut Findings) {
    if parse(text).is_none() {
        findings.add_fixable(&rules::COLOR, path, || {
            (
                format!("\"{}\" is not a colour that Wallet reads", shorten(text)),
                "write `rgb(r, g, b)` with three integers from 0 to 255",
                mended(text).map(|color| Fix::replace(path, color)),
            )
        });
    }
}

/// Judges foreground and label against the background, where both are given.
pub(super) fn judge_contrast(pass: &Members<'_>, findings: &mut Findings) {
    let color = |key: &str| pass.get(key).and_then(Value::as_str).and_then(parse);
    let Some(background) = color("backgroundColor") else { return };
    if pass.get("useAutomaticColors") == Some(&Value::Bool(true)) {
        return; // Wallet takes the text colours from the picture.
    }
    for key in ["foregroundColor", "labelColor"] {
        let Some(ratio) = color(key).map(|text| contrast(text, background)) else { continue };
        if ratio < LOWEST_CONTRAST {
            findings.add(&rules::CONTRAST, &Path::ROOT.key(key), || {
                // Rounded down, so that 2.99 does not read as the 3.0 it fails to be.
                let ratio = (ratio * 10.0).floor() / 10.0;
                let better = if luminance(background) > 0.179 { "rgb(0, 0, 0)" } else { "rgb(255, 255, 255)" };
                (
                    format!("the contrast to `backgroundColor` is {ratio:.1}:1"),
                    format!("take a colour with 3:1 or more, `{better}` for instance"),
                )
            });
        }
    }
}

/// Reads `rgb(r, g, b)`, `#rrggbb` or `#rgb`.
fn parse(text: &str) -> Option<[u8; 3]> {
    if let Some(hex) = text.strip_prefix('#') {
        if !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let packed = u32::from_str_radix(hex, 16).ok()?;
        let [_, red, green, blue] = packed.to_be_bytes();
        return match hex.len() {
            6 => Some([red, green, blue]),
            3 => Some([(green & 15) * 17, (blue >> 4) * 17, (blue & 15) * 17]),
            _ => None,
        };
    }
    let channels = text.strip_prefix("rgb(")?.strip_suffix(')')?.as_bytes();
    let mut parts = channels.split(|byte| *byte == b',').map(channel);
    let color = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(color)
}

/// Reads a number from 0 to 255, with blanks around it or without.
fn channel(text: &[u8]) -> Option<u8> {
    let is_letter = |byte: &u8| *byte != b' ';
    let digits = text.get(text.iter().position(is_letter)?..=text.iter().rposition(is_letter)?)?;
    digits.iter().try_fold(0_u8, |number, digit| {
        let digit = digit.is_ascii_digit().then(|| digit - b'0')?;
        number.checked_mul(10)?.checked_add(digit)
    })
}

/// Writes a colour as Apple documents it, if it is clear which opaque colour is meant: a name of CSS, six digits without `#`,
/// `rgb(1-2-3)`.
fn mended(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > 64 {
        return None;
    }
    let color = match text.to_ascii_lowercase().strip_prefix("rgb") {
        // A CSS parser clamps what is out of range, and so would make a colour of a mistake.
        Some(channels) => {
            let channels = channels.trim_start_matches('a').trim().strip_prefix('(')?.strip_suffix(')')?;
            let mut parts = channels.split([',', '-', ' ', '/']).filter(|part| !part.is_empty());
            let color = [parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?];
            if !matches!((parts.next(), parts.next()), (None | Some("1" | "1.0" | "100%"), None)) {
                return None;
            }
            color
        }
        None => {
            let digits = text.bytes().all(|byte| byte.is_ascii_hexdigit());
            // Six letters may be a word: facade.
            if digits && (text.len() != 6 || !text.bytes().any(|byte| byte.is_ascii_digit())) {
                return None;
            }
            let [red, green, blue, alpha] = csscolorparser::parse(text).ok()?.to_rgba8();
            (alpha == 255).then_some([red, green, blue])?
        }
    };
    let [red, green, blue]: [u8; 3] = color;
    Some(format!("rgb({red}, {green}, {blue})"))
}

fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// The relative luminance of the Web Content Accessibility Guidelines 2.2.
fn luminance(color: [u8; 3]) -> f64 {
    let [red, green, blue] = color.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_colours() {
        assert_eq!(parse("rgb(1, 2, 255)"), Some([1, 2, 255]));
        assert_eq!(parse("rgb(1,2,3)"), Some([1, 2, 3]));
        assert_eq!(parse("#0047Bb"), Some([0, 71, 187]));
        assert_eq!(parse("#f80"), Some([255, 136, 0]));
    }

    #[test]
    fn bad_colours() {
        for text in [
            "Black",
            "rgb(1-2-3)",
            "rgb(1%, 2%, 3%)",
            "rgba(1, 2, 3, 1)",
            "rgb(1, 2)",
            "rgb(1, 2, 3, 4)",
            "rgb(1, 2, 256)",
            "rgb(+1, 2, 3)",
            "rgb(, 2, 3)",
            "rgb(1 2 3)",
            "#12345",
            "#+12345",
            "#12345678",
            "#ffffffffff",
            "#",
            "",
            "0047bb",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn clear_colours_are_mended() {
        for (text, color) in [
            ("Black", "rgb(0, 0, 0)"),
            ("rgb(1-2-3)", "rgb(1, 2, 3)"),
            ("rgb(1 2 3)", "rgb(1, 2, 3)"),
            ("RGB(1,2,3)", "rgb(1, 2, 3)"),
            ("rgba(1, 2, 3, 1)", "rgb(1, 2, 3)"),
            ("0047bb", "rgb(0, 71, 187)"),
            ("#0047bbff", "rgb(0, 71, 187)"),
            ("blue", "rgb(0, 0, 255)"),
        ] {
            assert_eq!(mended(text).as_deref(), Some(color), "{text}");
        }
        for text in [
            "rgb(1, 2, 256)",
            "rgba(1, 2, 3, 0.5)",
            "facade",
            "transparent",
            "#12345",
            "",
            "bluish",
            "rgb(1, 2)",
            "123",
        ] {
            assert_eq!(mended(text), None, "{text}");
        }
    }

    #[test]
    fn contrasts() {
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-9);
        assert!((contrast([9, 9, 9], [9, 9, 9]) - 1.0).abs() < 1e-9);
    }
}
