//! What others reach, as `benches/peers/run` measured it.

use std::error::Error;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde_json::Value;

/// The peers' table.
#[derive(Debug)]
pub(crate) struct Peers {
    pub(crate) date: String,
    pub(crate) machine: String,
    pub(crate) rows: Vec<Peer>,
}

/// One generator.
#[derive(Clone, Debug)]
pub(crate) struct Peer {
    /// `pkpass` or `save-link`.
    pub(crate) what: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) language: String,
    pub(crate) use_: String,
    pub(crate) per_second: f64,
    pub(crate) bare_per_second: f64,
    pub(crate) share: f64,
}

impl Peers {
    /// Reads the table, if it is there.
    pub(crate) fn read(file: &Path) -> Result<Option<Self>, Box<dyn Error>> {
        let json: Value = match fs::read(file) {
            Ok(bytes) => serde_json::from_slice(&bytes)?,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let rows =
            json.get("rows").and_then(Value::as_array).ok_or("results.json has no rows: run benches/peers/run")?;
        let row = |row: &Value| {
            let number = |key: &str| row.get(key).and_then(Value::as_f64);
            Some(Peer {
                what: text(row, "what"),
                name: text(row, "name"),
                version: text(row, "version"),
                language: text(row, "language"),
                use_: text(row, "use"),
                per_second: number("per_second")?,
                bare_per_second: number("bare_per_second")?,
                share: number("share")?,
            })
        };
        let rows: Option<Vec<Peer>> = rows.iter().map(row).collect();
        let rows =
            rows.ok_or("a row of results.json lacks per_second, bare_per_second or share: run benches/peers/run")?;
        Ok(Some(Self { date: text(&json, "date"), machine: text(&json, "machine"), rows }))
    }

    /// Gives the rows of one thing, the fastest first.
    pub(crate) fn of(&self, what: &str) -> Vec<&Peer> {
        let mut rows: Vec<&Peer> = self.rows.iter().filter(|row| row.what == what).collect();
        rows.sort_by(|one, other| other.share.total_cmp(&one.share));
        rows
    }

    /// Gives how many packages are made here for one of the fastest that `is_meant` picks.
    pub(crate) fn lead(&self, is_meant: impl Fn(&str) -> bool) -> Option<f64> {
        let rows = self.of("pkpass");
        let own = rows.iter().find(|row| row.name == OURS)?.per_second;
        let others = rows.iter().filter(|row| row.name != OURS && is_meant(&row.name)).map(|row| row.per_second);
        others.max_by(f64::total_cmp).map(|theirs| own / theirs)
    }
}

/// The name of our own row.
pub(crate) const OURS: &str = "walletpass";

fn text(json: &Value, key: &str) -> String {
    json.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}
