//! The rules about the pass as a whole: identifiers and style.

use serde_json::Value;

use super::keys::{STYLES, Styles, TRANSIT_TYPES};
use super::members::Members;
use super::rules;
use crate::lint::Fix;
use crate::lint::findings::Findings;
use crate::lint::nearest;
use crate::lint::path::Path;
use crate::lint::quote::shorten;

/// Judges the required keys that are there, the identifiers, and the style.
pub(super) fn judge(pass: &Members<'_>, styles: &Styles<'_>, findings: &mut Findings) {
    judge_identifiers(pass, findings);
    judge_styles(pass, styles, findings);
    judge_transit_type(styles, findings);
    judge_grouping(pass, findings);
}

fn judge_identifiers(pass: &Members<'_>, findings: &mut Findings) {
    if let Some(Value::Number(version)) = pass.get("formatVersion")
        && version.as_f64() != Some(1.0)
    {
        findings.add(&rules::FORMAT_VERSION, &Path::ROOT.key("formatVersion"), || {
            (format!("there is no format version {}", shorten(&version.to_string())), "write the number 1")
        });
    }
    for key in ["passTypeIdentifier", "serialNumber", "teamIdentifier", "organizationName", "description"] {
        let Some(Value::String(text)) = pass.get(key) else { continue };
        let path = Path::ROOT.key(key);
        if text.trim().is_empty() {
            findings.add(&rules::MISSING_KEY, &path, || (format!("`{key}` is blank"), format!("give `{key}` a text")));
            continue;
        }
        match key {
            "passTypeIdentifier" if text.starts_with("userpass.com.apple.wallet.") => {
                findings.add(&rules::PASS_TYPE, &path, || {
                    (
                        format!("\"{}\" is of passes that people make in Wallet themselves", shorten(text)),
                        "write the pass type identifier that you registered with Apple, which begins with `pass.`",
                    )
                });
            }
            "passTypeIdentifier" if !text.starts_with("pass.") => findings.add(&rules::PASS_TYPE, &path, || {
                (
                    format!("\"{}\" does not begin with `pass.`", shorten(text)),
                    "write the pass type identifier that you registered with Apple",
                )
            }),
            "teamIdentifier" if !is_team(text) => findings.add(&rules::PLACEHOLDER, &path, || {
                (
                    format!("\"{}\" is not ten capitals and digits", shorten(text)),
                    "write the Team ID of your developer account",
                )
            }),
            "passTypeIdentifier" | "serialNumber" | "teamIdentifier" if is_placeholder(text) => {
                findings.add(&rules::PLACEHOLDER, &path, || {
                    (
                        format!("\"{}\" looks like the example it was copied from", shorten(text)),
                        "write your own identifier",
                    )
                });
            }
            _ => {}
        }
    }
}

fn judge_styles(pass: &Members<'_>, styles: &Styles<'_>, findings: &mut Findings) {
    let count = styles.iter().flatten().count();
    if count == 0 {
        findings.add(&rules::STYLE, &Path::ROOT, || {
            (
                "the pass has no style",
                "add one of `boardingPass`, `coupon`, `eventTicket`, `generic`, `storeCard`, `posterGeneric`",
            )
        });
    }
    let beside_poster = || pass.contains_key("posterGeneric") && !pass.contains_key("boardingPass");
    if count > 1 && !(count == 2 && beside_poster()) {
        let names = STYLES.iter().copied().filter(|style| pass.contains_key(style));
        findings.add(&rules::STYLE, &Path::ROOT, || {
            (
                format!("the pass has {count} styles, {}", names.collect::<Vec<_>>().join(", ")),
                "keep one, or `posterGeneric` and one that is no boarding pass",
            )
        });
    }
}

fn judge_transit_type(styles: &Styles<'_>, findings: &mut Findings) {
    for (style, object) in STYLES.into_iter().zip(styles) {
        let Some(Value::Object(object)) = object else { continue };
        let parent = Path::ROOT.key(style);
        let path = parent.key("transitType");
        match object.get("transitType") {
            None if style == "boardingPass" => findings.add(&rules::TRANSIT_TYPE, &path, || {
                ("a boarding pass has no `transitType`", nearest::advise("", TRANSIT_TYPES))
            }),
            // Which of the two is wrong nobody knows, so there is no fix.
            Some(Value::String(_)) if style != "boardingPass" => findings.add(&rules::TRANSIT_TYPE, &path, || {
                (format!("`transitType` is in `{style}`"), "leave it out, or make the style `boardingPass`")
            }),
            Some(Value::String(text)) if !TRANSIT_TYPES.contains(&text.as_str()) => {
                findings.add_fixable(&rules::TRANSIT_TYPE, &path, || {
                    (
                        format!("\"{}\" is no transit type", shorten(text)),
                        nearest::advise(text, TRANSIT_TYPES),
                        nearest::certain(text, TRANSIT_TYPES).map(|name| Fix::replace(&path, name)),
                    )
                });
            }
            _ => {}
        }
    }
}

fn judge_grouping(pass: &Members<'_>, findings: &mut Findings) {
    let grouped = ["boardingPass", "eventTicket"].iter().any(|style| pass.contains_key(style));
    if !grouped && pass.contains_key("groupingIdentifier") {
        let path = Path::ROOT.key("groupingIdentifier");
        findings.add_fixable(&rules::GROUPING, &path, || {
            // It may be that the style is one of these, under a name that nobody can mend for certain.
            let misspelt = |key: &String| nearest::nearest(key, ["boardingPass", "eventTicket"]).is_some();
            let fix = (!pass.keys().any(misspelt)).then(|| Fix::remove(&path));
            ("Wallet groups boarding passes and event tickets only", "leave it out", fix)
        });
    }
}

fn is_team(text: &str) -> bool {
    text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

fn is_placeholder(text: &str) -> bool {
    const WORDS: [&str; 5] = ["changeme", "devpubs", "example", "placeholder", "yourcompany"];
    text.len() <= 256
        && text.split(['.', '-', '_']).any(|part| WORDS.iter().any(|word| part.eq_ignore_ascii_case(word)))
}
