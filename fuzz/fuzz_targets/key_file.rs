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
    if let Some(secret) = secret(bytes) {
        assert!(!told.contains(&secret), "key material is told");
    }
});

/// Gives a part of the private key that stands nowhere else in the file, where it might be told.
fn secret(bytes: &[u8]) -> Option<String> {
    let file: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(bytes).ok()?;
    let secret: String = file.get("private_key")?.as_str()?.chars().skip(40).take(40).collect();
    let is_elsewhere = file
        .iter()
        .any(|(key, value)| key.contains(&secret) || (key != "private_key" && value.to_string().contains(&secret)));
    (secret.chars().count() == 40 && !is_elsewhere).then_some(secret)
}

static ISSUER: LazyLock<IssuerId> = LazyLock::new(|| "3388000000000000001".parse().unwrap());
