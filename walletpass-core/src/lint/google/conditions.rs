//! What the descriptions of the schemas demand beyond types: fields that need or exclude each other.

use serde_json::{Map, Value};

use super::fields::Schema;
use super::shape::{is_set, require};
use super::{barcode, dates, flight, images, links, rules, texts};
use crate::lint::findings::Findings;
use crate::lint::path::Path;
use crate::lint::quote::shorten;

/// The most merchant locations on the class, and again on the object.
const MOST_LOCATIONS: usize = 10;

/// Schema and the fields that it needs, beyond those that the field table marks.
const NEEDED: [(&str, &[&str]); 6] = [
    ("AirportInfo", &["airportIataCode"]),
    ("EventVenue", &["name", "address"]),
    ("FlightHeader", &["carrier", "flightNumber"]),
    ("FrequentFlyerInfo", &["frequentFlyerNumber"]),
    ("LoyaltyPoints", &["balance"]),
    ("ValueAddedModuleData", &["header", "uri"]),
];

/// Schema, fields of which at most one is set, and whether one must be.
pub(super) type OneOf = (&'static str, &'static [&'static str], bool);

static ONE_OF: [OneOf; 15] = [
    ("CardRowTemplateInfo", &["oneItem", "twoItems", "threeItems"], true),
    ("EventDateTime", &["doorsOpenLabel", "customDoorsOpenLabel"], false),
    ("EventTicketClass", &["confirmationCodeLabel", "customConfirmationCodeLabel"], false),
    ("EventTicketClass", &["gateLabel", "customGateLabel"], false),
    ("EventTicketClass", &["rowLabel", "customRowLabel"], false),
    ("EventTicketClass", &["seatLabel", "customSeatLabel"], false),
    ("EventTicketClass", &["sectionLabel", "customSectionLabel"], false),
    ("FlightCarrier", &["carrierIataCode", "carrierIcaoCode"], true),
    ("LoyaltyPointsBalance", &["string", "int", "double", "money"], true),
    ("TemplateItem", &["firstValue", "predefinedItem"], false),
    ("TicketLeg", &["ticketSeat", "ticketSeats"], false),
    ("TicketSeat", &["fareClass", "customFareClass"], false),
    ("TransitObject", &["concessionCategory", "customConcessionCategory"], false),
    ("TransitObject", &["ticketLeg", "ticketLegs"], false),
    ("TransitObject", &["ticketStatus", "customTicketStatus"], false),
];

/// Lists the fields that a schema needs by its description.
pub(super) fn needed(schema: &str) -> &'static [&'static str] {
    NEEDED.iter().find(|(name, _)| *name == schema).map_or(&[], |(_, keys)| keys)
}

/// Lists the fields of a schema that exclude each other.
pub(super) fn one_of(schema: &str) -> impl Iterator<Item = &'static OneOf> {
    ONE_OF.iter().filter(move |(name, ..)| *name == schema)
}

/// Judges one object of a schema, whose fields have been judged one by one.
pub(super) fn judge(schema: &Schema, object: &Map<String, Value>, path: &Path<'_>, findings: &mut Findings) {
    let Schema { name: schema, needed, one_of, .. } = schema;
    for key in needed.iter().filter(|key| !is_set(object, key)) {
        findings.add(&rules::REQUIRED_FIELD, &path.key(key), || {
            (format!("{schema} needs `{key}`"), format!("give `{key}` a value"))
        });
    }
    for (_, keys, must) in one_of {
        judge_one_of(schema, keys, *must, object, path, findings);
    }
    links::judge(schema, object, path, findings);
    texts::judge(schema, object, path, findings);
    match *schema {
        "AirportInfo" | "FlightCarrier" | "FlightHeader" => flight::judge(schema, object, path, findings),
        "AppLinkDataAppLinkInfoAppTarget" => {
            if let Some(Value::Object(uri)) = object.get("targetUri")
                && !is_set(uri, "description")
                && !is_set(uri, "localizedDescription")
            {
                require("a `targetUri` needs a `description`", &path.key("targetUri").key("description"), findings);
            }
        }
        "Barcode" => barcode::judge(object, path, findings),
        "EventDateTime" => dates::judge_order(object, ["start", "end"], path, findings),
        "GiftCardObject" => dates::judge_balance(object, path, findings),
        "GenericObject" => dates::judge_reminders(object, path, findings),
        "Image" => images::judge(object, path, findings),
        "MerchantLocation" => judge_merchant_location(object, path, findings),
        "TemplateItem" if is_set(object, "secondValue") && !is_set(object, "firstValue") => {
            require("a `secondValue` needs a `firstValue` before it", &path.key("firstValue"), findings);
        }
        "TextModuleData" => judge_text_module(object, path, findings),
        "TimeInterval" => dates::judge_interval(object, path, findings),
        _ => {}
    }
    if schema.ends_with("Class") || schema.ends_with("Object") {
        judge_root(object, path, findings);
    }
}

fn judge_one_of(
    schema: &str,
    keys: &[&str],
    must: bool,
    object: &Map<String, Value>,
    path: &Path<'_>,
    findings: &mut Findings,
) {
    let count = keys.iter().filter(|key| is_set(object, key)).count();
    if count > 1 || (must && count == 0) {
        findings.add(&rules::ONE_OF, path, || {
            let names = keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
            let least = if must { "exactly" } else { "at most" };
            (format!("{schema} has {count} of {names}"), format!("keep {least} one of them"))
        });
    }
}

/// The fields that classes and objects share.
fn judge_root(object: &Map<String, Value>, path: &Path<'_>, findings: &mut Findings) {
    if let Some(Value::String(text)) = object.get("hexBackgroundColor")
        && !is_color(text)
    {
        findings.add(&rules::COLOR, &path.key("hexBackgroundColor"), || {
            (
                format!("\"{}\" is not a colour that Google reads", shorten(text)),
                "write `#rrggbb`, six hexadecimal digits",
            )
        });
    }
    if let Some(Value::Array(list)) = object.get("merchantLocations")
        && list.len() > MOST_LOCATIONS
    {
        findings.add(&rules::MERCHANT_LOCATION, &path.key("merchantLocations"), || {
            (
                format!("there are {} merchant locations, and Google refuses the 11th", list.len()),
                "keep the 10 that matter",
            )
        });
    }
}

fn judge_merchant_location(object: &Map<String, Value>, path: &Path<'_>, findings: &mut Findings) {
    for (key, most) in [("latitude", 90.0), ("longitude", 180.0)] {
        let good = match object.get(key) {
            Some(Value::Number(number)) => number.as_f64().is_some_and(|degrees| degrees.abs() <= most),
            None | Some(Value::Null) => false,
            Some(_) => true, // The type is reported already.
        };
        if !good {
            findings.add(&rules::MERCHANT_LOCATION, &path.key(key), || {
                (format!("the {key} is missing or beyond ±{most}"), format!("write degrees from -{most} to {most}"))
            });
        }
    }
}

fn judge_text_module(object: &Map<String, Value>, path: &Path<'_>, findings: &mut Findings) {
    let Some(Value::String(id)) = object.get("id") else { return };
    if !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')) {
        findings.add(&rules::TEXT_MODULE_ID, &path.key("id"), || {
            (
                format!(
                    "\"{}\" has other characters than letters, digits, `_` and `-`, so no card row finds it",
                    shorten(id)
                ),
                "write `_` for them",
            )
        });
    }
}

fn is_color(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|hex| matches!(hex.len(), 3 | 6) && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
