//! What passes with a newer look are on older systems and on Google, and that nothing is left out in silence.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use walletpass_core::projection::{self, AppleSheet, GoogleSheet, Report, Wallet};
use walletpass_core::{Kind, Pass, import};

/// Reads a fixture with other facts in it.
fn pass(name: &str, facts: &[(&str, Value)]) -> Pass {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/passes/{name}.json"));
    let mut json: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    for (at, value) in facts {
        let (parent, key) = at.rsplit_once('/').unwrap();
        json.pointer_mut(parent).unwrap()[key] = value.clone();
    }
    Pass::from_json(json.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

fn apple(pass: &Pass) -> AppleSheet {
    let (pass_type, team) = ("pass.org.walletpass.test".parse().unwrap(), "A1B2C3D4E5".parse().unwrap());
    projection::apple(pass, &pass_type, &team, "2027-01-01T00:00:00Z".parse().unwrap())
}

fn google(pass: &Pass) -> GoogleSheet {
    projection::google(pass, "2027-01-01T00:00:00Z".parse().unwrap())
}

fn said(report: &Report, wallet: Wallet, fact: &str) -> String {
    let mut placements = report.placements.iter().filter(|placement| placement.wallet == wallet);
    placements.find(|placement| placement.fact == fact).map(ToString::to_string).unwrap_or_default()
}

fn on_apple(pass: &Pass, fact: &str) -> String {
    said(&apple(pass).report, Wallet::Apple, fact)
}

fn has_look(pass: &Pass, look: &str) -> bool {
    apple(pass).report.looks.iter().any(|known| known.name == look && known.missing.is_empty())
}

#[test]
fn a_mail_address_keeps_its_query_where_there_is_room() {
    let pass = pass(
        "poster-ticket",
        &[
            ("/kind/event/guide/email", json!("mailto:hello@arena.example?subject=Derby")),
            ("/kind/event/guide/parking", json!("mailto:parking@arena.example")),
            ("/kind/event/upcoming/0/guide/email", json!("mailto:hello@arena.example?subject=Lakeside")),
        ],
    );
    let sheet = apple(&pass);
    assert_eq!(sheet.pass["contactVenueEmail"], "hello@arena.example");
    assert_eq!(
        sheet.pass["parkingInformationURL"], "mailto:parking@arena.example",
        "only the keys of addresses are bare"
    );
    assert!(on_apple(&pass, "kind.event.guide.email").contains("without what follows the `?`"));
    assert!(on_apple(&pass, "kind.event.upcoming[0]").contains("without what follows the `?`"));
    assert!(!on_apple(&pass, "kind.event.guide.parking").contains("without"));
    // The link on the back has all of it, and so has the pass that is made of this one.
    let imported = import::apple(&sheet.pass, &BTreeMap::new()).unwrap();
    let guide = |pass: &Pass| match &pass.kind {
        Kind::Event(event) => event.guide.clone(),
        _ => panic!(),
    };
    assert_eq!(guide(&imported.pass), guide(&pass));
    assert_eq!(imported.pass.links, []);
    assert_eq!(apple(&imported.pass).pass["eventTicket"], sheet.pass["eventTicket"]);
}

#[test]
fn a_poster_ticket_says_whether_it_asks_its_holder() {
    let asks = |asks: bool| {
        let pass = pass("poster-ticket", &[("/nfc/requiresAuthentication", json!(asks))]);
        apple(&pass).pass["nfc"]["requiresAuthentication"].clone()
    };
    assert_eq!((asks(true), asks(false)), (json!(true), json!(false)));
    assert_eq!(apple(&pass("poster-card", &[])).pass["nfc"].get("requiresAuthentication"), None);
}

#[test]
fn buttons_open_apps_on_apple_alone() {
    let button = |url: &str| pass("poster-card", &[("/actions/0/to", json!({ "url": url }))]);
    let faults = |report: &Report| report.findings.iter().filter(|finding| finding.rule == "pass-link-scheme").count();
    for url in ["com.gallery.app://open", "gallery://open?x=1"] {
        let pass = button(url);
        let (apple, google) = (apple(&pass), google(&pass));
        assert_eq!(apple.pass["featuredActions"][0]["url"], url);
        assert_eq!((faults(&apple.report), faults(&google.report)), (0, 0), "{url}");
        assert!(said(&google.report, Wallet::Google, "actions[0]").starts_with("lost: Google opens no apps"));
        let imported = import::apple(&apple.pass, &BTreeMap::new()).unwrap();
        assert_eq!(imported.pass.actions, pass.actions);
    }
    for url in ["gallery:open", "javascript://%0aalert(1)", "data:text/html,x"] {
        assert_eq!(faults(&apple(&button(url)).report), 1, "{url}");
    }
    let twice = json!([
        { "id": "a", "purpose": "shop", "to": { "url": "https://gallery.example/a" } },
        { "id": "b", "purpose": "shop", "to": { "url": "https://gallery.example/b" } },
    ]);
    let sheet = google(&pass("poster-card", &[("/actions", twice)]));
    let ids: Vec<&Value> =
        sheet.object["linksModuleData"]["uris"].as_array().unwrap().iter().map(|uri| &uri["id"]).collect();
    assert_eq!(ids, ["action_a", "action_b"]);
}

#[test]
fn additional_fields_are_for_the_details() {
    let field = json!([{ "key": "talks", "label": "Talks", "value": "Each Thursday", "align": "right" }]);
    let card = pass("poster-card", &[("/fields/additional", field.clone())]);
    let sheet = apple(&card);
    assert!(sheet.pass["storeCard"]["backFields"].as_array().unwrap().last().unwrap().get("textAlignment").is_none());
    assert!(on_apple(&card, "fields.additional[0]").contains("without its alignment"));
    assert!(!Value::from(google(&card).class).to_string().contains("talks"), "not on the front of the card");
    let ticket = pass("poster-ticket", &[("/fields/additional", field)]);
    assert_eq!(apple(&ticket).pass["eventTicket"]["additionalInfoFields"][0]["textAlignment"], "PKTextAlignmentRight");
    assert!(on_apple(&ticket, "fields.additional[0]").contains("not shown before iOS 18"));
}

#[test]
fn a_poster_shows_the_primary_fields_before_what_the_head_does_not_hold() {
    let field = |key: &str| json!({ "key": key, "value": key });
    let facts = [("/fields/header", json!(["h1", "h2"].map(field))), ("/fields/primary", json!([field("p1")]))];
    let sheet = apple(&pass("poster-card", &facts));
    let keys = |group: &str| {
        let fields = sheet.pass["posterGeneric"][group].as_array().unwrap();
        fields.iter().map(|field| field["key"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (p1, h2) = (keys("primaryFields"), "h2".to_owned());
    let at = |key: &str| p1.iter().position(|known| known == key);
    assert!(at("p1").unwrap() < at(&h2).unwrap_or(usize::MAX), "{p1:?}");
}

#[test]
fn blank_texts_make_no_newer_look() {
    assert!(has_look(&pass("poster-ticket", &[]), "posterEventTicket"));
    for (at, blank) in [
        ("/kind/event/venue/room", json!(" ")),
        ("/kind/event/venue/region", json!("")),
        ("/kind/event/venue/name", json!(" ")),
        ("/kind/event/game/home/abbreviation", json!(" ")),
    ] {
        assert!(!has_look(&pass("poster-ticket", &[(at, blank)]), "posterEventTicket"), "{at}");
    }
    let live = |names: Value| {
        let facts = [("/kind/event/category", json!("livePerformance")), ("/kind/event/performers", names)];
        has_look(&pass("poster-ticket", &facts), "posterEventTicket")
    };
    assert!(live(json!(["", "Ada"])) && !live(json!([""])));
}

#[test]
fn what_further_events_do_not_show_is_told() {
    let pass = pass(
        "poster-ticket",
        &[
            ("/kind/event/upcoming/0/venue/address", json!("Rua 1")),
            ("/kind/event/upcoming/0/venue/place", json!({ "latitude": 1.5, "longitude": 2.5, "altitude": 3.0 })),
            ("/kind/event/upcoming/0/guide/parking", json!("ftp://arena.example")),
            ("/kind/event/upcoming/1/timeZone", json!("Europe/Lisbon")),
        ],
    );
    let told = on_apple(&pass, "kind.event.upcoming[0]");
    assert!(told.contains("without the address of the venue") && told.contains("without text and altitude"), "{told}");
    assert!(on_apple(&pass, "kind.event.upcoming[1]").contains("belong to a `start`"));
    let report = apple(&pass).report;
    let fault = report.findings.iter().find(|finding| finding.rule == "pass-link-scheme").unwrap();
    assert_eq!(fault.path, "kind.event.upcoming[0].guide.parking");
}

#[test]
fn a_remote_picture_without_a_scale_has_one_pixel_per_point() {
    let mut json = apple(&pass("poster-ticket", &[])).pass;
    let file = &mut json["upcomingPassInformation"][0]["images"]["headerImage"]["URLs"][0];
    file.as_object_mut().unwrap().remove("scale");
    let Kind::Event(event) = import::apple(&json, &BTreeMap::new()).unwrap().pass.kind else { panic!() };
    assert_eq!(event.upcoming[0].header_image[0].scale, 1);
}

#[test]
fn the_language_of_the_pass_has_its_own_picture() {
    let picture = json!({ "source": "plain.png", "localized": { "en": "english.png", "de": "german.png" } });
    let sheet = apple(&pass("poster-card", &[("/art/artwork", picture)]));
    let shown: Vec<String> =
        sheet.localized_art.values().map(|art| format!("{:?}", serde_json::to_value(art).unwrap())).collect();
    assert!(shown.iter().any(|art| art.contains("english.png")), "{shown:?}");
}

/// Many performers in many languages are written in one walk of each language.
#[test]
fn many_names_in_many_languages_are_bounded() {
    let letters = || (b'a'..=b'z').map(char::from);
    let tags = letters().flat_map(|a| letters().map(move |b| format!("{a}{b}")));
    let mut name: serde_json::Map<String, Value> = tags.take(100).map(|tag| (tag, json!("x"))).collect();
    name.insert("default".to_owned(), json!("x"));
    let pass = pass("poster-ticket", &[("/kind/event/performers", json!(vec![Value::from(name); 500]))]);
    assert!(google(&pass).object.contains_key("textModulesData"));
}

/// Fields of one key, and raw keys, as many as there may be.
#[test]
fn an_import_of_many_equal_keys_is_bounded() {
    let fields = vec![json!({ "key": "k", "value": 1 }); 20_000];
    let mut json = json!({ "serialNumber": "1", "organizationName": "A", "description": "B", "generic": { "backFields": fields } });
    for index in 0..20_000 {
        json[format!("key{index}")] = json!(index);
    }
    let imported = import::apple(json.as_object().unwrap(), &BTreeMap::new()).unwrap();
    assert_eq!(imported.pass.fields.back[1].key.as_str(), "k-2");
}
