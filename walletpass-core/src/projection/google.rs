//! The sheet for Google Wallet: a class and an object.

mod art;
mod details;
mod frame;
mod front;
mod rights;
mod rotating;

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, FixedOffset, Utc};
use serde_json::{Map, Value as Json, json};

use crate::lint;
use crate::lint::google::Vertical;
use crate::model::id::IssuerId;
use crate::model::kind::Kind;
use crate::model::money::Money;
use crate::model::pass::Pass;
use crate::model::role::Role;
use crate::model::text::Text;
use crate::projection::bounds::{bounded, without_identity};
use crate::projection::format::{instant, set};
use crate::projection::kind;
use crate::projection::raw::Raw;
use crate::projection::report::{Report, Wallet};
use crate::projection::rules;

use self::front::Front;

/// What Google Wallet gets of a pass.
#[derive(Clone, PartialEq)]
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
    /// A class id that the pass brings itself in [`Extra`](crate::Extra) stays.
    pub fn identify(mut self, issuer: &IssuerId, class_id: &str, object_id: &str) -> Self {
        let class_id = self.class.entry("id").or_insert_with(|| class_id.into()).clone();
        self.object.entry("id").or_insert_with(|| object_id.into());
        self.object.entry("classId").or_insert(class_id);
        self.report.place(Wallet::Google, "serial", "object.id");
        let mut found = lint::google::check(self.vertical, &self.class, &self.object, Some(issuer.as_str()));
        if self.report.findings.iter().any(|finding| finding.rule == rules::LOGO_NOT_PUBLIC.id) {
            // Said already, and better.
            found.retain(|finding| !matches!(finding.path.as_str(), "class.logo" | "class.programLogo"));
        }
        self.report.judged(Wallet::Google, found, &[]);
        self
    }
}

/// Shows the report alone: the object may hold a PIN.
impl fmt::Debug for GoogleSheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { vertical, report, .. } = self;
        f.debug_struct("GoogleSheet").field("vertical", vertical).field("report", report).finish_non_exhaustive()
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
    sheet.smart_tap();
    sheet.contact();
    sheet.colors();
    sheet.art();
    sheet.description();
    sheet.barcode();
    sheet.rotating_barcode();
    sheet.places();
    sheet.dates(now);
    sheet.reminders();
    sheet.rights();
    sheet.protection();
    sheet.linked();
    sheet.wording();
    sheet.finish()
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
            // Most passes have so many facts at most, and growing costs more than making them.
            report: Report { placements: Vec::with_capacity(12), ..Report::default() },
        }
    }

    /// Puts a fact on the class.
    pub(super) fn class(&mut self, fact: &'static str, key: &'static str, value: impl Into<Json>) {
        self.class.insert(key.to_owned(), value.into());
        self.report.place(Wallet::Google, fact, ["class.", key].concat());
    }

    /// Puts a fact inside an object of the class, at `outer.inner`.
    pub(super) fn class_member(&mut self, fact: &'static str, outer: &str, inner: &str, value: impl Into<Json>) {
        insert_member(&mut self.class, outer, inner, value.into());
        self.report.place(Wallet::Google, fact, ["class.", outer, ".", inner].concat());
    }

    /// Puts a fact on the object.
    pub(super) fn object(&mut self, fact: &'static str, key: &'static str, value: impl Into<Json>) {
        self.object.insert(key.to_owned(), value.into());
        self.report.place(Wallet::Google, fact, ["object.", key].concat());
    }

    /// Puts a fact inside an object of the object, at `outer.inner`.
    pub(super) fn object_member(&mut self, fact: &'static str, outer: &str, inner: &str, value: impl Into<Json>) {
        insert_member(&mut self.object, outer, inner, value.into());
        self.report.place(Wallet::Google, fact, ["object.", outer, ".", inner].concat());
    }

    /// Puts something inside an object of the object without a word in the report.
    fn insert_object_member(&mut self, outer: &str, inner: &str, value: Json) {
        insert_member(&mut self.object, outer, inner, value);
    }

    /// Puts a text on the class that has a plain key and one for its translations.
    pub(super) fn class_text(&mut self, fact: &'static str, key: &'static str, localized: &'static str, text: &Text) {
        self.class(fact, key, text.default.as_str());
        if !text.translations.is_empty() {
            let text = self.localized(text);
            self.class(fact, localized, text);
        }
    }

    /// Labels a field of Google's own in the words of the pass, where it has any, by a key that has a plain form too.
    pub(super) fn class_label(&mut self, role: Role, key: &'static str, localized: &'static str) {
        let Some(label) = self.own_label(role) else { return };
        self.class_setting(key, label.default.as_str());
        if !label.translations.is_empty() {
            let label = self.localized(label);
            self.class_setting(localized, label);
        }
        self.report.place(Wallet::Google, ["wording.", role.key()].concat(), ["class.", key].concat());
    }

    /// Labels a field of Google's own in the words of the pass, where it has any, by a key that has one form.
    pub(super) fn class_custom_label(&mut self, role: Role, key: &'static str) {
        let Some(label) = self.own_label(role) else { return };
        let label = self.localized(label);
        self.class_setting(key, label);
        self.report.place(Wallet::Google, ["wording.", role.key()].concat(), ["class.", key].concat());
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
        self.role_module(role, fact, body, true);
    }

    /// Shows a fact as a text module in the details of the card.
    pub(super) fn detail_module(&mut self, role: Role, fact: &'static str, body: &Text) {
        self.role_module(role, fact, body, false);
    }

    fn role_module(&mut self, role: Role, fact: &'static str, body: &Text, front: bool) {
        let label = self.label(role, format!("object.textModulesData[{}].header", self.modules.len()));
        // A field of the caller's own comes later and cannot have the key of a role that is drawn: the lint sees to it.
        self.module(fact.into(), role.key(), Some(&label), body, front);
    }

    /// Keeps a place on the front for a field that Google has of its own, should the front be laid out anew.
    pub(super) fn front(&mut self, path: impl Into<Cow<'static, str>>) {
        self.front.push(Front { path: path.into(), date_format: None, fact: None });
    }

    /// Keeps a place on the front for a date that Google has of its own, written in a format of its `dateFormat`.
    pub(super) fn front_date(&mut self, path: impl Into<Cow<'static, str>>, format: &'static str) {
        self.front.push(Front { path: path.into(), date_format: Some(format), fact: None });
    }

    /// Gives the label of a role on this pass, which will stand at `at`.
    pub(super) fn label(&mut self, role: Role, at: impl Into<Cow<'static, str>>) -> Text {
        let Some(label) = self.own_label(role) else { return Text::new(role.label()) };
        self.report.place(Wallet::Google, ["wording.", role.key()].concat(), at);
        label.clone()
    }

    fn own_label(&self, role: Role) -> Option<&'p Text> {
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

    /// Gives as many of a list as a pass may have, and finds fault with a longer one.
    pub(super) fn bounded<'l, T>(&mut self, list: &'l [T], fact: &str) -> &'l [T] {
        bounded(list, fact, &mut self.report)
    }

    /// Records where a fact landed that was placed along with another.
    pub(super) fn placed(&mut self, fact: &'static str, at: impl Into<Cow<'static, str>>) {
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

    fn module(&mut self, fact: Cow<'static, str>, id: &str, header: Option<&Text>, body: &Text, front: bool) {
        let mut module = json!({ "id": id });
        if let Some(header) = header.filter(|header| !header.default.is_empty()) {
            self.module_text(&mut module, "header", "localizedHeader", header);
        }
        self.module_text(&mut module, "body", "localizedBody", body);
        self.report.place(Wallet::Google, fact.clone(), format!("object.textModulesData[{}]", self.modules.len()));
        self.modules.push(module);
        if front {
            let path = ["object.textModulesData['", id, "']"].concat();
            self.front.push(Front { path: path.into(), date_format: None, fact: Some(fact) });
        }
    }

    fn module_text(&self, module: &mut Json, key: &str, localized: &str, text: &Text) {
        if text.translations.is_empty() {
            set(module, key, text.default.as_str());
        } else {
            set(module, localized, self.localized(text));
        }
    }

    fn finish(mut self) -> GoogleSheet {
        self.lay_out_front();
        self.order_details();
        if !self.modules.is_empty() {
            self.object.insert("textModulesData".to_owned(), std::mem::take(&mut self.modules).into());
        }
        if !self.links.is_empty() {
            let links = std::mem::take(&mut self.links);
            self.object.insert("linksModuleData".to_owned(), members([("uris", links.into())]));
        }
        let extra = &self.pass.extra;
        let object = without_identity(&extra.google_object, "extra.googleObject", &["classId", "id"], &mut self.report);
        for (name, prefix, json, drawn) in [
            ("extra.googleClass", "class.", &extra.google_class, &mut self.class),
            ("extra.googleObject", "object.", &object, &mut self.object),
        ] {
            Raw { wallet: Wallet::Google, name, prefix, json }.merge(drawn, &mut self.report);
        }
        self.demand_logo();
        GoogleSheet { vertical: self.vertical, class: self.class, object: self.object, report: self.report }
    }
}

/// Writes an amount as Google takes it.
pub(super) fn money(amount: &Money) -> Json {
    members([("micros", amount.micros.to_string().into()), ("currencyCode", amount.currency.as_str().into())])
}

/// Writes an instant as Google's `DateTime`.
pub(super) fn date(at: &DateTime<FixedOffset>) -> Json {
    members([("date", instant(at).into())])
}

/// Makes a JSON object of what is JSON already, which `json!` would copy.
pub(super) fn members<const N: usize>(members: [(&str, Json); N]) -> Json {
    let mut object = Map::new();
    for (key, value) in members {
        object.insert(key.to_owned(), value);
    }
    Json::Object(object)
}

fn insert_member(parent: &mut Map<String, Json>, outer: &str, inner: &str, value: Json) {
    let entry = parent.entry(outer).or_insert_with(|| Json::Object(Map::new()));
    if let Json::Object(members) = entry {
        members.insert(inner.to_owned(), value);
    }
}
