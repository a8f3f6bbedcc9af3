//! The rows on the front of a Google card.

use std::borrow::Cow;

use serde_json::{Value as Json, json};

use super::GoogleDrawing;
use crate::projection::format::set;

/// A field for the front of the card.
pub(super) struct Front {
    pub(super) path: String,
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
        let mut left = self.front.iter();
        let mut infos = Vec::new();
        for row in 0..rows {
            // Evenly: 4 become 2 + 2, 5 become 3 + 2.
            let count = (shown + rows - 1 - row) / rows;
            let items: Vec<Json> = left.by_ref().take(count).map(template_item).collect();
            infos.push(match items.as_slice() {
                [one] => json!({ "oneItem": { "item": one } }),
                [start, end] => json!({ "twoItems": { "startItem": start, "endItem": end } }),
                [start, middle, end, ..] => {
                    json!({ "threeItems": { "startItem": start, "middleItem": middle, "endItem": end } })
                }
                [] => continue,
            });
        }
        for fact in hidden.into_iter().filter_map(|field| field.fact) {
            self.note(fact, "in the details: the front has nine places");
        }
        self.class_setting("classTemplateInfo", json!({ "cardTemplateOverride": { "cardRowTemplateInfos": infos } }));
    }
}

fn template_item(field: &Front) -> Json {
    let mut reference = json!({ "fieldPath": field.path });
    if let Some(format) = field.date_format {
        set(&mut reference, "dateFormat", format);
    }
    json!({ "firstValue": { "fields": [reference] } })
}

/// Rows on the front of a card.
const MAX_ROWS: usize = 3;

/// Items in a row.
const MAX_ITEMS: usize = 3;
