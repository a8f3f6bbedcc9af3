//! Readers, restrictions and relations of a pass that Google alone knows.

use serde_json::{Value as Json, json};

use super::{GoogleDrawing, GoogleSheet, date};
use crate::lint::google::Vertical;
use crate::model::dates::Reminders;
use crate::model::id::IssuerId;
use crate::model::protection::Protection;
use crate::model::smart_tap::SmartTap;
use crate::projection::report::Wallet;
use crate::projection::rules;

impl GoogleSheet {
    /// Asks Google to notify the holder of this change, in Google's words.
    ///
    /// Google notifies when the write that carries this changes one of certain facts, points and tiers, seats and gates, and
    /// forgets it afterwards. So call it on the sheet of the one update that is to be noticed, and not on others: at most
    /// three notices a day reach the holder of a pass. Generic passes have no such notice, and a finding says so.
    /// <https://developers.google.com/wallet/generic/use-cases/trigger-push-notifications>
    pub fn notify(mut self) -> Self {
        if self.vertical == Vertical::Generic {
            self.report.find(rules::NO_NOTICE.finding(
                "",
                "Google has no notices of changes for generic passes",
                "send the holder a message of your own words",
            ));
        } else {
            self.object.insert("notifyPreference".to_owned(), "NOTIFY_ON_UPDATE".into());
        }
        self
    }
}

impl GoogleDrawing<'_> {
    pub(super) fn smart_tap(&mut self) {
        let pass = self.pass;
        let Some(SmartTap { redemption_issuers, value }) = &pass.smart_tap else {
            if pass.nfc.is_some() {
                self.lost("nfc", "Google's readers are those of `smartTap`, and the pass names none");
            }
            return;
        };
        let issuers = self.bounded(redemption_issuers, "smartTap.redemptionIssuers").iter();
        let issuers: Vec<&str> = issuers.map(IssuerId::as_str).collect();
        self.class("smartTap.redemptionIssuers", "enableSmartTap", true);
        self.class("smartTap.redemptionIssuers", "redemptionIssuers", issuers);
        match (value, &pass.nfc) {
            (Some(value), nfc) => {
                self.object("smartTap.value", "smartTapRedemptionValue", value.as_str());
                if nfc.is_some() {
                    self.lost("nfc", "Google's readers get the value of `smartTap`");
                }
            }
            (None, Some(nfc)) => {
                self.object("nfc", "smartTapRedemptionValue", nfc.message.as_str());
                self.note("nfc", "the message alone: readers and their keys are those of `smartTap`");
            }
            (None, None) => {}
        }
    }

    pub(super) fn protection(&mut self) {
        let Protection { screenshots, shimmer, unlock } = self.pass.protection;
        if let Some(may) = screenshots {
            let eligibility = if may { "ELIGIBLE" } else { "INELIGIBLE" };
            self.object_member("protection.screenshots", "passConstraints", "screenshotEligibility", eligibility);
        }
        if shimmer {
            self.class("protection.shimmer", "securityAnimation", json!({ "animationType": "FOIL_SHIMMER" }));
        }
        if unlock {
            self.class("protection.unlock", "viewUnlockRequirement", "UNLOCK_REQUIRED_TO_VIEW");
        }
    }

    pub(super) fn linked(&mut self) {
        let pass = self.pass;
        let mut linked: Vec<Json> = Vec::new();
        for (index, id) in self.bounded(&pass.linked, "linked").iter().enumerate() {
            linked.push(id.as_str().into());
            self.report.place(Wallet::Google, format!("linked[{index}]"), format!("object.linkedObjectIds[{index}]"));
        }
        if !linked.is_empty() {
            self.object_setting("linkedObjectIds", linked);
        }
    }

    pub(super) fn reminders(&mut self) {
        let Reminders { expiry, upcoming } = self.pass.dates.reminders;
        let notice = |is_wanted: bool| json!({ "enableNotification": is_wanted });
        match (expiry, self.vertical) {
            (None, _) => {}
            (Some(is_wanted), Vertical::Generic) => {
                let notice = notice(is_wanted);
                self.object_member("dates.reminders.expiry", "notifications", "expiryNotification", notice);
            }
            (Some(false), _) => self.object("dates.reminders.expiry", "disableExpirationNotification", true),
            (Some(true), Vertical::Offer) => {
                self.lost("dates.reminders.expiry", "Google reminds of the end of a coupon by itself");
            }
            (Some(true), _) => {
                self.lost("dates.reminders.expiry", "Google reminds of the end of coupons and generic passes only");
            }
        }
        let why = match self.vertical {
            Vertical::EventTicket | Vertical::Flight => {
                "Google reminds by the times of the event or flight, and of itself"
            }
            _ => "Google reminds of the beginning of events, flights and generic passes only",
        };
        match upcoming {
            None => {}
            Some(is_wanted) if self.vertical == Vertical::Generic => {
                let notice = notice(is_wanted);
                self.object_member("dates.reminders.upcoming", "notifications", "upcomingNotification", notice);
            }
            Some(_) => self.lost("dates.reminders.upcoming", why),
        }
    }

    /// Says when a generic pass begins, where its reminder counts from a moment at which it matters: whether that is so.
    pub(super) fn begins_when_relevant(&mut self) -> bool {
        let dates = &self.pass.dates;
        let is_asked = self.vertical == Vertical::Generic && dates.reminders.upcoming == Some(true);
        match dates.relevant.first().filter(|_| is_asked && dates.valid_from.is_none()) {
            Some(first) => {
                let start = date(&first.start);
                self.insert_object_member("validTimeInterval", "start", start);
                self.report.place(Wallet::Google, "dates.relevant[0]", "object.validTimeInterval.start");
                true
            }
            None => false,
        }
    }
}
