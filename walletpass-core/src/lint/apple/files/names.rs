//! The names of the files.

use std::collections::BTreeSet;
use std::iter;

use super::rules;
use super::slots::{self, SLOTS};
use crate::lint::findings::Findings;
use crate::lint::path::Path;
use crate::lint::quote::shorten;
use crate::model::text::{Locale, LocaleError};

/// The longest name, in bytes, that every file system takes.
const LONGEST: usize = 255;

/// The files that are no pictures and have a meaning at the root.
const ROOT: [&str; 4] = ["manifest.json", "pass.json", "personalization.json", "signature"];

/// Judges each name as that of a member of an archive.
pub(super) fn judge_members<'f>(names: impl Iterator<Item = &'f str>, findings: &mut Findings) {
    for name in names {
        if let Some((cause, mend)) = fault(name) {
            findings.add(&rules::MEMBER_NAME, &Path::file(name), || (cause, mend));
        } else if let Some(junk) = name.split('/').find(|part| is_junk(part)) {
            findings.add(&rules::JUNK_FILE, &Path::file(name), || {
                (
                    format!("`{}` is left there by the system that packed it", shorten(junk)),
                    "leave it out of the package",
                )
            });
        }
    }
}

/// Judges the folders, and the files that Wallet would know by another spelling.
pub(super) fn judge<'f>(names: impl Iterator<Item = &'f str>, findings: &mut Findings) {
    let mut folders = BTreeSet::new();
    for name in names {
        let (folder, file) = name.split_once('/').unwrap_or(("", name));
        if is_junk(folder) {
            continue;
        }
        let is_language = folder.to_ascii_lowercase().ends_with(".lproj");
        if is_language && folders.insert(folder) {
            judge_language(folder, findings);
        }
        if let Some(right) = misspelt(folder, file, is_language) {
            findings.add(&rules::FILE_NAME, &Path::file(name), || {
                (format!("Wallet does not know `{}`", shorten(name)), right)
            });
        }
    }
}

/// Says whether nothing is found of a name, whatever the others are.
pub(super) fn is_sound(name: &str) -> bool {
    let mut findings = Findings::default();
    judge_members(iter::once(name), &mut findings);
    judge(iter::once(name), &mut findings);
    findings.is_empty()
}

fn fault(name: &str) -> Option<(&'static str, &'static str)> {
    if name.is_empty() {
        Some(("the file has no name", "give it one"))
    } else if name.len() > LONGEST {
        Some(("the name has more than 255 bytes", "shorten it"))
    } else if name.contains('\\') {
        Some(("the name holds a backslash", "write `/` between folder and file"))
    } else if name.starts_with('/') {
        Some(("the name is an absolute path", "leave the first `/` out"))
    } else if name.contains(char::is_control) {
        Some(("the name holds control characters", "leave them out"))
    } else if name.split('/').any(|part| part == ".." || part == ".") {
        Some(("the name leads through `.` or `..`", "name the file by its folder in the package"))
    } else if name.trim_end_matches('/').split('/').any(str::is_empty) {
        Some(("a folder in the name has none", "write one `/` between folder and file"))
    } else {
        None
    }
}

fn is_junk(part: &str) -> bool {
    matches!(part, ".DS_Store" | "__MACOSX" | "Thumbs.db" | "desktop.ini") || part.starts_with("._")
}

fn judge_language(folder: &str, findings: &mut Findings) {
    let stem = folder.get(..folder.len().saturating_sub(".lproj".len())).unwrap_or_default();
    let fault = match stem.parse::<Locale>() {
        Ok(_) if folder.ends_with(".lproj") => return,
        Ok(locale) => Some(locale.to_string()),
        Err(LocaleError::Spelling { canonical, .. }) => Some(canonical),
        Err(_) => None,
    };
    findings.add(&rules::LANGUAGE_FOLDER, &Path::file(folder), || match fault {
        Some(canonical) => (
            format!("a phone looks for another spelling of `{}`", shorten(folder)),
            format!("name it `{canonical}.lproj`"),
        ),
        None => (
            format!("\"{}\" is no language tag", shorten(stem)),
            "name it by language and, if needed, script or region: `de.lproj`, `zh-Hans.lproj`, `pt-BR.lproj`"
                .to_owned(),
        ),
    });
}

/// Says how to name a file that is nearly one that Wallet knows.
fn misspelt(folder: &str, file: &str, is_language: bool) -> Option<String> {
    let is_root = folder.is_empty();
    if file == "pass.strings" {
        return match (is_root, is_language) {
            (true, _) => Some("put it into the folder of its language: `en.lproj/pass.strings`".to_owned()),
            (_, false) => Some(match folder.parse::<Locale>() {
                Ok(locale) => format!("name the folder `{locale}.lproj`"),
                Err(LocaleError::Spelling { canonical, .. }) => format!("name the folder `{canonical}.lproj`"),
                Err(_) => "put it into the folder of its language: `en.lproj/pass.strings`".to_owned(),
            }),
            _ => None,
        };
    }
    if !(is_root || is_language) || slots::parse(file).is_some() || (is_root && ROOT.contains(&file)) {
        return None;
    }
    let others: &[&str] = if is_root { &ROOT } else { &["pass.strings"] };
    let right = others.iter().find(|name| is_near(file, name)).map(|name| (*name).to_owned());
    right.or_else(|| picture(file)).map(|right| match is_root {
        true => format!("name it `{right}`"),
        false => format!("name it `{}/{right}`", shorten(folder)),
    })
}

/// Finds the picture that a file is surely meant to be: `Icon.png`, `logo@2X.png`, `icon2x.png`, `icon@1x.png`, `icon.PNG`.
fn picture(file: &str) -> Option<String> {
    let (stem, kind) = file.rsplit_once('.')?;
    if stem.len() > 40 || !kind.eq_ignore_ascii_case("png") {
        return None;
    }
    let lower = stem.to_ascii_lowercase();
    let (slot, scale) = ["1x", "2x", "3x"]
        .into_iter()
        .find_map(|scale| Some((lower.strip_suffix(scale)?.trim_end_matches(['@', '-', '_', ' ']), scale)))
        .unwrap_or((lower.as_str(), "1x"));
    let slot = SLOTS.iter().find(|known| is_near(slot, known.name))?;
    let right = match scale {
        "1x" => format!("{}.png", slot.name),
        scale => format!("{}@{scale}.png", slot.name),
    };
    (right != file).then_some(right)
}

/// Tells whether two names differ in letter case or one typing mistake only.
fn is_near(name: &str, known: &str) -> bool {
    name.len().abs_diff(known.len()) <= 1
        && (name.eq_ignore_ascii_case(known)
            || (known.len() > 4 && strsim::osa_distance(&name.to_ascii_lowercase(), &known.to_ascii_lowercase()) <= 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_recognised() {
        for (file, right) in [
            ("Icon.png", "icon.png"),
            ("logo@2X.png", "logo@2x.png"),
            ("icon2x.png", "icon@2x.png"),
            ("icon-3x.png", "icon@3x.png"),
            ("icon@1x.png", "icon.png"),
            ("icon.PNG", "icon.png"),
            ("thumbnial.png", "thumbnail.png"),
            ("primarylogo@2x.png", "primaryLogo@2x.png"),
        ] {
            assert_eq!(misspelt("", file, false), Some(format!("name it `{right}`")), "{file}");
        }
        assert_eq!(misspelt("", "Pass.json", false).as_deref(), Some("name it `pass.json`"));
        assert_eq!(misspelt("de.lproj", "Pass.strings", true).as_deref(), Some("name it `de.lproj/pass.strings`"));
        for file in
            ["icon.png", "venueMap@2x.png", "photo.png", "icon.jpg", "README.md", "icon", "signature", "logos-old.png"]
        {
            assert_eq!(misspelt("", file, false), None, "{file}");
        }
    }

    #[test]
    fn member_names() {
        for name in ["", "/icon.png", "../icon.png", "a/../b", "a\\b", "a//b", "./icon.png", "a\nb", &"x".repeat(256)] {
            assert!(fault(name).is_some(), "{name}");
        }
        for name in ["icon.png", "de.lproj/pass.strings", "..a/b..c", "de.lproj/", "日本.txt"] {
            assert_eq!(fault(name), None, "{name}");
        }
    }
}
