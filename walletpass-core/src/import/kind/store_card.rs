//! A store card: a gift card or a loyalty card.

use serde_json::Value as Json;

use crate::import::art::Pictures;
use crate::import::kind::{generic, name_of_pass};
use crate::import::original::{FieldIn, Original};
use crate::import::{value, words};
use crate::model::art::Slot;
use crate::model::kind::Kind;
use crate::model::kind::gift_card::GiftCard;
use crate::model::kind::loyalty::Loyalty;
use crate::model::money::Money;
use crate::model::role::Role;

pub(super) fn read(original: &mut Original<'_>, art: &mut Pictures) -> Kind {
    // A generic pass of ours with a strip is drawn as a store card, since Apple has no strip on generic ones.
    let is_titled = |field: &FieldIn<'_>| field.group == "primaryFields" && field.key() == Role::Title.key();
    if art.has(Slot::Strip) && original.fields.iter().any(is_titled) {
        return generic::read(original).into();
    }
    if is_gift(original)
        && let Some(card) = gift_card(original)
    {
        return card.into();
    }
    loyalty(original, art).into()
}

/// Says whether a card holds money rather than points.
fn is_gift(original: &Original<'_>) -> bool {
    if original.fields.iter().any(|field| field.key() == Role::CardNumber.key()) {
        return true;
    }
    if !original.candidates(Role::Points).is_empty() {
        return false;
    }
    let holds_money =
        original.candidates(Role::Balance).into_iter().chain(original.free_in("primaryFields")).any(|at| {
            original.fields.get(at).is_some_and(|field| value::money(field.json, original.languages).is_some())
        });
    let has_tag = original.root.get("semantics").is_some_and(|semantics| semantics.get("balance").is_some());
    let names =
        ["logoText", "description", "organizationName"].map(|key| original.root.get(key).and_then(Json::as_str));
    let says_gift = names.into_iter().flatten().any(|name| {
        let name = words::plain(name);
        GIFT.iter().any(|word| name.contains(word))
    });
    holds_money || has_tag || says_gift
}

fn gift_card(original: &mut Original<'_>) -> Option<GiftCard> {
    let before = original.clone();
    let tag = original.tag("balance", "kind.giftCard.balance", value::tag_money);
    let shown = original.field(Role::Balance, "kind.giftCard.balance", value::money);
    let shown = shown.or_else(|| large_money(original, tag));
    let balance = tag.or(shown);
    if balance.is_some() {
        original.roles.insert(Role::Balance);
    }
    let number = original.field(Role::CardNumber, "kind.giftCard.number", value::plain);
    let Some(number) = number.or_else(|| from_barcode(original)) else {
        *original = before;
        let what = "read as a loyalty card: a gift card demands its number, which neither a field nor a barcode says";
        original.account.remark(original.style, what);
        return None;
    };
    original.roles.insert(Role::CardNumber);
    let mut card = GiftCard::new(number);
    card.balance = balance;
    card.balance_as_of = original.field(Role::BalanceAsOf, "kind.giftCard.balanceAsOf", value::moment);
    card.pin = original.field(Role::Pin, "kind.giftCard.pin", value::plain);
    card.merchant = original.root_text("logoText");
    Some(card)
}

/// Takes the large field that shows money, whatever it is called: that of the tag, where there is one.
fn large_money(original: &mut Original<'_>, tag: Option<Money>) -> Option<Money> {
    let large = ["primaryFields", "headerFields"].into_iter().flat_map(|group| original.free_in(group));
    let read = |at: usize| Some((at, value::money(original.fields.get(at)?.json, original.languages)?));
    let (at, money) = large.filter_map(read).find(|(_, money)| tag.is_none_or(|tag| tag == *money))?;
    original.take(at, Role::Balance, "kind.giftCard.balance");
    original.word(at, Role::Balance);
    Some(money)
}

fn from_barcode(original: &mut Original<'_>) -> Option<String> {
    let root = original.root;
    let first = root.get("barcodes").and_then(|list| list.get(0)).map(|barcode| ("barcodes[0]", barcode));
    let (path, barcode) = first.or_else(|| Some(("barcode", root.get("barcode")?)))?;
    let text =
        |key| barcode.get(key).and_then(Json::as_str).filter(|text: &&str| !text.is_empty() && text.len() <= 100);
    let number = text("altText").or_else(|| text("message"))?.to_owned();
    original.account.remark(path, "taken for the number of the card (kind.giftCard.number), since no field says it");
    Some(number)
}

fn loyalty(original: &mut Original<'_>, art: &mut Pictures) -> Loyalty {
    let program = original.root_text("logoText").or_else(|| original.root_text("organizationName"));
    let program = program.unwrap_or_else(|| name_of_pass(original));
    let logo = art.logo("kind.loyalty.logo", &mut original.account);
    let mut card = Loyalty::new(program, logo);
    let points = original.field(Role::Points, "kind.loyalty.points", value::value);
    let balance = || original.candidates(Role::Balance).first().copied();
    card.points = match (points, balance()) {
        (None, Some(at)) => {
            original.take(at, Role::Points, "kind.loyalty.points");
            original.word(at, Role::Points);
            original.fields.get(at).and_then(|field| value::value(field.json, original.languages))
        }
        (points, _) => points,
    };
    if card.points.is_some() {
        original.tag("balance", "kind.loyalty.points", value::tag_money);
    }
    card.secondary_points = original.field(Role::SecondaryPoints, "kind.loyalty.secondaryPoints", value::value);
    card.tier = original.field(Role::Tier, "kind.loyalty.tier", value::text);
    card.holder = original.field(Role::Holder, "kind.loyalty.holder", value::plain);
    card.member_number = original.field(Role::MemberNumber, "kind.loyalty.memberNumber", value::plain);
    card
}

/// Words of a card that holds money.
const GIFT: [&str; 6] = ["gift", "geschenk", "gutschein", "guthabenkarte", "cadeau", "voucher"];
