//! `walletpass import`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use walletpass::apple::inspect::Inspector;
use walletpass::model::import;
use walletpass::model::lint::apple::{Files, parse};

use crate::failure::Failure;
use crate::files::{self, Folder};
use crate::output::{Output, pretty, write_whole};

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
    /// Lay the pass out anew, so that every later change of a fact shows on Apple too, instead of keeping it as it is.
    #[arg(long)]
    redraw: bool,
}

impl Import {
    pub(crate) fn run(&self) -> Result<Output, Failure> {
        let files = self.read()?;
        let pass_json =
            files.get("pass.json").ok_or_else(|| Failure::of(&self.input, "there is no pass.json in it"))?;
        let pass_json = parse(pass_json).map_err(|finding| Failure::of(&self.input, finding))?;
        let views: Files<'_> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        let imported = import::apple(&pass_json, &views).map_err(|error| Failure::of(&self.input, error))?;
        let pass = if self.redraw { imported.redrawn() } else { imported.pass.clone() };
        write_whole(&self.out, format!("{}\n", pretty(&serde_json::to_value(&pass)?)?).as_bytes())?;

        let notes: String = imported.notes.iter().map(|note| format!("{note}\n")).collect();
        let out = self.out.display().to_string();
        Ok(Output {
            text: format!("{notes}wrote {out}, a pass of the kind {}", pass.kind.name()),
            json: json!({
                "file": out,
                "kind": pass.kind.name(),
                "passTypeIdentifier": imported.pass_type,
                "teamIdentifier": imported.team,
                "notes": imported.notes,
            }),
            clean: true,
        })
    }

    fn read(&self) -> Result<Folder, Failure> {
        if self.input.is_dir() {
            return files::folder(&self.input);
        }
        let archive = files::read(&self.input)?;
        let inspection = Inspector::new().inspect(&archive).map_err(|error| Failure::of(&self.input, error))?;
        if inspection.is_bundle {
            return Err(Failure::of(&self.input, "a bundle holds several passes; unpack it and import each"));
        }
        let pass = inspection.passes.into_iter().next().ok_or_else(|| Failure::of(&self.input, "it is empty"))?;
        Ok(pass.files.into_iter().map(|(name, bytes)| (name, bytes.to_vec())).collect())
    }
}
