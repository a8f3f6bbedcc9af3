//! The bulk example: it issues all, goes on where it was killed, tells of every row that fails, and issues anew what changed.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../examples/bulk/main.rs"]
#[allow(dead_code, reason = "the tests do not print")]
mod bulk;

use std::fs;
use std::path::{Path, PathBuf};

use openssl::cms::{CMSOptions, CmsContentInfo};
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::verify::X509VerifyParam;
use openssl::x509::{X509, X509PurposeId};
use serde_json::Value;
use walletpass::apple::inspect::{Inspector, Roots};
use walletpass_testkit::Authority;

/// A folder for one test, empty at first.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bulk").join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs the example; gives how many rows were issued, done before, and failed.
fn run(out: &Path, args: &[&str]) -> Result<[u64; 3], String> {
    let args = ["--threads", "3", "--out", out.to_str().unwrap()].iter().chain(args).map(|arg| arg.into()).collect();
    let options = bulk::Options::read(pico_args::Arguments::from_vec(args));
    let report = options.and_then(|options| bulk::run(&options)).map_err(|error| error.to_string())?;
    Ok([report.tally.issued, report.tally.done, report.tally.failed])
}

fn run_csv(out: &Path, csv: impl AsRef<[u8]>) -> Result<[u64; 3], String> {
    let file = out.join("mine.csv");
    fs::write(&file, csv).unwrap();
    run(out, &["--csv", file.to_str().unwrap()])
}

fn packages(out: &Path) -> Vec<PathBuf> {
    let shards = fs::read_dir(out.join("passes")).unwrap().map(|shard| shard.unwrap().path());
    let files = shards.flat_map(|shard| fs::read_dir(shard).unwrap().map(|file| file.unwrap().path()));
    files.collect()
}

fn journal(out: &Path) -> Vec<Value> {
    let lines = fs::read_to_string(out.join("journal.jsonl")).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Has OpenSSL verify every package, and gives the serials sorted.
fn verified(out: &Path) -> Vec<String> {
    let root = fs::read(out.join("credentials/root.pem")).unwrap();
    let mut store = X509StoreBuilder::new().unwrap();
    store.add_cert(X509::from_pem(&root).unwrap()).unwrap();
    let mut parameters = X509VerifyParam::new().unwrap();
    parameters.set_purpose(X509PurposeId::ANY).unwrap();
    store.set_param(&parameters).unwrap();
    let store = store.build();
    let inspector = Inspector::new().roots(Roots::none().with(&root).unwrap());
    let verify = |file: PathBuf| {
        let inspection = inspector.inspect(&fs::read(&file).unwrap()).unwrap();
        assert!(!inspection.has_errors(), "{file:?}: {inspection:?}");
        let files = &inspection.passes[0].files;
        let mut signature = CmsContentInfo::from_der(&files["signature"]).unwrap();
        let manifest = Some(files["manifest.json"].as_ref());
        signature.verify(None, Some(&store), manifest, None, CMSOptions::BINARY).unwrap();
        inspection.passes[0].summary.serial.clone().unwrap()
    };
    let mut serials: Vec<String> = packages(out).into_iter().map(verify).collect();
    serials.sort();
    serials
}

fn members(count: usize) -> Vec<String> {
    (1..=count).map(|row| format!("member-{row:07}")).collect()
}

#[test]
fn all_rows_are_issued_and_openssl_verifies_them() {
    let out = folder("all");
    assert_eq!(run(&out, &["--rows", "30"]), Ok([30, 0, 0]));
    assert_eq!(verified(&out), members(30));
    for entry in journal(&out) {
        let file = fs::metadata(out.join("passes").join(entry["file"].as_str().unwrap())).unwrap();
        assert_eq!(Some(file.len()), entry["bytes"].as_u64());
    }
    let report: Value = serde_json::from_slice(&fs::read(out.join("report.json")).unwrap()).unwrap();
    assert_eq!((report["rows"].as_u64(), report["issued"].as_u64()), (Some(30), Some(30)));
    assert!(report["ratio"].as_f64().unwrap() > 0.0);
    assert!(!out.join("partial").exists());
    #[cfg(unix)]
    {
        let key = fs::metadata(out.join("credentials/key.pem")).unwrap().permissions();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&key) & 0o777, 0o600);
    }
}

#[test]
fn a_run_that_was_killed_goes_on_with_exactly_the_rest() {
    let out = folder("killed");
    assert_eq!(run(&out, &["--rows", "30"]), Ok([30, 0, 0]));
    let file = out.join("journal.jsonl");
    let text = fs::read_to_string(&file).unwrap();
    let torn = text.match_indices('\n').nth(10).unwrap().0 + 20;
    fs::write(&file, &text[..torn]).unwrap();
    fs::create_dir(out.join("partial")).unwrap();
    fs::write(out.join("partial/0"), "half a package").unwrap();
    fs::write(out.join("partial/index"), "half an index").unwrap();
    let journaled: Vec<PathBuf> = text.lines().take(11).map(|line| package_of(&out, line)).collect();
    let written = |files: &[PathBuf]| -> Vec<_> {
        files.iter().map(|file| fs::metadata(file).unwrap().modified().unwrap()).collect()
    };
    let before = written(&journaled);

    assert_eq!(run(&out, &["--rows", "30"]), Ok([19, 11, 0]));
    assert_eq!(written(&journaled), before, "what is done is left alone");
    assert!(!out.join("partial").exists());
    assert_eq!(run(&out, &["--rows", "30"]), Ok([0, 30, 0]));
    assert_eq!((verified(&out), journal(&out).len()), (members(30), 30));

    // More rows than before, a package gone, one cut short, and a journal that a disk spoiled.
    fs::remove_file(&journaled[0]).unwrap();
    fs::write(&journaled[1], "short").unwrap();
    let text = fs::read(&file).unwrap();
    fs::write(&file, [&text[..], &[0; 10_000], b"\n{}\n"].concat()).unwrap();
    assert_eq!(run(&out, &["--rows", "35"]), Ok([7, 28, 0]));
    assert_eq!(run(&out, &["--rows", "35"]), Ok([0, 35, 0]));
    assert_eq!(verified(&out), members(35));
}

fn package_of(out: &Path, line: &str) -> PathBuf {
    let entry: Value = serde_json::from_str(line).unwrap();
    out.join("passes").join(entry["file"].as_str().unwrap())
}

#[test]
fn a_row_that_fails_has_a_line_and_stops_no_other() {
    let out = folder("failures");
    let mut csv = b"number,tier,shoe,points,name,serial\n1,Gold,41,10,Ada,a\n2,Gold,41,many,Ben,b\n3,Gold,41,10,Cy,\n\
        4,,41,-3,,../../etc/A/b\n5,Gold,41,10,Eve,a\n6,Gold,10,Fay,f\n7,Gold,41,10,Gus,  \n\"8\n\",Gold,41,10,Hal,h\n\
        9,Gold,41,10,Ian,A\n"
        .to_vec();
    csv.extend(b"10,Gold,41,10,J\xfcrgen,j\n11,Gold,41,10,Kim,k\n");
    let expected = [
        (2, 3, "b", "column `points`: \"many\" is no whole number: write digits alone, as in 2450"),
        (3, 4, "", "column `serial`: \"\" is not a serial number: use 1 to 128 bytes"),
        (5, 6, "a", "column `serial`: it stands in row 1 already"),
        (6, 7, "", "it has 5 cells, and the first line 6"),
        (7, 8, "  ", "apple-missing-key"),
        (10, 12, "j", "column `name`: it is no UTF-8"),
    ];
    for counts in [[5, 0, 6], [0, 5, 6]] {
        assert_eq!(run_csv(&out, &csv), Ok(counts));
        let text = fs::read_to_string(out.join("failures.txt")).unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        lines.sort_by_key(|line| line.split(' ').nth(1).unwrap().parse::<u32>().unwrap());
        assert_eq!(lines.len(), expected.len(), "{text}");
        for (line, (row, at, serial, why)) in lines.iter().zip(expected) {
            assert!(line.starts_with(&format!("row {row} (line {at}), serial {serial:?}: ")), "{line}");
            assert!(line.contains(why), "{line}");
        }
        assert_eq!(verified(&out), ["../../etc/A/b", "A", "a", "h", "k"]);
    }
}

#[test]
fn what_changed_is_issued_again() {
    let out = folder("changed");
    let head = "serial,name,points,tier,number\n";
    assert_eq!(run_csv(&out, format!("{head}a,Ada,1,Gold,1\nb,Ben,2,Gold,2\nc,Cy,3,,3\n")), Ok([3, 0, 0]));
    // One row other than it was, one new in front, one gone, and one where it was not.
    assert_eq!(run_csv(&out, format!("{head}d,Dan,4,Gold,4\nc,Cy,3,,3\nb,Ben,22,Gold,2\n")), Ok([2, 1, 0]));
    let last = journal(&out).pop().unwrap();
    assert_eq!(run_csv(&out, format!("{head}b,Ben,22,Gold,2\n")), Ok([0, 1, 0]));
    assert!(["b", "d"].contains(&last["serial"].as_str().unwrap()));
    assert_eq!(verified(&out), ["a", "b", "c", "d"]);

    // Who signs is a part of the design.
    let credentials = Authority::new().issue("pass.org.walletpass.other", "A1B2C3D4E5");
    let (p12, passphrase) = (out.join("mine.p12"), out.join("passphrase"));
    fs::write(&p12, credentials.p12()).unwrap();
    fs::write(&passphrase, credentials.passphrase().expose()).unwrap();
    let csv = out.join("mine.csv");
    let [csv, p12, passphrase] = [&csv, &p12, &passphrase].map(|file| file.to_str().unwrap());
    let mine = ["--csv", csv, "--p12", p12, "--passphrase-file", passphrase];
    assert_eq!(run(&out, &mine), Ok([1, 0, 0]));
    assert_eq!(run(&out, &mine), Ok([0, 1, 0]));
}

#[test]
fn nothing_is_written_without_files() {
    let out = folder("no-files");
    assert_eq!(run(&out, &["--rows", "5", "--no-files"]), Ok([5, 0, 0]));
    assert_eq!(run(&out, &["--rows", "5", "--no-files"]), Ok([5, 0, 0]));
    assert!(!out.join("passes").exists() && journal(&out).is_empty());
}

#[test]
fn what_stops_a_run_says_what_to_do() {
    let out = folder("stops");
    let fails = |csv: &str| run_csv(&out, csv).unwrap_err();
    let told = fails("serial;name;points;tier;number\na;Ada;1;Gold;1\n");
    assert!(
        told.contains("mine.csv: there is no column `serial`: its first line is \"serial;name;points;tier;number\""),
        "{told}"
    );
    assert!(told.ends_with("let it be serial,name,points,tier,number"), "{told}");
    assert!(fails("").contains("no column `serial`"));
    assert!(fails("serial,name,points,tier,number,tier\n").contains("more than one column `tier`"));
    let open = format!("serial,name,points,tier,number\na,\"Ada,1,Gold,1\n{}", "b,Ben,2,Gold,2\n".repeat(100_000));
    assert!(fails(&open).contains("a quote in it is not closed"));
    assert!(run(&out, &["--csv", "no-such.csv"]).unwrap_err().contains("no-such.csv: "));
    assert!(run(&out, &["--fast"]).unwrap_err().contains("\"--fast\" is no option"));
    assert!(run(&out, &["--rows", "many"]).is_err());

    let other = fs::File::options().write(true).open(out.join("journal.jsonl")).unwrap();
    other.lock().unwrap();
    assert!(run(&out, &["--rows", "3"]).unwrap_err().contains("is in use: let the other run end"));
}
