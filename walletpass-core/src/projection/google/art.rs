//! The pictures of a pass on Google Wallet.

use serde_json::{Value as Json, json};

use super::{GoogleDrawing, members};
use crate::lint::google::Vertical;
use crate::model::art::Slot;
use crate::model::picture::Picture;
use crate::projection::format::set;
use crate::projection::report::Wallet;
use crate::projection::rules;

impl<'p> GoogleDrawing<'p> {
    /// Chooses the square logo: the one that the kind demands, the icon or the logo of the pass, the first that Google can
    /// fetch.
    fn square_logo(&self) -> Option<(&'static str, &'p Picture)> {
        let pass = self.pass;
        let of_art = |slot| pass.art.get(slot).map(|picture| (art_fact(slot), picture));
        let candidates = [pass.kind.logo(), of_art(Slot::Icon), of_art(Slot::Logo)];
        let is_public = |(_, picture): &(&str, &Picture)| picture.public_url().is_some();
        candidates.iter().flatten().copied().find(is_public).or_else(|| candidates.into_iter().flatten().next())
    }

    /// Places the square logo on the class, and the wide one where there are two.
    pub(in crate::projection) fn class_logos(&mut self, square_key: &'static str, wide_key: &'static str) {
        self.logos(square_key, wide_key, Self::class);
    }

    /// Places the square logo on the object, and the wide one where there are two.
    pub(in crate::projection) fn object_logos(&mut self, square_key: &'static str, wide_key: &'static str) {
        self.logos(square_key, wide_key, Self::object);
    }

    /// Places the square logo and, where there are two, the wide one.
    pub(in crate::projection) fn logos(
        &mut self,
        square_key: &'static str,
        wide_key: &'static str,
        mut put: impl FnMut(&mut Self, &'static str, &'static str, Json),
    ) {
        let square = self.square_logo();
        if let Some((fact, picture)) = square {
            self.hang(fact, picture, |sheet, image| put(sheet, fact, square_key, image));
        }
        let wide = self.pass.art.get(Slot::Logo).filter(|_| square.is_some_and(|(fact, _)| fact != "art.logo"));
        if let Some(picture) = wide {
            self.hang("art.logo", picture, |sheet, image| put(sheet, "art.logo", wide_key, image));
        }
    }

    /// Writes a picture, where it has a public address.
    pub(in crate::projection) fn image(&self, picture: &Picture) -> Option<Json> {
        let url = picture.public_url()?;
        let mut json = json!({ "sourceUri": { "uri": url.as_str() } });
        if let Some(description) = &picture.description {
            set(&mut json, "contentDescription", self.localized(description));
        }
        Some(json)
    }

    /// Places a picture, or says why it cannot be.
    pub(in crate::projection) fn hang(
        &mut self,
        fact: &'static str,
        picture: &Picture,
        place: impl FnOnce(&mut Self, Json),
    ) {
        match self.image(picture) {
            Some(image) => {
                place(self, image);
                if picture.private_image_id.is_some() {
                    self.note(fact, "by its address: private images are shown as thumbnail or background only");
                }
            }
            None if picture.private_image_id.is_some() => {
                self.lost(fact, "Google shows private images as thumbnail or background only");
            }
            None => self.lost(fact, "Google fetches pictures, and this one has no public address (`url`)"),
        }
    }

    /// Places a picture that may be a private image, or says why it cannot be.
    fn hang_private(&mut self, fact: &'static str, picture: &Picture, place: impl FnOnce(&mut Self, Json)) {
        let Some(id) = &picture.private_image_id else { return self.hang(fact, picture, place) };
        let mut image = json!({ "privateImageId": id });
        if let Some(description) = &picture.description {
            set(&mut image, "contentDescription", self.localized(description));
        }
        place(self, image);
        if picture.public_url().is_some() {
            self.note(fact, "the private image, not the one at the address");
        }
    }

    pub(super) fn art(&mut self) {
        let pass = self.pass;
        let hero_slot = if pass.art.get(Slot::Hero).is_some() { Slot::Hero } else { Slot::Strip };
        for (slot, picture) in pass.art.iter() {
            let fact = art_fact(slot);
            match slot {
                slot if slot == hero_slot => self.hang(fact, picture, |sheet, image| match sheet.vertical {
                    Vertical::Generic => sheet.object(fact, "heroImage", image),
                    _ => sheet.class(fact, "heroImage", image),
                }),
                Slot::Thumbnail | Slot::Background => self.hang_private(fact, picture, |sheet, image| {
                    let modules = sheet.object.entry("imageModulesData").or_insert_with(|| json!([]));
                    if let Json::Array(modules) = modules {
                        modules.push(members([("id", slot.name().into()), ("mainImage", image)]));
                    }
                    sheet.report.place(Wallet::Google, fact, "object.imageModulesData");
                    sheet.note(fact, "in the details");
                }),
                Slot::Footer if self.vertical == Vertical::Flight => self.hang(fact, picture, |sheet, image| {
                    sheet.object_member(fact, "boardingAndSeatingInfo", "boardingPrivilegeImage", image);
                }),
                Slot::Icon | Slot::Logo => {}
                Slot::Strip => self.lost(fact, "the hero picture takes its place"),
                Slot::Footer => self.lost(fact, "only flights have such a band on Google"),
                _ => self.lost(fact, "Apple only"),
            }
        }
        // Whatever the kind made of icon and logo has been recorded; the rest has no place.
        for slot in [Slot::Icon, Slot::Logo] {
            let fact = art_fact(slot);
            if pass.art.get(slot).is_some() && !self.is_told(fact) {
                self.lost(fact, "Google shows another logo of the pass");
            }
        }
        if let Some((fact, _)) = pass.kind.logo().filter(|(fact, _)| !self.is_told(fact)) {
            self.lost(fact, "Google fetches pictures, and this one has no public address (`url`)");
        }
    }

    /// Describes a generic pass by its logo. Elsewhere the logo is the class's, and each description would make another class.
    pub(super) fn description(&mut self) {
        let Some(description) = &self.pass.description else { return };
        let text = self.localized(description);
        match self.object.get_mut("logo").and_then(Json::as_object_mut) {
            Some(logo) if !logo.contains_key("contentDescription") => {
                logo.insert("contentDescription".to_owned(), text);
                self.placed("description", "object.logo.contentDescription");
            }
            Some(_) => self.lost("description", "the logo has a description of its own"),
            None => self.lost("description", "Google describes pictures, not passes: describe the logo"),
        }
    }

    fn is_told(&self, fact: &str) -> bool {
        self.report.placements.iter().any(|placement| placement.fact == fact)
    }

    /// Says plainly what the lint would only call a missing field: Google demands a logo it can fetch.
    pub(super) fn demand_logo(&mut self) {
        let Some((fact, logo)) = self.pass.kind.logo() else { return };
        let demanded = matches!(self.vertical, Vertical::Loyalty | Vertical::Transit);
        if demanded && logo.public_url().is_none() {
            self.report.findings.push(rules::LOGO_NOT_PUBLIC.finding(
                fact,
                "Google demands the logo of this pass and fetches it from the web, and it has no public address",
                "give the picture its address as `url` (`Picture::hosted_at`)",
            ));
        }
    }
}

fn art_fact(slot: Slot) -> &'static str {
    match slot {
        Slot::Artwork => "art.artwork",
        Slot::Background => "art.background",
        Slot::Footer => "art.footer",
        Slot::Hero => "art.hero",
        Slot::Icon => "art.icon",
        Slot::Logo => "art.logo",
        Slot::PersonalizationLogo => "art.personalizationLogo",
        Slot::PrimaryLogo => "art.primaryLogo",
        Slot::SecondaryLogo => "art.secondaryLogo",
        Slot::Strip => "art.strip",
        Slot::Thumbnail => "art.thumbnail",
        Slot::VenueMap => "art.venueMap",
    }
}
