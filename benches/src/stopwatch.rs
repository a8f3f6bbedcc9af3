//! Time: how long many turns take, and who is faster in interleaved rounds.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

use crate::Spread;

/// A clock that runs from its start.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts it.
    #[expect(clippy::disallowed_methods, reason = "a stopwatch is a clock of its own")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Says how long it has run.
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// Gives the time that all threads of this process have spent on a core.
pub fn used() -> Duration {
    let spent = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(spent.tv_sec.unsigned_abs(), u32::try_from(spent.tv_nsec).unwrap_or_default())
}

/// Takes the time of so many turns, shared by so many threads.
pub fn time(turns: u64, threads: usize, task: &(dyn Fn() + Sync)) -> Duration {
    let stopwatch = Stopwatch::start();
    if threads <= 1 {
        (0..turns).for_each(|_| task());
        return stopwatch.elapsed();
    }
    let taken = AtomicU64::new(0);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while taken.fetch_add(1, Ordering::Relaxed) < turns {
                    task();
                }
            });
        }
    });
    stopwatch.elapsed()
}

/// Things measured in turns with a base line, base A base B base, so that a machine that slows down slows both.
pub struct Contest<'a> {
    threads: usize,
    rounds: usize,
    slice: Duration,
    base: Entrant<'a>,
    entrants: Vec<Entrant<'a>>,
}

struct Entrant<'a> {
    name: String,
    /// How many turns a call of the task does.
    batch: u64,
    task: Box<dyn Fn() + Sync + 'a>,
}

/// What a contest found of one entrant.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Figure {
    /// What was measured.
    pub name: String,
    /// How long one turn took, in seconds of one thread.
    pub seconds: Spread,
    /// How much of the rate of the base line it reached: the base line just before and after it by its own time.
    pub share: Spread,
}

impl<'a> Contest<'a> {
    /// Begins with the base line; each measurement takes about a slice of time.
    pub fn against<T>(threads: usize, rounds: usize, slice: Duration, base: impl Fn() -> T + Sync + 'a) -> Self {
        let base = Entrant::new("bare".to_owned(), base);
        Self { threads, rounds, slice, base, entrants: Vec::new() }
    }

    /// Adds something to measure.
    pub fn with<T>(self, name: impl Into<String>, task: impl Fn() -> T + Sync + 'a) -> Self {
        self.with_batch(name, 1, task)
    }

    /// Adds something that does so many turns each time; what is told is of one turn.
    pub fn with_batch<T>(mut self, name: impl Into<String>, batch: u64, task: impl Fn() -> T + Sync + 'a) -> Self {
        self.entrants.push(Entrant { batch, ..Entrant::new(name.into(), task) });
        self
    }

    /// Measures: the base line first, then the others in their order.
    pub fn run(&self) -> Vec<Figure> {
        let Self { threads, rounds, slice, base, entrants } = self;
        let calls_of = |entrant: &Entrant<'_>| entrant.calls_in(*slice, *threads);
        let base_calls = calls_of(base);
        let calls: Vec<u64> = entrants.iter().map(calls_of).collect();
        let mut base_seconds = Vec::new();
        let mut seconds = vec![Vec::new(); entrants.len()];
        let mut shares = seconds.clone();
        for _ in 0..*rounds {
            let mut before = base.seconds(base_calls, *threads);
            base_seconds.push(before);
            let of_all = entrants.iter().zip(&calls).zip(seconds.iter_mut().zip(&mut shares));
            for ((entrant, calls), (seconds, shares)) in of_all {
                let own = entrant.seconds(*calls, *threads);
                let after = base.seconds(base_calls, *threads);
                seconds.push(own);
                shares.push((before + after) / 2.0 / own);
                base_seconds.push(after);
                before = after;
            }
        }
        let one = Spread { low: 1.0, median: 1.0, high: 1.0 };
        let mut figures = vec![Figure { name: base.name.clone(), seconds: Spread::of(base_seconds), share: one }];
        for ((entrant, seconds), shares) in entrants.iter().zip(seconds).zip(shares) {
            let (seconds, share) = (Spread::of(seconds), Spread::of(shares));
            figures.push(Figure { name: entrant.name.clone(), seconds, share });
        }
        figures
    }
}

impl fmt::Debug for Contest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.entrants.iter().map(|entrant| &entrant.name)).finish()
    }
}

impl<'a> Entrant<'a> {
    fn new<T>(name: String, task: impl Fn() -> T + Sync + 'a) -> Self {
        Self { name, batch: 1, task: Box::new(move || drop(std::hint::black_box(task()))) }
    }

    /// Counts how many calls fill a slice, and warms up meanwhile.
    fn calls_in(&self, slice: Duration, threads: usize) -> u64 {
        let mut calls = 1;
        loop {
            let took = time(calls, threads, &self.task);
            if took >= slice / 4 {
                let calls = calls as f64 * slice.as_secs_f64() / took.as_secs_f64();
                // So that no thread waits for the others at the end.
                return (calls as u64).max(1).next_multiple_of(threads as u64);
            }
            calls *= 2;
        }
    }

    /// Gives the seconds of a thread for one turn.
    fn seconds(&self, calls: u64, threads: usize) -> f64 {
        time(calls, threads, &self.task).as_secs_f64() * threads as f64 / (calls * self.batch) as f64
    }
}
