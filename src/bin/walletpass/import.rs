//! `walletpass import`.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value, json};
use walletpass::apple::inspect::Inspector;
use walletpass::model::import::{self, Fate, Note};
use walletpass::model::lint::apple::{Files, parse};
use walletpass::model::port::{Clock, SystemClock};
use walletpass::model::projection;
use walletpass::{Finding, Pass};

use crate::failure::Failure;
use crate::files::{self, Folder};
use crate::output::{Output, is_clean, pretty, write_whole};

/// Import an Apple pass that anybody made: a `.pkpass` or a `.pass` folder becomes a pass in walletpass's own JSON.
///
/// The pictures go into the JSON. What became of each key, field and file is told. A signature is not looked at: `inspect` does.
#[derive(Args)]
pub(crate) struct Import {
    /// A package, or the folder of a pass.json.
    #[arg(value_name = "FILE|FOLDER")]
    input: PathBuf,
    /// The JSON file to write.
    #[arg(short, long, value_name = "OUT.json")]
    out: PathBuf,
    /// Write over a file that exists.
    #[arg(long)]
    force: bool,
    /// Tell of everything, also of what became a fact of the pass.
    #[arg(long)]
    all: bool,
    /// Lay the pass out anew, so that every later change of a fact shows on Apple too, instead of keeping it as it is.
    #[arg(long)]
    redraw: bool,
}

impl Import {
    pub(crate) fn run(&self) -> Result<Output, Failure> {
        if self.out.exists() && !self.force {
            return Err(Failure::of(&self.out, "it exists; give another name, or --force to write over it"));
        }
        let Read { files, findings } = self.read()?;
        let pass_json = files.get("pass.json").ok_or_else(|| {
            let why: String = findings.iter().map(|finding| format!("\n  {finding}")).collect();
            Failure::of(&self.input, format!("there is no pass.json in it that can be read{why}"))
        })?;
        let pass_json = parse(pass_json).map_err(|finding| Failure::of(&self.input, finding))?;
        let views: Files<'_> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        let imported = import::apple(&pass_json, &views).map_err(|error| Failure::of(&self.input, error))?;
        let pass = if self.redraw { imported.redrawn() } else { imported.pass.clone() };
        write_whole(&self.out, format!("{}\n", pretty(&serde_json::to_value(&pass)?)?).as_bytes())?;

        let changed = if self.redraw { changed(&pass, &pass_json)? } else { Vec::new() };
        let out = self.out.display().to_string();
        let text = format!(
            "{}{}{}wrote {out}, a pass of the kind {}",
            findings.iter().map(|finding| format!("not read: {finding}\n")).collect::<String>(),
            self.told(&imported.notes),
            changed.iter().map(|key| format!("laid out anew: {key}\n")).collect::<String>(),
            pass.kind.name(),
        );
        Ok(Output {
            text,
            json: json!({
                "file": out,
                "kind": pass.kind.name(),
                "passTypeIdentifier": imported.pass_type,
                "teamIdentifier": imported.team,
                "unreadable": findings,
                "notes": imported.notes,
                "changed": changed,
            }),
            clean: is_clean(&findings),
        })
    }

    /// Lists what was left out first, and what became a fact only when everything is asked for.
    fn told(&self, notes: &[Note]) -> String {
        // Laid out anew, nothing is kept as it was, and what changes is told by key.
        let is_loss = |note: &&Note| match note.fate {
            Fate::Fact => !note.remarks.is_empty() && !self.redraw,
            Fate::Raw => !self.redraw,
            _ => !self.redraw || !note.is_frozen,
        };
        let losses: Vec<&Note> = notes.iter().filter(is_loss).collect();
        let facts = notes.iter().filter(|note| note.fate == Fate::Fact);
        let mut text: String = losses.iter().map(|note| format!("{note}\n")).collect();
        if self.all && !self.redraw {
            text.extend(facts.filter(|note| !is_loss(note)).map(|note| format!("{note}\n")));
        } else {
            text.push_str(&format!("{} keys, fields and files became facts of the pass\n", facts.count()));
        }
        text
    }

    fn read(&self) -> Result<Read, Failure> {
        if self.input.is_dir() {
            return Ok(Read { files: files::folder(&self.input)?, findings: Vec::new() });
        }
        let archive = files::read(&self.input)?;
        let inspection = Inspector::new().inspect(&archive).map_err(|error| Failure::of(&self.input, error))?;
        if inspection.is_bundle {
            return Err(Failure::of(&self.input, "a bundle holds several passes; unpack it and import each"));
        }
        let pass = inspection.passes.into_iter().next().ok_or_else(|| Failure::of(&self.input, "it is empty"))?;
        let files = pass.files.into_iter().map(|(name, bytes)| (name, bytes.to_vec())).collect();
        let of_archive = |finding: &Finding| finding.rule.starts_with("apple-archive-");
        Ok(Read { files, findings: pass.findings.into_iter().filter(of_archive).collect() })
    }
}

/// What was read.
struct Read {
    files: Folder,
    /// What keeps files of an archive from being read.
    findings: Vec<Finding>,
}

/// Lists the keys of a `pass.json` that a pass draws in another way, or not at all, or that it adds.
fn changed(pass: &Pass, before: &Map<String, Value>) -> Result<Vec<String>, Failure> {
    let (pass_type, team) = ("pass.org.walletpass.import".parse()?, "A1B2C3D4E5".parse()?);
    let now = projection::apple(pass, &pass_type, &team, SystemClock.now()).pass;
    let identity = ["passTypeIdentifier", "teamIdentifier", "webServiceURL", "authenticationToken"];
    let mut keys: Vec<&String> =
        before.keys().chain(now.keys()).filter(|key| !identity.contains(&key.as_str())).collect();
    keys.sort_unstable();
    keys.dedup();
    let told = |key: &String| match (before.get(key), now.get(key)) {
        (Some(before), Some(now)) if before == now => None,
        (Some(_), Some(_)) => Some(key.clone()),
        (Some(_), None) => Some(format!("{key} (gone)")),
        _ => Some(format!("{key} (new)")),
    };
    Ok(keys.into_iter().filter_map(told).collect())
}
