//! Several passes in one file.

use std::fmt;
use std::io::{self, Write};

use bytes::Bytes;

use crate::archive::{Section, Writer};
use crate::{Error, Pkpass};

/// Up to ten signed passes that are added with one tap: the bytes of a `.pkpasses` file.
///
/// It is a rope like [`Pkpass`]: the bytes of the passes are shared with them. iOS 15 and later open it in Safari; older systems
/// and other browsers do not.
///
/// ```
/// # use walletpass_apple::{Bundle, Package};
/// # use walletpass_core::{Generic, Pass};
/// # let identity = walletpass_testkit::Authority::new().identity("pass.org.example.library", "A1B2C3D4E5");
/// # let seat = |serial: &str| {
/// #     let pass = Pass::new(serial.parse().unwrap(), "Town Library", Generic::new("Reading night"));
/// #     identity.sign(&Package::new(&pass, &identity)?)
/// # };
/// let bundle = Bundle::new([seat("12-A")?, seat("12-B")?])?;
/// let mut file = Vec::new();
/// bundle.write_to(&mut file)?;
/// assert_eq!(file.len(), bundle.len());
/// assert_eq!(Bundle::CONTENT_TYPE, "application/vnd.apple.pkpasses");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// <https://developer.apple.com/documentation/walletpasses/distributing-and-updating-a-pass>
#[derive(Clone)]
pub struct Bundle {
    chunks: Vec<Bytes>,
    passes: usize,
}

impl Bundle {
    /// The media type to serve it with.
    pub const CONTENT_TYPE: &'static str = "application/vnd.apple.pkpasses";

    /// The extension of its file name.
    pub const FILE_EXTENSION: &'static str = "pkpasses";

    /// The most passes that iOS takes in one bundle.
    pub const MAX_PASSES: usize = 10;

    /// The most bytes that iOS takes: 150 MB.
    pub const MAX_BYTES: usize = 150_000_000;

    /// Joins passes, in their order. Equal passes in equal order give equal bytes.
    ///
    /// No two of them may have the same pass type and serial number, for Wallet would keep one; they are not opened to see to that.
    ///
    /// # Errors
    ///
    /// [`Error::BundleEmpty`] without a pass; [`Error::BundleTooLarge`] over 10 passes or 150 MB.
    /// <https://developer.apple.com/documentation/walletpasses/distributing-and-updating-a-pass>
    pub fn new(passes: impl IntoIterator<Item = Pkpass>) -> Result<Self, Error> {
        // One more than fits is enough to know.
        let passes: Vec<Pkpass> = passes.into_iter().take(Self::MAX_PASSES + 1).collect();
        if passes.is_empty() {
            return Err(Error::BundleEmpty);
        }
        let bytes = passes.iter().map(Pkpass::len).sum();
        let too_large = Error::BundleTooLarge { passes: passes.len(), bytes };
        if passes.len() > Self::MAX_PASSES || bytes > Self::MAX_BYTES {
            return Err(too_large);
        }
        let mut chunks = Vec::new();
        let mut sections: Vec<Section> = Vec::with_capacity(passes.len());
        for (number, pass) in (1..).zip(&passes) {
            let mut writer = sections.last().map_or_else(Writer::new, Writer::after);
            writer.add_outside(&format!("pass-{number:02}.pkpass"), pass.chunks())?;
            let section = writer.close();
            chunks.push(section.bytes());
            chunks.extend_from_slice(pass.chunks());
            sections.push(section);
        }
        let last = sections.last().map_or_else(Writer::new, Writer::after);
        chunks.push(last.end(&sections.iter().collect::<Vec<_>>())?.into());
        let bundle = Self { chunks, passes: passes.len() };
        if bundle.len() > Self::MAX_BYTES { Err(too_large) } else { Ok(bundle) }
    }

    /// Gives the bytes, in pieces to be sent one after the other.
    pub fn chunks(&self) -> &[Bytes] {
        &self.chunks
    }

    /// Counts the bytes, for `Content-Length`.
    #[expect(clippy::len_without_is_empty, reason = "a bundle is never empty")]
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

impl fmt::Debug for Bundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bundle({} passes, {} bytes)", self.passes, self.len())
    }
}
