//! The store in PostgreSQL: the contract, several nodes, crashes, and what is asked of the server.
//!
//! Wants a server: `export WALLETPASS_POSTGRES_URL=$(.ci/postgres start /tmp/walletpass-postgres)`, and afterwards
//! `.ci/postgres stop /tmp/walletpass-postgres`.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod conformance;
mod connections;
mod crash;
mod doubt;
mod indices;
mod nodes;
mod pages;
mod scratch;
mod server;
mod shop;
mod tls;
