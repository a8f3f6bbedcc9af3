//! The facts of an event ticket.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::model::game::Game;
use crate::model::guide::GuidePage;
use crate::model::json::{map_by_name, map_by_name_schema};
use crate::model::money::Money;
use crate::model::place::Place;
use crate::model::text::Text;
use crate::model::time::instant_option;
use crate::model::upcoming::Upcoming;

/// The facts of an event ticket.
///
/// Mandatory: the name of the event, by Google. Times carry the offset of the venue.
///
/// An iPhone with iOS 18 or newer shows a poster ticket instead of the classic one when the pass has what that takes: an
/// [`Nfc`](crate::Nfc) message and no barcode, a `background` or `artwork` picture, the name, region and room of the venue,
/// and for a match the two teams, for a live performance its performers. The report says what is missing
/// ([`Report::looks`](crate::projection::Report::looks)).
/// <https://developers.google.com/wallet/tickets/events>
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Event {
    /// The name of the event.
    pub name: Text,
    /// What sort of event it is; Apple only.
    #[serde(default)]
    pub category: EventCategory,
    /// Where it takes place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<Venue>,
    /// When the doors open.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "instant_option")]
    pub doors: Option<DateTime<FixedOffset>>,
    /// When it begins.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "instant_option")]
    pub start: Option<DateTime<FixedOffset>>,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "instant_option")]
    pub end: Option<DateTime<FixedOffset>>,
    /// Where the holder sits or stands.
    #[serde(default, skip_serializing_if = "Seat::is_empty")]
    pub seat: Seat,
    /// Whose ticket it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
    /// The number of the ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket_number: Option<String>,
    /// The kind of ticket: "Balcony", "VIP".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket_type: Option<Text>,
    /// The price printed on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub face_value: Option<Money>,
    /// The code of the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<String>,
    /// The genre: "Jazz", "Comedy"; Apple only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub genre: Option<Text>,
    /// Who plays, sings or speaks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub performers: Vec<Text>,
    /// Who plays against whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub game: Option<Box<Game>>,
    /// The pages about the event.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "map_by_name")]
    #[schemars(schema_with = "map_by_name_schema::<GuidePage, Url>")]
    pub guide: BTreeMap<GuidePage, Url>,
    /// The events that a ticket for several still has before it; poster tickets only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub upcoming: Vec<Upcoming>,
}

impl Event {
    /// Makes a ticket for an event.
    pub fn new(name: impl Into<Text>) -> Self {
        Self {
            name: name.into(),
            category: EventCategory::default(),
            venue: None,
            doors: None,
            start: None,
            end: None,
            seat: Seat::default(),
            holder: None,
            ticket_number: None,
            ticket_type: None,
            face_value: None,
            confirmation: None,
            genre: None,
            performers: Vec::new(),
            game: None,
            guide: BTreeMap::new(),
            upcoming: Vec::new(),
        }
    }

    /// Says what sort of event it is.
    pub fn category(mut self, category: EventCategory) -> Self {
        self.category = category;
        self
    }

    /// Says where it takes place.
    pub fn venue(mut self, venue: Venue) -> Self {
        self.venue = Some(venue);
        self
    }

    /// Says when the doors open.
    pub fn doors(mut self, at: DateTime<FixedOffset>) -> Self {
        self.doors = Some(at);
        self
    }

    /// Says when it begins.
    pub fn start(mut self, at: DateTime<FixedOffset>) -> Self {
        self.start = Some(at);
        self
    }

    /// Says when it ends.
    pub fn end(mut self, at: DateTime<FixedOffset>) -> Self {
        self.end = Some(at);
        self
    }

    /// Gives the seat.
    pub fn seat(mut self, seat: Seat) -> Self {
        self.seat = seat;
        self
    }

    /// Says whose ticket it is.
    pub fn holder(mut self, name: impl Into<String>) -> Self {
        self.holder = Some(name.into());
        self
    }

    /// Gives the number of the ticket.
    pub fn ticket_number(mut self, number: impl Into<String>) -> Self {
        self.ticket_number = Some(number.into());
        self
    }

    /// Names the kind of ticket.
    pub fn ticket_type(mut self, ticket_type: impl Into<Text>) -> Self {
        self.ticket_type = Some(ticket_type.into());
        self
    }

    /// Gives the price printed on it.
    pub fn face_value(mut self, price: Money) -> Self {
        self.face_value = Some(price);
        self
    }

    /// Gives the code of the order.
    pub fn confirmation(mut self, code: impl Into<String>) -> Self {
        self.confirmation = Some(code.into());
        self
    }

    /// Names the genre.
    pub fn genre(mut self, genre: impl Into<Text>) -> Self {
        self.genre = Some(genre.into());
        self
    }

    /// Adds one who plays, sings or speaks.
    pub fn performer(mut self, name: impl Into<Text>) -> Self {
        self.performers.push(name.into());
        self
    }

    /// Says who plays against whom, and so that the event is a match.
    pub fn game(mut self, game: Game) -> Self {
        self.category = EventCategory::Sports;
        self.game = Some(Box::new(game));
        self
    }

    /// Adds a page about the event.
    pub fn page(mut self, page: GuidePage, url: Url) -> Self {
        self.guide.insert(page, url);
        self
    }

    /// Adds an event that the ticket is for too.
    pub fn upcoming(mut self, event: Upcoming) -> Self {
        self.upcoming.push(event);
        self
    }
}

/// Where an event takes place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object with `name`")]
#[non_exhaustive]
pub struct Venue {
    /// Its name.
    pub name: Text,
    /// Its postal address, lines separated by `\n`. Google shows a venue only with its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Text>,
    /// Where it is on the map; Apple only. Add it to the places of the pass to be reminded there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The city or region, as a poster ticket shows it: "Porto"; Apple only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Text>,
    /// The room or hall: "Great Hall"; Apple only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<Text>,
    /// How to find the entrance, for the guide of a poster ticket; Apple only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entrance: Option<Text>,
}

impl Venue {
    /// Names a venue.
    pub fn new(name: impl Into<Text>) -> Self {
        Self { name: name.into(), address: None, place: None, region: None, room: None, entrance: None }
    }

    /// Gives its postal address.
    pub fn address(mut self, address: impl Into<Text>) -> Self {
        self.address = Some(address.into());
        self
    }

    /// Says where it is on the map.
    pub fn place(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Names the city or region.
    pub fn region(mut self, region: impl Into<Text>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Names the room or hall.
    pub fn room(mut self, room: impl Into<Text>) -> Self {
        self.room = Some(room.into());
        self
    }

    /// Says how to find the entrance.
    pub fn entrance(mut self, entrance: impl Into<Text>) -> Self {
        self.entrance = Some(entrance.into());
        self
    }
}

/// Where the holder sits or stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Seat {
    /// The section of the hall.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<Text>,
    /// The row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<Text>,
    /// The seat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<Text>,
    /// The gate to enter by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<Text>,
}

impl Seat {
    /// Names the section.
    pub fn section(mut self, section: impl Into<Text>) -> Self {
        self.section = Some(section.into());
        self
    }

    /// Names the row.
    pub fn row(mut self, row: impl Into<Text>) -> Self {
        self.row = Some(row.into());
        self
    }

    /// Names the seat.
    pub fn number(mut self, number: impl Into<Text>) -> Self {
        self.number = Some(number.into());
        self
    }

    /// Names the gate.
    pub fn gate(mut self, gate: impl Into<Text>) -> Self {
        self.gate = Some(gate.into());
        self
    }

    /// Says whether nothing is known.
    pub fn is_empty(&self) -> bool {
        let Self { section, row, number, gate } = self;
        [section, row, number, gate].iter().all(|part| part.is_none())
    }
}

/// What sort of event it is.
/// <https://developer.apple.com/documentation/walletpasses/semantictags>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum EventCategory {
    /// A conference.
    Conference,
    /// A convention.
    Convention,
    /// Anything else.
    #[default]
    Generic,
    /// A concert, a play.
    LivePerformance,
    /// A film.
    Movie,
    /// A party.
    SocialGathering,
    /// A match, a race.
    Sports,
    /// A workshop.
    Workshop,
}
