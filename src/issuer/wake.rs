//! Waking the devices that hold a pass.

use std::sync::Arc;

use chrono::TimeDelta;
use walletpass_push::{FanOut, Gone, Later, Outcome as Pushed};
use walletpass_webservice::PushToken;
use walletpass_webservice::store::{Cursor, RegistrationQuery, Task, Write};

use super::outbox::{End, Errand, LONGEST_PAUSE, MOST_ATTEMPTS, Outcome, WAKE, WAKE_REST, pause};
use super::{Error, Issuer};

/// What became of the devices that were to be woken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Woken {
    /// How many devices APNs took a push for.
    pub notified: u64,
    /// How many devices are gone; their registrations were removed.
    pub gone: u64,
    /// How many are tried again later.
    pub waiting: u64,
    /// Why one of them was not woken, and what to do about it.
    pub why: Option<String>,
    /// Whether there are more devices, which are woken by errands of their own.
    pub more: bool,
}

impl Issuer {
    /// Wakes a page of devices. Those that are to be tried again, and those of the next page, make errands of their own in the commit that ends
    /// this one: so a crash repeats one page of pushes at most.
    pub(super) async fn wake(&self, errand: Errand, task: &Task) -> Result<(End, Option<Outcome>), Error> {
        let Errand { pass_type, serial, mut tokens, cursor, tries, .. } = errand;
        let key = self.key_of(&pass_type, &serial);
        let Some(apple) = self.inner.apple.get(&key.pass_type) else {
            let why = format!("the issuer has no identity for {}: add it with `Issuer::apple`", key.pass_type);
            return Ok((End::Later { after: LONGEST_PAUSE, why }, None));
        };
        let mut next = None;
        if tokens.is_empty() {
            let query = RegistrationQuery { pass: key.clone(), cursor: cursor.map(Cursor::new), limit: PAGE };
            let page = self.inner.store.registrations(&query).await?;
            tokens = page.items.into_iter().map(|held| held.push_token.as_str().to_owned()).collect();
            next = page.next;
        }
        let now = self.inner.clock.now();
        let (mut gone, mut left, mut why) = (Vec::new(), Vec::new(), String::new());
        let fan_out = FanOut::new(Arc::clone(&apple.push)).with_tries(1);
        let tally = fan_out
            .wake_all(&key.pass_type, tokens, |token, outcome| match outcome {
                Pushed::Gone(Gone::Unregistered { since }) => gone.push((token, since.unwrap_or(now))),
                Pushed::Gone(_) => gone.push((token, now)),
                Pushed::Later(Later { cause, .. }) => {
                    why = cause.to_string();
                    left.push(token);
                }
                Pushed::Misconfigured(misconfiguration) => {
                    why = misconfiguration.to_string();
                    left.push(token);
                }
                _ => {}
            })
            .await;
        let mut woken = Woken { notified: tally.delivered, gone: tally.gone, more: next.is_some(), ..Woken::default() };
        let mut writes: Vec<_> = gone
            .into_iter()
            .filter_map(|(token, until)| Some((token.parse::<PushToken>().ok()?, until)))
            .map(|(push_token, until)| {
                let (tenant, pass_type) = (key.tenant.clone(), key.pass_type.clone());
                Write::ForgetToken { tenant, pass_type, push_token, until, at: now }
            })
            .collect();
        if let Some(cursor) = next {
            let cursor = Some(cursor.as_str().to_owned());
            let rest = Errand { cursor, ..Errand::about(&key) };
            writes.push(self.task_with_key(WAKE_REST, format!("{}/next", task.id), rest, TimeDelta::zero()));
        }
        if !left.is_empty() {
            let tries = tries + 1;
            woken.waiting = left.len() as u64;
            woken.why = Some(why.clone());
            if tries >= MOST_ATTEMPTS {
                if !writes.is_empty() {
                    self.inner.store.commit(writes).await?;
                }
                return Ok((End::Dead(why), Some(Outcome::Apple(woken))));
            }
            if task.task.kind == WAKE && tally.delivered == 0 && writes.is_empty() {
                // Nobody was woken: the whole errand comes again, unless a later change brings one.
                return Ok((End::Later { after: pause(task.attempts), why }, Some(Outcome::Apple(woken))));
            }
            let rest = Errand { tokens: left, tries, ..Errand::about(&key) };
            writes.push(self.task_with_key(WAKE_REST, format!("{}/left", task.id), rest, pause(tries)));
        }
        Ok((End::Done(writes), Some(Outcome::Apple(woken))))
    }
}

/// How many devices are woken between two commits.
const PAGE: usize = 900;
