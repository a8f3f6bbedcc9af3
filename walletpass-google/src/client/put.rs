//! Cards: put as a whole, moved through their states.

use std::collections::HashMap;
use std::sync::{Arc, MutexGuard, PoisonError};

use openssl::sha::sha256;
use serde_json::{Map, Value, json};
use walletpass_core::lint::google::Vertical;

use super::exchange::Tries;
use super::{ClassWrite, Client};
use crate::card::Card;
use crate::collection::Collection;
use crate::error::Error;
use crate::link::{Inserted, SaveLink};
use crate::resource::{ObjectState, Resource};

/// What became of a card.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Put {
    /// Whether this call wrote the class; not if this client has written the same content before.
    pub class_written: bool,
    /// What became of the object.
    pub object: Written,
    /// The object as Google gives it back.
    pub resource: Resource,
}

/// What became of a class or an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "it was there or it was not")]
pub enum Written {
    /// It is new.
    Created,
    /// It was there, and is changed; or a first try that got no answer made it, and the repeated one wrote the same into it.
    Updated,
}

/// # Cards
///
/// They fail as the calls of the API do; [`Error::IssuerMismatch`] is for a card of another issuer than the account's.
impl Client {
    /// Puts a card: makes or changes its class, then its object.
    ///
    /// A class is written once by this client and its clones until its content changes, however many cards share it. What exists is
    /// changed by a patch, so messages stay, and so does a field that the card no longer has:
    /// [`replace`](Client::replace) clears it.
    ///
    /// The state of the pass is written too: a card whose pass says nothing of it is `ACTIVE`, and brings back what
    /// [`complete`](Client::complete), [`expire`](Client::expire) or [`deactivate`](Client::deactivate) ended. So set `pass.state` as well.
    ///
    /// Cards of one class id and different class content overwrite each other's class: the last write wins. Flights are of one class when
    /// airline, number, day of departure, origin and destination are the same, so that a new gate reaches all who hold it.
    pub async fn put(&self, card: &Card) -> Result<Put, Error> {
        self.judge_issuer(card)?;
        let class_written = self.put_class(card).await?;
        let (object, resource) = self.upsert(Collection::objects(card.vertical), &card.object).await?;
        Ok(Put { class_written, object, resource })
    }

    /// Changes a card that is known to exist: as [`put`](Client::put), but the object is patched first and made only if it is
    /// missing, so that a change costs one request rather than two. It writes the state of the pass, as [`put`](Client::put) does.
    pub async fn change(&self, card: &Card) -> Result<Put, Error> {
        self.judge_issuer(card)?;
        let class_written = self.put_class(card).await?;
        let objects = Collection::objects(card.vertical);
        let (object, resource) = match self.patch(objects, id(&card.object), &card.object).await {
            Ok(resource) => (Written::Updated, resource),
            Err(Error::NotFound { .. }) => self.upsert(objects, &card.object).await?,
            Err(error) => return Err(error),
        };
        Ok(Put { class_written, object, resource })
    }

    /// Puts a card so that nothing stays on it which it no longer has. Messages and linked passes stay, as they are at
    /// Google at that moment.
    ///
    /// Google has no way to tell whether someone else changed the object in between: see that one task at a time changes a pass.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when the object does not exist.
    pub async fn replace(&self, card: &Card) -> Result<Resource, Error> {
        self.judge_issuer(card)?;
        self.put_class(card).await?;
        self.renew(Collection::objects(card.vertical), &card.object).await
    }

    /// Writes a class or an object so that nothing stays in it which is not given, as [`replace`](Client::replace) does for a card: messages and linked passes
    /// stay.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when it does not exist.
    pub async fn renew(&self, collection: Collection, json: &Map<String, Value>) -> Result<Resource, Error> {
        let mut present = self.get(collection, id(json)).await?.json;
        let mut json = json.clone();
        for key in KEPT {
            if let (false, Some(value)) = (json.contains_key(key), present.remove(key)) {
                json.insert(key.to_owned(), value);
            }
        }
        // What notified once must not do so again.
        for message in json.get_mut("messages").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(kind) = message.get_mut("messageType") {
                *kind = "TEXT".into();
            }
        }
        self.update(collection, &json).await
    }

    /// Makes a class or an object, or changes it if it exists.
    ///
    /// # Errors
    ///
    /// [`Error::ClassNotFound`] for an object whose class does not exist.
    pub async fn upsert(
        &self,
        collection: Collection,
        json: &Map<String, Value>,
    ) -> Result<(Written, Resource), Error> {
        self.forget_class(collection, id(json));
        let outcome = self.send_upsert(collection, json).await;
        self.forget_class(collection, id(json));
        outcome
    }

    /// Says that the time of a pass is over. Set `pass.state` too: the next [`put`](Client::put) writes what that says.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when the object does not exist.
    pub async fn expire(&self, card: &Card) -> Result<Resource, Error> {
        self.set_card_state(card, ObjectState::Expired).await
    }

    /// Says that a pass is used up: a redeemed coupon, a visited event. Set `pass.state` too: the next [`put`](Client::put)
    /// writes what that says.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when the object does not exist.
    pub async fn complete(&self, card: &Card) -> Result<Resource, Error> {
        self.set_card_state(card, ObjectState::Completed).await
    }

    /// Withdraws a pass. It lies among the expired ones then; nothing can be deleted. Set `pass.state` too: the next
    /// [`put`](Client::put) writes what that says.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when the object does not exist.
    pub async fn deactivate(&self, card: &Card) -> Result<Resource, Error> {
        self.set_card_state(card, ObjectState::Inactive).await
    }

    /// Puts a pass back into use.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when the object does not exist.
    pub async fn activate(&self, card: &Card) -> Result<Resource, Error> {
        self.set_card_state(card, ObjectState::Active).await
    }

    /// Moves an object to a state by its id, where there is no card at hand.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when the object does not exist.
    pub async fn set_state(&self, vertical: Vertical, id: &str, state: &ObjectState) -> Result<Resource, Error> {
        let changes = Map::from_iter([("state".to_owned(), json!(state.as_str()))]);
        self.patch(Collection::objects(vertical), id, &changes).await
    }

    /// Puts the card of a pass, and makes the link that saves it: always a skinny one, that names the object and no more, since that
    /// exists then; so it is short whatever is in the pass. [`Account::save_link`](crate::Account::save_link) asks nothing of
    /// Google and makes a fat one. The state of the pass is written, as by [`put`](Client::put): a link for a pass that
    /// was ended brings it back unless `pass.state` says so.
    ///
    /// # Errors
    ///
    /// Those of [`put`](Client::put), [`Error::Refused`] when Google would refuse the pass, and [`Error::Signing`].
    pub async fn save_link(&self, pass: &walletpass_core::Pass) -> Result<SaveLink, Error> {
        let card = self.account().card(pass)?;
        self.put(&card).await?;
        SaveLink::sign_apart(&card, self.account(), Inserted::Object).await
    }

    async fn set_card_state(&self, card: &Card, state: ObjectState) -> Result<Resource, Error> {
        self.judge_issuer(card)?;
        self.set_state(card.vertical, id(&card.object), &state).await
    }

    /// Writes the class of a card unless this client has done so; says whether it did now.
    async fn put_class(&self, card: &Card) -> Result<bool, Error> {
        let digest = digest(card);
        let write = {
            let mut classes = self.classes();
            if classes.len() >= MOST_CLASSES {
                // To write one again is harmless; but two must not be under way at once.
                classes.retain(|_, write| Arc::strong_count(write) > 1);
            }
            Arc::clone(classes.entry(id(&card.class).to_owned()).or_default())
        };
        // Who comes while it is being written waits, with other content too: else the older could be the last to arrive.
        let mut written = write.lock().await;
        if *written == Some(digest) {
            return Ok(false);
        }
        // Nothing is known of it until Google has answered.
        *written = None;
        self.send_upsert(Collection::classes(card.vertical), &card.class).await?;
        *written = Some(digest);
        Ok(true)
    }

    /// Makes it, or patches what exists: also where the conflict may be with an earlier try of our own, for what is there may
    /// as well be older.
    async fn send_upsert(
        &self,
        collection: Collection,
        json: &Map<String, Value>,
    ) -> Result<(Written, Resource), Error> {
        match self.try_insert(collection, json, &mut Tries::default()).await {
            Ok(resource) => Ok((Written::Created, resource)),
            Err(Error::Exists { id }) => Ok((Written::Updated, self.send_patch(collection, &id, json).await?)),
            Err(error) => Err(error),
        }
    }

    /// Forgets what was written into a class, since something else than a card writes it.
    pub(super) fn forget_class(&self, collection: Collection, id: &str) {
        if collection.is_reviewed() {
            self.classes().remove(id);
        }
    }

    fn classes(&self) -> MutexGuard<'_, HashMap<String, Arc<ClassWrite>>> {
        self.classes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn judge_issuer(&self, card: &Card) -> Result<(), Error> {
        card.judge_issuer(self.account())
    }
}

/// Gives the id of a class or an object; empty if it has none, which every call refuses.
pub(super) fn id(json: &Map<String, Value>) -> &str {
    json.get("id").and_then(Value::as_str).unwrap_or_default()
}

fn digest(card: &Card) -> [u8; 32] {
    let mut class = Value::Object(card.class.clone());
    class.sort_all_objects();
    sha256(format!("{} {class}", card.vertical.name()).as_bytes())
}

/// What lives on the object and not in the pass.
const KEPT: [&str; 3] = ["messages", "linkedObjectIds", "linkedOfferIds"];

/// The classes that are remembered, at some 300 bytes each.
const MOST_CLASSES: usize = 10_000;
