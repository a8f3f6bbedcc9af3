//! Applies the fixes of findings.

use std::collections::BTreeSet;
use std::mem;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::lint::findings::Findings;
use crate::lint::{Finding, Fix, Operation};

/// The most times that a pass is judged again: a fix may bring to light what the next one mends, and no chain is longer.
const MOST_ROUNDS: usize = 16;

/// Fixes a pass in rounds, until there is nothing more to fix.
pub(super) fn fix(pass: &mut Map<String, Value>, now: DateTime<Utc>) -> Vec<Finding> {
    let mut fixed = Vec::new();
    for _ in 0..MOST_ROUNDS {
        let mut findings = Findings::fixable();
        super::judge(pass, now, &mut findings);
        let count = fixed.len();
        // A key under its right name may show that what else is to be mended is right, so names come first.
        let (names, others) = findings.into_fixable().into_iter().partition(is_rename);
        fix_round(pass, names, &mut fixed);
        if fixed.len() == count {
            fix_round(pass, others, &mut fixed);
        }
        if fixed.len() == count {
            break;
        }
    }
    fixed
}

/// Applies those of the fixes that do not get in each other's way.
///
/// The last ones come first: so the elements of a list are removed from its end, and the paths of those before stay right.
fn fix_round(pass: &mut Map<String, Value>, findings: Vec<Finding>, fixed: &mut Vec<Finding>) {
    let mut document = Value::Object(mem::take(pass));
    let mut touched = BTreeSet::new();
    for finding in findings.into_iter().rev() {
        let Some(fix) = &finding.fix else { continue };
        if paths(fix).any(|path| is_touched(&touched, path)) || !fix.apply(&mut document) {
            continue;
        }
        touched.extend(paths(fix).map(str::to_owned));
        fixed.push(finding);
    }
    if let Value::Object(mended) = document {
        *pass = mended;
    }
}

fn is_rename(finding: &Finding) -> bool {
    finding.fix.as_ref().is_some_and(|fix| matches!(fix.operations.as_slice(), [Operation::Move { .. }]))
}

fn paths(fix: &Fix) -> impl Iterator<Item = &str> {
    fix.operations.iter().flat_map(Operation::paths)
}

/// Tells whether a path, one around it or one within it is touched already.
fn is_touched(touched: &BTreeSet<String>, path: &str) -> bool {
    let around = path.match_indices('/').filter_map(|(at, _)| path.get(..at));
    let within = format!("{path}/");
    around.chain([path]).any(|path| touched.contains(path))
        || touched.range(within.clone()..).next().is_some_and(|next| next.starts_with(&within))
}
