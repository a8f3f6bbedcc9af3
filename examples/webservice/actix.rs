//! The device web service in actix-web.
//!
//! ```text
//! cargo run -p walletpass-examples --example actix              a made-up phone takes one update
//! cargo run -p walletpass-examples --example actix -- --serve   serves at 127.0.0.1:8080, and says what to ask
//! ```
#![allow(clippy::print_stderr, reason = "a host has a log of its own")]

use std::error::Error;
use std::io;
use std::time::Duration;

use actix_web::body::SizedStream;
use actix_web::http::StatusCode;
use actix_web::web::{self, Payload};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use futures_util::{TryStreamExt, stream};
use http_body::Frame;
use http_body_util::StreamBody;
use tokio::time::timeout;
use walletpass_webservice::{DeviceApi, Failure, StoredPasses};

#[tokio::main]
async fn main() -> Result<(), walletpass_examples::Failed> {
    walletpass_examples::run(serve).await
}

/// Answers whoever connects. The device API bounds what it reads; how many may come, and how slowly, is bounded here.
pub(crate) async fn serve(listener: std::net::TcpListener, api: DeviceApi<StoredPasses>) -> io::Result<()> {
    let api = api.at("/wallet"); // a scope strips nothing
    let app = move || {
        App::new().app_data(web::Data::new(api.clone())).service(web::scope("/wallet").default_service(web::to(answer)))
    };
    let server = HttpServer::new(app).disable_signals().workers(2);
    let server = server.max_connections(5_000); // of each worker
    let server = server.client_request_timeout(Duration::from_secs(10)); // for a request's head with all headers
    let server = server.keep_alive(Duration::from_secs(10)); // between two requests
    let running = server.listen(listener)?.run();
    running.await
}

/// Hands a request over, and the answer back: this crate speaks version 1 of `http`, and actix-web version 0.2.
async fn answer(request: HttpRequest, body: Payload, api: web::Data<DeviceApi<StoredPasses>>) -> HttpResponse {
    let mut given = http::Request::builder().method(request.method().as_str()).uri(request.uri().to_string());
    for (name, value) in request.headers() {
        given = given.header(name.as_str(), value.as_bytes());
    }
    let Ok(given) = given.body(StreamBody::new(body.map_ok(Frame::data))) else {
        return HttpResponse::BadRequest().finish();
    };
    // Body, store and signature of one request.
    let Ok(answer) = timeout(Duration::from_secs(30), api.handle(given)).await else {
        return HttpResponse::RequestTimeout().finish();
    };
    if let Some(failure) = answer.extensions().get::<Failure>() {
        eprintln!("{}: {:?}", failure.error(), failure.error().source()); // the phone is told 500 or 503
    }
    let (head, body) = answer.into_parts();
    let status = StatusCode::from_u16(head.status.as_u16()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut taken = HttpResponse::build(status);
    for (name, value) in &head.headers {
        taken.append_header((name.as_str(), value.as_bytes()));
    }
    // By its header and not by the body, which HEAD leaves empty.
    let length = head.headers.get("content-length").and_then(|length| length.to_str().ok()?.parse().ok());
    match length {
        Some(length) => taken.body(SizedStream::new(length, stream::iter(body.into_iter().map(Ok::<_, io::Error>)))),
        None => taken.body(actix_web::body::None::new()),
    }
}
