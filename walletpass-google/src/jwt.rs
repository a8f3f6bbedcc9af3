//! Tokens that the account signs: JWTs (RFC 7519) with RS256.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::thread;

use async_lock::OnceCell;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde_json::{Value, json};
use walletpass_core::port::{SigningError, SigningKey};

use crate::account::Account;
use crate::link::SaveLink;

/// Writes the header, with the id of the key if it is known.
pub(crate) fn header(key_id: Option<&str>) -> String {
    let mut header = json!({ "alg": "RS256", "typ": "JWT" });
    if let (Some(id), Value::Object(header)) = (key_id, &mut header) {
        header.insert("kid".to_owned(), id.into());
    }
    header.sort_all_objects();
    URL_SAFE_NO_PAD.encode(header.to_string())
}

/// Signs claims here and now. Their keys are in order, so that equal input gives an equal token.
pub(crate) fn sign(claims: &impl Serialize, account: &Account) -> Result<String, SigningError> {
    let token = unsigned(claims, account)?;
    let signature = account.key().sign(token.as_bytes())?;
    Ok(signed(token, &signature))
}

/// Signs claims on a thread of its own, for a remote key may block for as long as its network does.
///
/// A thread costs some tens of microseconds, a signature a thousand, and no runtime is asked for its pool.
pub(crate) async fn sign_apart(claims: &impl Serialize, account: &Account) -> Result<String, SigningError> {
    let token = unsigned(claims, account)?;
    let signature = apart(Arc::clone(account.key()), token.clone()).await?;
    Ok(signed(token, &signature))
}

fn unsigned(claims: &impl Serialize, account: &Account) -> Result<String, SigningError> {
    // Of more than some 1,000 bytes the link is too long.
    let mut json = Vec::with_capacity(1024);
    serde_json::to_writer(&mut json, claims).map_err(SigningError::new)?;
    let length = |header: &str| header.len() + (json.len() * 4).div_ceil(3) + SIGNATURE + 2;
    // The id of the key is optional, and no reason for a link that is too long.
    let named = account.header();
    let header = if length(named) <= SaveLink::MAX_TOKEN { named } else { &*UNNAMED };
    let mut token = String::with_capacity(length(header));
    token.push_str(header);
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(json, &mut token);
    Ok(token)
}

fn signed(mut token: String, signature: &[u8]) -> String {
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    token
}

/// Signs claims as [`sign_apart`] does, unless the token would be longer than that of a link may be: then nothing is signed.
pub(crate) async fn sign_short(claims: &impl Serialize, account: &Account) -> Result<Option<String>, SigningError> {
    let token = unsigned(claims, account)?;
    if token.len() + 1 + SIGNATURE > SaveLink::MAX_TOKEN {
        return Ok(None);
    }
    let signature = apart(Arc::clone(account.key()), token.clone()).await?;
    Ok(Some(signed(token, &signature)))
}

async fn apart(key: Arc<dyn SigningKey>, message: String) -> Result<Vec<u8>, SigningError> {
    let done: Arc<OnceCell<Mutex<Option<Signed>>>> = Arc::default();
    let outcome = Arc::clone(&done);
    let work = move || {
        let signed = catch_unwind(AssertUnwindSafe(|| key.sign(message.as_bytes())))
            .unwrap_or_else(|_| Err(SigningError::new("the key panicked")));
        // Nobody else sets it.
        let _ = outcome.set_blocking(Mutex::new(Some(signed)));
    };
    thread::Builder::new().name("walletpass-sign".to_owned()).spawn(work).map_err(SigningError::new)?;
    let signed = done.wait().await.lock().unwrap_or_else(PoisonError::into_inner).take();
    signed.unwrap_or_else(|| Err(SigningError::new("the key gave no signature")))
}

/// The length of a signature by RSA-2048, which the keys of service accounts are, in base64url.
const SIGNATURE: usize = 342;

/// The header without the id of a key.
static UNNAMED: LazyLock<String> = LazyLock::new(|| header(None));

type Signed = Result<Vec<u8>, SigningError>;
