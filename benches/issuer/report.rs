//! The tables, as Markdown.

use std::time::Duration;

use walletpass_benches::{Machine, Spread, grouped, quantile, table};

use crate::desk::{Ask, Wallets};
use crate::journey::Legs;
use crate::measured::{Figure, Measured, WAYS};

/// Writes the whole page.
pub(crate) fn page(machine: &Machine, tables: &str) -> String {
    format!(
        "# What the issuer costs\n\n\
         Written by a program, never by hand: {COMMAND}\n\n\
         {machine}\n\
         {tables}\n\
         ## How it is measured\n\n{HOW}"
    )
}

/// Writes all tables.
pub(crate) fn tables(measured: &Measured, sizes: &[u64]) -> String {
    let of_apple = [Ask::Create(Wallets::Apple), Ask::Update(Wallets::Apple), Ask::Keep(Wallets::Apple)];
    let both = [Ask::Create(Wallets::Both), Ask::Update(Wallets::Both), Ask::Keep(Wallets::Both)];
    let all: Vec<Ask> = of_apple.into_iter().zip(both).flat_map(|(apple, both)| [apple, both]).collect();
    let titles =
        ["Created, a second", "Changed and delivered, a second", "Not changed: `update` to the same value, a second"];
    let mut sections = Vec::new();
    for (title, asks) in titles.iter().zip(all.chunks(2)) {
        sections.push(grid(measured, sizes, title, asks, Unit { of: |figure| figure.rate, factor: 1.0, digits: 0 }));
    }
    let changes = [Ask::Update(Wallets::Apple), Ask::Update(Wallets::Both), Ask::Bare];
    let title = "What a change costs this process, microseconds of a core";
    sections.push(grid(measured, sizes, title, &changes, Unit { of: |figure| figure.core, factor: 1e6, digits: 0 }));
    let title = "How many times as long as the bare read and commit";
    sections.push(grid(measured, sizes, title, &all, Unit { of: |figure| figure.to_bare, factor: 1.0, digits: 2 }));
    sections.extend([journeys(measured), base_lines(measured, sizes)]);
    sections.join("\n")
}

/// What a table shows of a figure.
struct Unit {
    of: fn(&Figure) -> Spread,
    factor: f64,
    digits: usize,
}

/// A row for each store and question and number in flight, a column for each size.
fn grid(measured: &Measured, sizes: &[u64], title: &str, asks: &[Ask], unit: Unit) -> String {
    let Unit { of, factor, digits } = unit;
    let shown = |figure: &Figure| of(figure).shown(factor, digits);
    let mut rows = Vec::new();
    for store in stores(measured) {
        for &ask in asks {
            for in_flight in WAYS {
                let found = |passes: &u64| {
                    measured.figures.iter().find(|figure| {
                        (figure.store, figure.ask, figure.in_flight, figure.passes) == (store, ask, in_flight, *passes)
                    })
                };
                let figures: Vec<_> = sizes.iter().map(found).collect();
                let there = || figures.iter().flatten();
                let (Some(first), Some(last)) = (there().next(), there().last()) else { continue };
                let mut row = vec![store.to_owned(), named(ask).to_owned(), in_flight.to_string()];
                row.extend(figures.iter().map(|figure| figure.map_or("not measured".to_owned(), shown)));
                row.push(format!("{:.2}", of(last).median / of(first).median));
                rows.push(row);
            }
        }
    }
    let columns: Vec<String> = sizes.iter().map(|passes| format!("{} passes", grouped(*passes))).collect();
    let mut head = vec!["store", "what", "in flight"];
    head.extend(columns.iter().map(String::as_str));
    head.push("last for one of the first");
    table(title, &head, rows.into_iter())
}

fn journeys(measured: &Measured) -> String {
    let signature = 1.0 / measured.signatures.median;
    let rows = measured.journeys.iter().flat_map(|journeys| {
        type Leg = (&'static str, fn(&Legs) -> Duration);
        let legs: [Leg; 4] = [
            ("APNs has the push", |legs| legs.pushed),
            ("`update` returns", |legs| legs.returned),
            ("**the phone shows it**", |legs| legs.shown),
            ("of that, the phone judges the package", |legs| legs.judged),
        ];
        legs.map(|(leg, of)| {
            let mut seconds: Vec<f64> = journeys.legs.iter().map(|legs| of(legs).as_secs_f64()).collect();
            seconds.sort_by(f64::total_cmp);
            let [median, high, highest] = [0.5, 0.95, 0.99].map(|share| quantile(&seconds, share));
            let mut row = vec![journeys.store.to_owned(), leg.to_owned()];
            row.extend([median, high, highest].map(|seconds| format!("{:.2}", seconds * 1e3)));
            row.push(format!("{:.2}", signature / median));
            row
        })
    });
    let title = "From the call of `update` to the phone, milliseconds";
    table(title, &["store", "until", "median", "95th of 100", "99th of 100", "share of one bare signature"], rows)
}

fn base_lines(measured: &Measured, sizes: &[u64]) -> String {
    let bare =
        measured.figures.iter().filter(|figure| figure.ask == Ask::Bare && Some(&figure.passes) == sizes.first());
    let mut rows = vec![
        line("bare RSA-2048 signature, one core", &measured.signatures),
        line("4 KiB written and waited for", &measured.disk),
    ];
    rows.extend(bare.map(|figure| {
        let Figure { store, passes, in_flight, rate, .. } = figure;
        line(&format!("{store}, {} passes, {in_flight} in flight: bare read and commit", grouped(*passes)), rate)
    }));
    table("Base lines of the same run, a second", &["what", "median (quartiles)"], rows.into_iter())
}

fn line(what: &str, rate: &Spread) -> Vec<String> {
    vec![what.to_owned(), rate.shown(1.0, 0)]
}

fn named(ask: Ask) -> &'static str {
    match ask {
        Ask::Create(Wallets::Apple) => "create, Apple",
        Ask::Create(Wallets::Both) => "create, both",
        Ask::Update(Wallets::Apple) => "update, Apple",
        Ask::Update(Wallets::Both) => "update, both",
        Ask::Keep(Wallets::Apple) => "no change, Apple",
        Ask::Keep(Wallets::Both) => "no change, both",
        Ask::Bare => "bare read and commit",
    }
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

const COMMAND: &str = "`cargo bench -p walletpass-benches --bench issuer -- --sizes 1000,100000,1000000 --write`.";

const HOW: &str = "\
- Each pass is `examples/passes/loyalty.json` as the issuer keeps it, with what it remembers of the object at Google; one device has registered for each. \
Serial numbers come in no order, and those that are changed at once are different passes.
- Changed and delivered: a point more, so that `update` reads the pass, draws it for its wallets, commits the version with its event and its errands, claims these, \
wakes the device or patches the object, and commits that this is done. Every answer is checked: one device was told, and Google has it. Nothing is signed.
- Created: with three pictures, 210 KB, which the store has after the first pass. With Google a save link is signed, which is one RSA signature.
- Not changed: `update` to the same value. It reads; nothing is committed, pushed or asked of Google, which the tests count.
- The push is a `Recorder`, and Google answers within the process, at once: what is measured is what the issuer and the store cost. Google itself grants 20 \
requests a second; where more is changed, Google's part waits in the store.
- The bare read and commit is what no change can do without: the pass is read, and the next version committed with its event. The costs in microseconds are \
those of this process with the threads of its stores; the server of PostgreSQL has costs of its own.
- To the phone: everything over loopback, in this process. APNs is the fake one with HTTP/2 and TLS; the phone asks for the list, fetches the package, which is \
signed then, judges it as Wallet does and shows it. It holds one pass, in a store of the fewest.
- Rounds of all figures in turn, 80 milliseconds each; the median of seven and the quartiles. Sixty changes go to the phone in each round.
- A flat curve has 1.00 in the last column.
";
