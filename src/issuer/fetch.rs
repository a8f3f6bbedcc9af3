//! Pictures that a pass names by address, fetched once.

mod error;
mod network;
#[cfg(feature = "reqwest")]
mod public;

use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;
use url::Url;

pub use self::error::{BareUrl, FetchError, Refusal};
pub use self::network::is_public_address;
#[cfg(feature = "reqwest")]
pub use self::public::PublicPictures;

/// Fetches the pictures that passes name by address.
///
/// `PublicPictures`, of the feature `reqwest`, does it over HTTPS. A host brings its own where pictures come from elsewhere: from a bucket with
/// credentials, or through a proxy that alone may leave the network.
///
/// # Contract
///
/// - The address may come from a stranger, who is to reach nothing through the host that he could not reach without it: no address of the
///   host's own network, whatever name or redirect leads there, and none of the host's credentials, cookies or headers.
///   [`is_public_address`] tells the addresses apart.
/// - What is returned is a PNG as [`Source::png`](walletpass_core::Source::png) takes it. Nothing longer than
///   [`Source::MAX_BYTES`](walletpass_core::Source::MAX_BYTES) is kept in memory, and nothing is decoded.
/// - It gives up by itself after some seconds. Nothing is tried twice: whoever calls does that later.
/// - It may be called from many tasks at once. Dropping the future ends the exchange.
/// - Neither `Debug` nor an error shows the user or the query of an address, which may be secret.
#[async_trait]
pub trait PictureSource: fmt::Debug + Send + Sync {
    /// Fetches the picture at `url`.
    ///
    /// # Errors
    ///
    /// [`FetchError::Refused`] when it is no address to fetch from, [`FetchError::NotFound`] when there is nothing,
    /// [`FetchError::TooLarge`] and [`FetchError::Unfit`] when a pass cannot have what is there, and
    /// [`FetchError::Unavailable`] when it may work later.
    async fn fetch(&self, url: &Url) -> Result<Bytes, FetchError>;
}
