//! Judges the files of a package beside what `pass.json` says in itself.

mod gallery;
mod names;
mod personalization;
mod pictures;
mod png;
mod slots;
mod translations;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::rules;
use crate::lint::Finding;
use crate::lint::findings::Findings;
use crate::lint::path::Path;

pub use gallery::Gallery;

/// The files of a package by name, as they lie in it: `pass.json`, `icon@2x.png`, `de.lproj/pass.strings`.
pub type Files<'a> = BTreeMap<&'a str, &'a [u8]>;

/// Judges the names, pictures and translations of a package, and its personalization form.
///
/// `pass` is what its `pass.json` says, which [`check`](super::check) judges. The path of a finding is the name of a file,
/// `de.lproj/pass.strings`. Of a picture the first 24 bytes are read, and no pixel is decoded. Whether `manifest.json` and `signature`
/// are right is judged elsewhere. Where the whole package lies in a folder, the paths are as they will be without it.
///
/// The list holds at most 200 findings and then one that says how many are left out; errors are kept before warnings.
///
/// ```
/// use serde_json::json;
/// use walletpass_core::lint::apple::{Files, check_files};
///
/// let pass = json!({ "coupon": {} });
/// let files = Files::from([("Icon.png", &b"GIF89a"[..])]);
/// let findings = check_files(pass.as_object().unwrap(), &files);
///
/// let rules: Vec<&str> = findings.iter().map(|finding| finding.rule).collect();
/// assert_eq!(rules, ["apple-file-name", "apple-icon-missing"]);
/// assert_eq!(findings[0].mend, "name it `icon.png`");
/// ```
///
/// <https://developer.apple.com/documentation/walletpasses/creating-the-source-for-a-pass>
pub fn check_files(pass: &Map<String, Value>, files: &Files<'_>) -> Vec<Finding> {
    let mut findings = Findings::default();
    names::judge_members(files.keys().copied(), &mut findings);
    match enclosing_folder(files) {
        None => judge_rooted(pass, files, &mut findings),
        Some(folder) => {
            findings.add(&rules::ENCLOSING_FOLDER, &Path::file(folder), || {
                (
                    "the package lies in a folder of the archive, so Wallet finds no `pass.json`",
                    "zip the files themselves, not the folder around them",
                )
            });
            let rooted = files.iter().map(|(name, bytes)| (name.strip_prefix(folder).unwrap_or(name), *bytes));
            judge_rooted(pass, &rooted.collect(), &mut findings);
        }
    }
    findings.finish(&rules::TOO_MANY)
}

fn judge_rooted(pass: &Map<String, Value>, files: &Files<'_>, findings: &mut Findings) {
    names::judge(files.keys().copied(), findings);
    judge(pass, &Gallery::of(files), files, findings);
}

/// Judges what the files hold; `others` are read for what is no picture.
fn judge(pass: &Map<String, Value>, gallery: &Gallery, others: &Files<'_>, findings: &mut Findings) {
    pictures::judge(pass, gallery, findings);
    translations::judge(pass, gallery, others, findings);
    personalization::judge(pass, gallery, others, findings);
}

/// Finds the folder, with its slash, in which the pass lies that should lie at the root.
fn enclosing_folder<'f>(files: &Files<'f>) -> Option<&'f str> {
    if files.contains_key("pass.json") {
        return None;
    }
    let folder = |name: &&'f str| name.strip_suffix("pass.json").filter(|folder| folder.ends_with('/'));
    files.keys().filter(|name| !name.starts_with("__MACOSX/")).find_map(folder)
}

/// Names the first few of `count`, and counts the rest: `"a", "b", "c" and 7 more`.
fn list_few<'n>(names: impl Iterator<Item = &'n str>, count: usize) -> String {
    const FEW: usize = 3;
    let few: Vec<String> = names.take(FEW).map(|name| format!("\"{}\"", crate::lint::quote::shorten(name))).collect();
    match count.saturating_sub(FEW) {
        0 => few.join(", "),
        more => format!("{} and {more} more", few.join(", ")),
    }
}
