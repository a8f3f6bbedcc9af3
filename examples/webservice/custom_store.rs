//! A store of one's own, and the proof that it keeps the contract.
//!
//! ```text
//! cargo run -p walletpass-examples --example custom_store      shows what is kept, and what is read
//! cargo test -p walletpass-examples --example custom_store     puts it to the tests of the contract
//! ```
//!
//! [`Sealed`] encrypts what other stores keep, so that whoever copies the database learns nobody's name. It does so around any store: all
//! that the contract calls opaque passes through it, and everything else is handed on as it is.
//!
//! For a database of your own begin as the documentation of `walletpass_webservice::store` says, with the tests at the end of this file.
#![allow(clippy::print_stdout, reason = "examples print")]

use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;
use openssl::symm::{Cipher, decrypt_aead, encrypt_aead};
use walletpass_webservice::store::*;
use walletpass_webservice::{PassKey, Tenant};

/// Encrypts the bodies of passes, documents, events and tasks, by AES-256 in GCM, on their way into a store.
///
/// Each body is bound to its name, so that one that was moved to another name is not read. That an older body of the same name was
/// put back is not noticed. Names, tokens, times and push tokens stay readable: a store has to compare and sort them.
pub struct Sealed<S> {
    inner: S,
    key: [u8; 32],
}

impl<S: Store> Sealed<S> {
    /// Wraps a store. The key comes from where secrets are kept, and is lost with it.
    pub fn new(inner: S, key: [u8; 32]) -> Self {
        Self { inner, key }
    }

    fn seal(&self, name: &str, body: &mut Bytes) -> Result<(), StoreError> {
        let sealed = || {
            let mut nonce = [0; NONCE];
            openssl::rand::rand_bytes(&mut nonce)?;
            let mut tag = [0; TAG];
            let text = encrypt_aead(Cipher::aes_256_gcm(), &self.key, Some(&nonce), name.as_bytes(), body, &mut tag)?;
            Ok([&nonce[..], &tag, &text].concat())
        };
        *body = sealed()
            .map_err(|error: openssl::error::ErrorStack| StoreError::Unavailable { source: error.into() })?
            .into();
        Ok(())
    }

    fn open(&self, name: &str, body: &mut Bytes) -> Result<(), StoreError> {
        let corrupt = |source| StoreError::Corrupt { what: name.replace('\n', " "), source };
        let (nonce, rest) = body.split_at_checked(NONCE).ok_or_else(|| corrupt(None))?;
        let (tag, text) = rest.split_at_checked(TAG).ok_or_else(|| corrupt(None))?;
        let opened = decrypt_aead(Cipher::aes_256_gcm(), &self.key, Some(nonce), name.as_bytes(), text, tag);
        *body = opened.map_err(|error| corrupt(Some(error.into())))?.into();
        Ok(())
    }

    fn open_pass(&self, stored: &mut StoredPass) -> Result<(), StoreError> {
        self.open(&name_of_pass(&stored.pass.key), &mut stored.pass.body)
    }

    fn open_document(&self, document: &mut Document) -> Result<(), StoreError> {
        self.open(&name_of_document(&document.key), &mut document.body)
    }

    fn open_task(&self, task: &mut Task) -> Result<(), StoreError> {
        self.open(&name_of_task(&task.task), &mut task.task.body)
    }

    fn open_event(&self, Event { event, .. }: &mut Event) -> Result<(), StoreError> {
        match &*event.kind {
            // Written by the store itself, which has no key.
            Event::INSTALLED | Event::REMOVED if event.body.is_empty() => Ok(()),
            _ => self.open(&name_of_event(event), &mut event.body),
        }
    }
}

#[async_trait]
impl<S: Store> Store for Sealed<S> {
    async fn commit(&self, mut writes: Vec<Write>) -> Result<Vec<Written>, StoreError> {
        for write in &mut writes {
            match write {
                Write::CreatePass(pass) | Write::UpdatePass { pass, .. } => {
                    self.seal(&name_of_pass(&pass.key), &mut pass.body)?;
                }
                Write::PutDocument { document, .. } => {
                    self.seal(&name_of_document(&document.key), &mut document.body)?;
                }
                Write::AppendEvent(event) => self.seal(&name_of_event(event), &mut event.body)?,
                Write::EnqueueTask(task) => self.seal(&name_of_task(task), &mut task.body)?,
                // By name, so that a write that comes new does not slip through unsealed.
                Write::BuryTask { .. }
                | Write::DeleteDocument { .. }
                | Write::DeletePass { .. }
                | Write::DiscardTask { .. }
                | Write::FinishTask(_)
                | Write::ForgetToken { .. }
                | Write::PruneEvents { .. }
                | Write::Register { .. }
                | Write::RetryTask { .. }
                | Write::ReviveTask { .. }
                | Write::Unregister { .. } => {}
            }
        }
        self.inner.commit(writes).await
    }

    async fn pass(&self, key: &PassKey) -> Result<Option<StoredPass>, StoreError> {
        let mut stored = self.inner.pass(key).await?;
        stored.iter_mut().try_for_each(|stored| self.open_pass(stored))?;
        Ok(stored)
    }

    async fn passes(&self, query: &PassQuery) -> Result<Page<StoredPass>, StoreError> {
        let mut page = self.inner.passes(query).await?;
        page.items.iter_mut().try_for_each(|stored| self.open_pass(stored))?;
        Ok(page)
    }

    async fn document(&self, key: &DocumentKey) -> Result<Option<Document>, StoreError> {
        let mut document = self.inner.document(key).await?;
        document.iter_mut().try_for_each(|document| self.open_document(document))?;
        Ok(document)
    }

    async fn documents(&self, query: &DocumentQuery) -> Result<Page<Document>, StoreError> {
        let mut page = self.inner.documents(query).await?;
        page.items.iter_mut().try_for_each(|document| self.open_document(document))?;
        Ok(page)
    }

    async fn registrations(&self, query: &RegistrationQuery) -> Result<Page<Registration>, StoreError> {
        self.inner.registrations(query).await
    }

    async fn changed_since(&self, device: &DeviceKey, since: Option<Tag>) -> Result<Option<Changes>, StoreError> {
        self.inner.changed_since(device, since).await
    }

    async fn claim(&self, claim: &Claim) -> Result<Vec<Task>, StoreError> {
        let mut tasks = self.inner.claim(claim).await?;
        tasks.iter_mut().try_for_each(|task| self.open_task(task))?;
        Ok(tasks)
    }

    async fn tasks(&self, query: &TaskQuery) -> Result<Page<Task>, StoreError> {
        let mut page = self.inner.tasks(query).await?;
        page.items.iter_mut().try_for_each(|task| self.open_task(task))?;
        Ok(page)
    }

    async fn events(&self, query: &EventQuery) -> Result<Page<Event>, StoreError> {
        let mut page = self.inner.events(query).await?;
        page.items.iter_mut().try_for_each(|event| self.open_event(event))?;
        Ok(page)
    }
}

impl<S: fmt::Debug> fmt::Debug for Sealed<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealed").field("inner", &self.inner).finish_non_exhaustive() // not the key
    }
}

fn name_of_pass(PassKey { tenant, pass_type, serial }: &PassKey) -> String {
    name(["pass", tenant.as_str(), pass_type.as_str(), serial.as_str()])
}

fn name_of_document(DocumentKey { tenant, kind, name: document }: &DocumentKey) -> String {
    name(["document", tenant.as_str(), kind, document])
}

fn name_of_event(event: &NewEvent) -> String {
    let pass = event.pass.as_ref().map(name_of_pass).unwrap_or_default();
    name(["event", event.tenant.as_str(), &event.kind, &pass])
}

fn name_of_task(task: &NewTask) -> String {
    name(["task", task.tenant.as_str(), &task.kind, &task.key])
}

/// Joins names by what none of them can hold.
fn name(parts: [&str; 4]) -> String {
    parts.join("\n")
}

const NONCE: usize = 12;
const TAG: usize = 16;

#[tokio::main]
async fn main() -> Result<(), walletpass_examples::Failed> {
    let kept = SqliteStore::in_memory()?;
    let mut key = [0; 32];
    openssl::rand::rand_bytes(&mut key)?;
    let store = Sealed::new(kept.clone(), key);

    let key = |serial: &str| -> Result<PassKey, walletpass_examples::Failed> {
        Ok(PassKey {
            tenant: Tenant::default(),
            pass_type: "pass.org.walletpass.club".parse()?,
            serial: serial.parse()?,
        })
    };
    let ada = NewPass {
        key: key("member-4711")?,
        body: r#"{"holder":"Ada Example"}"#.into(),
        token: "vxwxd7J8AlNNFPS8k0a0".into(),
        template: None,
        state: Default::default(),
        at: "2026-11-21T10:00:00Z".parse()?,
    };
    store.commit(vec![Write::CreatePass(ada.clone())]).await?;
    let show = |stored: Option<StoredPass>| stored.map(|stored| stored.pass.body.escape_ascii().to_string());
    println!("kept: {}", show(kept.pass(&ada.key).await?).unwrap_or_default());
    println!("read: {}", show(store.pass(&ada.key).await?).unwrap_or_default());

    // Whoever can write to the database gives Ada's card another number.
    let stolen = kept.pass(&ada.key).await?.ok_or("it was written")?.pass;
    kept.commit(vec![Write::CreatePass(NewPass { key: key("member-4712")?, ..stolen })]).await?;
    match store.pass(&key("member-4712")?).await {
        Err(error) => println!("moved: {error}"),
        Ok(_) => return Err("a body that was moved is not to be read".into()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    mod over_memory {
        use super::*;

        walletpass_webservice::conformance_tests!(Arc::new(Sealed::new(MemoryStore::new(), [7; 32])));
    }

    mod over_sqlite {
        use super::*;

        walletpass_webservice::conformance_tests!(Arc::new(Sealed::new(SqliteStore::in_memory().unwrap(), [7; 32])));
    }
}
