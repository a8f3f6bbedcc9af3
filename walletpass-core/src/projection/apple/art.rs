//! The pictures of a pass on Apple Wallet.

use super::AppleDrawing;
use crate::model::art::{Art, Slot};
use crate::model::picture::{Picture, Scales};
use crate::model::source::Source;
use crate::projection::report::Wallet;
use crate::projection::rules;

impl AppleDrawing<'_> {
    /// Chooses the pictures that the style draws.
    pub(super) fn art(&mut self) -> Art {
        let pass = self.pass;
        let mut art = Art::default();
        let has_strip = pass.art.get(Slot::Strip).is_some();
        for (slot, picture) in pass.art.iter() {
            let fact = format!("art.{}", slot.name());
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
                _ => None,
            };
            match why {
                Some(why) => self.lost(fact, why),
                None => art = self.hang(art, fact, slot, picture),
            }
        }
        let of_kind = pass.kind.logo();
        if art.get(Slot::Logo).is_none()
            && let Some((fact, logo)) = of_kind
        {
            art = self.hang(art, fact.to_owned(), Slot::Logo, logo);
        } else if let Some((fact, _)) = of_kind.filter(|_| art.get(Slot::Icon).is_some()) {
            self.lost(fact, "the pass has an icon and a logo of its own");
        }
        if art.get(Slot::Icon).is_none() {
            let logo = pass.art.get(Slot::Logo).map(|logo| ("art.logo", logo));
            if let Some((fact, logo)) = of_kind.or(logo) {
                art = self.hang(art, fact.to_owned(), Slot::Icon, logo);
            }
        }
        if art.get(Slot::Icon).is_none() {
            self.report.findings.push(rules::PLAIN_ICON.finding(
                "",
                "the pass has neither icon nor logo whose bytes are given, so its icon is a plain dark square",
                "give it an icon of 114 x 114 pixels or more",
            ));
        }
        art
    }

    fn hang(&mut self, art: Art, fact: String, slot: Slot, picture: &Picture) -> Art {
        let Scales { x1, x2, x3 } = &picture.scales;
        let mut sources = [Some(&picture.source), x1.as_ref(), x2.as_ref(), x3.as_ref()].into_iter().flatten();
        if sources.all(|source| matches!(source, Source::Url(_))) {
            self.lost(fact.clone(), "a package carries the bytes of a picture, not its address");
            self.report.find(rules::PICTURE_BY_ADDRESS.finding(
                fact,
                "the picture is given by its address alone, and an Apple pass carries its bytes",
                "give the PNG as the source and the address as `url`",
            ));
            return art;
        }
        if picture.description.is_some() {
            self.note(fact.clone(), "without its description");
        }
        self.report.place(Wallet::Apple, fact, format!("{}.png", slot.name()));
        art.with(slot, picture.clone())
    }
}
