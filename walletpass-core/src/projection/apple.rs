//! The sheet for Apple Wallet: `pass.json`, its pictures and its translations.

mod art;
mod contact;
mod foreign;
mod frame;
mod poster;
mod strings;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, FixedOffset, Utc};
use serde_json::{Map, Value as Json, json};

use crate::lint;
use crate::model::art::{Art, Slot};
use crate::model::id::{PassTypeId, TeamId};
use crate::model::kind::Kind;
use crate::model::money::Money;
use crate::model::pass::Pass;
use crate::model::person::PersonName;
use crate::model::role::Role;
use crate::model::text::{Locale, Text};
use crate::model::value::{DateStyle, DateValue, Value, ZoneRule};
use crate::projection::bounds::{bounded, without_identity};
use crate::projection::format::{element, instant};
use crate::projection::kind;
use crate::projection::look::looks;
use crate::projection::raw::Raw;
use crate::projection::report::{Report, Wallet};
use crate::projection::rules;

use self::art::Hung;
pub use self::strings::Strings;
use self::strings::complete;

/// What Apple Wallet gets of a pass.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct AppleSheet {
    /// The content of `pass.json`.
    pub pass: Map<String, Json>,
    /// The pictures of the package, still unsized and perhaps not loaded. There is no icon only when there is no logo either.
    pub art: Art,
    /// The pictures that are another in each language; none of them is in `art`, which would hide them.
    pub localized_art: BTreeMap<Locale, Art>,
    /// The content of `personalization.json`, where the holder signs up.
    pub personalization: Option<Map<String, Json>>,
    /// The translations.
    pub strings: Strings,
    /// Where everything landed, and what the lint found.
    pub report: Report,
}

/// Shows the report alone: the pass may hold a token or a PIN.
impl fmt::Debug for AppleSheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppleSheet").field("report", &self.report).finish_non_exhaustive()
    }
}

/// Draws a pass; where its art is not wanted, because a package has it already, that is reported and not copied.
pub(super) fn draw(
    pass: &Pass,
    pass_type: &PassTypeId,
    team: &TeamId,
    now: DateTime<Utc>,
    wants_art: bool,
) -> AppleSheet {
    let mut sheet = AppleDrawing::new(pass, wants_art);
    sheet.identity(pass_type, team);
    sheet.names();
    sheet.colors();
    match &pass.kind {
        Kind::Coupon(facts) => kind::coupon::apple(facts, &mut sheet),
        Kind::Event(facts) => kind::event::apple(facts, &mut sheet),
        Kind::Flight(facts) => kind::flight::apple(facts, &mut sheet),
        Kind::Generic(facts) => kind::generic::apple(facts, &mut sheet),
        Kind::GiftCard(facts) => kind::gift_card::apple(facts, &mut sheet),
        Kind::Loyalty(facts) => kind::loyalty::apple(facts, &mut sheet),
        Kind::Transit(facts) => kind::transit::apple(facts, &mut sheet),
    }
    sheet.explicit_fields();
    sheet.back();
    sheet.barcode();
    sheet.contact();
    // The last fields on the back, so that a poster finds them there.
    sheet.additional_fields();
    sheet.places();
    sheet.dates(now);
    sheet.rights();
    sheet.foreign();
    let art = sheet.art();
    sheet.unused_wording();
    sheet.finish(art, now)
}

/// Chooses the style of a pass.
pub(super) fn style_of(pass: &Pass) -> &'static str {
    match &pass.kind {
        Kind::Coupon(_) => "coupon",
        Kind::Event(_) => "eventTicket",
        Kind::Flight(_) | Kind::Transit(_) => "boardingPass",
        // A generic pass has no strip; a store card with the same fields has.
        Kind::Generic(_) if pass.art.get(Slot::Strip).is_some() => "storeCard",
        Kind::Generic(_) => "generic",
        Kind::GiftCard(_) | Kind::Loyalty(_) => "storeCard",
    }
}

/// The places for fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Header,
    Primary,
    Secondary,
    Auxiliary,
    Back,
    AdditionalInfo,
}

impl Place {
    fn key(self) -> &'static str {
        match self {
            Self::Header => "headerFields",
            Self::Primary => "primaryFields",
            Self::Secondary => "secondaryFields",
            Self::Auxiliary => "auxiliaryFields",
            Self::Back => "backFields",
            Self::AdditionalInfo => "additionalInfoFields",
        }
    }
}

/// The sheet while it is being drawn. Every stroke records where it placed what.
pub(super) struct AppleDrawing<'p> {
    pass: &'p Pass,
    wants_art: bool,
    style: &'static str,
    root: Map<String, Json>,
    body: Map<String, Json>,
    semantics: Map<String, Json>,
    personalization: Option<Map<String, Json>>,
    strings: Strings,
    relevant: Vec<(Json, DateTime<FixedOffset>)>,
    worded: Vec<Role>,
    report: Report,
}

impl<'p> AppleDrawing<'p> {
    fn new(pass: &'p Pass, wants_art: bool) -> Self {
        let style = style_of(pass);
        // So many facts a pass has without being unusual.
        let usual = if matches!(pass.kind, Kind::Event(_) | Kind::Flight(_)) { 32 } else { 16 };
        Self {
            pass,
            wants_art,
            style,
            root: Map::new(),
            body: Map::new(),
            semantics: Map::new(),
            personalization: None,
            strings: Strings::new(),
            relevant: Vec::new(),
            worded: Vec::new(),
            report: Report { looks: looks(pass), placements: Vec::with_capacity(usual), ..Report::default() },
        }
    }

    /// Says whether the pass has a look.
    pub(super) fn has(&self, look: &str) -> bool {
        self.report.looks.iter().any(|candidate| candidate.name == look && candidate.is_chosen())
    }

    /// Puts a fact at the root of `pass.json`.
    pub(super) fn root(&mut self, fact: impl Into<Cow<'static, str>>, key: &'static str, value: impl Into<Json>) {
        self.root.insert(key.to_owned(), value.into());
        self.report.place(Wallet::Apple, fact, key);
    }

    /// Says what a boarding pass is for.
    pub(super) fn transit_type(&mut self, transit_type: &'static str) {
        self.body.insert("transitType".to_owned(), transit_type.into());
    }

    /// Shows a fact as the field of its role, and says where.
    pub(super) fn field<'v>(
        &mut self,
        place: Place,
        role: Role,
        fact: &'static str,
        value: impl Into<Shown<'v>>,
    ) -> String {
        self.labelled_field(place, role, fact, None, value)
    }

    /// Shows a fact as the field of its role, under a label that is a fact too where there is one, and says where.
    pub(super) fn labelled_field<'v>(
        &mut self,
        place: Place,
        role: Role,
        fact: &'static str,
        label: Option<&Text>,
        value: impl Into<Shown<'v>>,
    ) -> String {
        let wording = self.pass.wording.get(&role);
        let worded = wording.and_then(|wording| wording.label.as_ref());
        if label.is_some() && worded.is_some() {
            self.note(wording_fact(role), "another fact of the pass is the label");
        }
        let label = match label.or(worded) {
            Some(label) => Some(self.text(label)),
            None => Some(role.label()).filter(|label| !label.is_empty()).map(str::to_owned),
        };
        let on_change = wording.and_then(|wording| wording.on_change.as_ref());
        let field = self.describe(role.key(), label, value.into(), on_change);
        let at = self.push(place, field);
        if wording.is_some() {
            self.worded.push(role);
            self.report.place(Wallet::Apple, wording_fact(role), at.clone());
        }
        self.report.place(Wallet::Apple, fact, at.clone());
        at
    }

    /// Shows a fact on the back, under a label and a key that are no role's.
    pub(super) fn labelled_back(&mut self, key: &'static str, fact: &'static str, label: &Text, value: &Text) {
        let label = self.text(label);
        let field = self.describe(key, Some(label), value.into(), None);
        let at = self.push(Place::Back, field);
        self.report.place(Wallet::Apple, fact, at);
    }

    /// Puts a text beside the logo, unless the pass has one of its own.
    pub(super) fn logo_text(&mut self, fact: &'static str, text: &Text) {
        if self.pass.logo_text.is_some() {
            return self.lost(fact, "the pass has a logo text of its own");
        }
        let text = self.text(text);
        self.root(fact, "logoText", text);
    }

    /// Fills a semantic tag.
    pub(super) fn tag(&mut self, fact: impl Into<Cow<'static, str>>, tag: &'static str, value: impl Into<Json>) {
        self.semantics.insert(tag.to_owned(), value.into());
        self.report.place(Wallet::Apple, fact, ["semantics.", tag].concat());
    }

    /// Fills a semantic tag with a text that can be translated.
    pub(super) fn text_tag(&mut self, fact: &'static str, tag: &'static str, text: &Text) {
        let text = self.text(text);
        self.tag(fact, tag, text);
    }

    /// Fills a semantic tag that is an array of texts.
    pub(super) fn texts_tag(&mut self, fact: &'static str, tag: &'static str, texts: &[Text]) {
        let texts: Vec<String> = texts.iter().map(|text| self.text(text)).collect();
        self.tag(fact, tag, texts);
    }

    /// Fills a semantic tag that is an array of objects, of which one is known.
    pub(super) fn entry_tag(&mut self, fact: &'static str, tag: &'static str, key: &'static str, value: &Text) {
        if !value.translations.is_empty() {
            self.note(fact, "its tag without translations");
        }
        let entries = self.semantics.entry(tag).or_insert_with(|| json!([{}]));
        if let Some(entry) = entries.get_mut(0).and_then(Json::as_object_mut) {
            entry.insert(key.to_owned(), value.default.as_str().into());
        }
        self.report.place(Wallet::Apple, fact, format!("semantics.{tag}[0].{key}"));
    }

    /// Fills the tag of the passenger's name, which has parts.
    pub(super) fn passenger_tag(&mut self, fact: &'static str, name: &PersonName) {
        if let PersonName::Parts { given, family } = name {
            self.tag(fact, "passengerName", json!({ "givenName": given, "familyName": family }));
        } else {
            self.note(fact, "without its tag, which wants given and family name apart");
        }
    }

    /// Warns, once for each airport, that a time could not be made an instant.
    pub(super) fn warn_of_time_zone(&mut self, airport: &'static str) {
        self.report.find(rules::FLIGHT_TIME_ZONE.finding(
            airport,
            "the airport has no time zone, so Apple shows its times as plain text and reminds of nothing",
            "give it `timeZone`, \"Europe/Lisbon\" for instance",
        ));
    }

    /// Offers the pass on the lock screen at a time that follows from its facts.
    pub(super) fn relevant(&mut self, fact: &'static str, at: DateTime<FixedOffset>) {
        self.moment(Cow::Borrowed(fact), at, None);
    }

    /// Gives as many of a list as a pass may have, and finds fault with a longer one.
    pub(super) fn bounded<'l, T>(&mut self, list: &'l [T], fact: &str) -> &'l [T] {
        bounded(list, fact, &mut self.report)
    }

    /// Records where a fact landed that was placed along with another.
    pub(super) fn placed(&mut self, fact: &'static str, at: impl Into<Cow<'static, str>>) {
        self.report.place(Wallet::Apple, fact, at);
    }

    /// Records that a fact has no place here.
    pub(super) fn lost(&mut self, fact: impl Into<Cow<'static, str>>, why: impl Into<Cow<'static, str>>) {
        self.report.note(Wallet::Apple, fact, why);
    }

    /// Records what changed on the way.
    pub(super) fn note(&mut self, fact: impl Into<Cow<'static, str>>, what: impl Into<Cow<'static, str>>) {
        self.report.note(Wallet::Apple, fact, what);
    }

    fn finish(mut self, art: Hung<'p>, now: DateTime<Utc>) -> AppleSheet {
        self.tell_semantics_only();
        self.second_row();
        self.looks();
        self.root.insert(self.style.to_owned(), std::mem::take(&mut self.body).into());
        if !self.semantics.is_empty() {
            let semantics = std::mem::take(&mut self.semantics);
            self.root.insert("semantics".to_owned(), semantics.into());
        }
        let extra = without_identity(&self.pass.extra.apple, "extra.apple", &IDENTITY, &mut self.report);
        let raw = Raw { wallet: Wallet::Apple, name: "extra.apple", prefix: "", json: &extra };
        let raw = raw.merge(&mut self.root, &mut self.report);
        let (art, localized_art) = self.translate_art(art);
        complete(&mut self.strings, localized_art.keys(), &self.pass.language, &mut self.report);
        self.report.judged(Wallet::Apple, lint::apple::check(&self.root, now), &raw);
        let Self { root: pass, personalization, strings, report, .. } = self;
        AppleSheet { pass, art, localized_art, personalization, strings, report }
    }

    /// Tells of each fact that stands in semantic tags alone: the classic layouts print none of them.
    fn tell_semantics_only(&mut self) {
        for placement in &mut self.report.placements {
            if !placement.is_lost() && placement.at.iter().all(|at| at.starts_with("semantics.")) {
                placement.note("for the system, not printed on the pass");
            }
        }
    }

    fn push(&mut self, place: Place, field: Map<String, Json>) -> String {
        let mut index = 0;
        if let Some(Json::Array(fields)) = self.body.get_mut(place.key()) {
            index = fields.len();
            fields.push(field.into());
        } else {
            self.body.insert(place.key().to_owned(), vec![Json::Object(field)].into());
        }
        element([self.style, ".", place.key()], index)
    }

    /// Draws a field. The label was written before, since of two texts that are told apart it is the first.
    fn describe(
        &mut self,
        key: &str,
        label: Option<String>,
        value: Shown<'_>,
        on_change: Option<&Text>,
    ) -> Map<String, Json> {
        let mut field = Map::new();
        field.insert("key".to_owned(), key.into());
        if let Some(label) = label {
            field.insert("label".to_owned(), label.into());
        }
        if let Some(message) = on_change {
            field.insert("changeMessage".to_owned(), self.text(message).into());
        }
        let value = match value {
            Shown::Text(text) => {
                field.insert("value".to_owned(), self.text(text).into());
                return field;
            }
            Shown::Value(value) => value,
            Shown::Words(words) => {
                field.insert("value".to_owned(), words.into_owned().into());
                return field;
            }
        };
        let shown: Json = match value.as_ref() {
            Value::Date(DateValue { at, style, time, relative, zone }) => {
                field.insert("dateStyle".to_owned(), date_style(*style).into());
                field.insert("timeStyle".to_owned(), date_style(*time).into());
                if *relative {
                    field.insert("isRelative".to_owned(), true.into());
                }
                if *zone == ZoneRule::Written {
                    field.insert("ignoresTimeZone".to_owned(), true.into());
                }
                instant(at).into()
            }
            Value::Decimal(number) => {
                field.insert("numberStyle".to_owned(), "PKNumberStyleDecimal".into());
                (*number).into()
            }
            Value::Integer(number) => {
                field.insert("numberStyle".to_owned(), "PKNumberStyleDecimal".into());
                (*number).into()
            }
            Value::Money(money) => {
                field.insert("currencyCode".to_owned(), money.currency.as_str().into());
                decimal(&money.amount())
            }
            Value::Percent(fraction) => {
                field.insert("numberStyle".to_owned(), "PKNumberStylePercent".into());
                (*fraction).into()
            }
            Value::Text(text) => self.text(text).into(),
        };
        field.insert("value".to_owned(), shown);
        field
    }
}

/// What a field shows, borrowed from the pass where that has it.
pub(super) enum Shown<'v> {
    /// Words that may be translated.
    Text(&'v Text),
    /// A typed value.
    Value(Cow<'v, Value>),
    /// Words in no language: a name, a number.
    Words(Cow<'v, str>),
}

impl<'v> From<&'v str> for Shown<'v> {
    fn from(words: &'v str) -> Self {
        Self::Words(words.into())
    }
}

impl From<String> for Shown<'_> {
    fn from(words: String) -> Self {
        Self::Words(words.into())
    }
}

impl<'v> From<&'v Text> for Shown<'v> {
    fn from(text: &'v Text) -> Self {
        Self::Text(text)
    }
}

impl<'v> From<&'v Value> for Shown<'v> {
    fn from(value: &'v Value) -> Self {
        Self::Value(Cow::Borrowed(value))
    }
}

impl From<Value> for Shown<'_> {
    fn from(value: Value) -> Self {
        Self::Value(Cow::Owned(value))
    }
}

impl From<Money> for Shown<'_> {
    fn from(money: Money) -> Self {
        Self::Value(Cow::Owned(money.into()))
    }
}

/// Gives the path of the wording of a role in the pass.
fn wording_fact(role: Role) -> String {
    ["wording.", role.key()].concat()
}

fn date_style(style: DateStyle) -> &'static str {
    match style {
        DateStyle::None => "PKDateStyleNone",
        DateStyle::Short => "PKDateStyleShort",
        DateStyle::Medium => "PKDateStyleMedium",
        DateStyle::Long => "PKDateStyleLong",
        DateStyle::Full => "PKDateStyleFull",
    }
}

/// Writes a decimal text as a JSON number; a whole one without decimals.
fn decimal(amount: &str) -> Json {
    let whole = amount.strip_suffix(".00").and_then(|whole| whole.parse::<i64>().ok());
    whole.map(Json::from).or_else(|| amount.parse::<f64>().ok().map(Json::from)).unwrap_or(Json::Null)
}

/// What tells one pass from another, and is never taken from raw JSON.
const IDENTITY: [&str; 4] = ["formatVersion", "passTypeIdentifier", "serialNumber", "teamIdentifier"];
