//! The members: a CSV file, read row by row.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use csv::{ByteRecord, Reader, ReaderBuilder, Writer};
use walletpass::model::Serial;

use super::index::{Index, Known};
use super::options::Options;
use super::{Stop, Trouble};

/// What a pass is made of.
pub(crate) struct Member {
    pub(crate) serial: Serial,
    pub(crate) name: String,
    pub(crate) points: i64,
    pub(crate) tier: String,
    pub(crate) number: String,
}

/// A row that is in order, and what the journal knows of its serial.
pub(crate) struct Row {
    pub(crate) member: Member,
    pub(crate) known: Known,
}

/// The rows of a file, one at a time.
pub(crate) struct Rows {
    reader: Reader<Bounded>,
    /// Where each of [`COLUMNS`] stands.
    columns: [usize; COLUMNS.len()],
    width: usize,
    index: Index,
    number: u64,
    total: u64,
}

impl Rows {
    pub(crate) fn open(csv: &Path, total: u64, index: Index) -> Result<Self, Stop> {
        let mut reader = open(csv)?;
        let names: Vec<_> = reader.byte_headers()?.iter().map(String::from_utf8_lossy).collect();
        let mut columns = [0; COLUMNS.len()];
        for (place, column) in columns.iter_mut().zip(COLUMNS) {
            let mut places = (0..names.len()).filter(|place| names.get(*place).is_some_and(|name| name == column));
            *place = match (places.next(), places.next()) {
                (Some(place), None) => place,
                (found, _) => {
                    let wrong = if found.is_some() { "more than one column" } else { "no column" };
                    let (file, wanted, found) = (csv.display(), COLUMNS.join(","), short(&names.join(",")));
                    return Err(format!(
                        "{file}: there is {wrong} `{column}`: its first line is {found:?}, let it be {wanted}"
                    )
                    .into());
                }
            };
        }
        let width = names.len();
        Ok(Self { reader, columns, width, index, number: 0, total })
    }

    /// Reads the next row, and says where it stands. Rows count from 1, without the line of the names.
    pub(crate) fn next(&mut self) -> Option<(String, Result<Row, Trouble>)> {
        if self.number >= self.total {
            return None;
        }
        self.number += 1;
        let mut record = ByteRecord::new();
        let row = read(&mut self.reader, &mut record).map_err(Trouble::from).and_then(|_| self.row(&record));
        let line = record.position().map_or(0, csv::Position::line);
        let [serial, ..] = self.columns.map(|column| record.get(column).unwrap_or_default());
        let serial = short(&String::from_utf8_lossy(serial));
        Some((format!("row {} (line {line}), serial {serial:?}", self.number), row))
    }

    fn row(&mut self, record: &ByteRecord) -> Result<Row, Trouble> {
        let member = self.member(record)?;
        let known = self.index.update(member.serial.as_str(), |known| known.row = self.number)?;
        match known.row {
            0 => Ok(Row { member, known }),
            first => Err(Trouble::Row(format!(
                "column `serial`: it stands in row {first} already: give each pass a serial of its own"
            ))),
        }
    }

    fn member(&self, record: &ByteRecord) -> Result<Member, Trouble> {
        let (cells, width) = (record.len(), self.width);
        if cells != width {
            let mend = "put a cell that holds a comma between quotes";
            return Err(Trouble::Row(format!("it has {cells} cells, and the first line {width}: {mend}")));
        }
        let cell = |(place, column)| {
            let cell = String::from_utf8(record.get(place).unwrap_or_default().to_vec());
            cell.map_err(|_| Trouble::Row(format!("column `{column}`: it is no UTF-8: save the file as UTF-8")))
        };
        let mut cells = self.columns.into_iter().zip(COLUMNS).map(cell);
        let mut next = || cells.next().unwrap_or(Ok(String::new()));
        let (serial, name, points, tier, number) = (next()?, next()?, next()?, next()?, next()?);
        let serial = serial.parse().map_err(|error| Trouble::Row(format!("column `serial`: {error}")))?;
        let points = points.parse().map_err(|_| {
            let points = short(&points);
            Trouble::Row(format!("column `points`: {points:?} is no whole number: write digits alone, as in 2450"))
        })?;
        Ok(Member { serial, name, points, tier, number })
    }
}

/// Counts the rows, as far as they are wanted.
pub(crate) fn count(csv: &Path, wanted: Option<u64>) -> Result<u64, Stop> {
    let wanted = wanted.unwrap_or(u64::MAX);
    let (mut reader, mut record, mut rows) = (open(csv)?, ByteRecord::new(), 0);
    while rows < wanted && read(&mut reader, &mut record)? {
        rows += 1;
    }
    Ok(rows)
}

/// Gives the file of members; makes them up, the same each time, where none is given.
pub(crate) fn file(options: &Options) -> Result<PathBuf, Stop> {
    if let Some(csv) = &options.csv {
        return Ok(csv.clone());
    }
    let rows = options.rows.unwrap_or(ROWS);
    let csv = options.out.join(format!("members-{rows}.csv"));
    if csv.exists() {
        return Ok(csv);
    }
    let unfinished = csv.with_extension("partial");
    let mut writer = Writer::from_path(&unfinished)?;
    writer.write_record(COLUMNS)?;
    for row in 1..=rows {
        let pick = |from: &[&'static str], by| {
            from.iter().cycle().nth((row / by) as usize % from.len()).copied().unwrap_or_default()
        };
        let name = format!("{} {}", pick(&GIVEN, 1), pick(&FAMILY, 8));
        let points = row * 7919 % 5000;
        let tier = pick(&["Bronze", "Silver", "Gold", "Gold"], 1);
        writer.write_record([
            format!("member-{row:07}"),
            name,
            points.to_string(),
            tier.into(),
            format!("{row:07}"),
        ])?;
    }
    writer.flush()?;
    fs::rename(unfinished, &csv)?;
    Ok(csv)
}

fn open(csv: &Path) -> Result<Reader<Bounded>, Stop> {
    let file = File::open(csv).map_err(|error| format!("{}: {error}", csv.display()))?;
    Ok(ReaderBuilder::new().flexible(true).from_reader(Bounded { file, left: LONGEST }))
}

fn read(reader: &mut Reader<Bounded>, record: &mut ByteRecord) -> Result<bool, csv::Error> {
    reader.get_mut().left = LONGEST;
    reader.read_byte_record(record)
}

/// Gives the beginning of a text that may be long.
fn short(text: &str) -> String {
    text.chars().take(128).collect()
}

/// A file of which so many bytes may be read for one row: a quote that is never closed makes a row of all that follows.
struct Bounded {
    file: File,
    left: usize,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::Error::other("a row of the CSV is over 1 MB: probably a quote in it is not closed"));
        }
        let read = self.file.read(buffer)?;
        self.left = self.left.saturating_sub(read);
        Ok(read)
    }
}

const COLUMNS: [&str; 5] = ["serial", "name", "points", "tier", "number"];
const ROWS: u64 = 10_000;
const LONGEST: usize = 1 << 20;
const GIVEN: [&str; 8] = ["Ada", "Björn", "Chloé", "Dilnoza", "Emeka", "Fatma", "Giulia", "Haruka"];
const FAMILY: [&str; 8] = ["Almeida", "Brown", "Costa", "Dvořák", "Eze", "Ferreira", "García", "Hayashi"];
