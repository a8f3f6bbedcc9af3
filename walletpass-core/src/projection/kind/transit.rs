//! A ticket for a train, bus, tram or boat: Apple `boardingPass`, Google `transit`.

use serde_json::json;

use crate::model::kind::transit::{Station, Transit, TransitMode, TripType};
use crate::model::person::PersonName;
use crate::model::role::Role;
use crate::model::text::Text;
use crate::model::value::{DateStyle, DateValue, Value, ZoneRule};
use crate::projection::apple::{AppleDrawing, Place};
use crate::projection::format::{instant, set};
use crate::projection::google::{GoogleDrawing, members, money};

pub(in crate::projection) fn apple(facts: &Transit, sheet: &mut AppleDrawing<'_>) {
    let Transit {
        mode,
        operator,
        logo: _,
        trip,
        from,
        to,
        departs,
        arrives,
        platform,
        zone,
        coach,
        seat,
        fare_class,
        passenger,
        ticket_number,
        price,
        confirmation,
        restrictions,
    } = facts;
    let transit_type = match mode {
        TransitMode::Bus => "PKTransitTypeBus",
        TransitMode::Ferry => "PKTransitTypeBoat",
        TransitMode::Other | TransitMode::Tram => "PKTransitTypeGeneric",
        TransitMode::Rail => "PKTransitTypeTrain",
    };
    let is_rail = *mode == TransitMode::Rail;
    sheet.transit_type(transit_type);
    sheet.placed("kind.transit.mode", "boardingPass.transitType");
    sheet.logo_text("kind.transit.operator", operator);
    sheet.text_tag("kind.transit.operator", "transitProvider", operator);
    let direction = match trip {
        TripType::OneWay => "a boarding pass is for one way",
        TripType::RoundTrip => "Apple has no return ticket: issue a second pass of the same group for the way back",
    };
    sheet.lost("kind.transit.trip", direction);
    for (role, fact, code_fact, station, tags) in [
        (
            Role::Origin,
            "kind.transit.from",
            "kind.transit.from.code",
            from,
            ["departureStationName", "departureLocationDescription"],
        ),
        (
            Role::Destination,
            "kind.transit.to",
            "kind.transit.to.code",
            to,
            ["destinationStationName", "destinationLocationDescription"],
        ),
    ] {
        let Station { name, code } = station;
        let [rail_tag, any_tag] = tags;
        sheet.text_tag(fact, if is_rail { rail_tag } else { any_tag }, name);
        match code {
            // The code fits in large letters where the name often does not.
            Some(code) => {
                let at = sheet.labelled_field(Place::Primary, role, code_fact, Some(name), code.as_str());
                sheet.placed(fact, format!("{at}.label"));
            }
            None => {
                sheet.field(Place::Primary, role, fact, name);
            }
        }
    }
    let at_station = |at, day| {
        Value::Date(DateValue { at, style: day, time: DateStyle::Short, relative: false, zone: ZoneRule::Written })
    };
    if let Some(at) = departs {
        sheet.field(Place::Header, Role::Departure, "kind.transit.departs", at_station(*at, DateStyle::Short));
        sheet.tag("kind.transit.departs", "originalDepartureDate", instant(at));
        sheet.relevant("kind.transit.departs", *at);
    }
    if let Some(at) = arrives {
        sheet.field(Place::Auxiliary, Role::Arrival, "kind.transit.arrives", at_station(*at, DateStyle::None));
        sheet.tag("kind.transit.arrives", "originalArrivalDate", instant(at));
    }
    for (role, fact, rail_tag, value) in [
        (Role::Platform, "kind.transit.platform", Some("departurePlatform"), platform),
        (Role::Coach, "kind.transit.coach", Some("carNumber"), coach),
        (Role::Zone, "kind.transit.zone", None, zone),
    ] {
        let Some(value) = value else { continue };
        sheet.field(Place::Auxiliary, role, fact, value.as_str());
        if let Some(tag) = rail_tag.filter(|_| is_rail) {
            sheet.tag(fact, tag, value.as_str());
        }
    }
    if let Some(seat) = seat {
        sheet.field(Place::Auxiliary, Role::Seat, "kind.transit.seat", seat.as_str());
        sheet.entry_tag("kind.transit.seat", "seats", "seatNumber", &Text::new(seat.as_str()));
    }
    if let Some(name) = passenger {
        sheet.field(Place::Secondary, Role::Passenger, "kind.transit.passenger", name.to_string());
        sheet.passenger_tag("kind.transit.passenger", name);
    }
    if let Some(class) = fare_class {
        sheet.field(Place::Secondary, Role::FareClass, "kind.transit.fareClass", class);
    }
    if let Some(price) = price {
        sheet.field(Place::Back, Role::Price, "kind.transit.price", *price);
        let total = json!({ "amount": price.amount(), "currencyCode": price.currency.as_str() });
        sheet.tag("kind.transit.price", "totalPrice", total);
    }
    if let Some(number) = ticket_number {
        sheet.field(Place::Back, Role::TicketNumber, "kind.transit.ticketNumber", number.as_str());
    }
    if let Some(code) = confirmation {
        sheet.field(Place::Back, Role::Confirmation, "kind.transit.confirmation", code.as_str());
        sheet.tag("kind.transit.confirmation", "confirmationNumber", code.as_str());
    }
    if let Some(restrictions) = restrictions {
        sheet.field(Place::Back, Role::Restrictions, "kind.transit.restrictions", restrictions);
    }
}

pub(in crate::projection) fn google(facts: &Transit, sheet: &mut GoogleDrawing<'_>) {
    let Transit {
        mode,
        operator,
        logo: _,
        trip,
        from,
        to,
        departs,
        arrives,
        platform,
        zone,
        coach,
        seat,
        fare_class,
        passenger,
        ticket_number,
        price,
        confirmation,
        restrictions,
    } = facts;
    let transit_type = match mode {
        TransitMode::Bus => "BUS",
        TransitMode::Ferry => "FERRY",
        TransitMode::Other => "OTHER",
        TransitMode::Rail => "RAIL",
        TransitMode::Tram => "TRAM",
    };
    sheet.class("kind.transit.mode", "transitType", transit_type);
    let operator = sheet.localized(operator);
    sheet.class("kind.transit.operator", "transitOperatorName", operator);
    sheet.class_logos("logo", "wideLogo");
    let trip = match trip {
        TripType::OneWay => "ONE_WAY",
        TripType::RoundTrip => "ROUND_TRIP",
    };
    sheet.object("kind.transit.trip", "tripType", trip);
    for (fact, code_fact, station, [name_key, code_key]) in [
        ("kind.transit.from", "kind.transit.from.code", from, ["originName", "originStationCode"]),
        ("kind.transit.to", "kind.transit.to.code", to, ["destinationName", "destinationStationCode"]),
    ] {
        let Station { name, code } = station;
        let name = sheet.localized(name);
        sheet.object_member(fact, "ticketLeg", name_key, name);
        if let Some(code) = code {
            sheet.object_member(code_fact, "ticketLeg", code_key, code.as_str());
        }
    }
    for (fact, key, at) in
        [("kind.transit.departs", "departureDateTime", departs), ("kind.transit.arrives", "arrivalDateTime", arrives)]
    {
        if let Some(at) = at {
            sheet.object_member(fact, "ticketLeg", key, instant(at));
            sheet.front_date(format!("object.ticketLeg.{key}"), "DATE_TIME");
        }
    }
    for (fact, key, value) in [("kind.transit.platform", "platform", platform), ("kind.transit.zone", "zone", zone)] {
        if let Some(value) = value {
            sheet.object_member(fact, "ticketLeg", key, value.as_str());
            sheet.front(format!("object.ticketLeg.{key}"));
        }
    }
    let mut place = json!({});
    for (fact, key, value) in [("kind.transit.coach", "coach", coach), ("kind.transit.seat", "seat", seat)] {
        if let Some(value) = value {
            set(&mut place, key, value.as_str());
            sheet.placed(fact, format!("object.ticketLeg.ticketSeat.{key}"));
            sheet.front(format!("object.ticketLeg.ticketSeat.{key}"));
        }
    }
    if let Some(class) = fare_class {
        set(&mut place, "customFareClass", sheet.localized(class));
        sheet.placed("kind.transit.fareClass", "object.ticketLeg.ticketSeat.customFareClass");
    }
    if place.as_object().is_some_and(|place| !place.is_empty()) {
        sheet.ticket_seat(place);
    }
    if let Some(name) = passenger {
        sheet.object("kind.transit.passenger", "passengerNames", name.to_string());
        sheet.object_setting("passengerType", "SINGLE_PASSENGER");
        if matches!(name, PersonName::Parts { .. }) {
            sheet.note("kind.transit.passenger", "as one text");
        }
    }
    if let Some(number) = ticket_number {
        sheet.object("kind.transit.ticketNumber", "ticketNumber", number.as_str());
    }
    if let Some(price) = price {
        let cost = members([("purchasePrice", money(price))]);
        sheet.object_member("kind.transit.price", "purchaseDetails", "ticketCost", cost);
    }
    if let Some(code) = confirmation {
        sheet.object_member("kind.transit.confirmation", "purchaseDetails", "confirmationCode", code.as_str());
    }
    if let Some(restrictions) = restrictions {
        let restrictions = sheet.localized(restrictions);
        sheet.object_member("kind.transit.restrictions", "ticketRestrictions", "otherRestrictions", restrictions);
    }
    for (role, key, is_given) in [
        (Role::Coach, "customCoachLabel", coach.is_some()),
        (Role::Confirmation, "customConfirmationCodeLabel", confirmation.is_some()),
        (Role::FareClass, "customFareClassLabel", fare_class.is_some()),
        (Role::Platform, "customPlatformLabel", platform.is_some()),
        (Role::Price, "customPurchasePriceLabel", price.is_some()),
        (Role::Restrictions, "customOtherRestrictionsLabel", restrictions.is_some()),
        (Role::Seat, "customSeatLabel", seat.is_some()),
        (Role::TicketNumber, "customTicketNumberLabel", ticket_number.is_some()),
        (Role::Zone, "customZoneLabel", zone.is_some()),
    ] {
        if is_given {
            sheet.class_custom_label(role, key);
        }
    }
}
