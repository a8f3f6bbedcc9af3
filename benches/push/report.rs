//! The tables, as Markdown.

use std::fmt::Write;

use walletpass_benches::{Machine, Spread};

use crate::contest::{IN_FLIGHT, Load, Measured, Memory};

/// Writes the whole page.
pub(crate) fn page(machine: &Machine, tables: &str) -> String {
    format!(
        "# What a push costs\n\n\
         Written by a program, never by hand: {COMMAND}\n\n\
         {machine}\n\
         {tables}\n\
         ## How it is measured\n\n{HOW}"
    )
}

pub(crate) fn tables(measured: &Measured) -> String {
    let sections = [bar(measured), loads(measured), memory(&measured.memory)];
    sections.join("\n")
}

fn bar(measured: &Measured) -> String {
    let mut text = String::from("## Against the bar\n\n| what | bar | median (quartiles) | |\n|---|---|---|---|\n");
    let verdict = |is_met: bool| if is_met { "met" } else { "**missed**" };
    if let Some(load) = measured.load("ours", 1_000) {
        let is_met = load.cpu.median <= 22e-6;
        let _ = writeln!(
            text,
            "| CPU per push, 1,000 in flight, microseconds | at most 17 to 22, as a2 | {} | {} |",
            spread(load.cpu, 1e6, 1),
            verdict(is_met)
        );
    }
    if let Some(load) = measured.load("ours", 1) {
        let is_met = load.rate.median >= 1_000.0;
        let _ = writeln!(
            text,
            "| pushes a second, one at a time | no delays of TCP (a2: 22) | {} | {} |",
            spread(load.rate, 1.0, 0),
            verdict(is_met)
        );
    }
    let peaks = || measured.memory.iter().filter(|memory| memory.tokens >= 10_000).map(|memory| memory.peak);
    if let (Some(least), Some(most)) = (peaks().min(), peaks().max()) {
        let grown = most - least;
        let _ = writeln!(
            text,
            "| memory, a million tokens over ten thousand, KB | flat | {grown} more | {} |",
            verdict(grown <= 1_024)
        );
    }
    text
}

fn loads(measured: &Measured) -> String {
    let mut text = String::from(
        "## Beside others\n\n\
         | in flight | client | CPU per push, microseconds | pushes a second | CPU per push in the server, microseconds |\n\
         |---|---|---|---|---|\n",
    );
    for in_flight in IN_FLIGHT {
        for Load { client, cpu, server, rate, .. } in measured.loads.iter().filter(|load| load.in_flight == in_flight) {
            let (cpu, rate, server) = (spread(*cpu, 1e6, 1), spread(*rate, 1.0, 0), spread(*server, 1e6, 1));
            let _ = writeln!(text, "| {in_flight} | {client} | {cpu} | {rate} | {server} |");
        }
    }
    text
}

fn memory(memory: &[Memory]) -> String {
    let mut text = String::from("## Memory\n\n| tokens of one fan-out | most memory of the process, KB |\n|---|---|\n");
    for Memory { tokens, peak } in memory {
        let _ = writeln!(text, "| {tokens} | {peak} |");
    }
    text
}

fn spread(spread: Spread, unit: f64, digits: usize) -> String {
    let Spread { median, low, high, .. } = spread;
    format!("{:.digits$} ({:.digits$} to {:.digits$})", median * unit, low * unit, high * unit)
}

const COMMAND: &str = "`cargo bench -p walletpass-benches --bench push -- --write`.";

const HOW: &str = "\
The server is `FakeApns` of the testkit, in a process of its own: HTTP/2 over TLS on loopback, one thread. It judges each push as APNs would,
keeps the first 10,000 and counts the others. Each client is a process with one connection, a certificate of the pass type and the same
headers, and waits until it is its turn; five rounds of all in turn, slices of a third of a second after a warm-up. *CPU* is what
the process of the client has used of the cores, kernel included (`CLOCK_PROCESS_CPUTIME_ID`, `process.cpuUsage`, `time.process_time`).

- *bare h2*: the crate `h2` over rustls, on one thread: the request, its two bytes, the status of the answer. No time limit, no outcome, no
  second try, no new connection.
- *ours*: `FanOut` over `Apns`, on one thread. *On two threads*: on tokio's runtime for several threads, whose threads wake each other.
- *node*: one session of `http2`, used as its documentation shows. *aioapns*: one connection, told to push to another host by a
  subclass of its protocol.

Rates are those of a client and the server together. CPU of both times the rate is less than one core of two for *bare h2* and *ours*: they work in
turn, batch by batch, and neither is what limits the other. The crate `a2` has no row, for it cannot be pointed at a server of one's own. Memory is the
most that a fresh process held (`VmHWM`) after a fan-out with 1,000 in flight, tokens from an iterator.
";
