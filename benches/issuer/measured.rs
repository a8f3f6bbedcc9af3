//! What is measured.

use std::time::Duration;

use walletpass_benches::{Disk, Folder, Spread, time};

use crate::course::Course;
use crate::desk::Ask;
use crate::firm::Firm;
use crate::journey::Legs;
use crate::subject::Subject;

/// How long it may take.
#[derive(Clone, Debug)]
pub(crate) struct Effort {
    /// How many passes there are, unless it is said otherwise.
    pub(crate) sizes: &'static [u64],
    rounds: usize,
    slice: Duration,
    /// How many changes go to the phone in a round.
    journeys: usize,
}

impl Effort {
    /// Long enough for figures.
    pub(crate) fn full() -> Self {
        Self { sizes: &[1_000, 100_000], rounds: 7, slice: Duration::from_millis(80), journeys: 60 }
    }

    /// Long enough to see that it runs.
    pub(crate) fn smoke() -> Self {
        Self { sizes: &[200, 400], rounds: 2, slice: Duration::from_millis(1), journeys: 2 }
    }
}

/// One question to one store.
#[derive(Debug)]
pub(crate) struct Figure {
    pub(crate) store: &'static str,
    pub(crate) passes: u64,
    pub(crate) ask: Ask,
    pub(crate) in_flight: usize,
    /// Answers a second.
    pub(crate) rate: Spread,
    /// Seconds of a core for each.
    pub(crate) core: Spread,
    /// How many times as long it took as the bare read and commit of the same round.
    pub(crate) to_bare: Spread,
}

/// Changes on their way to the phone, over one store.
#[derive(Debug)]
pub(crate) struct Journeys {
    pub(crate) store: &'static str,
    pub(crate) legs: Vec<Legs>,
}

/// All figures of one run.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) figures: Vec<Figure>,
    pub(crate) journeys: Vec<Journeys>,
    /// A bare RSA-2048 signature, a second.
    pub(crate) signatures: Spread,
    /// 4 KiB that are written and waited for, a second.
    pub(crate) disk: Spread,
}

impl Measured {
    /// Measures everything in turns, so that a machine that slows down slows all.
    pub(crate) async fn take(effort: &Effort, firm: &Firm, subjects: &mut [Subject], folder: &Folder) -> Self {
        let mut page = Disk::new(folder);
        let mut courses = Vec::new();
        for subject in &*subjects {
            for in_flight in WAYS {
                for &ask in subject.asks {
                    let course = Course::new(&subject.desk, ask, in_flight, effort.slice).await;
                    courses.push(((subject.store, subject.passes, in_flight, ask), course));
                }
            }
        }
        let (mut signatures, mut disk) = (Vec::new(), Vec::new());
        for _ in 0..effort.rounds {
            let sign = || drop(firm.signers.bare.sign_attributes());
            signatures.push(SYNC as f64 / time(SYNC, 1, &sign).as_secs_f64());
            disk.push(page.waits(SYNC));
            for (_, course) in &mut courses {
                course.measure().await;
            }
            for journey in subjects.iter_mut().filter_map(|subject| subject.journey.as_mut()) {
                for _ in 0..effort.journeys {
                    journey.go().await;
                }
            }
        }

        let figures = courses.iter().map(|(of, course)| {
            let (store, passes, in_flight, ask) = *of;
            let bare = courses.iter().find(|(other, _)| *other == (store, passes, in_flight, Ask::Bare));
            let bare = bare.map(|(_, bare)| bare.rates.as_slice()).unwrap_or_default();
            let to_bare = bare.iter().zip(&course.rates).map(|(bare, rate)| bare / rate).collect();
            let (rate, core) = (Spread::of(course.rates.clone()), Spread::of(course.cores.clone()));
            Figure { store, passes, ask, in_flight, rate, core, to_bare: Spread::of(to_bare) }
        });
        let journeys = subjects.iter().filter_map(|subject| {
            Some(Journeys { store: subject.store, legs: subject.journey.as_ref()?.legs.clone() })
        });
        Self {
            figures: figures.collect(),
            journeys: journeys.collect(),
            signatures: Spread::of(signatures),
            disk: Spread::of(disk),
        }
    }
}

/// How many are in flight.
pub(crate) const WAYS: [usize; 2] = [1, 64];

/// How many signatures, and waits for the disk, a slice has.
const SYNC: u64 = 20;
