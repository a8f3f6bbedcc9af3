//! The pictures of a pass on Apple Wallet.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value as Json;

use super::AppleDrawing;
use crate::model::art::{Art, Slot};
use crate::model::picture::{Picture, Scales};
use crate::model::source::Source;
use crate::model::text::Locale;
use crate::projection::look::{POSTER_GENERIC, POSTER_TICKET, SEMANTIC};
use crate::projection::report::Wallet;
use crate::projection::rules;

impl<'p> AppleDrawing<'p> {
    /// Chooses the pictures that the style draws.
    pub(super) fn art(&mut self) -> Hung<'p> {
        let pass = self.pass;
        let mut art = Hung::default();
        let has_strip = pass.art.get(Slot::Strip).is_some();
        let is_poster_ticket = self.shows(POSTER_TICKET);
        let is_poster = is_poster_ticket || self.shows(POSTER_GENERIC);
        let is_semantic = self.shows(SEMANTIC);
        for (slot, picture) in pass.art.shared() {
            let fact = ["art.", slot.name()].concat();
            let why = match (slot, self.style) {
                (Slot::Hero, _) => Some("Google only; the strip is Apple's banner"),
                (Slot::Strip, "boardingPass") => Some("a boarding pass has no strip"),
                (Slot::Thumbnail | Slot::Background, "eventTicket") if has_strip => {
                    Some("an event ticket shows either its strip or these")
                }
                (Slot::Thumbnail, "eventTicket" | "generic") => None,
                (Slot::Thumbnail, _) => Some("only event tickets and generic passes have a thumbnail"),
                (Slot::Background, "eventTicket") => None,
                (Slot::Background, _) => Some("only event tickets have a background"),
                (Slot::Footer, style) if style != "boardingPass" => Some("only boarding passes have a footer"),
                (Slot::Artwork, _) if !is_poster => {
                    Some("only posters show it: events with NFC, and cards of any kind")
                }
                (Slot::PrimaryLogo, _) if !is_poster && !is_semantic => {
                    Some("only posters and semantic boarding passes show it")
                }
                (Slot::SecondaryLogo | Slot::VenueMap, _) if !is_poster_ticket => Some("only poster tickets show it"),
                (Slot::PersonalizationLogo, _) if self.personalization.is_none() => {
                    Some("it belongs to a form (`personalization`), and this pass has none")
                }
                _ => None,
            };
            match why {
                Some(why) => self.lost(fact, why),
                None => self.hang(&mut art, fact, slot, Hanging::Shared(picture)),
            }
        }
        let of_kind = pass.kind.logo().map(|(fact, logo)| (fact, Hanging::OfFacts(logo)));
        let of_pass = pass.art.shared().find(|(slot, _)| *slot == Slot::Logo);
        let of_pass = of_pass.map(|(_, logo)| ("art.logo", Hanging::Shared(logo)));
        if !art.has(Slot::Logo)
            && let Some((fact, logo)) = of_kind
        {
            self.hang(&mut art, fact.to_owned(), Slot::Logo, logo);
        } else if let Some((fact, _)) = of_kind.filter(|_| art.has(Slot::Icon)) {
            self.lost(fact, "the pass has an icon and a logo of its own");
        }
        if !art.has(Slot::Icon)
            && let Some((fact, logo)) = of_kind.or(of_pass)
        {
            self.hang(&mut art, fact.to_owned(), Slot::Icon, logo);
        }
        if (is_poster || is_semantic)
            && !art.has(Slot::PrimaryLogo)
            && let Some((fact, logo)) = of_pass.or(of_kind)
        {
            self.hang(&mut art, fact.to_owned(), Slot::PrimaryLogo, logo);
        }
        if !art.has(Slot::Icon) {
            self.report.findings.push(rules::PLAIN_ICON.finding(
                "",
                "the pass has neither icon nor logo whose bytes are given, so its icon is a plain dark square",
                "give it an icon of 114 x 114 pixels or more",
            ));
        }
        art
    }

    /// Says whether the pass shows a look: it has it, or raw JSON asks for it.
    fn shows(&self, look: &str) -> bool {
        let raw = &self.pass.extra.apple;
        let schemes = raw.get("preferredStyleSchemes").and_then(Json::as_array);
        let is_asked_for = schemes.is_some_and(|schemes| schemes.iter().any(|scheme| scheme == look));
        self.has(look) || is_asked_for || raw.get(look).is_some_and(Json::is_object)
    }

    /// Takes out of the pictures those that are another in each language, and gives every language of the package all of them.
    ///
    /// A picture beside the folders of the languages would hide theirs. The icon stays there: without one no pass is shown.
    pub(super) fn translate_art(&mut self, art: Hung<'p>) -> (Art, BTreeMap<Locale, Art>) {
        let is_translated = |slot: Slot, picture: &Picture| slot != Slot::Icon && !picture.localized.is_empty();
        let pictures = art.0.iter().map(|(slot, hanging)| (*slot, hanging.picture()));
        let translated: Vec<(Slot, &Picture)> =
            pictures.filter(|(slot, picture)| is_translated(*slot, picture)).collect();
        if translated.is_empty() {
            return (self.share(art.0.iter()), BTreeMap::new());
        }
        let of_pictures = translated.iter().flat_map(|(_, picture)| picture.localized.keys());
        let languages: BTreeSet<&Locale> =
            of_pictures.chain(self.strings.keys()).chain([&self.pass.language]).collect();
        let count = languages.len().saturating_mul(translated.len());
        if count > MOST_TRANSLATED {
            let cause = format!("{} pictures in {} languages make {count}", translated.len(), languages.len());
            let mend = format!("keep pictures times languages below {MOST_TRANSLATED}");
            self.report.findings.push(rules::TOO_MANY_TRANSLATIONS.finding("art", cause, mend));
            return (self.share(art.0.iter()), BTreeMap::new());
        }
        let in_language = |locale: &Locale, picture: &Picture| {
            let localized = {
                // What the picture is without a language is that of the pass, unless it has one of its own name.
                let base = locale.base().filter(|_| *locale != self.pass.language);
                picture.localized.get(locale).or_else(|| picture.localized.get(&base?))
            };
            match localized {
                Some(source) => Picture::new(source.clone()),
                None => Picture { localized: BTreeMap::new(), ..picture.clone() },
            }
        };
        let folder = |locale: &Locale| {
            let wanted = translated.iter().filter(|_| self.wants_art);
            let pictures = wanted.map(|(slot, picture)| (*slot, in_language(locale, picture)));
            pictures.fold(Art::default(), |art, (slot, picture)| art.with(slot, picture))
        };
        let folders = languages.into_iter().map(|locale| (locale.clone(), folder(locale))).collect();
        let root = art.0.iter().filter(|(slot, hanging)| !is_translated(*slot, hanging.picture()));
        (self.share(root), folders)
    }

    fn hang(&mut self, art: &mut Hung<'p>, fact: String, slot: Slot, hanging: Hanging<'p>) {
        let picture = hanging.picture();
        let Scales { x1, x2, x3 } = &picture.scales;
        let mut sources = [Some(&picture.source), x1.as_ref(), x2.as_ref(), x3.as_ref()].into_iter().flatten();
        if sources.all(|source| matches!(source, Source::Url(_))) {
            self.lost(fact.clone(), "a package carries the bytes of a picture, not its address");
            self.report.find(rules::PICTURE_BY_ADDRESS.finding(
                fact,
                "the picture is given by its address alone, and an Apple pass carries its bytes",
                "give the PNG as the source and the address as `url`",
            ));
            return;
        }
        if picture.description.is_some() {
            self.note(fact.clone(), "without its description");
        }
        if slot == Slot::Icon && !picture.localized.is_empty() {
            self.note(fact.clone(), "the icon in one language, since a package must have one for all");
        }
        self.report.place(Wallet::Apple, fact, [slot.name(), ".png"].concat());
        art.0.push((slot, hanging));
    }

    /// Makes the pictures of the sheet, none where they are not wanted.
    fn share<'h>(&self, hung: impl Iterator<Item = &'h (Slot, Hanging<'p>)>) -> Art
    where
        'p: 'h,
    {
        // The one of the facts may hang in several slots.
        let mut of_facts = None;
        let wanted = hung.filter(|_| self.wants_art);
        wanted.fold(Art::default(), |art, (slot, hanging)| match hanging {
            Hanging::OfFacts(picture) => {
                art.sharing(*slot, of_facts.get_or_insert_with(|| Arc::new(Picture::clone(picture))))
            }
            Hanging::Shared(picture) => art.sharing(*slot, picture),
        })
    }
}

/// The pictures that the style draws, still in the pass.
#[derive(Default)]
pub(super) struct Hung<'p>(Vec<(Slot, Hanging<'p>)>);

impl Hung<'_> {
    fn has(&self, slot: Slot) -> bool {
        self.0.iter().any(|(hung, _)| *hung == slot)
    }
}

/// Where a picture comes from.
#[derive(Clone, Copy)]
enum Hanging<'p> {
    /// The logo of the kind.
    OfFacts(&'p Picture),
    /// A slot of the pass, which can be shared.
    Shared(&'p Arc<Picture>),
}

impl<'p> Hanging<'p> {
    fn picture(self) -> &'p Picture {
        match self {
            Self::OfFacts(picture) => picture,
            Self::Shared(picture) => picture,
        }
    }
}

/// The most translated pictures of a package, over all languages.
const MOST_TRANSLATED: usize = 500;
