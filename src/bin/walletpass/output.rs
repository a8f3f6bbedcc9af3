//! What a command says, and files that are whole or not there.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;

use serde_json::Value;
use walletpass::model::lint::Severity;
use walletpass::{Finding, Report};

use crate::failure::Failure;

/// The result of a command, for people and for programs.
#[derive(Debug)]
pub(crate) struct Output {
    /// Text for people.
    pub(crate) text: String,
    /// The same for programs.
    pub(crate) json: Value,
    /// Whether there is no error among the findings.
    pub(crate) clean: bool,
}

impl Output {
    /// Writes one of the two to stdout. A reader that has gone away (`| head`) is no failure.
    pub(crate) fn print(self, json: bool) -> Result<ExitCode, Failure> {
        let mut text = if json { pretty(&self.json)? } else { self.text };
        if !text.ends_with('\n') {
            text.push('\n');
        }
        let mut stdout = io::stdout().lock();
        match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::from(error)),
            _ => Ok(ExitCode::from(u8::from(!self.clean))),
        }
    }
}

/// Lists findings for people, and counts them.
pub(crate) fn listed(findings: &[Finding]) -> String {
    let lines: String = findings.iter().map(|finding| format!("{finding}\n")).collect();
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let counted = |count: usize, noun: &str| match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    };
    if findings.is_empty() {
        return "nothing found".to_owned();
    }
    format!("{lines}{}, {}", counted(errors, "error"), counted(findings.len() - errors, "warning"))
}

/// Says which of Apple's newer looks a pass has, or what it misses for one; a line each.
pub(crate) fn looks(report: &Report) -> String {
    report.looks.iter().map(|look| format!("{look}\n")).collect()
}

/// Says which facts a wallet does not show, and why; a line each.
pub(crate) fn lost(report: &Report) -> String {
    report.lost().map(|placement| format!("not shown: {}: {}\n", placement.fact, placement.notes.join("; "))).collect()
}

/// Makes the control characters of a text that somebody else wrote visible, so that it cannot command a terminal.
pub(crate) fn tame(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { char::REPLACEMENT_CHARACTER } else { letter }).collect()
}

/// Says whether none of the findings is an error.
pub(crate) fn is_clean(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.severity == Severity::Warning)
}

pub(crate) fn pretty(json: &Value) -> Result<String, Failure> {
    Ok(serde_json::to_string_pretty(json)?)
}

/// Writes a file so that it is there as a whole or as it was: beside its place, then moved there.
///
/// A link to a file is followed, and a file keeps its permissions. A device or pipe is refused, for what is moved onto it would
/// take its place.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let there = fs::canonicalize(path);
    let path = there.as_deref().unwrap_or(path);
    let found = fs::metadata(path).ok();
    if found.as_ref().is_some_and(|found| !found.is_file()) {
        return Err(Failure::of(path, "this is a folder or device; give the name of a file"));
    }
    let name = path.file_name().ok_or_else(|| Failure::of(path, "this is no name of a file"))?;
    let mut beside = OsString::from(".");
    beside.push(name);
    beside.push(format!(".{}.part", std::process::id()));
    let beside = path.with_file_name(beside);
    let written = OpenOptions::new().write(true).create_new(true).open(&beside).and_then(|mut file: File| {
        if let Some(found) = &found {
            file.set_permissions(found.permissions())?;
        }
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.and_then(|()| fs::rename(&beside, path)).map_err(|error| {
        // What was begun goes; that it may never have been there is no matter.
        let _ = fs::remove_file(&beside);
        Failure::of(path, format!("cannot be written: {error}"))
    })
}
