//! One change, many phones.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::convert::Infallible;
use std::fmt;
use std::future::poll_fn;
use std::hash::{BuildHasher, RandomState};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::stream::{self, FuturesUnordered, Stream, StreamExt};
use walletpass_core::PassTypeId;
use walletpass_core::port::{Clock, SystemClock, Timer};

use crate::{Misconfiguration, Outcome, Push};

/// Wakes any number of phones, many at a time; what meets passing trouble is pushed again later, while the others go on.
///
/// Memory does not grow with the number of tokens: those under way are held, those that wait for another try, and one page. When too
/// many wait, no new ones are begun until some are done.
///
/// Each token gets one outcome in the end. [`Outcome::Later`] then means that every try met trouble, or that APNs named a moment more
/// than a minute away: keep it for another time. After an answer that concerns the whole connection (403) nothing more is
/// sent, and the remaining tokens are [`Outcome::Misconfigured`] with the same reason.
#[derive(Clone)]
pub struct FanOut {
    push: Arc<dyn Push>,
    clock: Arc<dyn Clock>,
    timer: Arc<dyn Timer>,
    chance: RandomState,
    in_flight: usize,
    waiting: usize,
    tries: u32,
}

/// Counts the outcomes of a fan-out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tally {
    /// How many APNs took.
    pub delivered: u64,
    /// How many tokens are dead.
    pub gone: u64,
    /// How many must be pushed again.
    pub later: u64,
    /// How many failed because something is wrong on this side.
    pub misconfigured: u64,
}

impl FanOut {
    /// Pushes through `push`: 1,000 at a time, each five times at most, with 10,000 at most that wait for another try.
    ///
    /// It waits on the tokio runtime, unless told otherwise by [`with_time`](FanOut::with_time).
    pub fn new(push: Arc<dyn Push>) -> Self {
        Self {
            push,
            clock: Arc::new(SystemClock),
            timer: Arc::new(TokioTimer),
            chance: RandomState::new(),
            in_flight: 1_000,
            waiting: 10_000,
            tries: 5,
        }
    }

    /// Sets how many pushes are under way at once, one at least. APNs takes about a thousand on a connection; more wait their turn.
    pub fn with_in_flight(mut self, pushes: usize) -> Self {
        self.in_flight = pushes.max(1);
        self
    }

    /// Sets how often a token is tried in all, one at least: after one second, two, four and so on, a minute at most, or when APNs says;
    /// each pause is up to half as much longer, so that those that failed together do not come back together.
    pub fn with_tries(mut self, tries: u32) -> Self {
        self.tries = tries.max(1);
        self
    }

    /// Sets how many tokens may wait for another try before no new ones are begun, one at least. Those under way by then may join them.
    pub fn with_waiting(mut self, tokens: usize) -> Self {
        self.waiting = tokens.max(1);
        self
    }

    /// Takes the time from `clock`, and waits by `timer`.
    pub fn with_time(mut self, clock: Arc<dyn Clock>, timer: Arc<dyn Timer>) -> Self {
        (self.clock, self.timer) = (clock, timer);
        self
    }

    /// Wakes the device behind each token, and tells `done` what became of it, in the order in which that is known.
    pub async fn wake_all<T: AsRef<str>>(
        &self,
        topic: &PassTypeId,
        tokens: impl IntoIterator<Item = T>,
        done: impl FnMut(T, Outcome),
    ) -> Tally {
        let mut tokens = tokens.into_iter();
        let page = async move || Ok::<_, Infallible>(tokens.by_ref().take(PAGE).collect());
        match self.wake_pages(topic, page, done).await {
            Ok(tally) => tally,
            Err(never) => match never {},
        }
    }

    /// Wakes the device behind each token of each page, until `page` gives an empty one, and tells `done` what became of it.
    ///
    /// A page is asked for when the one before is under way; the pushes go on while it is fetched.
    ///
    /// # Errors
    ///
    /// The first error of `page`, after everything that was begun has its outcome.
    ///
    /// # Panics
    ///
    /// When [`Push::wake`] or `done` does; the tokens that were not told by then are not told.
    pub async fn wake_pages<T: AsRef<str>, E>(
        &self,
        topic: &PassTypeId,
        page: impl AsyncFnMut() -> Result<Vec<T>, E>,
        mut done: impl FnMut(T, Outcome),
    ) -> Result<Tally, E> {
        let mut tally = Tally::default();
        let mut tell = |token: T, outcome: Outcome| {
            tally.count(&outcome);
            done(token, outcome);
        };
        // A page owns the source while it is fetched, so that the pushes go on meanwhile.
        let pages = stream::unfold(page, async |mut page| Some((page().await, page)));
        let mut pages = pin!(pages);
        let mut fresh = Vec::new().into_iter();
        let mut is_asking = false;
        let mut ended: Option<Result<(), E>> = None;
        let mut stopped: Option<Misconfiguration> = None;
        let mut waiting: BinaryHeap<Reverse<Waiting<T>>> = BinaryHeap::new();
        let mut under_way = FuturesUnordered::new();
        loop {
            while under_way.len() < self.in_flight {
                let is_due = waiting.peek().is_some_and(|Reverse(first)| stopped.is_some() || self.is_due(first.due));
                let next = match is_due {
                    true => waiting.pop().map(|Reverse(again)| (again.token, again.tries)),
                    false if waiting.len() + under_way.len() >= self.waiting.saturating_add(self.in_flight) => None,
                    false => fresh.next().map(|token| (token, 0)),
                };
                match (next, &stopped) {
                    (Some((token, _)), Some(fault)) => tell(token, Outcome::Misconfigured(fault.clone())),
                    (Some((token, tries)), None) => under_way.push(self.attempt(topic, token, tries + 1)),
                    (None, _) => break,
                }
            }
            let has_room = under_way.len() < self.in_flight;
            is_asking |= has_room && ended.is_none() && fresh.len() == 0 && waiting.len() < self.waiting;
            let due = waiting.peek().map(|Reverse(first)| first.due);
            if under_way.is_empty() && due.is_none() && !is_asking {
                break;
            }
            let mut pause = due.filter(|_| has_room).map(|due| {
                let pause = due - self.clock.now();
                self.timer.sleep(pause.to_std().unwrap_or_default())
            });
            let (mut page, mut finished) = (None, None);
            poll_fn(|context| {
                if is_asking && let Poll::Ready(came) = pages.as_mut().poll_next(context) {
                    page = came;
                }
                if let Poll::Ready(one) = under_way.poll_next_unpin(context) {
                    finished = one;
                }
                let is_due = pause.as_mut().is_some_and(|pause| pause.as_mut().poll(context).is_ready());
                if is_due || page.is_some() || finished.is_some() { Poll::Ready(()) } else { Poll::Pending }
            })
            .await;
            if let Some(page) = page {
                is_asking = false;
                match page {
                    Ok(tokens) if tokens.is_empty() => ended = Some(Ok(())),
                    Ok(tokens) => fresh = tokens.into_iter(),
                    Err(error) => ended = Some(Err(error)),
                }
            }
            let Some((token, tries, outcome)) = finished else { continue };
            if let Outcome::Misconfigured(fault) = &outcome
                && fault.status == Some(403)
            {
                let reason = format!("not sent after 403 {}", fault.reason);
                stopped.get_or_insert(Misconfiguration { status: None, reason, mend: fault.mend });
            }
            match self.pause_after(&outcome, tries, token.as_ref()) {
                Some(pause) => waiting.push(Reverse(Waiting { due: self.clock.now() + pause, token, tries })),
                None => tell(token, outcome),
            }
        }
        ended.unwrap_or(Ok(())).map(|()| tally)
    }

    async fn attempt<T: AsRef<str>>(&self, topic: &PassTypeId, token: T, tries: u32) -> (T, u32, Outcome) {
        let outcome = self.push.wake(topic, token.as_ref()).await;
        (token, tries, outcome)
    }

    /// Says whether a try is due. One that is further away than any pause was set before somebody turned the clock back.
    fn is_due(&self, due: DateTime<Utc>) -> bool {
        let left = due - self.clock.now();
        left <= TimeDelta::zero() || left.to_std().is_ok_and(|left| left > LONGEST * 2)
    }

    /// Says how long to wait for the next try, if there is to be one. Up to half as much again spreads those that failed together.
    fn pause_after(&self, outcome: &Outcome, tries: u32, token: &str) -> Option<TimeDelta> {
        let Outcome::Later(later) = outcome else { return None };
        if tries >= self.tries {
            return None;
        }
        let backed_off = Duration::from_secs(1 << (tries - 1).min(6)).min(LONGEST);
        let least = later.after.unwrap_or(backed_off);
        if least > LONGEST {
            return None;
        }
        let spread = self.chance.hash_one((token, tries)) % 512;
        let spread = backed_off.mul_f64(spread as f64 / 1024.0);
        TimeDelta::from_std(least + spread).ok()
    }
}

impl fmt::Debug for FanOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { push, in_flight, waiting, tries, .. } = self;
        let mut shown = f.debug_struct("FanOut");
        shown.field("push", push).field("in_flight", in_flight).field("waiting", waiting).field("tries", tries);
        shown.finish_non_exhaustive()
    }
}

impl Tally {
    fn count(&mut self, outcome: &Outcome) {
        let counter = match outcome {
            Outcome::Delivered { .. } => &mut self.delivered,
            Outcome::Gone(_) => &mut self.gone,
            Outcome::Later(_) => &mut self.later,
            Outcome::Misconfigured(_) => &mut self.misconfigured,
        };
        *counter += 1;
    }
}

/// A token that waits for another try.
struct Waiting<T> {
    due: DateTime<Utc>,
    token: T,
    tries: u32,
}

impl<T> Ord for Waiting<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.due.cmp(&other.due)
    }
}

impl<T> PartialOrd for Waiting<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for Waiting<T> {
    fn eq(&self, other: &Self) -> bool {
        self.due == other.due
    }
}

impl<T> Eq for Waiting<T> {}

#[derive(Debug)]
struct TokioTimer;

#[async_trait]
impl Timer for TokioTimer {
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// What an iterator gives at a time.
const PAGE: usize = 1_000;

/// The longest pause before another try.
const LONGEST: Duration = Duration::from_secs(60);
