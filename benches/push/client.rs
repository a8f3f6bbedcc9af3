//! The process of a client in Rust, and our own.

use std::error::Error;
use std::io;
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};
use walletpass_benches::used;
use walletpass_push::{Apns, ClientCertificate, FanOut};

use crate::scene::{Scene, TOPIC, peak, token};

/// Pushes when it is told to.
pub(crate) trait Client {
    /// Pushes to so many tokens, so many at a time, and says how many were delivered.
    async fn push(&mut self, pushes: u64, in_flight: usize) -> Result<u64, Box<dyn Error>>;
}

/// The fan-out through our client.
pub(crate) struct Ours(Arc<Apns>);

impl Ours {
    pub(crate) fn new(scene: &Scene) -> Result<Self, Box<dyn Error>> {
        let Scene { url, root, certificate, key } = scene;
        let certificate = ClientCertificate::from_pem(&TOPIC.parse()?, certificate.as_bytes(), key.as_bytes(), None)?;
        let apns = Apns::new(certificate)?.with_server(url)?.with_roots(root.as_bytes())?;
        Ok(Self(Arc::new(apns)))
    }
}

impl Client for Ours {
    async fn push(&mut self, pushes: u64, in_flight: usize) -> Result<u64, Box<dyn Error>> {
        let push = Arc::clone(&self.0);
        let fan_out = FanOut::new(push).with_in_flight(in_flight);
        let tally = fan_out.wake_all(&TOPIC.parse()?, (0..pushes).map(token), |_, _| {}).await;
        Ok(tally.delivered)
    }
}

/// Answers lines on standard input: the scene, then what to push. All on one thread.
pub(crate) fn serve<C: Client>(start: impl FnOnce(&Scene) -> Result<C, Box<dyn Error>>) -> Result<(), Box<dyn Error>> {
    serve_on(&Builder::new_current_thread().enable_all().build()?, start)
}

/// Does the same on two threads, as a host with a server of its own would.
pub(crate) fn serve_on_threads<C: Client>(
    start: impl FnOnce(&Scene) -> Result<C, Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    serve_on(&Builder::new_multi_thread().worker_threads(2).enable_all().build()?, start)
}

fn serve_on<C: Client>(
    runtime: &Runtime,
    start: impl FnOnce(&Scene) -> Result<C, Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let mut lines = io::stdin().lines();
    let scene = lines.next().ok_or("nobody tells the scene")??;
    let mut client = start(&Scene::read(&serde_json::from_str(&scene)?).ok_or("this is no scene")?)?;
    println!("null");
    for line in lines {
        let asked: Value = serde_json::from_str(&line?)?;
        let number = |name: &str| asked.get(name).and_then(Value::as_u64).ok_or("a number is missing");
        let (pushes, in_flight) = (number("pushes")?, usize::try_from(number("in_flight")?)?);
        let before = used();
        let delivered = runtime.block_on(client.push(pushes, in_flight))?;
        let cpu = (used() - before).as_secs_f64();
        println!("{}", json!({ "delivered": delivered, "cpu": cpu, "peak": peak() }));
    }
    Ok(())
}
