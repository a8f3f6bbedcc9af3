//! What train, bus, boat and flight have in common.

use crate::import::original::{FieldIn, Original};
use crate::model::role::Role;
use crate::model::text::Text;

/// Gives the label of an end of a trip where that is a name, and not a word for departure or arrival.
pub(super) fn name_in_label(original: &Original<'_>, field: &FieldIn<'_>, role: Role) -> Option<Text> {
    let is_word = field.is_labelled_by_role(role) || field.says_in_label(&ENDS);
    field.label().filter(|_| !is_word).map(|label| original.languages.text(label))
}

/// Words for the ends of a trip that are for its times too.
const ENDS: [&str; 12] = [
    "departure",
    "departing",
    "depart",
    "departs",
    "dep",
    "abflug",
    "abfahrt",
    "arrival",
    "arrive",
    "arrives",
    "arr",
    "ankunft",
];

/// Finds the fields of the two ends of a trip: those whose key or label says so, else the two primary ones, in which Wallet
/// shows them left and right.
pub(super) fn ends(original: &Original<'_>) -> [Option<usize>; 2] {
    let primary = original.free_in("primaryFields");
    let find = |role| {
        let all = original.candidates(role);
        all.iter().find(|at| primary.contains(at)).or(all.first()).copied()
    };
    match (find(Role::Origin), find(Role::Destination), primary.as_slice()) {
        (Some(from), Some(to), _) if from != to => [Some(from), Some(to)],
        (_, _, [from, to]) => [Some(*from), Some(*to)],
        (from, to, _) => [from, to.filter(|_| from != to)],
    }
}
