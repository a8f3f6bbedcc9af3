//! The programs of the README, compiled and run.

#![allow(
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "it prints, and a test fails by panicking"
)]

// README.md begins here.
use std::error::Error;
use std::sync::Arc;

use walletpass::push::{Apns, ClientCertificate};
use walletpass::webservice::store::SqliteStore;
use walletpass::{Barcode, Issuer, Loyalty, Pass, Picture, Role, Secret, apple, google};

fn issuer(p12: &[u8], passphrase: &Secret<String>, key_file: &[u8]) -> Result<Issuer, Box<dyn Error>> {
    let identity = apple::Identity::from_p12(p12, passphrase, &[])?;
    let chain = identity.chain_pem().as_bytes(); // the certificate that signs also pushes
    let push = Apns::new(ClientCertificate::from_signing_key(identity.pass_type(), chain, identity.signing_key())?)?;
    let account = google::Account::from_json(key_file, "3388000000000000001".parse()?)?;

    let store = SqliteStore::open("target/passes.db")?;
    let issuer = Issuer::new(Arc::new(store), "https://passes.example/wallet".parse()?)?;
    Ok(issuer.apple(identity, Arc::new(push)).google(google::Client::over_https(account)?)) // one of them is enough
}

async fn issue(issuer: &Issuer) -> Result<(), Box<dyn Error>> {
    let logo = Picture::png(std::fs::read("examples/passes/art/loyalty-icon.png")?)?;
    let card = Loyalty::new("Bean Club", logo).points(2_450).tier("Gold").holder("Ada Example");
    let pass = Pass::new("member-4711".parse()?, "Bean & Co", card)
        .background("#4b2e1e".parse()?)
        .barcode(Barcode::qr("4711"))
        .on_change(Role::Points, "You now have %@ points");

    let issued = issuer.create(&pass).await?; // the same again is the same pass, anything else an error
    println!("for an iPhone: {}", issued.apple.ok_or("no Apple identity")?);
    println!("for Android: {}", issued.google.ok_or("no Google account")?.url());
    println!("{}", issued.report.table()); // where each fact landed, and what was lost
    for finding in &issued.report.findings {
        println!("{finding}"); // what a wallet would ignore, and how to mend it
    }
    Ok(())
}
// README.md ends here.

// README.md begins here.
use walletpass::Kind;
use walletpass::issuer::Change;

async fn earn(issuer: &Issuer, points: i64) -> Result<(), Box<dyn Error>> {
    let member = "member-4711".parse()?;
    let change = issuer.update(&member, |pass| {
        if let Kind::Loyalty(card) = &mut pass.kind {
            card.points = Some(points.into());
        }
    });
    match change.await? {
        Change::Changed { version, notified, google, .. } => {
            println!("version {version}: {notified} iPhones were told, Google: {google:?}");
        }
        _ => println!("it said that already: nothing was written, and nobody was told"),
    }
    Ok(())
}
// README.md ends here.

// README.md begins here.
use axum::Router;

fn router(issuer: &Issuer) -> Router {
    // It answers phones, browsers and Google: mount it where the issuer's address says.
    let wallet = issuer.service(|log| {
        for line in log.lines {
            eprintln!("a phone says: {} {}", line.what, line.complaint.mend());
        }
    });
    Router::new().nest_service("/wallet", wallet)
}

async fn run(issuer: Issuer) -> std::io::Result<()> {
    let worker = issuer.clone();
    tokio::spawn(async move { worker.worker(std::future::pending()).await }); // does what could not be done at once
    axum::serve(tokio::net::TcpListener::bind("127.0.0.1:8080").await?, router(&issuer)).await
}
// README.md ends here.

use walletpass::webservice::store::MemoryStore;
use walletpass_issuer_examples::fakes::Fakes;
use walletpass_issuer_examples::settings::FastClock;
use walletpass_testkit::{Authority, ServiceAccount};

#[tokio::test]
async fn the_programs_of_the_readme_issue_and_change_a_card() {
    // Paths in the README begin at the root of the repository.
    std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).unwrap();
    std::fs::create_dir_all("target").unwrap();
    let _ = std::fs::remove_file("target/passes.db");

    let credentials = Authority::new().issue(Fakes::PASS_TYPE, "A1B2C3D4E5");
    let key_file = ServiceAccount::new().json();
    let real = issuer(&credentials.p12(), credentials.passphrase(), key_file.expose().as_bytes()).unwrap();
    issue(&real).await.unwrap();

    // What changes a card asks Google, so this one has a made-up Google.
    let fakes = Fakes::start(FastClock::start(1)).unwrap();
    let settings = fakes.settings();
    let issuer = Issuer::new(Arc::new(MemoryStore::new()), "https://passes.example".parse().unwrap());
    let issuer = issuer.unwrap().apple(settings.identity().unwrap(), settings.push().unwrap());
    let issuer = issuer.google(settings.google_client().unwrap());
    issue(&issuer).await.unwrap();
    earn(&issuer, 2_500).await.unwrap();
    fakes.object(&"member-4711".parse().unwrap(), "ACTIVE", 2_500).await.unwrap();
    assert!(router(&issuer).has_routes());
    assert!(tokio::time::timeout(std::time::Duration::ZERO, run(issuer)).await.is_err(), "it serves");
}

#[test]
fn they_are_the_programs_of_the_readme() {
    let here = include_str!("readme.rs");
    let programs: Vec<_> = here.split("// README.md begins here.\n").skip(1).collect();
    assert_eq!(programs.len(), 3);
    for program in programs {
        let program = program.split("// README.md ends here.").next().unwrap();
        assert!(include_str!("../../../README.md").contains(program.trim()), "README.md lacks:\n{program}");
    }
}
