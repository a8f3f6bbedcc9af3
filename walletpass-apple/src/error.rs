//! What can go wrong, by what the caller does next.

use std::error::Error as StdError;
use std::fmt;

use chrono::{DateTime, Utc};
use walletpass_core::port::SigningError;
use walletpass_core::projection::Report;
use walletpass_core::{IdError, PassTypeId, TeamId};

/// The cause of an [`Error`], from a library that stays private.
type Cause = Box<dyn StdError + Send + Sync>;

/// Says why an identity could not be loaded, a package not be drawn up, or not be signed.
///
/// No variant holds a passphrase or key material.
/// <https://developer.apple.com/documentation/walletpasses/building-a-pass>
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A bundle was to be made of no pass.
    #[error("a bundle needs a pass: give from 1 to 10")]
    BundleEmpty,
    /// The passes are too many or too large for one bundle.
    #[error(
        "a bundle has at most 10 passes and 150 MB, and these are {passes} passes or more of {bytes} bytes: make several bundles"
    )]
    BundleTooLarge {
        /// How many passes were given; 11 stands for any number above 10.
        passes: usize,
        /// How many bytes these have.
        bytes: usize,
    },
    /// The P12 holds a key but no certificate.
    #[error(
        "the P12 holds no certificate: export it again from Keychain Access, from the list \"My Certificates\", so that key \
         and certificate go together"
    )]
    CertificateMissing,
    /// What was given as the certificate is none.
    #[error("the certificate is neither PEM nor DER: give the .cer that Apple issued, or its PEM form")]
    CertificateUnreadable {
        /// What the parser said.
        #[source]
        source: Cause,
    },
    /// A certificate is past its end.
    #[error("the {certificate} expired on {on}: {}", successor_of(.certificate))]
    Expired {
        /// `pass certificate` or `intermediate certificate`.
        certificate: &'static str,
        /// Its last instant.
        on: DateTime<Utc>,
    },
    /// The package was drawn up for another identity.
    #[error(
        "the package is for {} of team {}, but the certificate is for {pass_type} of team {team}: draw it up with the identity \
         that signs it, and leave `passTypeIdentifier` and `teamIdentifier` out of raw extra JSON and source folders",
        Shown(.found_pass_type), Shown(.found_team)
    )]
    IdentityMismatch {
        /// `passTypeIdentifier` of the package.
        found_pass_type: Option<String>,
        /// `teamIdentifier` of the package.
        found_team: Option<String>,
        /// The pass type of the certificate.
        pass_type: PassTypeId,
        /// The team of the certificate.
        team: TeamId,
    },
    /// No intermediate certificate that is at hand issued the pass certificate.
    #[error(
        "no intermediate certificate fits: the pass certificate was issued by \"{issuer}\" with the key {key_id}; download the \
         Worldwide Developer Relations certificate of that subject key identifier from \
         https://www.apple.com/certificateauthority/ and give it as an intermediate (G4, 5BD9FA1D…, is built in)"
    )]
    IntermediateMissing {
        /// Who issued the pass certificate, by its own word.
        issuer: String,
        /// The key identifier that the intermediate must have, in hexadecimal.
        key_id: String,
    },
    /// One of the intermediates given is no certificate.
    #[error("intermediate certificate number {number} is neither PEM nor DER: give it as Apple offers it for download")]
    IntermediateUnreadable {
        /// Its place among those given, from one.
        number: usize,
        /// What the parser said.
        #[source]
        source: Cause,
    },
    /// The private key belongs to another certificate.
    #[error(
        "the private key does not belong to the certificate of \"{subject}\": use the key with which its signing request was \
         made, or issue a new certificate"
    )]
    KeyMismatch {
        /// The common name of the certificate.
        subject: String,
    },
    /// The P12 holds no private key.
    #[error(
        "the P12 holds no private key, only a certificate: export both from Keychain Access as a P12, choosing the private key \
         below the certificate too"
    )]
    KeyMissing,
    /// The passphrase of the private key is hashed so often that it would take minutes.
    #[error(
        "the passphrase of the key is hashed {rounds} times, and at most 5000000 are done: encrypt the key anew with `openssl pkcs8 \
         -topk8 -in old.pem -out new.pem`"
    )]
    KeyTooSlow {
        /// How often.
        rounds: u64,
    },
    /// The private key is of a kind that Apple Wallet does not take.
    #[error("the key is {found}: Apple Wallet takes RSA of at least 2048 bits, or EC on P-256")]
    KeyUnfit {
        /// What it is.
        found: String,
    },
    /// What was given as the private key is none.
    #[error(
        "there is no private key in the PEM: give PKCS #8, PKCS #1 or SEC 1 (\"-----BEGIN … PRIVATE KEY-----\"), with its line breaks"
    )]
    KeyUnreadable {
        /// What the parser said.
        #[source]
        source: Cause,
    },
    /// The marker of the certificate names another pass type than its subject.
    #[error(
        "the certificate contradicts itself: its subject is for {pass_type}, its marker extension for {}; issue a new one",
        Shown(.marker)
    )]
    MarkerMismatch {
        /// The pass type of the subject.
        pass_type: PassTypeId,
        /// The pass type of the marker, if it is text.
        marker: Option<String>,
    },
    /// The pass has an `nfc` key or a sign-up form, which take another certificate.
    #[error(
        "the pass has NFC or a sign-up form, but the certificate does not permit NFC: ask Apple for an NFC certificate, or leave \
         both out. https://developer.apple.com/contact/passkit/"
    )]
    NfcNotPermitted,
    /// The certificate is of another kind.
    #[error(
        "the certificate of \"{subject}\" is no pass certificate, for it lacks the {lacks}: create one for your Pass Type ID \
         in Apple's developer portal, under Identifiers"
    )]
    NotPassCertificate {
        /// The common name of the certificate.
        subject: String,
        /// What a pass certificate has and this one has not.
        lacks: &'static str,
    },
    /// A certificate is not valid yet.
    #[error("the {certificate} is valid from {from} on: wait, or set the clock right")]
    NotYetValid {
        /// `pass certificate` or `intermediate certificate`.
        certificate: &'static str,
        /// Its first instant.
        from: DateTime<Utc>,
    },
    /// The passphrase of the P12 is hashed so often, over all its parts, that it would take minutes.
    #[error(
        "the passphrase of the P12 is hashed {rounds} times, and at most 5000000 are done: convert it with `openssl pkcs12 -in old.p12 \
         -out all.pem` and `openssl pkcs12 -export -in all.pem -out new.p12`"
    )]
    P12TooSlow {
        /// How often.
        rounds: u64,
    },
    /// The P12 is encrypted, authenticated or encoded (BER with indefinite lengths) in a way that cannot be read.
    #[error(
        "the P12 uses an encryption or encoding that is not supported: convert it with `openssl pkcs12 -legacy -in old.p12 -out \
         all.pem` and `openssl pkcs12 -export -in all.pem -out new.p12`, which keeps the key encrypted on the disk"
    )]
    P12Unsupported {
        /// What the parser said.
        #[source]
        source: Cause,
    },
    /// What was given as a P12 is none.
    #[error(
        "the file is not a P12 or is damaged: read it as bytes, not as text; a PEM file goes to `Identity::from_pem` instead"
    )]
    P12Unreadable {
        /// What the parser said.
        #[source]
        source: Cause,
    },
    /// The subject of the certificate names no pass type, or a strange one.
    #[error(
        "the subject of the certificate names no pass type (UID) that can be used: issue a new one for your Pass Type ID"
    )]
    PassType {
        /// What is wrong with the one that it names.
        #[source]
        source: Option<IdError>,
    },
    /// The key is encrypted, and no passphrase was given.
    #[error("the private key is encrypted: give its passphrase")]
    PassphraseMissing,
    /// The passphrase opens neither key nor P12.
    #[error(
        "the passphrase is wrong: give the one chosen when the key or P12 was exported (it may be empty, and a line break \
         at its end would be part of it)"
    )]
    PassphraseWrong,
    /// A picture cannot be decoded.
    #[error("the picture of the slot `{slot}` is a PNG that is damaged or too large to decode: export it again")]
    Picture {
        /// The slot of the picture.
        slot: &'static str,
        /// What the decoder said.
        #[source]
        source: Cause,
    },
    /// A picture is a file name or an address still.
    #[error(
        "the picture {name:?} of the slot `{slot}` has not been loaded: call `Pass::load_pictures`, or give its bytes with \
         `Picture::png`"
    )]
    PictureNotLoaded {
        /// The slot of the picture.
        slot: &'static str,
        /// The file name or address.
        name: String,
    },
    /// The lint found errors: Apple Wallet would refuse the pass.
    #[error("Apple Wallet would refuse the pass:{}", .report.error_lines())]
    Refused {
        /// Everything that was found.
        report: Box<Report>,
    },
    /// What was given as a root certificate is none.
    #[error("the root certificate is neither PEM nor DER: give it as its authority offers it for download")]
    RootUnreadable {
        /// What the parser said.
        #[source]
        source: Cause,
    },
    /// The private key could not sign.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// The subject of the certificate names no team, or a strange one.
    #[error(
        "the subject of the certificate names no team (OU) that can be used: issue a new one for your Pass Type ID"
    )]
    Team {
        /// What is wrong with the one that it names.
        #[source]
        source: Option<IdError>,
    },
    /// The package has more bytes or files than its archive can hold.
    #[error("the package is over 4 GiB or 65,535 files: use fewer or smaller pictures and translations")]
    TooLarge,
}

impl Error {
    /// Wraps what a parser said of a certificate.
    pub(crate) fn unreadable(source: impl Into<Cause>) -> Self {
        Self::CertificateUnreadable { source: source.into() }
    }
}

/// Reads like the message: a program whose `main` returns the error prints this, and a report would bury it.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Says how a certificate that expired is replaced: an intermediate is Apple's to renew.
fn successor_of(certificate: &str) -> &'static str {
    match certificate {
        "intermediate certificate" => {
            "download the current one of that name from https://www.apple.com/certificateauthority/ and give it as an \
             intermediate; if it does not fit, renew the pass certificate too"
        }
        _ => "renew it in Apple's developer portal and load the new one; installed passes keep working",
    }
}

/// Shows what a document says, or that it says nothing.
struct Shown<'a>(&'a Option<String>);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(text) => write!(f, "{text:?}"),
            None => f.write_str("nothing"),
        }
    }
}
