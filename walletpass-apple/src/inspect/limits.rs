//! How much of an archive is read.

/// The most that an archive may make the reader do, whatever its headers claim.
///
/// Bytes are counted while they are unpacked, so memory stays within about twice [`total`](Limits::total) beside the archive
/// itself.
///
/// ```
/// use walletpass_apple::inspect::Limits;
///
/// let limits = Limits { archive: 5_000_000, total: 20_000_000, ..Limits::default() };
/// assert_eq!(limits.members, 2_000);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "hosts change single fields with `..Limits::default()`")]
pub struct Limits {
    /// Bytes of the archive: 160,000,000, a little over the most that iOS takes of a bundle, so that this is told. Over 2 GB is not read whatever is said here.
    pub archive: usize,
    /// Bytes of one member, unpacked: 32 MiB. A package in a bundle is a member too.
    pub member: usize,
    /// Bytes of all files of all passes, unpacked: 200,000,000. The packages of a bundle may together have as many again.
    pub total: usize,
    /// Members, those of the packages in a bundle included: 2,000. Over 65,000 are not read whatever is said here.
    pub members: usize,
    /// Bytes of the files of one pass that are parsed (`*.json`, `*.strings`, `signature`), together: 2 MiB. A parsed
    /// document takes many times its size.
    pub documents: usize,
}

impl Limits {
    /// What fits into a directory of the short form.
    pub(super) const MOST_MEMBERS: usize = 65_000;
    /// The same for the bytes.
    pub(super) const LARGEST_ARCHIVE: usize = 2_000_000_000;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            archive: 160_000_000,
            member: 32 * 1024 * 1024,
            total: 200_000_000,
            members: 2_000,
            documents: 2 * 1024 * 1024,
        }
    }
}
