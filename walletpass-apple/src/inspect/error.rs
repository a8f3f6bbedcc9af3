//! Why there is nothing to inspect.

/// Says why an archive could not be inspected at all; whatever else is wrong is a finding.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InspectError {
    /// The bytes are no zip archive.
    #[error("this is no zip archive but {found}: {mend}")]
    NotArchive {
        /// What they look like.
        found: &'static str,
        /// What to do about it.
        mend: &'static str,
    },
    /// The archive asks for more than the limits allow.
    #[error(
        "the archive is over the limit `{limit}` of {most} at {path:?}: raise `Limits::{limit}` if you trust where it comes from"
    )]
    OverLimit {
        /// The name of the field of [`Limits`](super::Limits).
        limit: &'static str,
        /// Its value.
        most: usize,
        /// The member that goes over it; empty for the archive as a whole.
        path: String,
    },
}
