//! A boarding pass for a flight.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};
use serde_json::{Map, Value as Json};

use crate::import::kind::bcbp::{self, LegCode};
use crate::import::kind::page::pages;
use crate::import::kind::trip;
use crate::import::languages::Languages;
use crate::import::original::Original;
use crate::import::{value, words};
use crate::model::id::{AirportCode, CarrierCode, FlightNumber};
use crate::model::kind::flight::{Airport, Carrier, Flight, FlightStatus, FrequentFlyer};
use crate::model::role::Role;
use crate::model::text::Text;
use crate::model::zone::TimeZone;

/// Reads a flight, or says which facts are missing. Facts come from tags, then from fields, then from the barcode.
pub(super) fn read(original: &mut Original<'_>) -> Result<Flight, Vec<&'static str>> {
    let leg = barcode(original);
    let number = number(original);
    let coded = leg.as_ref().map(|leg| (leg.carrier.clone(), leg.number.clone()));
    let number = or_coded(original, number, coded, Role::Flight, "kind.flight.number");
    let [from_at, to_at] = trip::ends(original);
    let from = airport(original, Role::Origin, from_at, &FROM, leg.as_ref().map(|leg| &leg.from));
    let to = airport(original, Role::Destination, to_at, &TO, leg.as_ref().map(|leg| &leg.to));
    let zone = from.as_ref().and_then(|from| from.time_zone);
    let departs = departure(original, zone);
    let tag = original.tag("passengerName", "kind.flight.passenger", value::person);
    let name = original.field(Role::Passenger, "kind.flight.passenger", value::plain).map(Into::into);
    let coded = leg.as_ref().and_then(|leg| leg.passenger.clone());
    let passenger = or_coded(original, tag.or(name), coded, Role::Passenger, "kind.flight.passenger");

    let (Some((code, number)), Some(from), Some(to), Some(departs), Some(passenger)) =
        (&number, &from, &to, departs, &passenger)
    else {
        let facts = [
            (number.is_none(), "carrier and number (`airlineCode`, `flightNumber`)"),
            (from.is_none(), "the airport of departure (`departureAirportCode`)"),
            (to.is_none(), "the airport of arrival (`destinationAirportCode`)"),
            (departs.is_none(), "the departure (`originalDepartureDate`)"),
            (passenger.is_none(), "the passenger (`passengerName`)"),
        ];
        return Err(facts.into_iter().filter(|(is_missing, _)| *is_missing).map(|(_, fact)| fact).collect());
    };
    original.roles.extend([Role::Flight, Role::Origin, Role::Destination, Role::Departure, Role::Passenger]);
    let mut carrier = Carrier::new(code.clone());
    let provider = original.tag("transitProvider", "kind.flight.carrier.name", value::tag_text);
    // Beside the logo of some stands only what the pass is.
    let is_name = |text: &Text| !["boardingpass", "bordkarte"].contains(&words::plain(&text.default).as_str());
    carrier.name = provider.or_else(|| original.root_text("logoText").filter(is_name));
    let to_zone = to.time_zone;
    let mut flight = Flight::new(carrier, number.clone(), from.clone(), to.clone(), departs, passenger.clone());
    let day = Some(departs.date());
    for (role, tag, fact, zone, slot) in [
        (
            Role::EstimatedDeparture,
            "currentDepartureDate",
            "kind.flight.estimatedDeparture",
            zone,
            &mut flight.estimated_departure,
        ),
        (Role::Boarding, "originalBoardingDate", "kind.flight.boarding", zone, &mut flight.boarding),
        (Role::Arrival, "originalArrivalDate", "kind.flight.arrives", to_zone, &mut flight.arrives),
    ] {
        let at = original.tag(tag, fact, value::tag_instant).map(|at| local_of(at, zone));
        // A time without a day may be that of the day after, where the flight lands.
        let day = day.filter(|_| role != Role::Arrival);
        let shown = original.field(role, fact, |field, _| local(field, day, zone));
        if at.is_some() {
            original.roles.insert(role);
        }
        *slot = at.or(shown);
    }
    let tag = original.tag("transitStatus", "kind.flight.status", |json, _| status(json.as_str()?));
    let read_status = |field: &Map<String, Json>, languages: &Languages| status(&value::plain(field, languages)?);
    flight.status = original.either(tag, Role::Status, "kind.flight.status", read_status);
    let (seat, sequence, code) = leg.map(|leg| (leg.seat, leg.sequence, leg.confirmation)).unwrap_or_default();
    for (role, tag, fact, slot, coded) in [
        (Role::FareClass, "ticketFareClass", "kind.flight.fareClass", &mut flight.fare_class, None),
        (Role::BoardingGroup, "boardingGroup", "kind.flight.boardingGroup", &mut flight.boarding_group, None),
        (Role::Sequence, "boardingSequenceNumber", "kind.flight.sequence", &mut flight.sequence, sequence),
        (Role::Confirmation, "confirmationNumber", "kind.flight.confirmation", &mut flight.confirmation, code),
    ] {
        let tag = original.tag(tag, fact, value::tag_plain);
        let known = original.either(tag, role, fact, value::plain);
        *slot = or_coded(original, known, coded, role, fact);
    }
    let tag = seat_tag(original);
    let known = original.either(tag, Role::Seat, "kind.flight.seat", value::plain);
    flight.seat = or_coded(original, known, seat, Role::Seat, "kind.flight.seat");
    flight.ticket_number = original.field(Role::TicketNumber, "kind.flight.ticketNumber", value::plain);
    flight.frequent_flyer = frequent_flyer(original);
    flight.services = pages(original, "kind.flight.services");
    Ok(flight)
}

/// Gives a fact that is known, else what the barcode says of it.
fn or_coded<T>(
    original: &mut Original<'_>,
    known: Option<T>,
    coded: Option<T>,
    role: Role,
    fact: &'static str,
) -> Option<T> {
    if known.is_none() && coded.is_some() {
        original.roles.insert(role);
        let path = if original.root.contains_key("barcodes") { "barcodes" } else { "barcode" };
        original.account.remark(path, format!("{fact} is read from it, since nothing else says it"));
    }
    known.or(coded)
}

fn barcode(original: &Original<'_>) -> Option<LegCode> {
    let many = original.root.get("barcodes").and_then(Json::as_array).into_iter().flatten().take(5);
    let mut all = many.chain(original.root.get("barcode"));
    all.find_map(|barcode| bcbp::leg(barcode.get("message")?.as_str()?))
}

fn number(original: &mut Original<'_>) -> Option<(CarrierCode, FlightNumber)> {
    let carrier =
        original.tag("airlineCode", "kind.flight.carrier.code", |json, _| json.as_str()?.parse::<CarrierCode>().ok());
    let code =
        original.tag("flightCode", "kind.flight.number", |json, _| flight_code(json.as_str()?, carrier.as_ref()));
    let digits = original.tag("flightNumber", "kind.flight.number", |json, _| {
        let number = json.as_u64().map(|number| number.to_string()).or_else(|| json.as_str().map(str::to_owned))?;
        number.parse::<FlightNumber>().ok()
    });
    let tag = code.or(carrier.clone().zip(digits));
    let read = |field: &Map<String, Json>, languages: &Languages| {
        flight_code(&value::plain(field, languages)?, carrier.as_ref())
    };
    let field = original.field(Role::Flight, "kind.flight.number", read);
    tag.or(field)
}

/// Reads carrier and number in one: `XB 123`, `SWR0123`, and `123` where the carrier is known.
fn flight_code(text: &str, carrier: Option<&CarrierCode>) -> Option<(CarrierCode, FlightNumber)> {
    let code: String = text.chars().take(20).filter(|letter| !letter.is_whitespace()).collect();
    let known = carrier.and_then(|carrier| {
        let digits = code.strip_prefix(carrier.as_str()).unwrap_or(&code);
        Some((carrier.clone(), digits.parse().ok()?))
    });
    let split = |at: usize| Some((code.get(..at)?.parse().ok()?, code.get(at..)?.parse().ok()?));
    known.or_else(|| split(2)).or_else(|| split(3))
}

/// The facts and tags of one end of a flight.
struct End {
    code: [&'static str; 2],
    name: [&'static str; 2],
    city: [&'static str; 2],
    terminal: [&'static str; 2],
    gate: [&'static str; 2],
    zone: [&'static str; 3],
}

const FROM: End = End {
    code: ["departureAirportCode", "kind.flight.from.code"],
    name: ["departureAirportName", "kind.flight.from.name"],
    city: ["departureCityName", "kind.flight.from.city"],
    terminal: ["departureTerminal", "kind.flight.from.terminal"],
    gate: ["departureGate", "kind.flight.from.gate"],
    zone: ["departureLocationTimeZone", "departureAirportTimeZone", "kind.flight.from.timeZone"],
};

const TO: End = End {
    code: ["destinationAirportCode", "kind.flight.to.code"],
    name: ["destinationAirportName", "kind.flight.to.name"],
    city: ["destinationCityName", "kind.flight.to.city"],
    terminal: ["destinationTerminal", "kind.flight.to.terminal"],
    gate: ["destinationGate", "kind.flight.to.gate"],
    zone: ["destinationLocationTimeZone", "destinationAirportTimeZone", "kind.flight.to.timeZone"],
};

fn airport(
    original: &mut Original<'_>,
    role: Role,
    at: Option<usize>,
    end: &End,
    coded: Option<&AirportCode>,
) -> Option<Airport> {
    let text = |original: &mut Original<'_>, [tag, fact]: [&'static str; 2]| original.tag(tag, fact, value::tag_text);
    let [code_tag, code_fact] = end.code;
    let tag = original.tag(code_tag, code_fact, |json, _| json.as_str()?.parse::<AirportCode>().ok());
    let (name, city) = (text(original, end.name), text(original, end.city));
    let field = at.and_then(|at| original.fields.get(at));
    let shown = field.and_then(|field| value::plain(field.json, original.languages));
    let shown_code = shown.as_deref().and_then(|shown| shown.trim().parse::<AirportCode>().ok());
    let code = or_coded(original, tag.or(shown_code.clone()), coded.cloned(), role, code_fact)?;
    let mut airport = Airport::new(code);
    (airport.name, airport.city) = (name, city);
    if let Some(at) = at {
        read_end(original, role, at, end, shown_code.is_some(), &mut airport);
    }
    let is_from = role == Role::Origin;
    for (role, [tag, fact], slot) in
        [(Role::Terminal, end.terminal, &mut airport.terminal), (Role::Gate, end.gate, &mut airport.gate)]
    {
        let tag = original.tag(tag, fact, value::tag_plain);
        // The card shows gate and terminal of the departure alone.
        *slot = if is_from { original.either(tag, role, fact, value::plain) } else { tag };
    }
    let [tag, other, fact] = end.zone;
    let zone = |json: &Json, _: &Languages| json.as_str()?.parse::<TimeZone>().ok();
    let (documented, built) = (original.tag(tag, fact, zone), original.tag(other, fact, zone));
    airport.time_zone = documented.or(built);
    Some(airport)
}

/// Reads the field of an airport: its code under the name of the city, or the name of the city.
fn read_end(original: &mut Original<'_>, role: Role, at: usize, end: &End, shows_code: bool, airport: &mut Airport) {
    let Some(field) = original.fields.get(at) else { return };
    let [_, city_fact] = end.city;
    let label = trip::name_in_label(original, field, role);
    let shown = value::text(field.json, original.languages);
    let city: Option<Text> = if shows_code { label } else { shown };
    let [_, code_fact] = end.code;
    original.take(at, role, code_fact);
    original.word_change(at, role);
    match city {
        Some(city) if airport.name.as_ref() != Some(&city) && airport.city.is_none() => {
            airport.city = Some(city);
            original.consume(at, city_fact);
        }
        None if airport.name.is_none() && airport.city.is_none() => original.word(at, role),
        _ => {}
    }
}

fn departure(original: &mut Original<'_>, zone: Option<TimeZone>) -> Option<NaiveDateTime> {
    let fact = "kind.flight.departs";
    let tag = original.tag("originalDepartureDate", fact, value::tag_instant);
    let relevant = original.root.get("relevantDate").and_then(value::instant);
    let day = relevant.map(|at| local_of(at, zone).date());
    let field = original.field(Role::Departure, fact, |field, _| local(field, day, zone));
    if let Some(at) = tag.filter(|at| zone.is_none() && at.offset().local_minus_utc() == 0) {
        let what =
            format!("written by UTC ({}), and the airport has no time zone: check the local time", at.format("%H:%M"));
        original.account.remark("semantics.originalDepartureDate", what);
    }
    let known = tag.map(|at| local_of(at, zone)).or(field);
    if known.is_none() && relevant.is_some() {
        original.account.fact("relevantDate", fact);
        original.account.remark("relevantDate", "taken for the departure, since nothing else says it: check it");
    }
    known.or_else(|| relevant.map(|at| local_of(at, zone)))
}

/// Gives what the clock on the wall shows: by the zone of the airport, else by the offset that is written.
fn local_of(at: DateTime<FixedOffset>, zone: Option<TimeZone>) -> NaiveDateTime {
    let zone = zone.and_then(|zone| zone.name().parse::<chrono_tz::Tz>().ok());
    zone.map_or_else(|| at.naive_local(), |zone| at.with_timezone(&zone).naive_local())
}

/// Reads the local time that a field shows: an instant, a day with a time, or a time on a known day.
fn local(field: &Map<String, Json>, day: Option<NaiveDate>, zone: Option<TimeZone>) -> Option<NaiveDateTime> {
    let shown = field.get("value")?;
    if let Some(at) = value::instant(shown) {
        return Some(local_of(at, zone));
    }
    let text = shown.as_str().filter(|text| text.len() <= 40)?.trim();
    let whole = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
        .into_iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    let clock =
        || ["%H:%M", "%I:%M %p", "%I:%M%p"].into_iter().find_map(|form| NaiveTime::parse_from_str(text, form).ok());
    whole.or_else(|| Some(day?.and_time(clock()?)))
}

fn status(text: &str) -> Option<FlightStatus> {
    Some(match words::plain(text).as_str() {
        "intheair" | "active" | "departed" => FlightStatus::Active,
        "cancelled" | "canceled" | "annulliert" => FlightStatus::Cancelled,
        "diverted" => FlightStatus::Diverted,
        "landed" | "arrived" => FlightStatus::Landed,
        "redirected" => FlightStatus::Redirected,
        "scheduled" | "ontime" => FlightStatus::Scheduled,
        _ => return None,
    })
}

/// Reads the seat: its row and its letter, where the two are apart.
fn seat_tag(original: &mut Original<'_>) -> Option<String> {
    let row = original.entry_tag("seats", "seatRow", "kind.flight.seat");
    let number = original.entry_tag("seats", "seatNumber", "kind.flight.seat")?.default;
    let is_letter = number.bytes().all(|letter| letter.is_ascii_alphabetic());
    Some(row.filter(|_| is_letter).map(|row| row.default + &number).unwrap_or(number))
}

fn frequent_flyer(original: &mut Original<'_>) -> Option<FrequentFlyer> {
    let fact = "kind.flight.frequentFlyer.number";
    let program = original.tag("membershipProgramName", "kind.flight.frequentFlyer.program", value::tag_text);
    let tag = original.tag("membershipProgramNumber", fact, value::tag_plain);
    let at = original.candidates(Role::FrequentFlyer).first().copied();
    let field = at.and_then(|at| original.fields.get(at));
    let shown = field.and_then(|field| value::plain(field.json, original.languages));
    let label = field.filter(|field| !field.is_labelled_by_role(Role::FrequentFlyer)).and_then(|field| field.label());
    let label = label.map(|label| original.languages.text(label));
    let number = tag.or(shown)?;
    original.roles.insert(Role::FrequentFlyer);
    if let Some(at) = at {
        original.take(at, Role::FrequentFlyer, fact);
        if program.is_some() || label.is_some() {
            original.word_change(at, Role::FrequentFlyer);
            original.consume(at, "kind.flight.frequentFlyer.program");
        } else {
            original.word(at, Role::FrequentFlyer);
        }
    }
    let mut membership = FrequentFlyer::new(number);
    membership.program = program.or(label);
    Some(membership)
}
