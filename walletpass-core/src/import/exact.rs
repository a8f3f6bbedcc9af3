//! Keeps what the facts do not draw as it was.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::{Map, Value as Json};

use crate::import::account::shorten;
use crate::import::original::{Original, STYLES};
use crate::lint::Severity;
use crate::lint::apple::GROUPS;
use crate::model::extra::diff;
use crate::model::id::{PassTypeId, TeamId};
use crate::model::pass::Pass;
use crate::projection::{self, AppleSheet, Placement};

/// Puts what the facts do not draw as it was into the raw JSON of the pass, and gives the sheet that it draws then.
pub(super) fn keep(
    original: &mut Original<'_>,
    pass: &mut Pass,
    pass_type: Option<&PassTypeId>,
    team: Option<&TeamId>,
) -> AppleSheet {
    let mut target = original.root.clone();
    original.languages.resolve(&mut target);
    for key in OF_THE_ISSUER {
        if target.remove(key).is_some() {
            original.account.dropped(
                key,
                "it belongs to the old issuer; without one of your own in `extra.apple` the new pass cannot be updated",
            );
        }
    }
    for (key, value) in &mut target {
        if without_nulls(value) {
            original.account.remark(shorten(key), "it holds `null`, which is left out: Apple refuses it");
        }
    }
    let nulls: Vec<String> = target.iter().filter(|(_, value)| value.is_null()).map(|(key, _)| key.clone()).collect();
    for key in nulls {
        target.remove(&key);
        original.account.dropped(shorten(&key), "it is `null`");
    }

    let mut draft = draw(pass, pass_type, team);
    if let Some(description) = pass.description.take() {
        let bare = draw(pass, pass_type, team);
        if (&bare.pass, &bare.strings) == (&draft.pass, &draft.strings) {
            draft = bare; // which says the same of itself
        } else {
            pass.description = Some(description);
        }
    }

    let patch = diff(&without_identity(&draft.pass), &without_identity(&target)).unwrap_or_default();
    tell_styles(original, &patch);
    tell_raw(original, &target, &patch);
    let placed = std::mem::take(&mut draft.report.placements);
    if !patch.is_empty() {
        pass.extra.apple = patch;
        draft = draw(pass, pass_type, team);
    }
    let sheet = draft;
    tell_frozen(original, pass, &placed);
    for finding in &sheet.report.findings {
        if finding.severity == Severity::Error || finding.rule == "apple-translation-conflict" {
            // What is wrong with a PIN is told without it.
            let field = finding.path.rfind(']').and_then(|end| finding.path.get(..=end)).unwrap_or_default();
            let is_secret = original.account.facts_within(field).any(|fact| fact == "kind.giftCard.pin");
            let cause = if is_secret { "its value is not as Apple demands" } else { finding.cause.as_str() };
            original.account.remark(finding.path.clone(), format!("{}: {cause}; {}", finding.rule, finding.mend));
        }
    }
    for placement in sheet.report.lost().filter(|placement| placement.fact.starts_with("art.")) {
        for note in &placement.notes {
            original.account.remark_fact(&placement.fact, &format!("not drawn on Apple any more: {note}"));
        }
    }
    sheet
}

/// Gives the pass without the raw JSON that stands over what its facts draw.
pub(super) fn redrawn(pass: &Pass) -> Pass {
    let mut pass = pass.clone();
    let mut raw = std::mem::take(&mut pass.extra.apple);
    if !pass.fields.additional.is_empty() {
        // They are drawn on the back where the look has no details.
        for style in STYLES {
            if let Some(Json::Object(body)) = raw.get_mut(style) {
                body.remove("additionalInfoFields");
            }
        }
    }
    let draft = draw(&pass, None, None);
    pass.extra.apple = undrawn(raw, &draft.pass);
    if draft.pass.contains_key(POSTER) {
        pass.extra.apple.remove(POSTER);
    }
    // The style may be another now, and a pass has one.
    let is_other = |style: &&str| *style != POSTER && !draft.pass.contains_key(*style);
    for style in STYLES.into_iter().filter(is_other) {
        pass.extra.apple.remove(style);
    }
    pass
}

fn undrawn(raw: Map<String, Json>, drawn: &Map<String, Json>) -> Map<String, Json> {
    let keep = |(key, value): (String, Json)| match (value, drawn.get(&key)) {
        (Json::Null, _) => None,
        (value, None) => Some((key, value)),
        (Json::Object(inner), Some(Json::Object(drawn))) => {
            Some(undrawn(inner, drawn)).filter(|rest| !rest.is_empty()).map(|rest| (key, rest.into()))
        }
        _ => None,
    };
    raw.into_iter().filter_map(keep).collect()
}

fn draw(pass: &Pass, pass_type: Option<&PassTypeId>, team: Option<&TeamId>) -> AppleSheet {
    // The identity is left out of every comparison, so any will do where the original has none.
    let (any_type, any_team) = (PassTypeId::try_from("pass.imported"), TeamId::try_from("0000000000"));
    match (pass_type.or(any_type.as_ref().ok()), team.or(any_team.as_ref().ok())) {
        (Some(pass_type), Some(team)) => projection::apple(pass, pass_type, team, NOW),
        _ => AppleSheet {
            pass: Map::new(),
            art: Default::default(),
            localized_art: Default::default(),
            personalization: None,
            strings: Default::default(),
            report: Default::default(),
        },
    }
}

fn without_identity(json: &Map<String, Json>) -> Map<String, Json> {
    json.iter()
        .filter(|(key, _)| !IDENTITY.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// Takes the nulls out of objects and lists, and says whether there were any.
fn without_nulls(json: &mut Json) -> bool {
    let before;
    let (now, values): (usize, Vec<&mut Json>) = match json {
        Json::Array(list) => {
            before = list.len();
            list.retain(|value| !value.is_null());
            (list.len(), list.iter_mut().collect())
        }
        Json::Object(members) => {
            before = members.len();
            members.retain(|_, value| !value.is_null());
            (members.len(), members.values_mut().collect())
        }
        _ => return false,
    };
    values.into_iter().fold(now < before, |had, value| without_nulls(value) || had)
}

/// Accounts for the styles beside the first: a poster is drawn again where its picture is there.
fn tell_styles(original: &mut Original<'_>, patch: &Map<String, Json>) {
    for style in std::mem::take(&mut original.other_styles) {
        if patch.contains_key(style) {
            original.account.raw(style, format!("a second style beside {}", original.style));
        } else {
            original.account.fact(style, "art.artwork");
        }
    }
}

/// Accounts for the keys of which nothing became.
fn tell_raw(original: &mut Original<'_>, target: &Map<String, Json>, patch: &Map<String, Json>) {
    for (key, value) in target {
        let path = shorten(key);
        let inner: Option<&[&str]> = match key.as_str() {
            "semantics" => Some(&[]),
            style if style == original.style => Some(&GROUPS),
            _ => None,
        };
        match (inner, value) {
            (Some(known), Json::Object(members)) => {
                let outer = key;
                for key in members.keys().filter(|key| !known.contains(&key.as_str())) {
                    let path = format!("{path}.{}", shorten(key));
                    if key == "transitType" {
                        original.account.fact(path, "kind");
                    } else if !original.account.settles(&path) {
                        match patch.get(outer).and_then(|inner| inner.get(key)) {
                            Some(_) => original.account.raw(path, RAW),
                            None => original.account.dropped(path, ANEW),
                        }
                    }
                }
            }
            _ if !IDENTITY.contains(&key.as_str()) && !original.account.settles(&path) => match patch.get(key) {
                Some(_) => original.account.raw(path, RAW),
                None => original.account.dropped(path, ANEW),
            },
            _ => {}
        }
    }
}

/// Says where raw JSON stands over facts, which then do not show a change on Apple.
fn tell_frozen(original: &mut Original<'_>, pass: &Pass, placed: &[Placement]) {
    let mut paths = Vec::new();
    for (key, value) in &pass.extra.apple {
        match value {
            Json::Object(members) if key == "semantics" || STYLES.contains(&key.as_str()) => {
                let members = members.iter().filter(|(_, value)| !value.is_null());
                paths.extend(members.map(|(member, _)| format!("{key}.{}", shorten(member))));
            }
            Json::Null => {}
            _ => paths.push(shorten(key)),
        }
    }
    // There may be as many paths as the original has keys, so what stands within one is looked up.
    let mut by_path: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for placement in placed {
        for at in &placement.at {
            by_path.entry(at).or_default().push(placement.fact.as_ref());
        }
    }
    for path in paths {
        let is_inside = |at: &str| {
            at.strip_prefix(path.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        let here = by_path.range(path.as_str()..).take_while(|(at, _)| at.starts_with(path.as_str()));
        let here = here.filter(|(at, _)| is_inside(at)).flat_map(|(_, facts)| facts.iter().copied());
        let facts: BTreeSet<&str> = original
            .account
            .facts_within(&path)
            .chain(here)
            .filter(|fact| *fact != "kind" && !fact.starts_with("wording."))
            .collect();
        let Some(first) = facts.first() else { continue };
        let facts = match facts.len() {
            1 => (*first).to_owned(),
            more => format!("{first} and {} more", more - 1),
        };
        let what = format!(
            "kept exactly in `extra.apple`: a later change of {facts} shows on Apple only once that is taken out (`redrawn`)"
        );
        original.account.freeze(&path, what);
    }
}

/// What became of a key that no fact draws.
const RAW: &str = "kept as raw JSON for Apple, not on Google";

/// What became of a key that no fact is but the facts draw.
const ANEW: &str = "it follows from the facts and is written anew";

/// What tells one pass from another, and follows from the pass and its issuer.
const IDENTITY: [&str; 4] = ["formatVersion", "passTypeIdentifier", "serialNumber", "teamIdentifier"];

/// The style that stands beside another.
const POSTER: &str = "posterGeneric";

/// What connects a pass with the server of its issuer.
const OF_THE_ISSUER: [&str; 2] = ["authenticationToken", "webServiceURL"];

/// A time to draw at. An imported pass has no date that counts from it.
const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;
