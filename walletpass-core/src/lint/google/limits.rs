//! How long texts and lists should be. Advice: beyond it Wallet cuts or hides.

use serde_json::Value;

use super::fields::Field;
use super::rules;
use crate::lint::findings::Findings;
use crate::lint::path::Path;

/// Field, characters, and the schema if the name alone does not tell.
const LENGTHS: [(&str, usize, Option<&str>); 21] = [
    ("accountId", 20, Some("LoyaltyObject")),
    ("accountIdLabel", 15, None),
    ("accountName", 20, None),
    ("accountNameLabel", 15, None),
    ("body", 500, Some("TextModuleData")),
    ("body", 50, Some("ValueAddedModuleData")),
    ("description", 20, Some("Uri")),
    ("displayText", 30, None),
    ("eventId", 64, None),
    ("header", 35, Some("TextModuleData")),
    ("header", 60, Some("ValueAddedModuleData")),
    ("issuerName", 20, None),
    ("label", 9, Some("LoyaltyPoints")),
    ("merchantName", 20, None),
    ("programName", 20, None),
    ("provider", 12, None),
    ("rewardsTier", 7, None),
    ("rewardsTierLabel", 9, None),
    ("shortTitle", 20, None),
    ("string", 7, Some("LoyaltyPointsBalance")),
    ("title", 60, Some("OfferClass")),
];

/// List and elements. Where class and object both have the list, each may have as many.
const COUNTS: [(&str, usize); 6] = [
    ("cardRowTemplateInfos", 3),
    ("imageModulesData", 1),
    ("messages", 10),
    ("textModulesData", 10),
    ("uris", 10),
    ("valueAddedModuleData", 15),
];

/// The recommended length of a field, in characters; of `localizedX` as of `x`.
pub(super) fn length(schema: &str, field: &str) -> Option<usize> {
    let plain = |name: &str| match field.strip_prefix("localized") {
        Some(rest) => rest.len() == name.len() && rest.eq_ignore_ascii_case(name),
        None => field == name,
    };
    LENGTHS
        .iter()
        .find(|(name, _, only)| plain(name) && only.is_none_or(|only| only == schema))
        .map(|(_, length, _)| *length)
}

/// The number of elements of a list that are shown.
pub(super) fn count(field: &str) -> Option<usize> {
    COUNTS.iter().find(|(name, _)| *name == field).map(|(_, count)| *count)
}

/// Judges a value whose JSON type is right.
pub(super) fn judge(field: &Field, value: &Value, path: &Path<'_>, findings: &mut Findings) {
    if let Some(most) = field.count
        && let Value::Array(list) = value
        && list.len() > most
    {
        findings.add(&rules::LIST_LENGTH, path, || {
            (format!("there are {} entries, and Wallet shows {most}", list.len()), "keep the ones that matter")
        });
    }
    if let Some(most) = field.length {
        let text = value.as_str().or_else(|| value.get("defaultValue")?.get("value")?.as_str()).unwrap_or_default();
        // A text has at least as many bytes as characters, so most need no counting.
        if text.len() > most && text.chars().count() > most {
            findings.add(&rules::TEXT_LENGTH, path, || {
                (
                    format!("the text has {} characters, and {most} are recommended", text.chars().count()),
                    "shorten it, or Wallet may cut it",
                )
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_go_by_schema_and_name() {
        assert_eq!(length("OfferClass", "title"), Some(60));
        assert_eq!(length("OfferClass", "localizedTitle"), Some(60));
        assert_eq!(length("LoyaltyClass", "localizedProgramName"), Some(20));
        assert_eq!(length("TextModuleData", "localizedBody"), Some(500));
        assert_eq!(length("Message", "body"), None);
        assert_eq!(length("PurchaseDetails", "accountId"), None);
        assert_eq!(count("textModulesData"), Some(10));
        assert_eq!(count("merchantLocations"), None, "which is an error, not advice");
    }
}
