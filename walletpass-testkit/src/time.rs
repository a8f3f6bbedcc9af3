//! Time that passes when nothing else happens.

use std::collections::BTreeMap;
use std::fmt;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use walletpass_core::port::{Clock, Timer};

/// A clock and a timer for tests: whoever sleeps first wakes first, and time leaps to that moment.
///
/// Nobody waits really, and the clock shows what has been slept. Clones share the time. Sleepers wake in the order of their moments;
/// a request that is under way meanwhile takes no time.
///
/// ```
/// use std::time::Duration;
/// use walletpass_core::port::{Clock, Timer};
/// use walletpass_testkit::ManualTime;
///
/// let time = ManualTime::at("2027-01-01T00:00:00Z".parse()?);
/// let mut sleep = time.sleep(Duration::from_secs(3600));
/// # let mut context = std::task::Context::from_waker(std::task::Waker::noop());
/// while sleep.as_mut().poll(&mut context).is_pending() {}
/// assert_eq!(time.now().to_string(), "2027-01-01 01:00:00 UTC");
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone)]
pub struct ManualTime {
    state: Arc<Mutex<State>>,
}

struct State {
    now: DateTime<Utc>,
    next: u64,
    sleepers: BTreeMap<(DateTime<Utc>, u64), Option<Waker>>,
    slept: TimeDelta,
}

impl ManualTime {
    /// Starts at an instant.
    pub fn at(now: DateTime<Utc>) -> Self {
        let state = State { now, next: 0, sleepers: BTreeMap::new(), slept: TimeDelta::zero() };
        Self { state: Arc::new(Mutex::new(state)) }
    }

    /// Lets time pass, or sets the clock back by a negative span.
    pub fn advance(&self, span: TimeDelta) {
        self.state().now += span;
    }

    /// Gives how far sleepers have moved the clock, all in all.
    pub fn slept(&self) -> TimeDelta {
        self.state().slept
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn poll_sleep(&self, sleeper: &mut Sleeper, context: &Context<'_>) -> Poll<()> {
        let mut state = self.state();
        let is_first = state.sleepers.first_key_value().is_some_and(|(key, _)| *key == sleeper.key);
        if state.now < sleeper.key.0 {
            if !is_first {
                state.sleepers.insert(sleeper.key, Some(context.waker().clone()));
                return Poll::Pending;
            }
            if sleeper.patience > 0 {
                // Others that are about to sleep for less get the chance to.
                sleeper.patience -= 1;
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            let leap = sleeper.key.0 - state.now;
            state.now = sleeper.key.0;
            state.slept += leap;
        }
        Poll::Ready(())
    }
}

/// Someone who sleeps, until dropped.
struct Sleeper {
    time: ManualTime,
    key: (DateTime<Utc>, u64),
    patience: u32,
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        let mut state = self.time.state();
        state.sleepers.remove(&self.key);
        if let Some((_, waker)) = state.sleepers.first_key_value()
            && let Some(waker) = waker
        {
            waker.wake_by_ref();
        }
    }
}

impl Clock for ManualTime {
    fn now(&self) -> DateTime<Utc> {
        self.state().now
    }
}

#[async_trait]
impl Timer for ManualTime {
    async fn sleep(&self, duration: Duration) {
        let mut sleeper = {
            let mut state = self.state();
            let key = (state.now + TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX), state.next);
            state.next += 1;
            state.sleepers.insert(key, None);
            Sleeper { time: self.clone(), key, patience: PATIENCE }
        };
        let time = self.clone();
        poll_fn(|context| time.poll_sleep(&mut sleeper, context)).await;
    }
}

impl fmt::Debug for ManualTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ManualTime({})", self.now())
    }
}

const PATIENCE: u32 = 3;
