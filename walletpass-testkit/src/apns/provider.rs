//! A key for provider tokens that Apple never heard of, and how such tokens are judged.
#![expect(clippy::expect_used, reason = "a test tool: what fails here fails the test")]

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::ecdsa::EcdsaSig;
use openssl::hash::{MessageDigest, hash};
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use serde_json::Value;
use walletpass_core::Secret;

/// A key as developer.apple.com gives it in a `.p8` file.
#[derive(Clone)]
pub struct ProviderKey {
    key: EcKey<Private>,
}

impl ProviderKey {
    /// The id of the key.
    pub const ID: &str = "K1E2Y3I4D5";

    /// The team of the key.
    pub const TEAM: &str = "A1B2C3D4E5";

    /// Gives the `.p8` file: PKCS #8 as PEM.
    ///
    /// # Panics
    ///
    /// When OpenSSL cannot write the key.
    pub fn p8(&self) -> Secret<String> {
        let pem = PKey::from_ec_key(self.key.clone()).and_then(|key| key.private_key_to_pem_pkcs8());
        Secret::new(String::from_utf8(pem.expect("OpenSSL writes its own keys")).expect("PEM is ASCII"))
    }

    pub(super) fn new() -> Self {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).expect("OpenSSL knows P-256");
        Self { key: EcKey::generate(&group).expect("OpenSSL makes EC keys") }
    }

    /// Judges the value of `authorization`, and gives APNs' reason for a refusal.
    pub(super) fn judge(&self, authorization: &str, now: DateTime<Utc>) -> Result<(), &'static str> {
        let token =
            authorization.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("bearer ")).and(authorization.get(7..));
        let made = token.and_then(|token| self.verified(token)).ok_or("InvalidProviderToken")?;
        match (now - made).num_seconds() {
            -60..=3600 => Ok(()),
            _ => Err("ExpiredProviderToken"),
        }
    }

    /// Verifies a token, and says when it was made.
    fn verified(&self, token: &str) -> Option<DateTime<Utc>> {
        let (text, signature) = token.rsplit_once('.')?;
        let (head, claims) = text.split_once('.')?;
        let json = |part: &str| serde_json::from_slice::<Value>(&BASE64_URL_SAFE_NO_PAD.decode(part).ok()?).ok();
        let (head, claims) = (json(head)?, json(claims)?);
        let says = |part: &Value, name: &str, expected: &str| part.get(name).and_then(Value::as_str) == Some(expected);
        if !says(&head, "alg", "ES256") || !says(&head, "kid", Self::ID) || !says(&claims, "iss", Self::TEAM) {
            return None;
        }
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok().filter(|signature| signature.len() == 64)?;
        let (r, s) = signature.split_at(32);
        let signature =
            EcdsaSig::from_private_components(BigNum::from_slice(r).ok()?, BigNum::from_slice(s).ok()?).ok()?;
        let digest = hash(MessageDigest::sha256(), text.as_bytes()).ok()?;
        signature.verify(&digest, &self.key).ok().filter(|verifies| *verifies)?;
        DateTime::from_timestamp(claims.get("iat")?.as_i64()?, 0)
    }
}

impl fmt::Debug for ProviderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderKey").field("id", &Self::ID).field("team", &Self::TEAM).finish_non_exhaustive()
    }
}
