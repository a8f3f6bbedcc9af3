//! What is measured.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, StatusCode};
use walletpass::model::port::{Clock, SystemClock};
use walletpass_benches::{Credentials, Disk, Folder, Signers, Spread, time};

use crate::burst::Bursts;
use crate::course::Course;
use crate::shop::Ask;
use crate::subject::Subject;
use crate::wire::{self, Line};

/// How long it may take.
#[derive(Clone, Debug)]
pub(crate) struct Effort {
    /// How many passes there are, unless it is said otherwise.
    pub(crate) sizes: &'static [u64],
    rounds: usize,
    slice: Duration,
    bursts: usize,
    connections: usize,
}

impl Effort {
    /// Long enough for figures.
    pub(crate) fn full() -> Self {
        let slice = Duration::from_millis(60);
        Self { sizes: &[1_000, 100_000], rounds: 7, slice, bursts: 5, connections: 1_000 }
    }

    /// Long enough to see that it runs.
    pub(crate) fn smoke() -> Self {
        Self { sizes: &[20, 200], rounds: 2, slice: Duration::from_millis(1), bursts: 1, connections: 20 }
    }
}

/// Where the requests go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    InProcess,
    Loopback,
}

/// The requests of one kind to one store.
#[derive(Debug)]
pub(crate) struct Figure {
    pub(crate) store: &'static str,
    pub(crate) passes: u64,
    pub(crate) ask: Ask,
    pub(crate) over: Over,
    pub(crate) in_flight: usize,
    /// Requests a second.
    pub(crate) rate: Spread,
}

/// A burst on one store: seconds.
#[derive(Debug)]
pub(crate) struct Burst {
    pub(crate) store: &'static str,
    pub(crate) passes: u64,
    pub(crate) all: Spread,
    pub(crate) median: Spread,
    pub(crate) slowest: Spread,
}

/// All figures of one run.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) figures: Vec<Figure>,
    pub(crate) bursts: Vec<Burst>,
    /// How many connections a burst has.
    pub(crate) connections: usize,
    /// A bare RSA-2048 signature, a second.
    pub(crate) signatures: Spread,
    /// 4 KiB that are written and waited for, a second.
    pub(crate) disk: Spread,
    /// Empty answers of the bare server, a second, for one worker and for many.
    pub(crate) server: [Spread; 2],
}

impl Measured {
    /// Measures everything in turns, so that a machine that slows down slows all.
    pub(crate) async fn take(effort: &Effort, subjects: &[Subject], folder: &Folder) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let signers = Signers::new(&Credentials::rsa(), &clock);
        let mut page = Disk::new(folder);

        let mut courses = Vec::new();
        for subject in subjects {
            for &ask in subject.asks {
                for (over, in_flight) in WAYS {
                    courses
                        .push(((subject, ask, over, in_flight), course(subject, ask, over, in_flight, effort).await));
                }
            }
        }
        let nothing = wire::serve_nothing().await;
        let mut server = [bare(nothing, 1, effort).await, bare(nothing, MANY, effort).await];
        let (mut signatures, mut disk) = (Vec::new(), Vec::new());
        for _ in 0..effort.rounds {
            let sign = || drop(signers.bare.sign_attributes());
            signatures.push(SYNC as f64 / time(SYNC, 1, &sign).as_secs_f64());
            disk.push(page.waits(SYNC));
            for course in &mut server {
                course.measure().await;
            }
            for (_, course) in &mut courses {
                course.measure().await;
            }
        }
        let mut bursts: Vec<(&Subject, Bursts)> = Vec::new();
        bursts.extend(
            subjects.iter().filter(|subject| subject.asks.contains(&Ask::List)).map(|of| (of, Bursts::default())),
        );
        for _ in 0..effort.bursts {
            for (subject, bursts) in &mut bursts {
                bursts.measure(&subject.shop, subject.address, effort.connections).await;
            }
        }

        let figures = courses.iter().map(|((subject, ask, over, in_flight), course)| {
            let Subject { store, passes, .. } = **subject;
            Figure { store, passes, ask: *ask, over: *over, in_flight: *in_flight, rate: course.rate() }
        });
        let bursts = bursts.iter().map(|(subject, bursts)| {
            let [all, median, slowest] = bursts.spreads();
            Burst { store: subject.store, passes: subject.passes, all, median, slowest }
        });
        Self {
            figures: figures.collect(),
            bursts: bursts.collect(),
            connections: effort.connections,
            signatures: Spread::of(signatures),
            disk: Spread::of(disk),
            server: server.map(|course| course.rate()),
        }
    }
}

async fn course(subject: &Subject, ask: Ask, over: Over, in_flight: usize, effort: &Effort) -> Course {
    let mut lines = Vec::new();
    for _ in 0..in_flight {
        lines.push(match over {
            Over::InProcess => Line::Direct(subject.shop.api.clone()),
            Over::Loopback => Line::connect(subject.address).await,
        });
    }
    let shop = Arc::clone(&subject.shop);
    Course::new(move || shop.request(ask), ask.answer(), lines, effort.slice).await
}

async fn bare(address: SocketAddr, in_flight: usize, effort: &Effort) -> Course {
    let mut lines = Vec::new();
    for _ in 0..in_flight {
        lines.push(Line::connect(address).await);
    }
    let make = || Request::get("/").body(Default::default()).expect("a request");
    Course::new(make, StatusCode::NO_CONTENT, lines, effort.slice).await
}

/// How many are in flight, where it is many.
pub(crate) const MANY: usize = 64;

/// How requests are sent.
pub(crate) const WAYS: [(Over, usize); 4] =
    [(Over::InProcess, 1), (Over::InProcess, MANY), (Over::Loopback, 1), (Over::Loopback, MANY)];

/// How many signatures, and waits for the disk, a slice has.
const SYNC: u64 = 20;
