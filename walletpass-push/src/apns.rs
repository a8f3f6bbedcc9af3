//! A client of the Apple Push Notification service.

mod answer;
mod exchange;
mod link;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use http::{HeaderValue, Method, Request, Uri, header};
use openssl::x509::X509;
use rustls::client::ResolvesClientCert;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, RootCertStore, SignatureScheme};
use tokio::time::{Instant, timeout};
use url::Url;
use walletpass_core::PassTypeId;
use walletpass_core::port::{Clock, SystemClock};

use crate::push::is_token;
use crate::{ClientCertificate, Error, Gone, Outcome, ProviderToken, Push, Trouble};

#[cfg(feature = "a2")]
pub(crate) use self::answer::outcome as outcome_of_answer;
use self::exchange::{Failed, exchange};
use self::link::Link;

/// Wakes phones through APNs, over one HTTP/2 connection that all tasks share.
///
/// The connection is made by the first push and made again when it ends; a task of its own drives it on the tokio runtime, and ends with it. A push that
/// the server did not touch is sent again at once; one whose answer was lost with the connection too, since a phone that is woken
/// twice finds nothing new the second time. Clones share the connection, until one is given another server, roots or patience.
///
/// ```no_run
/// # async fn wake(topic: walletpass_core::PassTypeId) -> Result<(), Box<dyn std::error::Error>> {
/// use walletpass_push::{Apns, ClientCertificate, Gone, Outcome, Push};
///
/// let certificate = ClientCertificate::from_pem(&topic, &std::fs::read("pass.pem")?, &std::fs::read("key.pem")?, None)?;
/// let apns = Apns::new(certificate)?;
/// match apns.wake(&topic, "00fc13adff785122b4ad28809a3420982341241421348097878e577c991de8f0").await {
///     Outcome::Delivered { .. } => {}
///     Outcome::Gone(gone) => println!("delete the registrations: {gone}"),
///     Outcome::Later(later) => println!("push again: {}", later.cause),
///     Outcome::Misconfigured(fault) => println!("mend it: {fault}"),
///     other => println!("{other}"),
/// }
/// # Ok(())
/// # }
/// ```
///
/// In a test it pushes to an APNs on loopback, and trusts the authority of that:
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use walletpass_push::{Apns, ClientCertificate, Push};
/// use walletpass_testkit::{Authority, FakeApns};
///
/// let authority = Authority::new();
/// let fake = FakeApns::start(&authority);
/// let identity = authority.identity("pass.org.example.library", "A1B2C3D4E5");
/// # let certificate = ClientCertificate::from_signing_key(identity.pass_type(), identity.chain_pem().as_bytes(), identity.signing_key())?;
/// let apns = Apns::new(certificate)?.with_server(fake.url())?.with_roots(authority.root_pem().as_bytes())?;
/// assert!(apns.wake(identity.pass_type(), "c0ffee").await.is_delivered());
/// assert_eq!(fake.pushes()[0].token, "c0ffee");
/// # Ok(())
/// # }
/// ```
///
/// <https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns>
#[derive(Clone)]
pub struct Apns {
    credentials: Credentials,
    tls: Arc<ClientConfig>,
    roots: Arc<RootCertStore>,
    link: Arc<Link>,
    authority: http::uri::Authority,
    clock: Arc<dyn Clock>,
    patience: Duration,
}

/// How a client shows who it is.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Credentials {
    /// By the certificate of the passes.
    Certificate(ClientCertificate),
    /// By tokens of the team.
    Token(ProviderToken),
}

impl From<ClientCertificate> for Credentials {
    fn from(certificate: ClientCertificate) -> Self {
        Self::Certificate(certificate)
    }
}

impl From<ProviderToken> for Credentials {
    fn from(token: ProviderToken) -> Self {
        Self::Token(token)
    }
}

impl Apns {
    /// Takes a [`ClientCertificate`], or a [`ProviderToken`], and pushes to `https://api.push.apple.com`: passes know no other environment.
    ///
    /// Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`Error::Tls`] when the TLS library does not take the certificate.
    pub fn new(credentials: impl Into<Credentials>) -> Result<Self, Error> {
        let credentials = credentials.into();
        let name = ServerName::try_from(HOST).map_err(|_| server_error(HOST))?;
        let roots = Arc::new(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() });
        Ok(Self {
            tls: Arc::new(tls_of(&credentials, &roots)?),
            credentials,
            roots,
            link: Arc::new(Link::new(HOST, 443, name, PATIENCE / 2)),
            authority: http::uri::Authority::from_static(HOST),
            clock: Arc::new(SystemClock),
            patience: PATIENCE,
        })
    }

    /// Pushes to another address: `https://127.0.0.1:4430` in tests, `https://api.push.apple.com:2197` behind some firewalls.
    ///
    /// # Errors
    ///
    /// [`Error::Server`] when it is not `https`, or more than a host and a port: a path, a query, a user.
    pub fn with_server(mut self, server: &Url) -> Result<Self, Error> {
        let refused = || server_error(server.host_str().unwrap_or_default()); // the rest may hold a password
        let is_bare = server.username().is_empty() && server.password().is_none() && server.path() == "/";
        let is_bare = is_bare && server.query().is_none() && server.fragment().is_none();
        let host = server.host_str().filter(|_| server.scheme() == "https" && is_bare).ok_or_else(refused)?;
        let bare = host.trim_matches(['[', ']']); // of an IPv6 address
        let name = ServerName::try_from(bare.to_owned()).map_err(|_| refused())?;
        let port = server.port_or_known_default().ok_or_else(refused)?;
        self.authority = server.authority().parse().map_err(|_| refused())?;
        self.link = Arc::new(Link::new(bare, port, name, self.patience / 2));
        Ok(self)
    }

    /// Trusts these roots too, PEM: that of a test's authority, or of a proxy that breaks TLS open.
    ///
    /// # Errors
    ///
    /// [`Error::RootsUnreadable`] when there is none in it, [`Error::Tls`].
    pub fn with_roots(mut self, pem: &[u8]) -> Result<Self, Error> {
        let roots = X509::stack_from_pem(pem).map_err(|_| Error::RootsUnreadable)?;
        let mut all = (*self.roots).clone();
        for root in &roots {
            let der = root.to_der().map_err(|_| Error::RootsUnreadable)?;
            all.add(CertificateDer::from(der)).map_err(|_| Error::RootsUnreadable)?;
        }
        if roots.is_empty() {
            return Err(Error::RootsUnreadable);
        }
        self.roots = Arc::new(all);
        // A connection under other roots is another one: clones must not share it.
        self.link = Arc::new(self.link.with_patience(self.patience / 2));
        self.tls = Arc::new(tls_of(&self.credentials, &self.roots)?);
        Ok(self)
    }

    /// Tells the time by `clock`: the age of provider tokens, and whether the certificate has expired.
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Sets how long to wait for an answer, 20 seconds unless told otherwise, and at most half as long for a connection. A push takes
    /// at most three times that.
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self.link = Arc::new(self.link.with_patience(patience / 2));
        self
    }

    async fn push(&self, topic: &PassTypeId, token: &str) -> Outcome {
        let begun = Instant::now();
        for _ in 0..TRIES {
            let left = self.patience.saturating_mul(TRIES).saturating_sub(begun.elapsed());
            let authorization = match self.authorization() {
                Ok(authorization) => authorization,
                Err(outcome) => return outcome,
            };
            let request = match self.request(topic, token, authorization.clone()) {
                Ok(request) => request,
                Err(outcome) => return outcome,
            };
            let line = match timeout(left, self.link.line(&self.tls)).await {
                Ok(Ok(line)) => line,
                Ok(Err(outcome)) => return outcome,
                Err(_) => return Outcome::later(Trouble::Silence),
            };
            match timeout(left.min(self.patience), exchange(&line, request)).await {
                Ok(Ok((status, headers, body))) => {
                    let outcome = answer::outcome(status, &headers, &body);
                    if let (Credentials::Token(provider), Some(refused)) = (&self.credentials, &authorization)
                        && answer::wants_new_token(&outcome)
                        && provider.forget(refused, self.clock.now())
                    {
                        continue;
                    }
                    return outcome;
                }
                Ok(Err(Failed::Connection)) => self.link.discard(&line),
                Ok(Err(Failed::Refused(outcome))) => {
                    self.link.discard(&line);
                    return outcome;
                }
                Ok(Err(Failed::Stream)) => {}
                Err(_) => {
                    // The connection may be dead without having said so.
                    self.link.discard(&line);
                    return Outcome::later(Trouble::Silence);
                }
            }
        }
        Outcome::later(Trouble::ConnectionLost)
    }

    /// Gives the header `authorization`, if there is to be one.
    fn authorization(&self) -> Result<Option<HeaderValue>, Outcome> {
        match &self.credentials {
            Credentials::Certificate(_) => Ok(None),
            Credentials::Token(provider) => provider.header(self.clock.now()).map(Some),
        }
    }

    fn request(
        &self,
        topic: &PassTypeId,
        token: &str,
        authorization: Option<HeaderValue>,
    ) -> Result<Request<()>, Outcome> {
        let uri = Uri::builder()
            .scheme("https")
            .authority(self.authority.clone())
            .path_and_query(format!("/3/device/{token}"))
            .build();
        let mut request = Request::new(());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = uri.map_err(|_| Outcome::Gone(Gone::Malformed))?;
        let headers = request.headers_mut();
        headers.reserve(6);
        let topic = HeaderValue::from_str(topic.as_str())
            .map_err(|_| Outcome::unsent("the topic is no header", "write a pass type identifier"))?;
        headers.insert("apns-topic", topic);
        headers.insert("apns-push-type", HeaderValue::from_static("background"));
        headers.insert("apns-priority", HeaderValue::from_static("5")); // the only one that goes with `background`
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("2"));
        if let Some(authorization) = authorization {
            headers.insert(header::AUTHORIZATION, authorization);
        }
        Ok(request)
    }
}

#[async_trait]
impl Push for Apns {
    async fn wake(&self, topic: &PassTypeId, token: &str) -> Outcome {
        if !is_token(token) {
            return Outcome::Gone(Gone::Malformed);
        }
        if let Credentials::Certificate(certificate) = &self.credentials
            && certificate.pass_type() != topic
        {
            return Outcome::of_another_topic(certificate.pass_type());
        }
        if let Credentials::Certificate(certificate) = &self.credentials
            && certificate.expires() < self.clock.now()
        {
            let reason = format!("the certificate has expired on {}", certificate.expires());
            return Outcome::unsent(reason, "renew it at developer.apple.com, for the same Pass Type ID");
        }
        self.push(topic, token).await
    }
}

impl fmt::Debug for Apns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { credentials, link, .. } = self;
        f.debug_struct("Apns").field("credentials", credentials).field("server", link).finish_non_exhaustive()
    }
}

/// Settings of TLS that depend on nothing of the process: the provider is handed in.
fn tls_of(credentials: &Credentials, roots: &Arc<RootCertStore>) -> Result<ClientConfig, Error> {
    let versions = match credentials {
        Credentials::Certificate(certificate) if !certificate.suits_tls13() => &[&rustls::version::TLS12][..],
        _ => rustls::ALL_VERSIONS,
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .map_err(|source| Error::Tls { source: source.into() })?
        .with_root_certificates(Arc::clone(roots));
    let mut tls = match credentials {
        Credentials::Certificate(certificate) => {
            builder.with_client_cert_resolver(Arc::new(Always(certificate.certified())))
        }
        Credentials::Token(_) => builder.with_no_client_auth(),
    };
    tls.alpn_protocols = vec![b"h2".to_vec()];
    Ok(tls)
}

/// Shows the one certificate, whichever authorities the server names: APNs names none that would help.
#[derive(Debug)]
struct Always(Arc<CertifiedKey>);

impl ResolvesClientCert for Always {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }

    fn has_certs(&self) -> bool {
        true
    }
}

fn server_error(found: &str) -> Error {
    Error::Server { found: found.to_owned() }
}

/// Draws the outcome from an answer: a way for the fuzz target, that no other build has.
#[cfg(fuzzing)]
pub fn fuzzed_outcome(status: u16, headers: &[(&'static str, &[u8])], body: &[u8]) -> Outcome {
    let values = headers
        .iter()
        .filter_map(|(name, value)| Some((http::HeaderName::from_static(name), HeaderValue::from_bytes(value).ok()?)));
    answer::outcome(http::StatusCode::from_u16(status).unwrap_or_default(), &values.collect(), body)
}

/// Passes know the production environment only.
const HOST: &str = "api.push.apple.com";

const PATIENCE: Duration = Duration::from_secs(20);

/// How often a push is sent that ends before its answer.
const TRIES: u32 = 3;
