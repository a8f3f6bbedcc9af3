//! The pictures of a package, read once for all the passes that share them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::png::{self, Fault};
use super::slots::{self, Slot};
use super::{Files, judge, names};
use crate::lint::Finding;
use crate::lint::apple::rules;
use crate::lint::findings::Findings;

/// The pictures of a package as the lint sees them: their names and sizes, and no pixel.
///
/// Many passes share their pictures. Those are read once here and [judged](Gallery::check) beside each pass, for a small part of
/// what [`check_files`](super::check_files) costs.
///
/// <https://developer.apple.com/documentation/walletpasses/creating-the-source-for-a-pass>
#[derive(Clone, Debug)]
pub struct Gallery {
    /// By folder and slot, so those of the root come first.
    hung: Vec<Hung>,
    /// What cannot be shown, by name.
    faults: Vec<(String, Fault)>,
    /// The language folders that hold any file.
    folders: BTreeSet<String>,
    /// The names that are judged anew with each pass, because they break a rule.
    odd: BTreeSet<String>,
}

/// The pictures of one slot in one folder.
#[derive(Clone, Debug)]
pub(super) struct Hung {
    /// The folder of a language, or nothing for the root.
    pub(super) folder: String,
    pub(super) slot: &'static Slot,
    /// The name and, where it can be told, the size in pixels, by scale.
    pub(super) scales: BTreeMap<u32, (String, Option<(u32, u32)>)>,
}

impl Gallery {
    /// Reads the pictures of a package by their names in it: of each the first 24 bytes.
    pub fn read(pictures: &Files<'_>) -> Self {
        let odd = pictures.keys().filter(|name| !names::is_sound(name));
        Self { odd: odd.map(|name| (*name).to_owned()).collect(), ..Self::of(pictures) }
    }

    /// Judges a package of these pictures and `others`, its other files, as [`check_files`](super::check_files) judges all of them:
    /// with the same findings in the same order.
    ///
    /// `pass` is what its `pass.json` says; that the file is there is taken for granted.
    ///
    /// ```
    /// use serde_json::json;
    /// use walletpass_core::lint::apple::{Files, Gallery, check_files};
    ///
    /// let pass = json!({ "coupon": {} });
    /// let pictures = Files::from([("icon.png", &b"GIF89a"[..])]);
    /// let findings = Gallery::read(&pictures).check(pass.as_object().unwrap(), &Files::new());
    ///
    /// assert_eq!(findings[0].cause, "the file is a GIF");
    /// assert_eq!(findings, check_files(pass.as_object().unwrap(), &pictures));
    /// ```
    ///
    /// <https://developer.apple.com/documentation/walletpasses/creating-the-source-for-a-pass>
    pub fn check(&self, pass: &Map<String, Value>, others: &Files<'_>) -> Vec<Finding> {
        let mut findings = Findings::default();
        let names: BTreeSet<&str> = others.keys().copied().chain(self.odd.iter().map(String::as_str)).collect();
        names::judge_members(names.iter().copied(), &mut findings);
        names::judge(names.into_iter(), &mut findings);
        judge(pass, self, others, &mut findings);
        findings.finish(&rules::TOO_MANY)
    }

    /// Reads the pictures among the files, whose names are judged elsewhere.
    pub(super) fn of(files: &Files<'_>) -> Self {
        let mut hung: BTreeMap<(&str, &'static str), Hung> = BTreeMap::new();
        let (mut faults, mut folders) = (Vec::new(), BTreeSet::new());
        for (name, bytes) in files {
            if let Some((folder, _)) = name.split_once('/').filter(|(folder, _)| folder.ends_with(".lproj"))
                && !folders.contains(folder)
            {
                folders.insert(folder.to_owned());
            }
            let Some((folder, slot, scale)) = slots::locate(name) else { continue };
            let size = png::size(bytes).map_err(|fault| faults.push(((*name).to_owned(), fault))).ok();
            let place = hung.entry((folder, slot.name));
            let place = place.or_insert_with(|| Hung { folder: folder.to_owned(), slot, scales: BTreeMap::new() });
            place.scales.insert(scale, ((*name).to_owned(), size));
        }
        Self { hung: hung.into_values().collect(), faults, folders, odd: BTreeSet::new() }
    }

    /// Walks the pictures by folder and slot.
    pub(super) fn hung(&self) -> &[Hung] {
        &self.hung
    }

    /// Finds the pictures of a slot at the root.
    pub(super) fn at_root(&self, slot: &str) -> Option<&Hung> {
        self.hung.iter().take_while(|hung| hung.folder.is_empty()).find(|hung| hung.slot.name == slot)
    }

    /// Walks what cannot be shown, by name.
    pub(super) fn faults(&self) -> &[(String, Fault)] {
        &self.faults
    }

    /// Walks the language folders that hold any file.
    pub(super) fn folders(&self) -> impl Iterator<Item = &str> {
        self.folders.iter().map(String::as_str)
    }
}

impl Hung {
    /// Gives the name of the smallest.
    pub(super) fn first_name(&self) -> Option<&str> {
        self.scales.values().next().map(|(name, _)| name.as_str())
    }

    /// Walks the names.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.scales.values().map(|(name, _)| name.as_str())
    }
}
