//! A coupon: Apple `coupon`, Google `offer`.

use serde_json::json;

use crate::model::kind::coupon::{Coupon, RedemptionChannel};
use crate::model::role::Role;
use crate::model::text::Text;
use crate::projection::apple::{AppleDrawing, Place};
use crate::projection::google::GoogleDrawing;

pub(in crate::projection) fn apple(facts: &Coupon, sheet: &mut AppleDrawing<'_>) {
    let Coupon { title, short_title, provider, channel: _, code, details, help } = facts;
    let label = provider.as_ref();
    let at = sheet.labelled_field(Place::Primary, Role::Offer, "kind.coupon.title", label, title);
    if label.is_some() {
        sheet.placed("kind.coupon.provider", format!("{at}.label"));
    }
    if short_title.is_some() {
        sheet.lost("kind.coupon.shortTitle", "Apple shows the title in full");
    }
    sheet.lost("kind.coupon.channel", "Apple does not ask where a coupon is redeemed");
    if let Some(code) = code {
        sheet.field(Place::Secondary, Role::Code, "kind.coupon.code", code.as_str());
    }
    if let Some(details) = details {
        sheet.field(Place::Back, Role::Details, "kind.coupon.details", details);
    }
    if let Some(url) = help {
        let at = sheet.link("_help".to_owned(), Some(&Text::new("Help")), url.as_str());
        sheet.placed("kind.coupon.help", at);
    }
}

pub(in crate::projection) fn google(facts: &Coupon, sheet: &mut GoogleDrawing<'_>) {
    let Coupon { title, short_title, provider, channel, code, details, help } = facts;
    sheet.class_text("kind.coupon.title", "title", "localizedTitle", title);
    if let Some(short) = short_title {
        sheet.class_text("kind.coupon.shortTitle", "shortTitle", "localizedShortTitle", short);
    }
    match provider {
        Some(provider) => sheet.class_text("kind.coupon.provider", "provider", "localizedProvider", provider),
        None => sheet.repeat_organization("provider", "localizedProvider"),
    }
    let channel = match channel {
        RedemptionChannel::Both => "BOTH",
        RedemptionChannel::InStore => "INSTORE",
        RedemptionChannel::Online => "ONLINE",
        RedemptionChannel::TemporaryPriceReduction => "TEMPORARY_PRICE_REDUCTION",
    };
    sheet.class("kind.coupon.channel", "redemptionChannel", channel);
    sheet.class_logos("titleImage", "wideTitleImage");
    if let Some(code) = code {
        sheet.front_module(Role::Code, "kind.coupon.code", &Text::new(code.as_str()));
    }
    if let Some(details) = details {
        sheet.class_text("kind.coupon.details", "details", "localizedDetails", details);
    }
    if let Some(url) = help {
        sheet.class("kind.coupon.help", "helpUri", json!({ "id": "help", "uri": url.as_str(), "description": "Help" }));
    }
}
