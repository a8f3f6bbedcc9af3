//! Archives of every make, damaged ones and hostile ones.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod support;

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use support::foreign::{Packing, pack, zip_of};
use support::inspected::{files, inspector, one, rules};
use walletpass_apple::inspect::{InspectError, Inspector, Limits};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

#[test]
fn members_of_every_make_are_read() {
    for packing in [Packing::Deflated, Packing::Stored, Packing::Streamed, Packing::Zip64] {
        let inspection = inspector().inspect(&pack(&files(), packing)).unwrap();
        assert_eq!(rules(&inspection), [""; 0], "{packing:?}");
        assert_eq!(inspection.passes[0].files.len(), files().len());
    }
}

/// Overwrites one occurrence after the other; the lengths are equal.
fn patch(archive: &mut [u8], from: &[u8], to: &[u8]) -> usize {
    let mut count = 0;
    for at in 0..=archive.len() - from.len() {
        if archive[at..].starts_with(from) {
            archive[at..at + to.len()].copy_from_slice(to);
            count += 1;
        }
    }
    count
}

/// Finds the entry of a member in the directory.
fn entry_of(archive: &[u8], name: &str) -> usize {
    let at = archive.windows(name.len()).rposition(|window| window == name.as_bytes()).unwrap() - 46;
    assert!(archive[at..].starts_with(b"PK\x01\x02"));
    at
}

#[test]
fn a_name_twice_is_told() {
    let mut files = files();
    files.insert("icom.png".to_owned(), files["icon.png"].clone());
    let mut archive = zip_of(&files);
    assert_eq!(patch(&mut archive, b"icom.png", b"icon.png"), 2);
    let finding = one("apple-archive-duplicate", inspector().inspect(&archive).unwrap());
    assert_eq!(finding.path, "icon.png");
}

#[test]
fn what_cannot_be_unpacked_is_told_once() {
    let mut archive = zip_of(&files());
    let entry = entry_of(&archive, "icon.png");
    archive[entry + 8] |= 1;
    one("apple-archive-encrypted", inspector().inspect(&archive).unwrap());
    archive[entry + 8] &= !1;

    archive[entry + 10] = 12; // bzip2
    let finding = one("apple-archive-compression", inspector().inspect(&archive).unwrap());
    assert!(finding.cause.contains("12"), "{finding}");
    archive[entry + 10] = 8;

    archive[entry + 5] = 3; // Unix
    archive[entry + 41] = 0o12 << 4;
    one("apple-archive-symlink", inspector().inspect(&archive).unwrap());
    archive[entry + 41] = 0o10 << 4;
    assert_eq!(rules(&inspector().inspect(&archive).unwrap()), [""; 0]);

    archive[entry + 16] ^= 1; // CRC
    let finding = one("apple-archive-damaged", inspector().inspect(&archive).unwrap());
    assert!(finding.cause.contains("checksum"), "{finding}");
    archive[entry + 16] ^= 1;

    for change in [-1_i8, 1] {
        archive[entry + 24] = archive[entry + 24].wrapping_add_signed(change); // size
        one("apple-archive-damaged", inspector().inspect(&archive).unwrap());
        archive[entry + 24] = archive[entry + 24].wrapping_sub_signed(change);
    }
    // Another name before the data than in the directory.
    let at = archive.windows(8).position(|window| window == b"icon.png").unwrap();
    archive[at] = b'I';
    let finding = one("apple-archive-damaged", inspector().inspect(&archive).unwrap());
    assert!(finding.cause.contains("another name"), "{finding}");
}

#[test]
fn the_two_headers_of_a_member_agree() {
    let sound = pack(&files(), Packing::Deflated);
    let local = sound.windows(8).position(|window| window == b"icon.png").unwrap() - 30;
    assert!(sound[local..].starts_with(b"PK\x03\x04"));
    for (at, change, word) in
        [(6, 1, "encrypted"), (8, 8, "method"), (14, 1, "checksum"), (18, 1, "sizes"), (22, 1, "sizes")]
    {
        let mut archive = sound.clone();
        archive[local + at] ^= change;
        let finding = one("apple-archive-damaged", inspector().inspect(&archive).unwrap());
        assert!(finding.path == "icon.png" && finding.cause.contains(word), "{finding}");
    }
    // Behind the data they stand where the flag says so, and the header may have anything.
    let mut archive = sound.clone();
    archive[local + 6] |= 1 << 3;
    archive[local + 14..local + 26].fill(0);
    assert_eq!(rules(&inspector().inspect(&archive).unwrap()), [""; 0]);
}

/// An archive whose directory says the packed size of one member in 64 bits.
fn with_packed_size(archive: &[u8], packed: u64) -> Vec<u8> {
    let end = archive.len() - 22;
    let start = u32::from_le_bytes(archive[end + 16..end + 20].try_into().unwrap()) as usize;
    let mut directory = archive[start..end].to_vec();
    let entry = entry_of(archive, "icon.png") - start;
    assert_eq!(directory[entry + 30..entry + 32], [0, 0], "no extra field yet");
    let extra = [&[1, 0, 8, 0], packed.to_le_bytes().as_slice()].concat();
    directory[entry + 20..entry + 24].fill(0xff);
    directory[entry + 30] = 12;
    let behind = entry + 46 + "icon.png".len();
    directory.splice(behind..behind, extra);
    let size = u32::try_from(directory.len()).unwrap();
    let mut whole = [&archive[..start], &directory, &archive[end..]].concat();
    let end = whole.len() - 22;
    whole[end + 12..end + 16].copy_from_slice(&size.to_le_bytes());
    whole
}

#[test]
fn sizes_beyond_all_bounds_are_only_damage() {
    let sound = pack(&files(), Packing::Stored);
    for packed in [u64::MAX, u64::MAX - 20, 1 << 63, u64::from(u32::MAX)] {
        let inspection = inspector().inspect(&with_packed_size(&sound, packed)).unwrap();
        let finding = inspection.all_findings().next().unwrap();
        assert_eq!(finding.rule, "apple-archive-damaged", "{packed}");
        assert!(finding.cause.contains("end behind"), "{finding}");
    }
    let most = Limits { member: usize::MAX, total: usize::MAX, ..Limits::default() };
    assert_eq!(rules(&limited(most).inspect(&sound).unwrap()), [""; 0]);
}

#[test]
fn a_signature_or_pass_that_cannot_be_unpacked_is_told_once() {
    for name in ["pass.json", "manifest.json", "signature"] {
        let mut archive = zip_of(&files());
        let entry = entry_of(&archive, name);
        archive[entry + 8] |= 1;
        one("apple-archive-encrypted", inspector().inspect(&archive).unwrap());
    }
}

#[test]
fn names_are_utf8() {
    let mut files = files();
    let card = files.remove("icon.png").unwrap();
    files.insert("ic\u{f8}n.png".to_owned(), card);
    let mut archive = zip_of(&files);
    let before: Vec<_> = rules(&inspector().inspect(&archive).unwrap()).into_iter().map(str::to_owned).collect();
    assert_eq!(before, ["apple-manifest-unlisted", "apple-manifest-orphan"]);
    assert_eq!(patch(&mut archive, "ic\u{f8}n".as_bytes(), b"ic\x9B\x9Bn"), 2);
    assert_eq!(rules(&inspector().inspect(&archive).unwrap())[0], "apple-archive-name");
}

#[test]
fn foreign_bytes_around_are_told() {
    for packing in [Packing::Stored, Packing::Zip64] {
        let sound = pack(&files(), packing);
        let finding = one("apple-archive-junk", inspector().inspect(&[b"\r\n", sound.as_slice()].concat()).unwrap());
        assert!(finding.cause.contains("2 bytes stand before"), "{finding}");
        let page = b"<html></html>";
        let finding = one("apple-archive-junk", inspector().inspect(&[sound.as_slice(), page].concat()).unwrap());
        assert!(finding.cause.contains("13 bytes stand behind"), "{finding}");
    }
    let mut commented = zip_of(&files());
    let at = commented.len() - 2;
    commented[at] = 2;
    commented.extend(b"hi");
    assert_eq!(rules(&inspector().inspect(&commented).unwrap()), [""; 0], "a comment belongs to the archive");
}

#[test]
fn a_false_count_is_told() {
    let mut archive = zip_of(&files());
    let at = archive.len() - 22 + 10;
    archive[at] -= 1;
    let finding = one("apple-archive-damaged", inspector().inspect(&archive).unwrap());
    assert!(finding.cause.contains("members"), "{finding}");
}

#[test]
fn what_is_no_archive_is_named() {
    let sound = zip_of(&files());
    let text = String::from_utf8_lossy(&sound).into_owned().into_bytes();
    let mut crlf = Vec::new();
    for byte in &sound {
        crlf.extend(if *byte == b'\n' { b"\r\n".as_slice() } else { std::slice::from_ref(byte) });
    }
    let cases: [(&[u8], &str); 6] = [
        (b"", "empty"),
        (b"{}", "JSON"),
        (&text, "read as text"),
        (&crlf, "CRLF"),
        (&sound[..sound.len() - 100], "cut off"),
        (b"\x1F\x8B\x08\0", "gzip"),
    ];
    for (bytes, word) in cases {
        let error = inspector().inspect(bytes).unwrap_err();
        assert!(matches!(error, InspectError::NotArchive { .. }) && error.to_string().contains(word), "{error}");
    }
    // An empty archive is one.
    let empty = ZipWriter::new(Cursor::new(Vec::new())).finish().unwrap().into_inner();
    let found = inspector().inspect(&empty).unwrap();
    assert_eq!(rules(&found), ["apple-pass-json-missing", "apple-manifest-missing", "apple-signature-missing"]);
}

fn limited(limits: Limits) -> Inspector {
    inspector().limits(limits)
}

fn over(limits: Limits, archive: &[u8]) -> (&'static str, String) {
    match limited(limits).inspect(archive).unwrap_err() {
        InspectError::OverLimit { limit, path, .. } => (limit, path),
        other => panic!("{other}"),
    }
}

#[test]
fn limits_hold_whatever_headers_say() {
    let mut bomb = files();
    bomb.insert("bomb.txt".to_owned(), vec![0; 4_000_000]);
    let mut archive = zip_of(&bomb);
    assert!(archive.len() < 40_000);
    let limits = Limits { member: 1_000_000, ..Limits::default() };
    assert_eq!(over(limits, &archive), ("member", "bomb.txt".to_owned()));
    let total = Limits { total: 1_000_000, ..Limits::default() };
    assert_eq!(over(total, &archive), ("total", "bomb.txt".to_owned()));
    // Headers that lie about the size get no further than their word.
    let entry = entry_of(&archive, "bomb.txt");
    let local = archive.windows(8).position(|window| window == b"bomb.txt").unwrap() - 30;
    archive[entry + 24..entry + 28].copy_from_slice(&100_u32.to_le_bytes());
    archive[local + 22..local + 26].copy_from_slice(&100_u32.to_le_bytes());
    let found = rules(&limited(limits).inspect(&archive).unwrap());
    assert_eq!(found, ["apple-archive-damaged"]);
    archive[entry + 24..entry + 28].copy_from_slice(&u32::MAX.to_le_bytes());
    archive[local + 22..local + 26].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(over(limits, &archive), ("member", "bomb.txt".to_owned()));

    let sound = zip_of(&files());
    let count = Limits { members: 3, ..Limits::default() };
    assert_eq!(over(count, &sound), ("members", String::new()));
    let size = Limits { archive: sound.len() - 1, ..Limits::default() };
    assert_eq!(over(size, &sound), ("archive", String::new()));
    let documents = Limits { documents: 300, ..Limits::default() };
    assert_eq!(over(documents, &sound).0, "documents");
    let message = limited(documents).inspect(&sound).unwrap_err().to_string();
    assert!(message.contains("`documents` of 300") && message.contains("raise"), "{message}");
    let just = Limits { archive: sound.len(), members: files().len() + 1, ..Limits::default() };
    assert_eq!(rules(&limited(just).inspect(&sound).unwrap()), [""; 0]);
}

#[test]
fn no_change_of_one_byte_makes_it_panic() {
    let small: BTreeMap<String, Vec<u8>> = files().into_iter().filter(|(name, _)| !name.ends_with("png")).collect();
    let sound = pack(&small, Packing::Stored);
    let inspector = inspector();
    for at in (0..sound.len()).step_by(7) {
        let mut changed = sound.clone();
        changed[at] ^= 0xff;
        let _ = inspector.inspect(&changed);
        let _ = inspector.inspect(&sound[..at]);
    }
}

#[test]
fn strange_names_are_only_names() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, data) in files() {
        writer.start_file(name, options).unwrap();
        writer.write_all(&data).unwrap();
    }
    writer.start_file("xx/xx/passwd", options).unwrap();
    writer.write_all(b"root").unwrap();
    let mut archive = writer.finish().unwrap().into_inner();
    patch(&mut archive, b"xx/xx/passwd", b"../../passwd");
    let inspection = inspector().inspect(&archive).unwrap();
    assert!(rules(&inspection).contains(&"apple-manifest-unlisted"));
    assert!(inspection.passes[0].files.contains_key("../../passwd"));
}
