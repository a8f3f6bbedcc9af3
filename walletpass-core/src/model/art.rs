//! The pictures of a pass.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use url::Url;

use crate::model::json::{map_by_name, map_by_name_schema};
use crate::model::text::Text;

/// The pictures of a pass, one per [`Slot`].
///
/// Nothing is mandatory: an absent icon is made from the logo or, failing that, a plain dark square.
///
/// ```
/// # use walletpass_core::{Art, Picture, Slot};
/// let art = Art::default().with(Slot::Strip, Picture::file("strip.png"));
/// assert!(art.get(Slot::Strip).is_some());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Art(
    #[serde(deserialize_with = "map_by_name")]
    #[schemars(schema_with = "map_by_name_schema::<Slot, Picture>")]
    BTreeMap<Slot, Picture>,
);

impl Art {
    /// Puts a picture into a slot, in place of the one there.
    pub fn with(mut self, slot: Slot, picture: Picture) -> Self {
        self.0.insert(slot, picture);
        self
    }

    /// Gives the picture of a slot.
    pub fn get(&self, slot: Slot) -> Option<&Picture> {
        self.0.get(&slot)
    }

    /// Walks the slots that hold a picture, in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = (Slot, &Picture)> {
        self.0.iter().map(|(slot, picture)| (*slot, picture))
    }

    /// Walks the pictures to change them, as [`Pass::pictures_mut`](crate::Pass::pictures_mut) does.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (Slot, &mut Picture)> {
        self.0.iter_mut().map(|(slot, picture)| (*slot, picture))
    }

    /// Says whether no slot holds a picture.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Where a picture goes.
///
/// The names are Apple's; `hero` is Google's wide banner. Which kinds draw which slot stands in Apple's Human Interface
/// Guidelines, page "Wallet"; the report of a projection says where each picture landed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Slot {
    /// Poster art: event tickets from iOS 26, generic passes from iOS 27. 358 x 448 points.
    Artwork,
    /// The blurred ground of an event ticket. 343 x 503 points.
    Background,
    /// The band above the barcode of a boarding pass. Up to 286 x 15 points.
    Footer,
    /// Google's banner across the card, 1032 x 336 pixels. Absent, the strip is used.
    Hero,
    /// Lock screen, mail, notifications; Google's round logo. 38 x 38 points.
    Icon,
    /// The wide logo at the top left. Up to 160 x 50 points.
    Logo,
    /// The logo of the personalization form. 150 x 40 points.
    PersonalizationLogo,
    /// The logo of poster tickets and semantic boarding passes. Up to 126 x 30 points.
    PrimaryLogo,
    /// The second logo of poster tickets. Up to 135 x 12 points.
    SecondaryLogo,
    /// The banner behind the primary fields of coupons, cards and event tickets. 375 x 144 points.
    Strip,
    /// The small picture beside the fields of event tickets and generic passes. Within 90 x 90 points.
    Thumbnail,
    /// The map of the venue in the guide of a poster ticket.
    VenueMap,
}

impl Slot {
    /// Gives the name that the slot has in the JSON form and, `hero` apart, as a file in a package.
    pub fn name(self) -> &'static str {
        match self {
            Self::Artwork => "artwork",
            Self::Background => "background",
            Self::Footer => "footer",
            Self::Hero => "hero",
            Self::Icon => "icon",
            Self::Logo => "logo",
            Self::PersonalizationLogo => "personalizationLogo",
            Self::PrimaryLogo => "primaryLogo",
            Self::SecondaryLogo => "secondaryLogo",
            Self::Strip => "strip",
            Self::Thumbnail => "thumbnail",
            Self::VenueMap => "venueMap",
        }
    }
}

/// One picture: the source of its pixels, and where Google finds it.
///
/// Apple passes carry the bytes of a PNG, Google passes the public address of one. A picture given by address alone reaches
/// Google; one given by bytes alone reaches Apple; [`hosted_at`](Picture::hosted_at) serves both.
///
/// In JSON a picture is a string (a file name, a `data:image/png;base64,…` URI or an `https://…` address), or an object that
/// says more:
///
/// ```
/// # use walletpass_core::Picture;
/// let picture: Picture = serde_json::from_str(
///     r#"{ "source": "logo.png", "url": "https://img.example/logo.png", "description": "A coffee bean" }"#,
/// )?;
/// assert_eq!(picture.public_url().map(|url| url.as_str()), Some("https://img.example/logo.png"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Picture {
    /// The pixels, from which every scale that is not given is made.
    pub source: Source,
    /// Its pixels at one, two and three times the size in points, where a designer drew them.
    pub scales: Scales,
    /// The public address where Google fetches it. Absent, a source given by address is used.
    pub url: Option<Url>,
    /// What it shows, for those who hear it.
    pub description: Option<Text>,
}

/// The pixels of a picture at fixed scales; what is absent is made from [`Picture::source`].
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Scales {
    /// One pixel per point.
    pub x1: Option<Source>,
    /// Two pixels per point.
    pub x2: Option<Source>,
    /// Three pixels per point.
    pub x3: Option<Source>,
}

impl Picture {
    /// Takes a picture from any source.
    pub fn new(source: Source) -> Self {
        Self { source, scales: Scales::default(), url: None, description: None }
    }

    /// Takes the bytes of a PNG.
    ///
    /// # Errors
    ///
    /// [`ArtError`] when they are no PNG, or larger than [`Source::MAX_BYTES`] or [`Source::MAX_SIDE`].
    pub fn png(bytes: impl Into<Bytes>) -> Result<Self, ArtError> {
        Source::png(bytes).map(Self::new)
    }

    /// Names a PNG file, to be read when [`Pass::load_pictures`](crate::Pass::load_pictures) is called.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::new(Source::File(path.into()))
    }

    /// Says where the picture is on the public web, so that Google can fetch it.
    pub fn hosted_at(mut self, url: Url) -> Self {
        self.url = Some(url);
        self
    }

    /// Gives the pixels at fixed scales.
    pub fn scales(mut self, scales: Scales) -> Self {
        self.scales = scales;
        self
    }

    /// Says what the picture shows.
    pub fn described(mut self, description: impl Into<Text>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Gives the address where Google can fetch the picture, if there is one.
    pub fn public_url(&self) -> Option<&Url> {
        match (&self.url, &self.source) {
            (Some(url), _) | (None, Source::Url(url)) => Some(url),
            _ => None,
        }
    }

    /// Walks the sources of the picture, for a loader that turns files into bytes.
    pub fn sources_mut(&mut self) -> impl Iterator<Item = &mut Source> {
        let Scales { x1, x2, x3 } = &mut self.scales;
        [Some(&mut self.source), x1.as_mut(), x2.as_mut(), x3.as_mut()].into_iter().flatten()
    }
}

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

    fn parse(text: &str) -> Result<Self, ArtError> {
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
        Ok(Self::File(PathBuf::from(text)))
    }

    fn to_text(&self) -> Cow<'_, str> {
        match self {
            Self::File(path) => path.to_string_lossy(),
            Self::Png(bytes) => Cow::Owned(format!("data:image/png;base64,{}", STANDARD.encode(bytes))),
            Self::Url(url) => Cow::Borrowed(url.as_str()),
        }
    }

    /// Gives the path of a source that is a file.
    pub fn as_file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            _ => None,
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

impl Serialize for Picture {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { source, scales: Scales { x1, x2, x3 }, url, description } = self;
        let text = |source: &Source| source.to_text().into_owned();
        PictureJson::Detailed(Box::new(Detailed {
            source: text(source),
            x1: x1.as_ref().map(text),
            x2: x2.as_ref().map(text),
            x3: x3.as_ref().map(text),
            url: url.clone(),
            description: description.clone(),
        }))
        .simplified()
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Picture {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Picture;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a file name, a PNG data URI, an https address, or an object with `source`")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Picture, E> {
                Source::parse(text).map(Picture::new).map_err(E::custom)
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Picture, A::Error> {
                let detailed = Detailed::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
                let parse = |text: String| Source::parse(&text).map_err(serde::de::Error::custom);
                Ok(Picture {
                    source: parse(detailed.source)?,
                    scales: Scales {
                        x1: detailed.x1.map(parse).transpose()?,
                        x2: detailed.x2.map(parse).transpose()?,
                        x3: detailed.x3.map(parse).transpose()?,
                    },
                    url: detailed.url,
                    description: detailed.description,
                })
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

impl JsonSchema for Picture {
    fn schema_name() -> Cow<'static, str> {
        "Picture".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let detailed = generator.subschema_for::<Detailed>();
        json_schema!({
            "description": "A picture: a file name, a `data:image/png;base64,` URI or an https address; or an object that says more.",
            "oneOf": [{ "type": "string" }, detailed],
        })
    }
}

/// The JSON form of a picture, short where nothing more is to be said.
#[derive(Serialize)]
#[serde(untagged)]
enum PictureJson {
    Short(String),
    Detailed(Box<Detailed>),
}

impl PictureJson {
    fn simplified(self) -> Self {
        match self {
            Self::Detailed(detailed) if detailed.is_only_a_source() => Self::Short(detailed.source),
            other => other,
        }
    }
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "DetailedPicture")]
struct Detailed {
    /// File name, PNG data URI or https address; every scale that is not given is made from it.
    source: String,
    /// The picture at one pixel per point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    x1: Option<String>,
    /// The picture at two pixels per point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    x2: Option<String>,
    /// The picture at three pixels per point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    x3: Option<String>,
    /// Public https address where Google fetches it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<Url>,
    /// What the picture shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<Text>,
}

impl Detailed {
    fn is_only_a_source(&self) -> bool {
        let Self { source: _, x1, x2, x3, url, description } = self;
        x1.is_none() && x2.is_none() && x3.is_none() && url.is_none() && description.is_none()
    }
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
        let error = Picture::png(vec![0xff, 0xd8, 0xff, 0xe0, 0, 0]).unwrap_err();
        assert_eq!(error, ArtError::NotPng { found: "a JPEG" });
        assert!(error.to_string().contains("convert it"));
    }

    #[test]
    fn a_huge_picture_is_refused_by_its_header() {
        let error = Picture::png(header(20_000, 20_000)).unwrap_err();
        assert_eq!(error, ArtError::TooLarge { width: 20_000, height: 20_000 });
        assert!(Picture::png(header(4096, 1)).is_ok());
        assert!(Picture::png(header(0, 1)).is_err());
    }

    #[test]
    fn json_is_a_string_where_a_string_says_it_all() {
        for json in [r#""logo.png""#, r#""https://img.example/l.png""#] {
            let picture: Picture = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&picture).unwrap(), json);
        }
        let bytes = Picture::png(header(3, 2)).unwrap();
        let round: Picture = serde_json::from_str(&serde_json::to_string(&bytes).unwrap()).unwrap();
        assert_eq!(round, bytes);
    }

    #[test]
    fn debug_does_not_print_pixels() {
        assert_eq!(format!("{:?}", Source::png(header(1, 1)).unwrap()), "Png(29 bytes)");
    }
}
