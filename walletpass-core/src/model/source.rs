//! Where the pixels of a picture come from.

use std::borrow::Cow;
use std::fmt;
use std::path::{Component, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use url::Url;

/// Where the pixels of a picture come from.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Source {
    /// A file, named relative to a folder that only the loader knows. Nothing is read until
    /// [`Pass::load_pictures`](crate::Pass::load_pictures) is called.
    File(PathBuf),
    /// The bytes of a PNG: signature and size have been checked.
    Png(Bytes),
    /// An address on the web.
    Url(Url),
}

impl Source {
    /// The largest PNG that is taken, in bytes.
    pub const MAX_BYTES: usize = 8 * 1024 * 1024;
    /// The longest side that is taken, in pixels. The largest slot needs 1,509.
    pub const MAX_SIDE: u32 = 4096;

    /// Takes the bytes of a PNG.
    ///
    /// # Errors
    ///
    /// [`ArtError::NotPng`] for any other format, [`ArtError::TooManyBytes`] and [`ArtError::TooLarge`] beyond the limits.
    pub fn png(bytes: impl Into<Bytes>) -> Result<Self, ArtError> {
        let bytes = bytes.into();
        if bytes.len() > Self::MAX_BYTES {
            return Err(ArtError::TooManyBytes { bytes: bytes.len() });
        }
        let (width, height) = png_size(&bytes)?;
        if width == 0 || height == 0 || width > Self::MAX_SIDE || height > Self::MAX_SIDE {
            return Err(ArtError::TooLarge { width, height });
        }
        Ok(Self::Png(bytes))
    }

    pub(super) fn parse(text: &str) -> Result<Self, ArtError> {
        if let Some(data) = text.strip_prefix("data:") {
            let encoded = data.strip_prefix("image/png;base64,").ok_or(ArtError::DataUri)?;
            // Four characters carry three bytes: refuse before decoding.
            if encoded.len() / 4 * 3 > Self::MAX_BYTES {
                return Err(ArtError::TooManyBytes { bytes: encoded.len() / 4 * 3 });
            }
            return Self::png(STANDARD.decode(encoded).map_err(|_| ArtError::DataUri)?);
        }
        if text.contains("://") {
            let url = Url::parse(text).map_err(|_| ArtError::Url)?;
            return match url.scheme() {
                "https" | "http" => Ok(Self::Url(url)),
                _ => Err(ArtError::Url),
            };
        }
        if text.is_empty() {
            return Err(ArtError::Empty);
        }
        let path = PathBuf::from(text);
        // A pass may come from a stranger: its file names stay below the folder that the host means.
        let is_below = path.components().all(|part| matches!(part, Component::CurDir | Component::Normal(_)));
        if is_below && !text.contains('\\') { Ok(Self::File(path)) } else { Err(ArtError::Path) }
    }

    pub(super) fn to_text(&self) -> Cow<'_, str> {
        match self {
            Self::File(path) => path.to_string_lossy(),
            Self::Png(bytes) => Cow::Owned(format!("data:image/png;base64,{}", STANDARD.encode(bytes))),
            Self::Url(url) => Cow::Borrowed(url.as_str()),
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Png(bytes) => write!(f, "Png({} bytes)", bytes.len()),
            Self::Url(url) => write!(f, "Url({url})"),
        }
    }
}

/// Says why a picture was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ArtError {
    /// A `data:` URI of another kind, or with bad base64.
    #[error(
        "a data URI of a picture must begin with `data:image/png;base64,` and hold standard base64: encode the PNG again"
    )]
    DataUri,
    /// An empty string.
    #[error("a picture cannot be empty: give a file name, a PNG data URI or an https address, or leave the key out")]
    Empty,
    /// Another format under the name of a PNG.
    #[error("the picture is {found}, not a PNG: convert it, renaming the file is not enough")]
    NotPng {
        /// The format that the first bytes tell.
        found: &'static str,
    },
    /// A file name that leaves its folder.
    #[error(
        "the file of a picture is named relative to the folder of the pass, without `..` and with `/` between its parts"
    )]
    Path,
    /// More pixels than [`Source::MAX_SIDE`], or none.
    #[error(
        "the picture is {width} x {height} pixels: give one between 1 x 1 and {max} x {max}",
        max = Source::MAX_SIDE
    )]
    TooLarge {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// More bytes than [`Source::MAX_BYTES`].
    #[error("the picture has {bytes} bytes: at most {max} are taken", max = Source::MAX_BYTES)]
    TooManyBytes {
        /// Its size.
        bytes: usize,
    },
    /// An address that does not parse, or of another scheme.
    #[error("the address of a picture must be a complete https:// URL")]
    Url,
}

/// Reads width and height from the header of a PNG, without decoding it (W3C PNG, section 11.2.1).
fn png_size(bytes: &[u8]) -> Result<(u32, u32), ArtError> {
    let header: Option<&[u8; 24]> = bytes.first_chunk();
    match header {
        Some(
            [
                0x89,
                b'P',
                b'N',
                b'G',
                b'\r',
                b'\n',
                0x1a,
                b'\n',
                0,
                0,
                0,
                13,
                b'I',
                b'H',
                b'D',
                b'R',
                w0,
                w1,
                w2,
                w3,
                h0,
                h1,
                h2,
                h3,
            ],
        ) => Ok((u32::from_be_bytes([*w0, *w1, *w2, *w3]), u32::from_be_bytes([*h0, *h1, *h2, *h3]))),
        _ => Err(ArtError::NotPng { found: format_of(bytes) }),
    }
}

fn format_of(bytes: &[u8]) -> &'static str {
    match bytes {
        [] => "empty",
        [0xff, 0xd8, 0xff, ..] => "a JPEG",
        [b'G', b'I', b'F', b'8', ..] => "a GIF",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "a WebP",
        [b'<', ..] => "an SVG or HTML text",
        [b'%', b'P', b'D', b'F', ..] => "a PDF",
        [0x89, b'P', b'N', b'G', ..] => "a damaged or cut-off PNG",
        _ => "of an unknown format",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(width: u32, height: u32) -> Vec<u8> {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        png.extend(width.to_be_bytes());
        png.extend(height.to_be_bytes());
        png.extend([8, 6, 0, 0, 0]);
        png
    }

    #[test]
    fn a_renamed_jpeg_is_told_by_name() {
        let error = Source::png(vec![0xff, 0xd8, 0xff, 0xe0, 0, 0]).unwrap_err();
        assert_eq!(error, ArtError::NotPng { found: "a JPEG" });
        assert!(error.to_string().contains("convert it"));
    }

    #[test]
    fn a_huge_picture_is_refused_by_its_header() {
        let error = Source::png(header(20_000, 20_000)).unwrap_err();
        assert_eq!(error, ArtError::TooLarge { width: 20_000, height: 20_000 });
        assert!(Source::png(header(4096, 1)).is_ok());
        assert!(Source::png(header(0, 1)).is_err());
    }

    #[test]
    fn debug_does_not_print_pixels() {
        assert_eq!(format!("{:?}", Source::png(header(1, 1)).unwrap()), "Png(29 bytes)");
    }
}
