//! Commits of which the answer is lost, and commits that the server takes back.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use walletpass_webservice::conformance::run;
use walletpass_webservice::store::{EventQuery, Store, StoreError, Tag, Write, Written};

use crate::scratch::{Scratch, url};
use crate::shop::{CLUB, event, key, pass};

#[test]
fn a_commit_whose_answer_is_lost_is_in_doubt_and_not_done_again() {
    run(async {
        let scratch = Scratch::new("doubt").await;
        let wire = Wire::new().await;
        let store = scratch.options().pool_size(1).connect(&wire.url).await.unwrap();
        let mut query = EventQuery { tenant: Default::default(), pass: None, after: None, cursor: None, limit: 1000 };
        let alone = vec![event("one")];
        let together = vec![event("two"), Write::CreatePass(pass("4711", "{}"))];
        for (writes, end) in [(alone, "SELECT 1\0"), (together, "COMMIT\0")] {
            // So that the statements are known, and only answers are left to come.
            store.commit(vec![event("before")]).await.unwrap();
            let other = Write::CreatePass(pass(&end.len().to_string(), "{}"));
            store.commit(vec![event("before"), other]).await.unwrap();
            wire.cut(end);
            let lost = store.commit(writes).await;
            assert!(matches!(lost, Err(StoreError::Unavailable { .. })), "{lost:?}");
            wire.cut("");
            // The server has it all, and each part of it is there once.
            let events = store.events(&query).await.unwrap().items;
            assert_eq!(events.len(), 3);
            query.after = events.last().map(|event| event.id);
        }
        assert!(store.pass(&key("4711")).await.unwrap().is_some());
        drop(store);
        scratch.remove().await;
    });
}

#[test]
fn a_commit_that_the_server_takes_back_for_a_deadlock_is_done_again() {
    run(async {
        let scratch = Scratch::new("deadlock").await;
        // The store is the one that notices the deadlock, and gives way.
        let patience = format!("{}&options=-c%20deadlock_timeout%3D500ms", scratch.address());
        let store = scratch.options().connect(&patience).await.unwrap();
        store.commit(vec![Write::CreatePass(pass("4711", "{}"))]).await.unwrap();
        for round in 0..2 {
            let mut stranger = scratch.client().await;
            stranger.batch_execute("SET deadlock_timeout = '1min'").await.unwrap();
            let transaction = stranger.transaction().await.unwrap();
            transaction.execute("SELECT FROM passes WHERE serial = '4711' FOR UPDATE", &[]).await.unwrap();
            let commit = tokio::spawn({
                let store = store.clone();
                let update = Write::UpdatePass { pass: pass("4711", "{}"), expected: Tag(1 + round) };
                let writes = if round == 0 { vec![update] } else { vec![update, event("e")] };
                async move { store.commit(writes).await }
            });
            let waits =
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND wait_event_type = 'Lock'";
            while transaction.query_one(waits, &[&scratch.schema]).await.unwrap().get::<_, i64>(0) == 0 {
                transaction.batch_execute("SELECT pg_stat_clear_snapshot()").await.unwrap();
            }
            let counter = "SELECT FROM counters WHERE list = $1 FOR UPDATE";
            transaction.execute(counter, &[&CLUB]).await.expect("the store gives way");
            transaction.commit().await.unwrap();
            let written = commit.await.unwrap().unwrap();
            assert_eq!(written[0], Written::Pass(Tag(2 + round)));
        }
        drop(store);
        scratch.remove().await;
    });
}

/// A wire to the server that can be cut: it then takes all that is sent to the server, and hangs up instead of bringing the answer.
struct Wire {
    url: String,
    end: Arc<Mutex<String>>,
}

impl Wire {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = url().split(['@', '/']).nth(3).unwrap().to_owned();
        let end = Arc::new(Mutex::new(String::new()));
        let ends = end.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&server).await.unwrap();
                tokio::spawn(carry(client, server, ends.clone()));
            }
        });
        Self { url: format!("postgres://walletpass@127.0.0.1:{port}/postgres?sslmode=disable"), end }
    }

    /// Cuts it, or mends it if `end` is empty: from now on it brings nothing, and hangs up when this comes.
    fn cut(&self, end: &str) {
        *self.end.lock().unwrap() = end.to_owned();
    }
}

async fn carry(client: TcpStream, server: TcpStream, end: Arc<Mutex<String>>) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let sent = tokio::spawn(async move { tokio::io::copy(&mut from_client, &mut to_server).await });
    let (mut buffer, mut kept) = ([0; 4096], Vec::new());
    while let Ok(read @ 1..) = from_server.read(&mut buffer).await {
        let end = end.lock().unwrap().clone();
        if end.is_empty() {
            to_client.write_all(&buffer[..read]).await.unwrap();
            continue;
        }
        kept.extend_from_slice(&buffer[..read]);
        if kept.windows(end.len()).any(|window| window == end.as_bytes()) {
            break;
        }
    }
    drop(to_client);
    drop(sent.await);
}
