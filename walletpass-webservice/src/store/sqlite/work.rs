//! The threads: one writes, some read.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};

use futures_channel::oneshot;

use super::db::Db;
use super::failure::{Failure, Trouble};
use super::queue::Queue;
use crate::store::StoreError;

/// What a thread is asked to do.
pub(super) enum Job {
    Change(Change),
    Read(Box<dyn FnOnce(&Db) + Send>),
}

/// Work that writes.
///
/// Many of them are put into one transaction, each but the first within a savepoint, so that all share one wait for the disk, and one that fails
/// takes none along. None is answered before the disk has them all.
pub(super) struct Change {
    /// How many writes it is.
    size: usize,
    /// Does it; not when no transaction could begin.
    run: Box<Run>,
}

type Run = dyn FnOnce(Result<&Db, Trouble>) -> Answer + Send;

/// What will be answered when the transaction has ended.
struct Answer {
    is_done: bool,
    /// Answers; with the trouble when the transaction was lost.
    give: Box<dyn FnOnce(Option<Trouble>)>,
}

/// What a job answers.
pub(super) type Promise<T> = oneshot::Receiver<Result<T, StoreError>>;

impl Job {
    pub(super) fn change<T: Send + 'static>(
        size: usize,
        work: impl FnOnce(&Db) -> Result<T, Failure> + Send + 'static,
    ) -> (Self, Promise<T>) {
        let (sender, promise) = oneshot::channel();
        let run = move |db: Result<&Db, Trouble>| {
            let done = db.map_err(Failure::from).and_then(|db| caught(|| work(db)));
            let is_done = done.is_ok();
            // Who asked may be gone; then no one is told.
            let give = move |lost: Option<Trouble>| {
                let done = match lost {
                    Some(trouble) => Err(trouble.unavailable()),
                    None => done.map_err(Failure::into_error),
                };
                drop(sender.send(done));
            };
            Answer { is_done, give: Box::new(give) }
        };
        (Self::Change(Change { size, run: Box::new(run) }), promise)
    }

    pub(super) fn read<T: Send + 'static>(
        work: impl FnOnce(&Db) -> Result<T, Failure> + Send + 'static,
    ) -> (Self, Promise<T>) {
        let (sender, promise) = oneshot::channel();
        let run = move |db: &Db| {
            // Who went away while the job waited wants no work done.
            if !sender.is_canceled() {
                drop(sender.send(caught(|| work(db)).map_err(Failure::into_error)));
            }
        };
        (Self::Read(Box::new(run)), promise)
    }
}

/// Starts a thread that does the jobs of a queue until it is closed.
pub(super) fn start(name: &str, db: Db, jobs: Arc<Queue<Job>>) -> Result<JoinHandle<()>, StoreError> {
    let trouble = |error: std::io::Error| StoreError::Unavailable { source: Box::new(error) };
    Builder::new().name(name.to_owned()).spawn(move || work(&db, &Guarded(jobs))).map_err(trouble)
}

/// Lets no one wait for a thread that is gone, whatever ended it.
struct Guarded(Arc<Queue<Job>>);

impl Drop for Guarded {
    fn drop(&mut self) {
        self.0.abandon();
    }
}

fn work(db: &Db, jobs: &Guarded) {
    let mut next = jobs.0.pop();
    while let Some(job) = next {
        let behind = match job {
            Job::Change(change) => commit(db, change, &jobs.0),
            Job::Read(read) => {
                read(db);
                None
            }
        };
        next = behind.or_else(|| jobs.0.pop());
    }
}

/// Does a change, and those that wait behind it, in one transaction; gives the job that came next and is for later.
fn commit(db: &Db, first: Change, jobs: &Queue<Job>) -> Option<Job> {
    if let Err(failure) = db.control("BEGIN IMMEDIATE") {
        return refuse(first, jobs, &trouble(failure));
    }
    let mut size = first.size;
    let answer = (first.run)(Ok(db));
    // Nothing else is in the transaction yet, so the first needs no savepoint.
    if !answer.is_done || !db.is_in_transaction() {
        roll_back(db);
        let lost = answer.is_done.then_some(Trouble::LOST);
        answer.give(lost);
        return None;
    }
    let (mut answers, mut lost, mut behind) = (vec![answer], None, None);
    while size < MOST_WRITES && lost.is_none() {
        let change = match jobs.try_pop() {
            Some(Job::Change(change)) if change.size <= MOST_IN_SAVEPOINT => change,
            next => {
                behind = next;
                break;
            }
        };
        size += change.size.max(1);
        let (answer, trouble) = within_savepoint(db, change);
        match trouble {
            // It says itself how it ended the transaction; those before say that it was not them.
            Some(_) if !answer.is_done && !db.is_in_transaction() => answer.give(None),
            _ => answers.push(answer),
        }
        lost = trouble;
    }
    let lost = lost.or_else(|| db.control("COMMIT").err().map(trouble));
    if lost.is_some() {
        roll_back(db);
    }
    answers.into_iter().for_each(|answer| answer.give(lost.clone()));
    behind
}

fn roll_back(db: &Db) {
    if db.is_in_transaction() {
        // If this fails too, the next BEGIN says so.
        drop(db.control("ROLLBACK"));
    }
}

/// Refuses a change, and those that wait behind it: they have waited too, and must not do so once more one after the other. Gives the
/// job that came next and is no change.
fn refuse(first: Change, jobs: &Queue<Job>, trouble: &Trouble) -> Option<Job> {
    let (mut refused, mut next) = (Vec::new(), Some(Job::Change(first)));
    while let Some(Job::Change(change)) = next {
        refused.push(change);
        next = jobs.try_pop();
    }
    // Not before: who is told may come again, and has waited for nothing then.
    refused.into_iter().for_each(|change| (change.run)(Err(trouble.clone())).give(None));
    next
}

/// Does a change, or undoes what of it was done; the trouble when the whole transaction is lost.
fn within_savepoint(db: &Db, change: Change) -> (Answer, Option<Trouble>) {
    if let Err(failure) = db.control("SAVEPOINT one") {
        let trouble = trouble(failure);
        return ((change.run)(Err(trouble.clone())), Some(trouble));
    }
    let answer = (change.run)(Ok(db));
    // A full disk may have ended the transaction, and with it those before: none of them may be acknowledged.
    if !db.is_in_transaction() {
        return (answer, Some(Trouble::LOST));
    }
    let undone = if answer.is_done { Ok(()) } else { db.control("ROLLBACK TO one") };
    let ended = undone.and_then(|()| db.control("RELEASE one"));
    (answer, ended.err().map(trouble))
}

impl Answer {
    fn give(self, lost: Option<Trouble>) {
        (self.give)(lost);
    }
}

/// Lets a panic end the job, not the thread.
fn caught<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    let panicked = |_: Box<dyn Any + Send>| Err(Trouble::ENDED.into());
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(panicked)
}

fn trouble(failure: Failure) -> Trouble {
    match failure {
        Failure::Sqlite(error) => Trouble::new(error),
        Failure::Store(_) => Trouble::LOST,
    }
}

/// How many writes end a group, so that the last to come does not make the first wait too long.
const MOST_WRITES: usize = 1000;

/// How many writes a change has at most that is done within a savepoint. In it SQLite keeps each page as it was before, and with each
/// statement goes through what it keeps: a thousand writes all over the indices took nine times as long as without.
const MOST_IN_SAVEPOINT: usize = 64;
