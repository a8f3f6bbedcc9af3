//! What every pass has on Apple Wallet, whatever its kind.

use std::borrow::Cow;

use chrono::{DateTime, FixedOffset, Utc};
use serde_json::{Map, Value as Json, json};

use super::{AppleDrawing, Place, wording_fact};
use crate::model::barcode::{Barcode, Symbology};
use crate::model::color::Color;
use crate::model::field::{Align, Field};
use crate::model::id::{PassTypeId, TeamId};
use crate::model::role::Role;
use crate::model::state::{Sharing, State};
use crate::model::text::Text;
use crate::projection::bounds::{bounded, judge_link};
use crate::projection::format::{element, instant, is_latin1, rgb, set};
use crate::projection::look::POSTER_TICKET;
use crate::projection::report::Wallet;
use crate::projection::rules;

impl AppleDrawing<'_> {
    pub(super) fn identity(&mut self, pass_type: &PassTypeId, team: &TeamId) {
        self.root.insert("formatVersion".to_owned(), 1.into());
        self.root.insert("passTypeIdentifier".to_owned(), pass_type.as_str().into());
        self.root.insert("teamIdentifier".to_owned(), team.as_str().into());
        self.root("serial", "serialNumber", self.pass.serial.as_str());
    }

    pub(super) fn names(&mut self) {
        let pass = self.pass;
        let organization = self.text(&pass.organization);
        self.root("organization", "organizationName", organization);
        match (&pass.description, pass.kind.headline()) {
            (Some(description), _) => {
                let description = self.text(description);
                self.root("description", "description", description);
            }
            (None, headline) => {
                let headline =
                    headline.map(|text| text.default.as_str()).filter(|text| *text != pass.organization.default);
                let organization = pass.organization.default.as_str();
                let description = match headline {
                    Some(headline) => [headline, ", ", organization].concat(),
                    None => organization.to_owned(),
                };
                self.root.insert("description".to_owned(), description.into());
            }
        }
        if let Some(text) = &pass.logo_text {
            let text = self.text(text);
            if self.has(POSTER_TICKET) {
                self.root("logoText", "eventLogoText", text.as_str());
            }
            self.root("logoText", "logoText", text);
        }
    }

    pub(super) fn colors(&mut self) {
        let colors = self.pass.colors;
        if let Some(background) = colors.background {
            self.root("colors.background", "backgroundColor", rgb(background));
        }
        if self.has(POSTER_TICKET) {
            if colors.foreground.is_none() && colors.label.is_none() {
                self.root.insert("useAutomaticColors".to_owned(), true.into());
            }
            if let Some(footer) = colors.footer {
                self.root("colors.footer", "footerBackgroundColor", rgb(footer));
            }
        } else if colors.footer.is_some() {
            self.lost("colors.footer", "only a poster ticket has a coloured foot");
        }
        // Text that nobody coloured must still be read.
        let readable = colors.background.map(Color::readable);
        for (fact, key, chosen) in
            [("colors.foreground", "foregroundColor", colors.foreground), ("colors.label", "labelColor", colors.label)]
        {
            match (chosen, readable) {
                (Some(color), _) => self.root(fact, key, rgb(color)),
                (None, Some(color)) => {
                    self.root.insert(key.to_owned(), rgb(color).into());
                }
                (None, None) => {}
            }
        }
    }

    pub(super) fn explicit_fields(&mut self) {
        let fields = &self.pass.fields;
        for (list, place, fields) in [
            ("fields.header", Place::Header, &fields.header),
            ("fields.primary", Place::Primary, &fields.primary),
            ("fields.secondary", Place::Secondary, &fields.secondary),
            ("fields.auxiliary", Place::Auxiliary, &fields.auxiliary),
            ("fields.back", Place::Back, &fields.back),
        ] {
            for (index, field) in bounded(fields, list, &mut self.report).iter().enumerate() {
                self.explicit_field(element([list], index), place, field);
            }
        }
    }

    /// Draws the fields that poster layouts have in their details, and the others on the back.
    pub(super) fn additional_fields(&mut self) {
        let fields = &self.pass.fields.additional;
        let place = if self.has(POSTER_TICKET) { Place::AdditionalInfo } else { Place::Back };
        for (index, field) in bounded(fields, "fields.additional", &mut self.report).iter().enumerate() {
            let fact = element(["fields.additional"], index);
            let mut drawn = self.drawn_field(field);
            if place == Place::AdditionalInfo {
                // The same field on the back too would have a key that another one has.
                self.note(fact.clone(), "not shown before iOS 18");
            } else if drawn.remove("textAlignment").is_some() {
                self.note(fact.clone(), "without its alignment, which the back has not");
            }
            let at = self.push(place, drawn);
            self.report.place(Wallet::Apple, fact, at);
        }
    }

    fn explicit_field(&mut self, fact: String, place: Place, field: &Field) {
        let drawn = self.drawn_field(field);
        let at = self.push(place, drawn);
        self.report.place(Wallet::Apple, fact, at);
    }

    /// Draws a field of the caller's own.
    pub(super) fn drawn_field(&mut self, field: &Field) -> Map<String, Json> {
        let Field { key, label, value, on_change, align } = field;
        let label = label.as_ref().map(|label| self.text(label));
        let mut drawn = self.describe(key.as_str(), label, value.into(), on_change.as_ref());
        if let Some(align) = align {
            let align = match align {
                Align::Center => "PKTextAlignmentCenter",
                Align::Left => "PKTextAlignmentLeft",
                Align::Natural => "PKTextAlignmentNatural",
                Align::Right => "PKTextAlignmentRight",
            };
            drawn.insert("textAlignment".to_owned(), align.into());
        }
        drawn
    }

    pub(super) fn back(&mut self) {
        let pass = self.pass;
        if let Some(terms) = &pass.terms {
            self.field(Place::Back, Role::Terms, "terms", terms);
        }
        for (index, link) in bounded(&pass.links, "links", &mut self.report).iter().enumerate() {
            let fact = element(["links"], index);
            judge_link(&link.url, &fact, &mut self.report);
            // No field key begins with `_`, so the caller's own fields cannot meet it.
            let at = self.link(format!("_link{index}"), Some(&link.text), link.url.as_str());
            self.report.place(Wallet::Apple, fact, at);
        }
    }

    /// Adds a link to the back and says where.
    pub(in crate::projection) fn link(&mut self, key: String, text: Option<&Text>, url: &str) -> String {
        let text = text.map(|text| self.text(text));
        let href = url.replace('&', "&amp;").replace('\'', "%27").replace('<', "%3C");
        let mut field = Map::from_iter([("key".to_owned(), key.into()), ("value".to_owned(), url.into())]);
        let shown = url.split_once(':').map_or(url, |(_, rest)| rest.trim_start_matches("//")).replace('&', "&amp;");
        field.insert(
            "attributedValue".to_owned(),
            format!("<a href='{href}'>{}</a>", shown.replace('<', "&lt;")).into(),
        );
        if let Some(text) = text {
            field.insert("label".to_owned(), text.into());
        }
        self.push(Place::Back, field)
    }

    pub(super) fn barcode(&mut self) {
        let Some(barcode) = &self.pass.barcode else { return };
        let first = barcode_json(barcode, barcode.format);
        let is_legacy = matches!(barcode.format, Symbology::Aztec | Symbology::Pdf417 | Symbology::Qr);
        let legacy = if is_legacy { first.clone() } else { barcode_json(barcode, Symbology::Qr) };
        // Wallet draws the first one it can: what iOS 26 or a watch cannot draw, it shows as a QR code of the same message.
        let all = if is_legacy { vec![first] } else { vec![first, legacy.clone()] };
        self.root("barcode", "barcodes", all);
        self.root("barcode", "barcode", legacy);
        if !is_legacy {
            self.note("barcode", "with a QR code of the same message for devices that cannot draw it");
        }
        if barcode.caption.as_ref().is_some_and(|caption| !caption.translations.is_empty()) {
            self.note("barcode", "the caption without its translations");
        }
    }

    pub(super) fn places(&mut self) {
        let pass = self.pass;
        let places = bounded(&pass.places, "places", &mut self.report);
        let mut locations = Vec::with_capacity(places.len());
        for (index, place) in places.iter().enumerate() {
            let mut location = json!({ "latitude": place.latitude, "longitude": place.longitude });
            if let Some(altitude) = place.altitude {
                set(&mut location, "altitude", altitude);
            }
            if let Some(text) = &place.text {
                set(&mut location, "relevantText", self.text(text));
            }
            locations.push(location);
            self.report.place(Wallet::Apple, element(["places"], index), element(["locations"], index));
        }
        if !locations.is_empty() {
            self.root.insert("locations".to_owned(), locations.into());
        }
    }

    pub(super) fn dates(&mut self, now: DateTime<Utc>) {
        let pass = self.pass;
        let relevant = bounded(&pass.dates.relevant, "dates.relevant", &mut self.report);
        for (index, relevance) in relevant.iter().enumerate() {
            self.moment(element(["dates.relevant"], index).into(), relevance.start, relevance.end);
        }
        let moments = std::mem::take(&mut self.relevant);
        if let Some((_, first)) = moments.first() {
            self.root.insert("relevantDate".to_owned(), instant(first).into());
            let all: Vec<Json> = moments.into_iter().map(|(entry, _)| entry).collect();
            self.root.insert("relevantDates".to_owned(), all.into());
        }
        if pass.dates.valid_from.is_some() {
            self.lost("dates.validFrom", "Apple knows only the end of validity");
        }
        let expires = pass.dates.expires.map(|expiry| expiry.instant(now));
        if let Some(at) = expires {
            self.root("dates.expires", "expirationDate", instant(&at));
        }
        if pass.state == State::Expired {
            let now = now.fixed_offset();
            let at = expires.filter(|at| *at < now).unwrap_or(now);
            if expires.is_some_and(|expires| expires != at) {
                self.note("dates.expires", "brought forward, since the pass has expired");
            }
            self.root("state", "expirationDate", instant(&at));
        }
        if !pass.state.is_active() {
            self.root("state", "voided", true);
        }
        if pass.state == State::Redeemed {
            self.note("state", "Apple knows no redeemed pass and shows it as void");
        }
    }

    pub(super) fn moment(
        &mut self,
        fact: Cow<'static, str>,
        start: DateTime<FixedOffset>,
        end: Option<DateTime<FixedOffset>>,
    ) {
        // iOS 18 reads `relevantDate` in the entry, iOS 26 reads `date`; before both there was the key at the root.
        let date = instant(&start);
        let entry = match end {
            Some(end) => json!({ "startDate": date, "endDate": instant(&end) }),
            None => json!({ "date": date, "relevantDate": date }),
        };
        self.report.place(Wallet::Apple, fact, element(["relevantDates"], self.relevant.len()));
        self.relevant.push((entry, start));
    }

    pub(super) fn rights(&mut self) {
        let pass = self.pass;
        let is_locked = pass.nfc.as_ref().is_some_and(|nfc| nfc.requires_authentication);
        if is_locked {
            if pass.sharing == Some(Sharing::Allowed) {
                self.note("sharing", "not to be shared, since readers ask for the holder");
            }
            self.root.insert("sharingProhibited".to_owned(), true.into());
            if pass.sharing.is_some() {
                self.placed("sharing", "sharingProhibited");
            }
        } else if pass.sharing.is_some() {
            self.root("sharing", "sharingProhibited", !pass.may_be_shared());
        } else if !pass.may_be_shared() {
            self.root.insert("sharingProhibited".to_owned(), true.into());
        }
        if let Some(group) = &pass.group {
            match self.style {
                "boardingPass" | "eventTicket" => self.root("group", "groupingIdentifier", group.as_str()),
                _ => self.lost("group", "Apple groups boarding passes and event tickets only"),
            }
        }
    }

    pub(super) fn unused_wording(&mut self) {
        for role in self.pass.wording.keys().filter(|role| !self.worded.contains(role)) {
            let fact = wording_fact(*role);
            self.report.note(Wallet::Apple, fact.clone(), "this pass shows no such value");
            self.report.findings.push(rules::UNUSED_WORDING.finding(
                fact,
                format!("there is wording for `{}`, which this pass does not show", role.key()),
                "leave it out, or give the pass that value",
            ));
        }
    }
}

fn barcode_json(barcode: &Barcode, format: Symbology) -> Json {
    let name = match format {
        Symbology::Aztec => "PKBarcodeFormatAztec",
        Symbology::Codabar => "PKBarcodeFormatCodabar",
        Symbology::Code128 => "PKBarcodeFormatCode128",
        Symbology::Code39 => "PKBarcodeFormatCode39",
        Symbology::Ean13 => "PKBarcodeFormatEAN13",
        Symbology::I2of5 => "PKBarcodeFormatI2of5",
        Symbology::Pdf417 => "PKBarcodeFormatPDF417",
        Symbology::Qr => "PKBarcodeFormatQR",
    };
    let encoding = if is_latin1(&barcode.message) { "iso-8859-1" } else { "utf-8" };
    let mut json = json!({ "format": name, "message": barcode.message, "messageEncoding": encoding });
    if let Some(caption) = &barcode.caption {
        set(&mut json, "altText", caption.default.as_str());
    }
    json
}
