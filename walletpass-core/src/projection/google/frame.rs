//! What every pass has on Google Wallet, whatever its kind.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde_json::json;
use url::Url;

use super::{GoogleDrawing, date};
use crate::lint::google::Vertical;
use crate::model::action::{ActionTarget, OF_THE_SYSTEM};
use crate::model::barcode::{Barcode, Symbology};
use crate::model::field::Field;
use crate::model::role::Role;
use crate::model::state::State;
use crate::model::text::Text;
use crate::model::value::Value;
use crate::projection::bounds::{bounded, judge_action, judge_link};
use crate::projection::format::{element, is_latin1, neutral, set};
use crate::projection::report::Wallet;

impl GoogleDrawing<'_> {
    pub(super) fn names(&mut self) {
        let pass = self.pass;
        if self.vertical == Vertical::Generic {
            let organization = self.localized(&pass.organization);
            self.object("organization", "cardTitle", organization);
        } else {
            self.class_text("organization", "issuerName", "localizedIssuerName", &pass.organization);
            // Google approves by itself, and takes no other word on a write.
            self.class_setting("reviewStatus", "UNDER_REVIEW");
        }
        if pass.logo_text.is_some() {
            self.lost("logoText", "Google shows its own title beside the logo");
        }
    }

    pub(super) fn explicit_fields(&mut self) {
        let fields = &self.pass.fields;
        for (name, fields) in [
            ("fields.header", &fields.header),
            ("fields.primary", &fields.primary),
            ("fields.secondary", &fields.secondary),
            ("fields.auxiliary", &fields.auxiliary),
            ("fields.back", &fields.back),
            ("fields.additional", &fields.additional),
        ] {
            for (index, field) in bounded(fields, name, &mut self.report).iter().enumerate() {
                let Field { key, label, value, on_change, align } = field;
                let fact = format!("{name}[{index}]");
                let body = match value {
                    Value::Text(text) => Cow::Borrowed(text),
                    other => Cow::Owned(Text::new(neutral(other))),
                };
                self.module(
                    fact.clone().into(),
                    key.as_str(),
                    label.as_ref(),
                    &body,
                    !matches!(name, "fields.back" | "fields.additional"),
                );
                for (note, is_so) in [
                    ("as text", !matches!(value, Value::Text(_))),
                    ("without its change message", on_change.is_some()),
                    ("without its alignment", align.is_some()),
                ] {
                    if is_so {
                        self.note(fact.clone(), note);
                    }
                }
            }
        }
    }

    pub(super) fn terms_and_links(&mut self) {
        let pass = self.pass;
        if let Some(terms) = &pass.terms {
            match self.vertical {
                Vertical::Offer => self.class_text("terms", "finePrint", "localizedFinePrint", terms),
                Vertical::EventTicket => {
                    let terms = self.localized(terms);
                    self.class("terms", "finePrint", terms);
                }
                _ => self.detail_module(Role::Terms, "terms", terms),
            }
        }
        for (index, link) in bounded(&pass.links, "links", &mut self.report).iter().enumerate() {
            judge_link(&link.url, &format!("links[{index}]"), &mut self.report);
            let mut uri = json!({ "id": format!("link{index}"), "uri": link.url.as_str() });
            self.module_text(&mut uri, "description", "localizedDescription", &link.text);
            self.report.place(
                Wallet::Google,
                format!("links[{index}]"),
                format!("object.linksModuleData.uris[{index}]"),
            );
            self.links.push(uri);
        }
        for (index, action) in bounded(&pass.actions, "actions", &mut self.report).iter().enumerate() {
            let (fact, purpose) = (format!("actions[{index}]"), action.purpose);
            match &action.to {
                ActionTarget::Url(url) if !OF_THE_SYSTEM.contains(&url.scheme()) => {
                    judge_action(url, &fact, &mut self.report);
                    self.lost(fact, "Google opens no apps: give a page of the web");
                }
                ActionTarget::Url(url) => {
                    self.page(fact, &format!("action_{}", action.id), purpose.label(), url);
                }
                ActionTarget::Place(_) => self.lost(fact, "the place is one of Apple's maps"),
            }
        }
    }

    /// Places a page among the links, under English words.
    pub(in crate::projection) fn page(&mut self, fact: String, id: &str, words: &str, url: &Url) {
        judge_link(url, &fact, &mut self.report);
        let at = format!("object.linksModuleData.uris[{}]", self.links.len());
        self.report.place(Wallet::Google, fact, at);
        self.links.push(json!({ "id": id, "uri": url.as_str(), "description": words }));
    }

    /// Tells of what only Apple knows.
    pub(super) fn contact(&mut self) {
        let pass = self.pass;
        for index in 0..bounded(&pass.beacons, "beacons", &mut self.report).len() {
            self.lost(format!("beacons[{index}]"), "Google knows places, not beacons");
        }
        if pass.personalization.is_some() {
            self.lost("personalization", "Google asks its holders nothing: lead them to a page of yours");
        }
        for (slot, picture) in pass.art.iter().filter(|(_, picture)| !picture.localized.is_empty()) {
            for locale in picture.localized.keys() {
                let fact = format!("art.{}.localized.{locale}", slot.name());
                self.lost(fact, "Google shows one picture in all languages");
            }
        }
        if let Some((fact, picture)) = pass.kind.logo().filter(|(_, picture)| !picture.localized.is_empty()) {
            for locale in picture.localized.keys() {
                self.lost(format!("{fact}.localized.{locale}"), "Google shows one picture in all languages");
            }
        }
    }

    pub(super) fn colors(&mut self) {
        let colors = self.pass.colors;
        if let Some(background) = colors.background {
            // The key moves: loyalty, offer and gift card know it on the class alone, generic on the object alone.
            match self.vertical {
                Vertical::Generic => self.object("colors.background", "hexBackgroundColor", background.hex()),
                _ => self.class("colors.background", "hexBackgroundColor", background.hex()),
            }
        }
        for (fact, chosen) in [("colors.foreground", colors.foreground), ("colors.label", colors.label)] {
            if chosen.is_some() {
                self.lost(fact, "Google chooses the colour of text by itself");
            }
        }
        if colors.footer.is_some() {
            self.lost("colors.footer", "Google has one colour for the whole card");
        }
    }

    pub(super) fn barcode(&mut self) {
        let Some(barcode) = &self.pass.barcode else { return };
        let Barcode { format, message, caption } = barcode;
        let (kind, note) = match format {
            Symbology::Aztec => ("AZTEC", None),
            Symbology::Codabar => ("CODABAR", None),
            Symbology::Code128 => ("CODE_128", None),
            Symbology::Code39 => ("CODE_39", None),
            Symbology::Ean13 => ("EAN_13", None),
            Symbology::I2of5 if message.len() == 14 => ("ITF_14", None),
            Symbology::I2of5 => ("QR_CODE", Some("as a QR code: Google draws interleaved 2 of 5 with 14 digits only")),
            Symbology::Pdf417 => ("PDF_417", None),
            Symbology::Qr => ("QR_CODE", None),
        };
        let mut json = json!({ "type": kind, "value": message });
        if kind == "QR_CODE" && !is_latin1(message) {
            set(&mut json, "renderEncoding", "UTF_8");
        }
        if let Some(caption) = caption {
            set(&mut json, "alternateText", caption.default.as_str());
        }
        self.object("barcode", "barcode", json);
        if let Some(note) = note {
            self.note("barcode", note);
        }
        if caption.as_ref().is_some_and(|caption| !caption.translations.is_empty()) {
            self.note("barcode", "the caption without its translations");
        }
    }

    pub(super) fn places(&mut self) {
        let mut locations = Vec::new();
        for (index, place) in bounded(&self.pass.places, "places", &mut self.report).iter().enumerate() {
            locations.push(json!({ "latitude": place.latitude, "longitude": place.longitude }));
            let fact = element(["places"], index);
            self.report.place(Wallet::Google, fact.clone(), element(["object.merchantLocations"], index));
            if place.text.is_some() || place.altitude.is_some() {
                self.note(fact, "without text and altitude: Google words its own notice");
            }
        }
        if !locations.is_empty() {
            self.object.insert("merchantLocations".to_owned(), locations.into());
        }
    }

    pub(super) fn dates(&mut self, now: DateTime<Utc>) {
        let dates = &self.pass.dates;
        if let Some(from) = &dates.valid_from {
            self.object_member("dates.validFrom", "validTimeInterval", "start", date(from));
        }
        if let Some(expiry) = dates.expires {
            self.object_member("dates.expires", "validTimeInterval", "end", date(&expiry.instant(now)));
        }
        let why = match self.vertical {
            Vertical::EventTicket | Vertical::Flight | Vertical::Transit => {
                "Google reminds by the times of the event, trip or flight itself"
            }
            _ => "Google has no such reminder for this kind of pass",
        };
        let first = usize::from(self.begins_when_relevant());
        for index in first..bounded(&dates.relevant, "dates.relevant", &mut self.report).len() {
            self.lost(format!("dates.relevant[{index}]"), why);
        }
    }

    pub(super) fn rights(&mut self) {
        let pass = self.pass;
        let state = match pass.state {
            State::Active => "ACTIVE",
            State::Expired => "EXPIRED",
            State::Redeemed => "COMPLETED",
            State::Voided => "INACTIVE",
        };
        self.object_setting("state", state);
        if !pass.state.is_active() {
            self.placed("state", "object.state");
        }
        // Sharing is Google's own default: say so only where the pass does.
        let holders = if pass.may_be_shared() { "MULTIPLE_HOLDERS" } else { "ONE_USER_ALL_DEVICES" };
        if pass.sharing.is_some() {
            self.class("sharing", "multipleDevicesAndHoldersAllowedStatus", holders);
        } else if !pass.may_be_shared() {
            self.class_setting("multipleDevicesAndHoldersAllowedStatus", holders);
        }
        if let Some(group) = &pass.group {
            self.object("group", "groupingInfo", json!({ "groupingId": group }));
        }
    }

    pub(super) fn wording(&mut self) {
        for (role, wording) in &self.pass.wording {
            let fact = ["wording.", role.key()].concat();
            let is_placed = self.report.placements.iter().any(|placement| placement.fact == fact.as_str());
            if wording.label.is_some() && !is_placed {
                self.note(fact.clone(), "Google labels this by itself");
            }
            if wording.on_change.is_some() {
                self.note(fact, "the change message is Apple only: Google words its own, or sends a message of yours");
            }
        }
    }
}
