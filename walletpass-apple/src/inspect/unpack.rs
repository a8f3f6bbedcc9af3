//! Unpacks an archive within limits.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Seek, SeekFrom};

use bytes::Bytes;
use zip::ZipArchive;

use super::directory::{Directory, LocalHeader, Member, NoDirectory};
use super::findings::{Findings, shown};
use super::{InspectError, Limits, looks, rules};

/// What an archive holds.
#[derive(Default)]
pub(super) struct Unpacked {
    /// The files that could be read.
    pub(super) files: BTreeMap<String, Bytes>,
    /// The names of those that could not; each has its finding.
    pub(super) unreadable: BTreeSet<String>,
}

/// What may still be unpacked.
#[derive(Clone, Copy)]
pub(super) struct Budget {
    pub(super) limits: Limits,
    /// Members that may still be listed.
    pub(super) members: usize,
    /// Bytes that may still be unpacked.
    pub(super) bytes: usize,
}

impl Budget {
    pub(super) fn new(mut limits: Limits) -> Self {
        limits.members = limits.members.min(Limits::MOST_MEMBERS);
        limits.archive = limits.archive.min(Limits::LARGEST_ARCHIVE);
        Self { limits, members: limits.members, bytes: limits.total }
    }

    /// Makes the error of a limit; `path` is a member.
    pub(super) fn over(&self, limit: &'static str, path: &str) -> InspectError {
        let Limits { archive, member, total, members, documents } = self.limits;
        let most = match limit {
            "archive" => archive,
            "member" => member,
            "total" => total,
            "members" => members,
            _ => documents,
        };
        InspectError::OverLimit { limit, most, path: shown(path).into_owned() }
    }
}

/// Reads all members of an archive.
pub(super) fn unpack(archive: &[u8], budget: &mut Budget, findings: &mut Findings) -> Result<Unpacked, InspectError> {
    let directory = Directory::read(archive, budget.members).map_err(|error| match error {
        NoDirectory::NotFound => looks::like(archive),
        NoDirectory::TooMany => budget.over("members", ""),
    })?;
    budget.members = budget.members.saturating_sub(directory.members.len());
    judge_frame(&directory, findings);

    let mut unpacked = Unpacked::default();
    let mut sound: BTreeMap<String, Member<'_>> = BTreeMap::new();
    for member in directory.members {
        if member.name.ends_with(b"/") {
            continue;
        }
        let name = name_of(&member, findings);
        // As `unzip` does, the last one of a name counts.
        if sound.remove(&name).is_some() || unpacked.unreadable.remove(&name) {
            let cause = "the archive holds this name more than once";
            findings.add(&rules::ARCHIVE_DUPLICATE, &name, cause, "keep one of them, and pack the archive afresh");
        }
        if is_sound(&name, &member, archive, findings) {
            sound.insert(name, member);
        } else {
            unpacked.unreadable.insert(name);
        }
    }

    let mut reader = ZipArchive::new(View::of(archive, &sound)).map_err(|_| looks::like(archive))?;
    for (index, (name, member)) in sound.into_iter().enumerate() {
        let most = budget.limits.member.min(budget.bytes);
        // The buffer grows with what comes out, whatever the header promises.
        let mut data = Vec::with_capacity(usize::try_from(member.unpacked).unwrap_or(most).min(most).min(FIRST));
        let read = match reader.by_index(index) {
            Ok(file) => file.take((most as u64).saturating_add(1)).read_to_end(&mut data).map(|_| ()),
            Err(error) => Err(error.into()),
        };
        if data.len() > most {
            return Err(budget.over(if most == budget.limits.member { "member" } else { "total" }, &name));
        }
        budget.bytes -= data.len();
        let damage = match read {
            Err(error) => Some(format!("it cannot be unpacked: {error}")),
            Ok(()) if data.len() as u64 != member.unpacked => {
                Some(format!("it has {} bytes, and the directory says {}", data.len(), member.unpacked))
            }
            Ok(()) => None,
        };
        if let Some(cause) = damage {
            findings.add(&rules::ARCHIVE_DAMAGED, &name, cause, PACK_AGAIN);
            unpacked.unreadable.insert(name);
        } else {
            unpacked.files.insert(name, data.into());
        }
    }
    Ok(unpacked)
}

/// Judges what stands around the members.
fn judge_frame(directory: &Directory<'_>, findings: &mut Findings) {
    for (count, place) in [(directory.before, "before"), (directory.behind, "behind")] {
        if count > 0 {
            let cause = format!("{count} bytes stand {place} the archive");
            findings.add(&rules::ARCHIVE_JUNK, "", cause, "write the archive alone into the file or response");
        }
    }
    if let Some(claimed) = directory.claimed {
        let cause = format!("its end says {claimed} members, and its directory lists {}", directory.members.len());
        findings.add(&rules::ARCHIVE_DAMAGED, "", cause, PACK_AGAIN);
    }
}

/// Reads the name of a member, and judges its encoding.
fn name_of(member: &Member<'_>, findings: &mut Findings) -> String {
    match str::from_utf8(member.name) {
        // Tools on Unix write UTF-8 without saying so in the flags, and everything reads it so.
        Ok(name) => name.to_owned(),
        Err(_) => {
            let name = String::from_utf8_lossy(member.name).into_owned();
            let cause = "the name is not UTF-8";
            findings.add(&rules::ARCHIVE_NAME, &name, cause, "use names in plain ASCII, or pack with UTF-8 names");
            name
        }
    }
}

/// Says whether a member can be handed to the unpacker.
fn is_sound(name: &str, member: &Member<'_>, archive: &[u8], findings: &mut Findings) -> bool {
    if member.is_encrypted {
        findings.add(&rules::ARCHIVE_ENCRYPTED, name, "the member is encrypted", "pack it without a passphrase");
        return false;
    }
    if member.is_symlink {
        let mend = "pack the file itself (`zip` without `-y`)";
        findings.add(&rules::ARCHIVE_SYMLINK, name, "the member is a symbolic link", mend);
        return false;
    }
    if !matches!(member.method, STORED | DEFLATED) {
        let cause = format!("the member is packed with method {}", member.method);
        findings.add(&rules::ARCHIVE_COMPRESSION, name, cause, "pack it deflated or stored");
        return false;
    }
    let cause = match LocalHeader::at(archive, member.offset) {
        None => "its header is not where the directory says",
        Some(header) if header.name != member.name => "its header has another name than the directory",
        Some(header) if header.method != member.method => "its header has another method than the directory",
        Some(header) if header.is_encrypted => "its header says that it is encrypted, and the directory that it is not",
        Some(header) if ends_behind(header.data, member.packed, archive) => "its data end behind the archive",
        // A streamed member has its checksum and sizes behind the data.
        Some(LocalHeader { sums: Some(sums), .. }) if sums != (member.crc, member.packed, member.unpacked) => {
            "its header has another checksum or other sizes than the directory"
        }
        Some(_) => return true,
    };
    findings.add(&rules::ARCHIVE_DAMAGED, name, cause, PACK_AGAIN);
    false
}

/// Says whether so many bytes from `data` on are more than there are; the number may be any.
fn ends_behind(data: usize, packed: u64, archive: &[u8]) -> bool {
    (data as u64).checked_add(packed).is_none_or(|end| end > archive.len() as u64)
}

/// An archive whose directory is replaced by one of sound members with unique names.
struct View<'a> {
    archive: &'a [u8],
    directory: Vec<u8>,
    position: u64,
}

impl<'a> View<'a> {
    fn of(archive: &'a [u8], members: &BTreeMap<String, Member<'_>>) -> Self {
        let mut directory = Vec::with_capacity(members.len() * 64 + 22);
        for (index, member) in members.values().enumerate() {
            // Names play no part any more, and a number is unique whatever the names.
            let name = index.to_string();
            let narrow = |value: u64| u32::try_from(value).unwrap_or(u32::MAX - 1).min(u32::MAX - 1).to_le_bytes();
            directory.extend(b"PK\x01\x02");
            directory.extend([20, 0, 20, 0, 0, 0]); // versions and flags
            directory.extend(member.method.to_le_bytes());
            directory.extend([0; 4]); // time and date
            directory.extend(member.crc.to_le_bytes());
            directory.extend(narrow(member.packed));
            directory.extend(narrow(member.unpacked));
            directory.extend((name.len() as u16).to_le_bytes());
            directory.extend([0; 12]); // extra field, comment, disk, attributes
            directory.extend(narrow(member.offset));
            directory.extend(name.as_bytes());
        }
        let size = (directory.len() as u32).to_le_bytes();
        let count = (members.len() as u16).to_le_bytes();
        directory.extend(b"PK\x05\x06\0\0\0\0");
        directory.extend([count, count].concat());
        directory.extend(size);
        directory.extend((archive.len() as u32).to_le_bytes());
        directory.extend([0; 2]); // comment
        Self { archive, directory, position: 0 }
    }
}

impl Read for View<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let at = usize::try_from(self.position).unwrap_or(usize::MAX);
        let mut from = match at.checked_sub(self.archive.len()) {
            None => self.archive.get(at..).unwrap_or_default(),
            Some(at) => self.directory.get(at..).unwrap_or_default(),
        };
        let count = from.read(buffer)?;
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for View<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let size = (self.archive.len() + self.directory.len()) as u64;
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => size.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// The first size of a buffer at most.
const FIRST: usize = 1 << 20;
const PACK_AGAIN: &str = "pack the archive again, and transfer it as bytes";
