//! What Google alone knows: told of, fact by fact, so that nothing is lost in silence.

use super::AppleDrawing;
use crate::projection::rules;

impl AppleDrawing<'_> {
    pub(super) fn foreign(&mut self) {
        let pass = self.pass;
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
