//! A package on its way to a device.

use std::fmt;

use bytes::Bytes;

/// A signed package, in pieces that are sent one after the other and never copied.
///
/// ```
/// use bytes::Bytes;
/// use walletpass_webservice::device::PassFile;
///
/// let file = PassFile::new([Bytes::from_static(b"PK"), Bytes::from_static(b"...")]); // what `Pkpass::chunks()` gives
/// assert_eq!(file.len(), 5);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PassFile {
    chunks: Vec<Bytes>,
}

impl PassFile {
    /// The content type of a package.
    pub const CONTENT_TYPE: &str = "application/vnd.apple.pkpass";

    /// Takes the pieces of a package.
    pub fn new(chunks: impl IntoIterator<Item = Bytes>) -> Self {
        Self { chunks: chunks.into_iter().collect() }
    }

    /// Gives the pieces.
    pub fn chunks(&self) -> &[Bytes] {
        &self.chunks
    }

    /// Counts the bytes.
    pub fn len(&self) -> u64 {
        self.chunks.iter().map(|chunk| chunk.len() as u64).sum()
    }

    /// Says whether there are no bytes at all, which no package is.
    pub fn is_empty(&self) -> bool {
        self.chunks.iter().all(Bytes::is_empty)
    }

    pub(crate) fn into_chunks(self) -> Vec<Bytes> {
        self.chunks
    }
}

/// One piece is a file too.
impl From<Bytes> for PassFile {
    fn from(bytes: Bytes) -> Self {
        Self { chunks: vec![bytes] }
    }
}

impl From<Vec<u8>> for PassFile {
    fn from(bytes: Vec<u8>) -> Self {
        Self::from(Bytes::from(bytes))
    }
}

impl fmt::Debug for PassFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PassFile({} bytes)", self.len())
    }
}
