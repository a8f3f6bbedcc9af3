//! The tables, as Markdown.

use walletpass_benches::{Machine, Spread, grouped, table};

use crate::measured::{MANY, Measured, Over, WAYS};
use crate::shop::Ask;

/// Writes the whole page.
pub(crate) fn page(machine: &Machine, tables: &str) -> String {
    format!(
        "# What the devices cost\n\n\
         Written by a program, never by hand: {COMMAND}\n\n\
         {machine}\n\
         {tables}\n\
         ## How it is measured\n\n{HOW}"
    )
}

/// Writes all tables.
pub(crate) fn tables(measured: &Measured, sizes: &[u64]) -> String {
    let mut sections: Vec<String> = Ask::ALL.iter().map(|ask| rates(measured, *ask, sizes)).collect();
    sections.extend([bursts(measured), base_lines(measured)]);
    sections.join("\n")
}

/// Requests of one kind a second: a column for each size.
fn rates(measured: &Measured, ask: Ask, sizes: &[u64]) -> String {
    let title = match ask {
        Ask::List => "List: what changed since a recent tag, 200, a second",
        Ask::Fetch => "Fetch: a pass that has not changed, 304, a second",
        Ask::Register => "Register: a new device each time, 201, a second",
    };
    let rows = stores(measured).into_iter().flat_map(|store| WAYS.map(|(over, in_flight)| (store, over, in_flight)));
    let rows = rows.filter_map(|(store, over, in_flight)| {
        let found = |passes: u64| {
            let figure = measured.figures.iter().find(|figure| {
                (figure.store, figure.ask, figure.over, figure.in_flight, figure.passes)
                    == (store, ask, over, in_flight, passes)
            });
            figure.map(|figure| figure.rate)
        };
        let rates: Vec<Option<Spread>> = sizes.iter().map(|passes| found(*passes)).collect();
        let is_there = || rates.iter().flatten();
        let (first, last) = (is_there().next()?, is_there().last()?);
        let over = match over {
            Over::InProcess => "in process",
            Over::Loopback => "loopback",
        };
        let mut row = vec![store.to_owned(), over.to_owned(), in_flight.to_string()];
        row.extend(rates.iter().map(|rate| rate.map_or("not measured".to_owned(), |rate| rate.shown(1.0, 0))));
        row.push(format!("{:.2}", last.median / first.median));
        Some(row)
    });
    let columns: Vec<String> = sizes.iter().map(|passes| format!("{} passes", grouped(*passes))).collect();
    let mut head = vec!["store", "how", "in flight"];
    head.extend(columns.iter().map(String::as_str));
    head.push("last for one of the first");
    table(title, &head, rows)
}

fn bursts(measured: &Measured) -> String {
    let rows = measured.bursts.iter().map(|burst| {
        let times = [burst.all, burst.median, burst.slowest].map(|seconds| seconds.shown(1e3, 1));
        let mut row = vec![burst.store.to_owned(), grouped(burst.passes)];
        row.extend(times);
        row
    });
    let title =
        format!("{} connections at once, each with one list, milliseconds", grouped(measured.connections as u64));
    table(&title, &["store", "passes", "until all are answered", "the connection in the middle", "the slowest"], rows)
}

fn base_lines(measured: &Measured) -> String {
    let Measured { signatures, disk, server: [one, many], .. } = measured;
    let row = |what: &str, rate: &Spread| vec![what.to_owned(), rate.shown(1.0, 0)];
    let rows = [
        row("bare RSA-2048 signature, one core: what each pass that did change costs besides", signatures),
        row("4 KiB written and waited for: what a commit that survives a loss of power waits for", disk),
        row("hyper with an empty answer, over loopback, 1 in flight", one),
        row(&format!("the same, {MANY} in flight"), many),
    ];
    table("Base lines of the same run, a second", &["what", "median (quartiles)"], rows.into_iter())
}

/// Gives the names of the stores, in their order.
fn stores(measured: &Measured) -> Vec<&'static str> {
    let mut stores = Vec::new();
    for figure in &measured.figures {
        if !stores.contains(&figure.store) {
            stores.push(figure.store);
        }
    }
    stores
}

const COMMAND: &str = "`cargo bench -p walletpass-benches --bench device -- --sizes 1000,100000,1000000 --write`.";

const HOW: &str = "\
- Each pass is `examples/passes/loyalty.json`, 760 bytes as the host keeps it, and one device has registered for it. Serial numbers and \
devices come in no order, and each request is about any of the passes.
- In process is `DeviceApi::handle` over `StoredPasses`. Loopback is HTTP/1.1 with connections that are kept, hyper on both sides: the server \
and the devices share one process and its cores, so a server alone does more.
- The pass of a fetch is found twice, once for its token; nothing is drawn or signed, or the answer would not be 304, which is checked of each.
- Each registration is a commit of its own; those that wait together share the wait for the disk. Registrations stay, so that a store of few passes has \
more devices in the end than at the beginning.
- Rounds of all figures in turn, 60 milliseconds each; the median of seven and the quartiles. A burst is repeated five times; the listener's queue is 4,096 long.
- A flat curve has 1.00 in the last column. No request reads through more when there are more passes, but an index is deeper, and less \
of it is in the caches: those of the processor, and of 8 MiB for each connection of SQLite, behind \
which a page is copied from the system's. `MemoryStore` compares text all over the memory, under one lock; it is for tests.
";
