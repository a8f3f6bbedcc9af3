//! What is known of each serial: a hash table in a file, for in memory it would grow with the rows.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use openssl::sha::sha256;

/// A table with open addressing; a slot is a key and what is known, and an empty one is zeros.
pub(crate) struct Index {
    file: File,
    slots: u64,
}

/// What is known of a serial; zeros mean nothing.
#[derive(Clone, Copy, Default)]
pub(crate) struct Known {
    /// The digest of the manifest that was signed.
    pub(crate) manifest: u128,
    /// The length of the package.
    pub(crate) bytes: u64,
    /// The row in which the serial stands, once that was read.
    pub(crate) row: u64,
}

impl Index {
    /// Makes an empty table for so many serials, and room so that few of them meet.
    pub(crate) fn create(path: &Path, serials: u64) -> io::Result<Self> {
        let slots = serials.saturating_mul(2).clamp(64, 1 << 40).next_power_of_two();
        let file = File::options().read(true).write(true).create(true).truncate(true).open(path)?;
        file.set_len(slots * SLOT)?;
        Ok(Self { file, slots })
    }

    /// Gives what was known of a serial, and changes it.
    pub(crate) fn update(&mut self, serial: &str, change: impl FnOnce(&mut Known)) -> io::Result<Known> {
        let key = digest(serial.as_bytes());
        let mut slot = key as u64;
        loop {
            let at = SeekFrom::Start((slot & (self.slots - 1)) * SLOT);
            let mut bytes = [0; SLOT as usize];
            self.file.seek(at)?;
            self.file.read_exact(&mut bytes)?;
            let mut words = bytes.as_chunks().0.iter().map(|word| u128::from_be_bytes(*word));
            let [found, manifest, rest] = [words.next(), words.next(), words.next()].map(Option::unwrap_or_default);
            if found != key && found != 0 {
                slot = slot.wrapping_add(1);
                continue;
            }
            let known = Known { manifest, bytes: (rest >> 64) as u64, row: rest as u64 };
            let mut changed = known;
            change(&mut changed);
            let words = [key, changed.manifest, u128::from(changed.bytes) << 64 | u128::from(changed.row)];
            self.file.seek(at)?;
            self.file.write_all(words.map(u128::to_be_bytes).as_flattened())?;
            return Ok(known);
        }
    }
}

/// Gives half of a SHA-256, which is plenty to tell serials and manifests apart.
pub(crate) fn digest(bytes: &[u8]) -> u128 {
    u128::from_be_bytes(sha256(bytes).first_chunk().copied().unwrap_or_default())
}

const SLOT: u64 = 48;
