//! What a pass says to readers, beacons and buttons, and what it asks its holder.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use walletpass_core::import::{self, Fate, Imported};
use walletpass_core::{Action, ActionPurpose, FlightService, GuidePage, Kind, Pass};

use crate::packages::{apple, carried, own_packages, package};

fn read(style: &str, members: Value, files: &[(&str, &str)]) -> Imported {
    let mut pass = members.as_object().unwrap().clone();
    for (key, value) in [("serialNumber", json!("1")), ("organizationName", json!("A")), ("description", json!("B"))] {
        pass.insert(key.to_owned(), value);
    }
    pass.entry(style).or_insert_with(|| json!({}));
    let files = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let imported = import::apple(&pass, &files).unwrap();
    assert_eq!(Value::from(carried(&apple(&imported.pass).pass)), Value::from(carried(&pass)));
    imported
}

fn told(imported: &Imported, path: &str) -> (Fate, String) {
    let note = imported.notes.iter().find(|note| note.path == path).unwrap_or_else(|| panic!("{path}: {imported:#?}"));
    (note.fate, note.to_string())
}

fn own(name: &str) -> Pass {
    own_packages().into_iter().find(|(_, package)| package.name == name).unwrap().0
}

const KEY: &str = "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgACbZx51XdHVV3dUJQGmARCF9STSkZtI0L2HNBxkkBV3xc=";

#[test]
fn what_a_reader_gets_is_read() {
    let nfc = |json: Value| read("coupon", json!({ "nfc": json }), &[]);
    let good = nfc(json!({ "message": "42", "encryptionPublicKey": KEY, "requiresAuthentication": true }));
    let fact = good.pass.nfc.as_ref().unwrap();
    assert!(fact.requires_authentication && fact.message == "42" && fact.public_key.as_str() == KEY);
    assert_eq!(told(&good, "nfc").0, Fate::Fact);
    for (bad, why) in [
        (json!({ "encryptionPublicKey": KEY }), "no message"),
        (json!({ "message": "42" }), "no `encryptionPublicKey`"),
        (json!({ "message": "42", "encryptionPublicKey": "no key" }), "openssl ec -in reader.pem -pubout"),
        (json!([]), "no message"),
    ] {
        let imported = nfc(bad);
        let (fate, told) = told(&imported, "nfc");
        assert!(fate == Fate::Raw && told.contains(why) && imported.pass.nfc.is_none(), "{told}");
    }
}

#[test]
fn beacons_are_read() {
    let uuid = "F8F589E9-C07E-58D9-FB13-EA50F9F2B9CB";
    let beacons = json!([
        { "proximityUUID": uuid, "major": 1, "relevantText": "Here" },
        { "proximityUUID": "near" },
        { "major": 1 },
        { "proximityUUID": uuid, "minor": 70_000 },
        7,
    ]);
    let imported = read("coupon", json!({ "beacons": beacons }), &[]);
    let [beacon] = imported.pass.beacons.as_slice() else { panic!("{:?}", imported.pass.beacons) };
    assert_eq!((beacon.uuid.as_str(), beacon.major, beacon.minor), (uuid, Some(1), None));
    assert_eq!(told(&imported, "beacons[0]").0, Fate::Fact);
    for (path, why) in [
        ("beacons[1]", "write its UUID"),
        ("beacons[2]", "no `proximityUUID`"),
        ("beacons[3]", "from 0 to 65535"),
        ("beacons[4]", "no `proximityUUID`"),
    ] {
        let (fate, told) = told(&imported, path);
        assert!(fate == Fate::Raw && told.contains(why), "{told}");
    }
}

#[test]
fn buttons_are_read() {
    let buttons = json!([
        { "identifier": "shop", "type": "shop", "url": "https://a.example/" },
        { "identifier": "there", "type": "place", "placeIdentifier": "I7C" },
        { "identifier": "a b", "type": "shop", "url": "https://a.example/" },
        { "identifier": "dance", "type": "dance", "url": "https://a.example/" },
        { "identifier": "run", "type": "shop", "url": "javascript:run()" },
        { "identifier": "none", "type": "shop" },
        { "type": "shop" },
    ]);
    let imported = read("coupon", json!({ "featuredActions": buttons }), &[]);
    let ids: Vec<&str> = imported.pass.actions.iter().map(|action| action.id.as_str()).collect();
    assert_eq!(ids, ["shop", "there"]);
    for (index, why) in [(2, "A-Z a-z"), (3, "unknown"), (4, "leads nowhere"), (5, "nowhere"), (6, "no `identifier`")] {
        let (fate, told) = told(&imported, &format!("featuredActions[{index}]"));
        assert!(fate == Fate::Raw && told.contains(why), "{told}");
    }
}

/// A poster ticket has no buttons; the links that stand for them on the back are actions again.
#[test]
fn the_links_of_a_poster_ticket_are_actions() {
    let action = |id: &str, purpose, url: &str| Action::new(id.parse().unwrap(), purpose, url.parse().unwrap());
    let pass = own("poster-ticket").action(action("call", ActionPurpose::Call, "tel:+351220000000")).action(action(
        "call-2",
        ActionPurpose::Call,
        "tel:+351220000001",
    ));
    let sheet = apple(&pass);
    assert!(!sheet.pass.contains_key("featuredActions"));
    let imported = package("poster", &sheet).import().unwrap();
    assert_eq!(imported.pass.actions, pass.actions);
    assert!(imported.pass.extra.apple.is_empty() && imported.pass.links.is_empty());
}

#[test]
fn a_form_is_read() {
    let form = |style: &str, text: &str| read(style, json!({}), &[("personalization.json", text)]);
    let good = form(
        "storeCard",
        r#"{ "description": "Join", "termsAndConditions": "T", "colour": 1, "requiredPersonalizationFields":
           ["PKPassPersonalizationFieldName", "PKPassPersonalizationFieldShoeSize"] }"#,
    );
    let fact = serde_json::to_value(good.pass.personalization.as_ref().unwrap()).unwrap();
    assert_eq!(fact, json!({ "description": "Join", "fields": ["name"], "terms": "T" }));
    let (fate, said) = told(&good, "personalization.json");
    assert!(fate == Fate::Fact && said.contains("ShoeSize") && said.contains("\"colour\""), "{said}");
    for (style, text, why) in [
        ("coupon", r#"{ "description": "Join" }"#, "only store cards"),
        ("storeCard", "[", "no JSON object"),
        ("storeCard", r#"{ "requiredPersonalizationFields": ["PKPassPersonalizationFieldName"] }"#, "no `description`"),
        ("storeCard", r#"{ "description": "Join" }"#, "asks for nothing"),
    ] {
        let imported = form(style, text);
        let (fate, said) = told(&imported, "personalization.json");
        assert!(fate == Fate::Dropped && said.contains(why) && imported.pass.personalization.is_none(), "{said}");
    }
}

/// Pages keep their address, whatever the look: mail and telephone have their scheme again.
#[test]
fn pages_are_read_from_keys_and_from_the_back() {
    for name in ["poster-ticket", "poster-ticket-without-region"] {
        let pass = own(name);
        let imported = package(name, &apple(&pass)).import().unwrap();
        let (Kind::Event(before), Kind::Event(after)) = (&pass.kind, &imported.pass.kind) else { panic!() };
        assert_eq!(before.guide, after.guide, "{name}");
        if name == "poster-ticket" {
            let (fate, said) = told(&imported, "preferredStyleSchemes");
            assert!(fate == Fate::Dropped && said.contains("written anew"), "{said}");
        }
        assert_eq!(after.guide[&GuidePage::Phone].as_str(), "tel:+351220000000");
    }
    let flight = package("flight", &apple(&own("semantic-flight"))).import().unwrap();
    let Kind::Flight(flight) = &flight.pass.kind else { panic!() };
    assert_eq!(flight.services[&FlightService::Email].as_str(), "mailto:care@alba.example");

    let imported = read("eventTicket", json!({ "bagPolicyURL": "arena.example/bags", "sellURL": 1 }), &[]);
    for path in ["bagPolicyURL", "sellURL"] {
        let (fate, said) = told(&imported, path);
        assert!(fate == Fate::Raw && said.contains("https://"), "{said}");
    }
}

/// One text beside the logo is a fact; two that differ are not.
#[test]
fn the_text_beside_the_logo_is_one() {
    let texts =
        |beside: &str, poster: &str| read("eventTicket", json!({ "logoText": beside, "eventLogoText": poster }), &[]);
    assert_eq!(told(&texts("Arena", "Arena"), "eventLogoText").0, Fate::Fact);
    let two = texts("Arena", "North");
    assert_eq!((told(&two, "eventLogoText").0, two.pass.logo_text.unwrap().default.as_str()), (Fate::Raw, "Arena"));
}

/// Every fact of a fixture that is alone on the back of a classic pass finds its group again.
#[test]
fn details_follow_what_the_projection_draws_last() {
    let keys = |imported: &Imported| -> BTreeMap<&str, Vec<String>> {
        let keys = |fields: &[walletpass_core::Field]| fields.iter().map(|field| field.key.to_string()).collect();
        let fields = &imported.pass.fields;
        BTreeMap::from([("back", keys(&fields.back)), ("additional", keys(&fields.additional))])
    };
    let field = |key: &str| json!({ "key": key, "label": "L", "value": "V" });
    let link = json!({ "key": "_link0", "value": "https://a.example/", "label": "A",
                       "attributedValue": "<a href='https://a.example/'>a.example/</a>" });
    let classic = json!({ "coupon": { "backFields": [field("one"), link, field("two")] } });
    let imported = read("coupon", classic, &[]);
    assert_eq!(
        keys(&imported),
        BTreeMap::from([("back", vec!["one".to_owned()]), ("additional", vec!["two".to_owned()])])
    );

    let poster = json!({ "coupon": { "backFields": [field("one"), field("two")] },
                         "posterGeneric": { "additionalInfoFields": [field("two")] } });
    let imported = read("coupon", poster, &[]);
    assert_eq!(
        keys(&imported),
        BTreeMap::from([("back", vec!["one".to_owned()]), ("additional", vec!["two".to_owned()])])
    );
}

/// Further events are read one by one, and what an event has too much of stays with Apple.
#[test]
fn further_events_are_read() {
    let field = |index: usize| json!({ "key": format!("k{index}"), "label": "L", "value": "V" });
    let fields: Vec<Value> = (0..30).map(field).collect();
    let events = json!([
        { "identifier": "final", "name": "Final", "type": "event", "backFields": fields, "URLs": { "contactVenueEmail": "a@b.example" } },
        { "identifier": "_x", "name": "X", "type": "event" },
        { "identifier": "y", "type": "event" },
    ]);
    let imported = read("eventTicket", json!({ "upcomingPassInformation": events }), &[]);
    let Kind::Event(event) = &imported.pass.kind else { panic!() };
    let [last] = event.upcoming.as_slice() else { panic!("{:?}", event.upcoming) };
    assert_eq!((last.details.len(), last.guide[&GuidePage::Email].as_str()), (20, "mailto:a@b.example"));
    for (index, fate, why) in
        [(0, Fate::Fact, "20 of its 30 back fields"), (1, Fate::Raw, "its identifier"), (2, Fate::Raw, "no `name`")]
    {
        let (found, said) = told(&imported, &format!("upcomingPassInformation[{index}]"));
        assert!(found == fate && said.contains(why), "{said}");
    }
}

/// A match is one of two teams that each have a name and an abbreviation.
#[test]
fn a_match_has_two_teams() {
    let mut tags = json!({ "homeTeamName": "R", "homeTeamAbbreviation": "R", "awayTeamName": "B" });
    let half = read("eventTicket", json!({ "semantics": tags }), &[]);
    let (fate, said) = told(&half, "semantics.homeTeamName");
    assert!(fate == Fate::Raw && said.contains("give awayTeamAbbreviation"), "{said}");
    tags["awayTeamAbbreviation"] = json!("B");
    let whole = read("eventTicket", json!({ "semantics": tags }), &[]);
    let Kind::Event(event) = &whole.pass.kind else { panic!() };
    assert_eq!(event.game.as_ref().unwrap().away.name.default, "B");
}

/// The poster beside a classic style is drawn again by its picture.
#[test]
fn a_poster_follows_from_its_picture() {
    let sheet = apple(&own("poster-card"));
    let mut poster = package("poster-card", &sheet);
    let imported = poster.import().unwrap();
    assert_eq!(told(&imported, "posterGeneric").1, "posterGeneric: art.artwork");
    poster.files.retain(|name, _| !name.contains("artwork"));
    let imported = poster.import().unwrap();
    assert_eq!(told(&imported, "posterGeneric").0, Fate::Raw);
    assert_eq!(apple(&imported.pass).pass["posterGeneric"], sheet.pass["posterGeneric"]);
}
