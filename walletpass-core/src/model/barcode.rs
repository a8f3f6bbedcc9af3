//! The barcode.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::text::Text;

/// What a scanner reads.
///
/// The character encoding follows from the message: ISO-8859-1 where it fits, else UTF-8. On Apple the four symbologies of
/// iOS 27 are accompanied by a QR code of the same message for older systems.
/// <https://developer.apple.com/documentation/walletpasses/pass/barcodes>
///
/// ```
/// # use walletpass_core::Barcode;
/// let barcode = Barcode::qr("4711").caption("4711");
/// assert_eq!(serde_json::to_string(&barcode)?, r#"{"format":"qr","message":"4711","caption":"4711"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object with `format` and `message`")]
#[non_exhaustive]
pub struct Barcode {
    /// The symbology.
    pub format: Symbology,
    /// What is encoded. Each symbology has its own alphabet and lengths, which the lint checks.
    pub message: String,
    /// The text below the code, for when the scanner fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<Text>,
}

impl Barcode {
    /// Makes a barcode of any symbology.
    pub fn new(format: Symbology, message: impl Into<String>) -> Self {
        Self { format, message: message.into(), caption: None }
    }

    /// Makes a QR code, the one symbology that every phone and most scanners read.
    pub fn qr(message: impl Into<String>) -> Self {
        Self::new(Symbology::Qr, message)
    }

    /// Puts a text below the code.
    pub fn caption(mut self, caption: impl Into<Text>) -> Self {
        self.caption = Some(caption.into());
        self
    }
}

/// The symbologies that Apple Wallet draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Symbology {
    /// Aztec, ISO/IEC 24778.
    Aztec,
    /// Codabar: digits and `-$:/.+`. iOS 27.
    Codabar,
    /// Code 128: ASCII. Not drawn on Apple Watch.
    Code128,
    /// Code 39: digits, capitals, space and `-.$/+%`. iOS 27.
    Code39,
    /// EAN-13: 12 or 13 digits with the right check digit. iOS 27.
    Ean13,
    /// Interleaved 2 of 5: an even number of digits. iOS 27. Google draws it when there are 14 (ITF-14).
    I2of5,
    /// PDF417, ISO/IEC 15438.
    Pdf417,
    /// QR code, ISO/IEC 18004.
    Qr,
}
