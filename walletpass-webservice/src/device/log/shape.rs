//! The shapes of lines that iOS is known to write.

use chrono::{DateTime, Utc};

use super::{LogTask, Severity};

/// The parts of a line.
pub(super) struct Shape<'a> {
    pub(super) at: Option<DateTime<Utc>>,
    pub(super) task: Option<LogTask>,
    pub(super) device: Option<&'a str>,
    pub(super) pass_type: Option<&'a str>,
    pub(super) serial: Option<&'a str>,
    pub(super) last_updated: Option<&'a str>,
    pub(super) if_modified_since: Option<&'a str>,
    pub(super) url: Option<&'a str>,
    pub(super) severity: Severity,
    pub(super) what: &'a str,
}

impl<'a> Shape<'a> {
    /// Takes a line apart. Each step is a search for a fixed text, so that it takes no longer than the line is long.
    pub(super) fn of(line: &'a str) -> Self {
        let (at, rest) = timed(line).map_or((None, line), |(at, rest)| (Some(at), rest));
        let nothing = Self {
            at,
            task: None,
            device: None,
            pass_type: None,
            serial: None,
            last_updated: None,
            if_modified_since: None,
            url: None,
            severity: Severity::Unknown,
            what: rest,
        };
        match web_service_error(rest, &nothing).or_else(|| task(rest, &nothing)) {
            Some(shape) => shape,
            None => nothing,
        }
    }
}

/// Reads `[2016-08-28 11:57:01 -0400] …`.
fn timed(line: &str) -> Option<(DateTime<Utc>, &str)> {
    let (time, rest) = line.strip_prefix('[')?.split_once("] ")?;
    Some((DateTime::parse_from_str(time, "%Y-%m-%d %H:%M:%S %z").ok()?.to_utc(), rest))
}

/// Reads `Web service error for pass.x (https://…): …`.
fn web_service_error<'a>(rest: &'a str, nothing: &Shape<'a>) -> Option<Shape<'a>> {
    let (pass_type, rest) = rest.strip_prefix("Web service error for ")?.split_once(" (")?;
    let (url, what) = rest.split_once("): ")?;
    Some(Shape {
        task: Some(LogTask::WebService),
        pass_type: Some(pass_type),
        serial: quoted_serial(what),
        url: Some(url),
        severity: Severity::Error,
        what,
        ..*nothing
    })
}

/// Reads `Register task (for device …; with web service url …) encountered error: …` and its like.
fn task<'a>(rest: &'a str, nothing: &Shape<'a>) -> Option<Shape<'a>> {
    let (name, rest) = rest.split_once(" task (")?;
    let (about, severity, what) = match rest.split_once(") encountered error: ") {
        Some((about, what)) => (about, Severity::Error, what),
        None => rest.split_once(") encountered warning: ").map(|(about, what)| (about, Severity::Warning, what))?,
    };
    // The serial number may hold anything, the address no space: hence from the end.
    let (about, url) = about.rsplit_once("; with web service url ")?;
    let shape = Shape { url: Some(url), severity, what, ..*nothing };
    match name {
        "Register" => registration(about, Shape { task: Some(LogTask::Register), ..shape }),
        "Unregister" => registration(about, Shape { task: Some(LogTask::Unregister), ..shape }),
        "Get serial #s" => {
            let (device, about) = about.strip_prefix("for device ")?.split_once(", pass type ")?;
            let (pass_type, tag) = about.split_once(", last updated ")?;
            let (device, pass_type) = (Some(device), Some(pass_type));
            Some(Shape { task: Some(LogTask::List), device, pass_type, last_updated: present(tag), ..shape })
        }
        "Get pass" => {
            let (pass_type, about) = about.strip_prefix("pass type ")?.split_once(", serial number ")?;
            let (serial, date) = about.rsplit_once(", if-modified-since ")?;
            let date = present(date).and_then(|date| present(date.strip_prefix('(')?.strip_suffix(')')?));
            let (pass_type, serial) = (Some(pass_type), Some(serial));
            Some(Shape { task: Some(LogTask::Fetch), pass_type, serial, if_modified_since: date, ..shape })
        }
        _ => None,
    }
}

fn registration<'a>(about: &'a str, shape: Shape<'a>) -> Option<Shape<'a>> {
    let (device, about) = about.strip_prefix("for device ")?.split_once(", pass type ")?;
    let (pass_type, serial) = about.split_once(", serial number ")?;
    Some(Shape { device: Some(device), pass_type: Some(pass_type), serial: Some(serial), ..shape })
}

/// Reads the serial number of `Server requested update to serial number 'X', but …`.
fn quoted_serial(what: &str) -> Option<&str> {
    let (_, rest) = what.split_once("serial number '")?;
    rest.rsplit_once('\'').map(|(serial, _)| serial)
}

/// Says nothing for what Objective-C prints for nothing.
fn present(text: &str) -> Option<&str> {
    Some(text).filter(|text| *text != "(null)")
}
