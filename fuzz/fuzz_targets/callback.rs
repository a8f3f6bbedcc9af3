//! Any bytes are a callback of Google's or are refused; what differs from a signed one by a single bit is refused.
#![no_main]

use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use libfuzzer_sys::fuzz_target;
use walletpass_google::{Callback, CallbackError, Callbacks, NonceError, NonceStore};
use walletpass_testkit::{CallbackAuthority, KeyServer};

fuzz_target!(|bytes: &[u8]| {
    let scene = &*SCENE;
    check(&scene.callbacks, bytes);
    // The signed one, with the bytes laid over it at a place that they name.
    if let [high, low, over @ ..] = bytes {
        let mut body = scene.body.clone();
        let at = usize::from(u16::from_be_bytes([*high, *low])) % body.len();
        body.iter_mut().skip(at).zip(over).for_each(|(byte, over)| *byte ^= over);
        if body != scene.body {
            check(&scene.callbacks, &body);
        }
    }
});

/// Nobody but the authority can make a callback, so whatever comes here is refused.
fn check(callbacks: &Callbacks, body: &[u8]) {
    match ready(callbacks.verify(body)) {
        // White space and escapes of JSON may differ without a word being another.
        Ok(callback) => assert_eq!(callback, SCENE.signed),
        Err(CallbackError::Refused(refusal)) => drop(refusal.to_string()),
        Err(error) => drop(error.to_string()),
    }
}

struct Scene {
    callbacks: Callbacks,
    body: Vec<u8>,
    /// What the body says.
    signed: Callback,
}

/// Takes every nonce for a new one, so that what verifies once does so again.
#[derive(Debug)]
struct AlwaysNew;

#[async_trait]
impl NonceStore for AlwaysNew {
    async fn claim(&self, _: &str, _: DateTime<Utc>, _: DateTime<Utc>) -> Result<bool, NonceError> {
        Ok(true)
    }

    async fn release(&self, _: &str) -> Result<(), NonceError> {
        Ok(())
    }
}

static SCENE: LazyLock<Scene> = LazyLock::new(|| {
    let now: DateTime<Utc> = DateTime::from_timestamp(1_798_761_600, 0).unwrap();
    let google = CallbackAuthority::new();
    let server = Arc::new(KeyServer::new(&google));
    let callbacks = Callbacks::new("3388000000000000001".parse().unwrap(), server).with_clock(Arc::new(now));
    let callbacks = callbacks.with_nonces(Arc::new(AlwaysNew));
    let draft = google.callback("3388000000000000001", now).member("objectId", "3388000000000000001.o");
    let body = draft.body();
    let signed = ready(callbacks.verify(&body)).expect("the authority signs");
    Scene { callbacks, body, signed }
});

/// Takes the outcome of a future that waits for nothing.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => outcome,
        Poll::Pending => panic!("nothing here waits"),
    }
}
