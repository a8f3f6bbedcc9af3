//! Doing what the store says is still to be done.

use chrono::TimeDelta;
use futures_util::future::join_all;
use walletpass_core::Serial;
use walletpass_google::Error as GoogleError;
use walletpass_push::{FanOut, Gone, Misconfiguration, Outcome};
use walletpass_webservice::store::{Claim, RegistrationQuery, StoreError, Task, Write};
use walletpass_webservice::{PassKey, PushToken};

use super::outbox::{Errand, GOOGLE, WAKE};
use super::{Error, Issuer, record};

/// One errand that was run.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Delivered {
    /// Devices were woken.
    Apple {
        /// The pass that changed.
        serial: Serial,
        /// How many devices APNs took a push for.
        notified: u64,
        /// How many devices are gone; their registrations were removed.
        gone: u64,
        /// How many are tried again later.
        waiting: u64,
    },
    /// The object at Google was brought to what the pass says, or not yet.
    Google {
        /// The pass that changed.
        serial: Serial,
        /// How that went.
        outcome: GoogleOutcome,
    },
}

/// How a call to Google went.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GoogleOutcome {
    /// The object is as the pass is.
    Done,
    /// Google would not have it, and will not the next time; the errand is among the dead ones.
    Refused(String),
    /// It is tried again later.
    Waiting(String),
}

/// What to do with a task that was run.
enum End {
    Done(Vec<Write>),
    Dead(String),
    Later { after: TimeDelta, why: String },
}

impl Issuer {
    /// Does what is due, at most so many errands, and says what became of each. Call it again and again, in any number of processes:
    /// each errand is done by one of them, and those of one pass one after the other.
    ///
    /// # Errors
    ///
    /// Those of the store. What was done before is done.
    pub async fn run_due(&self, limit: usize) -> Result<Vec<Delivered>, Error> {
        let now = self.inner.clock.now();
        let claim = Claim {
            tenant: Some(self.inner.tenant.clone()),
            kinds: vec![WAKE.to_owned(), GOOGLE.to_owned()],
            key: None,
            now,
            until: now + LEASE,
            limit: limit.max(1),
        };
        let tasks = self.inner.store.claim(&claim).await?;
        let done = join_all(tasks.into_iter().map(|task| self.run(task))).await;
        done.into_iter().filter_map(Result::transpose).collect()
    }

    /// Delivers what has just been committed. What fails is kept, and so is what the store does not give.
    pub(super) async fn deliver_at_once(&self) -> Vec<Delivered> {
        self.run_due(AT_ONCE).await.unwrap_or_default()
    }

    async fn run(&self, task: Task) -> Result<Option<Delivered>, Error> {
        let (lease, attempts) = (task.lease(), task.attempts);
        let errand: Errand = serde_json::from_slice(&task.task.body).unwrap_or_default();
        let (end, delivered) = match self.key_of_task(&task.task) {
            None => (End::Dead("the key of the task names no pass".to_owned()), None),
            Some(key) if task.task.kind == WAKE => self.wake(&key, errand).await?,
            Some(key) => self.put_at_google(&key, errand, attempts).await?,
        };
        let writes = match end {
            End::Done(mut writes) => {
                writes.insert(0, Write::FinishTask(lease));
                writes
            }
            End::Dead(error) => vec![Write::BuryTask { lease, error: cut(error) }],
            End::Later { after, why } => {
                vec![Write::RetryTask { lease, due: self.inner.clock.now() + after, error: cut(why) }]
            }
        };
        match self.inner.store.commit(writes).await {
            // Somebody else has it by now, and does it.
            Err(StoreError::LeaseLost { .. }) => Ok(None),
            Err(error) => Err(error.into()),
            Ok(_) => Ok(delivered),
        }
    }

    /// Wakes the devices of a pass. Those that are to be tried again make an errand of their own, so that none is woken twice.
    async fn wake(&self, key: &PassKey, errand: Errand) -> Result<(End, Option<Delivered>), Error> {
        let Some(apple) = self.inner.apple.get(&key.pass_type) else {
            let why = format!("no identity for {}", key.pass_type.as_str());
            return Ok((End::Later { after: LONGEST, why }, None));
        };
        let now = self.inner.clock.now();
        let fan_out = FanOut::new(apple.push.clone()).with_tries(1);
        let (mut gone, mut left) = (Vec::new(), Vec::new());
        let mut why = None;
        let mut done = |token: String, outcome: Outcome| match outcome {
            Outcome::Gone(Gone::Unregistered { since }) => gone.push((token, since.unwrap_or(now))),
            Outcome::Gone(_) => gone.push((token, now)),
            Outcome::Later(_) => left.push(token),
            Outcome::Misconfigured(Misconfiguration { reason, .. }) => {
                why = Some(reason);
                left.push(token);
            }
            _ => {}
        };
        let tally = if errand.tokens.is_empty() {
            let mut query = Some(RegistrationQuery { pass: key.clone(), cursor: None, limit: 1_000 });
            let page = async || {
                loop {
                    let Some(asked) = query.take() else { return Ok::<_, StoreError>(Vec::new()) };
                    let page = self.inner.store.registrations(&asked).await?;
                    query = page.next.map(|next| RegistrationQuery { cursor: Some(next), ..asked });
                    if !page.items.is_empty() || query.is_none() {
                        return Ok(page.items.into_iter().map(|held| held.push_token.as_str().to_owned()).collect());
                    }
                }
            };
            fan_out.wake_pages(&key.pass_type, page, &mut done).await?
        } else {
            fan_out.wake_all(&key.pass_type, errand.tokens, &mut done).await
        };
        let mut writes = Vec::new();
        for (token, until) in &gone {
            if let Ok(push_token) = token.parse::<PushToken>() {
                let (tenant, pass_type) = (key.tenant.clone(), key.pass_type.clone());
                writes.push(Write::ForgetToken { tenant, pass_type, push_token, until: *until, at: now });
            }
        }
        let serial = key.serial.clone();
        let delivered =
            Delivered::Apple { serial, notified: tally.delivered, gone: tally.gone, waiting: left.len() as u64 };
        if !left.is_empty() {
            let tries = errand.tries + 1;
            let again = self.task(WAKE, key, &Errand { tokens: left, tries, pass: None });
            writes.push(due_after(again, pause(tries)));
        }
        Ok((End::Done(writes), Some(delivered)))
    }

    async fn put_at_google(
        &self,
        key: &PassKey,
        errand: Errand,
        attempts: u32,
    ) -> Result<(End, Option<Delivered>), Error> {
        let Some(client) = &self.inner.google else {
            return Ok((End::Later { after: LONGEST, why: "no Google client".to_owned() }, None));
        };
        let pass = match (errand.pass, self.inner.store.pass(key).await?) {
            (_, Some(stored)) => record::decode(&stored)?,
            (Some(last), None) => last,
            (None, None) => return Ok((End::Done(Vec::new()), None)),
        };
        let delivered = |outcome| Some(Delivered::Google { serial: key.serial.clone(), outcome });
        let result = match client.account().card(&pass) {
            Ok(card) => client.change(&card).await.map(drop),
            Err(error) => Err(error),
        };
        Ok(match result {
            Ok(()) => (End::Done(Vec::new()), delivered(GoogleOutcome::Done)),
            Err(
                error @ (GoogleError::Invalid { .. } | GoogleError::Refused(_) | GoogleError::IssuerMismatch { .. }),
            ) => (End::Dead(error.to_string()), delivered(GoogleOutcome::Refused(error.to_string()))),
            Err(error) => {
                let named = match &error {
                    GoogleError::Quota { retry_after, .. } => *retry_after,
                    _ => None,
                };
                let named = named.and_then(|after| TimeDelta::from_std(after).ok());
                let why = error.to_string();
                (
                    End::Later { after: named.unwrap_or_else(|| pause(attempts)), why: why.clone() },
                    delivered(GoogleOutcome::Waiting(why)),
                )
            }
        })
    }
}

fn due_after(write: Write, after: TimeDelta) -> Write {
    match write {
        Write::EnqueueTask(mut task) => {
            task.due += after;
            Write::EnqueueTask(task)
        }
        other => other,
    }
}

/// The ladder of pauses: five seconds, twice that and so on, ten minutes at most.
fn pause(tries: u32) -> TimeDelta {
    (TimeDelta::seconds(5) * (1 << tries.saturating_sub(1).min(10))).min(LONGEST)
}

/// A store takes so much of an error.
fn cut(error: String) -> String {
    let error = error.replace('\0', " ");
    let end = (0..=MOST_OF_ERROR.min(error.len())).rev().find(|end| error.is_char_boundary(*end)).unwrap_or(0);
    error.get(..end).unwrap_or_default().to_owned()
}

const LEASE: TimeDelta = TimeDelta::minutes(2);
const LONGEST: TimeDelta = TimeDelta::minutes(10);
const AT_ONCE: usize = 8;
const MOST_OF_ERROR: usize = 1_024;
