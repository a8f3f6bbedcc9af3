//! Writing a card at Google so that in the end it says what the card says, and no more.

use serde_json::{Map, Value};
use walletpass_core::lint::google::Vertical;
use walletpass_google::{Card, Client, Collection, Error as GoogleError, Resource};

use super::at_google::id_of;

/// What is known before a card is written.
pub(super) struct Before<'a> {
    /// The object that was written last, if any was.
    pub(super) object: Option<&'a Map<String, Value>>,
    /// Whether the class is there as the card has it, or is written by an errand of its own.
    pub(super) has_class: bool,
    /// Whether something may have been written since, by an attempt that did not hear its answer, or was cut off before it could say so.
    pub(super) is_unsure: bool,
}

/// Writes a card, with as few requests as what is known allows.
pub(super) async fn write(client: &Client, card: &Card, before: Before<'_>) -> Result<(), GoogleError> {
    if before.has_class
        || (before.is_unsure && is_there(client, Collection::classes(card.vertical), &card.class).await?)
    {
        return write_object(client, card, before).await;
    }
    if card.vertical == Vertical::Flight {
        // The id of its class outlives what is in it, and other nodes write it too: so it is written whole, whatever this one wrote last.
        let classes = Collection::classes(card.vertical);
        match client.renew(classes, &card.class).await {
            Err(GoogleError::NotFound { .. } | GoogleError::ClassNotFound { .. }) => {
                client.upsert(classes, &card.class).await?;
            }
            outcome => drop(outcome?),
        }
        return write_object(client, card, before).await;
    }
    match before.object {
        // What a holder saved by a link is there as the link had it.
        object if before.is_unsure || object.is_none_or(|object| is_dropped(object, &card.object)) => {
            match client.replace(card).await {
                Err(GoogleError::NotFound { .. }) => client.put(card).await.map(drop),
                outcome => outcome.map(drop),
            }
        }
        _ => client.change(card).await.map(drop),
    }
}

/// Writes the object of a card.
async fn write_object(client: &Client, card: &Card, before: Before<'_>) -> Result<(), GoogleError> {
    let (objects, classes) = (Collection::objects(card.vertical), Collection::classes(card.vertical));
    let (object, id) = (&card.object, id_of(&card.object));
    let written = match before.object {
        _ if before.is_unsure => match client.get(objects, id).await {
            Ok(present) if is_same(&present, object) => return Ok(()),
            Ok(_) => client.renew(objects, object).await.map(drop),
            Err(error) => Err(error),
        },
        // What a holder saved by a link is there as the link had it.
        None => match client.insert(objects, object).await {
            Err(GoogleError::Exists { .. }) => client.renew(objects, object).await.map(drop),
            outcome => outcome.map(drop),
        },
        Some(before) if is_dropped(before, object) => client.renew(objects, object).await.map(drop),
        Some(_) => client.patch(objects, id, object).await.map(drop),
    };
    match written {
        Err(GoogleError::NotFound { .. }) => client.upsert(objects, object).await.map(drop),
        Err(GoogleError::ClassNotFound { .. }) => {
            match client.insert(classes, &card.class).await {
                // Its own errand was here.
                Ok(_) | Err(GoogleError::Exists { .. }) => {}
                Err(error) => return Err(error),
            }
            client.upsert(objects, object).await.map(drop)
        }
        outcome => outcome,
    }
}

/// Says whether a class or an object is as it is to be: it has all, and nothing is left of what it had before.
pub(super) async fn is_there(
    client: &Client,
    collection: Collection,
    json: &Map<String, Value>,
) -> Result<bool, GoogleError> {
    match client.get(collection, id_of(json)).await {
        Ok(present) => Ok(is_same(&present, json)),
        Err(GoogleError::NotFound { .. } | GoogleError::ClassNotFound { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

fn is_same(present: &Resource, json: &Map<String, Value>) -> bool {
    present.holds(json) && !has_more(&present.json, json)
}

fn has_more(present: &Map<String, Value>, object: &Map<String, Value>) -> bool {
    present.iter().any(|(key, value)| match (value, object.get(key)) {
        (_, None) => !OF_GOOGLE.contains(&key.as_str()),
        (Value::Object(present), Some(Value::Object(object))) => has_more(present, object),
        _ => false,
    })
}

/// Says whether something is gone, which a patch would leave as it is.
pub(super) fn is_dropped(before: &Map<String, Value>, after: &Map<String, Value>) -> bool {
    before.iter().any(|(key, value)| match (value, after.get(key)) {
        (_, None) => true,
        (Value::Object(before), Some(Value::Object(after))) => is_dropped(before, after),
        _ => false,
    })
}

/// What is on a class or an object and not in the pass. Something else that Google may add costs a write that changes nothing.
const OF_GOOGLE: [&str; 9] = [
    "classReference",
    "hasLinkedDevice",
    "hasUsers",
    "kind",
    "linkedObjectIds",
    "linkedOfferIds",
    "messages",
    "reviewStatus",
    "version",
];
