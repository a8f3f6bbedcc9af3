//! The pictures of the original.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::account::{Account, shorten};
use crate::import::languages::{Languages, locale};
use crate::lint::apple::Files;
use crate::model::art::{Art, Slot};
use crate::model::picture::{Picture, Scales};
use crate::model::source::{ArtError, Source};
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
pub(super) fn read(files: &Files<'_>, languages: &Languages, account: &mut Account) -> Pictures {
    let mut at_root: BTreeMap<Slot, Scales> = BTreeMap::new();
    let mut in_folders = Vec::new();
    for (name, bytes) in files {
        let path = shorten(name);
        let is_read_elsewhere = matches!(*name, "pass.json" | "manifest.json" | "signature" | "personalization.json");
        if is_read_elsewhere || name.ends_with(".lproj/pass.strings") {
            continue;
        }
        let (folder, file) = name.split_once(".lproj/").map_or((None, *name), |(folder, file)| (Some(folder), file));
        match (slot(file), folder) {
            (None, _) => account.dropped(path, why_not(file)),
            (Some((slot, scale)), None) => match hang(at_root.entry(slot).or_default(), scale, bytes) {
                Ok(()) => account.fact(path, format!("art.{}", slot.name())),
                Err(error) => account.dropped(path, error.to_string()),
            },
            (Some(at), Some(folder)) => in_folders.push((at, folder, path, *bytes)),
        }
    }
    let mut localized: BTreeMap<Slot, Localized> = BTreeMap::new();
    for ((slot, scale), folder, path, bytes) in in_folders {
        if at_root.get(&slot).and_then(largest).is_some() {
            account.dropped(path, "the picture of the same name outside of the language folders hides it on the phone");
            continue;
        }
        let Some(locale) = locale(folder, &path, account) else { continue };
        if slot == Slot::Icon && locale != languages.base {
            account.dropped(path, "a pass has one icon for all languages: that outside of their folders");
            continue;
        }
        let localized = localized.entry(slot).or_default();
        match hang(localized.folders.entry(locale.clone()).or_default(), scale, bytes) {
            Ok(()) => localized.paths.push((path, locale)),
            Err(error) => account.dropped(path, error.to_string()),
        }
    }
    let pictured = localized.values().flat_map(|localized| localized.folders.keys());
    let count = pictured.chain(languages.locales()).chain([&languages.base]).collect::<BTreeSet<_>>().len();
    let is_bounded = count.saturating_mul(localized.len()) <= MOST_TRANSLATED;
    let root = at_root.into_iter().filter_map(|(slot, scales)| Some((slot, picture(scales)?)));
    let mut pictures: BTreeMap<Slot, Picture> = root.collect();
    for (slot, localized) in localized {
        pictures.extend(localized.settle(slot, &languages.base, is_bounded, account).map(|picture| (slot, picture)));
    }
    Pictures(pictures)
}

/// The pictures of a slot in the folders of languages.
#[derive(Debug, Default)]
struct Localized {
    folders: BTreeMap<Locale, Scales>,
    paths: Vec<(String, Locale)>,
}

impl Localized {
    /// Makes one picture of them: that of the language of the pass, else the first, and beside it those that are another.
    fn settle(self, slot: Slot, base: &Locale, is_bounded: bool, account: &mut Account) -> Option<Picture> {
        let Self { folders, paths } = self;
        let mut pictures: BTreeMap<Locale, Picture> =
            folders.into_iter().filter_map(|(locale, scales)| Some((locale, picture(scales)?))).collect();
        let first = pictures.keys().next()?.clone();
        let own = if pictures.contains_key(base) { base.clone() } else { first };
        let mut main = pictures.remove(&own)?;
        // A region has the picture of its language where it has none of its own.
        let fallback = |locale: &Locale| {
            let of_language = locale.base().filter(|language| *language != own);
            of_language.and_then(|language| pictures.get(&language)).map_or(&main.source, |picture| &picture.source)
        };
        let another = |(locale, picture): &(&Locale, &Picture)| is_bounded && picture.source != *fallback(locale);
        let localized: BTreeMap<Locale, Source> =
            pictures.iter().filter(another).map(|(locale, picture)| (locale.clone(), picture.source.clone())).collect();
        let fact = format!("art.{}", slot.name());
        for (path, locale) in paths {
            if localized.contains_key(&locale) {
                account.fact(path, format!("{fact}.localized.{locale}"));
            } else if is_bounded || locale == own {
                account.fact(path.clone(), fact.clone());
                if locale == own && (own != *base || localized.is_empty()) {
                    account.remark(path, "it stands for all languages");
                }
            } else {
                account.dropped(path, format!("pictures times languages exceed {MOST_TRANSLATED}: leave some out"));
            }
        }
        main.localized = localized;
        Some(main)
    }
}

/// Makes a picture of its scales, of which the largest is the source.
fn picture(scales: Scales) -> Option<Picture> {
    Some(Picture::new(largest(&scales)?).scales(scales))
}

fn largest(scales: &Scales) -> Option<Source> {
    let Scales { x1, x2, x3 } = scales;
    [x3, x2, x1].into_iter().find_map(Option::clone)
}

fn hang(scales: &mut Scales, scale: u8, bytes: &[u8]) -> Result<(), ArtError> {
    let source = Source::png(bytes.to_vec())?;
    *match scale {
        1 => &mut scales.x1,
        2 => &mut scales.x2,
        _ => &mut scales.x3,
    } = Some(source);
    Ok(())
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
        _ if file.ends_with(".png") || file.ends_with(".pdf") => "Wallet has no picture of this name and kind",
        _ => "Wallet reads no file of this name",
    }
}

/// The most translated pictures of a package, over all languages; the projection draws no more.
const MOST_TRANSLATED: usize = 500;

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
