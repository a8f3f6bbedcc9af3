//! What Google alone knows: told of, fact by fact, so that nothing is lost in silence.

use super::AppleDrawing;
use crate::model::picture::Picture;
use crate::model::protection::Protection;
use crate::projection::bounds::bounded;
use crate::projection::rules;

impl AppleDrawing<'_> {
    pub(super) fn foreign(&mut self) {
        let pass = self.pass;
        if pass.smart_tap.is_some() {
            self.lost("smartTap", "Apple's readers get the message of `nfc`");
        }
        let Protection { screenshots, shimmer, unlock } = pass.protection;
        for (fact, is_given, why) in [
            ("protection.screenshots", screenshots.is_some(), "iPhones let the screen be pictured"),
            ("protection.shimmer", shimmer, "Apple moves no pass"),
            ("protection.unlock", unlock, "iPhones show passes when locked: `nfc` alone can ask for the holder"),
        ] {
            if is_given {
                self.lost(fact, why);
            }
        }
        for index in 0..bounded(&pass.linked, "linked", &mut self.report).len() {
            self.lost(format!("linked[{index}]"), "Apple links no passes: bundle them, or give them one `group`");
        }
        for index in 0..bounded(&pass.details, "details", &mut self.report).len() {
            self.lost(format!("details[{index}]"), "Apple shows the back in the order of its fields");
        }
        if !pass.dates.reminders.is_empty() {
            self.lost("dates.reminders", "Apple reminds by `dates.relevant` alone");
        }
        let is_private = |picture: &Picture| picture.private_image_id.is_some();
        let of_art = pass.art.iter().filter(|(_, picture)| is_private(picture));
        let of_art = of_art.map(|(slot, _)| format!("art.{}.privateImageId", slot.name()));
        let of_kind = pass.kind.logo().filter(|(_, picture)| is_private(picture));
        for fact in of_art.chain(of_kind.map(|(fact, _)| format!("{fact}.privateImageId"))) {
            self.lost(fact, "the picture itself is in the package");
        }
        if pass.rotating_barcode.is_some() {
            self.lost("rotatingBarcode", "Apple's barcodes stand still: `barcode` is shown");
            if pass.barcode.is_none() {
                self.report.findings.push(rules::ROTATING_ONLY.finding(
                    "rotatingBarcode",
                    "Apple's barcodes stand still, and the pass has no other, so an iPhone shows none",
                    "give it a `barcode` too",
                ));
            }
        }
    }
}
