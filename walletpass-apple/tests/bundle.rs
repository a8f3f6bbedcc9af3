//! Bundles, made and read back.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod support;

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use support::foreign::{Packing, pack};
use support::inspected::{inspector, rules};
use support::{identity, plain_artwork};
use walletpass_apple::inspect::Limits;
use walletpass_apple::{Bundle, Error, Package, Pkpass};
use walletpass_core::{Generic, Pass};

fn pass(serial: &str) -> Pkpass {
    let pass = Pass::new(serial.parse().unwrap(), "Town Library", Generic::new("Reading night"));
    let identity = identity();
    identity.sign(&Package::with_artwork(&pass, &identity, plain_artwork()).unwrap()).unwrap()
}

#[test]
fn a_bundle_holds_the_passes_as_they_are() {
    let passes = [pass("1"), pass("2")];
    let bundle = Bundle::new(passes.clone()).unwrap();
    let bytes = bundle.to_vec();
    let mut written = Vec::new();
    bundle.write_to(&mut written).unwrap();
    assert_eq!((written.len(), &written), (bundle.len(), &bytes));
    assert_eq!(Bundle::new(passes.clone()).unwrap().to_vec(), bytes, "equal input, equal bytes");
    assert!(bundle.chunks().iter().any(|chunk| chunk.as_ptr() == passes[0].chunks()[0].as_ptr()), "shared");
    assert_eq!(format!("{bundle:?}"), format!("Bundle(2 passes, {} bytes)", bytes.len()));

    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    assert_eq!(archive.len(), 2);
    for (index, pass) in passes.iter().enumerate() {
        let mut member = archive.by_index(index).unwrap();
        assert_eq!(member.name().unwrap(), format!("pass-{:02}.pkpass", index + 1));
        assert_eq!(member.compression(), zip::CompressionMethod::Stored);
        let mut data = Vec::new();
        member.read_to_end(&mut data).unwrap();
        assert_eq!(data, pass.to_vec());
    }
}

#[test]
fn bundles_have_bounds() {
    assert!(matches!(Bundle::new([]), Err(Error::BundleEmpty)));
    let one = pass("1");
    assert!(Bundle::new(std::iter::repeat_n(one.clone(), 10)).is_ok());
    let error = Bundle::new(std::iter::repeat(one)).unwrap_err();
    assert!(matches!(error, Error::BundleTooLarge { passes: 11, .. }), "{error}");
}

#[test]
fn a_bundle_is_read_pass_by_pass() {
    let bundle = Bundle::new(["1", "2", "3"].map(pass)).unwrap().to_vec();
    let inspection = inspector().inspect(&bundle).unwrap();
    assert!(inspection.is_bundle);
    assert_eq!(rules(&inspection), [""; 0]);
    let serials: Vec<_> = inspection.passes.iter().map(|pass| pass.summary.serial.as_deref().unwrap()).collect();
    assert_eq!(serials, ["1", "2", "3"]);
    assert_eq!(inspection.passes[0].name.as_deref(), Some("pass-01.pkpass"));
}

fn bundle_of(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let files: BTreeMap<String, Vec<u8>> =
        members.iter().map(|(name, data)| ((*name).to_owned(), data.clone())).collect();
    pack(&files, Packing::Stored)
}

#[test]
fn what_is_wrong_with_a_bundle_is_told() {
    let found = |members: &[(&str, Vec<u8>)]| {
        let inspection = inspector().inspect(&bundle_of(members)).unwrap();
        let found: Vec<_> = inspection
            .findings
            .iter()
            .map(|finding| (finding.rule, finding.path.clone(), finding.cause.clone()))
            .collect();
        assert_eq!(found.len(), rules(&inspection).len(), "{inspection:?}");
        found
    };
    let one = || pass("1").to_vec();
    assert_eq!(found(&[("a.pkpass", one()), ("b.pkpass", pass("2").to_vec())]), []);
    let told = found(&[("a.pkpass", one()), ("b.pkpass", one())]);
    assert_eq!((told[0].0, told[0].1.as_str()), ("apple-bundle-duplicate", "b.pkpass"));
    for (name, word) in [("notes.txt", "no package"), ("c.pkpasses", "a bundle itself"), ("in/c.pkpass", "in a folder")]
    {
        let told = found(&[("a.pkpass", one()), (name, one())]);
        assert_eq!((told[0].0, told[0].1.as_str()), ("apple-bundle-member", name));
        assert!(told[0].2.contains(word), "{}", told[0].2);
    }
    let inspection = inspector().inspect(&bundle_of(&[("in/a.pkpass", one()), ("in/b.pkpass", one())])).unwrap();
    let finding = inspection.all_findings().next().unwrap();
    assert!(inspection.has_errors() && finding.cause.contains("`in/a.pkpass`"), "{finding}");
    assert!(finding.mend.contains("at the root"), "{finding}");
    let told = found(&[("a.pkpass", one()), ("b.pkpass", b"<html>".to_vec())]);
    assert_eq!((told.len(), told[0].0), (1, "apple-bundle-pass"));
    assert!(told[0].2.contains("HTML"), "{}", told[0].2);

    let many: Vec<(String, Vec<u8>)> =
        (0..11).map(|n| (format!("{n}.pkpass"), pass(&n.to_string()).to_vec())).collect();
    let many: Vec<(&str, Vec<u8>)> = many.iter().map(|(name, data)| (name.as_str(), data.clone())).collect();
    assert_eq!(found(&many)[0].0, "apple-bundle-count");
    // So many that they fill the list, and an error after them.
    let notes: Vec<String> = (0..220).map(|n| format!("a{n:03}.txt")).collect();
    let mut hidden: Vec<(&str, Vec<u8>)> = notes.iter().map(|name| (name.as_str(), b"x".to_vec())).collect();
    hidden.extend([("p.pkpass", one()), ("z.pkpass", b"<html>".to_vec())]);
    assert!(inspector().inspect(&bundle_of(&hidden)).unwrap().has_errors());
    assert!(Limits::default().archive > Bundle::MAX_BYTES, "so that `apple-bundle-size` can be told");
    assert_eq!(found(&many[1..]), []);
}

#[test]
fn what_is_found_in_a_pass_stays_with_it() {
    let mut broken = pass("2").to_vec();
    let at = broken.windows(9).position(|window| window == b"signature").unwrap() + 9 + 400;
    broken[at] ^= 1;
    let inspection =
        inspector().inspect(&bundle_of(&[("a.pkpass", pass("1").to_vec()), ("b.pkpass", broken)])).unwrap();
    assert!(inspection.has_errors() && inspection.findings.is_empty() && inspection.passes[0].findings.is_empty());
    assert_eq!(inspection.passes[1].findings[0].rule, "apple-archive-damaged");
}

#[test]
fn bundles_are_never_opened_deeper() {
    // A package within a package is a file.
    let inner = bundle_of(&[("a.pkpass", pass("1").to_vec())]);
    let inspection = inspector().inspect(&bundle_of(&[("b.pkpass", inner)])).unwrap();
    assert_eq!(inspection.passes.len(), 1);
    assert!(inspection.passes[0].findings.iter().any(|finding| finding.rule == "apple-pass-json-missing"));
    // The number of members counts across the packages.
    let bundle = Bundle::new(["1", "2"].map(pass)).unwrap().to_vec();
    let error = inspector().limits(Limits { members: 10, ..Limits::default() }).inspect(&bundle).unwrap_err();
    assert!(error.to_string().contains("pass-02.pkpass"), "{error}");
}
