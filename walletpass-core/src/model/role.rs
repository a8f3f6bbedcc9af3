//! What a value is on a pass, so that it finds its own place.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::text::Text;

/// Says what a value is: points, a seat, a balance.
///
/// A role places itself on both wallets and fills Apple's semantic tags. Its name in the JSON form is also the key of its
/// field on Apple, so that key is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Role {
    /// When a train, bus, boat or flight arrives.
    Arrival,
    /// The amount left on a gift card.
    Balance,
    /// When the balance was true.
    BalanceAsOf,
    /// When boarding begins.
    Boarding,
    /// The boarding group or zone.
    BoardingGroup,
    /// The number of a gift card.
    CardNumber,
    /// The coach of a train.
    Coach,
    /// The code to type in a shop.
    Code,
    /// The code of a booking.
    Confirmation,
    /// When a train, bus, boat or flight leaves.
    Departure,
    /// Where a trip ends.
    Destination,
    /// What a coupon is about, in full.
    Details,
    /// When the doors open.
    Doors,
    /// When an event ends.
    End,
    /// When a flight leaves by the newest estimate.
    EstimatedDeparture,
    /// What is printed on a ticket as its price.
    FaceValue,
    /// The class of travel.
    FareClass,
    /// Carrier and number of a flight.
    Flight,
    /// The number in a frequent flyer programme.
    FrequentFlyer,
    /// The gate of a stadium or an airport.
    Gate,
    /// Whose pass it is.
    Holder,
    /// The number of a member.
    MemberNumber,
    /// The name of an event.
    Name,
    /// The headline of a coupon.
    Offer,
    /// Where a trip begins.
    Origin,
    /// Who travels.
    Passenger,
    /// Who plays, sings or speaks.
    Performers,
    /// The secret number of a gift card.
    Pin,
    /// The platform of a train.
    Platform,
    /// Points of a loyalty card.
    Points,
    /// What was paid.
    Price,
    /// What a ticket does not allow.
    Restrictions,
    /// The room or hall of an event.
    Room,
    /// The row of a seat.
    Row,
    /// The seat.
    Seat,
    /// A second number of a loyalty card: stamps, euros.
    SecondaryPoints,
    /// The section of a hall or stadium.
    Section,
    /// The sequence number of a boarding.
    Sequence,
    /// When an event begins.
    Start,
    /// How a flight stands.
    Status,
    /// The terminal of an airport.
    Terminal,
    /// Terms and conditions.
    Terms,
    /// The number of a ticket.
    TicketNumber,
    /// The kind of a ticket.
    TicketType,
    /// The tier of a member.
    Tier,
    /// The headline of a generic pass.
    Title,
    /// Where an event takes place.
    Venue,
    /// The tariff zone.
    Zone,
}

impl Role {
    /// Gives the name in the JSON form, which is the key of the field on Apple and of the text module on Google.
    pub fn key(self) -> &'static str {
        self.names().0
    }

    /// Gives the English label that stands where the pass words none.
    pub fn label(self) -> &'static str {
        self.names().1
    }

    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Arrival => ("arrival", "Arrives"),
            Self::Balance => ("balance", "Balance"),
            Self::BalanceAsOf => ("balanceAsOf", "As of"),
            Self::Boarding => ("boarding", "Boarding"),
            Self::BoardingGroup => ("boardingGroup", "Group"),
            Self::CardNumber => ("cardNumber", "Card number"),
            Self::Coach => ("coach", "Coach"),
            Self::Code => ("code", "Code"),
            Self::Confirmation => ("confirmation", "Confirmation"),
            Self::Departure => ("departure", "Departs"),
            Self::Destination => ("destination", "To"),
            Self::Details => ("details", "Details"),
            Self::Doors => ("doors", "Doors"),
            Self::End => ("end", "Ends"),
            Self::EstimatedDeparture => ("estimatedDeparture", "New time"),
            Self::FaceValue => ("faceValue", "Price"),
            Self::FareClass => ("fareClass", "Class"),
            Self::Flight => ("flight", "Flight"),
            Self::FrequentFlyer => ("frequentFlyer", "Frequent flyer"),
            Self::Gate => ("gate", "Gate"),
            Self::Holder => ("holder", "Name"),
            Self::MemberNumber => ("memberNumber", "Member no."),
            Self::Name => ("name", "Event"),
            Self::Offer => ("offer", "Offer"),
            Self::Origin => ("origin", "From"),
            Self::Passenger => ("passenger", "Passenger"),
            Self::Performers => ("performers", "With"),
            Self::Pin => ("pin", "PIN"),
            Self::Platform => ("platform", "Platform"),
            Self::Points => ("points", "Points"),
            Self::Price => ("price", "Price"),
            Self::Restrictions => ("restrictions", "Restrictions"),
            Self::Room => ("room", "Room"),
            Self::Row => ("row", "Row"),
            Self::Seat => ("seat", "Seat"),
            Self::SecondaryPoints => ("secondaryPoints", "Rewards"),
            Self::Section => ("section", "Section"),
            Self::Sequence => ("sequence", "Sequence"),
            Self::Start => ("start", "Date"),
            Self::Status => ("status", "Status"),
            Self::Terminal => ("terminal", "Terminal"),
            Self::Terms => ("terms", "Terms"),
            Self::TicketNumber => ("ticketNumber", "Ticket no."),
            Self::TicketType => ("ticketType", "Ticket"),
            Self::Tier => ("tier", "Tier"),
            Self::Title => ("title", ""),
            Self::Venue => ("venue", "Venue"),
            Self::Zone => ("zone", "Zone"),
        }
    }
}

/// How a role speaks on this pass, where the defaults do not fit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object with `label` and `onChange`")]
#[non_exhaustive]
pub struct Wording {
    /// The small text above the value. Absent: an English one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Text>,
    /// What an iPhone says on its lock screen when the value changes; `%@` stands for the new value. Absent: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_change: Option<Text>,
}
