//! One node of several: in earnest the same program on another machine.

use std::io::{self, Read};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::sync::watch;
use walletpass::Issuer;
use walletpass::issuer::Outcome;
use walletpass::webservice::store::PostgresOptions;
use walletpass_issuer_examples::fakes::Fakes;
use walletpass_issuer_examples::settings::Settings;
use walletpass_issuer_examples::{Failed, host};

/// What a node is told in its first line of input.
#[derive(Serialize, Deserialize)]
pub(crate) struct Orders {
    pub(crate) name: String,
    pub(crate) task: Task,
    pub(crate) database: String,
    /// The schema of the tables, so that each run of the example has its own.
    pub(crate) schema: String,
    pub(crate) settings: Settings,
}

/// What a node does. In earnest each may do both.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(crate) enum Task {
    /// Answers whoever asks.
    Serve,
    /// Does what is due.
    Work,
}

/// Does what a node does, until its input ends. Its first line of output says that it is ready, and where.
pub(crate) async fn run() -> Result<(), Failed> {
    let mut orders = String::new();
    io::stdin().read_line(&mut orders)?;
    let Orders { name, task, database, schema, settings } = serde_json::from_str(&orders)?;

    let store = PostgresOptions::default().schema(schema).pool_size(8).connect(&database).await?;
    let issuer = Issuer::new(Arc::new(store), format!("https://{}/wallet", Fakes::HOST).parse()?)?
        .apple(settings.identity()?, settings.push()?)
        .google(settings.google_client()?)
        .clock(settings.clock());

    let (stop, stopped) = watch::channel(false);
    std::thread::spawn(move || {
        // It ends with the process that gave the orders.
        let _ = io::stdin().read_to_end(&mut Vec::new());
        stop.send_replace(true);
    });
    match task {
        Task::Serve => {
            let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
            println!("http://{}", listener.local_addr()?);
            Ok(host::serve(listener, issuer, stopped).await?)
        }
        Task::Work => {
            println!("working");
            work(&name, &issuer, &stopped).await
        }
    }
}

/// What [`host::work`] does, and says of it.
async fn work(name: &str, issuer: &Issuer, stopped: &watch::Receiver<bool>) -> Result<(), Failed> {
    while !*stopped.borrow() {
        let (mut woken, mut written) = (0, 0);
        for delivered in issuer.run_due(100).await? {
            match delivered.outcome {
                Outcome::Apple(_) => woken += 1,
                Outcome::Google(_) => written += 1,
                _ => {}
            }
        }
        if woken + written > 0 {
            println!(
                "{name}  does what is due: cards whose phones are woken {woken}, objects written at Google {written}"
            );
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}
