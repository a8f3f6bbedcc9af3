//! A club on one machine: axum, SQLite, and a card from its creation to its end.
//!
//! ```text
//! cargo run --example issuer
//! ```
//!
//! The host is in `src/host.rs`; everybody else, Apple and Google too, is made up and on the loopback.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "examples print")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;
use walletpass::Issuer;
use walletpass::issuer::{Change, Notice, Scan, Scanned};
use walletpass::model::Serial;
use walletpass::url::Url;
use walletpass::webservice::store::SqliteStore;
use walletpass_issuer_examples::fakes::Fakes;
use walletpass_issuer_examples::settings::FastClock;
use walletpass_issuer_examples::{Failed, host, with_causes};
use walletpass_testkit::Iphone;

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Folder::new() {
        Ok(folder) => run(&folder.0).await,
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", with_causes(&error));
            ExitCode::FAILURE
        }
    }
}

async fn run(folder: &Path) -> Result<(), Failed> {
    let fakes = Fakes::start(FastClock::start(1))?;
    let settings = fakes.settings();

    // A host begins here, with a certificate, an account and an address of its own.
    let store = Arc::new(SqliteStore::open(folder.join("passes.db"))?);
    let issuer = Issuer::new(store, format!("https://{}/wallet", Fakes::HOST).parse()?)?
        .apple(settings.identity()?, settings.push()?)
        .google(settings.google_client()?);
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let server: Url = format!("http://{}", listener.local_addr()?).parse()?;
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(host::work(issuer.clone(), stopped.clone()));
    let serving = tokio::spawn(host::serve(listener, issuer.clone(), stopped));

    life(&fakes, &issuer, &server).await?;

    stop.send_replace(true);
    worker.await?;
    Ok(serving.await??)
}

/// The life of a card, as each side sees it. What is done to the issuer here is what a handler of a request would do.
async fn life(fakes: &Fakes, issuer: &Issuer, server: &Url) -> Result<(), Failed> {
    let mut phone = fakes.phone(server);
    let mut pushes = 0;

    let issued = issuer.create(&host::card("member-4711".parse()?)?).await?;
    let member = &issued.serial;
    let (apple, google) = (issued.kinds.apple.unwrap_or_default(), issued.kinds.google.unwrap_or_default());
    println!("club    creates {member}: {apple} for Apple Wallet, {google} for Google Wallet");

    let address = issued.apple.as_ref().ok_or("the issuer has no Apple identity")?;
    let (status, package) = fakes.get(address, server).await?;
    phone.add(&package).await?;
    println!("phone   downloads the card ({status}), adds it, and registers; {}", shown(&phone));
    fakes.save(issued.google.as_ref().ok_or("the issuer has no Google client")?).await?;
    println!("Google  saves the card by its link; {}", fakes.object(member, "ACTIVE", 2_450).await?);

    let change = issuer.update(member, |pass| host::set_points(pass, 2_500)).await?;
    println!("club    sets 2,500 points: {}", told(&change));
    let wakeup = fakes.wake(&mut phone, &mut pushes).await?;
    println!("phone   wakes up, fetches the card, and says {:?}; {}", wakeup.messages(), shown(&phone));
    println!("Google  changes its card; {}", fakes.object(member, "ACTIVE", 2_500).await?);

    let change = issuer.update(member, |pass| host::set_points(pass, 2_500)).await?;
    println!("club    sets 2,500 points again: {}", told(&change));

    let notified = issuer.notify(member, &Notice::new("Free refills on Sunday")).await?;
    println!("club    has news for its holder: phones told {}, Google {:?}", notified.notified, notified.google);
    let wakeup = fakes.wake(&mut phone, &mut pushes).await?;
    println!("phone   wakes up, fetches the card, and says {:?}", wakeup.messages());

    for _ in 0..2 {
        let Scanned { verdict, change, .. } = issuer.scan(member, &Scan::redeem().at("Till 3")).await?;
        println!("club    scans the card at a till, to redeem it: it is {verdict:?}; {}", told(&change));
    }
    after_change(fakes, &mut phone, &mut pushes, member, "COMPLETED").await?;
    println!("club    reinstates the card: {}", told(&issuer.reinstate(member).await?));
    after_change(fakes, &mut phone, &mut pushes, member, "ACTIVE").await?;
    println!("club    voids the card: {}", told(&issuer.void(member).await?));
    after_change(fakes, &mut phone, &mut pushes, member, "INACTIVE").await?;

    issuer.delete(member).await?;
    let (status, _) = fakes.get(address, server).await?;
    println!("club    deletes the card: its address answers {status}");
    println!("phone   is not told, and keeps what it has; {}", shown(&phone));
    println!("Google  deletes nothing, ever; {}", fakes.object(member, "INACTIVE", 2_500).await?);
    match phone.complaints() {
        [] => Ok(()),
        complaints => Err(complaints.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n").into()),
    }
}

async fn after_change(
    fakes: &Fakes,
    phone: &mut Iphone,
    pushes: &mut usize,
    member: &Serial,
    state: &str,
) -> Result<(), Failed> {
    fakes.wake(phone, pushes).await?;
    println!("phone   wakes up and fetches the card; {}", shown(phone));
    println!("Google  changes its card; {}", fakes.object(member, state, 2_500).await?);
    Ok(())
}

fn told(change: &Change) -> String {
    match change {
        Change::Changed { version, notified, google, .. } => {
            format!("version {version}, phones told {notified}, Google {google:?}")
        }
        _ => "nothing is new, nobody is told".to_owned(),
    }
}

fn shown(phone: &Iphone) -> String {
    let pass = phone.pass(Fakes::PASS_TYPE, "member-4711");
    let points = pass.visible("points").map(|field| field.value).unwrap_or_default();
    let voided = pass.json().get("voided").is_some_and(|voided| voided == true);
    format!("it shows {points} points{}", if voided { ", greyed out as void" } else { "" })
}

/// A folder of its own, gone in the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> std::io::Result<Self> {
        let folder = std::env::temp_dir().join(format!("walletpass-issuer-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What the system cleans up in time.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
