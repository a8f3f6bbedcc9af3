//! Pictures: the sizes they get, and what is wrong with some.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod support;

use std::collections::BTreeMap;

use bytes::Bytes;
use image::{DynamicImage, Rgba, RgbaImage};
use support::{encode, picture, png};
use walletpass_apple::{Artwork, Error};
use walletpass_core::{Art, Picture, Scales, Slot, Source};

#[test]
fn one_large_picture_fills_every_slot_at_three_scales() {
    for (slot, width, height) in [
        (Slot::Icon, 38, 38),
        (Slot::Strip, 375, 144),
        (Slot::Background, 343, 503),
        (Slot::Artwork, 358, 448),
        (Slot::Logo, 160, 50),
        (Slot::Thumbnail, 90, 90),
        (Slot::Footer, 286, 15),
        (Slot::PrimaryLogo, 126, 30),
        (Slot::SecondaryLogo, 135, 12),
        (Slot::PersonalizationLogo, 150, 40),
    ] {
        // A little more than the largest scale, in the proportions of the slot.
        let plain = Picture::png(encode(DynamicImage::new_rgb8(width * 4, height * 4))).unwrap();
        let sizes = sizes(&Art::default().with(slot, plain));
        for scale in 1..=3 {
            let name =
                if scale == 1 { format!("{}.png", slot.name()) } else { format!("{}@{scale}x.png", slot.name()) };
            assert_eq!(sizes[&name], (width * scale, height * scale), "{name}");
        }
    }
}

#[test]
fn slots_that_fill_are_cropped_and_slots_that_hold_are_not() {
    let sizes = sizes(&Art::default().with(Slot::Strip, picture(1200, 1200)).with(Slot::Logo, picture(600, 600)));
    assert_eq!(sizes["strip@3x.png"], (1125, 432));
    assert_eq!(sizes["logo.png"], (50, 50));
    assert_eq!(sizes["logo@3x.png"], (150, 150));
}

#[test]
fn a_picture_that_loses_more_than_a_third_is_told() {
    let found = |width, height| {
        let artwork = Artwork::prepare(&Art::default().with(Slot::Strip, picture(width, height))).unwrap();
        artwork.findings().iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        found(1200, 1200),
        [
            "warning [apple-picture-cropped] art.strip: the picture has 1200 x 1200 pixels, and 62 % of it are cut off to fill \
             375 x 144 points; draw it in the proportions of its slot"
        ]
    );
    assert_eq!(found(1200, 600), [""; 0]);
}

#[test]
fn a_picture_with_too_few_pixels_is_told() {
    let found = |width, height| {
        let artwork = Artwork::prepare(&Art::default().with(Slot::Strip, picture(width, height))).unwrap();
        artwork.findings().iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        found(375, 144),
        [
            "warning [apple-picture-small] art.strip: the picture has 375 x 144 pixels, and phones draw two or three to each \
             point; give it 1125 x 432 pixels or more"
        ]
    );
    assert_eq!(found(750, 288), [""; 0]);
}

#[test]
fn cropping_keeps_the_middle() {
    let pixels = RgbaImage::from_fn(300, 100, |x, _| if (100..200).contains(&x) { RED } else { BLUE });
    let art = Art::default().with(Slot::Strip, Picture::png(encode(pixels)).unwrap());
    let strip = decode(&files(&art)["strip.png"]);
    assert_eq!(strip.dimensions(), (260, 100));
    assert_eq!(strip.get_pixel(130, 50), &RED);
    assert_eq!((strip.get_pixel(0, 50), strip.get_pixel(259, 50)), (&BLUE, &BLUE));
}

#[test]
fn nothing_is_enlarged() {
    for (width, height, names) in [
        (320, 100, vec!["logo.png", "logo@2x.png"]),
        (319, 99, vec!["logo.png"]),
        (20, 10, vec!["logo.png"]),
        (480, 20, vec!["logo.png", "logo@2x.png", "logo@3x.png"]),
    ] {
        let sizes = sizes(&Art::default().with(Slot::Logo, picture(width, height)));
        let logos = || sizes.iter().filter(|(name, _)| name.starts_with("logo"));
        assert_eq!(logos().map(|(name, _)| name).collect::<Vec<_>>(), names, "{width} x {height}");
        assert!(logos().all(|(_, (w, h))| *w <= width && *h <= height), "{sizes:?}");
    }
    let small = sizes(&Art::default().with(Slot::Icon, picture(20, 24)).with(Slot::Strip, picture(200, 400)));
    assert_eq!(small["icon.png"], (20, 20));
    assert_eq!(small["strip.png"], (200, 77));
    assert_eq!(small.len(), 2);
}

#[test]
fn a_picture_of_the_right_size_stays_as_it_is() {
    let png = Bytes::from(png(76, 76));
    let art = Art::default().with(Slot::Icon, Picture::png(png.clone()).unwrap());
    assert_eq!(files(&art)["icon@2x.png"], png);
    let map = Bytes::from(support::png(824, 660));
    let files = files(&Art::default().with(Slot::VenueMap, Picture::png(map.clone()).unwrap()));
    assert_eq!(files["venueMap.png"], map);
    assert!(!files.contains_key("venueMap@2x.png"));
}

#[test]
fn pictures_at_given_scales_are_taken_as_they_are() {
    let (small, drawn) = (Bytes::from(png(10, 10)), Bytes::from(png(33, 77)));
    let mut scales = Scales::default();
    scales.x1 = Some(Source::png(small.clone()).unwrap());
    scales.x3 = Some(Source::png(drawn.clone()).unwrap());
    let art = |picture: Picture| Art::default().with(Slot::Icon, picture.scales(scales.clone()));
    let made = files(&art(picture(200, 200)));
    assert_eq!((&made["icon.png"], &made["icon@3x.png"]), (&small, &drawn));
    assert_eq!(decode(&made["icon@2x.png"]).dimensions(), (76, 76));
    // The address serves Google, the drawn pictures Apple.
    let hosted = Picture::new(Source::Url("https://img.example/icon.png".parse().unwrap()));
    assert_eq!(files(&art(hosted)).into_keys().collect::<Vec<_>>(), ["icon.png", "icon@3x.png"]);
}

#[test]
fn a_package_always_has_an_icon() {
    let plain = files(&Art::default());
    for (name, side) in [("icon.png", 38), ("icon@2x.png", 76), ("icon@3x.png", 114)] {
        let icon = decode(&plain[name]);
        assert_eq!(icon.dimensions(), (side, side));
        assert!(icon.pixels().all(|pixel| *pixel == Rgba([0x1c, 0x1c, 0x1e, 255])));
    }
    let logo = files(&Art::default().with(Slot::Logo, picture(480, 150)));
    assert_eq!(decode(&logo["icon@3x.png"]).dimensions(), (114, 114));
    assert!(!files(&Art::default().with(Slot::Hero, picture(1032, 336))).contains_key("hero.png"));
}

#[test]
fn a_wide_logo_lies_whole_on_its_icon() {
    let opaque = RgbaImage::from_fn(400, 100, |x, y| if x.min(399 - x).min(y).min(99 - y) < 20 { BLUE } else { RED });
    let clear = RgbaImage::from_fn(400, 100, |x, _| if x < 200 { RED } else { Rgba([0; 4]) });
    for (pixels, margin) in [(opaque, BLUE), (clear, Rgba([0; 4]))] {
        let art = Art::default().with(Slot::Logo, Picture::png(encode(pixels)).unwrap());
        let icon = decode(&files(&art)["icon@2x.png"]);
        assert_eq!(icon.dimensions(), (76, 76));
        assert_eq!(icon.get_pixel(38, 2), &margin);
        assert_eq!(icon.get_pixel(38, 73), &margin);
        assert_eq!(icon.get_pixel(25, 38), &RED);
    }
}

#[test]
fn a_stand_in_icon_takes_no_scales_of_a_logo() {
    let mut scales = Scales::default();
    scales.x2 = Some(Source::png(png(320, 100)).unwrap());
    let logo = picture(160, 50).scales(scales);
    // As the projection fills the slot.
    let art = Art::default().with(Slot::Logo, logo.clone()).with(Slot::Icon, logo);
    let sizes = sizes(&art);
    assert_eq!(sizes["icon.png"], (38, 38));
    assert_eq!(sizes["icon@3x.png"], (114, 114));
    assert_eq!(sizes["logo@2x.png"], (320, 100));
}

#[test]
fn the_same_pictures_give_the_same_files() {
    let art = Art::default().with(Slot::Strip, picture(1300, 500)).with(Slot::Logo, picture(333, 111));
    assert_eq!(files(&art), files(&art));
}

#[test]
fn pictures_that_cannot_be_used_are_told_by_slot() {
    let whole = png(300, 300);
    let cut_off = Picture::png(whole[..whole.len() / 2].to_vec()).unwrap();
    let mut damaged = whole.clone();
    damaged[whole.len() / 2] ^= 0xff;
    // The bytes of these were never looked at.
    let jpeg = Picture::new(Source::Png(Bytes::from_static(b"\xff\xd8\xff\xe0\0\x10JFIF\0")));
    let mut header = png(1, 1);
    header[16..24].copy_from_slice(&[0, 0, 0x4e, 0x20, 0, 0, 0x4e, 0x20]);
    let huge = Picture::new(Source::Png(header.into()));
    for picture in [cut_off, Picture::png(damaged).unwrap(), jpeg, huge] {
        for slot in [Slot::Icon, Slot::Strip, Slot::VenueMap] {
            let error = Artwork::prepare(&Art::default().with(slot, picture.clone())).unwrap_err();
            assert!(matches!(error, Error::Picture { .. }), "{error}");
            assert!(error.to_string().contains(&format!("slot `{}`", slot.name())), "{error}");
            assert!(std::error::Error::source(&error).is_some());
        }
    }
}

#[test]
fn a_picture_that_grows_is_bounded() {
    // 48 MiB of pixels in some kilobytes: the largest sides that are taken.
    let largest = Picture::png(encode(DynamicImage::new_rgb8(4096, 4096))).unwrap();
    assert_eq!(sizes(&Art::default().with(Slot::Icon, largest))["icon@3x.png"], (114, 114));
    // Twice as much as may be allocated, were it there.
    let mut header = encode(RgbaImage::new(1, 1));
    header[16..24].copy_from_slice(&[0, 0, 0x20, 0, 0, 0, 0x20, 0]);
    Artwork::prepare(&Art::default().with(Slot::Icon, Picture::new(Source::Png(header.into())))).unwrap_err();
}

#[test]
fn pictures_that_were_never_loaded_say_how_to() {
    for (source, name) in [
        (Source::File("art/logo.png".into()), "art/logo.png"),
        (Source::Url("https://img.example/l.png".parse().unwrap()), "https://img.example/l.png"),
    ] {
        let error = Artwork::prepare(&Art::default().with(Slot::Logo, Picture::new(source))).unwrap_err();
        let message = error.to_string();
        assert!(message.contains("load_pictures") && message.contains(name), "{message}");
    }
}

fn files(art: &Art) -> BTreeMap<String, Bytes> {
    let artwork = Artwork::prepare(art).unwrap();
    let files: Vec<(String, Bytes)> = artwork.files().map(|(name, bytes)| (name.to_owned(), bytes.clone())).collect();
    assert!(files.is_sorted(), "{artwork:?}");
    files.into_iter().collect()
}

fn sizes(art: &Art) -> BTreeMap<String, (u32, u32)> {
    files(art).into_iter().map(|(name, bytes)| (name, decode(&bytes).dimensions())).collect()
}

fn decode(png: &[u8]) -> RgbaImage {
    image::load_from_memory(png).unwrap().into_rgba8()
}

const RED: Rgba<u8> = Rgba([255, 0, 0, 255]);
const BLUE: Rgba<u8> = Rgba([0, 0, 255, 255]);
