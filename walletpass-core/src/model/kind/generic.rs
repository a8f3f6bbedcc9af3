//! The facts of a generic pass.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::text::Text;

/// The facts of a pass that is none of the other kinds: a library card, a gym membership, a business card.
///
/// Mandatory: the headline, by Google. <https://developers.google.com/wallet/generic>
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Generic {
    /// The headline.
    pub title: Text,
    /// The small line above the headline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<Text>,
    /// What it is used for; Google only.
    #[serde(default)]
    pub purpose: Purpose,
    /// Whose pass it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
    /// The number of the member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member_number: Option<String>,
}

impl Generic {
    /// Makes a pass of its headline.
    pub fn new(title: impl Into<Text>) -> Self {
        Self { title: title.into(), subtitle: None, purpose: Purpose::default(), holder: None, member_number: None }
    }

    /// Puts a small line above the headline.
    pub fn subtitle(mut self, subtitle: impl Into<Text>) -> Self {
        self.subtitle = Some(subtitle.into());
        self
    }

    /// Says what it is used for.
    pub fn purpose(mut self, purpose: Purpose) -> Self {
        self.purpose = purpose;
        self
    }

    /// Says whose pass it is.
    pub fn holder(mut self, name: impl Into<String>) -> Self {
        self.holder = Some(name.into());
        self
    }

    /// Gives the number of the member.
    pub fn member_number(mut self, number: impl Into<String>) -> Self {
        self.member_number = Some(number.into());
        self
    }
}

/// What a generic pass is used for, as Google distinguishes it.
/// <https://developers.google.com/wallet/reference/rest/v1/genericobject#generictype>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Purpose {
    /// Car insurance.
    AutoInsurance,
    /// A barcode and little else.
    BarcodePass,
    /// A business card.
    BusinessCard,
    /// A ticket to enter.
    EntryTicket,
    /// A gym membership.
    GymMembership,
    /// Insurance of a home.
    HomeInsurance,
    /// A library card.
    LibraryMembership,
    /// A loyalty card.
    LoyaltyCard,
    /// A membership card.
    MembershipCard,
    /// Anything else.
    #[default]
    Other,
    /// A parking pass.
    ParkingPass,
    /// A receipt.
    Receipt,
    /// A reservation.
    Reservations,
    /// A season pass.
    SeasonPass,
    /// A student card.
    StudentCard,
    /// A transit pass.
    TransitPass,
    /// A utility bill.
    UtilityBills,
    /// The registration of a vehicle.
    VehicleRegistration,
    /// A voucher.
    Voucher,
}
