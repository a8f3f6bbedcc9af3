//! A process of this test that writes to a file, and says what was acknowledged.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{ChildStdout, Command, Stdio};

use walletpass_webservice::store::{
    Durability, Event, EventQuery, NewEvent, NewPass, NewTask, PassQuery, SqliteOptions, SqliteStore, Store,
    StoredPass, Task, TaskQuery, Write, Written,
};
use walletpass_webservice::{PassKey, conformance};

/// How many workers of a process commit at the same time.
pub(crate) const WORKERS: u64 = 8;
/// How many commits each worker of a process does that ends by itself.
pub(crate) const ROUNDS: u64 = 25;

/// Another process.
pub(crate) struct Child {
    process: std::process::Child,
    said: BufReader<ChildStdout>,
}

impl Child {
    /// Runs one of the tests of this program that are ignored.
    pub(crate) fn start(test: &str, path: &Path, name: &str, durability: Durability) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test, "--ignored", "--nocapture"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        writeln!(process.stdin.take().unwrap(), "{}\n{name}\n{durability:?}", path.display()).unwrap();
        let said = BufReader::new(process.stdout.take().unwrap());
        Self { process, said }
    }

    /// Gives the serial numbers and tags that were acknowledged, until the process ends.
    pub(crate) fn acknowledged(&mut self) -> impl Iterator<Item = (String, u64)> {
        // A line that was cut off by the end of the process was acknowledged too, but not to us.
        let lines = std::iter::from_fn(|| {
            let mut line = String::new();
            self.said.read_line(&mut line).unwrap();
            line.ends_with('\n').then_some(line)
        });
        lines.filter_map(|line| {
            let mut words = line.trim_end().rsplit(' ');
            let (tag, serial, word) = (words.next()?, words.next()?, words.next()?);
            (word == "acknowledged").then(|| (serial.to_owned(), tag.parse().unwrap()))
        })
    }

    /// Ends the process with SIGKILL.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        assert!(!self.process.wait().unwrap().success(), "it ended before it was killed");
    }

    /// Waits until the process has ended.
    pub(crate) fn wait(&mut self) {
        assert!(self.process.wait().unwrap().success());
    }
}

/// Commits passes, each with a task and an event, and prints what is acknowledged.
pub(crate) fn work(rounds: u64, mut lines: impl Iterator<Item = String>) {
    let (path, name) = (lines.next().unwrap(), lines.next().unwrap());
    let durability = if lines.next().unwrap() == "Disk" { Durability::Disk } else { Durability::Process };
    let store = SqliteOptions::default().durability(durability).open(path).unwrap();
    conformance::run(async {
        let workers: Vec<_> = (0..WORKERS)
            .map(|worker| {
                let (store, name) = (store.clone(), name.clone());
                tokio::spawn(async move {
                    for round in 0..rounds {
                        let serial = format!("{name}-{worker}-{round}");
                        let written = store.commit(whole(&serial)).await.unwrap();
                        let [Written::Pass(tag), ..] = written[..] else { panic!("{written:?}") };
                        println!("\nacknowledged {serial} {tag}");
                    }
                })
            })
            .collect();
        for worker in workers {
            worker.await.unwrap();
        }
    });
}

/// Checks that of each commit all is there: the same serial numbers in passes, tasks and events. Gives them.
pub(crate) fn is_whole(path: &Path) -> BTreeSet<String> {
    let store = SqliteStore::open(path).unwrap();
    macro_rules! serials {
        ($list:ident, $query:expr, $serial:expr) => {{
            let (mut query, mut serials) = ($query, BTreeSet::new());
            loop {
                let page = store.$list(&query).await.unwrap();
                for item in page.items {
                    assert!(serials.insert($serial(item)));
                }
                match page.next {
                    Some(next) => query.cursor = Some(next),
                    None => break serials,
                }
            }
        }};
    }
    let mut found = BTreeSet::new();
    conformance::run(async {
        let tenant = walletpass_webservice::Tenant::default;
        let passes =
            serials!(passes, PassQuery::new(tenant()), |pass: StoredPass| pass.pass.key.serial.as_str().to_owned());
        let query = TaskQuery { tenant: tenant(), dead_only: false, cursor: None, limit: 1000 };
        assert_eq!(serials!(tasks, query, |task: Task| task.task.key), passes);
        let query = EventQuery { tenant: tenant(), pass: None, after: None, cursor: None, limit: 1000 };
        let serial = |event: Event| event.event.pass.unwrap().serial.as_str().to_owned();
        assert_eq!(serials!(events, query, serial), passes);
        found = passes;
    });
    found
}

pub(crate) fn key(serial: &str) -> PassKey {
    let pass_type = "pass.com.example.club".parse().unwrap();
    PassKey { tenant: Default::default(), pass_type, serial: serial.parse().unwrap() }
}

pub(crate) fn create(serial: &str) -> Write {
    Write::CreatePass(NewPass {
        key: key(serial),
        body: vec![b'x'; 3000].into(),
        token: "vxwxd7J8AlNNFPS8k0a0FfUFtq0ewzFdc".into(),
        template: None,
        state: Default::default(),
        at: "2026-11-21T10:00:00Z".parse().unwrap(),
    })
}

fn whole(serial: &str) -> Vec<Write> {
    let at = "2026-11-21T10:00:00Z".parse().unwrap();
    let (tenant, kind) = (Default::default(), "wake".to_owned());
    let task = NewTask { tenant, kind: kind.clone(), key: serial.to_owned(), body: Default::default(), due: at };
    let event =
        NewEvent { tenant: Default::default(), kind, pass: Some(key(serial)), at, body: vec![b'e'; 5000].into() };
    vec![create(serial), Write::EnqueueTask(task), Write::AppendEvent(event)]
}
