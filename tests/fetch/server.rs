//! A web server on loopback, over TLS, that answers with what it was given, byte for byte.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;

use openssl::pkey::PKey;
use openssl::ssl::{SslAcceptor, SslMethod};
use openssl::x509::X509;
use walletpass::issuer::PublicPictures;
use walletpass::url::Url;
use walletpass_testkit::Authority;

pub(super) struct Server {
    address: SocketAddr,
    root: &'static str,
    world: Arc<World>,
}

#[derive(Default)]
struct World {
    answers: Mutex<HashMap<String, Answer>>,
    connections: AtomicUsize,
    requests: Mutex<Vec<String>>,
}

#[derive(Clone)]
pub(super) struct Answer {
    bytes: Vec<u8>,
    /// Keeps the connection open, and says no more.
    hangs: bool,
}

impl Server {
    pub(super) fn start() -> Self {
        let (root, acceptor) = tls();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let world = Arc::new(World::default());
        let server = Self { address, root, world: Arc::clone(&world) };
        thread::spawn(move || {
            for stream in listener.incoming() {
                world.connections.fetch_add(1, Ordering::SeqCst);
                let world = Arc::clone(&world);
                // A client that hangs up in the middle is what some tests are about.
                thread::spawn(move || serve(stream.unwrap(), acceptor, &world));
            }
        });
        server
    }

    /// Pictures of the public web and of this server.
    pub(super) fn pictures(&self) -> PublicPictures {
        self.strict().allowing(self.address)
    }

    /// Pictures of the public web only, this server's certificate notwithstanding.
    pub(super) fn strict(&self) -> PublicPictures {
        PublicPictures::new().unwrap().with_roots(self.root.as_bytes()).unwrap()
    }

    /// Answers so at `path`, and gives the address.
    pub(super) fn put(&self, path: &str, answer: Answer) -> Url {
        self.world.answers.lock().unwrap().insert(path.to_owned(), answer);
        self.url("127.0.0.1", path)
    }

    pub(super) fn url(&self, host: &str, path: &str) -> Url {
        let url = format!("https://{host}:{}{path}", self.address.port());
        url.parse().unwrap_or_else(|error| panic!("{url}: {error}"))
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn connections(&self) -> usize {
        self.world.connections.load(Ordering::SeqCst)
    }

    /// The heads of the requests.
    pub(super) fn requests(&self) -> Vec<String> {
        self.world.requests.lock().unwrap().clone()
    }
}

impl Answer {
    pub(super) fn png(bytes: &[u8]) -> Self {
        let head = format!("HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: {}\r\n\r\n", bytes.len());
        Self::raw([head.as_bytes(), bytes].concat())
    }

    /// Two chunks.
    pub(super) fn chunked(first: &[u8], second: &[u8]) -> Self {
        let mut bytes = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
        for chunk in [first, second, b""] {
            bytes.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
            bytes.extend(chunk);
            bytes.extend(b"\r\n");
        }
        Self::raw(bytes)
    }

    pub(super) fn status(status: &str) -> Self {
        Self::raw(format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n"))
    }

    pub(super) fn redirect(to: &str) -> Self {
        Self::raw(format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n"))
    }

    pub(super) fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), hangs: false }
    }

    pub(super) fn then_nothing(self) -> Self {
        Self { hangs: true, ..self }
    }
}

/// The root and what the servers show, the same for all: keys take their time.
fn tls() -> (&'static str, &'static SslAcceptor) {
    static TLS: OnceLock<(String, SslAcceptor)> = OnceLock::new();
    let (root, acceptor) = TLS.get_or_init(|| {
        let authority = Authority::new();
        let credentials = authority.issue_server(&["127.0.0.1", "localhost"]);
        let key = PKey::private_key_from_pem(credentials.key_pem().expose().as_bytes()).unwrap();
        let mut acceptor = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls()).unwrap();
        acceptor.set_certificate(&X509::from_pem(credentials.certificate_pem().as_bytes()).unwrap()).unwrap();
        acceptor.set_private_key(&key).unwrap();
        (authority.root_pem(), acceptor.build())
    });
    (root, acceptor)
}

fn serve(stream: TcpStream, acceptor: &SslAcceptor, world: &World) -> Option<()> {
    let mut stream = acceptor.accept(stream).ok()?;
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).ok()?;
    let target = head.split(' ').nth(1)?;
    let path = target.split('?').next()?;
    let answer = world.answers.lock().ok()?.get(path).cloned();
    world.requests.lock().ok()?.push(head);
    let answer = answer.unwrap_or_else(|| Answer::status("404 Not Found"));
    stream.write_all(&answer.bytes).ok()?;
    if answer.hangs {
        stream.read_exact(&mut byte).ok()?; // until the client hangs up
    }
    stream.shutdown().ok()?;
    Some(())
}
