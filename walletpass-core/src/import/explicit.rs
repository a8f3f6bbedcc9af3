//! The fields that are no fact of the kind: terms, links, and fields of the pass's own.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use crate::import::anchor::{Anchor, anchors};
use crate::import::languages::Languages;
use crate::import::original::Original;
use crate::import::value::{link as link_to, text, value};
use crate::model::field::{Align, Field};
use crate::model::id::FieldKey;
use crate::model::link::Link;
use crate::model::pass::Pass;
use crate::model::role::Role;
use crate::model::text::Text;

/// Reads them.
pub(super) fn read(original: &mut Original<'_>, pass: &mut Pass) {
    let terms = original.candidates(Role::Terms).into_iter().find_map(|at| {
        let field = original.fields.get(at).filter(|field| field.group == "backFields")?;
        Some((at, text(field.json, original.languages)?))
    });
    if let Some((at, words)) = terms {
        original.take(at, Role::Terms, "terms");
        original.word(at, Role::Terms);
        pass.terms = Some(words);
    }
    let taken = original.roles.iter().map(|role| role.key().to_owned()).collect();
    let mut keys = Keys { taken, next: BTreeMap::new() };
    let details = details(original);
    for at in 0..original.fields.len() {
        if original.fields.get(at).is_some_and(|field| !field.is_taken) && !link(original, pass, at) {
            field(original, pass, at, details.contains(&at), &mut keys);
        }
    }
}

/// Lists the fields on the back that a poster shows in its details: those that stand in the details of one, and those after
/// the terms, links and actions that the projection draws.
fn details(original: &Original<'_>) -> BTreeSet<usize> {
    if original.body.contains_key("additionalInfoFields") {
        return BTreeSet::new(); // which says itself what they are
    }
    let poster = original.root.get("posterGeneric").and_then(|poster| poster.get("additionalInfoFields"));
    let in_poster: &[Json] = poster.and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let back = || original.fields.iter().enumerate().filter(|(_, field)| field.group == "backFields");
    let ends_back = |key: &str| key == Role::Terms.key() || key.starts_with("_link") || key.starts_with("_action");
    let end = back().filter(|(_, field)| ends_back(field.key())).map(|(at, _)| at).next_back();
    let stands_there =
        |json: &Map<String, Json>| in_poster.iter().take(MOST_DETAILS).any(|there| there.as_object() == Some(json));
    back()
        .filter(|(at, field)| end.is_some_and(|end| *at > end) || stands_there(field.json))
        .map(|(at, _)| at)
        .collect()
}

/// Reads the links of a field, and says whether it holds nothing else.
fn link(original: &mut Original<'_>, pass: &mut Pass, at: usize) -> bool {
    let Some(field) = original.fields.get(at) else { return false };
    let Some(attributed) = field.json.get("attributedValue").and_then(Json::as_str) else { return false };
    let (found, is_whole) = anchors(attributed);
    let (path, is_back) = (field.path(original.style), field.group == "backFields");
    let label = field.label().map(|label| original.languages.text(label));
    let changes = field.json.contains_key("changeMessage");
    let mut count = 0;
    for Anchor { href, text } in found {
        let Some(url) = link_to(&href).filter(|_| pass.links.len() < MOST_LINKS) else {
            original
                .account
                .remark(path.clone(), "a link of it leads nowhere that both wallets go, and is kept for Apple alone");
            continue;
        };
        let words = label.clone().filter(|_| is_whole).unwrap_or_else(|| Text::new(text.as_str()));
        original.account.fact(path.clone(), format!("links[{}]", pass.links.len()));
        pass.links.push(Link::new(url, words));
        count += 1;
    }
    let is_link_alone = is_whole && count == 1 && is_back && !changes;
    if is_link_alone && let Some(field) = original.fields.get_mut(at) {
        field.is_taken = true;
    }
    is_link_alone
}

fn field(original: &mut Original<'_>, pass: &mut Pass, at: usize, is_detail: bool, keys: &mut Keys) {
    let Some(field) = original.fields.get_mut(at) else { return };
    field.is_taken = true;
    let path = field.path(original.style);
    let (slot, fields) = match field.group {
        "headerFields" => ("header", &mut pass.fields.header),
        "primaryFields" => ("primary", &mut pass.fields.primary),
        "secondaryFields" => ("secondary", &mut pass.fields.secondary),
        "auxiliaryFields" => ("auxiliary", &mut pass.fields.auxiliary),
        "backFields" if !is_detail => ("back", &mut pass.fields.back),
        "additionalInfoFields" | "backFields" => ("additional", &mut pass.fields.additional),
        _ => return original.account.raw(path, format!("{RAW}: a pass has no fields of this group")),
    };
    let Some(key) = free_key(field.key(), slot, keys) else {
        return original.account.raw(path, format!("{RAW}: it has no key"));
    };
    if key.as_str() != field.key() {
        original
            .account
            .remark(path.clone(), format!("its key reads `{key}` on Google: letters, digits, `_` and `-`, each once"));
    }
    let Some(mut read) = as_written(field.json, key, original.languages) else {
        return original.account.raw(path, format!("{RAW}: its value is neither text nor number"));
    };
    read.align = read.align.filter(|_| !matches!(field.group, "primaryFields" | "backFields")); // Apple refuses it there
    original.account.fact(path, format!("fields.{slot}[{}]", fields.len()));
    fields.push(read);
}

/// Reads a field as it stands, under a key.
pub(super) fn as_written(json: &Map<String, Json>, key: FieldKey, languages: &Languages) -> Option<Field> {
    let words = |key| json.get(key).and_then(Json::as_str).map(|words| languages.text(words));
    Some(Field {
        key,
        label: words("label"),
        value: value(json, languages)?,
        on_change: words("changeMessage"),
        align: json.get("textAlignment").and_then(Json::as_str).and_then(align),
    })
}

/// The keys that the fields of a pass have already.
struct Keys {
    taken: BTreeSet<String>,
    /// The number that is tried next, of each key that several fields have.
    next: BTreeMap<String, usize>,
}

/// Mends a key, and makes it the only one of its name.
fn free_key(key: &str, slot: &str, keys: &mut Keys) -> Option<FieldKey> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    let plain: String = key.chars().take(50).map(|letter| if is_plain(letter) { letter } else { '-' }).collect();
    let plain = match plain.trim_start_matches('_') {
        "" => slot,
        rest => rest,
    };
    let mut free = plain.to_owned();
    if keys.taken.contains(plain) {
        let next = keys.next.entry(plain.to_owned()).or_insert(2);
        while keys.taken.contains(&free) {
            if *next > MOST_KEYS {
                return None;
            }
            free = format!("{plain}-{next}");
            *next += 1;
        }
    }
    let key = free.parse().ok()?;
    keys.taken.insert(free);
    Some(key)
}

fn align(name: &str) -> Option<Align> {
    Some(match name {
        "PKTextAlignmentCenter" => Align::Center,
        "PKTextAlignmentLeft" => Align::Left,
        "PKTextAlignmentNatural" => Align::Natural,
        "PKTextAlignmentRight" => Align::Right,
        _ => return None,
    })
}

/// What becomes of a field that cannot be read.
const RAW: &str = "kept as raw JSON for Apple, not on Google";

/// The most fields in the details of a poster that are looked at.
const MOST_DETAILS: usize = 100;

/// The most fields of one key; there are no more in a pass.
const MOST_KEYS: usize = 4000;

/// The most links; the projection draws no more.
const MOST_LINKS: usize = 400;
