//! The clients in turn, round by round.

use std::env;
use std::error::Error;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use serde_json::{Value, json};
use walletpass_benches::Spread;

use crate::program::Program;

/// How much is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effort {
    Full,
    Smoke,
}

/// All figures.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) loads: Vec<Load>,
    pub(crate) memory: Vec<Memory>,
}

/// What a client does with so many pushes in flight.
#[derive(Debug)]
pub(crate) struct Load {
    pub(crate) client: String,
    pub(crate) in_flight: u64,
    /// Seconds of a core in the process of the client, for one push.
    pub(crate) cpu: Spread,
    /// The same in the process of the server.
    pub(crate) server: Spread,
    /// Pushes a second.
    pub(crate) rate: Spread,
}

/// The most that the process of our client held after so many pushes.
#[derive(Debug)]
pub(crate) struct Memory {
    pub(crate) tokens: u64,
    pub(crate) peak: u64,
}

impl Measured {
    pub(crate) fn take(effort: Effort, is_alone: bool) -> Result<Self, Box<dyn Error>> {
        let (rounds, seconds) = match effort {
            Effort::Full => (5, 0.35),
            Effort::Smoke => (1, 0.01),
        };
        let mut server = Program::role("server")?;
        let scene = server.ask(&Value::Null)?;
        let mut clients = Vec::new();
        for (name, program) in programs(is_alone)? {
            clients.push(Entrant::new(name, program, &scene)?);
        }
        let mut cells: Vec<Cell> = Vec::new();
        for in_flight in IN_FLIGHT {
            for (index, client) in clients.iter_mut().enumerate() {
                // Warms up, and finds how many pushes fill a slice.
                let pilot = client.push(&mut server, if effort == Effort::Full { 2_000 } else { 20 }, in_flight)?;
                let pushes = (seconds / pilot.wall * pilot.pushes).max(20.0) as u64;
                cells.push(Cell { index, in_flight, pushes, slices: Vec::new() });
            }
        }
        for _ in 0..rounds {
            for cell in &mut cells {
                let Some(client) = clients.get_mut(cell.index) else { continue };
                // Some close a connection that was idle for seconds.
                client.push(&mut server, 20, 1)?;
                cell.slices.push(client.push(&mut server, cell.pushes, cell.in_flight)?);
            }
        }
        let loads = cells.into_iter().filter_map(|cell| {
            let spread = |of: fn(&Slice) -> f64| Spread::of(cell.slices.iter().map(of).collect());
            Some(Load {
                client: clients.get(cell.index)?.name.to_owned(),
                in_flight: cell.in_flight,
                cpu: spread(|slice| slice.cpu / slice.pushes),
                server: spread(|slice| slice.server / slice.pushes),
                rate: spread(|slice| slice.pushes / slice.wall),
            })
        });
        let loads = loads.collect();
        drop(clients);
        let tokens = match effort {
            Effort::Full => &[1_000, 10_000, 100_000, 1_000_000][..],
            Effort::Smoke => &[100],
        };
        let mut memory = Vec::new();
        for tokens in tokens {
            // A process each, for what it held at most is never less again.
            let mut client = Entrant::new("ours", Program::role("ours")?, &scene)?;
            let peak = client.push(&mut server, *tokens, 1_000)?.peak;
            memory.push(Memory { tokens: *tokens, peak });
        }
        Ok(Self { loads, memory })
    }

    pub(crate) fn load(&self, client: &str, in_flight: u64) -> Option<&Load> {
        self.loads.iter().find(|load| load.client == client && load.in_flight == in_flight)
    }
}

struct Cell {
    index: usize,
    in_flight: u64,
    pushes: u64,
    slices: Vec<Slice>,
}

struct Slice {
    pushes: f64,
    wall: f64,
    cpu: f64,
    server: f64,
    peak: u64,
}

struct Entrant {
    name: &'static str,
    program: Program,
}

impl Entrant {
    fn new(name: &'static str, mut program: Program, scene: &Value) -> Result<Self, Box<dyn Error>> {
        program.ask(scene)?;
        Ok(Self { name, program })
    }

    #[expect(clippy::disallowed_methods, reason = "a stopwatch is a clock of its own")]
    fn push(&mut self, server: &mut Program, pushes: u64, in_flight: u64) -> Result<Slice, Box<dyn Error>> {
        let number = |value: &Value, name: &str| value.get(name).and_then(Value::as_f64).unwrap_or_default();
        let before = server.ask(&Value::Null)?;
        let begun = Instant::now();
        let told = self.program.ask(&json!({ "pushes": pushes, "in_flight": in_flight }))?;
        let wall = begun.elapsed().as_secs_f64();
        let after = server.ask(&Value::Null)?;
        let came = number(&after, "count") - number(&before, "count");
        if number(&told, "delivered") != pushes as f64 || came != pushes as f64 {
            return Err(format!("{} of {pushes} pushes: {told}, {came} came", self.name).into());
        }
        let server = number(&after, "cpu") - number(&before, "cpu");
        let peak = told.get("peak").and_then(Value::as_u64).unwrap_or_default();
        Ok(Slice { pushes: pushes as f64, wall, cpu: number(&told, "cpu"), server, peak })
    }
}

#[expect(clippy::disallowed_methods, reason = "which Python has aioapns, the environment says")]
fn programs(is_alone: bool) -> Result<Vec<(&'static str, Program)>, Box<dyn Error>> {
    let mut programs = vec![("bare h2", Program::role("bare")?), ("ours", Program::role("ours")?)];
    programs.push(("ours, on two threads", Program::role("ours on two threads")?));
    if !is_alone {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("push");
        let python = env::var_os("WALLETPASS_PYTHON").ok_or("set WALLETPASS_PYTHON to what `.ci/strangers` prints")?;
        programs.push(("node, http2", Program::start(Command::new("node").arg(here.join("node.mjs")))?));
        let aioapns = Program::start(Command::new(python).arg("-B").arg(here.join("python.py")))?;
        programs.push(("Python, aioapns", aioapns));
    }
    Ok(programs)
}

/// How many pushes are under way at once.
pub(crate) const IN_FLIGHT: [u64; 3] = [1, 100, 1_000];
