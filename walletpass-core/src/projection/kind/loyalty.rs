//! A loyalty card: Apple `storeCard`, Google `loyalty`.

use serde_json::{Value as Json, json};

use crate::model::kind::loyalty::Loyalty;
use crate::model::role::Role;
use crate::model::value::Value;
use crate::projection::apple::{AppleDrawing, Place};
use crate::projection::format::{neutral, set};
use crate::projection::google::{GoogleDrawing, members, money};

pub(in crate::projection) fn apple(facts: &Loyalty, sheet: &mut AppleDrawing<'_>) {
    let Loyalty { program, logo: _, points, secondary_points, tier, holder, member_number } = facts;
    sheet.logo_text("kind.loyalty.program", program);
    if let Some(points) = points {
        sheet.field(Place::Header, Role::Points, "kind.loyalty.points", points);
        if let Value::Money(money) = points {
            let amount = json!({ "amount": money.amount(), "currencyCode": money.currency.as_str() });
            sheet.tag("kind.loyalty.points", "balance", amount);
        }
    }
    if let Some(name) = holder {
        sheet.field(Place::Secondary, Role::Holder, "kind.loyalty.holder", name.as_str());
    }
    if let Some(tier) = tier {
        sheet.field(Place::Secondary, Role::Tier, "kind.loyalty.tier", tier);
    }
    if let Some(points) = secondary_points {
        sheet.field(Place::Auxiliary, Role::SecondaryPoints, "kind.loyalty.secondaryPoints", points);
    }
    if let Some(number) = member_number {
        sheet.field(Place::Auxiliary, Role::MemberNumber, "kind.loyalty.memberNumber", number.as_str());
    }
}

pub(in crate::projection) fn google(facts: &Loyalty, sheet: &mut GoogleDrawing<'_>) {
    let Loyalty { program, logo: _, points, secondary_points, tier, holder, member_number } = facts;
    sheet.class_text("kind.loyalty.program", "programName", "localizedProgramName", program);
    sheet.class_logos("programLogo", "wideProgramLogo");
    if let Some(points) = points {
        let points = loyalty_points(sheet, Role::Points, "kind.loyalty.points", points);
        sheet.object("kind.loyalty.points", "loyaltyPoints", points);
        sheet.front("object.loyaltyPoints.balance");
    }
    if let Some(points) = secondary_points {
        let points = loyalty_points(sheet, Role::SecondaryPoints, "kind.loyalty.secondaryPoints", points);
        sheet.object("kind.loyalty.secondaryPoints", "secondaryLoyaltyPoints", points);
        sheet.front("object.secondaryLoyaltyPoints.balance");
    }
    if let Some(tier) = tier {
        // Google has a tier on the class alone, and it is the holder's. The second count is free for it on most cards, and
        // is shown on the front without a layout of our own.
        if secondary_points.is_none() && tier.translations.is_empty() {
            let tier = loyalty_points(sheet, Role::Tier, "kind.loyalty.tier", &Value::Text(tier.clone()));
            sheet.object("kind.loyalty.tier", "secondaryLoyaltyPoints", tier);
            sheet.front("object.secondaryLoyaltyPoints.balance");
        } else {
            sheet.front_module(Role::Tier, "kind.loyalty.tier", tier);
        }
    }
    if let Some(name) = holder {
        sheet.object("kind.loyalty.holder", "accountName", name.as_str());
        sheet.note("kind.loyalty.holder", "in the details");
        sheet.class_label(Role::Holder, "accountNameLabel", "localizedAccountNameLabel");
    }
    if let Some(number) = member_number {
        sheet.object("kind.loyalty.memberNumber", "accountId", number.as_str());
        sheet.note("kind.loyalty.memberNumber", "in the details");
        sheet.class_label(Role::MemberNumber, "accountIdLabel", "localizedAccountIdLabel");
    }
}

/// Writes a count; both of Google's are made alike.
fn loyalty_points(sheet: &mut GoogleDrawing<'_>, role: Role, fact: &'static str, points: &Value) -> Json {
    match points {
        Value::Date(_) | Value::Percent(_) => sheet.note(fact, "as text"),
        Value::Text(text) if !text.translations.is_empty() => sheet.note(fact, "without its translations"),
        _ => {}
    }
    let (form, balance) = match points {
        Value::Decimal(number) => ("double", (*number).into()),
        Value::Integer(number) => match i32::try_from(*number) {
            Ok(number) => ("int", number.into()),
            Err(_) => ("string", number.to_string().into()),
        },
        Value::Money(amount) => ("money", money(amount)),
        other => ("string", neutral(other).into()),
    };
    let at = match role {
        Role::Points => "object.loyaltyPoints.label",
        _ => "object.secondaryLoyaltyPoints.label",
    };
    let label = sheet.label(role, at);
    let localized = (!label.translations.is_empty()).then(|| sheet.localized(&label));
    let mut json = members([("label", label.default.into()), ("balance", members([(form, balance)]))]);
    if let Some(localized) = localized {
        set(&mut json, "localizedLabel", localized);
    }
    json
}
