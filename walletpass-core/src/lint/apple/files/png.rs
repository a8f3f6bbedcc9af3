//! The head of a picture: what format it is, and how large.

/// The largest side that a phone may be asked to decode, in pixels.
const LARGEST_SIDE: u32 = 8_192;

/// What is wrong with a picture as such.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Fault {
    /// It is another format, named with its article.
    Format(&'static str),
    /// It has no pixels, or too many.
    Size(u32, u32),
}

/// Reads width and height of a PNG, in pixels.
pub(super) fn size(bytes: &[u8]) -> Result<(u32, u32), Fault> {
    let Some(rest) = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n") else { return Err(Fault::Format(format(bytes))) };
    let Some((head, [width, height])) = rest.split_first_chunk::<8>().and_then(|(head, rest)| {
        let ([width, height], _) = rest.split_first_chunk::<8>().map(|(size, rest)| (size.as_chunks::<4>().0, rest))?
        else {
            return None;
        };
        Some((head, [width, height].map(|side| u32::from_be_bytes(*side))))
    }) else {
        return Err(Fault::Format("a PNG that is cut off"));
    };
    if head != b"\0\0\0\x0dIHDR" {
        return Err(Fault::Format("a PNG that is damaged"));
    }
    match (1..=LARGEST_SIDE).contains(&width) && (1..=LARGEST_SIDE).contains(&height) {
        true => Ok((width, height)),
        false => Err(Fault::Size(width, height)),
    }
}

/// Names a format by its signature.
fn format(bytes: &[u8]) -> &'static str {
    let starts = |signature: &[u8]| bytes.starts_with(signature);
    let brand = |brands: &[&[u8]]| bytes.get(4..12).is_some_and(|head| brands.contains(&head));
    let text = bytes.trim_ascii_start();
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let words = |text: &[u8], word: &[u8]| text.windows(word.len()).any(|part| part == word);
    if bytes.is_empty() {
        "empty"
    } else if starts(b"\xFF\xD8\xFF") {
        "a JPEG"
    } else if starts(b"GIF8") {
        "a GIF"
    } else if starts(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        "a WebP"
    } else if starts(b"%PDF") {
        "a PDF"
    } else if brand(&[b"ftypheic", b"ftypheix", b"ftypmif1"]) {
        "a HEIC"
    } else if brand(&[b"ftypavif", b"ftypavis"]) {
        "an AVIF"
    } else if starts(b"BM") {
        "a BMP"
    } else if starts(b"II*\0") || starts(b"MM\0*") {
        "a TIFF"
    } else if starts(b"\0\0\x01\0") {
        "an ICO"
    } else if starts(b"version https://git-lfs") {
        "a Git LFS pointer"
    } else if text.starts_with(b"<svg")
        || (text.starts_with(b"<?xml") && words(text.get(..1_024).unwrap_or(text), b"<svg"))
    {
        "an SVG"
    } else if text.starts_with(b"<") {
        "an HTML or XML page"
    } else if starts(b"\x89PNG") {
        "a PNG damaged on the way, as a transfer in text mode does"
    } else {
        "no picture that is known"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_tells() {
        let png = |width: u32, height: u32| {
            [b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".as_slice(), &width.to_be_bytes(), &height.to_be_bytes()].concat()
        };
        assert_eq!(size(&png(38, 20)), Ok((38, 20)));
        assert_eq!(size(&png(0, 20)), Err(Fault::Size(0, 20)));
        assert_eq!(size(&png(38, 100_000)), Err(Fault::Size(38, 100_000)));
        for (bytes, format) in [
            (&b""[..], "empty"),
            (b"\xFF\xD8\xFF\xE0", "a JPEG"),
            (b"GIF89a", "a GIF"),
            (b"RIFF\0\0\0\0WEBPVP8 ", "a WebP"),
            (b"%PDF-1.7", "a PDF"),
            (b"\0\0\0\x18ftypheic", "a HEIC"),
            (b"<svg xmlns='x'/>", "an SVG"),
            (b"<?xml version='1.0'?>\n<svg/>", "an SVG"),
            (b"\n<!DOCTYPE html>", "an HTML or XML page"),
            (b"\x89PNG\n\x1a\n", "a PNG damaged on the way, as a transfer in text mode does"),
            (b"hello", "no picture that is known"),
            (b"\x89PNG\r\n\x1a\n", "a PNG that is cut off"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\x0dIDAT\0\0\0\x01\0\0\0\x01", "a PNG that is damaged"),
        ] {
            assert_eq!(size(bytes), Err(Fault::Format(format)), "{format}");
        }
        let png = png(38, 38);
        for end in 0..png.len() {
            assert!(size(&png[..end]).is_err());
        }
    }
}
