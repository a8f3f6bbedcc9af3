//! Issues a pass for every row of a CSV file, on all cores, and goes on where it was stopped.
//!
//! ```text
//! cargo run --release --example bulk     10,000 loyalty cards of made-up members, throw-away keys
//!   --csv FILE               your members: columns serial, name, points, tier, number
//!   --rows N                 the first N rows only; so many members are made up, 10000 unless given
//!   --out FOLDER             where everything goes, target/bulk unless given
//!   --threads N              all cores unless given
//!   --no-files               signs and throws away, to measure without the disk
//!   --p12 pass.p12           your Apple certificate and key; the passphrase is asked for,
//!   --passphrase-file FILE   or read from the first line of a file
//!   --wwdr FILE              the certificate that issued yours, where it is not Apple's G4
//! ```
//!
//! Stop it whenever you like, with Ctrl-C or kill -9, and start it again: it does what is left. That takes no signal handler.
//! A package is written under a temporary name and renamed, so each one under `passes` is whole; `journal.jsonl` gets a line
//! after that, so what it names is there. A row is done if the journal names its serial with the manifest that the row gives
//! today. The manifest holds a digest of every file of the pass, so a change of the row, the design or this program shows.
//!
//! A row that fails has a line in `failures.txt` and stops no other; then the exit status is 2. A pass of which a phone will
//! ignore something has a line in `warnings.txt`. What fails for all, the disk or the key, stops the run with status 1. Nothing that is kept in memory grows with the number of rows.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod credentials;
mod design;
mod index;
mod journal;
mod members;
mod options;
mod report;

use std::error::Error;
use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, PoisonError};
use std::thread;

use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use walletpass::Finding;
use walletpass::apple::Package;

use self::design::Design;
use self::index::{Index, digest};
use self::journal::{Entry, Journal};
use self::members::{Row, Rows};
use self::report::{Report, Tally};

pub(crate) use self::options::Options;

fn main() -> ExitCode {
    match Options::read(pico_args::Arguments::from_env()).and_then(|options| run(&options)) {
        Ok(report) => {
            println!("{report}");
            ExitCode::from(if report.tally.failed > 0 { 2 } else { 0 })
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(1)
        }
    }
}

pub(crate) fn run(options: &Options) -> Result<Report, Stop> {
    let out = &options.out;
    fs::create_dir_all(out).map_err(|error| format!("{}: {error}", out.display()))?;
    let mut journal = Journal::open(&out.join("journal.jsonl"))?; // first: it keeps a second run out
    let partial = out.join("partial");
    fs::create_dir_all(&partial)?;
    let design = Design::loyalty(credentials::load(options)?)?;
    let csv = members::file(options)?;

    let total = members::count(&csv, options.rows)?;
    let mut index = Index::create(&partial.join("index"), total + journal.lines()?)?;
    if options.files {
        let damaged = journal.read_into(&mut index)?;
        if damaged > 0 {
            eprintln!("{damaged} lines of the journal cannot be read; their rows are issued again");
        }
    }
    let rows = Rows::open(&csv, total, index)?;
    let signing = design.signing_rate(options.threads)?;
    let bar = ProgressBar::new(total).with_style(
        ProgressStyle::with_template("{bar:40} {pos} of {len} rows, {rate}, {eta} left")?.with_key(
            "rate",
            |state: &ProgressState, f: &mut dyn std::fmt::Write| {
                let _ = write!(f, "{:.0}/s", state.per_sec());
            },
        ),
    );
    let tally = issue_all(&design, rows, &mut journal, options, &bar)?;
    bar.finish_and_clear();
    fs::remove_dir_all(&partial)?;
    let report =
        Report { tally, seconds: bar.elapsed().as_secs_f64(), threads: options.threads, signing, out: out.clone() };
    report.save()?;
    Ok(report)
}

/// The core: each worker takes a row, issues it and says what came of it; this thread alone writes the journal. The queue
/// between them is bounded, and a row is read only when a worker asks for it.
fn issue_all(
    design: &Design,
    rows: Rows,
    journal: &mut Journal,
    options: &Options,
    bar: &ProgressBar,
) -> Result<Tally, Stop> {
    let rows = Mutex::new(rows);
    let next = || rows.lock().unwrap_or_else(PoisonError::into_inner).next();
    let [mut failures, mut warned] =
        [File::create(options.out.join("failures.txt"))?, File::create(options.out.join("warnings.txt"))?];
    let mut tally = Tally::default();
    thread::scope(|scope| {
        let (sender, fates) = sync_channel(4 * options.threads);
        for worker in 0..options.threads {
            let (sender, next) = (sender.clone(), &next);
            let folders = options.files.then(|| Folders {
                passes: options.out.join("passes"),
                unfinished: options.out.join(format!("partial/{worker}")),
            });
            let work = move || {
                while let Some((place, row)) = next() {
                    let fate = row.and_then(|row| issue(design, row, folders.as_ref()));
                    if sender.send((place, fate)).is_err() {
                        return; // the run is stopped
                    }
                }
            };
            thread::Builder::new().spawn_scoped(scope, work)?;
        }
        drop(sender);
        for (place, fate) in fates {
            match fate {
                Ok(Fate { issued, warnings }) => {
                    if let Some(entry) = &issued {
                        tally.bytes += entry.bytes;
                        if options.files {
                            journal.append(entry)?;
                        }
                    }
                    tally.issued += u64::from(issued.is_some());
                    tally.done += u64::from(issued.is_none());
                    tally.warned += u64::from(!warnings.is_empty());
                    for finding in warnings {
                        warned.write_all(line(&place, &finding).as_bytes())?;
                    }
                }
                Err(Trouble::Row(why)) => {
                    tally.failed += 1;
                    let line = line(&place, &why);
                    failures.write_all(line.as_bytes())?;
                    bar.suspend(|| eprint!("{line}"));
                }
                Err(Trouble::Run(stop)) => return Err(stop),
            }
            bar.inc(1);
        }
        Ok(tally)
    })
}

/// Draws up the pass of a row and, unless that was done before, signs it and puts it into its file.
fn issue(design: &Design, row: Row, folders: Option<&Folders>) -> Result<Fate, Trouble> {
    let pass = design.pass(&row.member);
    let package = Package::with_artwork(&pass, &design.identity, &design.artwork);
    let package = package.map_err(|error| Trouble::Row(error.to_string()))?;
    let warnings = package.report().findings.clone();
    let (manifest, file) = (digest(package.manifest()), file_name(pass.serial.as_str()));
    let path = folders.map(|folders| folders.passes.join(&file));

    let length = path.as_ref().and_then(|path| path.metadata().ok()).map(|file| file.len());
    if row.known.manifest == manifest && length == Some(row.known.bytes) {
        return Ok(Fate { issued: None, warnings });
    }
    let pkpass = design.identity.sign(&package)?;
    if let (Some(path), Some(folders)) = (path, folders) {
        let written = File::create(&folders.unfinished).and_then(|mut file| pkpass.write_to(&mut file));
        let written = written.and_then(|()| fs::create_dir_all(path.parent().unwrap_or(&folders.passes)));
        let renamed = written.and_then(|()| fs::rename(&folders.unfinished, &path));
        let told = |error| format!("{}: {error}; mend that and start again: it goes on here", path.display());
        renamed.map_err(|error| Trouble::Run(told(error).into()))?;
    }
    let entry = Entry { serial: pass.serial.to_string(), file, bytes: pkpass.len() as u64, manifest };
    Ok(Fate { issued: Some(entry), warnings })
}

/// Names the file of a serial, in one of 256 folders. A serial may hold slashes and differ from another by case alone, which
/// no file name stands, so a part of its digest makes the difference.
fn file_name(serial: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    let readable: String = serial.chars().take(64).map(plain).collect();
    let digest = digest(serial.as_bytes());
    format!("{:02x}/{readable}-{:012x}.pkpass", digest >> 120, digest & 0xffff_ffff_ffff)
}

/// Puts what is to be told of a row on one line.
fn line(place: &str, what: &impl ToString) -> String {
    format!("{place}: {}\n", what.to_string().split_whitespace().collect::<Vec<_>>().join(" "))
}

/// What came of a row that is in order.
struct Fate {
    /// None if that was done before, from the same row and design.
    issued: Option<Entry>,
    /// What a phone will ignore.
    warnings: Vec<Finding>,
}

/// What went wrong: with one row, or so that the run has to stop.
enum Trouble {
    Row(String),
    Run(Stop),
}

impl<E: Error + Send + Sync + 'static> From<E> for Trouble {
    fn from(error: E) -> Self {
        Self::Run(error.into())
    }
}

type Stop = Box<dyn Error + Send + Sync>;

/// Where a worker writes.
struct Folders {
    passes: PathBuf,
    /// The package that it is writing; one that a killed run left is overwritten.
    unfinished: PathBuf,
}

const HERE: &str = env!("CARGO_MANIFEST_DIR");
