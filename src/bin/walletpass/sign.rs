//! `walletpass sign`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use walletpass::apple::{self, Package};
use walletpass::{Finding, Report};

use crate::credentials::Credentials;
use crate::failure::Failure;
use crate::output::{Output, listed, write_whole};
use crate::{files, lint};

/// Sign a pass: a `.pkpass` for Apple Wallet.
///
/// Nothing is written when there is an error.
#[derive(Args)]
pub(crate) struct Sign {
    /// A pass in walletpass's own JSON (pictures are read relative to its folder), or the `.pass` folder of a pass.json.
    #[arg(value_name = "FILE|FOLDER")]
    input: PathBuf,
    /// The package to write.
    #[arg(short, long, value_name = "OUT.pkpass")]
    out: PathBuf,
    #[command(flatten)]
    credentials: Credentials,
}

impl Sign {
    pub(crate) fn run(&self) -> Result<Output, Failure> {
        let identity = self.credentials.read()?.identity()?;
        let drawn = if self.input.is_dir() {
            let files = files::folder(&self.input)?.into_iter().map(|(name, bytes)| (name, bytes.into()));
            Package::from_files(files.collect(), &identity)
        } else {
            let bytes = files::read(&self.input)?;
            let pass = lint::load(&self.input, &bytes).map_err(|failure| {
                if lint::is_own(&bytes) { failure } else { failure.hint("if it is Apple's pass.json, give its folder") }
            })?;
            Package::new(&pass, &identity)
        };
        let package = match drawn {
            Ok(package) => package,
            Err(apple::Error::Refused { report }) => return Ok(refused(&report)),
            Err(error) => return Err(error.into()),
        };
        let pkpass = identity.sign(&package)?;
        write_whole(&self.out, &pkpass.to_vec())?;

        let (report, out) = (package.report(), self.out.display().to_string());
        let told =
            |findings: &[Finding]| if findings.is_empty() { String::new() } else { format!("{}\n", listed(findings)) };
        Ok(Output {
            text: format!("{}wrote {out}, {} bytes", told(&report.findings), pkpass.len()),
            json: json!({
                "file": out,
                "bytes": pkpass.len(),
                "passType": identity.pass_type(),
                "team": identity.team(),
                "findings": report.findings,
                "placements": report.placements,
            }),
            clean: true,
        })
    }
}

/// Lists what keeps the pass from being signed.
fn refused(report: &Report) -> Output {
    Output {
        text: format!("{}\nnothing was written, for Apple Wallet would refuse the pass", listed(&report.findings)),
        json: json!({ "file": null, "findings": report.findings, "placements": report.placements }),
        clean: false,
    }
}
