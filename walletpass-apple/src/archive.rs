//! Writes zip archives: stored members only, so that a part written once can be shared by many archives.
//!
//! A [`Section`] is a run of members with its share of the central directory. Sections are written one after the other, each
//! knowing where the last one ended; [`end`] closes the archive. Nothing optional is used (no data descriptors, no zip64, no
//! extra fields), and all times are the first that the format knows, so equal input gives equal bytes.
//! APPNOTE.TXT, <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>

use std::ops::Range;

use bytes::Bytes;

use crate::Error;

/// A run of members, and what the directory at the end of the archive says of them.
#[derive(Clone)]
pub(crate) struct Section {
    bytes: Bytes,
    directory: Bytes,
    members: u16,
    /// Where in the archive the next section begins.
    end: u32,
}

impl Section {
    /// Gives the members as they stand in the archive.
    pub(crate) fn bytes(&self) -> Bytes {
        self.bytes.clone()
    }
}

/// Writes a section.
pub(crate) struct Writer {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    members: u16,
    start: u32,
    /// The bytes that follow those of the section, kept elsewhere.
    outside: u32,
}

impl Writer {
    /// Begins an archive.
    pub(crate) fn new() -> Self {
        Self { bytes: Vec::new(), directory: Vec::new(), members: 0, start: 0, outside: 0 }
    }

    /// Goes on where `section` ends.
    pub(crate) fn after(section: &Section) -> Self {
        Self { start: section.end, ..Self::new() }
    }

    /// Adds a member, and tells where in the section its data are.
    pub(crate) fn add(&mut self, name: &str, data: &[u8]) -> Result<Range<usize>, Error> {
        self.begin(name, crc32fast::hash(data), data.len())?;
        let start = self.bytes.len();
        self.bytes.extend(data);
        self.position()?;
        Ok(start..self.bytes.len())
    }

    /// Adds a member whose data are kept elsewhere: they follow the bytes of the section, so nothing can be added after it.
    pub(crate) fn add_outside(&mut self, name: &str, data: &[Bytes]) -> Result<(), Error> {
        let mut crc = crc32fast::Hasher::new();
        data.iter().for_each(|chunk| crc.update(chunk));
        let size = data.iter().map(Bytes::len).sum();
        self.begin(name, crc.finalize(), size)?;
        self.outside = u32::try_from(size).map_err(|_| Error::TooLarge)?;
        self.position()?;
        Ok(())
    }

    /// Writes the header of a member, and its entry in the directory.
    fn begin(&mut self, name: &str, crc: u32, size: usize) -> Result<(), Error> {
        let offset = self.position()?;
        let name_size = u16::try_from(name.len()).map_err(|_| Error::TooLarge)?;
        let size = u32::try_from(size).map_err(|_| Error::TooLarge)?;
        self.members = self.members.checked_add(1).ok_or(Error::TooLarge)?;

        let mut common = Vec::with_capacity(26);
        common.extend(VERSION.to_le_bytes());
        common.extend(if name.is_ascii() { 0 } else { UTF_8 }.to_le_bytes());
        common.extend(STORED.to_le_bytes());
        common.extend(MIDNIGHT.to_le_bytes());
        common.extend(NEW_YEAR_1980.to_le_bytes());
        common.extend(crc.to_le_bytes());
        common.extend(size.to_le_bytes());
        common.extend(size.to_le_bytes());
        common.extend(name_size.to_le_bytes());
        common.extend(0_u16.to_le_bytes()); // extra field

        self.bytes.extend(b"PK\x03\x04");
        self.bytes.extend(&common);
        self.bytes.extend(name.as_bytes());

        self.directory.extend(b"PK\x01\x02");
        self.directory.extend(VERSION.to_le_bytes()); // made by
        self.directory.extend(common);
        self.directory.extend([0; 10]); // comment, disk, internal and external attributes
        self.directory.extend(offset.to_le_bytes());
        self.directory.extend(name.as_bytes());
        Ok(())
    }

    /// Ends the section.
    pub(crate) fn close(self) -> Section {
        let Self { bytes, directory, members, start, outside } = self;
        // `add` has seen that the end fits.
        let end = start.saturating_add(bytes.len() as u32).saturating_add(outside);
        Section { bytes: bytes.into(), directory: directory.into(), members, end }
    }

    fn position(&self) -> Result<u32, Error> {
        let length = u32::try_from(self.bytes.len()).map_err(|_| Error::TooLarge)?;
        self.start.checked_add(length).and_then(|end| end.checked_add(self.outside)).ok_or(Error::TooLarge)
    }
}

/// Writes what follows the last of the sections: the central directory and its end record.
pub(crate) fn end(sections: &[&Section]) -> Result<Vec<u8>, Error> {
    let offset = sections.last().map_or(0, |section| section.end);
    let mut out = Vec::with_capacity(sections.iter().map(|section| section.directory.len()).sum::<usize>() + 22);
    let mut members = 0_u16;
    for section in sections {
        out.extend_from_slice(&section.directory);
        members = members.checked_add(section.members).ok_or(Error::TooLarge)?;
    }
    let size = u32::try_from(out.len()).map_err(|_| Error::TooLarge)?;
    out.extend(b"PK\x05\x06");
    out.extend([0; 4]); // disk
    out.extend(members.to_le_bytes());
    out.extend(members.to_le_bytes());
    out.extend(size.to_le_bytes());
    out.extend(offset.to_le_bytes());
    out.extend([0; 2]); // comment
    Ok(out)
}

/// Version 2.0, the least that everything reads.
const VERSION: u16 = 20;
/// Says that the name is UTF-8.
const UTF_8: u16 = 1 << 11;
const STORED: u16 = 0;
const MIDNIGHT: u16 = 0;
/// 1 January 1980, the first date of the format.
const NEW_YEAR_1980: u16 = 1 << 5 | 1;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_make_one_archive() {
        let mut first = Writer::new();
        assert_eq!(first.add("a.txt", b"one").unwrap(), 35..38);
        let first = first.close();
        let mut second = Writer::after(&first);
        second.add("ä/b.txt", b"").unwrap();
        second.add("c.txt", b"three").unwrap();
        let second = second.close();
        let whole = [first.bytes(), second.bytes(), end(&[&first, &second]).unwrap().into()].concat();

        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(whole)).unwrap();
        let mut seen = Vec::new();
        for index in 0..archive.len() {
            let mut member = archive.by_index(index).unwrap();
            assert_eq!(member.compression(), zip::CompressionMethod::Stored);
            let text = std::io::read_to_string(&mut member).unwrap();
            seen.push((member.name().unwrap().into_owned(), text));
        }
        let expected = [("a.txt", "one"), ("ä/b.txt", ""), ("c.txt", "three")];
        assert_eq!(seen, expected.map(|(name, text)| (name.to_owned(), text.to_owned())));
    }

    #[test]
    fn an_archive_without_members_is_one() {
        let archive = zip::ZipArchive::new(std::io::Cursor::new(end(&[]).unwrap())).unwrap();
        assert!(archive.is_empty());
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let mut writer = Writer { start: u32::MAX - 10, ..Writer::new() };
        assert!(matches!(writer.add("a", b"0123456789"), Err(Error::TooLarge)));
        assert!(matches!(Writer::new().add(&"n".repeat(70_000), b""), Err(Error::TooLarge)));
        let mut many = Writer { members: u16::MAX, ..Writer::new() };
        assert!(matches!(many.add("a", b""), Err(Error::TooLarge)));
    }
}
