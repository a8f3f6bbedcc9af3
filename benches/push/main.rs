//! What a push costs: our client beside bare `h2`, node's `http2` and a Python client, against the fake APNs in a process of its own.
//!
//! ```text
//! cargo bench -p walletpass-benches --bench push                 prints the tables, after some 90 seconds
//! cargo bench -p walletpass-benches --bench push -- --write      writes PUSH.md too
//!   --alone   without node and Python
//!   --smoke   shows that it runs, in seconds, alone; the figures mean nothing
//! ```
//!
//! Node is taken from the path, and `WALLETPASS_PYTHON` is what `.ci/strangers` prints. Each client is a process that waits until it is
//! its turn, and tells what its own process has used of the cores.
#![allow(clippy::print_stdout)]
#![expect(clippy::expect_used, reason = "a bench whose fixture fails cannot go on")]

mod bare;
mod client;
mod contest;
mod program;
mod report;
mod scene;
mod server;

use std::error::Error;
use std::fs;
use std::path::Path;

use pico_args::Arguments;
use walletpass_benches::Machine;

use self::contest::{Effort, Measured};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = Arguments::from_env();
    args.contains("--bench"); // cargo says it
    match args.opt_value_from_str::<_, String>("--role")?.as_deref() {
        Some("bare") => return client::serve(bare::Bare::new),
        Some("ours") => return client::serve(client::Ours::new),
        Some("ours on two threads") => return client::serve_on_threads(client::Ours::new),
        Some("server") => return server::serve(),
        Some(role) => return Err(format!("there is no role {role}").into()),
        None => {}
    }
    let is_smoke = args.contains("--smoke") | args.contains("--test");
    let (is_written, is_alone) = (args.contains("--write"), args.contains("--alone"));
    if let Some(other) = args.finish().first() {
        return Err(format!("{} is no option: --write, --alone, --smoke", other.display()).into());
    }
    if is_written && (is_smoke || is_alone) {
        return Err("what is written has all clients, and none of them in haste".into());
    }
    let measured = Measured::take(if is_smoke { Effort::Smoke } else { Effort::Full }, is_smoke || is_alone)?;
    let tables = report::tables(&measured);
    println!("{tables}");
    if is_written {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("PUSH.md");
        fs::write(file, report::page(&Machine::look(), &tables))?;
    }
    Ok(())
}
