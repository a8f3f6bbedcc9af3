//! Any bytes are the key file of a service account or are refused, by the loader and the doctor alike.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use walletpass_core::IssuerId;
use walletpass_google::{Account, Diagnosis};

fuzz_target!(|bytes: &[u8]| {
    let loaded = Account::from_json(bytes, ISSUER.clone());
    let diagnosis = Diagnosis::of_key_file(bytes, ISSUER.as_str());
    let told = match &loaded {
        Ok(account) => format!("{account:?}"),
        Err(error) => format!("{error:?} {error}"),
    };
    let told = format!("{told} {diagnosis} {diagnosis:?}");
    assert!(!told.contains("MIIE"), "key material is told");
});

static ISSUER: LazyLock<IssuerId> = LazyLock::new(|| "3388000000000000001".parse().unwrap());
