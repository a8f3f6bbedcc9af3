//! Who signs: the options that name certificate, key and passphrase.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use clap::Args;
use walletpass::Secret;
use walletpass::apple::{Diagnosis, Identity};
use walletpass::chrono::{DateTime, Utc};

use crate::failure::Failure;
use crate::files;

/// The options of the commands that need a certificate.
#[derive(Args)]
pub(crate) struct Credentials {
    /// The P12 (PKCS #12) with certificate and key, as Keychain Access exports it.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["cert", "key"])]
    p12: Option<PathBuf>,
    /// The certificate, PEM or DER (the .cer of the developer portal); instead of --p12.
    #[arg(long, value_name = "FILE")]
    cert: Option<PathBuf>,
    /// The private key of --cert, PEM.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// The intermediate that issued the certificate, PEM or DER; Apple's G4 is built in.
    #[arg(long = "intermediate", value_name = "FILE")]
    intermediates: Vec<PathBuf>,
    /// A file with the passphrase of P12 or key; the line break at its end is cut.
    #[arg(long, value_name = "FILE", conflicts_with = "passphrase_env")]
    passphrase_file: Option<PathBuf>,
    /// The name of the environment variable with the passphrase. Without either option the terminal asks for it.
    #[arg(long, value_name = "NAME")]
    passphrase_env: Option<String>,
}

/// The files that were named, read.
pub(crate) struct Files {
    form: Form,
    intermediates: Vec<Vec<u8>>,
}

enum Form {
    P12 { p12: Secret<Vec<u8>>, passphrase: Secret<String> },
    Pem { certificate: Vec<u8>, key: Option<Secret<Vec<u8>>>, passphrase: Option<Secret<String>> },
}

impl Credentials {
    /// Reads the files, and asks for the passphrase if one is needed that no option gives.
    pub(crate) fn read(&self) -> Result<Files, Failure> {
        let read = |path: &PathBuf| files::read(path);
        let secret = |path: &PathBuf| files::read(path).map(Secret::new);
        let form = match (&self.p12, &self.cert) {
            (Some(path), _) => {
                let p12 = secret(path)?;
                // What is no P12 needs no passphrase to say so.
                let passphrase = self.passphrase(path, !is_pem(&p12))?.unwrap_or_else(|| Secret::from(""));
                Form::P12 { p12, passphrase }
            }
            (None, Some(certificate)) => {
                let certificate = read(certificate)?;
                let key = self.key.as_ref().map(secret).transpose()?;
                let passphrase = match (&self.key, &key) {
                    (Some(path), Some(key)) => self.passphrase(path, is_encrypted(key))?,
                    _ => None,
                };
                Form::Pem { certificate, key, passphrase }
            }
            (None, None) => return Err(Failure::new("give --p12, or --cert and --key")),
        };
        Ok(Files { form, intermediates: self.intermediates.iter().map(read).collect::<Result<_, _>>()? })
    }

    fn passphrase(&self, file: &Path, needed: bool) -> Result<Option<Secret<String>>, Failure> {
        match (&self.passphrase_file, &self.passphrase_env) {
            (Some(path), _) => passphrase_of(path).map(Some),
            (None, Some(name)) => environment(name).map(Some),
            (None, None) if !needed => Ok(None),
            (None, None) if io::stdin().is_terminal() => {
                let passphrase = rpassword::prompt_password(format!("passphrase of {}: ", file.display()))?;
                Ok(Some(Secret::new(passphrase)))
            }
            (None, None) => Err(Failure::of(
                file,
                "it needs a passphrase, and there is no terminal to ask on: give --passphrase-file FILE or --passphrase-env NAME",
            )),
        }
    }
}

impl Files {
    /// Loads the identity.
    pub(crate) fn identity(&self) -> Result<Identity, Failure> {
        let identity = match &self.form {
            Form::P12 { p12, .. } if is_pem(p12) => {
                return Err(Failure::new("--p12: the file is PEM: give it as --cert FILE and --key FILE"));
            }
            Form::P12 { p12, passphrase } => Identity::from_p12(p12.expose(), passphrase, &self.intermediates()),
            Form::Pem { key: None, .. } => return Err(Failure::new("--cert needs --key, the file of its private key")),
            Form::Pem { certificate, key: Some(key), passphrase } => {
                Identity::from_pem(certificate, key.expose(), passphrase.as_ref(), &self.intermediates())
            }
        };
        identity.map_err(|error| Failure::from(error).hint("`walletpass doctor` with the same options says more"))
    }

    /// Examines them.
    pub(crate) fn diagnose(&self, now: DateTime<Utc>) -> Diagnosis {
        match &self.form {
            Form::P12 { p12, passphrase } => Diagnosis::of_p12(p12.expose(), passphrase, &self.intermediates(), now),
            Form::Pem { certificate, key, passphrase } => {
                let key = key.as_ref().map(|key| key.expose().as_slice());
                Diagnosis::of_pem(certificate, key, passphrase.as_ref(), &self.intermediates(), now)
            }
        }
    }

    fn intermediates(&self) -> Vec<&[u8]> {
        self.intermediates.iter().map(Vec::as_slice).collect()
    }
}

/// Reads a passphrase from a file, without the line break that editors put at its end.
fn passphrase_of(path: &Path) -> Result<Secret<String>, Failure> {
    let mut text =
        String::from_utf8(files::read(path)?).map_err(|_| Failure::of(path, "the passphrase must be UTF-8 text"))?;
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    Ok(Secret::new(text))
}

#[expect(clippy::disallowed_methods, reason = "the user names the variable, on the command line")]
fn environment(name: &str) -> Result<Secret<String>, Failure> {
    let value = std::env::var(name);
    value.map(Secret::new).map_err(|_| {
        Failure::new(format!("--passphrase-env: the environment variable {name:?} is not set, or is not UTF-8 text"))
    })
}

fn is_pem(file: &Secret<Vec<u8>>) -> bool {
    file.expose().windows(11).any(|window| window == b"-----BEGIN ")
}

fn is_encrypted(key: &Secret<Vec<u8>>) -> bool {
    key.expose().windows(9).any(|window| window == b"ENCRYPTED")
}
