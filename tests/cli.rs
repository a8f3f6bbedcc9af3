//! The built binary, run as people run it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::{Value, json};
use walletpass::Pass;
use walletpass::model::{lint, projection};
use walletpass_testkit::{Authority, Credentials, Leaf};

const PASSPHRASE: &str = "correct horse";

/// What a run gave.
struct Run {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Run {
    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.stdout))
    }
}

fn run(arguments: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_walletpass"));
    let output = command.args(arguments).env("WALLETPASS_TEST", PASSPHRASE).stdin(Stdio::null()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let run = Run { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) };
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    assert!(!format!("{}{}", run.stdout, run.stderr).contains(PASSPHRASE), "the passphrase shows");
    run
}

fn authority() -> &'static Authority {
    static AUTHORITY: OnceLock<Authority> = OnceLock::new();
    AUTHORITY.get_or_init(Authority::new)
}

/// A folder of one test, empty.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn file(folder: &Path, name: &str, content: impl AsRef<[u8]>) -> String {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

fn credentials(folder: &Path) -> (Credentials, String, String) {
    let credentials = authority().issue("pass.org.walletpass.cli", "A1B2C3D4E5");
    let p12 = file(folder, "pass.p12", credentials.p12());
    let passphrase = file(folder, "passphrase", format!("{PASSPHRASE}\r\n"));
    (credentials, p12, passphrase)
}

fn examples() -> Vec<PathBuf> {
    let entries = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/passes")).unwrap();
    entries.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e == "json")).collect()
}

fn apple_json() -> Value {
    json!({
        "formatVersion": 1, "passTypeIdentifier": "pass.com.acme.club", "serialNumber": "4711",
        "teamIdentifier": "A1B2C3D4E5", "organizationName": "Acme", "description": "Club card",
        "storeCard": { "headerFields": [{ "key": "points", "label": "Points", "value": 120 }] }
    })
}

#[test]
fn sign_writes_every_example() {
    let folder = folder("sign");
    let (_, p12, passphrase) = credentials(&folder);
    for example in examples() {
        let out = folder.join("out.pkpass");
        let (input, out) = (example.to_str().unwrap(), out.to_str().unwrap());
        let arguments = ["sign", input, "-o", out, "--p12", &p12, "--passphrase-file", &passphrase];
        let signed = run(&arguments);
        assert_eq!((signed.code, signed.stderr.as_str()), (0, ""), "{input}: {}", signed.stdout);
        assert!(signed.stdout.contains(&format!("wrote {out}, ")), "{}", signed.stdout);
        assert!(fs::read(out).unwrap().starts_with(b"PK"));

        let json = run(&[&arguments[..], &["--json"]].concat()).json();
        assert_eq!(json["bytes"], fs::read(out).unwrap().len());
        assert_eq!(json["passType"], "pass.org.walletpass.cli");
        assert_eq!(json["findings"], json!([]));
        assert!(!json["placements"].as_array().unwrap().is_empty());
    }
    let left: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_str().unwrap().ends_with(".part")), "{left:?}");
}

#[test]
fn sign_takes_pem_and_the_environment() {
    let folder = folder("sign-pem");
    let (credentials, ..) = credentials(&folder);
    let cert = file(&folder, "pass.cer", credentials.certificate_der());
    let plain = file(&folder, "key.pem", credentials.key_pem().expose());
    let encrypted = file(&folder, "encrypted.pem", credentials.key_pem_encrypted().expose());
    let intermediate = file(&folder, "wwdr.pem", authority().intermediate_pem());
    let (input, out) = (examples()[0].to_str().unwrap().to_owned(), folder.join("out.pkpass"));
    let sign = |more: &[&str]| {
        let all = ["sign", &input, "-o", out.to_str().unwrap(), "--cert", &cert, "--intermediate", &intermediate];
        run(&[&all[..], more].concat())
    };
    assert_eq!(sign(&["--key", &plain]).code, 0);
    assert_eq!(sign(&["--key", &encrypted, "--passphrase-env", "WALLETPASS_TEST"]).code, 0);
    let asked = sign(&["--key", &encrypted]);
    assert_eq!(asked.code, 2);
    assert!(asked.stderr.contains("--passphrase-file FILE or --passphrase-env NAME"), "{}", asked.stderr);
    let unset = sign(&["--key", &encrypted, "--passphrase-env", "WALLETPASS_NOT_SET"]);
    assert!(unset.code == 2 && unset.stderr.contains("is not set"), "{}", unset.stderr);
    let keyless = sign(&[]);
    assert!(keyless.code == 2 && keyless.stderr.contains("--cert needs --key"), "{}", keyless.stderr);
}

#[test]
fn sign_leaves_what_was_there_when_it_fails() {
    let folder = folder("sign-fails");
    let (_, p12, passphrase) = credentials(&folder);
    let out = file(&folder, "out.pkpass", "as it was");
    let sign = |input: &str, out: &str| {
        run(&["sign", input, "-o", out, "--p12", &p12, "--passphrase-file", &passphrase, "--json"])
    };
    let refused = file(
        &folder,
        "refused.json",
        r#"{ "serial": "1", "organization": "Acme", "kind": { "generic": { "title": "Card" } },
             "extra": { "apple": { "foregroundColor": "no colour" } } }"#,
    );
    let run = sign(&refused, &out);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    assert_eq!(run.json()["file"], Value::Null);
    let found = run.json()["findings"].clone();
    assert!(found.as_array().unwrap().iter().any(|finding| finding["severity"] == "error"), "{found}");

    let unknown = file(&folder, "unknown.json", r#"{ "serial": "1", "organisation": "Acme" }"#);
    let apples = file(&folder, "pass.json", apple_json().to_string());
    for (input, hint) in [
        (unknown.as_str(), "organization"),
        (apples.as_str(), "if it is Apple's pass.json, give its folder"),
        ("nowhere.json", "nowhere.json: "),
    ] {
        let run = sign(input, &out);
        assert!(run.code == 2 && run.stderr.contains(hint), "{input}: {}", run.stderr);
        assert!(run.json()["error"].as_str().unwrap().contains(hint), "{}", run.stdout);
    }
    assert_eq!(fs::read_to_string(&out).unwrap(), "as it was");

    let example = examples()[0].to_str().unwrap().to_owned();
    let nowhere = folder.join("no/such/folder/out.pkpass");
    assert_eq!(sign(&example, nowhere.to_str().unwrap()).code, 2);
    for place in [folder.to_str().unwrap(), "/dev/stdout"] {
        let run = sign(&example, place);
        assert!(run.code == 2 && run.stderr.contains("folder or device"), "{place}: {}", run.stderr);
    }
}

#[test]
fn lint_tells_the_three_forms_apart() {
    let folder = folder("lint");
    for example in examples() {
        let run = run(&["lint", example.to_str().unwrap()]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{example:?}");
        assert!(run.stdout.ends_with("nothing found\n"), "{example:?}: {}", run.stdout);
        let is_flight = example.file_stem().unwrap() == "flight";
        assert_eq!(run.stdout.starts_with("semanticBoardingPass from iOS 26 on"), is_flight, "{}", run.stdout);
    }
    let form = |input: &str| run(&["lint", "--json", input]).json()["form"].clone();
    assert_eq!(form(examples()[0].to_str().unwrap()), "walletpass");

    let good = file(&folder, "good.pass/pass.json", apple_json().to_string());
    assert_eq!(form(&good), "pass.json");
    assert_eq!(form(folder.join("good.pass").to_str().unwrap()), "folder");

    let mut bad = apple_json();
    bad["storeCard"]["headerFields"][0]["lable"] = "Points".into();
    bad["foregroundColor"] = "no colour".into();
    let bad = file(&folder, "bad.json", bad.to_string());
    let text = run(&["lint", &bad]);
    assert_eq!(text.code, 1);
    assert!(text.stdout.contains("[apple-unknown-key] storeCard.headerFields[0].lable: "), "{}", text.stdout);
    assert!(text.stdout.trim_end().ends_with(|c: char| c.is_ascii_lowercase()), "{}", text.stdout);
    let json = run(&["lint", &bad, "--json"]);
    assert_eq!(json.code, 1);
    assert!(json.json()["findings"].as_array().unwrap().len() >= 2);

    let lax = file(&folder, "lax.json", r#"{ "formatVersion": 1, }"#);
    let lax = run(&["lint", &lax, "--json"]);
    assert_eq!((lax.code, &lax.json()["findings"][0]["rule"]), (1, &json!("apple-strict-json")));
}

#[test]
fn lint_says_what_it_cannot_read() {
    let folder = folder("lint-unreadable");
    let own = file(&folder, "own.json", r#"{ "serial": "1", "organization": "Acme", "kind": { "coupn": {} } }"#);
    let lost = file(
        &folder,
        "lost.json",
        r#"{ "serial": "1", "organization": "Acme", "kind": { "generic": { "title": "Card" } }, "art": { "icon": "lost.png" } }"#,
    );
    let empty = folder.join("empty.pass");
    fs::create_dir(&empty).unwrap();
    let cases = [
        (own.as_str(), "coupn"),
        (lost.as_str(), "lost.png"),
        (empty.to_str().unwrap(), "no pass.json"),
        ("nowhere", "nowhere"),
    ];
    for (input, hint) in cases {
        let run = run(&["lint", input]);
        assert!(run.code == 2 && run.stdout.is_empty() && run.stderr.contains(hint), "{input}: {}", run.stderr);
        assert!(run.stderr.starts_with("error: "), "{}", run.stderr);
    }
}

#[test]
fn lint_mends_what_is_certain() {
    let folder = folder("lint-fix");
    let mut bad = apple_json();
    bad["storeCard"]["headerFields"][0] = json!({ "key": "points", "lable": "Points", "value": 120 });
    bad["expirationDate"] = "2040-03-05T06:30:00+0100".into();
    let bad = file(&folder, "pass.json", bad.to_string());
    let mended = run(&["lint", "--fix", &bad, "--json"]);
    assert_eq!((mended.code, mended.json()["fixed"].as_array().map(Vec::len)), (0, Some(2)), "{}", mended.stdout);
    let now: Value = serde_json::from_slice(&fs::read(&bad).unwrap()).unwrap();
    assert_eq!(now["expirationDate"], "2040-03-05T06:30:00+01:00");
    assert_eq!(run(&["lint", &bad]).stdout, "nothing found\n");
}

/// A folder of a pass as others keep it becomes a package, which `inspect` reads back and `import` makes a pass of.
#[test]
fn a_folder_is_signed_inspected_and_imported() {
    let folder = folder("round");
    let (_, p12, passphrase) = credentials(&folder);
    let root = file(&folder, "root.pem", authority().root_pem());
    let mut pass = apple_json();
    pass["passTypeIdentifier"] = "pass.org.walletpass.cli".into();
    file(&folder, "club.pass/pass.json", pass.to_string());
    for name in ["icon.png", "icon@2x.png", "icon@3x.png"] {
        let icon =
            fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/passes/art/loyalty-icon.png")).unwrap();
        file(&folder, &format!("club.pass/{name}"), icon);
    }
    let (source, out) = (folder.join("club.pass"), folder.join("club.pkpass"));
    let (source, out) = (source.to_str().unwrap(), out.to_str().unwrap());
    let signed = run(&["sign", source, "-o", out, "--p12", &p12, "--passphrase-file", &passphrase]);
    assert_eq!(signed.code, 0, "{}{}", signed.stdout, signed.stderr);

    let untrusted = run(&["inspect", out]);
    assert!(untrusted.code == 1 && untrusted.stdout.contains("[apple-root-untrusted]"), "{}", untrusted.stdout);
    let trusted = run(&["inspect", out, "--root", &root]);
    assert_eq!(trusted.code, 0, "{}", trusted.stdout);
    assert!(trusted.stdout.contains("storeCard 4711 of pass.org.walletpass.cli: Club card"), "{}", trusted.stdout);
    let json = run(&["inspect", out, "--root", &root, "--json"]).json();
    let inspected = &json[0]["passes"][0];
    assert_eq!(
        (&inspected["signature"]["verifies"], &inspected["signature"]["isTrusted"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(
        inspected["fields"][0],
        json!({ "group": "headerFields", "key": "points", "label": "Points", "value": "120" })
    );
    assert!(inspected["files"]["icon@2x.png"].as_u64().is_some_and(|size| size > 1000), "{}", inspected["files"]);

    let own = folder.join("own.json");
    let own = own.to_str().unwrap();
    for input in [out, source] {
        let imported = run(&["import", input, "-o", own, "--json", "--force"]);
        assert_eq!((imported.code, &imported.json()["kind"]), (0, &json!("loyalty")), "{}", imported.stderr);
        let pass = Pass::from_json(&fs::read(own).unwrap()).unwrap();
        assert_eq!(pass.serial.as_str(), "4711");
    }
    let text = file(&folder, "note.txt", "no package");
    for arguments in
        [&["inspect", &text][..], &["import", &text, "-o", own, "--force"], &["inspect", out, "--root", &text]]
    {
        let run = run(arguments);
        assert!(
            run.code == 2 && run.stdout.is_empty() && run.stderr.contains("note.txt"),
            "{arguments:?}: {}",
            run.stderr
        );
    }
}

/// A file that cannot be read does not hide what is found in the others, nor does a foreign text command the terminal.
#[test]
fn inspect_goes_on_and_tames_what_others_wrote() {
    let folder = folder("inspect-many");
    let (_, p12, passphrase) = credentials(&folder);
    let mut pass = apple_json();
    pass["passTypeIdentifier"] = "pass.org.walletpass.cli".into();
    pass["description"] = "\u{1b}[2J0 errors".into();
    file(&folder, "card.pass/pass.json", pass.to_string());
    let icon = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/passes/art/loyalty-icon.png")).unwrap();
    file(&folder, "card.pass/icon.png", icon);
    let (source, out) = (folder.join("card.pass"), folder.join("card.pkpass"));
    let (source, out) = (source.to_str().unwrap(), out.to_str().unwrap());
    assert_eq!(run(&["sign", source, "-o", out, "--p12", &p12, "--passphrase-file", &passphrase]).code, 0);
    let inside = folder.join("card.pass/card.pkpass");
    let inside =
        run(&["sign", source, "-o", inside.to_str().unwrap(), "--p12", &p12, "--passphrase-file", &passphrase]);
    assert!(inside.code == 2 && inside.stderr.contains("would be part of it"), "{}", inside.stderr);

    let junk = file(&folder, "junk.pkpass", "<html>");
    let many = run(&["inspect", &junk, out]);
    assert_eq!(many.code, 2);
    assert!(many.stderr.contains("junk.pkpass") && many.stdout.contains("storeCard 4711"), "{}", many.stdout);
    assert!(!many.stdout.contains('\u{1b}'), "{:?}", many.stdout);
    let json = run(&["inspect", &junk, out, "--json"]).json();
    assert!(json[0]["error"].is_string() && json[1]["passes"].is_array(), "{json}");
}

/// An import that is laid out anew says what changed by that, and never writes over another file unasked.
#[test]
fn import_says_what_changes() {
    let folder = folder("import");
    let theirs = Path::new(env!("CARGO_MANIFEST_DIR")).join("walletpass-apple/tests/foreign/passkit-generator.pkpass");
    let (theirs, out) = (theirs.to_str().unwrap(), folder.join("own.json"));
    let out = out.to_str().unwrap();
    let kept = run(&["import", theirs, "-o", out]);
    assert!(kept.code == 0 && kept.stdout.contains("kept exactly"), "{}", kept.stdout);
    let again = run(&["import", theirs, "-o", out]);
    assert!(again.code == 2 && again.stderr.contains("--force"), "{}", again.stderr);
    let lint = run(&["lint", out]);
    assert!(lint.stdout.contains("[pass-raw-over-fact] extra.apple.barcodes"), "{}", lint.stdout);
    let anew = run(&["import", theirs, "-o", out, "--redraw", "--force"]);
    assert!(anew.code == 0 && anew.stdout.contains("laid out anew: barcodes\n"), "{}", anew.stdout);
    assert!(!anew.stdout.contains("kept"), "{}", anew.stdout);
}

/// A ticket that misses one fact for the newer look is issued, and both commands say which.
#[test]
fn a_missing_fact_is_named() {
    let folder = folder("looks");
    let (_, p12, passphrase) = credentials(&folder);
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/passes/flight.json");
    let mut pass: Value = serde_json::from_slice(&fs::read(&example).unwrap()).unwrap();
    pass["kind"]["flight"].as_object_mut().unwrap().remove("boarding");
    pass.as_object_mut().unwrap().remove("art");
    pass["kind"]["flight"]["carrier"].as_object_mut().unwrap().remove("logo");
    let pass = file(&folder, "flight.json", pass.to_string());
    let out = folder.join("flight.pkpass");
    let missing = "no semanticBoardingPass (iOS 26), which misses `kind.flight.boarding` (say when boarding begins)";
    let sign = ["sign", &pass, "-o", out.to_str().unwrap(), "--p12", &p12, "--passphrase-file", &passphrase];
    for run in [run(&["lint", &pass]), run(&sign)] {
        assert!(run.stdout.contains(missing), "{}{}", run.stdout, run.stderr);
    }
    assert_eq!(run(&["lint", &pass, "--json"]).json()["looks"][0]["missing"][0]["fact"], "kind.flight.boarding");
}

#[test]
fn doctor_prints_a_note_and_data() {
    let folder = folder("doctor");
    let (credentials, p12, passphrase) = credentials(&folder);
    let healthy = run(&["doctor", "--p12", &p12, "--passphrase-file", &passphrase]);
    assert_eq!((healthy.code, healthy.stderr.as_str()), (0, ""));
    assert!(healthy.stdout.ends_with("healthy, with a warning\n"), "{}", healthy.stdout);

    let json = run(&["doctor", "--p12", &p12, "--passphrase-env", "WALLETPASS_TEST", "--json"]).json();
    assert_eq!((&json["healthy"], &json["team"]), (&json!(true), &json!("A1B2C3D4E5")));

    let wrong = file(&folder, "wrong", "wrong");
    let wrong = run(&["doctor", "--p12", &p12, "--passphrase-file", &wrong, "--json"]);
    assert_eq!((wrong.code, &wrong.json()["healthy"]), (1, &json!(false)));

    // The line break is cut once, and the doctor tells of a second.
    let twice = file(&folder, "twice", format!("{PASSPHRASE}\n\n"));
    let twice = run(&["doctor", "--p12", &p12, "--passphrase-file", &twice]);
    assert!(twice.code == 1 && twice.stdout.contains("with the line break at its end cut"), "{}", twice.stdout);

    let push = Leaf {
        common_name: Some("Apple Push Services: org.example".into()),
        marker: None,
        ..Leaf::new("pass.org.example", "A1B2C3D4E5")
    };
    let push = file(&folder, "push.cer", authority().issue_leaf(&push).certificate_der());
    let push = run(&["doctor", "--cert", &push]);
    assert!(push.code == 1 && push.stdout.contains("a push certificate for apps"), "{}", push.stdout);

    let cert = file(&folder, "pass.cer", credentials.certificate_der());
    let intermediate = file(&folder, "wwdr.cer", authority().intermediate_der());
    assert_eq!(run(&["doctor", "--cert", &cert, "--intermediate", &intermediate]).code, 0);
}

#[test]
fn doctor_needs_something_to_examine() {
    let folder = folder("doctor-usage");
    let (_, p12, passphrase) = credentials(&folder);
    for (arguments, hint) in [
        (&["doctor"][..], "--p12"),
        (&["doctor", "--p12", &p12], "--passphrase-file FILE or --passphrase-env NAME"),
        (&["doctor", "--p12", &p12, "--cert", &p12], "cannot be used with"),
        (&["doctor", "--p12", &p12, "--passphrase", "x"], "unexpected argument"),
        (&["doctor", "--p12", "nowhere.p12", "--passphrase-file", &passphrase], "nowhere.p12"),
        (&["doctor", "--p12", "/", "--passphrase-file", &passphrase], "this is a folder"),
        (&["doctor", "--p12", &p12, "--passphrase-file", &p12], "must be UTF-8"),
    ] {
        let run = run(arguments);
        assert!(run.code == 2 && run.stdout.is_empty(), "{arguments:?}: {}{}", run.stdout, run.stderr);
        assert!(run.stderr.contains(hint), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn schema_is_that_of_the_library() {
    let schema = serde_json::to_value(Pass::schema()).unwrap();
    assert_eq!(run(&["schema"]).json(), schema);
    assert_eq!(run(&["--json", "schema"]).json(), schema);
}

#[test]
fn rules_lists_and_explains() {
    let list = run(&["rules"]);
    let mut ids = BTreeSet::new();
    let tables = [
        lint::apple::RULES,
        lint::google::RULES,
        projection::RULES,
        walletpass::apple::ARTWORK_RULES,
        walletpass::apple::SOURCE_RULES,
        walletpass::apple::inspect::RULES,
        walletpass::apple::doctor::RULES,
        walletpass::google::doctor::RULES,
    ];
    for rule in tables.into_iter().flatten() {
        assert!(ids.insert(rule.id), "{} stands twice", rule.id);
        assert!(list.stdout.contains(rule.id));
        assert_eq!(run_json_rule(rule.id), serde_json::to_value(rule).unwrap());
    }
    let one = run(&["rules", "apple-credential-kind"]);
    assert_eq!(one.code, 0);
    assert!(one.stdout.starts_with("apple-credential-kind (error)\n"), "{}", one.stdout);
    assert!(one.stdout.contains("LeafMarkerOid"), "{}", one.stdout);
    let unknown = run(&["rules", "apple-credentials-kind"]);
    assert!(unknown.code == 2 && unknown.stderr.contains("apple-credential-kind"), "{}", unknown.stderr);
    let json = run(&["rules", "--json"]).json();
    let listed: usize = json.as_array().unwrap().iter().map(|table| table["rules"].as_array().unwrap().len()).sum();
    assert_eq!(listed, ids.len());
}

fn run_json_rule(id: &str) -> Value {
    run(&["rules", id, "--json"]).json()
}

#[test]
fn the_page_of_the_rules_is_up_to_date() {
    let page = run(&["rules", "--markdown"]).stdout;
    let mend = "run `cargo run --features cli -- rules --markdown > docs/rules.md`";
    assert!(page == include_str!("../docs/rules.md"), "docs/rules.md is not what the tables say: {mend}");
}

#[test]
fn help_and_wrong_usage() {
    let help = run(&["--help"]);
    assert_eq!(help.code, 0);
    assert!(help.stdout.contains("Exit codes: 0 clean"), "{}", help.stdout);
    assert_eq!(run(&["--version"]).code, 0);
    assert_eq!(run(&[]).code, 2);
    assert!(run(&["singn"]).stderr.contains("sign"));
}

/// `walletpass schema | head` ends quietly.
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_walletpass"))
        .arg("schema")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(0), ""));
}
