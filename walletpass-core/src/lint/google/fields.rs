//! The field table: every schema that issuers write, made from Google's discovery document.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::conditions::OneOf;
use super::dates::Offset;
use super::{conditions, dates, limits};

/// The fields of a schema, and what its description demands of them.
pub(super) struct Schema {
    /// The name in the discovery document.
    pub(super) name: &'static str,
    /// The fields that must be there, in the order of their names.
    pub(super) required: Vec<(&'static str, Kind)>,
    /// Those that only the description demands.
    pub(super) needed: &'static [&'static str],
    /// The fields that exclude each other.
    pub(super) one_of: Vec<&'static OneOf>,
    /// In the order of the lengths of their names, by which most are told apart, and then of the names.
    fields: Vec<(&'static str, Field)>,
}

impl Schema {
    /// Finds a field.
    pub(super) fn get(&self, name: &str) -> Option<&Field> {
        let at = self.fields.binary_search_by_key(&(name.len(), name), |(name, _)| (name.len(), name)).ok()?;
        self.fields.get(at).map(|(_, field)| field)
    }

    /// Lists the names of the fields, in their order.
    pub(super) fn names(&self) -> Vec<&'static str> {
        let mut names: Vec<&str> = self.fields.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names
    }
}

/// One field of a schema.
pub(super) struct Field {
    pub(super) kind: Kind,
    /// Which schema of the table the kind is.
    inner: Option<usize>,
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

impl Field {
    /// Gives the schema of the field, or of its elements.
    pub(super) fn schema(&self) -> Option<&'static Schema> {
        SCHEMAS.get(self.inner?)
    }
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
    let at = SCHEMAS.binary_search_by_key(&name, |schema| schema.name).ok()?;
    SCHEMAS.get(at)
}

/// In the order of their names.
static SCHEMAS: LazyLock<Vec<Schema>> = LazyLock::new(|| {
    // A test holds that the table parses: there is no run time at which it may fail.
    let document: Document<'static> =
        serde_json::from_str(include_str!("../../../data/google-fields.json")).unwrap_or_default();
    let names: Vec<&str> = document.schemas.keys().copied().collect();
    let schema = |(name, entries): (&'static str, BTreeMap<&'static str, Entry<'static>>)| {
        let field = |(field, entry): (&'static str, Entry<'static>)| (field, entry.resolve(name, field, &names));
        let mut fields: Vec<(&str, Field)> = entries.into_iter().map(field).collect();
        let required = fields.iter().filter(|(_, field)| field.required);
        let required = required.map(|(name, field)| (*name, field.kind)).collect();
        fields.sort_unstable_by_key(|(name, _)| (name.len(), *name));
        Schema { name, required, needed: conditions::needed(name), one_of: conditions::one_of(name).collect(), fields }
    };
    document.schemas.into_iter().map(schema).collect()
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
    fn resolve(self, schema: &str, name: &str, schemas: &[&str]) -> Field {
        let (kind, list) = match self.kind.strip_suffix("[]") {
            Some(element) => (element, true),
            None => (self.kind, false),
        };
        let inner = schemas.binary_search(&kind).ok();
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
            inner,
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
            assert!(schema(vertical.class_schema()).unwrap().get("id").unwrap().required);
            assert!(schema(vertical.object_schema()).unwrap().get("classId").unwrap().required);
        }
        for (_, field) in SCHEMAS.iter().flat_map(|schema| &schema.fields) {
            assert_eq!(field.values.is_empty(), field.kind != Kind::Enum);
            if let Kind::Schema(name) = field.kind {
                assert_eq!(field.schema().map(|schema| schema.name), Some(name));
            }
        }
    }

    #[test]
    fn what_issuers_write_has_no_cycles() {
        fn depth(name: &str, above: usize) -> usize {
            assert!(above < 20, "{name} holds itself");
            let fields = schema(name).unwrap().fields.iter().filter(|(_, field)| !field.output_only);
            let inner = fields.filter_map(|(_, field)| match field.kind {
                Kind::Schema(name) => Some(depth(name, above + 1)),
                _ => None,
            });
            1 + inner.max().unwrap_or(0)
        }
        // The walk along the table is no deeper than this, however deep the JSON is.
        let deepest = Vertical::ALL.iter().map(|vertical| depth(vertical.class_schema(), 0)).max();
        assert!(deepest.is_some_and(|deepest| deepest < 12), "{deepest:?}");
    }

    #[test]
    fn one_name_may_have_two_types() {
        let kind = |name, field| schema(name).unwrap().get(field).unwrap().kind;
        assert_eq!(kind("OfferClass", "finePrint"), Kind::Text);
        assert_eq!(kind("EventTicketClass", "finePrint"), Kind::Schema("LocalizedString"));
        assert_eq!(kind("FlightObject", "reservationInfo"), Kind::Schema("ReservationInfo"));
        assert_eq!(kind("EventTicketObject", "reservationInfo"), Kind::Schema("EventReservationInfo"));
    }
}
