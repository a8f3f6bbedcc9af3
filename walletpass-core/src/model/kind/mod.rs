//! The seven kinds of pass, each with its typed facts in one file.

pub(crate) mod coupon;
pub(crate) mod event;
pub(crate) mod flight;
pub(crate) mod generic;
pub(crate) mod gift_card;
pub(crate) mod loyalty;
pub(crate) mod transit;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::picture::Picture;
use crate::model::text::Text;

use self::coupon::Coupon;
use self::event::Event;
use self::flight::Flight;
use self::generic::Generic;
use self::gift_card::GiftCard;
use self::loyalty::Loyalty;
use self::transit::Transit;

/// What kind of pass it is, with the facts of that kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Kind {
    /// A coupon: Apple `coupon`, Google `offer`.
    Coupon(Coupon),
    /// An event ticket: Apple `eventTicket`, Google `eventTicket`.
    Event(Box<Event>),
    /// A boarding pass for a flight: Apple `boardingPass`, Google `flight`.
    Flight(Box<Flight>),
    /// Anything else: Apple `generic`, Google `generic`.
    Generic(Generic),
    /// A gift card: Apple `storeCard`, Google `giftCard`.
    GiftCard(GiftCard),
    /// A loyalty card: Apple `storeCard`, Google `loyalty`.
    Loyalty(Box<Loyalty>),
    /// A ticket for a train, bus, tram or boat: Apple `boardingPass`, Google `transit`.
    Transit(Box<Transit>),
}

impl Kind {
    /// Gives the name in the JSON form: `giftCard`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Coupon(_) => "coupon",
            Self::Event(_) => "event",
            Self::Flight(_) => "flight",
            Self::Generic(_) => "generic",
            Self::GiftCard(_) => "giftCard",
            Self::Loyalty(_) => "loyalty",
            Self::Transit(_) => "transit",
        }
    }

    /// Says whether it is a card that belongs to one person, and so is not to be shared unless the pass says otherwise.
    pub fn is_card(&self) -> bool {
        matches!(self, Self::Generic(_) | Self::GiftCard(_) | Self::Loyalty(_))
    }

    /// Gives the logo that the facts of the kind demand, with its path in the JSON form.
    pub(crate) fn logo(&self) -> Option<(&'static str, &Picture)> {
        match self {
            Self::Loyalty(facts) => Some(("kind.loyalty.logo", &facts.logo)),
            Self::Transit(facts) => Some(("kind.transit.logo", &facts.logo)),
            Self::Flight(facts) => facts.carrier.logo.as_ref().map(|logo| ("kind.flight.carrier.logo", logo)),
            _ => None,
        }
    }

    /// Gives that logo to change it.
    pub(crate) fn logo_mut(&mut self) -> Option<(&'static str, &mut Picture)> {
        match self {
            Self::Loyalty(facts) => Some(("kind.loyalty.logo", &mut facts.logo)),
            Self::Transit(facts) => Some(("kind.transit.logo", &mut facts.logo)),
            Self::Flight(facts) => facts.carrier.logo.as_mut().map(|logo| ("kind.flight.carrier.logo", logo)),
            _ => None,
        }
    }

    /// Gives the text that names the pass best, for VoiceOver, where it has no description of its own.
    pub(crate) fn headline(&self) -> Option<&Text> {
        match self {
            Self::Coupon(facts) => Some(&facts.title),
            Self::Event(facts) => Some(&facts.name),
            Self::Flight(facts) => facts.carrier.name.as_ref(),
            Self::Generic(facts) => Some(&facts.title),
            Self::GiftCard(facts) => facts.merchant.as_ref(),
            Self::Loyalty(facts) => Some(&facts.program),
            Self::Transit(facts) => Some(&facts.operator),
        }
    }
}

macro_rules! kind_from {
    ($($facts:ident => $make:expr),+ $(,)?) => {
        $(impl From<$facts> for Kind {
            fn from(facts: $facts) -> Self {
                $make(facts)
            }
        })+
    };
}

kind_from! {
    Coupon => Self::Coupon,
    Event => |facts| Self::Event(Box::new(facts)),
    Flight => |facts| Self::Flight(Box::new(facts)),
    Generic => Self::Generic,
    GiftCard => Self::GiftCard,
    Loyalty => |facts| Self::Loyalty(Box::new(facts)),
    Transit => |facts| Self::Transit(Box::new(facts)),
}
