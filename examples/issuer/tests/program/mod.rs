//! An example as a program of its own.

use std::path::PathBuf;
use std::process::Command;

/// Runs an example, and gives what it prints.
pub(crate) fn run(example: &str, environment: &[(&str, &str)]) -> String {
    let mut program: PathBuf = std::env::current_exe().unwrap();
    program.pop(); // deps
    program.pop();
    let program = program.join("examples").join(example);
    let output = Command::new(&program).envs(environment.iter().copied()).output();
    let output = output.unwrap_or_else(|error| {
        panic!("{}: {error}: `cargo test` builds it, `cargo test --test` does not", program.display())
    });
    let (printed, errors) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{}:\n{printed}{errors}", output.status);
    printed
}
