//! Later versions of a pass, and its end.

use bytes::Bytes;
use chrono::{DateTime, FixedOffset};
use serde_json::Value;
use walletpass_core::{Expiry, Pass, Serial, State};
use walletpass_webservice::store::{NewPass, StoreError, Tag, Write, Written};

use super::at_google::GoogleOutcome;
use super::create::settle_expiry;
use super::outbox::{Errand, GOOGLE, Outcome};
use super::pictures::Fetched;
use super::record::Record;
use super::{Error, Issuer, trace};

/// What became of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// The pass says something else now, and what was not delivered at once is kept, to be done by [`Issuer::run_due`].
    Changed {
        /// The number of the new version.
        version: Tag,
        /// How many Apple devices were told to fetch it.
        notified: u64,
        /// How many Apple devices are told later, as APNs did not take the push; those of a pass with more than 1,000 devices, which are told by and by, are not
        /// counted.
        waiting: u64,
        /// How it stands with the object at Google.
        google: GoogleOutcome,
    },
    /// The pass says what it said before: nothing was written, and nobody was told.
    Unchanged,
}

/// What a change is made for: the kind of event that is recorded.
type Event = &'static str;

impl Issuer {
    /// Changes a pass.
    ///
    /// `change` gets the pass as it is, and is called again when somebody else changes it at the same time.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Contended`], [`Error::Serial`], [`Error::Kind`], [`Error::StoredTemplate`]; those of [`create`](Issuer::create) for what the pass would be. Nothing is
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

    /// Withdraws a pass, also one that a wallet would no longer take as it is: so do the verbs below that only end it or begin it anew.
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
    /// deactivated, and keeps what it says. Here its events stay until they are [pruned](Issuer::prune_events), the names of its objects, and its last
    /// words until Google has been told: if Google refuses them they are among the [`dead`](Issuer::dead) errands, to be [discarded](Issuer::discard).
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Contended`], [`Error::Stored`], [`Error::Store`].
    #[tracing::instrument(name = "delete", skip_all, fields(%serial, tenant = self.inner.tenant.as_str()), err)]
    pub async fn delete(&self, serial: &Serial) -> Result<(), Error> {
        let turn = self.inner.turns.wait(&self.key(serial)).await;
        for _ in 0..TRIES {
            let stored = self.stored(serial).await?;
            let (key, at) = (stored.pass.key.clone(), self.inner.clock.now());
            let mut record = Record::read(&stored)?;
            record.pass.state = State::Voided;
            let mut writes = vec![
                Write::DeletePass { key: key.clone(), expected: stored.tag, at },
                self.event("deleted", &key, Bytes::new()),
            ];
            if self.inner.google.is_some() {
                let errand = Errand { last: Some(Box::new(record)), ..Errand::about(&key) };
                writes.push(self.task(GOOGLE, &key, errand));
            }
            match self.inner.store.commit(writes).await {
                Ok(_) => {
                    drop(turn);
                    self.deliver(&key).await;
                    return Ok(());
                }
                Err(StoreError::Conflict { .. }) => trace::contended(),
                Err(error) => return Err(error.into()),
            }
        }
        Err(Error::Contended { serial: serial.clone() })
    }

    async fn set_state(&self, serial: &Serial, state: State, event: Event) -> Result<Change, Error> {
        self.try_update(serial, event, |pass| {
            pass.state = state;
            Ok(())
        })
        .await
    }

    pub(super) async fn try_update(
        &self,
        serial: &Serial,
        event: Event,
        mut change: impl FnMut(&mut Pass) -> Result<(), Error>,
    ) -> Result<Change, Error> {
        self.try_change(serial, event, |record| {
            change(&mut record.pass)?;
            Ok(vec![self.event(event, &self.key(serial), Bytes::new())])
        })
        .await
    }

    /// The one way on which a pass changes: load, compute, compare, and one commit of the version and all that it causes, with the writes
    /// that `change` gives.
    #[tracing::instrument(name = "change", skip_all, fields(%serial, tenant = self.inner.tenant.as_str(), event = event), err)]
    pub(super) async fn try_change(
        &self,
        serial: &Serial,
        event: Event,
        mut change: impl FnMut(&mut Record) -> Result<Vec<Write>, Error>,
    ) -> Result<Change, Error> {
        let mut fetched = Fetched::new();
        let turn = self.inner.turns.wait(&self.key(serial)).await;
        for _ in 0..TRIES {
            let stored = self.stored(serial).await?;
            let record = Record::read(&stored)?;
            let pattern = self.pattern_of(&record).await?;
            let (base, origin) = self.rebased(&record, &stored.pass.key.pass_type, pattern.as_ref()).await?;
            let Record { pass: before, first, posted, signed_up, origin: origin_before } = record;
            let mut next = Record { pass: base.clone(), first, posted, signed_up, origin: origin_before };
            let caused = change(&mut next)?;
            judge_identity(&before, &next.pass)?;
            settle_expiry(&mut next.pass, Some(&before), self.inner.clock.now());
            let brought = self.take_pictures(&mut next.pass, &mut fetched).await?;
            let mut body = next.body();
            if body == stored.pass.body {
                trace::unchanged();
                return Ok(Change::Unchanged);
            }
            let class = match self.judge(&next.pass, next.posted.as_ref(), &brought, pattern.as_ref()).await {
                Ok(judged) => judged.class,
                // What no wallet would take any more can be withdrawn all the same.
                Err(error @ (Error::Apple(_) | Error::Google(_))) if is_end_alone(&base, &next.pass) => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "a wallet would not take the pass as it is"
                    );
                    None
                }
                Err(error) => return Err(error),
            };
            self.keep_pictures(brought).await?;
            if let Some(origin) = origin {
                next.origin = Some(origin.after(&base, &next.pass, class));
                self.catch_up_with_template(&mut next, &stored.pass.key.pass_type, pattern.as_ref()).await?;
                body = next.body();
            }
            let (key, state, at) = (stored.pass.key.clone(), next.pass.state, self.inner.clock.now());
            let new = NewPass { body, state, at, ..stored.pass };
            let mut writes = vec![Write::UpdatePass { pass: new, expected: stored.tag }];
            writes.extend(caused);
            writes.extend(self.tasks_of(&key));
            match self.inner.store.commit(writes).await {
                Ok(written) => {
                    let version = match written.first() {
                        Some(Written::Pass(tag)) => *tag,
                        _ => stored.tag,
                    };
                    trace::changed(version.0);
                    drop(turn);
                    return Ok(self.changed(version, self.deliver(&key).await));
                }
                Err(StoreError::Conflict { .. }) => trace::contended(),
                Err(error) => return Err(error.into()),
            }
        }
        Err(Error::Contended { serial: serial.clone() })
    }

    fn changed(&self, version: Tag, outcomes: Vec<Outcome>) -> Change {
        let (mut notified, mut waiting) = (0, 0);
        for outcome in &outcomes {
            if let Outcome::Apple(woken) = outcome {
                notified += woken.notified;
                waiting += woken.waiting;
            }
        }
        Change::Changed { version, notified, waiting, google: self.google_outcome(outcomes) }
    }
}

/// Says whether nothing changed but where a pass stands in its life.
fn is_end_alone(before: &Pass, after: &Pass) -> bool {
    let mut after = after.clone();
    after.state = before.state;
    after.dates.expires = before.dates.expires;
    after == *before
}

/// Refuses to make another pass of a pass.
pub(super) fn judge_identity(before: &Pass, after: &Pass) -> Result<(), Error> {
    if before.serial != after.serial {
        return Err(Error::Serial { serial: before.serial.clone(), given: after.serial.clone() });
    }
    if before.kind.name() != after.kind.name() {
        let (kind, given) = (before.kind.name(), after.kind.name());
        return Err(Error::Kind { serial: before.serial.clone(), kind, given });
    }
    Ok(())
}

/// How often a change is computed anew when other processes change the same pass.
pub(super) const TRIES: u32 = 100;
