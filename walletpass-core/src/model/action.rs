//! Buttons on the front of a pass.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::model::id::FieldKey;

/// A button on the front of a pass from iOS 27 on; on Google, and on older systems, a link. A pass has at most two.
///
/// Poster tickets and semantic boarding passes have none.
/// <https://developer.apple.com/documentation/walletpasses/pass>
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object with `id`, `purpose` and `to`")]
#[non_exhaustive]
pub struct Action {
    /// Tells it from the other one.
    pub id: FieldKey,
    /// What it is for, from which the phone takes words and symbol.
    pub purpose: ActionPurpose,
    /// Where it leads.
    pub to: ActionTarget,
}

impl Action {
    /// Makes a button that opens a page or an app, or calls a `tel:` number.
    pub fn new(id: FieldKey, purpose: ActionPurpose, url: Url) -> Self {
        Self { id, purpose, to: ActionTarget::Url(url) }
    }

    /// Makes a button that shows a place of Apple's maps by its Place ID.
    pub fn place(id: FieldKey, place: impl Into<String>) -> Self {
        Self { id, purpose: ActionPurpose::Place, to: ActionTarget::Place(place.into()) }
    }
}

/// Where a button leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum ActionTarget {
    /// To a place of Apple's maps, by its Place ID.
    Place(String),
    /// To a page, an app or a telephone number.
    Url(Url),
}

/// What a button is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum ActionPurpose {
    /// To top up a balance.
    AddToBalance,
    /// To make an appointment.
    BookAppointment,
    /// To rent a car.
    BookCar,
    /// To book a flight.
    BookFlight,
    /// To book a room.
    BookStay,
    /// To call a `tel:` number.
    Call,
    /// To listen to music.
    ListenToMusic,
    /// To see what a membership gives.
    MembershipBenefits,
    /// To order.
    Order,
    /// To see a place on the map.
    Place,
    /// To shop.
    Shop,
    /// To see offers and rewards.
    ViewOffersRewards,
    /// To see a schedule.
    ViewSchedule,
    /// To watch a trailer.
    WatchTrailer,
}

impl ActionPurpose {
    /// Gives Apple's name, which is that of the JSON form too.
    pub fn name(self) -> &'static str {
        self.names().0
    }

    /// Gives English words, for a wallet that has no button.
    pub fn label(self) -> &'static str {
        self.names().1
    }

    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::AddToBalance => ("addToBalance", "Add to balance"),
            Self::BookAppointment => ("bookAppointment", "Book an appointment"),
            Self::BookCar => ("bookCar", "Book a car"),
            Self::BookFlight => ("bookFlight", "Book a flight"),
            Self::BookStay => ("bookStay", "Book a stay"),
            Self::Call => ("call", "Call"),
            Self::ListenToMusic => ("listenToMusic", "Listen to music"),
            Self::MembershipBenefits => ("membershipBenefits", "Membership benefits"),
            Self::Order => ("order", "Order"),
            Self::Place => ("place", "Place"),
            Self::Shop => ("shop", "Shop"),
            Self::ViewOffersRewards => ("viewOffersRewards", "Offers and rewards"),
            Self::ViewSchedule => ("viewSchedule", "Schedule"),
            Self::WatchTrailer => ("watchTrailer", "Watch the trailer"),
        }
    }
}
