//! What Google tells of saved and deleted passes, signed by keys of our own.
#![expect(clippy::expect_used, reason = "a test tool: what fails here fails the test")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{Request, Response};
use openssl::base64::encode_block;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::sign::Signer;
use serde_json::{Map, Value, json};
use walletpass_core::port::{HttpClient, HttpError};

/// Signs callbacks as Google does (ECv2SigningOnly), with keys that Google never heard of.
///
/// ```
/// use walletpass_testkit::CallbackAuthority;
///
/// let google = CallbackAuthority::new();
/// let now = "2027-01-01T00:00:00Z".parse()?;
/// let body = google.callback("3388000000000000001", now).member("eventType", "del").body();
/// assert!(body.starts_with(b"{"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct CallbackAuthority {
    root: PKey<Private>,
    intermediate: PKey<Private>,
}

impl CallbackAuthority {
    /// Makes an authority with keys of its own.
    ///
    /// # Panics
    ///
    /// When OpenSSL cannot make a key.
    #[expect(clippy::new_without_default, reason = "each one differs from the others")]
    pub fn new() -> Self {
        Self { root: p256(), intermediate: p256() }
    }

    /// Gives one entry of the key document: the root key, good until an instant.
    ///
    /// # Panics
    ///
    /// When OpenSSL cannot write the key.
    pub fn key_entry(&self, expires: DateTime<Utc>) -> Value {
        json!({
            "keyValue": spki(&self.root),
            "protocolVersion": PROTOCOL,
            "keyExpiration": expires.timestamp_millis().to_string(),
        })
    }

    /// Begins a callback: the first pass of an issuer was saved, a minute ago, and the message is good for an hour.
    ///
    /// # Panics
    ///
    /// When OpenSSL has no random bytes.
    pub fn callback(&self, issuer: &str, now: DateTime<Utc>) -> CallbackDraft<'_> {
        let mut random = [0; 16];
        openssl::rand::rand_bytes(&mut random).expect("OpenSSL gives random bytes");
        let nonce: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let message = json!({
            "classId": format!("{issuer}.walletpass.class"),
            "objectId": format!("{issuer}.walletpass.object-1"),
            "eventType": "save",
            "expTimeMillis": (now + TimeDelta::hours(1)).timestamp_millis(),
            "count": 1,
            "nonce": nonce,
        });
        let key = json!({
            "keyValue": spki(&self.intermediate),
            "keyExpiration": (now + TimeDelta::days(7)).timestamp_millis().to_string(),
        });
        CallbackDraft {
            authority: self,
            root: &self.root,
            senders: [SENDER.to_owned(), SENDER.to_owned()],
            recipient: issuer.to_owned(),
            protocol: PROTOCOL.to_owned(),
            message: object(message),
            key: object(key),
        }
    }
}

/// Shows nothing: it holds private keys.
impl std::fmt::Debug for CallbackAuthority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CallbackAuthority(…)")
    }
}

/// A callback before it is signed. Each setter leaves the signatures right for what was set, so that a test breaks one rule
/// at a time; what is to be broken after signing is changed in the JSON of [`body`](CallbackDraft::body).
#[derive(Clone, Debug)]
#[must_use]
pub struct CallbackDraft<'a> {
    authority: &'a CallbackAuthority,
    root: &'a PKey<Private>,
    /// Of the key, and of the message.
    senders: [String; 2],
    recipient: String,
    protocol: String,
    message: Map<String, Value>,
    key: Map<String, Value>,
}

impl<'a> CallbackDraft<'a> {
    /// Sets a member of the message: `eventType`, `objectId`, `expTimeMillis`. Null takes it out.
    pub fn member(mut self, key: &str, value: impl Into<Value>) -> Self {
        put(&mut self.message, key, value.into());
        self
    }

    /// Sets a member of the signing key: `keyExpiration`, `keyValue`. Null takes it out.
    pub fn key_member(mut self, key: &str, value: impl Into<Value>) -> Self {
        put(&mut self.key, key, value.into());
        self
    }

    /// Signs the key for another sender than `GooglePayPasses`.
    pub fn key_sender(mut self, sender: &str) -> Self {
        self.senders = [sender.to_owned(), self.senders[1].clone()];
        self
    }

    /// Signs the message for another sender than `GooglePayPasses`.
    pub fn sender(mut self, sender: &str) -> Self {
        self.senders = [self.senders[0].clone(), sender.to_owned()];
        self
    }

    /// Signs the message for another recipient than the issuer.
    pub fn recipient(mut self, recipient: &str) -> Self {
        self.recipient = recipient.to_owned();
        self
    }

    /// Writes and signs another protocol than `ECv2SigningOnly`.
    pub fn protocol(mut self, protocol: &str) -> Self {
        self.protocol = protocol.to_owned();
        self
    }

    /// Signs the key with the root of another authority.
    pub fn root_of(mut self, other: &'a CallbackAuthority) -> Self {
        self.root = &other.root;
        self
    }

    /// Gives the body as Google posts it: signed, and with `=` in the signed texts written as `\u003d`.
    ///
    /// # Panics
    ///
    /// When OpenSSL cannot sign.
    pub fn body(&self) -> Vec<u8> {
        self.json().to_string().into_bytes()
    }

    /// Gives the body as JSON, to break it.
    ///
    /// # Panics
    ///
    /// When OpenSSL cannot sign.
    pub fn json(&self) -> Value {
        let [key_sender, sender] = &self.senders;
        let write = |members: &Map<String, Value>| Value::from(members.clone()).to_string().replace('=', "\\u003d");
        let (key, message) = (write(&self.key), write(&self.message));
        let signed_key = joined(&[key_sender, &self.protocol, &key]);
        let signed_message = joined(&[sender, &self.recipient, &self.protocol, &message]);
        json!({
            "signature": sign(&self.authority.intermediate, &signed_message),
            "intermediateSigningKey": { "signedKey": key, "signatures": [sign(self.root, &signed_key)] },
            "protocolVersion": self.protocol,
            "signedMessage": message,
        })
    }
}

/// Answers as Google's key address does, without a network, and counts how often it is asked.
#[derive(Debug)]
pub struct KeyServer {
    answer: Mutex<Option<Response<Bytes>>>,
    asked: AtomicUsize,
}

impl KeyServer {
    /// Answers with the key of an authority, good until the year 2100, and fresh for an hour.
    pub fn new(authority: &CallbackAuthority) -> Self {
        let server = Self { answer: Mutex::default(), asked: AtomicUsize::new(0) };
        server.publish(&[authority.key_entry(DateTime::from_timestamp(4_102_444_800, 0).unwrap_or_default())]);
        server
    }

    /// Answers with these keys from now on.
    pub fn publish(&self, keys: &[Value]) {
        let mut answer = Response::new(Bytes::from(json!({ "keys": keys }).to_string()));
        let headers = answer.headers_mut();
        headers.insert(http::header::CACHE_CONTROL, http::HeaderValue::from_static("public, max-age=3600"));
        self.answer(answer);
    }

    /// Answers with this from now on.
    pub fn answer(&self, answer: Response<Bytes>) {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
    }

    /// Answers nothing from now on, as if the network were down.
    pub fn fail(&self) {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Says how often it was asked.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl HttpClient for KeyServer {
    async fn send(&self, _: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let answer = self.answer.lock().unwrap_or_else(PoisonError::into_inner).clone();
        answer.ok_or_else(|| HttpError::new("the key server is down"))
    }
}

fn p256() -> PKey<Private> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).expect("OpenSSL knows P-256");
    EcKey::generate(&group).and_then(PKey::from_ec_key).expect("OpenSSL makes keys on P-256")
}

/// Writes the public half in base64.
fn spki(key: &PKey<Private>) -> String {
    encode_block(&key.public_key_to_der().expect("OpenSSL writes its own keys"))
}

fn sign(key: &PKey<Private>, message: &[u8]) -> String {
    let signer = Signer::new(MessageDigest::sha256(), key);
    let signature = signer.and_then(|mut signer| signer.sign_oneshot_to_vec(message));
    encode_block(&signature.expect("OpenSSL signs"))
}

/// Joins texts as they are signed: before each its length in bytes, four of them, the least first.
fn joined(texts: &[&str]) -> Vec<u8> {
    let length = |text: &str| u32::try_from(text.len()).expect("a short text").to_le_bytes();
    texts.iter().flat_map(|text| [&length(text), text.as_bytes()].concat()).collect()
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

fn put(members: &mut Map<String, Value>, key: &str, value: Value) {
    if value.is_null() {
        members.remove(key);
    } else {
        members.insert(key.to_owned(), value);
    }
}

const SENDER: &str = "GooglePayPasses";
const PROTOCOL: &str = "ECv2SigningOnly";
