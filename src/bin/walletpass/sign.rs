//! `walletpass sign`.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use walletpass::apple::{self, Package};
use walletpass::{Finding, Report};

use crate::credentials::Credentials;
use crate::failure::Failure;
use crate::output::{Output, listed, looks, lost, write_whole};
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
            if is_within(&self.out, &self.input) {
                return Err(Failure::of(
                    &self.out,
                    "it lies in the folder that is signed, and would be part of it; write it elsewhere",
                ));
            }
            let files = files::folder(&self.input)?.into_iter().map(|(name, bytes)| (name, bytes.into()));
            Package::from_files(files.collect(), &identity)
        } else {
            let bytes = files::read(&self.input)?;
            let pass = lint::load(&self.input, &bytes).map_err(|failure| {
                if lint::is_own(&self.input, &bytes).unwrap_or(true) {
                    failure
                } else {
                    failure.hint("if it is Apple's pass.json, give its folder")
                }
            })?;
            Package::new(&pass, &identity)
        };
        let package = match drawn {
            Ok(package) => package,
            Err(apple::Error::Refused { report }) => return Ok(refused(&report)),
            Err(error) => return unsigned(error).map_err(|failure| failure.about(&self.input)),
        };
        let pkpass = match identity.sign(&package) {
            Ok(pkpass) => pkpass,
            Err(error) => return unsigned(error),
        };
        write_whole(&self.out, &pkpass.to_vec())?;

        let (report, out) = (package.report(), self.out.display().to_string());
        let told =
            |findings: &[Finding]| if findings.is_empty() { String::new() } else { format!("{}\n", listed(findings)) };
        Ok(Output {
            text: format!(
                "{}{}{}wrote {out}, {} bytes",
                looks(report),
                lost(report),
                told(&report.findings),
                pkpass.len()
            ),
            json: json!({
                "file": out,
                "bytes": pkpass.len(),
                "passType": identity.pass_type(),
                "team": identity.team(),
                "findings": report.findings,
                "placements": report.placements,
                "looks": report.looks,
            }),
            clean: true,
        })
    }
}

/// Says whether a file that is yet to be written lies in a folder.
fn is_within(file: &Path, folder: &Path) -> bool {
    let place = file.parent().filter(|place| !place.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (place.canonicalize(), folder.canonicalize()) {
        (Ok(place), Ok(folder)) => place.starts_with(folder),
        _ => false,
    }
}

/// Tells a certificate that may not sign the pass, which is found in it like any error, from input that cannot be read.
fn unsigned(error: apple::Error) -> Result<Output, Failure> {
    match error {
        apple::Error::Expired { .. }
        | apple::Error::IdentityMismatch { .. }
        | apple::Error::NfcNotPermitted
        | apple::Error::NotYetValid { .. } => Ok(Output {
            text: format!("error: {error}\nnothing was written"),
            json: json!({ "file": null, "error": error.to_string() }),
            clean: false,
        }),
        error => Err(error.into()),
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
