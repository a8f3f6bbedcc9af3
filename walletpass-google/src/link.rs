//! The link that saves a card to a phone.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use crate::account::Account;
use crate::card::Card;
use crate::error::Error;

/// A link that saves a card to the phone of whoever opens it.
///
/// It carries class and object ("fat"), so nothing need exist at Google. Once a card is saved, saving another link of the
/// same object does not change it: cards change by Google's REST API.
/// <https://developers.google.com/wallet/generic/use-cases/jwt>
#[derive(Clone, PartialEq, Eq)]
pub struct SaveLink {
    token: String,
}

impl SaveLink {
    /// The longest token that browsers and mail programs reliably carry, in characters.
    pub const MAX_TOKEN: usize = 1800;

    /// Gives the address to open.
    pub fn url(&self) -> String {
        format!("https://pay.google.com/gp/v/save/{}", self.token)
    }

    /// Gives the token alone: a JWT (RFC 7519) signed with RS256.
    pub fn token(&self) -> &str {
        &self.token
    }

    pub(crate) fn sign(card: &Card, account: &Account) -> Result<Self, Error> {
        let Card { vertical, class, object, .. } = card;
        let mut claims = json!({
            "iss": account.email(),
            "aud": "google",
            "typ": "savetowallet",
            "iat": account.now(),
            "payload": { vertical.class_array(): [class], vertical.object_array(): [object] },
        });
        // Equal input gives an equal token, in whatever order the host has serde_json keep keys.
        claims.sort_all_objects();
        let mut token = format!("{HEADER}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature = account.key().sign(token.as_bytes())?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        let link = Self { token };
        if link.token.len() > Self::MAX_TOKEN { Err(Error::LinkTooLong(Box::new(link))) } else { Ok(link) }
    }
}

/// Shows the length, not the token: whoever has the token has the card.
impl fmt::Debug for SaveLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SaveLink({} characters)", self.token.len())
    }
}

/// `{"alg":"RS256","typ":"JWT"}` in base64url.
const HEADER: &str = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9";
