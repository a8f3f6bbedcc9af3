//! What an iPhone wants signed when a holder has signed up.

use std::fmt;
use std::str::FromStr;

/// The text that an iPhone wants signed: Apple's `personalizationToken`.
///
/// 1 to 1,024 visible ASCII characters without any of `" < > [ \ ] { }`. Apple says no more than that it is a unique string. The
/// limits matter, as the server signs it with the certificate that signs passes, and asks for no authentication: were braces let
/// through, anybody could have the manifest of a forged pass signed. Debug does not show it.
/// <https://developer.apple.com/documentation/walletpasses/return-a-personalized-pass>
#[derive(Clone, PartialEq, Eq)]
pub struct PersonalizationToken(String);

/// A text that is no personalization token, and so is not signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is no personalization token: send 1 to 1,024 visible ASCII characters, no quotation marks, brackets, braces or \
     backslashes"
)]
#[expect(clippy::exhaustive_structs, reason = "there is nothing more to say")]
pub struct PersonalizationTokenError;

impl PersonalizationToken {
    /// Gives the text, whose bytes are to be signed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PersonalizationToken {
    type Err = PersonalizationTokenError;

    fn from_str(text: &str) -> Result<Self, PersonalizationTokenError> {
        let is_legal = |byte: u8| byte.is_ascii_graphic() && !b"\"<>[\\]{}".contains(&byte);
        match (1..=1024).contains(&text.len()) && text.bytes().all(is_legal) {
            true => Ok(Self(text.to_owned())),
            false => Err(PersonalizationTokenError),
        }
    }
}

impl fmt::Debug for PersonalizationToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonalizationToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_could_be_a_manifest_is_signed() {
        for text in ["BASE64+/=", "4A7F-00:11_22.33~", &"x".repeat(1024)] {
            assert!(text.parse::<PersonalizationToken>().is_ok(), "{text}");
        }
        let manifest = r#"{"pass.json":"da39a3ee5e6b4b0d3255bfef95601890afd80709"}"#;
        for text in ["", manifest, "a b", "a\n", "ä", "<a>", "[1]", "\\u007b", &"x".repeat(1025)] {
            assert!(text.parse::<PersonalizationToken>().is_err(), "{text}");
        }
    }
}
