//! The facts of a ticket for a train, bus, tram or boat.

use chrono::{DateTime, FixedOffset};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::money::Money;
use crate::model::person::PersonName;
use crate::model::picture::Picture;
use crate::model::text::Text;
use crate::model::time::instant_option;

/// The facts of a ticket for a train, bus, tram or boat. Several legs are several passes of one group.
///
/// Mandatory: the mode (Apple), the operator's logo and the kind of trip (Google), and the two ends.
/// <https://developers.google.com/wallet/tickets/transit-passes>
///
/// ```
/// # use walletpass_core::{Picture, Station, Transit, TransitMode, TripType};
/// let logo = Picture::file("logo.png");
/// let ticket = Transit::new(TransitMode::Rail, "Rio Douro Rail", logo, TripType::OneWay, "Porto", "Pinhão")
///     .departs("2027-05-01T09:15:00+01:00".parse()?)
///     .seat("42A");
/// assert_eq!(ticket.to, Station::new("Pinhão"));
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Transit {
    /// What one travels in.
    pub mode: TransitMode,
    /// Who runs it.
    pub operator: Text,
    /// The operator's square logo. Google masks it to a circle and needs it at a public address.
    pub logo: Picture,
    /// There, or there and back.
    pub trip: TripType,
    /// Where the trip begins.
    pub from: Station,
    /// Where it ends.
    pub to: Station,
    /// When it leaves, by the clock of the station. A ticket without a time needs the dates of the pass to bound it.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "instant_option")]
    pub departs: Option<DateTime<FixedOffset>>,
    /// When it arrives, by the clock of the station.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "instant_option")]
    pub arrives: Option<DateTime<FixedOffset>>,
    /// The platform or stop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// The tariff zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The coach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coach: Option<String>,
    /// The seat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<String>,
    /// The class of travel, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fare_class: Option<Text>,
    /// Who travels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passenger: Option<PersonName>,
    /// The number of the ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket_number: Option<String>,
    /// What was paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// The code of the booking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<String>,
    /// What the ticket does not allow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restrictions: Option<Text>,
}

impl Transit {
    /// Makes a ticket from one station to another.
    pub fn new(
        mode: TransitMode,
        operator: impl Into<Text>,
        logo: Picture,
        trip: TripType,
        from: impl Into<Station>,
        to: impl Into<Station>,
    ) -> Self {
        Self {
            mode,
            operator: operator.into(),
            logo,
            trip,
            from: from.into(),
            to: to.into(),
            departs: None,
            arrives: None,
            platform: None,
            zone: None,
            coach: None,
            seat: None,
            fare_class: None,
            passenger: None,
            ticket_number: None,
            price: None,
            confirmation: None,
            restrictions: None,
        }
    }

    /// Says when it leaves.
    pub fn departs(mut self, at: DateTime<FixedOffset>) -> Self {
        self.departs = Some(at);
        self
    }

    /// Says when it arrives.
    pub fn arrives(mut self, at: DateTime<FixedOffset>) -> Self {
        self.arrives = Some(at);
        self
    }

    /// Names the platform.
    pub fn platform(mut self, platform: impl Into<String>) -> Self {
        self.platform = Some(platform.into());
        self
    }

    /// Names the tariff zone.
    pub fn zone(mut self, zone: impl Into<String>) -> Self {
        self.zone = Some(zone.into());
        self
    }

    /// Names the coach.
    pub fn coach(mut self, coach: impl Into<String>) -> Self {
        self.coach = Some(coach.into());
        self
    }

    /// Names the seat.
    pub fn seat(mut self, seat: impl Into<String>) -> Self {
        self.seat = Some(seat.into());
        self
    }

    /// Names the class of travel.
    pub fn fare_class(mut self, class: impl Into<Text>) -> Self {
        self.fare_class = Some(class.into());
        self
    }

    /// Says who travels.
    pub fn passenger(mut self, name: impl Into<PersonName>) -> Self {
        self.passenger = Some(name.into());
        self
    }

    /// Gives the number of the ticket.
    pub fn ticket_number(mut self, number: impl Into<String>) -> Self {
        self.ticket_number = Some(number.into());
        self
    }

    /// Says what was paid.
    pub fn price(mut self, price: Money) -> Self {
        self.price = Some(price);
        self
    }

    /// Gives the code of the booking.
    pub fn confirmation(mut self, code: impl Into<String>) -> Self {
        self.confirmation = Some(code.into());
        self
    }

    /// Says what the ticket does not allow.
    pub fn restrictions(mut self, restrictions: impl Into<Text>) -> Self {
        self.restrictions = Some(restrictions.into());
        self
    }
}

/// A station, stop or port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object with `name`")]
#[non_exhaustive]
pub struct Station {
    /// Its name.
    pub name: Text,
    /// Its short code, where the operator has one. Google wants the code of the start when it gets that of the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

impl Station {
    /// Names a station.
    pub fn new(name: impl Into<Text>) -> Self {
        Self { name: name.into(), code: None }
    }

    /// Gives its short code.
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }
}

impl From<&str> for Station {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

/// What one travels in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum TransitMode {
    /// A bus.
    Bus,
    /// A ferry or boat.
    Ferry,
    /// Anything else: a cable car.
    Other,
    /// A train.
    Rail,
    /// A tram. Apple has no picture of it and shows a generic one.
    Tram,
}

/// There, or there and back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum TripType {
    /// There.
    OneWay,
    /// There and back.
    RoundTrip,
}
