//! What waits for a thread: a queue with a bound, filled by async callers, emptied by threads.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use futures_channel::oneshot;

/// A queue with a bound. Who pushes waits without blocking his thread, who pops blocks his.
pub(super) struct Queue<T> {
    state: Mutex<State<T>>,
    is_filled: Condvar,
    bound: usize,
}

/// No one pops any longer.
pub(super) struct Closed;

struct State<T> {
    items: VecDeque<T>,
    waiting: Vec<oneshot::Sender<()>>,
    is_closed: bool,
}

impl<T> Queue<T> {
    pub(super) fn new(bound: usize) -> Self {
        let state = State { items: VecDeque::new(), waiting: Vec::new(), is_closed: false };
        Self { state: Mutex::new(state), is_filled: Condvar::new(), bound }
    }

    /// Adds an item as soon as there is room.
    pub(super) async fn push(&self, item: T) -> Result<(), Closed> {
        let mut item = Some(item);
        loop {
            let room = {
                let mut state = self.lock();
                if state.is_closed {
                    return Err(Closed);
                }
                if state.items.len() < self.bound {
                    state.items.extend(item.take());
                    self.is_filled.notify_one();
                    return Ok(());
                }
                let (sender, room) = oneshot::channel();
                state.waiting.push(sender);
                room
            };
            // Cancelled or not: look again.
            let _ = room.await;
        }
    }

    /// Takes the first item, and waits for one; gives none when the queue is closed and empty.
    pub(super) fn pop(&self) -> Option<T> {
        let state = self.lock();
        let is_to_wait = |state: &mut State<T>| state.items.is_empty() && !state.is_closed;
        let mut state = self.is_filled.wait_while(state, is_to_wait).unwrap_or_else(PoisonError::into_inner);
        self.take(&mut state)
    }

    /// Takes the first item if there is one.
    pub(super) fn try_pop(&self) -> Option<T> {
        self.take(&mut self.lock())
    }

    /// Lets no more in; what is there is still given.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.is_closed = true;
        state.waiting.clear();
        self.is_filled.notify_all();
    }

    /// Lets no more in, and drops what is there.
    pub(super) fn abandon(&self) {
        self.close();
        let items = std::mem::take(&mut self.lock().items);
        drop(items);
    }

    fn take(&self, state: &mut State<T>) -> Option<T> {
        let item = state.items.pop_front();
        // All are woken: one alone might have gone away meanwhile, and the others would wait for ever.
        if state.items.len() <= self.bound / 2 {
            for room in state.waiting.drain(..) {
                let _ = room.send(());
            }
        }
        item
    }

    /// Nothing panics while the lock is held, so a poisoned one holds whole data too.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    fn poll<T>(future: std::pin::Pin<&mut impl Future<Output = T>>) -> Poll<T> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn who_pushes_waits_for_room_and_no_wake_is_lost() {
        let queue = Queue::new(1);
        assert!(matches!(poll(pin!(queue.push(1))), Poll::Ready(Ok(()))));
        let mut third = pin!(queue.push(3));
        {
            let mut second = pin!(queue.push(2));
            assert!(poll(second.as_mut()).is_pending());
            assert!(poll(third.as_mut()).is_pending());
            // The second is woken, and goes away without using the room.
            assert_eq!(queue.pop(), Some(1));
        }
        assert!(matches!(poll(third.as_mut()), Poll::Ready(Ok(()))));
        assert_eq!((queue.try_pop(), queue.try_pop()), (Some(3), None));
    }

    #[test]
    fn a_closed_queue_gives_what_it_has_and_takes_no_more() {
        let queue = Queue::new(1);
        assert!(poll(pin!(queue.push(1))).is_ready());
        let mut waits = pin!(queue.push(2));
        assert!(poll(waits.as_mut()).is_pending());
        queue.close();
        assert!(matches!(poll(waits), Poll::Ready(Err(Closed))));
        assert_eq!((queue.pop(), queue.pop()), (Some(1), None));
        assert!(matches!(poll(pin!(queue.push(3))), Poll::Ready(Err(Closed))));
    }

    #[test]
    fn an_abandoned_queue_drops_what_it_has() {
        let queue = Queue::new(2);
        let (sender, mut answer) = oneshot::channel::<()>();
        assert!(poll(pin!(queue.push(sender))).is_ready());
        queue.abandon();
        assert!(answer.try_recv().is_err());
    }
}
