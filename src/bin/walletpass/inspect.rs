//! `walletpass inspect`: to be registered in `main.rs` when the library reads packages back.

use std::path::PathBuf;

use clap::Args;

use crate::failure::Failure;
use crate::output::Output;

/// Opens finished passes, `.pkpass` and `.pkpasses`, and judges signature, files and content.
#[derive(Args)]
pub(crate) struct Inspect {
    /// The packages.
    #[arg(required = true, value_name = "FILE")]
    packages: Vec<PathBuf>,
    /// A root certificate to trust besides Apple's, PEM.
    #[arg(long, value_name = "PEM")]
    root: Option<PathBuf>,
}

impl Inspect {
    pub(crate) fn run(&self) -> Result<Output, Failure> {
        let _ = (&self.packages, &self.root);
        Err(Failure::new("inspecting packages is not built in yet"))
    }
}
