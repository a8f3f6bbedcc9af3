//! The device web service in axum.
//!
//! ```text
//! cargo run -p walletpass-examples --example axum              a made-up phone takes one update
//! cargo run -p walletpass-examples --example axum -- --serve   serves at 127.0.0.1:8080, and says what to ask
//! ```
#![allow(clippy::print_stderr, reason = "a host has a log of its own")]

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tower_http::timeout::TimeoutLayer;
use walletpass_webservice::{DeviceApi, Failure, StoredPasses};

#[tokio::main]
async fn main() -> Result<(), walletpass_examples::Failed> {
    walletpass_examples::run(serve).await
}

/// Mounts the device API beside the routes of the host.
fn router(api: DeviceApi<StoredPasses>) -> Router {
    Router::new()
        .nest_service("/wallet", api)
        .layer(map_response(tell_failures))
        .route("/", get(|| async { "Bean Club" }))
        // Body, store and signature of one request.
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_secs(30)))
}

/// The phone is told 500 or 503, and whoever runs the server the reason.
async fn tell_failures(answer: Response) -> Response {
    if let Some(failure) = answer.extensions().get::<Failure>() {
        eprintln!("{}: {:?}", failure.error(), failure.error().source());
    }
    answer
}

/// Answers whoever connects. `axum::serve` would do it in a line, but waits for the head of a request for ever, and takes any number
/// of connections: good behind a proxy that bounds both, and nowhere else.
pub(crate) async fn serve(listener: std::net::TcpListener, api: DeviceApi<StoredPasses>) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    let router = router(api);
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
        let service = TowerToHyperService::new(router.clone());
        tokio::spawn(async move {
            let mut http = http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(MAX_HEAD);
            // Of a connection that fails there is nobody left to tell.
            let _ = timeout(CONNECTION_TIMEOUT, http.serve_connection(TokioIo::new(stream), service)).await;
            drop(permit);
        });
    }
}

const MOST_CONNECTIONS: usize = 10_000;
/// A request's head with all headers; also how long a connection may rest between two requests.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// All of a connection, so that nobody holds one for ever by reading an answer byte by byte.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(300);
const MAX_HEAD: usize = 16 * 1024;
