//! The HTTP client that ships: reqwest over rustls.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use walletpass_core::port::{HttpClient, HttpError, MAX_BODY, Timer};

/// Speaks HTTP/1.1 and HTTP/2 over TLS, with Mozilla's roots, and keeps its connections open.
///
/// It gives up after ten seconds, follows no redirect, asks no proxy, and repeats nothing. Clones share the connections. It
/// needs a tokio runtime with time and I/O enabled; nothing in the process is set for all, no TLS provider and no logger, so
/// it gets along with any other client of the host. Plain `http://` works too, for tests on loopback.
#[derive(Clone)]
pub struct Http {
    client: reqwest::Client,
}

impl Http {
    /// Makes a client with no connections yet.
    ///
    /// # Errors
    ///
    /// [`HttpError`] when the TLS library refuses its own settings, which no input can bring about.
    pub fn new() -> Result<Self, HttpError> {
        let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let mut tls = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(HttpError::new)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .user_agent(concat!("walletpass/", env!("CARGO_PKG_VERSION")))
            .referer(false)
            .tcp_nodelay(true)
            .build()
            .map_err(HttpError::new)?;
        Ok(Self { client })
    }
}

#[async_trait]
impl HttpClient for Http {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, HttpError> {
        let request = reqwest::Request::try_from(request).map_err(hide)?;
        let mut answer = self.client.execute(request).await.map_err(hide)?;
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(hide)? {
            if body.len() + chunk.len() > MAX_BODY {
                return Err(HttpError::new(format!("the answer is longer than {MAX_BODY} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        let mut response = http::Response::new(body.freeze());
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Http(…)")
    }
}

/// Sleeps by tokio's clock, as [`Http`] does.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "a unit struct that has nothing to grow")]
pub struct TokioTimer;

#[async_trait]
impl Timer for TokioTimer {
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// Takes the address out of an error: a query may hold what no log should.
fn hide(error: reqwest::Error) -> HttpError {
    HttpError::new(error.without_url())
}

/// What Google advises: its slowest answers take five seconds, for it fetches pictures meanwhile.
const TIMEOUT: Duration = Duration::from_secs(10);
