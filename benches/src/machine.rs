//! Where it was measured.

use std::fs;
use std::process::Command;
use std::thread::available_parallelism;

use walletpass::model::port::{Clock, SystemClock};

/// The machine and the versions of what runs on it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Machine {
    /// The day, as `2026-12-31`.
    pub date: String,
    /// The name of the processor.
    pub cpu: String,
    /// How many cores there are.
    pub cores: usize,
    /// The name of the operating system.
    pub system: String,
    /// What `rustc --version` says.
    pub rustc: String,
    /// The version of OpenSSL that is linked.
    pub openssl: String,
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
