//! Writes zip archives: stored members only, so that a part written once can be shared by many archives.
//!
//! A [`Section`] is a run of members with its share of the central directory. Sections are written one after the other, each
//! knowing where the last one ended; [`Writer::end`] closes the archive. Nothing optional is used (no data descriptors, no zip64, no
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
#[derive(Default)]
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
        Self::default()
    }

    /// Goes on where `section` ends.
    pub(crate) fn after(section: &Section) -> Self {
        Self { start: section.end, ..Self::new() }
    }

    /// Makes room for so many bytes, headers included.
    pub(crate) fn with_room(mut self, bytes: usize) -> Self {
        self.bytes.reserve_exact(bytes);
        self
    }

    /// Adds a member, and tells where in the section its data are.
    pub(crate) fn add(&mut self, name: &str, data: &[u8]) -> Result<Range<usize>, Error> {
        self.add_written(name, |out| out.extend_from_slice(data))
    }

    /// Adds a member whose data are written into their place, and tells where in the section they are.
    pub(crate) fn add_written(&mut self, name: &str, write: impl FnOnce(&mut Vec<u8>)) -> Result<Range<usize>, Error> {
        let header = self.begin(name)?;
        let start = self.bytes.len();
        write(&mut self.bytes);
        let data = self.bytes.get(start..).unwrap_or_default();
        self.settle(header, name, crc32fast::hash(data), data.len())?;
        Ok(start..self.bytes.len())
    }

    /// Adds a member whose data are kept elsewhere: they follow the bytes of the section, so nothing can be added after it.
    pub(crate) fn add_outside(&mut self, name: &str, data: &[Bytes]) -> Result<(), Error> {
        let mut crc = crc32fast::Hasher::new();
        data.iter().for_each(|chunk| crc.update(chunk));
        let size = data.iter().map(Bytes::len).sum();
        let header = self.begin(name)?;
        self.outside = u32::try_from(size).map_err(|_| Error::TooLarge)?;
        self.settle(header, name, crc.finalize(), size)
    }

    /// Gives what the section holds so far.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Writes the header of a member but for what its data say, and tells where in the section it is.
    fn begin(&mut self, name: &str) -> Result<usize, Error> {
        let header = self.bytes.len();
        let name_size = u16::try_from(name.len()).map_err(|_| Error::TooLarge)?;
        let flags = if name.is_ascii() { 0 } else { UTF_8 };
        self.bytes.extend_from_slice(b"PK\x03\x04");
        for field in [VERSION, flags, STORED, MIDNIGHT, NEW_YEAR_1980] {
            self.bytes.extend_from_slice(&field.to_le_bytes());
        }
        self.bytes.extend_from_slice(&[0; 12]); // digest and sizes
        self.bytes.extend_from_slice(&name_size.to_le_bytes());
        self.bytes.extend_from_slice(&[0; 2]); // extra field
        self.bytes.extend_from_slice(name.as_bytes());
        Ok(header)
    }

    /// Completes the header of a member, and enters it in the directory.
    fn settle(&mut self, header: usize, name: &str, crc: u32, size: usize) -> Result<(), Error> {
        let size = u32::try_from(size).map_err(|_| Error::TooLarge)?;
        let offset = self.position(header)?;
        self.end_position()?;
        self.members = self.members.checked_add(1).ok_or(Error::TooLarge)?;

        let known = [crc, size, size].map(u32::to_le_bytes);
        if let Some(place) = self.bytes.get_mut(header + 14..header + 26) {
            place.copy_from_slice(known.as_flattened());
        }
        let common = self.bytes.get(header + 4..header + LOCAL_SIZE).unwrap_or_default();
        self.directory.reserve(CENTRAL_SIZE + name.len());
        self.directory.extend_from_slice(b"PK\x01\x02");
        self.directory.extend_from_slice(&VERSION.to_le_bytes()); // made by
        self.directory.extend_from_slice(common);
        self.directory.extend_from_slice(&[0; 10]); // comment, disk, internal and external attributes
        self.directory.extend_from_slice(&offset.to_le_bytes());
        self.directory.extend_from_slice(name.as_bytes());
        Ok(())
    }

    /// Ends the section.
    pub(crate) fn close(self) -> Section {
        // `settle` has seen that the end fits.
        let end = self.end_position().unwrap_or(u32::MAX);
        Section { bytes: self.bytes.into(), directory: self.directory.into(), members: self.members, end }
    }

    /// Ends the archive: behind the members it writes the directory of all sections, this one last, and the end record.
    pub(crate) fn end(mut self, before: &[&Section]) -> Result<Vec<u8>, Error> {
        let offset = self.end_position()?;
        let (start, mut members) = (self.bytes.len(), self.members);
        for section in before {
            self.bytes.extend_from_slice(&section.directory);
            members = members.checked_add(section.members).ok_or(Error::TooLarge)?;
        }
        self.bytes.extend_from_slice(&self.directory);
        let size = u32::try_from(self.bytes.len() - start).map_err(|_| Error::TooLarge)?;

        self.bytes.extend_from_slice(b"PK\x05\x06");
        self.bytes.extend_from_slice(&[0; 4]); // disk
        self.bytes.extend_from_slice(&members.to_le_bytes());
        self.bytes.extend_from_slice(&members.to_le_bytes());
        self.bytes.extend_from_slice(&size.to_le_bytes());
        self.bytes.extend_from_slice(&offset.to_le_bytes());
        self.bytes.extend_from_slice(&[0; 2]); // comment
        Ok(self.bytes)
    }

    /// Gives where in the archive the section ends, with what is kept elsewhere.
    fn end_position(&self) -> Result<u32, Error> {
        self.position(self.bytes.len())?.checked_add(self.outside).ok_or(Error::TooLarge)
    }

    /// Gives where in the archive a place in the section is.
    fn position(&self, at: usize) -> Result<u32, Error> {
        u32::try_from(at).ok().and_then(|at| self.start.checked_add(at)).ok_or(Error::TooLarge)
    }
}

/// Counts the bytes that a member takes and, behind it, the end of an archive with the sections before it.
pub(crate) fn room_to_end(before: &[&Section], name: &str, size: usize) -> usize {
    let directories: usize = before.iter().map(|section| section.directory.len()).sum();
    LOCAL_SIZE + name.len() + size + directories + CENTRAL_SIZE + name.len() + END_SIZE
}

/// The size of the header of a member, without its name.
const LOCAL_SIZE: usize = 30;
/// The size of an entry in the directory, without its name.
const CENTRAL_SIZE: usize = 46;
/// The size of the end record.
const END_SIZE: usize = 22;
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
        let whole =
            [first.bytes(), second.bytes(), Writer::after(&second).end(&[&first, &second]).unwrap().into()].concat();

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
        let archive = zip::ZipArchive::new(std::io::Cursor::new(Writer::new().end(&[]).unwrap())).unwrap();
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
