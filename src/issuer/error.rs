//! Why a verb of the issuer failed.

use url::Url;
use walletpass_apple as apple;
use walletpass_core::{ExpiryError, IdError, JsonError, LoadError, PassTypeId, Serial};
use walletpass_google as google;
use walletpass_webservice::store::{Digest, StoreError};

use super::fetch::FetchError;

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
    /// A pass cannot be valid for so long.
    #[error(transparent)]
    Expiry(#[from] ExpiryError),
    /// Google Wallet would not take the pass.
    #[error(transparent)]
    Google(#[from] google::Error),
    /// What should name something cannot.
    #[error(transparent)]
    Id(#[from] IdError),
    /// The patch does not make a pass.
    #[error("what was given does not make a pass; see the cause")]
    Json(#[from] JsonError),
    /// A change made another kind of pass of it, which neither wallet takes for the same pass.
    #[error("a pass keeps its kind: {serial} is {kind}, create another pass for {given}")]
    Kind {
        /// Which pass.
        serial: Serial,
        /// Its kind, as in the JSON form.
        kind: &'static str,
        /// That of the change.
        given: &'static str,
    },
    /// A text that the host gave is empty or too long.
    #[error("{what} has {length} characters: write 1 to {most}")]
    Length {
        /// Which text.
        what: &'static str,
        /// How many characters it has.
        length: usize,
        /// How many it may have.
        most: usize,
    },
    /// There is no such template.
    #[error("there is no template {name}: put it first")]
    NoTemplate {
        /// Its name.
        name: String,
    },
    /// Neither wallet is set up.
    #[error("the issuer has neither an Apple identity nor a Google client: give it one")]
    NoWallet,
    /// There is no such pass.
    #[error("there is no pass {serial}: create it first")]
    NotFound {
        /// Which pass.
        serial: Serial,
    },
    /// Another pass has the object at Google that this one would have: of another pass type, or of another tenant with the same Google account, with the
    /// same serial number.
    #[error("another pass {serial} has the object {object} at Google already: take another serial number")]
    ObjectTaken {
        /// The object.
        object: String,
        /// The serial number of both.
        serial: Serial,
    },
    /// The pass has a key that the issuer sets itself.
    #[error(
        "extra.apple.{key}: the issuer puts its own address and a token of its own into each package; take this out"
    )]
    OwnKey {
        /// Which one.
        key: &'static str,
    },
    /// A picture is neither bytes nor one that the issuer keeps.
    #[error(
        "{path}: the issuer cannot read {named}: load files first with `Pass::load_pictures`, and let `Issuer::pictures` fetch addresses"
    )]
    Picture {
        /// Where it is, in the JSON form of the pass.
        path: String,
        /// The file or address.
        named: String,
    },
    /// The store does not have a picture that it was given.
    #[error("{path}: the store has lost the picture {digest}; restore it from a backup, or replace the picture")]
    PictureLost {
        /// Where it is, in the JSON form of the pass.
        path: String,
        /// Its name.
        digest: Digest,
    },
    /// A picture could not be fetched from its address.
    #[error("{path}: the picture cannot be fetched")]
    PictureUnfetched {
        /// Where it is, in the JSON form of the pass.
        path: String,
        /// Why, and what to do.
        #[source]
        source: FetchError,
    },
    /// What the store has is no picture.
    #[error("a picture in the store cannot be read; restore it from a backup, or replace the picture")]
    PictureUnreadable {
        /// Where it is, and what is wrong with it.
        #[source]
        source: LoadError,
    },
    /// A change gave the pass another serial number.
    #[error("a pass keeps its serial number: it is {serial}, create another pass for {given}")]
    Serial {
        /// That of the pass.
        serial: Serial,
        /// That of the change.
        given: Serial,
    },
    /// A pass names more addresses of pictures than are fetched for one.
    #[error("{path}: a pass may name {most} pictures by address: load the others first with `Pass::load_pictures`")]
    PicturesTooMany {
        /// Where the first one too many is, in the JSON form of the pass.
        path: String,
        /// How many are fetched.
        most: usize,
    },
    /// The system has no random bytes to give.
    #[error("no random bytes can be had for the token of a pass")]
    Random {
        /// What OpenSSL said.
        #[source]
        source: openssl::error::ErrorStack,
    },
    /// A thread that signs was lost.
    #[error("the package of {serial} was not signed, as the runtime is shutting down or the key panicked: ask again")]
    Unsigned {
        /// Which pass.
        serial: Serial,
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
        source: serde_json::Error,
    },
    /// The stored template cannot be read. Someone else wrote it, or it is damaged.
    #[error("template {name} in the store cannot be read; put it again")]
    StoredTemplate {
        /// Its name.
        name: String,
        /// Why it could not.
        #[source]
        source: serde_json::Error,
    },
    /// A template says what no pass could say.
    #[error("template {name} is no part of a pass; see the cause")]
    Template {
        /// Its name.
        name: String,
        /// Where it is wrong, and why.
        #[source]
        source: JsonError,
    },
    /// Others kept changing the template at the same time.
    #[error("template {name} is changed by others at the same time; try again")]
    TemplateContended {
        /// Its name.
        name: String,
    },
    /// Passes were made from the template.
    #[error("there are passes of template {name}: delete them first")]
    TemplateInUse {
        /// Its name.
        name: String,
    },
    /// A template of another kind would make other passes of those that there are.
    #[error("a template keeps its kind: {name} is for {kind}, put another one for {given}")]
    TemplateKind {
        /// Its name.
        name: String,
        /// Its kind, as in the JSON form.
        kind: String,
        /// That of the change.
        given: &'static str,
    },
    /// This cannot name a template.
    #[error("{name:?} is no name of a template: write 1 to 64 of A-Z a-z 0-9 . _ -")]
    TemplateName {
        /// What was given.
        name: String,
    },
    /// Each pass has a serial number of its own.
    #[error("a template has no `serial`, and what is said over it neither: give the serial number by itself")]
    TemplateSerial,
    /// A template is not shaped like a pass.
    #[error(
        "template {name} is no part of a pass: write an object with `kind`, which has one member, the kind of the passes"
    )]
    TemplateShape {
        /// Its name.
        name: String,
    },
    /// No identity is for this pass type.
    #[error("the issuer has no identity for {pass_type}: add it with `Issuer::apple`")]
    UnknownPassType {
        /// Which one.
        pass_type: PassTypeId,
    },
    /// Phones and Google cannot reach this address.
    #[error(
        "{found} cannot be where phones and Google find the passes: give https, which phones demand, a host and a path, without a query"
    )]
    Url {
        /// What was given.
        found: Url,
    },
}
