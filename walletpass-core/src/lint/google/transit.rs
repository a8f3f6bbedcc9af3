//! The legs of a transit ticket, and its activation.

use serde_json::{Map, Value};

use super::Sheet;
use super::shape::{is_set, require};
use crate::lint::findings::Findings;
use crate::lint::path::Path;

/// Judges what a transit object needs depending on what else it and its class have.
pub(super) fn judge(sheet: &Sheet<'_>, findings: &mut Findings) {
    let path = Path::ROOT.key("object");
    if is_set(sheet.class, "activationOptions") && !is_set(sheet.object, "activationStatus") {
        let cause = "the class has `activationOptions`, so the object needs an `activationStatus`";
        require(cause, &path.key("activationStatus"), findings);
    }
    let dated = is_set(sheet.object, "validTimeInterval");
    if let Some(Value::Object(leg)) = sheet.object.get("ticketLeg") {
        judge_leg(leg, dated, &path.key("ticketLeg"), findings);
    }
    let path = path.key("ticketLegs");
    if let Some(Value::Array(legs)) = sheet.object.get("ticketLegs") {
        for (index, leg) in legs.iter().enumerate() {
            if let Value::Object(leg) = leg {
                judge_leg(leg, dated, &path.index(index), findings);
            }
        }
    }
}

fn judge_leg(leg: &Map<String, Value>, dated: bool, path: &Path<'_>, findings: &mut Findings) {
    let has = |key: &str| is_set(leg, key);
    if !dated && !has("departureDateTime") {
        let cause = "a leg needs a departure unless the object has a `validTimeInterval`";
        require(cause, &path.key("departureDateTime"), findings);
    }
    if !has("originStationCode") && (has("destinationStationCode") || !has("originName")) {
        let cause = "a leg needs an `originStationCode` if it has a `destinationStationCode`, or no `originName`";
        require(cause, &path.key("originStationCode"), findings);
    }
    // With neither name nor code the finding above is enough.
    if !has("originName") && has("destinationName") {
        require("a leg needs an `originName` if it has a `destinationName`", &path.key("originName"), findings);
    }
}
