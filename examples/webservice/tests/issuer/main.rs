//! Passes by the issuer: on both wallets, over each store, against a phone, a fake APNs and a fake Google.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod counting;
mod events;
mod matrix;
mod mortal;
mod pictures;
mod rules;
mod stage;
mod stores;
mod template_job;
mod templates;
mod tenants;
mod verbs;
