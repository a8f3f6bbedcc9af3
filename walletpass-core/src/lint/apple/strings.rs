//! Reads a `pass.strings`.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::str::CharIndices;

/// Reads the translations of a `pass.strings`: from the text in `pass.json` to its translation.
///
/// UTF-16 with a byte order mark, UTF-16 without one and UTF-8 are told apart by themselves, since generators ship all of them.
/// Comments (`/* */`, `//`), keys without quotes and the escapes `\"`, `\\`, `\n`, `\r`, `\t` and `\Uxxxx` are read. Of a key
/// that is there twice the last counts, as on the phone.
///
/// # Errors
///
/// [`StringsError`] with the line where the file breaks.
///
/// <https://developer.apple.com/documentation/walletpasses/creating-the-source-for-a-pass>
pub fn parse_strings(bytes: &[u8]) -> Result<BTreeMap<String, String>, StringsError> {
    Ok(entries(bytes)?.into_iter().collect())
}

/// Reads the entries in their order, those that are there twice too.
pub(super) fn entries(bytes: &[u8]) -> Result<Vec<(String, String)>, StringsError> {
    let text = decode(bytes)?;
    let mut reader = Reader { text: &text, characters: text.char_indices().peekable() };
    let mut entries = Vec::new();
    while reader.skip_blank()? {
        let key = reader.token("a key")?;
        reader.mark('=')?;
        let value = reader.token("a value")?;
        reader.mark(';')?;
        entries.push((key, value));
    }
    Ok(entries)
}

/// Says where a `pass.strings` breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StringsError {
    /// The bytes are text in none of the encodings.
    #[error("the file is neither UTF-8 nor UTF-16: save it as UTF-16 or UTF-8")]
    Encoding,
    /// Something else stands where a mark belongs.
    #[error("line {line}: expected {expected}, found {found}: write \"key\" = \"value\"; with straight quotes")]
    Unexpected {
        /// The line, from 1.
        line: usize,
        /// What belongs there.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
}

fn decode(bytes: &[u8]) -> Result<String, StringsError> {
    let (unit, rest): (Option<Unit>, &[u8]) = match bytes {
        [0xff, 0xfe, rest @ ..] => (Some(u16::from_le_bytes), rest),
        [0xfe, 0xff, rest @ ..] => (Some(u16::from_be_bytes), rest),
        [0xef, 0xbb, 0xbf, rest @ ..] => (None, rest),
        // The first character is a quote, a slash or a letter, whose other half is zero in UTF-16.
        [0, first, ..] if *first != 0 => (Some(u16::from_be_bytes), bytes),
        [first, 0, ..] if *first != 0 => (Some(u16::from_le_bytes), bytes),
        _ => (None, bytes),
    };
    let Some(unit) = unit else {
        return String::from_utf8(rest.to_vec()).map_err(|_| StringsError::Encoding);
    };
    let (pairs, []) = rest.as_chunks::<2>() else { return Err(StringsError::Encoding) };
    let units: Vec<u16> = pairs.iter().copied().map(unit).collect();
    String::from_utf16(&units).map_err(|_| StringsError::Encoding)
}

/// Makes a unit of UTF-16 of two bytes.
type Unit = fn([u8; 2]) -> u16;

struct Reader<'t> {
    text: &'t str,
    characters: Peekable<CharIndices<'t>>,
}

impl Reader<'_> {
    /// Passes over blanks and comments, and says whether anything follows.
    fn skip_blank(&mut self) -> Result<bool, StringsError> {
        while let Some((at, character)) = self.characters.peek().copied() {
            let rest = self.text.get(at..).unwrap_or_default();
            if rest.starts_with("/*") {
                let Some(length) = rest.find("*/") else { return Err(self.unexpected("the end of a comment, `*/`")) };
                while self.characters.next_if(|(index, _)| *index < at + length + 2).is_some() {}
            } else if rest.starts_with("//") {
                while self.characters.next_if(|(_, character)| *character != '\n').is_some() {}
            } else if character.is_whitespace() {
                self.characters.next();
            } else {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Passes over a mark that belongs here.
    fn mark(&mut self, mark: char) -> Result<(), StringsError> {
        self.skip_blank()?;
        let found = self.characters.next_if(|(_, character)| *character == mark);
        found.map(|_| ()).ok_or_else(|| self.unexpected(if mark == '=' { "`=`" } else { "`;`" }))
    }

    /// Reads a text in quotes, or a bare word.
    fn token(&mut self, expected: &'static str) -> Result<String, StringsError> {
        self.skip_blank()?;
        if self.characters.next_if(|(_, character)| *character == '"').is_some() {
            return self.quoted();
        }
        let mut word = String::new();
        let is_bare = |character: char| character.is_ascii_alphanumeric() || "_-.$/:".contains(character);
        while let Some((_, character)) = self.characters.next_if(|(_, character)| is_bare(*character)) {
            word.push(character);
        }
        if word.is_empty() { Err(self.unexpected(expected)) } else { Ok(word) }
    }

    fn quoted(&mut self) -> Result<String, StringsError> {
        let mut text = String::new();
        // Escapes may give the halves of one character apart.
        let mut units: Vec<u16> = Vec::new();
        loop {
            let Some((_, character)) = self.characters.next() else { return Err(self.unexpected("a closing quote")) };
            let escaped = (character == '\\').then(|| self.characters.next().map(|(_, escaped)| escaped)).flatten();
            if let Some('U' | 'u') = escaped {
                units.push(self.unit()?);
                continue;
            }
            flush(&mut units, &mut text);
            match (character, escaped) {
                ('"', None) => return Ok(text),
                ('\\', None) => return Err(self.unexpected("an escaped character")),
                (_, Some('n')) => text.push('\n'),
                (_, Some('r')) => text.push('\r'),
                (_, Some('t')) => text.push('\t'),
                (_, Some(other)) | (other, None) => text.push(other),
            }
        }
    }

    /// Reads the four digits of an escaped character.
    fn unit(&mut self) -> Result<u16, StringsError> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.characters.next_if(|(_, character)| character.is_ascii_hexdigit());
            let Some(digit) = digit.and_then(|(_, digit)| digit.to_digit(16)) else {
                return Err(self.unexpected("four hexadecimal digits"));
            };
            unit = unit << 4 | u16::try_from(digit).unwrap_or_default();
        }
        Ok(unit)
    }

    fn unexpected(&mut self, expected: &'static str) -> StringsError {
        let at = self.characters.peek().map_or(self.text.len(), |(at, _)| *at);
        let line = self.text.get(..at).unwrap_or_default().matches('\n').count() + 1;
        let found = self.characters.peek().map_or("the end of the file".to_owned(), |(_, found)| format!("{found:?}"));
        StringsError::Unexpected { line, expected, found }
    }
}

fn flush(units: &mut Vec<u16>, text: &mut String) {
    text.extend(char::decode_utf16(units.drain(..)).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)));
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str =
        "/* Klub */\n\"Points\" = \"Punkte\\n\\\"mehr\\\"\";\n// rest\nname=\"\\U00e4\\ud83c\\udf89🎉\";";

    fn expected() -> BTreeMap<String, String> {
        BTreeMap::from([("Points".into(), "Punkte\n\"mehr\"".into()), ("name".into(), "ä🎉🎉".into())])
    }

    #[test]
    fn every_encoding_is_read() {
        let utf16 = |unit: fn(u16) -> [u8; 2]| FILE.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
        let (little, big) = (utf16(u16::to_le_bytes), utf16(u16::to_be_bytes));
        for bytes in [
            FILE.as_bytes().to_vec(),
            [b"\xef\xbb\xbf", FILE.as_bytes()].concat(),
            [b"\xff\xfe", &*little].concat(),
            [b"\xfe\xff", &*big].concat(),
            little,
            big,
        ] {
            assert_eq!(parse_strings(&bytes).unwrap(), expected());
        }
        assert_eq!(parse_strings(b"").unwrap(), BTreeMap::new());
        assert_eq!(parse_strings(b"\xff\xfe\"").unwrap_err(), StringsError::Encoding);
        assert_eq!(parse_strings(b"\"a\" = \"\xe4\";").unwrap_err(), StringsError::Encoding);
    }

    #[test]
    fn what_is_broken_is_told_with_its_line() {
        for (file, line, expected) in [
            ("\"a\" = \"b\"\n\"c\" = \"d\";", 2, "`;`"),
            ("\"a\" : \"b\";", 1, "`=`"),
            ("\n“a” = \"b\";", 2, "a key"),
            ("\"a\" = \"b", 1, "a closing quote"),
            ("\"a\" = \"\\Uzzzz\";", 1, "four hexadecimal digits"),
            ("/* open", 1, "the end of a comment, `*/`"),
        ] {
            match parse_strings(file.as_bytes()) {
                Err(StringsError::Unexpected { line: found, expected: what, .. }) => {
                    assert_eq!((found, what), (line, expected), "{file}");
                }
                other => panic!("{file}: {other:?}"),
            }
        }
    }
}
