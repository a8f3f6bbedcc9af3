//! Colours.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// An opaque colour in sRGB.
///
/// Parses `#rgb`, `#rrggbb`, `rgb(r, g, b)`, any other opaque CSS colour, and the six presets. Apple gets `rgb(r, g, b)`, the
/// only form it documents; Google gets `#rrggbb`.
///
/// ```
/// # use walletpass_core::Color;
/// let brown: Color = "#4b2e1e".parse()?;
/// assert_eq!(brown, "rgb(75, 46, 30)".parse()?);
/// assert_eq!(brown.readable(), Color::WHITE);
/// # Ok::<(), walletpass_core::ColorError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[expect(clippy::exhaustive_structs, reason = "three channels are all there is")]
pub struct Color {
    /// Red, 0 to 255.
    pub red: u8,
    /// Green, 0 to 255.
    pub green: u8,
    /// Blue, 0 to 255.
    pub blue: u8,
}

impl Color {
    /// Black.
    pub const BLACK: Self = Self::rgb(0, 0, 0);
    /// White.
    pub const WHITE: Self = Self::rgb(255, 255, 255);

    /// Mixes a colour from its channels.
    pub const fn rgb(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// Measures the contrast between two colours, 1 (none) to 21 (black on white).
    ///
    /// WCAG 2.1 asks for 4.5 in text and 3 in large text. <https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio>
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// Chooses black or white, whichever reads better on this colour.
    pub fn readable(self) -> Self {
        if self.contrast(Self::WHITE) >= self.contrast(Self::BLACK) { Self::WHITE } else { Self::BLACK }
    }

    /// Writes the colour as Google takes it: `#4b2e1e`.
    pub fn hex(self) -> String {
        let Self { red, green, blue } = self;
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }
}

/// Says that a text is no colour that a pass can have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ColorError {
    /// It is translucent.
    #[error("{0:?} is translucent, and the colours of a pass are opaque: leave the alpha out")]
    Translucent(String),
    /// It is no colour.
    #[error(
        "{0:?} is not a colour: write `#4b2e1e`, `rgb(75, 46, 30)` or one of dark, blue, green, red, purple, orange"
    )]
    Unknown(String),
}

impl FromStr for Color {
    type Err = ColorError;

    fn from_str(text: &str) -> Result<Self, ColorError> {
        if let Some((_, preset)) = PRESETS.iter().find(|(name, _)| text.eq_ignore_ascii_case(name)) {
            return Ok(*preset);
        }
        let shortened = || text.chars().take(40).collect();
        // The parser takes hexadecimal digits without their mark too, and so words such as "facade".
        if text.len() > 100 || text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(ColorError::Unknown(shortened()));
        }
        let css = csscolorparser::parse(text).map_err(|_| ColorError::Unknown(shortened()))?;
        let [red, green, blue, alpha] = css.to_rgba8();
        if alpha != 255 {
            return Err(ColorError::Translucent(shortened()));
        }
        Ok(Self { red, green, blue })
    }
}

impl TryFrom<String> for Color {
    type Error = ColorError;

    fn try_from(text: String) -> Result<Self, ColorError> {
        text.parse()
    }
}

impl From<Color> for String {
    fn from(color: Color) -> Self {
        color.hex()
    }
}

/// Writes the colour as Apple takes it: `rgb(75, 46, 30)`.
impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { red, green, blue } = self;
        write!(f, "rgb({red}, {green}, {blue})")
    }
}

impl JsonSchema for Color {
    fn schema_name() -> Cow<'static, str> {
        "Color".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "An opaque colour: `#4b2e1e`, `rgb(75, 46, 30)`, or dark, blue, green, red, purple, orange.",
        })
    }
}

/// The colours of a pass.
///
/// Absent text colours become black or white, whichever reads better on the background. Google has the background alone and
/// chooses the rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    expecting = "an object with `background`, `foreground`, `label` and `footer`"
)]
#[non_exhaustive]
pub struct Colors {
    /// The ground.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub background: Option<Color>,
    /// The values of the fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub foreground: Option<Color>,
    /// The labels of the fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Color>,
    /// The foot of a poster ticket. Absent: the phone chooses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub footer: Option<Color>,
}

/// The presets, each dark enough for white text (contrast of 4.5 and more).
const PRESETS: [(&str, Color); 6] = [
    ("dark", Color::rgb(28, 28, 30)),
    ("blue", Color::rgb(11, 87, 208)),
    ("green", Color::rgb(20, 110, 60)),
    ("red", Color::rgb(185, 28, 28)),
    ("purple", Color::rgb(107, 33, 168)),
    ("orange", Color::rgb(180, 83, 9)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_colour_is_one_colour() {
        for text in ["#ff8000", "#FF8000", "rgb(255,128,0)", "rgb(255, 128, 0)", "rgba(255,128,0,1)"] {
            assert_eq!(text.parse::<Color>().unwrap(), Color::rgb(255, 128, 0), "{text}");
        }
        assert_eq!("#f80".parse::<Color>().unwrap(), Color::rgb(255, 136, 0));
    }

    #[test]
    fn what_is_no_colour_is_refused() {
        for text in ["", "rgb(1-2-3)", "#12345", "bluish", "facade", "123456", &"a".repeat(100_000)] {
            assert!(matches!(text.parse::<Color>(), Err(ColorError::Unknown(_))), "{text:.20}");
        }
        assert!(matches!("rgba(0,0,0,0.5)".parse::<Color>(), Err(ColorError::Translucent(_))));
    }

    #[test]
    fn presets_carry_white_text() {
        for (name, color) in PRESETS {
            assert!(color.contrast(Color::WHITE) >= 4.5, "{name}: {}", color.contrast(Color::WHITE));
        }
        assert!((Color::BLACK.contrast(Color::WHITE) - 21.0).abs() < 1e-9);
    }
}
