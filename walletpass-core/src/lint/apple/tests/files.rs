//! Cases of the files of a package.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::*;
use super::good;
use crate::lint::Rule;
use crate::model::extra::merge;

/// The head of a PNG, which is all that is read of one.
fn png(width: u32, height: u32) -> Vec<u8> {
    [b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".as_slice(), &width.to_be_bytes(), &height.to_be_bytes(), b"\x08\x06\0\0\0"]
        .concat()
}

fn text(text: &str) -> Vec<u8> {
    text.as_bytes().to_vec()
}

/// What stands in the place of a file, or beside the others; nothing takes it away.
type Patch = Vec<(&'static str, Option<Vec<u8>>)>;

fn with(name: &'static str, bytes: Vec<u8>) -> Patch {
    vec![(name, Some(bytes))]
}

fn without(name: &'static str) -> Patch {
    vec![(name, None)]
}

fn both(one: Patch, other: Patch) -> Patch {
    [one, other].concat()
}

const STRINGS: &str =
    "\"Points\" = \"Punkte\";\n\"You have %@ points, 5 %% more\" = \"Du hast %@ Punkte, 5 %% mehr\";\n";

fn package(patch: &Patch) -> BTreeMap<&'static str, Vec<u8>> {
    let mut files = BTreeMap::from([
        ("pass.json", text("{}")),
        ("manifest.json", text("{}")),
        ("signature", text("")),
        ("icon.png", png(38, 38)),
        ("icon@2x.png", png(76, 76)),
        ("icon@3x.png", png(114, 114)),
        ("de.lproj/pass.strings", text(STRINGS)),
        ("pt-BR.lproj/pass.strings", text(STRINGS)),
        ("en.lproj/pass.strings", text(STRINGS)),
        ("notes.txt", text("anything goes")),
    ]);
    for (name, bytes) in patch {
        match bytes {
            Some(bytes) => files.insert(name, bytes.clone()),
            None => files.remove(name),
        };
    }
    files
}

fn found(style: &str, extra: &Value, patch: &Patch) -> Vec<Finding> {
    let mut pass = good(style);
    merge(pass.as_object_mut().unwrap(), extra.as_object().unwrap());
    let files = package(patch);
    let files = files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    let found = check_files(pass.as_object().unwrap(), &files);
    assert_eq!(found_beside(&pass, &files), found, "{patch:?}");
    found
}

/// Judges the pictures apart from the other files.
fn found_beside(pass: &Value, files: &Files<'_>) -> Vec<Finding> {
    let (pictures, others) =
        files.iter().map(|(name, bytes)| (*name, *bytes)).partition(|(name, _)| name.ends_with(".png"));
    Gallery::read(&pictures).check(pass.as_object().unwrap(), &others)
}

/// Rule, style, files that break the rule and no other, files that nearly do, and the path of the finding.
type Case = (Rule, &'static str, Patch, Patch, &'static str);

fn form(fields: &str) -> Vec<u8> {
    text(&format!("{{\"description\": \"Join\", \"requiredPersonalizationFields\": {fields}}}"))
}

#[rustfmt::skip]
fn cases() -> Vec<Case> {
    let logo = || with("personalizationLogo@2x.png", png(300, 80));
    let sign_up = || both(with("personalization.json", form("[\"PKPassPersonalizationFieldName\"]")), logo());
    let localised_logo = || ["de.lproj", "en.lproj", "pt-BR.lproj"].into_iter().map(|folder| (&*format!("{folder}/personalizationLogo@2x.png").leak(), Some(png(300, 80)))).collect::<Patch>();
    let localised = |name: &'static str| both(with(name, png(50, 50)), both(with("en.lproj/logo.png", png(50, 50)), with("pt-BR.lproj/logo.png", png(50, 50))));
    let icons = || ["de.lproj/icon", "en.lproj/icon", "pt-BR.lproj/icon"].into_iter().flat_map(|stem| {
        [1, 2, 3].map(|scale| {
            let name = if scale == 1 { format!("{stem}.png") } else { format!("{stem}@{scale}x.png") };
            (&*name.leak(), Some(png(38 * scale, 38 * scale)))
        })
    });
    vec![
        (rules::ICON_MISSING, "coupon", both(without("icon.png"), both(without("icon@2x.png"), without("icon@3x.png"))), without("icon.png"), "icon.png"),
        (rules::ICON_MISSING, "coupon", vec![("icon.png", None), ("icon@2x.png", None), ("icon@3x.png", None), ("images/icon.png", Some(png(38, 38)))],
            with("de.lproj/notes.png", png(38, 38)), "icon.png"),
        (rules::ICON_MISSING, "coupon", vec![("icon.png", None), ("icon@2x.png", None), ("icon@3x.png", None)].into_iter().chain(icons()).collect(), vec![], "icon.png"),
        (rules::ICON_SCALE, "coupon", without("icon@3x.png"), without("icon.png"), "icon@3x.png"),
        (rules::ICON_SCALE, "coupon", without("icon@2x.png"), vec![], "icon@2x.png"),
        (rules::PICTURE_FORMAT, "coupon", with("logo.png", text("\u{0}")), with("logo.png", png(160, 50)), "logo.png"),
        (rules::PICTURE_FORMAT, "coupon", with("logo.png", b"\xFF\xD8\xFF\xE0".to_vec()), with("logo.jpg", b"\xFF\xD8\xFF\xE0".to_vec()), "logo.png"),
        (rules::PICTURE_FORMAT, "coupon", with("logo.png", png(0, 50)), vec![], "logo.png"),
        (rules::PICTURE_FORMAT, "coupon", with("logo.png", png(160, 50_000)), vec![], "logo.png"),
        (rules::PICTURE_SIZE, "coupon", with("strip.png", png(1125, 432)), with("strip@3x.png", png(1125, 432)), "strip.png"),
        (rules::PICTURE_SIZE, "coupon", with("logo@2x.png", png(500, 100)), with("logo@2x.png", png(320, 100)), "logo@2x.png"),
        (rules::PICTURE_SIZE, "generic", with("thumbnail.png", png(90, 30)), with("thumbnail.png", png(90, 60)), "thumbnail.png"),
        (rules::PICTURE_SCALE, "coupon", both(with("logo.png", png(100, 50)), with("logo@2x.png", png(100, 50))), both(with("logo.png", png(100, 50)), with("logo@2x.png", png(201, 99))), "logo@2x.png"),
        (rules::PICTURE_SCALE, "coupon", both(with("logo@2x.png", png(200, 100)), with("logo@3x.png", png(200, 100))), both(with("logo@2x.png", png(200, 100)), with("logo@3x.png", png(300, 150))), "logo@3x.png"),
        (rules::PICTURE_UNUSED, "coupon", with("thumbnail.png", png(90, 90)), with("strip.png", png(375, 144)), "thumbnail.png"),
        (rules::PICTURE_UNUSED, "storeCard", with("footer.png", png(286, 15)), vec![], "footer.png"),
        (rules::PICTURE_UNUSED, "eventTicket", with("artwork@2x.png", png(716, 896)), with("strip.png", png(375, 98)), "artwork@2x.png"),
        (rules::PICTURE_STRIP, "eventTicket", both(with("strip.png", png(375, 98)), with("background.png", png(180, 220))), both(with("thumbnail.png", png(90, 90)), with("background.png", png(180, 220))), "strip.png"),
        (rules::PICTURE_SHADOWED, "coupon", both(with("logo.png", png(50, 50)), with("de.lproj/logo.png", png(50, 50))), localised("de.lproj/logo.png"), "de.lproj/logo.png"),
        (rules::PICTURE_LANGUAGES, "coupon", both(with("de.lproj/logo.png", png(50, 50)), with("en.lproj/logo.png", png(50, 50))), localised("de.lproj/logo.png"), "pt-BR.lproj"),
        (rules::FILE_NAME, "coupon", with("Logo.png", png(50, 50)), with("photo.png", png(50, 50)), "Logo.png"),
        (rules::FILE_NAME, "coupon", with("logo@2X.png", png(50, 50)), with("logo@2x.png", png(50, 50)), "logo@2X.png"),
        (rules::FILE_NAME, "coupon", with("fr/pass.strings", text(STRINGS)), with("fr.lproj/pass.strings", text(STRINGS)), "fr/pass.strings"),
        (rules::FILE_NAME, "coupon", with("pass.strings", text(STRINGS)), vec![], "pass.strings"),
        (rules::JUNK_FILE, "coupon", with(".DS_Store", text("")), with("store", text("")), ".DS_Store"),
        (rules::JUNK_FILE, "coupon", with("__MACOSX/._icon.png", text("")), vec![], "__MACOSX/._icon.png"),
        (rules::JUNK_FILE, "coupon", with("de.lproj/Thumbs.db", text("")), vec![], "de.lproj/Thumbs.db"),
        (rules::MEMBER_NAME, "coupon", with("../evil.txt", text("")), with("..evil.txt", text("")), "../evil.txt"),
        (rules::MEMBER_NAME, "coupon", with("/etc/passwd", text("")), vec![], "/etc/passwd"),
        (rules::MEMBER_NAME, "coupon", with("a\\b.txt", text("")), vec![], "a\\b.txt"),
        (rules::LANGUAGE_FOLDER, "coupon", with("en_US.lproj/notes.txt", text("")), with("en-US.lproj/notes.txt", text("")), "en_US.lproj"),
        (rules::LANGUAGE_FOLDER, "coupon", with("FR.lproj/pass.strings", text(STRINGS)), with("fr.lproj/pass.strings", text(STRINGS)), "FR.lproj"),
        (rules::LANGUAGE_FOLDER, "coupon", with("French.lproj/pass.strings", text(STRINGS)), vec![], "French.lproj"),
        (rules::LANGUAGE_FOLDER, "coupon", with("fr.LPROJ/notes.txt", text("")), vec![], "fr.LPROJ"),
        (rules::STRINGS_SYNTAX, "coupon", with("de.lproj/pass.strings", text("\"Points\" = \"Punkte\"\n\"x\"")), with("de.lproj/pass.strings", text(STRINGS)), "de.lproj/pass.strings"),
        (rules::STRINGS_SYNTAX, "coupon", with("de.lproj/pass.strings", b"\"\xE4\" = \"x\";".to_vec()), vec![], "de.lproj/pass.strings"),
        (rules::STRINGS_TWICE, "coupon", with("de.lproj/pass.strings", text(&format!("{STRINGS}\"Points\" = \"Zähler\";"))), with("de.lproj/pass.strings", [b"\xFF\xFE".to_vec(), STRINGS.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat()), "de.lproj/pass.strings"),
        (rules::STRINGS_KEYS, "coupon", with("de.lproj/pass.strings", text("\"Points\" = \"Punkte\";")), vec![], "de.lproj/pass.strings"),
        (rules::STRINGS_UNUSED, "coupon", vec![
            ("de.lproj/pass.strings", Some(text("\"points\" = \"Punkte\";"))), ("en.lproj/pass.strings", None), ("pt-BR.lproj/pass.strings", None),
        ], vec![
            ("de.lproj/pass.strings", Some(text("\"Near you\" = \"Nahebei\"; acme = \"Acme GmbH\";"))), ("en.lproj/pass.strings", None), ("pt-BR.lproj/pass.strings", None),
        ], "de.lproj/pass.strings"),
        (rules::CHANGE_MESSAGE, "coupon", with("de.lproj/pass.strings", text(&STRINGS.replace("hast %@", "hast"))), vec![], "de.lproj/pass.strings"),
        (rules::PERSONALIZATION, "storeCard", with("personalization.json", form("[\"PKPassPersonalizationFieldName\"]")), sign_up(), "personalization.json"),
        (rules::PERSONALIZATION, "storeCard", both(with("personalization.json", text("{")), logo()), vec![], "personalization.json"),
        (rules::PERSONALIZATION, "storeCard", both(with("personalization.json", form("[]")), logo()), vec![], "personalization.json: requiredPersonalizationFields"),
        (rules::PERSONALIZATION, "storeCard", both(with("personalization.json", form("\"all\"")), logo()), vec![], "personalization.json: requiredPersonalizationFields"),
        (rules::UNKNOWN_ENUM, "storeCard", both(with("personalization.json", form("[\"PKPassPersonalizationFieldPhone\"]")), logo()), vec![], "personalization.json: requiredPersonalizationFields[0]"),
        (rules::PERSONALIZATION_LOGO, "storeCard", logo(), sign_up(), "personalizationLogo@2x.png"),
        (rules::PERSONALIZATION_LOGO, "storeCard", localised_logo(), both(localised_logo(), with("personalization.json", form("[\"PKPassPersonalizationFieldName\"]"))), "de.lproj/personalizationLogo@2x.png"),
    ]
}

/// The pass of the cases: one that may sign its holder up, and says what the translations translate.
fn extra() -> Value {
    json!({ "nfc": {}, "userInfo": { "acme": "acme" } })
}

pub(super) fn fired() -> Vec<&'static str> {
    cases().iter().map(|case| case.0.id).chain([rules::ENCLOSING_FOLDER.id]).collect()
}

#[test]
fn good_packages_are_silent() {
    for style in keys::STYLES {
        assert_eq!(found(style, &json!({}), &vec![]), [], "{style}");
    }
}

#[test]
fn each_file_rule_fires_and_its_near_miss_does_not() {
    for (rule, style, fires, silent, path) in cases() {
        let list = found(style, &extra(), &fires);
        let names: Vec<_> = fires.iter().map(|(name, _)| name).collect();
        assert_eq!(list.len(), 1, "{} {names:?} {list:?}", rule.id);
        assert_eq!(
            (list[0].rule, list[0].severity, list[0].path.as_str()),
            (rule.id, rule.severity, path),
            "{names:?}"
        );
        assert!(list[0].mend.starts_with(char::is_lowercase) && !list[0].cause.ends_with('.'), "{}", list[0]);
        assert!(list[0].cause.chars().count() < 200 && list[0].fix.is_none(), "{}", list[0]);
        assert_eq!(
            found(style, &extra(), &silent),
            [],
            "{} {:?}",
            rule.id,
            silent.iter().map(|(name, _)| name).collect::<Vec<_>>()
        );
    }
}

#[test]
fn a_package_in_a_folder_is_judged_within_it() {
    let files: BTreeMap<String, Vec<u8>> =
        package(&without("icon@3x.png")).into_iter().map(|(name, bytes)| (format!("my.pass/{name}"), bytes)).collect();
    let files = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let found = check_files(good("coupon").as_object().unwrap(), &files);
    let found: Vec<_> = found.iter().map(|finding| (finding.rule, finding.path.as_str())).collect();
    assert_eq!(found, [("apple-enclosing-folder", "my.pass/"), ("apple-icon-scale", "icon@3x.png")]);
}

#[test]
fn a_poster_ticket_needs_a_picture() {
    let scheme = json!({ "preferredStyleSchemes": ["posterEventTicket", "eventTicket"], "barcodes": null });
    let missing = found("eventTicket", &scheme, &vec![]);
    assert_eq!((missing.len(), missing[0].rule, missing[0].path.as_str()), (1, "apple-poster-ticket", "artwork.png"));
    for name in ["artwork@3x.png", "background@3x.png"] {
        let (width, height) = if name.starts_with('a') { (1074, 1344) } else { (1029, 1509) };
        assert_eq!(found("eventTicket", &scheme, &with(name, png(width, height))), []);
    }
}

#[test]
fn causes_name_what_is_there() {
    let told = |patch: Patch| found("coupon", &extra(), &patch).pop().unwrap().to_string();
    assert_eq!(
        told(with("logo.png", b"RIFF....WEBPVP8 ".to_vec())),
        "error [apple-picture-format] logo.png: the file is a WebP; save the picture as PNG, which renaming does not do"
    );
    assert_eq!(
        told(with("de.lproj/pass.strings", text("/* Klub */\n\"Points\" = \"Punkte\"\n\"x\" = \"y\";"))),
        "error [apple-strings-syntax] de.lproj/pass.strings: line 3: expected `;`, found '\"'; write \"key\" = \"value\"; with straight quotes"
    );
    assert_eq!(
        told(with("en_US.lproj/x", text(""))),
        "error [apple-language-folder] en_US.lproj: a phone looks for another spelling of `en_US.lproj`; name it `en-US.lproj`"
    );
}

#[test]
fn hostile_packages_are_bounded() {
    let names: Vec<String> = (0..20_000).map(|at| format!("../{at}.lproj/Icon.png")).collect();
    let files = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert_eq!(check_files(&Map::new(), &files).len(), 201);
    let names: Vec<String> = (0..2_000).map(|at| format!("{at}.lproj/icon.png")).collect();
    let files = names.iter().map(|name| (name.as_str(), &b"\x89PNG"[..])).collect();
    assert_eq!(check_files(&Map::new(), &files).len(), 201);
}

/// A package needs no logo, no translations and no personalization, and its pictures may be of sizes that Apple published once.
#[test]
fn false_alarms_are_silent() {
    let old = [
        ("icon.png", png(29, 29)),
        ("icon@2x.png", png(58, 58)),
        ("icon@3x.png", png(87, 87)),
        ("strip.png", png(320, 110)),
    ];
    let files = old.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    assert_eq!(check_files(good("coupon").as_object().unwrap(), &files), []);
    let silent = [
        ("icon.pdf", text("%PDF")),
        ("de.lproj/notes.txt", text("")),
        ("signature", text("\0")),
        ("a/b/c/icon.png", text("")),
    ];
    let patch = silent.into_iter().map(|(name, bytes)| (name, Some(bytes))).collect();
    assert_eq!(found("coupon", &json!({}), &patch), []);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Nothing panics, whatever the names and the bytes.
    #[test]
    fn any_files_are_judged(files in proptest::collection::btree_map(name(), bytes(), 0..12), style in proptest::sample::select(&keys::STYLES[..])) {
        let files: Files<'_> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        let found = check_files(good(style).as_object().unwrap(), &files);
        prop_assert!(found.iter().all(|finding| finding.fix.is_none() && !finding.cause.contains('\n')), "{:?}", found);
        prop_assert_eq!(&found, &check_files(good(style).as_object().unwrap(), &files));
    }

    /// Pictures that were read before are judged as all files are at once.
    #[test]
    fn pictures_may_be_read_before(mut files in proptest::collection::btree_map(name(), bytes(), 0..12), style in proptest::sample::select(&keys::STYLES[..])) {
        files.insert("pass.json".to_owned(), text("{}"));
        let files = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        prop_assert_eq!(found_beside(&good(style), &files), check_files(good(style).as_object().unwrap(), &files));
    }
}

fn name() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        proptest::sample::select(
            &[
                "de.lproj",
                "en_US.lproj",
                "É.lproj",
                ".lproj",
                "icon",
                "Icon@2X",
                "logo@3x",
                "strip.png",
                "pass.strings",
                "pass.json",
                "..",
                "",
                "\u{e9}2x",
                "personalization.json"
            ][..]
        )
        .prop_map(str::to_owned),
        "\\PC{0,6}",
    ];
    proptest::collection::vec(part, 1..4)
        .prop_map(|parts| parts.join("/"))
        .prop_flat_map(|name| prop_oneof![Just(name.clone()), Just(format!("{name}.png"))])
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..40),
        (0..2000_u32, 0..2000_u32).prop_map(|(width, height)| png(width, height)),
        "[\"a=; /*\\\\%@ü\n]{0,30}".prop_map(String::into_bytes),
        Just(b"\xFF\xFE\"\0".to_vec()),
        Just(form("[null, 1]")),
    ]
}
