//! Mutates a zip archive by its members.

use std::io::{Cursor, Read as _};

use libfuzzer_sys::fuzzer_mutate;
use serde_json::{Map, Value};

/// A member: its name and its content.
type Member = (Vec<u8>, Vec<u8>);

/// Changes what lies in `data[..size]` and gives its new size: one member of it if it is an archive, else any bytes.
pub(crate) fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut dice = Dice(u64::from(seed) | 1 << 40);
    let input = data.get(..size).unwrap_or_default();
    let members = if dice.roll(5) == 0 { None } else { take_apart(input).filter(|members| !members.is_empty()) };
    let Some(mut members) = members else { return fuzzer_mutate(data, size, max_size) };

    change_one(&mut members, &mut dice);
    if dice.roll(4) != 0 {
        mend_manifest(&mut members);
    }
    let archive = put_together(&members);
    match data.get_mut(..archive.len()).filter(|_| archive.len() <= max_size) {
        Some(room) => {
            room.copy_from_slice(&archive);
            archive.len()
        }
        None => fuzzer_mutate(data, size, max_size),
    }
}

fn change_one(members: &mut Vec<Member>, dice: &mut Dice) {
    let at = dice.roll(members.len());
    match dice.roll(16) {
        0 => drop(members.remove(at)),
        1 => members.push(members[at].clone()),
        2 => members[at].0 = mutated(&members[at].0, 64),
        3 => members[at].0 = NAMES[dice.roll(NAMES.len())].into(),
        4 => {
            let other = dice.roll(members.len());
            members[at].1 = members[other].1.clone();
        }
        5 => members.push((NAMES[dice.roll(NAMES.len())].into(), members[at].1.clone())),
        6 => members.swap(0, at),
        _ => members[at].1 = mutated(&members[at].1, 256),
    }
}

/// Mutates bytes as libFuzzer does, with room for `more`.
fn mutated(bytes: &[u8], more: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let (size, room) = (bytes.len(), bytes.len() + more);
    bytes.resize(room, 0);
    let size = fuzzer_mutate(&mut bytes, size, room);
    bytes.truncate(size);
    bytes
}

/// States the digests as they are now: what lies behind a wrong digest would hardly be reached.
fn mend_manifest(members: &mut [Member]) {
    let digests: Map<String, Value> = members
        .iter()
        .filter(|(name, _)| name != b"manifest.json" && name != b"signature")
        .map(|(name, data)| {
            let digest: String = openssl::sha::sha1(data).iter().map(|byte| format!("{byte:02x}")).collect();
            (String::from_utf8_lossy(name).into_owned(), digest.into())
        })
        .collect();
    if let Some((_, manifest)) = members.iter_mut().find(|(name, _)| name == b"manifest.json") {
        *manifest = Value::Object(digests).to_string().into_bytes();
    }
}

fn take_apart(bytes: &[u8]) -> Option<Vec<Member>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let count = archive.len().min(MOST_MEMBERS);
    let member = |at| {
        let member = archive.by_index(at).ok()?;
        let name = member.name_raw().to_vec();
        let mut data = Vec::new();
        member.take(LARGEST_MEMBER).read_to_end(&mut data).ok()?;
        Some((name, data))
    };
    Some((0..count).filter_map(member).collect())
}

/// Writes the members stored; a writer of our own, since that of the crate `zip` refuses two of one name.
fn put_together(members: &[Member]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, data) in members {
        let name = name.get(..name.len().min(1_000)).unwrap_or_default();
        let offset = archive.len() as u32;
        let mut header = Vec::new();
        for half in [20u16, 0, 0, 0, 0x21] {
            header.extend(half.to_le_bytes()); // version, flags, method, time, date
        }
        for word in [crc32fast::hash(data), data.len() as u32, data.len() as u32] {
            header.extend(word.to_le_bytes());
        }
        header.extend((name.len() as u16).to_le_bytes());
        header.extend([0, 0]); // no extra fields
        archive.extend(b"PK\x03\x04");
        archive.extend(&header);
        archive.extend(name);
        archive.extend(data);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&header);
        directory.extend([0; 10]); // comment, disk, attributes
        directory.extend(offset.to_le_bytes());
        directory.extend(name);
    }
    let (start, length, count) = (archive.len() as u32, directory.len() as u32, members.len() as u16);
    archive.extend(directory);
    archive.extend(b"PK\x05\x06\0\0\0\0");
    archive.extend([count, count].map(u16::to_le_bytes).concat());
    archive.extend([start, length].map(u32::to_le_bytes).concat());
    archive.extend([0, 0]);
    archive
}

/// A small generator (SplitMix64), so that the seed alone decides.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % sides.max(1) as u64) as usize
    }
}

const MOST_MEMBERS: usize = 64;
const LARGEST_MEMBER: u64 = 1 << 20;

/// Names that mean something, or do harm.
const NAMES: [&[u8]; 14] = [
    b"pass.json",
    b"manifest.json",
    b"signature",
    b"icon.png",
    b"strip@3x.png",
    b"de.lproj/pass.strings",
    b"zh-Hans.lproj/logo@2x.png",
    b"personalization.json",
    b"../pass.json",
    b"/pass.json",
    b"Card/pass.json",
    b"__MACOSX/._pass.json",
    b"one.pkpass",
    b"\xff\xfe",
];
