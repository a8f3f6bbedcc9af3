//! `walletpass schema`.

use clap::Args;
use walletpass::Pass;

use crate::failure::Failure;
use crate::output::{Output, pretty};

/// Print the JSON Schema (draft 2020-12) of a pass in walletpass's own JSON.
#[derive(Args)]
pub(crate) struct Schema {}

impl Schema {
    pub(crate) fn run(&self) -> Result<Output, Failure> {
        let json = serde_json::to_value(Pass::schema())?;
        Ok(Output { text: pretty(&json)?, json, clean: true })
    }
}
