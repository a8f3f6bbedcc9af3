//! Pictures of the public web.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use http::{StatusCode, header};
use openssl::x509::X509;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use url::{Host, Url};
use walletpass_core::Source;

use super::{FetchError, PictureSource, Refusal, is_public_address};

/// Fetches pictures of the public web over HTTPS, and reaches into no other network.
///
/// The address of a picture must be `https`, on port 443, without user and password. A name is resolved once, and nothing is connected to that
/// is not a [public address](is_public_address). At most three redirects are followed, each judged anew. Proxies and cookies play no
/// part, and no connection is kept. It takes PNG only, of up to 5 MiB, and gives up after ten seconds; the server's certificate must
/// come from one of Mozilla's roots.
///
/// It needs a tokio runtime with time and I/O enabled. Clones are cheap.
///
/// ```no_run
/// # async fn fetch() -> Result<(), Box<dyn std::error::Error>> {
/// use walletpass::issuer::{PictureSource, PublicPictures};
///
/// let pictures = PublicPictures::new()?.allowing("10.0.0.7:8443".parse()?); // the house's own server too
/// let png = pictures.fetch(&"https://img.example/bean.png".parse()?).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct PublicPictures {
    allowed: Vec<SocketAddr>,
    limit: usize,
    patience: Duration,
    roots: Arc<RootCertStore>,
    tls: ClientConfig,
}

impl PublicPictures {
    /// Allows nothing but the public web.
    ///
    /// # Errors
    ///
    /// [`FetchError::Tls`], which no input can bring about.
    pub fn new() -> Result<Self, FetchError> {
        let roots = Arc::new(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() });
        let tls = tls_of(&roots)?;
        Ok(Self { allowed: Vec::new(), limit: LIMIT, patience: PATIENCE, roots, tls })
    }

    /// Allows a server of one's own network, at this address and port, whatever name leads there. `https` is demanded there too.
    ///
    /// Whoever may name pictures can then ask that server for any path, and learns whether a PNG is there.
    pub fn allowing(mut self, address: SocketAddr) -> Self {
        self.allowed.push(address);
        self
    }

    /// Takes files of up to `bytes` bytes instead of 5 MiB; never more than [`Source::MAX_BYTES`].
    pub fn with_limit(mut self, bytes: usize) -> Self {
        self.limit = bytes.min(Source::MAX_BYTES);
        self
    }

    /// Gives up after `patience` instead of ten seconds, redirects and all. A server that cannot be connected to in five is given up sooner.
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Trusts these roots too, PEM: that of a test's authority, or of one's own network.
    ///
    /// # Errors
    ///
    /// [`FetchError::RootsUnreadable`] when there is none in it, [`FetchError::Tls`].
    pub fn with_roots(mut self, pem: &[u8]) -> Result<Self, FetchError> {
        let roots = X509::stack_from_pem(pem).map_err(|_| FetchError::RootsUnreadable)?;
        if roots.is_empty() {
            return Err(FetchError::RootsUnreadable);
        }
        let mut all = (*self.roots).clone();
        for root in &roots {
            let der = root.to_der().map_err(|_| FetchError::RootsUnreadable)?;
            all.add(CertificateDer::from(der)).map_err(|_| FetchError::RootsUnreadable)?;
        }
        self.roots = Arc::new(all);
        self.tls = tls_of(&self.roots)?;
        Ok(self)
    }

    /// Fetches what is at `url`, or where that leads.
    async fn follow(&self, url: &Url) -> Result<Bytes, FetchError> {
        let mut url = url.clone();
        for _ in 0..=MOST_REDIRECTS {
            let answer = self.ask(&url).await?;
            match next(&url, &answer) {
                Some(next) => url = next,
                None => return self.read(&url, answer).await,
            }
        }
        Err(refused(&url, Refusal::Redirects { limit: MOST_REDIRECTS }))
    }

    /// Sends one request.
    async fn ask(&self, url: &Url) -> Result<reqwest::Response, FetchError> {
        let client = self.client(self.addresses(url).await?)?;
        let request = client.get(url.clone()).header(header::ACCEPT, "image/png");
        request.send().await.map_err(|error| failed(url, error))
    }

    /// Makes a client for one request, which knows no address but those that were judged: between judging and connecting nothing is looked up
    /// again.
    fn client(&self, addresses: Vec<SocketAddr>) -> Result<reqwest::Client, FetchError> {
        reqwest::Client::builder()
            .tls_backend_preconfigured(self.tls.clone())
            .dns_resolver(Judged(addresses))
            .connect_timeout(TO_CONNECT)
            .http1_only()
            .pool_max_idle_per_host(0)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            // Another crate of the host may have turned these on for reqwest; a PNG is as small as it gets.
            .no_brotli()
            .no_deflate()
            .no_gzip()
            .no_zstd()
            .user_agent(concat!("walletpass/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|source| FetchError::Tls { source: source.into() })
    }

    /// Gives the addresses that may be connected to for `url`: one at least.
    async fn addresses(&self, url: &Url) -> Result<Vec<SocketAddr>, FetchError> {
        if url.scheme() != "https" {
            return Err(refused(url, Refusal::Scheme));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refused(url, Refusal::Credentials));
        }
        let port = url.port().unwrap_or(HTTPS);
        let found = match url.host() {
            Some(Host::Domain(name)) => {
                // A stranger learns nothing of a name that could not be connected to anyway.
                if port != HTTPS && !self.allowed.iter().any(|allowed| allowed.port() == port) {
                    return Err(refused(url, Refusal::Port { port }));
                }
                let found = tokio::net::lookup_host((name, port)).await;
                found.map_err(|error| unavailable(url, error))?.collect()
            }
            Some(Host::Ipv4(address)) => vec![SocketAddr::new(IpAddr::V4(address), port)],
            Some(Host::Ipv6(address)) => vec![SocketAddr::new(IpAddr::V6(address), port)],
            None => Vec::new(),
        };
        let judged: Vec<_> = found.iter().copied().filter(|address| self.may_reach(*address)).collect();
        match found.first() {
            Some(first) if judged.is_empty() => Err(refused(url, against(*first))),
            Some(_) => Ok(judged),
            None => Err(unavailable(url, "the name of the server leads to no address")),
        }
    }

    fn may_reach(&self, address: SocketAddr) -> bool {
        let is_allowed =
            self.allowed.iter().any(|allowed| allowed.ip() == address.ip() && allowed.port() == address.port());
        is_allowed || (address.port() == HTTPS && is_public_address(address.ip()))
    }

    /// Reads an answer that leads no further.
    async fn read(&self, url: &Url, mut answer: reqwest::Response) -> Result<Bytes, FetchError> {
        let status = answer.status();
        if status != StatusCode::OK {
            return Err(if is_passing(status) {
                unavailable(url, format!("the server answered {status}"))
            } else {
                FetchError::NotFound { url: url.into(), status }
            });
        }
        let too_large = || FetchError::TooLarge { url: url.into(), limit: self.limit };
        if answer.content_length().is_some_and(|length| length > self.limit as u64) {
            return Err(too_large());
        }
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| failed(url, error))? {
            if body.len() + chunk.len() > self.limit {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        let body = body.freeze();
        Source::png(body.clone()).map_err(|source| FetchError::Unfit { url: url.into(), source })?;
        Ok(body)
    }
}

#[async_trait]
impl PictureSource for PublicPictures {
    async fn fetch(&self, url: &Url) -> Result<Bytes, FetchError> {
        let fetched = tokio::time::timeout(self.patience, self.follow(url)).await;
        fetched.unwrap_or_else(|_| Err(unavailable(url, format!("it took longer than {:?}", self.patience))))
    }
}

impl fmt::Debug for PublicPictures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { allowed, limit, patience, .. } = self;
        f.debug_struct("PublicPictures")
            .field("allowed", allowed)
            .field("limit", limit)
            .field("patience", patience)
            .finish_non_exhaustive()
    }
}

/// Resolves every name to the addresses that were judged before.
struct Judged(Vec<SocketAddr>);

impl Resolve for Judged {
    fn resolve(&self, _: Name) -> Resolving {
        let addresses: Addrs = Box::new(self.0.clone().into_iter());
        Box::pin(std::future::ready(Ok(addresses)))
    }
}

/// Settings of TLS that depend on nothing of the process: the provider is handed in.
fn tls_of(roots: &Arc<RootCertStore>) -> Result<ClientConfig, FetchError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|source| FetchError::Tls { source: source.into() })?
        .with_root_certificates(Arc::clone(roots))
        .with_no_client_auth();
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(tls)
}

/// Gives the address to which an answer leads on.
fn next(url: &Url, answer: &reqwest::Response) -> Option<Url> {
    let leads_on = matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let location = answer.headers().get(header::LOCATION).filter(|_| leads_on)?;
    url.join(location.to_str().ok()?).ok()
}

/// Tells whether a server may answer otherwise another time.
fn is_passing(status: StatusCode) -> bool {
    status.is_server_error() || matches!(status.as_u16(), 408 | 425 | 429)
}

/// Says what is against an address that may not be reached.
fn against(address: SocketAddr) -> Refusal {
    if is_public_address(address.ip()) {
        Refusal::Port { port: address.port() }
    } else {
        Refusal::Address { address: address.ip() }
    }
}

fn refused(url: &Url, why: Refusal) -> FetchError {
    FetchError::Refused { url: url.into(), why }
}

fn unavailable(url: &Url, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> FetchError {
    FetchError::Unavailable { url: url.into(), source: source.into() }
}

/// Takes the address out of an error, whose query may be secret.
fn failed(url: &Url, error: reqwest::Error) -> FetchError {
    if error.is_builder() { refused(url, Refusal::Illegal) } else { unavailable(url, error.without_url()) }
}

const HTTPS: u16 = 443;

/// Five times what the largest picture of a pass needs.
const LIMIT: usize = 5 * 1024 * 1024;

const MOST_REDIRECTS: usize = 3;

/// Someone waits for the pass meanwhile.
const PATIENCE: Duration = Duration::from_secs(10);

const TO_CONNECT: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;
    use std::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn a_client_connects_to_what_was_judged_and_to_nothing_else() {
        let pictures = PublicPictures::new().unwrap();
        let (judged, other) = (listener(), listener());
        let address = judged.local_addr().unwrap();

        // Whoever looked this name up again would not find it.
        let url = format!("https://picture.invalid:{}/", address.port());
        pictures.client(vec![address]).unwrap().get(url).timeout(SHORT).send().await.unwrap_err();
        judged.accept().unwrap();

        // Whoever looked this name up again would find it.
        let url = format!("https://localhost:{}/", other.local_addr().unwrap().port());
        pictures.client(Vec::new()).unwrap().get(url).timeout(SHORT).send().await.unwrap_err();
        assert_eq!(other.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
    }

    #[test]
    fn of_the_addresses_of_a_name_those_are_left_that_may_be_reached() {
        let pictures = PublicPictures::new().unwrap().allowing("10.0.0.7:8443".parse().unwrap());
        for (address, may) in [
            ("1.1.1.1:443", true),
            ("1.1.1.1:8443", false),
            ("10.0.0.7:8443", true),
            ("10.0.0.7:443", false),
            ("[::ffff:10.0.0.7]:8443", false),
            ("127.0.0.1:443", false),
            ("[2606:4700::1111]:443", true),
            ("[::1]:443", false),
        ] {
            assert_eq!(pictures.may_reach(address.parse().unwrap()), may, "{address}");
        }
    }

    fn listener() -> TcpListener {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        listener
    }

    const SHORT: Duration = Duration::from_millis(300);
}
