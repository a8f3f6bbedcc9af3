//! The tables, as Markdown.

use std::fmt::Write;

use walletpass_benches::{Figure, Machine, table};

use crate::bar;
use crate::measured::{Allocations, BATCH, Measured};
use crate::peers::Peers;

/// Writes the whole page.
pub(crate) fn page(machine: &Machine, tables: &str) -> String {
    format!(
        "# What a pass costs\n\n\
         Written by a program, never by hand: {COMMAND}\n\n\
         {machine}\n\
         ![Share of the bare signature's rate](results.svg)\n\n\
         {tables}\n\
         ## How it is measured\n\n{HOW}"
    )
}

/// Writes all tables.
pub(crate) fn tables(measured: &Measured, peers: Option<&Peers>) -> String {
    let mut sections = vec![bars(measured, peers), base_lines(measured), stages(measured), kinds(measured)];
    sections.extend(peers.map(peers_table));
    sections.join("\n")
}

fn bars(measured: &Measured, peers: Option<&Peers>) -> String {
    let rows = bar::lines(measured, peers).into_iter().map(|line| {
        let verdict = match line.is_met {
            Some(true) => "met",
            Some(false) => "**missed**",
            None => "",
        };
        vec![line.what, line.bar.to_owned(), line.found, verdict.to_owned()]
    });
    table("Against the bar", &["what", "bar", "median (quartiles)", ""], rows)
}

fn base_lines(measured: &Measured) -> String {
    let Measured { cores, on_one, on_all, on_curve, slow, .. } = measured;
    let row = |what: &str, figures: &[Figure], name: &str, threads: usize| {
        let figure = figures.iter().find(|figure| figure.name == name)?;
        let rate = figure.seconds.inverse().shown(threads as f64, 0);
        let share = if name == "bare" { "1".to_owned() } else { figure.share.shown(1.0, 3) };
        Some(vec![what.to_owned(), figure.seconds.shown(1e6, 1), rate, share])
    };
    let on_cores = format!(", {cores} cores");
    let rows = [
        row("bare RSA-2048 signature", on_one, "bare", 1),
        row("package", on_one, "package", 1),
        row(&format!("the same, {BATCH} drawn up and then {BATCH} signed"), on_one, "batch", 1),
        row("the same in two: a bare signature, then all the rest", on_one, "in two", 1),
        row("save link", on_one, "save link", 1),
        row(&format!("bare RSA-2048 signature{on_cores}"), on_all, "bare", *cores),
        row(&format!("package{on_cores}"), on_all, "package", *cores),
        row(&format!("the same, {BATCH} drawn up and then {BATCH} signed{on_cores}"), on_all, "batch", *cores),
        row("bare P-256 signature", on_curve, "bare", 1),
        row("package with a P-256 identity, beside the bare P-256 signature", on_curve, "package", 1),
        row("first pass, its artwork not prepared yet, RSA-2048", slow, "first pass", 1),
        row("`inspect` of that package, beside the bare RSA-2048 signature", slow, "inspect", 1),
    ];
    let head = ["what", "microseconds of a core", "a second", "share of the bare rate"];
    table("Beside the bare signature", &head, rows.into_iter().flatten())
}

/// The stages, each alone. Those that cannot be run alone are what remains of a larger one.
fn stages(measured: &Measured) -> String {
    let cost = |name: &str| measured.piece(name).map(|(figure, fresh)| Cost::of(figure, fresh));
    let rest = |whole: Option<Cost>, parts: [Option<Cost>; 2]| {
        parts.into_iter().flatten().fold(whole, |rest, part| rest.map(|rest| rest.without(part)))
    };
    let (drawn, lint, pass_json) = (cost("stage drawn"), cost("stage lint"), cost("stage pass.json"));
    let (laid_out, cms, signed) = (cost("stage laid out"), cost("stage CMS"), cost("stage signed"));
    let rows = [
        ("projection", rest(drawn, [lint, None])),
        ("lint", lint),
        ("`pass.json`", pass_json),
        ("digests, manifest, lint of the files, their part of the archive", rest(laid_out, [drawn, pass_json])),
        ("CMS", cms),
        ("end of the archive", rest(signed, [cms, None])),
        ("package, all of it", cost("package loyalty")),
        ("save link, all of it", cost("save link loyalty")),
    ];
    let bare = measured.pieces.first().map_or(f64::NAN, |figure| figure.seconds.median);
    let row = |(what, cost): (&str, Option<Cost>)| cost.map(|cost| cost.row(what, bare));
    table("All that is not the signature", &STAGE, rows.into_iter().filter_map(row))
}

/// What a stage costs, in medians.
#[derive(Clone, Copy)]
struct Cost {
    seconds: f64,
    count: u64,
    bytes: u64,
}

impl Cost {
    fn of(figure: &Figure, fresh: &Allocations) -> Self {
        Self { seconds: figure.seconds.median, count: fresh.count, bytes: fresh.bytes }
    }

    fn without(self, part: Self) -> Self {
        Self {
            seconds: self.seconds - part.seconds,
            count: self.count.saturating_sub(part.count),
            bytes: self.bytes.saturating_sub(part.bytes),
        }
    }

    fn row(self, what: &str, bare: f64) -> Vec<String> {
        let Self { seconds, count, bytes } = self;
        let (micros, part) = (format!("{:.1}", seconds * 1e6), format!("{:.2} %", seconds / bare * 100.0));
        vec![what.to_owned(), micros, part, count.to_string(), bytes.to_string()]
    }
}

fn kinds(measured: &Measured) -> String {
    let named = |name: &String| {
        let what = name.strip_prefix("package ").or_else(|| name.strip_prefix("save link "))?;
        let what = if name.starts_with("package") { format!("{what}, package") } else { format!("{what}, save link") };
        piece(measured, &what, name)
    };
    let rows = measured.pieces.iter().filter_map(|figure| named(&figure.name));
    table("The same for each example", &PIECE, rows)
}

fn peers_table(peers: &Peers) -> String {
    let mut out = String::new();
    for (what, title) in [("pkpass", "Packages, ours and others'"), ("save-link", "Save links, ours and others'")] {
        let rows = peers.of(what).into_iter().map(|row| {
            let name = [row.name.as_str(), &row.version].join(" ");
            let rates = [row.per_second, row.bare_per_second].map(|rate| format!("{rate:.0}"));
            let [own, bare] = rates;
            vec![
                name.trim_end().to_owned(),
                row.language.clone(),
                own,
                bare,
                format!("{:.3}", row.share),
                row.use_.clone(),
            ]
        });
        let head = ["what", "language", "a second", "bare signature", "share", "how it is used"];
        out.push_str(&table(title, &head, rows));
        out.push('\n');
    }
    let Peers { date, machine, .. } = peers;
    // Writing into a string does not fail.
    let _ = writeln!(
        out,
        "One core each, {machine}, {date}; `benches/peers/README.md` tells how, and what is unfair in whose favour."
    );
    out
}

fn piece(measured: &Measured, what: &str, name: &str) -> Option<Vec<String>> {
    let (figure, fresh) = measured.piece(name)?;
    let part = 100.0 / figure.share.median;
    Some(vec![
        what.to_owned(),
        figure.seconds.shown(1e6, 1),
        format!("{part:.2} %"),
        fresh.count.to_string(),
        fresh.bytes.to_string(),
    ])
}

const STAGE: [&str; 5] = ["what", "microseconds", "of a bare RSA-2048 signature", "allocations", "bytes"];

const PIECE: [&str; 5] = ["what", "microseconds (quartiles)", "of a bare RSA-2048 signature", "allocations", "bytes"];

const COMMAND: &str = "`cargo bench -p walletpass-benches --bench summary -- --write`.";

const HOW: &str = "\
- The pass is `examples/passes/loyalty.json`, ten files of 213 KB with its pictures, drawn and linted anew for each package; the \
artwork is prepared before, except in the first pass. Credentials are throw-away.
- The base line is one signature over 107 bytes, as many as a package has signed, by the same key in the same OpenSSL. It is \
measured before and after each figure, in 15 to 45 rounds; a share is the mean of the two by the figure between them. Given are \
the median of the rounds and the quartiles.
- All that is not the signature is measured with a key that returns a stored one, over and over, so from warm caches; between two \
signatures it takes longer, as the shares show. A stage that cannot be run alone is what remains of a larger one, by the medians.
- Allocations are those of Rust, counted in a process of its own, and a buffer that grows counts anew each time. What OpenSSL \
takes from malloc meanwhile, for digests, is not among them.
- Instructions are counted by `.ci/instructions`, which fails when they change by more than 3 %.
- The peers: `benches/peers/run`.
";
