//! One update, before the eyes of whoever runs an example.

use std::net::TcpListener;
use std::sync::Arc;

use url::Url;
use walletpass_webservice::store::MemoryStore;
use walletpass_webservice::{DeviceApi, StoredPasses};

use crate::{Club, Failed};

/// Serves a club by a framework and has a phone take an update; with `--serve` it keeps serving, and says what to ask for.
///
/// # Errors
///
/// Whatever goes wrong. A complaint of the phone is an error too.
pub async fn run<F>(serve: impl FnOnce(TcpListener, DeviceApi<StoredPasses>) -> F) -> Result<(), Failed>
where
    F: Future<Output = std::io::Result<()>> + Send + 'static,
{
    let keeps_serving = std::env::args().any(|argument| argument == "--serve");
    let club = Club::open(Arc::new(MemoryStore::new()))?;
    club.put(SERIAL, 2_450).await?;

    let listener = TcpListener::bind(("127.0.0.1", if keeps_serving { 8080 } else { 0 }))?;
    listener.set_nonblocking(true)?;
    let url = Url::parse(&format!("http://{}", listener.local_addr()?))?;
    let server = tokio::spawn(serve(listener, club.api()));
    if keeps_serving {
        say_what_to_ask(&club, &url).await?;
        return Ok(server.await??);
    }
    update(&club, &url).await
}

async fn update(club: &Club, url: &Url) -> Result<(), Failed> {
    let mut phone = club.phone(url);
    phone.add(&club.package(SERIAL).await?).await?;
    println!("The phone has card {SERIAL} with {} points, and registered for it.", points(&phone));

    club.put(SERIAL, 2_500).await?;
    println!(
        "The club writes 2500 points. Here `walletpass-push` would have Apple wake the phones that hold the card."
    );
    for token in club.push_tokens(SERIAL).await? {
        let wakeup = phone.push(Club::PASS_TYPE, &token).await.ok_or("the push token is not the phone's")?;
        println!("The phone asks what changed, fetches it, and shows: {:?}", wakeup.messages());
    }
    println!("The phone has card {SERIAL} with {} points.", points(&phone));

    let again = phone.refresh(Club::PASS_TYPE, SERIAL).await;
    println!("The holder pulls the card down: not modified since, {:?}.", again.not_modified);
    phone.remove(Club::PASS_TYPE, SERIAL).await;
    println!("The holder deletes the card; phones to wake: {}.", club.push_tokens(SERIAL).await?.len());
    match phone.complaints() {
        [] => Ok(()),
        complaints => Err(complaints.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n").into()),
    }
}

fn points(phone: &walletpass_testkit::Iphone) -> String {
    let fields = phone.pass(Club::PASS_TYPE, SERIAL).visible_fields();
    fields.into_iter().find(|field| field.key == "points").map(|field| field.value).unwrap_or_default()
}

async fn say_what_to_ask(club: &Club, url: &Url) -> Result<(), Failed> {
    let token = club.token(SERIAL).await?;
    let (base, pass_type, token) = (url.join("wallet/v1/")?, Club::PASS_TYPE, token.expose());
    println!("Register a device, ask what changed, fetch the card (a second time with its Last-Modified), log:\n");
    let authorization = format!("-H 'Authorization: ApplePass {token}'");
    let registrations = format!("{base}devices/my-device/registrations/{pass_type}");
    println!("  curl -i {authorization} -d '{{\"pushToken\":\"00ff\"}}' {registrations}/{SERIAL}");
    println!("  curl -i {registrations}");
    println!("  curl -D - -o card.pkpass {authorization} {base}passes/{pass_type}/{SERIAL}");
    println!("  curl -i {authorization} -H 'If-Modified-Since: …' {base}passes/{pass_type}/{SERIAL}");
    println!("  curl -i -d '{{\"logs\":[\"hello\"]}}' {base}log");
    Ok(())
}

const SERIAL: &str = "member-4711";
