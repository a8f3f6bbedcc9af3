//! Which kind of pass the original is, and the facts of each kind.

mod bcbp;
mod coupon;
mod event;
mod flight;
mod game;
mod generic;
mod page;
mod store_card;
mod transit;
mod trip;
mod upcoming;

use serde_json::Value as Json;

use crate::import::art::Pictures;
use crate::import::original::Original;
use crate::model::kind::Kind;
use crate::model::role::Role;
use crate::model::text::Text;

/// Reads the facts of the kind that the style means; of a generic pass where a fact is missing that the kind demands.
pub(super) fn read(original: &mut Original<'_>, art: &mut Pictures) -> Kind {
    match original.style {
        "boardingPass" => boarding_pass(original, art),
        "coupon" => coupon::read(original).into(),
        "eventTicket" => event::read(original).into(),
        "storeCard" => store_card::read(original, art),
        _ => generic::read(original).into(),
    }
}

fn boarding_pass(original: &mut Original<'_>, art: &mut Pictures) -> Kind {
    let transit_type = original.body.get("transitType").and_then(Json::as_str);
    let before = original.clone();
    if matches!(transit_type, Some("PKTransitTypeAir") | None) {
        match flight::read(original) {
            Ok(flight) => return flight.into(),
            Err(missing) if transit_type.is_some() => return unread(original, before, "flight", &missing),
            Err(_) => *original = before.clone(),
        }
    }
    match transit::read(original, art) {
        Ok(ticket) => ticket.into(),
        Err(missing) => unread(original, before, "transit ticket", &missing),
    }
}

/// Makes a generic pass of a boarding pass as it was before anything was read of it.
fn unread<'a>(original: &mut Original<'a>, before: Original<'a>, kind: &str, missing: &[&str]) -> Kind {
    *original = before;
    let what = format!(
        "read as a generic pass: a {kind} demands {}, which neither a semantic tag nor a field says; give it in `semantics`",
        missing.join(", ")
    );
    original.account.remark(original.style, what);
    generic::unread(original).into()
}

/// Finds the headline of a pass: the field of the role among the primary ones, else the first primary field that is a text,
/// else what stands beside the logo or VoiceOver says. Gives the place of the field too.
fn headline(original: &mut Original<'_>, role: Role, fact: &'static str) -> (Text, Option<usize>) {
    let primary = original.free_in("primaryFields");
    let of_role = original.candidates(role).into_iter().filter(|at| primary.contains(at)).collect::<Vec<_>>();
    let read = |at: &usize| {
        let field = original.fields.get(*at)?;
        Some((crate::import::value::text(field.json, original.languages)?, *at))
    };
    match of_role.iter().chain(&primary).find_map(read) {
        Some((text, at)) => {
            original.take(at, role, fact);
            (text, Some(at))
        }
        None => (name_of_pass(original), None),
    }
}

/// Gives the text that names the pass as a whole.
fn name_of_pass(original: &Original<'_>) -> Text {
    let names = ["logoText", "description", "organizationName"];
    names.into_iter().find_map(|key| original.root_text(key)).unwrap_or_else(|| Text::new("-"))
}
