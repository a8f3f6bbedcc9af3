//! The client against a fake APNs over real HTTP/2 and TLS.

mod office;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta};
use walletpass_core::port::Clock;
use walletpass_push::{
    ClientCertificate, Error, FanOut, Gone, Later, Misconfiguration, Outcome, ProviderToken, Push, Trouble,
};
use walletpass_testkit::{ApnsAnswer, Authority, FakeApns, KeyKind, Leaf, ManualTime, ProviderKey};

use self::office::{Office, TOPIC, topic};

const TOKEN: &str = "00fc13adff785122b4ad28809a3420982341241421348097878e577c991de8f0";

/// The whole request of a push, as the server saw it, under a certificate.
#[tokio::test]
async fn a_push_under_a_certificate_is_what_apple_documents() {
    let office = Office::open();
    let outcome = office.client().wake(&topic(), TOKEN).await;
    let Outcome::Delivered { id: Some(id) } = outcome else { panic!("{outcome}") };
    assert!(id.starts_with("EC1BF194-"), "{id}");
    let pushes = office.apns.pushes();
    let [push] = pushes.as_slice() else { panic!("{pushes:?}") };
    assert_eq!((push.method.as_str(), push.path.as_str()), ("POST", format!("/3/device/{TOKEN}").as_str()));
    assert_eq!(push.body, b"{}");
    assert_eq!(push.certificate.as_deref(), Some(TOPIC));
    assert_eq!(
        office::headers(push),
        ["apns-priority: 5", "apns-push-type: background", "apns-topic: pass.org.example.library", "content-length: 2"]
    );
}

#[tokio::test]
async fn a_push_under_a_provider_token_carries_it() {
    let office = Office::open();
    let client = office.client_with(office.provider_token());
    assert!(client.wake(&topic(), TOKEN).await.is_delivered());
    let pushes = office.apns.pushes();
    let [push] = pushes.as_slice() else { panic!("{pushes:?}") };
    assert_eq!((push.body.as_slice(), push.certificate.as_deref()), (&b"{}"[..], None));
    let headers = office::headers(push);
    assert_eq!(headers.len(), 5);
    let token = headers[4].strip_prefix("authorization: bearer ").expect("a provider token");
    let parts: Vec<_> = token.split('.').map(office::base64).collect();
    assert_eq!(parts[0], br#"{"alg":"ES256","kid":"K1E2Y3I4D5","typ":"JWT"}"#);
    let claims: serde_json::Value = serde_json::from_slice(&parts[1]).unwrap();
    assert_eq!(claims["iss"], ProviderKey::TEAM);
    assert_eq!(parts[2].len(), 64);
    assert!(!format!("{push:?} {client:?}").contains(token));
}

/// A remote key signs the handshake of TLS 1.2 with PKCS #1; a P-256 key that of TLS 1.3.
#[tokio::test]
async fn every_kind_of_key_shows_its_certificate() {
    let office = Office::open();
    for kind in [KeyKind::Rsa, KeyKind::Ec] {
        let leaf = Leaf { key: kind, ..Leaf::new(TOPIC, "A1B2C3D4E5") };
        let credentials = office.authority.issue_leaf(&leaf);
        let remote = office::remote_key(&credentials);
        let certificate = credentials.certificate_pem();
        let client = ClientCertificate::from_signing_key(&topic(), certificate.as_bytes(), remote).unwrap();
        assert!(office.client_with(client).wake(&topic(), TOKEN).await.is_delivered(), "{kind:?} elsewhere");
        let client = office::certificate_of(&credentials).unwrap();
        assert!(office.client_with(client).wake(&topic(), TOKEN).await.is_delivered(), "{kind:?} here");
    }
    assert!(office.apns.pushes().iter().all(|push| push.certificate.as_deref() == Some(TOPIC)));
}

#[tokio::test]
async fn the_identity_that_signs_passes_pushes_too() {
    let office = Office::open();
    let identity = office.authority.identity(TOPIC, "A1B2C3D4E5");
    let chain = identity.chain_pem().as_bytes();
    let certificate = ClientCertificate::from_signing_key(identity.pass_type(), chain, identity.signing_key()).unwrap();
    assert!(office.client_with(certificate).wake(&topic(), TOKEN).await.is_delivered());
}

#[tokio::test]
async fn one_connection_carries_many_pushes() {
    let office = Office::open();
    let client = office.client();
    let pushes = (0..200).map(|number| {
        let client = client.clone();
        tokio::spawn(async move { client.wake(&topic(), &office::token(number)).await })
    });
    for push in pushes.collect::<Vec<_>>() {
        assert!(push.await.unwrap().is_delivered());
    }
    assert_eq!((office.apns.count(), office.apns.connections()), (200, 1));
}

/// One bad, one gone, one throttled token among a hundred, and a GOAWAY in the middle.
#[tokio::test]
async fn one_bad_token_among_many_stops_nobody() {
    let office = Office::open();
    let since = DateTime::from_timestamp_millis(1_893_456_000_123).unwrap();
    let (bad, dead, throttled) = (office::token(13), office::token(42), office::token(77));
    office.apns.answer(&bad, ApnsAnswer::refusal(400, "BadDeviceToken"));
    office.apns.answer(&dead, ApnsAnswer::refusal(410, "Unregistered").since(since));
    office.apns.answer_once(&throttled, ApnsAnswer::refusal(429, "TooManyRequests").retry_after(30));
    office.apns.go_away_after(50);
    let time = ManualTime::at("2027-01-01T00:00:00Z".parse().unwrap());
    let fan_out = FanOut::new(Arc::new(office.client())).with_time(Arc::new(time.clone()), Arc::new(time.clone()));

    let mut told = Vec::new();
    let begun = time.now();
    let tally = fan_out
        .with_in_flight(10)
        .wake_all(&topic(), (0..100).map(office::token), |token, outcome| {
            told.push((token, outcome, time.now() - begun))
        })
        .await;

    assert_eq!((tally.delivered, tally.gone, tally.later, tally.misconfigured), (98, 2, 0, 0));
    let outcome_of = |wanted: &str| told.iter().find(|(token, ..)| token == wanted).expect("it was told");
    assert_eq!(outcome_of(&bad).1, Outcome::Gone(Gone::BadDeviceToken));
    assert_eq!(outcome_of(&dead).1, Outcome::Gone(Gone::Unregistered { since: Some(since) }));
    let at_once = told.iter().filter(|(_, outcome, after)| outcome.is_delivered() && after.is_zero()).count();
    assert_eq!(at_once, 97);
    assert!(outcome_of(&throttled).2 >= TimeDelta::seconds(30), "{:?}", outcome_of(&throttled));

    let pushes = office.apns.pushes();
    let mut taken: Vec<_> = pushes.iter().filter(|push| push.status == 200).map(|push| push.token.as_str()).collect();
    taken.sort_unstable();
    taken.dedup();
    assert_eq!((pushes.len(), taken.len()), (101, 98), "nothing twice but the throttled one");
    assert_eq!(office.apns.connections(), 2);
}

#[tokio::test]
async fn a_connection_that_breaks_is_made_again() {
    let office = Office::open();
    let client = office.client();
    assert!(client.wake(&topic(), TOKEN).await.is_delivered());
    office.apns.cut_connections();
    assert!(client.wake(&topic(), TOKEN).await.is_delivered());
    office.apns.answer_once(TOKEN, ApnsAnswer::cut());
    assert!(client.wake(&topic(), TOKEN).await.is_delivered(), "a lost answer is asked for again");
    office.apns.answer(TOKEN, ApnsAnswer::cut());
    let outcome = client.wake(&topic(), TOKEN).await;
    assert!(matches!(&outcome, Outcome::Later(Later { cause: Trouble::ConnectionLost, .. })), "{outcome}");
    assert!(client.wake(&topic(), &office::token(1)).await.is_delivered());
}

#[tokio::test]
async fn tokens_that_are_none_are_gone_and_the_others_go_on() {
    let office = Office::open();
    let long = "ab".repeat(5_000);
    let fan_out = FanOut::new(Arc::new(office.client()));
    let mut gone = Vec::new();
    let tokens = ["", "xyz", "abc", "../../x", "a b", "\u{e9}\u{e9}", "ab\r\nx: y", &long, TOKEN];
    let topic = topic();
    let tally = fan_out.wake_all(&topic, tokens, |token, outcome| match outcome {
        Outcome::Gone(reason) => gone.push((token, reason)),
        outcome => assert!(outcome.is_delivered(), "{outcome}"),
    });
    let tally = tally.await;
    assert_eq!((tally.delivered, tally.gone), (1, 8));
    assert!(gone.iter().all(|(_, reason)| *reason == Gone::Malformed), "{gone:?}");
    assert_eq!(office.apns.count(), 1, "nothing else was sent");
}

#[tokio::test]
async fn strange_answers_concern_their_token_only() {
    let office = Office::open();
    let client = office.client().with_patience(Duration::from_millis(600));
    let (topic, other) = (topic(), office::token(7));
    for (answer, expected) in [
        (ApnsAnswer::refusal(400, "").with_body("<html>"), "APNs answered 400: look the reason up"),
        (ApnsAnswer::refusal(400, "TokenTooYoung"), "APNs answered 400 TokenTooYoung: look the reason up"),
        (ApnsAnswer::refusal(418, "Teapot"), "APNs answered 418 Teapot: look the reason up"),
        (ApnsAnswer::refusal(503, "").with_body(vec![b'x'; 100_000]), "not taken, push again: APNs answered 503"),
        (
            ApnsAnswer::refusal(429, "TooManyRequests").retry_after(7),
            "not taken, push again in 7 s: APNs answered 429 TooManyRequests",
        ),
        (ApnsAnswer::endless(410), "not taken, push again: no answer came in time"),
        (ApnsAnswer::silence(), "not taken, push again: no answer came in time"),
    ] {
        office.apns.answer_once(TOKEN, answer);
        let (strange, sound) = tokio::join!(client.wake(&topic, TOKEN), client.wake(&topic, &other));
        assert!(strange.to_string().starts_with(expected), "{strange}");
        assert!(sound.is_delivered(), "beside {expected}: {sound}");
    }
}

#[tokio::test]
async fn a_server_that_says_nothing_is_trouble_that_passes() {
    let office = Office::open();
    let deaf = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://{}/", deaf.local_addr().unwrap()).parse().unwrap();
    let client = office.client().with_server(&address).unwrap().with_patience(Duration::from_millis(200));
    let outcome = client.wake(&topic(), TOKEN).await;
    assert!(matches!(&outcome, Outcome::Later(Later { cause: Trouble::Unreachable { .. }, .. })), "{outcome}");
    drop(deaf);
    let outcome = office.client().with_server(&address).unwrap().wake(&topic(), TOKEN).await;
    assert!(matches!(&outcome, Outcome::Later(Later { cause: Trouble::Unreachable { .. }, .. })), "{outcome}");
}

#[tokio::test]
async fn a_server_of_unknown_authority_gets_no_push() {
    let office = Office::open();
    let stranger = FakeApns::start(&Authority::new());
    let outcome = office.client().with_server(stranger.url()).unwrap().wake(&topic(), TOKEN).await;
    assert!(matches!(outcome, Outcome::Misconfigured(_)), "{outcome}");
    assert!(outcome.to_string().contains("invalid peer certificate"), "{outcome}");
    assert_eq!(stranger.count(), 0);
}

/// A server that speaks TLS 1.3 judges the certificate after the handshake, one that speaks TLS 1.2 in it.
#[tokio::test]
async fn a_certificate_that_the_server_refuses_is_a_fault_of_ours() {
    let office = Office::open();
    let issued = Authority::named("Other", "G9").issue(TOPIC, "A1B2C3D4E5");
    let certificate = issued.certificate_pem();
    let elsewhere = ClientCertificate::from_signing_key(&topic(), certificate.as_bytes(), office::remote_key(&issued));
    for client in [office::certificate_of(&issued).unwrap(), elsewhere.unwrap()] {
        let outcome = office.client_with(client).wake(&topic(), TOKEN).await;
        assert!(matches!(outcome, Outcome::Misconfigured(_)), "{outcome}");
        assert!(outcome.to_string().contains("not revoked"), "{outcome}");
    }
    assert_eq!(office.apns.count(), 0);
}

#[tokio::test]
async fn a_certificate_that_expires_meanwhile_pushes_no_more() {
    let (office, time) = (Office::open(), ManualTime::at("2050-01-01T00:00:00Z".parse().unwrap()));
    let outcome = office.client().with_clock(Arc::new(time)).wake(&topic(), TOKEN).await;
    assert!(outcome.to_string().contains("expired on 2045-01-01"), "{outcome}");
    assert_eq!(office.apns.count(), 0);
}

#[tokio::test]
async fn a_certificate_wakes_for_its_own_pass_type_only() {
    let office = Office::open();
    let other = "pass.org.example.cinema".parse().unwrap();
    let outcome = office.client().wake(&other, TOKEN).await;
    let Outcome::Misconfigured(Misconfiguration { status: None, reason, .. }) = outcome else { panic!("{outcome}") };
    assert_eq!(reason, "the certificate is for pass.org.example.library");
    assert_eq!(office.apns.count(), 0);
}

#[test]
fn certificates_that_cannot_push_are_refused() {
    let authority = Authority::new();
    let day = |text: &str| format!("{text}T00:00:00Z").parse().unwrap();
    let issue = |leaf: Leaf| office::certificate_of(&authority.issue_leaf(&leaf));
    let leaf = || Leaf::new(TOPIC, "A1B2C3D4E5");

    let expired = issue(Leaf { not_after: day("2026-01-01"), ..leaf() }).unwrap_err();
    assert!(matches!(expired, Error::Expired { on } if on == day("2026-01-01")), "{expired}");
    let early = issue(Leaf { not_before: day("2044-01-01"), ..leaf() }).unwrap_err();
    assert!(matches!(early, Error::NotYetValid { .. }), "{early}");
    let other = issue(Leaf::new("pass.org.example.cinema", "A1B2C3D4E5")).unwrap_err();
    assert!(
        matches!(&other, Error::PassType { found: Some(found), .. } if found == "pass.org.example.cinema"),
        "{other}"
    );
    let none = issue(Leaf { uid: None, ..leaf() }).unwrap_err();
    assert!(matches!(none, Error::PassType { found: None, .. }), "{none}");

    let (one, two) = (authority.issue_leaf(&leaf()), authority.issue_leaf(&leaf()));
    let (certificate, key) = (one.certificate_pem(), two.key_pem());
    let from_pem = |certificate: &str, key: &str| {
        ClientCertificate::from_pem(&topic(), certificate.as_bytes(), key.as_bytes(), None)
    };
    assert!(matches!(from_pem(&certificate, key.expose()).unwrap_err(), Error::KeyMismatch));
    assert!(matches!(from_pem(&certificate, "").unwrap_err(), Error::KeyUnreadable { .. }));
    assert!(
        matches!(from_pem(&certificate, &certificate).unwrap_err(), Error::KeyUnreadable { .. }),
        "a certificate without its key"
    );
    assert!(matches!(from_pem("", key.expose()).unwrap_err(), Error::CertificateUnreadable { .. }));
    assert!(matches!(
        from_pem("-----BEGIN NONSENSE-----", key.expose()).unwrap_err(),
        Error::CertificateUnreadable { .. }
    ));
    let encrypted = two.key_pem_encrypted();
    let two_pem = two.certificate_pem();
    assert!(matches!(from_pem(&two_pem, encrypted.expose()).unwrap_err(), Error::KeyUnreadable { .. }));
    ClientCertificate::from_pem(&topic(), two_pem.as_bytes(), encrypted.expose().as_bytes(), Some(two.passphrase()))
        .unwrap();
    let remote = ClientCertificate::from_signing_key(&topic(), certificate.as_bytes(), office::remote_key(&two));
    assert!(matches!(remote.unwrap_err(), Error::KeyMismatch));
}

#[test]
fn provider_keys_that_are_none_are_refused() {
    let (team, office) = (ProviderKey::TEAM.parse().unwrap(), Office::open());
    let p8 = office.apns.provider_key().p8();
    let rsa = office.authority.issue(TOPIC, "A1B2C3D4E5").key_pem();
    let from_p8 = |p8: &str, id: &str| ProviderToken::from_p8(p8.as_bytes(), id, &team);
    assert!(matches!(from_p8(rsa.expose(), ProviderKey::ID).unwrap_err(), Error::ProviderKey));
    assert!(matches!(from_p8("", ProviderKey::ID).unwrap_err(), Error::KeyUnreadable { .. }));
    assert!(matches!(from_p8(p8.expose(), "k1").unwrap_err(), Error::ProviderId { .. }));
    assert!(from_p8(p8.expose(), ProviderKey::ID).is_ok());
    let swapped = from_p8(ProviderKey::ID, p8.expose()).unwrap_err();
    assert!(!format!("{swapped} {swapped:?}").contains(p8.expose().lines().nth(1).unwrap()), "{swapped}");
}

#[test]
fn addresses_that_are_none_are_refused() {
    let office = Office::open();
    for address in [
        "http://127.0.0.1/",
        "https://127.0.0.1/3/device/",
        "https://127.0.0.1/?secret=1",
        "unix:/run/apns",
        "https://user:secret@127.0.0.1/",
        "https://:secret@127.0.0.1/",
    ] {
        let error = office.client().with_server(&address.parse().unwrap()).unwrap_err();
        assert!(matches!(&error, Error::Server { .. }), "{error}");
        assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
    }
    assert!(matches!(office.client().with_roots(b"").unwrap_err(), Error::RootsUnreadable));
    assert!(matches!(
        office.client().with_roots(b"-----BEGIN CERTIFICATE-----\n").unwrap_err(),
        Error::RootsUnreadable
    ));
}

/// A token is kept for fifty minutes; one that the server finds too old is made again, but not too often.
#[tokio::test]
async fn provider_tokens_are_made_again_in_time() {
    let time = ManualTime::at("2027-01-01T00:00:00Z".parse().unwrap());
    let office = Office::open_at(time.clone());
    let client = office.client_with(office.provider_token()).with_clock(Arc::new(time.clone()));
    for minutes in [0, 49, 2, 60] {
        time.advance(TimeDelta::minutes(minutes));
        assert!(client.wake(&topic(), TOKEN).await.is_delivered(), "after {minutes} minutes more");
    }
    let pushes = office.apns.pushes();
    let tokens: Vec<_> = pushes.iter().map(|push| push.headers["authorization"].clone()).collect();
    assert_eq!(tokens[0], tokens[1]);
    assert_ne!(tokens[1], tokens[2]);
    assert_ne!(tokens[2], tokens[3]);

    office.apns.answer(TOKEN, ApnsAnswer::refusal(403, "ExpiredProviderToken"));
    let outcome = client.wake(&topic(), TOKEN).await;
    assert!(outcome.to_string().contains("set the clock"), "{outcome}");
    assert_eq!(office.apns.count(), 5, "a token of this minute is not made again");
    time.advance(TimeDelta::minutes(21));
    let _ = client.wake(&topic(), TOKEN).await;
    assert_eq!(office.apns.count(), 7, "one of twenty minutes is, once");
}
