//! What a run did.

use std::fmt;
use std::fs;
use std::path::PathBuf;

use serde_json::json;

use super::Stop;

/// What came of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) issued: u64,
    pub(crate) done: u64,
    pub(crate) failed: u64,
    /// Passes with a warning, among those issued or done.
    pub(crate) warned: u64,
    /// Of the packages issued, together.
    pub(crate) bytes: u64,
}

pub(crate) struct Report {
    pub(crate) tally: Tally,
    pub(crate) seconds: f64,
    pub(crate) threads: usize,
    /// Packages a second that these threads sign when they do nothing else.
    pub(crate) signing: f64,
    pub(crate) out: PathBuf,
}

impl Report {
    /// Writes `report.json`.
    pub(crate) fn save(&self) -> Result<(), Stop> {
        let Tally { issued, done, failed, warned, bytes } = self.tally;
        let report = json!({
            "rows": issued + done + failed,
            "issued": issued,
            "doneBefore": done,
            "failed": failed,
            "withWarnings": warned,
            "bytes": bytes,
            "seconds": self.seconds,
            "threads": self.threads,
            "issuedPerSecond": self.rate(),
            "signedPerSecondAlone": self.signing,
            "ratio": self.ratio(),
            "peakMemoryKilobytes": peak_memory(),
        });
        let (file, temporary) = (self.out.join("report.json"), self.out.join("report.partial"));
        fs::write(&temporary, format!("{report:#}\n"))?;
        Ok(fs::rename(temporary, file)?)
    }

    fn rate(&self) -> f64 {
        self.tally.issued as f64 / self.seconds
    }

    /// Compares with signing alone; there is nothing to compare where rows were passed over.
    fn ratio(&self) -> Option<f64> {
        (self.tally.done == 0).then(|| self.rate() / self.signing)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally { issued, done, failed, warned, bytes } = self.tally;
        writeln!(
            f,
            "{} rows: {issued} issued, {done} done before, {failed} failed; {warned} with warnings",
            issued + done + failed
        )?;
        let (rate, seconds, threads) = (self.rate(), self.seconds, self.threads);
        let ratio = self.ratio().map(|ratio| format!(", {ratio:.2} of signing alone")).unwrap_or_default();
        writeln!(f, "{rate:.0} issued a second on {threads} threads{ratio}; {seconds:.1} s")?;
        let memory = peak_memory()
            .map_or("not known on this system".into(), |kilobytes| format!("{:.1} MB", kilobytes as f64 / 1024.0));
        writeln!(f, "peak memory {memory}; {:.1} KB a package", bytes as f64 / 1024.0 / issued.max(1) as f64)?;
        write!(f, "All of it is in {}", self.out.display())
    }
}

/// Gives the most memory that was resident so far, in kilobytes, as Linux tells it.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
}
