//! Two processes over one database: while both change passes and do what is to be done, a device misses nothing and no task is done twice.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::sync::watch;
use tokio::task::JoinSet;
use walletpass_webservice::conformance::run;
use walletpass_webservice::store::{Changes, Claim, PostgresStore, Store, StoreError, Tag, TaskQuery, Write, Written};

use crate::scratch::Scratch;
use crate::shop::{at, device, document_key, event, key, pass, putting, registering, waking};

#[test]
fn of_10_000_updates_by_two_processes_a_device_misses_none_and_no_task_is_done_twice() {
    run(async {
        let scratch = Scratch::new("nodes").await;
        let store = scratch.store().await;
        for number in 0..PASSES {
            let serial = number.to_string();
            store.commit(vec![Write::CreatePass(pass(&serial, "{}")), registering("phone", &serial)]).await.unwrap();
        }
        let other = child("nodes::another_node", &scratch).stdout(Stdio::piped()).spawn().unwrap();
        let (asked, pace) = watch::channel(0);
        let own = tokio::spawn({
            let store = store.clone();
            async move { work(&store, Some(pace)).await }
        });
        let other = tokio::task::spawn_blocking(|| other.wait_with_output().unwrap());

        // What the device was told, each time from where the answer before ended.
        let mut answers: Vec<Changes> = Vec::new();
        // What it fetched, only of what it was told of.
        let mut fetched: BTreeMap<String, Tag> = BTreeMap::new();
        loop {
            // Asked before the list is read, so that the last list is of after the last update.
            let is_over = own.is_finished() && other.is_finished();
            let since = answers.last().map(|changes| changes.tag);
            if let Some(changes) = store.changed_since(&device("phone"), since).await.unwrap() {
                for serial in &changes.serials {
                    let stored = store.pass(&key(serial.as_str())).await.unwrap().unwrap();
                    fetched.insert(serial.as_str().to_owned(), stored.tag);
                }
                answers.push(changes);
                asked.send_replace(answers.len() as u64);
            }
            if is_over {
                break;
            }
        }
        let (own, other) = (own.await.unwrap(), other.await.unwrap());
        assert!(other.status.success(), "{}", String::from_utf8_lossy(&other.stdout));
        let other = Diary::read(&String::from_utf8(other.stdout).unwrap());

        let finals = final_tags(&store).await;
        check_answers(&answers, &own, &other);
        assert_eq!(fetched, finals, "the device has not the last version of each pass");
        check_tasks(&own, &other, &finals);
        let query = TaskQuery { tenant: Default::default(), dead_only: false, cursor: None, limit: 1 };
        assert_eq!(store.tasks(&query).await.unwrap().items, [], "a task was left undone");
        drop(store);
        scratch.remove().await;
    });
}

/// Every answer lists every update between its tag and that of the answer before it; together they reach the last update of all.
fn check_answers(answers: &[Changes], own: &Diary, other: &Diary) {
    let by_tag = |diary: &Diary, is_own| -> Vec<_> {
        diary.updates.iter().map(|(tag, serial)| (*tag, (serial.clone(), is_own))).collect()
    };
    let updates: BTreeMap<Tag, (String, bool)> = by_tag(own, true).into_iter().chain(by_tag(other, false)).collect();
    assert_eq!(own.updates.len() as u64, UPDATES / 2);
    assert_eq!(updates.len() as u64, UPDATES, "a tag was given twice, or an update is missing");
    let writers: Vec<bool> = updates.values().map(|(_, is_own)| *is_own).collect();
    let turns = writers.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert!(turns > 100, "the two processes took only {turns} turns");

    let mut since = Tag(0);
    for changes in answers {
        assert!(since < changes.tag, "the list went back from {since} to {}", changes.tag);
        for (tag, (serial, _)) in updates.range(Tag(since.0 + 1)..=changes.tag) {
            let is_listed = changes.serials.iter().any(|listed| listed.as_str() == serial);
            assert!(is_listed, "the list from {since} to {} missed {serial}, which was written as {tag}", changes.tag);
        }
        since = changes.tag;
    }
    assert_eq!(updates.last_key_value().map(|(tag, _)| *tag), Some(since), "the last update was not listed");
    assert!(answers.len() > 100, "the device asked only {} times while there were changes", answers.len());
}

/// Each task was done once, both processes did some, and after the last update of each pass one was done for it.
fn check_tasks(own: &Diary, other: &Diary, finals: &BTreeMap<String, Tag>) {
    assert!(!own.tasks.is_empty() && !other.tasks.is_empty(), "{} and {} tasks", own.tasks.len(), other.tasks.len());
    let (mut ids, mut told) = (BTreeSet::new(), BTreeMap::new());
    for (id, serial, tag) in own.tasks.iter().chain(&other.tasks) {
        assert!(ids.insert(*id), "task {id} was done twice");
        let last = told.entry(serial.clone()).or_insert(*tag);
        *last = (*last).max(*tag);
    }
    assert_eq!(told, *finals, "no task was done after the last update of each pass");
}

async fn final_tags(store: &PostgresStore) -> BTreeMap<String, Tag> {
    let mut tags = BTreeMap::new();
    for number in 0..PASSES {
        let serial = number.to_string();
        let stored = store.pass(&key(&serial)).await.unwrap().unwrap();
        tags.insert(serial, stored.tag);
    }
    tags
}

#[test]
#[ignore = "the second process of another test"]
fn another_node() {
    run(async {
        let store = Scratch::known(&crate::scratch::url(), "nodes").store().await;
        let diary = work(&store, None).await.write();
        use std::io::Write as _;
        std::io::stdout().write_all(diary.as_bytes()).unwrap();
    });
}

/// What a process did.
#[derive(Default)]
struct Diary {
    /// With which tag it wrote which pass.
    updates: Vec<(Tag, String)>,
    /// Which tasks it did: the id, the pass, and the tag that it had then.
    tasks: Vec<(u64, String, Tag)>,
}

impl Diary {
    fn write(&self) -> String {
        let updates = self.updates.iter().map(|(tag, serial)| format!("\nupdate {tag} {serial}\n"));
        let tasks = self.tasks.iter().map(|(id, serial, tag)| format!("\ntask {id} {serial} {tag}\n"));
        updates.chain(tasks).collect()
    }

    fn read(lines: &str) -> Self {
        let mut diary = Self::default();
        for line in lines.lines() {
            match *line.split(' ').collect::<Vec<_>>() {
                ["update", tag, serial] => diary.updates.push((tag.parse().unwrap(), serial.to_owned())),
                ["task", id, serial, tag] => {
                    diary.tasks.push((id.parse().unwrap(), serial.to_owned(), tag.parse().unwrap()));
                }
                _ => {}
            }
        }
        diary
    }
}

/// Does half of the updates, and tasks until none is left. With a pace, one answer to the device comes after so many updates at least,
/// however slow the machine.
async fn work(store: &PostgresStore, pace: Option<watch::Receiver<u64>>) -> Diary {
    let left = Arc::new(AtomicU64::new(UPDATES / 2));
    let are_updated = Arc::new(AtomicBool::new(false));
    let mut updaters = JoinSet::new();
    for updater in 0..6 {
        let (store, left, mut pace) = (store.clone(), left.clone(), pace.clone());
        updaters.spawn(async move {
            let mut updates = Vec::new();
            let mut number = updater + u64::from(std::process::id());
            while let Ok(left) = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)) {
                if let Some(pace) = &mut pace {
                    let due = (UPDATES / 2 - left) / UPDATES_OF_AN_ANSWER;
                    pace.wait_for(|answers| *answers >= due).await.unwrap();
                }
                number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let serial = ((number >> 33) % PASSES).to_string();
                updates.push((update(&store, &serial).await, serial));
            }
            updates
        });
    }
    let mut workers = JoinSet::new();
    for _ in 0..2 {
        let (store, are_updated) = (store.clone(), are_updated.clone());
        workers.spawn(async move {
            let mut tasks = Vec::new();
            loop {
                // Asked before the tasks are, so that those of the last update are seen.
                let is_over = are_updated.load(Ordering::Acquire);
                let done = claim_and_do(&store).await;
                if done.is_empty() && is_over {
                    return tasks;
                }
                tasks.extend(done);
            }
        });
    }
    let updates = updaters.join_all().await.concat();
    are_updated.store(true, Ordering::Release);
    Diary { updates, tasks: workers.join_all().await.concat() }
}

/// Changes a pass, whatever others do; gives its tag.
async fn update(store: &PostgresStore, serial: &str) -> Tag {
    let mut expected = store.pass(&key(serial)).await.unwrap().unwrap().tag;
    loop {
        let writes = vec![Write::UpdatePass { pass: pass(serial, "{}"), expected }, waking(serial)];
        match store.commit(writes).await {
            Ok(written) => match written[..] {
                [Written::Pass(tag), Written::Done] => return tag,
                _ => panic!("{written:?}"),
            },
            Err(StoreError::Conflict { found: Some(found), .. }) => expected = Tag(found),
            Err(error) => panic!("{error:?}"),
        }
    }
}

/// Does some tasks, of which each tells of the pass as it then is.
async fn claim_and_do(store: &PostgresStore) -> Vec<(u64, String, Tag)> {
    let mut done = Vec::new();
    let claim = Claim { tenant: None, kinds: Vec::new(), key: None, now: at(1), until: at(1000), limit: 10 };
    for task in store.claim(&claim).await.unwrap() {
        // No lease runs out here, as every claim has the same `now`.
        assert_eq!(task.attempts, 1, "task {} was given twice", task.id);
        let serial = task.task.key.clone();
        // Whoever did the same at the same time would find this note, or take it away.
        let note = document_key(&format!("busy {serial}"));
        store.commit(vec![putting(&note.name, "", None)]).await.expect("one key is in the work of one");
        let tag = store.pass(&key(&serial)).await.unwrap().unwrap().tag;
        let expected = store.document(&note).await.unwrap().unwrap().revision;
        let clear = Write::DeleteDocument { key: note, expected };
        store.commit(vec![Write::FinishTask(task.lease()), clear, event("")]).await.unwrap();
        done.push((task.id, serial, tag));
    }
    done
}

/// Makes a process of one of the tests here.
pub(crate) fn child(test: &str, scratch: &Scratch) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--ignored", "--nocapture"]).env("WALLETPASS_POSTGRES_URL", &scratch.url);
    command
}

const PASSES: u64 = 100;
const UPDATES: u64 = 10_000;
const UPDATES_OF_AN_ANSWER: u64 = 45;
