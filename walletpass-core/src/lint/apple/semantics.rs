//! The semantic tags and what each must hold, one line a tag.
//!
//! <https://developer.apple.com/documentation/walletpasses/semantictags>

use super::rules;
use super::shape::Shape::{
    Any, Bare, Bool, Color, Currency, Date, Latitude, List, Longitude, Map, Number, OneOf, Secret, Text, Zone,
};
use super::shape::{Index, Table, optional, required};

/// The object under `semantics`, at the root or in a field.
pub(super) static SEMANTICS: Table = Table {
    noun: "a set of semantic tags",
    class: rules::SEMANTIC_TYPE,
    missing: rules::SEMANTIC_TYPE,
    keys: &[
        // Events.
        optional("additionalTicketAttributes", Text),
        optional("admissionLevel", Text),
        optional("admissionLevelAbbreviation", Text),
        optional("albumIDs", List(&Text)),
        optional("artistIDs", List(&Text)),
        optional("attendeeName", Text),
        optional("entranceDescription", Text),
        optional("eventEndDate", Date),
        optional("eventName", Text),
        optional("eventStartDate", Date),
        optional("eventStartDateInfo", Map(&EVENT_DATE_INFO)),
        optional("eventType", OneOf(&EVENT_TYPES)),
        optional("genre", Text),
        optional("performerNames", List(&Text)),
        optional("playlistIDs", List(&Text)),
        optional("seats", List(&Map(&SEAT))),
        optional("silenceRequested", Bool),
        optional("tailgatingAllowed", Bool),
        optional("venueBoxOfficeOpenDate", Date),
        optional("venueCloseDate", Date),
        optional("venueDoorsOpenDate", Date),
        optional("venueEntrance", Text),
        optional("venueEntranceDoor", Text),
        optional("venueEntranceGate", Text),
        optional("venueEntrancePortal", Text),
        optional("venueFanZoneOpenDate", Date),
        optional("venueGatesOpenDate", Date),
        optional("venueLocation", Map(&PLACE)),
        optional("venueName", Text),
        optional("venueOpenDate", Date),
        optional("venueParkingLotsOpenDate", Date),
        optional("venuePhoneNumber", Text),
        optional("venueRegionName", Text),
        optional("venueRoom", Text),
        // Sports.
        optional("awayTeamAbbreviation", Text),
        optional("awayTeamLocation", Text),
        optional("awayTeamName", Text),
        optional("homeTeamAbbreviation", Text),
        optional("homeTeamLocation", Text),
        optional("homeTeamName", Text),
        optional("leagueAbbreviation", Text),
        optional("leagueName", Text),
        optional("sportName", Text),
        // Any boarding pass.
        optional("boardingGroup", Text),
        optional("boardingSequenceNumber", Text),
        optional("boardingZone", Bare("zone")),
        optional("confirmationNumber", Text),
        optional("currentArrivalDate", Date),
        optional("currentBoardingDate", Date),
        optional("currentDepartureDate", Date),
        optional("departureCityName", Text),
        optional("departureGate", Bare("gate")),
        optional("departureLocation", Map(&PLACE)),
        optional("departureLocationDescription", Text),
        optional("departureLocationSecurityPrograms", List(&OneOf(&SECURITY_PROGRAMS))),
        optional("departureLocationTimeZone", Zone),
        optional("destinationCityName", Text),
        optional("destinationLocation", Map(&PLACE)),
        optional("destinationLocationDescription", Text),
        optional("destinationLocationSecurityPrograms", List(&OneOf(&SECURITY_PROGRAMS))),
        optional("destinationLocationTimeZone", Zone),
        optional("duration", Number),
        optional("loungePlaceIDs", List(&Text)),
        optional("membershipProgramName", Text),
        optional("membershipProgramNumber", Text),
        optional("membershipProgramStatus", Text),
        optional("originalArrivalDate", Date),
        optional("originalBoardingDate", Date),
        optional("originalDepartureDate", Date),
        optional("passengerAirlineSSRs", List(&Text)),
        optional("passengerCapabilities", List(&OneOf(&CAPABILITIES))),
        optional("passengerEligibleSecurityPrograms", List(&OneOf(&SECURITY_PROGRAMS))),
        optional("passengerInformationSSRs", List(&Text)),
        optional("passengerName", Map(&PERSON_NAME)),
        optional("passengerServiceSSRs", List(&Text)),
        optional("priorityStatus", Text),
        optional("securityScreening", Text),
        optional("ticketFareClass", Text),
        optional("transitProvider", Text),
        optional("transitStatus", Text),
        optional("transitStatusReason", Text),
        optional("vehicleName", Text),
        optional("vehicleNumber", Text),
        optional("vehicleType", Text),
        // Airlines.
        optional("airlineCode", Text),
        optional("departureAirportCode", Text),
        optional("departureAirportName", Text),
        optional("departureTerminal", Bare("terminal")),
        optional("destinationAirportCode", Text),
        optional("destinationAirportName", Text),
        optional("destinationGate", Bare("gate")),
        optional("destinationTerminal", Bare("terminal")),
        optional("flightCode", Text),
        optional("flightNumber", Number),
        optional("internationalDocumentsAreVerified", Bool),
        optional("internationalDocumentsVerifiedDeclarationName", Text),
        // Railways.
        optional("carNumber", Text),
        optional("departurePlatform", Bare("platform")),
        optional("departureStationName", Text),
        optional("destinationPlatform", Bare("platform")),
        optional("destinationStationName", Text),
        // Store cards and any other.
        optional("balance", Map(&CURRENCY_AMOUNT)),
        optional("totalPrice", Map(&CURRENCY_AMOUNT)),
        optional("wifiAccess", List(&Map(&WIFI_NETWORK))),
        // Not on Apple's page: from Apple's own library or generators. Known, so that nobody is told to rename them.
        optional("airlineLoungePlaceID", Text),
        optional("airplay", Any),
        optional("departureAirportSecurityPrograms", List(&OneOf(&SECURITY_PROGRAMS))),
        optional("departureAirportTimeZone", Zone),
        optional("destinationAirportSecurityPrograms", List(&OneOf(&SECURITY_PROGRAMS))),
        optional("destinationAirportTimeZone", Zone),
        optional("eventLiveMessage", Text),
        optional("venuePlaceID", Text),
    ],
    index: Index::new(),
};

static CURRENCY_AMOUNT: Table = Table {
    noun: "an amount of money",
    class: rules::SEMANTIC_TYPE,
    missing: rules::SEMANTIC_TYPE,
    keys: &[optional("amount", Text), optional("currencyCode", Currency)],
    index: Index::new(),
};

static EVENT_DATE_INFO: Table = Table {
    noun: "an event date",
    class: rules::SEMANTIC_TYPE,
    missing: rules::SEMANTIC_TYPE,
    keys: &[
        optional("date", Date),
        optional("ignoreTimeComponents", Bool),
        optional("timeZone", Zone),
        optional("unannounced", Bool),
        optional("undetermined", Bool),
    ],
    index: Index::new(),
};

static PERSON_NAME: Table = Table {
    noun: "a person's name",
    class: rules::SEMANTIC_TYPE,
    missing: rules::SEMANTIC_TYPE,
    keys: &[
        optional("familyName", Text),
        optional("givenName", Text),
        optional("middleName", Text),
        optional("namePrefix", Text),
        optional("nameSuffix", Text),
        optional("nickname", Text),
        optional("phoneticRepresentation", Text),
    ],
    index: Index::new(),
};

static PLACE: Table = Table {
    noun: "a place",
    class: rules::SEMANTIC_TYPE,
    missing: rules::SEMANTIC_TYPE,
    keys: &[required("latitude", Latitude), required("longitude", Longitude)],
    index: Index::new(),
};

static SEAT: Table = Table {
    noun: "a seat",
    class: rules::SEMANTIC_TYPE,
    missing: rules::SEMANTIC_TYPE,
    keys: &[
        optional("seatAisle", Text),
        optional("seatDescription", Text),
        optional("seatIdentifier", Text),
        optional("seatLevel", Text),
        optional("seatNumber", Text),
        optional("seatRow", Text),
        optional("seatSection", Text),
        optional("seatSectionColor", Color),
        optional("seatType", Text),
    ],
    index: Index::new(),
};

static WIFI_NETWORK: Table = Table {
    noun: "a Wi-Fi network",
    class: rules::SEMANTIC_TYPE,
    missing: rules::SEMANTIC_TYPE,
    keys: &[required("ssid", Text), required("password", Secret)],
    index: Index::new(),
};

static CAPABILITIES: [&str; 5] = [
    "PKPassengerCapabilityPreboarding",
    "PKPassengerCapabilityPriorityBoarding",
    "PKPassengerCapabilityCarryon",
    "PKPassengerCapabilityPersonalItem",
    "PKPassengerCapabilityLapInfant",
];

static EVENT_TYPES: [&str; 8] = [
    "PKEventTypeGeneric",
    "PKEventTypeLivePerformance",
    "PKEventTypeMovie",
    "PKEventTypeSports",
    "PKEventTypeConference",
    "PKEventTypeConvention",
    "PKEventTypeWorkshop",
    "PKEventTypeSocialGathering",
];

static SECURITY_PROGRAMS: [&str; 7] = [
    "PKTransitSecurityProgramTSAPreCheck",
    "PKTransitSecurityProgramTSAPreCheckTouchlessID",
    "PKTransitSecurityProgramOSS",
    "PKTransitSecurityProgramITI",
    "PKTransitSecurityProgramITD",
    "PKTransitSecurityProgramGlobalEntry",
    "PKTransitSecurityProgramCLEAR",
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_tag_is_listed_once() {
        let names: HashSet<&str> = SEMANTICS.keys.iter().map(|key| key.name).collect();
        assert_eq!(names.len(), SEMANTICS.keys.len());
        assert_eq!(names.len(), 104 + 8, "104 on Apple's page and 8 seen elsewhere");
    }
}
