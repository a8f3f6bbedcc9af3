//! What the tests have in common: one certificate authority, a pass, pictures, and readers that are not ours.
#![allow(dead_code, unreachable_pub, reason = "each test file is a crate of its own and uses its part")]

pub mod chain;
pub mod foreign;
pub mod inspected;
pub mod shapes;

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};
use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use openssl::cms::{CMSOptions, CmsContentInfo};
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::verify::X509VerifyParam;
use openssl::x509::{X509, X509PurposeId};
use walletpass_apple::{Artwork, Identity, Package, Pkpass};
use walletpass_core::{Generic, Pass, Picture, Text};
use walletpass_testkit::Authority;

pub const PASS_TYPE: &str = "pass.com.acme.library";
pub const TEAM: &str = "A1B2C3D4E5";

/// One authority for all the tests of a file: its two RSA keys take the time.
pub fn authority() -> &'static Authority {
    static AUTHORITY: OnceLock<Authority> = OnceLock::new();
    AUTHORITY.get_or_init(Authority::new)
}

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub fn noon() -> DateTime<Utc> {
    at("2026-05-04T12:00:00Z")
}

pub fn identity() -> Identity {
    authority().identity(PASS_TYPE, TEAM).with_clock(Arc::new(noon()))
}

/// A reader's card, translated, so that the package has a `pass.strings`.
pub fn pass() -> Pass {
    let title = Text::new("Reader's card").translated("de".parse().unwrap(), "Leseausweis \"L\"");
    Pass::new("reader-4711".parse().unwrap(), "Town Library", Generic::new(title))
}

/// A package without pictures of its own.
pub fn package(identity: &Identity) -> Package {
    Package::with_artwork(&pass(), identity, plain_artwork()).unwrap()
}

pub fn plain_artwork() -> &'static Artwork {
    static ARTWORK: OnceLock<Artwork> = OnceLock::new();
    ARTWORK.get_or_init(|| Artwork::prepare(&walletpass_core::Art::default()).unwrap())
}

/// A picture with something to see in it.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let pixel = |x: u32, y: u32| Rgba([(x * 255 / width) as u8, (y * 255 / height) as u8, 90, 255]);
    encode(RgbaImage::from_fn(width, height, pixel))
}

pub fn encode(pixels: impl Into<DynamicImage>) -> Vec<u8> {
    let mut png = Vec::new();
    pixels.into().write_to(&mut Cursor::new(&mut png), ImageFormat::Png).unwrap();
    png
}

pub fn picture(width: u32, height: u32) -> Picture {
    Picture::png(png(width, height)).unwrap()
}

/// Opens an archive with the `zip` crate, which checks every CRC.
pub fn unzip(pkpass: &Pkpass) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(pkpass.to_vec())).unwrap();
    let mut files = BTreeMap::new();
    for index in 0..archive.len() {
        let mut member = archive.by_index(index).unwrap();
        let name = member.name().unwrap().into_owned();
        let mut data = Vec::new();
        member.read_to_end(&mut data).unwrap();
        assert!(files.insert(name, data).is_none(), "a name twice");
    }
    files
}

/// Has OpenSSL verify a detached signature up to the root, at an instant.
pub fn verify(signature: &[u8], content: &[u8], at: DateTime<Utc>) -> Result<(), openssl::error::ErrorStack> {
    let mut store = X509StoreBuilder::new()?;
    store.add_cert(X509::from_pem(authority().root_pem().as_bytes())?)?;
    let mut parameters = X509VerifyParam::new()?;
    parameters.set_time(at.timestamp());
    // The extended key usage is Apple's own and not that of mail.
    parameters.set_purpose(X509PurposeId::ANY)?;
    store.set_param(&parameters)?;
    let options = CMSOptions::BINARY;
    CmsContentInfo::from_der(signature)?.verify(None, Some(&store.build()), Some(content), None, options)
}
