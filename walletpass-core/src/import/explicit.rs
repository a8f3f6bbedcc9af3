//! The fields that are no fact of the kind: terms, links, and fields of the pass's own.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use url::Url;

use crate::import::anchor::{Anchor, anchors};
use crate::import::original::Original;
use crate::import::value::{text, value};
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
    let mut keys: BTreeSet<String> = original.roles.iter().map(|role| role.key().to_owned()).collect();
    for at in 0..original.fields.len() {
        if original.fields.get(at).is_some_and(|field| !field.is_taken) && !link(original, pass, at) {
            field(original, pass, at, &mut keys);
        }
    }
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
        let url = Url::parse(&href).ok().filter(|url| SCHEMES.contains(&url.scheme()));
        let Some(url) = url.filter(|_| pass.links.len() < MOST_LINKS) else {
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

fn field(original: &mut Original<'_>, pass: &mut Pass, at: usize, keys: &mut BTreeSet<String>) {
    let Some(field) = original.fields.get_mut(at) else { return };
    field.is_taken = true;
    let path = field.path(original.style);
    let (slot, fields) = match field.group {
        "headerFields" => ("header", &mut pass.fields.header),
        "primaryFields" => ("primary", &mut pass.fields.primary),
        "secondaryFields" => ("secondary", &mut pass.fields.secondary),
        "auxiliaryFields" => ("auxiliary", &mut pass.fields.auxiliary),
        "backFields" => ("back", &mut pass.fields.back),
        _ => return original.account.raw(path, format!("{RAW}: a pass has no fields of this group")),
    };
    let Some(shown) = value(field.json, original.languages) else {
        return original.account.raw(path, format!("{RAW}: its value is neither text nor number"));
    };
    let Some(key) = free_key(field.key(), slot, keys) else {
        return original.account.raw(path, format!("{RAW}: it has no key"));
    };
    if key.as_str() != field.key() {
        original
            .account
            .remark(path.clone(), format!("its key reads `{key}` on Google: letters, digits, `_` and `-`, each once"));
    }
    let words = |key| field.json.get(key).and_then(Json::as_str).map(|words| original.languages.text(words));
    let alignment = field.json.get("textAlignment").and_then(Json::as_str).and_then(align);
    let read = Field {
        key,
        label: words("label"),
        value: shown,
        on_change: words("changeMessage"),
        align: alignment.filter(|_| !matches!(slot, "primary" | "back")), // Apple refuses it there
    };
    original.account.fact(path, format!("fields.{slot}[{}]", fields.len()));
    fields.push(read);
}

/// Mends a key, and makes it the only one of its name.
fn free_key(key: &str, slot: &str, keys: &mut BTreeSet<String>) -> Option<FieldKey> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    let plain: String = key.chars().take(50).map(|letter| if is_plain(letter) { letter } else { '-' }).collect();
    let plain = match plain.trim_start_matches('_') {
        "" => slot,
        rest => rest,
    };
    let numbered = (2..=MOST_KEYS).map(|number| format!("{plain}-{number}"));
    let free = std::iter::once(plain.to_owned()).chain(numbered).find(|name| !keys.contains(name))?;
    let key = free.parse().ok()?;
    keys.insert(free);
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

/// The most fields of one key; there are no more in a pass.
const MOST_KEYS: usize = 4000;

/// The most links; the projection draws no more.
const MOST_LINKS: usize = 400;

/// What a link may begin with.
const SCHEMES: [&str; 6] = ["https", "http", "tel", "mailto", "sms", "geo"];
