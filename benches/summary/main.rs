//! Every figure beside the bare signature of the same rounds, and against the bar.
//!
//! ```text
//! cargo bench -p walletpass-benches --bench summary                  prints the tables, after some 40 seconds
//! cargo bench -p walletpass-benches --bench summary -- --write       writes RESULTS.md and results.svg too
//!   --out FOLDER   writes them there
//!   --smoke        shows that it runs, in a second; the figures mean nothing
//! ```
#![allow(clippy::print_stdout)]
#![expect(clippy::expect_used, reason = "a bench whose fixture fails cannot go on")]

mod bar;
mod measured;
mod peers;
mod plot;
mod report;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use pico_args::Arguments;
use walletpass_benches::Machine;

use self::measured::{Effort, Measured};
use self::peers::Peers;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = Arguments::from_env();
    args.contains("--bench"); // cargo says it
    let is_smoke = args.contains("--smoke") | args.contains("--test");
    let is_written = args.contains("--write");
    let out: Option<PathBuf> = args.opt_value_from_str("--out")?;
    if let Some(other) = args.finish().first() {
        return Err(format!("{} is no option: --write, --out FOLDER, --smoke", other.display()).into());
    }
    if is_smoke && is_written && out.is_none() {
        return Err("the figures of a smoke run are none to keep: say --out FOLDER".into());
    }

    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let peers = Peers::read(&here.join("peers/results.json"))?;
    let measured = Measured::take(if is_smoke { Effort::Smoke } else { Effort::Full });
    let tables = report::tables(&measured, peers.as_ref());
    println!("{tables}");
    if is_written || out.is_some() {
        let folder = out.as_deref().unwrap_or(here);
        fs::create_dir_all(folder)?;
        fs::write(folder.join("RESULTS.md"), report::page(&Machine::look(), &tables))?;
        fs::write(folder.join("results.svg"), plot::draw(&plot::bars(&measured, peers.as_ref())))?;
    }
    Ok(())
}
