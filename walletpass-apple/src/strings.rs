//! Translations: the `pass.strings` of a language.

use std::collections::BTreeMap;

use walletpass_core::Locale;

/// Names the file of a language in a package: `pt-BR.lproj/pass.strings`.
pub(crate) fn file_name(locale: &Locale) -> String {
    format!("{locale}.lproj/pass.strings")
}

/// Writes the file of a language: a line per text, UTF-16LE with a byte order mark.
///
/// UTF-8 ships widely too, but Apple asks for UTF-16 where text is not plain ASCII.
/// <https://developer.apple.com/documentation/walletpasses/creating-the-source-for-a-pass>
pub(crate) fn encode(strings: &BTreeMap<String, String>) -> Vec<u8> {
    let mut text = String::from('\u{feff}');
    for (key, value) in strings {
        text.push('"');
        escape(&mut text, key);
        text.push_str("\" = \"");
        escape(&mut text, value);
        text.push_str("\";\n");
    }
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn escape(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_line_ends_are_escaped() {
        let strings = BTreeMap::from([
            ("Say \"hi\"".to_owned(), "C:\\temp\r\n\tend".to_owned()),
            ("Points".to_owned(), "ポイント 🎉".to_owned()),
        ]);
        let bytes = encode(&strings);
        assert_eq!(bytes[..4], [0xff, 0xfe, b'"', 0]);
        let units: Vec<u16> = bytes.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        assert_eq!(
            String::from_utf16(&units).unwrap(),
            "\u{feff}\"Points\" = \"ポイント 🎉\";\n\"Say \\\"hi\\\"\" = \"C:\\\\temp\\r\\n\\tend\";\n"
        );
    }
}
