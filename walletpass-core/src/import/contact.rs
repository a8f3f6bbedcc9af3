//! What the original says to readers, beacons and buttons, and what it asks its holder.

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error as ValueError;
use serde_json::{Map, Value as Json};
use url::Url;

use crate::import::account::{Account, shorten};
use crate::import::original::Original;
use crate::lint::apple::Files;
use crate::model::action::{Action, ActionPurpose, ActionTarget, is_openable};
use crate::model::beacon::Beacon;
use crate::model::id::FieldKey;
use crate::model::nfc::{Nfc, NfcKey};
use crate::model::pass::Pass;
use crate::model::personalization::{PersonalField, Personalization};

/// Reads the form by which the holder signs up, where the package has one.
pub(super) fn form(files: &Files<'_>, account: &mut Account) -> Option<Map<String, Json>> {
    match serde_json::from_slice(files.get(FORM)?) {
        Ok(Json::Object(form)) => Some(form),
        _ => {
            account.dropped(FORM, "it is no JSON object");
            None
        }
    }
}

/// Reads all of it.
pub(super) fn read(original: &mut Original<'_>, pass: &mut Pass, form: Option<&Map<String, Json>>) {
    pass.nfc = nfc(original);
    beacons(original, pass);
    actions(original, pass);
    pass.personalization = form.and_then(|form| personalization(original, form));
}

fn nfc(original: &mut Original<'_>) -> Option<Nfc> {
    let json = original.root.get("nfc")?;
    let text = |key| json.get(key).and_then(Json::as_str).filter(|text: &&str| !text.is_empty());
    let read = match (text("message"), text("encryptionPublicKey").map(str::parse::<NfcKey>)) {
        (Some(message), Some(Ok(key))) => Ok(Nfc::new(message, key)),
        (None, _) => Err("it has no message for the reader".to_owned()),
        (_, None) => Err("it has no `encryptionPublicKey`, which both wallets demand".to_owned()),
        (_, Some(Err(error))) => Err(error.to_string()),
    };
    match read {
        Ok(mut nfc) => {
            nfc.requires_authentication = json.get("requiresAuthentication") == Some(&Json::Bool(true));
            original.account.fact("nfc", "nfc");
            Some(nfc)
        }
        Err(why) => {
            original.account.raw("nfc", why);
            None
        }
    }
}

fn beacons(original: &mut Original<'_>, pass: &mut Pass) {
    let Some(Json::Array(list)) = original.root.get("beacons") else { return };
    for (index, json) in list.iter().enumerate().take(MOST) {
        let path = format!("beacons[{index}]");
        let uuid = json.get("proximityUUID").and_then(Json::as_str).map(str::parse);
        let number = |key| match json.get(key) {
            None => Ok(None),
            Some(number) => number.as_u64().and_then(|number| u16::try_from(number).ok()).map(Some).ok_or(()),
        };
        let mut beacon = match uuid {
            Some(Ok(uuid)) => Beacon::new(uuid),
            Some(Err(error)) => {
                original.account.raw(path, error.to_string());
                continue;
            }
            None => {
                original.account.raw(path, "it has no `proximityUUID`");
                continue;
            }
        };
        let (Ok(major), Ok(minor)) = (number("major"), number("minor")) else {
            original.account.raw(path, "its `major` and `minor` are not whole numbers from 0 to 65535");
            continue;
        };
        (beacon.major, beacon.minor) = (major, minor);
        let text = json.get("relevantText").and_then(Json::as_str).filter(|text| !text.is_empty());
        beacon.text = text.map(|text| original.languages.text(text));
        original.account.fact(path, format!("beacons[{}]", pass.beacons.len()));
        pass.beacons.push(beacon);
    }
    if list.len() > MOST {
        original.account.remark("beacons", format!("{MOST} of them are read"));
    }
    if !pass.beacons.is_empty() {
        original.account.fact("beacons", "beacons");
    }
}

fn actions(original: &mut Original<'_>, pass: &mut Pass) {
    let Some(buttons) = original.root.get("featuredActions") else { return links_of_actions(original, pass) };
    let Json::Array(buttons) = buttons else { return };
    for (index, json) in buttons.iter().enumerate().take(MOST) {
        let path = format!("featuredActions[{index}]");
        match action(json) {
            Ok(action) => {
                let fact = format!("actions[{}]", pass.actions.len());
                // Older systems have its link on the back, and its field is none of the pass's own.
                let link = linked(original, pass.actions.len()).filter(|(_, _, url)| is_to(&action, url));
                if let Some((at, ..)) = link {
                    original.consume(at, fact.clone());
                }
                original.account.fact(path, fact);
                pass.actions.push(action);
            }
            Err(why) => original.account.raw(path, why),
        }
    }
    if buttons.len() > MOST {
        original.account.remark("featuredActions", format!("{MOST} of them are read"));
    }
    if !pass.actions.is_empty() {
        original.account.fact("featuredActions", "actions");
    }
}

fn action(json: &Json) -> Result<Action, String> {
    let text = |key| json.get(key).and_then(Json::as_str).filter(|text: &&str| !text.is_empty());
    let id: FieldKey = text("identifier")
        .ok_or("it has no `identifier`")?
        .parse()
        .map_err(|error| format!("its identifier: {error}"))?;
    let purpose = text("type").and_then(purpose).ok_or("its `type` is missing or unknown")?;
    match (text("placeIdentifier"), text("url").map(target)) {
        (Some(place), None) => Ok(Action { id, purpose, to: ActionTarget::Place(place.to_owned()) }),
        (_, Some(Some(url))) => Ok(Action::new(id, purpose, url)),
        (_, Some(None)) => {
            Err("its `url` leads nowhere: begin it with `https://`, `tel:`, or the scheme of an app and `//`"
                .to_owned())
        }
        (None, None) => Err("it leads nowhere: it has neither `url` nor `placeIdentifier`".to_owned()),
    }
}

/// Reads the address of a button, which may be that of an app.
fn target(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(is_openable)
}

fn is_to(action: &Action, url: &Url) -> bool {
    matches!(&action.to, ActionTarget::Url(to) if to == url)
}

/// Reads the actions of a layout that has no buttons: their links on the back, where the label says the purpose.
fn links_of_actions(original: &mut Original<'_>, pass: &mut Pass) {
    while let Some((at, label, url)) = linked(original, pass.actions.len()).filter(|_| pass.actions.len() < MOST) {
        let Some(purpose) = PURPOSES.into_iter().find(|purpose| purpose.label() == label) else { return };
        let count = pass.actions.iter().filter(|action| action.purpose == purpose).count();
        let name = if count == 0 { purpose.name().to_owned() } else { format!("{}-{}", purpose.name(), count + 1) };
        let Ok(id) = name.parse() else { return };
        original.consume(at, format!("actions[{}]", pass.actions.len()));
        pass.actions.push(Action::new(id, purpose, url));
    }
}

/// Finds the link of an action on the back, with its label.
fn linked(original: &Original<'_>, index: usize) -> Option<(usize, String, Url)> {
    let at = original.keyed(&format!("_action{index}"))?;
    let field = original.fields.get(at).filter(|field| field.group == "backFields")?;
    let url = target(field.json.get("value")?.as_str()?)?;
    Some((at, field.label().map_or("", |label| original.languages.in_base(label)).to_owned(), url))
}

fn personalization(original: &mut Original<'_>, form: &Map<String, Json>) -> Option<Personalization> {
    if original.style != "storeCard" {
        original.account.dropped(FORM, "only store cards ask their holder to sign up");
        return None;
    }
    let text = |key| form.get(key).and_then(Json::as_str).filter(|text: &&str| !text.is_empty());
    let Some(description) = text("description") else {
        original.account.dropped(FORM, "it has no `description`, which Apple demands");
        return None;
    };
    let mut fields = Vec::new();
    for json in form.get("requiredPersonalizationFields").and_then(Json::as_array).into_iter().flatten().take(MOST) {
        match json.as_str().and_then(personal_field) {
            Some(field) if fields.contains(&field) => {}
            Some(field) => fields.push(field),
            None => {
                let name = shorten(&json.to_string());
                original.account.remark(FORM, format!("Wallet asks for no {name}, which is left out"));
            }
        }
    }
    if fields.is_empty() {
        original.account.dropped(FORM, "it asks for nothing: list `requiredPersonalizationFields`");
        return None;
    }
    for key in form.keys().filter(|key| !FORM_KEYS.contains(&key.as_str())).take(MOST) {
        original.account.remark(FORM, format!("its key {:?} means nothing and is left out", shorten(key)));
    }
    let mut read = Personalization::new(original.languages.text(description), fields);
    read.terms = text("termsAndConditions").map(|terms| original.languages.text(terms));
    original.account.fact(FORM, "personalization");
    Some(read)
}

fn purpose(name: &str) -> Option<ActionPurpose> {
    let name: serde::de::value::StrDeserializer<'_, ValueError> = name.into_deserializer();
    ActionPurpose::deserialize(name).ok()
}

fn personal_field(name: &str) -> Option<PersonalField> {
    Some(match name {
        "PKPassPersonalizationFieldEmailAddress" => PersonalField::EmailAddress,
        "PKPassPersonalizationFieldName" => PersonalField::Name,
        "PKPassPersonalizationFieldPhoneNumber" => PersonalField::PhoneNumber,
        "PKPassPersonalizationFieldPostalCode" => PersonalField::PostalCode,
        _ => return None,
    })
}

/// The file of the form.
const FORM: &str = "personalization.json";

/// What stands in the form.
const FORM_KEYS: [&str; 3] = ["description", "requiredPersonalizationFields", "termsAndConditions"];

/// The most beacons and actions that are read; Wallet takes ten beacons and shows two actions.
const MOST: usize = 20;

/// What a button does.
const PURPOSES: [ActionPurpose; 14] = [
    ActionPurpose::AddToBalance,
    ActionPurpose::BookAppointment,
    ActionPurpose::BookCar,
    ActionPurpose::BookFlight,
    ActionPurpose::BookStay,
    ActionPurpose::Call,
    ActionPurpose::ListenToMusic,
    ActionPurpose::MembershipBenefits,
    ActionPurpose::Order,
    ActionPurpose::Place,
    ActionPurpose::Shop,
    ActionPurpose::ViewOffersRewards,
    ActionPurpose::ViewSchedule,
    ActionPurpose::WatchTrailer,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_purpose_is_read_by_name() {
        for known in PURPOSES {
            assert_eq!(purpose(known.name()), Some(known));
        }
        assert_eq!(purpose("dance"), None);
    }
}
