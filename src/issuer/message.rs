//! Adding a message to the object at Google.

use chrono::TimeDelta;
use walletpass_google::{Delivery, Error as GoogleError, Message};
use walletpass_webservice::PassKey;
use walletpass_webservice::store::{Task, Write};

use super::notify::{MessageOutcome, Noticed};
use super::outbox::{End, Errand, LONGEST_PAUSE, MESSAGE, Outcome, pause, task_key};
use super::record::Record;
use super::{Error, Issuer};

impl Issuer {
    /// Each message has a key of its own, so that none takes the place of another.
    pub(super) fn message_task(&self, key: &PassKey, id: &str, errand: Errand) -> Write {
        self.task_with_key(MESSAGE, message_key(key, id), errand, TimeDelta::zero())
    }

    /// Sends a message that was just committed; what fails is kept.
    pub(super) async fn deliver_message(&self, key: &PassKey, id: &str) -> MessageOutcome {
        let waiting = |why: &str| MessageOutcome::Waiting(why.to_owned());
        if self.google_is_busy() {
            return waiting("Google did not answer of late, or has much to do for us");
        }
        let done = self.deliver_kinds(&[MESSAGE], message_key(key, id)).await;
        let sent = done.into_iter().find_map(|outcome| match outcome {
            Outcome::Message(outcome) => Some(outcome),
            _ => None,
        });
        sent.unwrap_or_else(|| waiting("another process sends it"))
    }

    pub(super) async fn send_message(&self, errand: Errand, task: &Task) -> Result<(End, Option<Outcome>), Error> {
        let Some(google) = &self.inner.google else {
            let why = "the issuer has no Google client: add it with `Issuer::google`".to_owned();
            return Ok((End::Later { after: LONGEST_PAUSE, why }, None));
        };
        let Errand { pass_type, serial, notice, .. } = errand;
        let key = self.key_of(&pass_type, &serial);
        let (Some(Noticed { id, notice }), Some(stored)) = (notice, self.inner.store.pass(&key).await?) else {
            return Ok((End::Done(Vec::new()), None)); // the pass is gone, and so are its holders
        };
        let record = Record::read(&stored)?;
        let card = match self.drawn(google, &record, &key.pass_type).await {
            Ok((card, _)) => card,
            Err(error @ Error::Store(_)) => return Err(error),
            Err(error) => return Ok(refused(error.to_string())),
        };
        if !self.shadow(&card).await?.is_some_and(|(shadow, _)| shadow.is_written()) {
            let why = "the object is not at Google yet".to_owned();
            return Ok(later(pause(task.attempts), why));
        }
        let title = notice.title.unwrap_or(record.pass.organization);
        let mut message = Message::new(id, title, notice.text).language(record.pass.language).notifying_if_possible();
        if task.attempts > 1 || task.error.is_some() {
            message = message.maybe_sent();
        }
        match google.client.add_message(&card, &message).await {
            Ok(sent) => {
                google.rest.end();
                let outcome = match sent.delivery {
                    Delivery::Notified => MessageOutcome::Notified,
                    Delivery::Silent => MessageOutcome::Silent,
                    _ => MessageOutcome::Already,
                };
                Ok((End::Done(Vec::new()), Some(Outcome::Message(outcome))))
            }
            Err(GoogleError::NotFound { .. }) => {
                self.rewrite_at_google(&key).await?;
                Ok(later(
                    pause(task.attempts),
                    "the object is not at Google any more, and is put there anew".to_owned(),
                ))
            }
            Err(error) => Ok(match google.failed(&error, task.attempts, self.inner.clock.now()).0 {
                End::Dead(why) => refused(why),
                End::Done(writes) => (End::Done(writes), None),
                End::Later { after, why } => later(after, why),
            }),
        }
    }
}

fn later(after: TimeDelta, why: String) -> (End, Option<Outcome>) {
    (End::Later { after, why: why.clone() }, Some(Outcome::Message(MessageOutcome::Waiting(why))))
}

fn refused(why: String) -> (End, Option<Outcome>) {
    (End::Dead(why.clone()), Some(Outcome::Message(MessageOutcome::Refused(why))))
}

fn message_key(key: &PassKey, id: &str) -> String {
    format!("{}/{id}", task_key(key))
}
