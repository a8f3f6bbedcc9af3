//! The store in PostgreSQL: the contract, several nodes, crashes, and what is asked of the server.
//!
//! Wants a server: `export WALLETPASS_POSTGRES_URL=$(.ci/postgres start /tmp/walletpass-postgres)`, and afterwards
//! `.ci/postgres stop /tmp/walletpass-postgres`.

mod conformance;
mod connections;
mod crash;
mod indices;
mod nodes;
mod scratch;
mod shop;
