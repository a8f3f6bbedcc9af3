//! Many new connections at once.

use std::net::SocketAddr;
use std::sync::Arc;

use walletpass_benches::{Spread, Stopwatch};

use crate::shop::{Ask, Shop};
use crate::wire::Line;

/// What some bursts found, in seconds.
#[derive(Debug, Default)]
pub(crate) struct Bursts {
    all: Vec<f64>,
    median: Vec<f64>,
    slowest: Vec<f64>,
}

impl Bursts {
    /// Opens so many connections at once, each of which asks what changed, and waits for all answers.
    pub(crate) async fn measure(&mut self, shop: &Arc<Shop>, address: SocketAddr, connections: usize) {
        let all = Stopwatch::start();
        let devices: Vec<_> = (0..connections)
            .map(|_| {
                let shop = Arc::clone(shop);
                tokio::spawn(async move {
                    let own = Stopwatch::start();
                    let status = Line::connect(address).await.ask(shop.request(Ask::List)).await;
                    assert_eq!(status, Ask::List.answer());
                    own.elapsed().as_secs_f64()
                })
            })
            .collect();
        let mut seconds = Vec::new();
        for device in devices {
            seconds.push(device.await.expect("every device gets its answer"));
        }
        self.all.push(all.elapsed().as_secs_f64());
        self.slowest.push(seconds.iter().copied().fold(0.0, f64::max));
        self.median.push(Spread::of(seconds).median);
    }

    /// Gives the time until all are answered, that of the device in the middle, and that of the last.
    pub(crate) fn spreads(&self) -> [Spread; 3] {
        [&self.all, &self.median, &self.slowest].map(|seconds| Spread::of(seconds.clone()))
    }
}
