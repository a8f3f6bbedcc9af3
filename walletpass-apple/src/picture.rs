//! One picture: decoded, brought to a size, written as PNG again.

use std::io::Cursor;

use bytes::Bytes;
use image::codecs::png::{CompressionType, FilterType, PngDecoder, PngEncoder};
use image::imageops;
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageError, Limits, Rgba, RgbaImage};
use walletpass_core::Source;

/// How a picture fills its slot. Sizes are in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    /// Fills the frame exactly; what stands over is cut off evenly.
    Cover(u32, u32),
    /// Lies whole within the frame, which is as large as it may be.
    Within(u32, u32),
    /// Lies whole on a square of this side: on its own margin colour, or on nothing where its edge is transparent.
    Square(u32),
}

/// A decoded PNG.
pub(crate) struct Picture {
    /// The PNG as given, for the size that needs no change.
    png: Bytes,
    /// Colours multiplied by their opacity, so that the invisible colour of transparent pixels does not bleed into the others.
    pixels: RgbaImage,
    /// The colour profile, which resizing does not change.
    profile: Option<Vec<u8>>,
}

impl Picture {
    /// Decodes a PNG within bounds.
    pub(crate) fn decode(png: &Bytes) -> Result<Self, ImageError> {
        let mut limits = Limits::default();
        limits.max_image_width = Some(Source::MAX_SIDE);
        limits.max_image_height = Some(Source::MAX_SIDE);
        limits.max_alloc = Some(MAX_ALLOC);
        let mut decoder = PngDecoder::with_limits(Cursor::new(png.as_ref()), limits.clone())?;
        limits.reserve(decoder.total_bytes())?;
        let (has_color, has_alpha) = (decoder.color_type().has_color(), decoder.color_type().has_alpha());
        // A profile of grey does not fit the colours that are written.
        let profile = decoder.icc_profile()?.filter(|profile| has_color && profile.len() <= MAX_PROFILE);
        let mut pixels = DynamicImage::from_decoder(decoder)?.into_rgba8();
        if has_alpha {
            pixels.pixels_mut().for_each(premultiply);
        }
        Ok(Self { png: png.clone(), pixels, profile })
    }

    /// Gives the PNG as it was given.
    pub(crate) fn png(&self) -> Bytes {
        self.png.clone()
    }

    /// Gives width and height in pixels.
    pub(crate) fn size(&self) -> (u32, u32) {
        self.pixels.dimensions()
    }

    /// Says which share of the picture is seen when it fills a frame.
    pub(crate) fn shown_of(&self, width: u32, height: u32) -> f64 {
        let (own_width, own_height) = self.pixels.dimensions();
        let (shown_width, shown_height) = largest_within((width, height), (own_width, own_height));
        f64::from(shown_width) * f64::from(shown_height) / (f64::from(own_width) * f64::from(own_height)).max(1.0)
    }

    /// Says whether the picture is far from square, so that cropping it to one would cut into what it shows.
    pub(crate) fn is_oblong(&self) -> bool {
        let (width, height) = self.pixels.dimensions();
        width.max(height) * 4 > width.min(height) * 5
    }

    /// Says whether there are pixels enough for a frame, so that nothing has to be made up.
    pub(crate) fn fills(&self, fit: Fit) -> bool {
        let (width, height) = self.pixels.dimensions();
        match fit {
            Fit::Cover(w, h) => width >= w && height >= h,
            Fit::Within(w, h) => width >= w || height >= h,
            Fit::Square(side) => width.max(height) >= side,
        }
    }

    /// Brings the picture into a frame. One that is too small for it keeps its pixels and gets the proportions only.
    pub(crate) fn fitted(&self, fit: Fit) -> Result<Bytes, ImageError> {
        let (width, height) = self.pixels.dimensions();
        match fit {
            Fit::Cover(w, h) => {
                let (crop_w, crop_h) = largest_within((w, h), (width, height));
                let (x, y) = ((width - crop_w) / 2, (height - crop_h) / 2);
                if self.fills(fit) {
                    self.written((x, y), (crop_w, crop_h), (w, h))
                } else {
                    self.written((x, y), (crop_w, crop_h), (crop_w, crop_h))
                }
            }
            Fit::Within(w, h) => {
                let size = if self.fills(fit) { largest_within((width, height), (w, h)) } else { (width, height) };
                self.written((0, 0), (width, height), size)
            }
            Fit::Square(side) => self.squared(side.min(width.max(height))),
        }
    }

    /// Writes a part of the picture at a size.
    fn written(&self, (x, y): (u32, u32), part: (u32, u32), size: (u32, u32)) -> Result<Bytes, ImageError> {
        if size == self.pixels.dimensions() && size == part {
            return Ok(self.png());
        }
        let part = imageops::crop_imm(&self.pixels, x, y, part.0, part.1).to_image();
        encode(resized(part, size), self.profile.as_deref())
    }

    fn squared(&self, side: u32) -> Result<Bytes, ImageError> {
        let size = largest_within(self.pixels.dimensions(), (side, side));
        let mut ground = RgbaImage::from_pixel(side, side, self.edge_color().unwrap_or(Rgba([0; 4])));
        let (x, y) = ((side - size.0) / 2, (side - size.1) / 2);
        imageops::replace(&mut ground, &resized(self.pixels.clone(), size), x.into(), y.into());
        encode(ground, self.profile.as_deref())
    }

    /// Averages the pixels along the edge, unless some of them can be seen through.
    fn edge_color(&self) -> Option<Rgba<u8>> {
        let (width, height) = self.pixels.dimensions();
        let is_edge = |x, y| x == 0 || y == 0 || x + 1 == width || y + 1 == height;
        let (mut sum, mut count) = ([0_u64; 3], 0_u64);
        for (_, _, Rgba([r, g, b, a])) in self.pixels.enumerate_pixels().filter(|(x, y, _)| is_edge(*x, *y)) {
            if *a != u8::MAX {
                return None;
            }
            for (sum, part) in sum.iter_mut().zip([r, g, b]) {
                *sum += u64::from(*part);
            }
            count += 1;
        }
        let [r, g, b] = sum.map(|part| u8::try_from(part / count.max(1)).unwrap_or(u8::MAX));
        Some(Rgba([r, g, b, u8::MAX]))
    }
}

/// Makes a square of one colour.
pub(crate) fn plain_square(side: u32, [r, g, b]: [u8; 3]) -> Result<Bytes, ImageError> {
    encode(RgbaImage::from_pixel(side, side, Rgba([r, g, b, u8::MAX])), None)
}

/// Gives the largest size with the proportions of `shape` that lies within `frame`.
fn largest_within(shape: (u32, u32), frame: (u32, u32)) -> (u32, u32) {
    let [width, height] = [shape.0, shape.1].map(|side| f64::from(side.max(1)));
    let scale = (f64::from(frame.0) / width).min(f64::from(frame.1) / height);
    let side = |length: f64, most: u32| ((length * scale).round() as u32).clamp(1, most.max(1));
    (side(width, frame.0), side(height, frame.1))
}

fn resized(pixels: RgbaImage, (width, height): (u32, u32)) -> RgbaImage {
    if pixels.dimensions() == (width, height) {
        return pixels;
    }
    DynamicImage::from(pixels).resize_exact(width, height, imageops::FilterType::Lanczos3).into_rgba8()
}

/// Writes premultiplied pixels as a PNG, without an opacity where there is none.
fn encode(mut pixels: RgbaImage, profile: Option<&[u8]>) -> Result<Bytes, ImageError> {
    let is_opaque = pixels.pixels().all(|Rgba([.., a])| *a == u8::MAX);
    if !is_opaque {
        pixels.pixels_mut().for_each(unpremultiply);
    }
    let (width, height) = pixels.dimensions();
    let mut png = Vec::new();
    let mut encoder = PngEncoder::new_with_quality(&mut png, CompressionType::Best, FilterType::Adaptive);
    if let Some(profile) = profile {
        // A profile that cannot be written only shifts the colours a little.
        let _ = encoder.set_icc_profile(profile.to_vec());
    }
    if is_opaque {
        let rgb = DynamicImage::from(pixels).into_rgb8();
        encoder.write_image(&rgb, width, height, ExtendedColorType::Rgb8)?;
    } else {
        encoder.write_image(&pixels, width, height, ExtendedColorType::Rgba8)?;
    }
    Ok(png.into())
}

fn premultiply(Rgba([r, g, b, a]): &mut Rgba<u8>) {
    for part in [r, g, b] {
        *part = ((u16::from(*part) * u16::from(*a) + 127) / 255) as u8;
    }
}

fn unpremultiply(Rgba([r, g, b, a]): &mut Rgba<u8>) {
    for part in [r, g, b] {
        let full = if *a == 0 { 0 } else { (u16::from(*part) * 255 + u16::from(*a) / 2) / u16::from(*a) };
        // Resampling overshoots at sharp edges.
        *part = full.min(255) as u8;
    }
}

/// The memory that decoding one picture may take, in bytes: twice what the largest takes at eight bits a channel.
const MAX_ALLOC: u64 = 128 * 1024 * 1024;
/// The largest colour profile that is carried over, in bytes; those of screens have a few thousand.
const MAX_PROFILE: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proportions_are_kept() {
        assert_eq!(largest_within((160, 50), (38, 38)), (38, 12));
        assert_eq!(largest_within((100, 100), (160, 50)), (50, 50));
        assert_eq!(largest_within((4096, 1), (38, 38)), (38, 1));
        assert_eq!(largest_within((38, 38), (1, 4096)), (1, 1));
    }

    #[test]
    fn opacity_survives_the_way_there_and_back() {
        for pixel in [[200, 100, 50, 255], [0, 0, 0, 0], [255, 255, 255, 128]] {
            let mut changed = Rgba(pixel);
            premultiply(&mut changed);
            unpremultiply(&mut changed);
            assert_eq!(changed, Rgba(pixel));
        }
    }

    #[test]
    fn transparent_colour_does_not_bleed() {
        // Red where it can be seen, green where it cannot.
        let mut pixels =
            RgbaImage::from_fn(64, 64, |x, _| Rgba(if x < 33 { [255, 0, 0, 255] } else { [0, 255, 0, 0] }));
        let mut png = Vec::new();
        DynamicImage::from(pixels).write_to(&mut Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
        let small = Picture::decode(&png.into()).unwrap().fitted(Fit::Cover(16, 16)).unwrap();
        pixels = image::load_from_memory(&small).unwrap().into_rgba8();
        assert!(pixels.pixels().all(|Rgba([_, green, _, alpha])| *alpha == 0 || *green < 8));
    }
}
