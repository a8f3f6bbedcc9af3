//! What is still to be done after a commit, and the doing of it.

use std::future::Future;
use std::iter::successors;
use std::pin::{Pin, pin};
use std::time::Duration;

use bytes::Bytes;
use chrono::TimeDelta;
use futures_util::future::{Either, join_all, select};
use serde::{Deserialize, Serialize};
use tracing::Instrument as _;
use walletpass_core::{PassTypeId, Serial};
use walletpass_webservice::PassKey;
use walletpass_webservice::store::{Claim, NewEvent, NewTask, StoreError, Task, Write, Written};

use super::notify::Noticed;
use super::record::Record;
use super::template::{CLASS, TEMPLATE};
use super::{Error, GoogleOutcome, Issuer, MessageOutcome, Woken, record, trace};

/// Wakes the devices that hold a pass.
pub(super) const WAKE: &str = "wake";
/// Wakes those that a waking left over; each under a key of its own, so that none takes the place of another.
pub(super) const WAKE_REST: &str = "wake-rest";
/// Brings the object at Google to what the pass says.
pub(super) const GOOGLE: &str = "google";
/// Adds a message to the object at Google.
pub(super) const MESSAGE: &str = "message";

/// What a task says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Errand {
    pub(super) pass_type: PassTypeId,
    pub(super) serial: Serial,
    /// For [`WAKE_REST`]: the devices that are left.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) tokens: Vec<String>,
    /// For [`WAKE_REST`]: where the walk through the devices goes on, if it is not done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) cursor: Option<String>,
    /// How often the devices that are left were tried in vain.
    #[serde(default)]
    pub(super) tries: u32,
    /// For [`GOOGLE`]: the last words of a pass that is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) last: Option<Box<Record>>,
    /// For [`MESSAGE`]: what it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) notice: Option<Noticed>,
}

/// What became of an errand.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Delivered {
    /// The pass it was about.
    pub serial: Serial,
    /// The type of that pass.
    pub pass_type: PassTypeId,
    /// How it went.
    pub outcome: Outcome,
}

/// How an errand went.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// Devices were woken.
    Apple(Woken),
    /// The object at Google was written, or not.
    Google(GoogleOutcome),
    /// A message was added to the object at Google, or not.
    Message(MessageOutcome),
}

/// What to do with a task that was run.
pub(super) enum End {
    Done(Vec<Write>),
    Dead(String),
    Later { after: TimeDelta, why: String },
}

impl Issuer {
    /// Does what is due of this tenant, at most so many errands of each wallet, and says what became of each. Call it again and again, in any number of processes:
    /// each errand is done by one of them, and those of one pass one after the other.
    ///
    /// What fails is tried again after 5 seconds, twice that and so on, ten minutes at most; what fails for a day is given up and
    /// is among the [`dead`](Issuer::dead). While Google does not answer, it is asked for one errand now and then, once a minute at
    /// most, and by no change; when it answers again, it gets all.
    ///
    /// What is done for a [template](Issuer::put_template) is not among what it gives: its passes are.
    ///
    /// # Errors
    ///
    /// [`Error::Store`]. What was done before is done.
    pub async fn run_due(&self, limit: usize) -> Result<Vec<Delivered>, Error> {
        Ok(self.run_some(limit).await?.1)
    }

    /// Does what is due, and says how many errands that were.
    async fn run_some(&self, limit: usize) -> Result<(usize, Vec<Delivered>), Error> {
        let limit = limit.clamp(1, MOST_AT_ONCE);
        let at_google = match &self.inner.google {
            Some(_) if !self.google_is_on_trial() => limit.min(MOST_AT_GOOGLE),
            Some(_) if !self.google_rests() => 1,
            _ => 0,
        };
        // One claim after the other: a store may give fewer to those that claim at the same time.
        let mut tasks = self.claim(&[WAKE, WAKE_REST, TEMPLATE], None, limit).await?;
        let mut failed = None;
        if at_google > 0 {
            match self.claim(&[GOOGLE, CLASS, MESSAGE], None, at_google).await {
                Ok(more) => tasks.extend(more),
                Err(error) => failed = Some(error), // those that are claimed are done first
            }
        }
        let some = tasks.len();
        let done = self.run_all(tasks, false).await?;
        failed.map_or(Ok((some, done)), Err)
    }

    /// Does what is due of this tenant whenever there is something, until `stop` is done: the loop that a host spawns, in any number of processes.
    ///
    /// What is under way when `stop` is done is brought to its end. It looks into the store once a second while there is
    /// nothing, and half a minute apart while the store cannot be reached. It waits on the tokio runtime.
    pub async fn worker(&self, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        loop {
            let pause = match self.run_some(MOST_AT_ONCE).await {
                Ok((0, _)) => Duration::from_secs(1),
                Ok(_) => Duration::ZERO,
                Err(error) => {
                    tracing::error!(error = &error as &dyn std::error::Error, "the worker rests for half a minute");
                    Duration::from_secs(30)
                }
            };
            if let Either::Left(_) = select(stop.as_mut(), pin!(tokio::time::sleep(pause))).await {
                return;
            }
        }
    }

    /// Delivers what was just committed for a pass. What fails is kept, and so is what the store does not give.
    pub(super) async fn deliver(&self, key: &PassKey) -> Vec<Outcome> {
        let kinds: &[&str] = if self.google_is_busy() { &[WAKE] } else { &[WAKE, GOOGLE] };
        self.deliver_kinds(kinds, task_key(key)).await
    }

    /// Does the errands of these kinds and this key.
    pub(super) async fn deliver_kinds(&self, kinds: &[&str], key: String) -> Vec<Outcome> {
        let done = async { self.run_all(self.claim(kinds, Some(key), kinds.len()).await?, true).await };
        match done.await {
            Ok(done) => done.into_iter().map(|delivered| delivered.outcome).collect(),
            Err(error) => {
                // The change is committed, and so are its errands.
                tracing::warn!(error = &error as &dyn std::error::Error, "delivery is left to the worker");
                Vec::new()
            }
        }
    }

    async fn claim(&self, kinds: &[&str], key: Option<String>, limit: usize) -> Result<Vec<Task>, Error> {
        let (now, tenant) = (self.inner.clock.now(), Some(self.inner.tenant.clone()));
        let kinds = kinds.iter().map(|kind| (*kind).to_owned()).collect();
        Ok(self.inner.store.claim(&Claim { tenant, kinds, key, now, until: now + LEASE, limit }).await?)
    }

    async fn run_all(&self, tasks: Vec<Task>, is_inline: bool) -> Result<Vec<Delivered>, Error> {
        let done = join_all(tasks.into_iter().map(|task| self.run(task, is_inline))).await;
        done.into_iter().filter_map(Result::transpose).collect()
    }

    /// Runs an errand; one that a change waits for does not wait for Google for long. Boxed, as the compiler cannot see otherwise that it may be
    /// sent.
    fn run(
        &self,
        task: Task,
        is_inline: bool,
    ) -> Pin<Box<dyn Future<Output = Result<Option<Delivered>, Error>> + Send + '_>> {
        let span = tracing::debug_span!("errand", kind = task.task.kind, pass = task.task.key, attempt = task.attempts);
        let work = async move {
            if matches!(task.task.kind.as_str(), CLASS | TEMPLATE) {
                return self.run_for_template(&task).await.map(|()| None);
            }
            let lease = task.lease();
            let errand = match serde_json::from_slice::<Errand>(&task.task.body) {
                Ok(errand) => errand,
                Err(error) => {
                    let error = cut(&format!("the errand cannot be read: {error}"));
                    self.inner.store.commit(vec![Write::BuryTask { lease, error }]).await.or_else(unless_taken)?;
                    return Ok(None);
                }
            };
            let key = self.key_of(&errand.pass_type, &errand.serial);
            let done = match task.task.kind.as_str() {
                GOOGLE => self.put_at_google(errand, &task, is_inline).await,
                MESSAGE => self.send_message(errand, &task).await,
                _ => self.wake(errand, &task).await,
            };
            let (end, outcome) = match done {
                Ok(done) => done,
                Err(error @ Error::Store(StoreError::Unavailable { .. })) => return Err(error),
                // Nothing that another attempt would mend, and no reason to stop the other errands.
                Err(error) => {
                    let why = told(&error);
                    let refused = match task.task.kind.as_str() {
                        GOOGLE => Some(Outcome::Google(GoogleOutcome::Refused(why.clone()))),
                        MESSAGE => Some(Outcome::Message(MessageOutcome::Refused(why.clone()))),
                        _ => None,
                    };
                    (End::Dead(why), refused)
                }
            };
            let end = end.at(task.attempts);
            trace::errand(&task, &end, outcome.as_ref());
            match self.inner.store.commit(self.end_of(&task, end)).await {
                // Somebody else has it by now, and does it.
                Err(StoreError::LeaseLost { .. }) => {
                    if task.task.kind == GOOGLE {
                        self.rewrite_at_google(&key).await?;
                    }
                    Ok(None)
                }
                Err(error @ StoreError::Conflict { .. }) => {
                    self.inner.store.commit(self.once_more(&task, &error)).await.or_else(unless_taken)?;
                    Ok(None)
                }
                Err(error) => Err(error.into()),
                Ok(_) => {
                    let PassKey { pass_type, serial, .. } = key;
                    Ok(outcome.map(|outcome| Delivered { serial, pass_type, outcome }))
                }
            }
        };
        Box::pin(work.instrument(span))
    }

    /// Makes the writes that end an attempt.
    pub(super) fn end_of(&self, task: &Task, end: End) -> Vec<Write> {
        let lease = task.lease();
        match end {
            End::Done(mut writes) => {
                writes.insert(0, Write::FinishTask(lease));
                writes
            }
            End::Dead(why) => vec![Write::BuryTask { lease, error: cut(&why) }],
            End::Later { after, why } => {
                vec![Write::RetryTask { lease, due: self.inner.clock.now() + after, error: cut(&why) }]
            }
        }
    }

    /// Makes the writes that put an attempt back whose last commit met a change by somebody else.
    pub(super) fn once_more(&self, task: &Task, error: &StoreError) -> Vec<Write> {
        let after = pause(task.attempts);
        self.end_of(task, End::Later { after, why: told(error) }.at(task.attempts))
    }

    /// Makes the tasks that a change of a pass causes.
    pub(super) fn tasks_of(&self, key: &PassKey) -> Vec<Write> {
        let mut tasks = Vec::new();
        if self.inner.apple.contains_key(&key.pass_type) {
            tasks.push(self.task(WAKE, key, Errand::about(key)));
        }
        if self.inner.google.is_some() {
            tasks.push(self.task(GOOGLE, key, Errand::about(key)));
        }
        tasks
    }

    pub(super) fn task(&self, kind: &str, key: &PassKey, errand: Errand) -> Write {
        self.task_with_key(kind, task_key(key), errand, TimeDelta::zero())
    }

    pub(super) fn task_with_key(&self, kind: &str, key: String, errand: Errand, after: TimeDelta) -> Write {
        Write::EnqueueTask(NewTask {
            tenant: self.inner.tenant.clone(),
            kind: kind.to_owned(),
            key,
            body: record::written(&errand).into(),
            due: self.inner.clock.now() + after,
        })
    }

    pub(super) fn event(&self, kind: &str, key: &PassKey, body: Bytes) -> Write {
        let (tenant, pass, at) = (key.tenant.clone(), Some(key.clone()), self.inner.clock.now());
        Write::AppendEvent(NewEvent { tenant, kind: kind.to_owned(), pass, at, body })
    }
}

impl End {
    /// Gives up what was tried so often.
    pub(super) fn at(self, attempts: u32) -> Self {
        match self {
            Self::Later { why, .. } if attempts >= MOST_ATTEMPTS => Self::Dead(why),
            end => end,
        }
    }
}

impl Errand {
    pub(super) fn about(key: &PassKey) -> Self {
        let (pass_type, serial) = (key.pass_type.clone(), key.serial.clone());
        Self { pass_type, serial, tokens: Vec::new(), cursor: None, tries: 0, last: None, notice: None }
    }
}

pub(super) fn task_key(key: &PassKey) -> String {
    format!("{}/{}", key.pass_type, key.serial)
}

/// Says how long to wait after so many tries in vain.
pub(super) fn pause(tries: u32) -> TimeDelta {
    (TimeDelta::seconds(5) * (1 << tries.saturating_sub(1).min(10))).min(LONGEST_PAUSE)
}

/// Tells an error with its causes.
pub(super) fn told(error: &dyn std::error::Error) -> String {
    let causes = successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |told, cause| format!("{told}: {cause}"))
}

/// Somebody else who has the errand by now does it.
fn unless_taken(error: StoreError) -> Result<Vec<Written>, StoreError> {
    match error {
        StoreError::LeaseLost { .. } => Ok(Vec::new()),
        error => Err(error),
    }
}

/// Cuts an error to what a store takes of it.
fn cut(error: &str) -> String {
    let error = error.replace('\0', " ");
    error.get(..error.floor_char_boundary(MOST_OF_ERROR)).unwrap_or_default().to_owned()
}

/// How long an errand is left to a process that may have died over it.
const LEASE: TimeDelta = TimeDelta::minutes(2);
pub(super) const LONGEST_PAUSE: TimeDelta = TimeDelta::minutes(10);
/// With the pauses between them about a day.
pub(super) const MOST_ATTEMPTS: u32 = 150;
const MOST_AT_ONCE: usize = 256;
/// So many that they are done within the lease, also where Google is asked once a second.
const MOST_AT_GOOGLE: usize = 16;
const MOST_OF_ERROR: usize = 1_024;
