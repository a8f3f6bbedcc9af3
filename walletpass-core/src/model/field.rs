//! Fields that the caller places himself.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::id::FieldKey;
use crate::model::text::Text;
use crate::model::value::Value;

/// A labelled value, shown where the caller puts it.
///
/// On Apple it lands in the slot it was added to, on Google in a text module; front fields also get a place in the rows of
/// the card. <https://developer.apple.com/documentation/walletpasses/passfieldcontent>
///
/// ```
/// # use walletpass_core::Field;
/// let field = Field::new("wifi".parse()?, "Wi-Fi", "guest / latte").on_change("New Wi-Fi: %@");
/// assert_eq!(field.key.as_str(), "wifi");
/// # Ok::<(), walletpass_core::IdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "a field: an object with `key` and `value`")]
#[non_exhaustive]
pub struct Field {
    /// Tells the field from the others of the pass, and keeps its identity over updates.
    pub key: FieldKey,
    /// The small text above the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Text>,
    /// What it shows.
    pub value: Value,
    /// What an iPhone says on its lock screen when the value changes; `%@` stands for the new value. Absent: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_change: Option<Text>,
    /// How the text is aligned; Apple only, and not in primary and back fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub align: Option<Align>,
}

impl Field {
    /// Makes a field of a key, a label and a value.
    pub fn new(key: FieldKey, label: impl Into<Text>, value: impl Into<Value>) -> Self {
        Self { key, label: Some(label.into()), value: value.into(), on_change: None, align: None }
    }

    /// Says what an iPhone shows when the value changes; must contain `%@`.
    pub fn on_change(mut self, message: impl Into<Text>) -> Self {
        self.on_change = Some(message.into());
        self
    }

    /// Aligns the text.
    pub fn align(mut self, align: Align) -> Self {
        self.align = Some(align);
        self
    }
}

/// How the text of a field is aligned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Align {
    /// In the middle.
    Center,
    /// To the left.
    Left,
    /// As the language reads.
    Natural,
    /// To the right.
    Right,
}

/// The fields of a pass by Apple's slots. Roles take their places first, these follow in order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    expecting = "an object with `header`, `primary`, `secondary`, `auxiliary`, `back` and `additional`"
)]
#[non_exhaustive]
pub struct Fields {
    /// Beside the logo, visible when the pass is in the stack.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub header: Vec<Field>,
    /// Large, on the front.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub primary: Vec<Field>,
    /// On the front, below the primary fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secondary: Vec<Field>,
    /// On the front, beside or below the secondary fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub auxiliary: Vec<Field>,
    /// On the back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub back: Vec<Field>,
    /// In the details of a poster ticket or poster pass; on the back where the layout is another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub additional: Vec<Field>,
}

impl Fields {
    /// Says whether there are none.
    pub fn is_empty(&self) -> bool {
        let Self { header, primary, secondary, auxiliary, back, additional } = self;
        [header, primary, secondary, auxiliary, back, additional].iter().all(|slot| slot.is_empty())
    }
}
