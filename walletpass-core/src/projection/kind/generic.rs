//! A generic pass: Apple `generic`, Google `generic`.

use crate::model::kind::generic::{Generic, Purpose};
use crate::model::role::Role;
use crate::model::text::Text;
use crate::projection::apple::{AppleDrawing, Place};
use crate::projection::google::GoogleDrawing;

pub(in crate::projection) fn apple(facts: &Generic, sheet: &mut AppleDrawing<'_>) {
    let Generic { title, subtitle, purpose: _, holder, member_number } = facts;
    let label = subtitle.as_ref();
    let at = sheet.labelled_field(Place::Primary, Role::Title, "kind.generic.title", label, title);
    if label.is_some() {
        sheet.placed("kind.generic.subtitle", format!("{at}.label"));
    }
    sheet.lost("kind.generic.purpose", "Apple does not ask what a generic pass is used for");
    if let Some(name) = holder {
        sheet.field(Place::Secondary, Role::Holder, "kind.generic.holder", name.as_str());
    }
    if let Some(number) = member_number {
        sheet.field(Place::Secondary, Role::MemberNumber, "kind.generic.memberNumber", number.as_str());
    }
}

pub(in crate::projection) fn google(facts: &Generic, sheet: &mut GoogleDrawing<'_>) {
    let Generic { title, subtitle, purpose, holder, member_number } = facts;
    let header = sheet.localized(title);
    sheet.object("kind.generic.title", "header", header);
    if let Some(subtitle) = subtitle {
        let subheader = sheet.localized(subtitle);
        sheet.object("kind.generic.subtitle", "subheader", subheader);
    }
    sheet.object_logos("logo", "wideLogo");
    let purpose = match purpose {
        Purpose::AutoInsurance => "GENERIC_AUTO_INSURANCE",
        Purpose::BarcodePass => "GENERIC_BARCODE_PASS",
        Purpose::BusinessCard => "GENERIC_BUSINESS_CARD",
        Purpose::EntryTicket => "GENERIC_ENTRY_TICKET",
        Purpose::GymMembership => "GENERIC_GYM_MEMBERSHIP",
        Purpose::HomeInsurance => "GENERIC_HOME_INSURANCE",
        Purpose::LibraryMembership => "GENERIC_LIBRARY_MEMBERSHIP",
        Purpose::LoyaltyCard => "GENERIC_LOYALTY_CARD",
        Purpose::MembershipCard => "GENERIC_MEMBERSHIP_CARD",
        Purpose::Other => "GENERIC_OTHER",
        Purpose::ParkingPass => "GENERIC_PARKING_PASS",
        Purpose::Receipt => "GENERIC_RECEIPT",
        Purpose::Reservations => "GENERIC_RESERVATIONS",
        Purpose::SeasonPass => "GENERIC_SEASON_PASS",
        Purpose::StudentCard => "GENERIC_STUDENT_CARD",
        Purpose::TransitPass => "GENERIC_TRANSIT_PASS",
        Purpose::UtilityBills => "GENERIC_UTILITY_BILLS",
        Purpose::VehicleRegistration => "GENERIC_VEHICLE_REGISTRATION",
        Purpose::Voucher => "GENERIC_VOUCHER",
    };
    sheet.object("kind.generic.purpose", "genericType", purpose);
    if let Some(name) = holder {
        sheet.front_module(Role::Holder, "kind.generic.holder", &Text::new(name.as_str()));
    }
    if let Some(number) = member_number {
        sheet.front_module(Role::MemberNumber, "kind.generic.memberNumber", &Text::new(number.as_str()));
    }
}
