//! Any text is a colour that reads back the same in all its spellings, or is refused with a short error; the lint never chokes on it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::json;
use walletpass_core::Color;
use walletpass_core::lint::apple;

fuzz_target!(|text: &str| {
    match text.parse::<Color>() {
        Ok(color) => {
            assert_eq!(color.to_string().parse(), Ok(color));
            assert_eq!(color.hex().parse(), Ok(color));
            assert!((1.0..=21.01).contains(&color.contrast(color.readable())));
            assert!(color.contrast(color.readable()) >= 4.5, "{color} lets neither black nor white be read");
        }
        Err(error) => assert!(error.to_string().len() < 1_000),
    }
    let pass = json!({ "backgroundColor": text, "foregroundColor": text, "labelColor": "rgb(1, 2, 3)", "generic": {} });
    let now = chrono::DateTime::UNIX_EPOCH;
    for finding in apple::check(pass.as_object().expect("an object"), now) {
        assert!(finding.cause.len() < 1_000 && finding.mend.len() < 1_000);
    }
});
