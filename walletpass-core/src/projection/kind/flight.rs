//! A boarding pass for a flight: Apple `boardingPass`, Google `flight`.

use chrono::NaiveDateTime;
use serde_json::json;

use crate::model::kind::flight::{Airport, Carrier, Flight, FlightStatus, FrequentFlyer};
use crate::model::person::PersonName;
use crate::model::role::Role;
use crate::model::text::Text;
use crate::model::value::{DateStyle, DateValue, Value, ZoneRule};
use crate::projection::apple::{AppleDrawing, Place};
use crate::projection::format::{instant, set};
use crate::projection::google::{GoogleDrawing, members};
use crate::projection::look::SEMANTIC;

pub(in crate::projection) fn apple(facts: &Flight, sheet: &mut AppleDrawing<'_>) {
    let Flight {
        carrier: Carrier { code, name, logo: _ },
        number,
        from,
        to,
        departs,
        arrives,
        boarding,
        estimated_departure,
        status,
        passenger,
        confirmation,
        ticket_number,
        seat,
        fare_class,
        boarding_group,
        sequence,
        frequent_flyer,
        services,
    } = facts;
    sheet.transit_type("PKTransitTypeAir");
    let at = sheet.field(Place::Auxiliary, Role::Flight, "kind.flight.number", format!("{code} {number}"));
    sheet.placed("kind.flight.carrier.code", at);
    sheet.tag("kind.flight.carrier.code", "airlineCode", code.as_str());
    sheet.tag("kind.flight.number", "flightCode", format!("{code}{number}"));
    if let Ok(digits) = number.as_str().parse::<u32>() {
        sheet.tag("kind.flight.number", "flightNumber", digits);
    }
    if let Some(name) = name {
        sheet.logo_text("kind.flight.carrier.name", name);
        sheet.text_tag("kind.flight.carrier.name", "transitProvider", name);
    }
    airport(sheet, Role::Origin, from, &DEPARTURE);
    airport(sheet, Role::Destination, to, &DESTINATION);

    // Apple wants instants: the clock on the wall and the time zone of the airport give them.
    for (place, role, fact, tag, local, zone, style) in [
        (
            Place::Auxiliary,
            Role::Departure,
            "kind.flight.departs",
            "originalDepartureDate",
            Some(departs),
            from.time_zone,
            DateStyle::Short,
        ),
        (
            Place::Auxiliary,
            Role::EstimatedDeparture,
            "kind.flight.estimatedDeparture",
            "currentDepartureDate",
            estimated_departure.as_ref(),
            from.time_zone,
            DateStyle::None,
        ),
        (
            Place::Auxiliary,
            Role::Boarding,
            "kind.flight.boarding",
            "originalBoardingDate",
            boarding.as_ref(),
            from.time_zone,
            DateStyle::None,
        ),
        (
            Place::Back,
            Role::Arrival,
            "kind.flight.arrives",
            "originalArrivalDate",
            arrives.as_ref(),
            to.time_zone,
            DateStyle::Short,
        ),
    ] {
        let Some(local) = local else { continue };
        match zone {
            Some(zone) => {
                let at = zone.instant(*local);
                let shown = DateValue { at, style, time: DateStyle::Short, relative: false, zone: ZoneRule::Written };
                sheet.field(place, role, fact, Value::Date(shown));
                sheet.tag(fact, tag, instant(&at));
                if role == Role::Departure {
                    sheet.relevant(fact, at);
                }
            }
            None => {
                let format = if style == DateStyle::None { "%H:%M" } else { "%Y-%m-%d %H:%M" };
                sheet.field(place, role, fact, local.format(format).to_string());
                sheet.note(fact, "as plain text: give the airport its time zone for reminders and live times");
                sheet.warn_of_time_zone(if place == Place::Back { "kind.flight.to" } else { "kind.flight.from" });
            }
        }
    }
    if let Some(status) = status {
        let words = match status {
            FlightStatus::Active => "In the air",
            FlightStatus::Cancelled => "Cancelled",
            FlightStatus::Diverted => "Diverted",
            FlightStatus::Landed => "Landed",
            FlightStatus::Redirected => "Redirected",
            FlightStatus::Scheduled => "Scheduled",
        };
        sheet.tag("kind.flight.status", "transitStatus", words);
        // That all goes as planned needs no room on the card.
        if *status != FlightStatus::Scheduled {
            sheet.field(Place::Header, Role::Status, "kind.flight.status", words);
        }
    }
    sheet.field(Place::Secondary, Role::Passenger, "kind.flight.passenger", passenger.to_string());
    sheet.passenger_tag("kind.flight.passenger", passenger);
    for (place, role, fact, tag, value) in [
        (Place::Secondary, Role::FareClass, "kind.flight.fareClass", "ticketFareClass", fare_class),
        (Place::Secondary, Role::BoardingGroup, "kind.flight.boardingGroup", "boardingGroup", boarding_group),
        (Place::Secondary, Role::Sequence, "kind.flight.sequence", "boardingSequenceNumber", sequence),
        (Place::Back, Role::Confirmation, "kind.flight.confirmation", "confirmationNumber", confirmation),
    ] {
        if let Some(value) = value {
            sheet.field(place, role, fact, value.as_str());
            sheet.tag(fact, tag, value.as_str());
        }
    }
    if let Some(seat) = seat {
        sheet.field(Place::Header, Role::Seat, "kind.flight.seat", seat.as_str());
        sheet.entry_tag("kind.flight.seat", "seats", "seatNumber", &Text::new(seat.as_str()));
    }
    if let Some(number) = ticket_number {
        sheet.field(Place::Back, Role::TicketNumber, "kind.flight.ticketNumber", number.as_str());
    }
    if let Some(FrequentFlyer { number, program }) = frequent_flyer {
        let fact = "kind.flight.frequentFlyer.number";
        let at = sheet.labelled_field(Place::Back, Role::FrequentFlyer, fact, program.as_ref(), number.as_str());
        sheet.tag(fact, "membershipProgramNumber", number.as_str());
        if let Some(program) = program {
            sheet.placed("kind.flight.frequentFlyer.program", format!("{at}.label"));
            sheet.text_tag("kind.flight.frequentFlyer.program", "membershipProgramName", program);
        }
    }
    for (service, url) in services {
        let fact = format!("kind.flight.services.{}", service.name());
        sheet.page(SEMANTIC, fact, (service.name(), service.apple_key(), service.label()), url);
    }
}

pub(in crate::projection) fn google(facts: &Flight, sheet: &mut GoogleDrawing<'_>) {
    let Flight {
        carrier: Carrier { code, name, logo: _ },
        number,
        from,
        to,
        departs,
        arrives,
        boarding,
        estimated_departure,
        status,
        passenger,
        confirmation,
        ticket_number,
        seat,
        fare_class,
        boarding_group,
        sequence,
        frequent_flyer,
        services,
    } = facts;
    let code_key = if code.is_iata() { "carrierIataCode" } else { "carrierIcaoCode" };
    let mut carrier = json!({ code_key: code.as_str() });
    sheet.placed("kind.flight.carrier.code", format!("class.flightHeader.carrier.{code_key}"));
    if let Some(name) = name {
        set(&mut carrier, "airlineName", sheet.localized(name));
        sheet.placed("kind.flight.carrier.name", "class.flightHeader.carrier.airlineName");
    }
    sheet.logos("airlineLogo", "wideAirlineLogo", |sheet, fact, key, image| {
        set(&mut carrier, key, image);
        sheet.placed(fact, format!("class.flightHeader.carrier.{key}"));
    });
    let header = members([("carrier", carrier), ("flightNumber", number.as_str().into())]);
    sheet.class_setting("flightHeader", header);
    sheet.placed("kind.flight.number", "class.flightHeader.flightNumber");
    for (end, airport, facts) in [("origin", from, &DEPARTURE), ("destination", to, &DESTINATION)] {
        let Airport { code, name, city, terminal, gate, time_zone } = airport;
        sheet.class_member(facts.code.fact, end, "airportIataCode", code.as_str());
        if let Some(name) = name {
            let name = sheet.localized(name);
            sheet.class_member(facts.name.fact, end, "airportNameOverride", name);
        }
        for (fact, key, value) in [(facts.terminal.fact, "terminal", terminal), (facts.gate.fact, "gate", gate)] {
            if let Some(value) = value {
                sheet.class_member(fact, end, key, value.as_str());
                if end == "origin" {
                    sheet.front(format!("class.origin.{key}"));
                }
            }
        }
        if city.is_some() {
            sheet.lost(facts.city.fact, "Google knows the city of an airport");
        }
        if time_zone.is_some() {
            sheet.lost(facts.time_zone.fact, "Google knows the time zone of an airport");
        }
    }
    for (fact, key, local) in [
        ("kind.flight.departs", "localScheduledDepartureDateTime", Some(departs)),
        ("kind.flight.arrives", "localScheduledArrivalDateTime", arrives.as_ref()),
        ("kind.flight.boarding", "localBoardingDateTime", boarding.as_ref()),
        ("kind.flight.estimatedDeparture", "localEstimatedOrActualDepartureDateTime", estimated_departure.as_ref()),
    ] {
        if let Some(local) = local {
            sheet.class(fact, key, wall_clock(local));
        }
    }
    if boarding.is_some() {
        sheet.front_date("class.localBoardingDateTime", "TIME_ONLY");
    }
    if let Some(status) = status {
        let status = match status {
            FlightStatus::Active => "ACTIVE",
            FlightStatus::Cancelled => "CANCELLED",
            FlightStatus::Diverted => "DIVERTED",
            FlightStatus::Landed => "LANDED",
            FlightStatus::Redirected => "REDIRECTED",
            FlightStatus::Scheduled => "SCHEDULED",
        };
        sheet.class("kind.flight.status", "flightStatus", status);
    }
    sheet.object("kind.flight.passenger", "passengerName", passenger.to_string());
    if matches!(passenger, PersonName::Parts { .. }) {
        sheet.note("kind.flight.passenger", "as one text");
    }
    // Demanded, though nothing in it is.
    sheet.object_setting("reservationInfo", json!({}));
    if let Some(code) = confirmation {
        sheet.object_member("kind.flight.confirmation", "reservationInfo", "confirmationCode", code.as_str());
    }
    if let Some(number) = ticket_number {
        sheet.object_member("kind.flight.ticketNumber", "reservationInfo", "eticketNumber", number.as_str());
    }
    if let Some(FrequentFlyer { number, program }) = frequent_flyer {
        let mut info = json!({ "frequentFlyerNumber": number });
        if let Some(program) = program {
            set(&mut info, "frequentFlyerProgramName", sheet.localized(program));
            sheet.placed(
                "kind.flight.frequentFlyer.program",
                "object.reservationInfo.frequentFlyerInfo.frequentFlyerProgramName",
            );
        }
        sheet.object_member("kind.flight.frequentFlyer.number", "reservationInfo", "frequentFlyerInfo", info);
    }
    for (fact, key, value) in [
        ("kind.flight.seat", "seatNumber", seat),
        ("kind.flight.fareClass", "seatClass", fare_class),
        ("kind.flight.boardingGroup", "boardingGroup", boarding_group),
        ("kind.flight.sequence", "sequenceNumber", sequence),
    ] {
        if let Some(value) = value {
            sheet.object_member(fact, "boardingAndSeatingInfo", key, value.as_str());
            sheet.front(format!("object.boardingAndSeatingInfo.{key}"));
        }
    }
    for (service, url) in services {
        sheet.page(format!("kind.flight.services.{}", service.name()), service.name(), service.label(), url);
    }
}

/// A fact of an airport and the semantic tag it fills.
struct Tagged {
    fact: &'static str,
    tag: &'static str,
}

/// The facts of one end of a flight.
struct End {
    code: Tagged,
    name: Tagged,
    city: Tagged,
    terminal: Tagged,
    gate: Tagged,
    time_zone: Tagged,
    /// Apple's own library spells the zone differently from its documentation, so both are written.
    time_zone_of_pass_builder: &'static str,
}

const DEPARTURE: End = End {
    code: Tagged { fact: "kind.flight.from.code", tag: "departureAirportCode" },
    name: Tagged { fact: "kind.flight.from.name", tag: "departureAirportName" },
    city: Tagged { fact: "kind.flight.from.city", tag: "departureCityName" },
    terminal: Tagged { fact: "kind.flight.from.terminal", tag: "departureTerminal" },
    gate: Tagged { fact: "kind.flight.from.gate", tag: "departureGate" },
    time_zone: Tagged { fact: "kind.flight.from.timeZone", tag: "departureLocationTimeZone" },
    time_zone_of_pass_builder: "departureAirportTimeZone",
};

const DESTINATION: End = End {
    code: Tagged { fact: "kind.flight.to.code", tag: "destinationAirportCode" },
    name: Tagged { fact: "kind.flight.to.name", tag: "destinationAirportName" },
    city: Tagged { fact: "kind.flight.to.city", tag: "destinationCityName" },
    terminal: Tagged { fact: "kind.flight.to.terminal", tag: "destinationTerminal" },
    gate: Tagged { fact: "kind.flight.to.gate", tag: "destinationGate" },
    time_zone: Tagged { fact: "kind.flight.to.timeZone", tag: "destinationLocationTimeZone" },
    time_zone_of_pass_builder: "destinationAirportTimeZone",
};

fn airport(sheet: &mut AppleDrawing<'_>, role: Role, airport: &Airport, facts: &End) {
    let Airport { code, name, city, terminal, gate, time_zone } = airport;
    let is_origin = role == Role::Origin;
    let label = city.as_ref().or(name.as_ref());
    match label {
        Some(label) => {
            let at = sheet.labelled_field(Place::Primary, role, facts.code.fact, Some(label), code.as_str());
            let fact = if city.is_some() { facts.city.fact } else { facts.name.fact };
            sheet.placed(fact, format!("{at}.label"));
        }
        None => {
            sheet.field(Place::Primary, role, facts.code.fact, code.as_str());
        }
    }
    sheet.tag(facts.code.fact, facts.code.tag, code.as_str());
    for (Tagged { fact, tag }, text) in [(&facts.name, name), (&facts.city, city)] {
        if let Some(text) = text {
            sheet.text_tag(fact, tag, text);
        }
    }
    for (role, Tagged { fact, tag }, value) in
        [(Role::Terminal, &facts.terminal, terminal), (Role::Gate, &facts.gate, gate)]
    {
        let Some(value) = value else { continue };
        sheet.tag(*fact, tag, value.as_str());
        if is_origin {
            let place = if role == Role::Gate { Place::Header } else { Place::Auxiliary };
            sheet.field(place, role, fact, value.as_str());
        }
    }
    if let Some(zone) = time_zone {
        sheet.tag(facts.time_zone.fact, facts.time_zone.tag, zone.name());
        sheet.tag(facts.time_zone.fact, facts.time_zone_of_pass_builder, zone.name());
    }
}

/// Writes a local time as Google takes it: without an offset.
fn wall_clock(local: &NaiveDateTime) -> String {
    local.format("%Y-%m-%dT%H:%M:%S").to_string()
}
