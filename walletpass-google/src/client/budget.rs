//! How many requests leave in a second.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use walletpass_core::port::Clock;

use super::Client;

/// A token bucket in the form of the generic cell rate algorithm: one instant says all.
pub(super) struct Budget {
    rate: u32,
    state: Mutex<Option<State>>,
}

struct State {
    /// When the bucket would be full, had nobody asked.
    full: DateTime<Utc>,
    /// Until when nothing may leave, whether it is booked or not.
    paused: DateTime<Utc>,
    /// When it was last asked, to notice a clock that was set back.
    asked: DateTime<Utc>,
}

impl Budget {
    pub(super) fn new(rate: u32) -> Self {
        Self { rate: rate.max(1), state: Mutex::new(None) }
    }

    /// Books `count` requests, and says how long to wait before they may leave.
    pub(super) fn book(&self, clock: &dyn Clock, count: u32) -> Duration {
        self.at(clock, |state, now| {
            let interval = self.interval();
            let last = i32::try_from(count.saturating_sub(1)).unwrap_or(i32::MAX);
            // An idle bucket does not fill beyond its brim.
            state.full = state.full.max(now) + interval * last;
            let start = (state.full - self.slack()).max(now);
            state.full += interval;
            (start - now).to_std().unwrap_or_default()
        })
    }

    /// Lets nothing leave for a while. Who is booked already asks [`paused`](Self::paused) when his time has come, and books anew.
    pub(super) fn pause(&self, clock: &dyn Clock, pause: Duration) {
        let pause = TimeDelta::from_std(pause.min(LONGEST_PAUSE)).unwrap_or_default();
        self.at(clock, |state, now| {
            state.paused = state.paused.max(now + pause);
            state.full = state.full.max(now + pause + self.slack());
        });
    }

    /// Says how long nothing may leave from now on.
    pub(super) fn paused(&self, clock: &dyn Clock) -> Duration {
        self.at(clock, |state, now| (state.paused - now).to_std().unwrap_or_default())
    }

    /// Says how long a request that came now would wait, and books nothing.
    pub(super) fn backlog(&self, clock: &dyn Clock) -> Duration {
        self.at(clock, |state, now| {
            let start = (state.full - self.slack()).max(state.paused);
            (start - now).to_std().unwrap_or_default()
        })
    }

    fn at<T>(&self, clock: &dyn Clock, with: impl FnOnce(&mut State, DateTime<Utc>) -> T) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        // Read under the lock, so that time goes backwards only if the clock was set back.
        let now = clock.now();
        let state = state.get_or_insert(State { full: now, paused: now, asked: now });
        if now < state.asked {
            state.full -= state.asked - now;
            state.paused -= state.asked - now;
        }
        state.asked = now;
        with(state, now)
    }

    fn interval(&self) -> TimeDelta {
        TimeDelta::nanoseconds(i64::from(1_000_000_000_u32.div_ceil(self.rate)))
    }

    /// How far ahead of the rate requests may be. In any second there are no more than Google takes: those of the rate and
    /// the burst together.
    fn slack(&self) -> TimeDelta {
        let burst = Client::MAX_RATE.saturating_sub(self.rate).max(1);
        self.interval() * i32::try_from(burst - 1).unwrap_or_default()
    }
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Budget({} a second)", self.rate)
    }
}

/// Beyond that no header is believed.
const LONGEST_PAUSE: Duration = Duration::from_secs(24 * 3600);

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_800_000_000_000 + millis).unwrap()
    }

    #[test]
    fn no_second_has_more_than_google_takes() {
        for rate in 1..=Client::MAX_RATE {
            let budget = Budget::new(rate);
            let leave: Vec<Duration> = (0..200).map(|_| budget.book(&at(0), 1)).collect();
            for (index, start) in leave.iter().enumerate() {
                let within = leave.iter().skip(index).filter(|time| **time < *start + Duration::from_secs(1)).count();
                assert!(within <= Client::MAX_RATE as usize, "{rate}: {within} after {start:?}");
            }
            let last = leave.last().unwrap().as_secs_f64();
            assert!((last - 199.0 / f64::from(rate)).abs() < 20.0 / f64::from(rate), "{rate}: {last}");
        }
    }

    #[test]
    fn a_batch_waits_until_all_of_it_is_earned() {
        let budget = Budget::new(10);
        assert_eq!(budget.book(&at(0), 10), Duration::ZERO);
        assert_eq!(budget.backlog(&at(0)), Duration::from_millis(100));
        assert_eq!(budget.book(&at(0), 1), Duration::from_millis(100));
        assert_eq!(budget.book(&at(10_000), 100), Duration::from_secs(9));
    }

    #[test]
    fn a_pause_holds_and_a_clock_set_back_does_not() {
        let budget = Budget::new(15);
        assert_eq!(budget.backlog(&at(0)), Duration::ZERO);
        budget.pause(&at(0), Duration::from_secs(7));
        assert_eq!(budget.backlog(&at(0)), Duration::from_secs(7));
        assert_eq!(budget.book(&at(0), 1), Duration::from_secs(7));
        assert_eq!(budget.paused(&at(1_000)), Duration::from_secs(6));
        assert_eq!(budget.paused(&at(7_000)), Duration::ZERO);
        budget.pause(&at(7_000), Duration::MAX);
        assert_eq!(budget.paused(&at(7_000)), Duration::from_secs(24 * 3600));
        assert_eq!(budget.paused(&at(-3_600_000)), Duration::from_secs(24 * 3600));
        let budget = Budget::new(15);
        budget.pause(&at(0), Duration::from_secs(7));
        assert!(budget.book(&at(-3_600_000), 1) < Duration::from_secs(8));
    }
}
