//! One picture.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use bytes::Bytes;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use url::Url;

use crate::model::source::{ArtError, Source};
use crate::model::text::{Locale, Text};

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
    /// The id of a private image, which Google gives when one is uploaded for one pass: a photo of the holder, say. Google shows
    /// it in the details alone, as thumbnail or background, and in place of the one at the address.
    pub private_image_id: Option<String>,
    /// What it shows, for those who hear it.
    pub description: Option<Text>,
    /// Its pixels in other languages than that of the pass, or in that too where the source is for none; Apple only. An icon has
    /// none.
    pub localized: BTreeMap<Locale, Source>,
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
        Self {
            source,
            scales: Scales::default(),
            url: None,
            private_image_id: None,
            description: None,
            localized: BTreeMap::new(),
        }
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

    /// Says under which id Google keeps the picture as a private image.
    pub fn private_image(mut self, id: impl Into<String>) -> Self {
        self.private_image_id = Some(id.into());
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

    /// Gives the pixels in another language than that of the pass.
    ///
    /// ```
    /// # use walletpass_core::{Picture, Source};
    /// let band = Picture::file("band.png").localized("de".parse()?, Source::File("band-de.png".into()));
    /// # Ok::<(), walletpass_core::LocaleError>(())
    /// ```
    pub fn localized(mut self, locale: Locale, source: Source) -> Self {
        self.localized.insert(locale, source);
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
        let own = [Some(&mut self.source), x1.as_mut(), x2.as_mut(), x3.as_mut()].into_iter().flatten();
        own.chain(self.localized.values_mut())
    }
}

impl Serialize for Picture {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { source, scales: Scales { x1, x2, x3 }, url, private_image_id, description, localized } = self;
        let text = |source: &Source| source.to_text().into_owned();
        PictureJson::Detailed(Box::new(Detailed {
            source: text(source),
            x1: x1.as_ref().map(text),
            x2: x2.as_ref().map(text),
            x3: x3.as_ref().map(text),
            url: url.clone(),
            private_image_id: private_image_id.clone(),
            description: description.clone(),
            localized: localized.iter().map(|(locale, source)| (locale.clone(), text(source))).collect(),
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
                let localized = detailed.localized.into_iter().map(|(locale, text)| Ok((locale, parse(text)?)));
                Ok(Picture {
                    source: parse(detailed.source)?,
                    scales: Scales {
                        x1: detailed.x1.map(parse).transpose()?,
                        x2: detailed.x2.map(parse).transpose()?,
                        x3: detailed.x3.map(parse).transpose()?,
                    },
                    url: detailed.url,
                    private_image_id: detailed.private_image_id,
                    description: detailed.description,
                    localized: localized.collect::<Result<_, A::Error>>()?,
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
    /// The id under which Google keeps it as a private image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    private_image_id: Option<String>,
    /// What the picture shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<Text>,
    /// File name, PNG data URI or https address by language tag.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    localized: BTreeMap<Locale, String>,
}

impl Detailed {
    fn is_only_a_source(&self) -> bool {
        let Self { source: _, x1, x2, x3, url, private_image_id, description, localized } = self;
        let is_drawn = x1.is_some() || x2.is_some() || x3.is_some();
        !is_drawn && url.is_none() && private_image_id.is_none() && description.is_none() && localized.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_stay_in_their_folder() {
        assert!(serde_json::from_str::<Picture>(r#""art/./logo.png""#).is_ok());
        for path in ["/etc/logo.png", "../logo.png", "art/../../logo.png", r"C:\\logo.png"] {
            let error = serde_json::from_str::<Picture>(&format!("\"{path}\"")).unwrap_err();
            assert!(error.to_string().contains("relative to the folder"), "{path}: {error}");
        }
    }

    #[test]
    fn json_is_a_string_where_a_string_says_it_all() {
        for json in [r#""logo.png""#, r#""https://img.example/l.png""#] {
            let picture: Picture = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&picture).unwrap(), json);
        }
        let bytes = Picture::png(&b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x03\0\0\0\x02"[..]).unwrap();
        let round: Picture = serde_json::from_str(&serde_json::to_string(&bytes).unwrap()).unwrap();
        assert_eq!(round, bytes);
    }
}
