//! What a pass says, in types.

use std::collections::BTreeMap;
use std::fmt;

use bytes::Bytes;
use chrono::{DateTime, FixedOffset};
use serde_json::{Map, Value};

/// What a pass says on its face and back, as far as it has the form that Wallet reads.
///
/// Texts are as they stand in `pass.json`, before translation. `Debug` of a field or barcode shows no value: it may be a PIN.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// The key of the style: `storeCard`. Of `posterGeneric` and another one, the other.
    pub style: Option<&'static str>,
    /// `serialNumber`.
    pub serial: Option<String>,
    /// `passTypeIdentifier`.
    pub pass_type: Option<String>,
    /// `teamIdentifier`.
    pub team: Option<String>,
    /// `organizationName`.
    pub organization: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `expirationDate`.
    pub expires: Option<DateTime<FixedOffset>>,
    /// `voided`.
    pub is_voided: bool,
    /// The fields of the style, group by group in the order of the groups on the pass.
    pub fields: Vec<Field>,
    /// The barcodes, the preferred one first.
    pub barcodes: Vec<Barcode>,
    /// The languages with a folder: `de`, `zh-Hans`.
    pub languages: Vec<String>,
    /// The pictures by file name.
    pub pictures: Vec<Picture>,
}

/// One field of a pass.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Field {
    /// The group: `headerFields`.
    pub group: &'static str,
    /// Its key.
    pub key: String,
    /// Its label; empty where it has none.
    pub label: String,
    /// Its value as text; a number with its currency behind it.
    pub value: String,
}

/// One barcode of a pass.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Barcode {
    /// The format: `PKBarcodeFormatQR`.
    pub format: String,
    /// What a scanner reads.
    pub message: String,
}

/// One picture of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Picture {
    /// The file: `de.lproj/logo@2x.png`.
    pub name: String,
    /// Width and height in pixels, if it is a PNG.
    pub pixels: Option<(u32, u32)>,
}

impl Summary {
    /// Reads what there is.
    pub(super) fn of(pass: Option<&Map<String, Value>>, files: &BTreeMap<String, Bytes>) -> Self {
        let text = |key: &str| pass?.get(key)?.as_str().map(str::to_owned);
        let style = pass.and_then(|pass| STYLES.into_iter().find(|style| pass.contains_key(*style)));
        let body = style.and_then(|style| pass?.get(style)?.as_object());
        let is_picture = |name: &str| name.rsplit_once('.').is_some_and(|(_, end)| end.eq_ignore_ascii_case("png"));
        Self {
            style,
            serial: text("serialNumber"),
            pass_type: text("passTypeIdentifier"),
            team: text("teamIdentifier"),
            organization: text("organizationName"),
            description: text("description"),
            expires: text("expirationDate").as_deref().and_then(date),
            is_voided: pass.and_then(|pass| pass.get("voided")) == Some(&Value::Bool(true)),
            fields: body.map(fields).unwrap_or_default(),
            barcodes: pass.map(barcodes).unwrap_or_default(),
            languages: languages(files),
            pictures: files
                .iter()
                .filter(|(name, _)| is_picture(name))
                .map(|(name, data)| Picture { name: name.clone(), pixels: pixels(data) })
                .collect(),
        }
    }
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Field");
        shown.field("group", &self.group).field("key", &self.key).field("label", &self.label).finish_non_exhaustive()
    }
}

impl fmt::Debug for Barcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Barcode").field("format", &self.format).finish_non_exhaustive()
    }
}

fn fields(body: &Map<String, Value>) -> Vec<Field> {
    let in_group = |group: &'static str| {
        let fields = body.get(group).and_then(Value::as_array).into_iter().flatten();
        fields.filter_map(Value::as_object).map(move |field| {
            let text = |key: &str| field.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            Field { group, key: text("key"), label: text("label"), value: value(field) }
        })
    };
    GROUPS.into_iter().flat_map(in_group).collect()
}

fn value(field: &Map<String, Value>) -> String {
    match (field.get("value"), field.get("currencyCode").and_then(Value::as_str)) {
        (Some(Value::String(text)), _) => text.clone(),
        (Some(Value::Number(number)), Some(currency)) => format!("{number} {currency}"),
        (Some(Value::Number(number)), None) => number.to_string(),
        _ => String::new(),
    }
}

fn barcodes(pass: &Map<String, Value>) -> Vec<Barcode> {
    let list = pass.get("barcodes").and_then(Value::as_array).into_iter().flatten();
    let read = |barcode: &Value| {
        let text = |key: &str| barcode.get(key)?.as_str().map(str::to_owned);
        Some(Barcode { format: text("format")?, message: text("message")? })
    };
    let mut found: Vec<Barcode> = list.filter_map(read).collect();
    // The single one is for systems before iOS 9, and mostly repeats one of the list.
    let single = pass.get("barcode").and_then(read).filter(|single| !found.contains(single));
    found.extend(single);
    found
}

fn languages(files: &BTreeMap<String, Bytes>) -> Vec<String> {
    let folders = files.keys().filter_map(|name| name.split_once('/'));
    let mut languages: Vec<String> =
        folders.filter_map(|(folder, _)| folder.strip_suffix(".lproj").map(str::to_owned)).collect();
    languages.sort_unstable();
    languages.dedup();
    languages
}

/// Reads a date with or without seconds.
fn date(text: &str) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(text).ok().or_else(|| {
        let offset = text.strip_suffix('Z').map(|rest| format!("{rest}+00:00"));
        DateTime::parse_from_str(offset.as_deref().unwrap_or(text), "%Y-%m-%dT%H:%M%:z").ok()
    })
}

/// Reads width and height where a PNG has them: in its first chunk.
fn pixels(data: &[u8]) -> Option<(u32, u32)> {
    let header = data.strip_prefix(b"\x89PNG\r\n\x1A\n")?;
    let side = |at: usize| Some(u32::from_be_bytes(*header.get(at..)?.first_chunk()?));
    (header.get(4..8)? == b"IHDR").then_some((side(8)?, side(12)?))
}

/// The styles; a poster may stand beside one of the others, which tells more.
const STYLES: [&str; 6] = ["boardingPass", "coupon", "eventTicket", "generic", "storeCard", "posterGeneric"];
const GROUPS: [&str; 7] = [
    "headerFields",
    "primaryFields",
    "secondaryFields",
    "auxiliaryFields",
    "footerFields",
    "additionalInfoFields",
    "backFields",
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_pass_says_is_read() {
        let pass = json!({
            "serialNumber": "4711", "voided": true, "expirationDate": "2027-03-05T06:30Z",
            "barcodes": [{ "format": "PKBarcodeFormatQR", "message": "1234" }, { "format": 1 }],
            "barcode": { "format": "PKBarcodeFormatQR", "message": "1234" },
            "posterGeneric": {},
            "storeCard": {
                "backFields": [{ "key": "pin", "value": "0815" }],
                "headerFields": [{ "key": "balance", "label": "Balance", "value": 12.5, "currencyCode": "EUR" }, 7]
            }
        });
        let files = ["de.lproj/pass.strings", "de.lproj/logo.PNG", "icon.png"].map(|name| {
            let png = b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\0\x26\0\0\0\x13".as_slice();
            (name.to_owned(), if name == "icon.png" { png.into() } else { Bytes::new() })
        });
        let summary = Summary::of(pass.as_object(), &files.into());
        assert_eq!(summary.style, Some("storeCard"));
        assert!(summary.is_voided);
        assert_eq!(summary.expires.unwrap().to_rfc3339(), "2027-03-05T06:30:00+00:00");
        let fields: Vec<_> = summary.fields.iter().map(|field| (field.group, field.value.as_str())).collect();
        assert_eq!(fields, [("headerFields", "12.5 EUR"), ("backFields", "0815")]);
        assert_eq!(summary.barcodes.len(), 1);
        assert_eq!(summary.languages, ["de"]);
        let pictures: Vec<_> = summary.pictures.iter().map(|picture| (picture.name.as_str(), picture.pixels)).collect();
        assert_eq!(pictures, [("de.lproj/logo.PNG", None), ("icon.png", Some((38, 19)))]);
        let debug = format!("{summary:?}");
        assert!(!debug.contains("0815") && !debug.contains("1234") && debug.contains("Balance"), "{debug}");
    }

    #[test]
    fn nothing_is_read_of_nothing() {
        assert_eq!(Summary::of(None, &BTreeMap::new()), Summary::default());
        assert_eq!(date("2027-03-05"), None);
        assert_eq!(date("2027-03-05T06:30+01:00").unwrap().to_rfc3339(), "2027-03-05T06:30:00+01:00");
    }
}
