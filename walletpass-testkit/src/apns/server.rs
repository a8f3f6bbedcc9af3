//! The HTTP/2 and TLS around the fake.
#![expect(clippy::expect_used, reason = "a test tool: what fails here fails the test")]

use std::convert::Infallible;
use std::net::TcpListener as StdListener;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use bytes::Bytes;
use h2::RecvStream;
use h2::server::SendResponse;
use http::{HeaderValue, Request, Response, StatusCode, header};
use openssl::nid::Nid;
use openssl::x509::X509;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime;
use tokio::sync::{Notify, oneshot, watch};
use tokio_rustls::TlsAcceptor;
use url::Url;

use super::answer::{ApnsAnswer, Shape};
use super::world::{SeenPush, World};
use crate::Authority;

/// A thread that serves until this is dropped.
pub(super) struct Server {
    url: Url,
    /// Counts how often all connections were cut.
    cuts: watch::Sender<u64>,
    stop: Option<oneshot::Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(super) fn start(authority: &Authority, world: Arc<Mutex<World>>) -> Self {
        let listener = StdListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let address = listener.local_addr().expect("a listener has an address");
        listener.set_nonblocking(true).expect("a listener can be made non-blocking");
        let url = Url::parse(&format!("https://{address}/")).expect("an address makes a URL");
        let acceptor = TlsAcceptor::from(Arc::new(tls_of(authority)));
        let (stop, stopped) = oneshot::channel();
        let (cuts, cut) = watch::channel(0);
        let thread = thread::spawn(move || {
            let runtime = runtime::Builder::new_current_thread().enable_io().build().expect("a runtime starts");
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).expect("the runtime takes the listener");
                tokio::spawn(accept(listener, acceptor, world, cut));
                // The sender is dropped with the server, and the runtime with all its connections then.
                let _ = stopped.await;
            });
        });
        Self { url, cuts, stop: Some(stop), thread: Some(thread) }
    }

    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    pub(super) fn cut(&self) {
        self.cuts.send_modify(|cuts| *cuts += 1);
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

async fn accept(listener: TcpListener, acceptor: TlsAcceptor, world: Arc<Mutex<World>>, cut: watch::Receiver<u64>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let (acceptor, world, mut cut) = (acceptor.clone(), Arc::clone(&world), cut.clone());
        tokio::spawn(async move {
            cut.mark_unchanged();
            tokio::select! {
                () = serve(stream, acceptor, world) => {}
                _ = cut.changed() => {}
            }
        });
    }
}

/// Serves one connection to its end.
async fn serve(stream: TcpStream, acceptor: TlsAcceptor, world: Arc<Mutex<World>>) {
    let _ = stream.set_nodelay(true);
    let Ok(stream) = acceptor.accept(stream).await else { return };
    let certificate = stream.get_ref().1.peer_certificates().and_then(<[_]>::first).and_then(pass_type_of);
    let number = {
        let mut world = world.lock().unwrap_or_else(PoisonError::into_inner);
        world.connections += 1;
        world.connections
    };
    let mut builder = h2::server::Builder::new();
    builder.max_concurrent_streams(1000);
    let Ok(mut connection) = builder.handshake::<_, Bytes>(stream).await else { return };
    let (going, cut) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    loop {
        tokio::select! {
            next = connection.accept() => {
                let Some(Ok((request, respond))) = next else { return };
                let (world, going, cut) = (Arc::clone(&world), Arc::clone(&going), Arc::clone(&cut));
                let certificate = certificate.clone();
                tokio::spawn(async move {
                    let Some(push) = read(request, number, certificate).await else { return };
                    let id = push.headers.get("apns-id").cloned();
                    let (answer, goes) = world.lock().unwrap_or_else(PoisonError::into_inner).take(push);
                    if goes {
                        going.notify_one();
                    }
                    if answer.shape == Shape::Cut {
                        cut.notify_one();
                    }
                    respond_with(answer, id, respond).await;
                });
            }
            () = going.notified() => connection.graceful_shutdown(),
            () = cut.notified() => return,
        }
    }
}

/// Reads a whole push; of the payload 8 KB are kept.
async fn read(request: Request<RecvStream>, connection: u64, certificate: Option<String>) -> Option<SeenPush> {
    let (head, mut stream) = request.into_parts();
    let mut body = Vec::new();
    while let Some(chunk) = stream.data().await {
        let chunk = chunk.ok()?;
        let _ = stream.flow_control().release_capacity(chunk.len());
        if body.len() < 8192 {
            body.extend_from_slice(&chunk);
        }
    }
    let mut headers = head.headers;
    if let Some(token) = headers.get_mut(header::AUTHORIZATION) {
        token.set_sensitive(true);
    }
    let path = head.uri.path().to_owned();
    let token = path.rsplit('/').next().unwrap_or_default().to_owned();
    Some(SeenPush { token, method: head.method, path, headers, body, connection, certificate, status: 0 })
}

/// Answers under the name that the client gave its push, or under one of our own.
async fn respond_with(answer: ApnsAnswer, id: Option<HeaderValue>, mut respond: SendResponse<Bytes>) {
    let mut response = Response::new(());
    *response.status_mut() = StatusCode::from_u16(answer.status).expect("a status has three digits");
    let number = respond.stream_id().as_u32();
    let own = || format!("EC1BF194-B3B2-424A-89A9-{number:012X}").try_into().expect("a header value");
    let headers = response.headers_mut();
    headers.insert("apns-id", id.unwrap_or_else(own));
    if let Some(seconds) = answer.retry_after {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    let body = answer.body();
    match answer.shape {
        Shape::Cut | Shape::Silence => std::future::pending().await,
        Shape::Reset(code) => respond.send_reset(code.into()),
        Shape::Endless => {
            let Ok(mut stream) = respond.send_response(response, false) else { return };
            let _ = stream.send_data(Bytes::from_static(b"{\"reason\":\""), false);
            std::future::pending().await
        }
        Shape::Plain | Shape::Raw(_) if body.is_empty() => drop(respond.send_response(response, true)),
        Shape::Plain | Shape::Raw(_) => {
            let Ok(mut stream) = respond.send_response(response, false) else { return };
            let _ = stream.send_data(body.into(), true);
        }
    }
}

fn tls_of(authority: &Authority) -> ServerConfig {
    let own = authority.issue_server(&["127.0.0.1", "localhost"]);
    let (chain, key) = (own.certificate_pem(), own.key_pem());
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(chain.as_bytes()).collect();
    let key = PrivateKeyDer::from_pem_slice(key.expose().as_bytes()).expect("a key reads back");
    let mut roots = RootCertStore::empty();
    // APNs knows Apple's intermediates itself.
    for pem in [authority.root_pem(), authority.intermediate_pem()] {
        let der = CertificateDer::from_pem_slice(pem.as_bytes()).expect("a certificate reads back");
        roots.add(der).expect("an authority is a root");
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    let verifier = verifier.allow_unauthenticated().build().expect("there are roots");
    let mut tls = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring knows the versions of TLS")
        .with_client_cert_verifier(verifier)
        .with_single_cert(certificates.expect("a certificate reads back"), key)
        .expect("key and certificate belong together");
    tls.alpn_protocols = vec![b"h2".to_vec()];
    tls
}

fn pass_type_of(certificate: &CertificateDer<'_>) -> Option<String> {
    let certificate = X509::from_der(certificate).ok()?;
    let entry = certificate.subject_name().entries_by_nid(Nid::USERID).next()?;
    entry.data().to_string().ok()
}
