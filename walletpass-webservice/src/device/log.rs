//! What devices say went wrong.

mod complaint;
mod shape;

use std::fmt;

use chrono::{DateTime, Utc};
use walletpass_core::{PassTypeId, Serial};

use self::shape::Shape;
use crate::DeviceId;

pub use self::complaint::Complaint;

/// What one request says went wrong.
///
/// <https://developer.apple.com/documentation/walletpasses/log-a-message>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "services read it, and their tests make it")]
pub struct Log {
    /// The first [`MAX_LINES`](Log::MAX_LINES) lines.
    pub lines: Vec<LogLine>,
    /// How many more entries there were, and entries that were no text.
    pub dropped: usize,
}

/// A line that a device wrote, in one of the shapes that iOS is known to use, or in none.
///
/// Anybody may send any text here, so it proves nothing. Control characters and marks that turn the direction of writing have become
/// spaces. Debug shows neither the text nor the device.
///
/// ```
/// use walletpass_webservice::device::{Complaint, LogLine, LogTask};
///
/// let line = LogLine::parse(
///     "[2026-11-21 11:57:01 +0000] Get pass task (pass type pass.com.acme.club, serial number 4711, if-modified-since \
///      (Sat, 21 Nov 2026 10:00:00 GMT); with web service url https://acme.com/wallet) encountered error: Unexpected response code 401",
/// );
/// assert_eq!(line.task, Some(LogTask::Fetch));
/// assert_eq!(line.serial, "4711".parse().ok());
/// assert_eq!(line.complaint, Complaint::UnexpectedStatus(401));
/// println!("{}: {}", line.what, line.complaint.mend());
/// ```
/// <https://developer.apple.com/documentation/walletpasses/log-a-message>
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogLine {
    /// The whole line, at most [`MAX_BYTES`](LogLine::MAX_BYTES).
    pub text: String,
    /// How many bytes were cut off.
    pub cut: usize,
    /// When, by the clock of the device.
    pub at: Option<DateTime<Utc>>,
    /// What the device was doing.
    pub task: Option<LogTask>,
    /// Which device.
    pub device: Option<DeviceId>,
    /// Of which pass type.
    pub pass_type: Option<PassTypeId>,
    /// Of which pass.
    pub serial: Option<Serial>,
    /// The tag that the device sent, or meant to send.
    pub last_updated: Option<String>,
    /// The date that the device sent, or meant to send.
    pub if_modified_since: Option<String>,
    /// The `webServiceURL` of the pass.
    pub url: Option<String>,
    /// How bad it is.
    pub severity: Severity,
    /// What went wrong, in the device's words; the whole line if it has no known shape.
    pub what: String,
    /// What went wrong, as far as it is known.
    pub complaint: Complaint,
}

/// What a device was doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogTask {
    /// `Get pass task`.
    Fetch,
    /// `Get serial #s task`.
    List,
    /// `Register task`.
    Register,
    /// `Unregister task`.
    Unregister,
    /// `Web service error`: any other.
    WebService,
}

/// How bad a device finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Severity {
    /// It did not work.
    Error,
    /// The line does not say.
    Unknown,
    /// It worked, and could be better.
    Warning,
}

impl Log {
    /// How many lines are kept.
    pub const MAX_LINES: usize = 1000;
}

impl LogLine {
    /// How many bytes of a line are kept.
    pub const MAX_BYTES: usize = 4096;

    /// Reads a line, whatever it says: what has no known shape is all [`what`](LogLine::what).
    pub fn parse(text: &str) -> Self {
        let kept = text.get(..text.floor_char_boundary(Self::MAX_BYTES)).unwrap_or_default();
        let clean = kept.chars().map(|letter| if is_unruly(letter) { ' ' } else { letter }).collect::<String>();
        let shape = Shape::of(&clean);
        Self {
            cut: text.len() - kept.len(),
            at: shape.at,
            task: shape.task,
            device: shape.device.and_then(|text| text.parse().ok()),
            pass_type: shape.pass_type.and_then(|text| text.parse().ok()),
            serial: shape.serial.and_then(|text| text.parse().ok()),
            last_updated: shape.last_updated.map(str::to_owned),
            if_modified_since: shape.if_modified_since.map(str::to_owned),
            url: shape.url.map(str::to_owned),
            severity: shape.severity,
            what: shape.what.to_owned(),
            complaint: Complaint::of(shape.what),
            text: clean,
        }
    }
}

impl fmt::Debug for LogLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("LogLine");
        shown.field("at", &self.at).field("task", &self.task).field("pass_type", &self.pass_type);
        shown.field("severity", &self.severity).field("complaint", &self.complaint).finish_non_exhaustive()
    }
}

/// Whether a letter may move the cursor, end the line or turn the text around where the line is shown.
///
/// A cleaned letter never takes more bytes, so the limit holds afterwards.
fn is_unruly(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "with web service url https://acme.com/wallet";

    #[test]
    fn the_known_shapes_are_read() {
        let line = LogLine::parse(&format!(
            "[2016-08-28 11:57:01 -0400] Register task (for device d1f2, pass type pass.com.acme.club, serial number a, b (c); {URL}) encountered error: Authentication failure"
        ));
        assert_eq!(line.at, "2016-08-28T15:57:01Z".parse().ok());
        assert_eq!((line.task, line.severity), (Some(LogTask::Register), Severity::Error));
        assert_eq!(line.device.as_ref().map(DeviceId::as_str), Some("d1f2"));
        assert_eq!(line.pass_type, "pass.com.acme.club".parse().ok());
        assert_eq!(line.serial, "a, b (c)".parse().ok());
        assert_eq!(line.url.as_deref(), Some("https://acme.com/wallet"));
        assert_eq!((line.what.as_str(), line.complaint), ("Authentication failure", Complaint::AuthenticationFailure));

        let line = LogLine::parse(&format!(
            "[2016-08-28 11:57:01 -0400] Unregister task (for device d, pass type pass.x, serial number 1; {URL}) encountered error: Unexpected response code 500"
        ));
        assert_eq!((line.task, line.complaint), (Some(LogTask::Unregister), Complaint::UnexpectedStatus(500)));

        for (tag, expected) in [("17", Some("17")), ("(null)", None)] {
            let line = LogLine::parse(&format!(
                "[2016-08-28 11:57:01 -0400] Get serial #s task (for device d, pass type pass.x, last updated {tag}; {URL}) encountered error: lost"
            ));
            assert_eq!((line.task, line.last_updated.as_deref()), (Some(LogTask::List), expected));
            assert_eq!((line.what.as_str(), line.complaint), ("lost", Complaint::Other));
        }

        let date = "Sun, 28 Aug 2016 10:00:00 GMT";
        for (since, expected) in [(date, Some(date)), ("(null)", None)] {
            let line = LogLine::parse(&format!(
                "[2016-08-28 11:57:01 -0400] Get pass task (pass type pass.x, serial number 1, if-modified-since ({since}); {URL}) encountered warning: Server ignored the 'if-modified-since' header ({since}) and returned the full unchanged pass data for serial number '1'."
            ));
            assert_eq!((line.task, line.severity), (Some(LogTask::Fetch), Severity::Warning));
            assert_eq!(line.if_modified_since.as_deref(), expected);
            assert_eq!((line.serial, line.complaint), ("1".parse().ok(), Complaint::IgnoredIfModifiedSince));
        }

        let line = LogLine::parse(
            "[2016-08-28 11:57:01 -0400] Web service error for pass.com.acme.club (https://acme.com/wallet): Server requested update to serial number '4711', but the pass was unchanged.",
        );
        assert_eq!((line.task, line.complaint), (Some(LogTask::WebService), Complaint::UnchangedPass));
        assert_eq!(line.pass_type, "pass.com.acme.club".parse().ok());
        assert_eq!(line.url.as_deref(), Some("https://acme.com/wallet"));
        assert_eq!(line.serial, "4711".parse().ok());
    }

    #[test]
    fn other_lines_are_kept_as_they_are() {
        for text in
            ["", "hello", "[", "[x] Register task (", "Get pass task () encountered error: ", "[2016-13-41 1 1] y"]
        {
            let line = LogLine::parse(text);
            assert_eq!((line.text.as_str(), line.at, line.cut), (text, None, 0), "{text}");
        }
        assert_eq!(LogLine::parse("[noon] oh").what, "[noon] oh");
    }

    #[test]
    fn hostile_lines_are_tamed() {
        let line = LogLine::parse("a\r\nroot: b\u{1b}[2J\u{202e}c\u{2028}d\0");
        assert_eq!(line.text, "a  root: b [2J c d ");
        let line = LogLine::parse(&"ä".repeat(5000));
        assert_eq!((line.text.len(), line.cut), (4096, 10_000 - 4096));
        let line = LogLine::parse(&format!("x{}", "ä".repeat(5000)));
        assert_eq!((line.text.len(), line.cut), (4095, 10_001 - 4095));
        assert!(!format!("{line:?}").contains('ä'));
    }
}
