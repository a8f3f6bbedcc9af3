//! Tokens that stand for a team, made with a `.p8` key.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use http::HeaderValue;
use openssl::ec::EcKey;
use openssl::ecdsa::EcdsaSig;
use openssl::hash::{MessageDigest, hash};
use openssl::nid::Nid;
use openssl::pkey::Private;
use serde_json::json;
use walletpass_core::TeamId;
use walletpass_core::port::SigningError;

use crate::certificate::read_key;
use crate::error::Cause;
use crate::{Error, Outcome};

/// A `.p8` key with which a team pushes for all of its pass types.
///
/// Apple describes pushes for passes with certificates only. That tokens work is reported, as is that APNs takes such pushes and
/// nothing arrives; so take the [certificate](crate::ClientCertificate) unless you have seen tokens work for your team.
///
/// A token is made when one is needed and kept for 50 minutes; APNs takes none that is older than an hour, and refuses clients that
/// make them more often than every 20 minutes.
/// <https://developer.apple.com/documentation/usernotifications/establishing-a-token-based-connection-to-apns>
#[derive(Clone)]
pub struct ProviderToken {
    inner: Arc<Inner>,
}

struct Inner {
    key_id: String,
    team: TeamId,
    key: EcKey<Private>,
    /// The token in use, and when it was made.
    current: Mutex<Option<(HeaderValue, DateTime<Utc>)>>,
}

impl ProviderToken {
    /// Reads the `.p8` file that developer.apple.com gives under Keys, with its key id and the team it belongs to.
    ///
    /// # Errors
    ///
    /// [`Error::KeyUnreadable`] for a file that is no PEM key, [`Error::ProviderKey`] for one that is not on P-256,
    /// [`Error::ProviderId`] for a key id that is not ten capital letters and digits.
    pub fn from_p8(p8: &[u8], key_id: &str, team: &TeamId) -> Result<Self, Error> {
        let is_id = key_id.len() == 10 && key_id.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if !is_id {
            // No more than an id has: it may be the key itself that was given here.
            return Err(Error::ProviderId { what: "key id", found: key_id.chars().take(10).collect() });
        }
        let key = read_key(p8, None)?.ec_key().map_err(|_| Error::ProviderKey)?;
        if key.group().curve_name() != Some(Nid::X9_62_PRIME256V1) {
            return Err(Error::ProviderKey);
        }
        let inner = Inner { key_id: key_id.to_owned(), team: team.clone(), key, current: Mutex::new(None) };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Gives the header `authorization` as of `now`.
    pub(crate) fn header(&self, now: DateTime<Utc>) -> Result<HeaderValue, Outcome> {
        let mut current = self.inner.current.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((header, made)) = &*current
            && (now - made).to_std().is_ok_and(|age| age < LIFE)
        {
            return Ok(header.clone());
        }
        let header = self.sign(now).map_err(|_| {
            Outcome::unsent("the provider token cannot be signed", "give the .p8 file as Apple gave it")
        })?;
        *current = Some((header.clone(), now));
        Ok(header)
    }

    /// Forgets a token that APNs finds too old, and says whether there is or may be another one to push with.
    pub(crate) fn forget(&self, refused: &HeaderValue, now: DateTime<Utc>) -> bool {
        let mut current = self.inner.current.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((header, made)) = &*current else { return true };
        if header != refused {
            return true; // another push has met the same answer
        }
        let is_old = (now - made).to_std().is_ok_and(|age| age >= BETWEEN);
        if is_old {
            *current = None;
        }
        is_old
    }

    /// Writes and signs a token (RFC 7515; ES256 of RFC 7518, section 3.4).
    fn sign(&self, now: DateTime<Utc>) -> Result<HeaderValue, Cause> {
        let Inner { key_id, team, key, .. } = &*self.inner;
        let head = json!({ "alg": "ES256", "kid": key_id, "typ": "JWT" }).to_string();
        let claims = json!({ "iss": team.as_str(), "iat": now.timestamp() }).to_string();
        let text = format!("{}.{}", BASE64_URL_SAFE_NO_PAD.encode(head), BASE64_URL_SAFE_NO_PAD.encode(claims));
        let digest = hash(MessageDigest::sha256(), text.as_bytes()).map_err(SigningError::new)?;
        let signature = EcdsaSig::sign(&digest, key)?;
        let signature = [signature.r().to_vec_padded(32)?, signature.s().to_vec_padded(32)?].concat();
        let mut header = HeaderValue::try_from(format!("bearer {text}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature)))?;
        header.set_sensitive(true);
        Ok(header)
    }
}

impl fmt::Debug for ProviderToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { key_id, team, .. } = &*self.inner;
        f.debug_struct("ProviderToken").field("key_id", key_id).field("team", team).finish_non_exhaustive()
    }
}

/// How long a token is used.
const LIFE: Duration = Duration::from_secs(50 * 60);

/// How long APNs wants between two tokens.
const BETWEEN: Duration = Duration::from_secs(20 * 60);
