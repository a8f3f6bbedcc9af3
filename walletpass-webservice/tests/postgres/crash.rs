//! What was acknowledged is there, and nothing is half there: after a process was killed, and after the server was.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use walletpass_webservice::conformance::run;
use walletpass_webservice::store::{EventQuery, PostgresStore, Store, StoreError, Write};

use crate::nodes::child;
use crate::scratch::Scratch;
use crate::server::Server;
use crate::shop::{document_key, event, pass, putting, waking};

#[test]
fn after_kill_9_of_a_process_every_acknowledged_commit_is_there_and_no_half_one() {
    run(async {
        let scratch = Scratch::new("killed").await;
        let store = scratch.options().connect(&scratch.url).await.unwrap();
        for round in 0..3 {
            let mut process = child("crash::commit_until_killed", &scratch).stdout(Stdio::piped()).spawn().unwrap();
            let lines = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
            let mut numbers = lines.filter_map(|line| line.strip_prefix("done ")?.parse::<u64>().ok());
            let mut acknowledged: Vec<u64> = numbers.by_ref().take(200).collect();
            process.kill().unwrap(); // SIGKILL, with eight commits on their way
            process.wait().unwrap();
            acknowledged.extend(numbers);
            // What the server has received it still does.
            scratch.left_alone().await;
            assert!(acknowledged.len() >= 200, "round {round}");
            check(&store, &acknowledged).await;
        }
        drop(store);
        scratch.remove().await;
    });
}

#[test]
#[ignore = "the process that another test kills"]
fn commit_until_killed() {
    run(async {
        let scratch = Scratch::known(&crate::scratch::url(), "killed");
        let store = scratch.store().await;
        let next = Arc::new(AtomicU64::new(u64::from(std::process::id()) << 32));
        let mut writers = JoinSet::new();
        for writer in 0..8 {
            let (store, next) = (store.clone(), next.clone());
            writers.spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    write(&store, writer, number).await.unwrap();
                    // In one call, so that no line is torn.
                    use std::io::Write as _;
                    std::io::stdout().write_all(format!("\ndone {number}\n").as_bytes()).unwrap();
                }
            });
        }
        writers.join_all().await;
    });
}

#[test]
fn after_kill_9_of_the_server_every_acknowledged_commit_is_there_and_no_half_one() {
    run(async {
        let server = Server::new("crash");
        server.start();
        let scratch = Scratch::at(&server.url(), "crash").await;
        let store = scratch.store().await;
        let next = Arc::new(AtomicU64::new(0));
        for round in 1..=3 {
            let acknowledged = Arc::new(Mutex::new(Vec::new()));
            let writers = (0..8).map(|writer| {
                let (store, next, acknowledged) = (store.clone(), next.clone(), acknowledged.clone());
                tokio::spawn(async move {
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        match write(&store, writer, number).await {
                            Ok(()) => acknowledged.lock().await.push(number),
                            Err(StoreError::Unavailable { .. }) => break,
                            Err(error) => panic!("{error:?}"),
                        }
                    }
                })
            });
            let writers: Vec<_> = writers.collect();
            while acknowledged.lock().await.len() < 100 * round {
                tokio::task::yield_now().await;
            }
            server.kill();
            for writer in writers {
                writer.await.unwrap();
            }
            server.start();
            let acknowledged = acknowledged.lock().await;
            check(&store, &acknowledged).await;
        }
    });
}

/// Does a commit whose parts all say its number.
async fn write(store: &PostgresStore, writer: u64, number: u64) -> Result<(), StoreError> {
    let [first, second] = [format!("{writer}-a"), format!("{writer}-b")];
    let body = Bytes::from(number.to_string());
    let mut writes = vec![event(body.clone()), Write::CreatePass(pass(&number.to_string(), body.clone()))];
    for name in [&first, &second] {
        let revision = store.document(&document_key(name)).await?.map(|document| document.revision);
        writes.push(putting(name, body.clone(), revision));
    }
    writes.push(waking(&number.to_string()));
    store.commit(writes).await.map(drop)
}

/// Checks that what was acknowledged is there, and that all parts of each commit are.
async fn check(store: &PostgresStore, acknowledged: &[u64]) {
    let mut query = EventQuery { tenant: Default::default(), pass: None, after: None, cursor: None, limit: 1000 };
    let (mut events, mut passes, mut tasks) = (Vec::new(), Vec::new(), Vec::new());
    loop {
        let page = store.events(&query).await.unwrap();
        events.extend(page.items.iter().map(|event| number(&event.event.body)));
        let Some(next) = page.next else { break };
        query.cursor = Some(next);
    }
    let mut query = walletpass_webservice::store::PassQuery::new(Default::default());
    loop {
        let page = store.passes(&query).await.unwrap();
        passes.extend(page.items.iter().map(|stored| number(&stored.pass.body)));
        let Some(next) = page.next else { break };
        query.cursor = Some(next);
    }
    let mut query = walletpass_webservice::store::TaskQuery {
        tenant: Default::default(),
        dead_only: false,
        cursor: None,
        limit: 1000,
    };
    loop {
        let page = store.tasks(&query).await.unwrap();
        tasks.extend(page.items.iter().map(|task| task.task.key.parse::<u64>().unwrap()));
        let Some(next) = page.next else { break };
        query.cursor = Some(next);
    }
    [&mut events, &mut passes, &mut tasks].into_iter().for_each(|numbers| numbers.sort_unstable());
    assert!(events == passes && events == tasks, "half a commit is there");
    for number in acknowledged {
        assert!(events.binary_search(number).is_ok(), "{number} was acknowledged and is not there");
    }
    for writer in 0..8 {
        let [first, second] = [format!("{writer}-a"), format!("{writer}-b")];
        let [first, second] =
            [store.document(&document_key(&first)).await, store.document(&document_key(&second)).await];
        let body = |document: Result<Option<_>, _>| {
            document.unwrap().map(|document: walletpass_webservice::store::Document| document.body)
        };
        assert_eq!(body(first), body(second));
    }
}

fn number(body: &Bytes) -> u64 {
    str::from_utf8(body).unwrap().parse().unwrap()
}
