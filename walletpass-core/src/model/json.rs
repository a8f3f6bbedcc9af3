//! The JSON form of a pass: reading it with errors that help, and its schema.

use std::collections::BTreeMap;
use std::io::Read;

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::Error as ValueError;
use serde::de::{DeserializeOwned, Error as _, IntoDeserializer};
use serde::{Deserialize, Deserializer};
use serde_path_to_error::Segment;

use crate::lint;
use crate::model::pass::Pass;

impl Pass {
    /// The largest JSON text that [`from_json`](Pass::from_json) takes, in bytes. Pictures as data URIs make most of it.
    pub const MAX_JSON: usize = 16 * 1024 * 1024;

    /// Reads a pass from its JSON form.
    ///
    /// # Errors
    ///
    /// [`JsonError`] with the path and the nearest known name. A text over [`Pass::MAX_JSON`] is refused unread.
    ///
    /// ```
    /// # use walletpass_core::Pass;
    /// let error = Pass::from_json(
    ///     br#"{ "serial": "1", "organization": "Bean & Co", "kind": { "coupon": { "title": "2 for 1", "detials": "All day" } } }"#,
    /// )
    /// .unwrap_err();
    /// assert_eq!(error.path(), "kind.coupon.detials");
    /// assert!(error.to_string().contains("did you mean `details`?"));
    /// ```
    pub fn from_json(json: &[u8]) -> Result<Self, JsonError> {
        if json.starts_with(b"\xEF\xBB\xBF") {
            let message = "it begins with a byte order mark: save it as UTF-8 without one".to_owned();
            return Err(JsonError { path: String::new(), message, hint: None });
        }
        if json.len() > Self::MAX_JSON {
            let message =
                format!("it has {} bytes, and at most {} are read: give pictures as files", json.len(), Self::MAX_JSON);
            return Err(JsonError { path: String::new(), message, hint: None });
        }
        lint::unique_keys(json).map_err(|error| JsonError::new(String::new(), error))?;
        let mut deserializer = serde_json::Deserializer::from_slice(json);
        let pass = serde_path_to_error::deserialize(&mut deserializer).map_err(JsonError::from_serde)?;
        deserializer.end().map_err(|error| JsonError::new(String::new(), error))?;
        Ok(pass)
    }

    /// Reads a pass from a file, body or other stream of its JSON form, of which no more is read than may be.
    ///
    /// # Errors
    ///
    /// [`JsonError`] as from [`from_json`](Pass::from_json), and for a stream that breaks off.
    pub fn from_reader(reader: impl Read) -> Result<Self, JsonError> {
        let mut json = Vec::new();
        match reader.take(Self::MAX_JSON as u64 + 1).read_to_end(&mut json) {
            Ok(_) => Self::from_json(&json),
            Err(error) => Err(JsonError::new(String::new(), serde_json::Error::io(error))),
        }
    }

    /// Gives the JSON Schema (draft 2020-12) of the JSON form, made from the types.
    pub fn schema() -> Schema {
        let settings = SchemaSettings::draft2020_12().with_transform(RecursiveTransform(describe_in_words));
        settings.into_generator().into_root_schema_for::<Self>()
    }
}

/// Says where a JSON text is not a pass, why, and what was probably meant.
#[derive(Debug, thiserror::Error)]
#[error("{place}{message}{hint}", place = self.place(), hint = self.hint())]
pub struct JsonError {
    path: String,
    message: String,
    hint: Option<String>,
}

impl JsonError {
    /// Gives the path of the value at fault: `kind.event.seat`. Empty for the document itself.
    pub fn path(&self) -> &str {
        &self.path
    }

    fn from_serde(error: serde_path_to_error::Error<serde_json::Error>) -> Self {
        let mut path = String::new();
        for segment in error.path() {
            match segment {
                Segment::Seq { index } => path.push_str(&format!("[{index}]")),
                Segment::Map { key } | Segment::Enum { variant: key } => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.extend(key.chars().take(60));
                }
                Segment::Unknown => {}
            }
        }
        Self::new(path, error.into_inner())
    }

    fn new(path: String, error: serde_json::Error) -> Self {
        let message: String = error.to_string().chars().take(800).collect();
        Self { path, hint: nearest_name(&message), message }
    }

    fn place(&self) -> String {
        if self.path.is_empty() { "the pass: ".to_owned() } else { format!("{}: ", self.path) }
    }

    fn hint(&self) -> String {
        self.hint.as_ref().map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
    }
}

/// Reads a map whose keys are names of an enum.
///
/// The keys are read as text first, since `serde_path_to_error` follows a path through no other.
pub(crate) fn map_by_name<'de, D, K, V>(deserializer: D) -> Result<BTreeMap<K, V>, D::Error>
where
    D: Deserializer<'de>,
    K: DeserializeOwned + Ord,
    V: Deserialize<'de>,
{
    let named = BTreeMap::<String, V>::deserialize(deserializer)?;
    let key =
        |name: String| K::deserialize(name.into_deserializer()).map_err(|error: ValueError| D::Error::custom(error));
    named.into_iter().map(|(name, value)| Ok((key(name)?, value))).collect()
}

/// Describes a map whose keys are names of an enum.
pub(crate) fn map_by_name_schema<K: JsonSchema, V: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    let (names, values) = (generator.subschema_for::<K>(), generator.subschema_for::<V>());
    json_schema!({ "type": "object", "propertyNames": names, "additionalProperties": values })
}

/// Keeps the first paragraph of a description, which comes from the documentation of a Rust item, and unlinks its links.
fn describe_in_words(schema: &mut Schema) {
    let Some(text) = schema.get("description").and_then(|text| text.as_str()) else { return };
    let paragraph = text.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    let mut words = String::new();
    let mut rest = paragraph.as_str();
    while let Some((before, link)) = rest.split_once("[`") {
        let Some((name, after)) = link.split_once("`]") else { break };
        words.push_str(before);
        words.push_str(&format!("`{}`", name.rsplit("::").next().unwrap_or(name)));
        rest = after.strip_prefix('(').and_then(|target| target.split_once(')')).map_or(after, |(_, after)| after);
    }
    words.push_str(rest);
    schema.insert("description".to_owned(), words.into());
}

/// Finds the expected name that is nearest to the unknown one in a message of serde, which puts names in backticks: the
/// unknown one first, the expected ones after it.
fn nearest_name(message: &str) -> Option<String> {
    if !message.starts_with("unknown field") && !message.starts_with("unknown variant") {
        return None;
    }
    let mut names = message.split('`').skip(1).step_by(2);
    let unknown = names.next()?;
    names
        .map(|name| (strsim::damerau_levenshtein(unknown, name), name))
        .min()
        .filter(|(distance, name)| *distance <= name.len().max(3) / 2)
        .map(|(_, name)| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUPON: &str = r#"{ "serial": "1", "organization": "Crumb", "kind": { "coupon": { "title": "2 for 1" } } }"#;

    #[test]
    fn the_json_form_survives_a_round_trip() {
        let pass = Pass::from_json(COUPON.as_bytes()).unwrap();
        let json = serde_json::to_vec(&pass).unwrap();
        assert_eq!(Pass::from_json(&json).unwrap(), pass);
    }

    #[test]
    fn mistakes_are_told_by_path_and_nearest_name() {
        for (from, to, path, message) in [
            ("serial", "serail", "", "did you mean `serial`?"),
            ("coupon", "cupon", "kind", "did you mean `coupon`?"),
            (r#""2 for 1""#, "2", "kind.coupon.title", "expected a string"),
            (r#""2 for 1""#, r#"{ "default": "2", "en_US": "2" }"#, "kind.coupon.title", "write `en-US`"),
            (r#""1""#, r#""a\nb""#, "serial", "without line breaks"),
            ("} } }", r#"} }, "colors": { "background": "blurple" } }"#, "colors.background", "is not a colour"),
            ("} } }", r#"} }, "places": [{ "latitude": 1, "longitude": 999 }] }"#, "places[0]", "longitude from -180"),
            ("} } }", r#"} }, "art": { "icon": "data:image/jpeg;base64,AA==" } }"#, "art.icon", "data:image/png"),
            ("} } }", r#"} }, "art": { "lgoo": "a.png" } }"#, "art", "did you mean `logo`?"),
            ("} } }", r#"} }, "dates": { "expires": "tomorrow" } }"#, "dates.expires", "day, time and offset"),
            ("} } }", "} } } x", "", "trailing characters"),
            ("} } }", r#"} }, "art": { "icon": "a.png", "icon": "b.png" } }"#, "", "the key \"icon\""),
            (r#""2 for 1""#, r#"{ "default": "a", "default": "b" }"#, "", "the key \"default\""),
            ("} } }", r#"} }, "art": { "icon": "../a.png" } }"#, "art.icon", "relative to the folder"),
        ] {
            let error = Pass::from_json(COUPON.replacen(from, to, 1).as_bytes()).unwrap_err();
            assert!(error.to_string().contains(message), "{to}: {error}");
            assert!(error.path().starts_with(path), "{to}: {} is not {path}", error.path());
        }
    }

    #[test]
    fn a_text_of_100_megabytes_is_refused_unread() {
        let error = Pass::from_json(&vec![b' '; 100 * 1024 * 1024]).unwrap_err();
        assert!(error.to_string().contains("at most"), "{error}");
        let endless = std::io::repeat(b' ');
        assert!(Pass::from_reader(endless).unwrap_err().to_string().contains("at most"));
        assert!(Pass::from_reader(COUPON.as_bytes()).is_ok());
    }
}
