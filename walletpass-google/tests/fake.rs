//! The fake Google is as strict as it says, seen by clients that make mistakes.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::json;
use support::{ISSUER, Scene, loyalty, map};
use walletpass_core::lint::google::Vertical;
use walletpass_core::port::{HttpClient, HttpError};
use walletpass_google::{Client, Collection, Error, Http, TokenError};

/// Sends on, with one text replaced by another in every body.
#[derive(Debug)]
struct Meddler {
    inner: Http,
    from: &'static str,
    to: &'static str,
}

#[async_trait]
impl HttpClient for Meddler {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, HttpError> {
        self.inner.send(request.map(|body| String::from_utf8_lossy(&body).replace(self.from, self.to).into())).await
    }
}

fn meddled(scene: &Scene, from: &'static str, to: &'static str) -> Client {
    Scene::client_over(&scene.google, &scene.time, Meddler { inner: Http::new().unwrap(), from, to })
}

#[tokio::test]
async fn a_class_is_not_approved_by_its_issuer() {
    let scene = Scene::new();
    for (status, taken) in [("UNDER_REVIEW", true), ("APPROVED", false), ("REJECTED", false), ("DRAFT", false)] {
        let client = meddled(&scene, "UNDER_REVIEW", status);
        // A draft can be made, and have no objects; once it is more than that it cannot go back.
        assert_eq!(client.put(&scene.card(&loyalty())).await.is_ok(), taken, "{status}");
    }
}

#[tokio::test]
async fn a_draft_has_no_objects() {
    let scene = Scene::new();
    let error = meddled(&scene, "UNDER_REVIEW", "DRAFT").put(&scene.card(&loyalty())).await.unwrap_err();
    assert!(matches!(&error, Error::Invalid { field: Some(field), .. } if field == "classId"), "{error}");
}

#[tokio::test]
async fn an_assertion_that_was_tampered_with_gives_no_token() {
    let scene = Scene::new();
    // Header, claims, grant, and the name of the form's field.
    for (from, to) in [("assertion=eyJ", "assertion=eyK"), ("jwt-bearer", "jwt-wearer"), ("assertion=", "assertiom=")] {
        let error = meddled(&scene, from, to).issuer().await.unwrap_err();
        assert!(matches!(error, Error::Token(TokenError::Refused { .. })), "{from}: {error}");
    }
    assert_eq!(scene.google.tokens_given(), 0);
}

#[tokio::test]
async fn a_link_that_was_tampered_with_is_refused() {
    let scene = Scene::new();
    let link = scene.card(&loyalty()).save_link(&scene.account()).unwrap();
    scene.client.validate_link(&link).await.unwrap();
    for (from, to) in [("eyJ", "eyK"), ("jwtResource", "jwtResources"), ("\"jwt\"", "\"json\"")] {
        let error = meddled_after_token(&scene, from, to).await.validate_link(&link).await.unwrap_err();
        assert!(matches!(error, Error::Invalid { .. }), "{from}: {error}");
        assert!(!error.to_string().contains(&link.token()[..40]), "{error}");
    }
    // A card is judged as a link is, and the class must be there or come along.
    let object = scene.card(&loyalty()).save_link_given(&scene.account(), walletpass_google::Inserted::Class).unwrap();
    assert!(matches!(scene.client.validate_link(&object).await, Err(Error::ClassNotFound { .. })));
}

/// Meddles with what is sent to the API alone.
async fn meddled_after_token(scene: &Scene, from: &'static str, to: &'static str) -> Client {
    #[derive(Debug)]
    struct Api(Meddler);
    #[async_trait]
    impl HttpClient for Api {
        async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, HttpError> {
            if request.uri().path() == "/token" { self.0.inner.send(request).await } else { self.0.send(request).await }
        }
    }
    Scene::client_over(&scene.google, &scene.time, Api(Meddler { inner: Http::new().unwrap(), from, to }))
}

#[tokio::test]
async fn ids_are_one_space_and_never_free_again() {
    let Scene { client, .. } = &Scene::new();
    let id = json!(format!("{ISSUER}.x"));
    client.insert(Collection::classes(Vertical::Generic), &map(json!({ "id": id }))).await.unwrap();
    let class = json!({ "id": id, "issuerName": "Acme" });
    let error = client.insert(Collection::classes(Vertical::GiftCard), &map(class)).await.unwrap_err();
    assert!(matches!(error, Error::Exists { .. }), "{error}");
    let error = client.get(Collection::classes(Vertical::GiftCard), id.as_str().unwrap()).await.unwrap_err();
    assert!(matches!(error, Error::NotFound { .. }), "{error}");
    let foreign = json!({ "id": "3388000000000000002.x" });
    let error = client.insert(Collection::classes(Vertical::Generic), &map(foreign)).await.unwrap_err();
    assert!(matches!(error, Error::AccessDenied { .. }), "{error}");
}
