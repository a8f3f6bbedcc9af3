//! The rules between the keys of a field, and between the fields of a style.

use serde_json::{Map, Value};

use super::keys::{GROUPS, STYLES, Styles};
use super::members::Members;
use super::seen::Seen;
use super::{convert, markup, rules, shape};
use crate::lint::Fix;
use crate::lint::date::{Stamp, mended};
use crate::lint::findings::Findings;
use crate::lint::path::Path;
use crate::lint::quote::{describe, shorten};
use crate::model::money::Currency;

/// Judges the fields of each style, and of the upcoming events.
pub(super) fn judge(pass: &Members<'_>, styles: &Styles<'_>, findings: &mut Findings) {
    for (style, object) in STYLES.into_iter().zip(styles) {
        if let Some(Value::Object(object)) = object {
            judge_style(style, object, &Path::ROOT.key(style), findings);
        }
    }
    let path = Path::ROOT.key("upcomingPassInformation");
    if let Some(Value::Array(upcoming)) = pass.get("upcomingPassInformation") {
        for (index, entry) in upcoming.iter().enumerate() {
            if let Value::Object(entry) = entry {
                judge_style("upcomingPassInformation", entry, &path.index(index), findings);
            }
        }
    }
}

fn judge_style(style: &str, object: &Map<String, Value>, path: &Path<'_>, findings: &mut Findings) {
    let mut seen = Seen::default();
    for group in GROUPS {
        let Some(Value::Array(fields)) = object.get(group) else { continue };
        let path = path.key(group);
        judge_count(style, group, fields, &path, findings);
        for (index, field) in fields.iter().enumerate() {
            let Value::Object(field) = field else { continue };
            let path = path.index(index);
            let field = Parts::of(field);
            if let Some(Value::String(key)) = field.key {
                judge_key(key, seen.insert(key), &path.key("key"), findings);
            }
            judge_field(style, group, &field, &path, findings);
        }
    }
    judge_shared_row(style, object, path, findings);
}

/// The parts of a field that rules are about, found in one walk: a pass has many fields.
#[derive(Default)]
struct Parts<'p> {
    attributed_value: Option<&'p Value>,
    change_message: Option<&'p Value>,
    currency_code: Option<&'p Value>,
    data_detector_types: Option<&'p Value>,
    date_style: Option<&'p Value>,
    key: Option<&'p Value>,
    number_style: Option<&'p Value>,
    row: Option<&'p Value>,
    text_alignment: Option<&'p Value>,
    time_style: Option<&'p Value>,
    value: Option<&'p Value>,
}

impl<'p> Parts<'p> {
    fn of(field: &'p Map<String, Value>) -> Self {
        let mut parts = Self::default();
        for (key, value) in field {
            let part = match key.as_str() {
                "attributedValue" => &mut parts.attributed_value,
                "changeMessage" => &mut parts.change_message,
                "currencyCode" => &mut parts.currency_code,
                "dataDetectorTypes" => &mut parts.data_detector_types,
                "dateStyle" => &mut parts.date_style,
                "key" => &mut parts.key,
                "numberStyle" => &mut parts.number_style,
                "row" => &mut parts.row,
                "textAlignment" => &mut parts.text_alignment,
                "timeStyle" => &mut parts.time_style,
                "value" => &mut parts.value,
                _ => continue,
            };
            *part = Some(value);
        }
        parts
    }
}

fn judge_key(key: &str, fresh: bool, path: &Path<'_>, findings: &mut Findings) {
    if key.is_empty() {
        findings.add(&rules::FIELD_INCOMPLETE, path, || ("the `key` of a field is empty", "name the field"));
    } else if !fresh {
        findings.add(&rules::DUPLICATE_FIELD_KEY, path, || {
            (
                format!("another field of the style has the key \"{}\" too", shorten(key)),
                "give each field a key of its own, across all groups",
            )
        });
    }
}

/// How many fields of a group are drawn: the more generous number where Apple's pages disagree. `None` is any number.
fn drawn(style: &str, group: &str) -> Option<usize> {
    match (style, group) {
        // A group that an upcoming event does not have is an unknown key.
        (_, "backFields") | ("eventTicket" | "posterGeneric", "additionalInfoFields") => None,
        ("upcomingPassInformation", _) => None,
        ("posterGeneric", "headerFields") => Some(1),
        ("posterGeneric", "primaryFields") => Some(4),
        ("posterGeneric", "footerFields") => Some(2),
        ("posterGeneric", _) | (_, "additionalInfoFields" | "footerFields") => Some(0),
        (_, "headerFields") => Some(3),
        ("boardingPass", "primaryFields") => Some(2),
        (_, "primaryFields") => Some(1),
        ("boardingPass", _) => Some(5),
        ("coupon" | "storeCard", _) => None, // Counted together, by `judge_shared_row`.
        _ => Some(4),
    }
}

/// Coupons and store cards draw the secondary and the auxiliary fields in one row of four.
fn judge_shared_row(style: &str, object: &Map<String, Value>, path: &Path<'_>, findings: &mut Findings) {
    let count = |group: &str| object.get(group).and_then(Value::as_array).map_or(0, Vec::len);
    let (secondary, auxiliary) = (count("secondaryFields"), count("auxiliaryFields"));
    if matches!(style, "coupon" | "storeCard") && secondary + auxiliary > 4 {
        let group = if auxiliary > 0 { "auxiliaryFields" } else { "secondaryFields" };
        findings.add(&rules::FIELD_COUNT, &path.key(group), || {
            (
                format!(
                    "there are {} secondary and auxiliary fields, and Wallet draws at most 4 of them",
                    secondary + auxiliary
                ),
                "move what matters less to `backFields`",
            )
        });
    }
}

fn judge_count(style: &str, group: &str, fields: &[Value], path: &Path<'_>, findings: &mut Findings) {
    let Some(most) = drawn(style, group) else { return };
    let second_row = |field: &&Value| field.get("row").and_then(Value::as_u64) == Some(1);
    let count = if (style, group) == ("eventTicket", "auxiliaryFields") {
        let second = fields.iter().filter(second_row).count();
        second.max(fields.len() - second) // Each row has its own four.
    } else {
        fields.len()
    };
    if count > most {
        findings.add(&rules::FIELD_COUNT, path, || {
            let cause = match most {
                0 => format!("Wallet draws no `{group}` in `{style}`"),
                _ => format!("Wallet draws at most {most} of these {count} fields"),
            };
            (cause, "move what matters less to `backFields`")
        });
    }
}

fn judge_field(style: &str, group: &str, field: &Parts<'_>, path: &Path<'_>, findings: &mut Findings) {
    judge_dates(field, path, findings);
    judge_numbers(field, path, findings);
    if matches!(group, "primaryFields" | "backFields") && field.text_alignment.is_some() {
        let path = path.key("textAlignment");
        findings.add_fixable(&rules::TEXT_ALIGNMENT, &path, || {
            (format!("`{group}` cannot be aligned"), "leave `textAlignment` out", Some(Fix::remove(&path)))
        });
    }
    let detects = field.data_detector_types.and_then(Value::as_array).is_some_and(|types| !types.is_empty());
    if detects && !matches!(group, "backFields" | "additionalInfoFields") {
        let path = path.key("dataDetectorTypes");
        findings.add_fixable(&rules::DATA_DETECTORS, &path, || {
            (
                format!("Wallet detects nothing in `{group}`"),
                "leave `dataDetectorTypes` out, or move the field to `backFields`",
                Some(Fix::remove(&path)),
            )
        });
    }
    if let Some(row) = field.row {
        let placed = (style, group) == ("eventTicket", "auxiliaryFields");
        // A row of the wrong JSON type is the key table's affair.
        if !placed || (row.is_number() && !matches!(row.as_u64(), Some(0 | 1))) {
            let path = path.key("row");
            findings.add_fixable(&rules::ROW, &path, || match placed {
                true => (format!("there is no row {}", shorten(&row.to_string())), "write 0 or 1", None),
                false => (
                    format!("`row` is in `{group}` of `{style}`"),
                    "leave it out: it is for `auxiliaryFields` of `eventTicket`",
                    Some(Fix::remove(&path)),
                ),
            });
        }
    }
    if let Some(Value::String(text)) = field.change_message
        && !is_change_message(text)
        && !is_artificial(text)
    {
        let path = path.key("changeMessage");
        findings.add_fixable(&rules::CHANGE_MESSAGE, &path, || {
            if text.is_empty() {
                let mend = "leave it out where a change needs no message";
                return ("it is empty".to_owned(), mend, Some(Fix::remove(&path)));
            }
            let cause = format!("\"{}\" does not have `%@` once and no other `%`", shorten(text));
            (cause, "put one `%@` where the new value goes, and write `%%` for a percent sign", None)
        });
    }
    if let Some(Value::String(text)) = field.attributed_value
        && let Some((cause, mend)) = markup::fault(text)
    {
        let path = path.key("attributedValue");
        findings.add_fixable(&rules::ATTRIBUTED_VALUE, &path, || {
            let fix = markup::escaped(text).map(|text| Fix::replace(&path, text));
            (format!("{cause}: \"{}\"", shorten(text)), mend, fix)
        });
    }
}

fn judge_dates(field: &Parts<'_>, path: &Path<'_>, findings: &mut Findings) {
    let (date, time) = (field.date_style.is_some(), field.time_style.is_some());
    if !date && !time {
        return;
    }
    if date != time {
        let (given, other) = if date { ("dateStyle", "timeStyle") } else { ("timeStyle", "dateStyle") };
        let path = path.key(other);
        findings.add_fixable(&rules::DATE_STYLE_PAIR, &path, || {
            (
                format!("there is a `{given}` and no `{other}`, and systems differ in what they take for it"),
                format!("add `{other}`, `PKDateStyleNone` to leave that part out"),
                Some(Fix::add(&path, "PKDateStyleNone")),
            )
        });
    }
    let value = field.value;
    let stamp = value.and_then(Value::as_str).and_then(Stamp::parse).filter(|stamp| stamp.offset.is_some());
    match (value, stamp) {
        (Some(Value::String(text)), Some(stamp)) => {
            shape::judge_fraction(&stamp, text, &path.key("value"), findings);
        }
        (Some(value), None) if !value.is_null() => {
            let path = path.key("value");
            findings.add_fixable(&rules::DATE_STYLE, &path, || {
                (
                    format!("{} has a date style and is not a date that Wallet reads", describe(value)),
                    "write date, time and offset, 2027-03-05T06:30:00+01:00, or leave the styles out",
                    value.as_str().and_then(mended).map(|date| Fix::replace(&path, date)),
                )
            });
        }
        _ => {}
    }
}

fn judge_numbers(field: &Parts<'_>, path: &Path<'_>, findings: &mut Findings) {
    let (currency, style) = (field.currency_code.is_some(), field.number_style.is_some());
    if currency && style {
        let path = path.key("numberStyle");
        findings.add_fixable(&rules::CURRENCY, &path, || {
            let code = field.currency_code.and_then(Value::as_str);
            let is_known = code.is_some_and(|code| code.to_ascii_uppercase().parse::<Currency>().is_ok());
            let fix = is_known.then(|| Fix::remove(&path));
            ("`numberStyle` stands beside a `currencyCode`", "keep one of the two", fix)
        });
    }
    if let Some(Value::String(text)) = field.value
        && (currency || style)
    {
        let key = if currency { "currencyCode" } else { "numberStyle" };
        let path = path.key("value");
        findings.add_fixable(&rules::NUMBER_STYLE, &path, || {
            (
                format!("the value \"{}\" has a `{key}` and is a string", shorten(text)),
                format!("write the value as a number without quotes, or leave `{key}` out"),
                convert::number(text).map(|number| Fix::replace(&path, number)),
            )
        });
    }
}

/// Tells whether a text is but a name for its translations, which are judged with their files.
fn is_artificial(text: &str) -> bool {
    !text.is_empty() && !text.contains(|letter: char| letter == '%' || letter.is_whitespace())
}

/// Tells whether a text has exactly one `%@` and no other directive. `%%` is a percent sign.
pub(super) fn is_change_message(text: &str) -> bool {
    let mut places = 0;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (letter, (letter == '%').then(|| letters.next()).flatten()) {
            ('%', Some('@')) => places += 1,
            ('%', Some('%')) => {}
            ('%', _) => return false,
            _ => {}
        }
    }
    places == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn artificial_keys() {
        assert!(is_artificial("points.change") && is_artificial("POINTS_CHANGED"));
        for words in ["", "now %@", "%@", "Points changed"] {
            assert!(!is_artificial(words), "{words}");
        }
    }

    #[test]
    fn change_messages() {
        assert!(is_change_message("%@") && is_change_message("now %@, 5 %% more"));
        for bad in ["", "changed", "%@ and %@", "%d", "%@ %", "%1$@", "50% of %@"] {
            assert!(!is_change_message(bad), "{bad}");
        }
    }
}
