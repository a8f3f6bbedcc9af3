//! What a pass says to readers, beacons and buttons, and what it asks its holder.

use std::borrow::Cow;

use serde_json::{Map, Value as Json, json};
use url::Url;

use super::AppleDrawing;
use crate::model::action::{Action, ActionTarget};
use crate::model::beacon::Beacon;
use crate::model::link::bare_scheme;
use crate::model::nfc::Nfc;
use crate::model::personalization::{PersonalField, Personalization};
use crate::model::text::Text;
use crate::projection::bounds::{bounded, judge_action, judge_link};
use crate::projection::format::{element, set};
use crate::projection::look::{POSTER_TICKET, SEMANTIC};
use crate::projection::report::Wallet;

impl AppleDrawing<'_> {
    pub(super) fn contact(&mut self) {
        let pass = self.pass;
        if let Some(Nfc { message, public_key, requires_authentication }) = &pass.nfc {
            let mut nfc = json!({ "message": message, "encryptionPublicKey": public_key.as_str() });
            // Poster tickets are to say so either way.
            if *requires_authentication || self.has(POSTER_TICKET) {
                set(&mut nfc, "requiresAuthentication", *requires_authentication);
            }
            self.root("nfc", "nfc", nfc);
        }
        self.beacons();
        self.actions();
        if let Some(form) = &pass.personalization {
            self.personalization(form);
        }
    }

    fn beacons(&mut self) {
        let mut beacons = Vec::new();
        for (index, beacon) in bounded(&self.pass.beacons, "beacons", &mut self.report).iter().enumerate() {
            let Beacon { uuid, major, minor, text } = beacon;
            let mut json = json!({ "proximityUUID": uuid.as_str() });
            for (key, number) in [("major", major), ("minor", minor)] {
                if let Some(number) = number {
                    set(&mut json, key, *number);
                }
            }
            if let Some(text) = text {
                set(&mut json, "relevantText", self.text(text));
            }
            beacons.push(json);
            self.report.place(Wallet::Apple, element(["beacons"], index), element(["beacons"], index));
        }
        if !beacons.is_empty() {
            self.root.insert("beacons".to_owned(), beacons.into());
        }
    }

    fn actions(&mut self) {
        // The newer layouts of tickets have buttons of their own.
        let has_buttons = !self.has(POSTER_TICKET) && !self.has(SEMANTIC);
        let mut buttons = Vec::new();
        for (index, action) in bounded(&self.pass.actions, "actions", &mut self.report).iter().enumerate() {
            let fact = format!("actions[{index}]");
            let Action { id, purpose, to } = action;
            let mut button = json!({ "identifier": id.as_str(), "type": purpose.name() });
            match to {
                ActionTarget::Place(place) => {
                    set(&mut button, "placeIdentifier", place.as_str());
                    self.note(fact.clone(), "before iOS 27 not shown: give a link too");
                }
                ActionTarget::Url(url) => {
                    judge_action(url, &fact, &mut self.report);
                    set(&mut button, "url", url.as_str());
                    let at = self.link(format!("_action{index}"), Some(&Text::new(purpose.label())), url.as_str());
                    self.report.place(Wallet::Apple, fact.clone(), at);
                }
            }
            if has_buttons {
                buttons.push(button);
                self.report.place(Wallet::Apple, fact, format!("featuredActions[{index}]"));
            } else {
                self.note(fact, "no button: poster tickets and semantic boarding passes have none");
            }
        }
        if !buttons.is_empty() {
            self.root.insert("featuredActions".to_owned(), buttons.into());
        }
    }

    fn personalization(&mut self, form: &Personalization) {
        if self.style != "storeCard" {
            return self.lost("personalization", "only loyalty and gift cards ask their holder to sign up");
        }
        let Personalization { description, fields, terms } = form;
        let names: Vec<&str> = fields.iter().map(|field| apple_name(*field)).collect();
        let mut json = Map::from_iter([
            ("description".to_owned(), Json::from(self.text(description))),
            ("requiredPersonalizationFields".to_owned(), names.into()),
        ]);
        if let Some(terms) = terms {
            json.insert("termsAndConditions".to_owned(), self.text(terms).into());
        }
        self.personalization = Some(json);
        self.placed("personalization", "personalization.json");
    }

    /// Places a page: on the back, where every system has it, and under a key of a newer layout where the pass has that.
    pub(in crate::projection) fn page(
        &mut self,
        look: &'static str,
        fact: String,
        (name, key, label): (&'static str, &'static str, &'static str),
        url: &Url,
    ) {
        judge_link(url, &fact, &mut self.report);
        let at = self.link(format!("_{name}"), Some(&Text::new(label)), url.as_str());
        self.report.place(Wallet::Apple, fact.clone(), at);
        if self.has(look) {
            let address = bare_address(name, url);
            if drops_query(&address, url) {
                self.note(fact.clone(), "in the newer look without what follows the `?`");
            }
            self.root(fact, key, address.into_owned());
        }
    }
}

/// Writes the link of a page as its key takes it: a mail address and a telephone number without their scheme where they have
/// a key of their own.
pub(super) fn bare_address<'u>(page: &str, url: &'u Url) -> Cow<'u, str> {
    if bare_scheme(page) == Some(url.scheme()) { url.path().into() } else { url.as_str().into() }
}

/// Says whether a bare address leaves out the query of its link.
pub(super) fn drops_query(address: &str, url: &Url) -> bool {
    url.query().is_some() && address == url.path()
}

fn apple_name(field: PersonalField) -> &'static str {
    match field {
        PersonalField::EmailAddress => "PKPassPersonalizationFieldEmailAddress",
        PersonalField::Name => "PKPassPersonalizationFieldName",
        PersonalField::PhoneNumber => "PKPassPersonalizationFieldPhoneNumber",
        PersonalField::PostalCode => "PKPassPersonalizationFieldPostalCode",
    }
}
