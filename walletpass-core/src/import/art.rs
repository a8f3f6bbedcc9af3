//! The pictures of the original.

use std::collections::BTreeMap;

use crate::import::account::{Account, shorten};
use crate::lint::apple::Files;
use crate::model::art::{Art, Slot};
use crate::model::picture::{Picture, Scales};
use crate::model::source::Source;
use crate::model::text::Locale;

/// The pictures by slot, while a kind may still claim one.
#[derive(Debug)]
pub(super) struct Pictures(BTreeMap<Slot, Picture>);

impl Pictures {
    /// Gives the picture that a kind demands as its square logo: the icon, which is square too, else the logo.
    pub(super) fn logo(&mut self, fact: &'static str, account: &mut Account) -> Picture {
        if let Some(icon) = self.0.remove(&Slot::Icon) {
            account.rename("art.icon", fact); // which is drawn as the icon too
            return icon;
        }
        if let Some(logo) = self.0.get(&Slot::Logo) {
            account.remark(
                "",
                format!("{fact} should be square, and the original has a wide logo alone: give a square one"),
            );
            return logo.clone();
        }
        account.remark(
            "",
            format!("{fact} is demanded, and the original has neither icon nor logo: load `logo.png` or replace it"),
        );
        Picture::file("logo.png")
    }

    /// Says whether a slot holds a picture.
    pub(super) fn has(&self, slot: Slot) -> bool {
        self.0.contains_key(&slot)
    }

    /// Gives the pictures that are left.
    pub(super) fn finish(self) -> Art {
        self.0.into_iter().fold(Art::default(), |art, (slot, picture)| art.with(slot, picture))
    }
}

/// Reads the pictures, and accounts for every file that is no language.
pub(super) fn read(files: &Files<'_>, base: &Locale, account: &mut Account) -> Pictures {
    let mut slots: BTreeMap<Slot, Scales> = BTreeMap::new();
    let mut localized = Vec::new();
    for (name, bytes) in files {
        let path = shorten(name);
        if matches!(*name, "pass.json" | "manifest.json" | "signature") || name.ends_with(".lproj/pass.strings") {
            continue;
        }
        let (folder, file) = name.split_once(".lproj/").map_or((None, *name), |(folder, file)| (Some(folder), file));
        match (slot(file), folder) {
            (None, _) => account.dropped(path, why_not(file)),
            (Some(at), None) => hang(&mut slots, at, bytes, path, account),
            (Some(at), Some(folder)) => localized.push((at, folder, path, bytes)),
        }
    }
    let at_root: Vec<Slot> = slots.keys().copied().collect();
    for (at, folder, path, bytes) in localized {
        if folder == base.as_str() && !at_root.contains(&at.0) {
            account.remark(path.clone(), "it stands for all languages");
            hang(&mut slots, at, bytes, path, account);
        } else if at_root.contains(&at.0) {
            account.dropped(path, "the picture of the same name outside of the language folders hides it on the phone");
        } else {
            account.dropped(
                path,
                "a pass has one picture for all languages: that of its own language, where there is one",
            );
        }
    }
    let picture = |(slot, scales): (Slot, Scales)| {
        let largest = [&scales.x3, &scales.x2, &scales.x1].into_iter().find_map(Option::clone)?;
        Some((slot, Picture::new(largest).scales(scales)))
    };
    Pictures(slots.into_iter().filter_map(picture).collect())
}

fn hang(slots: &mut BTreeMap<Slot, Scales>, at: (Slot, u8), bytes: &[u8], path: String, account: &mut Account) {
    let (slot, scale) = at;
    match Source::png(bytes.to_vec()) {
        Err(error) => account.dropped(path, error.to_string()),
        Ok(source) => {
            let scales = slots.entry(slot).or_default();
            *match scale {
                1 => &mut scales.x1,
                2 => &mut scales.x2,
                _ => &mut scales.x3,
            } = Some(source);
            account.fact(path, format!("art.{}", slot.name()));
        }
    }
}

/// Reads slot and scale of a file: `icon@2x.png`.
fn slot(file: &str) -> Option<(Slot, u8)> {
    let stem = file.strip_suffix(".png")?;
    let (name, scale) = match stem.split_once('@') {
        None => (stem, 1),
        Some((name, "2x")) => (name, 2),
        Some((name, "3x")) => (name, 3),
        Some(_) => return None,
    };
    SLOTS.into_iter().find(|slot| slot.name() == name).map(|slot| (slot, scale))
}

fn why_not(file: &str) -> &'static str {
    match file {
        "personalization.json" => "a pass has no place for a sign-up form: write it into the package yourself",
        _ if file.ends_with(".png") || file.ends_with(".pdf") => "Wallet has no picture of this name and kind",
        _ => "Wallet reads no file of this name",
    }
}

/// The slots that a package can have.
const SLOTS: [Slot; 11] = [
    Slot::Artwork,
    Slot::Background,
    Slot::Footer,
    Slot::Icon,
    Slot::Logo,
    Slot::PersonalizationLogo,
    Slot::PrimaryLogo,
    Slot::SecondaryLogo,
    Slot::Strip,
    Slot::Thumbnail,
    Slot::VenueMap,
];
