//! The crate `passes`: one package with the parsed credentials and the pictures is kept, and only the serial number changes.

use std::fs::{self, File};
use std::io::Cursor;

use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use passes::resource::Type;
use passes::sign::{SignConfig, WWDR};
use passes::{Package, Pass};
use serde_json::Value;
use walletpass_peers::{MESSAGE, Outcome, fixture, serve};

fn main() -> Outcome<()> {
    let folder = fixture()?;
    let read = |name: &str| fs::read(folder.join(name));
    let (certificate, key, wwdr) = (read("certificate.pem")?, read("key.pem")?, read("wwdr.pem")?);

    let mut size = 0;
    let mut package = Package::new(pass(&read("files/pass.json")?)?);
    package.add_certificates(SignConfig::new(WWDR::Custom(&wwdr), &certificate, &key)?);
    for entry in fs::read_dir(folder.join("files"))? {
        let entry = entry?;
        size += usize::try_from(entry.metadata()?.len())?;
        let name = entry.file_name();
        let name = name.to_str().ok_or("a picture's name is no text")?;
        if name != "pass.json" {
            let kind: Type = name.parse().map_err(|()| format!("{name} is no picture"))?;
            package.add_resource(kind, File::open(entry.path())?)?;
        }
    }

    let key = PKey::private_key_from_pem(&key)?;
    serve(
        || Ok(Signer::new(MessageDigest::sha256(), &key)?.sign_oneshot_to_vec(&MESSAGE)?),
        |serial| {
            package.pass.config.serial_number = serial.to_owned();
            let mut archive = Cursor::new(Vec::with_capacity(size + 16 * 1024));
            package.write(&mut archive)?;
            Ok(archive.into_inner())
        },
        |archive| archive,
    )
}

/// Reads our `pass.json` into its model, which has no store card and knows no numbers as values.
fn pass(json: &[u8]) -> Outcome<Pass> {
    let mut json: Value = serde_json::from_slice(json)?;
    let members = json.as_object_mut().ok_or("pass.json is no object")?;
    let mut fields = members.remove("storeCard").ok_or("pass.json is no store card")?;
    for field in fields.as_object_mut().into_iter().flat_map(|slots| slots.values_mut()) {
        for field in field.as_array_mut().into_iter().flatten() {
            if field["value"].is_number() {
                field["value"] = field["value"].to_string().into();
            }
        }
    }
    for slot in ["auxiliaryFields", "backFields", "headerFields", "primaryFields", "secondaryFields"] {
        if fields[slot].is_null() {
            fields[slot] = Value::Array(Vec::new());
        }
    }
    members.insert("generic".to_owned(), fields);
    Ok(Pass::from_json(&json.to_string())?)
}
