//! The packages that are imported: of other generators, and of our own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use walletpass_core::import::{self, ImportError, Imported};
use walletpass_core::projection::{self, AppleSheet};
use walletpass_core::{Art, Pass, Picture, Source};

/// A package: its pass.json and the files beside it.
#[derive(Clone)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) pass: Map<String, Value>,
    pub(super) files: BTreeMap<String, Vec<u8>>,
}

impl Package {
    pub(super) fn import(&self) -> Result<Imported, ImportError> {
        let files = self.files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        import::apple(&self.pass, &files)
    }
}

/// Walks the packages in the style of other generators.
pub(super) fn packages() -> Vec<Package> {
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
    let found: Vec<Package> = in_folder("tests/import/passes").into_iter().map(read).collect();
    assert_eq!(found.len(), 13);
    found
}

/// Walks the passes of our own, with the package that each makes.
pub(super) fn own_packages() -> Vec<(Pass, Package)> {
    let read = |path: PathBuf| {
        let mut pass = Pass::from_json(&fs::read(&path).unwrap()).unwrap();
        pass.load_pictures(|_| Ok(PIXEL)).unwrap();
        pass.art = pass.art.iter().fold(Art::default(), |art, (slot, picture)| art.with(slot, apart(picture.clone())));
        let package = package(path.file_stem().unwrap().to_str().unwrap(), &apple(&pass));
        (pass, package)
    };
    in_folder("tests/passes").into_iter().map(read).collect()
}

/// Walks both.
pub(super) fn all_packages() -> Vec<Package> {
    let own =
        own_packages().into_iter().map(|(_, package)| Package { name: format!("our {}", package.name), ..package });
    packages().into_iter().chain(own).collect()
}

/// Makes the pictures of each language differ.
fn apart(mut picture: Picture) -> Picture {
    for (locale, source) in &mut picture.localized {
        *source = Source::png([PIXEL, locale.as_str().as_bytes()].concat()).unwrap();
    }
    picture
}

/// Makes the package of a sheet, with a picture in each scale that a phone has.
pub(super) fn package(name: &str, sheet: &AppleSheet) -> Package {
    let mut files = BTreeMap::new();
    let folders = sheet.localized_art.iter().map(|(locale, art)| (format!("{locale}.lproj/"), art));
    for (folder, art) in folders.chain([(String::new(), &sheet.art)]) {
        for (slot, picture) in art.iter() {
            let Source::Png(bytes) = &picture.source else { panic!("{picture:?}") };
            files.extend(
                ["", "@2x", "@3x"].map(|scale| (format!("{folder}{}{scale}.png", slot.name()), bytes.to_vec())),
            );
        }
    }
    if let Some(form) = &sheet.personalization {
        files.insert("personalization.json".to_owned(), serde_json::to_vec(form).unwrap());
    }
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

pub(super) fn apple(pass: &Pass) -> AppleSheet {
    let (pass_type, team) = ("pass.org.walletpass.golden".parse().unwrap(), "A1B2C3D4E5".parse().unwrap());
    projection::apple(pass, &pass_type, &team, "2027-01-01T00:00:00Z".parse().unwrap())
}

/// Leaves out what an import does not carry over: identity, the ties to the old issuer, nulls.
pub(super) fn carried(pass: &Map<String, Value>) -> Map<String, Value> {
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
    match json {
        Value::Array(list) => {
            list.retain(|value| !value.is_null());
            list.iter_mut().for_each(drop_nulls);
        }
        Value::Object(members) => {
            members.retain(|_, value| !value.is_null());
            members.values_mut().for_each(drop_nulls);
        }
        _ => {}
    }
}

/// A PNG of one transparent pixel.
pub(super) const PIXEL: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\x0dIDATx\xdac\
    \xfc\xcf\xc0P\x0f\0\x04\x85\x01\x80\x84\xa9\x8c!\0\0\0\0IEND\xaeB`\x82";
