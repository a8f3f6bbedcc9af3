//! The class at Google that the passes of a template share: written by its own errand, and by nothing else once it is there.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use walletpass_google::{Client, Collection, Error as GoogleError};
use walletpass_webservice::store::{DocumentKey, NewDocument, StoreError, Task, Write};

use super::pattern::Class;
use crate::issuer::outbox::{End, LONGEST_PAUSE};
use crate::issuer::write::{is_dropped, is_there};
use crate::issuer::{Error, Issuer, record};

/// Brings the class of a template to what the template says.
pub(in crate::issuer) const CLASS: &str = "google-class";

/// What was written last into a class.
#[derive(Serialize, Deserialize)]
struct Shadow {
    class: Map<String, Value>,
}

impl Issuer {
    pub(in crate::issuer) async fn put_class(&self, task: &Task) -> Result<End, Error> {
        let Some(google) = &self.inner.google else {
            let why = "the issuer has no Google client: add it with `Issuer::google`".to_owned();
            return Ok(End::Later { after: LONGEST_PAUSE, why });
        };
        let pattern = self.pattern(&task.task.key).await?;
        let Some(class) = pattern.and_then(|pattern| pattern.class) else { return Ok(End::Done(Vec::new())) };
        let key = DocumentKey { tenant: self.inner.tenant.clone(), kind: CLASS.to_owned(), name: class.id.clone() };
        let document = self.inner.store.document(&key).await?;
        let shadow = document.as_ref().and_then(|document| serde_json::from_slice::<Shadow>(&document.body).ok());
        let json = class.json();
        // An earlier attempt may have written what the template said then.
        let is_unsure = task.attempts > 1;
        if !is_unsure && shadow.as_ref().is_some_and(|shadow| shadow.class == json) {
            return Ok(End::Done(Vec::new()));
        }
        if let Err(error) = write(&google.client, &class, shadow.as_ref(), is_unsure).await {
            if let (GoogleError::Unavailable { .. }, Some(document)) = (&error, &document) {
                // Nobody knows what is there now, and a later errand may take the place of this one.
                let forget = Write::DeleteDocument { key, expected: document.revision };
                match self.inner.store.commit(vec![forget]).await {
                    Ok(_) | Err(StoreError::Conflict { .. }) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            return Ok(google.failed(&error, task.attempts, self.inner.clock.now()).0);
        }
        google.rest.end();
        let body = Bytes::from(record::written(&Shadow { class: json }));
        let expected = document.map(|document| document.revision);
        let document = NewDocument { key, body, at: self.inner.clock.now() };
        Ok(End::Done(vec![Write::PutDocument { document, expected }]))
    }

    /// Has a class written anew: an attempt that took longer than its lease may have overwritten what a later one wrote.
    pub(in crate::issuer) async fn rewrite_class(&self, template: &str) -> Result<(), Error> {
        let Some(class) = self.pattern(template).await?.and_then(|pattern| pattern.class) else { return Ok(()) };
        let key = DocumentKey { tenant: self.inner.tenant.clone(), kind: CLASS.to_owned(), name: class.id };
        let mut writes = vec![self.task_of_template(CLASS, template)];
        if let Some(document) = self.inner.store.document(&key).await? {
            writes.push(Write::DeleteDocument { key, expected: document.revision });
        }
        self.inner.store.commit(writes).await?;
        Ok(())
    }
}

/// Writes a class: by one request where it is there and nothing vanishes from it.
async fn write(client: &Client, class: &Class, before: Option<&Shadow>, is_unsure: bool) -> Result<(), GoogleError> {
    let (classes, json) = (Collection::classes(class.vertical), class.json());
    if is_unsure && is_there(client, classes, &json).await? {
        return Ok(());
    }
    let written = match before {
        Some(before) if !is_unsure && !is_dropped(&before.class, &json) => {
            client.patch(classes, &class.id, &json).await
        }
        _ => client.renew(classes, &json).await,
    };
    match written {
        Err(GoogleError::NotFound { .. } | GoogleError::ClassNotFound { .. }) => {
            client.upsert(classes, &json).await.map(drop)
        }
        outcome => outcome.map(drop),
    }
}
