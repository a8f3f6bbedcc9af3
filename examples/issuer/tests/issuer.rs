//! The example, run as it is, and the routes of its host.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, StatusCode};
use tokio::net::TcpListener;
use tokio::sync::watch;
use walletpass::model::port::HttpClient;
use walletpass::webservice::store::MemoryStore;
use walletpass::{Issuer, google};
use walletpass_issuer_examples::fakes::Fakes;
use walletpass_issuer_examples::host;
use walletpass_issuer_examples::settings::FastClock;

#[test]
fn the_example_tells_the_life_of_a_card() {
    let printed = program::run("issuer", &[]);
    let lines = [
        "club    creates member-4711: storeCard for Apple Wallet, loyalty for Google Wallet",
        "phone   downloads the card (200), adds it, and registers; it shows 2,450 points",
        "Google  saves the card by its link; the object has 2450 points and is ACTIVE",
        "phone   wakes up, fetches the card, and says [\"You now have 2,500 points\"]; it shows 2,500 points",
        "Google  changes its card; the object has 2500 points and is ACTIVE",
        "club    sets 2,500 points again: nothing is new, nobody is told",
        "phone   wakes up, fetches the card, and says [\"Free refills on Sunday\"]",
        "club    scans the card at a till, to redeem it: it is Valid; version",
        "club    scans the card at a till, to redeem it: it is Redeemed; nothing is new, nobody is told",
        "phone   wakes up and fetches the card; it shows 2,500 points, greyed out as void",
        "Google  changes its card; the object has 2500 points and is COMPLETED",
        "club    deletes the card: its address answers 404",
    ];
    let mut rest = printed.as_str();
    for line in lines {
        let Some((_, after)) = rest.split_once(line) else {
            panic!("{line:?} is missing, or not in its place:\n{printed}")
        };
        rest = after;
    }
}

#[tokio::test]
async fn the_host_serves_its_members() {
    let fakes = Fakes::start(FastClock::start(1)).unwrap();
    let settings = fakes.settings();
    let issuer = Issuer::new(Arc::new(MemoryStore::new()), format!("https://{}/wallet", Fakes::HOST).parse().unwrap());
    let issuer = issuer
        .unwrap()
        .apple(settings.identity().unwrap(), settings.push().unwrap())
        .google(settings.google_client().unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = format!("http://{}", listener.local_addr().unwrap());
    let (stop, stopped) = watch::channel(false);
    let host = tokio::spawn(host::serve(listener, issuer, stopped));

    let http = google::Http::new().unwrap();
    let ask = async |method: &str, path: &str, body: &'static str| {
        let request = Request::builder().method(method).uri(format!("{server}{path}")).body(Bytes::from(body)).unwrap();
        let answer = http.send(request).await.unwrap();
        (answer.status(), String::from_utf8(answer.into_body().to_vec()).unwrap())
    };
    let (status, page) = ask("POST", "/members/4711", "").await;
    assert_eq!(status, StatusCode::CREATED);
    for link in [
        "https://beans.example/wallet/passes/pass.org.example.beans/4711.pkpass?token=",
        "https://pay.google.com/gp/v/save/",
    ] {
        assert!(page.contains(link), "{page}");
    }
    assert_eq!(ask("POST", "/members/4711", "").await, (StatusCode::CREATED, page), "the same card");
    assert_eq!(ask("POST", "/members/4711/points", "2500").await.0, StatusCode::NO_CONTENT);
    assert_eq!(ask("POST", "/members/4711/points", "many").await.0, StatusCode::BAD_REQUEST);
    assert_eq!(ask("POST", "/members/nobody/points", "1").await.0, StatusCode::NOT_FOUND);
    assert_eq!(ask("DELETE", "/members/4711", "").await.0, StatusCode::NO_CONTENT);
    assert_eq!(ask("POST", "/members/4711/points", "1").await.0, StatusCode::NOT_FOUND);

    stop.send_replace(true);
    host.await.unwrap().unwrap();
}
