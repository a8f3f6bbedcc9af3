//! What a phone writes down, in the words of iOS, and sends to the server.

use std::collections::BTreeSet;
use std::fmt;

use http::Method;
use serde_json::json;

use super::wire::Ask;
use super::{Iphone, Name};

/// A line for the server of a pass.
pub(super) struct Line {
    pub(super) base: String,
    pub(super) text: String,
    pub(super) is_sent: bool,
}

/// What a phone is doing.
pub(super) enum Task<'a> {
    Fetch { name: &'a Name, since: Option<&'a str> },
    List { pass_type: &'a str, tag: Option<&'a str> },
    Register { name: &'a Name },
    Unregister { name: &'a Name },
    WebService { pass_type: &'a str },
}

/// How bad it is.
#[derive(Clone, Copy)]
pub(super) enum Grade {
    Error,
    Warning,
}

impl Iphone {
    /// Gives the lines that the phone logged so far, those that were sent and those that were not. They name the device.
    pub fn log(&self) -> Vec<&str> {
        self.log.iter().map(|line| line.text.as_str()).collect()
    }

    /// Sends the lines that were logged and not sent yet, each to the server of its pass. Whatever the phone does, it does this afterwards;
    /// calling it is for lines that no server took before.
    pub async fn send_log(&mut self) {
        let bases: BTreeSet<String> =
            self.log.iter().filter(|line| !line.is_sent).map(|line| line.base.clone()).collect();
        for base in bases {
            let mine = self.log.iter().filter(|line| !line.is_sent && line.base == base);
            let lines: Vec<&str> = mine.map(|line| line.text.as_str()).collect();
            let ask = Ask::new(Method::POST, &base, &["v1", "log"]).with_body(json!({ "logs": lines }));
            let Some(answer) = self.exchange(&ask).await else { continue };
            if answer.status() == 200 {
                self.log.iter_mut().filter(|line| line.base == base).for_each(|line| line.is_sent = true);
            } else {
                let _ = self.unexpected(&ask, &answer, false, "200");
            }
        }
    }

    /// Writes a line.
    pub(super) fn note(&mut self, base: &str, task: &Task<'_>, grade: Grade, what: &str) {
        let device = &self.device;
        let doing = match task {
            Task::Fetch { name: (pass_type, serial), since } => {
                let since = since.map_or("(null)".to_owned(), |since| format!("({since})"));
                format!("Get pass task (pass type {pass_type}, serial number {serial}, if-modified-since {since}")
            }
            Task::List { pass_type, tag } => {
                let tag = tag.unwrap_or("(null)");
                format!("Get serial #s task (for device {device}, pass type {pass_type}, last updated {tag}")
            }
            Task::Register { name: (pass_type, serial) } => {
                format!("Register task (for device {device}, pass type {pass_type}, serial number {serial}")
            }
            Task::Unregister { name: (pass_type, serial) } => {
                format!("Unregister task (for device {device}, pass type {pass_type}, serial number {serial}")
            }
            Task::WebService { pass_type } => format!("Web service error for {pass_type}"),
        };
        let now = self.clock.now().format("%Y-%m-%d %H:%M:%S +0000");
        let text = match task {
            Task::WebService { .. } => format!("[{now}] {doing} ({base}): {what}"),
            _ => format!("[{now}] {doing}; with web service url {base}) encountered {grade}: {what}"),
        };
        self.log.push(Line { base: base.to_owned(), text, is_sent: false });
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}
