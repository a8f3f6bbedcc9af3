//! The web service of the devices: requests a second for each store, with few passes and with many, and a burst of new connections.
//!
//! ```text
//! cargo bench -p walletpass-benches --bench device                       1,000 and 100,000 passes; prints the tables, after two minutes
//!   --sizes 1000,100000,1000000   with so many passes
//!   --postgres-most 1000000       PostgresStore too, which takes minutes to fill; otherwise at most 100,000
//!   --wait         waits, when the stores are filled, for a line of standard input: the machine need be quiet from then on only
//!   --write        writes DEVICE.md too
//!   --out FOLDER   writes it there
//!   --smoke        shows that it runs, in some seconds; the figures mean nothing
//! ```
//! With the feature `postgres` and `WALLETPASS_POSTGRES_URL`, the address of a database to fill and to throw away, `PostgresStore` takes part.
#![allow(clippy::print_stderr, clippy::print_stdout)]
#![expect(clippy::expect_used, reason = "a bench whose fixture fails cannot go on")]

mod burst;
mod course;
mod measured;
mod report;
mod shop;
mod subject;
mod wire;

use std::error::Error;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use pico_args::Arguments;
use walletpass_benches::{Folder, Machine};

use self::measured::{Effort, Measured};
use self::subject::Subject;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = Arguments::from_env();
    args.contains("--bench"); // cargo says it
    let is_smoke = args.contains("--smoke") | args.contains("--test");
    let is_written = args.contains("--write");
    let out: Option<PathBuf> = args.opt_value_from_str("--out")?;
    let is_waiting = args.contains("--wait");
    let most = args.opt_value_from_str("--postgres-most")?.unwrap_or(100_000);
    let sizes = args.opt_value_from_fn("--sizes", |text| text.split(',').map(str::parse).collect())?;
    if let Some(other) = args.finish().first() {
        let known = "--sizes 1000,100000, --postgres-most 100000, --wait, --write, --out FOLDER, --smoke";
        return Err(format!("{} is no option: {known}", other.display()).into());
    }
    if is_smoke && is_written && out.is_none() {
        return Err("the figures of a smoke run are none to keep: say --out FOLDER".into());
    }
    let effort = if is_smoke { Effort::smoke() } else { Effort::full() };
    let mut sizes: Vec<u64> = sizes.unwrap_or_else(|| effort.sizes.to_vec());
    sizes.sort_unstable();
    if sizes.first().is_none_or(|size| *size == 0) {
        return Err("a size is at least 1".into());
    }

    #[expect(clippy::disallowed_methods, reason = "a program reads its environment")]
    let postgres = std::env::var("WALLETPASS_POSTGRES_URL").ok();
    let postgres = postgres.as_deref().map(|address| (address, most));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let folder = Folder::new(Path::new(env!("CARGO_TARGET_TMPDIR")), "device");
    let subjects = runtime.block_on(Subject::all(&sizes, &folder, postgres));
    if is_waiting {
        eprintln!("filled; a line of standard input lets it measure");
        io::stdin().read_line(&mut String::new())?;
    }
    let measured = runtime.block_on(Measured::take(&effort, &subjects, &folder));
    let tables = report::tables(&measured, &sizes);
    println!("{tables}");
    if is_written || out.is_some() {
        let folder = out.as_deref().unwrap_or(Path::new(env!("CARGO_MANIFEST_DIR")));
        fs::create_dir_all(folder)?;
        fs::write(folder.join("DEVICE.md"), report::page(&Machine::look(), &tables))?;
    }
    Ok(())
}
