//! The process of the fake APNs.

use std::error::Error;
use std::io;

use serde_json::json;
use walletpass_benches::used;
use walletpass_testkit::{Authority, FakeApns};

use crate::scene::Scene;

/// Answers the first line with the scene, and each further one with how many pushes came and what they cost here.
pub(crate) fn serve() -> Result<(), Box<dyn Error>> {
    let authority = Authority::new();
    let apns = FakeApns::start(&authority);
    let mut lines = io::stdin().lines();
    if lines.next().is_some() {
        println!("{}", Scene::new(&apns, &authority).json());
    }
    for line in lines {
        line?;
        println!("{}", json!({ "count": apns.count(), "cpu": used().as_secs_f64() }));
    }
    Ok(())
}
