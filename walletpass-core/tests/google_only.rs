//! What Google alone knows: where it lands, and what is said where it cannot.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use walletpass_core::projection::{self, GoogleSheet, Report, Wallet};
use walletpass_core::{GiftCard, Nfc, Pass, Picture, Protection, Reminders, RotatingBarcode, Slot, SmartTap, TotpKey};

/// The public key of some reader.
const NFC_KEY: &str = "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgACbZx51XdHVV3dUJQGmARCF9STSkZtI0L2HNBxkkBV3xc=";

fn pass() -> Pass {
    Pass::new("1".parse().unwrap(), "Paper Lantern", GiftCard::new("6035 1234"))
}

fn google(pass: &Pass) -> GoogleSheet {
    projection::google(pass, "2027-01-01T00:00:00Z".parse().unwrap())
}

fn apple(pass: &Pass) -> Report {
    let (pass_type, team) = ("pass.org.walletpass.test".parse().unwrap(), "A1B2C3D4E5".parse().unwrap());
    projection::apple(pass, &pass_type, &team, "2027-01-01T00:00:00Z".parse().unwrap()).report
}

fn said(report: &Report, wallet: Wallet, fact: &str) -> String {
    let mut placements = report.placements.iter().filter(|placement| placement.wallet == wallet);
    placements.find(|placement| placement.fact == fact).map(ToString::to_string).unwrap_or_default()
}

#[test]
fn a_pass_that_asks_for_nothing_gets_nothing_new() {
    let sheet = google(&pass());
    for key in
        ["enableSmartTap", "redemptionIssuers", "securityAnimation", "viewUnlockRequirement", "classTemplateInfo"]
    {
        assert!(!sheet.class.contains_key(key), "{key}");
    }
    for key in [
        "disableExpirationNotification",
        "linkedObjectIds",
        "notifications",
        "notifyPreference",
        "passConstraints",
        "rotatingBarcode",
        "smartTapRedemptionValue",
        "validTimeInterval",
    ] {
        assert!(!sheet.object.contains_key(key), "{key}");
    }
    assert_eq!(serde_json::to_value(pass()).unwrap().as_object().unwrap().len(), 3);
}

#[test]
fn readers_of_both_wallets_join() {
    let issuers = || SmartTap::new(["3388000000000000001".parse().unwrap()]);
    let nfc = || Nfc::new("nfc-4711", NFC_KEY.parse().unwrap());
    for (pass, value, of_nfc) in [
        (pass().smart_tap(issuers().value("tap")), json!("tap"), ""),
        (pass().smart_tap(issuers().value("tap")).nfc(nfc()), json!("tap"), "lost: Google's readers get the value"),
        (
            pass().smart_tap(issuers()).nfc(nfc()),
            json!("nfc-4711"),
            "object.smartTapRedemptionValue (the message alone",
        ),
        (pass().smart_tap(issuers()), Value::Null, ""),
    ] {
        let sheet = google(&pass);
        assert_eq!(sheet.class["enableSmartTap"], true);
        assert_eq!(sheet.class["redemptionIssuers"], json!(["3388000000000000001"]));
        assert_eq!(*sheet.object.get("smartTapRedemptionValue").unwrap_or(&Value::Null), value);
        assert!(said(&sheet.report, Wallet::Google, "nfc").starts_with(of_nfc));
        assert!(said(&apple(&pass), Wallet::Apple, "smartTap").starts_with("lost"));
        let judged =
            sheet.identify(&"3388000000000000001".parse().unwrap(), "3388000000000000001.c", "3388000000000000001.o");
        assert_eq!(judged.report.findings.iter().any(|found| found.rule == "google-smart-tap"), value.is_null());
    }
    let sheet = google(&pass().nfc(nfc()));
    assert!(!sheet.class.contains_key("enableSmartTap"));
    assert!(said(&sheet.report, Wallet::Google, "nfc").starts_with("lost"));
}

#[test]
fn notice_is_asked_for_on_one_write_and_leaves_the_class_alone() {
    let plain = google(&pass());
    let noticed = plain.clone().notify();
    assert_eq!(noticed.object["notifyPreference"], "NOTIFY_ON_UPDATE");
    assert_eq!(noticed.class, plain.class, "or the class would get another id");
    let generic = walletpass_core::Generic::new("Library card");
    let generic = google(&Pass::new("1".parse().unwrap(), "Library", generic)).notify();
    assert!(!generic.object.contains_key("notifyPreference"));
    assert_eq!(generic.report.findings[0].rule, "google-no-notice");
}

#[test]
fn private_images_are_for_the_details() {
    let picture = Picture::file("ada.png").private_image("4a1b");
    let sheet = google(&pass().picture(Slot::Thumbnail, picture.clone()).picture(Slot::Hero, picture.clone()));
    assert_eq!(sheet.object["imageModulesData"][0]["mainImage"], json!({ "privateImageId": "4a1b" }));
    assert!(!sheet.class.contains_key("heroImage"));
    assert!(said(&sheet.report, Wallet::Google, "art.hero").contains("as thumbnail or background only"));
    let hosted = picture.hosted_at("https://img.example/ada.png".parse().unwrap());
    let sheet = google(&pass().picture(Slot::Thumbnail, hosted.clone()).picture(Slot::Hero, hosted));
    assert_eq!(sheet.class["heroImage"]["sourceUri"]["uri"], "https://img.example/ada.png");
    assert!(said(&sheet.report, Wallet::Google, "art.hero").contains("by its address"));
    assert!(said(&sheet.report, Wallet::Google, "art.thumbnail").contains("not the one at the address"));
}

#[test]
fn details_are_ordered_by_fields_of_the_pass() {
    let named = pass().details(["number".parse().unwrap(), "colour".parse().unwrap(), "number".parse().unwrap()]);
    let sheet = google(&named.terms("As they are."));
    let items = &sheet.class["classTemplateInfo"]["detailsTemplateOverride"]["detailsItemInfos"];
    let paths: Vec<&str> = items
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item.pointer("/item/firstValue/fields/0/fieldPath").unwrap().as_str().unwrap())
        .collect();
    assert_eq!(paths, ["object.cardNumber", "object.textModulesData['terms']"]);
    let unknown = sheet.report.findings.iter().filter(|found| found.rule == "google-unknown-detail");
    assert_eq!(unknown.map(|found| found.path.as_str()).collect::<Vec<_>>(), ["details[1]"]);
    assert_eq!(said(&sheet.report, Wallet::Google, "details[2]"), "lost: it is named before");
}

#[test]
fn a_rotating_barcode_needs_a_still_one_on_apple() {
    let key = TotpKey::new(vec![7; 20]).unwrap();
    let rotating = pass().rotating_barcode(RotatingBarcode::qr("{totp_value_0}", 30_000, key));
    let warned = |pass: &Pass| apple(pass).findings.iter().any(|found| found.rule == "apple-rotating-only");
    assert!(warned(&rotating));
    assert!(!warned(&rotating.clone().barcode(walletpass_core::Barcode::qr("1"))) && !warned(&pass()));
    let shown = format!("{rotating:?}");
    assert!(!shown.contains("070707") && !shown.contains("[7, 7"), "{shown}");
    assert!(!format!("{:?}", google(&rotating)).contains("0707"));
    assert_eq!(google(&rotating).object["rotatingBarcode"]["totpDetails"]["periodMillis"], "30000");
}

#[test]
fn protection_and_reminders_say_what_they_do() {
    let pass = pass().protection(Protection::default().screenshots(true)).reminders(Reminders::default().expiry(true));
    let sheet = google(&pass);
    assert_eq!(sheet.object["passConstraints"], json!({ "screenshotEligibility": "ELIGIBLE" }));
    assert!(!sheet.object.contains_key("disableExpirationNotification"));
    assert!(said(&sheet.report, Wallet::Google, "dates.reminders.expiry").starts_with("lost"));
}
