//! Callbacks: what is taken, what is refused, and how often Google is asked for its keys.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{Request, Response};
use serde_json::{Value, json};
use walletpass_core::port::{Clock, HttpClient, HttpError};
use walletpass_google::{
    Callback, CallbackError, CallbackEvent, Callbacks, MemoryNonces, NonceError, NonceStore, Refusal,
};
use walletpass_testkit::{CallbackAuthority, CallbackDraft, KeyServer};

const ISSUER: &str = "3388000000000000001";

/// A clock that the test sets.
#[derive(Debug)]
struct Hands(AtomicI64);

impl Hands {
    fn new() -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(1_798_761_600)))
    }

    fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for Hands {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.0.load(Ordering::SeqCst), 0).unwrap()
    }
}

/// Google, its key server, a clock, and a program that listens.
struct Scene {
    google: CallbackAuthority,
    server: Arc<KeyServer>,
    clock: Arc<Hands>,
    callbacks: Callbacks,
}

impl Scene {
    fn new() -> Self {
        let google = CallbackAuthority::new();
        let (server, clock) = (Arc::new(KeyServer::new(&google)), Hands::new());
        let callbacks = Callbacks::new(ISSUER.parse().unwrap(), server.clone()).with_clock(clock.clone());
        Self { google, server, clock, callbacks }
    }

    fn draft(&self) -> CallbackDraft<'_> {
        self.google.callback(ISSUER, self.clock.now())
    }

    fn verify(&self, body: &[u8]) -> Result<Callback, CallbackError> {
        ready(self.callbacks.verify(body))
    }

    /// As [`refusal`](Self::refusal), where keys were asked for a moment ago: of a key that is unknown then it is not said that it is
    /// forged.
    fn not_taken(&self, body: &[u8]) -> Option<Refusal> {
        match self.verify(body) {
            Err(CallbackError::Refused(refusal)) => Some(refusal),
            Err(CallbackError::Unavailable(_)) => Some(Refusal::KeyForged),
            _ => None,
        }
    }

    fn refusal(&self, body: &[u8]) -> Option<Refusal> {
        match self.verify(body) {
            Err(CallbackError::Refused(refusal)) => Some(refusal),
            _ => None,
        }
    }
}

/// Takes the outcome of a future that waits for nothing.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => outcome,
        Poll::Pending => panic!("nothing here waits"),
    }
}

#[test]
fn what_google_signs_is_taken() {
    let scene = Scene::new();
    let draft = scene.draft().member("nonce", "5c4f1f6e-8c8e-4d5e-9d8e-2f3a4b5c6d7e");
    let callback = scene.verify(&draft.body()).unwrap();
    assert_eq!(callback.class_id, format!("{ISSUER}.walletpass.class"));
    assert_eq!(callback.object_id, format!("{ISSUER}.walletpass.object-1"));
    assert_eq!(callback.event, CallbackEvent::Saved);
    assert_eq!(callback.nonce, "5c4f1f6e-8c8e-4d5e-9d8e-2f3a4b5c6d7e");
    assert_eq!(callback.expires, scene.clock.now() + TimeDelta::hours(1));

    for (word, event) in [("del", CallbackEvent::Deleted), ("Del", CallbackEvent::Unknown("Del".to_owned()))] {
        assert_eq!(scene.verify(&scene.draft().member("eventType", word).body()).unwrap().event, event);
    }
    // Lengths count bytes, not letters.
    let object = format!("{ISSUER}.Müller-席-🎫");
    assert_eq!(scene.verify(&scene.draft().member("objectId", object.clone()).body()).unwrap().object_id, object);
    // Instants may be numbers or strings; members may be added.
    let expires = (scene.clock.now() + TimeDelta::hours(1)).timestamp_millis();
    let draft = scene.draft().member("expTimeMillis", expires.to_string()).member("new", json!({ "a": [1] }));
    let mut json = draft.key_member("keyExpiration", expires).key_member("new", true).json();
    json["new"] = json!(null);
    json["intermediateSigningKey"]["new"] = json!(1);
    assert!(scene.verify(json.to_string().as_bytes()).is_ok());
    // One good signature of the key among bad ones.
    let mut json = scene.draft().json();
    let signatures = json["intermediateSigningKey"]["signatures"].as_array_mut().unwrap();
    let other = scene.draft().root_of(&CallbackAuthority::new()).json();
    signatures.insert(0, other["intermediateSigningKey"]["signatures"][0].clone());
    signatures.insert(0, json!("!"));
    signatures.push(json!(5));
    assert!(scene.verify(json.to_string().as_bytes()).is_ok());
    assert_eq!(scene.server.asked(), 1, "the keys are kept");
}

/// Each case breaks one rule; what is signed is signed right.
#[test]
fn what_is_not_signed_for_us_and_now_is_refused() {
    let scene = Scene::new();
    let other = CallbackAuthority::new();
    let now = scene.clock.now();
    let draft = || scene.draft();
    for (what, draft, refusal) in [
        ("Tink's sender", draft().sender("Google"), Refusal::MessageForged),
        ("the sender of a wrong page", draft().sender("GoogleWalletPasses"), Refusal::MessageForged),
        ("a key for another sender", draft().key_sender("Google"), Refusal::KeyForged),
        ("the recipient of Google Pay", draft().recipient(&format!("merchant:{ISSUER}")), Refusal::MessageForged),
        ("a recipient that begins alike", draft().recipient(&format!("{ISSUER}0")), Refusal::MessageForged),
        ("no recipient", draft().recipient(""), Refusal::MessageForged),
        ("another root", draft().root_of(&other), Refusal::KeyForged),
        (
            "another protocol",
            draft().protocol("ECv2"),
            Refusal::Malformed("its `protocolVersion` is not `ECv2SigningOnly`"),
        ),
        ("an expired message", draft().member("expTimeMillis", now.timestamp_millis()), Refusal::Expired),
        (
            "an expired key",
            draft().key_member("keyExpiration", now.timestamp_millis().to_string()),
            Refusal::KeyExpired,
        ),
        ("a class of another issuer", draft().member("classId", "3388000000000000002.c"), Refusal::OtherIssuer),
        ("an object of another issuer", draft().member("objectId", "3388000000000000002.o"), Refusal::OtherIssuer),
        ("an object that begins alike", draft().member("objectId", format!("{ISSUER}0.o")), Refusal::OtherIssuer),
        ("no suffix", draft().member("objectId", ISSUER), Refusal::OtherIssuer),
    ] {
        assert_eq!(scene.not_taken(&draft.body()), Some(refusal), "{what}");
    }
    // Valid, but signed for another issuer altogether, as anyone with an issuer account can have one made.
    let foreign = scene.google.callback("3388000000000000002", now).body();
    assert_eq!(scene.not_taken(&foreign), Some(Refusal::MessageForged));

    for draft in [
        draft().key_member("keyExpiration", Value::Null),
        draft().key_member("keyExpiration", "soon"),
        draft().key_member("keyValue", "AAAA"),
        draft().key_member("keyValue", P384),
        draft().member("expTimeMillis", Value::Null),
        draft().member("expTimeMillis", 1.5),
        draft().member("expTimeMillis", "99999999999999999999"),
        draft().member("expTimeMillis", i64::MAX),
        draft().member("classId", Value::Null),
        draft().member("objectId", 5),
        draft().member("eventType", ""),
        draft().member("nonce", Value::Null),
        draft().member("nonce", "n".repeat(129)),
    ] {
        assert!(matches!(scene.not_taken(&draft.body()), Some(Refusal::Malformed(_))), "{draft:?}");
    }
    let error = scene.verify(&draft().root_of(&other).body()).unwrap_err();
    assert_eq!((error.status(), scene.server.asked()), (503, 1));
    scene.clock.pass(Callbacks::KEY_INTERVAL);
    let error = scene.verify(&draft().root_of(&other).body()).unwrap_err();
    assert_eq!((error.status(), scene.server.asked()), (400, 2));
}

#[test]
fn what_was_changed_after_signing_is_refused() {
    let scene = Scene::new();
    let good = scene.draft().json();
    let text = |pointer: &str| good.pointer(pointer).unwrap().as_str().unwrap().to_owned();
    let (key, signature) = (text("/intermediateSigningKey/signedKey"), text("/signature"));
    let message = text("/signedMessage");
    let rewritten = |text: &str| serde_json::from_str::<Value>(text).unwrap().to_string();
    assert_ne!(rewritten(&key), key, "the fixture has an `=` that is written as an escape");
    let another = scene.draft().json();
    for (pointer, value, refusal) in [
        ("/signedMessage", json!(message.replace("save", "del")), Some(Refusal::MessageForged)),
        ("/signedMessage", another["signedMessage"].clone(), Some(Refusal::MessageForged)),
        ("/signature", another["signature"].clone(), Some(Refusal::MessageForged)),
        ("/signature", json!(""), Some(Refusal::MessageForged)),
        ("/signature", json!("AAAA"), Some(Refusal::MessageForged)),
        // 64 bytes as JOSE has them, not DER.
        ("/signature", json!(format!("{}==", "A".repeat(86))), Some(Refusal::MessageForged)),
        ("/intermediateSigningKey/signedKey", json!(rewritten(&key)), Some(Refusal::KeyForged)),
        ("/intermediateSigningKey/signedKey", json!(key.replace("keyExp", "keyexp")), Some(Refusal::KeyForged)),
        ("/intermediateSigningKey/signatures", json!([signature]), Some(Refusal::KeyForged)),
        ("/intermediateSigningKey/signatures", json!([]), Some(Refusal::KeyForged)),
        ("/intermediateSigningKey/signatures", json!([null, 5, {}]), Some(Refusal::KeyForged)),
        ("/intermediateSigningKey/signatures", json!(vec![signature.clone(); 9]), None),
        ("/intermediateSigningKey/signatures", json!(signature), None),
        ("/intermediateSigningKey", json!([]), None),
        ("/intermediateSigningKey", json!("x"), None),
        ("/intermediateSigningKey/signedKey", json!(5), None),
        ("/signature", json!(null), None),
        ("/signature", json!("!"), None),
        ("/signedMessage", json!({}), None),
        ("/protocolVersion", json!(2), None),
        ("/protocolVersion", json!("ecv2signingonly"), None),
        ("", json!([good]), None),
        ("", json!(5), None),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).unwrap() = value;
        let found = scene.not_taken(bad.to_string().as_bytes());
        match refusal {
            Some(refusal) => assert_eq!(found, Some(refusal), "{bad}"),
            None => assert!(matches!(found, Some(Refusal::Malformed(_))), "{bad} {found:?}"),
        }
    }
    // The alphabet of base64 in addresses is another one.
    let mut draft = scene.draft();
    let signature = loop {
        let json = draft.json();
        let signature = json["signature"].as_str().unwrap();
        if signature.contains(['+', '/']) {
            break json;
        }
        draft = scene.draft();
    };
    let address_safe = signature["signature"].as_str().unwrap().replace('+', "-").replace('/', "_");
    let mut bad = signature.clone();
    bad["signature"] = address_safe.into();
    assert!(matches!(scene.not_taken(bad.to_string().as_bytes()), Some(Refusal::Malformed(_))));
    assert!(scene.verify(signature.to_string().as_bytes()).is_ok());

    for members in ["signature", "signedMessage", "protocolVersion", "intermediateSigningKey"] {
        let mut bad = good.clone();
        bad.as_object_mut().unwrap().remove(members);
        assert!(matches!(scene.not_taken(bad.to_string().as_bytes()), Some(Refusal::Malformed(_))), "{members}");
    }
    let long = format!("{}{}", " ".repeat(Callbacks::MAX_BODY), good);
    assert_eq!(scene.not_taken(long.as_bytes()), Some(Refusal::TooLong));
    assert!(scene.verify(good.to_string().as_bytes()).is_ok(), "and none of these has used the nonce up");
}

#[test]
fn a_callback_of_which_any_bit_was_flipped_is_refused() {
    let scene = Scene::new();
    let body = scene.draft().body();
    assert!(body.len() > 600);
    for index in 0..body.len() {
        for flip in [1, 2, 4, 8, 16, 32, 64, 128, 255] {
            let mut bad = body.clone();
            bad[index] ^= flip;
            assert!(scene.not_taken(&bad).is_some(), "byte {index} ^ {flip}: {}", String::from_utf8_lossy(&bad));
        }
    }
    for length in 0..body.len() {
        assert!(scene.not_taken(&body[..length]).is_some());
    }
    assert!(scene.verify(&body).is_ok());
    assert_eq!(scene.server.asked(), 1, "rubbish makes nobody ask for keys");
}

/// Pieces of a good body cut, doubled and exchanged, in an order that a small generator gives: nothing panics, and nothing
/// but the signed facts is ever told.
#[test]
fn no_bytes_are_too_odd() {
    let scene = Scene::new();
    let body = scene.draft().body();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    let mut taken = 0;
    for _ in 0..20_000 {
        let mut bad = body.clone();
        for _ in 0..=random(4) {
            let (from, to) = (random(bad.len() + 1), random(bad.len() + 1));
            let piece = bad[from.min(to)..from.max(to)].to_vec();
            match random(5) {
                0 => drop(bad.splice(from..from, b"{}[]:,\"\\u00".iter().copied().take(random(11)))),
                1 => drop(bad.splice(from..from, piece)),
                2 => drop(bad.drain(from.min(to)..from.max(to))),
                3 => bad.extend(piece),
                _ => bad.iter_mut().skip(from).take(random(3)).for_each(|byte| *byte = byte.wrapping_mul(31)),
            }
        }
        if let Ok(callback) = scene.verify(&bad) {
            assert_eq!(callback.object_id, format!("{ISSUER}.walletpass.object-1"));
            taken += 1;
        }
    }
    assert!(taken <= 1, "one nonce, one callback");
}

#[test]
fn a_callback_is_taken_once() {
    let scene = Scene::new();
    let body = scene.draft().body();
    let callback = scene.verify(&body).unwrap();
    let error = scene.verify(&body).unwrap_err();
    assert!(matches!(error, CallbackError::Replayed) && error.status() == 200);
    // The same nonce in another message is a replay too; another nonce is not.
    let again = scene.draft().member("nonce", callback.nonce.clone()).body();
    assert!(matches!(scene.verify(&again), Err(CallbackError::Replayed)));
    assert!(scene.verify(&scene.draft().body()).is_ok());
    // When the host's own work failed, Google's next try is taken.
    ready(scene.callbacks.release(&callback)).unwrap();
    assert!(scene.verify(&body).is_ok());
    // Later it has expired, and its nonce need not be known.
    scene.clock.pass(3600);
    assert_eq!(scene.refusal(&body), Some(Refusal::Expired));
}

#[derive(Debug)]
struct Broken;

#[async_trait]
impl NonceStore for Broken {
    async fn claim(&self, _: &str, _: DateTime<Utc>, _: DateTime<Utc>) -> Result<bool, NonceError> {
        Err(NonceError::new("the table is gone"))
    }

    async fn release(&self, _: &str) -> Result<(), NonceError> {
        Err(NonceError::new("the table is gone"))
    }
}

#[test]
fn the_store_of_nonces_is_the_hosts() {
    let scene = Scene::new();
    let callbacks = || Callbacks::new(ISSUER.parse().unwrap(), scene.server.clone()).with_clock(scene.clock.clone());
    let shared = Arc::new(MemoryNonces::with_capacity(10));
    let (one, two) = (callbacks().with_nonces(shared.clone()), callbacks().with_nonces(shared));
    let body = scene.draft().body();
    assert!(ready(one.verify(&body)).is_ok());
    assert!(matches!(ready(two.verify(&body)), Err(CallbackError::Replayed)));

    let error = ready(callbacks().with_nonces(Arc::new(Broken)).verify(&body)).unwrap_err();
    assert_eq!(error.status(), 503);
    let cause = std::error::Error::source(&error).and_then(std::error::Error::source).unwrap();
    assert_eq!(cause.to_string(), "the table is gone");
}

#[test]
fn keys_are_asked_for_when_they_are_stale() {
    let scene = Scene::new();
    for (seconds, asked) in [(0, 1), (3599, 1), (1, 2), (3599, 2)] {
        scene.clock.pass(seconds);
        assert!(scene.verify(&scene.draft().body()).is_ok());
        assert_eq!(scene.server.asked(), asked);
    }
}

#[test]
fn a_new_key_is_learnt_and_an_old_one_forgotten() {
    let scene = Scene::new();
    assert!(scene.verify(&scene.draft().body()).is_ok());
    let later = scene.clock.now() + TimeDelta::days(30);
    let new = CallbackAuthority::new();
    scene.server.publish(&[scene.google.key_entry(later), new.key_entry(later)]);
    let signed_by_new = || new.callback(ISSUER, scene.clock.now()).body();
    // Not a minute has passed since the last question.
    assert_eq!(scene.verify(&signed_by_new()).unwrap_err().status(), 503, "it may be good, so Google is to come again");
    assert_eq!(scene.server.asked(), 1);
    scene.clock.pass(Callbacks::KEY_INTERVAL);
    assert!(scene.verify(&signed_by_new()).is_ok(), "long before the old answer is stale");
    assert!(scene.verify(&scene.draft().body()).is_ok(), "both are good");
    assert_eq!(scene.server.asked(), 2);

    scene.server.publish(&[new.key_entry(later)]);
    scene.clock.pass(3600);
    assert!(scene.verify(&signed_by_new()).is_ok());
    scene.clock.pass(Callbacks::KEY_INTERVAL);
    assert_eq!(scene.refusal(&scene.draft().body()), Some(Refusal::KeyForged));
}

#[test]
fn a_new_key_is_learnt_after_the_clock_was_set_back() {
    let scene = Scene::new();
    assert!(scene.verify(&scene.draft().body()).is_ok());
    scene.clock.pass(-600);
    let new = CallbackAuthority::new();
    scene.server.publish(&[new.key_entry(scene.clock.now() + TimeDelta::days(30))]);
    assert!(scene.verify(&new.callback(ISSUER, scene.clock.now()).body()).is_ok());
    assert_eq!(scene.server.asked(), 2);
}

#[test]
fn rubbish_makes_us_ask_once_a_minute_at_most() {
    let scene = Scene::new();
    let other = CallbackAuthority::new();
    for _ in 0..100 {
        scene.clock.pass(6);
        let forged = other.callback(ISSUER, scene.clock.now()).body();
        let asked = scene.server.asked();
        let status = scene.verify(&forged).unwrap_err().status();
        // Whoever made us ask for keys hears that his is none of them.
        assert!(status == 503 || (status == 400 && scene.server.asked() > asked), "{status}");
    }
    assert_eq!(scene.server.asked(), 10);
    // What has not the form of a callback makes us ask nothing at all.
    let fresh = Scene::new();
    assert!(fresh.refusal(b"{}").is_some() && fresh.refusal(b"\xff").is_some());
    assert_eq!(fresh.server.asked(), 0);
}

#[test]
fn a_root_key_ends_at_its_time() {
    let scene = Scene::new();
    let end = scene.clock.now() + TimeDelta::seconds(90);
    scene.server.publish(&[scene.google.key_entry(end)]);
    assert!(scene.verify(&scene.draft().body()).is_ok());
    scene.clock.pass(89);
    assert!(scene.verify(&scene.draft().body()).is_ok());
    scene.clock.pass(1);
    let error = scene.verify(&scene.draft().body()).unwrap_err();
    assert_eq!(error.status(), 503, "the keys that are published are of no use: {error:?}");
    assert_eq!(scene.server.asked(), 2);
}

#[test]
fn keys_that_are_not_for_callbacks_are_left_alone() {
    let later = DateTime::from_timestamp(1_900_000_000, 0).unwrap();
    let with = |key: &'static str, value: Value| {
        move |mut entry: Value| {
            entry[key] = value.clone();
            entry
        }
    };
    let breaks: [Box<dyn Fn(Value) -> Value>; 8] = [
        Box::new(with("protocolVersion", json!("ECv2"))),
        Box::new(with("protocolVersion", json!(null))),
        Box::new(with("keyExpiration", json!(null))),
        Box::new(with("keyExpiration", json!("1798761600000"))),
        Box::new(with("keyValue", json!("AAAA"))),
        Box::new(with("keyValue", json!(P384))),
        Box::new(with("keyValue", json!({}))),
        Box::new(|_| json!("x")),
    ];
    for broken in breaks {
        let scene = Scene::new();
        scene.server.publish(&[broken(scene.google.key_entry(later))]);
        assert_eq!(scene.verify(&scene.draft().body()).unwrap_err().status(), 503);
        // Beside a good one they do no harm.
        let scene = Scene::new();
        let entry = scene.google.key_entry(later);
        scene.server.publish(&[broken(entry.clone()), entry]);
        assert!(scene.verify(&scene.draft().body()).is_ok());
    }
}

#[test]
fn without_keys_the_answer_is_to_come_again() {
    let answer = |status: u16, body: &'static [u8]| {
        let mut answer = Response::new(Bytes::from_static(body));
        *answer.status_mut() = status.try_into().unwrap();
        answer
    };
    let long: &'static [u8] = vec![b' '; 70_000].leak();
    for broken in [
        answer(200, b""),
        answer(200, b"<html>"),
        answer(200, b"[]"),
        answer(200, b"{\"keys\":{}}"),
        answer(200, b"{\"keys\":[]}"),
        answer(200, long),
        answer(302, b"{}"),
        answer(500, b"{}"),
    ] {
        let scene = Scene::new();
        scene.server.answer(broken);
        assert_eq!(scene.verify(&scene.draft().body()).unwrap_err().status(), 503);
    }

    let scene = Scene::new();
    scene.server.fail();
    for _ in 0..20 {
        scene.clock.pass(3);
        let error = scene.verify(&scene.draft().body()).unwrap_err();
        assert_eq!(error.status(), 503);
        let mut cause: &dyn std::error::Error = &error;
        while let Some(next) = cause.source() {
            cause = next;
        }
        assert_eq!(cause.to_string(), "the key server is down");
    }
    assert_eq!(scene.server.asked(), 1);
    scene.server.publish(&[scene.google.key_entry(scene.clock.now() + TimeDelta::days(3))]);
    scene.clock.pass(3);
    assert!(scene.verify(&scene.draft().body()).is_ok());
    // Down once more: the keys that are known serve until they end, asked for once a minute.
    scene.server.fail();
    scene.clock.pass(4000);
    assert!(scene.verify(&scene.draft().body()).is_ok() && scene.verify(&scene.draft().body()).is_ok());
    assert_eq!(scene.server.asked(), 3);
    scene.clock.pass(3 * 24 * 3600);
    assert_eq!(scene.verify(&scene.draft().body()).unwrap_err().status(), 503);
}

/// A key server that answers when it is told to.
#[derive(Debug)]
struct Slow {
    server: KeyServer,
    waiting: Mutex<Option<Waker>>,
    is_open: AtomicUsize,
}

#[async_trait]
impl HttpClient for Slow {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let answer = self.server.send(request).await;
        std::future::poll_fn(|context| {
            *self.waiting.lock().unwrap() = Some(context.waker().clone());
            if self.is_open.load(Ordering::SeqCst) == 0 { Poll::Pending } else { Poll::Ready(()) }
        })
        .await;
        answer
    }
}

#[derive(Default)]
struct Woken(AtomicUsize);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn many_wait_for_one_answer_and_the_first_may_hang_up() {
    let (google, clock) = (CallbackAuthority::new(), Hands::new());
    let slow = Slow { server: KeyServer::new(&google), waiting: Mutex::default(), is_open: AtomicUsize::new(0) };
    let slow = Arc::new(slow);
    let callbacks = Callbacks::new(ISSUER.parse().unwrap(), slow.clone()).with_clock(clock.clone());
    let bodies: Vec<Vec<u8>> = (0..50).map(|_| google.callback(ISSUER, clock.now()).body()).collect();
    let wakers: Vec<Arc<Woken>> = bodies.iter().map(|_| Arc::default()).collect();
    let mut calls: Vec<_> = bodies.iter().map(|body| Box::pin(callbacks.verify(body))).collect();
    for (call, woken) in calls.iter_mut().zip(&wakers) {
        let waker = Waker::from(woken.clone());
        assert!(call.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    }
    // The first caller, who began it, hangs up, and so does the last, who drove it last.
    calls.pop();
    drop(calls.remove(0));
    slow.is_open.store(1, Ordering::SeqCst);
    slow.waiting.lock().unwrap().take().unwrap().wake();
    assert!(wakers.iter().all(|woken| woken.0.load(Ordering::SeqCst) == 1), "all are told");
    for mut call in calls {
        let outcome = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(matches!(outcome, Poll::Ready(Ok(_))), "{outcome:?}");
    }
    assert_eq!(slow.server.asked(), 1);
}

#[test]
fn an_answer_that_nobody_waits_for_does_not_stay_in_the_way() {
    let (google, clock) = (CallbackAuthority::new(), Hands::new());
    let slow = Slow { server: KeyServer::new(&google), waiting: Mutex::default(), is_open: AtomicUsize::new(0) };
    let slow = Arc::new(slow);
    let callbacks = Callbacks::new(ISSUER.parse().unwrap(), slow.clone()).with_clock(clock.clone());
    for _ in 0..10 {
        let body = google.callback(ISSUER, clock.now()).body();
        let mut call = Box::pin(callbacks.verify(&body));
        assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        clock.pass(5);
    }
    assert_eq!(slow.server.asked(), 1, "hanging up again and again makes nobody ask");
    clock.pass(60);
    slow.is_open.store(1, Ordering::SeqCst);
    assert!(ready(callbacks.verify(&google.callback(ISSUER, clock.now()).body())).is_ok());
    assert_eq!(slow.server.asked(), 2);
}

#[test]
fn it_works_on_any_runtime() {
    fn is_send<T: Send>(_: &T) {}
    let scene = Scene::new();
    is_send(&scene.callbacks.verify(b""));
    is_send(&scene.callbacks);
}

#[test]
fn nothing_secret_is_shown() {
    let scene = Scene::new();
    let shown = format!("{:?}", scene.callbacks);
    assert!(shown.starts_with("Callbacks { issuer: ") && !shown.contains("key"), "{shown}");
}

/// A public key on P-384, by OpenSSL.
const P384: &str = "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEsvWh2KLDfFjY/3kM8neihvDbZLpqJVFhhf8R9cYil34lMc/k4e+tO7G5bPXfVWXayWb/MYIaIxNXCC4SYUjHX1ZvPrUkeUoWV9QCmnRu45xcwSsfaRseLo+GWyhem9ak";
