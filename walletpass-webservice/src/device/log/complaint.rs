//! What devices are known to complain of, and what to do about it.

/// What a device complains of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Complaint {
    /// `Authentication failure`.
    AuthenticationFailure,
    /// `Server ignored the 'if-modified-since' header …`.
    IgnoredIfModifiedSince,
    /// `Received invalid pass data (…)`.
    InvalidPass,
    /// Anything else.
    Other,
    /// `Server requested update to serial number …, but the pass was unchanged.`
    UnchangedPass,
    /// `Unexpected response code …`, with the status.
    UnexpectedStatus(u16),
    /// `Update requested for unregistered serial number …`.
    UnregisteredSerial,
}

impl Complaint {
    /// Says what to do about it.
    pub const fn mend(self) -> &'static str {
        match self {
            Self::AuthenticationFailure => {
                "store the pass under its pass type before anybody gets it, and keep its `authenticationToken` for its whole life: the device \
                 shows the one of the pass that it has"
            }
            Self::IgnoredIfModifiedSince => {
                "answer 304 to a date that is not before the `Last-Modified` of the pass, and change that date with the content only"
            }
            Self::InvalidPass => {
                "inspect the package that was served: it must be signed for the same pass type, and have the same serial number, \
                 `authenticationToken` and `webServiceURL`"
            }
            Self::Other => "read the line, and look for the request of that time in the log of the server",
            Self::UnchangedPass => "list a pass only when its content changed since the tag that the device brings",
            Self::UnexpectedStatus(401) => {
                "keep the `authenticationToken` of a pass for its whole life; a pass that is not stored, not yet or no longer, is answered with \
                 401 too"
            }
            Self::UnexpectedStatus(404 | 405) => {
                "see that `webServiceURL` leads to where the device API is mounted, without the `/v1`"
            }
            Self::UnexpectedStatus(500..=599) => "look for the cause in the log of the server at that time",
            Self::UnexpectedStatus(_) => {
                "see what answers in front of the device API: it gives no such status for a device's request"
            }
            Self::UnregisteredSerial => {
                "list only what this device registered; one that removed the pass sends a DELETE, which may have been lost"
            }
        }
    }

    pub(super) fn of(what: &str) -> Self {
        let begins = |text: &str| what.starts_with(text);
        if let Some(status) = what.strip_prefix("Unexpected response code ") {
            let digits = status.split(|letter: char| !letter.is_ascii_digit()).next().unwrap_or_default();
            return digits.parse().map_or(Self::Other, Self::UnexpectedStatus);
        }
        match () {
            () if begins("Authentication failure") => Self::AuthenticationFailure,
            () if begins("Server ignored the 'if-modified-since' header") => Self::IgnoredIfModifiedSince,
            () if begins("Received invalid pass data") => Self::InvalidPass,
            () if begins("Server requested update to serial number") => Self::UnchangedPass,
            () if begins("Update requested for unregistered serial number") => Self::UnregisteredSerial,
            () => Self::Other,
        }
    }
}
