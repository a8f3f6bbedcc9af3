//! The JSON form: its schema is valid, takes what `Pass::from_json` takes and refuses what that refuses.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use walletpass_core::Pass;

struct Validator {
    schemas: boon::Schemas,
    index: boon::SchemaIndex,
}

impl Validator {
    fn new() -> Self {
        let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
        compiler.add_resource("pass.json", Pass::schema().to_value()).unwrap();
        let index = compiler.compile("pass.json", &mut schemas).unwrap_or_else(|error| panic!("{error}"));
        Self { schemas, index }
    }

    fn takes(&self, json: &Value) -> bool {
        self.schemas.validate(json, self.index).is_ok()
    }
}

fn fixtures() -> Vec<Value> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [here.join("tests/passes"), here.join("../examples/passes")];
    let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let paths = entries.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e == "json"));
    paths.map(|path| serde_json::from_slice(&fs::read(path).unwrap()).unwrap()).collect()
}

#[test]
fn the_schema_takes_every_fixture_and_its_round_trip() {
    let validator = Validator::new();
    assert_eq!(fixtures().len(), 19);
    for json in fixtures() {
        assert!(validator.takes(&json), "{json}");
        let pass = Pass::from_json(json.to_string().as_bytes()).unwrap();
        let written = serde_json::to_value(&pass).unwrap();
        assert!(validator.takes(&written), "{written}");
        assert_eq!(Pass::from_json(written.to_string().as_bytes()).unwrap(), pass);
    }
}

#[test]
fn schema_and_reader_refuse_the_same_mistakes() {
    let validator = Validator::new();
    let good = json!({ "serial": "1", "organization": "Crumb", "kind": { "coupon": { "title": "2 for 1" } } });
    assert!(validator.takes(&good));
    for (pointer, key, value) in [
        ("", "colour", json!({})),
        ("", "serial", json!(4711)),
        ("", "wording", json!({ "pionts": {} })),
        ("", "art", json!({ "lgoo": "a.png" })),
        ("", "barcode", json!({ "format": "QR", "message": "1" })),
        ("", "dates", json!({ "expires": { "days": 4000 } })),
        ("", "places", json!([{ "latitude": "41", "longitude": 8 }])),
        ("", "places", json!([{ "latitude": 91, "longitude": 8 }])),
        ("", "places", json!([{ "latitude": 41, "longitude": 8, "txet": "x" }])),
        ("/kind", "loyalty", json!({})),
        ("/kind/coupon", "titel", json!("x")),
        ("/kind/coupon", "title", json!(null)),
    ] {
        let mut bad = good.clone();
        bad.pointer_mut(pointer).unwrap()[key] = value;
        assert!(!validator.takes(&bad), "the schema takes {bad}");
        assert!(Pass::from_json(bad.to_string().as_bytes()).is_err(), "the reader takes {bad}");
    }
}

#[test]
fn the_schema_speaks_json_not_rust() {
    let schema = Pass::schema().to_value().to_string();
    for rust in ["```", "::", "[`"] {
        assert!(!schema.contains(rust), "the schema contains {rust}");
    }
}
