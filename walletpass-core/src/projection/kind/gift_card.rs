//! A gift card: Apple `storeCard`, Google `giftCard`.

use serde_json::json;

use crate::model::kind::gift_card::GiftCard;
use crate::model::role::Role;
use crate::model::value::{DateStyle, Value};
use crate::projection::apple::{AppleDrawing, Place};
use crate::projection::google::{GoogleDrawing, date, money};

pub(in crate::projection) fn apple(facts: &GiftCard, sheet: &mut AppleDrawing<'_>) {
    let GiftCard { number, pin, balance, balance_as_of, merchant } = facts;
    if let Some(merchant) = merchant {
        sheet.logo_text("kind.giftCard.merchant", merchant);
    }
    if let Some(balance) = balance {
        sheet.field(Place::Primary, Role::Balance, "kind.giftCard.balance", *balance);
        let amount = json!({ "amount": balance.amount(), "currencyCode": balance.currency.as_str() });
        sheet.tag("kind.giftCard.balance", "balance", amount);
    }
    sheet.field(Place::Secondary, Role::CardNumber, "kind.giftCard.number", number.as_str());
    if let Some(at) = balance_as_of {
        let shown = Value::date(*at, DateStyle::Medium, DateStyle::Short);
        sheet.field(Place::Back, Role::BalanceAsOf, "kind.giftCard.balanceAsOf", shown);
    }
    if let Some(pin) = pin {
        sheet.field(Place::Back, Role::Pin, "kind.giftCard.pin", pin.as_str());
    }
}

pub(in crate::projection) fn google(facts: &GiftCard, sheet: &mut GoogleDrawing<'_>) {
    let GiftCard { number, pin, balance, balance_as_of, merchant } = facts;
    if let Some(merchant) = merchant {
        sheet.class_text("kind.giftCard.merchant", "merchantName", "localizedMerchantName", merchant);
    }
    sheet.class_logos("programLogo", "wideProgramLogo");
    // Without it Google hides the barcode of a gift card.
    sheet.class_setting("allowBarcodeRedemption", true);
    sheet.object("kind.giftCard.number", "cardNumber", number.as_str());
    sheet.front("object.cardNumber");
    sheet.class_label(Role::CardNumber, "cardNumberLabel", "localizedCardNumberLabel");
    if let Some(pin) = pin {
        sheet.object("kind.giftCard.pin", "pin", pin.as_str());
        sheet.class_label(Role::Pin, "pinLabel", "localizedPinLabel");
    }
    if let Some(balance) = balance {
        sheet.object("kind.giftCard.balance", "balance", money(balance));
    }
    if let Some(at) = balance_as_of {
        sheet.object("kind.giftCard.balanceAsOf", "balanceUpdateTime", date(at));
    }
}
