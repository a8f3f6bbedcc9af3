//! The style schemes of new systems: posters of events, semantic boarding passes.
//!
//! What a scheme lacks makes Wallet fall back to the classic layout, and it tells nobody.

use serde_json::Value;

use super::keys::{GROUPS, STYLES, Styles};
use super::members::Members;
use super::rules;
use crate::lint::findings::Findings;
use crate::lint::path::Path;
use crate::lint::quote::shorten;
use crate::lint::{Fix, nearest};

const POSTER: &str = "posterEventTicket";
const SEMANTIC: &str = "semanticBoardingPass";

/// The schemes, each with the style that it is for.
const SCHEMES: [(&str, &str); 4] = [
    (POSTER, "eventTicket"),
    ("eventTicket", "eventTicket"),
    (SEMANTIC, "boardingPass"),
    ("boardingPass", "boardingPass"),
];

/// Judges the list of schemes, what each of them needs, and the keys that only one of them reads.
pub(super) fn judge(pass: &Members<'_>, styles: &Styles<'_>, findings: &mut Findings) {
    judge_list(pass, findings);
    if has_scheme(pass, POSTER) && pass.contains_key("eventTicket") {
        judge_poster(pass, findings);
    }
    if has_scheme(pass, SEMANTIC) && pass.contains_key("boardingPass") {
        judge_semantic(pass, findings);
    }
    judge_keys(pass, findings);
    let classic = || STYLES.iter().zip(styles).any(|(style, object)| *style != "posterGeneric" && object.is_some());
    if pass.contains_key("posterGeneric") && !classic() {
        findings.add(&rules::POSTER_ALONE, &Path::ROOT.key("posterGeneric"), || {
            (
                "iOS 26 and older cannot add a pass that has no classic style",
                "add `generic`, `storeCard`, `coupon` or `eventTicket` beside it",
            )
        });
    }
}

/// Tells whether a pass prefers a scheme.
pub(super) fn has_scheme(pass: &Members<'_>, scheme: &str) -> bool {
    let schemes = pass.get("preferredStyleSchemes").and_then(Value::as_array);
    schemes.is_some_and(|schemes| schemes.iter().any(|given| given == scheme))
}

/// Tells whether a pass prefers the poster of an event ticket.
pub(super) fn is_poster_ticket(pass: &Members<'_>) -> bool {
    pass.contains_key("eventTicket") && has_scheme(pass, POSTER)
}

fn judge_list(pass: &Members<'_>, findings: &mut Findings) {
    let Some(schemes) = pass.get("preferredStyleSchemes").and_then(Value::as_array).filter(|list| !list.is_empty())
    else {
        return;
    };
    let path = Path::ROOT.key("preferredStyleSchemes");
    let Some(style) = ["eventTicket", "boardingPass"].into_iter().find(|style| pass.contains_key(style)) else {
        return findings.add(&rules::STYLE_SCHEME, &path, || {
            ("only event tickets and boarding passes have schemes", "leave `preferredStyleSchemes` out")
        });
    };
    let mut good = true;
    for (index, scheme) in schemes.iter().enumerate() {
        let (Some(name), path) = (scheme.as_str(), path.index(index)) else { return };
        let of_style = || SCHEMES.iter().filter(|(_, of)| *of == style).map(|(name, _)| *name);
        if of_style().any(|known| known == name) {
            continue;
        }
        good = false;
        findings.add_fixable(&rules::STYLE_SCHEME, &path, || {
            let cause = match SCHEMES.iter().find(|(known, _)| *known == name) {
                Some((_, of)) => format!("the scheme `{name}` is for `{of}`, and the style is `{style}`"),
                None => format!("\"{}\" is no scheme", shorten(name)),
            };
            let fix = nearest::certain(name, of_style()).map(|name| Fix::replace(&path, name));
            (cause, nearest::advise(name, of_style()), fix)
        });
    }
    if good && schemes.last().is_none_or(|last| last != style) {
        findings.add_fixable(&rules::STYLE_SCHEME, &path, || {
            let fix = (!schemes.iter().any(|scheme| scheme == style)).then(|| Fix::append(&path, style));
            ("the list does not end in the scheme that older systems know", format!("write `{style}` last"), fix)
        });
    }
}

fn judge_poster(pass: &Members<'_>, findings: &mut Findings) {
    for tag in ["eventName", "venueName", "venueRegionName", "venueRoom"] {
        need_tag(&rules::POSTER_TICKET, pass, tag, "a poster ticket", findings);
    }
    let of_kind: &[&str] = match tag(pass, "eventType").and_then(Value::as_str) {
        Some("PKEventTypeSports") => &["homeTeamAbbreviation", "awayTeamAbbreviation"],
        Some("PKEventTypeLivePerformance") => &["performerNames"],
        _ => &[],
    };
    for tag in of_kind {
        need_tag(&rules::POSTER_TICKET, pass, tag, "a poster ticket of this `eventType`", findings);
    }
    let nfc = pass.get("nfc");
    if nfc.and_then(Value::as_object).is_some_and(|nfc| !nfc.contains_key("requiresAuthentication")) {
        findings.add(&rules::POSTER_TICKET, &Path::ROOT.key("nfc").key("requiresAuthentication"), || {
            (
                "a poster ticket says whether its holder unlocks the phone at the gate, and this one does not",
                "add `requiresAuthentication`, `false` where the phone may stay locked",
            )
        });
    }
    if nfc.is_none() {
        findings.add(&rules::POSTER_TICKET, &Path::ROOT.key("nfc"), || {
            (
                "a poster ticket needs `nfc`, and without it is drawn in the classic layout",
                "add `nfc` with its key, which takes an NFC certificate, or leave the scheme out",
            )
        });
    }
    for key in ["barcodes", "barcode"] {
        if pass.get(key).is_some_and(|codes| codes.as_array().is_none_or(|codes| !codes.is_empty())) {
            return findings.add(&rules::POSTER_BARCODE, &Path::ROOT.key(key), || {
                (
                    "a poster ticket is let in by NFC, and Apple does not allow for a barcode beside it",
                    "leave the barcode out, or the scheme",
                )
            });
        }
    }
}

fn judge_semantic(pass: &Members<'_>, findings: &mut Findings) {
    let kind = pass.get("boardingPass").and_then(|style| style.get("transitType")).and_then(Value::as_str);
    if kind.is_some_and(|kind| kind != "PKTransitTypeAir") {
        let style = Path::ROOT.key("boardingPass");
        findings.add(&rules::SEMANTIC_BOARDING, &style.key("transitType"), || {
            ("a semantic boarding pass is for flights only", "write `PKTransitTypeAir`, or leave the scheme out")
        });
    }
    for tag in [
        "airlineCode",
        "flightNumber",
        "departureAirportCode",
        "departureCityName",
        "destinationAirportCode",
        "destinationCityName",
        "originalArrivalDate",
        "originalBoardingDate",
        "originalDepartureDate",
        "passengerName",
    ] {
        need_tag(&rules::SEMANTIC_BOARDING, pass, tag, "a semantic boarding pass", findings);
    }
    // Apple's article and Apple's library spell them differently.
    for (one, other) in [
        ("departureLocationTimeZone", "departureAirportTimeZone"),
        ("destinationLocationTimeZone", "destinationAirportTimeZone"),
    ] {
        if tag(pass, other).is_none() {
            need_tag(&rules::SEMANTIC_BOARDING, pass, one, "a semantic boarding pass", findings);
        }
    }
}

fn need_tag(rule: &crate::lint::Rule, pass: &Members<'_>, name: &str, whose: &str, findings: &mut Findings) {
    if tag(pass, name).is_none_or(is_blank) {
        let semantics = Path::ROOT.key("semantics");
        findings.add(rule, &semantics.key(name), || {
            (
                format!("{whose} needs the tag `{name}`, and without it is drawn in the classic layout"),
                format!("add `{name}` to `semantics`"),
            )
        });
    }
}

/// Tells whether a tag says nothing: a blank text, or a list or an object without one that says something.
fn is_blank(value: &Value) -> bool {
    match value {
        Value::Array(list) => list.iter().all(|value| value.as_str().is_some_and(|text| text.trim().is_empty())),
        Value::Object(object) => object.is_empty(),
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// Finds a tag at the root or in any field.
fn tag<'p>(pass: &Members<'p>, name: &str) -> Option<&'p Value> {
    let at_root = pass.get("semantics").and_then(|semantics| semantics.get(name));
    at_root.or_else(|| {
        let styles = STYLES.into_iter().filter_map(|style| pass.get(style));
        let groups = styles.flat_map(|style| GROUPS.into_iter().filter_map(|group| style.get(group)?.as_array()));
        groups.flatten().find_map(|field| field.get("semantics")?.get(name))
    })
}

/// Judges the keys that only one of the schemes reads.
fn judge_keys(pass: &Members<'_>, findings: &mut Findings) {
    let (poster, semantic) = (is_poster_ticket(pass), has_scheme(pass, SEMANTIC) && pass.contains_key("boardingPass"));
    for key in pass.keys() {
        let (read, scheme) = match key.as_str() {
            "orderFoodURL" => (poster || semantic, POSTER),
            "suppressHeaderDarkening" => (poster || pass.contains_key("posterGeneric"), POSTER),
            key if has(&POSTER_KEYS, key) => (poster, POSTER),
            key if has(&SEMANTIC_KEYS, key) => (semantic, SEMANTIC),
            _ => continue,
        };
        if !read {
            findings.add(&rules::SCHEME_KEY, &Path::ROOT.key(key), || {
                let style = if scheme == POSTER { "eventTicket" } else { "boardingPass" };
                (
                    format!("Wallet reads `{key}` with the scheme `{scheme}` only"),
                    format!("write `preferredStyleSchemes` as [\"{scheme}\", \"{style}\"], or leave the key out"),
                )
            });
        }
    }
}

/// Says whether a list has a name; see [`POSTER_KEYS`] for its order.
fn has(list: &[&str], name: &str) -> bool {
    list.binary_search_by_key(&(name.len(), name), |known| (known.len(), known)).is_ok()
}

/// In the order of their lengths, by which most are told apart, and then of the names.
const POSTER_KEYS: [&str; 18] = [
    "sellURL",
    "addOnURL",
    "transferURL",
    "bagPolicyURL",
    "eventLogoText",
    "merchandiseURL",
    "accessibilityURL",
    "contactVenueEmail",
    "purchaseParkingURL",
    "useAutomaticColors",
    "contactVenueWebsite",
    "footerBackgroundColor",
    "parkingInformationURL",
    "transitInformationURL",
    "contactVenuePhoneNumber",
    "upcomingPassInformation",
    "directionsInformationURL",
    "auxiliaryStoreIdentifiers",
];

/// In the same order.
const SEMANTIC_KEYS: [&str; 15] = [
    "upgradeURL",
    "trackBagsURL",
    "changeSeatURL",
    "managementURL",
    "purchaseWifiURL",
    "entertainmentURL",
    "reportLostBagURL",
    "requestWheelchairURL",
    "transitProviderEmail",
    "businessChatIdentifier",
    "purchaseLoungeAccessURL",
    "registerServiceAnimalURL",
    "transitProviderWebsiteURL",
    "transitProviderPhoneNumber",
    "purchaseAdditionalBaggageURL",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_in_order() {
        for list in [&POSTER_KEYS[..], &SEMANTIC_KEYS] {
            assert!(list.is_sorted_by_key(|name| (name.len(), *name)));
            assert!(list.iter().all(|name| has(list, name)) && !has(list, "locations"));
        }
    }
}
