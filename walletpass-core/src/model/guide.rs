//! The pages about an event.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A page about an event: a button or a line in the guide of a poster ticket, elsewhere a link.
/// <https://developer.apple.com/documentation/walletpasses/pass>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum GuidePage {
    /// How the venue serves people with disabilities.
    Accessibility,
    /// What else can be bought with the ticket.
    AddOns,
    /// Which bags are let in.
    BagPolicy,
    /// How to get there.
    Directions,
    /// The mail address of the venue (`mailto:`).
    Email,
    /// What fans wear.
    Merchandise,
    /// Food and drink to order.
    OrderFood,
    /// Where to park.
    Parking,
    /// The telephone of the venue (`tel:`).
    Phone,
    /// Parking to buy.
    PurchaseParking,
    /// Where the holder sells his ticket.
    Sell,
    /// Where the holder hands his ticket on.
    Transfer,
    /// Which trains and buses go there.
    Transit,
    /// The site of the venue.
    Website,
}

impl GuidePage {
    /// Gives the name in the JSON form.
    pub fn name(self) -> &'static str {
        self.names().0
    }

    /// Gives English words, for a wallet or a layout without a guide.
    pub fn label(self) -> &'static str {
        self.names().2
    }

    /// Gives the key in `pass.json`.
    pub(crate) fn apple_key(self) -> &'static str {
        self.names().1
    }

    fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Accessibility => ("accessibility", "accessibilityURL", "Accessibility"),
            Self::AddOns => ("addOns", "addOnURL", "Add-ons"),
            Self::BagPolicy => ("bagPolicy", "bagPolicyURL", "Bag policy"),
            Self::Directions => ("directions", "directionsInformationURL", "Directions"),
            Self::Email => ("email", "contactVenueEmail", "Write to the venue"),
            Self::Merchandise => ("merchandise", "merchandiseURL", "Merchandise"),
            Self::OrderFood => ("orderFood", "orderFoodURL", "Order food"),
            Self::Parking => ("parking", "parkingInformationURL", "Parking"),
            Self::Phone => ("phone", "contactVenuePhoneNumber", "Call the venue"),
            Self::PurchaseParking => ("purchaseParking", "purchaseParkingURL", "Buy parking"),
            Self::Sell => ("sell", "sellURL", "Sell the ticket"),
            Self::Transfer => ("transfer", "transferURL", "Transfer the ticket"),
            Self::Transit => ("transit", "transitInformationURL", "Public transport"),
            Self::Website => ("website", "contactVenueWebsite", "Venue"),
        }
    }
}
