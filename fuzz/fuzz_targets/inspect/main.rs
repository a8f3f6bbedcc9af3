//! Any bytes are inspected within bounds, and what was read is imported and drawn again.
//!
//! Packages are mutated from within: a member changes and the archive is put together again, so that what lies behind the archive
//! is reached: JSON, signature, certificates, translations, pictures.
#![no_main]

mod archive;

use std::sync::{Arc, LazyLock};

use chrono::{DateTime, Utc};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use walletpass_apple::inspect::{Inspector, Roots};
use walletpass_core::lint::apple::Files;
use walletpass_core::port::Clock;
use walletpass_core::{import, projection};

fuzz_target!(|bytes: &[u8]| {
    let Ok(inspection) = INSPECTOR.inspect(bytes) else { return };
    assert!(inspection.findings.len() < 1_000);
    for inspected in &inspection.passes {
        assert!(inspected.findings.len() < 2_000);
        let Some(pass) = &inspected.pass_json else { continue };
        let files: Files<'_> = inspected.files.iter().map(|(name, data)| (name.as_str(), data.as_ref())).collect();
        let Ok(imported) = import::apple(pass, &files) else { continue };
        let _ = projection::google(&imported.pass, NOW.0);
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    archive::mutate(data, size, max_size, seed)
});

/// A clock that stands, so that a crash can be had again.
#[derive(Debug)]
struct Stopped(DateTime<Utc>);

impl Clock for Stopped {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

static NOW: LazyLock<Stopped> = LazyLock::new(|| Stopped("2027-01-01T00:00:00Z".parse().expect("a date")));
static INSPECTOR: LazyLock<Inspector> = LazyLock::new(|| {
    let root = include_bytes!("../../../walletpass-apple/tests/foreign/root.pem");
    let roots = Roots::apple().with(root).expect("a certificate");
    Inspector::new().roots(roots).clock(Arc::new(Stopped(NOW.0)))
});
