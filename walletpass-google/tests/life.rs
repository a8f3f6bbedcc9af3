//! Whole lives of passes over HTTP, against a fake Google.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use serde_json::json;
use support::{ISSUER, Scene, flight, loyalty, loyalty_of};
use walletpass_core::lint::google::Vertical;
use walletpass_core::{Barcode, Pass, Text};
use walletpass_google::{Collection, Delivery, Message, ObjectState, ReviewStatus, Written};

const LOYALTY: Collection = Collection::objects(Vertical::Loyalty);

#[tokio::test]
async fn a_loyalty_card_from_the_first_link_to_its_end() {
    let Scene { google, client, .. } = &Scene::new();
    let link = client.save_link(&loyalty()).await.unwrap();
    assert!(link.token().len() < 850, "{}", link.token().len());
    client.validate_link(&link).await.unwrap();

    let card = client.account().card(&loyalty_of("member-4711", 2_500)).unwrap();
    let id = card.object["id"].as_str().unwrap();
    let put = client.put(&card).await.unwrap();
    assert_eq!((put.class_written, put.object), (false, Written::Updated));
    assert_eq!(put.resource.json["loyaltyPoints"]["balance"]["int"], 2500);
    assert!(put.resource.is("state", "ACTIVE") && put.resource.json["state"] == "active");

    google.save(id);
    let seen = client.get(LOYALTY, id).await.unwrap();
    assert_eq!((seen.has_users(), seen.state()), (Some(true), Some(ObjectState::Active)));
    assert_eq!(seen.json["barcode"]["type"], "qrCode");
    let class = client.get(Collection::classes(Vertical::Loyalty), seen.class_id().unwrap()).await.unwrap();
    assert_eq!((class.review_status(), class.int("version")), (Some(ReviewStatus::Approved), Some(1)));

    let hello = Text::new("Half price today").translated("de".parse().unwrap(), "Heute zum halben Preis");
    let sent = client.add_message(&card, &Message::new("sale", "Sale", hello).notifying()).await.unwrap();
    assert_eq!((sent.delivery, google.notices(id)), (Delivery::Notified, 1));
    assert!(sent.resource.has_message("sale"));

    // A patch leaves what the card no longer has; a replacement does not, and keeps the messages.
    let mut plain = loyalty();
    plain.barcode = None;
    let plain = client.account().card(&plain).unwrap();
    assert!(client.put(&plain).await.unwrap().resource.json.contains_key("barcode"));
    let replaced = client.replace(&plain).await.unwrap();
    assert!(!replaced.json.contains_key("barcode") && replaced.has_message("sale"));
    assert_eq!(google.resource("loyaltyObject", id).unwrap()["messages"][0]["messageType"], "TEXT");

    for (resource, state) in [
        (client.complete(&card).await, ObjectState::Completed),
        (client.activate(&card).await, ObjectState::Active),
        (client.deactivate(&card).await, ObjectState::Inactive),
        (client.expire(&card).await, ObjectState::Expired),
    ] {
        assert_eq!(resource.unwrap().state(), Some(state));
    }
    assert_eq!(google.tokens_given(), 1);
    assert_eq!(google.count("POST", "/walletobjects/v1/loyaltyClass"), 1);
}

#[tokio::test]
async fn a_flight_whose_gate_changes() {
    let Scene { google, client, .. } = &Scene::new();
    let card = client.account().card(&flight()).unwrap();
    client.validate(&card).await.unwrap();
    assert_eq!(google.count("POST", "/walletobjects/v1/flightClass"), 0);
    let put = client.put(&card).await.unwrap();
    assert_eq!((put.class_written, put.object), (true, Written::Created));

    // The gate is on the class, and the class keeps its id.
    let classes = Collection::classes(Vertical::Flight);
    let id = card.class["id"].as_str().unwrap();
    let mut pass = flight();
    let walletpass_core::Kind::Flight(kind) = &mut pass.kind else { panic!("it is a flight") };
    kind.from.gate = Some("B4".to_owned());
    let put = client.change(&client.account().card(&pass).unwrap()).await.unwrap();
    assert_eq!((put.class_written, put.object), (true, Written::Updated));
    assert_eq!(google.resource("flightClass", id).unwrap()["origin"]["gate"], "B4");
    assert_eq!(client.list_classes(Vertical::Flight, None).await.unwrap().resources.len(), 1);
    assert_eq!(client.list_objects(Vertical::Flight, id, None).await.unwrap().resources.len(), 1);

    // What the pass has no word for is patched.
    let changes =
        support::map(json!({ "localGateClosingDateTime": "2027-03-05T06:10:00", "flightStatus": "SCHEDULED" }));
    let class = client.patch(classes, id, &changes).await.unwrap();
    assert!(class.is("flightStatus", "SCHEDULED"));
    assert_eq!(class.json["flightStatus"], "scheduled");
    assert_eq!(google.resource("flightClass", id).unwrap()["reviewStatus"], "APPROVED");

    let all = client.add_message_to(classes, id, &Message::new("gate", "Gate", "Now B4").notifying()).await.unwrap();
    assert_eq!((all.delivery, google.notices(id)), (Delivery::Notified, 1));

    // What was read is written back: the status that Google has set goes as one that it takes.
    let read = client.get(classes, id).await.unwrap();
    assert_eq!(read.review_status(), Some(ReviewStatus::Approved));
    client.update(classes, &read.json).await.unwrap();
    assert_eq!(client.complete(&card).await.unwrap().state(), Some(ObjectState::Completed));
}

#[tokio::test]
async fn every_kind_of_pass_is_taken_and_listed() {
    let Scene { google, client, .. } = &Scene::new();
    for (vertical, text) in [
        (Vertical::Offer, include_str!("../../examples/passes/coupon.json")),
        (Vertical::EventTicket, include_str!("../../examples/passes/event.json")),
        (Vertical::Flight, include_str!("../../examples/passes/flight.json")),
        (Vertical::Generic, include_str!("../../examples/passes/generic.json")),
        (Vertical::GiftCard, include_str!("../../examples/passes/gift-card.json")),
        (Vertical::Loyalty, include_str!("../../examples/passes/loyalty.json")),
        (Vertical::Transit, include_str!("../../examples/passes/transit.json")),
    ] {
        let pass: Pass = serde_json::from_str(text).unwrap();
        let card = client.account().card(&pass).unwrap();
        assert_eq!(card.vertical, vertical);
        client.put(&card).await.unwrap();
        assert_eq!(client.put(&card).await.unwrap().object, Written::Updated);
        let page = client.list_objects(vertical, card.class["id"].as_str().unwrap(), None).await.unwrap();
        assert_eq!((page.resources.len(), page.next), (1, None));
        assert_eq!(client.list_classes(vertical, None).await.unwrap().resources[0].id(), card.class["id"]);
        assert!(google.resource(&format!("{}Object", vertical.name()), page.resources[0].id()).is_some());
        client.expire(&card).await.unwrap();
    }
}

#[tokio::test]
async fn a_long_list_comes_in_pages() {
    let Scene { client, .. } = &Scene::new();
    let client = client.clone().with_rate(20);
    let mut class = String::new();
    for number in 0..250 {
        let card = client.account().card(&loyalty_of(&format!("member-{number}"), number)).unwrap();
        class = card.class["id"].as_str().unwrap().to_owned();
        client.put(&card).await.unwrap();
    }
    let (mut after, mut sizes) = (None, Vec::new());
    loop {
        let page = client.list_objects(Vertical::Loyalty, &class, after.as_ref()).await.unwrap();
        sizes.push(page.resources.len());
        let Some(next) = page.next else { break };
        after = Some(next);
    }
    assert_eq!(sizes, [100, 100, 50]);
}

#[tokio::test]
async fn two_clients_race_an_upsert() {
    let scene = Scene::new();
    let other = scene.another_client();
    let (one, two) = (scene.card(&loyalty_of("member-1", 1)), scene.card(&loyalty_of("member-1", 2)));
    for _ in 0..20 {
        let (first, second) = tokio::join!(scene.client.put(&one), other.put(&two));
        let (first, second) = (first.unwrap(), second.unwrap());
        assert_eq!(first.resource.id(), second.resource.id());
    }
    let inserts = scene.google.requests().into_iter().filter(|seen| seen.path.ends_with("loyaltyObject"));
    assert_eq!(inserts.filter(|seen| seen.status == 200).count(), 1);
}

#[tokio::test]
async fn equal_class_content_is_written_once_however_many_cards_share_it() {
    let scene = Scene::new();
    let cards: Vec<_> = (0..40).map(|number| scene.card(&loyalty_of(&format!("member-{number}"), number))).collect();
    let tasks: Vec<_> = cards
        .into_iter()
        .map(|card| {
            let client = scene.client.clone();
            tokio::spawn(async move { client.put(&card).await.unwrap().class_written })
        })
        .collect();
    let mut written = 0;
    for task in tasks {
        written += usize::from(task.await.unwrap());
    }
    assert_eq!(written, 1);
    assert_eq!(scene.google.count("POST", "/walletobjects/v1/loyaltyClass"), 1);
    assert_eq!(scene.google.count("PATCH", "/walletobjects/v1/loyaltyClass"), 0);
}

#[tokio::test]
async fn a_change_costs_one_request_and_makes_what_is_missing() {
    let Scene { google, client, .. } = &Scene::new();
    let card = client.account().card(&loyalty()).unwrap();
    assert_eq!(client.change(&card).await.unwrap().object, Written::Created);
    let seen = google.requests().len();
    let put = client.change(&client.account().card(&loyalty_of("member-4711", 3)).unwrap()).await.unwrap();
    assert_eq!((put.class_written, put.object, google.requests().len() - seen), (false, Written::Updated, 1));
    assert_eq!(put.resource.json["loyaltyPoints"]["balance"]["int"], 3);
}

#[tokio::test]
async fn a_class_that_changes_back_is_written_again() {
    let scene = Scene::new();
    let mut card = scene.card(&loyalty());
    let mut written = Vec::new();
    for name in ["Bean Club", "Bean Club", "Bean Society", "Bean Club"] {
        card.class.insert("programName".to_owned(), name.into());
        written.push(scene.client.put(&card).await.unwrap().class_written);
    }
    assert_eq!(written, [true, false, true, true]);
    let class = scene.google.resource("loyaltyClass", card.class["id"].as_str().unwrap()).unwrap();
    assert_eq!(class["programName"], "Bean Club");

    // What another call writes into a class is no longer what the card wrote.
    let (classes, id) = (Collection::classes(Vertical::Loyalty), card.class["id"].as_str().unwrap());
    scene.client.patch(classes, id, &support::map(json!({ "programName": "Tea Club" }))).await.unwrap();
    assert!(scene.client.put(&card).await.unwrap().class_written);
    let read = scene.client.get(classes, id).await.unwrap();
    scene.client.update(classes, &read.json).await.unwrap();
    assert!(scene.client.put(&card).await.unwrap().class_written);

    // A write that failed is made up for by the next card.
    card.class.insert("programName".to_owned(), "".into());
    scene.google.fail_next(400, 1);
    scene.client.put(&card).await.unwrap_err();
    assert!(scene.client.put(&card).await.unwrap().class_written);
}

#[tokio::test]
async fn the_class_holds_what_the_client_takes_it_to_hold_whoever_wrote_last() {
    let scene = Scene::new();
    let names: Vec<String> = (0..20).map(|number| format!("Bean Club {number}")).collect();
    let put = |name: &str| {
        let (client, mut card) = (scene.client.clone(), scene.card(&loyalty()));
        card.class.insert("programName".to_owned(), name.into());
        async move { client.put(&card).await.unwrap().class_written }
    };
    let tasks: Vec<_> = names.iter().map(|name| tokio::spawn(put(name))).collect();
    for task in tasks {
        assert!(task.await.unwrap());
    }
    let id = scene.card(&loyalty()).class["id"].as_str().unwrap().to_owned();
    let last = scene.google.resource("loyaltyClass", &id).unwrap()["programName"].clone();
    assert!(!put(last.as_str().unwrap()).await, "the last to be written is the one that is remembered");
}

#[tokio::test]
async fn a_private_picture_the_issuer_and_its_people() {
    let Scene { client, .. } = &Scene::new();
    assert_eq!(client.upload_image(&b"\x89PNG\r\n\x1a\n"[..]).await.unwrap(), "picture-1");
    assert_eq!(client.upload_image(&b"\xFF\xD8\xFF\xE0"[..]).await.unwrap(), "picture-2");
    assert!(client.upload_image(&b"GIF89a"[..]).await.unwrap_err().to_string().contains("neither PNG nor JPEG"));
    let issuer = client.issuer().await.unwrap();
    assert_eq!(
        (issuer.int("issuerId"), &issuer.json["name"]),
        (Some(3_388_000_000_000_000_001), &json!("Paper Lantern"))
    );
    assert_eq!(client.issuers().await.unwrap(), [issuer]);
    assert_eq!(client.permissions().await.unwrap().json["permissions"][1]["role"], "writer");
}

#[tokio::test]
async fn a_link_is_inserted_by_google() {
    let scene = Scene::new();
    let link = scene.card(&loyalty()).save_link(&scene.account()).unwrap();
    assert!(scene.client.insert_link(&link).await.unwrap().starts_with("https://pay.google.com/gp/v/save/"));
    let object = scene.google.resource("loyaltyObject", &format!("{ISSUER}.loyalty.member-4711")).unwrap();
    assert_eq!(object["loyaltyPoints"]["balance"]["int"], 2450);
    // Saving it again changes nothing.
    let newer = scene.card(&loyalty_of("member-4711", 9)).save_link(&scene.account()).unwrap();
    scene.client.insert_link(&newer).await.unwrap();
    assert_eq!(scene.google.resource("loyaltyObject", &format!("{ISSUER}.loyalty.member-4711")).unwrap(), object);
}

#[tokio::test]
async fn the_card_of_another_issuer_is_not_put() {
    let scene = Scene::new();
    let other = walletpass_google::Account::from_json(
        scene.google.key_file().expose().as_bytes(),
        "3388000000000000002".parse().unwrap(),
    );
    let card = other.unwrap().card(&loyalty().barcode(Barcode::qr("1"))).unwrap();
    let error = scene.client.put(&card).await.unwrap_err();
    assert!(matches!(error, walletpass_google::Error::IssuerMismatch { .. }), "{error}");
    assert!(scene.google.requests().is_empty());
}

#[tokio::test]
async fn the_link_of_a_client_is_skinny_also_where_a_fat_one_is_too_long() {
    let scene = Scene::new();
    let mut pass: Pass = serde_json::from_str(include_str!("../../examples/passes/event.json")).unwrap();
    for number in 0..8 {
        let field =
            walletpass_core::Field::new(format!("f{number}").parse().unwrap(), "House rules", "Be kind. ".repeat(20));
        pass = pass.back_field(field);
    }
    let error = scene.account().save_link(&pass).unwrap_err();
    assert!(matches!(error, walletpass_google::Error::LinkTooLong(_)), "{error}");
    let link = scene.client.save_link(&pass).await.unwrap();
    assert!(link.token().len() < 850, "{}", link.token().len());
    scene.client.validate_link(&link).await.unwrap();
}
