//! The link that saves a card to a phone.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::account::Account;
use crate::card::Card;
use crate::error::Error;
use crate::jwt;
use crate::sorted::sorted;

/// A link that saves a card to the phone of whoever opens it.
///
/// It carries what does not exist at Google yet: class and object ("fat"), the object alone, or only its name ("skinny"). Once
/// a card is saved, saving another link of the same object does not change it: cards change by a [`Client`](crate::Client).
/// <https://developers.google.com/wallet/generic/use-cases/jwt>
#[derive(Clone, PartialEq, Eq)]
pub struct SaveLink {
    token: String,
    inserted: Inserted,
}

/// What of a card exists at Google already, so that its link need not carry it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "an object does not exist without its class")]
pub enum Inserted {
    /// The class: the link carries the object.
    Class,
    /// Nothing: the link carries both.
    Nothing,
    /// Class and object: the link names them, in some 750 characters.
    Object,
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

    /// Says what has to exist at Google before the link is opened.
    pub fn needs(&self) -> Inserted {
        self.inserted
    }

    pub(crate) fn sign(card: &Card, account: &Account, inserted: Inserted) -> Result<Self, Error> {
        Self::bounded(jwt::sign(&Claims::new(card, account, inserted), account)?, inserted)
    }

    pub(crate) async fn sign_apart(card: &Card, account: &Account, inserted: Inserted) -> Result<Self, Error> {
        Self::bounded(jwt::sign_apart(&Claims::new(card, account, inserted), account).await?, inserted)
    }

    pub(crate) async fn sign_fitting(card: &Card, account: &Account) -> Result<Self, Error> {
        let fat = jwt::sign_short(&Claims::new(card, account, Inserted::Nothing), account).await?;
        match fat.map(|token| Self::bounded(token, Inserted::Nothing)) {
            Some(Ok(link)) => Ok(link),
            // A key longer than usual makes a longer token than was thought.
            Some(Err(_)) | None => Self::sign_apart(card, account, Inserted::Object).await,
        }
    }

    fn bounded(token: String, inserted: Inserted) -> Result<Self, Error> {
        let link = Self { token, inserted };
        if link.token.len() > Self::MAX_TOKEN { Err(Error::LinkTooLong(Box::new(link))) } else { Ok(link) }
    }
}

/// Shows the length, not the token: whoever has the token has the card.
impl fmt::Debug for SaveLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SaveLink({} characters)", self.token.len())
    }
}

/// The claims of a link, in the order of their names; `exp` is none of them.
#[derive(Serialize)]
struct Claims<'c> {
    aud: &'static str,
    iat: i64,
    iss: &'c str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    origins: &'c [String],
    payload: BTreeMap<&'static str, [Cow<'c, Map<String, Value>>; 1]>,
    typ: &'static str,
}

impl<'c> Claims<'c> {
    fn new(card: &'c Card, account: &'c Account, inserted: Inserted) -> Self {
        let Card { vertical, class, object, .. } = card;
        let mut payload = BTreeMap::new();
        if inserted == Inserted::Nothing {
            payload.insert(vertical.class_array(), [sorted(class)]);
        }
        let object = match inserted {
            Inserted::Object => {
                let id = |key: &str| Some((key.to_owned(), object.get(key)?.clone()));
                Cow::Owned(["classId", "id"].into_iter().filter_map(id).collect())
            }
            Inserted::Class | Inserted::Nothing => sorted(object),
        };
        payload.insert(vertical.object_array(), [object]);
        Self {
            aud: "google",
            iat: account.now().timestamp(),
            iss: account.email(),
            origins: account.origins(),
            payload,
            typ: "savetowallet",
        }
    }
}
