//! Texts that are longer than the place they are drawn in.
//!
//! Apple publishes no numbers: it shrinks a text, then cuts it, and the neighbours in the row count too. These are ours, and
//! cautious: they were not measured on a device.

use serde_json::Value;

use super::keys::{STYLES, Styles};
use super::members::Members;
use super::rules;
use crate::lint::findings::Findings;
use crate::lint::path::Path;

/// The most characters of a value and of its label by group.
const MOST: [(&str, usize); 5] = [
    ("headerFields", 24),
    ("primaryFields", 48),
    ("secondaryFields", 48),
    ("auxiliaryFields", 48),
    ("footerFields", 48),
];

/// The most characters beside the logo.
const MOST_LOGO_TEXT: usize = 40;

/// Judges the texts on the front of a pass.
pub(super) fn judge(pass: &Members<'_>, styles: &Styles<'_>, findings: &mut Findings) {
    if let Some(Value::String(text)) = pass.get("logoText") {
        judge_text(text, MOST_LOGO_TEXT, &Path::ROOT.key("logoText"), "beside the logo", findings);
    }
    for (style, object) in STYLES.into_iter().zip(styles) {
        let Some(Value::Object(object)) = object else { continue };
        let style = Path::ROOT.key(style);
        for (group, most) in MOST {
            let Some(Value::Array(fields)) = object.get(group) else { continue };
            let group_path = style.key(group);
            for (index, field) in fields.iter().enumerate() {
                // What a date looks like is up to the phone.
                let dated = field.get("dateStyle").or_else(|| field.get("timeStyle")).is_some();
                for key in ["label", "value"] {
                    if let Some(Value::String(text)) = field.get(key).filter(|_| !(dated && key == "value")) {
                        judge_text(text, most, &group_path.index(index).key(key), group, findings);
                    }
                }
            }
        }
    }
}

fn judge_text(text: &str, most: usize, path: &Path<'_>, place: &str, findings: &mut Findings) {
    // Most texts are short, which their bytes tell without counting.
    if text.len() > most && text.chars().nth(most).is_some() {
        findings.add(&rules::TEXT_LENGTH, path, || {
            let place = if place.ends_with("Fields") { format!("in `{place}`") } else { place.to_owned() };
            (
                format!(
                    "the text has {} characters, and {place} about {most} are drawn before it is cut",
                    text.chars().count()
                ),
                "shorten it, or move the long form to `backFields`",
            )
        });
    }
}
