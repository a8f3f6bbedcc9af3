//! The command-line tool: reads files, calls the library, prints what came of it.
//!
//! One file for each command. Exit codes: 0 clean (warnings allowed), 1 findings of severity error, 2 unreadable input or wrong
//! usage.

mod credentials;
mod doctor;
mod failure;
mod files;
mod import;
mod inspect;
mod lint;
mod output;
mod rules;
mod schema;
mod sign;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::failure::Failure;
use crate::output::Output;

/// Signs and judges passes for Apple Wallet and Google Wallet, and says what is wrong and how to mend it.
#[derive(Parser)]
#[command(version, after_help = EXIT_CODES)]
struct Args {
    /// Print one JSON document for programs instead of text for people.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Doctor(doctor::Doctor),
    Import(import::Import),
    Inspect(inspect::Inspect),
    Lint(lint::Lint),
    Rules(rules::Rules),
    Schema(schema::Schema),
    Sign(sign::Sign),
}

impl Command {
    fn run(&self) -> Result<Output, Failure> {
        match self {
            Self::Doctor(command) => command.run(),
            Self::Import(command) => command.run(),
            Self::Inspect(command) => command.run(),
            Self::Lint(command) => command.run(),
            Self::Rules(command) => command.run(),
            Self::Schema(command) => command.run(),
            Self::Sign(command) => command.run(),
        }
    }
}

fn main() -> ExitCode {
    let args = Args::parse();
    match args.command.run().and_then(|output| output.print(args.json)) {
        Ok(code) => code,
        Err(failure) => failure.print(args.json),
    }
}

const EXIT_CODES: &str =
    "Exit codes: 0 clean (warnings allowed), 1 findings of severity error, 2 unreadable input or wrong usage.";
