//! Which of Apple's newer looks a pass has what it takes for, and what it lacks.

use std::fmt;

use serde::Serialize;

use crate::model::art::Slot;
use crate::model::game::Game;
use crate::model::kind::Kind;
use crate::model::kind::event::{Event, EventCategory, Venue};
use crate::model::kind::flight::Flight;
use crate::model::pass::Pass;
use crate::model::person::PersonName;
use crate::model::picture::Scales;
use crate::model::source::Source;
use crate::model::text::Text;

/// A newer look of Apple Wallet that a pass has, or nearly has.
///
/// The classic look goes with it always, for older systems. A phone that misses one fact falls back to it and says nothing,
/// so a look is chosen only when nothing is missing.
/// <https://developer.apple.com/documentation/walletpasses/pass>
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Look {
    /// Apple's name for it: `posterEventTicket`, `posterGeneric` or `semanticBoardingPass`.
    pub name: &'static str,
    /// The first system that has it.
    pub since: &'static str,
    /// What keeps the pass from having it. Empty: it has it.
    pub missing: Vec<Missing>,
}

/// What keeps a pass from a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Missing {
    /// The fact, as a path into the JSON form of the pass: `kind.event.venue.region`.
    pub fact: &'static str,
    /// What is to be done about it.
    pub mend: &'static str,
}

impl Look {
    /// Says whether the pass has it.
    pub fn is_chosen(&self) -> bool {
        self.missing.is_empty()
    }
}

impl fmt::Display for Look {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, since, missing } = self;
        if missing.is_empty() {
            return write!(f, "{name} from {since} on, the classic look before");
        }
        let missing: Vec<String> = missing.iter().map(|Missing { fact, mend }| format!("`{fact}` ({mend})")).collect();
        write!(f, "no {name} ({since}), which misses {}", missing.join(", "))
    }
}

/// Lists the looks that a pass has or was probably meant to have.
pub(super) fn looks(pass: &Pass) -> Vec<Look> {
    let look = |name, since, missing| Look { name, since, missing };
    let poster_pass = || {
        look(POSTER_GENERIC, "iOS 27", missing([("art.artwork", "give its pixels", !has_pixels(pass, Slot::Artwork))]))
    };
    match &pass.kind {
        Kind::Flight(flight) => vec![look(SEMANTIC, "iOS 26", missing_for_semantic(flight))],
        Kind::Transit(_) => Vec::new(),
        Kind::Event(event) if is_meant_as_poster(pass, event) => {
            let ticket = look(POSTER_TICKET, "iOS 18", missing_for_poster(pass, event));
            // The poster of any pass takes a barcode, which a poster ticket does not.
            let other = (!ticket.is_chosen() && has_pixels(pass, Slot::Artwork)).then(poster_pass);
            [ticket].into_iter().chain(other).collect()
        }
        _ if pass.art.get(Slot::Artwork).is_some() => vec![poster_pass()],
        _ => Vec::new(),
    }
}

/// Says whether an event has anything that poster tickets alone show.
fn is_meant_as_poster(pass: &Pass, event: &Event) -> bool {
    let Event { performers, game, guide, upcoming, venue, .. } = event;
    let is_placed = venue.as_ref().is_some_and(|venue| venue.region.is_some() || venue.room.is_some());
    let is_told = !performers.is_empty() || game.is_some() || !guide.is_empty() || !upcoming.is_empty();
    pass.nfc.is_some() || pass.art.get(Slot::Artwork).is_some() || is_placed || is_told
}

fn missing_for_poster(pass: &Pass, event: &Event) -> Vec<Missing> {
    let Event { category, venue, performers, game, .. } = event;
    let of_venue = |part: fn(&Venue) -> bool| venue.as_ref().is_some_and(part);
    let has_art = match pass.art.get(Slot::Strip) {
        Some(_) => has_pixels(pass, Slot::Artwork),
        None => has_pixels(pass, Slot::Artwork) || has_pixels(pass, Slot::Background),
    };
    let is_live = *category == EventCategory::LivePerformance;
    missing([
        ("kind.event.venue.name", "name the venue", !of_venue(|venue| says_something(Some(&venue.name)))),
        (
            "kind.event.venue.region",
            "name the city or region",
            !of_venue(|venue| says_something(venue.region.as_ref())),
        ),
        ("kind.event.venue.room", "name the room or hall", !of_venue(|venue| says_something(venue.room.as_ref()))),
        (
            "kind.event.game",
            "name the two teams of the match",
            *category == EventCategory::Sports && !game.as_deref().is_some_and(names_teams),
        ),
        (
            "kind.event.performers",
            "name who performs",
            is_live && !performers.iter().any(|name| says_something(Some(name))),
        ),
        ("nfc", "give the message for contactless readers, with an NFC certificate", pass.nfc.is_none()),
        ("art.artwork", "give the poster, or a background and no strip", !has_art),
        ("barcode", "leave it out: a poster ticket opens doors by NFC alone", pass.barcode.is_some()),
    ])
}

fn missing_for_semantic(flight: &Flight) -> Vec<Missing> {
    let Flight { from, to, arrives, boarding, passenger, .. } = flight;
    missing([
        ("kind.flight.from.city", "name the city", !says_something(from.city.as_ref())),
        ("kind.flight.from.timeZone", "give the time zone", from.time_zone.is_none()),
        ("kind.flight.to.city", "name the city", !says_something(to.city.as_ref())),
        ("kind.flight.to.timeZone", "give the time zone", to.time_zone.is_none()),
        ("kind.flight.boarding", "say when boarding begins", boarding.is_none()),
        ("kind.flight.arrives", "say when it arrives", arrives.is_none()),
        (
            "kind.flight.passenger",
            "give `given` and `family` name apart",
            !matches!(passenger, PersonName::Parts { .. }),
        ),
    ])
}

/// Says whether there is a text that is not blank, as Apple wants of a tag.
fn says_something(text: Option<&Text>) -> bool {
    text.is_some_and(|text| !text.default.trim().is_empty())
}

fn names_teams(game: &Game) -> bool {
    [&game.home, &game.away].into_iter().all(|team| says_something(Some(&team.abbreviation)))
}

fn missing<const N: usize>(facts: [(&'static str, &'static str, bool); N]) -> Vec<Missing> {
    facts.into_iter().filter(|(.., lacks)| *lacks).map(|(fact, mend, _)| Missing { fact, mend }).collect()
}

/// Says whether a slot holds a picture that a package can carry: not one given by its address alone.
fn has_pixels(pass: &Pass, slot: Slot) -> bool {
    pass.art.get(slot).is_some_and(|picture| {
        let Scales { x1, x2, x3 } = &picture.scales;
        let sources = [Some(&picture.source), x1.as_ref(), x2.as_ref(), x3.as_ref()];
        sources.into_iter().flatten().any(|source| !matches!(source, Source::Url(_)))
    })
}

/// An event ticket as a poster.
pub(super) const POSTER_TICKET: &str = "posterEventTicket";
/// Any other pass as a poster.
pub(super) const POSTER_GENERIC: &str = "posterGeneric";
/// A boarding pass that the system lays out by its semantic tags.
pub(super) const SEMANTIC: &str = "semanticBoardingPass";
