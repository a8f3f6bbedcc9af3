//! When and where a pass comes to the lock screen, and when it leaves.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};

use super::members::Members;
use super::rules;
use crate::lint::Fix;
use crate::lint::date::Stamp;
use crate::lint::findings::Findings;
use crate::lint::path::Path;
use crate::lint::quote::shorten;

/// The most locations and the most beacon UUIDs. What lies beyond is not documented, so it is refused.
const MOST_PLACES: usize = 10;

/// Judges locations, beacons and dates against each other and the clock.
pub(super) fn judge(pass: &Members<'_>, now: DateTime<Utc>, findings: &mut Findings) {
    judge_places(pass, findings);
    judge_past(pass, now, findings);
    judge_style(pass, findings);
    for (index, entry) in list(pass, "relevantDates").iter().enumerate() {
        let Value::Object(entry) = entry else { continue };
        let parent = Path::ROOT.key("relevantDates");
        judge_relevant_date(entry, &parent.index(index), findings);
    }
}

fn judge_places(pass: &Members<'_>, findings: &mut Findings) {
    let count = list(pass, "locations").len();
    if count > MOST_PLACES {
        findings.add(&rules::LOCATION_COUNT, &Path::ROOT.key("locations"), || {
            (format!("there are {count} locations"), "keep the 10 that matter")
        });
    }
    let uuids = || list(pass, "beacons").iter().filter_map(|beacon| beacon.get("proximityUUID")?.as_str());
    // Counting the beacons first saves the set: several may share one UUID.
    if uuids().count() > MOST_PLACES {
        let count = uuids().map(str::to_ascii_uppercase).collect::<HashSet<_>>().len();
        if count > MOST_PLACES {
            findings.add(&rules::BEACON_COUNT, &Path::ROOT.key("beacons"), || {
                (
                    format!("there are {count} beacon UUIDs"),
                    "keep 10, and tell beacons of one UUID apart by `major` and `minor`",
                )
            });
        }
    }
}

fn judge_past(pass: &Members<'_>, now: DateTime<Utc>, findings: &mut Findings) {
    let past = |key: &str| pass.get(key).and_then(instant).is_some_and(|instant| instant < now);
    // A pass that is void says so itself, and an end in the past goes with it.
    if past("expirationDate") && pass.get("voided") != Some(&Value::Bool(true)) {
        findings.add(&rules::EXPIRED, &Path::ROOT.key("expirationDate"), || {
            ("the pass has expired already", "write a date that is still to come")
        });
    }
    if pass.contains_key("generic") && past("relevantDate") {
        findings.add(&rules::EXPIRED, &Path::ROOT.key("relevantDate"), || {
            (
                "a generic pass moves to the expired ones about a day after this date, which is past",
                "leave it out, or write a date that is still to come",
            )
        });
    }
}

fn judge_style(pass: &Members<'_>, findings: &mut Findings) {
    let dated = pass.contains_key("relevantDate") || !list(pass, "relevantDates").is_empty();
    let placed = !list(pass, "locations").is_empty() || !list(pass, "beacons").is_empty();
    let shopping = pass.contains_key("coupon") || pass.contains_key("storeCard");
    if dated && !placed && shopping {
        let key = if pass.contains_key("relevantDate") { "relevantDate" } else { "relevantDates" };
        findings.add(&rules::RELEVANCE, &Path::ROOT.key(key), || {
            ("coupons and store cards come to the lock screen at a place, not at a time", "add `locations`")
        });
    }
}

fn judge_relevant_date(entry: &Map<String, Value>, path: &Path<'_>, findings: &mut Findings) {
    for (present, absent) in [("date", "relevantDate"), ("relevantDate", "date")] {
        if let Some(date) = entry.get(present)
            && !entry.contains_key(absent)
        {
            let reader = if absent == "date" { "iOS 26" } else { "iOS 18" };
            findings.add_fixable(&rules::RELEVANT_DATE_KEY, path, || {
                let fix = date.is_string().then(|| Fix::add(&path.key(absent), date.clone()));
                (
                    format!("{reader} does not see this date: it reads `{absent}`"),
                    format!("write the same date as `{present}` and as `{absent}`"),
                    fix,
                )
            });
        }
    }
    let advise = |findings: &mut Findings, key: &str, cause: String, mend: &str| {
        findings.add(&rules::RELEVANT_INTERVAL, &path.key(key), || (cause, mend));
    };
    match (entry.get("startDate"), entry.get("endDate")) {
        (Some(_), None) => {
            let mend = "add `endDate`, or write the one date as `date` and `relevantDate`";
            advise(findings, "endDate", "an interval starts and does not end".to_owned(), mend);
        }
        (None, Some(_)) => {
            advise(findings, "startDate", "an interval ends and does not start".to_owned(), "add `startDate`")
        }
        (Some(start), Some(end)) => {
            let (Some(from), Some(to)) = (instant(start), instant(end)) else { return };
            let end = shorten(end.as_str().unwrap_or_default());
            if to < from {
                advise(findings, "endDate", format!("the end, {end}, is before the start"), "swap the two");
            } else if to - from > TimeDelta::hours(24) {
                let cause = format!("the end, {end}, is more than 24 hours after the start");
                advise(findings, "endDate", cause, "write one interval for each day");
            }
        }
        (None, None) if !entry.contains_key("date") && !entry.contains_key("relevantDate") => {
            findings.add(&rules::RELEVANT_INTERVAL, path, || {
                ("the entry has no date", "write one as `date` and `relevantDate`, or `startDate` and `endDate`")
            });
        }
        (None, None) => {}
    }
}

fn list<'p>(pass: &Members<'p>, key: &str) -> &'p [Value] {
    pass.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn instant(value: &Value) -> Option<DateTime<Utc>> {
    Stamp::parse(value.as_str()?)?.instant()
}
