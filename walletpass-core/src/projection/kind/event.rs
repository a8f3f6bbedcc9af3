//! An event ticket: Apple `eventTicket`, Google `eventTicket`.

use serde_json::json;

use crate::model::kind::event::{Event, EventCategory, Seat, Venue};
use crate::model::role::Role;
use crate::model::value::{DateStyle, DateValue, Value, ZoneRule};
use crate::projection::apple::{AppleDrawing, Place};
use crate::projection::format::instant;
use crate::projection::google::{GoogleDrawing, money};

pub(in crate::projection) fn apple(facts: &Event, sheet: &mut AppleDrawing<'_>) {
    let Event {
        name,
        category,
        venue,
        doors,
        start,
        end,
        seat,
        holder,
        ticket_number,
        ticket_type,
        face_value,
        confirmation,
    } = facts;
    sheet.field(Place::Primary, Role::Name, "kind.event.name", name.clone());
    sheet.text_tag("kind.event.name", "eventName", name);
    let category = match category {
        EventCategory::Conference => "PKEventTypeConference",
        EventCategory::Convention => "PKEventTypeConvention",
        EventCategory::Generic => "PKEventTypeGeneric",
        EventCategory::LivePerformance => "PKEventTypeLivePerformance",
        EventCategory::Movie => "PKEventTypeMovie",
        EventCategory::SocialGathering => "PKEventTypeSocialGathering",
        EventCategory::Sports => "PKEventTypeSports",
        EventCategory::Workshop => "PKEventTypeWorkshop",
    };
    sheet.tag("kind.event.category", "eventType", category);
    let at_venue = |at, day| {
        Value::Date(DateValue { at, style: day, time: DateStyle::Short, relative: false, zone: ZoneRule::Written })
    };
    if let Some(at) = start {
        sheet.field(Place::Secondary, Role::Start, "kind.event.start", at_venue(*at, DateStyle::Medium));
        sheet.tag("kind.event.start", "eventStartDate", instant(at));
        sheet.relevant("kind.event.start", *at);
    }
    if let Some(Venue { name, address, place }) = venue {
        sheet.field(Place::Secondary, Role::Venue, "kind.event.venue.name", name.clone());
        sheet.text_tag("kind.event.venue.name", "venueName", name);
        if let Some(address) = address {
            sheet.labelled_back("_venueAddress", "kind.event.venue.address", name, address);
        }
        if let Some(place) = place {
            let location = json!({ "latitude": place.latitude, "longitude": place.longitude });
            sheet.tag("kind.event.venue.place", "venueLocation", location);
            if place.text.is_some() || place.altitude.is_some() {
                sheet.note("kind.event.venue.place", "without text and altitude");
            }
        }
    }
    let Seat { section, row, number, gate } = seat;
    for (role, fact, tag, value) in [
        (Role::Section, "kind.event.seat.section", "seatSection", section),
        (Role::Row, "kind.event.seat.row", "seatRow", row),
        (Role::Seat, "kind.event.seat.number", "seatNumber", number),
    ] {
        if let Some(value) = value {
            sheet.field(Place::Auxiliary, role, fact, value.clone());
            sheet.entry_tag(fact, "seats", tag, value);
        }
    }
    if let Some(gate) = gate {
        sheet.field(Place::Auxiliary, Role::Gate, "kind.event.seat.gate", gate.clone());
        sheet.text_tag("kind.event.seat.gate", "venueEntranceGate", gate);
    }
    if let Some(at) = doors {
        sheet.field(Place::Header, Role::Doors, "kind.event.doors", at_venue(*at, DateStyle::None));
        sheet.tag("kind.event.doors", "venueDoorsOpenDate", instant(at));
    }
    if let Some(at) = end {
        sheet.field(Place::Back, Role::End, "kind.event.end", at_venue(*at, DateStyle::Medium));
        sheet.tag("kind.event.end", "eventEndDate", instant(at));
    }
    if let Some(name) = holder {
        sheet.field(Place::Secondary, Role::Holder, "kind.event.holder", name.as_str());
        sheet.tag("kind.event.holder", "attendeeName", name.as_str());
    }
    if let Some(ticket_type) = ticket_type {
        sheet.field(Place::Secondary, Role::TicketType, "kind.event.ticketType", ticket_type.clone());
        sheet.text_tag("kind.event.ticketType", "admissionLevel", ticket_type);
    }
    if let Some(number) = ticket_number {
        sheet.field(Place::Back, Role::TicketNumber, "kind.event.ticketNumber", number.as_str());
    }
    if let Some(price) = face_value {
        sheet.field(Place::Back, Role::FaceValue, "kind.event.faceValue", *price);
        let total = json!({ "amount": price.amount(), "currencyCode": price.currency.as_str() });
        sheet.tag("kind.event.faceValue", "totalPrice", total);
    }
    if let Some(code) = confirmation {
        sheet.field(Place::Back, Role::Confirmation, "kind.event.confirmation", code.as_str());
    }
}

pub(in crate::projection) fn google(facts: &Event, sheet: &mut GoogleDrawing<'_>) {
    let Event {
        name,
        category: _,
        venue,
        doors,
        start,
        end,
        seat,
        holder,
        ticket_number,
        ticket_type,
        face_value,
        confirmation,
    } = facts;
    let event_name = sheet.localized(name);
    sheet.class("kind.event.name", "eventName", event_name);
    sheet.lost("kind.event.category", "Google does not ask what sort of event it is");
    sheet.class_logos("logo", "wideLogo");
    for (fact, member, at) in
        [("kind.event.doors", "doorsOpen", doors), ("kind.event.start", "start", start), ("kind.event.end", "end", end)]
    {
        if let Some(at) = at {
            sheet.class_member(fact, "dateTime", member, instant(at));
        }
    }
    if start.is_some() {
        sheet.front_date("class.dateTime.start", "DATE_TIME");
    }
    match venue {
        Some(Venue { name, address: Some(address), place: _ }) => {
            let (name, address) = (sheet.localized(name), sheet.localized(address));
            sheet.class_member("kind.event.venue.name", "venue", "name", name);
            sheet.class_member("kind.event.venue.address", "venue", "address", address);
            sheet.front("class.venue.name");
        }
        // Google takes a venue only with its address.
        Some(Venue { name, address: None, place: _ }) => {
            sheet.front_module(Role::Venue, "kind.event.venue.name", name);
        }
        None => {}
    }
    if venue.as_ref().is_some_and(|venue| venue.place.is_some()) {
        sheet.lost("kind.event.venue.place", "Google finds the venue by its address");
    }
    let Seat { section, row, number, gate } = seat;
    for (role, fact, member, label_key, value) in [
        (Role::Section, "kind.event.seat.section", "section", "customSectionLabel", section),
        (Role::Row, "kind.event.seat.row", "row", "customRowLabel", row),
        (Role::Seat, "kind.event.seat.number", "seat", "customSeatLabel", number),
        (Role::Gate, "kind.event.seat.gate", "gate", "customGateLabel", gate),
    ] {
        let Some(value) = value else { continue };
        let value = sheet.localized(value);
        sheet.object_member(fact, "seatInfo", member, value);
        sheet.front(&format!("object.seatInfo.{member}"));
        sheet.class_custom_label(role, label_key);
    }
    if let Some(name) = holder {
        sheet.object("kind.event.holder", "ticketHolderName", name.as_str());
    }
    if let Some(number) = ticket_number {
        sheet.object("kind.event.ticketNumber", "ticketNumber", number.as_str());
    }
    if let Some(ticket_type) = ticket_type {
        let ticket_type = sheet.localized(ticket_type);
        sheet.object("kind.event.ticketType", "ticketType", ticket_type);
    }
    if let Some(price) = face_value {
        sheet.object("kind.event.faceValue", "faceValue", money(price));
    }
    if let Some(code) = confirmation {
        sheet.object("kind.event.confirmation", "reservationInfo", json!({ "confirmationCode": code }));
        sheet.class_custom_label(Role::Confirmation, "customConfirmationCodeLabel");
    }
}
