//! An event ticket.

use serde_json::Value as Json;

use crate::import::kind::page::pages;
use crate::import::kind::{game, headline, upcoming};
use crate::import::languages::Languages;
use crate::import::original::Original;
use crate::import::{value, words};
use crate::model::kind::event::{Event, EventCategory, Venue};
use crate::model::role::Role;
use crate::model::text::Text;

pub(super) fn read(original: &mut Original<'_>) -> Event {
    let mut event = Event::new(name(original));
    if let Some(category) = original.tag("eventType", "kind.event.category", |json, _| category(json.as_str()?)) {
        event.category = category;
    }
    let tag = original.tag("eventStartDate", "kind.event.start", value::tag_instant).or_else(|| {
        let date = |json: &Json, _: &Languages| {
            let at = value::instant(json.get("date")?)?;
            let zone = json.get("timeZone").and_then(Json::as_str).and_then(|zone| zone.parse::<chrono_tz::Tz>().ok());
            // A time carries the offset of the venue.
            Some(zone.map_or(at, |zone| at.with_timezone(&zone).fixed_offset()))
        };
        original.tag("eventStartDateInfo", "kind.event.start", date)
    });
    event.start = original.either(tag, Role::Start, "kind.event.start", value::moment);
    if event.start.is_none()
        && let Some(at) = original.root.get("relevantDate").and_then(value::instant)
    {
        event.start = Some(at);
        original.account.fact("relevantDate", "kind.event.start");
        original
            .account
            .remark("relevantDate", "taken for the start of the event, since nothing else says it: check it");
    }
    if event.start.is_some() {
        original.roles.insert(Role::Start);
    }
    let tag = original.tag("venueDoorsOpenDate", "kind.event.doors", value::tag_instant);
    event.doors = original.either(tag, Role::Doors, "kind.event.doors", value::moment);
    let tag = original.tag("eventEndDate", "kind.event.end", value::tag_instant);
    event.end = original.either(tag, Role::End, "kind.event.end", value::moment);

    venue(original, &mut event);
    for (role, key, fact, slot) in [
        (Role::Section, "seatSection", "kind.event.seat.section", &mut event.seat.section),
        (Role::Row, "seatRow", "kind.event.seat.row", &mut event.seat.row),
        (Role::Seat, "seatNumber", "kind.event.seat.number", &mut event.seat.number),
    ] {
        let tag = original.entry_tag("seats", key, fact);
        *slot = original.either(tag, role, fact, value::text);
    }
    let tag = original.tag("venueEntranceGate", "kind.event.seat.gate", value::tag_text);
    event.seat.gate = original.either(tag, Role::Gate, "kind.event.seat.gate", value::text);
    let tag = original.tag("attendeeName", "kind.event.holder", value::tag_plain);
    event.holder = original.either(tag, Role::Holder, "kind.event.holder", value::plain);
    let tag = original.tag("admissionLevel", "kind.event.ticketType", value::tag_text);
    event.ticket_type = original.either(tag, Role::TicketType, "kind.event.ticketType", value::text);
    event.ticket_number = original.field(Role::TicketNumber, "kind.event.ticketNumber", value::plain);
    let tag = original.tag("totalPrice", "kind.event.faceValue", value::tag_money);
    event.face_value = original.either(tag, Role::FaceValue, "kind.event.faceValue", value::money);
    let tag = original.tag("confirmationNumber", "kind.event.confirmation", value::tag_plain);
    event.confirmation = original.either(tag, Role::Confirmation, "kind.event.confirmation", value::plain);
    event.genre = original.tag("genre", "kind.event.genre", value::tag_text);
    event.performers = performers(original);
    event.game = game::read(original).map(Box::new);
    event.guide = pages(original, "kind.event.guide");
    event.upcoming = upcoming::read(original);
    event
}

/// Finds the name: that of its tag, and then the primary field that says the same is its field.
fn name(original: &mut Original<'_>) -> Text {
    let tag = original.tag("eventName", "kind.event.name", value::tag_text);
    let Some(name) = tag else {
        let (name, at) = headline(original, Role::Name, "kind.event.name");
        if let Some(at) = at {
            original.word(at, Role::Name);
        }
        return name;
    };
    original.roles.insert(Role::Name);
    let primary = original.free_in("primaryFields");
    let says_name = |at: &usize| {
        let field = original.fields.get(*at);
        field.is_some_and(|field| value::text(field.json, original.languages).as_ref() == Some(&name))
    };
    if let Some(at) = primary.into_iter().find(says_name) {
        original.take(at, Role::Name, "kind.event.name");
        original.word(at, Role::Name);
    }
    name
}

fn venue(original: &mut Original<'_>, event: &mut Event) {
    let tag = original.tag("venueName", "kind.event.venue.name", value::tag_text);
    let Some(name) = original.either(tag, Role::Venue, "kind.event.venue.name", value::text) else { return };
    let mut venue = Venue::new(name);
    let own = original.keyed("_venueAddress").into_iter();
    let addresses = original.free_in("backFields").into_iter().chain(original.free_in("auxiliaryFields"));
    let says_address = |at: &usize| original.fields.get(*at).is_some_and(|field| field.says(&ADDRESS));
    let address = own.chain(addresses.filter(says_address)).find_map(|at| {
        let field = original.fields.get(at)?;
        Some((at, value::text(field.json, original.languages)?))
    });
    if let Some((at, address)) = address {
        venue.address = Some(address);
        original.consume(at, "kind.event.venue.address");
    }
    venue.region = original.tag("venueRegionName", "kind.event.venue.region", value::tag_text);
    let tag = original.tag("venueRoom", "kind.event.venue.room", value::tag_text);
    venue.room = original.either(tag, Role::Room, "kind.event.venue.room", value::text);
    venue.entrance = original.tag("entranceDescription", "kind.event.venue.entrance", value::tag_text);
    venue.place = original.tag("venueLocation", "kind.event.venue.place", |json, _| value::place(json));
    event.venue = Some(venue);
}

/// Finds who performs: by the tag, and then the field that joins the same names is theirs; else by the field, as one name.
fn performers(original: &mut Original<'_>) -> Vec<Text> {
    let fact = "kind.event.performers";
    let tag = original.tag("performerNames", fact, |json, languages| {
        let names = json.as_array().filter(|names| (1..=MOST_PERFORMERS).contains(&names.len()))?;
        names.iter().map(|name| value::tag_text(name, languages)).collect::<Option<Vec<_>>>()
    });
    let joined = tag.as_ref().map(|names| {
        let names: Vec<&str> = names.iter().map(|name| name.default.as_str()).collect();
        names.join(", ")
    });
    let field = original.field(Role::Performers, fact, |field, languages| {
        value::text(field, languages).filter(|shown| joined.as_ref().is_none_or(|joined| *joined == shown.default))
    });
    if tag.is_some() {
        original.roles.insert(Role::Performers);
    }
    tag.unwrap_or_else(|| field.into_iter().collect())
}

fn category(name: &str) -> Option<EventCategory> {
    let category = match words::plain(name.strip_prefix("PKEventType")?).as_str() {
        "conference" => EventCategory::Conference,
        "convention" => EventCategory::Convention,
        "generic" => EventCategory::Generic,
        "liveperformance" => EventCategory::LivePerformance,
        "movie" => EventCategory::Movie,
        "socialgathering" => EventCategory::SocialGathering,
        "sports" => EventCategory::Sports,
        "workshop" => EventCategory::Workshop,
        _ => return None,
    };
    Some(category)
}

/// The most names that are read; the projection draws no more.
const MOST_PERFORMERS: usize = 500;

/// Words of the address of a venue.
const ADDRESS: [&str; 6] = ["address", "venueaddress", "adresse", "locationaddress", "anschrift", "venueinfo"];
