//! `walletpass doctor`.

use clap::Args;
use serde_json::Value;
use walletpass::model::port::{Clock, SystemClock};

use crate::credentials::Credentials;
use crate::failure::Failure;
use crate::output::Output;

/// Say what is wrong with a certificate and its key, part by part, and how to mend it.
///
/// Without --key the certificate alone is examined, for keys in a KMS or HSM.
#[derive(Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    credentials: Credentials,
}

impl Doctor {
    pub(crate) fn run(&self) -> Result<Output, Failure> {
        let diagnosis = self.credentials.read()?.diagnose(SystemClock.now());
        let clean = diagnosis.is_healthy();
        let mut json = serde_json::to_value(&diagnosis)?;
        if let Value::Object(json) = &mut json {
            json.insert("healthy".to_owned(), clean.into());
        }
        Ok(Output { text: diagnosis.to_string(), json, clean })
    }
}
