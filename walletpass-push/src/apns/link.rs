//! The connection to APNs: made when it is needed, shared by all pushes, and made again when it ends.

use std::fmt;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex as Lock, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use h2::client::SendRequest;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::AsyncBufReadExt as _;
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;

use crate::{Outcome, Trouble};

/// The one connection of a client.
pub(super) struct Link {
    host: String,
    port: u16,
    name: ServerName<'static>,
    patience: Duration,
    state: Lock<State>,
    /// Held by whoever connects, so that all others wait for the same connection.
    connecting: Mutex<()>,
}

#[derive(Default)]
struct State {
    line: Option<Line>,
    /// Why there is no connection, and since when that is known.
    failure: Option<(Instant, Outcome)>,
}

/// A way to send requests over one connection.
#[derive(Clone)]
pub(super) struct Line {
    pub(super) send: SendRequest<Bytes>,
    number: u64,
    used: Instant,
}

impl Link {
    pub(super) fn new(host: &str, port: u16, name: ServerName<'static>, patience: Duration) -> Self {
        let (state, connecting) = (Lock::default(), Mutex::new(()));
        Self { host: host.to_owned(), port, name, patience, state, connecting }
    }

    /// Gives another link to the same server.
    pub(super) fn with_patience(&self, patience: Duration) -> Self {
        Self::new(&self.host, self.port, self.name.clone(), patience)
    }

    /// Gives the connection, and makes one if there is none. After a failure it tries no more for a second: thousands may ask.
    ///
    /// # Errors
    ///
    /// What becomes of a push that finds no connection.
    pub(super) async fn line(&self, tls: &Arc<ClientConfig>) -> Result<Line, Outcome> {
        if let Some(kept) = self.kept() {
            return kept;
        }
        let _one_at_a_time = self.connecting.lock().await;
        if let Some(kept) = self.kept() {
            return kept;
        }
        let connected = timeout(self.patience, self.connect(tls)).await;
        let connected =
            connected.unwrap_or_else(|_| Err(io::Error::new(io::ErrorKind::TimedOut, "no HTTP/2 connection in time")));
        let now = Instant::now();
        let mut state = self.state();
        match connected {
            Ok(send) => {
                let line = Line { send, number: NUMBERS.fetch_add(1, Ordering::Relaxed), used: now };
                *state = State { line: Some(line.clone()), failure: None };
                Ok(line)
            }
            Err(error) => {
                let outcome = outcome_of(&error);
                state.failure = Some((now, outcome.clone()));
                Err(outcome)
            }
        }
    }

    /// Uses a connection no more, unless it has been replaced already.
    pub(super) fn discard(&self, line: &Line) {
        let mut state = self.state();
        if state.line.as_ref().is_some_and(|kept| kept.number == line.number) {
            state.line = None;
        }
    }

    /// Gives the connection that there is, or why there is none. One that was idle for long may have died without a word, so it is not
    /// used again.
    fn kept(&self) -> Option<Result<Line, Outcome>> {
        let mut state = self.state();
        let now = Instant::now();
        if let Some((at, outcome)) = &state.failure
            && now.duration_since(*at) < REST
        {
            return Some(Err(outcome.clone()));
        }
        let line = state.line.as_mut()?;
        if now.duration_since(line.used) > IDLE {
            state.line = None;
            return None;
        }
        line.used = now;
        Some(Ok(line.clone()))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn connect(&self, tls: &Arc<ClientConfig>) -> io::Result<SendRequest<Bytes>> {
        let tcp = TcpStream::connect((self.host.as_str(), self.port)).await?;
        // Without this a push that is sent alone waits 40 ms for the server's acknowledgement of the one before.
        tcp.set_nodelay(true)?;
        let mut stream = TlsConnector::from(Arc::clone(tls)).connect(self.name.clone(), tcp).await?;
        if stream.get_ref().1.alpn_protocol() != Some(b"h2") {
            return Err(io::Error::new(io::ErrorKind::Unsupported, "the server does not speak HTTP/2"));
        }
        // In TLS 1.3 the server judges our certificate after the handshake. What we send meanwhile makes its system reset the connection,
        // and its reason is lost. A server that has nothing against us begins with its settings.
        if let Ok(first) = timeout(GRACE, stream.fill_buf()).await
            && first?.is_empty()
        {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut builder = h2::client::Builder::new();
        builder.enable_push(false).initial_max_send_streams(1).max_header_list_size(MOST_OF_HEADERS);
        let (send, connection) = builder.handshake(stream).await.map_err(io::Error::other)?;
        // It ends when the connection does, or when nobody holds a line any more.
        tokio::spawn(async move {
            // What ends a connection reaches the pushes that were under way.
            let _ended = connection.await;
        });
        Ok(send)
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// Tells trouble that passes from what somebody must mend.
pub(super) fn outcome_of(error: &io::Error) -> Outcome {
    // `h2` keeps the text of an error only, and in TLS 1.3 the server judges the certificate after the handshake.
    let text = error.to_string();
    match error.get_ref().and_then(|cause| cause.downcast_ref::<rustls::Error>()) {
        Some(rustls::Error::InvalidCertificate(_)) => Outcome::unsent(
            text,
            "give the root of whoever answers there: APNs itself has a certificate that everybody trusts, so is there a proxy?",
        ),
        _ if text.contains("fatal alert") && ALERTS.iter().any(|alert| text.contains(alert)) => {
            Outcome::unsent(text, "push with a Pass Type ID certificate that is valid and not revoked")
        }
        _ => Outcome::later(Trouble::Unreachable { cause: text }),
    }
}

/// How a server refuses the certificate of a client (RFC 8446, section 6.2), in the words of rustls.
const ALERTS: [&str; 7] = [
    "AccessDenied",
    "BadCertificate",
    "CertificateExpired",
    "CertificateRequired",
    "CertificateRevoked",
    "CertificateUnknown",
    "UnknownCA",
];

/// Apple's headers have some 200 bytes. Without a bound each of a thousand answers might have 16 MB.
const MOST_OF_HEADERS: u32 = 16 * 1024;

/// Tells connections apart.
static NUMBERS: AtomicU64 = AtomicU64::new(0);

/// Gateways forget a silent connection after some minutes, many after six.
const IDLE: Duration = Duration::from_secs(5 * 60);

/// How long the server may take to begin; one that waits for us to begin loses no more than this, once for each connection.
const GRACE: Duration = Duration::from_millis(300);

/// How long a failure to connect holds.
const REST: Duration = Duration::from_secs(1);
