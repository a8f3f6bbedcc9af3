//! Dates, and Google's four minds about their offset.

use serde_json::{Map, Value};

use super::rules;
use crate::lint::date::Stamp;
use crate::lint::findings::Findings;
use crate::lint::path::Path;
use crate::lint::quote::shorten;

/// Whether a date has an offset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Offset {
    Forbidden,
    Optional,
    Required,
}

/// What a text field is as a date, if it is one.
pub(super) fn offset(schema: &str, field: &str) -> Option<Offset> {
    match (schema, field) {
        ("FlightClass", local) if local.starts_with("local") && local.ends_with("DateTime") => Some(Offset::Forbidden),
        ("DateTime", "date")
        | ("EventDateTime", "doorsOpen" | "end" | "start")
        | ("PurchaseDetails", "purchaseDateTime")
        | ("TicketLeg", "arrivalDateTime" | "departureDateTime") => Some(Offset::Optional),
        ("RotatingBarcodeValues", "startDateTime") => Some(Offset::Required),
        _ => None,
    }
}

/// Judges a date.
pub(super) fn judge(text: &str, offset: Offset, path: &Path<'_>, findings: &mut Findings) {
    if text.trim().is_empty() {
        return; // As good as missing, which is another rule's affair.
    }
    let Some(stamp) = Stamp::parse(text) else {
        return findings.add(&rules::DATE_FORM, path, || {
            let good = if offset == Offset::Forbidden { "2027-03-05T06:30:00" } else { "2027-03-05T06:30:00+01:00" };
            (format!("\"{}\" is not a date that Google reads", shorten(text)), format!("write date and time, {good}"))
        });
    };
    match offset {
        Offset::Forbidden if stamp.offset.is_some() => findings.add(&rules::DATE_OFFSET, path, || {
            (
                format!("\"{}\" has an offset, and Google refuses it here", shorten(text)),
                "write the local time of the airport; cutting the offset off is right only if the rest is that already",
            )
        }),
        Offset::Required if stamp.offset.is_none() => findings.add(&rules::DATE_OFFSET, path, || {
            (
                format!("\"{}\" has no offset, and Google wants one here", shorten(text)),
                "write the offset, or `Z` for UTC",
            )
        }),
        _ => {}
    }
}

/// Judges `balanceUpdateTime` of a gift card, the one date-time object that must have an offset.
pub(super) fn judge_balance(object: &Map<String, Value>, path: &Path<'_>, findings: &mut Findings) {
    let date = object.get("balanceUpdateTime").and_then(|time| time.get("date")).and_then(Value::as_str);
    // A broken form is reported where the object is walked.
    if let Some(date) = date.filter(|date| Stamp::parse(date).is_some()) {
        let parent = path.key("balanceUpdateTime");
        judge(date, Offset::Required, &parent.key("date"), findings);
    }
}

/// Judges the two ends of an interval against each other.
pub(super) fn judge_interval(interval: &Map<String, Value>, path: &Path<'_>, findings: &mut Findings) {
    let end = |key: &str| Stamp::parse(interval.get(key)?.get("date")?.as_str()?);
    let (Some(start), Some(end)) = (end("start"), end("end")) else { return };
    if start.offset.is_some() != end.offset.is_some() {
        findings.add(&rules::INTERVAL_OFFSET, path, || {
            (
                "one end of the interval has an offset and the other has none",
                "write an offset at both ends, or at neither",
            )
        });
    } else if is_after(&start, &end) {
        ends_before_it_begins(path, findings);
    }
}

/// Judges two dates of one object that follow each other.
pub(super) fn judge_order(object: &Map<String, Value>, keys: [&str; 2], path: &Path<'_>, findings: &mut Findings) {
    let [start, end] = keys.map(|key| Stamp::parse(object.get(key)?.as_str()?));
    if let (Some(start), Some(end)) = (start, end)
        && start.offset.is_some() == end.offset.is_some()
        && is_after(&start, &end)
    {
        ends_before_it_begins(path, findings);
    }
}

/// Compares two dates of which both have an offset or neither has.
fn is_after(start: &Stamp, end: &Stamp) -> bool {
    match (start.instant(), end.instant()) {
        (Some(start), Some(end)) => start > end,
        _ => start.local > end.local,
    }
}

fn ends_before_it_begins(path: &Path<'_>, findings: &mut Findings) {
    findings.add(&rules::INTERVAL_ORDER, path, || ("the end comes before the beginning", "exchange the two"));
}

/// Judges the reminders of a generic pass, which count from the ends of its validity.
pub(super) fn judge_reminders(object: &Map<String, Value>, path: &Path<'_>, findings: &mut Findings) {
    let interval = object.get("validTimeInterval");
    for (key, end) in [("expiryNotification", "end"), ("upcomingNotification", "start")] {
        let wanted = object.get("notifications").and_then(|all| all.get(key)?.get("enableNotification")?.as_bool());
        let dated = interval.and_then(|interval| interval.get(end)).is_some_and(|end| !end.is_null());
        if wanted == Some(true) && !dated {
            findings.add(&rules::REMINDER, &path.key("notifications").key(key), || {
                (
                    format!("the pass has no `validTimeInterval.{end}`, from which this notice counts"),
                    format!("add the {end}, or leave the notice out"),
                )
            });
        }
    }
}
