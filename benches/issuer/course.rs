//! One question over and over, by one worker or by many at the same time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use walletpass_benches::{Stopwatch, used};

use crate::desk::{Ask, Desk};

/// One question to one desk: measured slice by slice.
#[derive(Debug)]
pub(crate) struct Course {
    desk: Arc<Desk>,
    ask: Ask,
    in_flight: usize,
    /// How often a slice asks.
    turns: u64,
    /// Answers a second, of each slice.
    pub(crate) rates: Vec<f64>,
    /// Seconds of a core for each answer, all threads of this process together.
    pub(crate) cores: Vec<f64>,
}

impl Course {
    /// Counts how many turns fill a slice, and warms up meanwhile.
    pub(crate) async fn new(desk: &Arc<Desk>, ask: Ask, in_flight: usize, slice: Duration) -> Self {
        let (desk, turns) = (Arc::clone(desk), in_flight as u64);
        let mut course = Self { desk, ask, in_flight, turns, rates: Vec::new(), cores: Vec::new() };
        loop {
            let (took, _) = course.drive().await;
            if took >= slice / 4 {
                let turns = course.turns as f64 * slice.as_secs_f64() / took.as_secs_f64();
                // So that no worker waits for the others at the end.
                course.turns = (turns as u64).max(1).next_multiple_of(in_flight as u64);
                return course;
            }
            course.turns *= 2;
        }
    }

    /// Measures one slice.
    pub(crate) async fn measure(&mut self) {
        // Or it would pay for what others left behind: a log of SQLite that has grown long, for instance.
        self.desk.ask(self.ask).await;
        let (took, core) = self.drive().await;
        self.rates.push(self.turns as f64 / took.as_secs_f64());
        self.cores.push(core.as_secs_f64() / self.turns as f64);
    }

    async fn drive(&self) -> (Duration, Duration) {
        let (turns, taken) = (self.turns, Arc::new(AtomicU64::new(0)));
        let (stopwatch, before) = (Stopwatch::start(), used());
        let workers: Vec<_> = (0..self.in_flight)
            .map(|_| {
                let (desk, ask, taken) = (Arc::clone(&self.desk), self.ask, Arc::clone(&taken));
                tokio::spawn(async move {
                    while taken.fetch_add(1, Ordering::Relaxed) < turns {
                        desk.ask(ask).await;
                    }
                })
            })
            .collect();
        for worker in workers {
            worker.await.expect("every answer is the right one");
        }
        (stopwatch.elapsed(), used() - before)
    }
}
