//! The facts of a boarding pass for a flight.

use std::collections::BTreeMap;
use std::str::FromStr;

use chrono::NaiveDateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::model::id::{AirportCode, CarrierCode, FlightNumber, IdError};
use crate::model::json::{map_by_name, map_by_name_schema};
use crate::model::person::PersonName;
use crate::model::picture::Picture;
use crate::model::service::FlightService;
use crate::model::text::Text;
use crate::model::time::{wall_clock, wall_clock_option};
use crate::model::zone::TimeZone;

/// The facts of a boarding pass for a flight.
///
/// Mandatory, by Google: carrier and number, the two airports, the scheduled departure, and who flies.
///
/// Times are those of the clock on the wall of the airport, without an offset: `2027-03-05T06:30:00`. Google refuses an
/// offset, and Apple needs the instant, which follows from the time zone of the airport: give it
/// ([`Airport::time_zone`]), or Apple shows the time as plain text.
/// <https://developers.google.com/wallet/tickets/boarding-passes>
///
/// ```
/// # use walletpass_core::{Airport, Flight, PersonName};
/// let porto = Airport::new("OPO".parse()?).city("Porto").time_zone("Europe/Lisbon".parse()?);
/// let zurich = Airport::new("ZRH".parse()?).city("Zürich").time_zone("Europe/Zurich".parse()?);
/// let ada = PersonName::parts("Ada", "Example");
/// let flight = Flight::new("XB".parse()?, "123".parse()?, porto, zurich, "2027-03-05T06:30:00".parse()?, ada)
///     .boarding("2027-03-05T05:50:00".parse()?)
///     .seat("12C");
/// assert_eq!(flight.from.code.as_str(), "OPO");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Flight {
    /// Who sells the flight.
    pub carrier: Carrier,
    /// The number of the flight, digits only.
    pub number: FlightNumber,
    /// Where it leaves.
    pub from: Airport,
    /// Where it lands.
    pub to: Airport,
    /// When it is scheduled to leave, by the clock of the airport.
    #[serde(deserialize_with = "wall_clock")]
    pub departs: NaiveDateTime,
    /// When it is scheduled to land, by the clock of the airport.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "wall_clock_option")]
    pub arrives: Option<NaiveDateTime>,
    /// When boarding begins, by the clock of the airport of departure.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "wall_clock_option")]
    pub boarding: Option<NaiveDateTime>,
    /// When it leaves in fact or by the newest estimate.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "wall_clock_option")]
    pub estimated_departure: Option<NaiveDateTime>,
    /// How the flight stands; absent, Google works it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<FlightStatus>,
    /// Who flies.
    pub passenger: PersonName,
    /// The code of the booking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<String>,
    /// The number of the electronic ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket_number: Option<String>,
    /// The seat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<String>,
    /// The class of travel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fare_class: Option<String>,
    /// The boarding group or zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boarding_group: Option<String>,
    /// The sequence number of the boarding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence: Option<String>,
    /// The passenger's number in a frequent flyer programme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequent_flyer: Option<FrequentFlyer>,
    /// What the airline offers around the flight.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "map_by_name")]
    #[schemars(schema_with = "map_by_name_schema::<FlightService, Url>")]
    pub services: BTreeMap<FlightService, Url>,
}

impl Flight {
    /// Makes a boarding pass.
    pub fn new(
        carrier: Carrier,
        number: FlightNumber,
        from: Airport,
        to: Airport,
        departs: NaiveDateTime,
        passenger: impl Into<PersonName>,
    ) -> Self {
        Self {
            carrier,
            number,
            from,
            to,
            departs,
            arrives: None,
            boarding: None,
            estimated_departure: None,
            status: None,
            passenger: passenger.into(),
            confirmation: None,
            ticket_number: None,
            seat: None,
            fare_class: None,
            boarding_group: None,
            sequence: None,
            frequent_flyer: None,
            services: BTreeMap::new(),
        }
    }

    /// Says when it lands.
    pub fn arrives(mut self, local: NaiveDateTime) -> Self {
        self.arrives = Some(local);
        self
    }

    /// Says when boarding begins.
    pub fn boarding(mut self, local: NaiveDateTime) -> Self {
        self.boarding = Some(local);
        self
    }

    /// Says when it leaves in fact.
    pub fn estimated_departure(mut self, local: NaiveDateTime) -> Self {
        self.estimated_departure = Some(local);
        self
    }

    /// Says how the flight stands.
    pub fn status(mut self, status: FlightStatus) -> Self {
        self.status = Some(status);
        self
    }

    /// Gives the code of the booking.
    pub fn confirmation(mut self, code: impl Into<String>) -> Self {
        self.confirmation = Some(code.into());
        self
    }

    /// Gives the number of the electronic ticket.
    pub fn ticket_number(mut self, number: impl Into<String>) -> Self {
        self.ticket_number = Some(number.into());
        self
    }

    /// Names the seat.
    pub fn seat(mut self, seat: impl Into<String>) -> Self {
        self.seat = Some(seat.into());
        self
    }

    /// Names the class of travel.
    pub fn fare_class(mut self, class: impl Into<String>) -> Self {
        self.fare_class = Some(class.into());
        self
    }

    /// Names the boarding group.
    pub fn boarding_group(mut self, group: impl Into<String>) -> Self {
        self.boarding_group = Some(group.into());
        self
    }

    /// Gives the sequence number.
    pub fn sequence(mut self, sequence: impl Into<String>) -> Self {
        self.sequence = Some(sequence.into());
        self
    }

    /// Gives the passenger's number in a frequent flyer programme.
    pub fn frequent_flyer(mut self, membership: FrequentFlyer) -> Self {
        self.frequent_flyer = Some(membership);
        self
    }

    /// Adds a page on which the airline offers something around the flight.
    pub fn service(mut self, service: FlightService, url: Url) -> Self {
        self.services.insert(service, url);
        self
    }
}

/// An airline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object such as { \"code\": \"LX\" }")]
#[non_exhaustive]
pub struct Carrier {
    /// Its code.
    pub code: CarrierCode,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// Its square logo. Google masks it to a circle and needs it at a public address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<Picture>,
}

impl Carrier {
    /// Names an airline by its code.
    pub fn new(code: CarrierCode) -> Self {
        Self { code, name: None, logo: None }
    }

    /// Gives its name.
    pub fn name(mut self, name: impl Into<Text>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Gives its logo.
    pub fn logo(mut self, logo: Picture) -> Self {
        self.logo = Some(logo);
        self
    }
}

impl FromStr for Carrier {
    type Err = IdError;

    /// Reads the code.
    fn from_str(code: &str) -> Result<Self, IdError> {
        code.parse().map(Self::new)
    }
}

impl From<CarrierCode> for Carrier {
    fn from(code: CarrierCode) -> Self {
        Self::new(code)
    }
}

/// An airport, and where in it the flight is found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object such as { \"code\": \"OPO\" }")]
#[non_exhaustive]
pub struct Airport {
    /// Its IATA code.
    pub code: AirportCode,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// Its city; Apple only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<Text>,
    /// The terminal, without the word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminal: Option<String>,
    /// The gate, without the word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<String>,
    /// Its time zone, which turns local times into instants for Apple.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<TimeZone>,
}

impl Airport {
    /// Names an airport by its code.
    pub fn new(code: AirportCode) -> Self {
        Self { code, name: None, city: None, terminal: None, gate: None, time_zone: None }
    }

    /// Gives its name.
    pub fn name(mut self, name: impl Into<Text>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Names its city.
    pub fn city(mut self, city: impl Into<Text>) -> Self {
        self.city = Some(city.into());
        self
    }

    /// Names the terminal.
    pub fn terminal(mut self, terminal: impl Into<String>) -> Self {
        self.terminal = Some(terminal.into());
        self
    }

    /// Names the gate.
    pub fn gate(mut self, gate: impl Into<String>) -> Self {
        self.gate = Some(gate.into());
        self
    }

    /// Gives its time zone.
    pub fn time_zone(mut self, zone: TimeZone) -> Self {
        self.time_zone = Some(zone);
        self
    }
}

impl FromStr for Airport {
    type Err = IdError;

    /// Reads the code.
    fn from_str(code: &str) -> Result<Self, IdError> {
        code.parse().map(Self::new)
    }
}

impl From<AirportCode> for Airport {
    fn from(code: AirportCode) -> Self {
        Self::new(code)
    }
}

/// A membership in a frequent flyer programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object with `number`")]
#[non_exhaustive]
pub struct FrequentFlyer {
    /// The number of the member.
    pub number: String,
    /// The name of the programme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<Text>,
}

impl FrequentFlyer {
    /// Gives the number of a member.
    pub fn new(number: impl Into<String>) -> Self {
        Self { number: number.into(), program: None }
    }

    /// Names the programme.
    pub fn program(mut self, program: impl Into<Text>) -> Self {
        self.program = Some(program.into());
        self
    }
}

/// How a flight stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum FlightStatus {
    /// In the air.
    Active,
    /// Will not fly.
    Cancelled,
    /// On its way to another airport.
    Diverted,
    /// Arrived.
    Landed,
    /// Sent to another airport before it left.
    Redirected,
    /// As planned or late.
    Scheduled,
}
