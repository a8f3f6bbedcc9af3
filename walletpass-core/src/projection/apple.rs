//! The sheet for Apple Wallet: `pass.json`, its pictures and its translations.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, Utc};
use serde_json::{Map, Value as Json, json};

use crate::lint;
use crate::model::art::{Art, Picture, Scales, Slot, Source};
use crate::model::barcode::{Barcode, Symbology};
use crate::model::color::Color;
use crate::model::extra;
use crate::model::field::{Align, Field};
use crate::model::id::{PassTypeId, TeamId};
use crate::model::kind::Kind;
use crate::model::pass::Pass;
use crate::model::person::PersonName;
use crate::model::role::{Role, Wording};
use crate::model::state::State;
use crate::model::text::{Locale, Text};
use crate::model::value::{DateStyle, DateValue, Value, ZoneRule};
use crate::projection::format::{instant, is_latin1, set};
use crate::projection::kind;
use crate::projection::report::{Report, Wallet};
use crate::projection::rules;

/// What Apple Wallet gets of a pass.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AppleSheet {
    /// The content of `pass.json`.
    pub pass: Map<String, Json>,
    /// The pictures of the package, still unsized and perhaps not loaded. There is no icon only when there is no logo either.
    pub art: Art,
    /// The translations.
    pub strings: Strings,
    /// Where everything landed, and what the lint found.
    pub report: Report,
}

/// Translations for `xx.lproj/pass.strings`: by language, from the text in `pass.json` to its translation.
///
/// Every language has the same keys, and the language of the pass is among them, so that a phone never falls back to a
/// language its holder does not read while the default would do.
pub type Strings = BTreeMap<Locale, BTreeMap<String, String>>;

pub(super) fn draw(pass: &Pass, pass_type: &PassTypeId, team: &TeamId, now: DateTime<Utc>) -> AppleSheet {
    let mut sheet = AppleDrawing::new(pass);
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
    sheet.places();
    sheet.dates(now);
    sheet.rights();
    let art = sheet.art();
    sheet.unused_wording();
    sheet.finish(art, now)
}

/// The five places for fields.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    Header,
    Primary,
    Secondary,
    Auxiliary,
    Back,
}

impl Place {
    fn key(self) -> &'static str {
        match self {
            Self::Header => "headerFields",
            Self::Primary => "primaryFields",
            Self::Secondary => "secondaryFields",
            Self::Auxiliary => "auxiliaryFields",
            Self::Back => "backFields",
        }
    }
}

/// The sheet while it is being drawn. Every stroke records where it placed what.
pub(super) struct AppleDrawing<'p> {
    pass: &'p Pass,
    style: &'static str,
    root: Map<String, Json>,
    body: Map<String, Json>,
    semantics: Map<String, Json>,
    strings: Strings,
    relevant: Vec<(Json, DateTime<FixedOffset>)>,
    worded: Vec<Role>,
    report: Report,
}

impl<'p> AppleDrawing<'p> {
    fn new(pass: &'p Pass) -> Self {
        let style = match &pass.kind {
            Kind::Coupon(_) => "coupon",
            Kind::Event(_) => "eventTicket",
            Kind::Flight(_) | Kind::Transit(_) => "boardingPass",
            // A generic pass has no strip; a store card with the same fields has.
            Kind::Generic(_) if pass.art.get(Slot::Strip).is_some() => "storeCard",
            Kind::Generic(_) => "generic",
            Kind::GiftCard(_) | Kind::Loyalty(_) => "storeCard",
        };
        Self {
            pass,
            style,
            root: Map::new(),
            body: Map::new(),
            semantics: Map::new(),
            strings: Strings::new(),
            relevant: Vec::new(),
            worded: Vec::new(),
            report: Report::default(),
        }
    }

    /// Puts a fact at the root of `pass.json`.
    pub(super) fn root(&mut self, fact: &'static str, key: &'static str, value: impl Into<Json>) {
        self.root.insert(key.to_owned(), value.into());
        self.report.place(Wallet::Apple, fact, key);
    }

    /// Says what a boarding pass is for.
    pub(super) fn transit_type(&mut self, transit_type: &'static str) {
        self.body.insert("transitType".to_owned(), transit_type.into());
    }

    /// Shows a fact as the field of its role, and says where.
    pub(super) fn field(&mut self, place: Place, role: Role, fact: &'static str, value: impl Into<Value>) -> String {
        let pass = self.pass;
        let wording = pass.wording.get(&role);
        let label = match wording {
            Some(Wording { label: Some(label), .. }) => Some(Cow::Borrowed(label)),
            _ if role.label().is_empty() => None,
            _ => Some(Cow::Owned(Text::new(role.label()))),
        };
        self.labelled_field(place, role, fact, label.as_deref(), value.into())
    }

    /// Shows a fact as the field of its role, under a label that is a fact too, and says where.
    pub(super) fn labelled_field(
        &mut self,
        place: Place,
        role: Role,
        fact: &'static str,
        label: Option<&Text>,
        value: Value,
    ) -> String {
        let on_change = self.pass.wording.get(&role).and_then(|wording| wording.on_change.as_ref());
        let mut field = Map::from_iter([("key".to_owned(), role.key().into())]);
        self.describe(&mut field, label, &value, on_change);
        let at = self.push(place, field);
        if self.pass.wording.contains_key(&role) {
            self.worded.push(role);
            self.report.place(Wallet::Apple, format!("wording.{}", role.key()), at.clone());
        }
        self.report.place(Wallet::Apple, fact, at.clone());
        at
    }

    /// Shows a fact on the back, under a label and a key that are no role's.
    pub(super) fn labelled_back(&mut self, key: &'static str, fact: &'static str, label: &Text, value: &Text) {
        let mut field = Map::from_iter([("key".to_owned(), key.into())]);
        self.describe(&mut field, Some(label), &Value::Text(value.clone()), None);
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
    pub(super) fn tag(&mut self, fact: &'static str, tag: &'static str, value: impl Into<Json>) {
        self.semantics.insert(tag.to_owned(), value.into());
        self.report.place(Wallet::Apple, fact, format!("semantics.{tag}"));
    }

    /// Fills a semantic tag with a text that can be translated.
    pub(super) fn text_tag(&mut self, fact: &'static str, tag: &'static str, text: &Text) {
        let text = self.text(text);
        self.tag(fact, tag, text);
    }

    /// Fills a semantic tag that is an array of objects, of which one is known.
    pub(super) fn entry_tag(
        &mut self,
        fact: &'static str,
        tag: &'static str,
        key: &'static str,
        value: impl Into<Json>,
    ) {
        let entries = self.semantics.entry(tag).or_insert_with(|| json!([{}]));
        if let Some(entry) = entries.get_mut(0).and_then(Json::as_object_mut) {
            entry.insert(key.to_owned(), value.into());
        }
        self.report.place(Wallet::Apple, fact, format!("semantics.{tag}[0].{key}"));
    }

    /// Fills the tag of the passenger's name, which has parts.
    pub(super) fn passenger_tag(&mut self, fact: &'static str, name: &PersonName) {
        if let PersonName::Parts { given, family } = name {
            self.tag(fact, "passengerName", json!({ "givenName": given, "familyName": family }));
        }
    }

    /// Offers the pass on the lock screen at a time that follows from its facts.
    pub(super) fn relevant(&mut self, fact: &'static str, at: DateTime<FixedOffset>) {
        self.moment(Cow::Borrowed(fact), at, None);
    }

    /// Records where a fact landed that was placed along with another.
    pub(super) fn placed(&mut self, fact: &'static str, at: impl Into<String>) {
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

    /// Writes a text as it stands in `pass.json` and keeps its translations.
    pub(super) fn text(&mut self, text: &Text) -> String {
        for (locale, translation) in &text.translations {
            let known =
                self.strings.entry(locale.clone()).or_default().insert(text.default.clone(), translation.clone());
            if known.is_some_and(|known| known != *translation) {
                self.report.findings.push(rules::TRANSLATION_CONFLICT.finding(
                    "",
                    format!(
                        "the text {:?} has two translations into {locale}, and Wallet looks them up by the text",
                        text.default
                    ),
                    "word the default text differently in one of the two places",
                ));
            }
        }
        text.default.clone()
    }

    fn identity(&mut self, pass_type: &PassTypeId, team: &TeamId) {
        self.root.insert("formatVersion".to_owned(), 1.into());
        self.root.insert("passTypeIdentifier".to_owned(), pass_type.as_str().into());
        self.root.insert("teamIdentifier".to_owned(), team.as_str().into());
        self.root("serial", "serialNumber", self.pass.serial.as_str());
    }

    fn names(&mut self) {
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
                let parts: Vec<&str> = headline.into_iter().chain([pass.organization.default.as_str()]).collect();
                self.root.insert("description".to_owned(), parts.join(", ").into());
            }
        }
        if let Some(text) = &pass.logo_text {
            let text = self.text(text);
            self.root("logoText", "logoText", text);
        }
    }

    fn colors(&mut self) {
        let colors = self.pass.colors;
        if let Some(background) = colors.background {
            self.root("colors.background", "backgroundColor", background.to_string());
        }
        // Text that nobody coloured must still be read.
        let readable = colors.background.map(Color::readable);
        for (fact, key, chosen) in
            [("colors.foreground", "foregroundColor", colors.foreground), ("colors.label", "labelColor", colors.label)]
        {
            match (chosen, readable) {
                (Some(color), _) => self.root(fact, key, color.to_string()),
                (None, Some(color)) => {
                    self.root.insert(key.to_owned(), color.to_string().into());
                }
                (None, None) => {}
            }
        }
    }

    fn explicit_fields(&mut self) {
        let fields = &self.pass.fields;
        for (name, place, fields) in [
            ("header", Place::Header, &fields.header),
            ("primary", Place::Primary, &fields.primary),
            ("secondary", Place::Secondary, &fields.secondary),
            ("auxiliary", Place::Auxiliary, &fields.auxiliary),
            ("back", Place::Back, &fields.back),
        ] {
            for (index, field) in fields.iter().enumerate() {
                self.explicit_field(format!("fields.{name}[{index}]"), place, field);
            }
        }
    }

    fn explicit_field(&mut self, fact: String, place: Place, field: &Field) {
        let Field { key, label, value, on_change, align } = field;
        let mut drawn = Map::from_iter([("key".to_owned(), key.as_str().into())]);
        self.describe(&mut drawn, label.as_ref(), value, on_change.as_ref());
        if let Some(align) = align {
            let align = match align {
                Align::Center => "PKTextAlignmentCenter",
                Align::Left => "PKTextAlignmentLeft",
                Align::Natural => "PKTextAlignmentNatural",
                Align::Right => "PKTextAlignmentRight",
            };
            drawn.insert("textAlignment".to_owned(), align.into());
        }
        let at = self.push(place, drawn);
        self.report.place(Wallet::Apple, fact, at);
    }

    fn back(&mut self) {
        let pass = self.pass;
        if let Some(terms) = &pass.terms {
            self.field(Place::Back, Role::Terms, "terms", terms.clone());
        }
        for (index, link) in pass.links.iter().enumerate() {
            let at = self.link(format!("link{index}"), Some(&link.text), link.url.as_str());
            self.report.place(Wallet::Apple, format!("links[{index}]"), at);
        }
    }

    /// Adds a link to the back and says where.
    pub(super) fn link(&mut self, key: String, text: Option<&Text>, url: &str) -> String {
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

    fn barcode(&mut self) {
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
        } else if barcode.caption.as_ref().is_some_and(|caption| !caption.translations.is_empty()) {
            self.note("barcode", "the caption without its translations");
        }
    }

    fn places(&mut self) {
        let pass = self.pass;
        let mut locations = Vec::new();
        for (index, place) in pass.places.iter().enumerate() {
            let mut location = json!({ "latitude": place.latitude, "longitude": place.longitude });
            if let Some(altitude) = place.altitude {
                set(&mut location, "altitude", altitude);
            }
            if let Some(text) = &place.text {
                set(&mut location, "relevantText", self.text(text));
            }
            locations.push(location);
            self.report.place(Wallet::Apple, format!("places[{index}]"), format!("locations[{index}]"));
        }
        if !locations.is_empty() {
            self.root.insert("locations".to_owned(), locations.into());
        }
    }

    fn dates(&mut self, now: DateTime<Utc>) {
        let pass = self.pass;
        for (index, relevance) in pass.dates.relevant.iter().enumerate() {
            self.moment(format!("dates.relevant[{index}]").into(), relevance.start, relevance.end);
        }
        if let Some((_, first)) = self.relevant.first() {
            self.root.insert("relevantDate".to_owned(), instant(first).into());
            let all: Vec<Json> = self.relevant.iter().map(|(entry, _)| entry.clone()).collect();
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
            self.root("state", "expirationDate", instant(&at));
        }
        if !pass.state.is_active() {
            self.root("state", "voided", true);
        }
        if pass.state == State::Redeemed {
            self.note("state", "Apple knows no redeemed pass and shows it as void");
        }
    }

    fn moment(&mut self, fact: Cow<'static, str>, start: DateTime<FixedOffset>, end: Option<DateTime<FixedOffset>>) {
        // iOS 18 reads `relevantDate` in the entry, iOS 26 reads `date`; before both there was the key at the root.
        let entry = match end {
            Some(end) => json!({ "startDate": instant(&start), "endDate": instant(&end) }),
            None => json!({ "date": instant(&start), "relevantDate": instant(&start) }),
        };
        self.report.place(Wallet::Apple, fact, format!("relevantDates[{}]", self.relevant.len()));
        self.relevant.push((entry, start));
    }

    fn rights(&mut self) {
        let pass = self.pass;
        if pass.sharing.is_some() {
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

    /// Chooses the pictures that the style draws.
    fn art(&mut self) -> Art {
        let pass = self.pass;
        let mut art = Art::default();
        let has_strip = pass.art.get(Slot::Strip).is_some();
        for (slot, picture) in pass.art.iter() {
            let fact = format!("art.{}", slot.name());
            let why = match (slot, self.style) {
                (Slot::Hero, _) => Some("Google only; the strip is Apple's banner"),
                (Slot::Strip, "boardingPass") => Some("a boarding pass has no strip"),
                (Slot::Thumbnail | Slot::Background, "eventTicket") if has_strip => {
                    Some("an event ticket shows either its strip or these")
                }
                (Slot::Thumbnail, "eventTicket" | "generic") => None,
                (Slot::Thumbnail, _) => Some("only event tickets and generic passes have a thumbnail"),
                (Slot::Background, "eventTicket") => None,
                (Slot::Background, _) => Some("only event tickets have a background"),
                (Slot::Footer, style) if style != "boardingPass" => Some("only boarding passes have a footer"),
                _ => None,
            };
            match why {
                Some(why) => self.lost(fact, why),
                None => art = self.hang(art, fact, slot, picture),
            }
        }
        let of_kind = pass.kind.logo();
        if art.get(Slot::Logo).is_none()
            && let Some((fact, logo)) = of_kind
        {
            art = self.hang(art, fact.to_owned(), Slot::Logo, logo);
        } else if let Some((fact, _)) = of_kind.filter(|_| art.get(Slot::Icon).is_some()) {
            self.lost(fact, "the pass has an icon and a logo of its own");
        }
        if art.get(Slot::Icon).is_none() {
            let logo = pass.art.get(Slot::Logo).map(|logo| ("art.logo", logo));
            match of_kind.or(logo) {
                Some((fact, logo)) => art = self.hang(art, fact.to_owned(), Slot::Icon, logo),
                None => self.report.findings.push(rules::PLAIN_ICON.finding(
                    "",
                    "the pass has neither icon nor logo, so its icon is a plain dark square",
                    "give it an icon of 114 x 114 pixels or more",
                )),
            }
        }
        art
    }

    fn hang(&mut self, art: Art, fact: String, slot: Slot, picture: &Picture) -> Art {
        let Scales { x1, x2, x3 } = &picture.scales;
        let mut sources = [Some(&picture.source), x1.as_ref(), x2.as_ref(), x3.as_ref()].into_iter().flatten();
        if sources.all(|source| matches!(source, Source::Url(_))) {
            self.lost(fact.clone(), "a package carries the bytes of a picture, not its address");
            self.report.findings.push(rules::PICTURE_BY_ADDRESS.finding(
                fact,
                "the picture is given by its address alone, and an Apple pass carries its bytes",
                "give the PNG as the source and the address as `url`",
            ));
            return art;
        }
        self.report.place(Wallet::Apple, fact, format!("{}.png", slot.name()));
        art.with(slot, picture.clone())
    }

    fn unused_wording(&mut self) {
        for role in self.pass.wording.keys().filter(|role| !self.worded.contains(role)) {
            let fact = format!("wording.{}", role.key());
            self.report.note(Wallet::Apple, fact.clone(), "this pass shows no such value");
            self.report.findings.push(rules::UNUSED_WORDING.finding(
                fact,
                format!("there is wording for `{}`, which this pass does not show", role.key()),
                "leave it out, or give the pass that value",
            ));
        }
    }

    fn finish(mut self, art: Art, now: DateTime<Utc>) -> AppleSheet {
        self.root.insert(self.style.to_owned(), self.body.into());
        if !self.semantics.is_empty() {
            self.root.insert("semantics".to_owned(), self.semantics.into());
        }
        extra::merge(&mut self.root, &self.pass.extra.apple);
        if !self.pass.extra.apple.is_empty() {
            self.report.place(Wallet::Apple, "extra.apple", "pass.json");
        }
        complete(&mut self.strings, &self.pass.language);
        self.report.findings.extend(lint::apple::check(&self.root, now));
        AppleSheet { pass: self.root, art, strings: self.strings, report: self.report }
    }

    fn push(&mut self, place: Place, field: Map<String, Json>) -> String {
        let group = self.body.entry(place.key()).or_insert_with(|| Json::Array(Vec::new()));
        let mut index = 0;
        if let Json::Array(fields) = group {
            index = fields.len();
            fields.push(field.into());
        }
        format!("{}.{}[{index}]", self.style, place.key())
    }

    fn describe(
        &mut self,
        field: &mut Map<String, Json>,
        label: Option<&Text>,
        value: &Value,
        on_change: Option<&Text>,
    ) {
        if let Some(label) = label {
            field.insert("label".to_owned(), self.text(label).into());
        }
        if let Some(message) = on_change {
            field.insert("changeMessage".to_owned(), self.text(message).into());
        }
        let shown: Json = match value {
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

/// Gives every language the same keys: the base language's words where the regional one has none, else the default.
fn complete(strings: &mut Strings, language: &Locale) {
    let keys: Vec<String> = strings.values().flat_map(BTreeMap::keys).cloned().collect();
    if keys.is_empty() {
        return;
    }
    strings.entry(language.clone()).or_default();
    let given = strings.clone();
    for (locale, table) in strings {
        let base = locale.as_str().split('-').next().and_then(|base| base.parse::<Locale>().ok());
        let of_base = base.and_then(|base| given.get(&base));
        for key in &keys {
            table.entry(key.clone()).or_insert_with(|| of_base.and_then(|base| base.get(key)).unwrap_or(key).clone());
        }
    }
}
