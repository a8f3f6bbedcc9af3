//! Any bytes are a `pass.strings` that reads back the same when it is written again, or are refused.
#![no_main]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use libfuzzer_sys::fuzz_target;
use walletpass_core::lint::apple::parse_strings;

fuzz_target!(|bytes: &[u8]| {
    match parse_strings(bytes) {
        Ok(strings) => {
            let text = write(&strings);
            let utf16 = |unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
            for file in [text.clone().into_bytes(), utf16(u16::to_le_bytes), utf16(u16::to_be_bytes)] {
                assert_eq!(parse_strings(&file).as_ref(), Ok(&strings), "{text:?}");
            }
        }
        Err(error) => assert!(error.to_string().len() < 1_000),
    }
});

/// Writes the file again, in a spelling of its own: with a byte order mark, and nothing escaped but what must be.
fn write(strings: &BTreeMap<String, String>) -> String {
    let escape = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
    let mut file = String::from("\u{feff}");
    for (key, value) in strings {
        let _ = write!(file, "\"{}\"=\"{}\";", escape(key), escape(value));
    }
    file
}
