//! Why a verb of the issuer failed.

use url::Url;
use walletpass_apple as apple;
use walletpass_core::{ArtError, JsonError, PassTypeId, Serial};
use walletpass_google as google;
use walletpass_webservice::store::StoreError;

/// Says why nothing was done. What was committed is delivered sooner or later, and is never an error here.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Apple Wallet would not take the pass.
    #[error(transparent)]
    Apple(#[from] apple::Error),
    /// Others kept changing the pass at the same time.
    #[error("pass {serial} is changed by others all the time; try again")]
    Contended {
        /// Which pass.
        serial: Serial,
    },
    /// There is a pass of this serial number with other content.
    #[error("there is a pass {serial} already, with other content: change that one, or take another serial number")]
    Exists {
        /// Which pass.
        serial: Serial,
    },
    /// Google Wallet would not take the pass.
    #[error(transparent)]
    Google(#[from] google::Error),
    /// The patch does not make a pass.
    #[error("the patch does not leave a pass; see the cause")]
    Json(#[from] JsonError),
    /// Neither wallet is set up.
    #[error("the issuer has neither an Apple identity nor a Google client: give it one")]
    NoWallet,
    /// There is no such pass.
    #[error("there is no pass {serial}: create it first")]
    NotFound {
        /// Which pass.
        serial: Serial,
    },
    /// A picture is neither bytes nor one that the issuer keeps.
    #[error(
        "{path}: the issuer takes pictures as bytes: load {named} first, with `Pass::load_pictures` or a client of your own"
    )]
    Picture {
        /// Where it is, in the JSON form of the pass.
        path: String,
        /// The file or address.
        named: String,
    },
    /// What the store has is no picture.
    #[error("{path}: the picture in the store cannot be read; restore it from a backup")]
    PictureCorrupt {
        /// Where it is, in the JSON form of the pass.
        path: String,
        /// What is wrong with it.
        #[source]
        source: Option<ArtError>,
    },
    /// A change gave the pass another serial number.
    #[error("a pass keeps its serial number: it is {serial}, create another pass for {given}")]
    Serial {
        /// That of the pass.
        serial: Serial,
        /// That of the change.
        given: Serial,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The stored pass cannot be read. Someone else wrote it, or it is damaged.
    #[error("pass {serial} in the store cannot be read; restore it from a backup")]
    Stored {
        /// Which pass.
        serial: Serial,
        /// Why it could not.
        #[source]
        source: JsonError,
    },
    /// No identity is for this pass type.
    #[error("the issuer has no identity for {pass_type}: add it with `Issuer::apple`")]
    UnknownPassType {
        /// Which one.
        pass_type: PassTypeId,
    },
    /// Phones and Google cannot reach this address.
    #[error("{found} is no address for a pass: give https, a host and a path, without a query")]
    Url {
        /// What was given.
        found: Url,
    },
}
