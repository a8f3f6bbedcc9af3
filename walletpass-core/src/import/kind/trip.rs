//! What train, bus, boat and flight have in common.

use crate::import::original::Original;
use crate::model::role::Role;

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
