//! What can go wrong, by what the caller does next.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};
use walletpass_core::IssuerId;
use walletpass_core::port::SigningError;
use walletpass_core::projection::Report;

use crate::link::SaveLink;
use crate::token::TokenError;

/// Says why a pass was not issued, read or changed.
///
/// What Google says is cut to 500 characters, and no token, assertion or key is ever in it.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The service account is no user of the issuer, or the id belongs to another issuer. Nearly always the former.
    #[error(
        "the service account {invite} may not work for issuer {issuer} (Google: {message}): sign in at https://pay.google.com/business/console as an administrator of the issuer, open Users, Invite a user, and invite {invite} as Developer; roles in the Cloud project do not help. If it is there already, see that {issuer} is the issuer id, and that ids begin with it"
    )]
    AccessDenied {
        /// The e-mail address to invite.
        invite: String,
        /// The issuer to which.
        issuer: IssuerId,
        /// Google's words.
        message: String,
    },
    /// The Wallet API is not enabled in the Cloud project of the service account.
    #[error(
        "the Google Wallet API is not enabled in the Cloud project of the service account: enable it at {activate}, and wait some minutes"
    )]
    ApiDisabled {
        /// Where to enable it.
        activate: String,
    },
    /// The object names a class that does not exist, or is of another vertical.
    #[error("the class of the object does not exist (Google: {message}): insert the class first, in the same vertical")]
    ClassNotFound {
        /// Google's words.
        message: String,
    },
    /// There is a class or object of this id already.
    #[error("{id} exists already: patch it, or take another id; ids are never free again")]
    Exists {
        /// The id.
        id: String,
    },
    /// Google refuses what was sent, or we do before asking. Sending it again does not help.
    #[error("Google would not take it{}: {message}", field.as_ref().map(|field| format!(", for `{field}`")).unwrap_or_default())]
    Invalid {
        /// The field, where it is known.
        field: Option<String>,
        /// What is wrong, in Google's words where it judged.
        message: String,
    },
    /// The card was drawn for another issuer than the account's.
    #[error(
        "the card is of issuer {card}, and the account makes links for {account}: draw it with the account that signs it"
    )]
    IssuerMismatch {
        /// The issuer of the card.
        card: IssuerId,
        /// The issuer of the account.
        account: IssuerId,
    },
    /// The link is longer than browsers and mail programs reliably carry. It is valid: a redirect from a short address of
    /// your own may lead to it.
    #[error(
        "the save link's token has {length} characters, and beyond {max} browsers and mail programs may cut it: let \
         `Client::save_link` insert the pass, which makes the link short; or shorten texts and picture addresses, or lead to it by a \
         redirect from an address of your own",
        length = .0.token().len(),
        max = SaveLink::MAX_TOKEN
    )]
    LinkTooLong(Box<SaveLink>),
    /// There is no such class or object.
    #[error("there is no {id} at Google: see that the id and the vertical are right, and insert it first")]
    NotFound {
        /// The id.
        id: String,
    },
    /// The pass has notified its holders as often as it may in 24 hours.
    #[error(
        "{id} has notified its holders {} times in 24 hours, and Google allows no more: {}, or send the message silently",
        crate::notices::MOST,
        until.map_or("wait".to_owned(), |until| format!("wait until {until}"))
    )]
    NoticesSpent {
        /// The id of the class or object.
        id: String,
        /// When the next message may notify, if it is known.
        until: Option<DateTime<Utc>>,
    },
    /// The host's own record of notices failed.
    #[error("the record of notices cannot be read or written; see the cause, and try again")]
    NoticeStore(#[source] Box<dyn StdError + Send + Sync>),
    /// Google has had enough requests for now, after the tries that were worth while.
    #[error(
        "Google takes no more requests for now{}: send fewer a second, in all processes together",
        retry_after.map(|after| format!(", for {} s", after.as_secs())).unwrap_or_default()
    )]
    Quota {
        /// How long Google asks to wait, if it says.
        retry_after: Option<Duration>,
    },
    /// The lint found errors: Google would refuse the pass.
    #[error("Google would refuse the pass:{}", .0.error_lines())]
    Refused(Box<Report>),
    /// The key could not sign.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// There is no access token.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// Google does not answer, or not as it should, after the tries that were worth while. It may have done what was asked:
    /// writing a class or object again is harmless, a message may notify twice
    /// ([`Message::maybe_sent`](crate::Message::maybe_sent)).
    #[error("Google gives no usable answer ({what}): try again later")]
    Unavailable {
        /// What came instead: `status 503` for instance.
        what: String,
        /// How long Google asks to wait, if it says.
        retry_after: Option<Duration>,
        /// The cause, if there was no answer at all.
        #[source]
        cause: Option<walletpass_core::port::HttpError>,
    },
}

/// Reads like the message: a program whose `main` returns the error prints this, and a report would bury it.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Says what is wrong with the key file of a service account.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AccountError {
    /// An address is not of a kind to which tokens may go.
    #[error("`{what}` is no `https` address; `http` is for this machine alone, and for origins")]
    Address {
        /// Which one: `token_uri`, `origin`, `base`.
        what: &'static str,
    },
    /// The private key is not RSA, which Google wants, or too short.
    #[error(
        "the private key of the service account is {found}, and Google takes RSA of 2048 bits or more: make a new JSON key"
    )]
    KeyKind {
        /// What it is.
        found: String,
    },
    /// The private key is no PEM.
    #[error("`private_key` of the service account does not parse as a PEM private key: {cause}")]
    KeyPem {
        /// What is probably wrong.
        cause: &'static str,
    },
    /// A part is missing or empty.
    #[error("the service account key file has no `{part}`: download the JSON key again and pass it on unchanged")]
    Missing {
        /// The key that is absent.
        part: &'static str,
    },
    /// The file is no JSON.
    #[error("the service account key file is not JSON (line {line}, column {column}): {mend}")]
    NotJson {
        /// The line of the mistake.
        line: usize,
        /// Its column.
        column: usize,
        /// What to do about it.
        mend: &'static str,
    },
    /// The file is of another kind.
    #[error(
        "this is {found}, not the key file of a service account: in the Google Cloud console open IAM & Admin, Service Accounts, Keys, and add a JSON key"
    )]
    WrongKind {
        /// What it is.
        found: &'static str,
    },
}
