//! Buttons on the front of a pass.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::model::id::FieldKey;

/// A button on the front of a pass from iOS 27 on; on Google, and on older systems, a link, but for an app on Google. A pass has at most two.
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
    /// To a page, a telephone number, a mailbox or an app by a scheme of its own and `//`: `acme://open`. Google opens no apps.
    Url(Url),
}

/// Says whether a phone opens an address from a button: that of an app has `//` after its scheme.
pub(crate) fn is_openable(url: &Url) -> bool {
    let scheme = url.scheme();
    let is_of_app = || url.as_str().get(scheme.len()..).is_some_and(|rest| rest.starts_with("://"));
    OF_THE_SYSTEM.contains(&scheme) || (is_of_app() && !OF_BROWSERS.contains(&scheme))
}

/// The schemes that open without an app of the issuer.
pub(crate) const OF_THE_SYSTEM: [&str; 6] = ["https", "http", "tel", "mailto", "sms", "geo"];

/// The schemes that mean something within a page alone, and that no app may take.
const OF_BROWSERS: [&str; 6] = ["about", "blob", "data", "file", "javascript", "vbscript"];

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
