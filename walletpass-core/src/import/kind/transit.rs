//! A ticket for a train, bus or boat.

use serde_json::Value as Json;

use crate::import::art::Pictures;
use crate::import::kind::{name_of_pass, trip};
use crate::import::original::Original;
use crate::import::value;
use crate::model::kind::transit::{Station, Transit, TransitMode, TripType};
use crate::model::role::Role;
use crate::model::text::Text;

/// Reads a ticket, or says which facts are missing.
pub(super) fn read(original: &mut Original<'_>, art: &mut Pictures) -> Result<Transit, Vec<&'static str>> {
    let mode = match original.body.get("transitType").and_then(Json::as_str) {
        Some("PKTransitTypeBoat") => TransitMode::Ferry,
        Some("PKTransitTypeBus") => TransitMode::Bus,
        Some("PKTransitTypeTrain") => TransitMode::Rail,
        _ => TransitMode::Other,
    };
    let [from_at, to_at] = trip::ends(original);
    let from = station(original, Role::Origin, from_at, &FROM);
    let to = station(original, Role::Destination, to_at, &TO);
    let (from, to) = match (from, to) {
        (Some(from), Some(to)) => (from, to),
        (None, Some(_)) => return Err(vec!["where the trip begins"]),
        (Some(_), None) => return Err(vec!["where the trip ends"]),
        (None, None) => return Err(vec!["where the trip begins", "where it ends"]),
    };
    let tag = original.tag("transitProvider", "kind.transit.operator", value::tag_text);
    let operator = tag.or_else(|| original.root_text("logoText")).or_else(|| original.root_text("organizationName"));
    let operator = operator.unwrap_or_else(|| name_of_pass(original));
    let logo = art.logo("kind.transit.logo", &mut original.account);
    let mut ticket = Transit::new(mode, operator, logo, TripType::OneWay, "", "");
    (ticket.from, ticket.to) = (from, to);

    let tag = original.tag("originalDepartureDate", "kind.transit.departs", value::tag_instant);
    let tag = tag.or_else(|| original.tag("currentDepartureDate", "kind.transit.departs", value::tag_instant));
    ticket.departs = original.either(tag, Role::Departure, "kind.transit.departs", value::moment);
    if ticket.departs.is_none()
        && let Some(at) = original.root.get("relevantDate").and_then(value::instant)
    {
        ticket.departs = Some(at);
        original.roles.insert(Role::Departure);
        original.account.fact("relevantDate", "kind.transit.departs");
        original.account.remark("relevantDate", "taken for the departure, since nothing else says it: check it");
    }
    let tag = original.tag("originalArrivalDate", "kind.transit.arrives", value::tag_instant);
    ticket.arrives = original.either(tag, Role::Arrival, "kind.transit.arrives", value::moment);
    let tag = original.tag("departurePlatform", "kind.transit.platform", value::tag_plain);
    ticket.platform = original.either(tag, Role::Platform, "kind.transit.platform", value::plain);
    ticket.zone = original.field(Role::Zone, "kind.transit.zone", value::plain);
    let tag = original.tag("carNumber", "kind.transit.coach", value::tag_plain);
    ticket.coach = original.either(tag, Role::Coach, "kind.transit.coach", value::plain);
    let tag = original.entry_tag("seats", "seatNumber", "kind.transit.seat").map(|seat| seat.default);
    ticket.seat = original.either(tag, Role::Seat, "kind.transit.seat", value::plain);
    ticket.fare_class = original.field(Role::FareClass, "kind.transit.fareClass", value::text);
    let tag = original.tag("passengerName", "kind.transit.passenger", value::person);
    let name = original.field(Role::Passenger, "kind.transit.passenger", value::plain).map(Into::into);
    ticket.passenger = tag.or(name);
    ticket.ticket_number = original.field(Role::TicketNumber, "kind.transit.ticketNumber", value::plain);
    let tag = original.tag("totalPrice", "kind.transit.price", value::tag_money);
    ticket.price = original.either(tag, Role::Price, "kind.transit.price", value::money);
    let tag = original.tag("confirmationNumber", "kind.transit.confirmation", value::tag_plain);
    ticket.confirmation = original.either(tag, Role::Confirmation, "kind.transit.confirmation", value::plain);
    ticket.restrictions = original.field(Role::Restrictions, "kind.transit.restrictions", value::text);
    Ok(ticket)
}

/// The facts and tags of one end of a trip.
struct End {
    fact: &'static str,
    code_fact: &'static str,
    tags: [&'static str; 3],
}

const FROM: End = End {
    fact: "kind.transit.from",
    code_fact: "kind.transit.from.code",
    tags: ["departureStationName", "departureLocationDescription", "departureCityName"],
};

const TO: End = End {
    fact: "kind.transit.to",
    code_fact: "kind.transit.to.code",
    tags: ["destinationStationName", "destinationLocationDescription", "destinationCityName"],
};

/// Reads a station: from its tag, and from a field that shows its name, or its code under its name.
fn station(original: &mut Original<'_>, role: Role, at: Option<usize>, end: &End) -> Option<Station> {
    let End { fact, code_fact, tags } = end;
    let tag = tags.iter().find_map(|tag| original.tag(tag, fact, value::tag_text));
    let field = at.and_then(|at| original.fields.get(at));
    let shown = field.and_then(|field| value::text(field.json, original.languages));
    let label = field.and_then(|field| trip::name_in_label(original, field, role));
    let is_code = |text: &Text| {
        let code = &text.default;
        (2..=6).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    };
    let (name, code) = match (tag, shown, label) {
        (Some(name), Some(shown), label) if shown != name && (is_code(&shown) || label.as_ref() == Some(&name)) => {
            (name, Some(shown))
        }
        (None, Some(shown), Some(label)) if is_code(&shown) => (label, Some(shown)),
        (Some(name), _, _) | (None, Some(name), _) => (name, None),
        (None, None, _) => return None,
    };
    original.roles.insert(role);
    if let Some(at) = at.filter(|at| original.fields.get(*at).is_some()) {
        original.take(at, role, fact);
        if code.is_some() {
            original.consume(at, *code_fact);
            original.word_change(at, role);
        } else {
            original.word(at, role);
        }
    }
    let mut station = Station::new(name);
    station.code = code.map(|code| code.default);
    Some(station)
}
