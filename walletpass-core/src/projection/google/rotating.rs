//! The barcode that the phone makes anew every few seconds.

use serde_json::{Value as Json, json};

use super::GoogleDrawing;
use crate::model::rotating::{RotatingBarcode, RotatingKey, RotatingSymbology};
use crate::projection::format::{is_latin1, set};

impl GoogleDrawing<'_> {
    pub(super) fn rotating_barcode(&mut self) {
        let Some(barcode) = &self.pass.rotating_barcode else { return };
        let RotatingBarcode { format, pattern, period_millis, keys, caption } = barcode;
        let kind = match format {
            RotatingSymbology::Pdf417 => "PDF_417",
            RotatingSymbology::Qr => "QR_CODE",
        };
        let keys = self.bounded(keys, "rotatingBarcode.keys").iter();
        let parameters: Vec<Json> = keys
            .map(|RotatingKey { key, digits }| json!({ "key": key.hex().expose(), "valueLength": digits }))
            .collect();
        let mut json = json!({
            "type": kind,
            "valuePattern": pattern,
            "totpDetails": {
                "algorithm": "TOTP_SHA1",
                "periodMillis": period_millis.to_string(),
                "parameters": parameters,
            },
        });
        if kind == "QR_CODE" && !is_latin1(pattern) {
            set(&mut json, "renderEncoding", "UTF_8");
        }
        if let Some(caption) = caption {
            set(&mut json, "alternateText", caption.default.as_str());
        }
        self.object("rotatingBarcode", "rotatingBarcode", json);
        if caption.as_ref().is_some_and(|caption| !caption.translations.is_empty()) {
            self.note("rotatingBarcode", "the caption without its translations");
        }
    }
}
