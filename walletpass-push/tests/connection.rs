//! What the connection withstands: resets, odd settings, answers that break off, provider tokens that end.
#![allow(clippy::unwrap_used, reason = "of tests")]

mod office;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::TimeDelta;
use h2::RecvStream;
use h2::server::{Builder, SendResponse};
use http::{Request, Response};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use walletpass_push::{Apns, ClientCertificate, Later, Outcome, Push, Trouble};
use walletpass_testkit::{ApnsAnswer, ManualTime};

use self::office::{Office, topic};

const TOKEN: &str = "00fc13adff785122b4ad28809a3420982341241421348097878e577c991de8f0";

/// Code of a stream that the server did not touch.
const REFUSED_STREAM: u32 = 7;

/// Serves HTTP/2 with odd settings, and answers as `answer` does with the number of the push. The client in the hand pushes there.
async fn odd_server(
    office: &Office,
    settings: Builder,
    answer: impl Fn(usize, Request<RecvStream>, SendResponse<Bytes>) + Send + Sync + 'static,
) -> Apns {
    let acceptor = acceptor_of(office);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://{}/", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move {
        let mut number = 0;
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(stream) = acceptor.accept(stream).await else { continue };
            let Ok(mut connection) = settings.handshake(stream).await else { continue };
            while let Some(Ok((request, respond))) = connection.accept().await {
                answer(number, request, respond);
                number += 1;
            }
        }
    });
    office.client().with_server(&address).unwrap()
}

fn acceptor_of(office: &Office) -> TlsAcceptor {
    let own = office.authority.issue_server(&["127.0.0.1"]);
    let chain = CertificateDer::pem_slice_iter(own.certificate_pem().as_bytes()).collect::<Result<_, _>>().unwrap();
    let key = PrivateKeyDer::from_pem_slice(own.key_pem().expose().as_bytes()).unwrap();
    let tls = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let tls = tls.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let mut tls = tls.with_single_cert(chain, key).unwrap();
    tls.alpn_protocols = vec![b"h2".to_vec()];
    TlsAcceptor::from(Arc::new(tls))
}

fn answered(status: u16) -> Response<()> {
    Response::builder().status(status).body(()).unwrap()
}

#[tokio::test]
async fn a_push_that_is_reset_leaves_the_connection_to_the_others() {
    let office = Office::open();
    let client = office.client();
    for _ in 0..2 {
        office.apns.answer_once(TOKEN, ApnsAnswer::reset(REFUSED_STREAM));
    }
    assert!(client.wake(&topic(), TOKEN).await.is_delivered());
    office.apns.answer(TOKEN, ApnsAnswer::reset(2));
    let outcome = client.wake(&topic(), TOKEN).await;
    assert!(matches!(&outcome, Outcome::Later(Later { cause: Trouble::ConnectionLost, .. })), "{outcome}");
    assert!(client.wake(&topic(), &office::token(1)).await.is_delivered());
    assert_eq!((office.apns.count(), office.apns.connections()), (7, 1));
}

/// Without its moment it would cost registrations that are younger.
#[tokio::test]
async fn an_answer_that_breaks_off_is_asked_for_again() {
    let office = Office::open();
    let client = odd_server(&office, Builder::new(), |number, _, mut respond| {
        let body: &[u8] = br#"{"reason":"Unregistered","timestamp":1893456000123}"#;
        let mut head = answered(410);
        head.headers_mut().insert("content-length", body.len().into());
        let sent = if number == 0 { &body[..30] } else { body };
        respond.send_response(head, false).unwrap().send_data(Bytes::from_static(sent), true).unwrap();
    });
    let outcome = client.await.wake(&topic(), TOKEN).await;
    assert!(outcome.to_string().starts_with("gone: the token is dead since 2030-01-01"), "{outcome}");
}

#[tokio::test]
async fn headers_without_end_are_not_kept() {
    let office = Office::open();
    let client = odd_server(&office, Builder::new(), |number, _, mut respond| {
        let mut head = answered(200);
        if number < 3 {
            head.headers_mut().insert("x-long", "x".repeat(100_000).try_into().unwrap());
        }
        respond.send_response(head, true).unwrap();
    });
    let client = client.await;
    let outcome = client.wake(&topic(), TOKEN).await;
    assert!(matches!(outcome, Outcome::Later(_)), "{outcome}");
    assert!(client.wake(&topic(), TOKEN).await.is_delivered());
}

/// APNs allows one push at a time until it has seen a good provider token.
#[tokio::test]
async fn one_stream_at_a_time_carries_all_pushes() {
    let office = Office::open();
    let mut settings = Builder::new();
    settings.max_concurrent_streams(1);
    let client = odd_server(&office, settings, |_, _, mut respond| {
        respond.send_response(answered(200), true).unwrap();
    });
    let client = client.await;
    let pushes = (0..50).map(|number| {
        let client = client.clone();
        tokio::spawn(async move { client.wake(&topic(), &office::token(number)).await })
    });
    for push in pushes.collect::<Vec<_>>() {
        assert!(push.await.unwrap().is_delivered());
    }
}

#[tokio::test]
async fn a_server_that_takes_no_stream_or_no_payload_is_trouble_that_passes() {
    let office = Office::open();
    let (mut no_streams, mut no_payload) = (Builder::new(), Builder::new());
    no_streams.max_concurrent_streams(0);
    no_payload.initial_window_size(0);
    for settings in [no_streams, no_payload] {
        let client = odd_server(&office, settings, |_, request, respond| {
            // It waits for the payload before it answers.
            tokio::spawn(async move {
                let _payload = request.into_body().data().await;
                drop(respond);
            });
        });
        let client = client.await.with_patience(Duration::from_millis(800));
        let outcome = client.wake(&topic(), TOKEN).await;
        assert!(matches!(outcome, Outcome::Later(_)), "{outcome}");
    }
}

/// Each try connects slowly, and breaks off shortly before the patience ends.
#[tokio::test]
async fn a_push_takes_three_times_the_patience_at_most() {
    let office = Office::open();
    let acceptor = acceptor_of(&office);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://{}/", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            sleep(Duration::from_millis(100)).await;
            let Ok(stream) = acceptor.accept(stream).await else { continue };
            let Ok(mut connection) = Builder::new().handshake::<_, Bytes>(stream).await else { continue };
            let _request = connection.accept().await;
            let _ended = timeout(Duration::from_millis(250), connection.accept()).await;
        }
    });
    let client = office.client().with_server(&address).unwrap().with_patience(Duration::from_millis(300));
    let outcome = client.wake(&topic(), TOKEN).await;
    let Outcome::Later(later) = &outcome else { panic!("{outcome}") };
    assert_ne!(later.cause, Trouble::ConnectionLost, "the third try has come to its end");
}

/// All of them meet the end of the token at once; one makes the next, which serves them all.
#[tokio::test]
async fn the_end_of_a_provider_token_stops_nobody() {
    let start = "2027-01-01T00:00:00Z".parse().unwrap();
    let (apple, ours) = (ManualTime::at(start), ManualTime::at(start));
    let office = Office::open_at(apple.clone());
    let client = office.client_with(office.provider_token()).with_clock(Arc::new(ours.clone()));
    assert!(client.wake(&topic(), TOKEN).await.is_delivered());
    apple.advance(TimeDelta::minutes(61));
    ours.advance(TimeDelta::minutes(30)); // a slow clock
    let pushes = (0..50).map(|number| {
        let client = client.clone();
        async move { client.wake(&topic(), &office::token(number)).await }
    });
    for outcome in futures_util::future::join_all(pushes).await {
        assert!(outcome.is_delivered(), "{outcome}");
    }
}

#[tokio::test]
async fn roots_of_a_clone_open_no_connection_for_the_others() {
    let office = Office::open();
    let certificate = office::certificate_of(&office.authority.issue(office::TOPIC, "A1B2C3D4E5")).unwrap();
    let strict = Apns::new(certificate).unwrap().with_server(office.apns.url()).unwrap();
    let lax = strict.clone().with_roots(office.authority.root_pem().as_bytes()).unwrap();
    assert!(lax.wake(&topic(), TOKEN).await.is_delivered());
    let outcome = strict.wake(&topic(), TOKEN).await;
    assert!(matches!(outcome, Outcome::Misconfigured(_)), "{outcome}");
}

/// Keychains and scripts write one file in any order.
#[tokio::test]
async fn certificates_come_in_any_order_and_with_their_key() {
    let office = Office::open();
    let issued = office.authority.issue(office::TOPIC, "A1B2C3D4E5");
    let (root, issuer) = (office.authority.root_pem(), office.authority.intermediate_pem());
    let all = format!("{root}{}{issuer}{}", issued.key_pem().expose(), issued.certificate_pem());
    let all = all.as_bytes();
    let here = ClientCertificate::from_pem(&topic(), all, all, None).unwrap();
    let elsewhere = ClientCertificate::from_signing_key(&topic(), all, office::remote_key(&issued)).unwrap();
    for certificate in [here, elsewhere] {
        assert!(office.client_with(certificate).wake(&topic(), TOKEN).await.is_delivered());
    }
    assert!(office.apns.pushes().iter().all(|push| push.certificate.as_deref() == Some(office::TOPIC)));
}
