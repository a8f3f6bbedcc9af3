//! The bar, and what reaches it.

use walletpass_benches::Figure;

use crate::measured::{BATCH, Measured};
use crate::peers::Peers;

/// One line of the bar.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) what: String,
    pub(crate) bar: &'static str,
    pub(crate) found: String,
    /// Whether it is reached; `None` where it is measured elsewhere.
    pub(crate) is_met: Option<bool>,
}

/// Compares a run with the bar.
pub(crate) fn lines(measured: &Measured, peers: Option<&Peers>) -> Vec<Line> {
    let Measured { cores, on_one, on_all, on_curve, are_pictures_shared, .. } = measured;
    let line = |what: &str, bar, found: Option<(String, bool)>| {
        let (found, is_met) = found.map_or(("not measured".to_owned(), None), |(found, is_met)| (found, Some(is_met)));
        Line { what: what.to_owned(), bar, found, is_met }
    };
    let share = |figures: &[Figure], name: &str, bar: f64| {
        let figure = figures.iter().find(|figure| figure.name == name)?;
        Some((figure.share.shown(1.0, 3), figure.share.median >= bar))
    };
    let rest = measured.piece("package loyalty");
    let micros = rest.map(|(figure, _)| (figure.seconds.shown(1e6, 1), figure.seconds.median <= 40e-6));
    let fresh = rest.map(|(_, fresh)| {
        (format!("{} in {} allocations", fresh.bytes, fresh.count), fresh.bytes <= 16 * 1024 && *are_pictures_shared)
    });
    let rate = on_curve.iter().find(|figure| figure.name == "package");
    let rate = rate.map(|figure| figure.seconds.inverse()).map(|rate| (rate.shown(1.0, 0), rate.median >= 1e4));
    let lint = measured
        .piece("stage lint")
        .map(|(figure, _)| (format!("{} microseconds of them", figure.seconds.shown(1e6, 1)), true));
    let lead = |is_meant: fn(&str) -> bool, bar: f64| {
        let lead = peers?.lead(is_meant)?;
        Some((format!("{lead:.2}"), lead >= bar))
    };
    vec![
        line("package, one core, of the bare RSA-2048 rate", "0.97", share(on_one, "package", 0.97)),
        line(&format!("the same, {BATCH} drawn up and then {BATCH} signed"), "0.97", share(on_one, "batch", 0.97)),
        line(&format!("package, {cores} cores, of the bare rate on as many"), "0.95", share(on_all, "package", 0.95)),
        line(&format!("the same, {BATCH} at a time, {cores} cores"), "0.95", share(on_all, "batch", 0.95)),
        line("package, all that is not the signature, microseconds", "at most 40", micros),
        line("the same, fresh memory, bytes; pictures shared", "at most 16,384", fresh),
        line("package with a P-256 identity, a second and core", "10,000", rate),
        line("save link, of the bare RSA-2048 rate", "0.98", share(on_one, "save link", 0.98)),
        line("lint", "included above", lint),
        line("packages, one core, for one of the crate `passes`", "1.25", lead(|name| name == PASSES, 1.25)),
        line("packages, one core, for one of the best other peer", "2", lead(|name| name != PASSES, 2.0)),
    ]
}

/// The peer in Rust.
const PASSES: &str = "passes";
