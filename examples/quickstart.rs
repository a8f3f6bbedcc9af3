//! Issues every pass of `examples/passes` for both wallets, with throw-away keys or with yours.
//!
//! ```text
//! cargo run --example quickstart                       all seven examples, throw-away keys
//! cargo run --example quickstart -- my-pass.json       one pass of yours
//!   --p12 pass.p12           your Apple certificate and key; the passphrase is asked for,
//!   --passphrase-file FILE   or read from the first line of a file
//!   --wwdr FILE              the certificate that issued yours, where it is not Apple's G4
//!   --google key.json        your Google service account, together with
//!   --issuer 3388…           your Google issuer id
//! ```
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use pico_args::Arguments;
use walletpass::apple::{Identity, Package};
use walletpass::google::Account;
use walletpass::{Pass, Secret};
use walletpass_testkit::{Authority, ServiceAccount};

const HERE: &str = env!("CARGO_MANIFEST_DIR");

fn main() {
    if let Err(error) = run(Arguments::from_env()) {
        eprintln!("error: {error}");
        std::process::exit(1);
    }
}

fn run(mut args: Arguments) -> Result<(), Box<dyn Error>> {
    let out = Path::new(HERE).join("target/quickstart");
    fs::create_dir_all(&out)?;
    let identity = identity(&mut args, &out)?;
    let account = account(&mut args, &out)?;
    for path in passes(args) {
        let issued = issue(&path, &out, &identity, &account);
        println!("{}", issued.map_err(|error| format!("{}: {error}", path.display()))?);
    }
    println!("\nWritten to {}. To verify one there: unzip -d card loyalty.pkpass, then", out.display());
    println!("  openssl cms -verify -binary -inform DER -in card/signature -content card/manifest.json \\");
    println!("    -CAfile root.pem -purpose any -out verified.json   # root.pem is the throw-away authority's");
    Ok(())
}

/// The main job: a pass, read from JSON, becomes a package, a link and a report.
fn issue(path: &Path, out: &Path, identity: &Identity, account: &Account) -> Result<String, Box<dyn Error>> {
    let mut pass = Pass::from_reader(fs::File::open(path)?)?;
    pass.load_pictures(|file| fs::File::open(path.with_file_name("").join(file)))?;

    let package = Package::new(&pass, identity)?;
    let pkpass = identity.sign(&package)?;
    let card = account.card(&pass)?;
    let link = card.save_link(account)?;

    let report = package.report().clone().join(card.report);
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    fs::write(out.join(format!("{name}.pkpass")), pkpass.to_vec())?;
    fs::write(out.join(format!("{name}.save-link.txt")), link.url())?;
    fs::write(out.join(format!("{name}.report.json")), serde_json::to_string_pretty(&report)?)?;
    let (kilobytes, length) = (pkpass.len() / 1024, link.token().len());
    let (warnings, lost) = (report.findings.len(), report.lost().count());
    Ok(format!("{name:10} {kilobytes:4} KB, token of {length} characters; {warnings} warnings, {lost} facts lost"))
}

fn identity(args: &mut Arguments, out: &Path) -> Result<Identity, Box<dyn Error>> {
    let wwdr = args.opt_value_from_str::<_, PathBuf>("--wwdr")?.as_deref().map(read).transpose()?;
    let passphrase_file: Option<PathBuf> = args.opt_value_from_str("--passphrase-file")?;
    let Some(p12) = args.opt_value_from_str::<_, PathBuf>("--p12")? else {
        let authority = Authority::new();
        fs::write(out.join("root.pem"), authority.root_pem())?;
        return Ok(authority.identity("pass.org.walletpass.quickstart", "A1B2C3D4E5"));
    };
    let bytes = read(&p12)?;
    let passphrase = Secret::new(match passphrase_file {
        Some(file) => String::from_utf8(read(&file)?)?.lines().next().unwrap_or_default().to_owned(),
        None => rpassword::prompt_password(format!("passphrase of {}: ", p12.display()))?,
    });
    Ok(Identity::from_p12(&bytes, &passphrase, &wwdr.iter().map(Vec::as_slice).collect::<Vec<_>>())?)
}

fn account(args: &mut Arguments, out: &Path) -> Result<Account, Box<dyn Error>> {
    let issuer = args.opt_value_from_str("--issuer")?;
    let Some(file) = args.opt_value_from_str::<_, PathBuf>("--google")? else {
        let account = ServiceAccount::new();
        fs::write(out.join("google-public-key.pem"), account.public_key_pem())?;
        let issuer = issuer.map_or_else(|| "3388000000000000001".parse(), Ok)?;
        return Ok(Account::from_json(account.json().expose().as_bytes(), issuer)?);
    };
    Ok(Account::from_json(&read(&file)?, issuer.ok_or("--google needs --issuer, the number in Google's console")?)?)
}

fn passes(args: Arguments) -> Vec<PathBuf> {
    let given: Vec<PathBuf> = args.finish().into_iter().map(PathBuf::from).collect();
    let kinds = ["coupon", "event", "flight", "generic", "gift-card", "loyalty", "transit"];
    let examples = kinds.iter().map(|kind| Path::new(HERE).join(format!("examples/passes/{kind}.json")));
    if given.is_empty() { examples.collect() } else { given }
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    fs::read(file).map_err(|error| format!("{}: {error}", file.display()))
}
