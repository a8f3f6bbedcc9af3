//! The token server: it takes a signed assertion (RFC 7523) and gives a token of an hour.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use openssl::hash::MessageDigest;
use openssl::sign::Verifier;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::world::{Ask, Reply, World};
use crate::service_account::ServiceAccount;

pub(super) fn answer(world: &mut World, ask: &Ask) -> Reply {
    if let Some(status) = world.token_faults.pop_front() {
        return Reply::json(status, &json!({ "error": "told_to_fail", "error_description": "told to fail" }));
    }
    match judge(world, ask) {
        Ok(()) => {
            world.tokens_given += 1;
            let token = format!("ya29.fake-{}", world.tokens_given);
            world.tokens.insert(token.clone(), world.clock.now() + TimeDelta::hours(1));
            Reply::json(200, &json!({ "access_token": token, "expires_in": 3600, "token_type": "Bearer" }))
        }
        Err((code, description)) => Reply::json(400, &json!({ "error": code, "error_description": description })),
    }
}

fn judge(world: &World, ask: &Ask) -> Result<(), (&'static str, &'static str)> {
    let form: HashMap<String, String> = form_urlencoded::parse(&ask.body).into_owned().collect();
    if ask.method != "POST" || !ask.content_type.starts_with("application/x-www-form-urlencoded") {
        return Err(("invalid_request", "A form is expected."));
    }
    if form.get("grant_type").map(String::as_str) != Some("urn:ietf:params:oauth:grant-type:jwt-bearer") {
        return Err(("unsupported_grant_type", "Invalid grant_type."));
    }
    let assertion = form.get("assertion").map(String::as_str).unwrap_or_default();
    let Some(claims) = claims(assertion) else {
        return Err(("invalid_grant", "Invalid JWT: Failed to parse."));
    };
    let text = |key: &str| claims.get(key).and_then(Value::as_str).unwrap_or_default();
    if text("iss") != ServiceAccount::EMAIL {
        return Err(("invalid_grant", "Invalid grant: account not found"));
    }
    if !is_signed(assertion, &world.account) {
        return Err(("invalid_grant", "Invalid JWT Signature."));
    }
    // Google's own libraries write the second, whatever the key file says.
    if text("aud") != world.token_uri && text("aud") != "https://oauth2.googleapis.com/token" {
        return Err(("invalid_grant", "Invalid JWT: Failed audience check."));
    }
    let (now, int) = (world.clock.now().timestamp(), |key: &str| claims.get(key).and_then(Value::as_i64));
    let (Some(issued), Some(ends)) = (int("iat"), int("exp")) else {
        return Err(("invalid_grant", "Invalid JWT: iat and exp are required."));
    };
    if ends - issued > 3600 || ends <= issued || (issued - now).abs() > 300 {
        return Err((
            "invalid_grant",
            "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and \
             exp values in the JWT claim.",
        ));
    }
    if text("scope") != "https://www.googleapis.com/auth/wallet_object.issuer" {
        return Err(("invalid_scope", "Invalid OAuth scope or ID token audience provided."));
    }
    Ok(())
}

/// Reads the claims of a JWT, unverified.
pub(super) fn claims(token: &str) -> Option<Value> {
    let mut parts = token.split('.');
    let (header, claims) = (parts.next()?, parts.next()?);
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
    if header.get("alg")? != "RS256" || header.get("kid").is_some_and(|kid| kid != ServiceAccount::KEY_ID) {
        return None;
    }
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
}

/// Says whether a JWT is signed by the account.
pub(super) fn is_signed(token: &str, account: &ServiceAccount) -> bool {
    let verify = || {
        let (message, signature) = token.rsplit_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let mut verifier = Verifier::new(MessageDigest::sha256(), account.key()).ok()?;
        verifier.verify_oneshot(&signature, message.as_bytes()).ok()
    };
    verify() == Some(true)
}
