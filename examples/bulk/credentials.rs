//! Who signs: you, or somebody thrown away.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::Path;

use walletpass::Secret;
use walletpass::apple::Identity;
use walletpass_testkit::Authority;

use super::Stop;
use super::options::Options;

/// Reads the P12 that was given, or the throw-away credentials of the folder: a run that goes on signs as the one before it.
pub(crate) fn load(options: &Options) -> Result<Identity, Stop> {
    let wwdr = options.wwdr.as_deref().map(read).transpose()?;
    let Some(p12) = &options.p12 else { return throw_away(&options.out.join("credentials")) };
    let bytes = read(p12)?;
    let passphrase = Secret::new(match &options.passphrase_file {
        Some(file) => String::from_utf8(read(file)?)?.lines().next().unwrap_or_default().to_owned(),
        None => rpassword::prompt_password(format!("passphrase of {}: ", p12.display()))?,
    });
    Ok(Identity::from_p12(&bytes, &passphrase, &wwdr.iter().map(Vec::as_slice).collect::<Vec<_>>())?)
}

fn throw_away(folder: &Path) -> Result<Identity, Stop> {
    if !folder.exists() {
        let unfinished = folder.with_extension("partial");
        fs::create_dir_all(&unfinished)?;
        let authority = Authority::new();
        let credentials = authority.issue("pass.org.walletpass.bulk", "A1B2C3D4E5");
        fs::write(unfinished.join("root.pem"), authority.root_pem())?;
        fs::write(unfinished.join("intermediate.pem"), authority.intermediate_pem())?;
        fs::write(unfinished.join("certificate.pem"), credentials.certificate_pem())?;
        for_me_alone(&unfinished.join("key.pem"))?.write_all(credentials.key_pem().expose().as_bytes())?;
        fs::rename(&unfinished, folder)?;
    }
    let [certificate, key, intermediate] =
        ["certificate.pem", "key.pem", "intermediate.pem"].map(|file| read(&folder.join(file)));
    let key = Secret::new(key?);
    Ok(Identity::from_pem(&certificate?, key.expose(), None, &[&intermediate?])?)
}

/// Makes a file that no other user can read.
fn for_me_alone(file: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.write(true).create(true).truncate(true).open(file)
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    fs::read(file).map_err(|error| format!("{}: {error}", file.display()))
}
