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
        let mut inner = lock(&self.inner);
        if inner.outcome.is_some() {
            return Poll::Ready(inner.outcome.clone());
        }
        let Some(mut work) = inner.work.take() else { return Poll::Ready(None) };
        let waker = Waker::from(Arc::clone(&self.waiting));
        match work.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Pending => {
                inner.work = Some(work);
                Poll::Pending
            }
            Poll::Ready(outcome) => {
                inner.outcome = Some(outcome.clone());
                drop(inner);
                waker.wake();
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
