//! The catalogue of what a projection finds in a pass, before there is a wire form to judge.

use crate::lint::{Rule, rules};

rules! {
    /// Lists every rule that [`apple`](fn@super::apple) and [`google`](fn@super::google) know beside those of the lint.
    pub const RULES;

    LOGO_NOT_PUBLIC = error("google-logo-not-public", "the logo of a loyalty card or transit ticket has a public address, from which Google fetches it");
    PICTURE_BY_ADDRESS = warning("apple-picture-by-address", "a picture for Apple is given by its bytes");
    PLAIN_ICON = warning("apple-plain-icon", "a pass has an icon or a logo");
    TRANSLATION_CONFLICT = warning("apple-translation-conflict", "one text of a pass has one translation into each language");
    UNUSED_WORDING = warning("pass-unused-wording", "wording is for roles that the pass shows");
}
