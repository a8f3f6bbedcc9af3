//! What an airline offers around a flight.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A page of an airline about a flight: a button of a semantic boarding pass, elsewhere a link.
/// <https://developer.apple.com/documentation/walletpasses/pass>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum FlightService {
    /// More bags to buy.
    Baggage,
    /// Another seat.
    ChangeSeat,
    /// The mail address of the airline (`mailto:`).
    Email,
    /// Films and music on board.
    Entertainment,
    /// A bag that did not arrive.
    LostBag,
    /// The lounge.
    Lounge,
    /// The booking.
    Manage,
    /// The telephone of the airline (`tel:`).
    Phone,
    /// An animal that helps the passenger.
    ServiceAnimal,
    /// Where the bags are.
    TrackBags,
    /// A better class.
    Upgrade,
    /// The site of the airline.
    Website,
    /// A wheelchair.
    Wheelchair,
    /// Wi-Fi on board.
    Wifi,
}

impl FlightService {
    /// Gives the name in the JSON form.
    pub fn name(self) -> &'static str {
        self.names().0
    }

    /// Gives English words, for a wallet or a layout without such buttons.
    pub fn label(self) -> &'static str {
        self.names().2
    }

    /// Gives the key in `pass.json`.
    pub(crate) fn apple_key(self) -> &'static str {
        self.names().1
    }

    fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Baggage => ("baggage", "purchaseAdditionalBaggageURL", "Add baggage"),
            Self::ChangeSeat => ("changeSeat", "changeSeatURL", "Change seat"),
            Self::Email => ("email", "transitProviderEmail", "Write to the airline"),
            Self::Entertainment => ("entertainment", "entertainmentURL", "Entertainment"),
            Self::LostBag => ("lostBag", "reportLostBagURL", "Report a lost bag"),
            Self::Lounge => ("lounge", "purchaseLoungeAccessURL", "Lounge"),
            Self::Manage => ("manage", "managementURL", "Manage booking"),
            Self::Phone => ("phone", "transitProviderPhoneNumber", "Call the airline"),
            Self::ServiceAnimal => ("serviceAnimal", "registerServiceAnimalURL", "Service animal"),
            Self::TrackBags => ("trackBags", "trackBagsURL", "Track bags"),
            Self::Upgrade => ("upgrade", "upgradeURL", "Upgrade"),
            Self::Website => ("website", "transitProviderWebsiteURL", "Airline"),
            Self::Wheelchair => ("wheelchair", "requestWheelchairURL", "Wheelchair"),
            Self::Wifi => ("wifi", "purchaseWifiURL", "Wi-Fi"),
        }
    }
}
