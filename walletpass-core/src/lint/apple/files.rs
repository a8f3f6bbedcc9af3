//! Judges the files of a package beside what `pass.json` says in itself.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::lint::Finding;

/// The files of a package by name, as they lie in it: `pass.json`, `icon@2x.png`, `de.lproj/pass.strings`.
pub type Files<'a> = BTreeMap<&'a str, &'a [u8]>;

/// Judges names, pictures and translations of a package.
///
/// <https://developer.apple.com/documentation/walletpasses/creating-the-source-for-a-pass>
pub fn check_files(pass: &Map<String, Value>, files: &Files<'_>) -> Vec<Finding> {
    let _ = (pass, files);
    Vec::new()
}
