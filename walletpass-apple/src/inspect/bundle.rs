//! Judges a bundle, `.pkpasses`.

use std::collections::BTreeSet;

use walletpass_core::lint::Finding;

use super::findings::{Findings, shown};
use super::unpack::{Budget, Unpacked, unpack};
use super::{InspectError, Inspected, Inspection, Inspector, rules};
use crate::bundle::Bundle;

/// Says whether an archive is a bundle: it holds packages, and no pass of its own.
pub(super) fn is_one(unpacked: &Unpacked) -> bool {
    let has = |name: &str| unpacked.files.contains_key(name) || unpacked.unreadable.contains(name);
    !has("pass.json")
        && !has("manifest.json")
        && !has("signature")
        && unpacked.files.keys().any(|name| is_package(name))
}

/// Inspects a bundle and the passes in it.
pub(super) fn inspect(
    inspector: &Inspector,
    size: usize,
    unpacked: Unpacked,
    budget: &Budget,
    mut findings: Findings,
) -> Result<Inspection, InspectError> {
    // The packages are unpacked, and now what is in them; the number of members goes on.
    let mut budget = Budget { bytes: budget.limits.total, ..*budget };
    let mut passes: Vec<Inspected> = Vec::new();
    for (name, data) in unpacked.files {
        if !is_package(&name) {
            let cause = if name.to_ascii_lowercase().ends_with(".pkpasses") {
                "the member is a bundle itself"
            } else if name.to_ascii_lowercase().ends_with(".pkpass") {
                "the package lies in a folder"
            } else {
                "the member is no package"
            };
            findings.add(&rules::BUNDLE_MEMBER, &name, cause, "pack the `.pkpass` files alone, at the root");
            continue;
        }
        let mut own = Findings::default();
        match unpack(&data, &mut budget, &mut own) {
            Ok(unpacked) => passes.push(inspector.inspect_pass(Some(name), unpacked, &budget, own)?),
            Err(InspectError::NotArchive { found, mend }) => {
                findings.add(&rules::BUNDLE_PASS, &name, format!("the member is no zip archive but {found}"), mend);
            }
            Err(InspectError::OverLimit { limit, most, path }) => {
                let path = if path.is_empty() { name } else { format!("{name}/{path}") };
                return Err(InspectError::OverLimit { limit, most, path: shown(&path).into_owned() });
            }
        }
    }
    if passes.len() > Bundle::MAX_PASSES {
        let cause = format!("the bundle has {} passes", passes.len());
        findings.add(&rules::BUNDLE_COUNT, "", cause, "make several bundles of at most 10 passes");
    }
    if size > Bundle::MAX_BYTES {
        let cause = format!("the bundle has {size} bytes");
        findings.add(&rules::BUNDLE_SIZE, "", cause, "make several bundles, or use smaller pictures");
    }
    judge_repeats(&passes, &mut findings);
    let findings: Vec<Finding> = findings.finish();
    Ok(Inspection { is_bundle: true, passes, findings })
}

fn judge_repeats(passes: &[Inspected], findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    for pass in passes {
        let (Some(pass_type), Some(serial)) = (&pass.summary.pass_type, &pass.summary.serial) else { continue };
        if !seen.insert((pass_type, serial)) {
            let cause =
                format!("the pass {} with the serial number {} is there already", shown(pass_type), shown(serial));
            let path = pass.name.as_deref().unwrap_or_default();
            findings.add(
                &rules::BUNDLE_DUPLICATE,
                path,
                cause,
                "leave it out, or give each pass its own serial number",
            );
        }
    }
}

/// Says whether a member is a package at the root.
fn is_package(name: &str) -> bool {
    !name.contains('/') && name.to_ascii_lowercase().ends_with(".pkpass")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::Limits;

    #[test]
    fn the_size_of_a_bundle_is_bounded() {
        let found = |size: usize| {
            let budget = Budget::new(Limits::default());
            let inspection =
                inspect(&Inspector::new(), size, Unpacked::default(), &budget, Findings::default()).unwrap();
            inspection.findings.iter().map(|finding| finding.rule).collect::<Vec<_>>()
        };
        assert_eq!(found(Bundle::MAX_BYTES), [""; 0]);
        assert_eq!(found(Bundle::MAX_BYTES + 1), [rules::BUNDLE_SIZE.id]);
    }
}
