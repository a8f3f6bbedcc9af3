//! Any bytes are credentials or are refused, as P12 and as PEM, and no error shows the passphrase.
#![no_main]

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use libfuzzer_sys::fuzz_target;
use walletpass_apple::{Diagnosis, Error, Identity};
use walletpass_core::Secret;

fuzz_target!(|bytes: &[u8]| {
    // One or the other: with a million rounds of hashing each takes seconds.
    if bytes.len() % 4 > 1 {
        let diagnosis = Diagnosis::of_p12(bytes, &PASSPHRASE, &[bytes], NOW);
        assert!(!format!("{diagnosis} {diagnosis:?}").contains(PASSPHRASE.expose().as_str()), "the passphrase is told");
        let diagnosis = Diagnosis::of_pem(bytes, Some(bytes), Some(&PASSPHRASE), &[], NOW);
        assert!(!format!("{diagnosis} {diagnosis:?}").contains(PASSPHRASE.expose().as_str()), "the passphrase is told");
        return;
    }
    let intermediates: &[&[u8]] = if bytes.len().is_multiple_of(2) { &[] } else { &[bytes] };
    if let Err(error) = Identity::from_p12(bytes, &PASSPHRASE, intermediates) {
        check(&error);
    }
    for passphrase in [None, Some(&*PASSPHRASE)] {
        if let Err(error) = Identity::from_pem(bytes, bytes, passphrase, &[]) {
            check(&error);
        }
    }
});

fn check(error: &Error) {
    let mut told = format!("{error:?}");
    let mut next: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = next {
        told.push_str(&error.to_string());
        next = error.source();
    }
    assert!(!told.contains(PASSPHRASE.expose().as_str()), "the passphrase is told");
}

/// An instant that stands, so that a crash can be had again.
const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

/// The one of `walletpass_testkit::Credentials`, with which the seeds are encrypted.
static PASSPHRASE: LazyLock<Secret<String>> = LazyLock::new(|| Secret::from("correct horse"));
