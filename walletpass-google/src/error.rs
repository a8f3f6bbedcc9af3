//! What can go wrong, by what the caller does next.

use std::fmt;

use walletpass_core::IssuerId;
use walletpass_core::port::SigningError;
use walletpass_core::projection::Report;

use crate::link::SaveLink;

/// Says why a pass was not issued.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Error {
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
        "the save link's token has {length} characters, and beyond {max} browsers and mail programs may cut it: shorten \
         texts and picture addresses, or lead to it by a redirect from an address of your own",
        length = .0.token().len(),
        max = SaveLink::MAX_TOKEN
    )]
    LinkTooLong(Box<SaveLink>),
    /// The lint found errors: Google would refuse the pass.
    #[error("Google would refuse the pass:{}", .0.error_lines())]
    Refused(Box<Report>),
    /// The key could not sign.
    #[error(transparent)]
    Signing(#[from] SigningError),
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
