//! An event ticket: Apple `eventTicket`, Google `eventTicket`.

use std::collections::BTreeSet;

use serde_json::json;

use crate::model::game::Game;
use crate::model::kind::event::{Event, EventCategory, Seat, Venue};
use crate::model::role::Role;
use crate::model::text::{Locale, Text};
use crate::model::value::{DateStyle, DateValue, Value, ZoneRule};
use crate::projection::apple::{AppleDrawing, Place};
use crate::projection::format::instant;
use crate::projection::google::{GoogleDrawing, money};
use crate::projection::look::POSTER_TICKET;

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
        genre,
        performers,
        game,
        guide,
        upcoming,
    } = facts;
    sheet.field(Place::Primary, Role::Name, "kind.event.name", name);
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
    if let Some(Venue { name, address, place, region, room, entrance }) = venue {
        sheet.field(Place::Secondary, Role::Venue, "kind.event.venue.name", name);
        sheet.text_tag("kind.event.venue.name", "venueName", name);
        for (fact, tag, text) in [
            ("kind.event.venue.region", "venueRegionName", region),
            ("kind.event.venue.room", "venueRoom", room),
            ("kind.event.venue.entrance", "entranceDescription", entrance),
        ] {
            if let Some(text) = text {
                sheet.text_tag(fact, tag, text);
            }
        }
        if let Some(room) = room {
            sheet.field(Place::Auxiliary, Role::Room, "kind.event.venue.room", room);
        }
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
            sheet.field(Place::Auxiliary, role, fact, value);
            sheet.entry_tag(fact, "seats", tag, value);
        }
    }
    if let Some(gate) = gate {
        sheet.field(Place::Auxiliary, Role::Gate, "kind.event.seat.gate", gate);
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
        sheet.field(Place::Secondary, Role::TicketType, "kind.event.ticketType", ticket_type);
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
    if let Some(genre) = genre {
        sheet.text_tag("kind.event.genre", "genre", genre);
    }
    let performers = sheet.bounded(performers, "kind.event.performers");
    if !performers.is_empty() {
        sheet.texts_tag("kind.event.performers", "performerNames", performers);
        sheet.field(Place::Back, Role::Performers, "kind.event.performers", &joined(performers));
    }
    if let Some(game) = game {
        apple_game(game, sheet);
    }
    for (page, url) in guide {
        let fact = format!("kind.event.guide.{}", page.name());
        sheet.page(POSTER_TICKET, fact, (page.name(), page.apple_key(), page.label()), url);
    }
    sheet.upcoming(upcoming);
}

fn apple_game(game: &Game, sheet: &mut AppleDrawing<'_>) {
    let Game { home, away, sport, league, league_abbreviation } = game;
    for (fact, tag, text) in [
        ("kind.event.game.home.name", "homeTeamName", Some(&home.name)),
        ("kind.event.game.home.abbreviation", "homeTeamAbbreviation", Some(&home.abbreviation)),
        ("kind.event.game.home.location", "homeTeamLocation", home.location.as_ref()),
        ("kind.event.game.away.name", "awayTeamName", Some(&away.name)),
        ("kind.event.game.away.abbreviation", "awayTeamAbbreviation", Some(&away.abbreviation)),
        ("kind.event.game.away.location", "awayTeamLocation", away.location.as_ref()),
        ("kind.event.game.sport", "sportName", sport.as_ref()),
        ("kind.event.game.league", "leagueName", league.as_ref()),
        ("kind.event.game.leagueAbbreviation", "leagueAbbreviation", league_abbreviation.as_ref()),
    ] {
        if let Some(text) = text {
            sheet.text_tag(fact, tag, text);
        }
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
        genre,
        performers,
        game,
        guide,
        upcoming,
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
        Some(Venue { name, address: Some(address), .. }) => {
            let (name, address) = (sheet.localized(name), sheet.localized(address));
            sheet.class_member("kind.event.venue.name", "venue", "name", name);
            sheet.class_member("kind.event.venue.address", "venue", "address", address);
            sheet.front("class.venue.name");
        }
        // Google takes a venue only with its address.
        Some(Venue { name, address: None, .. }) => {
            sheet.front_module(Role::Venue, "kind.event.venue.name", name);
        }
        None => {}
    }
    if let Some(Venue { name: _, address: _, place, region, room, entrance }) = venue {
        if place.is_some() {
            sheet.lost("kind.event.venue.place", "Google finds the venue by its address");
        }
        if region.is_some() {
            sheet.lost("kind.event.venue.region", "Google finds the venue by its address");
        }
        if entrance.is_some() {
            sheet.lost("kind.event.venue.entrance", "Google knows the gate alone");
        }
        if let Some(room) = room {
            sheet.detail_module(Role::Room, "kind.event.venue.room", room);
        }
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
        sheet.front(format!("object.seatInfo.{member}"));
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
    if genre.is_some() {
        sheet.lost("kind.event.genre", "Google does not ask for the genre");
    }
    let performers = sheet.bounded(performers, "kind.event.performers");
    if !performers.is_empty() {
        sheet.detail_module(Role::Performers, "kind.event.performers", &joined(performers));
    }
    if game.is_some() {
        sheet.lost("kind.event.game", "Google shows the name of the event alone");
    }
    for (page, url) in guide {
        sheet.page(format!("kind.event.guide.{}", page.name()), page.name(), page.label(), url);
    }
    if !upcoming.is_empty() {
        sheet.lost("kind.event.upcoming", "Google has a ticket of its own for each event");
    }
}

/// Writes names as one text, in every language that one of them has.
fn joined(names: &[Text]) -> Text {
    let in_language = |locale: Option<&Locale>| {
        let name = |text: &Text| {
            let translation = locale.and_then(|locale| text.translations.get(locale));
            translation.unwrap_or(&text.default).clone()
        };
        names.iter().map(name).collect::<Vec<_>>().join(", ")
    };
    let locales: BTreeSet<&Locale> = names.iter().flat_map(|text| text.translations.keys()).collect();
    locales.into_iter().fold(Text::new(in_language(None)), |text, locale| {
        let translation = in_language(Some(locale));
        text.translated(locale.clone(), translation)
    })
}
