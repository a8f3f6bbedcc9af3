//! What ends a command without a result.

use std::error::Error;
use std::fmt::{self, Display, Formatter, Write as _};
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

/// Unreadable input or wrong usage, in words for people.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    /// Says what is wrong and what to do.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// Says what is wrong with a file.
    pub(crate) fn of(path: &Path, message: impl Display) -> Self {
        Self(format!("{}: {message}", path.display()))
    }

    /// Says that a file cannot be read or written.
    pub(crate) fn io(path: &Path, error: &io::Error) -> Self {
        Self::of(path, error)
    }

    /// Adds what to do.
    pub(crate) fn hint(mut self, hint: &str) -> Self {
        self.0.push_str("; ");
        self.0.push_str(hint);
        self
    }

    /// Writes the message to stderr.
    pub(crate) fn print(&self) -> ExitCode {
        // There is nowhere left to say that this failed.
        let _ = writeln!(io::stderr().lock(), "error: {}", self.0);
        ExitCode::from(2)
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
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
        Self(message)
    }
}
