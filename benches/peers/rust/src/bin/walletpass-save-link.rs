//! Our save links: the account is read once; each pass is drawn, linted and signed.

use std::fs::{self, File};

use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use walletpass::Pass;
use walletpass::google::Account;
use walletpass_peers::{MESSAGE, Outcome, examples, fixture, serve};

fn main() -> Outcome<()> {
    let json = fs::read(fixture()?.join("google-account.json"))?;
    let account = Account::from_json(&json, "3388000000000000001".parse()?)?;
    let json: serde_json::Value = serde_json::from_slice(&json)?;
    let key = PKey::private_key_from_pem(json["private_key"].as_str().ok_or("no private_key")?.as_bytes())?;

    let mut pass = Pass::from_reader(File::open(examples().join("loyalty.json"))?)?;
    pass.load_pictures(|file| File::open(examples().join(file)))?;

    serve(
        || Ok(Signer::new(MessageDigest::sha256(), &key)?.sign_oneshot_to_vec(&MESSAGE)?),
        |serial| {
            pass.serial = serial.parse()?;
            Ok(account.save_link(&pass)?)
        },
        |link| link.token().as_bytes().to_vec(),
    )
}
