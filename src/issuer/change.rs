//! Later versions of a pass, and its end.

use chrono::{DateTime, FixedOffset};
use serde_json::Value;
use walletpass_core::{Expiry, Pass, Serial, State};
use walletpass_webservice::store::{NewPass, StoreError, StoredPass, Tag, Write, Written};

use super::outbox::{Errand, GOOGLE, WAKE};
use super::{Delivered, Error, Issuer, record};

/// What became of a change.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Change {
    /// The pass says something else now.
    Changed {
        /// The number of the new version.
        version: Tag,
        /// What was delivered at once. The rest is kept, and done by [`Issuer::run_due`].
        delivered: Vec<Delivered>,
    },
    /// The pass says what it said before: nothing was written, and nobody was told.
    Unchanged,
}

impl Issuer {
    /// Changes a pass.
    ///
    /// `change` gets the pass as it is, and is called again when somebody else changes it at the same time.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Contended`], [`Error::Serial`]; those of [`create`](Issuer::create) for what the pass would be. Nothing is
    /// written then.
    pub async fn update(&self, serial: &Serial, mut change: impl FnMut(&mut Pass)) -> Result<Change, Error> {
        self.try_update(serial, "updated", |pass| {
            change(pass);
            Ok(())
        })
        .await
    }

    /// Puts a pass in the place of the one with its serial number: what is not in it is gone.
    ///
    /// # Errors
    ///
    /// Those of [`update`](Issuer::update).
    pub async fn replace(&self, pass: &Pass) -> Result<Change, Error> {
        self.update(&pass.serial, |present| *present = pass.clone()).await
    }

    /// Merges a patch into the JSON form of a pass (RFC 7396): keys replace, `null` removes, all else stays.
    ///
    /// # Errors
    ///
    /// Those of [`update`](Issuer::update), and [`Error::Json`] when it leaves no pass.
    pub async fn merge(&self, serial: &Serial, patch: &Value) -> Result<Change, Error> {
        self.try_update(serial, "updated", |pass| {
            let mut json = serde_json::to_value(&*pass).unwrap_or_default();
            json_patch::merge(&mut json, patch);
            *pass = Pass::from_json(json.to_string().as_bytes())?;
            Ok(())
        })
        .await
    }

    /// Withdraws a pass.
    ///
    /// # Errors
    ///
    /// Those of [`update`](Issuer::update).
    pub async fn void(&self, serial: &Serial) -> Result<Change, Error> {
        self.set_state(serial, State::Voided, "voided").await
    }

    /// Puts a pass back into use that was withdrawn, redeemed or expired.
    ///
    /// # Errors
    ///
    /// Those of [`update`](Issuer::update).
    pub async fn reinstate(&self, serial: &Serial) -> Result<Change, Error> {
        self.set_state(serial, State::Active, "reinstated").await
    }

    /// Uses a pass up.
    ///
    /// # Errors
    ///
    /// Those of [`update`](Issuer::update).
    pub async fn redeem(&self, serial: &Serial) -> Result<Change, Error> {
        self.set_state(serial, State::Redeemed, "redeemed").await
    }

    /// Says that the time of a pass is over.
    ///
    /// # Errors
    ///
    /// Those of [`update`](Issuer::update).
    pub async fn expire(&self, serial: &Serial) -> Result<Change, Error> {
        self.set_state(serial, State::Expired, "expired").await
    }

    /// Sets when a pass ends.
    ///
    /// # Errors
    ///
    /// Those of [`update`](Issuer::update).
    pub async fn extend(&self, serial: &Serial, until: DateTime<FixedOffset>) -> Result<Change, Error> {
        self.try_update(serial, "extended", |pass| {
            pass.dates.expires = Some(Expiry::At(until));
            Ok(())
        })
        .await
    }

    /// Removes a pass. Phones keep what they have, and are not told: [`void`](Issuer::void) it first where that matters. At Google, where nothing can be removed, it is
    /// deactivated.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Contended`], [`Error::Store`].
    pub async fn delete(&self, serial: &Serial) -> Result<(), Error> {
        for _ in 0..TRIES {
            let stored = self.stored(serial).await?;
            let (key, at) = (stored.pass.key.clone(), self.inner.clock.now());
            let mut pass = record::decode(&stored)?;
            pass.state = State::Voided;
            let mut writes = vec![
                Write::DeletePass { key: key.clone(), expected: stored.tag, at },
                self.event("deleted", &key, Default::default()),
            ];
            if self.inner.google.is_some() {
                writes.push(self.task(GOOGLE, &key, &Errand { pass: Some(pass), ..Errand::default() }));
            }
            match self.inner.store.commit(writes).await {
                Ok(_) => {
                    self.deliver_at_once().await;
                    return Ok(());
                }
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Error::Contended { serial: serial.clone() })
    }

    async fn set_state(&self, serial: &Serial, state: State, event: &str) -> Result<Change, Error> {
        self.try_update(serial, event, |pass| {
            pass.state = state;
            Ok(())
        })
        .await
    }

    /// The one way on which a pass changes: load, compute, compare, and one commit of the version and all that it causes.
    async fn try_update(
        &self,
        serial: &Serial,
        event: &str,
        mut change: impl FnMut(&mut Pass) -> Result<(), Error>,
    ) -> Result<Change, Error> {
        for _ in 0..TRIES {
            let stored = self.stored(serial).await?;
            let mut pass = record::decode(&stored)?;
            change(&mut pass)?;
            if pass.serial != *serial {
                return Err(Error::Serial { serial: serial.clone(), given: pass.serial });
            }
            self.put_pictures(&mut pass).await?;
            let body = record::encode(&pass);
            if body == stored.pass.body {
                return Ok(Change::Unchanged);
            }
            self.judge(&pass).await?;
            let writes = self.writes_of(&stored, &pass, body, event);
            match self.inner.store.commit(writes).await {
                Ok(written) => {
                    let version = written.iter().find_map(|written| match written {
                        Written::Pass(tag) => Some(*tag),
                        _ => None,
                    });
                    let delivered = self.deliver_at_once().await;
                    return Ok(Change::Changed { version: version.unwrap_or(stored.tag), delivered });
                }
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Error::Contended { serial: serial.clone() })
    }

    fn writes_of(&self, stored: &StoredPass, pass: &Pass, body: bytes::Bytes, event: &str) -> Vec<Write> {
        let StoredPass { pass: before, tag, .. } = stored;
        let key = before.key.clone();
        let (state, at) = (pass.state, self.inner.clock.now());
        let new = NewPass { body, state, at, ..before.clone() };
        let mut writes =
            vec![Write::UpdatePass { pass: new, expected: *tag }, self.event(event, &key, Default::default())];
        if self.inner.apple.contains_key(&key.pass_type) {
            writes.push(self.task(WAKE, &key, &Errand::default()));
        }
        if self.inner.google.is_some() {
            writes.push(self.task(GOOGLE, &key, &Errand::default()));
        }
        writes
    }
}

/// How often a change is computed anew when others change the same pass.
const TRIES: u32 = 20;
