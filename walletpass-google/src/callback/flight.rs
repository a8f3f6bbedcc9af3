//! One piece of work that many tasks wait for.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

/// A future whose outcome many tasks share. Each of them drives it, so it goes on when the one that began it is dropped, as
/// happens when a caller hangs up: nobody can keep the others waiting, or make the work begin again.
pub(super) struct Flight<T> {
    inner: Mutex<Inner<T>>,
    waiting: Arc<Waiting>,
}

struct Inner<T> {
    /// Gone when it is done, and when it panicked.
    work: Option<Pin<Box<dyn Future<Output = T> + Send>>>,
    outcome: Option<T>,
}

impl<T: Clone> Flight<T> {
    pub(super) fn new(work: impl Future<Output = T> + Send + 'static) -> Self {
        let inner = Inner { work: Some(Box::pin(work)), outcome: None };
        Self { inner: Mutex::new(inner), waiting: Arc::default() }
    }

    /// Waits for the outcome: `None` when the work panicked in another task.
    pub(super) async fn outcome(&self) -> Option<T> {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&self, context: &Context<'_>) -> Poll<Option<T>> {
        self.waiting.add(context.waker());
        // Dropped after the lock. If the work panics it is gone: the others must learn that, rather than wait for ever.
        let mut alarm = Alarm { waiting: &self.waiting, is_set: false };
        let mut inner = lock(&self.inner);
        if inner.outcome.is_some() {
            return Poll::Ready(inner.outcome.clone());
        }
        let Some(mut work) = inner.work.take() else { return Poll::Ready(None) };
        let waker = Waker::from(Arc::clone(&self.waiting));
        alarm.is_set = true;
        match work.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Pending => {
                alarm.is_set = false;
                inner.work = Some(work);
                Poll::Pending
            }
            Poll::Ready(outcome) => {
                inner.outcome = Some(outcome.clone());
                Poll::Ready(Some(outcome))
            }
        }
    }
}

impl<T> fmt::Debug for Flight<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Flight(…)")
    }
}

/// The tasks that wait; whatever wakes the work wakes them all.
#[derive(Default)]
struct Waiting(Mutex<Vec<Waker>>);

impl Waiting {
    fn add(&self, waker: &Waker) {
        let mut wakers = lock(&self.0);
        if !wakers.iter().any(|known| known.will_wake(waker)) {
            wakers.push(waker.clone());
        }
    }
}

/// Wakes all who wait when it is dropped, on the way out of a panic too.
struct Alarm<'w> {
    waiting: &'w Arc<Waiting>,
    is_set: bool,
}

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        if self.is_set {
            Arc::clone(self.waiting).wake();
        }
    }
}

impl Wake for Waiting {
    fn wake(self: Arc<Self>) {
        // Outside the lock: a task may run at once.
        let wakers = std::mem::take(&mut *lock(&self.0));
        wakers.into_iter().for_each(Waker::wake);
    }
}

/// Locks, also after a panic: everything behind these locks is whole at each step.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::pin::pin;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[derive(Default)]
    struct Woken(AtomicUsize);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    #[test]
    fn a_panic_wakes_those_who_wait() {
        let mut polls = 0;
        let flight: Flight<()> = Flight::new(poll_fn(move |_| {
            polls += 1;
            assert!(polls < 2, "told to panic");
            Poll::Pending
        }));
        let woken = Arc::new(Woken::default());
        let mut first = pin!(flight.outcome());
        let waker = Waker::from(Arc::clone(&woken));
        assert!(first.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        let mut second = pin!(flight.outcome());
        let driven = AssertUnwindSafe(|| second.as_mut().poll(&mut Context::from_waker(Waker::noop())));
        assert!(catch_unwind(driven).is_err());
        assert_eq!(woken.0.load(Ordering::SeqCst), 1);
        assert_eq!(first.as_mut().poll(&mut Context::from_waker(&waker)), Poll::Ready(None));
    }
}
