//! The central directory of a zip archive, read as it stands.
//!
//! The `zip` crate keeps one member of each name, takes whatever number of them there are into memory, and says nothing of what it
//! passes over. So the directory is walked here first, within the limits, and that crate gets to see only what is sound.
//! APPNOTE.TXT, <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>

/// The directory of an archive.
pub(super) struct Directory<'a> {
    /// Its members, in its order.
    pub(super) members: Vec<Member<'a>>,
    /// The bytes before the archive.
    pub(super) before: usize,
    /// The bytes behind it.
    pub(super) behind: usize,
    /// What the end record says of the number of members, when that is wrong.
    pub(super) claimed: Option<usize>,
}

/// One member.
#[derive(Clone, Copy)]
pub(super) struct Member<'a> {
    /// The name, in whatever encoding.
    pub(super) name: &'a [u8],
    pub(super) is_encrypted: bool,
    pub(super) is_symlink: bool,
    pub(super) method: u16,
    pub(super) crc: u32,
    pub(super) packed: u64,
    pub(super) unpacked: u64,
    /// Where its local header begins, in the bytes given.
    pub(super) offset: u64,
}

/// Says why there is no directory.
#[derive(Debug)]
pub(super) enum NoDirectory {
    /// Nothing that is one.
    NotFound,
    /// More members than allowed.
    TooMany,
}

impl<'a> Directory<'a> {
    /// Finds and walks the directory of an archive.
    pub(super) fn read(archive: &'a [u8], most: usize) -> Result<Self, NoDirectory> {
        let from = archive.len().saturating_sub(END_SIZE + usize::from(u16::MAX));
        let window = archive.get(from..).unwrap_or_default();
        let mut at = window.len().saturating_sub(END_SIZE);
        loop {
            if window.get(at..at + 4) == Some(END)
                && let Some(found) = Self::ending_at(archive, from + at, most)
            {
                return found;
            }
            at = at.checked_sub(1).ok_or(NoDirectory::NotFound)?;
        }
    }

    /// Reads the directory whose end record begins at `at`; `None` when that is no end record.
    fn ending_at(archive: &'a [u8], at: usize, most: usize) -> Option<Result<Self, NoDirectory>> {
        let record = archive.get(at..at + END_SIZE)?;
        let end = at + END_SIZE + usize::from(u16_at(record, 20)?);
        let behind = archive.len().checked_sub(end)?;
        let mut count = u64::from(u16_at(record, 10)?);
        let mut size = u64::from(u32_at(record, 12)?);
        let mut offset = u64::from(u32_at(record, 16)?);
        let mut directory_end = at;
        let is_full = count == 0xffff || size == 0xffff_ffff || offset == 0xffff_ffff;
        if let Some((start, long)) = zip64_end(archive, at).filter(|_| is_full) {
            count = u64_at(long, 32)?;
            size = u64_at(long, 40)?;
            offset = u64_at(long, 48)?;
            directory_end = start;
        }
        let start = directory_end.checked_sub(usize::try_from(size).ok()?)?;
        let before = start.checked_sub(usize::try_from(offset).ok()?)?;
        let members = match members(archive.get(start..directory_end)?, before as u64, most)? {
            Ok(members) => members,
            Err(error) => return Some(Err(error)),
        };
        // Where the first member is not in its place the record has only survived by chance.
        if let Some(first) = members.first()
            && LocalHeader::at(archive, first.offset).is_none()
        {
            return None;
        }
        let claimed = usize::try_from(count).ok().filter(|count| *count != members.len());
        Some(Ok(Self { members, before, behind, claimed }))
    }
}

/// What stands before the data of a member.
#[derive(Clone, Copy)]
pub(super) struct LocalHeader<'a> {
    /// The name, in whatever encoding.
    pub(super) name: &'a [u8],
    pub(super) is_encrypted: bool,
    pub(super) method: u16,
    /// Checksum, packed and unpacked size; none where they stand behind the data.
    pub(super) sums: Option<(u32, u64, u64)>,
    /// Where the data begin, in the bytes given.
    pub(super) data: usize,
}

impl<'a> LocalHeader<'a> {
    /// Reads the header at an offset.
    pub(super) fn at(archive: &'a [u8], offset: u64) -> Option<Self> {
        let offset = usize::try_from(offset).ok()?;
        let header = archive.get(offset..)?;
        if header.get(..4)? != LOCAL {
            return None;
        }
        let (name, extra) = (usize::from(u16_at(header, 26)?), usize::from(u16_at(header, 28)?));
        let (name, behind) = header.get(30..)?.split_at_checked(name)?;
        let data = offset.checked_add(30)?.checked_add(name.len())?.checked_add(extra)?;
        let mut long = zip64_extra(behind.get(..extra).unwrap_or_default());
        let mut wide = |value: u32| if value == u32::MAX { take_u64(&mut long) } else { None }.unwrap_or(value.into());
        let flags = u16_at(header, 6)?;
        let (crc, unpacked) = (u32_at(header, 14)?, wide(u32_at(header, 22)?));
        let packed = wide(u32_at(header, 18)?);
        Some(Self {
            name,
            is_encrypted: flags & ENCRYPTED != 0,
            method: u16_at(header, 8)?,
            sums: (flags & STREAMED == 0).then_some((crc, packed, unpacked)),
            data,
        })
    }
}

/// Walks the members of a directory; `None` when it is none.
fn members(directory: &[u8], before: u64, most: usize) -> Option<Result<Vec<Member<'_>>, NoDirectory>> {
    let mut members = Vec::new();
    let mut rest = directory;
    while !rest.is_empty() {
        if rest.get(..4)? == DIGITAL_SIGNATURE {
            break;
        }
        if rest.get(..4)? != CENTRAL {
            return None;
        }
        let [name, extra, comment] = [28, 30, 32].map(|at| u16_at(rest, at).map(usize::from));
        let (name, extra, comment) = (name?, extra?, comment?);
        let (header, variable) = rest.split_at_checked(46)?;
        let (name, variable) = variable.split_at_checked(name)?;
        let (extra, variable) = variable.split_at_checked(extra)?;
        rest = variable.get(comment..)?;
        if members.len() >= most {
            return Some(Err(NoDirectory::TooMany));
        }

        let flags = u16_at(header, 8)?;
        let mut long = zip64_extra(extra);
        // The fields of 64 bits are there for those of 32 that are full, in this order.
        let mut wide = |value: u32| if value == u32::MAX { take_u64(&mut long) } else { None }.unwrap_or(value.into());
        let unpacked = wide(u32_at(header, 24)?);
        let packed = wide(u32_at(header, 20)?);
        let offset = wide(u32_at(header, 42)?);
        members.push(Member {
            name,
            is_encrypted: flags & ENCRYPTED != 0,
            // The upper half of the attributes is the mode where the upper half of the version says Unix.
            is_symlink: matches!(header.get(5)?, 3 | 19) && u32_at(header, 38)? >> 28 == 0o12,
            method: u16_at(header, 10)?,
            crc: u32_at(header, 16)?,
            packed,
            unpacked,
            offset: offset.checked_add(before)?,
        });
    }
    Some(Ok(members))
}

/// Finds the long end record by the locator that stands before the short one.
fn zip64_end(archive: &[u8], at: usize) -> Option<(usize, &[u8])> {
    let locator = archive.get(at.checked_sub(20)?..at)?;
    if locator.get(..4)? != b"PK\x06\x07" {
        return None;
    }
    let named = usize::try_from(u64_at(locator, 8)?).ok();
    // With foreign bytes before the archive the place is off; a record without extensions lies right before the locator.
    [named, (at - 20).checked_sub(56)].into_iter().flatten().find_map(|start| {
        let record = archive.get(start..at - 20)?;
        (record.get(..4)? == b"PK\x06\x06" && record.len() >= 56).then_some((start, record))
    })
}

/// Finds the fields of 64 bits among the extra fields.
fn zip64_extra(mut extra: &[u8]) -> &[u8] {
    while let (Some(kind), Some(size)) = (u16_at(extra, 0), u16_at(extra, 2)) {
        let Some((field, rest)) = extra.get(4..).and_then(|body| body.split_at_checked(size.into())) else { break };
        if kind == 1 {
            return field;
        }
        extra = rest;
    }
    &[]
}

fn take_u64(from: &mut &[u8]) -> Option<u64> {
    let (bytes, rest) = from.split_first_chunk()?;
    *from = rest;
    Some(u64::from_le_bytes(*bytes))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// The flags of encryption: the old one, the strong one, and that of a directory whose values are masked.
const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;
/// The flag of a member whose checksum and sizes stand behind its data.
const STREAMED: u16 = 1 << 3;
/// The size of an end record without its comment.
const END_SIZE: usize = 22;
const END: &[u8] = b"PK\x05\x06";
const CENTRAL: &[u8] = b"PK\x01\x02";
const LOCAL: &[u8] = b"PK\x03\x04";
/// Ends the list of members where the directory is signed.
const DIGITAL_SIGNATURE: &[u8] = b"PK\x05\x05";
