//! What was asked for; the first lines of `main.rs` tell what each option means.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread;

use pico_args::Arguments;

use super::{HERE, Stop};

pub(crate) struct Options {
    pub(crate) csv: Option<PathBuf>,
    pub(crate) rows: Option<u64>,
    pub(crate) out: PathBuf,
    pub(crate) threads: usize,
    pub(crate) files: bool,
    pub(crate) p12: Option<PathBuf>,
    pub(crate) passphrase_file: Option<PathBuf>,
    pub(crate) wwdr: Option<PathBuf>,
}

impl Options {
    pub(crate) fn read(mut args: Arguments) -> Result<Self, Stop> {
        let threads: Option<NonZero<u8>> = args.opt_value_from_str("--threads")?;
        let options = Self {
            csv: args.opt_value_from_str("--csv")?,
            rows: args.opt_value_from_str("--rows")?,
            out: args.opt_value_from_str("--out")?.unwrap_or_else(|| Path::new(HERE).join("target/bulk")),
            threads: threads
                .map_or_else(|| thread::available_parallelism().map_or(1, NonZero::get), |n| n.get().into()),
            files: !args.contains("--no-files"),
            p12: args.opt_value_from_str("--p12")?,
            passphrase_file: args.opt_value_from_str("--passphrase-file")?,
            wwdr: args.opt_value_from_str("--wwdr")?,
        };
        match args.finish().first() {
            Some(unknown) => {
                Err(format!("{unknown:?} is no option: the first lines of examples/bulk/main.rs name them").into())
            }
            None => Ok(options),
        }
    }
}
