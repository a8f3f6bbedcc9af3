//! What every pass has, whatever its kind.

use chrono::{DateTime, FixedOffset};
use serde_json::Value as Json;

use crate::import::original::Original;
use crate::import::value::{instant, place};
use crate::model::barcode::{Barcode, Symbology};
use crate::model::color::Color;
use crate::model::dates::{Expiry, Relevance};
use crate::model::kind::Kind;
use crate::model::pass::Pass;
use crate::model::place::Place;
use crate::model::state::{Sharing, State};
use crate::model::text::Text;

/// Reads who issues the pass.
pub(super) fn organization(original: &mut Original<'_>) -> Text {
    if let Some(name) = original.root_text("organizationName") {
        original.account.fact("organizationName", "organization");
        return name;
    }
    original
        .account
        .remark("organizationName", "there is none, and both wallets demand it: give the pass its `organization`");
    original.root_text("logoText").or_else(|| original.root_text("description")).unwrap_or_else(|| Text::new("-"))
}

/// Reads the rest, but for fields and times of relevance.
pub(super) fn read(original: &mut Original<'_>, pass: &mut Pass) {
    names(original, pass);
    colors(original, pass);
    barcode(original, pass);
    places(original, pass);
    let root = original.root;
    if let Some(at) = root.get("expirationDate") {
        match instant(at) {
            Some(at) => {
                pass.dates.expires = Some(Expiry::At(at));
                original.account.fact("expirationDate", "dates.expires");
            }
            None => original.account.raw("expirationDate", NO_DATE),
        }
    }
    match root.get("voided") {
        Some(Json::Bool(voided)) => {
            pass.state = if *voided { State::Voided } else { State::Active };
            original.account.fact("voided", "state");
        }
        Some(_) => original.account.raw("voided", "it is neither true nor false"),
        None => {}
    }
    let prohibited = root.get("sharingProhibited");
    let sharing = match prohibited {
        Some(Json::Bool(true)) => Sharing::Prohibited,
        _ => Sharing::Allowed,
    };
    // What is the custom of the kind needs no word.
    let custom = if pass.kind.is_card() { Sharing::Prohibited } else { Sharing::Allowed };
    let is_custom = sharing == custom && prohibited.and_then(Json::as_bool) != Some(false);
    pass.sharing = Some(sharing).filter(|_| !is_custom);
    if prohibited.is_some_and(Json::is_boolean) {
        original.account.fact("sharingProhibited", "sharing");
    }
    if let Some(group) = root.get("groupingIdentifier").and_then(Json::as_str).filter(|group| !group.is_empty()) {
        pass.group = Some(group.to_owned());
        original.account.fact("groupingIdentifier", "group");
    }
}

/// Reads the times of relevance, but for the one that the kind makes of its own start.
pub(super) fn relevance(original: &mut Original<'_>, pass: &mut Pass) {
    let start = start(&pass.kind);
    let mut relevant = Vec::new();
    if let Some(Json::Array(entries)) = original.root.get("relevantDates") {
        for (index, entry) in entries.iter().take(MOST_DATES).enumerate() {
            let at = |key| entry.get(key).and_then(instant);
            let moment = at("date").or_else(|| at("relevantDate")).map(Relevance::at);
            let stretch = || match (at("startDate"), at("endDate")) {
                (Some(start), Some(end)) => Some(Relevance::between(start, end)),
                (Some(start), None) => Some(Relevance::at(start)),
                (None, _) => None,
            };
            match moment.or_else(stretch) {
                Some(relevance) => relevant.push(relevance),
                None => original.account.remark(format!("relevantDates[{index}]"), NO_DATE),
            }
        }
        if entries.len() > MOST_DATES {
            original.account.remark("relevantDates", format!("{MOST_DATES} of them are read"));
        }
    }
    if let Some(date) = original.root.get("relevantDate") {
        match instant(date) {
            Some(at) => {
                if !relevant.iter().any(|known| known.start == at) {
                    relevant.push(Relevance::at(at));
                }
                original.account.fact("relevantDate", "dates.relevant");
            }
            None => original.account.raw("relevantDate", NO_DATE),
        }
    }
    if !relevant.is_empty() && original.root.contains_key("relevantDates") {
        original.account.fact("relevantDates", "dates.relevant");
    }
    if let Some(at) = relevant.iter().position(|known| Some(known.start) == start && known.end.is_none()) {
        relevant.remove(at);
    }
    pass.dates.relevant = relevant;
}

/// Says what only a person can add.
pub(super) fn remark(original: &mut Original<'_>, pass: &Pass, has_type: bool, has_team: bool) {
    let account = &mut original.account;
    for (key, is_read) in [("passTypeIdentifier", has_type), ("teamIdentifier", has_team)] {
        if is_read {
            account
                .dropped(key, "it is that of the old issuer, told beside the pass; the new certificate brings its own");
        } else {
            account.dropped(key, "there is none that Apple could have given");
        }
    }
    account.fact("serialNumber", "serial");
    account.dropped("formatVersion", "it is written anew");
    if original.root.get("formatVersion") != Some(&Json::from(1)) {
        account.remark("formatVersion", "it was not the number 1, as Apple demands");
    }
    let demanded = pass.kind.logo().map(|(path, _)| path);
    if let Some(path) = demanded {
        account
            .remark("", format!("Google demands the public address of {path}, and a package has none: give it `url`"));
    }
    if !pass.art.is_empty() {
        account.remark(
            "",
            "Google fetches pictures from public addresses, and a package has none: give those of `art` their `url`",
        );
    }
}

fn names(original: &mut Original<'_>, pass: &mut Pass) {
    if let Some(description) = original.root_text("description") {
        pass.description = Some(description);
        original.account.fact("description", "description");
    }
    let (beside_logo, on_poster) = (original.root_text("logoText"), original.root_text("eventLogoText"));
    let has_logo_text = beside_logo.is_some();
    let is_one = on_poster.is_some() && (beside_logo == on_poster || !has_logo_text);
    if on_poster.is_some() && !is_one {
        original.account.raw("eventLogoText", "it is another than `logoText`, and a pass has one text beside its logo");
    }
    let Some(text) = beside_logo.or(on_poster) else { return };
    let of_kind = match &pass.kind {
        Kind::Flight(facts) => facts.carrier.name.as_ref().map(|name| ("kind.flight.carrier.name", name)),
        Kind::GiftCard(facts) => facts.merchant.as_ref().map(|name| ("kind.giftCard.merchant", name)),
        Kind::Loyalty(facts) => Some(("kind.loyalty.program", &facts.program)),
        Kind::Transit(facts) => Some(("kind.transit.operator", &facts.operator)),
        _ => None,
    };
    let fact = match of_kind {
        Some((fact, name)) if *name == text => fact,
        _ => {
            pass.logo_text = Some(text);
            "logoText"
        }
    };
    for (key, _) in [("logoText", has_logo_text), ("eventLogoText", is_one)].iter().filter(|(_, is_read)| *is_read) {
        original.account.fact(*key, fact);
    }
}

fn colors(original: &mut Original<'_>, pass: &mut Pass) {
    let root = original.root;
    let color = |key| root.get(key).and_then(Json::as_str).and_then(|text| text.parse::<Color>().ok());
    let readable = color("backgroundColor").map(Color::readable);
    let is_automatic = root.get("useAutomaticColors") == Some(&Json::Bool(true))
        && readable.is_some()
        && TEXT_COLORS.iter().all(|key| color(key) == readable);
    for (key, fact, slot) in [
        ("backgroundColor", "colors.background", &mut pass.colors.background),
        ("foregroundColor", "colors.foreground", &mut pass.colors.foreground),
        ("labelColor", "colors.label", &mut pass.colors.label),
        ("footerBackgroundColor", "colors.footer", &mut pass.colors.footer),
    ] {
        let Some(json) = root.get(key) else { continue };
        if is_automatic && TEXT_COLORS.contains(&key) {
            original.account.dropped(key, "it follows from the background and is written anew");
            continue;
        }
        match json.as_str().map(str::parse::<Color>) {
            Some(Ok(color)) => {
                *slot = Some(color);
                original.account.fact(key, fact);
            }
            Some(Err(error)) => original.account.raw(key, error.to_string()),
            None => original.account.raw(key, "it is not a text"),
        }
    }
}

fn barcode(original: &mut Original<'_>, pass: &mut Pass) {
    let root = original.root;
    let list = root.get("barcodes").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let many = list.iter().take(MOST_BARCODES).enumerate().map(|(index, json)| (format!("barcodes[{index}]"), json));
    let one = root.get("barcode").map(|json| ("barcode".to_owned(), json));
    for (path, json) in many.chain(one) {
        let text = |key| json.get(key).and_then(Json::as_str).filter(|text: &&str| !text.is_empty());
        let (Some(format), Some(message)) = (text("format").and_then(symbology), text("message")) else {
            original.account.raw(path, "its format or message is missing or unknown");
            continue;
        };
        match &pass.barcode {
            None => {
                let mut barcode = Barcode::new(format, message);
                barcode.caption = text("altText").map(Text::new);
                pass.barcode = Some(barcode);
                original.account.fact(path, "barcode");
            }
            Some(first) if first.message == message => original.account.fact(path, "barcode"),
            Some(_) => original.account.raw(path, "a pass has one barcode, and its message is another"),
        }
        if pass.barcode.as_ref().is_some_and(|barcode| barcode.format != format) {
            let what = "another format than the first; Google gets the first alone";
            original.account.remark(if list.is_empty() { "barcode" } else { "barcodes" }, what);
        }
    }
    if !list.is_empty() {
        original.account.fact("barcodes", "barcode");
    }
}

fn symbology(name: &str) -> Option<Symbology> {
    Some(match name {
        "PKBarcodeFormatAztec" => Symbology::Aztec,
        "PKBarcodeFormatCodabar" => Symbology::Codabar,
        "PKBarcodeFormatCode128" => Symbology::Code128,
        "PKBarcodeFormatCode39" => Symbology::Code39,
        "PKBarcodeFormatEAN13" => Symbology::Ean13,
        "PKBarcodeFormatI2of5" => Symbology::I2of5,
        "PKBarcodeFormatPDF417" => Symbology::Pdf417,
        "PKBarcodeFormatQR" => Symbology::Qr,
        _ => return None,
    })
}

fn places(original: &mut Original<'_>, pass: &mut Pass) {
    let Some(Json::Array(locations)) = original.root.get("locations") else { return };
    for (index, location) in locations.iter().enumerate().take(MOST_LOCATIONS) {
        let path = format!("locations[{index}]");
        let Some(mut place) = place(location) else {
            original
                .account
                .raw(path, "it is no point on the globe: latitude from -90 to 90, longitude from -180 to 180");
            continue;
        };
        if pass.places.len() == Place::MAX {
            original.account.raw(path, "a pass has at most ten places");
            continue;
        }
        place.altitude = location.get("altitude").and_then(Json::as_f64);
        let text = location.get("relevantText").and_then(Json::as_str).filter(|text| !text.is_empty());
        place.text = text.map(|text| original.languages.text(text));
        original.account.fact(path, format!("places[{}]", pass.places.len()));
        pass.places.push(place);
    }
    original.account.fact("locations", "places");
}

/// Gives the time from which the kind makes a relevant date.
fn start(kind: &Kind) -> Option<DateTime<FixedOffset>> {
    match kind {
        Kind::Event(facts) => facts.start,
        Kind::Flight(facts) => facts.from.time_zone.map(|zone| zone.instant(facts.departs)),
        Kind::Transit(facts) => facts.departs,
        _ => None,
    }
}

/// The colours of texts.
const TEXT_COLORS: [&str; 2] = ["foregroundColor", "labelColor"];

/// Why a date is kept as it is.
const NO_DATE: &str = "it is not a date with time and zone: write 2027-03-05T20:00:00+01:00";

/// The most relevant dates that are read; the projection draws no more.
const MOST_DATES: usize = 499;

/// The most barcodes and locations that are looked at.
const MOST_BARCODES: usize = 20;
const MOST_LOCATIONS: usize = 100;
