//! The setters of a pass, which take it and give it back.

use chrono::{DateTime, FixedOffset};

use super::Pass;
use crate::model::action::Action;
use crate::model::art::Slot;
use crate::model::barcode::Barcode;
use crate::model::beacon::Beacon;
use crate::model::color::Color;
use crate::model::dates::{Expiry, Relevance, Reminders};
use crate::model::extra::Extra;
use crate::model::field::Field;
use crate::model::id::{FieldKey, ObjectId};
use crate::model::link::Link;
use crate::model::nfc::Nfc;
use crate::model::personalization::Personalization;
use crate::model::picture::Picture;
use crate::model::place::Place;
use crate::model::protection::Protection;
use crate::model::role::Role;
use crate::model::rotating::RotatingBarcode;
use crate::model::smart_tap::SmartTap;
use crate::model::state::{Sharing, State};
use crate::model::text::{Locale, Text};

impl Pass {
    /// Says in which language the default of each text is written.
    pub fn language(mut self, language: Locale) -> Self {
        self.language = language;
        self
    }

    /// Says what VoiceOver says.
    pub fn description(mut self, description: impl Into<Text>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Puts a text beside the logo.
    pub fn logo_text(mut self, text: impl Into<Text>) -> Self {
        self.logo_text = Some(text.into());
        self
    }

    /// Colours the ground.
    pub fn background(mut self, color: Color) -> Self {
        self.colors.background = Some(color);
        self
    }

    /// Colours the values; Apple only.
    pub fn foreground(mut self, color: Color) -> Self {
        self.colors.foreground = Some(color);
        self
    }

    /// Colours the labels; Apple only.
    pub fn label_color(mut self, color: Color) -> Self {
        self.colors.label = Some(color);
        self
    }

    /// Puts a picture into a slot.
    pub fn picture(mut self, slot: Slot, picture: Picture) -> Self {
        self.art = self.art.with(slot, picture);
        self
    }

    /// Gives it a barcode.
    pub fn barcode(mut self, barcode: Barcode) -> Self {
        self.barcode = Some(barcode);
        self
    }

    /// Gives it a barcode that rotates, on Google.
    pub fn rotating_barcode(mut self, barcode: RotatingBarcode) -> Self {
        self.rotating_barcode = Some(barcode);
        self
    }

    /// Adds a field beside the logo.
    pub fn header_field(mut self, field: Field) -> Self {
        self.fields.header.push(field);
        self
    }

    /// Adds a large field.
    pub fn primary_field(mut self, field: Field) -> Self {
        self.fields.primary.push(field);
        self
    }

    /// Adds a field below the primary ones.
    pub fn secondary_field(mut self, field: Field) -> Self {
        self.fields.secondary.push(field);
        self
    }

    /// Adds a field beside or below the secondary ones.
    pub fn auxiliary_field(mut self, field: Field) -> Self {
        self.fields.auxiliary.push(field);
        self
    }

    /// Adds a field on the back.
    pub fn back_field(mut self, field: Field) -> Self {
        self.fields.back.push(field);
        self
    }

    /// Orders the details on Google.
    pub fn details(mut self, keys: impl IntoIterator<Item = FieldKey>) -> Self {
        self.details = keys.into_iter().collect();
        self
    }

    /// Labels a role in the words of the issuer.
    pub fn label(mut self, role: Role, label: impl Into<Text>) -> Self {
        self.wording.entry(role).or_default().label = Some(label.into());
        self
    }

    /// Says what an iPhone shows when the value of a role changes; must contain `%@`.
    pub fn on_change(mut self, role: Role, message: impl Into<Text>) -> Self {
        self.wording.entry(role).or_default().on_change = Some(message.into());
        self
    }

    /// Adds a time at which the lock screen offers the pass.
    pub fn relevant(mut self, relevance: Relevance) -> Self {
        self.dates.relevant.push(relevance);
        self
    }

    /// Says when it ends: an instant, or [`Expiry::days`].
    ///
    /// ```
    /// # use walletpass_core::{Coupon, Expiry, Pass};
    /// let coupon = Pass::new("1".parse()?, "Crumb", Coupon::new("20 % off every loaf"));
    /// let until_july = coupon.clone().expires("2027-06-30T23:59:00+02:00".parse()?);
    /// let for_a_month = coupon.expires(Expiry::days(30)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn expires(mut self, expiry: Expiry) -> Self {
        self.dates.expires = Some(expiry);
        self
    }

    /// Says when it begins to be valid; Google only.
    pub fn valid_from(mut self, at: DateTime<FixedOffset>) -> Self {
        self.dates.valid_from = Some(at);
        self
    }

    /// Says of what the holder is reminded; Google only.
    pub fn reminders(mut self, reminders: Reminders) -> Self {
        self.dates.reminders = reminders;
        self
    }

    /// Adds a place near which the lock screen offers the pass.
    pub fn place(mut self, place: Place) -> Self {
        self.places.push(place);
        self
    }

    /// Adds a beacon near which the lock screen offers the pass.
    pub fn beacon(mut self, beacon: Beacon) -> Self {
        self.beacons.push(beacon);
        self
    }

    /// Says what a contactless reader gets.
    pub fn nfc(mut self, nfc: Nfc) -> Self {
        self.nfc = Some(nfc);
        self
    }

    /// Says what a contactless reader of Google's gets.
    pub fn smart_tap(mut self, tap: SmartTap) -> Self {
        self.smart_tap = Some(tap);
        self
    }

    /// Adds a button on the front.
    pub fn action(mut self, action: Action) -> Self {
        self.actions.push(action);
        self
    }

    /// Asks the holder to sign up.
    pub fn personalization(mut self, form: Personalization) -> Self {
        self.personalization = Some(form);
        self
    }

    /// Adds a field to the details of a poster ticket or poster pass.
    pub fn additional_field(mut self, field: Field) -> Self {
        self.fields.additional.push(field);
        self
    }

    /// Adds a link on the back.
    pub fn link(mut self, link: Link) -> Self {
        self.links.push(link);
        self
    }

    /// Gives terms and conditions.
    pub fn terms(mut self, terms: impl Into<Text>) -> Self {
        self.terms = Some(terms.into());
        self
    }

    /// Puts it into a group.
    pub fn group(mut self, group: impl Into<String>) -> Self {
        self.group = Some(group.into());
        self
    }

    /// Says whether it may be handed on.
    pub fn sharing(mut self, sharing: Sharing) -> Self {
        self.sharing = Some(sharing);
        self
    }

    /// Makes it harder to copy.
    pub fn protection(mut self, protection: Protection) -> Self {
        self.protection = protection;
        self
    }

    /// Links another pass, by its id at Google.
    pub fn linked(mut self, id: ObjectId) -> Self {
        self.linked.push(id);
        self
    }

    /// Says where it stands in its life.
    pub fn state(mut self, state: State) -> Self {
        self.state = state;
        self
    }

    /// Adds raw JSON for one of the wallets.
    pub fn extra(mut self, extra: Extra) -> Self {
        self.extra = extra;
        self
    }
}
