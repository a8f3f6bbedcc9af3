//! Why a picture was not fetched.

use std::error::Error as StdError;
use std::fmt;
use std::net::IpAddr;

use http::StatusCode;
use url::Url;
use walletpass_core::ArtError;

/// Says why there is no picture. The pass is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// There is no picture at the address, and trying again will not bring one.
    #[error("{url} answers {status}: give the address of a picture that anyone can see, without signing in")]
    NotFound {
        /// Where it was looked for, the last of the redirects.
        url: BareUrl,
        /// What the server said instead of 200.
        status: StatusCode,
    },
    /// This address is never fetched.
    #[error("{url} is never fetched: {why}")]
    Refused {
        /// Which one; it may be where another one led.
        url: BareUrl,
        /// What is against it.
        why: Refusal,
    },
    /// The additional roots cannot be read.
    #[error("the root certificates cannot be read: give one or more certificates as PEM")]
    RootsUnreadable,
    /// The TLS library refused its own settings, which no input can bring about.
    #[error("TLS cannot be set up; see the cause")]
    Tls {
        /// What the library said.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The file has too many bytes.
    #[error("the picture at {url} is longer than {limit} bytes: give a smaller one")]
    TooLarge {
        /// Where it is.
        url: BareUrl,
        /// The most that is taken, in bytes.
        limit: usize,
    },
    /// There was no answer, or none worth waiting for.
    #[error("{url} could not be fetched; see the cause, and try again later")]
    Unavailable {
        /// Which one.
        url: BareUrl,
        /// What happened.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The file is no PNG, or has too many pixels.
    #[error("what is at {url} cannot be on a pass; see the cause")]
    Unfit {
        /// Where it is.
        url: BareUrl,
        /// What is wrong with it.
        #[source]
        source: ArtError,
    },
}

/// Says what is against an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// It is, or its name leads to, an address that is not of the public internet.
    #[error("it leads to no address of the public internet; a server of one's own network has to be allowed")]
    Address {
        /// Which one; of several the first. The message keeps it back: it may be read by a stranger who tries names of the network.
        address: IpAddr,
    },
    /// There is a user or a password in it.
    #[error("it has a user or a password in it, which a pass would show to its holder; give an address without")]
    Credentials,
    /// It cannot be sent over HTTP.
    #[error("it is too long for HTTP, or has characters in it that HTTP does not take; give another one")]
    Illegal,
    /// It names a port other than 443.
    #[error("it names the port {port}; give an address on port 443, or allow the server with address and port")]
    Port {
        /// Which one.
        port: u16,
    },
    /// It leads on and on.
    #[error("it is the end of more than {limit} redirects; give the address where the picture is")]
    Redirects {
        /// How many are followed.
        limit: usize,
    },
    /// It is not `https`.
    #[error("it is not an https address; give one that is")]
    Scheme,
}

/// An address as it may be shown and logged: without user, password, query and fragment, which may be secret.
///
/// ```
/// use walletpass::issuer::BareUrl;
///
/// let url = "https://ada:pw@img.example/bean.png?signature=f00d".parse::<walletpass::url::Url>()?;
/// assert_eq!(BareUrl::from(&url).as_str(), "https://img.example/bean.png");
/// # Ok::<(), walletpass::url::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct BareUrl(String);

impl BareUrl {
    /// Gives it as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&Url> for BareUrl {
    fn from(url: &Url) -> Self {
        let Some(host) = url.host_str() else { return Self(format!("{}:…", url.scheme())) };
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        Self(format!("{}://{host}{port}{}", url.scheme(), url.path()))
    }
}

impl fmt::Debug for BareUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for BareUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
