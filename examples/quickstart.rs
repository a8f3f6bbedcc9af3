//! Issues every pass of `examples/passes` for both wallets, with throw-away keys or with yours; then changes one on a made-up phone.
//!
//! ```text
//! cargo run --example quickstart                       all seven examples, throw-away keys; one is changed
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
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use pico_args::Arguments;
use walletpass::apple::{Identity, Package};
use walletpass::google::{Account, Client};
use walletpass::issuer::IssuerService;
use walletpass::model::Kind;
use walletpass::model::port::{HttpClient, HttpError};
use walletpass::push::{Apns, ClientCertificate};
use walletpass::webservice::Body;
use walletpass::webservice::store::MemoryStore;
use walletpass::{Issuer, Pass, Secret};
use walletpass_testkit::{Authority, FakeApns, FakeGoogle, Iphone, ServiceAccount};

const HERE: &str = env!("CARGO_MANIFEST_DIR");
const PASS_TYPE: &str = "pass.org.walletpass.quickstart";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    if let Err(error) = run(Arguments::from_env()).await {
        eprintln!("error: {error}");
        std::process::exit(1);
    }
}

async fn run(mut args: Arguments) -> Result<(), Box<dyn Error>> {
    let out = Path::new(HERE).join("target/quickstart");
    fs::create_dir_all(&out)?;
    let is_made_up = std::env::args().len() == 1;
    let identity = identity(&mut args, &out)?;
    let account = account(&mut args, &out)?;
    for path in passes(args) {
        let issued = issue(&path, &out, &identity, &account);
        println!("{}", issued.map_err(|error| format!("{}: {error}", path.display()))?);
    }
    if is_made_up {
        change().await?;
    }
    println!("\nWritten to {}. To verify one there: unzip -d card loyalty.pkpass, then", out.display());
    println!("  openssl cms -verify -binary -inform DER -in card/signature -content card/manifest.json \\");
    println!("    -CAfile root.pem -purpose any -out verified.json   # root.pem is the throw-away authority's");
    Ok(())
}

/// The one job: a pass, read from JSON, becomes a package, a link and a report.
fn issue(path: &Path, out: &Path, identity: &Identity, account: &Account) -> Result<String, Box<dyn Error>> {
    let pass = read_pass(path)?;
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

/// The other job: a pass that an issuer keeps is changed in one call, on a phone and at Google. Both are made up here, and the phone asks
/// the issuer without a server between them; `cargo run --example issuer` has one.
async fn change() -> Result<(), Box<dyn Error>> {
    let (authority, fake_google) = (Authority::new(), FakeGoogle::start());
    let identity = authority.identity(PASS_TYPE, "A1B2C3D4E5");
    let fake_apns = FakeApns::start(&authority);
    let chain = identity.chain_pem().as_bytes();
    let certificate = ClientCertificate::from_signing_key(identity.pass_type(), chain, identity.signing_key())?;
    let push = Apns::new(certificate)?.with_server(fake_apns.url())?.with_roots(authority.root_pem().as_bytes())?;
    let account = Account::from_json(fake_google.key_file().expose().as_bytes(), FakeGoogle::ISSUER.parse()?)?;
    let client = Client::over_https(account)?.with_base(&fake_google.url())?;

    let issuer = Issuer::new(Arc::new(MemoryStore::new()), "https://passes.example".parse()?)?
        .apple(identity, Arc::new(push))
        .google(client);
    let service = issuer.service(|log| log.lines.iter().for_each(|line| eprintln!("the phone says: {}", line.text)));
    let mut phone = Iphone::new(&authority).with_client(Arc::new(InProcess(service)));

    let serial = issuer.create(&read_pass(&example("loyalty"))?).await?.serial;
    phone.add(&issuer.pkpass(&serial).await?.to_vec()).await?;
    println!("\nAn issuer keeps {serial}. A phone adds it, and shows {} points.", points(&phone, serial.as_str()));

    issuer
        .update(&serial, |pass| {
            if let Kind::Loyalty(card) = &mut pass.kind {
                card.points = Some(2_500.into());
            }
        })
        .await?;
    for push in fake_apns.pushes() {
        let wakeup = phone.push(PASS_TYPE, &push.token).await.ok_or("a push for another phone")?;
        println!(
            "Updated: the phone says {:?}, and shows {} points.",
            wakeup.messages(),
            points(&phone, serial.as_str())
        );
    }
    let object = fake_google.resource("loyaltyObject", &format!("{}.loyalty.{serial}", FakeGoogle::ISSUER));
    let balance = object.as_ref().and_then(|object| object.pointer("/loyaltyPoints/balance/int"));
    println!("Google has {} points.", balance.ok_or("there is no object at Google")?);
    Ok(())
}

fn points(phone: &Iphone, serial: &str) -> String {
    phone.pass(PASS_TYPE, serial).visible("points").map(|field| field.value).unwrap_or_default()
}

/// Brings what the phone asks to the issuer.
#[derive(Debug)]
struct InProcess(IssuerService);

#[async_trait]
impl HttpClient for InProcess {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let answer = self.0.handle(request.map(Body::from)).await;
        Ok(answer.map(|body| body.into_iter().collect::<Vec<_>>().concat().into()))
    }
}

fn identity(args: &mut Arguments, out: &Path) -> Result<Identity, Box<dyn Error>> {
    let wwdr = args.opt_value_from_str::<_, PathBuf>("--wwdr")?.as_deref().map(read).transpose()?;
    let passphrase_file: Option<PathBuf> = args.opt_value_from_str("--passphrase-file")?;
    let Some(p12) = args.opt_value_from_str::<_, PathBuf>("--p12")? else {
        let authority = Authority::new();
        fs::write(out.join("root.pem"), authority.root_pem())?;
        return Ok(authority.identity(PASS_TYPE, "A1B2C3D4E5"));
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
    if given.is_empty() { kinds.map(example).to_vec() } else { given }
}

fn example(kind: &str) -> PathBuf {
    Path::new(HERE).join(format!("examples/passes/{kind}.json"))
}

fn read_pass(path: &Path) -> Result<Pass, Box<dyn Error>> {
    let mut pass = Pass::from_reader(fs::File::open(path)?)?;
    pass.load_pictures(|file| fs::File::open(path.with_file_name("").join(file)))?;
    Ok(pass)
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    fs::read(file).map_err(|error| format!("{}: {error}", file.display()))
}
