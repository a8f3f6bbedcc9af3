//! What a host on the internet is sent, over real connections: the right status, nothing learnt, nothing held.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod wire;

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::JoinSet;
use tokio::time::Instant;
use walletpass_examples::Club;
use walletpass_webservice::DeviceApi;

use self::wire::{BASE, CARD, Server, log, request};

#[tokio::test(start_paused = true)]
async fn a_body_over_64_kib_is_413_whether_its_length_is_announced_or_not() {
    const MOST: usize = DeviceApi::<()>::MAX_BODY;
    for server in Server::all().await {
        let frame = "{\"logs\":[\"\"]}";
        let largest = format!("{{\"logs\":[\"{}\"]}}", "x".repeat(MOST - frame.len()));
        let announced = |length: usize, body: &str| log(&format!("Content-Length: {length}\r\n"), body);
        assert_eq!(server.ask(announced(MOST, &largest)).await.status, 200, "{}", server.framework);
        // Nobody waits for the body.
        for length in [MOST + 1, 10_000_000_000] {
            assert_eq!(server.ask(announced(length, "")).await.status, 413, "{}", server.framework);
        }
        let chunk = format!("{:x}\r\n{}\r\n", MOST / 8, " ".repeat(MOST / 8)).repeat(8);
        let chunked = |rest: &str| log("Transfer-Encoding: chunked\r\n", &format!("{chunk}{rest}"));
        assert_eq!(server.ask(chunked("0\r\n\r\n")).await.status, 400, "{}: spaces are no log", server.framework);
        assert_eq!(server.ask(chunked("1\r\n \r\n")).await.status, 413, "{}", server.framework);
        server.still_serves().await;
    }
}

#[tokio::test(start_paused = true)]
async fn of_ten_thousand_log_lines_a_thousand_are_kept() {
    for server in Server::all().await {
        let body = format!("{{\"logs\":[{}\"x\"]}}", "\"x\",".repeat(9_999));
        let answer = server.ask(log(&format!("Content-Length: {}\r\n", body.len()), &body)).await;
        assert_eq!((answer.status, server.club.take_logs().len()), (200, 1_000), "{}", server.framework);
    }
}

/// Each hides a second request in the body of the first, or in what one server calls its body and another does not.
#[tokio::test(start_paused = true)]
async fn no_request_is_smuggled_within_another() {
    let inner = "{\"logs\":[\"smuggled\"]}";
    let hidden = log(&format!("Content-Length: {}\r\n", inner.len()), inner);
    let outer = "{\"logs\":[\"seen\"]}";
    let (length, size) = (outer.len(), format!("{:x}", outer.len()));
    let chunked = format!("{size}\r\n{outer}\r\n0\r\n\r\n");
    let both = outer.len() + hidden.len();
    let servers = Server::all().await;
    for (headers, body) in [
        (format!("Content-Length: {length}\r\nContent-Length: {both}\r\n"), outer.to_owned()),
        (format!("Content-Length: {both}\r\nContent-Length: {length}\r\n"), outer.to_owned()),
        (format!("Content-Length: {length}, {both}\r\n"), outer.to_owned()),
        (format!("Content-Length: +{length}\r\n"), outer.to_owned()),
        ("Content-Length: -1\r\n".to_owned(), outer.to_owned()),
        ("Content-Length: 99999999999999999999999\r\n".to_owned(), outer.to_owned()),
        (format!("Content-Length : {length}\r\n"), outer.to_owned()),
        (format!("Content-Length: {both}\r\nTransfer-Encoding: chunked\r\n"), chunked.clone()),
        (format!("Transfer-Encoding: chunked\r\nContent-Length: {length}\r\n"), chunked.clone()),
        ("Transfer-Encoding: xchunked\r\n".to_owned(), chunked.clone()),
        ("Transfer-Encoding: chunked, identity\r\n".to_owned(), chunked.clone()),
        ("Transfer-Encoding : chunked\r\n".to_owned(), chunked.clone()),
        ("Transfer-Encoding:\r\n chunked\r\n".to_owned(), chunked.clone()),
        (format!("X-Folded: a\r\n b\r\nContent-Length: {length}\r\n"), outer.to_owned()),
        (format!("X-Return: a\rContent-Length: 0\r\nContent-Length: {length}\r\n"), outer.to_owned()),
        (format!("X-Null: a\0b\r\nContent-Length: {length}\r\n"), outer.to_owned()),
        (format!("X Space: a\r\nContent-Length: {length}\r\n"), outer.to_owned()),
        ("Transfer-Encoding: chunked\r\n".to_owned(), "ffffffffffffffffff\r\n".to_owned()),
        ("Transfer-Encoding: chunked\r\n".to_owned(), format!("-1\r\n{outer}")),
    ] {
        for server in &servers {
            // The connection stays open if the server thinks well of the request.
            let text = format!("{}{hidden}", log(&headers, &body).replace("Connection: close\r\n", ""));
            let answers = server.send(text).await;
            let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
            let logged = server.club.take_logs().concat();
            // Of both lengths hyper takes the chunks, as RFC 9112 says, and ends the connection.
            let takes_chunks = headers.contains("Content-Length") && headers.contains("Transfer-Encoding");
            if takes_chunks && server.framework != "actix" {
                assert!(statuses == [200] && logged.contains("seen"), "{} {headers:?} {statuses:?}", server.framework);
            } else {
                assert!(statuses == [400] && logged.is_empty(), "{} {headers:?} {statuses:?}", server.framework);
            }
            assert!(!logged.contains("smuggled"), "{} {headers:?}", server.framework);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_head_without_end_is_refused() {
    for server in Server::all().await {
        for text in [
            request("GET /wallet/v1/log", &"X: y\r\n".repeat(10_000)),
            request("GET /wallet/v1/log", &format!("X: {}\r\n", "y".repeat(1 << 20))),
            request(&format!("GET /wallet/v1/{}", "y".repeat(1 << 20)), ""),
        ] {
            // What was not read any more may cost the client the answer as well.
            let answers = server.send(text).await;
            let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
            let refused = [400, 413, 414, 431];
            assert!(statuses.iter().all(|status| refused.contains(status)), "{} {statuses:?}", server.framework);
        }
        server.still_serves().await;
    }
}

/// All with the token of the card, so that whatever leads to it would be seen.
#[tokio::test(start_paused = true)]
async fn paths_lead_nowhere_but_where_they_say() {
    for server in Server::all().await {
        for (serial, status) in [
            ("%zz", 400),
            ("%", 400),
            ("%f", 400),
            ("%ff", 400),
            ("%C3%28", 400),
            ("", 401),
            ("%00", 401),
            (".", 401),
            ("..", 401),
            ("%2e%2e", 401),
            ("..%2f..%2f..%2fetc%2fpasswd", 401),
            ("..%5c..%5cboot.ini", 401),
            ("member-4711%00", 401),
            ("member-4711%2f", 401),
            ("x%2f..%2fmember-4711", 401),
            ("%256dember-4711", 401),
            ("Member-4711", 401),
            ("%E2%80%AEmember-4711", 401),
            ("%6dember-4711", 200),
            ("../../../../../etc/passwd", 404),
            ("x/../member-4711", 404),
            ("./member-4711", 404),
            ("member-4711/..", 404),
            ("member-4711/", 404),
        ] {
            let answer = server.ask(server.fetch(serial, &server.token)).await;
            assert_eq!(answer.status, status, "{} {serial}", server.framework);
        }
        for path in
            ["/v1/log", "/wallet/../wallet/v1/log", "/wallet/v2/log", "/walletv1/log", "/wallet%2fv1/log", "/wallet"]
        {
            let answer = server.ask(request(&format!("POST {path}"), "Content-Length: 0\r\n")).await;
            assert_eq!(answer.status, 404, "{} {path}", server.framework);
        }
    }
}

/// The very same bytes, but for the date of the answer.
#[tokio::test(start_paused = true)]
async fn nothing_tells_an_unknown_pass_from_a_wrong_token() {
    for server in Server::all().await {
        let right = format!("Authorization: ApplePass {}\r\n", server.token);
        let first = server.ask(server.fetch(CARD, "wrong")).await;
        assert_eq!(first.status, 401);
        let long = "x".repeat(400);
        let prefix = &server.token[..server.token.len() - 1];
        for (serial, authorization) in [
            ("unknown", right.clone()),
            ("unknown", "Authorization: ApplePass wrong\r\n".to_owned()),
            (&long, right.clone()),
            ("%00", right.clone()),
            (CARD, String::new()),
            (CARD, format!("Authorization: ApplePass {prefix}\r\n")),
            (CARD, format!("Authorization: ApplePass {}x\r\n", server.token)),
            (CARD, format!("Authorization: ApplePass {}\r\n", server.token.to_uppercase())),
            (CARD, format!("Authorization: Bearer {}\r\n", server.token)),
            (CARD, "Authorization: ApplePass \r\n".to_owned()),
            (CARD, right.repeat(2)),
        ] {
            let (pass_type, registrations) = (Club::PASS_TYPE, format!("{BASE}/devices/d1/registrations"));
            for (line, more, body) in [
                (format!("GET {BASE}/passes/{pass_type}/{serial}"), "", ""),
                (
                    format!("POST {registrations}/{pass_type}/{serial}"),
                    "Content-Length: 20\r\n",
                    "{\"pushToken\":\"00ff\"}",
                ),
                (format!("DELETE {registrations}/{pass_type}/{serial}"), "", ""),
            ] {
                let text = request(&line, &format!("{authorization}{more}")) + body;
                assert_eq!(server.ask(text).await, first, "{} {line} {authorization}", server.framework);
            }
        }
        assert_eq!(server.club.push_tokens(CARD).await.unwrap().len(), 0);
    }
}

#[tokio::test]
async fn wrong_tokens_at_full_speed_are_401_each_and_keep_nobody_from_the_right_one() {
    for server in Server::all().await {
        let first = server.ask(server.fetch(CARD, "wrong")).await;
        let last = server.fetch(CARD, "guess-249");
        let mut guesses: String = (0..249).map(|guess| server.fetch(CARD, &format!("guess-{guess}"))).collect();
        guesses = guesses.replace("Connection: close\r\n", "") + &last;
        let mut connections = JoinSet::new();
        for _ in 0..8 {
            let (other, guesses) = (server.clone(), guesses.clone());
            connections.spawn(async move { other.send(guesses).await });
            server.still_serves().await;
        }
        for answers in connections.join_all().await {
            assert_eq!(answers.len(), 250, "{}", server.framework);
            assert!(answers.iter().all(|answer| (answer.status, &answer.body) == (401, &first.body)));
        }
    }
}

#[tokio::test]
async fn connections_that_stay_half_open_keep_nobody_out() {
    for server in Server::all().await {
        let mut held = Vec::new();
        for beginning in [
            "",
            "GET",
            "GET /wallet/v1/log HTTP/1.1\r\nHost:",
            "POST /wallet/v1/log HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{",
        ] {
            for _ in 0..50 {
                let mut stream = server.connect().await;
                stream.write_all(beginning.as_bytes()).await.unwrap();
                held.push(stream);
            }
        }
        server.still_serves().await;
    }
}

/// By the clock of tokio, which does not wait; that of actix-web cannot be told to.
#[tokio::test(start_paused = true)]
async fn connections_that_stay_half_open_are_ended() {
    for server in [Server::axum().await, Server::hyper().await] {
        let head = "POST /wallet/v1/log HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n";
        for (beginning, seconds, status) in [
            ("", 10, None),
            ("GET", 10, None),
            ("GET /wallet/v1/log HTTP/1.1\r\nHost:", 10, None),
            (head, 30, Some("408")),
        ] {
            let start = Instant::now();
            let mut stream = server.connect().await;
            stream.write_all(beginning.as_bytes()).await.unwrap();
            let mut received = vec![0; 1024];
            let count = stream.read(&mut received).await.unwrap_or_default();
            let received = String::from_utf8_lossy(&received[..count]);
            let elapsed = start.elapsed();
            assert!(
                elapsed.abs_diff(Duration::from_secs(seconds)) < Duration::from_secs(1),
                "{} {elapsed:?}",
                server.framework
            );
            if let Some(status) = status {
                assert_eq!(received.split(' ').nth(1), Some(status), "{}", server.framework);
            }
        }
    }
}
