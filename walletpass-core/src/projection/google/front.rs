//! The rows on the front of a Google card.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::{GoogleDrawing, members};
use crate::projection::format::set;

/// A field for the front of the card.
pub(super) struct Front {
    pub(super) path: Cow<'static, str>,
    /// How a date is written; Google prints one that has no format as it stands in the data.
    pub(super) date_format: Option<&'static str>,
    /// The fact behind it, where Google would not show it on the front by itself.
    pub(super) fact: Option<Cow<'static, str>>,
}

impl GoogleDrawing<'_> {
    /// Lays the front of the card out in rows, where Google's own layout would leave something of it in the details.
    pub(super) fn lay_out_front(&mut self) {
        if self.front.iter().all(|field| field.fact.is_none()) {
            return;
        }
        let shown = self.front.len().min(MAX_ROWS * MAX_ITEMS);
        let rows = shown.div_ceil(MAX_ITEMS);
        let hidden = self.front.split_off(shown);
        let mut left = std::mem::take(&mut self.front).into_iter();
        let mut infos: Vec<Json> = Vec::new();
        for row in 0..rows {
            // Evenly: 4 become 2 + 2, 5 become 3 + 2.
            let count = (shown + rows - 1 - row) / rows;
            let (name, items): (_, &[&str]) = match count {
                1 => ("oneItem", &["item"]),
                2 => ("twoItems", &["startItem", "endItem"]),
                _ => ("threeItems", &["startItem", "middleItem", "endItem"]),
            };
            let items = items.iter().zip(left.by_ref()).map(|(key, field)| ((*key).to_owned(), template_item(field)));
            infos.push(members([(name, Json::Object(items.collect()))]));
        }
        for fact in hidden.into_iter().filter_map(|field| field.fact) {
            self.note(fact, "in the details: the front has nine places");
        }
        let rows = members([("cardRowTemplateInfos", infos.into())]);
        self.class_setting("classTemplateInfo", members([("cardTemplateOverride", rows)]));
    }
}

fn template_item(field: Front) -> Json {
    let mut reference = members([("fieldPath", field.path.into_owned().into())]);
    if let Some(format) = field.date_format {
        set(&mut reference, "dateFormat", format);
    }
    members([("firstValue", members([("fields", vec![reference].into())]))])
}

/// Rows on the front of a card.
const MAX_ROWS: usize = 3;

/// Items in a row.
const MAX_ITEMS: usize = 3;
