//! Text and its translations.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Text for people: a default, and translations by language.
///
/// The default is in the language of its pass ([`Pass::language`](crate::Pass::language)) and is shown where no translation
/// fits. Apple gets translations as `xx.lproj/pass.strings`, Google as `translatedValues`.
///
/// In JSON it is a string, or an object with `default` and one key per language:
///
/// ```
/// # use walletpass_core::Text;
/// let text: Text = serde_json::from_str(r#"{ "default": "Points", "de": "Punkte" }"#)?;
/// assert_eq!(text, Text::new("Points").translated("de".parse()?, "Punkte"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Text {
    /// The text in the language of the pass.
    pub default: String,
    /// The same text in other languages.
    pub translations: BTreeMap<Locale, String>,
}

impl Text {
    /// Takes a text without translations.
    pub fn new(text: impl Into<String>) -> Self {
        Self { default: text.into(), translations: BTreeMap::new() }
    }

    /// Adds a translation, in place of the one for the same language.
    pub fn translated(mut self, locale: Locale, text: impl Into<String>) -> Self {
        self.translations.insert(locale, text.into());
        self
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.translations.is_empty() {
            return serializer.serialize_str(&self.default);
        }
        let entries = self.translations.iter().map(|(locale, text)| (locale.as_str(), text));
        serializer.collect_map(std::iter::once(("default", &self.default)).chain(entries))
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string, or an object with `default` and a key per language")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Text, E> {
                Ok(Text::new(text))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
                let mut text = Text::default();
                let mut has_default = false;
                while let Some(key) = map.next_key::<String>()? {
                    let value = map.next_value::<String>()?;
                    if key == "default" {
                        has_default = true;
                        text.default = value;
                    } else {
                        text.translations.insert(key.parse().map_err(A::Error::custom)?, value);
                    }
                }
                if has_default { Ok(text) } else { Err(A::Error::missing_field("default")) }
            }
        }

        deserializer.deserialize_any(TextVisitor)
    }
}

impl JsonSchema for Text {
    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A text, or an object with `default` and a translation per language tag (`de`, `pt-BR`, `zh-Hans`).",
            "oneOf": [
                { "type": "string" },
                {
                    "type": "object",
                    "required": ["default"],
                    "additionalProperties": { "type": "string" },
                },
            ],
        })
    }
}

/// A language tag in canonical spelling: language, then script or region or both (`de`, `pt-BR`, `zh-Hans`, `zh-Hant-TW`).
///
/// Apple names the folders of a package after it (`pt-BR.lproj`), letter case and hyphen included.
/// BCP 47, RFC 5646 section 2.1; <https://developer.apple.com/documentation/walletpasses/creating-the-source-for-a-pass>
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Locale(String);

impl Locale {
    /// Gives the tag as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Gives the language of a regional tag, `pt` of `pt-BR`; `None` where the tag is only that.
    pub(crate) fn base(&self) -> Option<Self> {
        self.0.split_once('-').map(|(base, _)| Self(base.to_owned()))
    }

    /// English, the language of a pass that names none.
    pub fn english() -> Self {
        Self("en".to_owned())
    }
}

/// Says that a language tag is none, or is spelt in another way.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LocaleError {
    /// The tag has another shape.
    #[error("{0:?} is not a language tag: write `de`, `pt-BR` or `zh-Hans`")]
    Shape(String),
    /// Right but for letter case or underscore.
    #[error("{given:?} is not spelt as a phone expects it: write `{canonical}`")]
    Spelling {
        /// The tag as given.
        given: String,
        /// The tag as it should be.
        canonical: String,
    },
}

impl FromStr for Locale {
    type Err = LocaleError;

    fn from_str(text: &str) -> Result<Self, LocaleError> {
        let canonical = canonical(text).ok_or_else(|| LocaleError::Shape(text.chars().take(40).collect()))?;
        if canonical == text {
            return Ok(Self(canonical));
        }
        Err(LocaleError::Spelling { given: text.to_owned(), canonical })
    }
}

impl TryFrom<String> for Locale {
    type Error = LocaleError;

    fn try_from(text: String) -> Result<Self, LocaleError> {
        text.parse()
    }
}

impl From<Locale> for String {
    fn from(locale: Locale) -> Self {
        locale.0
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl JsonSchema for Locale {
    fn schema_name() -> Cow<'static, str> {
        "Locale".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$" })
    }
}

/// Spells a tag canonically, or `None` when it has another shape than language[-Script][-REGION].
fn canonical(text: &str) -> Option<String> {
    if text.len() > 12 || !text.is_ascii() {
        return None;
    }
    let mut parts = text.split(['-', '_']);
    let language = parts.next().filter(|p| (2..=3).contains(&p.len()) && is_alphabetic(p))?;
    let mut tag = language.to_ascii_lowercase();
    let mut part = parts.next();
    if let Some(script) = part.filter(|p| p.len() == 4 && is_alphabetic(p)) {
        let (first, rest) = script.split_at(1);
        tag.push('-');
        tag.push_str(&first.to_ascii_uppercase());
        tag.push_str(&rest.to_ascii_lowercase());
        part = parts.next();
    }
    if let Some(region) = part {
        let is_country = region.len() == 2 && is_alphabetic(region);
        let is_area = region.len() == 3 && region.bytes().all(|b| b.is_ascii_digit());
        if !is_country && !is_area {
            return None;
        }
        tag.push('-');
        tag.push_str(&region.to_ascii_uppercase());
    }
    parts.next().is_none().then_some(tag)
}

fn is_alphabetic(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphabetic())
}

/// A character without width, by which Apple's tables tell apart texts that look alike.
pub(crate) const WORD_JOINER: char = '\u{2060}';

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_tags_are_taken_and_others_corrected() {
        for good in ["de", "pt-BR", "zh-Hans", "zh-Hant-TW", "es-419", "yue"] {
            assert_eq!(good.parse::<Locale>().unwrap().as_str(), good);
        }
        for (given, canonical) in [("en_US", "en-US"), ("EN", "en"), ("zh-hans", "zh-Hans")] {
            let error = given.parse::<Locale>().unwrap_err();
            assert_eq!(error, LocaleError::Spelling { given: given.into(), canonical: canonical.into() });
        }
        for bad in ["", "e", "english", "de-", "de-DEU", "de-DE-x-y", "日本"] {
            assert!(matches!(bad.parse::<Locale>(), Err(LocaleError::Shape(_))), "{bad}");
        }
    }

    #[test]
    fn a_text_needs_its_default() {
        let error = serde_json::from_str::<Text>(r#"{ "de": "Punkte" }"#).unwrap_err();
        assert!(error.to_string().contains("missing field `default`"), "{error}");
    }
}
