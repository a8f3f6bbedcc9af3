//! The review status of the class, and Smart Tap, which takes class and object together.

use serde_json::Value;

use super::shape::is_set;
use super::{Sheet, Side, Vertical, rules};
use crate::lint::findings::Findings;
use crate::lint::path::Path;

/// Judges what class and object say of their own state.
pub(super) fn judge(sheet: &Sheet<'_>, findings: &mut Findings) {
    judge_review(sheet, findings);
    judge_smart_tap(sheet, findings);
    judge_holders(sheet, findings);
    judge_messages(sheet, findings);
    judge_gift_card(sheet, findings);
}

/// Finds what Google does only for issuers with whom it has been arranged.
fn judge_holders(sheet: &Sheet<'_>, findings: &mut Findings) {
    let (class, object) = (Path::ROOT.key("class"), Path::ROOT.key("object"));
    let holders = "multipleDevicesAndHoldersAllowedStatus";
    if sheet.class.get(holders).and_then(Value::as_str) == Some("ONE_USER_ONE_DEVICE") {
        findings.add(&rules::BY_ARRANGEMENT, &class.key(holders), || {
            ("one device for one user is arranged with Google first", "write `ONE_USER_ALL_DEVICES`, or ask Google")
        });
    }
    let Some(Value::Object(restrictions)) = sheet.object.get("saveRestrictions") else { return };
    let path = object.key("saveRestrictions");
    match restrictions.get("restrictToEmailSha256") {
        Some(Value::String(hash)) if !is_sha256(hash) => {
            findings.add(&rules::EMAIL_HASH, &path.key("restrictToEmailSha256"), || {
                (
                    "the value is no SHA-256 in lower-case hexadecimal digits",
                    "hash the address in lower case, without the dots and the `+` part before its `@`",
                )
            });
        }
        _ => findings.add(&rules::BY_ARRANGEMENT, &path, || {
            ("who may save a pass is restricted by arrangement with Google", "ask Google first, or leave it out")
        }),
    }
}

fn is_sha256(hash: &str) -> bool {
    hash.len() == 64 && hash.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

/// Finds messages that are never shown as meant.
fn judge_messages(sheet: &Sheet<'_>, findings: &mut Findings) {
    for side in [Side::Class, Side::Object] {
        let root = Path::ROOT.key(side.name());
        let parent = root.key("messages");
        let list = sheet.half(side).get("messages").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for (index, message) in list.iter().enumerate() {
            let kind = message.get("messageType").and_then(Value::as_str).unwrap_or_default();
            let folded: String = kind.chars().take(32).filter(|letter| *letter != '_').collect();
            if folded.eq_ignore_ascii_case("EXPIRATIONNOTIFICATION") {
                findings.add(&rules::MESSAGE_TYPE, &parent.index(index).key("messageType"), || {
                    ("Google has the name of this type, and does nothing for it", "write `TEXT` or `TEXT_AND_NOTIFY`")
                });
            }
        }
    }
}

/// Finds the barcode of a gift card that its class hides.
fn judge_gift_card(sheet: &Sheet<'_>, findings: &mut Findings) {
    let allowed = sheet.class.get("allowBarcodeRedemption") == Some(&Value::Bool(true));
    if sheet.vertical == Vertical::GiftCard && is_set(sheet.object, "barcode") && !allowed {
        let class = Path::ROOT.key("class");
        findings.add(&rules::BARCODE_HIDDEN, &class.key("allowBarcodeRedemption"), || {
            ("Google hides the barcode of a gift card unless the class allows it", "set it to true")
        });
    }
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
