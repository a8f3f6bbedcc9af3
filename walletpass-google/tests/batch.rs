//! Many writes in one request.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use serde_json::json;
use support::{ISSUER, Scene, loyalty_of, map};
use walletpass_core::lint::google::Vertical;
use walletpass_google::{BatchItem, Collection, Error, TokenError};

const CLASSES: Collection = Collection::classes(Vertical::Loyalty);
const OBJECTS: Collection = Collection::objects(Vertical::Loyalty);

/// The items that insert so many cards, once their class is there.
async fn items(scene: &Scene, count: usize) -> Vec<BatchItem> {
    let cards: Vec<_> = (0..count).map(|number| scene.card(&loyalty_of(&format!("member-{number}"), 7))).collect();
    scene.client.insert(CLASSES, &cards[0].class).await.unwrap();
    cards.into_iter().map(|card| BatchItem::insert(OBJECTS, card.object)).collect()
}

#[tokio::test]
async fn more_than_a_hundred_are_split_and_come_back_in_order() {
    let scene = Scene::new();
    let outcomes = scene.client.batch(&items(&scene, 250).await).await;
    for (number, outcome) in outcomes.iter().enumerate() {
        assert_eq!(outcome.as_ref().unwrap().id(), format!("{ISSUER}.loyalty.member-{number}"));
    }
    assert_eq!((outcomes.len(), scene.google.count("POST", "/batch")), (250, 3));
    // Each item counts: 250 at 15 a second, after a burst.
    assert!(scene.time.slept().num_seconds() >= 16, "{}", scene.time.slept());
}

#[tokio::test]
async fn each_item_has_an_outcome_of_its_own() {
    let scene = Scene::new();
    let mut items = items(&scene, 2).await;
    let id = format!("{ISSUER}.loyalty.member-0");
    items.push(BatchItem::insert(OBJECTS, map(json!({ "id": "nonsense" }))));
    items.push(BatchItem::patch(OBJECTS, format!("{ISSUER}.loyalty.nobody"), map(json!({ "state": "EXPIRED" }))));
    let first = scene.client.batch(&items).await;
    assert!(first[0].is_ok() && first[1].is_ok());
    assert!(matches!(&first[2], Err(Error::Invalid { .. })) && matches!(&first[3], Err(Error::NotFound { .. })));

    let again = [
        BatchItem::patch(OBJECTS, &id, map(json!({ "state": "EXPIRED" }))),
        items[1].clone(),
        BatchItem::patch(
            CLASSES,
            scene.google.resource("loyaltyObject", &id).unwrap()["classId"].as_str().unwrap(),
            map(json!({ "reviewStatus": "APPROVED" })),
        ),
        BatchItem::patch(OBJECTS, &id, map(json!({ "colour": "red" }))),
    ];
    let second = scene.client.batch(&again).await;
    assert!(second[0].as_ref().unwrap().is("state", "EXPIRED"));
    assert!(matches!(&second[1], Err(Error::Exists { id }) if id.ends_with("member-1")), "{second:?}");
    assert!(second[2].is_ok(), "{second:?}");
    assert!(matches!(&second[3], Err(Error::Invalid { field: Some(field), .. }) if field == "colour"), "{second:?}");
    assert!(scene.client.batch(&[]).await.is_empty());
}

#[tokio::test]
async fn only_the_items_that_failed_for_a_passing_reason_are_repeated() {
    let scene = Scene::new();
    let items = items(&scene, 10).await;
    // The faults hit parts of the batch here, and the batch as a whole when its answer is lost.
    scene.google.fail_next(503, 3);
    scene.google.fail_next(429, 1);
    let outcomes = scene.client.batch(&items).await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    let parts = scene.google.requests().iter().filter(|seen| seen.in_batch).count();
    assert_eq!((parts, scene.google.count("POST", "/batch")), (14, 2));
}

#[tokio::test]
async fn a_batch_whose_answer_was_lost_has_succeeded() {
    let scene = Scene::new();
    let items = items(&scene, 3).await;
    scene.google.lose_next_answers(1);
    let outcomes = scene.client.batch(&items).await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
}

#[tokio::test]
async fn an_error_of_the_whole_is_that_of_each() {
    let scene = Scene::new();
    let items = items(&scene, 3).await;
    scene.google.set_invited(false);
    for outcome in scene.client.batch(&items).await {
        assert!(matches!(outcome, Err(Error::AccessDenied { .. })), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_conflict_after_an_unsure_try_is_judged_by_what_is_there() {
    let scene = Scene::new();
    let items = items(&scene, 2).await;
    assert!(scene.client.batch(&items).await.iter().all(Result::is_ok));
    let mut other = scene.card(&loyalty_of("member-1", 8)).object;
    other.insert("state".to_owned(), "ACTIVE".into());
    scene.google.fail_next(503, 2);
    let outcomes = scene.client.batch(&[items[0].clone(), BatchItem::insert(OBJECTS, other)]).await;
    assert!(outcomes[0].is_ok(), "{outcomes:?}");
    assert!(matches!(&outcomes[1], Err(Error::Exists { id }) if id.ends_with("member-1")), "{outcomes:?}");
}

#[tokio::test]
async fn an_item_whose_token_is_refused_is_repeated_once_with_another() {
    let scene = Scene::new();
    let items = items(&scene, 3).await;
    let given = scene.google.tokens_given();
    scene.google.fail_next(401, 2);
    let outcomes = scene.client.batch(&items).await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert_eq!(scene.google.tokens_given() - given, 1);

    scene.google.fail_next(401, 2);
    let outcomes = scene.client.batch(&items[..1]).await;
    assert!(matches!(outcomes[0], Err(Error::Token(TokenError::Rejected { .. }))), "{outcomes:?}");
}
