//! The field table: every schema that issuers write, made from Google's discovery document.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::dates::Offset;
use super::{dates, limits};

/// The fields of a schema by name.
pub(super) type Schema = BTreeMap<&'static str, Field>;

/// One field of a schema.
pub(super) struct Field {
    pub(super) kind: Kind,
    pub(super) list: bool,
    pub(super) required: bool,
    pub(super) deprecated: bool,
    pub(super) output_only: bool,
    /// The values of an enum.
    pub(super) values: Vec<&'static str>,
    /// Older spellings of the values.
    pub(super) aliases: BTreeMap<&'static str, &'static str>,
    /// The recommended length of a text, in characters.
    pub(super) length: Option<usize>,
    /// The number of elements that are shown.
    pub(super) count: Option<usize>,
    /// What the text is as a date, if it is one.
    pub(super) date: Option<Offset>,
}

/// The type of a field, or of its elements.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Boolean,
    Double,
    Enum,
    Int32,
    Int64,
    Schema(&'static str),
    Text,
}

/// Finds a schema by its name in the discovery document.
pub(super) fn schema(name: &str) -> Option<&'static Schema> {
    SCHEMAS.get(name)
}

static SCHEMAS: LazyLock<BTreeMap<&'static str, Schema>> = LazyLock::new(|| {
    // A test holds that the table parses: there is no run time at which it may fail.
    let document: Document<'static> =
        serde_json::from_str(include_str!("../../../data/google-fields.json")).unwrap_or_default();
    let fields = |schema: &'static str, fields: BTreeMap<&'static str, Entry<'static>>| {
        fields.into_iter().map(|(name, entry)| (name, entry.resolve(schema, name))).collect()
    };
    document.schemas.into_iter().map(|(name, entries)| (name, fields(name, entries))).collect()
});

#[derive(Default, Deserialize)]
struct Document<'d> {
    #[serde(borrow)]
    schemas: BTreeMap<&'d str, BTreeMap<&'d str, Entry<'d>>>,
}

#[derive(Deserialize)]
struct Entry<'d> {
    deprecated: bool,
    #[serde(borrow, default, rename = "enum")]
    values: Vec<&'d str>,
    #[serde(borrow, default)]
    legacy_aliases: BTreeMap<&'d str, &'d str>,
    output_only: bool,
    required: bool,
    #[serde(rename = "type")]
    kind: &'d str,
}

impl Entry<'static> {
    fn resolve(self, schema: &str, name: &str) -> Field {
        let (kind, list) = match self.kind.strip_suffix("[]") {
            Some(element) => (element, true),
            None => (self.kind, false),
        };
        let kind = match kind {
            "boolean" => Kind::Boolean,
            "double" => Kind::Double,
            "enum" => Kind::Enum,
            "int32" => Kind::Int32,
            "int64 (JSON string)" => Kind::Int64,
            "string" => Kind::Text,
            schema => Kind::Schema(schema),
        };
        Field {
            kind,
            list,
            required: self.required,
            deprecated: self.deprecated,
            output_only: self.output_only,
            values: self.values,
            aliases: self.legacy_aliases,
            length: limits::length(schema, name),
            count: limits::count(name),
            date: dates::offset(schema, name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Vertical;
    use super::*;

    #[test]
    fn the_table_is_whole() {
        assert_eq!(SCHEMAS.len(), 112);
        for vertical in Vertical::ALL {
            assert!(schema(vertical.class_schema()).is_some_and(|schema| schema["id"].required));
            assert!(schema(vertical.object_schema()).is_some_and(|schema| schema["classId"].required));
        }
        for field in SCHEMAS.values().flat_map(BTreeMap::values) {
            assert_eq!(field.values.is_empty(), field.kind != Kind::Enum);
            if let Kind::Schema(name) = field.kind {
                assert!(schema(name).is_some(), "{name}");
            }
        }
    }

    #[test]
    fn what_issuers_write_has_no_cycles() {
        fn depth(name: &str, above: usize) -> usize {
            assert!(above < 20, "{name} holds itself");
            let inner =
                schema(name).unwrap().values().filter(|field| !field.output_only).filter_map(|field| {
                    match field.kind {
                        Kind::Schema(name) => Some(depth(name, above + 1)),
                        _ => None,
                    }
                });
            1 + inner.max().unwrap_or(0)
        }
        // The walk along the table is no deeper than this, however deep the JSON is.
        let deepest = Vertical::ALL.iter().map(|vertical| depth(vertical.class_schema(), 0)).max();
        assert!(deepest.is_some_and(|deepest| deepest < 12), "{deepest:?}");
    }

    #[test]
    fn one_name_may_have_two_types() {
        assert_eq!(schema("OfferClass").unwrap()["finePrint"].kind, Kind::Text);
        assert_eq!(schema("EventTicketClass").unwrap()["finePrint"].kind, Kind::Schema("LocalizedString"));
        assert_eq!(schema("FlightObject").unwrap()["reservationInfo"].kind, Kind::Schema("ReservationInfo"));
        assert_eq!(schema("EventTicketObject").unwrap()["reservationInfo"].kind, Kind::Schema("EventReservationInfo"));
    }
}
