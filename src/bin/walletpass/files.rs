//! Reads files and folders, within bounds.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use crate::failure::Failure;

/// The files of a folder by their names in it, with `/` between: `de.lproj/pass.strings`.
pub(crate) type Folder = BTreeMap<String, Vec<u8>>;

/// Reads a file of at most [`MAX_FILE`] bytes.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    read_up_to(path, MAX_FILE)
}

/// Reads a file of at most so many bytes.
pub(crate) fn read_up_to(path: &Path, most: u64) -> Result<Vec<u8>, Failure> {
    let failed = |error| Failure::io(path, &error);
    if fs::metadata(path).map_err(failed)?.is_dir() {
        return Err(Failure::of(path, "this is a folder; give a file"));
    }
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes)).map_err(failed)?;
    if bytes.len() as u64 > most {
        return Err(Failure::of(path, format!("it has more than {} MB, which nothing here has", most >> 20)));
    }
    Ok(bytes)
}

/// Reads the source folder of a pass: `pass.json`, its pictures and its languages.
pub(crate) fn folder(path: &Path) -> Result<Folder, Failure> {
    let mut files = Folder::new();
    let mut total = 0;
    let mut open = vec![(path.to_path_buf(), String::new())];
    while let Some((place, prefix)) = open.pop() {
        for entry in fs::read_dir(&place).map_err(|error| Failure::io(&place, &error))? {
            let entry = entry.map_err(|error| Failure::io(&place, &error))?;
            let at = entry.path();
            let name = entry.file_name();
            let name = name.to_str().ok_or_else(|| Failure::of(&at, "its name is not in UTF-8; rename it"))?;
            let name = format!("{prefix}{name}");
            // Of the entry itself, so that a link leads nowhere.
            let kind = entry.file_type().map_err(|error| Failure::io(&at, &error))?;
            if kind.is_symlink() {
                return Err(Failure::of(&at, "a link cannot go into a pass; put the file itself there"));
            }
            if kind.is_dir() {
                if name.matches('/').count() >= MAX_DEPTH {
                    return Err(Failure::of(&at, "folders are nested too deep for a pass"));
                }
                open.push((at, format!("{name}/")));
                continue;
            }
            let bytes = read(&at)?;
            total += bytes.len() as u64;
            files.insert(name, bytes);
            if files.len() > MAX_FILES || total > MAX_TOTAL {
                let limit =
                    format!("more than {MAX_FILES} files or {} MB; is it the folder of a pass?", MAX_TOTAL >> 20);
                return Err(Failure::of(path, limit));
            }
        }
    }
    Ok(files)
}

const MAX_FILE: u64 = 32 << 20;
const MAX_TOTAL: u64 = 200 << 20;
const MAX_FILES: usize = 2_000;
const MAX_DEPTH: usize = 4;
