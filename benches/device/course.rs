//! Requests over and over, by one worker or by many at the same time.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::Full;
use walletpass_benches::{Spread, Stopwatch};

use crate::wire::Line;

/// One kind of request, and who sends it: measured slice by slice.
pub(crate) struct Course {
    make: Arc<dyn Fn() -> Request<Full<Bytes>> + Send + Sync>,
    answer: StatusCode,
    /// One for each worker.
    lines: Vec<Line>,
    /// How many requests a slice has.
    requests: u64,
    rates: Vec<f64>,
}

impl Course {
    /// Counts how many requests fill a slice, and warms up meanwhile.
    pub(crate) async fn new(
        make: impl Fn() -> Request<Full<Bytes>> + Send + Sync + 'static,
        answer: StatusCode,
        lines: Vec<Line>,
        slice: Duration,
    ) -> Self {
        let requests = lines.len() as u64;
        let mut course = Self { make: Arc::new(make), answer, lines, requests, rates: Vec::new() };
        loop {
            let took = course.drive().await;
            if took >= slice / 4 {
                let requests = course.requests as f64 * slice.as_secs_f64() / took.as_secs_f64();
                // So that no worker waits for the others at the end.
                course.requests = (requests as u64).max(1).next_multiple_of(course.lines.len() as u64);
                return course;
            }
            course.requests *= 2;
        }
    }

    /// Measures one slice.
    pub(crate) async fn measure(&mut self) {
        let seconds = self.drive().await.as_secs_f64();
        self.rates.push(self.requests as f64 / seconds);
    }

    /// Gives the requests a second of all slices.
    pub(crate) fn rate(&self) -> Spread {
        Spread::of(self.rates.clone())
    }

    async fn drive(&mut self) -> Duration {
        let (requests, taken) = (self.requests, Arc::new(AtomicU64::new(0)));
        let stopwatch = Stopwatch::start();
        let workers: Vec<_> = self
            .lines
            .drain(..)
            .map(|mut line| {
                let (make, answer, taken) = (Arc::clone(&self.make), self.answer, Arc::clone(&taken));
                tokio::spawn(async move {
                    while taken.fetch_add(1, Ordering::Relaxed) < requests {
                        assert_eq!(line.ask(make()).await, answer);
                    }
                    line
                })
            })
            .collect();
        for worker in workers {
            self.lines.push(worker.await.expect("every answer is the right one"));
        }
        stopwatch.elapsed()
    }
}

impl fmt::Debug for Course {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Course").field("lines", &self.lines.len()).field("rates", &self.rates).finish_non_exhaustive()
    }
}
