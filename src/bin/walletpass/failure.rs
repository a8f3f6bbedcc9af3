//! What ends a command without a result.

use std::error::Error;
use std::fmt::{self, Display, Formatter, Write as _};
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use crate::output::Output;

/// Unreadable input or wrong usage, in words for people.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    /// What could be done in spite of it.
    done: Option<Box<Output>>,
}

impl Failure {
    /// Says what is wrong and what to do.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), done: None }
    }

    /// Says what is wrong with a file.
    pub(crate) fn of(path: &Path, message: impl Display) -> Self {
        Self::new(format!("{}: {message}", path.display()))
    }

    /// Says that a file cannot be read or written.
    pub(crate) fn io(path: &Path, error: &io::Error) -> Self {
        Self::of(path, error)
    }

    /// Says which file it is about.
    pub(crate) fn about(self, path: &Path) -> Self {
        Self::of(path, self)
    }

    /// Adds what to do.
    pub(crate) fn hint(mut self, hint: &str) -> Self {
        self.message.push_str("; ");
        self.message.push_str(hint);
        self
    }

    /// Joins two.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.message.push_str("\nerror: ");
        self.message.push_str(&other.message);
        self
    }

    /// Keeps what could be done in spite of it, to be printed first.
    pub(crate) fn after(mut self, done: Output) -> Self {
        self.done = Some(Box::new(done));
        self
    }

    /// Writes what was done to stdout and the message to stderr; for programs one document to stdout that says either.
    pub(crate) fn print(self, json: bool) -> ExitCode {
        // There is nowhere left to say that any of this failed.
        let Self { message, done } = self;
        match done {
            Some(done) if json || !done.text.is_empty() => drop(done.print(json)),
            None if json => drop(writeln!(io::stdout().lock(), "{}", serde_json::json!({ "error": message }))),
            _ => {}
        }
        let _ = writeln!(io::stderr().lock(), "error: {message}");
        ExitCode::from(2)
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// An error of the library, with its causes.
impl<E: Error> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(source) = cause {
            let _ = write!(message, "\n  cause: {source}");
            cause = source.source();
        }
        Self::new(message)
    }
}
