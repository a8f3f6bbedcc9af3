//! Where it was measured.

use std::fmt;
use std::fs;
use std::process::Command;
use std::thread::available_parallelism;

use walletpass::model::port::{Clock, SystemClock};

/// The machine and the versions of what runs on it.
#[derive(Debug)]
pub struct Machine {
    date: String,
    cpu: String,
    cores: usize,
    system: String,
    rustc: String,
    openssl: String,
}

impl Machine {
    /// Looks around; what cannot be told is "unknown".
    pub fn look() -> Self {
        let unknown = || "unknown".to_owned();
        let line = |file: &str, key: &str| {
            let text = fs::read_to_string(file).ok()?;
            let line = text.lines().find_map(|line| line.strip_prefix(key))?;
            Some(line.trim_start_matches([' ', '\t', ':', '=']).trim_matches('"').to_owned())
        };
        let rustc = Command::new("rustc").arg("--version").output().ok();
        let rustc = rustc.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
        Self {
            date: SystemClock.now().format("%Y-%m-%d").to_string(),
            cpu: line("/proc/cpuinfo", "model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned()),
            cores: available_parallelism().map_or(1, usize::from),
            system: line("/etc/os-release", "PRETTY_NAME").unwrap_or_else(|| std::env::consts::OS.to_owned()),
            rustc: rustc.filter(|version| !version.is_empty()).unwrap_or_else(unknown),
            openssl: openssl::version::version().to_owned(),
        }
    }
}

/// A table, as Markdown.
impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { date, cpu, cores, system, rustc, openssl } = self;
        let version = env!("CARGO_PKG_VERSION");
        write!(
            f,
            "| | |\n|---|---|\n\
             | date | {date} |\n\
             | machine | {cpu}, {cores} cores, {system} |\n\
             | versions | walletpass {version}; {rustc}; {openssl}, built from source |\n"
        )
    }
}
