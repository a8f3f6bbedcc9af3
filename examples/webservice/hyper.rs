//! The device web service on bare hyper.
//!
//! ```text
//! cargo run -p walletpass-examples --example hyper              a made-up phone takes one update
//! cargo run -p walletpass-examples --example hyper -- --serve   serves at 127.0.0.1:8080, and says what to ask
//! ```
#![allow(clippy::print_stderr, reason = "a host has a log of its own")]

use std::convert::Infallible;
use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use walletpass_webservice::{Body, DeviceApi, Failure, StoredPasses};

#[tokio::main]
async fn main() -> Result<(), walletpass_examples::Failed> {
    walletpass_examples::run(serve).await
}

/// Answers whoever connects. The device API bounds what it reads; how many may come, and how slowly, is bounded here.
pub(crate) async fn serve(listener: std::net::TcpListener, api: DeviceApi<StoredPasses>) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    let api = api.at("/wallet");
    let connections = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let Ok(permit) = Arc::clone(&connections).acquire_owned().await else { return Ok(()) };
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(_) => {
                sleep(Duration::from_millis(100)).await; // out of file descriptors, most likely: let some end
                continue;
            }
        };
        let api = api.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(api.clone(), request));
            let mut http = http1::Builder::new();
            // Without a timer hyper waits for a head for ever.
            http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(MAX_HEAD);
            // Of a connection that fails there is nobody left to tell.
            let _ = timeout(CONNECTION_TIMEOUT, http.serve_connection(TokioIo::new(stream), service)).await;
            drop(permit);
        });
    }
}

/// Answers a request, unless its body comes too slowly.
async fn answer(api: DeviceApi<StoredPasses>, request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    let Ok(answer) = timeout(REQUEST_TIMEOUT, api.handle(request)).await else {
        let mut late = Response::new(Body::empty());
        *late.status_mut() = StatusCode::REQUEST_TIMEOUT;
        return Ok(late);
    };
    if let Some(failure) = answer.extensions().get::<Failure>() {
        eprintln!("{}: {:?}", failure.error(), failure.error().source()); // the phone is told 500 or 503
    }
    Ok(answer)
}

const MOST_CONNECTIONS: usize = 10_000;
/// A request's head with all headers; also how long a connection may rest between two requests.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// Body, store and signature of one request.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// All of a connection, so that nobody holds one for ever by reading an answer byte by byte.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(300);
const MAX_HEAD: usize = 16 * 1024;
