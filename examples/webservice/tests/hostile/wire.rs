//! Servers of the examples, and clients without manners: they send the very bytes that a test writes.

#[allow(dead_code, reason = "an example has a `main`")]
#[path = "../../actix.rs"]
mod in_actix;
#[allow(dead_code, reason = "an example has a `main`")]
#[path = "../../axum.rs"]
mod in_axum;
#[allow(dead_code, reason = "an example has a `main`")]
#[path = "../../hyper.rs"]
mod in_hyper;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use walletpass_examples::Club;
use walletpass_webservice::store::MemoryStore;
use walletpass_webservice::{DeviceApi, StoredPasses};

/// A framework with a club behind it, which has the card [`CARD`].
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) framework: &'static str,
    pub(crate) address: SocketAddr,
    pub(crate) club: Arc<Club>,
    /// The token of the card.
    pub(crate) token: String,
}

impl Server {
    pub(crate) async fn actix() -> Self {
        Self::start("actix", in_actix::serve).await
    }

    pub(crate) async fn axum() -> Self {
        Self::start("axum", in_axum::serve).await
    }

    pub(crate) async fn hyper() -> Self {
        Self::start("hyper", in_hyper::serve).await
    }

    pub(crate) async fn all() -> [Self; 3] {
        [Self::actix().await, Self::axum().await, Self::hyper().await]
    }

    async fn start<F>(framework: &'static str, serve: impl FnOnce(TcpListener, DeviceApi<StoredPasses>) -> F) -> Self
    where
        F: Future<Output = io::Result<()>> + Send + 'static,
    {
        let club = Club::open(Arc::new(MemoryStore::new())).unwrap();
        club.put(CARD, 100).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(serve(listener, club.api()));
        let token = club.token(CARD).await.unwrap().expose().clone();
        Self { framework, address, club, token }
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends these very bytes, and gives all that comes until the server ends the connection.
    ///
    /// In a test whose time is paused, hyper's timeouts end what would go on. Actix-web has threads with a time of their own, so it is
    /// told that nothing more comes.
    pub(crate) async fn send(&self, bytes: impl AsRef<[u8]>) -> Vec<Answer> {
        let mut stream = self.connect().await;
        // A server may refuse a request that it has not read to its end; then the rest cannot be sent.
        let _ = stream.write_all(bytes.as_ref()).await;
        if self.framework == "actix" {
            let _ = stream.shutdown().await;
        }
        let mut received = Vec::new();
        let _ = stream.read_to_end(&mut received).await;
        Answer::all(&received)
    }

    /// Sends one request and gives its one answer.
    pub(crate) async fn ask(&self, bytes: impl AsRef<[u8]>) -> Answer {
        let mut answers = self.send(bytes).await;
        assert_eq!(answers.len(), 1, "{}: {answers:?}", self.framework);
        answers.remove(0)
    }

    /// Asks for the card, to see whether the server still serves.
    pub(crate) async fn still_serves(&self) {
        assert_eq!(self.ask(self.fetch(CARD, &self.token)).await.status, 200, "{}", self.framework);
    }

    pub(crate) fn fetch(&self, serial: &str, token: &str) -> String {
        request(
            &format!("GET {BASE}/passes/{}/{serial}", Club::PASS_TYPE),
            &format!("Authorization: ApplePass {token}\r\n"),
        )
    }
}

/// What a server answered, but for the date of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The header lines, sorted.
    pub(crate) headers: Vec<String>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// Takes apart what came over a connection.
    fn all(mut received: &[u8]) -> Vec<Self> {
        let mut answers = Vec::new();
        while let Some(end) = received.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&received[..end]).into_owned();
            received = &received[end + 4..];
            let mut lines = head.lines();
            let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
            let mut headers: Vec<String> = lines.map(str::to_ascii_lowercase).collect();
            headers.retain(|line| !line.starts_with("date:"));
            headers.sort();
            let length = headers.iter().find_map(|line| line.strip_prefix("content-length: "));
            let length = length.map_or(0, |length| length.parse().unwrap()).min(received.len());
            let (body, rest) = received.split_at(length);
            received = rest;
            answers.push(Self { status, headers, body: body.to_vec() });
        }
        assert!(received.is_empty(), "{:?}", String::from_utf8_lossy(received));
        answers
    }
}

/// Writes a request without a body, after which the connection ends.
pub(crate) fn request(line: &str, headers: &str) -> String {
    format!("{line} HTTP/1.1\r\nHost: club.example\r\nConnection: close\r\n{headers}\r\n")
}

/// Writes a request with log lines; `headers` say how long the body is.
pub(crate) fn log(headers: &str, body: &str) -> String {
    request(&format!("POST {BASE}/log"), headers) + body
}

pub(crate) const BASE: &str = "/wallet/v1";
pub(crate) const CARD: &str = "member-4711";
