//! Writes what every worker reads into a folder: throw-away credentials, the files of one package, the claims of one save link.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use walletpass::Pass;
use walletpass::apple::Package;
use walletpass::google::Account;
use walletpass_peers::{Outcome, examples, fixture};
use walletpass_testkit::{Authority, ServiceAccount};

fn main() -> Outcome<()> {
    let folder = fixture()?;
    DirBuilder::new().recursive(true).mode(0o700).create(folder.join("files"))?;

    let authority = Authority::new();
    let credentials = authority.issue("pass.org.walletpass.peers", "A1B2C3D4E5");
    write(&folder.join("root.pem"), authority.root_pem().as_bytes())?;
    write(&folder.join("wwdr.pem"), authority.intermediate_pem().as_bytes())?;
    write(&folder.join("certificate.pem"), credentials.certificate_pem().as_bytes())?;
    write(&folder.join("key.pem"), credentials.key_pem().expose().as_bytes())?;

    let mut pass = Pass::from_reader(fs::File::open(examples().join("loyalty.json"))?)?;
    pass.load_pictures(|file| fs::File::open(examples().join(file)))?;
    let package = Package::new(&pass, &credentials.identity())?;
    write(&folder.join("files/pass.json"), package.pass_json())?;
    for (name, bytes) in package.artwork().files() {
        write(&folder.join("files").join(name), bytes)?;
    }

    let service = ServiceAccount::new();
    let account = Account::from_json(service.json().expose().as_bytes(), "3388000000000000001".parse()?)?;
    let link = account.save_link(&pass)?;
    let [header, claims, _] = link.token().split('.').collect::<Vec<_>>()[..] else {
        return Err("a token has three parts".into());
    };
    write(&folder.join("header.json"), &URL_SAFE_NO_PAD.decode(header)?)?;
    write(&folder.join("claims.json"), &URL_SAFE_NO_PAD.decode(claims)?)?;
    write(&folder.join("google-account.json"), service.json().expose().as_bytes())?;
    write(&folder.join("google-public-key.pem"), service.public_key_pem().as_bytes())?;
    Ok(())
}

/// Writes a file that nobody else can read.
fn write(path: &Path, bytes: &[u8]) -> Outcome<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    Ok(file.write_all(bytes)?)
}
