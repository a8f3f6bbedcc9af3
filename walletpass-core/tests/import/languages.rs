//! Texts and pictures in several languages.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use walletpass_core::import::{self, Fate, Imported};
use walletpass_core::{Locale, Slot, Source};

use crate::packages::{PIXEL, apple, package};

fn png(mark: &str) -> Vec<u8> {
    [PIXEL, mark.as_bytes()].concat()
}

fn coupon() -> Map<String, Value> {
    let field = json!({ "key": "hours", "label": "Open", "value": "Open\u{2060}" });
    let pass = json!({ "serialNumber": "1", "organizationName": "A", "description": "B", "coupon": { "backFields": [field] } });
    pass.as_object().unwrap().clone()
}

fn read(files: &[(&str, Vec<u8>)]) -> Imported {
    let files: BTreeMap<&str, &[u8]> = files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    import::apple(&coupon(), &files).unwrap()
}

fn strings(pairs: &[(&str, &str)]) -> Vec<u8> {
    pairs.iter().map(|(key, words)| format!("\"{key}\" = \"{words}\";\n")).collect::<String>().into_bytes()
}

fn fate(imported: &Imported, path: &str) -> (Fate, String) {
    let note = imported.notes.iter().find(|note| note.path == path).unwrap();
    (note.fate, note.to_string())
}

fn bytes(source: &Source) -> &[u8] {
    let Source::Png(bytes) = source else { panic!("{source:?}") };
    bytes
}

/// One text with two translations is two keys, of which the second ends in a character without width.
#[test]
fn texts_that_look_alike_keep_their_translations() {
    let imported = read(&[
        ("de.lproj/pass.strings", strings(&[("Open", "Geöffnet"), ("Open\u{2060}", "Offen")])),
        ("en.lproj/pass.strings", strings(&[("Open", "Open"), ("Open\u{2060}", "Open")])),
    ]);
    let field = serde_json::to_value(&imported.pass.fields.back).unwrap();
    let expected = json!([{ "key": "hours", "label": { "default": "Open", "de": "Geöffnet" },
                            "value": { "default": "Open", "de": "Offen" } }]);
    assert_eq!(field, expected);
    assert_eq!(apple(&imported.pass).pass["coupon"]["backFields"], coupon()["coupon"]["backFields"]);
    assert!(!imported.notes.iter().flat_map(|note| &note.remarks).any(|remark| remark.contains("its keys are not")));
}

/// A language that says what the pass says keeps a phone from taking another, and so it stays.
#[test]
fn a_language_that_says_the_same_stays() {
    let same = strings(&[("A", "A"), ("B", "B")]);
    let files = [
        ("de.lproj/pass.strings", same.clone()),
        ("en.lproj/pass.strings", same),
        ("pt.lproj/pass.strings", strings(&[("A", "Á"), ("B", "B")])),
    ];
    let imported = read(&files);
    let sheet = apple(&imported.pass);
    let tongues: Vec<&str> = sheet.strings.keys().map(Locale::as_str).collect();
    assert_eq!(tongues, ["de", "en", "pt"]);
    assert!(imported.notes.iter().all(|note| note.fate != Fate::Dropped || !note.path.ends_with(".strings")));
    let again = package("again", &sheet).import().unwrap();
    assert_eq!(apple(&again.pass).strings, sheet.strings);
}

#[test]
fn pictures_of_languages_are_read() {
    let imported = read(&[
        ("en.lproj/strip.png", png("small")),
        ("en.lproj/strip@2x.png", png("en")),
        ("de.lproj/strip.png", png("de, small")),
        ("de.lproj/strip@3x.png", png("de")),
        ("fr.lproj/strip@2x.png", png("en")),
        ("ja.lproj/logo.png", png("ja")),
        ("ko.lproj/logo.png", png("ko")),
        ("thumbnail.png", png("all")),
        ("de.lproj/thumbnail.png", png("de")),
        ("icon.png", png("all")),
        ("de.lproj/icon.png", png("de")),
        ("klingon.lproj/strip.png", png("tlh")),
        ("it.lproj/strip.png", b"no picture".to_vec()),
    ]);
    let strip = imported.pass.art.get(Slot::Strip).unwrap();
    assert_eq!(bytes(&strip.source), png("en"));
    assert_eq!(strip.scales.x1.as_ref().map(bytes), Some(png("small").as_slice()));
    let localized: Vec<(&str, &[u8])> =
        strip.localized.iter().map(|(locale, source)| (locale.as_str(), bytes(source))).collect();
    assert_eq!(localized, [("de", png("de").as_slice())]);
    // Of pictures without the language of the pass the first stands for it.
    let logo = imported.pass.art.get(Slot::Logo).unwrap();
    assert_eq!((bytes(&logo.source), logo.localized.len()), (png("ja").as_slice(), 1));
    for (path, expected, why) in [
        ("en.lproj/strip@2x.png", Fate::Fact, "art.strip"),
        ("de.lproj/strip@3x.png", Fate::Fact, "art.strip.localized.de"),
        ("fr.lproj/strip@2x.png", Fate::Fact, "art.strip"),
        ("ja.lproj/logo.png", Fate::Fact, "it stands for all languages"),
        ("ko.lproj/logo.png", Fate::Fact, "art.logo.localized.ko"),
        ("de.lproj/thumbnail.png", Fate::Dropped, "hides it"),
        ("de.lproj/icon.png", Fate::Dropped, "hides it"),
        ("klingon.lproj/strip.png", Fate::Dropped, "is not a language tag"),
        ("it.lproj/strip.png", Fate::Dropped, "PNG"),
    ] {
        let (fate, said) = fate(&imported, path);
        assert!(fate == expected && said.contains(why), "{said}");
    }
}

/// Pictures times languages are bounded, as where they are drawn.
#[test]
fn too_many_pictures_are_one() {
    let letters = || (b'a'..=b'z').map(char::from);
    let tags = letters().flat_map(|a| letters().map(move |b| format!("{a}{b}"))).take(600);
    let files: Vec<(String, Vec<u8>)> = tags.map(|tag| (format!("{tag}.lproj/strip.png"), png(&tag))).collect();
    let files: Vec<(&str, Vec<u8>)> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
    let imported = read(&files);
    let strip = imported.pass.art.get(Slot::Strip).unwrap();
    assert_eq!((bytes(&strip.source), strip.localized.len()), (png("en").as_slice(), 0));
    assert!(fate(&imported, "ab.lproj/strip.png").1.contains("leave some out"));
    assert!(apple(&imported.pass).report.findings.iter().all(|finding| finding.rule != "pass-too-many-translations"));
}
