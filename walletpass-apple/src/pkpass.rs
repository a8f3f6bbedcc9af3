//! The finished package.

use std::fmt;
use std::io::{self, Write};

use bytes::Bytes;

/// A signed pass: the bytes of a `.pkpass` file.
///
/// It is a rope. The chunk with the pictures is shared by all passes that were made of the same [`Artwork`](crate::Artwork), so
/// clones are cheap, and a body that takes [`chunks`](Pkpass::chunks) one by one never joins them.
/// <https://developer.apple.com/documentation/walletpasses/distributing-and-updating-a-pass>
#[derive(Clone)]
pub struct Pkpass {
    chunks: [Bytes; 3],
}

impl Pkpass {
    /// The media type to serve it with; Safari refuses any other.
    pub const CONTENT_TYPE: &'static str = "application/vnd.apple.pkpass";

    /// The extension of its file name.
    pub const FILE_EXTENSION: &'static str = "pkpass";

    pub(crate) fn new(chunks: [Bytes; 3]) -> Self {
        Self { chunks }
    }

    /// Gives the bytes, in pieces to be sent one after the other.
    pub fn chunks(&self) -> &[Bytes] {
        &self.chunks
    }

    /// Counts the bytes, for `Content-Length`.
    #[expect(clippy::len_without_is_empty, reason = "a package is never empty")]
    pub fn len(&self) -> usize {
        self.chunks.iter().map(Bytes::len).sum()
    }

    /// Joins the bytes.
    pub fn to_vec(&self) -> Vec<u8> {
        self.chunks.concat()
    }

    /// Writes the bytes.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write_to(&self, writer: &mut impl Write) -> io::Result<()> {
        self.chunks.iter().try_for_each(|chunk| writer.write_all(chunk))
    }
}

impl fmt::Debug for Pkpass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pkpass({} bytes)", self.len())
    }
}
