//! The sheet for Google Wallet: a class and an object.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value as Json, json};

use crate::lint;
use crate::lint::google::Vertical;
use crate::model::art::{Picture, Slot};
use crate::model::barcode::{Barcode, Symbology};
use crate::model::extra;
use crate::model::field::Field;
use crate::model::id::IssuerId;
use crate::model::kind::Kind;
use crate::model::money::Money;
use crate::model::pass::Pass;
use crate::model::role::Role;
use crate::model::state::State;
use crate::model::text::Text;
use crate::model::value::Value;
use crate::projection::format::{instant, is_latin1, neutral, set};
use crate::projection::kind;
use crate::projection::report::{Report, Wallet};
use crate::projection::rules;

/// What Google Wallet gets of a pass.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct GoogleSheet {
    /// Which of Google's seven verticals it is.
    pub vertical: Vertical,
    /// The class: what passes of one design share.
    pub class: Map<String, Json>,
    /// The object: what belongs to this pass.
    pub object: Map<String, Json>,
    /// Where everything landed, and, once it is [identified](GoogleSheet::identify), what the lint found.
    pub report: Report,
}

impl GoogleSheet {
    /// Gives class and object their ids and judges both.
    ///
    /// An id that the pass brings itself in [`Extra`](crate::Extra) stays.
    pub fn identify(mut self, issuer: &IssuerId, class_id: &str, object_id: &str) -> Self {
        let class_id = self.class.entry("id").or_insert_with(|| class_id.into()).clone();
        self.object.entry("id").or_insert_with(|| object_id.into());
        self.object.entry("classId").or_insert(class_id);
        self.report.place(Wallet::Google, "serial", "object.id");
        let found = lint::google::check(self.vertical, &self.class, &self.object, Some(issuer.as_str()));
        self.report.findings.extend(found);
        self
    }
}

pub(super) fn draw(pass: &Pass, now: DateTime<Utc>) -> GoogleSheet {
    let mut sheet = GoogleDrawing::new(pass);
    sheet.names();
    match &pass.kind {
        Kind::Coupon(facts) => kind::coupon::google(facts, &mut sheet),
        Kind::Event(facts) => kind::event::google(facts, &mut sheet),
        Kind::Flight(facts) => kind::flight::google(facts, &mut sheet),
        Kind::Generic(facts) => kind::generic::google(facts, &mut sheet),
        Kind::GiftCard(facts) => kind::gift_card::google(facts, &mut sheet),
        Kind::Loyalty(facts) => kind::loyalty::google(facts, &mut sheet),
        Kind::Transit(facts) => kind::transit::google(facts, &mut sheet),
    }
    sheet.explicit_fields();
    sheet.terms_and_links();
    sheet.colors();
    sheet.art();
    sheet.barcode();
    sheet.places();
    sheet.dates(now);
    sheet.rights();
    sheet.wording();
    sheet.finish()
}

/// A field for the front of the card.
struct Front {
    path: String,
    /// The fact behind it, where Google would not show it on the front by itself.
    fact: Option<Cow<'static, str>>,
}

/// The sheet while it is being drawn. Every stroke records where it placed what.
pub(super) struct GoogleDrawing<'p> {
    pass: &'p Pass,
    vertical: Vertical,
    class: Map<String, Json>,
    object: Map<String, Json>,
    modules: Vec<Json>,
    links: Vec<Json>,
    front: Vec<Front>,
    report: Report,
}

impl<'p> GoogleDrawing<'p> {
    fn new(pass: &'p Pass) -> Self {
        let vertical = match &pass.kind {
            Kind::Coupon(_) => Vertical::Offer,
            Kind::Event(_) => Vertical::EventTicket,
            Kind::Flight(_) => Vertical::Flight,
            Kind::Generic(_) => Vertical::Generic,
            Kind::GiftCard(_) => Vertical::GiftCard,
            Kind::Loyalty(_) => Vertical::Loyalty,
            Kind::Transit(_) => Vertical::Transit,
        };
        Self {
            pass,
            vertical,
            class: Map::new(),
            object: Map::new(),
            modules: Vec::new(),
            links: Vec::new(),
            front: Vec::new(),
            report: Report::default(),
        }
    }

    /// Puts a fact on the class.
    pub(super) fn class(&mut self, fact: &'static str, key: &'static str, value: impl Into<Json>) {
        self.class.insert(key.to_owned(), value.into());
        self.report.place(Wallet::Google, fact, format!("class.{key}"));
    }

    /// Puts a fact inside an object of the class, at `outer.inner`.
    pub(super) fn class_member(&mut self, fact: &'static str, outer: &str, inner: &str, value: impl Into<Json>) {
        insert_member(&mut self.class, outer, inner, value.into());
        self.report.place(Wallet::Google, fact, format!("class.{outer}.{inner}"));
    }

    /// Puts a fact on the object.
    pub(super) fn object(&mut self, fact: &'static str, key: &'static str, value: impl Into<Json>) {
        self.object.insert(key.to_owned(), value.into());
        self.report.place(Wallet::Google, fact, format!("object.{key}"));
    }

    /// Puts a fact inside an object of the object, at `outer.inner`.
    pub(super) fn object_member(&mut self, fact: &'static str, outer: &str, inner: &str, value: impl Into<Json>) {
        insert_member(&mut self.object, outer, inner, value.into());
        self.report.place(Wallet::Google, fact, format!("object.{outer}.{inner}"));
    }

    /// Puts a text on the class that has a plain key and one for its translations.
    pub(super) fn class_text(&mut self, fact: &'static str, key: &'static str, localized: &'static str, text: &Text) {
        self.class(fact, key, text.default.as_str());
        if !text.translations.is_empty() {
            let text = self.localized(text);
            self.class(fact, localized, text);
        }
    }

    /// Labels a field of Google's own.
    pub(super) fn class_label(&mut self, key: &'static str, localized: &'static str, label: &Text) {
        self.class_setting(key, label.default.as_str());
        if !label.translations.is_empty() {
            let label = self.localized(label);
            self.class_setting(localized, label);
        }
    }

    /// Repeats the organization where Google asks for it once more.
    pub(super) fn repeat_organization(&mut self, key: &'static str, localized: &'static str) {
        self.class_text("organization", key, localized, &self.pass.organization);
    }

    /// Puts the seat into the leg of a transit ticket.
    pub(super) fn ticket_seat(&mut self, seat: Json) {
        insert_member(&mut self.object, "ticketLeg", "ticketSeat", seat);
    }

    /// Sets something that is no fact of the pass but that Google demands.
    pub(super) fn class_setting(&mut self, key: &'static str, value: impl Into<Json>) {
        self.class.insert(key.to_owned(), value.into());
    }

    /// Sets something on the object that is no fact of the pass but that Google demands.
    pub(super) fn object_setting(&mut self, key: &'static str, value: impl Into<Json>) {
        self.object.insert(key.to_owned(), value.into());
    }

    /// Shows a fact as a text module on the front of the card.
    pub(super) fn front_module(&mut self, role: Role, fact: &'static str, body: &Text) {
        let label = self.label(role);
        self.module(fact.into(), role.key(), Some(&label), body, true);
    }

    /// Shows a fact as a text module in the details of the card.
    pub(super) fn detail_module(&mut self, role: Role, fact: &'static str, body: &Text) {
        let label = self.label(role);
        self.module(fact.into(), role.key(), Some(&label), body, false);
    }

    /// Keeps a place on the front for a field that Google has of its own, should the front be laid out anew.
    pub(super) fn front(&mut self, path: &str) {
        self.front.push(Front { path: path.to_owned(), fact: None });
    }

    /// Gives the label of a role on this pass.
    pub(super) fn label(&self, role: Role) -> Text {
        let worded = self.pass.wording.get(&role).and_then(|wording| wording.label.clone());
        worded.unwrap_or_else(|| Text::new(role.label()))
    }

    /// Gives the label of a role where the pass has one of its own.
    pub(super) fn own_label(&self, role: Role) -> Option<&'p Text> {
        self.pass.wording.get(&role).and_then(|wording| wording.label.as_ref())
    }

    /// Writes a text with its translations.
    pub(super) fn localized(&self, text: &Text) -> Json {
        let mut json = json!({ "defaultValue": { "language": self.pass.language.as_str(), "value": text.default } });
        if !text.translations.is_empty() {
            let translations = text.translations.iter();
            set(
                &mut json,
                "translatedValues",
                translations
                    .map(|(locale, text)| json!({ "language": locale.as_str(), "value": text }))
                    .collect::<Json>(),
            );
        }
        json
    }

    /// Writes a picture, where it has a public address.
    pub(super) fn image(&self, picture: &Picture) -> Option<Json> {
        let url = picture.public_url()?;
        let mut json = json!({ "sourceUri": { "uri": url.as_str() } });
        if let Some(description) = &picture.description {
            set(&mut json, "contentDescription", self.localized(description));
        }
        Some(json)
    }

    /// Records where a fact landed that was placed along with another.
    pub(super) fn placed(&mut self, fact: &'static str, at: impl Into<String>) {
        self.report.place(Wallet::Google, fact, at);
    }

    /// Records that a fact has no place here.
    pub(super) fn lost(&mut self, fact: impl Into<Cow<'static, str>>, why: impl Into<Cow<'static, str>>) {
        self.report.note(Wallet::Google, fact, why);
    }

    /// Records what changed on the way.
    pub(super) fn note(&mut self, fact: impl Into<Cow<'static, str>>, what: impl Into<Cow<'static, str>>) {
        self.report.note(Wallet::Google, fact, what);
    }

    /// Chooses the square logo: the one that the kind demands, else the icon, else the logo of the pass.
    pub(super) fn square_logo(&self) -> Option<(&'static str, &'p Picture)> {
        let pass = self.pass;
        let of_art = |slot, fact| pass.art.get(slot).map(|picture| (fact, picture));
        pass.kind.logo().or_else(|| of_art(Slot::Icon, "art.icon")).or_else(|| of_art(Slot::Logo, "art.logo"))
    }

    /// Places the square logo on the class, and the wide one where there are two.
    pub(super) fn class_logos(&mut self, square_key: &'static str, wide_key: &'static str) {
        self.logos(square_key, wide_key, Self::class);
    }

    /// Places the square logo on the object, and the wide one where there are two.
    pub(super) fn object_logos(&mut self, square_key: &'static str, wide_key: &'static str) {
        self.logos(square_key, wide_key, Self::object);
    }

    fn logos(
        &mut self,
        square_key: &'static str,
        wide_key: &'static str,
        put: impl Fn(&mut Self, &'static str, &'static str, Json),
    ) {
        let square = self.square_logo();
        if let Some((fact, picture)) = square {
            self.hang(fact, picture, |sheet, image| put(sheet, fact, square_key, image));
        }
        let wide = self.pass.art.get(Slot::Logo).filter(|_| square.is_some_and(|(fact, _)| fact != "art.logo"));
        if let Some(picture) = wide {
            self.hang("art.logo", picture, |sheet, image| put(sheet, "art.logo", wide_key, image));
        }
    }

    /// Places a picture, or says why it cannot be.
    pub(super) fn hang(&mut self, fact: &'static str, picture: &Picture, place: impl FnOnce(&mut Self, Json)) {
        match self.image(picture) {
            Some(image) => place(self, image),
            None => self.lost(fact, "Google fetches pictures, and this one has no public address (`url`)"),
        }
    }

    fn names(&mut self) {
        let pass = self.pass;
        if self.vertical == Vertical::Generic {
            let organization = self.localized(&pass.organization);
            self.object("organization", "cardTitle", organization);
        } else {
            self.class_text("organization", "issuerName", "localizedIssuerName", &pass.organization);
            // Google approves by itself, and takes no other word on a write.
            self.class_setting("reviewStatus", "UNDER_REVIEW");
        }
        if pass.description.is_some() {
            self.lost("description", "Google describes pictures, not passes");
        }
        if pass.logo_text.is_some() {
            self.lost("logoText", "Google shows its own title beside the logo");
        }
    }

    fn explicit_fields(&mut self) {
        let fields = &self.pass.fields;
        for (name, fields) in [
            ("header", &fields.header),
            ("primary", &fields.primary),
            ("secondary", &fields.secondary),
            ("auxiliary", &fields.auxiliary),
            ("back", &fields.back),
        ] {
            for (index, field) in fields.iter().enumerate() {
                let Field { key, label, value, on_change, align } = field;
                let fact = format!("fields.{name}[{index}]");
                let body = match value {
                    Value::Text(text) => Cow::Borrowed(text),
                    other => Cow::Owned(Text::new(neutral(other))),
                };
                self.module(fact.clone().into(), key.as_str(), label.as_ref(), &body, name != "back");
                match (value, on_change, align) {
                    (Value::Text(_), None, None) => {}
                    (Value::Text(_), Some(_), _) => self.note(fact, "without its change message"),
                    (Value::Text(_), None, Some(_)) => self.note(fact, "without its alignment"),
                    _ => self.note(fact, "as text"),
                }
            }
        }
    }

    fn module(&mut self, fact: Cow<'static, str>, id: &str, header: Option<&Text>, body: &Text, front: bool) {
        let mut module = json!({ "id": id });
        if let Some(header) = header.filter(|header| !header.default.is_empty()) {
            self.module_text(&mut module, "header", "localizedHeader", header);
        }
        self.module_text(&mut module, "body", "localizedBody", body);
        self.report.place(Wallet::Google, fact.clone(), format!("object.textModulesData[{}]", self.modules.len()));
        self.modules.push(module);
        if front {
            self.front.push(Front { path: format!("object.textModulesData['{id}']"), fact: Some(fact) });
        }
    }

    fn module_text(&self, module: &mut Json, key: &str, localized: &str, text: &Text) {
        if text.translations.is_empty() {
            set(module, key, text.default.as_str());
        } else {
            set(module, localized, self.localized(text));
        }
    }

    fn terms_and_links(&mut self) {
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
        for (index, link) in pass.links.iter().enumerate() {
            let mut uri = json!({ "id": format!("link{index}"), "uri": link.url.as_str() });
            self.module_text(&mut uri, "description", "localizedDescription", &link.text);
            self.report.place(
                Wallet::Google,
                format!("links[{index}]"),
                format!("object.linksModuleData.uris[{index}]"),
            );
            self.links.push(uri);
        }
    }

    fn colors(&mut self) {
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
    }

    fn art(&mut self) {
        let pass = self.pass;
        let hero_slot = if pass.art.get(Slot::Hero).is_some() { Slot::Hero } else { Slot::Strip };
        for (slot, picture) in pass.art.iter() {
            let fact = art_fact(slot);
            match slot {
                slot if slot == hero_slot => self.hang(fact, picture, |sheet, image| match sheet.vertical {
                    Vertical::Generic => sheet.object(fact, "heroImage", image),
                    _ => sheet.class(fact, "heroImage", image),
                }),
                Slot::Thumbnail | Slot::Background => self.hang(fact, picture, |sheet, image| {
                    let modules = sheet.object.entry("imageModulesData").or_insert_with(|| json!([]));
                    if let Json::Array(modules) = modules {
                        modules.push(json!({ "id": slot.name(), "mainImage": image }));
                    }
                    sheet.report.place(Wallet::Google, fact, "object.imageModulesData");
                    sheet.note(fact, "in the details");
                }),
                Slot::Footer if self.vertical == Vertical::Flight => self.hang(fact, picture, |sheet, image| {
                    sheet.object_member(fact, "boardingAndSeatingInfo", "boardingPrivilegeImage", image);
                }),
                Slot::Icon | Slot::Logo => {}
                Slot::Strip => self.lost(fact, "the hero picture takes its place"),
                Slot::Footer => self.lost(fact, "only flights have such a band on Google"),
                _ => self.lost(fact, "Apple only"),
            }
        }
        // Whatever the kind made of icon and logo has been recorded; the rest has no place.
        for slot in [Slot::Icon, Slot::Logo] {
            let fact = art_fact(slot);
            if pass.art.get(slot).is_some() && !self.report.placements.iter().any(|placement| placement.fact == fact) {
                self.lost(fact, "Google shows the logo of the kind");
            }
        }
    }

    fn barcode(&mut self) {
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
        } else if caption.as_ref().is_some_and(|caption| !caption.translations.is_empty()) {
            self.note("barcode", "the caption without its translations");
        }
    }

    fn places(&mut self) {
        let mut locations = Vec::new();
        for (index, place) in self.pass.places.iter().enumerate() {
            locations.push(json!({ "latitude": place.latitude, "longitude": place.longitude }));
            let fact = format!("places[{index}]");
            self.report.place(Wallet::Google, fact.clone(), format!("object.merchantLocations[{index}]"));
            if place.text.is_some() || place.altitude.is_some() {
                self.note(fact, "without text and altitude: Google words its own notice");
            }
        }
        if !locations.is_empty() {
            self.object.insert("merchantLocations".to_owned(), locations.into());
        }
    }

    fn dates(&mut self, now: DateTime<Utc>) {
        let dates = &self.pass.dates;
        if let Some(from) = &dates.valid_from {
            self.object_member("dates.validFrom", "validTimeInterval", "start", json!({ "date": instant(from) }));
        }
        if let Some(expiry) = dates.expires {
            let end = instant(&expiry.instant(now));
            self.object_member("dates.expires", "validTimeInterval", "end", json!({ "date": end }));
        }
        for index in 0..dates.relevant.len() {
            self.lost(
                format!("dates.relevant[{index}]"),
                "Google reminds by the times of the event, trip or flight itself",
            );
        }
    }

    fn rights(&mut self) {
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

    fn wording(&mut self) {
        for (role, wording) in &self.pass.wording {
            let fact = format!("wording.{}", role.key());
            if wording.label.is_some() {
                self.report.place(Wallet::Google, fact.clone(), "label");
            }
            if wording.on_change.is_some() {
                self.note(fact, "the change message is Apple only: Google words its own, or sends a message of yours");
            }
        }
    }

    fn finish(mut self) -> GoogleSheet {
        self.lay_out_front();
        if !self.modules.is_empty() {
            self.object.insert("textModulesData".to_owned(), std::mem::take(&mut self.modules).into());
        }
        if !self.links.is_empty() {
            self.object.insert("linksModuleData".to_owned(), json!({ "uris": std::mem::take(&mut self.links) }));
        }
        let extra = &self.pass.extra;
        extra::merge(&mut self.class, &extra.google_class);
        extra::merge(&mut self.object, &extra.google_object);
        for (fact, at, is_given) in [
            ("extra.googleClass", "class", !extra.google_class.is_empty()),
            ("extra.googleObject", "object", !extra.google_object.is_empty()),
        ] {
            if is_given {
                self.report.place(Wallet::Google, fact, at);
            }
        }
        self.demand_logo();
        GoogleSheet { vertical: self.vertical, class: self.class, object: self.object, report: self.report }
    }

    /// Lays the front of the card out in rows, where Google's own layout would leave something of it in the details.
    fn lay_out_front(&mut self) {
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
            let items: Vec<Json> = left.by_ref().take(count).map(|field| template_item(&field.path)).collect();
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

    /// Says plainly what the lint would only call a missing field: Google demands a logo it can fetch.
    fn demand_logo(&mut self) {
        let Some((fact, logo)) = self.pass.kind.logo() else { return };
        let demanded = matches!(self.vertical, Vertical::Loyalty | Vertical::Transit);
        if demanded && logo.public_url().is_none() {
            self.report.findings.push(rules::LOGO_NOT_PUBLIC.finding(
                fact,
                "Google demands the logo of this pass and fetches it from the web, and it has no public address",
                "give the picture its address as `url` (`Picture::hosted_at`)",
            ));
        }
    }
}

/// Writes an amount as Google takes it.
pub(super) fn money(amount: &Money) -> Json {
    json!({ "micros": amount.micros.to_string(), "currencyCode": amount.currency.as_str() })
}

fn insert_member(parent: &mut Map<String, Json>, outer: &str, inner: &str, value: Json) {
    let entry = parent.entry(outer).or_insert_with(|| Json::Object(Map::new()));
    if let Json::Object(members) = entry {
        members.insert(inner.to_owned(), value);
    }
}

fn template_item(path: &str) -> Json {
    json!({ "firstValue": { "fields": [{ "fieldPath": path }] } })
}

fn art_fact(slot: Slot) -> &'static str {
    match slot {
        Slot::Artwork => "art.artwork",
        Slot::Background => "art.background",
        Slot::Footer => "art.footer",
        Slot::Hero => "art.hero",
        Slot::Icon => "art.icon",
        Slot::Logo => "art.logo",
        Slot::PersonalizationLogo => "art.personalizationLogo",
        Slot::PrimaryLogo => "art.primaryLogo",
        Slot::SecondaryLogo => "art.secondaryLogo",
        Slot::Strip => "art.strip",
        Slot::Thumbnail => "art.thumbnail",
        Slot::VenueMap => "art.venueMap",
    }
}

/// Rows on the front of a card.
const MAX_ROWS: usize = 3;
/// Items in a row.
const MAX_ITEMS: usize = 3;
