//! The review status of the class, and Smart Tap, which takes class and object together.

use serde_json::Value;

use super::shape::is_set;
use super::{Sheet, Vertical, rules};
use crate::lint::findings::Findings;
use crate::lint::path::Path;

/// Judges what class and object say of their own state.
pub(super) fn judge(sheet: &Sheet<'_>, findings: &mut Findings) {
    judge_review(sheet, findings);
    judge_smart_tap(sheet, findings);
}

fn judge_review(sheet: &Sheet<'_>, findings: &mut Findings) {
    let path = Path::ROOT.key("class");
    let path = path.key("reviewStatus");
    // Reads come back in an older spelling, `approved`.
    let status = sheet.class.get("reviewStatus").and_then(Value::as_str).unwrap_or_default();
    let is = |name: &str| status.eq_ignore_ascii_case(name);
    if is("DRAFT") {
        findings.add(&rules::DRAFT_CLASS, &path, || {
            ("a class in DRAFT can have no objects", "write `UNDER_REVIEW`, which Google approves at once")
        });
    } else if is("APPROVED") || is("REJECTED") {
        findings.add(&rules::REVIEW_STATUS, &path, || {
            (
                format!("only Google sets the status {}, and refuses it from you", status.to_ascii_uppercase()),
                "write `UNDER_REVIEW`",
            )
        });
    }
}

fn judge_smart_tap(sheet: &Sheet<'_>, findings: &mut Findings) {
    let (class, object) = (Path::ROOT.key("class"), Path::ROOT.key("object"));
    if let Some(Value::String(value)) = sheet.object.get("smartTapRedemptionValue")
        && !value.is_ascii()
    {
        findings.add(&rules::SMART_TAP_VALUE, &object.key("smartTapRedemptionValue"), || {
            ("the value has other characters than ASCII", "write ASCII characters only")
        });
    }
    let enabled = sheet.class.get("enableSmartTap") == Some(&Value::Bool(true));
    let issuers = sheet.class.get("redemptionIssuers").and_then(Value::as_array).is_some_and(|list| !list.is_empty());
    let value = is_set(sheet.object, "smartTapRedemptionValue");
    if !(enabled || issuers || value) {
        return;
    }
    let coded = sheet.object.get("barcode").is_some_and(|barcode| barcode.get("value").is_some());
    let fallback = sheet.vertical == Vertical::Loyalty && (coded || is_set(sheet.object, "accountId"));
    for (present, path, mend) in [
        (enabled, class.key("enableSmartTap"), "set it to true"),
        (issuers, class.key("redemptionIssuers"), "add the issuer ids whose readers take the pass"),
        (value || fallback, object.key("smartTapRedemptionValue"), "add what the reader is to get"),
    ] {
        if !present {
            findings.add(&rules::SMART_TAP, &path, || ("Smart Tap is half set up, so readers get nothing", mend));
        }
    }
}
