//! Passes of other generators, and the seven maximal ones of our own, read back into the model. Golden files in `golden/`;
//! accept a change with `INSTA_UPDATE=always cargo test -p walletpass-core --test import`.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use walletpass_core::import::{self, Fate, ImportError, Imported};
use walletpass_core::projection::{self, AppleSheet};
use walletpass_core::{Kind, Pass, Role, Slot};

/// A package: its pass.json and the files beside it.
struct Package {
    name: String,
    pass: Map<String, Value>,
    files: BTreeMap<String, Vec<u8>>,
}

impl Package {
    fn import(&self) -> Result<Imported, ImportError> {
        let files = self.files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        import::apple(&self.pass, &files)
    }
}

/// Walks the packages in the style of other generators.
fn packages() -> Vec<Package> {
    let read = |path: PathBuf| {
        let json: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let texts = json["files"].as_object().into_iter().flatten();
        let texts = texts.map(|(name, text)| (name.clone(), text.as_str().unwrap().as_bytes().to_vec()));
        let pictures = json["pictures"].as_array().unwrap().iter();
        let pictures = pictures.map(|name| (name.as_str().unwrap().to_owned(), PIXEL.to_vec()));
        Package {
            name: path.file_stem().unwrap().to_str().unwrap().to_owned(),
            pass: json["pass"].as_object().unwrap().clone(),
            files: texts.chain(pictures).collect(),
        }
    };
    let found: Vec<Package> = in_folder("tests/import").into_iter().map(read).collect();
    assert_eq!(found.len(), 13);
    found
}

/// Walks the passes of our own, with the package that each makes.
fn own_packages() -> Vec<(Pass, Package)> {
    let read = |path: PathBuf| {
        let mut pass = Pass::from_json(&fs::read(&path).unwrap()).unwrap();
        pass.load_pictures(|_| Ok(PIXEL)).unwrap();
        let package = package(path.file_stem().unwrap().to_str().unwrap(), &apple(&pass));
        (pass, package)
    };
    in_folder("tests/passes").into_iter().map(read).collect()
}

/// Makes the package of a sheet, with a picture in each scale that a phone has.
fn package(name: &str, sheet: &AppleSheet) -> Package {
    let pictures =
        sheet.art.iter().flat_map(|(slot, _)| ["", "@2x", "@3x"].map(|scale| format!("{}{scale}.png", slot.name())));
    let mut files: BTreeMap<String, Vec<u8>> = pictures.map(|name| (name, PIXEL.to_vec())).collect();
    for (locale, table) in &sheet.strings {
        let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        let lines = table.iter().map(|(key, words)| format!("\"{}\" = \"{}\";\n", quoted(key), quoted(words)));
        files.insert(format!("{locale}.lproj/pass.strings"), lines.collect::<String>().into_bytes());
    }
    Package { name: name.to_owned(), pass: sheet.pass.clone(), files }
}

fn in_folder(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn apple(pass: &Pass) -> AppleSheet {
    let (pass_type, team) = ("pass.org.walletpass.golden".parse().unwrap(), "A1B2C3D4E5".parse().unwrap());
    projection::apple(pass, &pass_type, &team, "2027-01-01T00:00:00Z".parse().unwrap())
}

/// Leaves out what an import does not carry over: identity, the ties to the old issuer, nulls.
fn carried(pass: &Map<String, Value>) -> Map<String, Value> {
    let mut pass = pass.clone();
    for key in [
        "authenticationToken",
        "formatVersion",
        "passTypeIdentifier",
        "serialNumber",
        "teamIdentifier",
        "webServiceURL",
    ] {
        pass.remove(key);
    }
    let mut json = Value::from(pass);
    drop_nulls(&mut json);
    json.as_object().unwrap().clone()
}

fn drop_nulls(json: &mut Value) {
    if let Value::Object(members) = json {
        members.retain(|_, value| !value.is_null());
        members.values_mut().for_each(drop_nulls);
    }
}

#[test]
fn golden_files_hold() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("golden");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for package in packages() {
            let imported = package.import().unwrap();
            let mut pass = imported.pass.clone();
            for (slot, picture) in pass.clone().art.iter() {
                pass = pass.picture(slot, picture.clone());
            }
            let mut json = serde_json::to_value(&imported.pass).unwrap();
            shorten_pictures(&mut json);
            let notes: String = imported.notes.iter().map(|note| format!("- [{:?}] {note}\n", note.fate)).collect();
            let shown = format!("{}\n\n{notes}", serde_json::to_string_pretty(&json).unwrap());
            insta::assert_snapshot!(format!("import-{}", package.name), shown);
        }
    });
}

fn shorten_pictures(json: &mut Value) {
    match json {
        Value::String(text) if text.starts_with("data:image/png") => *text = "(a PNG)".to_owned(),
        Value::Array(items) => items.iter_mut().for_each(shorten_pictures),
        Value::Object(members) => members.values_mut().for_each(shorten_pictures),
        _ => {}
    }
}

/// The heart of it: what was imported draws the original again.
#[test]
fn an_imported_pass_draws_the_original() {
    for package in packages() {
        let imported = package.import().unwrap();
        let mut expected = carried(&package.pass);
        if package.name == "concert" {
            // Its texts are named by artificial keys, whose place the texts take.
            let strings = walletpass_core::lint::apple::parse_strings(&package.files["en.lproj/pass.strings"]).unwrap();
            let mut text = Value::from(expected).to_string();
            for (key, words) in strings {
                text = text.replace(&format!("\"{key}\""), &Value::from(words).to_string());
            }
            expected = serde_json::from_str(&text).unwrap();
        }
        assert_eq!(Value::from(carried(&apple(&imported.pass).pass)), Value::from(expected), "{}", package.name);
    }
}

/// A pass of our own comes back as the same facts, and needs no raw JSON but what it had.
#[test]
fn our_own_passes_come_back() {
    for (pass, package) in own_packages() {
        let name = &package.name;
        let imported = package.import().unwrap();
        assert_eq!(Value::from(carried(&apple(&imported.pass).pass)), Value::from(carried(&package.pass)), "{name}");
        let (before, after) = (serde_json::to_value(&pass).unwrap(), serde_json::to_value(&imported.pass).unwrap());
        let mut differences = Vec::new();
        differ(String::new(), &before, &after, &mut differences);
        let legitimate = |path: &str| {
            GOOGLE_ONLY.contains(&path)
                // A package has bytes of pictures and no addresses.
                || path.starts_with("art.") || path.ends_with(".logo") || path.contains(".logo.")
                || NOT_ON_APPLE.contains(&(name.as_str(), path))
        };
        differences.retain(|path| !legitimate(path));
        assert_eq!(differences, Vec::<String>::new(), "{name}: {after:#}");
        assert_eq!(
            imported.pass.extra.apple.is_empty(),
            name != "loyalty" && name != "coupon",
            "{name}: {:?}",
            imported.pass.extra.apple
        );
        assert_eq!(apple(&imported.pass).strings, apple(&pass).strings, "{name}");
    }
}

/// What Apple never shows, and so no package says.
const GOOGLE_ONLY: [&str; 4] = ["dates.validFrom", "extra.googleClass", "extra.googleObject", "kind.generic.purpose"];

/// What a pass of ours loses on Apple, by the fixture in which it does.
const NOT_ON_APPLE: [(&str, &str); 0] = [];

fn differ(path: String, before: &Value, after: &Value, differences: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            let keys: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
            for key in keys {
                let dot = if path.is_empty() { "" } else { "." };
                let null = Value::Null;
                let (before, after) = (before.get(key).unwrap_or(&null), after.get(key).unwrap_or(&null));
                differ(format!("{path}{dot}{key}"), before, after, differences);
            }
        }
        (before, after) if before != after => differences.push(path),
        _ => {}
    }
}

/// A PNG of one transparent pixel.
const PIXEL: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\x0dIDATx\xdac\
    \xfc\xcf\xc0P\x0f\0\x04\x85\x01\x80\x84\xa9\x8c!\0\0\0\0IEND\xaeB`\x82";
