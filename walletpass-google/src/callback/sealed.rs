//! A callback as it comes over the wire, and what it takes to open it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use openssl::ec::EcKey;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Public};
use openssl::sign::Verifier;
use serde_json::{Map, Value};
use walletpass_core::IssuerId;

use super::error::Refusal;
use super::{Callback, CallbackEvent, Callbacks};

/// A callback that is not verified yet: two signed texts, of which nothing is read before its signature has been checked.
pub(super) struct Sealed {
    signed_key: String,
    key_signatures: Vec<Vec<u8>>,
    signed_message: String,
    signature: Vec<u8>,
}

impl Sealed {
    /// Takes a body apart. Members that are not known are left alone: none of them is used.
    pub(super) fn parse(body: &[u8]) -> Result<Self, Refusal> {
        if body.len() > Callbacks::MAX_BODY {
            return Err(Refusal::TooLong);
        }
        let body: Map<String, Value> =
            serde_json::from_slice(body).map_err(|_| Refusal::Malformed("it is no JSON object"))?;
        if body.get("protocolVersion").and_then(Value::as_str) != Some(PROTOCOL) {
            return Err(Refusal::Malformed("its `protocolVersion` is not `ECv2SigningOnly`"));
        }
        let key = body.get("intermediateSigningKey");
        let key = key.ok_or(Refusal::Malformed("it has no `intermediateSigningKey`"))?;
        let signatures = key.get("signatures").and_then(Value::as_array);
        let signatures = signatures.filter(|list| list.len() <= MOST_SIGNATURES);
        let signatures = signatures.ok_or(Refusal::Malformed("its `signatures` are no short array"))?;
        Ok(Self {
            signed_key: text(key.get("signedKey")).ok_or(Refusal::Malformed("it has no `signedKey`"))?,
            // One that is good is enough, so the others may be anything.
            key_signatures: signatures.iter().filter_map(|signature| bytes(Some(signature))).collect(),
            signed_message: text(body.get("signedMessage")).ok_or(Refusal::Malformed("it has no `signedMessage`"))?,
            signature: bytes(body.get("signature")).ok_or(Refusal::Malformed("its `signature` is no base64"))?,
        })
    }

    /// Says whether a key of Google signed the key that signed the message.
    pub(super) fn has_key_signed_by(&self, root: &PKey<Public>) -> bool {
        let signed = joined(&[SENDER, PROTOCOL, &self.signed_key]);
        self.key_signatures.iter().any(|signature| fits(root, signature, &signed))
    }

    /// Checks the rest and reads the message. The key must have been found to be Google's.
    pub(super) fn open(&self, issuer: &IssuerId, now: DateTime<Utc>) -> Result<Callback, Refusal> {
        let key: Map<String, Value> = serde_json::from_str(&self.signed_key)
            .map_err(|_| Refusal::Malformed("its `signedKey` is no JSON object"))?;
        let expires = millis(key.get("keyExpiration"));
        if expires.ok_or(Refusal::Malformed("its signing key has no `keyExpiration`"))? <= now {
            return Err(Refusal::KeyExpired);
        }
        let key = key.get("keyValue").and_then(p256);
        let key = key.ok_or(Refusal::Malformed("its signing key is no key on P-256"))?;
        let signed = joined(&[SENDER, issuer.as_str(), PROTOCOL, &self.signed_message]);
        if !fits(&key, &self.signature, &signed) {
            return Err(Refusal::MessageForged);
        }
        let message: Map<String, Value> = serde_json::from_str(&self.signed_message)
            .map_err(|_| Refusal::Malformed("its `signedMessage` is no JSON object"))?;
        read(&message, issuer, now)
    }
}

/// Reads a message that Google signed for the issuer.
fn read(message: &Map<String, Value>, issuer: &IssuerId, now: DateTime<Utc>) -> Result<Callback, Refusal> {
    let part = |key: &str| text(message.get(key)).filter(|text| !text.is_empty());
    let expires = millis(message.get("expTimeMillis"));
    let expires = expires.ok_or(Refusal::Malformed("its message has no `expTimeMillis`"))?;
    if expires <= now {
        return Err(Refusal::Expired);
    }
    let class_id = part("classId").ok_or(Refusal::Malformed("its message names no class"))?;
    let object_id = part("objectId").ok_or(Refusal::Malformed("its message names no object"))?;
    let is_ours = |id: &String| id.strip_prefix(issuer.as_str()).is_some_and(|suffix| suffix.starts_with('.'));
    if !(is_ours(&class_id) && is_ours(&object_id)) {
        return Err(Refusal::OtherIssuer);
    }
    let event = match part("eventType").ok_or(Refusal::Malformed("its message has no `eventType`"))? {
        event if event == "save" => CallbackEvent::Saved,
        event if event == "del" => CallbackEvent::Deleted,
        event => CallbackEvent::Unknown(event),
    };
    let nonce = part("nonce").filter(|nonce| nonce.len() <= LONGEST_NONCE);
    let nonce = nonce.ok_or(Refusal::Malformed("its message has no `nonce` of 1 to 128 bytes"))?;
    Ok(Callback { class_id, object_id, event, expires, nonce })
}

/// Reads a public key on P-256: base64 of a SubjectPublicKeyInfo.
pub(super) fn p256(value: &Value) -> Option<PKey<Public>> {
    let key = EcKey::public_key_from_der(&bytes(Some(value))?).ok()?;
    let is_p256 = key.group().curve_name() == Some(Nid::X9_62_PRIME256V1);
    PKey::from_ec_key(key).ok().filter(|_| is_p256)
}

/// Reads an instant in milliseconds since 1970, a number or a string.
pub(super) fn millis(value: Option<&Value>) -> Option<DateTime<Utc>> {
    let millis = match value? {
        Value::Number(number) => number.as_i64()?,
        Value::String(text) => text.parse().ok()?,
        _ => return None,
    };
    DateTime::from_timestamp_millis(millis)
}

/// Verifies ECDSA with SHA-256 and a DER signature (RFC 3279).
fn fits(key: &PKey<Public>, signature: &[u8], message: &[u8]) -> bool {
    let verifier = Verifier::new(MessageDigest::sha256(), key);
    // What is no signature at all is an error to OpenSSL.
    verifier.and_then(|mut verifier| verifier.verify_oneshot(signature, message)).unwrap_or(false)
}

/// Joins texts as they are signed: before each its length in bytes, four of them, the least first.
fn joined(texts: &[&str]) -> Vec<u8> {
    let mut joined = Vec::with_capacity(texts.iter().map(|text| text.len() + 4).sum());
    for text in texts {
        // A body has at most 64 KB, so no length is cut.
        joined.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
        joined.extend(text.as_bytes());
    }
    joined
}

fn text(value: Option<&Value>) -> Option<String> {
    value?.as_str().map(str::to_owned)
}

fn bytes(value: Option<&Value>) -> Option<Vec<u8>> {
    STANDARD.decode(value?.as_str()?).ok()
}

/// Who signs.
const SENDER: &str = "GooglePayPasses";

/// How it is signed.
pub(super) const PROTOCOL: &str = "ECv2SigningOnly";

/// The most signatures of a key that are tried. Google sends one.
const MOST_SIGNATURES: usize = 8;

/// The longest nonce. Google's are UUIDs.
const LONGEST_NONCE: usize = 128;
