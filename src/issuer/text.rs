//! Texts that hosts write beside their passes.

use super::Error;

/// Refuses a text that is empty or too long, in characters.
pub(super) fn judge_length(what: &'static str, text: &str, most: usize) -> Result<(), Error> {
    match text.chars().count() {
        0 => Err(Error::Length { what, length: 0, most }),
        length if length > most => Err(Error::Length { what, length, most }),
        _ => Ok(()),
    }
}
