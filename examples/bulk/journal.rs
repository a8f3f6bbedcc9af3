//! What was issued, a line of JSON per package; for a serial that was issued again, the last line counts.

use std::fs::{File, TryLockError};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;

use serde_json::{Value, json};

use super::Stop;
use super::index::Index;

pub(crate) struct Journal {
    file: File,
}

/// A package that is in its file.
pub(crate) struct Entry {
    pub(crate) serial: String,
    pub(crate) file: String,
    pub(crate) bytes: u64,
    /// The digest of its manifest.
    pub(crate) manifest: u128,
}

impl Journal {
    /// Opens a journal for this run alone. The lock ends with the process, however that ends.
    pub(crate) fn open(path: &Path) -> Result<Self, Stop> {
        let file = File::options().read(true).write(true).create(true).truncate(false).open(path)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                Err(format!("{} is in use: let the other run end, or give another --out", path.display()).into())
            }
            Err(TryLockError::Error(error)) => Err(error.into()),
            Ok(()) => Ok(Self { file }),
        }
    }

    /// Counts the lines, and cuts off a last one that was not finished.
    pub(crate) fn lines(&mut self) -> Result<u64, Stop> {
        let (mut lines, mut read, mut whole) = (0, 0, 0);
        self.each_line(|line| {
            read += line.len() as u64;
            if line.ends_with(b"\n") {
                lines += 1;
                whole = read;
            }
            Ok(())
        })?;
        self.file.set_len(whole)?;
        self.file.seek(SeekFrom::Start(whole))?;
        Ok(lines)
    }

    /// Tells the index of every package; gives how many lines cannot be read.
    pub(crate) fn read_into(&mut self, index: &mut Index) -> Result<u64, Stop> {
        let mut damaged = 0;
        self.each_line(|line| {
            match Entry::read(line) {
                Some(entry) => {
                    index.update(&entry.serial, |known| {
                        known.manifest = entry.manifest;
                        known.bytes = entry.bytes;
                    })?;
                }
                None => damaged += 1,
            }
            Ok(())
        })?;
        Ok(damaged)
    }

    /// Adds a line, in one write: a kill comes before it or after it.
    pub(crate) fn append(&mut self, entry: &Entry) -> Result<(), Stop> {
        let Entry { serial, file, bytes, manifest } = entry;
        let manifest = format!("{manifest:032x}");
        let line = json!({ "serial": serial, "file": file, "bytes": bytes, "manifest": manifest });
        Ok(self.file.write_all(format!("{line}\n").as_bytes())?)
    }

    /// Reads all lines, and leaves off at the end.
    fn each_line(&mut self, mut each: impl FnMut(&[u8]) -> Result<(), Stop>) -> Result<(), Stop> {
        self.file.seek(SeekFrom::Start(0))?;
        let mut reader = BufReader::new(&self.file);
        let mut line = Vec::new();
        while reader.by_ref().take(LONGEST).read_until(b'\n', &mut line)? > 0 {
            each(&line)?;
            line.clear();
        }
        Ok(())
    }
}

impl Entry {
    fn read(line: &[u8]) -> Option<Self> {
        let value: Value = serde_json::from_slice(line).ok()?;
        let text = |key| value.get(key).and_then(Value::as_str);
        Some(Self {
            serial: text("serial")?.to_owned(),
            file: text("file")?.to_owned(),
            bytes: value.get("bytes")?.as_u64()?,
            manifest: u128::from_str_radix(text("manifest")?, 16).ok()?,
        })
    }
}

/// No line is as long; what is, was not written here.
const LONGEST: u64 = 4096;
