//! Passes by the issuer: on both wallets, over each store, against a phone, a fake APNs and a fake Google.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod child;
mod counting;
mod crash;
mod events;
mod holders;
mod matrix;
mod mortal;
mod nodes;
mod notices;
mod outage;
mod pictures;
mod rules;
mod stage;
mod stores;
mod template_job;
mod templates;
mod tenants;
mod verbs;
mod watched;
mod withdrawn;
