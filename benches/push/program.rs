//! A process that answers a line of JSON with one.

use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

pub(crate) struct Program {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

impl Program {
    pub(crate) fn start(command: &mut Command) -> Result<Self, Box<dyn Error>> {
        let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = started.map_err(|error| format!("{command:?}: {error}"))?;
        let (stdin, stdout) = (child.stdin.take().expect("it is piped"), child.stdout.take().expect("it is piped"));
        Ok(Self { child, stdin, stdout: BufReader::new(stdout) })
    }

    /// Starts this program in another role.
    pub(crate) fn role(role: &str) -> Result<Self, Box<dyn Error>> {
        Self::start(Command::new(std::env::current_exe()?).args(["--role", role]))
    }

    pub(crate) fn ask(&mut self, question: &Value) -> Result<Value, Box<dyn Error>> {
        writeln!(self.stdin, "{question}")?;
        let mut line = String::new();
        self.stdout.read_line(&mut line)?;
        Ok(serde_json::from_str(&line)?)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
