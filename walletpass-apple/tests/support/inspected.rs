//! Sound packages, changed ones, and what is found in them.

use std::collections::BTreeMap;
use std::sync::Arc;

use walletpass_apple::inspect::{Inspection, Inspector, Roots};
use walletpass_core::lint::Finding;

use super::foreign::{Signer, manifest_of, zip_of};
use super::{PASS_TYPE, TEAM, authority, identity, noon, package, unzip};

/// An inspector that trusts the authority of the tests, at noon.
pub fn inspector() -> Inspector {
    let roots = Roots::none().with(authority().root_pem().as_bytes()).unwrap();
    Inspector::new().roots(roots).clock(Arc::new(noon()))
}

/// The files of a sound package.
pub fn files() -> BTreeMap<String, Vec<u8>> {
    unzip(&identity().sign(&package(&identity())).unwrap())
}

pub fn signer() -> Signer {
    Signer::of(&authority().issue(PASS_TYPE, TEAM)).with(authority().intermediate_der())
}

/// Makes manifest and signature anew.
pub fn seal(files: &mut BTreeMap<String, Vec<u8>>, signer: &Signer) {
    files.remove("manifest.json");
    files.remove("signature");
    let manifest = manifest_of(files);
    files.insert("signature".to_owned(), signer.sign(&manifest));
    files.insert("manifest.json".to_owned(), manifest);
}

pub fn inspect(files: &BTreeMap<String, Vec<u8>>) -> Inspection {
    inspector().inspect(&zip_of(files)).unwrap()
}

pub fn rules(inspection: &Inspection) -> Vec<&'static str> {
    inspection.all_findings().map(|finding| finding.rule).collect()
}

/// Changes a sound package and expects the one finding that tells of it.
pub fn only(rule: &str, change: impl FnOnce(&mut BTreeMap<String, Vec<u8>>)) -> Finding {
    let mut files = files();
    change(&mut files);
    one(rule, inspect(&files))
}

pub fn one(rule: &str, inspection: Inspection) -> Finding {
    let mut findings = inspection.all_findings().cloned().collect::<Vec<_>>();
    assert_eq!(findings.len(), 1, "{findings:#?}");
    let finding = findings.remove(0);
    assert_eq!(finding.rule, rule, "{finding}");
    assert!(walletpass_apple::inspect::RULES.iter().any(|known| known.id == rule), "{rule} is not in the table");
    finding
}

pub fn inspect_at_signing(files: &BTreeMap<String, Vec<u8>>) -> Inspection {
    let first = inspect(files);
    let signed_at = first.passes[0].signature.as_ref().and_then(|signature| signature.signed_at);
    inspector().clock(Arc::new(signed_at.unwrap_or(noon()))).inspect(&zip_of(files)).unwrap()
}

pub fn only_of_foreign(rule: &str, signer: &Signer) -> Finding {
    let mut files = files();
    seal(&mut files, signer);
    one(rule, inspect_at_signing(&files))
}
