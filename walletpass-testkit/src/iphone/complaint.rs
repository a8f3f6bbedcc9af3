//! What a server did that a phone does not forgive, or would pay for later.

use std::fmt;

use walletpass_core::lint::quoted;

/// Something that a server did wrong towards a phone.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Complaint {
    /// What kind of mistake it is.
    pub fault: Fault,
    /// What was asked: `GET /v1/passes/pass.com.acme.club/4711`. The device's own name is written `{device}`.
    pub request: String,
    /// One sentence that says what was wrong.
    pub cause: String,
    /// One sentence that says how to mend it.
    pub mend: &'static str,
}

/// A kind of mistake of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// An answer is compressed or otherwise encoded, though the phone did not ask for that.
    ContentEncoding,
    /// `Content-Type` is missing or another.
    ContentType,
    /// A list names a pass that is not registered: of somebody else, of another pass type, or removed.
    ForeignSerial,
    /// An unchanged pass came whole, though the phone had sent its date.
    IgnoredIfModifiedSince,
    /// A list has not the form that Apple gives it, or a tag that does not move.
    InvalidList,
    /// A pass came that Wallet would refuse, or another than was asked for.
    InvalidPass,
    /// The signature over the token of a sign-up does not hold.
    InvalidSignature,
    /// `Last-Modified` is missing, is no HTTP date, or does not go with the content.
    LastModified,
    /// A pass changed, and no list says so. An [audit](super::Iphone::audit) finds that too after a pass that was listed and came as an
    /// [`InvalidPass`](Fault::InvalidPass): the phone asks for it again when it changes once more.
    MissedUpdate,
    /// No answer came.
    NoAnswer,
    /// The server sent the phone elsewhere. Whether a real one follows is unverified.
    Redirect,
    /// The server lost or kept a registration, or gave it the wrong status.
    Registration,
    /// Two passes have one `authenticationToken`.
    SharedToken,
    /// A push came to a push token that the phone no longer has.
    StalePushToken,
    /// A status that Apple does not document for this request.
    Status,
    /// 401 for the right token, or for a request that needs none.
    Unauthorized,
    /// A list names a pass that did not change.
    ///
    /// It is a false alarm when the pass changed between the list and the fetch of the last wake-up: the phone has the new version
    /// already when the next list names it with right. So it is when the pass changed and changed back. A phone cannot know, and
    /// logs it all the same; a server that gives cause for it at every wake-up lists too much.
    UnchangedPass,
    /// A pass is given away without its token.
    Unprotected,
}

/// Reads as one line.
impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { fault, request, cause, mend } = self;
        write!(f, "{fault:?} at {request}: {cause}; {mend}")
    }
}

impl Complaint {
    pub(super) fn new(fault: Fault, request: &str, cause: impl Into<String>, mend: &'static str) -> Self {
        Self { fault, request: request.to_owned(), cause: cause.into(), mend }
    }
}

/// Cuts what a server sent for a message.
pub(super) fn shown(text: &str) -> String {
    quoted(text, 200).into_owned()
}
