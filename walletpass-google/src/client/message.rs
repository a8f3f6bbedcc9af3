//! Sending messages, each once.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use walletpass_core::port::HttpError;

use super::Client;
use super::exchange::{Call, Step, Subject, Tries, unavailable};
use super::put::id;
use super::rest::{judge_id, path};
use crate::card::Card;
use crate::collection::Collection;
use crate::error::Error;
use crate::message::{Message, WhenSpent};
use crate::notices::Notice;
use crate::resource::Resource;

/// What became of a message.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Sent {
    /// How it got there.
    pub delivery: Delivery,
    /// The class or object, as Google gives it back.
    pub resource: Resource,
}

/// How a message got onto a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delivery {
    /// It was there already, from an earlier try.
    Already,
    /// With a notice to the holders, who may have turned notices off.
    Notified,
    /// Without.
    Silent,
}

/// # Messages
impl Client {
    /// Adds a message to the pass of a card.
    ///
    /// # Errors
    ///
    /// Those of [`add_message_to`](Client::add_message_to), and [`Error::IssuerMismatch`].
    pub async fn add_message(&self, card: &Card, message: &Message) -> Result<Sent, Error> {
        self.judge_issuer(card)?;
        self.add_message_to(Collection::objects(card.vertical), id(&card.object), message).await
    }

    /// Adds a message to an object, or to a class and so to all passes of it.
    ///
    /// A try that got no answer is not repeated before the pass has been looked at, three seconds later at the soonest: if the
    /// message is there, it was sent. The
    /// notices of class and object count apart here, while every message of a class reaches all its passes: Google may
    /// refuse sooner, and that refusal is treated as one of our own.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`]; [`Error::NoticesSpent`] when a message that [refuses](WhenSpent::Refuse) to go silently cannot notify;
    /// [`Error::NoticeStore`] when no notice could be taken. After [`Error::Unavailable`] it may be there or not, whatever came
    /// after the try without an answer: its notice counts as spent; send it again as one that was
    /// [`maybe_sent`](Message::maybe_sent).
    pub async fn add_message_to(&self, collection: Collection, id: &str, message: &Message) -> Result<Sent, Error> {
        judge_id(id)?;
        if message.id.trim().is_empty() {
            let message = "a message without an id cannot be told from a repeated one: give it an id".to_owned();
            return Err(Error::Invalid { field: Some("message.id".to_owned()), message });
        }
        if message.maybe_sent
            && let Some(sent) = self.find_message(collection, id, message).await?
        {
            return Ok(sent);
        }
        if !message.notifies {
            return self.send_message(collection, id, message, false).await;
        }
        let now = self.account().now();
        let outcome = match self.notices.take(id, now).await.map_err(Error::NoticeStore)? {
            Notice::Granted => self.send_message(collection, id, message, true).await,
            Notice::Refused { until } => Err(Error::NoticesSpent { id: id.to_owned(), until: Some(until) }),
        };
        match outcome {
            Err(Error::NoticesSpent { .. }) if message.when_spent == WhenSpent::Silent => {
                self.send_message(collection, id, message, false).await
            }
            // It may have been sent, or Google counts more than we do: what is taken stays taken.
            Ok(_) | Err(Error::Unavailable { .. } | Error::NoticesSpent { .. }) => outcome,
            Err(error) => {
                // If that fails, one notice too many counts for a day, which is less than not to hear why nothing was sent.
                let _ = self.notices.put_back(id, now).await;
                Err(error)
            }
        }
    }

    async fn send_message(
        &self,
        collection: Collection,
        id: &str,
        message: &Message,
        notifies: bool,
    ) -> Result<Sent, Error> {
        let subject = Subject { id: id.to_owned(), collection: Some(collection), is_insert: false, notifies };
        let path = format!("{}/addMessage", path(collection, Some(id)));
        let call = Call::json(Method::POST, path, &json!({ "message": message.json(notifies) }), subject);
        let mut tries = Tries::default();
        let answer = loop {
            let step = self.attempt(&call, &mut tries).await;
            match step.map_err(|error| if tries.unsure { ambiguous(error) } else { error })? {
                Step::Done(answer) => break answer,
                Step::Again(wait) if tries.unsure => {
                    self.timer.sleep(wait.max(LOOK_AFTER)).await;
                    if let Some(sent) = self.find_message(collection, id, message).await.map_err(ambiguous)? {
                        return Ok(sent);
                    }
                }
                Step::Again(wait) => self.timer.sleep(wait).await,
            }
        };
        let delivery = if notifies { Delivery::Notified } else { Delivery::Silent };
        match answer.object()?.remove("resource") {
            Some(Value::Object(json)) => Ok(Sent { delivery, resource: Resource::new(json) }),
            _ => Err(unavailable("an answer without the resource", None)),
        }
    }

    async fn find_message(&self, collection: Collection, id: &str, message: &Message) -> Result<Option<Sent>, Error> {
        let resource = self.get(collection, id).await?;
        Ok(resource.has_message(&message.id).then_some(Sent { delivery: Delivery::Already, resource }))
    }
}

/// Says that a message may be there: after a try without an answer, no later error tells.
fn ambiguous(error: Error) -> Error {
    let retry_after = match error {
        Error::Unavailable { .. } => return error,
        Error::Quota { retry_after } => retry_after,
        _ => None,
    };
    let what = "no answer to a message, and then a refusal that says nothing of it: see the cause".to_owned();
    Error::Unavailable { what, retry_after, cause: Some(HttpError::new(error)) }
}

/// How long a try without an answer may still be under way at Google, for all that is known.
const LOOK_AFTER: Duration = Duration::from_secs(3);
