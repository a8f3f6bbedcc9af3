//! Our packages: identity and artwork are prepared once; each pass is drawn, linted, written and signed.

use std::fs::{self, File};

use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use walletpass::Pass;
use walletpass::apple::{Identity, Package};
use walletpass_peers::{MESSAGE, Outcome, examples, fixture, serve};

fn main() -> Outcome<()> {
    let folder = fixture()?;
    let read = |name: &str| fs::read(folder.join(name));
    let (certificate, key) = (read("certificate.pem")?, read("key.pem")?);
    let identity = Identity::from_pem(&certificate, &key, None, &[&read("wwdr.pem")?])?;
    let key = PKey::private_key_from_pem(&key)?;

    let mut pass = Pass::from_reader(File::open(examples().join("loyalty.json"))?)?;
    pass.load_pictures(|file| File::open(examples().join(file)))?;
    let artwork = Package::new(&pass, &identity)?.artwork().clone();

    serve(
        || Ok(Signer::new(MessageDigest::sha256(), &key)?.sign_oneshot_to_vec(&MESSAGE)?),
        |serial| {
            pass.serial = serial.parse()?;
            Ok(identity.sign(&Package::with_artwork(&pass, &identity, &artwork)?)?)
        },
        |pkpass| pkpass.to_vec(),
    )
}
