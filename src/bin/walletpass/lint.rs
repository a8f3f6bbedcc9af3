//! `walletpass lint`.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Map, Value, json};
use walletpass::apple::{self, Package};
use walletpass::chrono::{DateTime, Utc};
use walletpass::model::lint::{self, apple::Files};
use walletpass::model::port::{Clock, SystemClock};
use walletpass::model::projection::{self, Look};
use walletpass::{Finding, Pass};

use crate::failure::Failure;
use crate::files::{self, Folder};
use crate::output::{Output, is_clean, listed, pretty, write_whole};

/// Judge a pass: walletpass's own JSON, a `pass.json` or a `.pass` folder.
///
/// walletpass's own JSON is judged for both wallets, with its pictures, which are read relative to its folder. A `pass.json` is
/// judged by itself, a `.pass` folder with all its files.
#[derive(Args)]
pub(crate) struct Lint {
    /// A JSON file, or the folder of a pass.json.
    #[arg(value_name = "FILE|FOLDER")]
    input: PathBuf,
    /// Mend in the pass.json what can be mended with certainty, and rewrite it.
    #[arg(long)]
    fix: bool,
}

/// What was judged.
struct Judged {
    form: &'static str,
    findings: Vec<Finding>,
    fixed: Vec<Finding>,
    looks: Vec<Look>,
}

impl Lint {
    pub(crate) fn run(&self) -> Result<Output, Failure> {
        let now = SystemClock.now();
        let judged = if self.input.is_dir() {
            self.judge_folder(now)?
        } else {
            let bytes = files::read(&self.input)?;
            if is_own(&self.input, &bytes)? {
                self.judge_own(&bytes, now)?
            } else {
                self.judge_apple(&self.input, &bytes, &Folder::new(), now)?
            }
        };
        let Judged { form, findings, fixed, looks } = judged;
        let mended: String = fixed.iter().map(|finding| format!("mended: {finding}\n")).collect();
        let look: String = looks.iter().map(|look| format!("{look}\n")).collect();
        Ok(Output {
            text: format!("{mended}{look}{}", listed(&findings)),
            clean: is_clean(&findings),
            json: json!({ "form": form, "findings": findings, "fixed": fixed, "looks": looks }),
        })
    }

    fn judge_folder(&self, now: DateTime<Utc>) -> Result<Judged, Failure> {
        let folder = files::folder(&self.input)?;
        let bytes = folder.get(PASS_JSON).ok_or_else(|| {
            Failure::of(&self.input, "there is no pass.json in this folder; give the folder that holds it")
        })?;
        self.judge_apple(&self.input.join(PASS_JSON), bytes, &folder, now)
    }

    /// Judges a `pass.json`, with its files if there are any.
    fn judge_apple(&self, path: &Path, bytes: &[u8], folder: &Folder, now: DateTime<Utc>) -> Result<Judged, Failure> {
        let form = if folder.is_empty() { "pass.json" } else { "folder" };
        let mut pass = match lint::apple::parse(bytes) {
            Ok(pass) => pass,
            Err(finding) => return Ok(Judged { form, findings: vec![finding], fixed: Vec::new(), looks: Vec::new() }),
        };
        let fixed = if self.fix { fix(path, &mut pass, now)? } else { Vec::new() };
        let mut findings = lint::apple::check(&pass, now);
        if !folder.is_empty() {
            let files: Files<'_> = folder.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
            findings.extend(lint::apple::check_files(&pass, &files));
        }
        Ok(Judged { form, findings, fixed, looks: Vec::new() })
    }

    /// Judges what each wallet would get of a pass; identities that matter only when it is issued are made up.
    fn judge_own(&self, bytes: &[u8], now: DateTime<Utc>) -> Result<Judged, Failure> {
        if self.fix {
            return Err(Failure::of(&self.input, "--fix mends a pass.json only; mend this one by hand"));
        }
        let pass = load(&self.input, bytes)?;
        let (pass_type, team) = ("pass.org.walletpass.lint".parse()?, "A1B2C3D4E5".parse()?);
        let (issuer, class) = ("3388000000000000001".parse()?, "3388000000000000001.lint");
        let object = format!("{class}-1");
        let apple = match Package::for_issuer(&pass, &pass_type, &team, now) {
            Ok(package) => package.report().clone(),
            Err(apple::Error::Refused { report }) => *report,
            Err(error) => return Err(Failure::from(error).about(&self.input)),
        };
        let google = projection::google(&pass, now).identify(&issuer, class, &object).report;
        let report = apple.join(google);
        let mut findings: Vec<Finding> = Vec::new();
        for finding in report.findings {
            // What is wrong with the pass itself is found on the way to either wallet.
            if !findings.contains(&finding) {
                findings.push(finding);
            }
        }
        Ok(Judged { form: "walletpass", findings, fixed: Vec::new(), looks: report.looks })
    }
}

/// Reads a pass in walletpass's own JSON, and its pictures from beside it.
pub(crate) fn load(path: &Path, bytes: &[u8]) -> Result<Pass, Failure> {
    let mut pass = Pass::from_json(bytes).map_err(|error| Failure::of(path, error))?;
    let folder = path.with_file_name("");
    let open = |file: &Path| {
        let read = files::read(&folder.join(file));
        read.map(Cursor::new).map_err(|failure| std::io::Error::other(failure.to_string()))
    };
    pass.load_pictures(open).map_err(|error| Failure::of(path, error))?;
    Ok(pass)
}

/// Tells walletpass's own JSON from a `pass.json`, by keys that only one of them has; what is neither is a failure.
pub(crate) fn is_own(path: &Path, bytes: &[u8]) -> Result<bool, Failure> {
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(Failure::of(path, "this is a zip archive: `walletpass inspect` reads packages"));
    }
    let Ok(keys) = serde_json::from_slice::<Map<String, Value>>(bytes) else {
        // Whichever it was meant to be, its reader says where it breaks.
        let is_apples = path.file_name().is_some_and(|name| name == PASS_JSON)
            || APPLE_KEYS.iter().any(|key| bytes.windows(key.len()).any(|window| window == key.as_bytes()));
        return Ok(!is_apples);
    };
    Ok(keys.contains_key("kind") || !APPLE_KEYS.iter().any(|key| keys.contains_key(*key)))
}

fn fix(path: &Path, pass: &mut Map<String, Value>, now: DateTime<Utc>) -> Result<Vec<Finding>, Failure> {
    let before = Value::Object(pass.clone());
    let fixed = lint::apple::fix(pass, now);
    if !fixed.is_empty() {
        if has_wide_numbers(&before) {
            return Err(Failure::of(path, "it holds a number too long to be written again as it is; mend it by hand"));
        }
        let json = pretty(&Value::Object(pass.clone()))?;
        write_whole(path, format!("{json}\n").as_bytes())?;
    }
    Ok(fixed)
}

/// Says whether a number has more digits than a double keeps, so that writing it again would change it.
fn has_wide_numbers(json: &Value) -> bool {
    match json {
        Value::Number(number) => {
            !number.is_i64() && !number.is_u64() && number.as_f64().is_some_and(|number| number.abs() >= 1e15)
        }
        Value::Array(items) => items.iter().any(has_wide_numbers),
        Value::Object(members) => members.values().any(has_wide_numbers),
        _ => false,
    }
}

const PASS_JSON: &str = "pass.json";
/// Keys that a `pass.json` has and walletpass's own JSON has not.
const APPLE_KEYS: [&str; 3] = ["formatVersion", "passTypeIdentifier", "serialNumber"];
