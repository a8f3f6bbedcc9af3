//! Links on the back of a pass.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::model::text::Text;

/// A web page, telephone number (`tel:`) or mail address (`mailto:`) on the back of a pass.
///
/// Apple shows it as a back field, Google in its links module with an icon by the scheme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object with `url` and `text`")]
#[non_exhaustive]
pub struct Link {
    /// Where it leads.
    pub url: Url,
    /// What it says.
    pub text: Text,
}

impl Link {
    /// Makes a link.
    pub fn new(url: Url, text: impl Into<Text>) -> Self {
        Self { url, text: text.into() }
    }
}

/// Gives the scheme that the key of a page leaves out, by the name of the page: mail addresses and telephone numbers stand bare.
pub(crate) fn bare_scheme(page: &str) -> Option<&'static str> {
    match page {
        "email" => Some("mailto"),
        "phone" => Some("tel"),
        _ => None,
    }
}
