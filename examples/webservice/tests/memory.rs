//! However much is sent, a server holds little of it. Alone in its process, so that what it holds can be counted.

#![cfg(target_os = "linux")]
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "another test needs the rest")]
#[path = "hostile/wire.rs"]
mod wire;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::JoinSet;

use self::wire::{CARD, Server, log, request};

#[tokio::test(flavor = "multi_thread")]
async fn memory_does_not_grow_with_what_is_sent() {
    let servers = Server::all().await;
    for server in &servers {
        server.still_serves().await;
    }
    let before = peak();
    for server in &servers {
        // A gigabyte is offered, half of it announced.
        for headers in ["Transfer-Encoding: chunked\r\n".to_owned(), format!("Content-Length: {}\r\n", 16 << 20)] {
            let mut clients = JoinSet::new();
            for _ in 0..32 {
                clients.spawn(flood(server.clone(), headers.clone()));
            }
            clients.join_all().await;
        }
        let lines = format!("{{\"logs\":[{}\"x\"]}}", "\"x\",".repeat(9_999));
        for _ in 0..20 {
            server.ask(log(&format!("Content-Length: {}\r\n", lines.len()), &lines)).await;
        }
        for guess in 0..1_000 {
            assert_eq!(server.ask(server.fetch(CARD, &format!("guess-{guess}"))).await.status, 401);
        }
        let mut held = Vec::new();
        for _ in 0..200 {
            let mut stream = server.connect().await;
            let head = request("GET /wallet/v1/log", &format!("X: {}", "y".repeat(12_000)));
            stream.write_all(head.trim_end().as_bytes()).await.unwrap();
            held.push(stream);
        }
        server.still_serves().await;
    }
    let grown = peak() - before;
    eprintln!("grown by {grown} KiB");
    assert!(grown < 64 * 1024, "grown by {grown} KiB");
}

/// Sends 16 MiB of spaces, or as much as is taken.
async fn flood(server: Server, headers: String) {
    let stream = server.connect().await;
    let (mut from, mut to) = stream.into_split();
    let chunk =
        if headers.contains("chunked") { format!("10000\r\n{}\r\n", " ".repeat(1 << 16)) } else { " ".repeat(1 << 16) };
    let writing = tokio::spawn(async move {
        to.write_all(log(&headers, "").as_bytes()).await?;
        for _ in 0..256 {
            to.write_all(chunk.as_bytes()).await?;
        }
        to.shutdown().await
    });
    // The answer is lost where the server ended the connection before it had read everything.
    let mut status = [0; 12];
    if from.read_exact(&mut status).await.is_ok() {
        assert_eq!(status, *b"HTTP/1.1 413");
    }
    drop(from);
    let _ = writing.await;
}

/// Gives the most memory that the process ever had, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}
