//! The HTTP around the fake.
#![expect(clippy::expect_used, reason = "a test tool: what fails here fails the test")]

use std::convert::Infallible;
use std::io;
use std::net::TcpListener as StdListener;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, HeaderName, RETRY_AFTER};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::runtime;
use tokio::sync::{Notify, oneshot};
use url::Url;
use url::form_urlencoded;

use super::world::{Ask, Reply, World};

/// A thread that serves until this is dropped.
pub(super) struct Server {
    url: Url,
    stop: Option<oneshot::Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(super) fn start(world: Arc<Mutex<World>>, released: Arc<Notify>) -> Self {
        let listener = StdListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let address = listener.local_addr().expect("a listener has an address");
        listener.set_nonblocking(true).expect("a listener can be made non-blocking");
        let url = Url::parse(&format!("http://{address}/")).expect("an address makes a URL");
        let (stop, stopped) = oneshot::channel();
        let thread = thread::spawn(move || {
            let runtime = runtime::Builder::new_current_thread().enable_io().build().expect("a runtime starts");
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).expect("the runtime takes the listener");
                tokio::spawn(async move {
                    loop {
                        let Ok((stream, _)) = listener.accept().await else { continue };
                        // Answers are small and wait for none.
                        let _ = stream.set_nodelay(true);
                        let (world, released) = (Arc::clone(&world), Arc::clone(&released));
                        tokio::spawn(async move {
                            let service =
                                service_fn(move |request| answer(Arc::clone(&world), Arc::clone(&released), request));
                            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                        });
                    }
                });
                // The sender is dropped with the server, and the runtime with all its connections then.
                let _ = stopped.await;
            });
        });
        Self { url, stop: Some(stop), thread: Some(thread) }
    }

    pub(super) fn url(&self) -> &Url {
        &self.url
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn answer(
    world: Arc<Mutex<World>>,
    released: Arc<Notify>,
    request: Request<Incoming>,
) -> io::Result<Response<Full<Bytes>>> {
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, MOST_BODY).collect().await.map_err(io::Error::other)?.to_bytes();
    let text = |headers: &HeaderMap, name: &HeaderName| {
        headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    };
    let query = parts.uri.query().unwrap_or_default();
    let ask = Ask {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        authorization: text(&parts.headers, &AUTHORIZATION),
        content_type: text(&parts.headers, &CONTENT_TYPE),
        body,
    };
    let (reply, now) = {
        let mut world = world.lock().unwrap_or_else(PoisonError::into_inner);
        (world.answer(&ask), world.clock.now())
    };
    loop {
        // Asked for before the look, so that no release is missed.
        let notified = released.notified();
        if !world.lock().unwrap_or_else(PoisonError::into_inner).holds(&ask) {
            break;
        }
        notified.await;
    }
    let Reply { status, content_type, body, retry_after, is_lost } = reply;
    if is_lost {
        return Err(io::ErrorKind::ConnectionReset.into());
    }
    let mut response = Response::builder()
        .status(status)
        .header(CONTENT_TYPE, content_type)
        .header(DATE, now.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
    if let Some(retry_after) = retry_after {
        response = response.header(RETRY_AFTER, retry_after);
    }
    response.body(Full::new(body)).map_err(io::Error::other)
}

/// The longest body that is read, in bytes.
const MOST_BODY: usize = 32 * 1024 * 1024;
