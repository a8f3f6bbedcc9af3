//! Our client against a server, and clients against our fake APNs, that none of us wrote.
//!
//! Wants node, curl with HTTP/2, and a Python with what `requirements.txt` names: `export WALLETPASS_PYTHON=$(.ci/strangers)`. What is
//! missing is a failure.

#![allow(
    clippy::disallowed_methods, // where the programs of others are, the environment says
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod aioapns;
mod curl;
mod node;
#[path = "../office/mod.rs"]
mod office;
mod program;
